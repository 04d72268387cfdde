from collections import defaultdict

from odoo import fields, models
from odoo.exceptions import AccessError


class PartsApprovalDocumentMixin(models.AbstractModel):
    """A record about a document (``res_model``, ``res_id``, ``document_name``).

    It is read by whoever can read the document, by any path, and by nobody else.
    """

    _name = "parts.approval.document.mixin"
    _inherit = ["parts.approval.readable.mixin"]
    _description = "Record about a Document"

    company_id = fields.Many2one(comodel_name="res.company", required=True, index=True)
    res_model = fields.Char(string="Document Model", required=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", required=True, index=True
    )
    document_name = fields.Char(required=True)

    def _make_read_error(self, forbidden):
        return AccessError(
            self.env._(
                "You may not read this, as you may not read the documents that it is"
                " about: %(names)s",
                names=", ".join(forbidden.sudo().mapped("document_name")),
            )
        )

    def _readable_ids(self, env):
        # All his companies count, not those he chose for the session: an approver has
        # to find what waits for him wherever he works right now
        env = env(
            context={**env.context, "allowed_company_ids": env.user.company_ids.ids}
        )
        documents = defaultdict(set)
        for record in self:
            documents[record.res_model].add(record.res_id)
        readable = {
            model: set(env[model].browse(ids).exists()._filtered_access("read").ids)
            for model, ids in documents.items()
            if model in env
        }
        return [
            record.id
            for record in self
            if record.res_id in readable.get(record.res_model, ())
        ]
