from odoo import api, models

STATED = {"amount_residual", "amount_residual_currency", "reconciled"}
# Of a posted item Odoo lets these be written, as long as its entry stays balanced
COMMISSION_FACTS = {
    "account_id",
    "amount_currency",
    "balance",
    "credit",
    "currency_id",
    "debit",
    "display_type",
    "product_id",
    "quantity",
    "tax_repartition_line_id",
}


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # === CREDIT === #

    # Drafts of a customer, and matchings that settle nothing: few among all
    _parts_credit_draft_idx = models.Index("(partner_id) WHERE parent_state = 'draft'")
    _parts_credit_void_idx = models.Index(
        "(id) WHERE parent_state <> 'posted' AND matching_number IS NOT NULL"
    )

    def write(self, vals):
        if not STATED.isdisjoint(vals):
            vals = self._parts_without_stated(vals)
        res = super().write(vals)
        if not COMMISSION_FACTS.isdisjoint(vals):
            self._parts_commission_follow(self._parts_commission_posted())
        if "date_maturity" in vals:
            self._parts_commission_follow_due()
        return res

    def _parts_without_stated(self, vals):
        """Return ``vals`` without what Odoo works out from matchings: stated over RPC,
        it would make a debt look settled. Only with credit control on.
        """
        if not self.env["res.company"]._parts_controlled_ids("credit"):
            return vals
        return {name: value for name, value in vals.items() if name not in STATED}

    # === APPROVAL === #

    def _sale_create_reinvoice_sale_line(self):
        # what a vendor bill or an expense adds to an order is let in and flagged
        if not self.env["res.company"]._parts_controlled_ids("confirm"):
            return super()._sale_create_reinvoice_sale_line()
        orders = self.env["sale.order"].union(
            *(order for order in self._sale_determine_order().values() if order)
        )
        watch = self.env["parts.approval.watch"]
        with watch._letting_in(orders._parts_controlled(), self.move_id[:1]):
            return super()._sale_create_reinvoice_sale_line()

    # === COMMISSION === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        self._parts_commission_follow(lines._parts_commission_posted())
        return lines

    def unlink(self):
        # before, as long as it is known whose items they were
        moves = self._parts_commission_posted()
        res = super().unlink()
        self._parts_commission_follow(moves)
        return res

    def _parts_commission_posted(self):
        return self.filtered(lambda line: line.parent_state == "posted").move_id

    @api.model
    def _parts_commission_follow(self, moves):
        # As if reset to draft, changed and posted again; once, if several change
        self.env["parts.commission.engine"]._follow_moves(moves, promise=True)

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        # booked once all is matched: what Odoo still has to write is not flushed
        # in the middle of its work
        with self.env["parts.commission.engine"]._gathering():
            return super()._reconcile_plan(reconciliation_plan)

    def _parts_commission_follow_due(self):
        # Of a posted invoice Odoo lets the due date be put off: it may be in time now
        lines = self.filtered("company_id.parts_commission_in_use")
        moves = lines.move_id.filtered(
            lambda move: move.state == "posted" and move.move_type == "out_invoice"
        )
        moves._parts_commission_derive()
