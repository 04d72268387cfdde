from odoo import api, fields, models
from odoo.tools import SQL

from ..utils.cycles import find_cycles
from .parts_catalog_supersession import MODES

# Each round doubles the length of the chains followed: more than there are numbers
MOST_ROUNDS = 40


class PartsCatalogSuccessor(models.Model):
    """Where superseded numbers lead in the end: one row per old number and end.

    Worked out from ``parts.catalog.supersession`` and written by SQL only: no role
    may write here. The chains are followed by doubling: a table of steps is joined
    with itself until every step ends at a number that nothing replaces, so that a
    chain of a thousand numbers takes ten rounds.
    """

    _name = "parts.catalog.successor"
    _description = "Current Number of a Superseded One"
    _order = "id"
    _rec_name = "old_number"
    _log_access = False

    old_key = fields.Char(required=True, readonly=True)
    old_number = fields.Char(required=True, readonly=True)
    new_key = fields.Char(required=True, readonly=True)
    new_number = fields.Char(string="Current Number", required=True, readonly=True)
    # Who gave the numbers: the group if the make has one
    make_id = fields.Many2one(
        comodel_name="parts.catalog.make", readonly=True, ondelete="cascade"
    )
    group_id = fields.Many2one(
        comodel_name="parts.catalog.make.group",
        string="Group of Makes",
        readonly=True,
        ondelete="cascade",
    )
    brand_id = fields.Many2one(
        comodel_name="parts.catalog.brand",
        string="Part Brand",
        readonly=True,
        ondelete="cascade",
    )
    space = fields.Integer(
        readonly=True, help="Number for who gave the numbers: equal if the same."
    )
    mode = fields.Selection(selection=MODES, required=True, readonly=True)
    two_way = fields.Boolean(string="Both Ways", readonly=True)
    ratio = fields.Float(required=True, readonly=True)
    date = fields.Date(string="Since", readonly=True)
    steps = fields.Integer(readonly=True, help="Length of the chain.")
    together = fields.Integer(
        readonly=True, help="Equal for new numbers that are needed together."
    )
    noticed = fields.Boolean(
        readonly=True, help="Whoever has the old number on order was told."
    )

    _once = models.UniqueIndex("(old_key, space, new_key)")
    _new_key_idx = models.Index("(new_key text_pattern_ops)")
    _not_noticed_idx = models.Index("(id) WHERE noticed IS NOT TRUE")
    _make_id_idx = models.Index("(make_id) WHERE make_id IS NOT NULL")
    _group_id_idx = models.Index("(group_id) WHERE group_id IS NOT NULL")
    _brand_id_idx = models.Index("(brand_id) WHERE brand_id IS NOT NULL")

    # === BUILDING === #

    @api.model
    def _rebuild(self, keys=None):
        """Bring the table up to date; see ``parts.catalog.supersession._resolve``.

        :return: True if any row was added, changed or taken out
        """
        self.flush_model()
        self._drop_tables()
        if keys is not None:
            self._collect_scope(keys)
        self._collect_steps(scoped=keys is not None)
        self._take_out_cycles()
        self._follow_steps()
        changed = self._write_ends(scoped=keys is not None)
        self._drop_tables()
        if changed and keys is None:
            # Without figures the planner reads a freshly loaded table from end to end
            self.env.cr.execute("ANALYZE parts_catalog_supersession")
            self.env.cr.execute("ANALYZE parts_catalog_successor")
        self.invalidate_model()
        return changed

    @api.model
    def _get_cycles(self, rows=None):
        """Return the cycles of supersessions.

        :param rows: SQL that selects ``space``, ``old_key``, ``old_number``,
            ``new_key``, ``new_number`` of steps; None: those of the catalogue
        :return: list of lists of triples (space, key, number), in the order of a walk
        """
        self._drop_tables()
        if rows is None:
            self._collect_steps(scoped=False)
        else:
            unused = (
                "NULL AS mode, 1::float8 AS ratio, NULL::date AS date,"
                " FALSE AS two_way, NULL::int AS together, 1 AS steps"
            )
            self._create_table("row", SQL(f"SELECT *, {unused} FROM (%s) r", rows))
            self._number_steps()
        cycles = find_cycles(self._fetch_steps())
        nodes = {node for cycle in cycles for node in cycle}
        found = {}
        if nodes:
            found = {
                id_: node
                for id_, *node in self.env.execute_query(
                    SQL(
                        "SELECT id, space, key, number FROM parts_tmp_node"
                        " WHERE id IN %s",
                        tuple(nodes),
                    )
                )
            }
        self._drop_tables()
        return [[tuple(found[node]) for node in cycle] for cycle in cycles]

    @api.model
    def _drop_tables(self):
        for table in ("scope", "row", "node", "step", "next", "end"):
            self.env.cr.execute(
                SQL("DROP TABLE IF EXISTS %s", SQL.identifier(f"parts_tmp_{table}"))
            )

    @api.model
    def _collect_scope(self, keys):
        """Note the old numbers that lead through ``keys``: their ends may change."""
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMP TABLE parts_tmp_scope ON COMMIT DROP AS
                WITH RECURSIVE before(space, key) AS (
                    (
                        SELECT %(space)s, s.old_key
                          FROM parts_catalog_supersession s
                     LEFT JOIN parts_catalog_make m ON m.id = s.make_id
                         WHERE s.old_key IN %(keys)s
                         UNION
                        SELECT space, old_key
                          FROM parts_catalog_successor
                         WHERE old_key IN %(keys)s
                    )
                     UNION
                    SELECT b.space, s.old_key
                      FROM before b
                      JOIN parts_catalog_supersession s
                        ON s.new_key = b.key AND s.active
                 LEFT JOIN parts_catalog_make m ON m.id = s.make_id
                     WHERE %(space)s = b.space
                )
                SELECT space, key FROM before
                """,
                keys=tuple(keys),
                space=self.env["parts.catalog.supersession"]._get_space_sql("s", "m"),
            )
        )

    @api.model
    def _collect_steps(self, scoped):
        """Write the steps into a table of whole numbers, and the numbers beside it.

        :param bool scoped: only steps from numbers of the scope; what lies behind
            them is known already
        """
        steps = SQL(
            """
            SELECT %(space)s AS space, s.old_key, s.old_number, s.new_key,
                   s.new_number, s.mode, s.ratio::float8 AS ratio, s.date,
                   COALESCE(s.two_way, FALSE) AS two_way,
                   CASE WHEN s.mode = 'and' THEN
                       min(s.id) FILTER (WHERE s.mode = 'and')
                           OVER (PARTITION BY %(space)s, s.old_key)
                   END AS together
              FROM parts_catalog_supersession s
         LEFT JOIN parts_catalog_make m ON m.id = s.make_id
                   %(scope)s
             WHERE s.active
            """,
            space=self.env["parts.catalog.supersession"]._get_space_sql("s", "m"),
            scope=SQL(
                """
              JOIN parts_tmp_scope c ON c.key = s.old_key AND c.space = %s
                """,
                self.env["parts.catalog.supersession"]._get_space_sql("s", "m"),
            )
            if scoped
            else SQL(),
        )
        rows = SQL("SELECT *, 1 AS steps FROM (%s) step", steps)
        if scoped:
            rows = self._get_known_sql(steps)
        self._create_table("row", rows)
        self._number_steps()

    @api.model
    def _number_steps(self):
        """Write numbers and the steps between them as whole numbers."""
        self._create_table(
            "node",
            SQL(
                """
                SELECT row_number() OVER ()::int AS id, space, key,
                       min(number) AS number
                  FROM (
                      SELECT space, old_key AS key, old_number AS number
                        FROM parts_tmp_row
                       UNION ALL
                      SELECT space, new_key, new_number FROM parts_tmp_row
                  ) number
                 GROUP BY space, key
                """
            ),
        )
        self._create_table(
            "step",
            SQL(
                """
                SELECT o.id AS src, n.id AS dst, r.mode, r.ratio, r.date, r.two_way,
                       r.together, r.steps
                  FROM parts_tmp_row r
                  JOIN parts_tmp_node o ON o.space = r.space AND o.key = r.old_key
                  JOIN parts_tmp_node n ON n.space = r.space AND n.key = r.new_key
                """
            ),
        )

    @api.model
    def _get_known_sql(self, steps):
        """Return steps that go on to the known end where they leave the scope."""
        return SQL(
            """
            SELECT step.space, step.old_key, step.old_number,
                   COALESCE(e.new_key, step.new_key) AS new_key,
                   COALESCE(e.new_number, step.new_number) AS new_number,
                   CASE WHEN e.id IS NULL OR e.mode = 'replace'
                        THEN step.mode ELSE e.mode END AS mode,
                   step.ratio * COALESCE(e.ratio, 1) AS ratio,
                   GREATEST(step.date, e.date) AS date,
                   step.two_way AND COALESCE(e.two_way, TRUE) AS two_way,
                   COALESCE(step.together, e.together) AS together,
                   1 + COALESCE(e.steps, 0) AS steps
              FROM (%s) step
         LEFT JOIN parts_tmp_scope c ON c.key = step.new_key AND c.space = step.space
         LEFT JOIN parts_catalog_successor e
                ON c.key IS NULL
               AND e.old_key = step.new_key
               AND e.space = step.space
            """,
            steps,
        )

    @api.model
    def _create_table(self, name, query):
        """Create a table of this transaction, with figures for the planner."""
        table = SQL.identifier(f"parts_tmp_{name}")
        create = SQL("CREATE TEMP TABLE %s ON COMMIT DROP AS %s", table, query)
        self.env.cr.execute(create)
        self.env.cr.execute(SQL("ANALYZE %s", table))

    @api.model
    def _fetch_steps(self):
        self.env.cr.execute("SELECT src, dst FROM parts_tmp_step")
        while rows := self.env.cr.fetchmany(10000):
            yield from rows

    @api.model
    def _take_out_cycles(self):
        """Leave out the steps within a cycle: chains end where they enter it."""
        for cycle in find_cycles(self._fetch_steps()):
            nodes = tuple(cycle)
            self.env.cr.execute(
                SQL(
                    "DELETE FROM parts_tmp_step WHERE src IN %s AND dst IN %s",
                    nodes,
                    nodes,
                )
            )

    @api.model
    def _follow_steps(self):
        """Join the steps with themselves until each ends where nothing follows."""
        self._create_table("next", SQL("SELECT DISTINCT src FROM parts_tmp_step"))
        self._replace_steps(
            SQL(
                """
                SELECT s.*, n.src IS NULL AS ended
                  FROM parts_tmp_step s
             LEFT JOIN parts_tmp_next n ON n.src = s.dst
                """
            )
        )
        for _round in range(MOST_ROUNDS):
            self.env.cr.execute(
                "SELECT EXISTS (SELECT FROM parts_tmp_step WHERE NOT ended)"
            )
            if not self.env.cr.fetchone()[0]:
                return
            self._replace_steps(
                SQL(
                    """
                    SELECT src, dst, mode, ratio, date, two_way, together, steps, ended
                      FROM parts_tmp_step
                     WHERE ended
                     UNION ALL
                    SELECT a.src, b.dst,
                           CASE WHEN b.mode = 'replace' THEN a.mode ELSE b.mode END,
                           a.ratio * b.ratio, GREATEST(a.date, b.date),
                           a.two_way AND b.two_way,
                           COALESCE(a.together, b.together),
                           a.steps + b.steps, b.ended
                      FROM parts_tmp_step a
                      JOIN parts_tmp_step b ON b.src = a.dst
                     WHERE NOT a.ended
                    """
                )
            )

    @api.model
    def _replace_steps(self, query):
        """Put the rows of ``query`` in the place of the steps, each pair once."""
        self.env.cr.execute("DROP TABLE IF EXISTS parts_tmp_end")
        self._create_table(
            "end",
            SQL(
                """
                SELECT DISTINCT ON (src, dst) *
                  FROM (%s) step
                 ORDER BY src, dst, steps, together
                """,
                query,
            ),
        )
        self.env.cr.execute("DROP TABLE parts_tmp_step")
        self.env.cr.execute("ALTER TABLE parts_tmp_end RENAME TO parts_tmp_step")

    @api.model
    def _write_ends(self, scoped):
        """Write what differs from the ends known so far; return if anything did."""
        self._create_table(
            "end",
            SQL(
                """
                SELECT o.space, o.key AS old_key, o.number AS old_number,
                       n.key AS new_key, n.number AS new_number,
                       t.mode, t.ratio, t.date, t.two_way, t.together, t.steps
                  FROM parts_tmp_step t
                  JOIN parts_tmp_node o ON o.id = t.src
                  JOIN parts_tmp_node n ON n.id = t.dst
                """
            ),
        )
        changed = False
        for query in self._get_write_queries(scoped):
            self.env.cr.execute(query)
            changed = changed or bool(self.env.cr.rowcount)
        return changed

    @api.model
    def _get_write_queries(self, scoped):
        same = SQL(
            "e.old_key = s.old_key AND e.space = s.space AND e.new_key = s.new_key"
        )
        in_scope = SQL(
            """
            EXISTS (SELECT FROM parts_tmp_scope c
                     WHERE c.key = s.old_key AND c.space = s.space) AND
            """
        )
        yield SQL(
            """
            DELETE FROM parts_catalog_successor s
             WHERE %s NOT EXISTS (SELECT FROM parts_tmp_end e WHERE %s)
            """,
            in_scope if scoped else SQL(),
            same,
        )
        yield SQL(
            """
            UPDATE parts_catalog_successor s
               SET old_number = e.old_number, new_number = e.new_number,
                   mode = e.mode, ratio = e.ratio, date = e.date,
                   two_way = e.two_way, together = e.together, steps = e.steps
              FROM parts_tmp_end e
             WHERE %s
               AND (s.old_number, s.new_number, s.mode, s.ratio, s.date, s.two_way,
                    s.together, s.steps)
                   IS DISTINCT FROM
                   (e.old_number, e.new_number, e.mode, e.ratio, e.date, e.two_way,
                    e.together, e.steps)
            """,
            same,
        )
        yield SQL(
            """
            INSERT INTO parts_catalog_successor
                   (old_key, old_number, new_key, new_number, space, group_id, make_id,
                    brand_id, mode, ratio, date, two_way, together, steps, noticed)
            SELECT e.old_key, e.old_number, e.new_key, e.new_number, e.space,
                   CASE e.space %% 4 WHEN 0 THEN e.space / 4 END,
                   CASE e.space %% 4 WHEN 1 THEN e.space / 4 END,
                   CASE e.space %% 4 WHEN 2 THEN e.space / 4 END,
                   e.mode, e.ratio, e.date, e.two_way, e.together, e.steps, FALSE
              FROM parts_tmp_end e
             WHERE NOT EXISTS (SELECT FROM parts_catalog_successor s WHERE %s)
            """,
            same,
        )
