import io

from odoo import api, fields, models
from odoo.tools import SQL

from ..utils.catalog_row import READERS
from ..utils.table_file import TableProblem
from .parts_catalog_loader_file import Block

BATCH = 20_000


class ImportStopped(Exception):
    """Somebody has stopped the import that runs in the background."""


class PartsCatalogLoader(models.AbstractModel):
    """How an import gets into the catalogue: one loader for each kind.

    A file goes three ways, each of which can be broken off and gone on with:

    1. *read*: its rows are turned into rows of a staging table, in batches that commit
       (``parts_catalog_import_<id>_stage``); names stay names.
    2. *look up*: names become ids, for all rows at once, in
       ``parts_catalog_import_<id>_load``, which has the columns of the target. It is
       compared with what the source has in the catalogue.
    3. *switch*: one transaction adds, changes and removes. What was there before is
       kept in ``..._old`` and ``..._new`` for undo.

    A check does 1 and 2. To load one more kind: a reader in ``utils/catalog_row.py``,
    the names of its columns in ``utils/column_name.py``, and a model
    ``parts.catalog.loader.<kind>`` with :meth:`_look_up` and what this class names as
    to be overridden.
    """

    _name = "parts.catalog.loader"
    _inherit = [
        "parts.catalog.loader.file",
        "parts.catalog.loader.name",
        "parts.catalog.loader.switch",
        "parts.catalog.loader.undo",
    ]
    _description = "Catalogue Loader"

    # The model whose table is loaded
    _target = None
    # Columns of its table that a row of the file sets
    _loaded = ()
    # What tells a changed row from a new one. Pairs of columns to join by, which are
    # never empty in rows that are paired, and columns that have to agree.
    _identities = ()
    # What of a row is the part whose other rows stay if one of its rows is bad
    _part_column = None

    # === THE WAY === #

    @api.model
    def _get_target_columns(self, job):
        """Return the columns that the file sets. Override to leave others alone."""
        return self._loaded

    @api.model
    def _get_identities(self, job):
        return self._identities

    @api.model
    def _check_rights(self, job):
        """Refuse who may not write what the file holds. Extend for more tables.

        :raises AccessError, UserError: with a sentence
        """
        target = job.env[self._target].with_user(job.env.user)
        for operation in ("create", "write", "unlink"):
            target.check_access(operation)

    @api.model
    def _work(self, job, commit):
        """Bring an import from its step to its goal.

        :param job: parts.catalog.import, as superuser
        :param commit: called where what is done may be kept, or None
        """
        # Hash joins of a million rows in memory instead of many files
        self.env.cr.execute(SQL("SET LOCAL work_mem = '128MB'"))
        if job.step == "read":
            self._read_file(job, commit)
            job._record({"step": "prepare", "progress": 60.0})
            self._keep(job, commit)
        self.env.cr.execute(SQL("SET LOCAL work_mem = '128MB'"))
        if job.goal == "check":
            self._compare(job)
            self._finish_check(job)
        else:
            self._load(job, commit)
            self._finish_load(job)
        if commit:
            commit()

    @api.model
    def _load(self, job, commit):
        """Write the catalogue, in one transaction. Override for what the ORM makes."""
        self._lock_source(job)
        self._compare(job)
        job._record({"step": "switch", "progress": 80.0})
        self._switch(job)

    @api.model
    def _keep(self, job, commit):
        """Commit what is done so far.

        :raises ImportStopped: somebody has stopped the import meanwhile
        """
        if not commit:
            return
        commit()
        [[state]] = self.env.execute_query(
            SQL("SELECT state FROM parts_catalog_import WHERE id = %s", job.id)
        )
        if state != "running":
            raise ImportStopped

    @api.model
    def _lock_source(self, job):
        """Let only one import of a source switch at a time.

        A counter, because a mere lock would let the second one go on with its old
        snapshot: it fails instead, and its next run sees the first.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE parts_catalog_source"
                " SET load_serial = COALESCE(load_serial, 0) + 1 WHERE id = %s",
                job.source_id.id,
            )
        )

    # === READING === #

    @api.model
    def _get_stage(self, job):
        """Return the columns of the staging table: pairs of name and type."""
        return [
            ("line", "integer"),
            ("sheet", "text"),
            *READERS[job._get_table_kind()].stage,
        ]

    @api.model
    def _create_stage(self, job):
        """Make the tables that the file is read into. Extend for more of them."""
        self._create_table(job, "stage", self._get_stage(job))

    @api.model
    def _get_read_tables(self):
        """Return the tables that nobody needs when the import is done."""
        return ("stage", "load")

    @api.model
    def _open_stage(self, job):
        """Return what is remembered while a file is read. Override."""
        return None

    @api.model
    def _read_file(self, job, commit):
        """Stage the rows of the file, from where it was broken off.

        :raises TableProblem: the file is none
        """
        if not job.position or not self._has_table(job, "stage"):
            self._drop_tables(job)
            job.env["parts.catalog.import.issue"]._forget(job)
            job._record({"position": 0, "row_count": 0, "note": False})
            self._create_stage(job)
        with job._open_file() as stream:
            size = stream.seek(0, io.SEEK_END) or 1
            stream.seek(0)
            rows = self._iterate(job, stream)
            columns = [name for name, _kind in self._get_stage(job)]
            stage = self._open_stage(job)
            for batch, count in self._take_batches(rows, job.position):
                self._stage(job, stage, columns, batch)
                share = min(stream.tell() / size, 1.0) if not stream.closed else 1.0
                job._record(
                    {
                        "position": job.position + count,
                        "row_count": job.position + count,
                        "progress": round(60.0 * share, 1),
                    }
                )
                self._keep(job, commit)
        if not job.position:
            raise TableProblem("no_rows")
        self.env.cr.execute(SQL("ANALYZE %s", self._sql_table(job, "stage")))

    @api.model
    def _take_batches(self, items, skip):
        """Yield batches of what :meth:`_iterate` yields, and how many rows they are.

        :param int skip: rows at the beginning that are staged already
        """
        batch, size = [], 0
        for item in items:
            count = len(item.lines) if isinstance(item, Block) else 1
            if skip:
                if skip >= count:
                    skip -= count
                    continue
                item, count, skip = item.behind(skip), count - skip, 0
            batch.append(item)
            size += count
            if size >= BATCH:
                yield batch, size
                batch, size = [], 0
        if batch:
            yield batch, size

    @api.model
    def _stage(self, job, stage, columns, batch):
        """Stage a batch of what :meth:`_iterate` yields."""
        blocks = [item for item in batch if isinstance(item, Block)]
        rows = [item for item in batch if not isinstance(item, Block)]
        self._copy_blocks(job, stage, columns, blocks)
        self._copy_rows(job, stage, columns, rows)
        job.env["parts.catalog.import.issue"]._add(
            job,
            (
                (
                    *(line, sheet, fault.column, fault.code, fault.value),
                    *(fault.to_check, fault.part or None, "read"),
                )
                for line, sheet, _records, faults in rows
                for fault in faults
            ),
        )

    @api.model
    def _copy_blocks(self, job, stage, columns, blocks):
        """Copy blocks into the staging table. To be overridden where there are some."""
        if blocks:
            raise NotImplementedError

    @api.model
    def _copy_rows(self, job, stage, columns, rows):
        """Copy the records of rows into the staging table."""
        self._copy(
            self._name_table(job, "stage"),
            columns,
            (
                (line, sheet, *record)
                for line, sheet, records, _faults in rows
                for record in records
            ),
        )

    # === LOOKING UP === #

    @api.model
    def _compare(self, job):
        """Look everything up, and work out what is new, changed and gone."""
        issues = job.env["parts.catalog.import.issue"]
        issues._forget(job, "look_up")
        self._drop_tables(job, ("load",))
        self._create_load(job)
        self._look_up(job)
        self.env.cr.execute(SQL("ANALYZE %s", self._sql_table(job, "load")))
        self._pair(job)
        self._count(job)

    @api.model
    def _create_load(self, job):
        """Make a table with the columns of the target, ``n`` and ``line``.

        Each comparison makes it anew, so it need not survive a crash.
        """
        self.env.cr.execute(
            SQL(
                "CREATE UNLOGGED TABLE %s AS SELECT %s FROM %s WITH NO DATA",
                self._sql_table(job, "load"),
                self._sql_columns(self._get_target_columns(job)),
                SQL.identifier(self.env[self._target]._table),
            )
        )
        self.env.cr.execute(
            SQL(
                "ALTER TABLE %s ADD n serial, ADD line integer, ADD sheet text,"
                " ADD times integer, ADD remove boolean, ADD held boolean",
                self._sql_table(job, "load"),
            )
        )

    @api.model
    def _look_up(self, job):
        """Fill the load table from the staging table. To be overridden.

        What is not found is an issue (:meth:`_add_issues`). A row that another source,
        or a person, has in the catalogue already, and that can only be there once, is
        ``held``.
        """
        raise NotImplementedError

    # === COMPARING === #

    @api.model
    def _finish_check(self, job):
        kept = job.env["parts.catalog.import.mapping"]
        kept._keep_mapping(job.source_id, job._get_table_kind(), job.mapping)
        job._record({"state": "checked", "step": False, "progress": 100.0})

    # === SWITCH === #

    @api.model
    def _finish_load(self, job):
        kept = job.env["parts.catalog.import.mapping"]
        kept._keep_mapping(job.source_id, job._get_table_kind(), job.mapping)
        self._drop_tables(job, self._get_read_tables())
        job._record(
            {
                "state": "done",
                "step": False,
                "progress": 100.0,
                "done_date": fields.Datetime.now(),
            }
        )

    # === UNDO === #
