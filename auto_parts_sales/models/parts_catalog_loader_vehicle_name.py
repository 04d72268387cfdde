import re

from odoo import api, models
from odoo.tools import SQL

from ..utils.row_reader import SEPARATOR
from ..utils.row_vehicle import VEHICLE_WORDS

# Where a name may end: between words, between scripts, between Han characters
ENDS = re.compile(r"(?<=\s)|(?<=[\u3400-\u9fff])|(?=[\u3400-\u9fff])|(?=[\s\-/])")
MOST_PREFIXES = 16
# A vehicle that is meant, and what is narrower than it
MEANT = (
    "vehicle_id",
    "year_from",
    "year_to",
    "engine_code",
    "condition",
    "built_from",
    "built_to",
)


class PartsCatalogLoaderVehicleName(models.AbstractModel):
    """Vehicles that a file names, by ids or in words, become vehicles of ours."""

    _name = "parts.catalog.loader.vehicle.name"
    _inherit = ["parts.catalog.loader.name"]
    _description = "Vehicles in Catalogue Imports"

    @api.model
    def _map_vehicles(self, job):
        """Look up the vehicles that the file names.

        ``parts_import_vehicle``: one row, numbered by ``nr``, for each vehicle that is
        meant, with years, months and conditions where they are narrower than the
        vehicle. ``parts_import_vehicle_said``: the numbers that a text of the file
        means. An id of another catalogue goes before names.
        """
        vehicle = self.env["parts.catalog.vehicle"]
        vehicle.flush_model()
        words = SQL(", ").join(
            SQL(
                "NULLIF(split_part(vehicle, %s, %s), '') AS %s",
                SEPARATOR,
                place,
                # "vehicle" is the whole text here
                SQL.identifier("text" if word == "vehicle" else word),
            )
            for place, word in enumerate(VEHICLE_WORDS, 1)
        )
        self._temporary(
            "spec",
            SQL(
                """SELECT *, concat(make, %s, model, %s, text) AS said FROM (
                       SELECT vehicle, %s
                         FROM (SELECT DISTINCT vehicle FROM (%s) AS said) AS staged
                       ) AS spec""",
                SEPARATOR,
                SEPARATOR,
                words,
                self._sql_vehicles_said(job),
            ),
        )
        self._map_models(job)
        self._temporary("hit", self._sql_hits())
        columns = self._sql_columns(MEANT)
        self._temporary(
            "vehicle_same",
            SQL(
                """SELECT vehicle, dense_rank() OVER (ORDER BY %(columns)s) AS nr,
                          %(columns)s FROM (%(vehicles)s) v""",
                columns=columns,
                vehicles=self._sql_vehicles(),
            ),
        )
        self._temporary(
            "vehicle_said",
            SQL("SELECT DISTINCT vehicle, nr FROM parts_import_vehicle_same"),
        )
        self._temporary(
            "vehicle",
            SQL(
                "SELECT DISTINCT ON (nr) nr, %s FROM parts_import_vehicle_same",
                columns,
            ),
        )

    @api.model
    def _sql_vehicles_said(self, job):
        """Return the select of what the file says of vehicles."""
        return SQL("SELECT vehicle FROM %s", self._sql_table(job, "stage"))

    @api.model
    def _sql_hits(self):
        """Return the vehicles that may be meant, and whether the years meet theirs."""
        engine = SQL(
            """(s.engine_code IS NULL OR COALESCE(v.engine_code, '') = ''
                OR upper(v.engine_code) = ANY(
                    regexp_split_to_array(upper(s.engine_code), '[\\s,;/|、，]+')))"""
        )
        named = SQL(
            """%s
               AND (s.generation IS NULL OR COALESCE(v.generation, '') = ''
                    OR lower(v.generation) = lower(s.generation))
               AND (s.engine IS NULL OR COALESCE(v.engine, '') = ''
                    OR lower(v.engine) = lower(s.engine))
               AND (s.displacement IS NULL OR COALESCE(v.displacement, 0) = 0
                    OR v.displacement = s.displacement::numeric)
               AND (s.fuel IS NULL OR v.fuel IS NULL OR v.fuel = s.fuel)
               AND (m.rest IS NULL OR lower(m.rest) IN (
                    lower(v.generation), lower(v.engine), lower(v.engine_code),
                    v.displacement::text,
                    lower(concat_ws(' ', v.generation, v.engine))))""",
            engine,
        )
        return SQL(
            """
            WITH hit AS (
                SELECT s.vehicle, 1 AS way, v.id FROM parts_import_spec s
                  JOIN parts_catalog_vehicle v ON v.ktype = s.ktype::int
                 UNION ALL
                SELECT s.vehicle, 2, v.id FROM parts_import_spec s
                  JOIN parts_catalog_vehicle v
                    ON v.vcdb_base_vehicle = s.vcdb_base_vehicle::int AND %(engine)s
                 UNION ALL
                SELECT s.vehicle, 3, v.id FROM parts_import_spec s
                  JOIN parts_catalog_vehicle v ON v.cn_code = s.cn_code
                 UNION ALL
                SELECT s.vehicle, 4, v.id FROM parts_import_spec s
                  JOIN parts_import_model m ON m.said = s.said
                  JOIN parts_catalog_vehicle v ON v.model_id = m.model_id
                 WHERE v.active AND %(named)s
            ), best AS (
                SELECT *, min(way) OVER (PARTITION BY vehicle) AS best_way FROM hit
            )
            SELECT b.vehicle, b.id,
                   (s.year_from IS NULL OR COALESCE(v.year_to, 0) = 0
                    OR s.year_from::int <= v.year_to)
                   AND (s.year_to IS NULL OR COALESCE(v.year_from, 0) = 0
                        OR s.year_to::int >= v.year_from) AS meets
              FROM best b
              JOIN parts_import_spec s ON s.vehicle = b.vehicle
              JOIN parts_catalog_vehicle v ON v.id = b.id
             WHERE way = best_way
            """,
            engine=engine,
            named=named,
        )

    @api.model
    def _sql_vehicles(self):
        """Return the vehicles meant, with what is narrower than the vehicle itself."""
        return SQL(
            """
            SELECT h.vehicle, v.id AS vehicle_id,
                   CASE WHEN s.year_from::int > COALESCE(v.year_from, 0)
                        THEN s.year_from::int END AS year_from,
                   CASE WHEN COALESCE(v.year_to, 0) = 0
                             OR s.year_to::int < v.year_to
                        THEN s.year_to::int END AS year_to,
                   CASE WHEN COALESCE(v.engine_code, '') = '' THEN s.engine_code END
                       AS engine_code,
                   NULLIF(concat_ws('; ',
                       CASE WHEN COALESCE(v.engine, '') = '' THEN s.engine END,
                       CASE WHEN COALESCE(v.displacement, 0) = 0
                            THEN s.displacement || ' l' END), '') AS condition,
                   CASE WHEN s.month_from IS NOT NULL
                        THEN make_date(s.year_from::int, s.month_from::int, 1) END
                       AS built_from,
                   CASE WHEN s.month_to IS NOT NULL
                        THEN make_date(s.year_to::int, s.month_to::int, 1) END
                       AS built_to
              FROM parts_import_hit h
              JOIN parts_import_spec s ON s.vehicle = h.vehicle
              JOIN parts_catalog_vehicle v ON v.id = h.id
             WHERE h.meets
            """
        )

    @api.model
    def _add_vehicle_issues(self, job):
        """Name the vehicles that are not found."""
        self._temporary(
            "vehicle_bad",
            SQL(
                """
                SELECT c.vehicle,
                       CASE WHEN c.ktype IS NOT NULL THEN 'ktype'
                            WHEN c.vcdb_base_vehicle IS NOT NULL
                                THEN 'vcdb_base_vehicle'
                            WHEN c.cn_code IS NOT NULL THEN 'cn_code'
                            WHEN c.text IS NOT NULL THEN 'vehicle'
                            ELSE 'model' END AS meaning,
                       CASE WHEN EXISTS (SELECT FROM parts_import_hit h
                                          WHERE h.vehicle = c.vehicle)
                            THEN 'years_outside'
                            ELSE COALESCE(m.code, 'vehicle_unknown') END AS code,
                       concat_ws(' ', c.ktype, c.vcdb_base_vehicle, c.cn_code, c.make,
                                 c.model, c.text, c.generation, c.engine,
                                 c.engine_code, c.displacement,
                                 NULLIF(concat_ws('-', c.year_from, c.year_to), ''))
                           AS value
                  FROM parts_import_spec c
             LEFT JOIN parts_import_model m ON m.said = c.said
                 WHERE NOT EXISTS (SELECT FROM parts_import_vehicle_said v
                                    WHERE v.vehicle = c.vehicle)
                """
            ),
        )
        if self._is_empty("vehicle_bad"):
            return
        self._add_issues(
            job,
            SQL(
                """
                SELECT DISTINCT s.line, s.sheet, b.meaning, b.code, b.value, s.part,
                       FALSE
                  FROM (%s) s JOIN parts_import_vehicle_bad b ON b.vehicle = s.vehicle
                """,
                self._sql_lines(job),
            ),
        )

    @api.model
    def _map_models(self, job):
        """Look up names of makes and models: ``parts_import_model``.

        ``said``: make, model and text as staged; ``model_id``, or a ``code`` that
        says what is not known; ``rest``: words behind the model in a free text.
        """
        said = self.env.execute_query(
            SQL("SELECT DISTINCT make, model, text FROM parts_import_spec")
        )
        said = [row for row in said if any(row)]
        makes = self._find_makes_of(job, said)
        models = self._find_models_of(said, makes)
        rows = []
        for row in said:
            make_id, _rest = makes[row]
            model_id, rest = models.get(row, (None, None))
            code = None
            if not model_id:
                code = "model_unknown" if make_id else "make_unknown"
            key = SEPARATOR.join(word or "" for word in row)
            rows.append((key, model_id, rest, code))
        columns = [("said", "text"), ("model_id", "integer")]
        columns += [("rest", "text"), ("code", "text")]
        self._fill_temporary("model", columns, rows)

    @api.model
    def _find_makes_of(self, job, said):
        """Return for each (make, model, text) the make's id, and the text behind it."""
        names = {make for make, _model, _text in said if make}
        for _make, _model, text in said:
            names.update(self._get_prefixes(text))
        found = self._find_makes(sorted(names))
        result = {}
        for row in said:
            make, _model, text = row
            make_id = found.get(make) if make else None
            rest = text or ""
            for prefix in self._get_prefixes(text):
                if prefix in found and make_id in (None, found[prefix]):
                    make_id = found[prefix]
                    rest = text[len(prefix) :].strip(" -/")
                    break
            if not make_id and not make:
                make_id = job.make_id.id or None
            result[row] = make_id, rest
        return result

    @api.model
    def _find_models_of(self, said, makes):
        """Return for each (make, model, text) the model's id, and what is left."""
        by_make = {}
        for row in said:
            make_id, rest = makes[row]
            if make_id:
                names = by_make.setdefault(make_id, set())
                names.update([row[1]] if row[1] else self._get_prefixes(rest))
        found = {}
        for make_id, names in by_make.items():
            make = self.env["parts.catalog.make"].sudo().browse(make_id)
            models = self.env["parts.catalog.model"].sudo()
            found[make_id] = models._find_by_names(make, sorted(names))
        result = {}
        for row in said:
            make_id, rest = makes[row]
            known = found.get(make_id, {})
            if row[1]:
                result[row] = known.get(row[1]) or None, None
                continue
            for prefix in self._get_prefixes(rest):
                if known.get(prefix):
                    left = rest[len(prefix) :].strip(" -/") or None
                    result[row] = known[prefix], left
                    break
        return result

    @api.model
    def _get_prefixes(self, text):
        """Return what a text may begin with, the longest first."""
        if not text:
            return []
        ends = {match.start() for match in ENDS.finditer(text)} | {len(text)}
        prefixes = {text[:end].strip() for end in sorted(ends, reverse=True) if end}
        ordered = sorted(filter(None, prefixes), key=len, reverse=True)
        return ordered[:1] + ordered[1:][-MOST_PREFIXES:]
