import csv
import io
import itertools
import json

from psycopg2 import sql

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..utils import column_name
from ..utils.aces_xml import AcesReader
from ..utils.catalog_row import READERS, SEPARATOR, Fault, read_application
from ..utils.table_file import TableProblem

BATCH = 20_000
HEADER_WITHIN = 20


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

    # === TABLES === #

    @api.model
    def _name_table(self, job, name):
        return f"parts_catalog_import_{job.id}_{name}"

    @api.model
    def _sql_table(self, job, name):
        return SQL.identifier(self._name_table(job, name))

    @api.model
    def _has_table(self, job, name):
        [[found]] = self.env.execute_query(
            SQL("SELECT to_regclass(%s) IS NOT NULL", self._name_table(job, name))
        )
        return found

    @api.model
    def _drop_tables(self, job, names=("stage", "load", "old", "new")):
        for name in names:
            self.env.cr.execute(
                SQL("DROP TABLE IF EXISTS %s", self._sql_table(job, name))
            )

    @api.model
    def _temporary(self, name, query):
        """Make a table of this transaction only: ``parts_import_<name>``."""
        table = SQL.identifier(f"parts_import_{name}")
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, query)
        )
        self.env.cr.execute(SQL("ANALYZE %s", table))

    @api.model
    def _fill_temporary(self, name, columns, rows):
        """Make a table of this transaction only from rows worked out in Python.

        :param columns: list of (name, type)
        :param rows: iterable of tuples
        """
        table = SQL.identifier(f"parts_import_{name}")
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP",
                table,
                SQL(", ").join(
                    # types are constants of this class
                    SQL("%s " + kind, SQL.identifier(column))
                    for column, kind in columns
                ),
            )
        )
        self._copy(f"parts_import_{name}", [column for column, _kind in columns], rows)
        self.env.cr.execute(SQL("ANALYZE %s", table))

    @api.model
    def _copy(self, table, columns, rows):
        """Write rows by COPY; an empty text is no value."""
        buffer = io.StringIO()
        csv.writer(buffer).writerows(rows)
        buffer.seek(0)
        self.env.cr.copy_expert(
            sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
                sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
            ),
            buffer,
        )

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
        self.env.cr.execute(SQL("SET LOCAL work_mem = '64MB'"))
        if job.step == "read":
            self._read_file(job, commit)
            job._record({"step": "prepare", "progress": 60.0})
            self._keep(job, commit)
        self.env.cr.execute(SQL("SET LOCAL work_mem = '64MB'"))
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
        columns = SQL(", ").join(
            # types are constants of the readers
            SQL("%s " + kind, SQL.identifier(name))
            for name, kind in self._get_stage(job)
        )
        self.env.cr.execute(
            SQL("CREATE TABLE %s (%s)", self._sql_table(job, "stage"), columns)
        )

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
            todo = itertools.islice(rows, job.position, None)
            while True:
                batch = list(itertools.islice(todo, BATCH))
                if not batch:
                    break
                self._stage(job, columns, batch)
                share = min(stream.tell() / size, 1.0) if not stream.closed else 1.0
                job._record(
                    {
                        "position": job.position + len(batch),
                        "row_count": job.position + len(batch),
                        "progress": round(60.0 * share, 1),
                    }
                )
                self._keep(job, commit)
        if not job.position:
            raise TableProblem("no_rows")
        self.env.cr.execute(SQL("ANALYZE %s", self._sql_table(job, "stage")))

    @api.model
    def _stage(self, job, columns, batch):
        """Stage a batch of (line, sheet, records, faults)."""
        self._copy(
            self._name_table(job, "stage"),
            columns,
            (
                (line, sheet, *record)
                for line, sheet, records, _faults in batch
                for record in records
            ),
        )
        job.env["parts.catalog.import.issue"]._add(
            job,
            (
                (
                    *(line, sheet, fault.column, fault.code, fault.value),
                    *(fault.to_check, fault.part or None, "read"),
                )
                for line, sheet, _records, faults in batch
                for fault in faults
            ),
        )

    @api.model
    def _iterate(self, job, stream):
        """Yield (line, sheet, staging rows, faults) for each row of the file."""
        if job._is_aces(stream):
            yield from self._iterate_aces(job, stream)
        else:
            yield from self._iterate_table(job, stream)

    @api.model
    def _iterate_table(self, job, stream):
        table = job._open_table(stream)
        found = " / ".join(filter(None, (table.format.upper(), table.encoding.upper())))
        job._record({"format_found": found})
        read_sheets, skipped = 0, []
        for sheet, rows in itertools.groupby(table.rows, lambda row: row.sheet):
            begin = list(itertools.islice(rows, HEADER_WITHIN))
            header = job._find_header(begin)
            if header is None and read_sheets:
                skipped.append(sheet)
                continue
            header = self._choose_header(job, header, begin)
            headers = [str(cell).strip() for cell in begin[header].cells]
            columns = self._get_columns(job, headers)
            missing = column_name.missing(columns, job._get_table_kind())
            if missing and read_sheets:
                skipped.append(sheet)
                continue
            self._refuse_headers(job, headers, columns, missing)
            read_sheets += 1
            rows = itertools.chain(begin[header + 1 :], rows)
            yield from self._read_rows(job, columns, len(headers), rows)
        if not read_sheets:
            raise TableProblem("no_rows")
        self._note_sheets(job, skipped)

    @api.model
    def _choose_header(self, job, header, begin):
        """Return the place of the header; without one only what people say counts."""
        if header is not None:
            return header
        if not any((job.mapping or {}).values()):
            raise TableProblem("no_header")
        return 0

    @api.model
    def _note_sheets(self, job, skipped):
        if skipped:
            job._record(
                {
                    "note": self.env._(
                        "Not read, because their columns are others: %(sheets)s.",
                        sheets=", ".join(skipped),
                    )
                }
            )

    @api.model
    def _get_columns(self, job, headers):
        """Return the dict of meaning to places of its columns."""
        columns = {}
        for place, meaning in enumerate(job._get_meanings(headers)):
            if meaning:
                columns.setdefault(meaning, []).append(place)
        return columns

    @api.model
    def _refuse_headers(self, job, headers, columns, missing):
        """
        :raises TableProblem: columns are missing, or stand there twice
        """
        kind = job._get_table_kind()
        labels = job.env["parts.catalog.import.column"]._fields["meaning"]
        labels = dict(labels._description_selection(self.env))
        several = column_name.SEVERAL.get(kind, ())
        for meaning, places in columns.items():
            if len(places) > 1 and meaning not in several:
                raise TableProblem("meaning_doubled", meaning=labels[meaning])
        said = {column_name.name_key(name) for name in job.mapping or {}}
        for name in column_name.doubles(headers, kind):
            if column_name.name_key(name) not in said:
                raise TableProblem("doubled", column=name[:80])
        if missing:
            texts = (
                " / ".join(labels[m] for m in column_name.NAMES[kind] if m in choice)
                for choice in missing
            )
            raise TableProblem("columns", missing="; ".join(texts))

    @api.model
    def _read_rows(self, job, columns, width, rows):
        reader = READERS[job._get_table_kind()](columns, job.load_uncertain)
        for row in rows:
            if len(row.cells) > width and any(map(str.strip, row.cells[width:])):
                value = " | ".join(row.cells)[:200]
                fault = Fault(-1, "too_many_cells", value)
                yield row.line, row.sheet, [], [fault]
            else:
                yield row.line, row.sheet, *reader.read(row)

    @api.model
    def _iterate_aces(self, job, stream):
        reader = AcesReader(stream)
        for app in reader:
            yield app.line, "", *read_application(app)
        if reader.record_count not in (None, reader.count):
            raise TableProblem(
                "record_count", expected=reader.record_count, found=reader.count
            )
        title = " ".join(filter(None, (reader.header.get("title"), reader.version)))
        job._record({"format_found": f"ACES {title}".strip()[:120]})
        if reader.header.get("submission", "").upper() in ("UPDATE", "TEST"):
            # Only what it adds and deletes; the rest of the source stays
            job._record({"drop_missing": False})

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
        """Make a table with the columns of the target, ``n`` and ``line``."""
        self.env.cr.execute(
            SQL(
                "CREATE TABLE %s AS SELECT %s FROM %s WITH NO DATA",
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

    @api.model
    def _sql_columns(self, columns, alias=None):
        return SQL(", ").join(
            SQL.identifier(*((alias, column) if alias else (column,)))
            for column in columns
        )

    @api.model
    def _sql_same(self, columns, left="l", right="o"):
        """Return SQL that tells whether columns agree, empty ones included."""
        return SQL(" AND ").join(
            SQL(
                "%s IS NOT DISTINCT FROM %s",
                SQL.identifier(left, column),
                SQL.identifier(right, column),
            )
            for column in columns
        )

    @api.model
    def _add_issues(self, job, query):
        """Add issues found by SQL.

        :param query: SELECT of line, sheet, meaning, code, value, part, to_check
        """
        self.env.cr.execute(
            SQL(
                """INSERT INTO parts_catalog_import_issue (import_id, line, sheet,
                           place, code, value, part, to_check, found_in)
                   SELECT %s, line, sheet, COALESCE((%s::jsonb ->> meaning)::int, -1),
                          code, left(value, 500), part, to_check, 'look_up'
                     FROM (%s) AS found (line, sheet, meaning, code, value, part,
                                         to_check)""",
                job.id,
                json.dumps(self._get_places(job)),
                query,
            )
        )

    @api.model
    def _get_places(self, job):
        """Return the dict of meaning to the place of its first column."""
        places = {}
        for column in job.column_ids:
            places.setdefault(column.meaning or "", column.sequence)
        return places

    @api.model
    def _map_parts(self, job):
        """Look up the parts that the file names: ``parts_import_part``.

        Columns: ``part`` (text as staged), ``templates`` and ``products`` (how many),
        ``product_tmpl_id``, ``product_id``. A reference is looked for first, then a
        barcode, then a number; those of the import's company and of none.
        """
        self.env["product.product"].flush_model(["default_code", "barcode", "active"])
        self.env["product.template"].flush_model(
            ["company_id", "parts_brand_id", "active"]
        )
        self.env["parts.catalog.number"].flush_model()
        aces = job.kind == "aces" or (job.format_found or "").startswith("ACES")
        self._temporary(
            "wanted",
            SQL(
                """SELECT part, split_part(part, %(mark)s, 1) AS reference,
                          split_part(part, %(mark)s, 2) AS barcode,
                          split_part(part, %(mark)s, 3) AS key,
                          split_part(part, %(mark)s, 4) AS brand,
                          CASE WHEN split_part(part, %(mark)s, 4) = ''
                               THEN %(brand)s
                               ELSE COALESCE((%(named)s), %(other)s) END AS brand_id
                     FROM (SELECT part FROM %(stage)s
                            UNION
                           SELECT part FROM parts_catalog_import_issue
                            WHERE import_id = %(job)s AND part IS NOT NULL) AS said""",
                mark=SEPARATOR,
                brand=job.brand_id.id or None,
                # A name that no brand has is another brand; a code may be any of them
                other=(job.brand_id.id or None) if aces else 0,
                named=self._sql_brand(SQL("split_part(part, %s, 4)", SEPARATOR)),
                stage=self._sql_table(job, "stage"),
                job=job.id,
            ),
        )
        may = SQL(
            """(t.company_id IS NULL OR t.company_id = %s)
               AND (w.brand_id IS NULL OR t.parts_brand_id IS NULL
                    OR t.parts_brand_id = w.brand_id)""",
            job.company_id.id,
        )
        self._temporary(
            "part",
            SQL(
                """
                WITH hit AS (
                    SELECT w.part, 1 AS way, p.product_tmpl_id, p.id AS product_id,
                           p.active AND t.active AS active
                      FROM parts_import_wanted w
                      JOIN product_product p ON p.default_code = w.reference
                      JOIN product_template t ON t.id = p.product_tmpl_id
                     WHERE w.reference <> '' AND %(may)s
                     UNION ALL
                    SELECT w.part, 2, p.product_tmpl_id, p.id, p.active AND t.active
                      FROM parts_import_wanted w
                      JOIN product_product p ON p.barcode = w.barcode
                      JOIN product_template t ON t.id = p.product_tmpl_id
                     WHERE w.barcode <> '' AND %(may)s
                     UNION ALL
                    SELECT w.part, 3, n.product_tmpl_id, n.product_id, t.active
                      FROM parts_import_wanted w
                      JOIN parts_catalog_number n ON n.key = w.key
                      JOIN product_template t ON t.id = n.product_tmpl_id
                     WHERE w.key <> '' AND %(may)s
                ), best AS (
                    SELECT *, min(way) OVER (PARTITION BY part) AS best_way,
                           bool_or(active) OVER (PARTITION BY part, way) AS any_active
                      FROM hit
                )
                SELECT part, count(DISTINCT product_tmpl_id) AS templates,
                       count(DISTINCT product_id) AS products,
                       min(product_tmpl_id) AS product_tmpl_id,
                       min(product_id) AS product_id
                  FROM best
                 WHERE way = best_way AND active = any_active
              GROUP BY part
                """,
                may=may,
            ),
        )

    @api.model
    def _sql_brand(self, name):
        """Return SQL that looks up a part brand by name or code."""
        self.env["parts.catalog.brand"].flush_model()
        return SQL(
            """SELECT b.id FROM parts_catalog_brand b
                WHERE lower(b.name) = lower(%(name)s) OR b.code = upper(%(name)s)
             ORDER BY b.active DESC, b.id LIMIT 1""",
            name=name,
        )

    @api.model
    def _add_part_issues(self, job):
        """Name the parts that are not found, or found more than once."""
        self._add_issues(
            job,
            SQL(
                """
                SELECT DISTINCT s.line, s.sheet, 'part',
                       CASE WHEN p.part IS NULL THEN 'part_unknown'
                            ELSE 'part_ambiguous' END,
                       COALESCE(NULLIF(w.reference, ''), NULLIF(w.barcode, ''), w.key),
                       s.part, FALSE
                  FROM %s s
                  JOIN parts_import_wanted w ON w.part = s.part
             LEFT JOIN parts_import_part p ON p.part = s.part
                 WHERE p.part IS NULL OR p.templates > 1
                """,
                self._sql_table(job, "stage"),
            ),
        )

    @api.model
    def _map_owners(self, job):
        """Look up who gave numbers: ``parts_import_owner`` with ``owner`` (text as
        staged), ``make_id``, ``group_id``, ``brand_id``; none of them if unknown."""
        specs = [
            spec
            for [spec] in self.env.execute_query(
                SQL(
                    "SELECT DISTINCT owner FROM %s WHERE owner IS NOT NULL",
                    self._sql_table(job, "stage"),
                )
            )
        ]
        words = {spec: spec.split(SEPARATOR) for spec in specs}
        names = sorted({word for said in words.values() for word in said if word})
        makes = self._find_makes(names)
        groups = self._find_by_name("parts.catalog.make.group", names)
        brands = self._find_brands(names)

        def owner_of(make, group, brand, beside):
            word = make or group or brand or beside
            if not word:
                return job.make_id.id, None, not job.make_id and job.brand_id.id
            ways = [(makes, 0), (groups, 1), (brands, 2)]
            first = 2 if word == brand and not make and not group else 0
            first = 1 if word == group and not make else first
            for found, place in ways[first:] + ways[:first]:
                if word in found:
                    result = [None, None, None]
                    result[place] = found[word]
                    return result
            return None, None, None

        self._fill_temporary(
            "owner",
            [
                ("owner", "text"),
                ("make_id", "integer"),
                ("group_id", "integer"),
                ("brand_id", "integer"),
            ],
            (
                (spec, *(id_ or None for id_ in owner_of(*words[spec])))
                for spec in specs
            ),
        )
        self._add_issues(
            job,
            SQL(
                """SELECT DISTINCT s.line, s.sheet, 'make',
                          CASE WHEN translate(s.owner, %(mark)s, '') = ''
                               THEN 'owner_missing' ELSE 'owner_unknown' END,
                          btrim(translate(s.owner, %(mark)s, ' ')), %(part)s, FALSE
                     FROM %(stage)s s
                     JOIN parts_import_owner o ON o.owner = s.owner
                    WHERE num_nonnulls(o.make_id, o.group_id, o.brand_id) = 0""",
                mark=SEPARATOR,
                stage=self._sql_table(job, "stage"),
                part=SQL.identifier("s", "part") if self._part_column else SQL("NULL"),
            ),
        )

    @api.model
    def _find_makes(self, names):
        """Return the dict of those names that makes have, in any spelling, to ids."""
        found = self.env["parts.catalog.make"].sudo()._find_by_names(names)
        return {name: id_ for name, id_ in found.items() if id_}

    @api.model
    def _find_by_name(self, model, names):
        rows = self.env.execute_query(
            SQL(
                "SELECT lower(name), min(id) FROM %s WHERE lower(name) = ANY(%s)"
                " GROUP BY 1",
                SQL.identifier(self.env[model]._table),
                [name.lower() for name in names],
            )
        )
        by_name = dict(rows)
        return {n: by_name[n.lower()] for n in names if n.lower() in by_name}

    @api.model
    def _find_brands(self, names):
        rows = self.env.execute_query(
            SQL(
                "SELECT said, (%s) FROM unnest(%s::text[]) AS said",
                self._sql_brand(SQL("said")),
                names,
            )
        )
        return {name: id_ for name, id_ in rows if id_}

    # === COMPARING === #

    @api.model
    def _sql_mine(self, job):
        """Return the condition on rows ``o`` of the target that the import replaces."""
        condition = SQL("o.source_id = %s", job.source_id.id)
        if self._part_column:
            condition = SQL(
                """%s AND EXISTS (
                    SELECT FROM product_template t WHERE t.id = o.product_tmpl_id
                       AND (t.company_id IS NULL OR t.company_id = %s))""",
                condition,
                job.company_id.id,
            )
        return condition

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
        """Return the ids of rows of the source to remove.

        Rows of a part of which the file holds a row that cannot be read are kept:
        nobody knows whether they are gone.
        """
        removed = SQL(
            """SELECT o.id FROM parts_import_old o JOIN %s l ON l.remove AND %s""",
            self._sql_table(job, "load"),
            self._sql_join(*self._get_identities(job)[0]),
        )
        if not job.drop_missing:
            return removed
        kept = SQL("FALSE")
        if self._part_column:
            kept = SQL(
                """EXISTS (SELECT FROM parts_import_part p
                             JOIN parts_catalog_import_issue i ON i.part = p.part
                            WHERE i.import_id = %s
                              AND p.product_tmpl_id = o.product_tmpl_id)""",
                job.id,
            )
        return SQL(
            """SELECT o.id FROM parts_import_old o
                WHERE NOT EXISTS (SELECT FROM parts_import_pair p WHERE p.id = o.id)
                  AND NOT %s
                UNION %s""",
            kept,
            removed,
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
    def _finish_check(self, job):
        kept = job.env["parts.catalog.import.mapping"]
        kept._keep_mapping(job.source_id, job._get_table_kind(), job.mapping)
        job._record({"state": "checked", "step": False, "progress": 100.0})

    # === SWITCH === #

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
        self._drop_tables(job, ("old", "new"))
        self.env.cr.execute(
            SQL(
                """CREATE TABLE %(old)s AS SELECT * FROM %(table)s WHERE id IN (
                       SELECT id FROM parts_import_gone
                        UNION SELECT id FROM parts_import_pair WHERE how = 1)""",
                **values,
            )
        )
        self._remove(job)
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
                     ORDER BY n
                    RETURNING id)
                   INSERT INTO %(new)s SELECT id FROM added""",
                **values,
            )
        )
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

    @api.model
    def _finish_load(self, job):
        kept = job.env["parts.catalog.import.mapping"]
        kept._keep_mapping(job.source_id, job._get_table_kind(), job.mapping)
        self._drop_tables(job, ("stage", "load"))
        job._record(
            {
                "state": "done",
                "step": False,
                "progress": 100.0,
                "done_date": fields.Datetime.now(),
            }
        )

    # === UNDO === #

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
        removed. Rows that are gone since, with their part, stay gone."""
        target = self.env[self._target]
        target.flush_model()
        self._lock_source(job)
        columns = [
            name
            for [name] in self.env.execute_query(
                SQL(
                    "SELECT column_name FROM information_schema.columns"
                    " WHERE table_name = %s AND table_schema = current_schema()"
                    " ORDER BY ordinal_position",
                    self._name_table(job, "old"),
                )
            )
            if name in target._fields
        ]
        values = {
            "table": SQL.identifier(target._table),
            "old": self._sql_table(job, "old"),
            "new": self._sql_table(job, "new"),
            "columns": self._sql_columns(columns),
            "set": SQL(", ").join(
                SQL("%s = excluded.%s", SQL.identifier(c), SQL.identifier(c))
                for c in columns
                if c != "id"
            ),
            "there": self._sql_still_there(),
        }
        self._undo_added(job, values)
        self.env.cr.execute(
            SQL(
                """INSERT INTO %(table)s (%(columns)s)
                   SELECT %(columns)s FROM %(old)s o WHERE %(there)s
                   ON CONFLICT (id) DO UPDATE SET %(set)s""",
                **values,
            )
        )
        self.env.invalidate_all()
        self._after_switch(job)
        self._drop_tables(job)

    @api.model
    def _undo_added(self, job, values):
        self.env.cr.execute(
            SQL("DELETE FROM %(table)s WHERE id IN (SELECT id FROM %(new)s)", **values)
        )

    @api.model
    def _sql_still_there(self):
        """Return the condition on rows ``o`` kept for undo that can be put back."""
        if self._part_column:
            return SQL(
                "EXISTS (SELECT FROM product_template t WHERE t.id = o.product_tmpl_id)"
            )
        return SQL("TRUE")
