from odoo import api, fields, models

# Key in the cursor's cache: pricelist rules of the products being judged right now
RULES = "auto_parts_sales.price_rules"


class PartsPriceYardstick(models.AbstractModel):
    """The price in force: what a part costs this customer today (QUO-3).

    The contract's price, else that of the pricelist which the customer has, else the
    list price; for the quantity and in the unit and currency of the line. The order's
    own pricelist, date and discount are the salesperson's to write, so they do not
    count. Everything is read as superuser and in a context of its own.
    """

    _name = "parts.price.yardstick"
    _description = "Price in Force"

    @api.model
    def _clean(self, company):
        """Return this model as superuser, in ``company``, without the caller's context:
        keys in it can state prices.
        """
        context = {"allowed_company_ids": company.ids}
        if self.env.context.get("lang"):
            context["lang"] = self.env.context["lang"]
        return self.with_env(self.env(su=True, context=context))

    @api.model
    def _price(self, company, currency, partner, cases):
        """Fill in the price in force of ``cases``, lines of one order.

        :param list[dict] cases: each with ``key``, ``product``, ``uom``, ``quantity``
            and ``attributes``; adds ``yardstick`` (before taxes, for one of ``uom``, in
            ``currency``; None: there is none), ``source`` (text: what gave it),
            ``cost`` (likewise) and ``market`` (likewise, None: not known)
        """
        own = self._clean(company)
        products = own.env["product.product"].browse(
            {case["product"].id for case in cases}
        )
        agreed = own._contract_prices(company, currency, partner, cases)
        pricelist = partner.with_env(own.env).property_product_pricelist
        prices = own._pricelist_prices(pricelist, currency, products, cases)
        market = own.env["parts.price.observation"]._newest(company, products)
        for case in cases:
            price, case["source"] = agreed.get(case["key"]) or prices[case["key"]]
            product = case["product"].with_env(own.env)
            taxes = product.taxes_id._filter_taxes_by_company(company)
            case["yardstick"] = own._untaxed(price, taxes, product) or None
            case["cost"] = own._convert(
                product.uom_id._compute_price(product.standard_price, case["uom"]),
                product.cost_currency_id,
                currency,
            )
            seen = market.get(product.id)
            case["observation"] = seen
            case["market"] = seen and own._convert(
                product.uom_id._compute_price(seen.price, case["uom"]),
                seen.currency_id,
                currency,
            )

    # === HOOK === #

    @api.model
    def _contract_prices(self, company, currency, partner, cases):
        """Return the prices that a contract with ``partner`` fixes.

        Extend it where contracts are kept. Called as superuser, for the lines of one
        order.

        :param partner: who is invoiced (commercial partner)
        :param list[dict] cases: see :meth:`_price`
        :return: ``{key of the case: (price, source)}``: for one of the case's ``uom``,
            in ``currency``, with taxes as the product's own prices have them, and what
            the line says gave it
        :rtype: dict
        """
        return {}

    # === PRICELISTS === #

    @api.model
    def _pricelist_prices(self, pricelist, currency, products, cases):
        """Return ``{key: (price, source)}``, the rules searched once for all cases."""
        cache = self.env.cr.cache
        outer = cache.get(RULES)
        cache[RULES] = {"products": products, "rules": {}}
        now = fields.Datetime.now()
        try:
            rules = pricelist._get_applicable_rules(products, now)
            return {
                case["key"]: self._pricelist_price(
                    pricelist, rules, currency, now, case
                )
                for case in cases
            }
        finally:
            cache[RULES] = outer

    @api.model
    def _pricelist_price(self, pricelist, rules, currency, now, case):
        product, uom = case["product"].with_env(self.env), case["uom"]
        product = product.with_context(
            **product._get_product_price_context(case["attributes"])
        )
        quantity = case["quantity"] or 1.0
        in_product_uom = uom._compute_quantity(
            quantity, product.uom_id, raise_if_failure=False
        )
        applicable = (
            rule for rule in rules if rule._is_applicable_for(product, in_product_uom)
        )
        rule = next(applicable, rules.browse())
        price = rule._compute_price(product, quantity, uom, now, currency=currency)
        source = pricelist.name if rule else self.env._("List price")
        return price, source

    @api.model
    def _kept_rules(self, pricelist, products):
        """Return the rules of ``pricelist`` for all products that are judged now, if
        ``products`` are among them; None: search them.
        """
        cached = self.env.cr.cache.get(RULES)
        if not cached or not pricelist or products._name != "product.product":
            return None
        if products - cached["products"]:
            return None
        rules = cached["rules"]
        if pricelist.id not in rules:
            everything = cached["products"].with_env(pricelist.env)
            rules[pricelist.id] = False  # this search itself is core's
            rules[pricelist.id] = pricelist._get_applicable_rules(
                everything, fields.Datetime.now()
            )
        kept = rules[pricelist.id]
        return None if kept is False else kept

    # === AMOUNTS === #

    @api.model
    def _untaxed(self, price, taxes, product):
        """Return ``price`` without the taxes that it includes, not rounded."""
        if not any(tax.price_include or tax.amount_type == "group" for tax in taxes):
            return price
        details = taxes._get_tax_details(
            price, 1.0, rounding_method="round_globally", product=product
        )
        return details["total_excluded"]

    @api.model
    def _convert(self, amount, source, target):
        if source == target:
            return amount
        return source._convert(
            amount, target, self.env.company, fields.Date.today(), round=False
        )
