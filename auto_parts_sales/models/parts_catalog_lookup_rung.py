from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..utils.part_number import CODE_PUNCTUATION, SHORTEST_INFIX, number_key
from ..utils.part_number_sql import LOOK_SQL, code_column_key, code_key

# The rungs of the ladder, best first: by what a part may be found
(
    ASKED,
    OTHER_MAKE,
    SUPERSEDED,
    INTERCHANGE,
    SHARED,
    CODE,
    BARCODE,
    CUSTOMER_CODE,
    VENDOR_CODE,
    PREFIX,
    CODE_PREFIX,
    INFIX,
    CODE_INFIX,
    VENDOR_INFIX,
    NAME,
    SIMILAR,
) = range(16)
# What names a part completely
EXACT = {ASKED, OTHER_MAKE, INTERCHANGE, CODE, BARCODE, CUSTOMER_CODE, VENDOR_CODE}
# Words: of an OE number, and of a code of who asks
OE = OWN = "0"
# Words of a name that are looked for, at the most
WORDS = 8
# Typed texts are read for several numbers up to this length
LONGEST_READ = 200
CODE_KEY = SQL(code_column_key("default_code"))


class PartsCatalogLookupRung(models.AbstractModel):
    """The rungs of the ladder: each a query of its own, on an index.

    Each returns a select of: template, variant (NULL: all), ref, rung, word.
    """

    _name = "parts.catalog.lookup.rung"
    _description = "Rungs of the Part Look-up"

    @api.model
    def _get_strong_rungs(self, query, successors):
        """Return selects of what names a part, or begins as asked. Extend to add."""
        rungs = []
        if self.env["parts.catalog.number"]._any_loaded():
            if query.keys:
                rungs.append(self._rung_number(query))
            if len(query.keys) > 1:
                rungs.append(self._rung_further_numbers(query))
            if successors:
                rungs.append(self._rung_superseded(successors))
            rungs.append(self._rung_customer_code(query))
        rungs += [self._rung_code(text) for text in query.codes]
        rungs.append(self._rung_barcode(query))
        rungs.append(self._rung_vendor_code(query))
        return rungs

    @api.model
    def _get_weak_rungs(self, query, thorough=True):
        """Return selects of what contains the text, or looks like it.

        :param bool thorough: also look inside numbers and for look-alikes
        """
        rungs = [self._rung_code_infix(query), self._rung_name(query)]
        if query.partner_ids:
            rungs.append(self._rung_vendor_infix(query))
        if thorough and self.env["parts.catalog.number"]._any_loaded():
            if self._looks_inside(query):
                rungs.append(self._rung_infix(query))
            if query.looks:
                rungs.append(self._rung_similar(query))
        return rungs

    @api.model
    def _looks_inside(self, query):
        """Tell whether numbers that contain the text can be found by an index."""
        keys = query.keys
        return self.env.registry.has_trigram and keys and len(keys[0]) >= SHORTEST_INFIX

    @api.model
    def _rung_number(self, query):
        """The number itself, then numbers that begin so: one walk through the index."""
        # ~<~ is the order of the index, so that a limit stops the reading
        return SQL(
            """
            SELECT product_tmpl_id, product_id, id,
                   CASE WHEN key <> %(key)s THEN %(prefix)s ELSE %(rung)s END,
                   CASE WHEN key <> %(key)s THEN key
                        WHEN kind = 'oe' THEN %(own)s ELSE '1' END
              FROM parts_catalog_number WHERE key LIKE %(pattern)s
             ORDER BY key USING ~<~
            """,
            key=query.keys[0],
            pattern=f"{query.keys[0]}%",
            prefix=PREFIX,
            rung=self._rung_of_number(query),
            own=OE,
        )

    @api.model
    def _rung_further_numbers(self, query):
        return SQL(
            """
            SELECT product_tmpl_id, product_id, id, %s,
                   CASE WHEN kind = 'oe' THEN %s ELSE '1' END
              FROM parts_catalog_number WHERE key = ANY(%s)
            """,
            self._rung_of_number(query),
            OE,
            list(query.keys[1:]),
        )

    @api.model
    def _rung_of_number(self, query):
        """Return SQL for the rung of a number that is equal to the one asked for."""
        if not query.make_ids:
            return SQL(
                "CASE kind WHEN 'interchange' THEN %s ELSE %s END", INTERCHANGE, ASKED
            )
        return SQL(
            """
            CASE WHEN kind = 'interchange' THEN %s
                 WHEN brand_id IS NOT NULL OR make_id = ANY(%s) OR group_id = ANY(%s)
                 THEN %s ELSE %s END
            """,
            INTERCHANGE,
            list(query.make_ids),
            list(query.group_ids),
            ASKED,
            OTHER_MAKE,
        )

    @api.model
    def _rung_shared(self, query):
        """Parts with an OE number of the part whose trade number was asked for."""
        return SQL(
            """
            SELECT other.product_tmpl_id, other.product_id, other.id, %s, ''
              FROM parts_catalog_number asked
              JOIN parts_catalog_number own
                ON own.product_tmpl_id = asked.product_tmpl_id AND own.kind = 'oe'
               AND (own.product_id IS NULL OR asked.product_id IS NULL
                    OR own.product_id = asked.product_id)
              JOIN parts_catalog_number other
                ON other.key = own.key AND other.kind = 'oe'
               AND other.make_id IS NOT DISTINCT FROM own.make_id
               AND other.group_id IS NOT DISTINCT FROM own.group_id
             WHERE asked.key = ANY(%s) AND asked.kind = 'trade'
            """,
            SHARED,
            list(query.keys),
        )

    @api.model
    def _rung_superseded(self, successors):
        """The word is the successor's place in the list, then ``i`` for interchange.

        So the part that has the new number comes before those offered instead of it.
        """
        asked = SQL(", ").join(
            SQL(
                "(%s, %s, %s::int, %s::int, %s::int)",
                f"{place:03}",
                successor["key"],
                successor.get("group_id") or None,
                successor.get("make_id") or None,
                successor.get("brand_id") or None,
            )
            for place, successor in enumerate(successors)
        )
        return SQL(
            """
            SELECT n.product_tmpl_id, n.product_id, n.id, %s,
                   s.place || CASE n.kind WHEN 'interchange' THEN 'i' ELSE '' END
              FROM (VALUES %s) s(place, key, group_id, make_id, brand_id)
              JOIN parts_catalog_number n ON n.key = s.key
              LEFT JOIN parts_catalog_make m ON m.id = n.make_id
             WHERE n.brand_id = s.brand_id OR n.make_id = s.make_id
                OR n.group_id = s.group_id OR m.group_id = s.group_id
            """,
            SUPERSEDED,
            asked,
        )

    @api.model
    def _rung_infix(self, query):
        return SQL(
            """
            SELECT product_tmpl_id, product_id, id, %s, key
              FROM parts_catalog_number
             WHERE key LIKE %s AND key NOT LIKE %s
            """,
            INFIX,
            f"%{query.keys[0]}%",
            f"{query.keys[0]}%",
        )

    @api.model
    def _rung_similar(self, query):
        return SQL(
            """
            SELECT product_tmpl_id, product_id, id, %s, key
              FROM parts_catalog_number
             WHERE %s = ANY(%s) AND key <> ALL(%s)
            """,
            SIMILAR,
            SQL(LOOK_SQL),
            list(query.looks),
            list(query.keys),
        )

    @api.model
    def _rung_code(self, text):
        """The reference itself, then those that begin so."""
        return SQL(
            """
            SELECT product_tmpl_id, id, 0,
                   CASE WHEN %(column)s = %(key)s THEN %(code)s ELSE %(prefix)s END,
                   CASE WHEN %(column)s = %(key)s THEN '' ELSE default_code END
              FROM product_product
             WHERE default_code IS NOT NULL AND %(column)s LIKE %(pattern)s
               AND %(key)s <> ''
             ORDER BY %(column)s USING ~<~
            """,
            column=CODE_KEY,
            key=code_key(text),
            pattern=code_key(text, after="%"),
            code=CODE,
            prefix=CODE_PREFIX,
        )

    @api.model
    def _rung_code_infix(self, query):
        # punctuation alone has no key
        if self.env.registry.has_trigram and set(query.text) - set(CODE_PUNCTUATION):
            pattern = code_key(query.text, before="%", after="%")
            inside = SQL("%s LIKE %s", CODE_KEY, pattern)
        else:
            inside = SQL("default_code ILIKE %s", f"%{query.text}%")
        return SQL(
            """
            SELECT product_tmpl_id, id, 0, %s, default_code
              FROM product_product WHERE default_code IS NOT NULL AND %s
            """,
            CODE_INFIX,
            inside,
        )

    @api.model
    def _rung_barcode(self, query):
        return SQL(
            """
            SELECT product_tmpl_id, id, 0, %s, ''
              FROM product_product WHERE barcode = %s
            """,
            BARCODE,
            query.text,
        )

    @api.model
    def _rung_customer_code(self, query):
        whose = SQL("true")
        if query.partner_ids:
            whose = SQL("partner_id = ANY(%s)", list(query.partner_ids))
        return SQL(
            """
            SELECT product_tmpl_id, product_id, id, %s, %s
              FROM parts_catalog_customer_code WHERE key = %s AND %s
            """,
            CUSTOMER_CODE,
            OWN if query.partner_ids else "1",
            number_key(query.text[:LONGEST_READ]),
            whose,
        )

    @api.model
    def _rung_vendor_code(self, query):
        return SQL(
            """
            SELECT product_tmpl_id, product_id, id, %s,
                   CASE WHEN partner_id = ANY(%s) THEN %s ELSE '1' END
              FROM product_supplierinfo
             WHERE product_code IS NOT NULL AND %s = %s
               AND (company_id IS NULL OR company_id = ANY(%s))
            """,
            VENDOR_CODE,
            list(query.partner_ids),
            OWN,
            SQL(code_column_key("product_code")),
            code_key(query.text),
            self.env.companies.ids,
        )

    @api.model
    def _rung_vendor_infix(self, query):
        return SQL(
            """
            SELECT product_tmpl_id, product_id, id, %s, ''
              FROM product_supplierinfo
             WHERE partner_id = ANY(%s)
               AND (product_code ILIKE %s OR product_name ILIKE %s)
               AND (company_id IS NULL OR company_id = ANY(%s))
            """,
            VENDOR_INFIX,
            list(query.partner_ids),
            f"%{query.text}%",
            f"%{query.text}%",
            self.env.companies.ids,
        )

    @api.model
    def _rung_name(self, query):
        """Parts whose name holds every word: more than core, which wants them in row"""
        # Rules and active hold where the ladder's answer is read.
        templates = self.env["product.template"].sudo().with_context(active_test=False)
        named = templates._search(
            Domain.AND(Domain("name", "ilike", w) for w in query.text.split()[:WORDS])
        )
        return SQL(
            "SELECT id, NULL::int, 0, %s, '' FROM (%s) named(id)", NAME, named.select()
        )

    @api.model
    def _rung_barcode_infix(self, query):
        return SQL(
            """
            SELECT product_tmpl_id, id, 0, %s, ''
              FROM product_product WHERE barcode ILIKE %s
            """,
            BARCODE,
            f"%{query.text}%",
        )

    @api.model
    def _rung_whole_name(self, text):
        templates = self.env["product.template"].sudo().with_context(active_test=False)
        named = templates._search(Domain("name", "ilike", text))
        return SQL(
            "SELECT id, NULL::int, 0, %s, '' FROM (%s) named(id)", NAME, named.select()
        )
