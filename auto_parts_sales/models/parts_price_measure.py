from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

from .parts_price_band import PRICE_ROLE
from .parts_price_guard import FINANCE

KEEPER = "auto_parts_sales.group_parts_master_data_keeper"


class PartsPriceMeasure(models.AbstractModel):
    """Keeps in the right hands by what prices and bands are measured (CTL-4).

    Besides the prices themselves: extra prices of attributes and combos, which band and
    which pricelist rule a part falls under, the taxes that its price includes, how much
    a unit contains, and which countries have a pricelist.
    """

    _name = "parts.price.measure"
    _description = "Guard over Measures of Prices"

    @api.model
    def _controlled(self):
        return bool(self.env["res.company"]._parts_controlled_ids("price"))

    @api.model
    def _check_role(self, name):
        """Refuse a change for everybody's prices that is not the price group's.

        :raises UserError:
        """
        self.env["parts.price.guard"]._check_role(self.env["res.company"], name)

    # === EXTRA PRICES === #

    @api.model
    @contextmanager
    def _extras(self, records):
        """Watch the extra prices of ``records`` (values of a product's attributes, or
        choices in a combo) while they are written; of new ones see
        :meth:`_new_extras`.
        """
        before = {record: self._extra_of(record) for record in records.sudo()}
        yield
        for record, old in before.items():
            self._log_extra(record, old, self._extra_of(record))

    @api.model
    def _new_extras(self, records):
        """Check and log the extra prices of ``records``, which have just been made."""
        for record in records.sudo():
            self._log_extra(record, 0.0, self._extra_of(record))

    @api.model
    def _extra_of(self, record):
        name = "extra_price" if "extra_price" in record._fields else "price_extra"
        return record[name]

    @api.model
    def _log_extra(self, record, old, new):
        if old == new:
            return
        if "product_tmpl_id" in record._fields:
            template = record.product_tmpl_id
        else:
            template = record.product_id.product_tmpl_id
        name = f"{template.display_name}: {record.display_name}"
        self.env["parts.price.guard"]._check_role(template.company_id, name)
        self.env["parts.price.change"]._log(
            [
                {
                    "kind": "extra",
                    "name": name,
                    "company_id": template.company_id.id,
                    "product_tmpl_id": template.id,
                    "before": old,
                    "after": new,
                    "before_text": f"{old:g}",
                    "after_text": f"{new:g}",
                    "currency_id": template.currency_id.id,
                }
            ]
        )

    # === WHAT A PART FALLS UNDER === #

    @api.model
    @contextmanager
    def _scope(self, templates):
        """Watch what decides which band, rule and tax ``templates`` fall under.

        :raises UserError: where it moves by other hands than the keeper's of master
            data or the price group's
        """
        before = {template: self._facts(template) for template in templates.sudo()}
        yield
        user = self.env.user
        if self.env.su or user.has_groups(f"{PRICE_ROLE},{KEEPER}"):
            return
        finance = user.has_group(FINANCE)
        for template, old in before.items():
            new = self._facts(template)
            moved = {name for name in old if old[name] != new[name]}
            if finance:
                moved.discard("taxes_id")
            if moved and self._matters(template.company_id, moved):
                self._refuse_scope(template, moved)

    @api.model
    def _facts(self, template):
        included = template.taxes_id.filtered("price_include")
        combos = template.combo_ids if template.type == "combo" else ()
        return {
            "combo_ids": tuple(sorted(combos.ids)) if combos else (),
            "categ_id": template.categ_id.id,
            "parts_brand_id": template.parts_brand_id.id,
            "parts_grade": template.parts_grade,
            "taxes_id": tuple(sorted(included.ids)),
        }

    @api.model
    def _matters(self, company, moved):
        """Return whether any band or rule goes by one of the fields ``moved``."""
        companies = self.env["parts.price.guard"]._companies(company)
        if not companies:
            return False
        if {"taxes_id", "combo_ids"} & moved:
            return True
        fields_of = {
            "categ_id": "categ_id",
            "parts_brand_id": "part_brand_id",
            "parts_grade": "grade",
        }
        bands = self.env["parts.price.band"].sudo()
        own = [("company_id", "in", companies.ids)]
        if any(
            bands.search_count([*own, (fields_of[name], "!=", False)], limit=1)
            for name in moved
        ):
            return True
        items = self.env["product.pricelist.item"].sudo()
        return "categ_id" in moved and bool(
            items.search_count([("categ_id", "!=", False)], limit=1)
        )

    @api.model
    def _refuse_scope(self, template, moved):
        labels = [
            template._fields[name]._description_string(self.env)
            for name in sorted(moved)
        ]
        raise UserError(
            self.env._(
                "%(fields)s of %(part)s decides which price band, rule or tax it falls"
                " under: only the price group and the keeper of master data change it.",
                fields=", ".join(labels),
                part=template.with_context(lang=self.env.lang).display_name,
            )
        )

    @api.model
    def _check_category(self, categories):
        """Refuse to move ``categories`` under others where bands or rules go by them.

        :raises UserError:
        """
        user = self.env.user
        if self.env.su or user.has_groups(f"{PRICE_ROLE},{KEEPER}"):
            return
        if self._matters(self.env["res.company"], {"categ_id"}):
            for category in categories[:1]:
                self._check_role(category.display_name)

    # === COUNTRIES === #

    @api.model
    @contextmanager
    def _countries(self, groups):
        """Watch which countries have which pricelists by ``groups`` of countries."""
        before = self._countries_of(groups)
        yield
        after = self._countries_of(groups.exists())
        for group in {**before, **after}:
            old, new = before.get(group), after.get(group)
            if old != new and ((old and old[1]) or (new and new[1])):
                self._check_role(new and group.display_name or self.env._("Countries"))

    @api.model
    def _countries_of(self, groups):
        return {
            group: (set(group.country_ids.ids), set(group.pricelist_ids.ids))
            for group in groups.sudo()
        }
