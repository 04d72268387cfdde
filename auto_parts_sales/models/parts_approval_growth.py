from odoo import api, fields, models


class PartsApprovalGrowth(models.Model):
    """A binding document that Odoo itself made grow, let in past its gate.

    A vendor bill, a transfer, a carrier's real price or a repair adds to a confirmed
    order; nobody could wait for an approval there. It is counted, flagged, and the
    owner is told; the next gate stands. Written by the engine alone.
    """

    _name = "parts.approval.growth"
    _inherit = ["parts.approval.document.mixin"]
    _description = "Growth Let In"
    _order = "id desc"
    _rec_name = "document_name"

    cause_model = fields.Char(required=True)
    cause_id = fields.Many2oneReference(
        string="Caused by", model_field="cause_model", required=True
    )
    cause_name = fields.Char(string="Cause", required=True)
    amount = fields.Monetary(
        string="Grown by", help="With taxes, in company currency, at the day's rate."
    )
    currency_id = fields.Many2one(comodel_name="res.currency")

    @api.model
    def _flag(self, document, before, after, cause):
        """Record that ``cause`` made ``document`` grow, and tell its owner."""
        amount, currency = document._parts_gate_growth(before, after)
        growth = self.create(
            {
                "company_id": document.company_id.id,
                "res_model": document._name,
                "res_id": document.id,
                "document_name": document.display_name,
                "cause_model": cause._name,
                "cause_id": cause.id,
                "cause_name": cause.sudo().display_name or cause._description,
                "amount": amount,
                "currency_id": currency.id,
            }
        )
        owner = document.user_id if "user_id" in document._fields else None
        if owner and hasattr(document, "activity_schedule"):
            document.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=owner.id,
                summary=growth.with_context(lang=owner.lang)._sentence(),
            )
        return growth

    def _sentence(self):
        self.ensure_one()
        return self.env._(
            "%(document)s grew after it was confirmed, by %(cause)s: check it.",
            document=self.document_name,
            cause=self.cause_name,
        )
