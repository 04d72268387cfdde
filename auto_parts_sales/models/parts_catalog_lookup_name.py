from odoo import api, models
from odoo.fields import Domain

# Modules whose name_search of products the ladder covers
COVERED = {"odoo.orm.models", "odoo.addons.product", "odoo.addons.auto_parts_sales"}


class PartsCatalogLookup(models.AbstractModel):
    """The ladder behind product fields: ``name_search`` of parts, and imports."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.catalog.lookup"

    @api.model
    def _is_covered(self, parts, query):
        """Tell whether the ladder finds all that ``name_search`` below us would.

        It does not where another addon extends that method, where accents are
        ignored, and where somebody types a pattern.
        """
        if self.env.registry.has_unaccent or set(query.text) & set("%_\\"):
            return False
        return self._get_foreign_searches(parts._name) == 0

    @api.model
    def _get_foreign_searches(self, name):
        """Return how many addons beside Odoo's product extend ``name_search``."""
        return sum(
            "name_search" in vars(cls)
            and not any(
                cls.__module__ == covered or cls.__module__.startswith(f"{covered}.")
                for covered in COVERED
            )
            for cls in type(self.env[name]).mro()
        )

    @api.model
    def _name_search(self, parts, core_search, name, domain, operator, limit):
        """Answer ``name_search`` of a product model.

        :param core_search: ``super().name_search`` of the calling model
        :return: pairs of id and display name; exactly core's if the catalogue is
            empty or nothing is typed
        """
        # An empty search beside a customer's words offers what they mean.
        name = name or self.env.context.get("parts_query") or name
        typed = isinstance(name, str) and name.strip()
        if (
            not typed
            or operator not in ("=", "ilike", "like")
            or not self.env["parts.catalog.number"]._any_loaded()
        ):
            return core_search(name, domain, operator, limit)
        partner = self.env["res.partner"].browse(self.env.context.get("partner_id", ()))
        query = self._read_query(name, partner.sudo())
        domain = Domain(domain or Domain.TRUE)
        if operator == "=":
            return core_search(name, domain, operator, limit) or self._name_single(
                parts, query, domain
            )
        # Record rules ask for the companies' path, and would read all their fields
        self.env.companies.sudo().fetch(["parent_path"])
        matches = self._match(
            parts, query, domain, limit, thorough=False, fetch=["display_name"]
        )
        found = parts.browse([match.part_id for match in matches]).sudo()
        if parts._name == "product.product":
            # all that a name is made of; reading it would read every field
            found.product_tmpl_id.fetch(["name"])
        pairs = [(part.id, part.display_name) for part in found]
        if self._is_covered(parts, query) or limit and len(pairs) >= limit:
            return pairs
        known = set(found.ids)
        more = core_search(name, domain, operator, limit)
        pairs += [pair for pair in more if pair[0] not in known]
        return pairs[: limit or None]

    @api.model
    def _name_single(self, parts, query, domain):
        """Return the pair of the one part that a whole text names, else none.

        What an import reads must not depend on which of two parts comes first.
        """
        matches = []
        if query.keys or query.partner_ids:
            self._flush_facts()
            rungs = [self._rung_number(query)] if query.keys else []
            if len(query.keys) > 1:
                rungs.append(self._rung_further_numbers(query))
            if query.partner_ids:
                rungs.append(self._rung_customer_code(query))
            found = {}
            self._climb(parts, rungs, domain, None, ["display_name"], found)
            matches = [match for match in found.values() if match.exact]
        if len(matches) > 1 and self.env.context.get("import_file"):
            # base_import reports it beside the row
            raise ValueError(
                self.env._(
                    "“%(number)s” is ambiguous: %(count)s parts have this number. Name"
                    " one of them by its internal reference.",
                    number=query.text,
                    count=len(matches),
                )
            )
        if len(matches) != 1:
            return []
        part = parts.browse(matches[0].part_id).sudo()
        return [(part.id, part.display_name)]
