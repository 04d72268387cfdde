from odoo import api, models


class PartsApprovalPartMixin(models.AbstractModel):
    """What belongs to a request (``approval_id``) is read by who can read that."""

    _name = "parts.approval.part.mixin"
    _description = "Part of an Approval"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation != "read" or not self or self.env.su or result:
            return result
        readable = set(self._readable_part_ids())
        forbidden = self.filtered(lambda part: part.id not in readable)
        if not forbidden:
            return None
        approvals = forbidden.sudo().approval_id
        return forbidden, lambda: approvals._make_read_error(approvals)

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        if self.env.su or bypass_access:
            return super()._search(
                domain, offset, limit, order, bypass_access=True, **kwargs
            )
        query = super()._search(domain, order=order, **kwargs)
        ids = self.browse(query.get_result_ids())._readable_part_ids()
        return self.browse(
            ids[offset : offset + limit] if limit else ids[offset:]
        )._as_query(order)

    def _readable_part_ids(self):
        parts = self.sudo()
        readable = set(parts.approval_id._readable_ids(self.env))
        return [part.id for part in parts if part.approval_id.id in readable]
