import re
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..utils.number_cell import read_number_cell
from ..utils.part_number import (
    CODE_PUNCTUATION,
    SHORTEST_INFIX,
    look_key,
    lookup_key,
    number_key,
)
from ..utils.part_number_sql import LOOK_SQL, code_column_key, code_key
from .parts_catalog_brand import GRADES

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
# Typed texts that are read for several numbers, and how many of those are looked up
LONGEST_READ = 200
MOST_NUMBERS = 5
CODE_KEY = SQL(code_column_key("default_code"))
GRADE_RANK = {grade: rank for rank, (grade, _label) in enumerate(GRADES)}
# Modules whose name_search of products the ladder covers
COVERED = {"odoo.orm.models", "odoo.addons.product", "odoo.addons.auto_parts_sales"}


class PartQuery(NamedTuple):
    """What was typed, read once for every rung."""

    text: str  # as typed, without padding
    keys: tuple = ()  # search keys of the numbers in it; empty: no number
    looks: tuple = ()  # what those may look like
    codes: tuple = ()  # texts that may be a code of our own
    partner_ids: tuple = ()  # who asks, and his company
    make_ids: tuple = ()  # makes whose number is asked for; empty: any
    group_ids: tuple = ()


class Match(NamedTuple):
    """A part that was found: where on the ladder, and by which record."""

    part_id: int
    rung: int
    ref: int  # number, customer's code or vendor's price line; 0: none
    word: str  # sorts within a rung
    exact: bool


