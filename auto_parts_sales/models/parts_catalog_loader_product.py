from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

BATCH = 500
PLAIN = (
    *("name", "barcode", "list_price", "weight"),
    *("parts_grade", "parts_warranty_months", "parts_warranty_km"),
    "parts_stock_class",
)
STAGED = {
    "parts_grade": "grade",
    "parts_warranty_months": "warranty_months",
    "parts_warranty_km": "warranty_km",
    "parts_stock_class": "stock_class",
}


class PartsCatalogLoaderProduct(models.AbstractModel):
    """Parts are created archived, in batches that commit; all of them come to light,
    and all changes are written, in one transaction. None is ever removed."""

    _name = "parts.catalog.loader.product"
    _inherit = ["parts.catalog.loader.record"]
    _description = "Loader of Parts"

    _target = "product.product"

    @api.model
    def _check_rights(self, job):
        self._refuse_sales_prices(job)
        return super()._check_rights(job)

    @api.model
    def _compare(self, job):
        self._refuse_sales_prices(job)
        return super()._compare(job)

    @api.model
    def _refuse_sales_prices(self, job):
        """Sales prices under price authority change by a price sheet only.

        :raises UserError: the file has them, and the company's control is on
        """
        prices = "list_price" in job.column_ids.mapped("meaning")
        if prices and job.company_id.parts_price_control:
            raise UserError(
                self.env._(
                    "Sales prices of %(company)s are under price authority: they are"
                    " changed by an approved price sheet, not by an import. Leave the"
                    " column of sales prices without a meaning to import the rest.",
                    company=job.company_id.display_name,
                )
            )

    # === LOOKING UP === #

    @api.model
    def _begin(self, job):
        run = super()._begin(job)
        stage = self._sql_table(job, "stage")
        names = [
            name
            for [name] in self.env.execute_query(
                SQL("SELECT DISTINCT brand FROM %s WHERE brand IS NOT NULL", stage)
            )
        ]
        brands = self._find_brands(names)
        if job.create_missing and job.goal == "load":
            brands.update(self._create_brands(job, names, brands))
        run["brands"] = brands
        run["categories"] = self._find_categories(stage)
        run["meanings"] = set(job.column_ids.mapped("meaning"))
        return run

    @api.model
    def _create_brands(self, job, names, known):
        made = {}
        brands = self.env["parts.catalog.brand"].with_user(job.user_id)
        for name in names:
            same = {n.casefold(): id_ for n, id_ in made.items()}
            if name in known:
                continue
            if name.casefold() not in same:
                brand = brands.create({"name": name})
                self._note_made(job, brand)
                same[name.casefold()] = brand.id
            made[name] = same[name.casefold()]
        return made

    @api.model
    def _find_categories(self, stage):
        """Return the dict of category names to ids, those that name exactly one."""
        self.env["product.category"].flush_model(["name", "complete_name"])
        rows = self.env.execute_query(
            SQL(
                """SELECT s.category, min(c.id)
                     FROM (SELECT DISTINCT category FROM %s
                            WHERE category IS NOT NULL) s
                     JOIN product_category c
                       ON lower(c.complete_name) = lower(s.category)
                       OR lower(c.name) = lower(s.category)
                 GROUP BY 1 HAVING count(*) = 1""",
                stage,
            )
        )
        return dict(rows)

    @api.model
    def _prepare(self, job, run, rows, actions, issues):
        products = self._records(job).browse(
            [row["product_id"] for row in rows if row["templates"] == 1]
        )
        products.fetch(["product_tmpl_id", *PLAIN, "parts_brand_id", "categ_id"])
        for row in rows:
            if (row["templates"] or 0) > 1:
                self._refuse_part(row, issues)
                continue
            vals = self._prepare_vals(job, run, row, issues)
            if vals is None:
                continue
            if row["part"] in run["seen"]:
                run["repeated"] += 1
                if run["seen"][row["part"]] != hash(str(vals)):
                    issues.append((row, "part", "part_repeated", row["name"]))
                continue
            run["seen"][row["part"]] = hash(str(vals))
            if row["templates"]:
                product = self._records(job).browse(row["product_id"])
                self._prepare_change(row, product, vals, actions)
            else:
                self._prepare_new(job, row, vals, actions, issues)

    @api.model
    def _prepare_vals(self, job, run, row, issues):
        """Return the values that a row gives, or None if one of them is bad."""
        vals = {}
        for name in PLAIN:
            value = row[STAGED.get(name, name)]
            if value not in (None, ""):
                vals[name] = value if isinstance(value, str | int) else float(value)
        if row["brand"]:
            brand = run["brands"].get(row["brand"])
            if not brand and not job.create_missing:
                issues.append((row, "brand", "brand_unknown", row["brand"]))
                return None
            vals["parts_brand_id"] = brand or 0
        elif job.brand_id:
            vals["parts_brand_id"] = job.brand_id.id
        if row["category"]:
            category = run["categories"].get(row["category"])
            if not category:
                issues.append((row, "category", "category_unknown", row["category"]))
                return None
            vals["categ_id"] = category
        return vals

    @api.model
    def _prepare_change(self, row, product, vals, actions):
        differing = self._differing(product, vals)
        if differing:
            old = self._old_vals(product, differing)
            action = ("c", differing, old)
        else:
            action = ("u", {}, {})
        actions.append(
            (row["line"], row["sheet"], "product.product", product.id, *action)
        )

    @api.model
    def _prepare_new(self, job, row, vals, actions, issues):
        reference = row["part"].split("\x1f")[0]
        if not reference:
            issues.append((row, "part", "reference_missing", row["name"]))
        elif not row["name"]:
            issues.append((row, "name", "name_missing", reference))
        elif vals.get("barcode") and self._is_taken(job, vals["barcode"]):
            issues.append((row, "barcode", "barcode_taken", vals["barcode"]))
        else:
            vals = {"default_code": reference, "is_storable": True, **vals}
            actions.append(
                (row["line"], row["sheet"], "product.product", None, "a", vals, {})
            )

    @api.model
    def _is_taken(self, job, barcode):
        return bool(
            self.env["product.product"]
            .with_context(active_test=False)
            .search_count([("barcode", "=", barcode)], limit=1)
        )

    # === SWITCH === #

    @api.model
    def _load(self, job, commit):
        """Override: create, archived, in batches that commit; then show all at once."""
        if job.step != "switch":
            self._compare(job)
            job._record({"step": "switch", "progress": 70.0})
            self._keep(job, commit)
        self._create_new(job, commit)
        self._lock_source(job)
        if self._is_made_meanwhile(job):
            # Compared before another import made them: now nobody else can
            self._drop_tables(job, ("load",))
            self._compare(job)
            self._create_new(job, None)
        self._switch(job)

    @api.model
    def _create_new(self, job, commit):
        """Create, archived, what is new, in batches that commit."""
        total = max(job.added_count, 1)
        done = 0
        while rows := self._next_new(job):
            products = self._records(job).create([row["vals"] for row in rows])
            products.product_tmpl_id.write({"active": False})
            self.env.flush_all()
            self._keep_ids(job, rows, products)
            self.env.invalidate_all()
            done += len(rows)
            job._record({"progress": 70.0 + round(25.0 * min(done / total, 1.0), 1)})
            self._keep(job, commit)

    @api.model
    def _is_made_meanwhile(self, job):
        """Tell whether a part of the file that was new is there by now."""
        [[made]] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (
                       SELECT FROM %(load)s l
                         JOIN product_product p
                           ON p.default_code = l.vals ->> 'default_code'
                         JOIN product_template t ON t.id = p.product_tmpl_id
                        WHERE l.action = 'a' AND p.id IS DISTINCT FROM l.res_id
                          AND p.active AND t.active
                          AND (t.company_id IS NULL OR t.company_id = %(company)s)
                          AND (t.parts_brand_id IS NULL
                               OR COALESCE(l.vals ->> 'parts_brand_id', '0')
                                  IN ('0', t.parts_brand_id::text)))""",
                load=self._sql_table(job, "load"),
                company=job.company_id.id,
            )
        )
        return made

    @api.model
    def _next_new(self, job):
        return self.env.execute_query_dict(
            SQL(
                """SELECT n, vals FROM %s WHERE action = 'a' AND res_id IS NULL
                 ORDER BY n LIMIT %s""",
                self._sql_table(job, "load"),
                BATCH,
            )
        )

    @api.model
    def _write_added(self, job, rows):
        """Override: they are there, archived: show them."""
        products = self._records(job).browse([row["res_id"] for row in rows])
        products.exists().action_unarchive()

    @api.model
    def _drop_tables(self, job, names=None):
        """Override: parts that were created and never shown go with the load table."""
        dropped = names is None or "load" in names
        if dropped and job.state != "done" and self._has_table(job, "load"):
            rows = self.env.execute_query(
                SQL(
                    "SELECT res_id FROM %s WHERE action = 'a' AND res_id IS NOT NULL",
                    self._sql_table(job, "load"),
                )
            )
            hidden = self.env["product.product"].sudo().with_context(active_test=False)
            hidden.search(
                [("id", "in", [id_ for [id_] in rows]), ("active", "=", False)]
            ).product_tmpl_id.unlink()
        if dropped and job.state != "done":
            self._remove_made(job)
        return super()._drop_tables(job, names)

    @api.model
    def _undo_record(self, record):
        """Override: a part that is in use already is archived."""
        record._unlink_or_archive()
