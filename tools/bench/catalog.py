"""A parts catalogue of real size for measurements, the same one each time.

Everything follows from the row's own number and a seed, so that two runs make the same
catalogue and a small one is the beginning of a larger one. Shapes:

* 8 products are one *family*: the same part in several brands and grades, which share
  their OE numbers and their vehicles.
* Numbers: as each maker groups them (VAG 3-3-3 with suffix letters, BMW eleven digits,
  Toyota 5-5, Mercedes A and ten digits ...); every second OE number differs from the
  one before it in its last letter only. One trade number and two interchange numbers
  a product, the rest OE numbers.
* Fitments: few vehicles for most families, many for some (1 to three times the mean),
  one after the other in the make's list; popular vehicles get most.
* Supersessions: chains of one to six, whose old numbers are on no product.

Sizes: catalog_sizes.py.
"""

import time

from odoo.tools import SQL

from tools.bench.catalog_shapes import (
    BRANDS,
    FAMILY,
    FIRST,
    FUNCTIONS,
    MAKES,
    TERMS,
    VEHICLES,
)
from tools.bench.catalog_sizes import Sizes

TABLES = (
    "product_template",
    "product_product",
    "parts_catalog_vehicle",
    "parts_catalog_number",
    "parts_catalog_fitment",
    "parts_catalog_supersession",
    "parts_catalog_successor",
    "stock_quant",
    "product_supplierinfo",
)


