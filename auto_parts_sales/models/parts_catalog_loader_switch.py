from odoo import api, models
from odoo.tools import SQL


class PartsCatalogLoaderSwitch(models.AbstractModel):
    """What the file has is compared with what its source has in the catalogue, and
    written: removed, changed, added."""

    _name = "parts.catalog.loader.switch"
    _inherit = ["parts.catalog.loader.listing"]
    _description = "Comparing and Writing of Catalogue Imports"

    @api.model
    def _sql_mine(self, job):
        """Return the condition on rows ``o`` of the target that the import replaces."""
        return SQL("o.source_id = %s AND %s", job.source_id.id, self._sql_my_part(job))

    @api.model
    def _sql_my_part(self, job):
        """Return the condition on rows ``o`` of parts that the import knows."""
        if not self._part_column:
            return SQL("TRUE")
        return SQL(
            """EXISTS (SELECT FROM product_template t WHERE t.id = o.product_tmpl_id
                          AND (t.company_id IS NULL OR t.company_id = %s))""",
            job.company_id.id,
        )

    @api.model
    def _pair(self, job):
        """Find for each row of the file the row of the source that it is.

        ``parts_import_pair``: ``n`` of the load table, ``id`` of the target, ``how``:
        0 the same, 1 changed. ``parts_import_gone``: ``id`` of rows to remove.
        """
        target = self.env[self._target]
        target.flush_model()
        self._temporary(
            "old",
            SQL(
                "SELECT o.id, %s FROM %s o WHERE %s",
                self._sql_columns(self._get_target_columns(job), "o"),
                SQL.identifier(target._table),
                self._sql_mine(job),
            ),
        )
        self._temporary("pair", SQL("SELECT 0 AS n, 0 AS id, 0 AS how WITH NO DATA"))
        [[any_old]] = self.env.execute_query(
            SQL("SELECT EXISTS (SELECT FROM parts_import_old)")
        )
        if any_old:
            self._pair_same(job)
            for join, same in self._get_identities(job):
                self._pair_changed(job, join, same)
        self._temporary("gone", self._sql_gone(job))
        self._pass_on(job)

    @api.model
    def _sql_join(self, join, same):
        equal = SQL(" AND ").join(
            SQL("l.%s = o.%s", SQL.identifier(c), SQL.identifier(c)) for c in join
        )
        return SQL("%s AND %s", equal, self._sql_same(same))

    @api.model
    def _pair_same(self, job):
        """Pair rows that agree in everything."""
        join = self._get_identities(job)[0][0]
        self.env.cr.execute(
            SQL(
                """INSERT INTO parts_import_pair (n, id, how)
                   SELECT l.n, min(o.id), 0
                     FROM %s l JOIN parts_import_old o ON %s
                    WHERE held IS NOT TRUE AND remove IS NOT TRUE
                 GROUP BY l.n""",
                self._sql_table(job, "load"),
                self._sql_join(join, self._get_target_columns(job)),
            )
        )
        self.env.cr.execute(SQL("ANALYZE parts_import_pair"))

    @api.model
    def _pair_changed(self, job, join, same):
        """Pair what is left and agrees in some columns, in its order."""
        columns = self._sql_columns(same)
        self.env.cr.execute(
            SQL(
                """
                WITH l AS (
                    SELECT n, %(columns)s,
                           row_number() OVER (PARTITION BY %(columns)s ORDER BY n)
                               AS rank
                      FROM %(load)s x
                     WHERE held IS NOT TRUE AND remove IS NOT TRUE AND NOT EXISTS (
                         SELECT FROM parts_import_pair p WHERE p.n = x.n)
                ), o AS (
                    SELECT id, %(columns)s,
                           row_number() OVER (PARTITION BY %(columns)s ORDER BY id)
                               AS rank
                      FROM parts_import_old x
                     WHERE NOT EXISTS (
                         SELECT FROM parts_import_pair p WHERE p.id = x.id)
                )
                INSERT INTO parts_import_pair (n, id, how)
                SELECT l.n, o.id, 1 FROM l JOIN o ON l.rank = o.rank AND %(join)s
                """,
                columns=columns,
                load=self._sql_table(job, "load"),
                join=self._sql_join(join, same),
            )
        )
        self.env.cr.execute(SQL("ANALYZE parts_import_pair"))

    @api.model
    def _sql_gone(self, job):
        """Return the ids of rows of the source to remove."""
        removed = SQL(
            """SELECT o.id FROM parts_import_old o JOIN %s l ON l.remove AND %s""",
            self._sql_table(job, "load"),
            self._sql_join(*self._get_identities(job)[0]),
        )
        if not job.drop_missing:
            return removed
        return SQL(
            """SELECT o.id FROM parts_import_old o
                WHERE NOT EXISTS (SELECT FROM parts_import_pair p WHERE p.id = o.id)
                  AND NOT %s
                UNION %s""",
            self._sql_kept(job),
            removed,
        )

    @api.model
    def _sql_kept(self, job):
        """Return the condition on rows ``o`` that stay, though the file lacks them.

        They are of a part of which the file holds a row that cannot be read: nobody
        knows whether they are gone.
        """
        if not self._part_column:
            return SQL("FALSE")
        return SQL(
            """EXISTS (SELECT FROM parts_import_part p
                         JOIN parts_catalog_import_issue i ON i.part = p.part
                        WHERE i.import_id = %s
                          AND p.product_tmpl_id = o.product_tmpl_id)""",
            job.id,
        )

    @api.model
    def _count(self, job):
        """Write the counts of what an import does, or would do."""
        [[rows, times, added]] = self.env.execute_query(
            SQL(
                """SELECT count(*) FILTER (WHERE remove IS NOT TRUE),
                          sum(times) FILTER (WHERE remove IS NOT TRUE),
                          count(*) FILTER (WHERE held IS NOT TRUE
                              AND remove IS NOT TRUE AND p.n IS NULL)
                     FROM %s l LEFT JOIN parts_import_pair p ON p.n = l.n""",
                self._sql_table(job, "load"),
            )
        )
        [[changed]] = self.env.execute_query(
            SQL("SELECT count(*) FROM parts_import_pair WHERE how = 1")
        )
        [[gone]] = self.env.execute_query(SQL("SELECT count(*) FROM parts_import_gone"))
        job._record(
            {
                "added_count": added,
                "changed_count": changed,
                "dropped_count": gone,
                "unchanged_count": rows - added - changed,
                "repeated_count": (times or rows) - rows,
            }
        )
        self._count_issues(job)

    @api.model
    def _count_issues(self, job):
        issues = job.env["parts.catalog.import.issue"]
        bad, to_check = issues._count(job)
        job._record({"error_count": bad, "uncertain_count": to_check})
        issues._write_file(job)

    @api.model
    def _switch(self, job):
        """Write the target: remove, change, add. Keep what was there for undo.

        Rows that are added name no user: the import does, and each reference to a
        user would cost a look-up for each of a million rows.
        """
        target = self.env[self._target]
        table = SQL.identifier(target._table)
        columns = self._get_target_columns(job)
        values = {
            "load": self._sql_table(job, "load"),
            "old": self._sql_table(job, "old"),
            "new": self._sql_table(job, "new"),
            "table": table,
            "columns": self._sql_columns(columns),
            "source": job.source_id.id,
            "user": job.user_id.id,
            "set": SQL(", ").join(
                SQL("%s = l.%s", SQL.identifier(c), SQL.identifier(c)) for c in columns
            ),
        }
        self._drop_tables(job, ("old", "new", "listed"))
        self.env.cr.execute(
            SQL(
                """CREATE TABLE %(old)s AS SELECT * FROM %(table)s WHERE id IN (
                       SELECT id FROM parts_import_gone
                        UNION SELECT id FROM parts_import_passed
                        UNION SELECT id FROM parts_import_pair WHERE how = 1)""",
                **values,
            )
        )
        self._remove(job)
        self._write_passed(job)
        self.env.cr.execute(
            SQL(
                """UPDATE %(table)s o SET %(set)s, write_uid = %(user)s,
                          write_date = now() AT TIME ZONE 'UTC'
                     FROM parts_import_pair p JOIN %(load)s l ON l.n = p.n
                    WHERE p.how = 1 AND o.id = p.id""",
                **values,
            )
        )
        self.env.cr.execute(SQL("CREATE TABLE %(new)s (id integer)", **values))
        self.env.cr.execute(
            SQL(
                """WITH added AS (
                       INSERT INTO %(table)s (%(columns)s, source_id, create_date,
                                              write_date)
                       SELECT %(columns)s, %(source)s, now() AT TIME ZONE 'UTC',
                              now() AT TIME ZONE 'UTC'
                         FROM %(load)s l
                        WHERE held IS NOT TRUE AND remove IS NOT TRUE AND NOT EXISTS (
                            SELECT FROM parts_import_pair p WHERE p.n = l.n)
                    RETURNING id)
                   INSERT INTO %(new)s SELECT id FROM added""",
                **values,
            )
        )
        self._write_listings(job)
        self.env.invalidate_all()
        self._after_switch(job)

    @api.model
    def _remove(self, job):
        """Remove the rows that are gone. Override where a row may be in use."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM %s WHERE id IN (SELECT id FROM parts_import_gone)",
                SQL.identifier(self.env[self._target]._table),
            )
        )

    @api.model
    def _after_switch(self, job):
        """Tell the rest of the catalogue what was loaded. Override."""
