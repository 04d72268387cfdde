from odoo import api, fields, models


class PartsContractBalance(models.AbstractModel):
    """What was paid, delivered and invoiced of orders and contracts, as superuser.

    In the contract's currency, for the gates and for what a termination settles; the
    ledger has its own figures for many contracts at once.
    """

    _name = "parts.contract.balance"
    _description = "Balance of a Contract"

    @api.model
    def _is_paid(self, order):
        """Return whether all that ``order`` claims has come in as money."""
        company = order.company_id
        debtor = order.partner_invoice_id.commercial_partner_id
        check = self.env["parts.credit.check"]
        claimed = self.env["parts.credit.exposure"]._order_total(order)
        if company.currency_id.compare_amounts(claimed, 0.0) <= 0:
            return True
        facts, claims, books = check._judged(company, debtor, order)
        needs = check._needs(company, debtor, order, facts, claims, books)
        if not company.currency_id.is_zero(needs[order]):
            return False
        # what was invoiced is no open claim of the order: it has to be paid, too
        invoices = self._invoices(order)
        open_amount = sum(
            self.env["parts.credit.deposit"]._open(move)[1]
            for move in invoices
            if move.move_type == "out_invoice"
        )
        return company.currency_id.is_zero(open_amount)

    @api.model
    def _invoices(self, orders, contract=None):
        """Return the posted invoices and credit notes of ``orders``; with ``contract``,
        those of the contract, as the ledger has them.
        """
        moves = (
            contract.sudo()._ledger_documents()
            if contract
            else orders.order_line.invoice_lines.move_id
        )
        return moves.filtered(
            lambda move: (
                move.state == "posted"
                and move.move_type in ("out_invoice", "out_refund", "out_receipt")
            )
        )

    @api.model
    def _parts_of(self, moves, orders, contract=None):
        """Return ``{invoice: which part of it is of these orders}``, 0 to 1; with
        ``contract``, of the contract. The rest is somebody else's money.
        """
        parts = dict.fromkeys(moves, 1.0)
        if contract:
            shares = self.env["parts.contract.share"].sudo()._of(moves)
            for move in moves.filtered(lambda move: move.id in shares):
                own = shares[move.id].filtered(lambda x: x.contract_id == contract)
                parts[move] = sum(share.part_to - share.part_from for share in own)
            return parts
        for move in moves:
            lines = move.invoice_line_ids.filtered(
                lambda line: line.display_type == "product"
            )
            other = lines.filtered(
                lambda line: line.sale_line_ids and line.sale_line_ids.order_id - orders
            )
            total = sum(lines.mapped("price_total"))
            if other and total:
                parts[move] = 1.0 - sum(other.mapped("price_total")) / total
        return parts

    @api.model
    def _received(self, contract, orders=None):
        """Return what has come in under ``contract``, or for ``orders`` of it, in the
        contract's currency: what settles its invoices as money, what was paid online
        for its orders, and payments not matched that name contract or order.
        """
        company = contract.company_id
        within = contract.order_ids if orders is None else orders
        whole = contract if orders is None else None
        invoices = self._invoices(within, whole)
        parts = self._parts_of(invoices, within, whole)
        shares = self.env["parts.commission.collected"]._get_collected_share(invoices)
        received = sum(
            self._in_currency(
                contract,
                move.currency_id,
                -move.direction_sign
                * move.amount_total
                * parts[move]
                * shares[move]
                / 100.0,
                move.invoice_date or move.date,
            )
            for move in invoices
        )
        today = fields.Date.context_today(self)
        books = self.env["parts.credit.books"]._of(
            company, contract.commercial_partner_id, within
        )
        for order in within:
            online = sum(books["money"].get(order.id, (0.0, 0.0)))
            received += self._in_currency(contract, company.currency_id, online, today)
        names = [*within.mapped("name"), *([contract.name] if orders is None else [])]
        received += self._unmatched(contract, names)
        return contract.currency_id.round(received)

    @api.model
    def _unmatched(self, contract, names):
        """Return what payments of the customer hold that is matched with nothing, and
        that were made for ``contract`` or name one of ``names`` in their memo.
        """
        payments = self.env["account.payment"].search(
            [
                ("company_id", "=", contract.company_id.id),
                ("partner_id", "child_of", contract.commercial_partner_id.id),
                ("partner_type", "=", "customer"),
                ("payment_type", "=", "inbound"),
                ("state", "in", ("in_process", "paid")),
            ]
        )
        named = payments.filtered(
            lambda payment: (
                (contract.name in names and payment.parts_contract_id == contract)
                or any(name in (payment.memo or "").split() for name in names)
            )
        )
        items = named.move_id.line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "asset_receivable"
                and line.parent_state == "posted"
            )
        )
        return sum(
            self._in_currency(
                contract,
                line.currency_id,
                -line.amount_residual_currency,
                line.date,
            )
            for line in items
        )

    @api.model
    def _delivered(self, contract, orders=None):
        """Return the value of what was delivered, with taxes, in its currency."""
        within = contract.order_ids if orders is None else orders
        total = 0.0
        for order in within.filtered(lambda one: one.state == "sale"):
            for line in order.order_line:
                if line.display_type or line.is_downpayment:
                    continue
                price = line.price_unit * (1.0 - line.discount / 100.0)
                amounts = line.tax_ids.with_company(order.company_id).compute_all(
                    price,
                    currency=order.currency_id,
                    quantity=line.qty_delivered,
                    product=line.product_id,
                    partner=order.partner_id,
                )
                total += self._in_currency(
                    contract,
                    order.currency_id,
                    amounts["total_included"],
                    fields.Date.context_today(self),
                )
        return contract.currency_id.round(total)

    @api.model
    def _invoiced(self, contract):
        """Return what is invoiced less what is credited, in its currency."""
        invoices = self._invoices(contract.order_ids, contract)
        parts = self._parts_of(invoices, contract.order_ids, contract)
        return contract.currency_id.round(
            sum(
                self._in_currency(
                    contract,
                    move.currency_id,
                    -move.direction_sign * move.amount_total * parts[move],
                    move.invoice_date or move.date,
                )
                for move in invoices
            )
        )

    @api.model
    def _in_currency(self, contract, currency, amount, date):
        if currency == contract.currency_id or not amount:
            return amount
        return currency._convert(
            amount, contract.currency_id, contract.company_id, date, round=False
        )