class Catalogue:
    """Makes the catalogue in the database of ``env``, or makes it larger."""

    def __init__(self, env, say=print):
        self.env = env
        self.say = say

    def ensure(self, sizes):
        """Bring the catalogue up to ``sizes``; what is there already is kept."""
        self._define_functions(sizes.seed)
        there = self._count_products()
        if there >= sizes.products:
            return
        self._ensure_masters()
        for step in (
            self._add_products,
            self._add_numbers,
            self._add_fitments,
            self._add_supersessions,
            self._add_stock,
        ):
            started = time.perf_counter()
            rows = step(there, sizes)
            seconds = time.perf_counter() - started
            name = step.__name__.removeprefix("_add_")
            self.say(f"made {rows:>10,} {name} in {seconds:.1f} s")
            self.env.cr.commit()
        self._finish()

    # === HELPERS === #

    def _run(self, query, **values):
        self.env.cr.execute(SQL(query, **values))
        return self.env.cr.rowcount

    def _value(self, query, **values):
        self._run(query, **values)
        return self.env.cr.fetchone()[0]

    def _count_products(self):
        return self._value(
            "SELECT count(*) FROM product_product WHERE default_code LIKE 'BX-%%'"
        )

    def _define_functions(self, seed):
        self._run(FUNCTIONS, seed=seed, first=list(FIRST), firsts=len(FIRST))

    # === MASTERS === #

    def _ensure_masters(self):
        """Makes, models, vehicles, brands, sources; their ids in temporary tables."""
        if not self.env["parts.catalog.source"].search([("name", "=", "Bench A")]):
            self._create_masters()
        self._run(
            """
            CREATE TEMP TABLE IF NOT EXISTS bench_make AS
            SELECT m.id, row_number() OVER (ORDER BY m.id) - 1 AS nr, shapes.shape,
                   shapes.name
              FROM unnest(%(names)s, %(shapes)s) AS shapes(name, shape)
              JOIN parts_catalog_make m ON m.id = ANY(%(ids)s)
               AND m.id = (%(ids)s)[array_position(%(names)s, shapes.name)];
            CREATE TEMP TABLE IF NOT EXISTS bench_vehicle AS
            SELECT v.id, v.make_id,
                   row_number() OVER (PARTITION BY v.make_id ORDER BY v.id) - 1 AS nr
              FROM parts_catalog_vehicle v
             WHERE v.generation LIKE 'BX%%';
            CREATE TEMP TABLE IF NOT EXISTS bench_brand AS
            SELECT id, grade, row_number() OVER (ORDER BY id) - 1 AS nr
              FROM parts_catalog_brand WHERE name LIKE 'Bench %%';
            ANALYZE bench_make, bench_vehicle, bench_brand;
            CREATE INDEX IF NOT EXISTS bench_vehicle_idx ON bench_vehicle (make_id, nr);
            """,
            names=[name for name, _group, _shape in MAKES],
            shapes=[shape for _name, _group, shape in MAKES],
            ids=[self._make(name).id for name, _group, _shape in MAKES],
        )

    def _make(self, name):
        return self.env["parts.catalog.make"].search([("name", "=", name)], limit=1)

    def _create_masters(self):
        env = self.env
        env["parts.catalog.source"].create([{"name": "Bench A"}, {"name": "Bench B"}])
        groups = {}
        Group = env["parts.catalog.make.group"]
        for name, group, _shape in MAKES:
            if group and group not in groups:
                found = Group.search([("name", "=", group)], limit=1)
                groups[group] = found or Group.create({"name": group})
            if not self._make(name):
                env["parts.catalog.make"].create(
                    {"name": name, "group_id": group and groups[group].id}
                )
        env["parts.catalog.brand"].create(
            [
                {
                    "name": f"Bench {number:03}",
                    "grade": ("aftermarket", "oes", "aftermarket", "genuine", "reman")[
                        number % 5
                    ],
                }
                for number in range(BRANDS)
            ]
        )
        models = env["parts.catalog.model"].create(
            [
                {"name": f"{name} {number}", "make_id": self._make(name).id}
                for name, _group, _shape in MAKES
                for number in range(100, 140)
            ]
        )
        env.flush_all()
        # Vehicles as the ORM makes them, the rest of a model's from its first
        firsts = env["parts.catalog.vehicle"].create(
            [{"model_id": model.id, "generation": "BX 0"} for model in models]
        )
        env.flush_all()
        each = VEHICLES // len(firsts)
        self._copy_rows(
            "parts_catalog_vehicle",
            "parts_catalog_vehicle t JOIN generate_series(1, %(last)s) g ON true"
            " WHERE t.id = ANY(%(ids)s) AND g < %(each)s",
            {
                "generation": "'BX ' || g",
                "year_from": "1990 + (t.id + g * 5) %% 33",
                "year_to": "1990 + (t.id + g * 5) %% 33 + 6",
                "engine": "(ARRAY['1.4 TSI','2.0 TDI','1.6','3.0 V6','Hybrid'])"
                "[1 + g %% 5]",
            },
            last=each - 1,
            each=each,
            ids=firsts.ids,
        )
        env.cr.commit()

    def _copy_rows(self, table, source, changes, **values):
        """Insert rows like those of ``source`` (alias t), with changed columns."""
        self._run(
            "SELECT column_name FROM information_schema.columns WHERE table_name ="
            " %(table)s AND table_schema = current_schema AND column_name <> 'id'",
            table=table,
        )
        columns = [name for (name,) in self.env.cr.fetchall()]
        names = ", ".join(f'"{name}"' for name in columns)
        chosen = ", ".join(changes.get(name, f't."{name}"') for name in columns)
        return self._run(
            f"INSERT INTO {table} ({names}) SELECT {chosen} FROM {source}", **values
        )

    # === ROWS === #

    def _add_products(self, there, sizes):
        """Copies of one product that the ORM made, so that no column is forgotten."""
        category = self.env.ref("product.product_category_goods")
        like = self.env["product.product"].create(
            {
                "name": "Bench",
                "default_code": "BENCH-TEMPLATE",
                "is_storable": True,
                "categ_id": category.id,
                "taxes_id": False,
                "supplier_taxes_id": False,
            }
        )
        self.env.flush_all()
        self._run("CREATE TEMP SEQUENCE IF NOT EXISTS bench_product")
        self._run("SELECT setval('bench_product', %(next)s, false)", next=there + 1)
        self._run(
            "DROP TABLE IF EXISTS bench_new;"
            "CREATE TEMP TABLE bench_new AS"
            " SELECT g::bigint AS nr,"
            "        nextval('product_template_id_seq')::int AS template,"
            "        nextval('product_product_id_seq')::int AS product,"
            "        b.id AS brand, b.grade, m.name AS make"
            "   FROM generate_series(%(first)s, %(last)s) g"
            "   JOIN bench_brand b ON b.nr = pg_temp.pick(g, 20, %(brands)s)"
            "   JOIN bench_make m"
            "     ON m.nr = pg_temp.pick(g / %(family)s, 21, %(makes)s)",
            first=there,
            last=sizes.products - 1,
            brands=BRANDS,
            family=FAMILY,
            makes=len(MAKES),
        )
        self._insert_like(
            "product_template",
            like.product_tmpl_id.id,
            {
                "id": "n.template",
                "name": "jsonb_build_object('en_US', (%(terms)s)"
                "[1 + pg_temp.pick(n.nr / %(family)s, 22, %(count)s)]"
                " || ' ' || n.make || ' ' || pg_temp.digits(n.nr / %(family)s, 23, 3))",
                "default_code": "'BX-' || lpad(n.nr::text, 7, '0')",
                "list_price": "10 + pg_temp.pick(n.nr, 24, 200000) / 100.0",
                "parts_brand_id": "n.brand",
                "parts_grade": "n.grade",
                "parts_warranty_months": "12",
            },
        )
        rows = self._insert_like(
            "product_product",
            like.id,
            {
                "id": "n.product",
                "product_tmpl_id": "n.template",
                "default_code": "'BX-' || lpad(n.nr::text, 7, '0')",
                "barcode": "CASE WHEN n.nr %% 5 < 3 THEN"
                " '69' || lpad((n.nr * 7919)::text, 11, '0') END",
            },
        )
        like.product_tmpl_id.unlink()
        return rows

    def _insert_like(self, table, like, changes):
        self._run(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_name = %(table)s AND table_schema = current_schema",
            table=table,
        )
        columns = [name for (name,) in self.env.cr.fetchall()]
        names = ", ".join(f'"{name}"' for name in columns)
        chosen = ", ".join(changes.get(name, f't."{name}"') for name in columns)
        return self._run(
            f"INSERT INTO {table} ({names}) SELECT {chosen}"
            f" FROM {table} t, bench_new n WHERE t.id = %(like)s",
            like=like,
            terms=list(TERMS),
            family=FAMILY,
            count=len(TERMS),
        )

    def _add_numbers(self, there, sizes):
        each = max(sizes.numbers // sizes.products, 4)
        return self._run(
            """
            INSERT INTO parts_catalog_number
                   (number, key, kind, make_id, brand_id, product_tmpl_id, source_id)
            SELECT number, pg_temp.key(number), kind, make_id, brand_id, template,
                   %(source)s
              FROM (
                SELECT pg_temp.oe(m.shape, n.nr / %(family)s * 16 + j) AS number,
                       'oe' AS kind, m.id AS make_id, NULL::int AS brand_id, n.template
                  FROM bench_new n JOIN bench_make m ON m.name = n.make
                 CROSS JOIN generate_series(0, %(oe)s - 1) j
                 UNION ALL
                SELECT pg_temp.trade(n.nr), 'trade', NULL, n.brand, n.template
                  FROM bench_new n
                 UNION ALL
                SELECT pg_temp.trade(other.nr), 'interchange', NULL, b.id, template
                  FROM (SELECT n.template, n.nr / %(family)s * %(family)s
                               + (n.nr + k) %% %(family)s AS nr
                          FROM bench_new n CROSS JOIN generate_series(1, 2) k) other
                  JOIN bench_brand b ON b.nr = pg_temp.pick(other.nr, 20, %(brands)s)
              ) numbers
            ON CONFLICT DO NOTHING
            """,
            family=FAMILY,
            oe=each - 3,
            brands=BRANDS,
            source=self._source("Bench A"),
        )

    def _source(self, name):
        return self.env["parts.catalog.source"].search([("name", "=", name)]).id

    def _add_fitments(self, there, sizes):
        mean = sizes.fitments / sizes.products
        return self._run(
            """
            INSERT INTO parts_catalog_fitment
                   (product_tmpl_id, vehicle_id, quantity, position, condition,
                    source_id)
            SELECT f.template, v.id, 1 + f.family %% 2,
                   (ARRAY['front', 'rear', 'front left', NULL])[1 + f.family %% 4],
                   CASE WHEN k %% 10 = 0 THEN 'with start-stop' END,
                   CASE WHEN f.family %% 10 < 8 THEN %(source_a)s
                        WHEN f.family %% 10 < 9 THEN %(source_b)s END
              FROM (
                SELECT n.template, n.nr / %(family)s AS family, m.id AS make_id,
                       1 + floor((pg_temp.pick(n.nr / %(family)s, 30, 1000) / 1000.0)
                           ^ 2 * 3 * (%(mean)s - 1) + 0.5)::int AS vehicles,
                       (%(each)s * (pg_temp.pick(n.nr / %(family)s, 31, 1000) / 1000.0)
                           ^ 2)::int AS start
                  FROM bench_new n JOIN bench_make m ON m.name = n.make
              ) f
             CROSS JOIN LATERAL generate_series(0, f.vehicles - 1) k
              JOIN bench_vehicle v
                ON v.make_id = f.make_id AND v.nr = (f.start + k) %% %(each)s
            """,
            family=FAMILY,
            mean=mean,
            each=self._value(
                "SELECT min(c) FROM (SELECT count(*) c FROM bench_vehicle"
                " GROUP BY make_id) counts"
            ),
            source_a=self._source("Bench A"),
            source_b=self._source("Bench B"),
        )

    def _add_supersessions(self, there, sizes):
        """Chains of one to six old numbers that end at a number of a product."""
        if "parts.catalog.supersession" not in self.env:
            return 0
        families = sizes.products // FAMILY
        before = there // FAMILY
        length = 3.5
        chains = int(sizes.supersessions / length / max(families, 1) * 10)
        rows = self._run(
            """
            INSERT INTO parts_catalog_supersession
                   (old_number, old_key, new_number, new_key, make_id, date, mode,
                    two_way, ratio, active, source_id)
            SELECT old, pg_temp.key(old), new, pg_temp.key(new), make_id,
                   date '2024-01-01' - step * 400, 'replace', false, 1, true,
                   %(source)s
              FROM (
                SELECT 'S' || pg_temp.oe(m.shape, chain * 8 + step) || chain AS old,
                       CASE WHEN step = 0
                            THEN pg_temp.oe(m.shape, family * 16 + chain %% 4)
                            ELSE 'S' || pg_temp.oe(m.shape, chain * 8 + step - 1)
                                 || chain END AS new,
                       m.id AS make_id, step
                  FROM generate_series(%(first)s, %(last)s) family
                  JOIN bench_make m ON m.nr = pg_temp.pick(family, 21, %(makes)s)
                 CROSS JOIN generate_series(0, 4) chains(nr)
                 CROSS JOIN LATERAL (SELECT family * 10 + chains.nr AS chain) c
                 CROSS JOIN LATERAL generate_series(
                    0, pg_temp.pick(chain, 40, 6)) step
                 WHERE pg_temp.pick(chain, 41, 50) < %(chains)s
              ) links
            ON CONFLICT DO NOTHING
            """,
            first=before,
            last=families - 1,
            makes=len(MAKES),
            chains=chains,
            source=self._source("Bench A"),
        )
        resolve = getattr(self.env["parts.catalog.supersession"], "_resolve", None)
        if resolve:
            resolve()
        return rows

    def _add_stock(self, there, sizes):
        """A third of the products lie in stock; every second one has a vendor."""
        env = self.env
        warehouse = env["stock.warehouse"].search(
            [("company_id", "=", env.company.id)], limit=1
        )
        vendor = env["res.partner"].search([("name", "=", "Bench vendor")], limit=1)
        vendor = vendor or vendor.create({"name": "Bench vendor"})
        env.flush_all()
        rows = self._run(
            """
            INSERT INTO stock_quant (product_id, company_id, location_id, quantity,
                                     reserved_quantity, in_date)
            SELECT product, %(company)s, %(location)s, 1 + pg_temp.pick(nr, 50, 40),
                   0, now()
              FROM bench_new WHERE nr %% 3 = 0
            """,
            company=env.company.id,
            location=warehouse.lot_stock_id.id,
        )
        return rows + self._run(
            """
            INSERT INTO product_supplierinfo
                   (partner_id, sequence, product_uom_id, currency_id, company_id,
                    product_tmpl_id, delay, min_qty, price, product_code)
            SELECT %(vendor)s, 1, t.uom_id, %(currency)s, NULL, n.template,
                   1 + pg_temp.pick(n.nr, 51, 20), 1, 5, 'V' || pg_temp.trade(n.nr + 9)
              FROM bench_new n JOIN product_template t ON t.id = n.template
             WHERE n.nr %% 2 = 0
            """,
            vendor=vendor.id,
            currency=env.company.currency_id.id,
        )

    def _finish(self):
        """Statistics as autovacuum would make them, and caches that know of it."""
        self.env["parts.catalog.number"]._note_loaded()
        self.env.invalidate_all()
        self.env.cr.commit()
        there = [
            t
            for t in TABLES
            if self._value("SELECT to_regclass(%(name)s) IS NOT NULL", name=t)
        ]
        self._run(f"ANALYZE {', '.join(there)}")
        # What autovacuum would do, too: a search reads what waits for these indexes
        self._run(
            """
            SELECT gin_clean_pending_list(i.indexrelid)
              FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
              JOIN pg_am a ON a.oid = c.relam AND a.amname = 'gin'
             WHERE i.indrelid::regclass::text = ANY(%(tables)s)
            """,
            tables=there,
        )
        self.env.cr.commit()


def ensure(env, part=1, say=print):
    """Make sure of the catalogue that the environment asks for, or a part of it."""
    sizes = Sizes.from_environment()
    if part > 1:
        sizes = sizes.share(part)
    Catalogue(env, say).ensure(sizes)
    return sizes
