from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import date_utils

from ..utils.month_label import month_label

SIGNING_ROLES = (
    "auto_parts_sales.group_parts_sales_office",
    "auto_parts_sales.group_parts_finance",
    "auto_parts_sales.group_parts_general_manager",
)


class PartsCommissionSign(models.TransientModel):
    """Signs that what a month collected is right, and lets the pools accrue it."""

    _name = "parts.commission.sign"
    _description = "Sign a Month of Collections"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        string="Any Day of the Month",
        required=True,
        default=lambda self: self._default_month(),
    )
    month_name = fields.Char(compute="_compute_month_name")
    line_ids = fields.One2many(
        comodel_name="parts.commission.sign.line",
        inverse_name="sign_id",
        string="Pools",
        compute="_compute_line_ids",
        store=True,
    )

    @api.model
    def _default_month(self):
        """Return a day of last month: the month that is over."""
        today = fields.Date.context_today(self)
        return date_utils.start_of(date_utils.subtract(today, months=1), "month")

    # === COMPUTE METHODS === #

    @api.depends("month")
    @api.depends_context("lang")
    def _compute_month_name(self):
        for wizard in self:
            wizard.month_name = wizard.month and month_label(self.env, wizard.month)

    @api.depends("company_id", "month")
    def _compute_line_ids(self):
        for wizard in self:
            lines = wizard._prepare_line_vals() if wizard.month else []
            wizard.line_ids = [
                fields.Command.clear(),
                *(fields.Command.create(vals) for vals in lines),
            ]

    def _prepare_line_vals(self):
        """Return what each pool would accrue up to the month, as the reader may see."""
        month = date_utils.start_of(self.month, "month")
        pools = self.env["parts.commission.pool"].search(
            [("company_id", "=", self.company_id.id), ("date_from", "<=", month)]
        )
        vals_list = []
        for pool in pools:
            if pool._get_next_month() > month or month > pool.date_to:
                continue
            vals = pool._prepare_month_vals(month)
            names = ("pool_id", "planned", "collected", "accrued")
            vals_list.append({name: vals[name] for name in names})
        return vals_list

    # === ACTIONS === #

    def action_sign(self):
        """Sign the month and accrue it; return the action that shows what it added."""
        self.ensure_one()
        month = date_utils.start_of(self.month, "month")
        self._check_may_sign(month)
        # As superuser: no role writes signatures and months, this door does
        pools = self.env["parts.commission.pool"]._get_pools(self.company_id)
        if not pools._parts_commission_month_signed(self.company_id, month):
            self.env["parts.commission.signature"].sudo().create(
                {"company_id": self.company_id.id, "month": month}
            )
        made = pools._accrue_signed()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_parts_sales.parts_commission_pool_month_action"
        )
        return {**action, "domain": [("id", "in", made.ids)]} if made else action

    def _check_may_sign(self, month):
        user = self.env.user
        if not any(user.has_group(role) for role in SIGNING_ROLES):
            raise AccessError(
                self.env._(
                    "A month is signed by the sales office, finance or the general"
                    " manager."
                )
            )
        pools = self.env["parts.commission.pool"]._get_pools(self.company_id)
        teams = pools.team_id
        if user in teams.user_id | teams.member_ids:
            raise AccessError(
                self.env._(
                    "You may be paid from the pool of your team: somebody else has to"
                    " sign the month."
                )
            )
        if self.company_id not in self.env.companies:
            raise AccessError(
                self.env._(
                    "%(company)s is none of yours.", company=self.company_id.name
                )
            )
        if date_utils.end_of(month, "month") >= fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%(month)s is not over yet.", month=month_label(self.env, month)
                )
            )
        self._check_earlier_signed(pools, month)

    def _check_earlier_signed(self, pools, month):
        """Refuse to sign a month before an earlier one that a pool waits for."""
        for pool in pools.filtered("active"):
            earlier = pool._get_next_month()
            while earlier < month:
                if not pool._parts_commission_month_signed(self.company_id, earlier):
                    raise UserError(
                        self.env._(
                            "%(earlier)s comes first: it is not signed yet, and the"
                            " pool “%(pool)s” waits for it.",
                            earlier=month_label(self.env, earlier),
                            pool=pool.name,
                        )
                    )
                earlier = fields.Date.add(earlier, months=1)


class PartsCommissionSignLine(models.TransientModel):
    """What one pool would accrue, to look at before signing."""

    _name = "parts.commission.sign.line"
    _description = "What a Pool Would Accrue"

    sign_id = fields.Many2one(
        comodel_name="parts.commission.sign",
        required=True,
        index=True,
        ondelete="cascade",
    )
    pool_id = fields.Many2one(comodel_name="parts.commission.pool", readonly=True)
    currency_id = fields.Many2one(related="pool_id.currency_id")
    planned = fields.Monetary(readonly=True)
    collected = fields.Monetary(string="Collected (untaxed)", readonly=True)
    accrued = fields.Monetary(string="Would Accrue", readonly=True)
