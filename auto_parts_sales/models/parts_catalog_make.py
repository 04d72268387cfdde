from odoo import api, fields, models
from odoo.fields import Domain

from ..utils.vehicle_name import get_usual_aliases
from .parts_catalog_supersession import SUPERSESSION_RULES


class PartsCatalogMake(models.Model):
    _name = "parts.catalog.make"
    _description = "Vehicle Make"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    country_id = fields.Many2one(comodel_name="res.country")
    group_id = fields.Many2one(
        comodel_name="parts.catalog.make.group",
        string="Group",
        help="Makes of one group share part numbers, like Volkswagen and Audi.",
        index="btree_not_null",
        ondelete="restrict",
    )
    model_ids = fields.One2many(
        comodel_name="parts.catalog.model",
        inverse_name="make_id",
        string="Models",
    )
    supersession_rule = fields.Selection(
        selection=SUPERSESSION_RULES,
        string="When Superseded",
        required=True,
        default="use_up",
        help="What is offered first for a superseded number: the old part as long as"
        " there is stock, or the new one at once. A part may say otherwise.",
    )
    alias_ids = fields.One2many(
        comodel_name="parts.catalog.alias",
        inverse_name="make_id",
        string="Other Names",
    )
    active = fields.Boolean(default=True)

    @api.model_create_multi
    def create(self, vals_list):
        makes = super().create(vals_list)
        self.env["parts.catalog.alias"]._add_usual(makes)
        return makes

    def write(self, vals):
        # Makes of one group share their chains of superseded numbers.
        moved = self.browse()
        if "group_id" in vals:
            moved = self.filtered(lambda make: make.group_id.id != vals["group_id"])
        result = super().write(vals)
        if moved:
            self.env["parts.catalog.supersession"]._make_moved(moved)
        return result

    @api.model
    def _search_display_name(self, operator, value):
        """Find a make by its name in any language, another name, or any spelling."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in":
            return Domain("id", "in", list(self._find_by_names(value).values()))
        alias = self.env["parts.catalog.alias"]
        return alias._get_named_domain(self, value or "")

    # === BUSINESS METHODS === #

    @api.model
    def _find_by_names(self, names):
        """Return which makes are meant: a name in any language, alias, any spelling.

        :param names: iterable of texts
        :return: dict of those of ``names`` that are found to make ids; one query
        """
        return self.env["parts.catalog.alias"]._find_by_names(self.browse(), names)

    def _get_all_names(self):
        """Return the record's names in every language, without aliases.

        Note: self.ensure_one()
        """
        self.ensure_one()
        translations, _context = self.get_field_translations("name")
        values = [translation["value"] for translation in translations]
        return list(filter(None, dict.fromkeys([self.name, *values])))

    def _get_usual_aliases(self):
        """Return what else the trade calls this make."""
        return get_usual_aliases(self._get_all_names())

    def _get_alias_scope(self):
        """Return within what a name may be used once: for makes everywhere."""
        return 0

    def _get_alias_scope_domain(self):
        """Return the domain of all records in the scopes of these."""
        return Domain.TRUE
