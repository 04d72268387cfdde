from odoo import api, models
from odoo.tools import SQL


class PartsCatalogLoaderNumber(models.AbstractModel):
    _name = "parts.catalog.loader.number"
    _inherit = ["parts.catalog.loader"]
    _description = "Loader of Part Numbers"

    _target = "parts.catalog.number"
    _shared = True
    _loaded = (
        "number",
        "key",
        "kind",
        "make_id",
        "group_id",
        "brand_id",
        "product_tmpl_id",
        "product_id",
    )
    _identities = (
        (
            ("key", "product_tmpl_id"),
            (
                *("key", "product_tmpl_id", "product_id"),
                *("make_id", "group_id", "brand_id"),
            ),
        ),
    )
    _part_column = "product_tmpl_id"

    @api.model
    def _look_up(self, job):
        self._map_parts(job)
        self._add_part_issues(job)
        self._map_owners(job)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(load)s (line, sheet, times, number, key, kind, make_id,
                                      group_id, brand_id, product_tmpl_id, product_id)
                SELECT min(line), min(sheet), count(*),
                       (array_agg(number ORDER BY line))[1], key,
                       COALESCE((array_agg(kind ORDER BY line))[1],
                                CASE WHEN brand_id IS NULL THEN 'oe'
                                     WHEN brand_id = part_brand_id THEN 'trade'
                                     ELSE 'interchange' END),
                       make_id, group_id, brand_id, product_tmpl_id, product_id
                  FROM (
                    SELECT s.line, s.sheet, s.number, s.key, s.kind, o.make_id,
                           o.group_id, o.brand_id, p.product_tmpl_id,
                           t.parts_brand_id AS part_brand_id,
                           CASE WHEN p.products = 1 AND (
                               SELECT count(*) FROM product_product v
                                WHERE v.product_tmpl_id = p.product_tmpl_id
                                  AND v.active) > 1
                           THEN p.product_id END AS product_id
                      FROM %(stage)s s
                      JOIN parts_import_part p ON p.part = s.part AND p.templates = 1
                      JOIN parts_import_owner o ON o.owner = s.owner
                       AND num_nonnulls(o.make_id, o.group_id, o.brand_id) = 1
                      JOIN product_template t ON t.id = p.product_tmpl_id
                  ) AS said
              GROUP BY key, make_id, group_id, brand_id, part_brand_id,
                       product_tmpl_id, product_id
              ORDER BY product_tmpl_id, min(line)
                """,
                load=self._sql_table(job, "load"),
                stage=self._sql_table(job, "stage"),
            )
        )
        self._hold_others(job)

    @api.model
    def _after_switch(self, job):
        self.env["parts.catalog.number"]._note_loaded()
