from odoo import api, models


class PartsApprovalReadableMixin(models.AbstractModel):
    """A record that is read by who may read something else, and by nobody else.

    By any path, and without a record rule: it holds for searches, counts, groups and
    reads alike. Extend :meth:`_readable_ids` and :meth:`_make_read_error`.
    """

    _name = "parts.approval.readable.mixin"
    _description = "Readable with Something Else"

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if operation != "read" or not self or self.env.su:
            return result
        readable = set(self.sudo()._readable_ids(self.env))
        forbidden = self.filtered(lambda record: record.id not in readable)
        if result:
            forbidden |= result[0]
        if forbidden:
            return forbidden, lambda: self._make_read_error(forbidden)
        return None

    @api.model
    def _search(
        self, domain, offset=0, limit=None, order=None, *, bypass_access=False, **kwargs
    ):
        if self.env.su or bypass_access:
            return super()._search(
                domain, offset, limit, order, bypass_access=True, **kwargs
            )
        # All matches are looked at before the limit applies: a page must not come
        # out short because what is somebody else's lay in between.
        query = super()._search(domain, order=order, **kwargs)
        ids = self.browse(query.get_result_ids()).sudo()._readable_ids(self.env)
        return self.browse(
            ids[offset : offset + limit] if limit else ids[offset:]
        )._as_query(order)

    def _readable_ids(self, env):
        """Return the ids of those that the user of ``env`` may read, in order.

        Called as superuser.
        """
        return self.ids

    def _make_read_error(self, forbidden):
        """Return the AccessError about ``forbidden`` records."""
        raise NotImplementedError
