from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..utils.part_number import lookup_key, number_key

MODES = [
    ("replace", "Replaced By"),
    ("and", "Replaced By All of These"),
    ("or", "Replaced By Any of These"),
]
SUPERSESSION_RULES = [
    ("use_up", "Use Up Old Stock First"),
    ("at_once", "Switch at Once"),
]
# A walk along a chain while a customer waits; its current end is known anyway
LONGEST_WALK = 20
MOST_FOUND = 500


class PartsCatalogSupersession(models.Model):
    """One step in the life of a part number: the maker replaced it by another.

    Loads of hundreds of thousands of rows write this table by SQL: no stored
    compute, no tracking, and no other model's compute depends on it. A loader fills
    ``old_key`` and ``new_key`` with :func:`number_key`, leaves out rows whose two
    keys are equal, and calls :meth:`_resolve` afterwards; :meth:`_find_cycles` says
    what of the load leads back to itself.
    """

    _name = "parts.catalog.supersession"
    _inherit = ["parts.catalog.owner.mixin"]
    _description = "Supersession of a Part Number"
    _order = "id desc"
    _rec_name = "old_number"

    # === FIELDS === #

    old_number = fields.Char(required=True, help="As printed by who gave the number.")
    new_number = fields.Char(required=True, help="As printed by who gave the number.")
    old_key = fields.Char(
        string="Search Key of the Old Number",
        required=True,
        readonly=True,
        copy=False,
    )
    new_key = fields.Char(
        string="Search Key of the New Number",
        required=True,
        readonly=True,
        copy=False,
    )
    date = fields.Date(string="Since", help="Day from which the new number holds.")
    mode = fields.Selection(
        selection=MODES,
        required=True,
        default="replace",
        help="All of these: the new parts of all such rows of the old number together"
        " do what the old part did. Any of these: one of them does.",
    )
    two_way = fields.Boolean(
        string="Both Ways",
        help="The old part may still be sold to who asks for the new number.",
    )
    ratio = fields.Float(
        required=True,
        default=1.0,
        help="How many of the new part do what one of the old part did.",
    )
    active = fields.Boolean(default=True)

    current_numbers = fields.Char(
        string="Current Number",
        compute="_compute_current_numbers",
        help="Where the chain ends today.",
    )
    number_search = fields.Char(
        string="Number",
        compute="_compute_number_search",
        search="_search_number_search",
    )

    # === CONSTRAINTS AND INDEXES === #

    # text_pattern_ops serves equality and prefixes, whatever the collation
    _old_key_idx = models.Index("(old_key text_pattern_ops)")
    _new_key_idx = models.Index("(new_key text_pattern_ops)")
    _keys_given = models.Constraint(
        "CHECK (old_key <> '' AND new_key <> '')",
        "A part number needs at least one letter or digit.",
    )
    _not_itself = models.Constraint(
        "CHECK (old_key <> new_key)",
        "A number cannot be replaced by itself.",
    )
    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(make_id, group_id, brand_id) = 1)",
        "A supersession belongs to exactly one make, group of makes or part brand.",
    )
    _ratio_positive = models.Constraint(
        "CHECK (ratio > 0)",
        "How many new parts replace one old part must be more than 0.",
    )
    _once = models.UniqueIndex(
        "(old_key, new_key, COALESCE(make_id, 0), COALESCE(group_id, 0),"
        " COALESCE(brand_id, 0)) WHERE active",
        "This supersession is already there, perhaps in another spelling.",
    )

    @api.constrains("old_key", "new_key", "make_id", "group_id", "brand_id", "active")
    def _check_cycle(self):
        """Refuse what leads a number back to itself."""
        self.flush_model()
        self.env["parts.catalog.make"].flush_model(["group_id"])
        if not self.ids:
            return
        found = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE walk(id, space, start, key) AS (
                    SELECT s.id, %(space)s, s.old_key, s.new_key
                      FROM parts_catalog_supersession s
                 LEFT JOIN parts_catalog_make m ON m.id = s.make_id
                     WHERE s.id IN %(ids)s AND s.active
                     UNION
                    SELECT w.id, w.space, w.start, s.new_key
                      FROM walk w
                      JOIN parts_catalog_supersession s
                        ON s.old_key = w.key AND s.active
                 LEFT JOIN parts_catalog_make m ON m.id = s.make_id
                     WHERE %(space)s = w.space AND w.key <> w.start
                )
                SELECT id FROM walk WHERE key = start LIMIT 1
                """,
                ids=tuple(self.ids),
                space=self._get_space_sql("s", "m"),
            )
        )
        for record in self.browse(row[0] for row in found):
            raise ValidationError(
                self.env._(
                    "%(old)s cannot be replaced by %(new)s: %(new)s is itself replaced,"
                    " in one or more steps, by %(old)s. Take one of these steps out.",
                    old=record.old_number,
                    new=record.new_number,
                )
            )

    # === COMPUTE METHODS === #

    @api.depends("old_number", "new_number")
    def _compute_display_name(self):
        for record in self:
            numbers = filter(None, (record.old_number, record.new_number))
            record.display_name = " → ".join(numbers) or self.env._("New")

    @api.depends("old_key", "make_id", "group_id", "brand_id")
    def _compute_current_numbers(self):
        ends = self.env["parts.catalog.successor"].search(
            [("old_key", "in", list(set(self.mapped("old_key"))))]
        )
        by_old = ends.grouped(lambda end: (end.old_key, end.space))
        for record in self:
            giver = record.make_id or record.group_id or record.brand_id
            space = self._get_space(giver) if giver else 0
            own = by_old.get((record.old_key, space), ends.browse())
            record.current_numbers = ", ".join(own.mapped("new_number"))

    def _compute_number_search(self):
        self.number_search = False

    @api.model
    def _search_number_search(self, operator, value):
        """Find steps from or to a number in any spelling, by how it begins."""
        if operator not in ("ilike", "="):
            return NotImplemented
        key = number_key(value)
        if not key:
            return Domain.FALSE
        match = SQL("LIKE %s", f"{key}%") if operator == "ilike" else SQL("= %s", key)
        self.flush_model(["old_key", "new_key"])
        both = SQL(
            """(
                SELECT id FROM parts_catalog_supersession WHERE old_key %(match)s
                 UNION ALL
                SELECT id FROM parts_catalog_supersession WHERE new_key %(match)s
            )""",
            match=match,
        )
        return Domain("id", "in", both)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        context = self.env.context
        defaults = {
            name: context[f"default_{name}"]
            for name in ("old_number", "new_number")
            if context.get(f"default_{name}")
        }
        vals_list = [self._with_keys({**defaults, **vals}) for vals in vals_list]
        for vals in vals_list:
            self._refuse_itself(vals)
        records = super().create(vals_list)
        records._resolve(set(records.mapped("old_key")))
        return records

    def write(self, vals):
        vals = self._with_keys(vals)
        for record in self if vals.keys() & {"old_key", "new_key"} else ():
            record._refuse_itself(vals)
        keys = set(self.mapped("old_key"))
        result = super().write(vals)
        self._resolve(keys | set(self.mapped("old_key")))
        return result

    def unlink(self):
        keys = set(self.mapped("old_key"))
        result = super().unlink()
        self._resolve(keys)
        return result

    @api.model
    def _with_keys(self, vals):
        """Return ``vals`` with the keys that belong to the numbers, and no other."""
        vals = {k: v for k, v in vals.items() if k not in ("old_key", "new_key")}
        for name in ("old", "new"):
            if f"{name}_number" in vals:
                number, key = self._read_number(vals[f"{name}_number"])
                vals.update({f"{name}_number": number, f"{name}_key": key})
        return vals

    def _refuse_itself(self, vals):
        """Refuse a number that would replace itself: on a record, or before it is made.

        :raises ValidationError: with the number as typed
        """
        old_key = vals.get("old_key", self.old_key)
        if old_key and old_key == vals.get("new_key", self.new_key):
            raise ValidationError(
                self.env._(
                    "%(number)s cannot be replaced by itself: enter the number that it"
                    " was replaced by.",
                    number=vals.get("old_number", self.old_number),
                )
            )

    # === WHO GAVE THE NUMBERS === #

    @api.model
    def _get_space_sql(self, row, make):
        """Return an SQL integer that is equal for equal givers of numbers.

        Makes of one group share their numbers, so a chain may begin under the make
        and go on under the group.

        :param str row: alias of a table with make_id, group_id and brand_id
        :param str make: alias of its make, LEFT JOINed
        """
        row, make = SQL.identifier(row), SQL.identifier(make)
        return SQL(
            """(CASE WHEN COALESCE(%(row)s.group_id, %(make)s.group_id) IS NOT NULL
                     THEN COALESCE(%(row)s.group_id, %(make)s.group_id)::bigint * 4
                     WHEN %(row)s.make_id IS NOT NULL
                     THEN %(row)s.make_id::bigint * 4 + 1
                     ELSE %(row)s.brand_id::bigint * 4 + 2 END)""",
            row=row,
            make=make,
        )

    @api.model
    def _get_space(self, make):
        """Return the same integer for a make, group of makes or part brand."""
        if make._name == "parts.catalog.make" and make.group_id:
            make = make.group_id
        kinds = {
            "parts.catalog.make.group": 0,
            "parts.catalog.make": 1,
            "parts.catalog.brand": 2,
        }
        return make.id * 4 + kinds[make._name]

    # === BUSINESS METHODS === #

    @tools.ormcache(cache="stable")
    def _any_loaded(self):
        """Tell, without a query, whether any number was ever superseded."""
        [[any_loaded]] = self.env.execute_query(
            SQL("SELECT EXISTS (SELECT FROM parts_catalog_successor)")
        )
        return any_loaded

    @api.model
    def _note_loaded(self):
        """Tell every worker that there are supersessions now."""
        if self._any_loaded():
            return
        registry = self.env.registry
        registry.clear_cache("stable")
        # Another thread may fill the cache again before this transaction commits.
        self.env.cr.postcommit.add(lambda: registry.clear_cache("stable"))

    @api.model
    def _resolve(self, keys=None):
        """Work out anew to which numbers superseded ones lead in the end.

        Call after writing the table by SQL. Set-based, in this transaction; what
        did not change is not written. Tells owners of open quotations and of reorder
        rules what was superseded.

        :param keys: only numbers that lead through these old keys; None: all
        """
        if keys is not None and not keys:
            return
        self.flush_model()
        self.env["parts.catalog.make"].flush_model(["group_id"])
        changed = self.env["parts.catalog.successor"]._rebuild(keys)
        self._note_loaded()
        if changed:
            self.env["parts.catalog.notice"]._notify()

    @api.model
    def _make_moved(self, makes):
        """Resolve anew what a make in another group of makes concerns."""
        steps = self.with_context(active_test=False).search(
            [("make_id", "in", makes.ids)]
        )
        steps._check_cycle()
        self._resolve(set(steps.mapped("old_key")))

    @api.model
    def _find_cycles(self):
        """Return what leads back to itself, after a load by SQL.

        :return: list of lists of numbers, as printed, in the order of the cycle
        """
        self.flush_model()
        self.env["parts.catalog.make"].flush_model(["group_id"])
        cycles = self.env["parts.catalog.successor"]._get_cycles()
        return [[number for _space, _key, number in cycle] for cycle in cycles]

    @api.model
    @api.readonly
    def _get_successors(self, key, make=None):
        """Return the numbers that may be sold to who asks for a number.

        Forward: what replaced it, first the current ends of the chain, then the
        steps on the way, the newest first (for those who use up old stock, and for
        parts that are listed under a number in between). Backward: what it replaced,
        over steps that hold both ways.

        :param str key: search key of the number asked for
        :param make: make, group of makes or part brand that gave the number; None:
            whoever
        :return: list of dicts: ``key`` and ``number`` (to be sold), ``old_number``
            (the one asked for, as printed), ``mode`` ("replace", "and", "or"),
            ``ratio`` (how many of it do what one of the number asked for did),
            ``date`` (or False), ``two_way``, ``direction`` ("forward", "backward"),
            ``steps``, ``current`` (True for the end of a chain), ``together`` (id:
            all rows with this id and mode "and", and one of those with mode "or",
            are needed together; or False), and the giver of the numbers:
            ``group_id``, ``make_id``, ``brand_id`` (ids or False, exactly one set)
        """
        key = lookup_key(key)
        if not key or not self._any_loaded():
            return []
        self.flush_model()
        self.env["parts.catalog.make"].flush_model(["group_id"])
        rows = self.env.execute_query_dict(
            SQL(
                """
                WITH RECURSIVE forward AS (%(forward)s),
                               backward AS (%(backward)s)
                SELECT * FROM (
                    SELECT s.new_key AS key, s.new_number AS number, s.old_number,
                           s.mode, s.ratio, s.date, s.two_way, s.steps, s.together,
                           s.space, TRUE AS current, 0 AS rank
                      FROM parts_catalog_successor s
                     WHERE s.old_key = %(key)s
                     UNION ALL
                    SELECT key, number, old_number, mode, ratio, date, two_way, steps,
                           together, space, FALSE, 1
                      FROM (SELECT * FROM forward LIMIT %(most)s) f
                     UNION ALL
                    SELECT key, number, old_number, mode, ratio, date, two_way, steps,
                           together, space, FALSE, 2
                      FROM (SELECT * FROM backward LIMIT %(most)s) b
                ) found
                WHERE %(space)s IS NULL OR space = %(space)s
                ORDER BY rank, CASE WHEN rank = 1 THEN -steps ELSE steps END, number
                """,
                forward=self._get_walk_sql(key),
                backward=self._get_walk_sql(key, backward=True),
                key=key,
                most=MOST_FOUND,
                space=self._get_space(make) if make else None,
            )
        )
        found = {}
        for row in rows:
            found.setdefault((row["space"], row["key"]), self._prepare_successor(row))
        return list(found.values())

    @api.model
    def _get_walk_sql(self, key, backward=False):
        """Return the body of a recursive query along a chain.

        The table of the walk is called ``forward`` or ``backward``.
        """
        walk = SQL.identifier("backward" if backward else "forward")
        near, far = ("new", "old") if backward else ("old", "new")
        together = SQL(
            """CASE WHEN s.mode = 'and' AND %s THEN (
                   SELECT min(o.id) FROM parts_catalog_supersession o
                    WHERE o.old_key = s.old_key AND o.mode = 'and' AND o.active
                      AND o.make_id IS NOT DISTINCT FROM s.make_id
                      AND o.group_id IS NOT DISTINCT FROM s.group_id
                      AND o.brand_id IS NOT DISTINCT FROM s.brand_id
               ) END""",
            not backward,
        )
        names = {
            "walk": walk,
            "near_key": SQL.identifier("s", f"{near}_key"),
            "near_number": SQL.identifier("s", f"{near}_number"),
            "far_key": SQL.identifier("s", f"{far}_key"),
            "far_number": SQL.identifier("s", f"{far}_number"),
            "together": together,
            "space": self._get_space_sql("s", "m"),
            "key": key,
            "longest": LONGEST_WALK,
            "ratio": SQL("1 / s.ratio" if backward else "s.ratio"),
            "ways": SQL("AND s.two_way" if backward else ""),
        }
        return SQL(
            """
            SELECT %(far_key)s AS key, %(far_number)s AS number,
                   %(near_number)s AS old_number, s.mode, (%(ratio)s)::float8 AS ratio,
                   s.date, COALESCE(s.two_way, FALSE) AS two_way, 1 AS steps,
                   %(together)s AS together, %(space)s AS space
              FROM parts_catalog_supersession s
         LEFT JOIN parts_catalog_make m ON m.id = s.make_id
             WHERE %(near_key)s = %(key)s AND s.active %(ways)s
             UNION
            SELECT %(far_key)s, %(far_number)s, w.old_number,
                   CASE WHEN s.mode = 'replace' THEN w.mode ELSE s.mode END,
                   w.ratio * (%(ratio)s), GREATEST(w.date, s.date),
                   w.two_way AND COALESCE(s.two_way, FALSE), w.steps + 1,
                   COALESCE(w.together, %(together)s), w.space
              FROM %(walk)s w
              JOIN parts_catalog_supersession s
                ON %(near_key)s = w.key AND s.active %(ways)s
         LEFT JOIN parts_catalog_make m ON m.id = s.make_id
             WHERE %(space)s = w.space AND w.steps < %(longest)s
                   AND %(far_key)s <> %(key)s
            """,
            **names,
        )

    @api.model
    def _prepare_successor(self, row):
        """Return what callers see of a row of :meth:`_get_successors`."""
        owner, kind = divmod(row["space"], 4)
        return {
            "key": row["key"],
            "number": row["number"],
            "old_number": row["old_number"],
            "mode": row["mode"],
            "ratio": row["ratio"],
            "date": row["date"] or False,
            "two_way": row["two_way"],
            "direction": "backward" if row["rank"] == 2 else "forward",
            "steps": row["steps"],
            "current": row["current"],
            "together": row["together"] or False,
            "group_id": owner if kind == 0 else False,
            "make_id": owner if kind == 1 else False,
            "brand_id": owner if kind == 2 else False,
        }
