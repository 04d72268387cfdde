from odoo import api, models
from odoo.tools import SQL

from ..utils.row_texts import RowTexts
from ..utils.row_vehicle import FITMENT_REST
from .parts_catalog_loader_file import Block

# What of a staged row repeats: its part, its vehicle, and the rest of it
TEXTS = {
    "part": (("part", "text"),),
    "vehicle": (("vehicle", "text"),),
    "rest": FITMENT_REST,
}


def _array(numbers):
    """Return whole numbers as PostgreSQL reads an array."""
    return f"{{{str(list(numbers))[1:-1]}}}"


class PartsCatalogLoaderFitment(models.AbstractModel):
    """Fitments come by the million and repeat themselves: the staging table holds
    numbers, and what each stands for is kept once, in a table beside it."""

    _name = "parts.catalog.loader.fitment"
    _inherit = ["parts.catalog.loader", "parts.catalog.loader.vehicle.name"]
    _description = "Loader of Fitments"

    _target = "parts.catalog.fitment"
    _loaded = (
        "product_tmpl_id",
        "vehicle_id",
        "year_from",
        "year_to",
        "position",
        "quantity",
        "condition",
        "engine_code",
        "chassis_from",
        "chassis_to",
        "built_from",
        "built_to",
    )
    _identities = (
        (
            ("product_tmpl_id", "vehicle_id"),
            ("product_tmpl_id", "vehicle_id", "position", "condition", "engine_code"),
        ),
        (
            ("product_tmpl_id", "vehicle_id"),
            ("product_tmpl_id", "vehicle_id", "position"),
        ),
        (("product_tmpl_id", "vehicle_id"), ("product_tmpl_id", "vehicle_id")),
    )
    _part_column = "product_tmpl_id"

    # === STAGING === #

    @api.model
    def _get_stage(self, job):
        """Override: many rows of the file are one row of arrays."""
        return [
            ("sheet", "text"),
            ("line", "integer[]"),
            *((name, "integer[]") for name in TEXTS),
        ]

    @api.model
    def _create_stage(self, job):
        result = super()._create_stage(job)
        for name, columns in TEXTS.items():
            self._create_table(job, name, [("nr", "integer"), *columns])
        return result

    @api.model
    def _get_read_tables(self):
        return (*super()._get_read_tables(), *TEXTS)

    @api.model
    def _open_stage(self, job):
        """Override: keep the texts of this run, numbered behind those kept already."""
        return {
            name: RowTexts(
                self.env.execute_query(
                    SQL("SELECT max(nr) FROM %s", self._sql_table(job, name))
                )[0][0]
                or 0
            )
            for name in TEXTS
        }

    @api.model
    def _copy_blocks(self, job, stage, columns, blocks):
        """Override: stage numbers, and the texts that are new."""
        arrays = []
        for block in blocks:
            numbers = (
                map(stage[name].numbers.__getitem__, column)
                for name, column in zip(TEXTS, block.columns, strict=True)
            )
            arrays.append((block.sheet, *map(_array, (block.lines, *numbers))))
        for name, kept in TEXTS.items():
            texts = (
                (nr, *text) if name == "rest" else (nr, text)
                for nr, text in stage[name].take_new()
            )
            columns_kept = ["nr", *(column for column, _kind in kept)]
            self._copy(self._name_table(job, name), columns_kept, texts)
        self._copy(self._name_table(job, "stage"), columns, arrays)

    @api.model
    def _copy_rows(self, job, stage, columns, rows):
        """Override: as blocks, one for each sheet."""
        blocks = {}
        for line, sheet, records, _faults in rows:
            lines, *columns_said = blocks.setdefault(sheet, ([], [], [], []))
            for record in records:
                lines.append(line)
                for column, value in zip(columns_said, record, strict=True):
                    column.append(value)
        self._copy_blocks(
            job,
            stage,
            columns,
            [
                Block(sheet, lines, columns_said)
                for sheet, (lines, *columns_said) in blocks.items()
                if lines
            ],
        )

    @api.model
    def _sql_staged(self, job):
        """Return the select of the rows staged: sheet, line and numbers of texts."""
        return SQL(
            "SELECT sheet, unnest(line) AS line, unnest(part) AS part,"
            " unnest(vehicle) AS vehicle, unnest(rest) AS rest FROM %s",
            self._sql_table(job, "stage"),
        )

    @api.model
    def _sql_parts_said(self, job):
        return SQL("SELECT part FROM %s", self._sql_table(job, "part"))

    @api.model
    def _sql_vehicles_said(self, job):
        return SQL("SELECT vehicle FROM %s", self._sql_table(job, "vehicle"))

    @api.model
    def _sql_lines(self, job):
        return SQL(
            """SELECT s.line, s.sheet, p.part, v.vehicle
                 FROM (%s) s JOIN %s p ON p.nr = s.part
                 JOIN %s v ON v.nr = s.vehicle""",
            self._sql_staged(job),
            self._sql_table(job, "part"),
            self._sql_table(job, "vehicle"),
        )

    # === LOOKING UP === #

    @api.model
    def _create_load(self, job):
        """Override: it is made when it is filled, which takes half the time.

        Each comparison makes it anew, so nothing has to survive a crash.
        """

    @api.model
    def _look_up(self, job):
        self._map_parts(job)
        self._add_part_issues(job)
        self._map_vehicles(job)
        self._add_vehicle_issues(job)
        self._number_meanings(job)
        self._temporary("staged", self._sql_staged(job))
        # Whole numbers are grouped and sorted; what they mean is joined to them last
        self.env.cr.execute(
            SQL(
                """
                CREATE UNLOGGED TABLE %(load)s AS
                SELECT s.n::int AS n, s.line, s.sheet, s.times::int AS times, r.remove,
                       NULL::boolean AS held, s.product_tmpl_id, v.vehicle_id,
                       v.year_from, v.year_to, r.position, r.quantity,
                       NULLIF(concat_ws('; ', r.condition, v.condition), '')
                           AS condition,
                       v.engine_code, r.chassis_from, r.chassis_to, v.built_from,
                       v.built_to
                  FROM (
                    SELECT p.product_tmpl_id, m.same AS vehicle, o.same AS rest,
                           min(s.line) AS line, min(s.sheet) AS sheet,
                           count(*) AS times,
                           row_number() OVER (ORDER BY product_tmpl_id, min(s.line))
                               AS n
                      FROM parts_import_staged s
                      JOIN parts_import_part_nr p ON p.nr = s.part
                      JOIN parts_import_vehicle_nr m ON m.nr = s.vehicle
                      JOIN parts_import_rest_nr o ON o.nr = s.rest
                  GROUP BY 1, 2, 3
                  ) s
                  JOIN parts_import_vehicle v ON v.nr = s.vehicle
                  JOIN parts_import_rest r ON r.nr = s.rest
                """,
                load=self._sql_table(job, "load"),
            )
        )

    @api.model
    def _number_meanings(self, job):
        """Say for each number of the staging table what it means, by numbers again.

        Two texts may mean the same, and then have the same number here. Whole numbers
        are what a million rows are joined and grouped by.
        """
        self._temporary(
            "part_nr",
            SQL(
                """SELECT d.nr, p.product_tmpl_id
                     FROM %s d JOIN parts_import_part p ON p.part = d.part
                    WHERE p.templates = 1""",
                self._sql_table(job, "part"),
            ),
        )
        self._temporary(
            "vehicle_nr",
            SQL(
                """SELECT d.nr, v.nr AS same
                     FROM %s d JOIN parts_import_vehicle_said v
                       ON v.vehicle = d.vehicle""",
                self._sql_table(job, "vehicle"),
            ),
        )
        columns = [name for name, _kind in FITMENT_REST]
        self._temporary(
            "rest_same",
            SQL(
                """SELECT nr AS said, dense_rank() OVER (ORDER BY %(columns)s) AS nr,
                          %(columns)s
                     FROM (SELECT nr, NULLIF(position, '') AS position, quantity,
                                  NULLIF(condition, '') AS condition,
                                  NULLIF(chassis_from, '') AS chassis_from,
                                  NULLIF(chassis_to, '') AS chassis_to, remove
                             FROM %(rest)s) d""",
                columns=self._sql_columns(columns),
                rest=self._sql_table(job, "rest"),
            ),
        )
        self._temporary(
            "rest_nr", SQL("SELECT said AS nr, nr AS same FROM parts_import_rest_same")
        )
        self._temporary(
            "rest",
            SQL(
                "SELECT DISTINCT ON (nr) nr, %s FROM parts_import_rest_same",
                self._sql_columns(columns),
            ),
        )
