from odoo import api, fields, models


class PartsCommissionClosing(models.AbstractModel):
    """What is decided when a month is drawn up, as entries of their own.

    Tiers on what the month collected, a negative balance carried over, and all of it
    taken back where a draft is discarded. These entries belong to no promise.
    """

    _name = "parts.commission.closing"
    _description = "Closing of a Commission Month"

    @api.model
    def _close(self, statements):
        """Append what the month decides on drafts that took entries."""
        hold = self.env["parts.commission.hold"]
        tiers = self._get_sums(statements, [("kind", "=", "tier")])
        held = hold._get_held(statements)
        charged = hold._get_charged(statements)
        for statement in statements:
            plan = self._get_plan(statement)
            self._book_tier(statement, plan, tiers.get(statement, 0.0))
            user = statement.user_id
            hold._book(statement, plan, held.get(user, {}), charged.get(user, {}))

    # === TIERS === #

    @api.model
    def _book_tier(self, statement, plan, booked):
        """Append what the tiers of the person's plan add, less what is booked."""
        if not plan.tier_ids and not booked:
            return
        total = self._get_collected_total(statement) if plan.tier_ids else 0.0
        wanted = self._get_tier_amount(plan, total)
        amount = statement.currency_id.round(wanted - booked)
        if amount:
            self._append(
                statement,
                statement,
                kind="tier",
                cause="tier",
                amount=amount,
                rate=100.0 * wanted / total if total and wanted else 0.0,
            )

    @api.model
    def _get_plan(self, statement):
        return self.env["parts.commission.plan"]._get_plan(
            statement.company_id, statement.user_id, statement.date_to
        )

    @api.model
    def _get_collected_total(self, statement):
        """Return the untaxed total that counts for tiers.

        What the person collected as seller, late entries and take-backs of older
        months included, each in the statement that took it.
        """
        domain = [
            ("kind", "in", ("collection", "correction")),
            ("basis_id", "!=", False),
            ("role", "=", "seller"),
        ]
        return self._get_sum(statement, domain, "collected")

    @api.model
    def _get_sum(self, statement, domain=(), field="amount"):
        """Return a sum over a statement's entries, which may be many thousands."""
        return self._get_sums(statement, domain, field).get(statement, 0.0)

    @api.model
    def _get_sums(self, statements, domain=(), field="amount"):
        """Return {statement: sum} over entries; without entries it is missing."""
        groups = self.env["parts.commission.entry"]._read_group(
            [("statement_id", "in", statements.ids), *domain],
            ["statement_id"],
            [f"{field}:sum"],
        )
        return dict(groups)

    @api.model
    def _get_tier_amount(self, plan, total):
        """Return what a total earns by a plan's tiers, not rounded.

        Slab: each tier's rate on the part of the total within it. Whole: the rate of
        the highest tier that is reached, on the whole total.
        """
        tiers = plan.tier_ids.sorted("amount_from")
        reached = tiers.filtered(lambda tier: tier.amount_from <= total)
        if not reached or total <= 0.0:
            return 0.0
        if plan.tier_method == "whole":
            return total * reached[-1].rate / 100.0
        ends = [*reached[1:].mapped("amount_from"), total]
        return sum(
            (end - tier.amount_from) * tier.rate / 100.0
            for tier, end in zip(reached, ends, strict=True)
        )

    # === CARRY-OVER === #

    @api.model
    def _carry_over(self, statement):
        """Carry a negative balance over, so that nobody is paid less than nothing.

        A pair of entries: one brings this statement to zero, the other waits for the
        next. Handed in again after a refusal, it carries the difference.
        """
        before = self._get_carried(statement)
        balance = self._get_sum(statement) - before
        amount = statement.currency_id.round(max(-balance, 0.0) - before)
        if amount:
            self._append_carried(statement, statement, amount)

    @api.model
    def _get_carried(self, statement):
        """Return what a statement carries over to the next.

        These entries stand on its last day; what it got from the month before stands
        on its first.
        """
        return self._get_sum(
            statement, [("cause", "=", "carried"), ("date", "=", statement.date_to)]
        )

    @api.model
    def _append_carried(self, statement, target, amount):
        """Append the pair that carries an amount over; it adds up to nothing.

        :param target: the statement that takes the first of them, or none
        """
        tomorrow = fields.Date.add(statement.date_to, days=1)
        carried = {"kind": "correction", "cause": "carried"}
        self._append(statement, target, amount=amount, **carried)
        self._append(
            statement, statement.browse(), amount=-amount, date=tomorrow, **carried
        )

    # === ENTRIES === #

    @api.model
    def _append(self, statement, target, **vals):
        """Append one entry of a statement's person.

        :param target: the statement that takes it; empty: it waits for the next
        """
        amount = statement.currency_id.round(vals["amount"])
        entry = self.env["parts.commission.entry"].create(
            {
                "company_id": statement.company_id.id,
                "user_id": statement.user_id.id,
                "date": statement.date_to,
                "statement_id": target.id,
                **vals,
                "amount_currency": amount,
                "amount": amount,
            }
        )
        statement.invalidate_recordset(["entry_ids"])
        return entry

    @api.model
    def _take_back(self, statements):
        """Take back what drafts that are discarded had decided.

        What a draft got from the month before it did not decide: it is freed only.
        """
        for statement in statements:
            carried = statement.currency_id.round(self._get_carried(statement))
            if carried:
                self._append_carried(statement, statement.browse(), -carried)
            for entry in self.env["parts.commission.entry"].search(
                [
                    ("statement_id", "=", statement.id),
                    ("kind", "in", ("tier", "hold")),
                ],
                order="id",
            ):
                self._append(
                    statement,
                    statement.browse(),
                    kind=entry.kind,
                    cause=entry.cause,
                    date=entry.date,
                    amount=-entry.amount,
                    rate=entry.rate,
                    reversal_of_id=entry.id,
                    basis_id=entry.basis_id.id,
                    move_name=entry.move_name,
                    partner_name=entry.partner_name,
                )