class PartsCatalogLookup(models.AbstractModel):
    """Which parts a typed text may mean: the ladder behind every search of products.

    Each rung is a query of its own on an index; those that cost little go to the
    database together, as a ``UNION ALL``. What it answers is then read once through
    the ORM, so that record rules, ``active``, company and the caller's domain hold
    before the limit.
    """

    _name = "parts.catalog.lookup"
    _description = "Part Look-up"

    # === READING === #

    @api.model
    def _read_query(self, text, partner=None, make=None):
        """Return the PartQuery of a typed text.

        :param str text: what was typed
        :param partner: res.partner who asks (customer or vendor), or none
        :param make: parts.catalog.make whose numbers are meant, or none: any
        """
        text = " ".join((text or "").replace("\0", "").split())
        keys = self._get_keys(text)
        codes = [text]
        if bracketed := re.search(r"\[(.*?)\]", text):
            codes.append(bracketed[1])
        partners = partner | partner.commercial_partner_id if partner else ()
        makes = make.sudo() if make else ()
        groups = makes.group_id if makes else ()
        if groups:
            makes |= makes.search([("group_id", "in", groups.ids)])
        return PartQuery(
            text=text,
            keys=keys,
            looks=self._get_looks(text),
            codes=tuple(filter(None, codes)),
            partner_ids=tuple(partners and partners.ids),
            make_ids=tuple(makes and makes.ids),
            group_ids=tuple(groups and groups.ids),
        )

    @api.model
    def _get_keys(self, text):
        """Return the search keys of a text: of the whole, then of numbers in it.

        People write the brand before a number, or several numbers at once.
        """
        whole = lookup_key(text)
        if not whole:
            return ()
        keys = [whole]
        if len(text) <= LONGEST_READ:
            cells = [cell for cell in read_number_cell(text) if cell.certain]
            keys += [lookup_key(cell.number) for cell in cells[:MOST_NUMBERS]]
        long_enough = [key for key in keys[1:] if len(key) > SHORTEST_INFIX]
        return tuple(dict.fromkeys([whole, *long_enough]))

    @api.model
    def _get_looks(self, text):
        """Return how the key of a text may look, as tuple of keys; empty: no number."""
        key = number_key(text[:LONGEST_READ])
        look = look_key(key)
        if len(key) < SHORTEST_INFIX or not any(char.isdigit() for char in look):
            return ()
        looks = [look]
        # One maker prints its ten digits with and without the letter in front
        if re.fullmatch(r"[A-Z]\d{10,12}", key):
            looks.append(look_key(key[1:]))
        elif re.fullmatch(r"\d{10,12}", key):
            looks.append(look_key(f"A{key}"))
        return tuple(looks)

    @api.model
    def _get_successors(self, query):
        """Return what replaced the numbers asked for.

        :return: list of dicts of ``parts.catalog.supersession._get_successors``
        """
        chains = self.env["parts.catalog.supersession"]
        if not query.keys or not chains._any_loaded():
            return []
        # Most numbers were never superseded: that costs less to find out
        chains.flush_model(["old_key", "new_key", "two_way"])
        superseded = self.env.execute_query(
            SQL(
                """
                SELECT old_key FROM parts_catalog_supersession
                 WHERE old_key = ANY(%(keys)s)
                UNION ALL
                SELECT new_key FROM parts_catalog_supersession
                 WHERE new_key = ANY(%(keys)s) AND two_way
                """,
                keys=list(query.keys),
            )
        )
        keys = {key for [key] in superseded}
        return [
            found
            for key in query.keys
            if key in keys
            for found in chains._get_successors(key)
        ]

    @api.model
    def _get_missing(self):
        """Return in a sentence what the database lacks for all searches, or False."""
        _ = self.env._
        if not self.env.registry.has_trigram:
            return _(
                "Numbers are found by how they begin, not by what they contain, and"
                " searches by name are slow: the database has no extension pg_trgm."
                " Have it created (CREATE EXTENSION pg_trgm), then upgrade this app."
            )
        [[there]] = self.env.execute_query(
            SQL("SELECT to_regclass('parts_catalog_number_key_trigram_idx') NOTNULL")
        )
        return not there and _(
            "Numbers are found slowly by what they contain: the index is not there."
            " Upgrade this app."
        )

    # === RUNGS === #
    # Each returns a select of: template, variant (NULL: all), ref, rung, word.

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
        """The word is the successor's place in the list."""
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
            SELECT n.product_tmpl_id, n.product_id, n.id, %s, s.place
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

    # === THE LADDER === #

    @api.model
    def _flush(self):
        """Send what the rungs read, where it still waits."""
        env = self.env
        owned = ["key", "product_tmpl_id", "product_id"]
        env["parts.catalog.number"].flush_model([*owned, "kind", "make_id", "group_id"])
        env["parts.catalog.customer.code"].flush_model([*owned, "partner_id"])
        env["product.product"].flush_model(["default_code", "barcode"])
        env["product.product"].flush_model(["product_tmpl_id"])
        env["product.template"].flush_model(["parts_grade"])
        env["product.supplierinfo"].flush_model()

    @api.model
    def _union(self, rungs, bound=None):
        """Return the rungs as one select, each cut off at ``bound`` rows."""
        limit = SQL("LIMIT %s", bound) if bound else SQL()
        return SQL(" UNION ALL ").join(
            SQL(
                "(SELECT %s AS nr, tmpl, variant, ref, rung, word"
                "   FROM (%s) r(tmpl, variant, ref, rung, word) %s)",
                nr,
                rung,
                limit,
            )
            for nr, rung in enumerate(rungs)
        )

    @api.model
    def _select_parts(self, parts, union):
        """Return the select of parts of ``union``: nr, id, ref, rung, word, grade."""
        if parts._name == "product.template":
            return SQL(
                """
                SELECT nr, tmpl, ref, rung, word, t.parts_grade
                  FROM (%s) found JOIN product_template t ON t.id = tmpl
                """,
                union,
            )
        return SQL(
            """
            SELECT nr, p.id, ref, rung, word, t.parts_grade
              FROM (%s) found
              JOIN product_template t ON t.id = tmpl
              JOIN product_product p
                ON p.product_tmpl_id = tmpl AND (variant IS NULL OR variant = p.id)
            """,
            union,
        )

    @api.model
    def _match(self, parts, query, domain, limit=None, thorough=True, fetch=()):
        """Return the parts that a query may mean, best first: list of Match.

        :param parts: the model to find, product.product or product.template, with
            the user and context whose record rules and ``active_test`` hold
        :param domain: must hold for each part
        :param limit: most parts; None: all
        :param bool thorough: look for parts that contain the number or look like it
            also where something was named completely
        :param fetch: fields of the parts to read with them
        """
        found = {}
        if not query.text:
            return []
        self._flush()
        successors = self._get_successors(query)
        rungs = self._get_strong_rungs(query, successors)
        self._climb(parts, rungs, domain, limit, fetch, found)
        if any(match.rung == ASKED and match.word != OE for match in found.values()):
            # a brand's own number: the others that share an OE number with that part
            found.clear()
            rungs.append(self._rung_shared(query))
            self._climb(parts, rungs, domain, limit, fetch, found)
        if not limit or len(found) < limit:
            if not thorough:
                thorough = not any(match.exact for match in found.values())
            rungs = self._get_weak_rungs(query, thorough)
            self._climb(parts, rungs, domain, limit, fetch, found)
        return list(found.values())

    @api.model
    def _climb(self, parts, rungs, domain, limit, fetch, found):
        """Add to ``found`` what the rungs find, until there are ``limit``."""
        rest = limit and limit - len(found)
        bound = rest and 4 * rest + 100
        while True:
            rows = self.env.execute_query(
                self._select_parts(parts, self._union(rungs, bound))
            )
            matches = self._admit(parts, rows, domain, fetch, found)
            if not bound or not self._is_cut(rows, matches, bound, rest):
                break
            bound = None
        for match in matches[:rest]:
            found[match.part_id] = match

    @api.model
    def _is_cut(self, rows, matches, bound, rest):
        """Tell whether a rung was cut off that could still have filled the limit."""
        counts, rung_of = {}, {}
        for nr, part_id, ref, rung, word, _grade in rows:
            counts.setdefault(nr, set()).add((ref, word, part_id))
            rung_of[nr] = max(rung, rung_of.get(nr, 0))
        cut = [rung_of[nr] for nr, seen in counts.items() if len(seen) >= bound]
        return cut and sum(match.rung <= min(cut) for match in matches) < rest

    @api.model
    def _admit(self, parts, rows, domain, fetch, found):
        """Return the best Match of each part that rules and ``domain`` let through."""
        best, grades = {}, {}
        for _nr, part_id, ref, rung, word, grade in rows:
            grades[part_id] = GRADE_RANK.get(grade, len(GRADE_RANK))
            match = Match(part_id, rung, ref, word or "", self._is_exact(rung, word))
            known = best.get(part_id)
            if part_id not in found and (not known or match[1:] < known[1:]):
                best[part_id] = match
        if not best:
            return []
        allowed = parts.search_fetch(Domain("id", "in", list(best)) & domain, fetch)
        order = {part_id: position for position, part_id in enumerate(allowed._ids)}

        def rank(match):
            grade, position = grades[match.part_id], order[match.part_id]
            if match.rung in (INTERCHANGE, SHARED):
                return INTERCHANGE, 0, "", grade, position
            # of numbers that begin so, the shortest is nearest
            length = len(match.word) if match.rung in (PREFIX, CODE_PREFIX) else 0
            by_grade = grade if match.rung <= SUPERSEDED else 0
            return match.rung, length, match.word, by_grade, position

        return sorted((best[part_id] for part_id in order), key=rank)

    @api.model
    def _get_part_ids(self, text):
        """Return the ids of the products with exactly this number, in any spelling.

        The engine's own look-up: one indexed query, without record rules, companies
        or archive; what shows parts to people goes through :meth:`_match`.
        """
        key = self.env["parts.catalog.number"]._get_lookup_key(text)
        if not key:
            return []
        parts = self.env["product.product"]
        found = self.env["parts.catalog.number"]._get_parts_sql(parts, key)
        return [id_ for [id_] in self.env.execute_query(found)]

    @api.model
    def _get_vehicle_part_ids(self, vehicle, limit=None, offset=0):
        """Return the ids of the products listed for a vehicle, in their usual order.

        The engine's own look-up, as :meth:`_get_part_ids`: active products, without
        record rules and companies.
        """
        self.env["parts.catalog.fitment"].flush_model(["product_tmpl_id", "vehicle_id"])
        self.env["product.product"].flush_model(
            ["active", "is_favorite", "default_code", "product_tmpl_id"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT p.id FROM product_product p
                 WHERE p.active AND p.product_tmpl_id IN (
                    SELECT product_tmpl_id FROM parts_catalog_fitment
                     WHERE vehicle_id = %s)
                 ORDER BY p.is_favorite DESC, p.default_code, p.id
                 LIMIT %s OFFSET %s
                """,
                vehicle.id,
                limit,
                offset,
            )
        )
        return [id_ for [id_] in rows]

    @api.model
    def _is_exact(self, rung, word):
        """Tell whether a match names its part completely.

        Someone's own code does so only where it is he who asks.
        """
        return rung in EXACT and (
            rung not in (CUSTOMER_CODE, VENDOR_CODE) or word == OWN
        )

    # === NAMES === #

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
            self._flush()
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

    # === SEARCH BOXES === #

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
        self._flush()
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
