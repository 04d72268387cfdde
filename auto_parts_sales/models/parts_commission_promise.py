from collections import defaultdict
from typing import NamedTuple

from odoo import api, models


class Beneficiary(NamedTuple):
    """Who earns on a document: `share` in per cent of the rule's commission.

    `promised`: promises of another document whose rates are taken over, or None;
    `transfers`: by which these went to somebody else since, in their order; `lines`:
    the lines that he earns on, None: all; `others`: the shares that come out of the
    seller's, who has what is left of each line, to the cent.
    """

    user: object
    role: str
    share: float
    plan: object
    terms: dict
    promised: object = None
    transfers: object = ()
    lines: object = None
    others: tuple = ()


class Prepared(NamedTuple):
    """A promise to make: its `create` values, `transfers` as in `Beneficiary`."""

    vals: dict
    transfers: object


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
      the people, and at the rates, that these were promised to. Of goods on several
      invoices it takes each one's part; what was handed over since, from whom it was
      handed over to.
    """

    _name = "parts.commission.promise"
    _description = "Making of a Commission Promise"

    @api.model
    def _prepare_promises(self, move):
        """Return what one invoice or credit note promises, as list of `Prepared`."""
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        original = move.reversed_entry_id
        if move.move_type == "out_refund" and original.move_type == "out_invoice":
            return self._prepare_reversed(lines, original)
        taken_back = lines.filtered(self._takes_back)
        found = self._prepare_back(taken_back)
        for beneficiary in self._get_beneficiaries(move):
            mine = lines - taken_back
            if beneficiary.lines is not None:
                mine &= beneficiary.lines
            for line in mine:
                found += self._prepare_by_plan(line, beneficiary)
        return found

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
            row = Beneficiary(seller, "seller", own, plan, terms, lines=lines)
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
        invoiced_by = move.invoice_user_id
        # several salespeople's orders for one line: it is the invoice's sale
        sold_by = people if len(people) == 1 else invoiced_by
        if sold_by and sold_by != invoiced_by:
            plan = plans._get_plan(move.company_id, sold_by, date)
            if plan.seller_source == "order":
                return sold_by, plan
        if not invoiced_by:
            return invoiced_by, plans
        plan = plans._get_plan(move.company_id, invoiced_by, date)
        if plan.seller_source == "order" and sold_by != invoiced_by:
            return sold_by, plans._get_plan(move.company_id, sold_by, date)
        return invoiced_by, plan

    # === HOW MUCH === #

    @api.model
    def _prepare_by_plan(self, line, beneficiary):
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
        return [self._prepare(line, beneficiary, rule, base, whole)]

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
        """Return the posted lines that invoiced what a line takes back.

        Those of older documents that no note has reversed since; all there are, if
        there is no such line.
        """
        others = line.sale_line_ids.invoice_lines - line
        others = others.filtered(lambda x: x.parent_state == "posted")
        lines = others.filtered(lambda x: -x.amount_currency > 0.0)
        own = self._get_document_order(line.move_id)
        before = lines.filtered(
            lambda x: (
                self._get_document_order(x.move_id) < own
                and not self._is_reversed(x, others)
            )
        )
        return before or lines

    @api.model
    def _is_reversed(self, line, others):
        """Return whether notes that reverse its invoice took all of a line back.

        :param others: posted lines of the same order lines
        """
        credited = sum(
            other.amount_currency
            for other in others
            if other.move_id.reversed_entry_id == line.move_id
        )
        return line.currency_id.compare_amounts(credited, -line.amount_currency) >= 0

    @api.model
    def _get_document_order(self, move):
        return move.invoice_date or move.date, move.id

    @api.model
    def _prepare_back(self, lines):
        """Return the promises of the lines that take back, as list of `Prepared`.

        To whom and at which rates it was promised: looked up by the order lines that
        the invoices share. What several invoices promised is taken back in proportion.
        """
        found = []
        for line in lines:
            before = self._get_invoiced_before(line)
            promised = self.env["parts.commission.basis"].search(
                [("move_line_id", "in", before.ids)], order="id"
            )
            bases = {basis.move_line_id: basis.base for basis in promised}
            invoiced = sum(bases.get(x, -x.amount_currency) for x in before)
            for beneficiary in self._get_promised_beneficiaries(promised):
                own = beneficiary.promised
                part = sum(own.mapped("base")) / invoiced
                base = -line.amount_currency * part
                whole = self._get_promised_whole(base, own)
                if whole:
                    rule = own.rule_id[:1]
                    found.append(self._prepare(line, beneficiary, rule, base, whole))
        return found

    @api.model
    def _prepare_reversed(self, lines, original):
        """Return what a credit note takes back of the invoice that it reverses, as
        list of `Prepared`. What was handed over of that invoice is found by it."""
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
                    item = self._prepare(line, beneficiary, rule, base, whole)
                    rates = set(like.mapped("rate"))
                    if len(rates) == 1:  # as people read it, not of rounded amounts
                        item.vals["rate"] = rates.pop()
                    credited[number, line] = (like, item)
        for (number, line), (_like, item) in credited.items():
            if item.vals["role"] == "seller":
                rest = self._get_rest(credited, beneficiaries, number, line)
                item.vals["amount"] = rest
        found = [item for _like, item in credited.values()]
        # What the invoice did not have, such as a rebate, is by the plan; what it had
        # and promised nothing for takes nothing back
        others = lines.filtered(lambda line: line.product_id not in invoiced.product_id)
        if invoiced.filtered(lambda x: not x.product_id):
            others = others.filtered("product_id")
        for beneficiary in self._get_rebated(beneficiaries, original):
            for line in others:
                found += self._prepare_by_plan(line, beneficiary)
        return found

    @api.model
    def _get_rest(self, credited, beneficiaries, number, line):
        """Return what a credited line takes back from its seller: what the others who
        share in it leave, as it was promised.

        :param credited: {(number of the beneficiary, line): (promises, `Prepared`)}
        """
        like, own = credited[number, line]
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
        shares = own.vals["share"] + sum(x.vals["share"] for _promised, x in beside)
        if (
            not (beside and base)
            or round(shares, 4) != 100.0
            or any(
                currency.compare_amounts(sum(promised.mapped("base")), base)
                for promised, _item in beside
            )
        ):
            return own.vals["amount"]
        amount = sum(like.mapped("amount"))
        amount += sum(sum(promised.mapped("amount")) for promised, _item in beside)
        part = -line.amount_currency / base
        rates = set(like.mapped("rate"))
        if len(rates) == 1 and currency.compare_amounts(base, line.amount_currency):
            whole = -line.amount_currency * rates.pop() / 100.0
            # the rate as it is kept may be rounded, such as one of a margin
            if abs(whole - amount * part) > currency.rounding:
                whole = amount * part
        else:
            whole = amount * part
        taken = sum(x.vals["amount"] for _promised, x in beside)
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
        """Return `Beneficiary` rows for those to whom lines were promised.

        :param promised: promises, with those that continue them
        """
        heirs = {basis.source_id: basis for basis in promised if basis.source_id}
        groups = defaultdict(promised.browse)
        for basis in promised:
            if not basis.source_id:
                transfers = self._get_transfers(basis, heirs)
                key = (basis.user_id, basis.role, basis.share, basis.plan_id, transfers)
                groups[key] |= basis
        return [
            Beneficiary(*key[:4], rows[:1].terms or {}, rows, key[4])
            for key, rows in groups.items()
        ]

    @api.model
    def _get_transfers(self, basis, heirs):
        """Return by which transfers a promise went from hand to hand.

        :param heirs: {promise: the one that continues it}
        """
        transfers = basis.transfer_id
        while basis in heirs:
            basis = heirs[basis]
            transfers |= basis.transfer_id
        return transfers

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
        return self._get_promised_whole(-line.amount_currency, promised)

    @api.model
    def _get_promised_whole(self, amount, promised):
        """Return what an amount takes back of promises, before the person's share."""
        base = sum(promised.mapped("base"))
        share = promised[:1].share
        if not base or not share:
            return 0.0
        return amount * sum(promised.mapped("amount")) / base * 100.0 / share

    @api.model
    def _prepare(self, line, beneficiary, rule, base, whole):
        """Return one promise, as `Prepared`.

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
        vals = {
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
        transfers = self.env["parts.commission.transfer"]
        return Prepared(vals, transfers.union(*beneficiary.transfers))

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
