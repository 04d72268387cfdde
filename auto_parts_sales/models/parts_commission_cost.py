from odoo import api, fields, models


class PartsCommissionCost(models.Model):
    """What one delivered unit cost when it left, for commission on margin.

    Written by the engine when goods leave, in companies where a plan uses margin;
    the product's cost may change later, what was delivered cost this.
    """

    _name = "parts.commission.cost"
    _description = "Cost at Delivery"
    _order = "id"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    sale_line_id = fields.Many2one(
        comodel_name="sale.order.line",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    quantity = fields.Float(readonly=True, help="In the product's unit.")
    unit_cost = fields.Float(readonly=True, help="In company currency.")

    # === BUSINESS METHODS === #

    @api.model
    def _freeze(self, stock_moves):
        """Keep what moves that are done deliver, at the cost of now.

        Costs no query where no company has a commission plan.

        :param stock_moves: done `stock.move`
        """
        moves = stock_moves.filtered("company_id.parts_commission_in_use").sudo()
        moves = moves.filtered(
            lambda move: move.sale_line_id and move.location_dest_usage == "customer"
        )
        companies = self._get_margin_companies(moves.company_id)
        moves = moves.filtered(lambda move: move.company_id in companies)
        if moves:
            self.sudo().create([self._prepare_vals(move) for move in moves])

    @api.model
    def _get_margin_companies(self, companies):
        if not companies:
            return companies
        rules = self.env["parts.commission.rule"].sudo()
        used = rules.search(
            [
                ("plan_id.company_id", "in", companies.ids),
                "|",
                ("measure", "=", "margin"),
                "|",
                ("margin_min", "!=", 0.0),
                ("margin_max", "!=", 0.0),
            ]
        )
        return used.plan_id.company_id

    @api.model
    def _prepare_vals(self, move):
        product = move.product_id.with_company(move.company_id)
        return {
            "company_id": move.company_id.id,
            "sale_line_id": move.sale_line_id.id,
            "product_id": product.id,
            "quantity": move.product_uom._compute_quantity(
                move.quantity, product.uom_id, round=False
            ),
            "unit_cost": product.standard_price,
        }

    @api.model
    def _get_unit_cost(self, order_lines):
        """Return the average cost of what was delivered, or None if nothing was."""
        if not order_lines:
            return None
        rows = self.sudo().search_fetch(
            [("sale_line_id", "in", order_lines.ids)], ["quantity", "unit_cost"]
        )
        quantity = sum(rows.mapped("quantity"))
        if not quantity:
            return None
        return sum(row.quantity * row.unit_cost for row in rows) / quantity
