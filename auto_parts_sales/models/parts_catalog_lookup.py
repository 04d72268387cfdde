import re
from typing import NamedTuple

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..utils.number_cell import read_number_cell
from ..utils.part_number import SHORTEST_INFIX, look_key, lookup_key, number_key
from .parts_catalog_brand import GRADES
from .parts_catalog_lookup_rung import (  # noqa: F401  (the finder says all of them)
    ASKED,
    BARCODE,
    CODE,
    CODE_INFIX,
    CODE_PREFIX,
    CUSTOMER_CODE,
    EXACT,
    INFIX,
    INTERCHANGE,
    LONGEST_READ,
    NAME,
    OE,
    OTHER_MAKE,
    OWN,
    PREFIX,
    SHARED,
    SIMILAR,
    SUPERSEDED,
    VENDOR_CODE,
    VENDOR_INFIX,
)

# How many of the numbers in a typed text are looked up
MOST_NUMBERS = 5
GRADE_RANK = {grade: rank for rank, (grade, _label) in enumerate(GRADES)}


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
    _inherit = ["parts.catalog.lookup.rung"]
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

    # === THE LADDER === #

    @api.model
    def _flush_facts(self):
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
        self._flush_facts()
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

    # === SEARCH BOXES === #
