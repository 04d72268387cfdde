from odoo import api, fields, models


class PartsCommissionSimulation(models.TransientModel):
    """What a quotation would earn who asks, if all of it is collected in time."""

    _name = "parts.commission.simulation"
    _description = "What Would This Quotation Earn"

    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Quotation",
        required=True,
        default=lambda self: self._default_order_id(),
    )
    currency_id = fields.Many2one(related="order_id.currency_id")
    line_ids = fields.One2many(
        comodel_name="parts.commission.simulation.line",
        inverse_name="simulation_id",
        compute="_compute_line_ids",
        # stored, it would be worked out as superuser: it asks what may be read
        compute_sudo=False,
        store=True,
    )
    amount_total = fields.Monetary(string="Would Earn", compute="_compute_amount_total")
    note = fields.Char(compute="_compute_amount_total")

    @api.model
    def _default_order_id(self):
        if self.env.context.get("active_model") != "sale.order":
            return False
        return self.env.context.get("active_id")

    @api.depends("order_id")
    def _compute_line_ids(self):
        for simulation in self:
            # who may not read the quotation learns nothing about it
            order = simulation.order_id._filtered_access("read")
            simulation.line_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create(vals)
                    for vals in simulation._prepare_line_vals(order.sudo())
                ),
            ]

    @api.depends("line_ids.amount")
    def _compute_amount_total(self):
        for simulation in self:
            simulation.amount_total = sum(simulation.line_ids.mapped("amount"))
            simulation.note = (
                False
                if simulation.line_ids
                else self.env._(
                    "You would earn nothing on this quotation: it is somebody else's,"
                    " or no rule of your plan matches its lines."
                )
            )

    def _prepare_line_vals(self, order):
        """Return what each line would earn who asks.

        As superuser: a plan may look at cost, which salespeople do not read; what
        comes out is their own commission alone.
        """
        share, plan, others = self._get_share_and_plan(order)
        if not share:
            return []
        vals_list = []
        currency = order.currency_id
        facts = self.env["parts.commission.facts"].sudo()
        promise = self.env["parts.commission.promise"]
        for line in order.order_line:
            if line.display_type or line.is_downpayment:
                continue
            rule = plan._get_rule(line)
            whole = rule._get_commission(line) if rule else 0.0
            untaxed = facts._get_untaxed(line)
            vals_list.append(
                {
                    "name": line.product_id.display_name or line.name,
                    "currency_id": currency.id,
                    "untaxed": currency.round(untaxed),
                    "rate": whole * share / untaxed if untaxed else 0.0,
                    "amount": promise._get_part(share, others, whole, currency),
                }
            )
        return vals_list

    def _get_share_and_plan(self, order):
        """Return (share in % of who asks, the seller's plan, what else comes out of the
        seller's share if it is he who asks)."""
        plans = self.env["parts.commission.plan"].sudo()
        if not order or not order.user_id:
            return 0.0, plans, ()
        day = fields.Date.context_today(self)
        plan = plans._get_plan(order.company_id, order.user_id, day)
        own = 0.0
        others = []
        for split in plan.split_ids:
            if not split._is_valid_on(day):
                continue
            user = self._get_split_user(split, order, day)
            if not user or user == order.user_id:
                continue
            if split.role != "lead":
                others.append(split.share)
            own += split.share if user == self.env.user else 0.0
        if not plan:
            return 0.0, plans, ()
        if order.user_id == self.env.user:
            return 100.0 - sum(others), plan, tuple(others)
        return own, plan, ()

    def _get_split_user(self, split, order, day):
        if split.user_id:
            return split.user_id
        if split.role == "lead":
            return order.team_id.user_id
        return (
            self.env["parts.commission.party"]
            .sudo()
            ._get_user(
                order.company_id,
                order.partner_id.commercial_partner_id,
                split.role,
                day,
            )
        )


class PartsCommissionSimulationLine(models.TransientModel):
    """What one line of a quotation would earn who asks."""

    _name = "parts.commission.simulation.line"
    _description = "Line of What a Quotation Would Earn"

    simulation_id = fields.Many2one(
        comodel_name="parts.commission.simulation",
        required=True,
        index=True,
        ondelete="cascade",
    )
    name = fields.Char(string="Product", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    untaxed = fields.Monetary(string="Untaxed Amount", readonly=True)
    rate = fields.Float(
        string="Rate (%)", digits=(16, 4), min_display_digits=2, readonly=True
    )
    amount = fields.Monetary(string="Would Earn", readonly=True)
