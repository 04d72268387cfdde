from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# What an import may make on the way, in the order in which it can be deleted
MADE = ["parts.catalog.model", "parts.catalog.make", "parts.catalog.brand"]


class PartsCatalogLoaderUndo(models.AbstractModel):
    """What an import has added, changed and removed is put back."""

    _name = "parts.catalog.loader.undo"
    _inherit = ["parts.catalog.loader.listing"]
    _description = "Undo of Catalogue Imports"

    @api.model
    def _refuse_undo(self, job):
        """
        :raises UserError: it cannot be undone; the sentence says why
        """
        if job.state != "done":
            raise UserError(self.env._("Only an import that is done can be undone."))
        later = job._get_later()
        if later:
            raise UserError(
                self.env._(
                    "A later import builds on this one. Undo it first: %(import)s.",
                    **{"import": later[0].display_name},
                )
            )
        if not self._has_table(job, "new"):
            raise UserError(
                self.env._(
                    "What this import replaced is no longer kept: import the former"
                    " file of the source instead."
                )
            )

    @api.model
    def _undo(self, job):
        """Put the target back: remove what was added, restore what was changed and
        removed. Rows whose part, make or vehicle is gone since stay gone; those that
        another source has brought meanwhile stay with it."""
        target = self.env[self._target]
        target.flush_model()
        self._lock_source(job)
        columns = self._get_old_columns(job)
        values = {
            "table": SQL.identifier(target._table),
            "old": self._sql_table(job, "old"),
            "new": self._sql_table(job, "new"),
            "columns": self._sql_columns(columns),
            "values": SQL(", ").join(self._sql_old_value(name) for name in columns),
            "set": SQL(", ").join(
                SQL("%s = excluded.%s", SQL.identifier(c), SQL.identifier(c))
                for c in columns
                if c != "id"
            ),
            "there": self._sql_still_there(columns),
            "taken": self._sql_taken(job),
        }
        self._keep_listed(job)
        self._undo_added(job, values)
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (%(columns)s)
                   SELECT %(values)s FROM %(old)s o WHERE %(there)s AND NOT %(taken)s
                   ON CONFLICT (id) DO UPDATE SET %(set)s""",
                **values,
            )
        )
        self._undo_listings(job)
        self._note_instead(job)
        self.env.invalidate_all()
        self._remove_made(job)
        self._after_switch(job)
        self._drop_tables(job)

    @api.model
    def _get_old_columns(self, job):
        """Return those columns of the rows kept for undo that the target still has."""
        columns = self.env.execute_query(
            SQL(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_name = %s AND table_schema = current_schema()"
                " ORDER BY ordinal_position",
                self._name_table(job, "old"),
            )
        )
        fields = self.env[self._target]._fields
        return [name for [name] in columns if name in fields and fields[name].store]

    @api.model
    def _undo_added(self, job, values):
        self.env.cr.execute(
            SQL("DELETE FROM %(table)s WHERE id IN (SELECT id FROM %(new)s)", **values)
        )

    @api.model
    def _sql_old_value(self, name):
        """Return the value of a column of rows ``o``; users gone since are none."""
        if name not in ("create_uid", "write_uid"):
            return SQL.identifier("o", name)
        return SQL(
            "(SELECT u.id FROM res_users u WHERE u.id = o.%s)", SQL.identifier(name)
        )

    @api.model
    def _sql_still_there(self, columns):
        """Return the condition on rows ``o`` kept for undo that can be put back: what
        they name is still there."""
        fields = self.env[self._target]._fields
        return SQL(" AND ").join(
            [
                SQL(
                    "(o.%(column)s IS NULL OR EXISTS ("
                    "SELECT FROM %(table)s x WHERE x.id = o.%(column)s))",
                    column=SQL.identifier(name),
                    table=SQL.identifier(self.env[fields[name].comodel_name]._table),
                )
                for name in columns
                if fields[name].type == "many2one"
                and name not in ("create_uid", "write_uid")
            ]
            or [SQL("TRUE")]
        )

    # === WHAT WAS MADE ON THE WAY === #

    @api.model
    def _note_made(self, job, records):
        """Note makes, models and brands that an import has made, for its undo."""
        if not self._has_table(job, "made"):
            self._create_table(job, "made", [("model", "text"), ("res_id", "integer")])
        self._copy(
            self._name_table(job, "made"),
            ("model", "res_id"),
            ((records._name, id_) for id_ in records.ids),
        )

    @api.model
    def _remove_made(self, job):
        """Delete what an import has made on the way, where nothing else uses it."""
        if not self._has_table(job, "made"):
            return
        rows = self.env.execute_query(
            SQL(
                "SELECT model, array_agg(res_id) FROM %s GROUP BY model",
                self._sql_table(job, "made"),
            )
        )
        made = dict(rows)
        self.env.flush_all()
        # Models before their makes
        for name in sorted(made, key=MADE.index):
            records = self.env[name].sudo().browse(made[name]).exists()
            (records - self._get_used(records)).unlink()
            self.env.flush_all()

    @api.model
    def _get_used(self, records):
        """Return those of the records to which another row of the database points.

        Names of its own, by which a make or model is found, do not count.
        """
        used = set()
        for table, column in self._get_references(records._table):
            if table != "parts_catalog_alias":
                rows = self.env.execute_query(
                    SQL(
                        "SELECT DISTINCT %(column)s FROM %(table)s"
                        " WHERE %(column)s = ANY(%(ids)s)",
                        column=SQL.identifier(column),
                        table=SQL.identifier(table),
                        ids=records.ids,
                    )
                )
                used.update(id_ for [id_] in rows)
        return records.browse(sorted(used))

    @api.model
    def _get_references(self, table):
        """Return the columns of the database that point to a table, as pairs."""
        return self.env.execute_query(
            SQL(
                """SELECT t.relname, a.attname
                     FROM pg_constraint c
                     JOIN pg_class t ON t.oid = c.conrelid
                     JOIN pg_attribute a
                       ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
                    WHERE c.contype = 'f' AND c.confrelid = %s::regclass""",
                table,
            )
        )
