from odoo import api, fields, models


class PartsCommissionHold(models.AbstractModel):
    """Holds commission back while a customer of the salesperson is overdue.

    Decided when a month is drawn up, by the plan of that day: for each invoice that is
    overdue beyond the plan's days

        held = share of the plan × untaxed amount of the debt that is still open

    but never more than what the month earned otherwise. Collected, it is released;
    what was written off without money is charged: released, and taken for good.
    """

    _name = "parts.commission.hold"
    _description = "Hold-Back of Commission"

    @api.model
    def _book(self, statement, plan):
        """Append what is held, released and charged on a statement."""
        held = self._get_held(statement)
        wanted = self._get_wanted(statement, plan) if plan.hold_days else {}
        room = self._get_room(statement)
        currency = statement.currency_id
        for move in sorted({*held, *wanted}, key=lambda x: (x.invoice_date_due, x.id)):
            before = held.get(move, 0.0)
            now = wanted.get(move, 0.0)
            if now > before:
                amount = currency.round(min(now - before, max(room, 0.0)))
                room -= amount
                self._append(statement, move, "held", -amount)
            elif now < before:
                charged = min(self._get_charge(move, plan), before - now)
                released = currency.round(before - now)
                self._append(statement, move, "released", released)
                self._append(statement, move, "charged", -currency.round(charged))
                room += released - charged

    @api.model
    def _get_held(self, statement):
        """Return {invoice: what is held back of this person}, positive."""
        groups = self.env["parts.commission.entry"]._read_group(
            [
                ("user_id", "=", statement.user_id.id),
                ("company_id", "=", statement.company_id.id),
                ("cause", "in", ("held", "released")),
                ("move_id", "!=", False),
            ],
            ["move_id"],
            ["amount:sum"],
        )
        currency = statement.currency_id
        return {
            move: -amount for move, amount in groups if not currency.is_zero(amount)
        }

    @api.model
    def _get_wanted(self, statement, plan):
        """Return {invoice: what its overdue debt holds back}."""
        last_due = fields.Date.subtract(statement.date_to, days=plan.hold_days + 1)
        bases = self.env["parts.commission.basis"].search(
            [
                ("user_id", "=", statement.user_id.id),
                ("company_id", "=", statement.company_id.id),
                ("role", "=", "seller"),
                ("move_id.move_type", "=", "out_invoice"),
                ("move_id.payment_state", "in", ("not_paid", "partial")),
                ("move_id.invoice_date_due", "<=", last_due),
            ]
        )
        return {
            move: self._get_debt(move, last_due) * plan.hold_share / 100.0
            for move in bases.move_id
        }

    @api.model
    def _get_debt(self, move, last_due):
        """Return the untaxed part of what is overdue, in company currency."""
        terms = move.line_ids.filtered(lambda x: x.display_type == "payment_term")
        total = sum(terms.mapped("balance"))
        overdue = sum(
            term.amount_residual for term in terms if term.date_maturity <= last_due
        )
        return self._get_untaxed(move) * overdue / total if total else 0.0

    @api.model
    def _get_untaxed(self, move):
        lines = move.invoice_line_ids.filtered(lambda x: x.display_type == "product")
        return -sum(lines.mapped("balance"))

    @api.model
    def _get_charge(self, move, plan):
        """Return what is charged of a debt that was settled: its part without money."""
        if move.payment_state in ("not_paid", "partial") or move.state != "posted":
            return 0.0
        collected = self.env["parts.commission.collected"]
        share = collected._get_collected_share(move)[move]
        lost = self._get_untaxed(move) * (100.0 - share) / 100.0
        return lost * plan.hold_share / 100.0

    @api.model
    def _get_room(self, statement):
        return self.env["parts.commission.closing"]._get_sum(statement)

    @api.model
    def _append(self, statement, move, cause, amount):
        if statement.currency_id.is_zero(amount):
            return
        partner = move.commercial_partner_id
        self.env["parts.commission.closing"]._append(
            statement,
            statement,
            kind="hold",
            cause=cause,
            amount=amount,
            move_id=move.id,
            move_name=move.name,
            partner_id=partner.id,
            partner_name=partner.name,
        )
