from odoo import api, fields, models

from .parts_contract import BINDING_STATES


class PartsContractPrice(models.AbstractModel):
    """The prices that contracts fix (CON-2, QUO-3), as superuser.

    A line states its price with the taxes that it has; one for a category, and the
    price basis, with those that the part's own prices have. It is told with the taxes
    of who asks: before taxes, all of them are one price.
    """

    _name = "parts.contract.price"
    _description = "Prices by Contract"

    @api.model
    def _frameworks(self, company, partner):
        """Return the framework contracts with ``partner`` that are in force today, the
        newest first.
        """
        today = fields.Date.context_today(self)
        contracts = self.env["parts.contract"].search(
            [
                ("kind", "=", "framework"),
                ("state", "=", "effective"),
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", partner.commercial_partner_id.id),
            ],
            order="date_effective desc, id desc",
        )
        return contracts.filtered(lambda contract: contract._is_within_term(today))

    @api.model
    def _of(self, version, product, uom, quantity, currency, taxes=None):
        """Return the price by ``version`` of one ``uom`` of ``product``, in
        ``currency``, or None if it fixes none.

        :param taxes: with which taxes it is told; None: those of the part's own prices
        """
        own_taxes = self._own_taxes(version, product)
        taxes = own_taxes if taxes is None else taxes
        line = self._line(version, product, uom, quantity)
        if line and line.price_unit:
            price = self._stated(line, product, uom, taxes)
            return self._convert(version, version.currency_id, currency, price)
        if not line and not version.pricelist_id:
            return None
        discount = line.discount if line else 0.0
        base = self._basis(version, product, uom, quantity, currency)
        price = base * (1.0 - discount / 100.0)
        return self._retax(price, own_taxes, taxes, product)

    @api.model
    def _own_taxes(self, version, product):
        """Return the taxes with which the part's own prices are stated."""
        return product.taxes_id._filter_taxes_by_company(version.company_id)

    @api.model
    def _stated(self, line, product, uom, taxes):
        """Return the price that a contract line states, for one ``uom`` of ``product``
        and with ``taxes``, in the contract's currency.
        """
        price = line._net_price()
        own = line.product_uom_id or product.uom_id
        if uom and own != uom:
            price = own._compute_price(price, uom)
        version = line.version_id
        had = line.tax_ids if line.product_id else self._own_taxes(version, product)
        return self._retax(price, had, taxes, product)

    @api.model
    def _untaxed(self, price, taxes, product):
        return self.env["parts.price.yardstick"]._untaxed(price, taxes, product)

    @api.model
    def _retax(self, price, had, taxes, product):
        """Return ``price``, stated with the taxes ``had``, as ``taxes`` state it."""
        if had == taxes:
            return price
        untaxed = self._untaxed(price, had, product)
        if not any(tax.price_include or tax.amount_type == "group" for tax in taxes):
            return untaxed
        details = taxes._get_tax_details(
            untaxed,
            1.0,
            rounding_method="round_globally",
            product=product,
            special_mode="total_excluded",
        )
        return untaxed + sum(
            data["tax_amount"]
            for data in details["taxes_data"]
            if data["tax"].price_include
        )

    @api.model
    def _line(self, version, product, uom, quantity):
        """Return the line of ``version`` that fixes the price: the one for the part
        before the one for its category before the one for all; of these the one with
        the highest quantity that is reached.
        """
        best, best_key = self.env["parts.contract.line"], None
        framework = version.contract_id.kind == "framework"
        for line in version.line_ids:
            if not line._is_for(product):
                continue
            own = line.product_uom_id or product.uom_id
            in_uom = uom._compute_quantity(quantity, own, raise_if_failure=False)
            if framework and line.quantity > 1.0 and in_uom < line.quantity:
                continue
            depth = len((line.categ_id.parent_path or "").split("/"))
            key = (bool(line.product_id), depth, line.quantity)
            if best_key is None or key > best_key:
                best, best_key = line, key
        return best

    @api.model
    def _basis(self, version, product, uom, quantity, currency):
        product = product.with_company(version.company_id)
        if version.pricelist_id:
            return version.pricelist_id._get_product_price(
                product, quantity, currency=currency, uom=uom
            )
        price = product.uom_id._compute_price(product.lst_price, uom)
        return self._convert(version, product.currency_id, currency, price)

    @api.model
    def _convert(self, version, source, target, price):
        if source == target:
            return price
        return source._convert(
            price,
            target,
            version.company_id,
            fields.Date.context_today(self),
            round=False,
        )

    @api.model
    def _for_line(self, line):
        """Return the price of an order line by the contract that its order names, in
        the order's currency and with the line's taxes; None: it fixes none, or is not
        in force.
        """
        order = line.order_id.sudo()
        contract = order.parts_contract_id
        # what was confirmed under it keeps its prices when it is suspended or over
        bound = BINDING_STATES if order.state == "sale" else ("effective",)
        if contract.state not in bound or not line.product_id:
            return None
        return self._of(
            contract.current_version_id,
            line.product_id.sudo(),
            line.product_uom_id or line.product_id.uom_id,
            line.product_uom_qty or 1.0,
            line.currency_id or contract.currency_id,
            taxes=line.tax_ids._origin or line.tax_ids,
        )

    @api.model
    def _agreed(self, company, currency, partner, cases):
        """Return what ``_contract_prices`` of the yardstick returns: of the contract
        that the order names, else of the customer's framework contracts.
        """
        frameworks = self._frameworks(company, partner)
        named = self._named(company, partner, cases)
        prices = {}
        for case in cases:
            contracts = named.get(case["key"], frameworks.browse()) | frameworks
            for contract in contracts:
                price = self._of(
                    contract.current_version_id,
                    case["product"].with_env(self.env),
                    case["uom"].with_env(self.env),
                    case["quantity"] or 1.0,
                    currency,
                )
                if price is not None:
                    prices[case["key"]] = (price, contract.name)
                    break
        return prices

    @api.model
    def _named(self, company, partner, cases):
        """Return ``{key of a case: contract in force that its order names}``."""
        ids = [case["key"] for case in cases if isinstance(case["key"], int)]
        lines = self.env["sale.order.line"].browse(ids).exists()
        named = {}
        for line in lines:
            contract = line.order_id.parts_contract_id
            if (
                contract.state == "effective"
                and contract.company_id == company
                and contract.commercial_partner_id == partner.commercial_partner_id
            ):
                named[line.id] = contract
        return named
