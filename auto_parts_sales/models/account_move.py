from odoo import fields, models

COMMISSION_FIELDS = {"state", "date", "invoice_date"}


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "parts.commission.button.mixin"]

    # === CONTRACT === #

    parts_contract_id = fields.Many2one(
        comodel_name="parts.contract",
        string="Contract",
        check_company=True,
        index="btree_not_null",
        ondelete="restrict",
    )

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
        if "partner_id" in vals:
            self._parts_credit_follow()
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

    # === CREDIT === #

    def _compute_partner_credit_warning(self):
        """Override: with credit control on, our verdict stands in place of core's."""
        controlled = self.env["res.company"]._parts_controlled_ids("credit")
        if not controlled:
            return super()._compute_partner_credit_warning()
        ours = self.filtered(lambda move: move.company_id.id in controlled)
        for move in ours:
            concerned = move.state == "draft" and move.move_type == "out_invoice"
            move.partner_credit_warning = (
                self.env["parts.credit.verdict"]._warning(
                    move.company_id, move.partner_id
                )
                if concerned
                else ""
            )
        return super(AccountMove, self - ours)._compute_partner_credit_warning()

    def _parts_credit_follow(self):
        # for somebody else now: what its lines hold of orders is counted anew
        if self.env["res.company"]._parts_controlled_ids("credit"):
            orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
            self.env["parts.credit.suspect"]._note(orders)
