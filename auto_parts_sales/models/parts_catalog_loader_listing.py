from odoo import api, models
from odoo.tools import SQL


class PartsCatalogLoaderListing(models.AbstractModel):
    """Rows that can be in the catalogue only once, whoever lists them.

    A row of the file that another source, or a person, has entered already is *held*:
    it is not entered again, but noted (:class:`parts.catalog.listing`). A row that
    its source drops and another one lists is passed on to that one.
    """

    _name = "parts.catalog.loader.listing"
    _inherit = ["parts.catalog.loader.table"]
    _description = "Rows Listed by Several Sources"

    # Whether a row of the target is there once for all sources
    _shared = False

    @api.model
    def _hold_others(self, job):
        """Leave rows alone that others have entered: ``parts_import_held``.

        Columns: ``n`` of the load table, ``id`` of the target.
        """
        active = "active" in self.env[self._target]._fields
        found = SQL(" UNION ALL ").join(
            SQL(
                """SELECT l.n, o.id FROM %s l JOIN %s o ON %s
                    WHERE o.source_id IS DISTINCT FROM %s AND %s""",
                self._sql_table(job, "load"),
                SQL.identifier(self.env[self._target]._table),
                self._sql_join(join, same),
                job.source_id.id,
                SQL("o.active") if active else SQL("TRUE"),
            )
            for join, same in self._get_identities(job)
        )
        self._temporary(
            "held", SQL("SELECT n, min(id) AS id FROM (%s) f GROUP BY n", found)
        )
        self.env.cr.execute(
            SQL(
                "UPDATE %s l SET held = TRUE FROM parts_import_held h WHERE h.n = l.n",
                self._sql_table(job, "load"),
            )
        )

    @api.model
    def _pass_on(self, job):
        """Take rows that others list out of those to remove: ``parts_import_passed``.

        Columns: ``id`` of the target, ``source_id`` that gets it.
        """
        self._temporary(
            "passed",
            SQL(
                """SELECT g.id, min(s.source_id) AS source_id
                     FROM parts_import_gone g
                     JOIN parts_catalog_listing s
                       ON s.model = %s AND s.res_id = g.id AND s.source_id <> %s
                 GROUP BY g.id""",
                self._target if self._shared else "",
                job.source_id.id,
            ),
        )
        self.env.cr.execute(
            "DELETE FROM parts_import_gone g USING parts_import_passed p"
            " WHERE p.id = g.id"
        )

    @api.model
    def _write_passed(self, job):
        """Give rows to the sources that list them, too."""
        self._give("parts_import_passed")

    @api.model
    def _give(self, passed):
        """Give rows to other sources, which need not be noted for them any more.

        :param str passed: table with ``id`` and ``source_id``
        """
        self.env.cr.execute(
            SQL(
                "UPDATE %s o SET source_id = p.source_id FROM %s p WHERE p.id = o.id",
                SQL.identifier(self.env[self._target]._table),
                SQL.identifier(passed),
            )
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM parts_catalog_listing s USING %s p
                    WHERE s.model = %s AND s.res_id = p.id
                      AND s.source_id = p.source_id""",
                SQL.identifier(passed),
                self._target,
            )
        )

    @api.model
    def _write_listings(self, job):
        """Note what the file lists of others' rows; keep what changes for undo.

        ``..._listed``: ``res_id``, and whether the import has added the note.
        """
        if not self._shared:
            return
        self._create_table(job, "listed", [("res_id", "integer"), ("added", "boolean")])
        values = {
            "listed": self._sql_table(job, "listed"),
            "source": job.source_id.id,
            "model": self._target,
            "kept": self._sql_kept(job),
            "mine": self._sql_my_part(job),
            "table": SQL.identifier(self.env[self._target]._table),
        }
        if job.drop_missing:
            self.env.cr.execute(
                SQL(
                    """WITH gone AS (
                           DELETE FROM parts_catalog_listing s
                            USING %(table)s o
                            WHERE s.model = %(model)s AND s.source_id = %(source)s
                              AND o.id = s.res_id AND %(mine)s AND NOT %(kept)s
                              AND NOT EXISTS (SELECT FROM parts_import_held h
                                               WHERE h.id = s.res_id)
                        RETURNING s.res_id)
                       INSERT INTO %(listed)s SELECT res_id, FALSE FROM gone""",
                    **values,
                )
            )
        self.env.cr.execute(
            SQL(
                """WITH added AS (
                       INSERT INTO parts_catalog_listing (source_id, model, res_id)
                       SELECT DISTINCT %(source)s, %(model)s, id
                         FROM parts_import_held
                       ON CONFLICT DO NOTHING
                    RETURNING res_id)
                   INSERT INTO %(listed)s SELECT res_id, TRUE FROM added""",
                **values,
            )
        )

    # === UNDO === #

    @api.model
    def _undo_listings(self, job):
        """Put the notes of the import's source back as they were before it."""
        if not self._shared or not self._has_table(job, "listed"):
            return
        values = {
            "listed": self._sql_table(job, "listed"),
            "source": job.source_id.id,
            "model": self._target,
            "table": SQL.identifier(self.env[self._target]._table),
        }
        self.env.cr.execute(
            SQL(
                """DELETE FROM parts_catalog_listing s USING %(listed)s l
                    WHERE l.added AND s.res_id = l.res_id AND s.model = %(model)s
                      AND s.source_id = %(source)s""",
                **values,
            )
        )
        self.env.cr.execute(
            SQL(
                """INSERT INTO parts_catalog_listing (source_id, model, res_id)
                   SELECT %(source)s, %(model)s, l.res_id
                     FROM %(listed)s l JOIN %(table)s o ON o.id = l.res_id
                    WHERE NOT l.added AND o.source_id IS DISTINCT FROM %(source)s
                   ON CONFLICT DO NOTHING""",
                **values,
            )
        )

    @api.model
    def _keep_listed(self, job):
        """Leave to others what the import has added and they list: undo keeps it."""
        if not self._shared:
            return
        values = {
            "new": self._sql_table(job, "new"),
            "table": SQL.identifier(self.env[self._target]._table),
            "source": job.source_id.id,
            "model": self._target,
        }
        self._temporary(
            "passed",
            SQL(
                """SELECT n.id, min(s.source_id) AS source_id
                     FROM %(new)s n JOIN parts_catalog_listing s
                       ON s.model = %(model)s AND s.res_id = n.id
                     JOIN %(table)s o ON o.id = n.id AND o.source_id = %(source)s
                 GROUP BY n.id""",
                **values,
            ),
        )
        self._give("parts_import_passed")
        self.env.cr.execute(
            SQL(
                """DELETE FROM parts_catalog_listing s USING %(new)s n
                    WHERE s.model = %(model)s AND s.res_id = n.id
                      AND s.source_id = %(source)s""",
                **values,
            )
        )
        self.env.cr.execute(
            SQL(
                """DELETE FROM %(new)s n USING %(table)s o
                    WHERE o.id = n.id AND o.source_id IS DISTINCT FROM %(source)s""",
                **values,
            )
        )

    @api.model
    def _note_instead(self, job):
        """Note the rows that undo does not put back, because others have them now."""
        if not self._shared:
            return
        self.env.cr.execute(
            SQL(
                """INSERT INTO parts_catalog_listing (source_id, model, res_id)
                   SELECT DISTINCT %(source)s, %(model)s, l.id
                     FROM %(old)s o JOIN %(table)s l ON l.id = o.id
                    WHERE l.source_id IS DISTINCT FROM %(source)s
                    UNION
                   SELECT %(source)s, %(model)s, l.id
                     FROM %(old)s o JOIN %(table)s l ON %(same)s
                    WHERE l.source_id IS DISTINCT FROM %(source)s AND l.id <> o.id
                   ON CONFLICT DO NOTHING""",
                source=job.source_id.id,
                model=self._target,
                same=self._sql_join(*self._get_identities(job)[0]),
                old=self._sql_table(job, "old"),
                table=SQL.identifier(self.env[self._target]._table),
            )
        )

    @api.model
    def _sql_taken(self, job):
        """Return the condition on rows ``o`` kept for undo that others have now."""
        if not self._shared:
            return SQL("FALSE")
        return SQL(
            """(EXISTS (SELECT FROM %(table)s l
                        WHERE l.id = o.id AND l.source_id IS DISTINCT FROM %(source)s)
                OR EXISTS (SELECT FROM %(table)s l
                            WHERE l.id <> o.id AND %(same)s
                              AND l.source_id IS DISTINCT FROM %(source)s))""",
            table=SQL.identifier(self.env[self._target]._table),
            source=job.source_id.id,
            same=self._sql_join(*self._get_identities(job)[0]),
        )
