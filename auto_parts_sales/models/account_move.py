from odoo import fields, models

COMMISSION_FIELDS = {"state", "date", "invoice_date"}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "parts.commission.button.mixin"]

    # === COMMISSION === #

    _parts_commission_link = "move_id"

    parts_collected_percent = fields.Float(
        string="Collected (%)",
        compute="_compute_parts_collected_percent",
        compute_sudo=True,
        help="Which part of the invoice came in as money, by the company's policy.",
    )

    def _compute_parts_collected_percent(self):
        documents = self.filtered(
            lambda x: x.move_type in ("out_invoice", "out_refund")
        )
        collected = self.env["parts.commission.collected"]
        shares = collected._get_collected_share(documents)
        for move in self:
            move.parts_collected_percent = shares.get(move, 0.0)

    def write(self, vals):
        res = super().write(vals)
        if COMMISSION_FIELDS & vals.keys():
            self._parts_commission_follow("state" in vals)
        return res

    def _parts_commission_follow(self, promise):
        moves = self if promise else self.filtered(lambda move: move.state == "posted")
        self.env["parts.commission.engine"]._follow_moves(moves, promise=promise)

    def _parts_commission_contract_date(self):
        """Return since when an effective contract covers this invoice, or False.

        Asked where plan or company wants a contract. The contract room extends it,
        and calls `parts.commission.engine._follow_documents` when a contract becomes
        effective or ceases to be.

        :rtype: date | False
        """
        self.ensure_one()
        return False
