import json

from odoo import api, fields, models
from odoo.tools import SQL

BATCH = 500


class PartsCatalogLoaderRecord(models.AbstractModel):
    """A loader whose rows are records of Odoo's own models, written by the ORM.

    The load table holds, for each record that the file means: ``res_id`` (empty: new),
    ``action`` (``a`` added, ``c`` changed, ``d`` removed, ``u`` unchanged), ``vals``
    to write, and ``old``: what they were before.
    """

    _name = "parts.catalog.loader.record"
    _inherit = ["parts.catalog.loader"]
    _description = "Loader of Records"

    @api.model
    def _check_rights(self, job):
        """Override: rows of this kind are never deleted by who may not."""
        target = job.env[self._target].with_user(job.env.user)
        for operation in ("create", "write"):
            target.check_access(operation)

    @api.model
    def _records(self, job):
        """Return the target as who started the import, in its company."""
        target = self.env[self._target].with_user(job.user_id)
        target = target.with_company(job.company_id).with_context(
            lang=job.user_id.lang, tracking_disable=True, active_test=False
        )
        return target

    # === LOOKING UP === #

    @api.model
    def _create_load(self, job):
        self.env.cr.execute(
            SQL(
                """CREATE TABLE %s (
                       n serial, line integer, sheet text, model text, res_id integer,
                       action "char", vals jsonb, old jsonb)""",
                self._sql_table(job, "load"),
            )
        )

    @api.model
    def _look_up(self, job):
        """Work the staged rows off in batches, by :meth:`_prepare`."""
        run = self._begin(job)
        last = (-1, "")
        while rows := self._next_rows(job, last):
            last = (rows[-1]["line"], rows[-1]["sheet"] or "")
            actions, issues = [], []
            self._prepare(job, run, rows, actions, issues)
            self._write_actions(job, actions)
            places = self._get_places(job)
            job.env["parts.catalog.import.issue"]._add(
                job,
                (
                    (
                        *(row["line"], row["sheet"], places.get(meaning, -1), code),
                        *(value, False, row.get("part"), "look_up"),
                    )
                    for row, meaning, code, value in issues
                ),
            )
            self.env.invalidate_all()
        self._end(job, run)

    @api.model
    def _next_rows(self, job, last):
        return self.env.execute_query_dict(
            SQL(
                """SELECT s.*, p.templates, p.products, p.product_tmpl_id, p.product_id
                     FROM %s s LEFT JOIN parts_import_part p ON p.part = s.part
                    WHERE (s.line, COALESCE(s.sheet, '')) > (%s, %s)
                 ORDER BY s.line, COALESCE(s.sheet, '') LIMIT %s""",
                self._sql_table(job, "stage"),
                *last,
                BATCH,
            )
        )

    @api.model
    def _begin(self, job):
        """Return what one run keeps, as a dict. Extend to look up names."""
        self._map_parts(job)
        return {"seen": {}, "repeated": 0}

    @api.model
    def _prepare(self, job, run, rows, actions, issues):
        """Turn staged rows into actions and issues. To be overridden.

        :param list rows: dicts of the staging table, with the part found
        :param list actions: to fill with (line, sheet, model, id or None, action,
            vals, old)
        :param list issues: to fill with (row, meaning, code, value)
        """
        raise NotImplementedError

    @api.model
    def _end(self, job, run):
        """Do what needs the whole file: removals. Extend."""
        job._record({"repeated_count": run["repeated"]})

    @api.model
    def _write_actions(self, job, actions):
        self._copy(
            self._name_table(job, "load"),
            ("line", "sheet", "model", "res_id", "action", "vals", "old"),
            (
                (*action[:5], *(json.dumps(v, default=str) for v in action[5:]))
                for action in actions
            ),
        )

    @api.model
    def _refuse_part(self, row, issues):
        """Return whether the row's part is not exactly one, and say so."""
        if row["templates"] == 1:
            return False
        code = "part_ambiguous" if row["templates"] else "part_unknown"
        said = row["part"].split("\x1f")
        issues.append((row, "part", code, next(filter(None, said), "")))
        return True

    @api.model
    def _pair(self, job):
        """Override: records are paired by :meth:`_prepare`."""

    @api.model
    def _count(self, job):
        counts = dict(
            self.env.execute_query(
                SQL(
                    "SELECT action::text, count(*) FROM %s GROUP BY 1",
                    self._sql_table(job, "load"),
                )
            )
        )
        job._record(
            {
                "added_count": counts.get("a", 0),
                "changed_count": counts.get("c", 0),
                "dropped_count": counts.get("d", 0),
                "unchanged_count": counts.get("u", 0),
            }
        )
        self._count_issues(job)

    # === SWITCH === #

    @api.model
    def _switch(self, job):
        """Write added, changed and removed records; keep the rest of the load table."""
        self._drop_tables(job, ("old", "new"))
        for action, write in (
            ("d", self._write_removed),
            ("c", self._write_changed),
            ("a", self._write_added),
        ):
            last = 0
            while rows := self._next_actions(job, action, last):
                last = rows[-1]["n"]
                write(job, rows)
                self.env.flush_all()
                self.env.invalidate_all()
        self.env.cr.execute(
            SQL(
                "CREATE TABLE %s AS SELECT * FROM %s WHERE action <> 'u'",
                self._sql_table(job, "new"),
                self._sql_table(job, "load"),
            )
        )
        self._after_switch(job)

    @api.model
    def _next_actions(self, job, action, last):
        return self.env.execute_query_dict(
            SQL(
                """SELECT n, model, res_id, vals, old FROM %s
                    WHERE action = %s AND n > %s ORDER BY n LIMIT %s""",
                self._sql_table(job, "load"),
                action,
                last,
                BATCH,
            )
        )

    @api.model
    def _write_added(self, job, rows):
        """Create records; keep their ids in the load table."""
        records = self._records(job).create([row["vals"] for row in rows])
        self._keep_ids(job, rows, records)

    @api.model
    def _keep_ids(self, job, rows, records):
        self.env.cr.execute(
            SQL(
                """UPDATE %s l SET res_id = made.id
                     FROM unnest(%s, %s) AS made(n, id) WHERE l.n = made.n""",
                self._sql_table(job, "load"),
                [row["n"] for row in rows],
                records.ids,
            )
        )

    @api.model
    def _write_changed(self, job, rows):
        """Write records, those that change alike together."""
        groups = {}
        for row in rows:
            key = (row["model"], json.dumps(row["vals"], sort_keys=True))
            groups.setdefault(key, (row["vals"], []))[1].append(row["res_id"])
        for (model, _key), (vals, ids) in groups.items():
            self._records(job).env[model].browse(ids).exists().write(vals)

    @api.model
    def _write_removed(self, job, rows):
        ids = [row["res_id"] for row in rows]
        self._records(job).browse(ids).exists().unlink()

    # === UNDO === #

    @api.model
    def _undo(self, job):
        self._lock_source(job)
        job = job.with_user(job.env.uid).sudo()
        rows = self.env.execute_query_dict(
            SQL(
                "SELECT n, model, res_id, action::text AS action, vals, old FROM %s"
                " ORDER BY n DESC",
                self._sql_table(job, "new"),
            )
        )
        for row in rows:
            records = self._records(job).env[row["model"]]
            record = records.browse(row["res_id"] or ()).exists()
            if row["action"] == "c" and record:
                self._undo_changed(job, record, row)
            elif row["action"] == "d":
                self._undo_removed(records, row)
            elif row["action"] == "a" and record:
                self._undo_record(record)
        self.env.flush_all()
        self._remove_made(job)
        self._after_switch(job)
        self._drop_tables(job)

    @api.model
    def _undo_changed(self, job, record, row):
        """Give a record the values again that the import has changed."""
        record.write(row["old"])

    @api.model
    def _undo_removed(self, records, row):
        """Make a record again that the import has deleted."""
        records.create(row["old"])

    @api.model
    def _undo_record(self, record):
        """Delete a record that the import has made."""
        record.unlink()

    @api.model
    def _old_vals(self, record, names):
        """Return what fields of a record hold, as ``write`` takes it back."""
        return {
            name: record._fields[name].convert_to_write(record[name], record)
            for name in names
        }

    @api.model
    def _differing(self, record, vals):
        """Return those of ``vals`` in which the record differs."""
        differing = {}
        for name, value in vals.items():
            field = record._fields[name]
            present = field.convert_to_write(record[name], record)
            if isinstance(field, fields.Float):
                if abs((present or 0.0) - (value or 0.0)) > 1e-6:
                    differing[name] = value
            elif isinstance(field, fields.Date):
                if str(present or "") != str(value or ""):
                    differing[name] = value
            elif (present or False) != (value or False):
                differing[name] = value
        return differing
