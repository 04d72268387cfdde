from odoo import api, models
from odoo.tools.misc import formatLang

from ..exceptions import GateError
from .parts_price_band import COST_READERS

# Lines that a block's sentence names; the table of figures has them all
NAMED = 3


class PartsPriceCheck(models.AbstractModel):
    """Price authority at the gates ``confirm`` and ``send`` (QUO-4)."""

    _name = "parts.price.check"
    _description = "Price Check"

    # === BLOCKS === #

    @api.model
    def _order_blocks(self, orders):
        """Return the price blocks of ``orders``, as superuser."""
        orders = orders.filtered(lambda order: order.company_id.parts_price_control)
        blocks = []
        for order, cases in self.env["parts.price.verdict"]._judge(orders).items():
            beyond = self._beyond(order, cases)
            if beyond:
                blocks.append(self._block(order, beyond))
        return blocks

    @api.model
    def _beyond(self, order, cases):
        """Return the cases that hold ``order``: of a confirmed one, what is worse than
        it was before the present write.
        """
        beyond = [case for case in cases if not case["inside"]]
        before = self.env["parts.approval.watch"]._terms_before(order)
        if not beyond or before is None:
            return beyond
        verdict = self.env["parts.price.verdict"]
        old = before.get("price")
        if old is None or any(
            old[name] != order._parts_gate_terms()["price"][name]
            for name in ("customer_id", "company_id", "currency_id")
        ):
            return beyond
        earlier = {case["key"]: case for case in verdict._judge_terms(order, old, {})}
        return [
            case for case in beyond if self._is_worse(case, earlier.get(case["key"]))
        ]

    @api.model
    def _is_worse(self, case, earlier):
        """Return whether a line gives more than it did (see the class of verdicts)."""
        if not earlier or (case["product"], case["uom"]) != (
            earlier["product"],
            earlier["uom"],
        ):
            return True
        verdict = self.env["parts.price.verdict"]
        now, then = verdict._percent(case), verdict._percent(earlier)
        if now is None or then is None:
            return case["net"] < earlier["net"] - 1e-6
        moved = abs(now) > abs(then) + 0.01 or now * then < 0
        return moved or case["quantity"] > earlier["quantity"]

    @api.model
    def _block(self, order, beyond):
        lines = {line.id: line for line in order.order_line}
        facts = {}
        for case in beyond:
            name = f"price_line:{case['key']}"
            below = self._is_below(case)
            facts[name] = (round(case["net"], 6), "down" if below else "up")
            optional = bool(lines[case["key"]]._is_line_optional())
            what = [case["product"].id, case["uom"].id, case["currency"].id, optional]
            facts[f"{name}:what"] = (what, "any")
            if not optional:
                facts[f"{name}:quantity"] = (case["quantity"], "up")
            percent = self.env["parts.price.verdict"]._percent(case)
            if percent is not None:
                # the price in force may move, too: fewer pieces, another customer
                facts[f"{name}:percent"] = (round(abs(percent), 2), "up")
        facts["price_customer"] = (
            order.partner_invoice_id.commercial_partner_id.id,
            "any",
        )
        block = order._parts_gate_block(
            "price",
            "price",
            self._message(order, beyond),
            amount=self._over(beyond),
            currency=order.currency_id,
            **facts,
        )
        for name in block["facts"].keys() - {"price_customer"}:
            # a line that is no longer beyond, or gone, hurts nobody
            block["facts"][name]["may_go"] = True
        return block

    @api.model
    def _is_below(self, case):
        percent = self.env["parts.price.verdict"]._percent(case)
        return percent is None or percent >= 0

    @api.model
    def _over(self, beyond):
        """Return by how much ``beyond`` leave the authority of who gave the prices, in
        the order's currency; 0.0 if any of it rests on cost or margin.
        """
        total = 0.0
        verdict = self.env["parts.price.verdict"]
        for case in beyond:
            percent = verdict._percent(case)
            if percent is None:
                return 0.0
            bands = case["bands"]
            own = [
                verdict._bands_for(bands, author, case["product"])
                for author in case["authors"]
            ]
            if any(
                verdict._allows_price(band, case) for group in own for band in group
            ):
                return 0.0  # the price would do: it is the margin
            reach = min(
                max(
                    (
                        b.percent_below if percent >= 0 else b.percent_above
                        for b in group
                    ),
                    default=0.0,
                )
                for group in own
            )
            share = (abs(percent) - reach) / 100.0
            total += max(share, 0.0) * case["yardstick"] * case["quantity"]
        return total

    @api.model
    def _message(self, order, beyond):
        shown = [self._line_text(case) for case in beyond[:NAMED]]
        if len(beyond) > NAMED:
            shown.append(self.env._("%s more lines", len(beyond) - NAMED))
        authors = self.env["res.users"].union(*(case["authors"] for case in beyond))
        return self.env._(
            "Beyond the price authority of %(people)s: %(lines)s.",
            people=", ".join(authors.sudo().mapped("name")),
            lines="; ".join(shown),
        )

    @api.model
    def _line_text(self, case):
        """Return what is asked of a line; cost and margin are not in it."""
        amount = self._amount(case, case["net"])
        name = case["product"].with_context(lang=self.env.lang).display_name
        percent = self.env["parts.price.verdict"]._percent(case)
        if percent is None:
            return self.env._("%(part)s at %(price)s", part=name, price=amount)
        if case["self_priced"] and abs(percent) < 0.01:
            return self.env._(
                "%(part)s at %(price)s, a new price that nobody of the price group has"
                " confirmed",
                part=name,
                price=amount,
            )
        values = {
            "part": name,
            "price": amount,
            "list": self._amount(case, case["yardstick"]),
            "percent": formatLang(self.env, abs(percent), digits=1),
        }
        if percent >= 0:
            return self.env._(
                "%(part)s at %(price)s, %(percent)s %% below %(list)s", **values
            )
        return self.env._(
            "%(part)s at %(price)s, %(percent)s %% above %(list)s", **values
        )

    @api.model
    def _amount(self, case, value):
        return formatLang(self.env, value, currency_obj=case["currency"])

    # === WHO DECIDES === #

    @api.model
    def _steps(self, order, rule):
        """Return the steps of a request about the prices of ``order``: the next holder
        whose band covers all of it, at the end the price committee of ``rule``.
        """
        verdict = self.env["parts.price.verdict"]
        beyond = self._beyond(order, verdict._judge(order)[order.sudo()])
        holder = self._holder(order, beyond)
        if not holder:
            return rule.step_ids._prepare_approval_step_vals_list()
        step = {"sequence": 10, "voices": 1}
        if holder._name == "res.users":
            return [{**step, "user_ids": [(6, 0, holder.ids)]}]
        company = order.company_id
        step["group_id"] = holder.id
        if verdict._narrow(holder, holder.all_user_ids, beyond):
            # somebody holds the role and a narrower band of his own: the others
            people = verdict._people_of(holder, company, beyond)
            step["user_ids"] = [(6, 0, people.ids)]
        return [step]

    @api.model
    def _holder(self, order, beyond=None):
        verdict = self.env["parts.price.verdict"]
        if beyond is None:
            beyond = self._beyond(order, verdict._judge(order)[order.sudo()])
        barred = order.sudo()._parts_barred_deciders("price") | self.env.user
        return verdict._next_holder(order.company_id, beyond, barred)

    # === FIGURES === #

    @api.model
    def _figures(self, order, block, figures):
        """Return what the decider of a price block sees: each line's price, and what
        it costs and earns for who may see that.
        """
        if block["kind"] != "price":
            return figures
        verdict = self.env["parts.price.verdict"]
        cases = verdict._judge(order)[order]
        beyond = [
            case for case in cases if f"price_line:{case['key']}" in block["facts"]
        ]
        rows = []
        for case in beyond:
            text = self.env._(
                "%(line)s; quantity %(quantity)s; price in force by %(given)s",
                line=self._line_text(case),
                quantity=formatLang(self.env, case["quantity"], digits=2),
                given=case["source"],
            )
            rows.append(order._parts_gate_figure(f"price_line:{case['key']}", text))
            if case["observation"]:
                rows.append(
                    order._parts_gate_figure(
                        f"price_market:{case['key']}", case["observation"]._text()
                    )
                )
        group = "auto_parts_sales.group_parts_price_group"
        for case in beyond:
            margin = verdict._margin(case)
            text = self.env._(
                "%(part)s: cost %(cost)s, margin %(margin)s %%",
                part=case["product"].with_context(lang=self.env.lang).display_name,
                cost=self._amount(case, case["cost"]),
                margin=formatLang(self.env, max(margin, -999.0), digits=1),
            )
            name = f"price_margin:{case['key']}"
            rows.append(order._parts_gate_figure(name, text, group=group))
        sold = sum(case["net"] * case["quantity"] for case in cases)
        cost = sum(case["cost"] * case["quantity"] for case in cases)
        given = self._given(beyond)
        rows.append(
            order._parts_gate_figure("price_given", given, currency=order.currency_id)
        )
        if sold:
            share = round((sold - cost) / sold * 100.0, 1)
            rows.append(
                order._parts_gate_figure("price_margin_order", share, group=group)
            )
        return rows

    @api.model
    def _given(self, cases):
        return sum(
            (case["yardstick"] - case["net"]) * case["quantity"]
            for case in cases
            if case["yardstick"] and not case["delivery"]
        )

    @api.model
    def _labels(self):
        return {
            "price_line": self.env._("Price"),
            "price_market": self.env._("Market price"),
            "price_margin": self.env._("Cost and margin"),
            "price_given": self.env._("Less than at the prices in force"),
            "price_margin_order": self.env._("Margin of the order (%)"),
            "price_customer": self.env._("Customer"),
        }

    # === AT THE GATES === #

    @api.model
    def _noticed(self, order, before, after):
        """Note who gave the prices that changed between two terms of ``order``, or came
        to it.
        """
        old, new = before.get("price"), after.get("price")
        if old is None or new is None or old == new:
            return
        moved = any(old[name] != new[name] for name in ("customer_id", "currency_id"))
        keys = [
            key
            for key, line in new["lines"].items()
            if moved or self._is_given(old["lines"].get(key), line)
        ]
        lines = self.env["sale.order.line"].browse(keys)
        self.env["parts.price.author"]._note(lines)

    @api.model
    def _is_given(self, old, new):
        """Return whether who wrote ``new`` terms of a line gave it another price: more
        pieces at a price of somebody else are given, too, fewer are not.
        """
        if old is None:
            return True
        names = (
            *("product_id", "product_uom_id", "tax_ids", "price_unit", "discount"),
            *("attribute_ids", "combo_item_id", "linked_line_id"),
            *("is_delivery", "is_downpayment", "reward_id", "coupon_id"),
        )
        return new["quantity"] > old["quantity"] or any(
            old[name] != new[name] for name in names
        )

    @api.model
    def _check_send(self, orders):
        """Refuse to send ``orders`` whose prices nobody may give, by the switch.

        An approval for confirming counts here, too, and is not used up by it.

        :raises GateError:
        """
        controlled = self.env["res.company"]._parts_controlled_ids("send")
        documents = orders.sudo().filtered(
            lambda order: bool(controlled) and order.company_id.id in controlled
        )
        if not documents:
            return
        blocks = documents._parts_gate_blocks("send")
        waivers = documents._parts_gate_waivers("confirm")
        standing = [
            block
            for block in blocks
            if not (
                (approval := waivers.get((block["res_id"], block["key"])))
                and approval._covers(block)
            )
        ]
        if standing:
            raise GateError(
                documents._parts_gate_message("confirm", standing), standing
            )

    @api.model
    def _unsent(self, orders, state):
        """Return those of ``orders`` that a write of ``state`` sends, where sending is
        a gate.
        """
        if state != "sent" or not self.env["res.company"]._parts_controlled_ids("send"):
            return orders.browse()
        return orders.filtered(lambda order: order.state != "sent")

    @api.model
    def _check_sent(self, orders):
        """Refuse what a write has sent, see :meth:`_check_send`."""
        if orders and self.env["res.company"]._parts_controlled_ids("send"):
            self._check_send(orders.filtered(lambda order: order.state == "sent"))

    @api.model
    def _check_mailed(self, orders):
        """Refuse to mail quotations among ``orders`` past the gate ``send``.

        :raises GateError:
        """
        if self.env["res.company"]._parts_controlled_ids("send"):
            orders = orders.sudo().exists()
            self._check_send(orders.filtered(lambda order: order.state == "draft"))

    @api.model
    def _may_be_sent(self, order):
        """Return whether the customer may be asked to accept ``order``."""
        try:
            self._check_send(order)
        except GateError:
            return False
        return True

    @api.model
    def _is_answerable(self, order):
        """Return whether the prices of ``order`` lie beyond the authority of who gave
        them, and inside the present user's.
        """
        verdict = self.env["parts.price.verdict"]
        beyond = [c for c in verdict._judge(order)[order.sudo()] if not c["inside"]]
        return bool(beyond) and all(
            verdict._covers(case["bands"], self.env.user, case) for case in beyond
        )

    # === ON THE LINES === #

    @api.model
    def _describe(self, lines):
        """Return ``{line: dict}`` of what the lines show while they are typed:
        ``verdict`` (``inside``, ``beyond``), ``turn``, ``source``, ``market`` (text)
        and ``margin`` (per cent). Lines that are not judged are missing.
        """
        told = {}
        verdict = self.env["parts.price.verdict"]
        orders = lines.order_id.sudo().filtered("partner_id")
        for order, cases in verdict._judge(orders, lines).items():
            barred = self.env.user
            for case in cases:
                inside = case["inside"]
                turn = False
                if not inside:
                    holder = verdict._next_holder(order.company_id, [case], barred)
                    turn = verdict._holder_text(holder)
                seen = case["observation"]
                told[case["key"]] = {
                    "verdict": "inside" if inside else "beyond",
                    "turn": turn,
                    "source": case["yardstick"]
                    and self.env._(
                        "%(given)s: %(price)s",
                        given=case["source"],
                        price=self._amount(case, case["yardstick"]),
                    ),
                    "market": seen and seen._text(),
                    "margin": max(verdict._margin(case), -999.0),
                }
        return told

    @api.model
    def _sees_cost(self):
        return self.env.user.has_groups(COST_READERS)
