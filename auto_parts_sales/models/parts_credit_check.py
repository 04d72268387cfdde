from odoo import api, fields, models

# Who is bound, and how: other checks have terms of their own beside these
BINDING = (
    "partner_id",
    "partner_invoice_id",
    "company_id",
    "currency_id",
    "payment_term_id",
)


class PartsCreditCheck(models.AbstractModel):
    """The credit check of an order at the gate ``confirm`` (CRD-1, CRD-4, CRD-7)."""

    _name = "parts.credit.check"
    _description = "Credit Check"

    @api.model
    def _order_blocks(self, orders):
        """Return the credit blocks of ``orders``, as superuser, the others counted.

        Who is invoiced and who orders are judged each by himself: what holds for the
        second one, where it is another debtor, has keys of its own (``…_orderer``), so
        that each can be waived, and must be.
        """
        orders = orders.filtered(lambda order: order.company_id.parts_credit_control)
        orders = self._claiming(orders)
        blocks = []
        for company, company_orders in orders.grouped("company_id").items():
            for debtor in self._debtors(company_orders):
                blocks += self._debtor_blocks(
                    company,
                    debtor,
                    company_orders.filtered(
                        lambda order, debtor=debtor: debtor in self._debtors(order)
                    ),
                )
        return blocks

    @api.model
    def _claiming(self, orders):
        """Return ``orders`` but confirmed ones that are being written and do not claim
        more: another check has them looked at again.
        """
        watch = self.env["parts.approval.watch"]

        def claims(order):
            before = watch._terms_before(order)
            return before is None or self._terms_grew(before, order._parts_gate_terms())

        return orders.filtered(claims)

    @api.model
    def _lock(self, orders):
        """Lock the credit that ``orders`` use, before any figure of it is read."""
        orders = orders.filtered(lambda order: order.company_id.parts_credit_control)
        for company, company_orders in orders.grouped("company_id").items():
            debtors = self._debtors(company_orders)
            self.env["parts.credit.lock"]._take(company, debtors)

    @api.model
    def _debtors(self, orders):
        """Return whose credit the orders use: who is invoiced, and who orders."""
        return (
            orders.partner_invoice_id.commercial_partner_id
            | orders.partner_id.commercial_partner_id
        )

    @api.model
    def _debtor_blocks(self, company, debtor, orders):
        facts, claims, books = self._judged(company, debtor, orders)
        needs = self._needs(company, debtor, orders, facts, claims, books)
        over = self._over_limit(company, debtor, orders, facts, claims, books)
        file = facts["file"]
        blocks = []
        for order in orders:
            need = needs[order]
            if company.currency_id.is_zero(need):
                continue
            if facts["defaulter"]:
                blocks.append(self._defaulter_block(order, debtor))
            elif not facts["in_force"]:
                blocks.append(self._no_file_block(order, debtor, file, need))
            else:
                if facts["blocked"]:
                    blocks.append(self._blocked_block(order, debtor, need))
                if over:
                    blocks.append(self._limit_block(order, debtor, need, over))
                if facts["overdue_days"] > facts["overdue_days_allowed"]:
                    days = facts["overdue_days"]
                    blocks.append(self._overdue_block(order, debtor, need, days))
                if self._term_days(order) > facts["term_days"]:
                    blocks.append(self._term_block(order, debtor, need))
        return blocks

    # === FACTS === #

    @api.model
    def _judged(self, company, debtor, orders):
        """Return the facts of a debtor without ``orders``, the claims of these, and
        the books: see :meth:`_debtor_facts` and ``_position`` of the exposure.
        """
        file = self.env["parts.credit.file"]._of(company, debtor)
        figures, claims, books = self.env["parts.credit.exposure"]._position(
            company, file._sharers() or debtor, orders
        )
        return self._facts(company, file, figures), claims, books

    @api.model
    def _judged_all(self, company, asked):
        """Return what :meth:`_judged` returns of each of several debtors, with as many
        queries for thousands as for one.

        :param dict asked: by debtor the orders that are judged (may be empty)
        :rtype: dict
        """
        files = self.env["parts.credit.file"]._of_all(company, asked)
        positions = self.env["parts.credit.exposure"]._positions(
            company,
            [
                (files[debtor]._sharers() or debtor, orders)
                for debtor, orders in asked.items()
            ],
        )
        return {
            debtor: (self._facts(company, files[debtor], figures), claims, books)
            for debtor, (figures, claims, books) in zip(asked, positions, strict=True)
        }

    @api.model
    def _facts(self, company, file, figures):
        in_force = file._in_force()
        limit = file._limit() if in_force else 0.0
        tolerance = company.parts_credit_tolerance
        return {
            "file": file,
            "in_force": in_force,
            "blocked": any((file | file._leader()).mapped("blocked")),
            "defaulter": any((file | file._leader()).mapped("defaulter")),
            "overdue_days": figures["overdue_days"],
            "overdue_days_allowed": file.overdue_days_allowed,
            "term_days": file.term_days,
            "limit": limit,
            "tolerance": tolerance,
            "ceiling": limit * (1.0 + tolerance / 100.0),
            "exposure": figures["exposure"],
            "figures": figures,
        }

    @api.model
    def _debtor_facts(self, company, debtor, without=None):
        """Return what the gates judge a debtor by, as superuser.

        :param debtor: commercial entity (``res.partner``)
        :param without: orders whose claims are left out (``sale.order``)
        :return: ``file`` (``parts.credit.file``, may be empty), ``in_force``,
            ``blocked``, ``defaulter`` (bool), ``overdue_days``,
            ``overdue_days_allowed``, ``term_days`` (int), ``limit`` and ``exposure``
            (company currency, of all who share the limit), ``figures`` (the parts of
            the exposure), ``tolerance`` (per cent) and ``ceiling``: the limit with the
            tolerance, 0.0 without a file in force
        :rtype: dict
        """
        return self._judged(company, debtor, without)[0]

    @api.model
    def _released(self, order):
        """Return the amount beyond the limit that approvals released for ``order`` and
        that still stands, in company currency.
        """
        return self.env["parts.credit.release"]._amount(order)

    @api.model
    def _order_verdict(self, order):
        """Return what sales reads about the credit of who pays ``order`` and who
        orders: the worse step, and the sentences on both.

        :return: ``step`` and ``sentence``, as ``_verdict`` of ``parts.credit.verdict``
        :rtype: dict
        """
        nothing = {"step": False, "sentence": False}
        company = order.company_id
        if not company.parts_credit_control or order.state == "cancel":
            return nothing
        verdicts = [
            self.env["parts.credit.verdict"]._verdict(company, debtor)
            for debtor in self._debtors(order)
        ]
        steps = (False, "free", "near", "over", "none")
        worst = max(
            (verdict["step"] for verdict in verdicts), key=steps.index, default=False
        )
        told = filter(None, (verdict["sentence"] for verdict in verdicts))
        return {"step": worst, "sentence": " ".join(told) or False}

    @api.model
    def _needs(self, company, debtor, orders, facts, claims, books):
        """Return ``{order: what of its claim no money covers}``, company currency.

        An order is prepaid as far as its own transactions, deposits and till payments
        cover it; then the customer's unmatched payments count, once: after his other
        open claims, what was paid for quotations by name, and earlier orders.
        """
        money = {
            order.id: sum(books["money"].get(order.id, (0.0, 0.0)))
            + self._paid_at_till(order)
            for order in orders
        }
        named = [sum(pair) for pair in books["money"].values()]
        booked = sum(pair[0] for pair in books["money"].values())
        # What he owes besides, money that was paid by name not used for it
        owed = facts["exposure"] + sum(named)
        loose = max(books["loose"] - booked, 0.0)
        needs = {}
        for order in orders.sorted("id"):
            claim = claims[order.id]
            open_claim = claim["claim"] - claim["down_payments"]
            need = max(open_claim - money[order.id], 0.0)
            owed_before = owed
            owed += need
            need = max(need - min(loose, max(-owed_before, 0.0)), 0.0)
            if claim["down_payments"]:
                # invoiced, but not paid: among what he owes, and no deposit
                unpaid = self.env["parts.credit.deposit"]._unpaid(order)
                need += min(unpaid, max(owed_before, 0.0))
            needs[order] = company.currency_id.round(need)
        return needs

    @api.model
    def _over_limit(self, company, debtor, orders, facts, claims, books):
        """Return by how much ``orders`` together bring the customer over the limit and
        its tolerance.
        """
        total = facts["exposure"]
        sharers = facts["file"]._sharers() or debtor
        for order in orders:
            claim = claims[order.id]
            total += claim["claim"] - claim["down_payments"]
            if order.partner_invoice_id.commercial_partner_id not in sharers:
                # paid to the account of who is invoiced
                total -= sum(books["money"].get(order.id, (0.0, 0.0)))
            total -= self._paid_at_till(order)
        return max(company.currency_id.round(total - facts["ceiling"]), 0.0)

    @api.model
    def _paid_at_till(self, order):
        """Return what the customer paid for this order at a point of sale beyond what
        its claim is smaller by; negative: what was put on his account there and is not
        among his debts before the till is closed. Company currency.
        """
        if "pos_order_line_ids" not in order._fields:
            return 0.0  # no point of sale beside sales
        company = order.company_id
        paid = 0.0
        for sale, lines in order.pos_order_line_ids.grouped("order_id").items():
            if sale.state in ("draft", "cancel"):
                continue
            money = sum(
                payment.amount
                for payment in sale.payment_ids
                if payment.payment_method_id.type != "pay_later"
            )
            sold = sum(lines.mapped("price_subtotal_incl"))
            off = sum(
                lines.filtered("sale_order_line_id").mapped("price_subtotal_incl")
            )
            beyond = min(sold, money) - off
            if sale.state != "paid" or sale.account_move:
                beyond = max(beyond, 0.0)
            paid += sale.currency_id._convert(
                beyond, company.currency_id, company, sale.date_order
            )
        return paid

    @api.model
    def _terms_grew(self, before, after):
        """Return whether a confirmed order claims more, or from somebody else, or on
        other terms; both as of :meth:`parts.credit.exposure._order_terms`.
        """
        if before == after:
            return False
        if any(before[name] != after[name] for name in BINDING):
            return True
        exposure = self.env["parts.credit.exposure"]
        growth = exposure._terms_total(after) - exposure._terms_total(before)
        company = self.env["res.company"].browse(after["company_id"])
        return company.currency_id.compare_amounts(growth, 0.0) > 0

    @api.model
    def _term_days(self, order):
        """Return after how many days from today the last part of an order would fall
        due: terms that run from the end of a month are longer than their days.
        """
        today = fields.Date.context_today(self)
        return max(
            (
                (line._get_due_date(today) - today).days
                for line in order.payment_term_id.line_ids
            ),
            default=0,
        )

    # === BLOCKS === #

    @api.model
    def _defaulter_block(self, order, debtor):
        message = self.env._(
            "%(customer)s is marked as a wilful defaulter: only prepaid orders pass.",
            customer=debtor.display_name,
        )
        key = self._key(order, "credit_defaulter", debtor)
        return order._parts_gate_block(key, False, message)

    @api.model
    def _no_file_block(self, order, debtor, file, claim):
        if file.state in ("active", "expired"):
            message = self.env._(
                "The credit file of %(customer)s has expired: it is due for review.",
                customer=debtor.display_name,
            )
        else:
            message = self.env._(
                "%(customer)s has no credit file in force: without one, only prepaid"
                " orders pass.",
                customer=debtor.display_name,
            )
        return self._waivable(order, "credit_no_file", message, debtor, claim, claim)

    @api.model
    def _blocked_block(self, order, debtor, claim):
        message = self.env._(
            "%(customer)s is blocked by finance.", customer=debtor.display_name
        )
        return self._waivable(order, "credit_blocked", message, debtor, claim)

    @api.model
    def _limit_block(self, order, debtor, claim, over):
        message = self.env._(
            "%(customer)s would be beyond the credit limit.",
            customer=debtor.display_name,
        )
        # By how much this order is over: the limit itself is not for sales to know
        return self._waivable(
            order,
            "credit_limit",
            message,
            debtor,
            claim,
            min(over, claim),
            over=(over, "up"),
        )

    @api.model
    def _overdue_block(self, order, debtor, claim, days):
        message = self.env._(
            "%(customer)s has a debt that is %(days)s days overdue.",
            customer=debtor.display_name,
            days=days,
        )
        return self._waivable(
            order, "credit_overdue", message, debtor, claim, overdue_days=(days, "up")
        )

    @api.model
    def _term_block(self, order, debtor, claim):
        days = self._term_days(order)
        message = self.env._(
            "Payment term “%(term)s” (%(days)s days) is longer than %(customer)s may"
            " have.",
            term=order.payment_term_id.name,
            days=days,
            customer=debtor.display_name,
        )
        return self._waivable(
            order, "credit_term", message, debtor, claim, term_days=(days, "up")
        )

    @api.model
    def _key(self, order, key, debtor):
        """Return the key of a block: who orders, for somebody else's account, has keys
        of his own, and so a request of his own.
        """
        payer = order.partner_invoice_id.commercial_partner_id
        return key if debtor == payer else f"{key}_orderer"

    @api.model
    def _waivable(self, order, key, message, debtor, claim, amount=0.0, **facts):
        return order._parts_gate_block(
            self._key(order, key, debtor),
            "credit",
            message,
            amount=amount,
            currency=order.company_id.currency_id,
            customer=(debtor.id, "any"),
            order_amount=(claim, "up"),
            **facts,
        )
