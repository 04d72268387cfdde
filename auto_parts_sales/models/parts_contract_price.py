from odoo import api, fields, models
from odoo.tools.misc import formatLang


class PartsContractPrice(models.AbstractModel):
    """The prices that contracts fix (CON-2, QUO-3), as superuser.

    A price is for one unit, before its discount is taken off nothing more, with taxes
    as the part's own prices have them.
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
    def _of(self, version, product, uom, quantity, currency):
        """Return the price by ``version`` of one ``uom`` of ``product``, in
        ``currency``, or None if it fixes none.
        """
        line = self._line(version, product, uom, quantity)
        if line and line.price_unit:
            price = line._net_price()
            own = line.product_uom_id or product.uom_id
            price = own._compute_price(price, uom) if own != uom else price
            return self._convert(version, version.currency_id, currency, price)
        if not line and not version.pricelist_id:
            return None
        discount = line.discount if line else 0.0
        base = self._basis(version, product, uom, quantity, currency)
        return base * (1.0 - discount / 100.0)

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
        the order's currency; None: it fixes none, or is not in force.
        """
        contract = line.order_id.sudo().parts_contract_id
        if not contract or contract.state != "effective" or not line.product_id:
            return None
        return self._of(
            contract.current_version_id,
            line.product_id.sudo(),
            line.product_uom_id or line.product_id.uom_id,
            line.product_uom_qty or 1.0,
            line.currency_id or contract.currency_id,
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

    @api.model
    def _beyond_authority(self, version):
        """Return (worst deviation in per cent, [sentence per line]) of the prices in
        ``version`` that its salesperson may not give, or None (QUO-4).
        """
        author = version.contract_id.user_id or version.create_uid
        lines = version.line_ids.filtered("product_id")
        judged = {f"contract:{line.id}": line for line in lines}
        terms = {
            "customer_id": version.partner_id.commercial_partner_id.id,
            "company_id": version.company_id.id,
            "currency_id": version.currency_id.id,
            "lines": {
                key: self._line_terms(version, line) for key, line in judged.items()
            },
        }
        verdict = self.env["parts.price.verdict"]
        cases = verdict._judge_terms(version, terms, dict.fromkeys(judged, author))
        worst, sentences = 0.0, []
        for case in cases:
            if case["inside"]:
                continue
            worst = max(worst, abs(verdict._percent(case) or 0.0), 0.01)
            sentences.append(
                self.env._(
                    "%(part)s at %(price)s",
                    part=case["product"].display_name,
                    price=formatLang(
                        self.env, case["net"], currency_obj=version.currency_id
                    ),
                )
            )
        for line in version.line_ids - lines:
            if line.discount:
                worst = max(worst, line.discount)
                sentences.append(
                    self.env._(
                        "%(what)s with %(discount)s %% off",
                        what=line.categ_id.display_name or line.name or "",
                        discount=line.discount,
                    )
                )
        return (worst, sentences) if sentences else None

    @api.model
    def _line_terms(self, version, line):
        price = line.price_unit
        discount = line.discount
        product = line.product_id
        uom = line.product_uom_id or product.uom_id
        if not price:
            price = self._basis(
                version, product, uom, line.quantity or 1.0, version.currency_id
            )
        return {
            "product_id": product.id,
            "product_uom_id": uom.id,
            "tax_ids": tuple(line.tax_ids.ids),
            "quantity": line.quantity or 1.0,
            "price_unit": price,
            "discount": discount,
            "is_downpayment": False,
            "is_delivery": False,
            "combo_item_id": False,
            "linked_line_id": False,
            "attribute_ids": (),
            "reward_id": False,
        }
