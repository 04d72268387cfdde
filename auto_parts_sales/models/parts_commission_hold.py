from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

LATEST = "9999-12-31"


class PartsCommissionHold(models.AbstractModel):
    """Holds commission back while a customer of the salesperson is overdue.

    Decided when a month is drawn up, by the plan of that day: for each invoice that is
    overdue beyond the plan's days

        held = share of the plan × untaxed amount of the debt that is still open

    but never more than what the month earned otherwise. Collected, it is released;
    what was written off without money is charged: released, and taken, until the
    debt is collected after all.
    """

    _name = "parts.commission.hold"
    _description = "Hold-Back of Commission"

    @api.model
    def _book(self, statement, plan, held, charged):
        """Append what is held, released and charged on a statement.

        :param held: {invoice: what is held back of this person}, positive
        :param charged: {invoice: what was charged to this person}, positive
        """
        wanted = self._get_targets(statement, plan, held)
        for move, amount in charged.items():
            if self._is_recovered(move):
                self._append(statement, move, "charged", amount)
        if not held and not wanted:
            return
        room = self._get_room(statement)
        currency = statement.currency_id
        for move in sorted({*held, *wanted}, key=self._get_order):
            before = held.get(move, 0.0)
            now = wanted.get(move, 0.0)
            if now > before:
                amount = currency.round(min(now - before, max(room, 0.0)))
                room -= amount
                self._append(statement, move, "held", -amount)
            elif now < before:
                lost = min(self._get_charge(move, plan), before - now)
                released = currency.round(before - now)
                self._append(statement, move, "released", released)
                self._append(statement, move, "charged", -currency.round(lost))
                room += released - lost

    @api.model
    def _get_targets(self, statement, plan, held):
        """Return {invoice: what is to be held back of it by now}, see `_book`."""
        if plan.hold_days:
            return self._get_wanted(statement, plan)
        # nothing more is held; what is held waits for its money
        return {
            move: min(amount, self._get_debt(move, statement.date_to))
            for move, amount in held.items()
        }

    @api.model
    def _get_released_users(self, company, date_to, drawn):
        """Return of whom something is released though nothing else was booked.

        Such as of somebody who has left: his customers' debts were collected by who
        took them over.

        :param drawn: `res.users` who get their statement anyway, or none at all
        """
        held = self._get_held_of(
            [("company_id", "=", company.id), ("user_id", "not in", drawn.ids)]
        )
        statements, closing = (
            self.env[f"parts.commission.{name}"] for name in ("statement", "closing")
        )
        users = self.env["res.users"]
        for user, of_user in held.items():
            statement = statements.new(
                {"user_id": user.id, "company_id": company.id, "date_to": date_to}
            )
            plan = closing._get_plan(statement)
            targets = self._get_targets(statement, plan, of_user)
            if any(
                targets.get(move, 0.0) < amount
                and not company.currency_id.is_zero(targets.get(move, 0.0) - amount)
                for move, amount in of_user.items()
            ):
                users |= user
        return users

    @api.model
    def _get_order(self, move):
        return move.invoice_date_due or move.date, move.id

    @api.model
    def _get_held(self, statements):
        """Return {person: {invoice: what is held back of him}}, positive.

        :param statements: of one company
        """
        return self._get_held_of(self._get_domain(statements))

    @api.model
    def _get_charged(self, statements):
        """Return {person: {invoice: what was charged to him}}, positive."""
        return self._get_held_of(self._get_domain(statements), ("charged",))

    @api.model
    def _get_domain(self, statements):
        return [
            ("user_id", "in", statements.user_id.ids),
            ("company_id", "in", statements.company_id.ids),
        ]

    @api.model
    def _get_held_of(self, domain, causes=("held", "released")):
        groups = self.env["parts.commission.entry"]._read_group(
            [
                *domain,
                ("kind", "=", "hold"),
                ("cause", "in", causes),
                ("move_id", "!=", False),
            ],
            ["user_id", "move_id"],
            ["amount:sum"],
        )
        held = defaultdict(dict)
        for user, move, amount in groups:
            if not move.company_currency_id.is_zero(amount):
                held[user][move] = -amount
        return held

    @api.model
    def _get_wanted(self, statement, plan):
        """Return {invoice: what its overdue debt holds back}."""
        last_due = fields.Date.subtract(statement.date_to, days=plan.hold_days + 1)
        moves = self._get_suspects(statement, last_due)
        wanted = {
            move: self._get_debt(move, last_due) * plan.hold_share / 100.0
            for move in moves
        }
        return {move: amount for move, amount in wanted.items() if amount}

    @api.model
    def _get_suspects(self, statement, last_due):
        """Return the person's invoices, due by a day, that have not all been earned.

        What was handed over to somebody else is his from that day on. Odoo's own
        state of payment is not asked: it believes payments that were rejected.
        """
        self.env["parts.commission.basis"].flush_model()
        self.env["account.move"].flush_model(["move_type", "state"])
        self.env["account.move.line"].flush_model(["date_maturity", "display_type"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT basis.move_id
                  FROM parts_commission_basis basis
                  JOIN account_move move ON move.id = basis.move_id
             LEFT JOIN LATERAL (
                       SELECT SUM(entry.amount_currency) AS amount
                         FROM parts_commission_entry entry
                        WHERE entry.basis_id = basis.id
                          AND entry.kind IN ('collection', 'correction')
                       ) booked ON TRUE
                 WHERE basis.active
                   AND basis.user_id = %(user)s
                   AND basis.company_id = %(company)s
                   AND basis.role = 'seller'
                   AND move.move_type = 'out_invoice'
                   AND move.state = 'posted'
                   AND ABS(basis.amount) > ABS(COALESCE(booked.amount, 0))
                   AND EXISTS (
                       SELECT 1
                         FROM account_move_line term
                        WHERE term.move_id = move.id
                          AND term.display_type = 'payment_term'
                          AND term.date_maturity <= %(last_due)s
                       )
                   AND NOT EXISTS (
                       SELECT 1
                         FROM parts_commission_basis taken
                        WHERE taken.source_id = basis.id
                          AND taken.date_from <= %(date_to)s
                       )
              GROUP BY basis.move_id
              ORDER BY basis.move_id
                """,
                user=statement.user_id.id,
                company=statement.company_id.id,
                last_due=last_due,
                date_to=statement.date_to,
            )
        )
        return self.env["account.move"].browse(move_id for [move_id] in rows)

    @api.model
    def _get_debt(self, move, last_due):
        """Return the untaxed part of what is overdue, in company currency.

        What a payment settles that was rejected or is draft is still owed.
        """
        terms = move.line_ids.filtered(lambda x: x.display_type == "payment_term")
        total = sum(terms.mapped("balance"))
        overdue = sum(
            term.amount_residual + self._get_void(term)
            for term in terms
            if term.date_maturity <= last_due
        )
        return self._get_untaxed(move) * overdue / total if total else 0.0

    @api.model
    def _get_void(self, term):
        """Return what is settled of an instalment by what stands for nothing."""
        collected = self.env["parts.commission.collected"]
        return sum(
            partial.amount
            for partial in term.matched_credit_ids
            if collected._is_void(partial.credit_move_id.move_id)
        )

    @api.model
    def _get_untaxed(self, move):
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        return -sum(lines.mapped("balance"))

    @api.model
    def _get_charge(self, move, plan):
        """Return what is charged of a debt that was settled: its part without money."""
        lost = self._get_lost(move)
        return lost * (plan.hold_share if plan.hold_days else 100.0) / 100.0

    @api.model
    def _get_lost(self, move):
        """Return the untaxed part of a settled debt that was written off.

        What a credit note settled is lost to nobody: the goods came back.
        """
        if move.state != "posted" or self._get_debt(move, fields.Date.to_date(LATEST)):
            return 0.0
        collected = self.env["parts.commission.collected"]
        settlement = collected._get_settlements(move)[move]
        credited = sum(own for own, _theirs in settlement.matched.values())
        left = max(settlement.total - credited, 0.0)
        if move.currency_id.is_zero(left):
            return 0.0
        share = collected._get_collected_share(move)[move]
        untaxed = self._get_untaxed(move) * left / settlement.total
        return untaxed * (100.0 - share) / 100.0

    @api.model
    def _is_recovered(self, move):
        """Return whether a debt that was charged is written off no more: it is open
        again, collected after all, or the goods came back."""
        if move.state != "posted":
            return False
        if self._get_debt(move, fields.Date.to_date(LATEST)):
            return True
        return move.company_currency_id.is_zero(self._get_lost(move))

    @api.model
    def _get_room(self, statement):
        return self.env["parts.commission.closing"]._get_sum(statement)

    @api.model
    def _append(self, statement, move, cause, amount):
        if statement.currency_id.is_zero(amount):
            return
        # any of his will do: it says which invoice and customer it is about
        promise = self.env["parts.commission.basis"].with_context(active_test=False)
        promise = promise.search(
            [("move_id", "=", move.id), ("user_id", "=", statement.user_id.id)],
            order="id",
            limit=1,
        )
        self.env["parts.commission.closing"]._append(
            statement,
            statement,
            kind="hold",
            cause=cause,
            amount=amount,
            basis_id=promise.id,
            move_name=move.name,
            partner_name=move.commercial_partner_id.name,
        )
