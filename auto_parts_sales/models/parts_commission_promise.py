from typing import NamedTuple

from odoo import api, models


class Beneficiary(NamedTuple):
    """Who earns on a document: `share` in per cent of the rule's commission.

    `promised`: promises of another document whose rates are taken over, or None.
    """

    user: object
    role: str
    share: float
    plan: object
    terms: dict
    promised: object


class PartsCommissionPromise(models.AbstractModel):
    """Works out what posted invoices and credit notes promise.

    * An invoice asks the plan of its salesperson at its date, and that plan's splits.
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
            for line in lines - taken_back:
                vals_list += self._prepare_plan_vals(line, beneficiary)
        return vals_list

    # === WHO === #

    @api.model
    def _get_beneficiaries(self, move):
        """Return who earns on an invoice: list of `Beneficiary`.

        To override where others than the plan's people share.
        """
        date = move.invoice_date or move.date
        seller, plan = self._get_seller_and_plan(move, date)
        if not plan:
            return []
        terms = plan._prepare_terms()
        found, own_share = [], 100.0
        for split in plan.split_ids:
            user = split._is_valid_on(date) and split._get_user(move, date)
            if not user or user == seller:
                continue
            if split.role != "lead":
                own_share -= split.share
            found.append(Beneficiary(user, split.role, split.share, plan, terms, None))
        if own_share > 0.0:
            found.insert(0, Beneficiary(seller, "seller", own_share, plan, terms, None))
        return found

    @api.model
    def _get_seller_and_plan(self, move, date):
        """Return whose sale it is and by which plan he earns.

        The invoice's salesperson, unless the plan says the order's.
        """
        plans = self.env["parts.commission.plan"]
        users = move.invoice_user_id
        orders = move.invoice_line_ids.sale_line_ids.order_id
        seller = orders.user_id[:1] if len(orders.user_id) == 1 else users
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
        vals_list = []
        for beneficiary in self._get_promised_beneficiaries(promised):
            for line in lines:
                like = self._get_promises_like(line, beneficiary.promised)
                if not like and beneficiary.plan:
                    vals_list += self._prepare_plan_vals(line, beneficiary)
                    continue
                whole = self._get_credited_whole(line, like)
                if whole:
                    rule = like.rule_id[:1]
                    base = -line.amount_currency
                    vals = self._prepare_vals(line, beneficiary, rule, base, whole)
                    rates = set(like.mapped("rate"))
                    if len(rates) == 1:  # as people read it, not of rounded amounts
                        vals["rate"] = rates.pop()
                    vals_list.append(vals)
        return vals_list

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
            "amount": currency.round(whole * beneficiary.share / 100.0),
        }
