from odoo import api, fields, models


class PartsCreditCheck(models.AbstractModel):
    """The credit check of an order at the gate ``confirm`` (CRD-1, CRD-4, CRD-7)."""

    _name = "parts.credit.check"
    _description = "Credit Check"

    @api.model
    def _order_blocks(self, orders):
        """Return the credit blocks of ``orders``, as superuser, the others counted."""
        orders = orders.filtered(lambda order: order.company_id.parts_credit_control)
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
        totals = self.env["parts.credit.exposure"]._order_claims(orders)
        claims = self._unpaid_claims(totals)
        orders = orders.filtered(
            lambda order: not company.currency_id.is_zero(claims[order])
        )
        if not orders:
            return []
        file = self.env["parts.credit.file"]._of(company, debtor)
        if file.defaulter:
            return [self._defaulter_block(order, debtor) for order in orders]
        if not file._in_force():
            return [
                self._no_file_block(order, debtor, file, claims[order])
                for order in orders
            ]
        books = self.env["parts.credit.exposure"]._books(company, debtor)
        over = self._over_limit(file, orders, books, totals)
        overdue = books["overdue_days"]
        blocks = []
        for order in orders:
            claim = claims[order]
            if file.blocked:
                blocks.append(self._blocked_block(order, debtor, claim))
            if over:
                blocks.append(self._limit_block(order, debtor, claim, over))
            if overdue > file.overdue_days_allowed:
                blocks.append(self._overdue_block(order, debtor, claim, overdue))
            if self._term_days(order) > file.term_days:
                blocks.append(self._term_block(order, debtor, claim))
        return blocks

    # === FACTS === #

    @api.model
    def _debtor_facts(self, company, debtor, without=None):
        """Return what the gates judge a debtor by, as superuser.

        :param debtor: commercial entity (``res.partner``)
        :param without: orders whose claims are left out (``sale.order``)
        :return: ``file`` (``parts.credit.file``, may be empty), ``in_force``,
            ``blocked``, ``defaulter`` (bool), ``overdue_days``,
            ``overdue_days_allowed``, ``term_days`` (int), ``limit`` and ``exposure``
            (company currency, of all who share the limit), ``tolerance`` (per cent)
            and ``ceiling``: the limit with the tolerance, 0.0 without a file in force
        :rtype: dict
        """
        file = self.env["parts.credit.file"]._of(company, debtor)
        sharers = file._sharers() or debtor
        exposure = self.env["parts.credit.exposure"]
        figures = exposure._figures(company, sharers, without=without)
        in_force = file._in_force()
        limit = file._limit() if in_force else 0.0
        tolerance = company.parts_credit_tolerance
        return {
            "file": file,
            "in_force": in_force,
            "blocked": file.blocked,
            "defaulter": file.defaulter,
            "overdue_days": figures["overdue_days"],
            "overdue_days_allowed": file.overdue_days_allowed,
            "term_days": file.term_days,
            "limit": limit,
            "tolerance": tolerance,
            "ceiling": limit * (1.0 + tolerance / 100.0),
            "exposure": figures["exposure"],
        }

    @api.model
    def _released(self, order):
        """Return the amount beyond the limit that approvals released for ``order`` and
        that still stands, in company currency.

        An approval that was used stands while the order is confirmed and claims no
        more than what was approved.
        """
        approvals = self.env["parts.approval"].sudo()
        used = approvals.search(
            [
                ("res_model", "=", order._name),
                ("res_id", "=", order.id),
                ("gate", "=", "confirm"),
                ("block_key", "=like", "credit_limit%"),
                ("state", "=", "approved"),
                ("spent_date", "!=", False),
            ],
            order="id desc",
        )
        if not used or order.sudo().state != "sale":
            return 0.0
        claim = self.env["parts.credit.exposure"]._order_claims(order.sudo())
        standing = [
            approval.amount
            for approval in used
            if claim[order.sudo()] <= approval.facts["order_amount"]["value"] + 0.005
        ]
        return max(standing, default=0.0)

    @api.model
    def _unpaid_claims(self, totals):
        """Return ``{order: claim less what its own payments cover}``, in company
        currency, never below zero.

        :param dict totals: what each order claims in all
        """
        return {
            order: max(
                total - self._paid_online(order) - self._paid_at_till(order), 0.0
            )
            for order, total in totals.items()
        }

    @api.model
    def _paid_online(self, order, unbooked_only=False):
        """Return what the customer paid or authorised for this order, in company
        currency.

        :param bool unbooked_only: leave out what is booked as a payment: the customer's
            receivable is smaller by it already
        """
        company = order.company_id
        today = fields.Date.context_today(self)
        return sum(
            transaction.currency_id._convert(
                transaction.amount, company.currency_id, company, today
            )
            for transaction in order.transaction_ids
            if transaction.state in ("authorized", "done")
            and not (
                unbooked_only
                and transaction.payment_id.move_id.state == "posted"
                and transaction.payment_id.state in ("in_process", "paid")
            )
        )

    @api.model
    def _paid_at_till(self, order):
        """Return what the customer paid for this order at a point of sale, in company
        currency.

        What was put on the customer's account there is no payment.
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
            paid += sale.currency_id._convert(
                min(sum(lines.mapped("price_subtotal_incl")), money),
                company.currency_id,
                company,
                sale.date_order,
            )
        return paid

    @api.model
    def _over_limit(self, file, orders, books, totals):
        """Return by how much ``orders`` together bring the customer over the limit.

        :param dict books: see :meth:`parts.credit.exposure._books`
        :param dict totals: what each order claims in all
        """
        company, debtor = file.company_id, file.partner_id
        exposure = self.env["parts.credit.exposure"]
        # Judged after the write that confirmed them, they are confirmed orders already,
        # of whom they are invoiced to
        confirmed = orders.filtered(
            lambda order: order.state == "sale"
            and order.partner_invoice_id.commercial_partner_id == debtor
        )
        total = (
            books["receivable"]
            + books["drafts"]
            + exposure._orders(company, debtor, without=confirmed)
            + sum(exposure._open_claim(order, totals[order]) for order in confirmed)
            + sum(totals[order] for order in orders - confirmed)
            - sum(self._paid_online(order, unbooked_only=True) for order in orders)
        )
        return max(company.currency_id.round(total - file._limit()), 0.0)

    @api.model
    def _terms_grew(self, before, after):
        """Return whether a confirmed order claims more, or from somebody else, or on
        other terms; both as of :meth:`parts.credit.exposure._order_terms`.
        """
        if before == after:
            return False
        who = before.keys() - {"lines"}
        if any(before[name] != after[name] for name in who):
            return True
        exposure = self.env["parts.credit.exposure"]
        growth = exposure._terms_total(after) - exposure._terms_total(before)
        company = self.env["res.company"].browse(after["company_id"])
        return company.currency_id.compare_amounts(growth, 0.0) > 0

    @api.model
    def _term_days(self, order):
        """Return after how many days the last part of an order falls due."""
        return max(order.payment_term_id.line_ids.mapped("nb_days"), default=0)

    # === BLOCKS === #

    @api.model
    def _defaulter_block(self, order, debtor):
        message = self.env._(
            "%(customer)s is marked as a wilful defaulter: only prepaid orders pass.",
            customer=debtor.display_name,
        )
        return order._parts_gate_block("credit_defaulter", False, message)

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
    def _waivable(self, order, key, message, debtor, claim, amount=0.0, **facts):
        return order._parts_gate_block(
            key,
            "credit",
            message,
            amount=amount,
            currency=order.company_id.currency_id,
            customer=(debtor.id, "any"),
            order_amount=(claim, "up"),
            **facts,
        )
