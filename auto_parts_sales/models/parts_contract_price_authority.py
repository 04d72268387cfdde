from odoo import api, models
from odoo.tools.misc import formatLang

# How many parts of a category are judged one by one; beyond that, people look at it
MOST = 300


class PartsContractPrice(models.AbstractModel):
    """Whether the prices in a contract are within the authority of who gives them."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.price"

    @api.model
    def _authors(self, version):
        """Return who gives the prices in ``version``: its salesperson, and whoever
        wrote its lines. To name somebody with more authority widens nothing; what the
        system wrote, such as an import, is the salesperson's.
        """
        is_person = self.env["parts.price.author"]._is_person
        seller = version.contract_id.user_id or version.create_uid
        return seller | version.line_ids.write_uid.filtered(is_person)

    @api.model
    def _beyond_authority(self, version):
        """Return (worst deviation in per cent, [sentence per line]) of the prices in
        ``version`` that its authors may not give, or None (QUO-4).

        A price or discount for a category is judged part by part.
        """
        authors = self._authors(version)
        named = version.line_ids.filtered("product_id")
        judged = {f"contract:{line.id}": (line, line.product_id) for line in named}
        found = []
        for line in version.line_ids - named:
            products, all_of_them = self._parts_of(line)
            if not all_of_them:
                found.append((max(line.discount, 0.01), self._too_many(line)))
                continue
            for product in products:
                judged[f"contract:{line.id}:{product.id}"] = (line, product)
        found += self._beyond_bands(version, judged, authors)
        if not found:
            return None
        worst = max(percent for percent, _sentence in found)
        return worst, [sentence for _percent, sentence in found]

    @api.model
    def _beyond_bands(self, version, judged, authors):
        """Return (per cent, sentence) of what ``authors`` may not give; of a category,
        of the part that is worst.

        :param dict judged: ``{key: (contract line, part)}``
        """
        terms = {
            "customer_id": version.partner_id.commercial_partner_id.id,
            "company_id": version.company_id.id,
            "currency_id": version.currency_id.id,
            "lines": {
                key: self._line_terms(version, line, product)
                for key, (line, product) in judged.items()
            },
        }
        verdict = self.env["parts.price.verdict"]
        cases = verdict._judge_terms(version, terms, dict.fromkeys(judged, authors))
        worst = {}
        for case in cases:
            if case["inside"]:
                continue
            line = judged[case["key"]][0]
            percent = max(abs(verdict._percent(case) or 0.0), 0.01)
            if line not in worst or percent > worst[line][0]:
                worst[line] = (percent, self._sentence(version, line, case))
        return list(worst.values())

    @api.model
    def _sentence(self, version, line, case):
        price = self.env._(
            "%(part)s at %(price)s",
            part=case["product"].display_name,
            price=formatLang(self.env, case["net"], currency_obj=version.currency_id),
        )
        if line.product_id:
            return price
        return self.env._("%(what)s: %(price)s", what=self._what(line), price=price)

    @api.model
    def _what(self, line):
        return line.categ_id.display_name or line.name or self.env._("All parts")

    @api.model
    def _too_many(self, line):
        return self.env._(
            "%(what)s with %(discount)s %% off, for more than %(count)s parts",
            what=self._what(line),
            discount=f"{line.discount:g}",
            count=MOST,
        )

    @api.model
    def _parts_of(self, line):
        """Return the parts on sale whose price a line for a category, or for all,
        fixes, and whether these are all of them.
        """
        version = line.version_id
        domain = [
            ("sale_ok", "=", True),
            ("company_id", "in", (False, version.company_id.id)),
        ]
        if line.categ_id:
            domain.append(("categ_id", "child_of", line.categ_id.id))
        # as superuser: who draws up a contract need not see every part
        products = self.env["product.product"].sudo().search(domain, limit=MOST + 1)
        if len(products) > MOST:
            return products.browse(), False
        quantity = max(line.quantity, 1.0)
        return products.filtered(
            lambda product: (
                self._line(version, product, product.uom_id, quantity) == line
            )
        ), True

    @api.model
    def _line_terms(self, version, line, product):
        uom = line.product_uom_id or product.uom_id
        quantity = line.quantity or 1.0
        price, taxes = line.price_unit, line.tax_ids
        if not line.product_id or not price:
            taxes = self._own_taxes(version, product)
        if not price:
            price = self._basis(version, product, uom, quantity, version.currency_id)
        return {
            "product_id": product.id,
            "product_uom_id": uom.id,
            "tax_ids": tuple(taxes.ids),
            "quantity": quantity,
            "price_unit": price,
            "discount": line.discount,
            "is_downpayment": False,
            "is_delivery": False,
            "combo_item_id": False,
            "linked_line_id": False,
            "attribute_ids": (),
            "reward_id": False,
        }
