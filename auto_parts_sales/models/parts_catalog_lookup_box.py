from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class PartsCatalogLookup(models.AbstractModel):
    """The ladder behind the search boxes of product lists."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.catalog.lookup"

    @api.model
    def _search_box(self, parts, operator, value):
        """Answer the search field of the product search boxes: a domain on ``id``.

        All that core's box finds, and what the ladder finds: each by its own index.
        With ``=`` or ``in``, the parts that have exactly this number.
        """
        if operator not in ("in", "=", "ilike", "like"):
            return NotImplemented
        texts = [value] if isinstance(value, str) else value or []
        texts = [text for text in texts if isinstance(text, str) and text.strip()]
        numbers = self.env["parts.catalog.number"]
        if operator in ("in", "="):
            return Domain.OR(
                Domain("id", "in", numbers._get_parts_sql(parts, key))
                for text in texts
                if (key := numbers._get_lookup_key(text))
            )
        return Domain.OR(self._box_domain(parts, text) for text in texts)

    @api.model
    def _box_domain(self, parts, text):
        query = self._read_query(text)
        core = self._get_core_box(parts, text)
        if not self.env["parts.catalog.number"]._any_loaded():
            return core
        self._flush_facts()
        successors = self._get_successors(query)
        rungs = self._get_strong_rungs(query, successors)
        if query.keys:
            rungs.append(self._rung_shared(query))
        if query.keys and query.looks and not self._any_part(rungs):
            rungs.append(self._rung_similar(query))
        if self._looks_inside(query):
            rungs.append(self._rung_infix(query))
        by_index = self.env.registry.has_trigram and not self.env.registry.has_unaccent
        if not by_index or set(text) & set("%_\\"):
            return core | self._get_box_domain(parts, rungs)
        rungs += [
            self._rung_code_infix(query),
            self._rung_barcode_infix(query),
            self._rung_whole_name(query.text),
        ]
        return self._get_box_domain(parts, rungs)

    @api.model
    def _get_box_domain(self, parts, rungs):
        found = self._select_parts(parts, self._union(rungs))
        ids = SQL("(SELECT id FROM (%s) part(nr, id, ref, rung, word, grade))", found)
        return Domain("id", "in", ids)

    @api.model
    def _any_part(self, rungs):
        """Tell whether the rungs find anything."""
        [[any_part]] = self.env.execute_query(
            SQL("SELECT EXISTS (%s)", self._union(rungs, 1))
        )
        return any_part

    @api.model
    def _get_core_box(self, parts, text):
        """Return the domain of core's own search box, as its three views have it."""
        fields = ["default_code", "name", "barcode"]
        if parts._name == "product.template":
            fields.append("product_variant_ids.default_code")
        return Domain.OR(Domain(field, "ilike", text) for field in fields)
