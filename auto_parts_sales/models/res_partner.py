from odoo import api, fields, models

# Who reads what a customer may owe and owes
CREDIT_READERS = (
    "account.group_account_invoice,auto_parts_sales.group_parts_general_manager,"
    "auto_parts_sales.group_parts_sales_director"
)
# What can give a customer another pricelist
PRICED_BY = {
    "country_id",
    "is_company",
    "parent_id",
    "property_product_pricelist",
    "specific_property_product_pricelist",
}


class ResPartner(models.Model):
    _inherit = "res.partner"

    # === CUSTOMER === #

    parts_vehicle_ids = fields.One2many(
        comodel_name="parts.customer.vehicle",
        inverse_name="partner_id",
        string="Vehicles",
        groups="sales_team.group_sale_salesman",
    )

    # === CREDIT === #

    # what a customer owes is not found out by searching, see below
    credit = fields.Monetary(search="_search_parts_credit")
    parts_credit_shown = fields.Boolean(
        compute="_compute_parts_credit_shown",
        help="Odoo's credit limit is shown from the credit file.",
    )
    parts_credit_step = fields.Selection(
        selection=[
            ("free", "Free"),
            ("near", "Nearly Used"),
            ("over", "Over"),
            ("none", "No Credit"),
        ],
        string="Credit",
        compute="_compute_parts_credit_verdict",
        compute_sudo=True,
        groups="base.group_user",
    )
    parts_credit_verdict = fields.Char(
        string="Verdict on Credit",
        compute="_compute_parts_credit_verdict",
        compute_sudo=True,
        groups="base.group_user",
    )
    parts_credit_file_id = fields.Many2one(
        comodel_name="parts.credit.file",
        compute="_compute_parts_credit_file_id",
        compute_sudo=True,
        groups=CREDIT_READERS,
    )

    parts_credit_usage_html = fields.Html(
        compute="_compute_parts_credit_file_id",
        compute_sudo=True,
        sanitize=False,
        groups=CREDIT_READERS,
    )
    parts_credit_trend_html = fields.Html(
        compute="_compute_parts_credit_file_id",
        compute_sudo=True,
        sanitize=False,
        groups=CREDIT_READERS,
    )

    @api.depends_context("company")
    def _compute_parts_credit_shown(self):
        controlled = self.env["parts.credit.partner"]._controlled_ids()
        self.parts_credit_shown = self.env.company.id in controlled

    @api.depends_context("company", "lang")
    def _compute_parts_credit_verdict(self):
        verdicts = self.env["parts.credit.verdict"]
        for partner in self:
            verdict = verdicts._verdict(self.env.company, partner)
            partner.parts_credit_step = verdict["step"]
            partner.parts_credit_verdict = verdict["sentence"]

    @api.depends_context("company", "lang")
    def _compute_parts_credit_file_id(self):
        files = self.env["parts.credit.file"]
        controlled = self.env["parts.credit.partner"]._controlled_ids()
        shown = self.env.company.id in controlled
        for partner in self:
            file = files._of(self.env.company, partner) if shown else files
            partner.parts_credit_file_id = file
            partner.parts_credit_usage_html = file.usage_html
            partner.parts_credit_trend_html = file.trend_html

    @api.model
    def _search_parts_credit(self, operator, value):
        """Search by what customers owe, as Odoo does; with credit control on only for
        who may read it.

        :raises AccessError: for anybody else
        """
        if self.env["parts.credit.partner"]._controlled_ids():
            self._check_field_access(self._fields["credit"], "read")
        return self._credit_search(operator, value)

    @api.model_create_multi
    def create(self, vals_list):
        check = self.env["parts.credit.partner"]
        for vals in vals_list:
            if vals.get("credit_limit"):
                parent = self.browse(vals.get("parent_id") or ())
                check._check_core_limit(parent or self.new(), vals["credit_limit"])
        partners = super().create([check._without_entity(vals) for vals in vals_list])
        if self.env["res.company"]._parts_controlled_ids("price"):
            self.env["parts.price.guard"]._check_assigned(partners)
        return partners

    def write(self, vals):
        check = self.env["parts.credit.partner"]
        if "credit_limit" in vals:
            check._check_core_limit(self, vals["credit_limit"] or 0.0)
        if "parent_id" in vals or "is_company" in vals:
            check._check_entity(self, vals)
        vals = check._without_entity(vals)
        if not PRICED_BY & vals.keys() or not self.env[
            "res.company"
        ]._parts_controlled_ids("price"):
            return super().write(vals)
        with self.env["parts.price.guard"]._assignments(self):
            return super().write(vals)

    def copy_data(self, default=None):
        """Override: a copy has no credit before it has a file."""
        vals_list = super().copy_data(default=default)
        controlled = self.env["parts.credit.partner"]._controlled_ids()
        if self.env.company.id in controlled:
            for vals in vals_list:
                vals.pop("credit_limit", None)
                vals.pop("use_partner_credit_limit", None)
        return vals_list

    def _parts_set_core_limit(self, limit):
        """Write Odoo's credit limit, as superuser: what a credit file grants."""
        return super().write({"credit_limit": limit})

    def _parts_set_parent(self, parent):
        """Bring a customer under another company after that was approved."""
        # its prices come with it, and are written down
        with self.env["parts.price.guard"]._assignments(self):
            return super().write({"parent_id": parent.id})

    def action_parts_credit_file(self):
        """Open the customer's credit file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Credit File"),
            "res_model": "parts.credit.file",
            "res_id": self.parts_credit_file_id.id,
            "view_mode": "form",
        }

    def action_parts_propose_credit(self):
        """Open a new proposal to change the customer's credit."""
        self.ensure_one()
        granted = self.parts_credit_step in ("free", "near", "over")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose Credit"),
            "res_model": "parts.credit.change",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.commercial_partner_id.id,
                "default_company_id": self.env.company.id,
                "default_purpose": "raise" if granted else "first",
            },
        }
