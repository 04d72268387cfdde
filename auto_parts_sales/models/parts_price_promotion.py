from odoo import api, models

from .parts_price_verdict import SAME


class PartsPricePromotion(models.AbstractModel):
    """Which lines of an order a promotion of the company gives (QUO-4).

    They are at authority by definition, unless ``parts_price_promotions`` says
    otherwise. A reward that a line merely names is none: the order must meet what its
    promotion asks, and the lines may take off no more than that reward gives.
    """

    _name = "parts.price.promotion"
    _description = "Promotions at Authority"

    @api.model
    def _keys(self, order, company, terms):
        """Return the keys of those lines of ``terms`` that promotions give.

        :param dict terms: of ``order``, see ``_terms`` of ``parts.price.verdict``
        """
        lines = terms["lines"]
        named = {key: line for key, line in lines.items() if line["reward_id"]}
        if not named or company.parts_price_promotions:
            return set()
        goods = sum(
            self._net(line)
            for line in lines.values()
            if not line["reward_id"] and self._net(line) > 0
        )
        rewards = self.env["loyalty.reward"].sudo()
        keys = set()
        for reward_id in {line["reward_id"] for line in named.values()}:
            reward = rewards.browse(reward_id).exists()
            own = {k: v for k, v in named.items() if v["reward_id"] == reward_id}
            if (
                reward
                and self._applies(order, reward, own, company)
                and self._is_worth(order, reward, own, goods)
            ):
                keys |= own.keys()
        return keys

    @api.model
    def _net(self, line):
        return line["price_unit"] * (1 - line["discount"] / 100.0) * line["quantity"]

    @api.model
    def _applies(self, order, reward, lines, company):
        """Return whether ``order`` meets what the promotion of ``reward`` asks."""
        program = reward.program_id
        if not reward.active or not program.active:
            return False
        if program.company_id and program.company_id != company:
            return False
        coupons = self.env["loyalty.card"].sudo()
        customer = order.partner_id.commercial_partner_id
        for line in lines.values():
            coupon = coupons.browse(line["coupon_id"]).exists()
            holder = coupon.partner_id.commercial_partner_id
            if coupon.program_id != program or (holder and holder != customer):
                return False
        return "error" not in self._asked(order, program)

    @api.model
    def _asked(self, order, program):
        """Return what the promotion says of ``order``: ``points``, or ``error``.

        Nothing for what was earned elsewhere (gift cards, cards of loyal customers), or
        while the order is being typed.
        """
        if program.applies_on != "current" or not isinstance(order.id, int):
            return {}
        return order.sudo()._program_check_compute_points(program)[program]

    @api.model
    def _is_worth(self, order, reward, lines, goods):
        """Return whether ``lines`` take off no more than ``reward`` gives.

        Only what can be told without points that customers have saved up: others are
        judged as any line.
        """
        if reward.reward_type == "product":
            quantity = sum(line["quantity"] for line in lines.values())
            return all(
                line["product_id"] in reward.reward_product_ids.ids
                and self._net(line) >= 0
                and line["quantity"] >= 0
                for line in lines.values()
            ) and quantity <= reward.reward_product_qty * self._times(order, reward)
        if reward.reward_type != "discount":
            return False
        taken = -sum(self._net(line) for line in lines.values())
        if reward.discount_mode == "percent":
            worth = goods * reward.discount / 100.0
            if reward.discount_max_amount:
                worth = min(worth, reward.discount_max_amount)
        elif reward.discount_mode == "per_order":
            worth = reward.discount
        else:
            return False
        return taken <= worth * (1 + SAME) + 0.01 * len(lines)

    @api.model
    def _times(self, order, reward):
        """Return how often ``order`` earns ``reward`` by what is on it."""
        points = sum(self._asked(order, reward.program_id).get("points") or ())
        return max(int(points // (reward.required_points or 1.0)), 1)
