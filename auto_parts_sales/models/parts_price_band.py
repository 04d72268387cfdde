from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools.float_utils import float_compare

from .parts_catalog_brand import GRADES

# Who reads cost and margin
COST_READERS = ",".join(
    f"auto_parts_sales.group_parts_{role}"
    for role in (
        "sales_manager",
        "price_group",
        "finance",
        "general_manager",
        "administrator",
    )
)
PRICE_ROLE = "auto_parts_sales.group_parts_price_group"
# Figures are entered with two digits
DIGITS = 2


class PartsPriceBand(models.Model):
    """How far from the price in force a role or a person sells by himself (QUO-4).

    A band is granted by the price group, or passed on from a band that the grantor
    holds. What holds is what every band of the chain allows: where one of them ends or
    shrinks, all that were passed on from it do, too.
    """

    _name = "parts.price.band"
    _description = "Price Band"
    _inherit = ["mail.thread"]
    _parent_store = True
    _order = "company_id, parent_path, id"
    _check_company_auto = True

    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    parent_id = fields.Many2one(
        comodel_name="parts.price.band",
        string="Passed On from",
        index=True,
        ondelete="restrict",
        check_company=True,
        tracking=True,
        help="Empty: granted by the price group.",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many(
        comodel_name="parts.price.band", inverse_name="parent_id", string="Passed On"
    )
    group_id = fields.Many2one(
        comodel_name="res.groups",
        string="Role",
        ondelete="restrict",
        index=True,
        tracking=True,
        help="Everybody who holds the role, unless he has a band of his own.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    categ_id = fields.Many2one(
        comodel_name="product.category",
        string="Category",
        ondelete="restrict",
        tracking=True,
        help="With its sub-categories. Empty: all.",
    )
    part_brand_id = fields.Many2one(
        comodel_name="parts.catalog.brand",
        string="Part Brand",
        ondelete="restrict",
        tracking=True,
    )
    grade = fields.Selection(selection=GRADES, tracking=True)
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Part",
        ondelete="restrict",
        index=True,
        tracking=True,
    )
    percent_below = fields.Float(
        string="Below (%)",
        digits=(5, DIGITS),
        tracking=True,
        help="So many per cent below the price in force.",
    )
    percent_above = fields.Float(
        string="Above (%)",
        digits=(7, DIGITS),
        tracking=True,
        help="So many per cent above the price in force.",
    )
    margin_min = fields.Float(
        string="Lowest Margin (%)",
        digits=(7, DIGITS),
        groups=COST_READERS,
        help="In per cent of the price before taxes. Holds for what is sold below the"
        " price in force.",
    )
    follow_market = fields.Boolean(
        string="Down to Market Price",
        tracking=True,
        help="Where the newest market price lies below the band, it may be met, as long"
        " as the lowest margin is kept.",
    )
    may_pass_on = fields.Boolean(
        string="May Be Passed On",
        tracking=True,
        help="Who holds this band may grant a portion of it to others.",
    )
    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today, tracking=True
    )
    date_to = fields.Date(string="To", tracking=True, help="Included. Empty: no end.")
    scope = fields.Char(string="Parts", compute="_compute_scope")
    chain = fields.Char(
        string="Passed On by",
        compute="_compute_chain",
        compute_sudo=True,
        help="From whom this band comes, from the price group down.",
    )

    _holder = models.Constraint(
        "CHECK (num_nonnulls(user_id, group_id) = 1)",
        "A price band belongs to one person or to one role: fill in exactly one of the"
        " two.",
    )
    _percent = models.Constraint(
        "CHECK (percent_below >= 0 AND percent_below <= 100 AND percent_above >= 0"
        " AND margin_min <= 100)",
        "A band lies between 0 and 100 per cent below and zero or more above the price"
        " in force; a margin is at most 100 per cent.",
    )
    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from)",
        "A price band ends on or after the day on which it begins.",
    )

    # === COMPUTE METHODS === #

    @api.depends("user_id", "group_id", "scope", "percent_below", "percent_above")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for band in self:
            width = f"−{band.percent_below:g} / +{band.percent_above:g} %"
            parts = (band._holder_name(), band.scope, width)
            band.display_name = " · ".join(filter(None, parts))

    @api.depends("categ_id", "part_brand_id", "grade", "product_tmpl_id")
    @api.depends_context("lang")
    def _compute_scope(self):
        grades = dict(self._fields["grade"]._description_selection(self.env))
        for band in self:
            names = (
                band.product_tmpl_id.display_name,
                band.part_brand_id.display_name,
                grades.get(band.grade),
                band.categ_id.display_name,
            )
            band.scope = ", ".join(filter(None, names)) or self.env._("All parts")

    @api.depends("parent_path", "user_id", "group_id")
    @api.depends_context("lang")
    def _compute_chain(self):
        for band in self:
            above = band.parent_id
            names = []
            while above:
                names.append(above._holder_name())
                above = above.parent_id
            names.append(self.env.ref(PRICE_ROLE).sudo().name)
            band.chain = " → ".join(reversed(names))

    def _holder_name(self):
        self.ensure_one()
        return self.user_id.name or self.group_id.sudo().name or ""

    # === CONSTRAINT METHODS === #

    @api.constrains("parent_id")
    def _check_no_cycle(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A price band cannot be passed on from itself.")
            )

    @api.constrains(
        "parent_id",
        "company_id",
        "categ_id",
        "part_brand_id",
        "grade",
        "product_tmpl_id",
        "percent_below",
        "percent_above",
        "margin_min",
        "follow_market",
        "may_pass_on",
        "date_from",
        "date_to",
    )
    def _check_portion(self):
        """Nobody gives more than he holds."""
        for band in self.sudo():
            if band.parent_id:
                band._check_within(band.parent_id)

    def _check_within(self, parent):
        self.ensure_one()
        if not parent.may_pass_on:
            raise ValidationError(
                self.env._(
                    "The band of %(holder)s may not be passed on: ask whoever granted"
                    " it.",
                    holder=parent._holder_name(),
                )
            )
        more = [label for label, exceeds in self._exceeded(parent) if exceeds]
        if more:
            raise ValidationError(
                self.env._(
                    "Nobody gives more than he holds: %(figures)s of this band goes"
                    " beyond the band of %(holder)s that it is passed on from.",
                    figures=", ".join(more),
                    holder=parent._holder_name(),
                )
            )

    def _exceeded(self, parent):
        """Return ``[(label, whether this band goes beyond its parent in it)]``."""
        _ = self.env._
        ends = parent.date_to
        return [
            (_("Below (%)"), self._more("percent_below", self, parent)),
            (_("Above (%)"), self._more("percent_above", self, parent)),
            (_("Lowest Margin (%)"), self._more("margin_min", parent, self)),
            (_("Down to Market Price"), self.follow_market > parent.follow_market),
            (_("From"), self.date_from < parent.date_from),
            (_("To"), bool(ends) and (not self.date_to or self.date_to > ends)),
            (_("Parts"), not self._scope_within(parent)),
        ]

    @api.model
    def _more(self, name, one, other):
        return float_compare(one[name], other[name], precision_digits=DIGITS) > 0

    def _scope_within(self, parent):
        """Return whether the parts of this band are all parts of ``parent``."""
        self.ensure_one()
        part = self.product_tmpl_id
        if parent.product_tmpl_id and part != parent.product_tmpl_id:
            return False
        brand = self.part_brand_id or part.parts_brand_id
        if parent.part_brand_id and brand != parent.part_brand_id:
            return False
        if parent.grade and (self.grade or part.parts_grade) != parent.grade:
            return False
        categ = self.categ_id or part.categ_id
        return not parent.categ_id or (categ.parent_path or "").startswith(
            parent.categ_id.parent_path
        )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_margin(vals) for vals in vals_list]
        bands = super().create(vals_list)
        bands._check_grantor()
        return bands

    def write(self, vals):
        self._check_grantor()
        result = super().write(vals)
        self._check_grantor()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_not_own(self):
        self._check_grantor()

    @api.model
    def _with_margin(self, vals):
        """Who cannot read the lowest margin passes on the one that he has."""
        if vals.get("parent_id") and "margin_min" not in vals:
            parent = self.sudo().browse(vals["parent_id"])
            return {**vals, "margin_min": parent.margin_min}
        return vals

    def _check_grantor(self):
        """Refuse bands that the user may not grant: his own, or from none of his."""
        if self.env.su:
            return
        user = self.env.user
        price_role = user.has_group(PRICE_ROLE)
        for band in self.sudo():
            if band.user_id == user:
                raise UserError(
                    self.env._("Nobody grants or changes his own price band.")
                )
            if price_role:
                continue
            held = band.parent_id
            if not held or not held._is_held_by(user):
                raise UserError(
                    self.env._(
                        "Choose, in “Passed On from”, a band that you hold yourself:"
                        " only the price group grants new ones."
                    )
                )
            if band.group_id in user.all_group_ids:
                raise UserError(
                    self.env._("Nobody grants or changes his own price band.")
                )

    # === BUSINESS METHODS === #

    def _is_held_by(self, user):
        self.ensure_one()
        return self.user_id == user or self.group_id in user.all_group_ids

    @api.model
    def _in_force(self, company, date):
        """Return the bands of ``company`` on ``date`` whose whole chain is in force, as
        superuser.
        """
        bands = self.sudo().search(
            Domain("company_id", "=", company.id)
            & Domain("date_from", "<=", date)
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", date)),
            order="id",
        )
        ids = set(bands.ids)
        return bands.filtered(lambda band: ids.issuperset(band._chain_ids()))

    def _chain_ids(self):
        self.ensure_one()
        return [int(key) for key in self.parent_path.split("/") if key]

    def _depth(self):
        """Return by how many hands this band came; 1: from the price group."""
        self.ensure_one()
        return len(self._chain_ids())

    def _is_for(self, product):
        """Return whether this band is about ``product`` (``product.product``)."""
        self.ensure_one()
        return (
            (
                not self.product_tmpl_id
                or self.product_tmpl_id == product.product_tmpl_id
            )
            and (not self.part_brand_id or self.part_brand_id == product.parts_brand_id)
            and (not self.grade or self.grade == product.parts_grade)
            and (
                not self.categ_id
                or (product.categ_id.parent_path or "").startswith(
                    self.categ_id.parent_path
                )
            )
        )

    def _precision(self):
        """Return how exactly this band names its parts: the larger counts first."""
        self.ensure_one()
        path = self.categ_id.parent_path or ""
        return (
            bool(self.product_tmpl_id),
            bool(self.part_brand_id) + bool(self.grade),
            path.count("/"),
        )

    # === ACTIONS === #

    def action_pass_on(self):
        """Open a new band that is passed on from this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pass On"),
            "res_model": self._name,
            "view_mode": "form",
            "context": {
                "default_parent_id": self.id,
                "default_company_id": self.company_id.id,
                "default_percent_below": self.percent_below,
                "default_percent_above": self.percent_above,
                "default_follow_market": self.follow_market,
                "default_date_from": max(
                    self.date_from, fields.Date.context_today(self)
                ),
                "default_date_to": self.date_to,
                "default_categ_id": self.categ_id.id,
                "default_part_brand_id": self.part_brand_id.id,
                "default_grade": self.grade,
                "default_product_tmpl_id": self.product_tmpl_id.id,
            },
        }
