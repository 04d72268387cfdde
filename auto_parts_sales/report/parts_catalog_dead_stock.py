from odoo import fields, models
from odoo.tools import SQL

from ..models.parts_catalog_alternative import COST_GROUPS


class PartsCatalogDeadStock(models.Model):
    """Stock of parts whose number was replaced and that do not carry the new one.

    One row per part and warehouse, whatever the number of its old numbers.
    """

    _name = "parts.catalog.dead.stock"
    _description = "Stock under Superseded Numbers"
    _auto = False
    _order = "date desc, id"
    _rec_name = "product_id"

    product_id = fields.Many2one("product.product", string="Part", readonly=True)
    categ_id = fields.Many2one(
        "product.category", string="Product Category", readonly=True
    )
    old_numbers = fields.Char(readonly=True)
    new_numbers = fields.Char(string="Current Numbers", readonly=True)
    make_id = fields.Many2one("parts.catalog.make", readonly=True)
    group_id = fields.Many2one(
        "parts.catalog.make.group", string="Group of Makes", readonly=True
    )
    brand_id = fields.Many2one(
        "parts.catalog.brand", string="Part Brand", readonly=True
    )
    date = fields.Date(string="Since", readonly=True)
    successor_id = fields.Many2one(
        "product.product",
        string="Part with the Current Number",
        help="Empty: there is none yet.",
        readonly=True,
    )
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    quantity = fields.Float(string="On Hand", digits="Product Unit", readonly=True)
    free_qty = fields.Float(string="Free Stock", digits="Product Unit", readonly=True)
    value = fields.Float(
        string="Value at Cost",
        digits="Product Price",
        groups=COST_GROUPS,
        readonly=True,
    )

    @property
    def _table_query(self):
        notice = self.env["parts.catalog.notice"]
        notice._flush_facts()
        self.env["stock.quant"].flush_model()
        self.env["stock.location"].flush_model()
        self.env["product.product"].flush_model(["standard_price"])
        concerned = notice._get_concerned_sql(
            SQL(
                """
                p.id AS product_id, p.product_tmpl_id, s.old_number, s.new_number,
                s.old_key, s.new_key, s.make_id, s.group_id, s.brand_id, s.date,
                s.space
                """
            ),
            SQL("EXISTS (SELECT FROM stock_quant q WHERE q.product_id = p.id)"),
        )
        return SQL(
            """
            WITH concerned AS (%(concerned)s),
            stock AS (
                SELECT q.product_id, l.warehouse_id, w.company_id,
                       sum(q.quantity) AS quantity,
                       sum(q.quantity - q.reserved_quantity) AS free_qty
                  FROM stock_quant q
                  JOIN stock_location l ON l.id = q.location_id
                  JOIN stock_warehouse w ON w.id = l.warehouse_id
                 WHERE l.usage = 'internal'
                 GROUP BY q.product_id, l.warehouse_id, w.company_id
                HAVING sum(q.quantity) > 0
            )
            SELECT (c.product_id::bigint * 10000 + t.warehouse_id) AS id,
                   c.product_id,
                   min(pt.categ_id) AS categ_id,
                   string_agg(DISTINCT c.old_number, ', ') AS old_numbers,
                   string_agg(DISTINCT c.new_number, ', ') AS new_numbers,
                   min(c.make_id) AS make_id,
                   min(c.group_id) AS group_id,
                   min(c.brand_id) AS brand_id,
                   max(c.date) AS date,
                   (SELECT min(sp.id)
                      FROM concerned sc
                      JOIN parts_catalog_number sn ON sn.key = sc.new_key
                 LEFT JOIN parts_catalog_make sm ON sm.id = sn.make_id
                      JOIN product_product sp
                        ON sp.product_tmpl_id = sn.product_tmpl_id
                       AND (sn.product_id IS NULL OR sn.product_id = sp.id)
                     WHERE sc.product_id = c.product_id
                       AND %(space)s = sc.space
                       AND sp.active) AS successor_id,
                   t.warehouse_id, t.company_id, t.quantity, t.free_qty,
                   t.quantity * COALESCE(
                       (min(p.standard_price::text)::jsonb
                           ->> t.company_id::text)::numeric, 0) AS value
              FROM concerned c
              JOIN stock t ON t.product_id = c.product_id
              JOIN product_product p ON p.id = c.product_id
              JOIN product_template pt ON pt.id = p.product_tmpl_id
             GROUP BY c.product_id, t.warehouse_id, t.company_id, t.quantity,
                      t.free_qty
            """,
            concerned=concerned,
            space=self.env["parts.catalog.supersession"]._get_space_sql("sn", "sm"),
        )
