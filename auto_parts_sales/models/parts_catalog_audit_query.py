from odoo import api, models
from odoo.tools import SQL

# Of how many fitments of a part another quantity is compared with the usual one, and
# which share of them makes it unusual
_MANY = 5

_RARE = 0.2

# More of one part in one vehicle than this is rather a mistake in the column
_MOST = 64

_LONGEST_POSITION = 60

# Words of a side, each followed by those of the opposite side
_SIDES = (
    r"\mleft\M|\mlh\M|左",
    r"\mright\M|\mrh\M|右",
    r"\mfront\M|(^|[^之以])前",
    r"\mrear\M|\mback\M|(^|[^之以])后",
    r"\mupper\M|\mtop\M|上",
    r"\mlower\M|\mbottom\M|下",
)

_ATTRIBUTE_WORDS = (
    r"\m(19|20)\d\d\M|\d{4}款|\mengine\M|发动机|\mchassis\M|\mvin\M|底盘|车架|年款"
)


class PartsCatalogAudit(models.Model):
    """How each finding of the audit is found: one query over the fitments."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.catalog.audit"

    @api.model
    def _get_finders(self, scope):
        """Return dict of finding to SQL that selects the fitments found.

        Each selects ``id``, ``other_id``, ``product_tmpl_id``, ``vehicle_id``,
        ``source_id``. Extend together with ``FINDINGS`` to find more.

        :param scope: Scope, conditions on ``f``, the fitments that are compared
        """
        parts = scope.parts
        return {
            "duplicate": self._find_duplicates(parts),
            "overlap": self._find_overlaps(parts),
            "contradiction": self._find_contradictions(parts),
            "no_effect": self._find_conditions_without_effect(parts),
            "years": self._find_years_outside(parts),
            "engine": self._find_other_engines(parts),
            "quantity": self._find_unusual_quantities(parts),
            "attributes": self._find_mixed_conditions(scope.vehicles),
            "position": self._find_suspicious_positions(parts),
            "note": self._find_conditions_in_words(parts),
        }

    @api.model
    def _rows(self, scope):
        """Return the fitments with what is compared: whole years, keys, dates."""
        return SQL(
            """
            SELECT f.id, f.product_tmpl_id, f.vehicle_id, f.source_id, f.quantity,
                   COALESCE(NULLIF(f.year_from, 0), NULLIF(v.year_from, 0), 0)
                       AS first_year,
                   COALESCE(NULLIF(f.year_to, 0), NULLIF(v.year_to, 0), 9999)
                       AS last_year,
                   lower(trim(COALESCE(f.position, ''))) AS place,
                   concat_ws('|',
                       COALESCE(
                           upper(regexp_replace(f.engine_code, '\\W', '', 'g')), ''
                       ),
                       upper(COALESCE(f.chassis_from, '')),
                       upper(COALESCE(f.chassis_to, '')),
                       f.built_from, '-', f.built_to,
                       lower(trim(COALESCE(f.condition, '')))
                   ) AS terms,
                   COALESCE(
                       NULLIF(f.engine_code, ''), NULLIF(f.chassis_from, ''),
                       NULLIF(f.chassis_to, ''), f.built_from::varchar,
                       f.built_to::varchar, NULLIF(f.condition, '')
                   ) IS NOT NULL AS conditional
              FROM parts_catalog_fitment f
              JOIN parts_catalog_vehicle v ON v.id = f.vehicle_id
             WHERE %s
            """,
            scope,
        )

    @api.model
    def _find_duplicates(self, scope):
        return SQL(
            """
            SELECT * FROM (
                SELECT id, product_tmpl_id, vehicle_id, source_id,
                       first_value(id) OVER same AS other_id
                  FROM (%s) r
                WINDOW same AS (
                    PARTITION BY product_tmpl_id, vehicle_id, place, terms,
                                 first_year, last_year, quantity
                    ORDER BY id
                )
            ) d WHERE other_id <> id
            """,
            self._rows(scope),
        )

    @api.model
    def _find_overlaps(self, scope):
        return self._find_meeting(
            scope,
            SQL(
                """quantity = other_quantity
                   AND (first_year, last_year) <> (other_first, other_last)"""
            ),
        )

    @api.model
    def _find_contradictions(self, scope):
        return self._find_meeting(scope, SQL("quantity <> other_quantity"))

    @api.model
    def _find_meeting(self, scope, where):
        """Return the fitments whose years meet those of an equal one before them."""
        return SQL(
            """
            SELECT * FROM (
                SELECT id, product_tmpl_id, vehicle_id, source_id,
                       first_year, last_year, quantity,
                       max(last_year) OVER earlier AS reached,
                       lag(id) OVER same AS other_id,
                       lag(first_year) OVER same AS other_first,
                       lag(last_year) OVER same AS other_last,
                       lag(quantity) OVER same AS other_quantity
                  FROM (%s) r
                WINDOW same AS (
                    PARTITION BY product_tmpl_id, vehicle_id, place, terms
                    ORDER BY first_year, last_year, id
                ), earlier AS (
                    same ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                )
            ) m
             WHERE first_year <= reached AND %s
            """,
            self._rows(scope),
            where,
        )

    @api.model
    def _find_conditions_without_effect(self, scope):
        return SQL(
            """
            SELECT * FROM (
                SELECT id, product_tmpl_id, vehicle_id, source_id, conditional,
                       first_year, last_year,
                       min(id) FILTER (WHERE NOT conditional) OVER same AS other_id,
                       min(first_year) FILTER (WHERE NOT conditional) OVER same
                           AS free_from,
                       max(last_year) FILTER (WHERE NOT conditional) OVER same
                           AS free_to
                  FROM (%s) r
                WINDOW same AS (PARTITION BY product_tmpl_id, vehicle_id, place)
            ) c
             WHERE conditional AND free_from <= first_year AND free_to >= last_year
            """,
            self._rows(scope),
        )

    @api.model
    def _find_years_outside(self, scope):
        return self._find_single(
            scope,
            """
            (f.year_from > 0 AND v.year_from > 0 AND f.year_from < v.year_from)
            OR (f.year_to > 0 AND v.year_to > 0 AND f.year_to > v.year_to)
            OR (f.year_from > 0 AND v.year_to > 0 AND f.year_from > v.year_to)
            OR (f.year_to > 0 AND v.year_from > 0 AND f.year_to < v.year_from)
            OR (v.year_from > 0 AND extract(year FROM f.built_to) < v.year_from - 1)
            OR (v.year_to > 0 AND extract(year FROM f.built_from) > v.year_to)
            """,
        )

    @api.model
    def _find_other_engines(self, scope):
        codes = (
            "regexp_split_to_array("
            "upper(regexp_replace({}, '[^\\w,;/|、，；]', '', 'g')), '[,;/|、，；]+')"
        )
        return self._find_single(
            scope,
            f"""
            f.engine_code <> '' AND v.engine_code <> ''
            AND NOT {codes.format("f.engine_code")} && {codes.format("v.engine_code")}
            """,
        )

    @api.model
    def _find_single(self, scope, where):
        """Return the fitments that by themselves, with their vehicle, are wrong."""
        return SQL(
            """
            SELECT f.id, NULL::integer AS other_id, f.product_tmpl_id, f.vehicle_id,
                   f.source_id
              FROM parts_catalog_fitment f
              JOIN parts_catalog_vehicle v ON v.id = f.vehicle_id
              JOIN product_template t ON t.id = f.product_tmpl_id
             WHERE %s AND ("""
            + where.replace("%", "%%")
            + ")",
            scope,
        )

    @api.model
    def _find_unusual_quantities(self, scope):
        return SQL(
            """
            SELECT f.id, NULL::integer AS other_id, f.product_tmpl_id, f.vehicle_id,
                   f.source_id
              FROM parts_catalog_fitment f
              JOIN (
                SELECT product_tmpl_id, sum(rows) AS rows,
                       (array_agg(quantity ORDER BY rows DESC, quantity))[1] AS usual,
                       array_agg(quantity) FILTER (WHERE rare) AS rare
                  FROM (
                    SELECT product_tmpl_id, quantity, count(*) AS rows,
                           count(*) < %(share)s * sum(count(*))
                               OVER (PARTITION BY product_tmpl_id) AS rare
                      FROM parts_catalog_fitment f
                     WHERE %(scope)s
                  GROUP BY product_tmpl_id, quantity
                  ) q
              GROUP BY product_tmpl_id
              ) p ON p.product_tmpl_id = f.product_tmpl_id
             WHERE %(scope)s
               AND (f.quantity > %(most)s
                    OR (p.rows >= %(many)s AND f.quantity = ANY(p.rare)))
            """,
            scope=scope,
            share=_RARE,
            most=_MOST,
            many=_MANY,
        )

    @api.model
    def _find_mixed_conditions(self, scope):
        """For a vehicle, a place and a kind of part of one brand, one set of fields."""
        return SQL(
            """
            SELECT * FROM (
                SELECT id, NULL::integer AS other_id, product_tmpl_id, vehicle_id,
                       source_id, min(fields) OVER alike AS fewest,
                       max(fields) OVER alike AS most
                  FROM (
                    SELECT f.id, f.product_tmpl_id, f.vehicle_id, f.source_id,
                           t.categ_id, t.parts_brand_id,
                           lower(trim(COALESCE(f.position, ''))) AS place,
                           (COALESCE(f.engine_code, '') <> '')::int
                           + (concat(f.chassis_from, f.chassis_to) <> '')::int * 2
                           + (COALESCE(f.built_from, f.built_to) IS NOT NULL)::int * 4
                           + (COALESCE(f.condition, '') <> '')::int * 8
                           AS fields
                      FROM parts_catalog_fitment f
                      JOIN product_template t ON t.id = f.product_tmpl_id
                     WHERE %s
                  ) r
                WINDOW alike AS (
                    PARTITION BY vehicle_id, categ_id, parts_brand_id, place
                )
            ) m WHERE fewest <> most
            """,
            scope,
        )

    @api.model
    def _find_suspicious_positions(self, scope):
        """Words are looked for once in each position and each part's name.

        OFFSET 0 keeps the planner from looking in each row of the join instead.
        """
        wrong = SQL(" OR ").join(
            SQL(
                "(p.%(one)s AND NOT p.%(two)s AND t.%(two)s AND NOT t.%(one)s)",
                one=SQL.identifier(one),
                two=SQL.identifier(two),
            )
            for number in range(0, len(_SIDES), 2)
            for one, two in (
                (f"side_{number}", f"side_{number + 1}"),
                (f"side_{number + 1}", f"side_{number}"),
            )
        )
        named = SQL("concat_ws(' ', name->>'en_US', name->>'zh_CN')")
        return SQL(
            """
            SELECT f.id, NULL::integer AS other_id, f.product_tmpl_id, f.vehicle_id,
                   f.source_id
              FROM parts_catalog_fitment f
              JOIN (
                SELECT position, %(position_sides)s,
                       length(position) > %(longest)s OR position ~ %(number)s AS odd
                  FROM (
                    SELECT DISTINCT position FROM parts_catalog_fitment f
                     WHERE position <> '' AND %(scope)s
                  ) d
                OFFSET 0
              ) p ON p.position = f.position
              JOIN (
                SELECT id, %(name_sides)s FROM product_template
                 WHERE id IN (SELECT product_tmpl_id FROM parts_catalog_fitment f
                               WHERE %(scope)s)
                OFFSET 0
              ) t ON t.id = f.product_tmpl_id
             WHERE %(scope)s
               AND (p.odd OR f.position = f.condition OR %(wrong)s)
            """,
            scope=scope,
            position_sides=self._get_sides(SQL.identifier("position")),
            name_sides=self._get_sides(named),
            longest=_LONGEST_POSITION,
            number=r"\d{4}|^\W*\d+\W*$",
            wrong=wrong,
        )

    @api.model
    def _get_sides(self, text):
        """Return a column for each side, telling whether the text names it."""
        return SQL(", ").join(
            SQL("%s ~* %s AS %s", text, words, SQL.identifier(f"side_{number}"))
            for number, words in enumerate(_SIDES)
        )

    @api.model
    def _find_conditions_in_words(self, scope):
        return self._find_single(scope, f"f.condition ~* '{_ATTRIBUTE_WORDS}'")
