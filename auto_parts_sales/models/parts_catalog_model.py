from odoo import api, fields, models
from odoo.fields import Domain

from ..utils.vehicle_name import get_usual_aliases


class PartsCatalogModel(models.Model):
    _name = "parts.catalog.model"
    _description = "Vehicle Model"
    _order = "make_id, name, id"

    name = fields.Char(required=True, translate=True)
    make_id = fields.Many2one(
        comodel_name="parts.catalog.make",
        required=True,
        index=True,
        ondelete="restrict",
    )
    vehicle_ids = fields.One2many(
        comodel_name="parts.catalog.vehicle",
        inverse_name="model_id",
        string="Vehicles",
    )
    alias_ids = fields.One2many(
        comodel_name="parts.catalog.alias",
        inverse_name="model_id",
        string="Other Names",
    )
    active = fields.Boolean(default=True)

    @api.depends("name", "make_id.name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for model in self:
            names = [model.make_id.name, model.name]
            model.display_name = " ".join(filter(None, names))

    @api.model_create_multi
    def create(self, vals_list):
        models_ = super().create(vals_list)
        self.env["parts.catalog.alias"]._add_usual(models_)
        return models_

    @api.model
    def _search_display_name(self, operator, value):
        """Find a model by words of its own and its make's names."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator == "in":
            return Domain("id", "in", self._named(value))
        return Domain.AND(self._word_domain(word) for word in (value or "").split())

    @api.model
    def _named(self, names):
        """Return the ids of models whose whole name is one of ``names``."""
        names = [name for name in names if isinstance(name, str) and name.strip()]
        domain = Domain.OR(
            Domain.AND(self._word_domain(word) for word in name.split())
            for name in names
        )
        found = self.search(domain)
        same = found.filtered(lambda model: {model.display_name, model.name} & {*names})
        return same.ids

    @api.model
    def _word_domain(self, word):
        alias = self.env["parts.catalog.alias"]
        makes = self.env["parts.catalog.make"]
        return alias._get_named_domain(self, word) | alias._get_named_domain(
            makes, word, "make_id"
        )

    # === BUSINESS METHODS === #

    @api.model
    def _find_by_names(self, make, names):
        """Return which models of a make are meant, in any language and spelling.

        :param make: a parts.catalog.make record
        :param names: iterable of texts
        :return: dict of those of ``names`` that are found to model ids; one query
        """
        domain = Domain("make_id", "=", make.id)
        return self.env["parts.catalog.alias"]._find_by_names(
            self.browse(), names, domain
        )

    def _get_all_names(self):
        """Return the record's names in every language, without aliases.

        Note: self.ensure_one()
        """
        self.ensure_one()
        translations, _context = self.get_field_translations("name")
        values = [translation["value"] for translation in translations]
        return list(filter(None, dict.fromkeys([self.name, *values])))

    def _get_usual_aliases(self):
        """Return what else the trade calls this model."""
        return get_usual_aliases(self._get_all_names(), self.make_id._get_all_names())

    def _get_alias_scope(self):
        """Return within what a name may be used once: among the make's models."""
        return self.make_id.id

    def _get_alias_scope_domain(self):
        """Return the domain of all records in the scopes of these."""
        return Domain("make_id", "in", self.make_id.ids)
