from odoo import api, models


class PartsPriceCombo(models.AbstractModel):
    """The price in force of what was chosen in a combo (QUO-4)."""

    _name = "parts.price.combo"
    _description = "Price in Force of Combos"

    @api.model
    def _spread(self, currency, cases):
        """Spread the price in force of each combo over what was chosen in it.

        A combo that is not whole, or of which more was chosen than it gives, is none:
        its parts are judged by their own prices.

        :param list[dict] cases: see ``parts.price.verdict``; changes ``yardstick``
        """
        combos = {
            case["key"]: case for case in cases if case["product"].type == "combo"
        }
        if not combos:
            return
        items = self.env["product.combo.item"].sudo()
        chosen = {key: {} for key in combos}
        for case in cases:
            item = items.browse(case["combo_item_id"])
            combo = combos.get(case["linked_line_id"])
            if item and combo and item.product_id == case["product"]:
                rows = chosen[combo["key"]].setdefault(item.combo_id, [])
                rows.append((item, case))
        for key, combo in combos.items():
            if self._is_whole(combo, chosen[key]):
                self._share(currency, combo, chosen[key])
        for combo in combos.values():
            combo["yardstick"] = None

    @api.model
    def _is_whole(self, combo, chosen):
        """Return whether of each choice as much was taken as there are combos."""
        choices = combo["product"].combo_ids
        if set(chosen) != set(choices):
            return False
        return all(
            combo["uom"].compare(
                sum(case["quantity"] for _item, case in rows), combo["quantity"]
            )
            == 0
            for rows in chosen.values()
        )

    @api.model
    def _share(self, currency, combo, chosen):
        price = combo["yardstick"] or 0.0
        base = {
            choice: choice.currency_id._convert(
                choice.base_price, currency, combo["company"], round=False
            )
            for choice in chosen
        }
        total = sum(base.values()) or 1.0
        # Odoo rounds each share, and puts what is left over on the last one
        slack = currency.rounding * len(chosen)
        for choice, rows in chosen.items():
            for item, case in rows:
                extra = item.currency_id._convert(
                    item.extra_price, currency, combo["company"], round=False
                )
                share = base[choice] / total * price + extra
                low, high = share - slack, share + slack
                case["self_priced"] |= combo["self_priced"]
                case["yardstick"] = min(max(case["net"], low), high) or None
