from odoo import api, models
from odoo.tools import SQL

from ..utils.row_reader import SEPARATOR

# So many numbers of a cycle are written out
CYCLE_NAMED = 20


class PartsCatalogLoaderSupersession(models.AbstractModel):
    _name = "parts.catalog.loader.supersession"
    _inherit = ["parts.catalog.loader"]
    _description = "Loader of Supersessions"

    _target = "parts.catalog.supersession"
    _shared = True
    _issue_part = "old_key"
    _loaded = (
        "old_number",
        "old_key",
        "new_number",
        "new_key",
        "make_id",
        "group_id",
        "brand_id",
        "date",
        "mode",
        "two_way",
        "ratio",
        "active",
    )
    _identities = (
        (
            ("old_key", "new_key"),
            ("old_key", "new_key", "make_id", "group_id", "brand_id"),
        ),
    )

    @api.model
    def _look_up(self, job):
        self._map_owners(job)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(load)s (line, sheet, times, old_number, old_key,
                                      new_number, new_key, make_id, group_id, brand_id,
                                      date, mode, two_way, ratio, active)
                SELECT DISTINCT ON (s.old_key, s.new_key, o.make_id, o.group_id,
                                    o.brand_id)
                       s.line, s.sheet,
                       count(*) OVER (PARTITION BY s.old_key, s.new_key, o.make_id,
                                                   o.group_id, o.brand_id),
                       s.old_number, s.old_key, s.new_number, s.new_key, o.make_id,
                       o.group_id, o.brand_id, s.date, s.mode, s.two_way, s.ratio, TRUE
                  FROM %(stage)s s
                  JOIN parts_import_owner o ON o.owner = s.owner
                   AND num_nonnulls(o.make_id, o.group_id, o.brand_id) = 1
              ORDER BY s.old_key, s.new_key, o.make_id, o.group_id, o.brand_id, s.line
                """,
                load=self._sql_table(job, "load"),
                stage=self._sql_table(job, "stage"),
            )
        )
        self._hold_others(job)

    # === CYCLES === #

    @api.model
    def _pair(self, job):
        """Override: what would lead a number back to itself is not loaded."""
        result = super()._pair(job)
        if self._has_new(job):
            self._refuse_cycles(job)
        return result

    @api.model
    def _has_new(self, job):
        [[found]] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM %s l WHERE held IS NOT TRUE
                      AND NOT EXISTS (SELECT FROM parts_import_pair p WHERE p.n = l.n))
                """,
                self._sql_table(job, "load"),
            )
        )
        return found

    @api.model
    def _refuse_cycles(self, job):
        """Take the file's steps of cycles out, and name each with its row.

        Looked at is what would be in the catalogue after the import.
        """
        space = self.env["parts.catalog.supersession"]._get_space_sql("s", "m")
        columns = SQL("%s AS space, old_key, old_number, new_key, new_number", space)
        steps = SQL(
            """SELECT %(columns)s FROM parts_catalog_supersession s
            LEFT JOIN parts_catalog_make m ON m.id = s.make_id
                WHERE s.active AND NOT EXISTS (
                    SELECT FROM parts_import_gone g WHERE g.id = s.id)
                UNION ALL
               SELECT %(columns)s FROM %(load)s s
            LEFT JOIN parts_catalog_make m ON m.id = s.make_id
                WHERE s.held IS NOT TRUE AND NOT EXISTS (
                    SELECT FROM parts_import_pair p WHERE p.n = s.n)""",
            columns=columns,
            load=self._sql_table(job, "load"),
        )
        cycles = self.env["parts.catalog.successor"]._get_cycles(steps)
        if not cycles:
            return
        self._fill_temporary(
            "cycle",
            [
                *(("cycle", "integer"), ("space", "bigint"), ("key", "text")),
                ("walk", "text"),
            ],
            (
                (place, step_space, key, self._format_cycle(cycle))
                for place, cycle in enumerate(cycles)
                for step_space, key, _number in cycle
            ),
        )
        self._temporary(
            "refused",
            SQL(
                """SELECT s.n, s.line, s.sheet, o.walk
                     FROM (SELECT x.*, %(space)s AS space
                             FROM %(load)s x
                             JOIN %(load)s s ON s.n = x.n
                        LEFT JOIN parts_catalog_make m ON m.id = s.make_id) s
                     JOIN parts_import_cycle o
                       ON o.space = s.space AND o.key = s.old_key
                     JOIN parts_import_cycle n
                       ON n.space = s.space AND n.key = s.new_key
                      AND n.cycle = o.cycle""",
                space=space,
                load=self._sql_table(job, "load"),
            ),
        )
        self._add_issues(
            job,
            SQL(
                """SELECT line, sheet, 'new_number', 'cycle', walk, NULL, FALSE
                     FROM parts_import_refused"""
            ),
        )
        # What the catalogue has already is named, but stays as it is
        self.env.cr.execute(
            SQL(
                """DELETE FROM %s l USING parts_import_refused r
                    WHERE r.n = l.n AND NOT EXISTS (
                        SELECT FROM parts_import_pair p WHERE p.n = l.n)""",
                self._sql_table(job, "load"),
            )
        )

    @api.model
    def _format_cycle(self, cycle):
        """Return the numbers of a cycle in a line, beginning and ending with one."""
        numbers = [number for _space, _key, number in cycle[:CYCLE_NAMED]]
        if len(cycle) > CYCLE_NAMED:
            numbers.append("…")
        return " → ".join([*numbers, numbers[0]])

    # === KEEPING AND SWITCHING === #

    @api.model
    def _sql_kept(self, job):
        """Override: what is said of a number whose row cannot be read stays."""
        self._temporary(
            "spared",
            SQL(
                """SELECT DISTINCT unnest(string_to_array(part, %s)) AS key
                     FROM parts_catalog_import_issue
                    WHERE import_id = %s AND part IS NOT NULL""",
                SEPARATOR,
                job.id,
            ),
        )
        return SQL("EXISTS (SELECT FROM parts_import_spared k WHERE k.key = o.old_key)")

    @api.model
    def _after_switch(self, job):
        """Work out the ends of chains again."""
        self.env["parts.catalog.supersession"]._resolve()
