import json

from odoo import api, models
from odoo.tools import SQL

from ..utils.row_reader import SEPARATOR


class PartsCatalogLoaderName(models.AbstractModel):
    """Names in the file become ids: parts, makes, groups of makes and brands, each
    looked up once for all rows; what is not found becomes issues."""

    _name = "parts.catalog.loader.name"
    _inherit = ["parts.catalog.loader.table"]
    _description = "Names in Catalogue Imports"

    # The staged column by which an issue says what it concerns
    _issue_part = "part"

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
    def _sql_parts_said(self, job):
        """Return the select of what the file says of parts."""
        return SQL("SELECT part FROM %s", self._sql_table(job, "stage"))

    @api.model
    def _sql_lines(self, job):
        """Return the select of lines: line, sheet, part as the file says it."""
        return SQL("SELECT line, sheet, part FROM %s", self._sql_table(job, "stage"))

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
                     FROM (%(said)s
                            UNION
                           SELECT part FROM parts_catalog_import_issue
                            WHERE import_id = %(job)s AND part IS NOT NULL) AS said""",
                mark=SEPARATOR,
                brand=job.brand_id.id or None,
                # A name that no brand has is another brand; a code may be any of them
                other=(job.brand_id.id or None) if aces else 0,
                named=self._sql_brand(SQL("split_part(part, %s, 4)", SEPARATOR)),
                said=self._sql_parts_said(job),
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
        self._temporary(
            "part_bad",
            SQL(
                """
                SELECT w.part, CASE WHEN p.part IS NULL THEN 'part_unknown'
                                    ELSE 'part_ambiguous' END AS code,
                       COALESCE(NULLIF(w.reference, ''), NULLIF(w.barcode, ''), w.key)
                           AS value
                  FROM parts_import_wanted w
             LEFT JOIN parts_import_part p ON p.part = w.part
                 WHERE p.part IS NULL OR p.templates > 1
                """
            ),
        )
        if self._is_empty("part_bad"):
            return
        self._add_issues(
            job,
            SQL(
                """
                SELECT DISTINCT s.line, s.sheet, 'part', b.code, b.value, s.part, FALSE
                  FROM (%s) s JOIN parts_import_part_bad b ON b.part = s.part
                """,
                self._sql_lines(job),
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
                part=SQL.identifier("s", self._issue_part),
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
