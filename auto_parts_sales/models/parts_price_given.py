from odoo import api, fields, models


class PartsPriceGiven(models.Model):
    """What a confirmed order line was sold for below (or above) the price in force.

    For the manager's report. Written by the engine when the order passes its gate.
    """

    _name = "parts.price.given"
    _description = "Given-Away Margin"
    _order = "date desc, id desc"
    _rec_name = "order_name"

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    order_id = fields.Many2one(
        comodel_name="sale.order", index=True, ondelete="set null"
    )
    order_name = fields.Char(string="Number of the Order", required=True)
    line_id = fields.Many2one(
        comodel_name="sale.order.line", index=True, ondelete="set null"
    )
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer")
    user_id = fields.Many2one(comodel_name="res.users", string="Given by", index=True)
    product_id = fields.Many2one(comodel_name="product.product", string="Part")
    categ_id = fields.Many2one(comodel_name="product.category", string="Category")
    date = fields.Date(required=True)
    quantity = fields.Float(digits="Product Unit")
    price_in_force = fields.Monetary(aggregator=None)
    price = fields.Monetary(string="Price Given", aggregator=None)
    percent = fields.Float(string="Below (%)", aggregator="avg")
    amount = fields.Monetary(
        string="Given Away",
        help="Before taxes, in company currency. Negative: earned on top.",
    )
    approval_id = fields.Many2one(
        comodel_name="parts.approval", string="Approval", ondelete="set null"
    )
    authority = fields.Selection(
        selection=[("own", "Own Authority"), ("approved", "Approved")], required=True
    )
    reason = fields.Char()

    @api.model
    def _record(self, orders):
        """Write down what ``orders``, just confirmed, give away; again where it
        changed since.
        """
        orders = orders.sudo().filtered(
            lambda order: order.company_id.parts_price_control and order.state == "sale"
        )
        if not orders:
            return
        verdict = self.env["parts.price.verdict"]
        rows = self.sudo()
        known = {
            row.line_id.id: row for row in rows.search([("order_id", "in", orders.ids)])
        }
        vals_list = []
        for order, cases in verdict._judge(orders).items():
            approval = self._approval(order)
            for case in cases:
                percent = verdict._percent(case)
                row = known.get(case["key"])
                if percent is None or (row and row._is_about(case)):
                    continue
                if row:
                    row.unlink()
                if abs(percent) >= 0.01:
                    vals_list.append(self._prepare_vals(order, case, approval))
        rows.create(vals_list)

    def _is_about(self, case):
        self.ensure_one()
        return self.quantity == case["quantity"] and self.currency_id.is_zero(
            self.price - self._in_company(case, case["net"])
        )

    @api.model
    def _approval(self, order):
        """Return the approval of prices that ``order`` used up last."""
        approvals = self.env["parts.approval"].sudo()
        return approvals.search(
            [
                ("res_model", "=", "sale.order"),
                ("res_id", "=", order.id),
                ("kind", "=", "price"),
                ("spent_date", "!=", False),
            ],
            order="spent_date desc, id desc",
            limit=1,
        )

    @api.model
    def _in_company(self, case, amount):
        company = case["company"]
        return case["currency"]._convert(
            amount, company.currency_id, company, fields.Date.context_today(self)
        )

    @api.model
    def _prepare_vals(self, order, case, approval):
        price = self._in_company(case, case["net"])
        in_force = self._in_company(case, case["yardstick"])
        approved = not case["inside"]
        return {
            "company_id": order.company_id.id,
            "order_id": order.id,
            "order_name": order.name,
            "line_id": case["key"],
            "partner_id": order.partner_invoice_id.commercial_partner_id.id,
            "user_id": case["authors"][:1].id,
            "product_id": case["product"].id,
            "categ_id": case["product"].categ_id.id,
            "date": fields.Date.context_today(self),
            "quantity": case["quantity"],
            "price_in_force": in_force,
            "price": price,
            "percent": self.env["parts.price.verdict"]._percent(case),
            "amount": (in_force - price) * case["quantity"],
            "approval_id": approval.id if approved else False,
            "authority": "approved" if approved else "own",
            "reason": approval.reason if approved else False,
        }
