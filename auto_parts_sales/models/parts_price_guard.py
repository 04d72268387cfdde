from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError

from .parts_price_band import PRICE_ROLE

FINANCE = "auto_parts_sales.group_parts_finance"


class PartsPriceGuard(models.AbstractModel):
    """Lets prices change on their way only, and writes every change down (CTL-4).

    What counts is whether the price is another one afterwards, not which fields were
    written. Superuser code (sheets, stock valuation, other addons) is let through and
    logged as what it is.
    """

    _name = "parts.price.guard"
    _description = "Guard over Prices"

    # === WHO MAY === #

    @api.model
    def _companies(self, company):
        """Return the companies whose control is about a record of ``company``; one that
        is shared is everybody's.
        """
        ids = self.env["res.company"]._parts_controlled_ids("price")
        if company:
            ids = ids & set(company.ids)
        return self.env["res.company"].sudo().browse(ids)

    @api.model
    def _check_price(self, company, name):
        """Refuse a change of the price ``name`` that does not come from a sheet.

        :raises UserError:
        """
        companies = self._companies(company)
        if self.env.su or not companies:
            return
        by_sheet = "sheet" in companies.mapped("parts_price_change_form")
        if not by_sheet and self.env.user.has_group(PRICE_ROLE):
            return
        if by_sheet:
            raise UserError(
                self.env._(
                    "The price of %(name)s is under price authority: it changes by a"
                    " price sheet. Propose it in Auto Parts → Prices → Price Sheets.",
                    name=name,
                )
            )
        raise UserError(
            self.env._(
                "The price of %(name)s is under price authority: only the price group"
                " changes it.",
                name=name,
            )
        )

    @api.model
    def _check_role(self, company, name):
        """Refuse a change that belongs to the price group.

        :raises UserError:
        """
        if self.env.su or not self._companies(company):
            return
        if not self.env.user.has_group(PRICE_ROLE):
            raise UserError(
                self.env._(
                    "“%(name)s” is under price authority: only the price group"
                    " changes it. Ask them, or propose a price sheet.",
                    name=name,
                )
            )

    @api.model
    def _check_cost(self, company, name):
        if self.env.su or not self._companies(company):
            return
        if not self.env.user.has_groups(f"{PRICE_ROLE},{FINANCE}"):
            raise UserError(
                self.env._(
                    "The cost of %(name)s decides about margins: only finance and the"
                    " price group enter it by hand.",
                    name=name,
                )
            )

    # === AROUND WRITES === #

    @api.model
    @contextmanager
    def _list_prices(self, templates):
        """Watch the list prices of ``templates`` while they are written."""

        def state():
            return {
                template: (template.list_price, template.uom_id)
                for template in templates.sudo()
            }

        before = state()
        yield
        vals_list = []
        for template, now in state().items():
            old = before[template]
            if old == now:
                continue
            self._check_price(template.company_id, template.display_name)
            vals_list.append(
                {
                    "kind": "list_price",
                    "name": template.display_name,
                    "company_id": template.company_id.id,
                    "product_tmpl_id": template.id,
                    "before": old[0],
                    "after": now[0],
                    "before_text": f"{old[0]:g} / {old[1].name}",
                    "after_text": f"{now[0]:g} / {now[1].name}",
                    "currency_id": template.currency_id.id,
                }
            )
        if vals_list:
            self.env["parts.price.change"]._log(vals_list)

    @api.model
    def _new_parts(self, templates):
        """Write down the list prices of ``templates``, which have just been made.

        Whoever makes parts gives them their first price. It is in force for others, but
        not for himself (see ``_mark_self_priced`` of ``parts.price.change``), unless he
        is of the price group.
        """
        user = self.env.user
        cause = {"cause": "new"}
        if (
            self.env["parts.price.change"]._sheet()
            or user.has_group(PRICE_ROLE)
            or not self.env["parts.price.author"]._is_person(user)
        ):
            cause = {}
        vals_list = [
            {
                "kind": "list_price",
                "name": template.display_name,
                "company_id": template.company_id.id,
                "product_tmpl_id": template.id,
                "before": 0.0,
                "after": template.list_price,
                "after_text": f"{template.list_price:g} / {template.uom_id.name}",
                "currency_id": template.currency_id.id,
                **cause,
            }
            for template in templates.sudo()
            if template.list_price and self._companies(template.company_id)
        ]
        if vals_list:
            self.env["parts.price.change"]._log(vals_list)

    @api.model
    def _new_costs(self, products):
        """Check and log the costs of ``products``, which have just been made."""
        company = self.env.company
        for product in products.sudo():
            cost = product.standard_price
            if not cost or not self._companies(company):
                continue
            self._check_cost(company, product.display_name)
            self.env["parts.price.change"]._log(
                [
                    {
                        "kind": "cost",
                        "name": product.display_name,
                        "company_id": company.id,
                        "product_tmpl_id": product.product_tmpl_id.id,
                        "before": 0.0,
                        "after": cost,
                        "after_text": f"{cost:g}",
                        "currency_id": product.cost_currency_id.id,
                    }
                ]
            )

    @api.model
    @contextmanager
    def _costs(self, products):
        """Watch the costs of ``products`` in the session's company, whose cost it is
        that a write changes.
        """
        company = self.env.company

        def state():
            return {product: product.standard_price for product in products.sudo()}

        before = state()
        yield
        vals_list = []
        for product, now in state().items():
            old = before[product]
            if old == now:
                continue
            self._check_cost(company, product.display_name)
            vals_list.append(
                {
                    "kind": "cost",
                    "name": product.display_name,
                    "company_id": company.id,
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "before": old,
                    "after": now,
                    "before_text": f"{old:g}",
                    "after_text": f"{now:g}",
                    "currency_id": product.cost_currency_id.id,
                }
            )
        if vals_list:
            # by Odoo's own recomputation alone: the key says nothing without superuser
            valuation = bool(self.env.context.get("disable_auto_revaluation"))
            self.env["parts.price.change"]._log(vals_list, valuation=valuation)

    @api.model
    def _item_state(self, items):
        """Return ``{item: (text, number)}`` of pricelist rules as they are now."""
        names = (
            *(
                "pricelist_id",
                "applied_on",
                "product_tmpl_id",
                "product_id",
                "categ_id",
            ),
            *("compute_price", "fixed_price", "percent_price", "price_discount"),
            *("price_surcharge", "price_round", "price_min_margin", "price_max_margin"),
            *("base", "base_pricelist_id", "min_quantity", "date_start", "date_end"),
        )
        return {
            item: (tuple(item[name] for name in names), self._item_text(item))
            for item in items.sudo()
        }

    @api.model
    def _item_text(self, item):
        quantity = f"≥ {item.min_quantity:g}: " if item.min_quantity else ""
        until = f" → {item.date_end:%Y-%m-%d %H:%M}" if item.date_end else ""
        return f"{quantity}{item.price}{until}"

    @api.model
    def _log_items(self, before, after):
        """Check and log pricelist rules that became others.

        :param dict before: see :meth:`_item_state`, empty for new ones
        :param dict after: likewise, empty for deleted ones
        """
        vals_list = []
        for item in {**before, **after}:
            old, new = before.get(item), after.get(item)
            if old and new and old[0] == new[0]:
                continue
            facts = (new or old)[0]
            pricelist, template = facts[0], facts[2] or facts[3].product_tmpl_id
            self._check_price(pricelist.company_id, pricelist.display_name)
            what = template.display_name or facts[4].display_name
            vals_list.append(
                {
                    "kind": "item",
                    "name": " · ".join(filter(None, (pricelist.name, what))),
                    "company_id": pricelist.company_id.id,
                    "product_tmpl_id": template.id,
                    "pricelist_id": pricelist.id,
                    "before": self._item_price(old),
                    "after": self._item_price(new),
                    "before_text": old[1] if old else False,
                    "after_text": new[1] if new else False,
                    "currency_id": pricelist.currency_id.id,
                }
            )
        if vals_list:
            self.env["parts.price.change"]._log(vals_list)

    @api.model
    def _item_price(self, state):
        if not state or state[0][5] != "fixed":
            return 0.0
        return state[0][6]

    @api.model
    def _check_assigned(self, partners):
        """Refuse pricelists that customers, who have just been made, were given: by
        their values, by a default in the context or as a copy.

        :raises UserError:
        """
        companies = self._companies(self.env["res.company"])
        name = "specific_property_product_pricelist"
        for company in companies:
            own = partners.sudo().with_company(company)
            given = own[:1]._fields[name].get_company_dependent_fallback(own)
            for partner in own:
                pricelist = partner[name]
                if pricelist != given and partner.commercial_partner_id == partner:
                    self._check_role(
                        company, f"{partner.display_name}: {pricelist.name or ''}"
                    )

    @api.model
    @contextmanager
    def _assignments(self, partners):
        """Watch which pricelist customers have while they are written."""
        companies = self._companies(self.env["res.company"])

        def state():
            return {
                (partner, company): partner.commercial_partner_id.with_company(
                    company
                ).property_product_pricelist
                for partner in partners.sudo().exists()
                for company in companies
            }

        before = state()
        yield
        vals_list = []
        for (partner, company), new in state().items():
            old = before.get((partner, company), new)
            if old == new:
                continue
            self._check_role(company, f"{partner.display_name}: {new.name or ''}")
            vals_list.append(
                {
                    "kind": "assignment",
                    "name": partner.display_name,
                    "company_id": company.id,
                    "partner_id": partner.id,
                    "pricelist_id": new.id,
                    "before_text": old.name,
                    "after_text": new.name,
                }
            )
        if vals_list:
            self.env["parts.price.change"]._log(vals_list)
