from odoo import api, models
from odoo.tools import SQL

COPIED = (
    *("partner_id", "product_tmpl_id", "product_id", "company_id", "currency_id"),
    *("price", "min_qty", "delay", "discount", "date_start", "date_end"),
    *("product_code", "product_name", "product_uom_id", "sequence"),
    "parts_source_id",
)


class PartsCatalogLoaderPrice(models.AbstractModel):
    """Vendors' prices go to the product's vendors, sales prices to the product."""

    _name = "parts.catalog.loader.price"
    _inherit = ["parts.catalog.loader.record"]
    _description = "Loader of Prices"

    _target = "product.supplierinfo"

    @api.model
    def _check_rights(self, job):
        meanings = set(job.column_ids.mapped("meaning"))
        env = job.env(user=job.env.user, su=False)
        if "price" in meanings or not meanings:
            for operation in ("create", "write", "unlink"):
                env["product.supplierinfo"].check_access(operation)
        if "list_price" in meanings:
            env["product.template"].check_access("write")

    # === UNDER PRICE AUTHORITY: A SHEET, NOT A CHANGE === #

    @api.model
    def _makes_sheet(self, job):
        """Return whether sales prices of this import become a price sheet."""
        return job.company_id.sudo().parts_price_control

    @api.model
    def _write_changed(self, job, rows):
        if not self._makes_sheet(job):
            return super()._write_changed(job, rows)
        sales = [row for row in rows if row["model"] == "product.template"]
        if sales:
            self.env["parts.price.sheet"]._from_import(
                job.company_id,
                job.user_id,
                self.env._("Price list: %s", job.filename or job.display_name),
                {row["res_id"]: row["vals"]["list_price"] for row in sales},
            )
        others = [row for row in rows if row["model"] != "product.template"]
        return super()._write_changed(job, others)

    @api.model
    def _undo_changed(self, job, record, row):
        if record._name == "product.template" and self._makes_sheet(job):
            return None  # nothing was changed: the sheet is decided, or deleted
        return super()._undo_changed(job, record, row)

    # === LOOKING UP === #

    @api.model
    def _begin(self, job):
        run = super()._begin(job)
        stage = self._sql_table(job, "stage")
        run["vendors"] = self._find_vendors(job, stage)
        run["currencies"] = dict(
            self.env.execute_query(
                SQL("SELECT name, id FROM res_currency WHERE active")
            )
        )
        run["units"] = self._find_units(stage)
        run["list_prices"] = {}
        run["known"] = self._get_known(job)
        run["left"] = set(self._get_ours(job).ids)
        return run

    @api.model
    def _find_vendors(self, job, stage):
        """Return the dict of vendors' names and references to ids, if one has it."""
        self.env["res.partner"].flush_model(["name", "ref", "active", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT s.vendor, min(p.id)
                     FROM (SELECT DISTINCT vendor FROM %s WHERE vendor IS NOT NULL) s
                     JOIN res_partner p
                       ON (lower(p.name) = lower(s.vendor) OR p.ref = s.vendor)
                    WHERE p.active AND p.parent_id IS NULL
                      AND (p.company_id IS NULL OR p.company_id = %s)
                 GROUP BY 1 HAVING count(DISTINCT p.id) = 1""",
                stage,
                job.company_id.id,
            )
        )
        return dict(rows)

    @api.model
    def _find_units(self, stage):
        """Return the dict of names of units to ids, in any language, if one has it."""
        self.env["uom.uom"].flush_model(["name", "active"])
        rows = self.env.execute_query(
            SQL(
                """SELECT s.uom, min(u.id)
                     FROM (SELECT DISTINCT uom FROM %s WHERE uom IS NOT NULL) s
                     JOIN uom_uom u ON EXISTS (
                         SELECT FROM jsonb_each_text(u.name) n
                          WHERE lower(n.value) = lower(s.uom))
                    WHERE u.active
                 GROUP BY 1 HAVING count(*) = 1""",
                stage,
            )
        )
        return dict(rows)

    @api.model
    def _get_unit(self, run, row):
        """Return the unit in which a row's prices are, empty: the part's own one.

        :return: uom.uom record, or None if it is not known or cannot be converted
        """
        unit = self.env["uom.uom"].browse(run["units"].get(row["uom"], ()))
        if not row["uom"]:
            return unit
        part = self.env["product.template"].browse(row["product_tmpl_id"])
        return unit if unit and unit._has_common_reference(part.uom_id) else None

    @api.model
    def _get_ours(self, job):
        """Return the vendor prices of the source that the import may replace."""
        return self.env["product.supplierinfo"].search(
            [
                ("parts_source_id", "=", job.source_id.id),
                ("company_id", "in", [job.company_id.id, False]),
            ]
        )

    @api.model
    def _get_known(self, job):
        return {self._key_of(info): info.id for info in self._get_ours(job)}

    @api.model
    def _key_of(self, info):
        return (
            *(info.partner_id.id, info.product_tmpl_id.id, info.product_id.id or 0),
            *(info.min_qty, str(info.date_start or "")),
        )

    @api.model
    def _prepare(self, job, run, rows, actions, issues):
        for row in rows:
            if self._refuse_part(row, issues):
                self._spare(run, row)
                continue
            unit = self._get_unit(run, row)
            if unit is None:
                issues.append((row, "uom", "uom_unknown", row["uom"]))
                self._spare(run, row)
                continue
            if row["list_price"] is not None:
                self._prepare_list_price(job, run, row, unit, actions, issues)
            if row["price"] is not None:
                self._prepare_price(job, run, row, unit, actions, issues)

    @api.model
    def _spare(self, run, row):
        """Keep the prices of a part whose row is bad: nobody knows its new ones."""
        run["left"] -= {
            id_
            for key, id_ in run["known"].items()
            if row["product_tmpl_id"] and key[1] == row["product_tmpl_id"]
        }

    @api.model
    def _prepare_list_price(self, job, run, row, unit, actions, issues):
        template = row["product_tmpl_id"]
        price = float(row["list_price"])
        if unit:
            own = self.env["product.template"].browse(template).uom_id
            price = unit._compute_price(price, own)
        before = run["list_prices"].setdefault(template, price)
        if template in run["seen"]:
            if before != price:
                issues.append((row, "list_price", "part_repeated", str(price)))
            return
        run["seen"][template] = True
        record = self._records(job).env["product.template"].browse(template)
        vals = self._differing(record, {"list_price": price})
        old = self._old_vals(record, vals)
        actions.append(
            (
                *(row["line"], row["sheet"], "product.template", template),
                *("c" if vals else "u", vals, old),
            )
        )

    @api.model
    def _prepare_price(self, job, run, row, unit, actions, issues):
        vals = self._prepare_vals(job, run, row, issues)
        if vals is None:
            self._spare(run, row)
            return
        if unit:
            vals["product_uom_id"] = unit.id
        key = (
            *(vals["partner_id"], vals["product_tmpl_id"], vals["product_id"] or 0),
            *(vals["min_qty"], str(vals["date_start"] or "")),
        )
        if key in run["seen"]:
            run["repeated"] += 1
            if run["seen"][key] != vals:
                issues.append((row, "price", "part_repeated", str(vals["price"])))
            return
        run["seen"][key] = vals
        place = (row["line"], row["sheet"], "product.supplierinfo")
        id_ = run["known"].get(key)
        if not id_:
            actions.append((*place, None, "a", vals, {}))
            return
        run["left"].discard(id_)
        info = self._records(job).browse(id_)
        differing = self._differing(info, vals)
        old = self._old_vals(info, differing)
        actions.append((*place, id_, "c" if differing else "u", differing, old))

    @api.model
    def _prepare_vals(self, job, run, row, issues):
        """Return the values of a vendor's price, or None if something is bad."""
        partner_id = job.partner_id.id
        if row["vendor"]:
            partner_id = run["vendors"].get(row["vendor"])
        if not partner_id:
            code = "vendor_unknown" if row["vendor"] else "vendor_missing"
            issues.append((row, "vendor", code, row["vendor"] or ""))
            return None
        currency_id = job.company_id.currency_id.id
        if row["currency"]:
            name = {"RMB": "CNY", "人民币": "CNY", "元": "CNY"}.get(row["currency"])
            currency_id = run["currencies"].get(name or row["currency"])
        if not currency_id:
            issues.append((row, "currency", "currency_unknown", row["currency"]))
            return None
        variants = row["products"] == 1 and self._has_variants(row["product_tmpl_id"])
        vals = {
            "partner_id": partner_id,
            "product_tmpl_id": row["product_tmpl_id"],
            "product_id": row["product_id"] if variants else False,
            "company_id": job.company_id.id,
            "currency_id": currency_id,
            "price": float(row["price"]),
            "min_qty": float(row["min_qty"] or 0.0),
            "date_start": row["date_start"] and str(row["date_start"]),
            "date_end": row["date_end"] and str(row["date_end"]),
            "parts_source_id": job.source_id.id,
        }
        for name, staged in (
            ("product_code", "vendor_code"),
            ("product_name", "vendor_name"),
            ("delay", "delay"),
        ):
            if row[staged] is not None:
                vals[name] = row[staged]
        if row["discount"] is not None:
            vals["discount"] = float(row["discount"])
        return vals

    @api.model
    def _has_variants(self, template_id):
        template = self.env["product.template"].browse(template_id)
        return len(template.product_variant_ids) > 1

    @api.model
    def _end(self, job, run):
        if job.drop_missing and "price" in job.column_ids.mapped("meaning"):
            self._spare_bad_parts(job, run)
            infos = self._records(job).browse(sorted(run["left"]))
            self._write_actions(
                job,
                (
                    (
                        *(0, None, "product.supplierinfo", info.id),
                        *("d", {}, self._old_vals(info, COPIED)),
                    )
                    for info in infos
                ),
            )
        return super()._end(job, run)

    @api.model
    def _spare_bad_parts(self, job, run):
        """Keep the prices of parts of which a row cannot be read."""
        rows = self.env.execute_query(
            SQL(
                """SELECT DISTINCT p.product_tmpl_id
                     FROM parts_catalog_import_issue i
                     JOIN parts_import_part p ON p.part = i.part
                    WHERE i.import_id = %s""",
                job.id,
            )
        )
        bad = {id_ for [id_] in rows}
        run["left"] -= {id_ for key, id_ in run["known"].items() if key[1] in bad}
