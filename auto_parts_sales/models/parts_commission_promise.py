from typing import NamedTuple

from odoo import api, models


class Beneficiary(NamedTuple):
    """Who earns on a document: `share` in per cent of the rule's commission.

    `promised`: promises of another document whose rates are taken over, or None;
    `lines`: the lines that he earns on, None: all; `others`: the shares that come out
    of the seller's, who has what is left of each line, to the cent.
    """

    user: object
    role: str
    share: float
    plan: object
    terms: dict
    promised: object = None
    lines: object = None
    others: tuple = ()


class PartsCommissionPromise(models.AbstractModel):
    """Works out what posted invoices and credit notes promise.

    * An invoice asks the plan of its salesperson at its date, and that plan's splits;
      each line that of its order's salesperson, where the plan says so.
    * A credit note that reverses an invoice takes back from the people, and at the
      rates, that its invoice was promised to.
    * A down payment earns at the blended rate of its order; the final invoice's
      negative line takes back exactly that, so that both add up to the commission
      of the goods.
    * So does what an order credits of goods that it had invoiced: it takes back from
      the people, and at the rates, that these were promised to.
    """

    _name = "parts.commission.promise"
    _description = "Making of a Commission Promise"

    @api.model
    def _prepare_move_vals(self, move):
        """Return the `create` values of all promises of one invoice or credit note."""
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        original = move.reversed_entry_id
        if move.move_type == "out_refund" and original.move_type == "out_invoice":
            return self._prepare_reversed_vals(lines, original)
        taken_back = lines.filtered(self._takes_back)
        vals_list = self._prepare_back_vals(taken_back)
        for beneficiary in self._get_beneficiaries(move):
            mine = lines - taken_back
            if beneficiary.lines is not None:
                mine &= beneficiary.lines
            for line in mine:
                vals_list += self._prepare_plan_vals(line, beneficiary)
        return vals_list

    # === WHO === #

    @api.model
    def _get_beneficiaries(self, move):
        """Return who earns on an invoice: list of `Beneficiary`.

        To override where others than the plan's people share.
        """
        date = move.invoice_date or move.date
        found = []
        for seller, plan, lines in self._get_sales(move, date):
            if plan:
                found += self._get_sharing(move, date, seller, plan, lines)
        return found

    @api.model
    def _get_sharing(self, move, date, seller, plan, lines):
        """Return the seller of some lines and who shares with him."""
        terms = plan._prepare_terms()
        found, others = [], []
        for split in plan.split_ids:
            user = split._is_valid_on(date) and split._get_user(move, date)
            if not user or user == seller:
                continue
            if split.role != "lead":
                others.append(split.share)
            found.append(
                Beneficiary(user, split.role, split.share, plan, terms, lines=lines)
            )
        own = 100.0 - sum(others)
        if own > 0.0:
            row = Beneficiary(seller, "seller", own, plan, terms, None, lines)
            found.insert(0, row._replace(others=tuple(others)))
        return found

    @api.model
    def _get_sales(self, move, date):
        """Return whose sale the lines of an invoice are: [(seller, plan, lines)].

        A line without an order goes with the orders of the others, if these are one
        person's. `lines` is None where all are one person's.
        """
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        people = lines.sale_line_ids.order_id.user_id
        sales = {}
        for users, own in lines.grouped(
            lambda line: (
                line.sale_line_ids.order_id.user_id if line.sale_line_ids else people
            )
        ).items():
            sale = self._get_seller_and_plan(move, users, date)
            sales[sale] = sales.get(sale, lines.browse()) | own
        if len(sales) == 1:
            return [(*sale, None) for sale in sales]
        return [(*sale, own) for sale, own in sales.items()]

    @api.model
    def _get_seller_and_plan(self, move, people, date):
        """Return whose sale it is and by which plan he earns.

        The invoice's salesperson, unless the plan says the order's.

        :param people: the salespeople of the orders
        """
        plans = self.env["parts.commission.plan"]
        users = move.invoice_user_id
        seller = people if len(people) == 1 else users
        if seller and seller != users:
            plan = plans._get_plan(move.company_id, seller, date)
            if plan.seller_source == "order":
                return seller, plan
        if not users:
            return users, plans
        plan = plans._get_plan(move.company_id, users, date)
        if plan.seller_source == "order" and seller != users:
            return seller, plans._get_plan(move.company_id, seller, date)
        return users, plan

    # === HOW MUCH === #

    @api.model
    def _prepare_plan_vals(self, line, beneficiary):
        """Return the promise of one line by a plan, as a list of none or one."""
        plan = beneficiary.plan
        rule = self.env["parts.commission.rule"]
        base = -line.amount_currency
        if line.sale_line_ids.filtered("is_downpayment"):
            orders = line.sale_line_ids.order_id
            whole = base * plan._get_blended_share(orders.order_line)
        else:
            rule = plan._get_rule(line)
            whole = rule._get_commission(line) if rule else 0.0
        if not whole:
            return []
        return [self._prepare_vals(line, beneficiary, rule, base, whole)]

    @api.model
    def _takes_back(self, line):
        """Return whether a line takes back what an order's other invoice promised.

        A down payment taken off the final invoice, or goods that come back.
        """
        if not line.sale_line_ids or -line.amount_currency >= 0.0:
            return False
        is_deposit = line.sale_line_ids.filtered("is_downpayment")
        return bool(is_deposit or self._get_invoiced_before(line))

    @api.model
    def _get_invoiced_before(self, line):
        """Return the posted lines that invoiced what a line takes back."""
        lines = line.sale_line_ids.invoice_lines - line
        return lines.filtered(
            lambda x: x.move_id.state == "posted" and -x.amount_currency > 0.0
        )

    @api.model
    def _prepare_back_vals(self, lines):
        """Return the promises of the lines that take back.

        To whom and at which rates it was promised: looked up by the order lines that
        both invoices share.
        """
        vals_list = []
        for line in lines:
            promised = self.env["parts.commission.basis"].search(
                [("move_line_id", "in", self._get_invoiced_before(line).ids)],
                order="id",
            )
            for beneficiary in self._get_promised_beneficiaries(promised):
                whole = self._get_promised_whole(line, beneficiary.promised)
                if whole:
                    vals_list.append(
                        self._prepare_vals(
                            line,
                            beneficiary,
                            beneficiary.promised.rule_id[:1],
                            -line.amount_currency,
                            whole,
                        )
                    )
        return vals_list

    @api.model
    def _prepare_reversed_vals(self, lines, original):
        promised = self.env["parts.commission.basis"].search(
            [("move_id", "=", original.id), ("source_id", "=", False)], order="id"
        )
        invoiced = original.invoice_line_ids.filtered(
            lambda x: x.display_type == "product"
        )
        beneficiaries = self._get_promised_beneficiaries(promised)
        credited = {}
        for number, beneficiary in enumerate(beneficiaries):
            for line in lines:
                like = self._get_promises_like(line, beneficiary.promised)
                whole = self._get_credited_whole(line, like)
                if whole:
                    rule = like.rule_id[:1]
                    base = -line.amount_currency
                    vals = self._prepare_vals(line, beneficiary, rule, base, whole)
                    rates = set(like.mapped("rate"))
                    if len(rates) == 1:  # as people read it, not of rounded amounts
                        vals["rate"] = rates.pop()
                    credited[number, line] = (like, vals)
        for (number, line), (_like, vals) in credited.items():
            if vals["role"] == "seller":
                vals["amount"] = self._get_rest(credited, beneficiaries, number, line)
        vals_list = [vals for _like, vals in credited.values()]
        # What the invoice did not have, such as a rebate, is by the plan; what it had
        # and promised nothing for takes nothing back
        others = lines.filtered(lambda line: line.product_id not in invoiced.product_id)
        if invoiced.filtered(lambda x: not x.product_id):
            others = others.filtered("product_id")
        for beneficiary in self._get_rebated(beneficiaries, original):
            for line in others:
                vals_list += self._prepare_plan_vals(line, beneficiary)
        return vals_list

    @api.model
    def _get_rest(self, credited, beneficiaries, number, line):
        """Return what a credited line takes back from its seller: what the others who
        share in it leave, as it was promised.

        :param credited: {(number of the beneficiary, line): (promises, values)}
        """
        like, vals = credited[number, line]
        plan = beneficiaries[number].plan
        beside = [
            row
            for (other, of_line), row in credited.items()
            if of_line == line
            and beneficiaries[other].role not in ("seller", "lead")
            and beneficiaries[other].plan == plan
        ]
        currency = line.currency_id
        base = sum(like.mapped("base"))
        shares = vals["share"] + sum(x["share"] for _promised, x in beside)
        if (
            not (beside and base)
            or round(shares, 4) != 100.0
            or any(
                currency.compare_amounts(sum(promised.mapped("base")), base)
                for promised, _vals in beside
            )
        ):
            return vals["amount"]
        amount = sum(like.mapped("amount"))
        amount += sum(sum(promised.mapped("amount")) for promised, _vals in beside)
        part = -line.amount_currency / base
        rates = set(like.mapped("rate"))
        if len(rates) == 1 and currency.compare_amounts(base, line.amount_currency):
            whole = -line.amount_currency * rates.pop() / 100.0
            # the rate as it is kept may be rounded, such as one of a margin
            if abs(whole - amount * part) > currency.rounding:
                whole = amount * part
        else:
            whole = amount * part
        taken = sum(x["amount"] for _promised, x in beside)
        return currency.round(currency.round(whole) - taken)

    @api.model
    def _get_rebated(self, beneficiaries, original):
        """Return those by whose plan a credit note takes what its invoice had not.

        Of several sellers, whoever is on the invoice, else the first.
        """
        rows = [x for x in beneficiaries if x.plan]
        sellers = [x for x in rows if x.role == "seller"]
        own = [x for x in sellers if x.user == original.invoice_user_id] or sellers
        if not own:
            return rows
        plan = own[0].plan
        return own[:1] + [x for x in rows if x.role != "seller" and x.plan == plan]

    @api.model
    def _get_promised_beneficiaries(self, promised):
        """Return `Beneficiary` rows for those to whom lines were promised."""
        promised = promised.filtered(lambda basis: not basis.source_id)
        groups = promised.grouped(
            lambda basis: (basis.user_id, basis.role, basis.share, basis.plan_id)
        )
        return [
            Beneficiary(*key, rows[:1].terms or {}, rows)
            for key, rows in groups.items()
        ]

    @api.model
    def _get_promises_like(self, line, promised):
        """Return the promises that a credited line takes back.

        Those of the same product; of one with the same amount, if there is any.
        """
        like = promised.filtered(lambda basis: basis.product_id == line.product_id)
        currency = line.currency_id
        same = like.filtered(
            lambda basis: not currency.compare_amounts(basis.base, line.amount_currency)
        )
        return same[:1] or like

    @api.model
    def _get_credited_whole(self, line, promised):
        """Return what a credited line takes back, before the person's share.

        All of a line takes back all of its promise; a part of it its part at the rate,
        which is not the rounded promise's part.
        """
        currency = line.currency_id
        base = sum(promised.mapped("base"))
        rates = set(promised.mapped("rate"))
        if currency.compare_amounts(base, line.amount_currency) and len(rates) == 1:
            part = rates.pop() / 100.0
            if all(
                not currency.compare_amounts(
                    basis.base * part * basis.share / 100.0, basis.amount
                )
                for basis in promised
            ):
                return -line.amount_currency * part
        return self._get_promised_whole(line, promised)

    @api.model
    def _get_promised_whole(self, line, promised):
        """Return what a line takes back of promises, before the person's share."""
        base = sum(promised.mapped("base"))
        share = promised[:1].share
        if not base or not share:
            return 0.0
        amount = sum(promised.mapped("amount"))
        return -line.amount_currency * amount / base * 100.0 / share

    @api.model
    def _prepare_vals(self, line, beneficiary, rule, base, whole):
        """Return the `create` values of one promise.

        The base is read from the journal item (`amount_currency`), which Odoo keeps
        balanced, not from `price_subtotal`, which can be written over RPC.

        :param whole: commission of the whole line before the share
        """
        move = line.move_id
        currency = move.currency_id
        product = line.product_id
        # what takes back, takes back from the team that earned
        team = (
            beneficiary.promised.team_id[:1] if beneficiary.promised else move.team_id
        )
        return {
            "company_id": move.company_id.id,
            "team_id": team.id,
            "user_id": beneficiary.user.id,
            "role": beneficiary.role,
            "date": move.invoice_date or move.date,
            "move_id": move.id,
            "move_name": move.name,
            "move_line_id": line.id,
            "product_id": product.id,
            "product_name": product.display_name or (line.name or "").split("\n")[0],
            "part_brand_id": product.parts_brand_id.id,
            "partner_id": move.commercial_partner_id.id,
            "partner_name": move.commercial_partner_id.name,
            "plan_id": beneficiary.plan.id,
            "plan_name": beneficiary.plan.name,
            "rule_id": rule.id,
            "measure": rule.measure or "amount",
            "terms": beneficiary.terms,
            "currency_id": currency.id,
            "share": beneficiary.share,
            "base": base,
            "quantity": self.env["parts.commission.facts"]._get_quantity(line),
            "rate": 100.0 * whole / base if base else 0.0,
            "amount": self._get_part(
                beneficiary.share, beneficiary.others, whole, currency
            ),
        }

    @api.model
    def _get_part(self, share, others, whole, currency):
        """Return a person's part of a line's commission.

        The seller has what the others leave, so that the parts add up to the whole.

        :param others: the shares in % that come out of the seller's; empty: of nobody's
        """
        if not others:
            return currency.round(whole * share / 100.0)
        taken = (currency.round(whole * other / 100.0) for other in others)
        return currency.round(currency.round(whole) - sum(taken))
