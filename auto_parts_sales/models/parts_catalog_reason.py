from odoo import api, models
from odoo.tools import SQL

from ..utils.part_number_sql import LOOK_SQL
from . import parts_catalog_lookup as ladder


class PartsCatalogReason(models.AbstractModel):
    """Why the list below a product field offers a part (CAT-9).

    What was found is not looked for again: only the numbers and codes of the few
    parts in the list are asked whether they are what was typed.
    """

    _name = "parts.catalog.reason"
    _description = "Reason of an Offered Part"

    @api.model
    def _add(self, parts, offered, text):
        """Add to the names that a list shows why each part is in it: muted, below.

        The name that is kept with the document stays as it is.

        :param parts: the model found, product.product or product.template
        :param list offered: as from ``web_name_search``; changed in place
        :param str text: what was typed
        :return: ``offered``; no query if the catalogue is empty or nothing is typed
        """
        text = text or self.env.context.get("parts_query")
        if (
            not isinstance(text, str)
            or not text.strip()
            or not all("__formatted_display_name" in option for option in offered)
            or not offered
            or not self.env["parts.catalog.number"]._any_loaded()
        ):
            return offered
        reasons = self._get(parts, [option["id"] for option in offered], text)
        for option in offered:
            # two dashes end what is muted
            if reason := reasons.get(option["id"], "").replace("--", "-"):
                shown = option["__formatted_display_name"] or option["display_name"]
                option["__formatted_display_name"] = f"{shown}\n--{reason}--"
        return offered

    @api.model
    def _get(self, parts, ids, text):
        """Return the reasons of parts that were found: dict of id to a sentence.

        None for those found by what the list shows anyway: name, reference, barcode.
        """
        lookup = self.env["parts.catalog.lookup"]
        finder = self.env["parts.catalog.finder"]
        partner = self.env["res.partner"].browse(self.env.context.get("partner_id", ()))
        asked = lookup._read_query(text, partner.sudo())
        lookup._flush_facts()
        successors = lookup._get_successors(asked)
        found = {}
        if asked.keys:
            self._pick(parts, ids, [self._rung_own_number(ids, parts, asked)], found)
            if successors:
                self._pick(parts, ids, [lookup._rung_superseded(successors)], found)
        rest = [id_ for id_ in ids if id_ not in found]
        if rest:
            others = [lookup._rung_customer_code(asked)]
            others.append(lookup._rung_vendor_code(asked))
            if asked.keys:
                others.append(lookup._rung_shared(asked))
            self._pick(parts, rest, others, found)
        matches = list(found.values())
        number_of = finder._get_numbers(matches)
        kinds = finder._get_kinds()
        return {
            match.part_id: finder._explain(match, asked, number_of, successors, kinds)[
                1
            ]
            for match in matches
        }

    @api.model
    def _pick(self, parts, ids, rungs, found):
        """Note in ``found`` the best match of each part that the rungs answer."""
        lookup = self.env["parts.catalog.lookup"]
        rows = self.env.execute_query(
            SQL(
                "SELECT id, rung, ref, word FROM (%s) r(nr, id, ref, rung, word, grade)"
                " WHERE id = ANY(%s)",
                lookup._select_parts(parts, lookup._union(rungs)),
                ids,
            )
        )
        for part_id, rung, ref, word in rows:
            match = ladder.Match(part_id, rung, ref, word or "", exact=False)
            known = found.get(part_id)
            if not known or match[1:] < known[1:]:
                found[part_id] = match

    @api.model
    def _rung_own_number(self, ids, parts, asked):
        """The numbers of a few parts that are, contain or look like the one typed."""
        by_part = SQL("product_tmpl_id = ANY(%s)", ids)
        if parts._name == "product.product":
            by_part = SQL(
                "product_tmpl_id IN (SELECT product_tmpl_id FROM product_product"
                " WHERE id = ANY(%s))",
                ids,
            )
        key = asked.keys[0]
        return SQL(
            """
            SELECT product_tmpl_id, product_id, id,
                   CASE WHEN key = ANY(%(keys)s) THEN %(asked)s
                        WHEN key LIKE %(begins)s THEN %(prefix)s
                        WHEN key LIKE %(contains)s THEN %(infix)s
                        ELSE %(similar)s END,
                   CASE WHEN kind = 'oe' THEN '0' ELSE '1' END
              FROM parts_catalog_number
             WHERE %(by_part)s
               AND (key = ANY(%(keys)s) OR key LIKE %(contains)s
                    OR %(look)s = ANY(%(looks)s))
            """,
            by_part=by_part,
            keys=list(asked.keys),
            begins=f"{key}%",
            contains=f"%{key}%",
            look=SQL(LOOK_SQL),
            looks=list(asked.looks),
            asked=ladder.ASKED,
            prefix=ladder.PREFIX,
            infix=ladder.INFIX,
            similar=ladder.SIMILAR,
        )
