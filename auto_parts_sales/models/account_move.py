from odoo import fields, models

COMMISSION_FIELDS = {"state", "date", "invoice_date"}


class AccountMove(models.Model):
    _inherit = "account.move"

    # === COMMISSION === #

    parts_commission_count = fields.Integer(
        compute="_compute_parts_commission_count",
        groups="auto_parts_sales.group_parts_salesperson,"
        "auto_parts_sales.group_parts_finance,"
        "auto_parts_sales.group_parts_general_manager",
    )

    def _compute_parts_commission_count(self):
        counts = self.env["parts.commission.entry"]._count_by("move_id", self)
        for move in self:
            move.parts_commission_count = counts.get(move.id, 0)

    def write(self, vals):
        res = super().write(vals)
        if "partner_id" in vals:
            self._parts_credit_follow()
        if COMMISSION_FIELDS & vals.keys():
            self._parts_commission_follow("state" in vals)
        return res

    # === CREDIT === #

    def _parts_credit_follow(self):
        # for somebody else now: what its lines hold of orders is counted anew
        if self.env["res.company"]._parts_controlled_ids("confirm"):
            orders = self.sudo().invoice_line_ids.sale_line_ids.order_id
            self.env["parts.credit.suspect"]._note(orders._parts_controlled())

    def action_parts_open_commission(self):
        return self.env["parts.commission.entry"]._get_entries_action(
            [("move_id", "in", self.ids)]
        )

    def _parts_commission_follow(self, promise):
        moves = self if promise else self.filtered(lambda move: move.state == "posted")
        self.env["parts.commission.engine"]._follow_moves(moves, promise=promise)

    # === CREDIT === #

    def _compute_partner_credit_warning(self):
        """Override: with credit control on, our verdict stands in place of core's."""
        controlled = self.env["res.company"]._parts_controlled_ids("confirm")
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
