from contextlib import contextmanager

from odoo import api, fields, models


class PartsApprovalGrowth(models.Model):
    """A binding document that Odoo itself made grow, let in past its gate.

    A vendor bill, a transfer, a carrier's real price, a repair or a timesheet adds to a
    confirmed order; nobody could wait for an approval there. It is counted, flagged,
    and the owner is told; the next gate stands. Written by the engine alone.
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
    @contextmanager
    def _delivering(self, lines):
        """Flag the orders that what was delivered of ``lines`` makes grow.

        Around Odoo's recomputation of that figure, which no write announces: a
        timesheet or a milestone delivers without touching the order. Orders that are
        being written are compared by who watches over the write.
        """
        watch = self.env["parts.approval.watch"]
        causes = {
            order.sudo(): own[0].product_id
            for order, own in lines.grouped("order_id").items()
            if isinstance(order.id, int)
            and order._parts_controlled()
            and order.sudo()._parts_gate_bound()
            and not watch._is_watched(order)
        }
        before = {order: order._parts_gate_terms() for order in causes}
        yield
        for order, terms_before in before.items():
            terms = order._parts_gate_terms()
            if order._parts_gate_grew(terms_before, terms):
                self.sudo()._flag(order, terms_before, terms, causes[order])

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
            growth.with_context(lang=owner.lang)._tell(document, owner)
        return growth

    def _tell(self, document, owner):
        """Tell the owner, once for as long as he did nothing about the same cause."""
        self.ensure_one()
        summary = self._sentence()
        open_ones = document.activity_ids.filtered(lambda a: a.user_id == owner)
        if summary not in open_ones.mapped("summary"):
            document.activity_schedule(
                "mail.mail_activity_data_warning", user_id=owner.id, summary=summary
            )

    def _sentence(self):
        self.ensure_one()
        return self.env._(
            "%(document)s grew after it was confirmed, by %(cause)s: check it.",
            document=self.document_name,
            cause=self.cause_name,
        )
