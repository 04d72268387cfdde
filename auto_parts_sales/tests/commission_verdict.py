from fractions import Fraction

from .commission_oracle import ZERO, Oracle, exact

FACTORS = [(1, Fraction(9, 10)), (10, Fraction(1, 2)), (20, ZERO)]
INTEREST = Fraction(12)


class Verdict:
    """Compares the ledger of a `Play` with the oracle's, after each act."""

    def _judge(self, act):
        moves = self.invoice | self.second | self.notes
        for move in moves:
            self._judge_document(move, act)
        self._judge_team(moves, act)
        self.test.assertIdle(moves)

    def _judge_document(self, move, act):
        shares = self.oracle.get_shares(move)
        bases = (
            self.test.Basis.with_context(active_test=False)
            .search([("move_id", "=", move.id)], order="id")
            .filtered(lambda x: x.active or not shares)
        )
        for basis in bases.filtered(lambda x: not x.source_id):
            self._judge_promise(basis, act)
        for basis in bases:
            number = 0
            chain = basis
            while chain.source_id:
                chain, number = chain.source_id, number + 1
            start = self.owners[number][1] if number else None
            heirs = bases.filtered(lambda x, basis=basis: x.source_id == basis)
            end = self.owners[number + 1][1] if heirs else None
            message = (act, self.world, basis.role, basis.user_id.login)
            booked = self._sum(basis, "amount_currency")
            due = self.oracle.get_booked(exact(basis.amount), shares, start, end)
            self.test.assertEqual(booked, due, message)
            collected = self.oracle.get_booked(exact(basis.base), shares, start, end)
            self.test.assertEqual(
                self._sum(basis, "collected_currency"), collected, message
            )
            self._judge_entries(basis, shares, start, end, message)

    def _judge_team(self, moves, act):
        """What the team's pool counts: each line once, whoever shares in it."""
        if self.currency != self.test.currency:
            return  # each cent at the rate of its day: see _judge_entries
        counted = ZERO
        for move in moves:
            shares = self.oracle.get_shares(move)
            bases = self.test.Basis.search([("move_id", "=", move.id)])
            for basis in bases.filtered(lambda x: not x.source_id):
                collected = self.oracle.get_booked(exact(basis.base), shares)
                counted += collected * exact(basis.share) / 100
        pool = self.test.pool
        total = exact(pool._get_collected(pool.date_to))
        # of a share of 30 % half a cent is left to either side
        self.test.assertLessEqual(
            abs(total - counted), self.unit / 2, (act, self.world)
        )

    def _judge_promise(self, basis, act):
        """The promise itself; a credit note's may be off by a cent, see below."""
        promised = self._get_promised(basis.move_id)
        wanted = promised[basis.move_line_id.id, basis.role]
        # a note takes back the invoice's rounded promises in proportion
        tolerance = 0
        if basis.move_id.move_type == "out_refund":
            tolerance = self.unit * (1 if self.world["measure"] == "amount" else 2)
        off = abs(exact(basis.amount) - wanted)
        self.test.assertLessEqual(off, tolerance, (act, self.world))

    def _sum(self, basis, name, kinds=("collection", "correction"), **keys):
        entries = basis.entry_ids.filtered(
            lambda x: x.kind in kinds
            and all(x[key] == value for key, value in keys.items())
        )
        return sum((exact(entry[name]) for entry in entries), ZERO)

    def _judge_entries(self, basis, shares, start, end, message):
        """Each day's money: its commission, its rate, and what lateness took."""
        keys = {(x.partial_ref, x.date) for x in basis.entry_ids}
        cents = self.unit * (len(keys) + 1)
        rates = ZERO
        for partial, day in keys:
            own = {
                due: share
                for (number, when, due), share in shares.items()
                if (number, when) == (partial, day)
                and (not start or when >= start)
                and (not end or when < end)
            }
            of_day = {"partial_ref": partial, "date": day}
            booked = self._sum(basis, "amount_currency", **of_day)
            wanted = exact(basis.amount) * sum(own.values())
            self.test.assertLessEqual(abs(booked - wanted), cents, message)
            rates += booked * self._get_rate(day)
            due = next(iter(own), None)
            self._judge_lateness(basis, of_day, due, message)
        in_company = self._sum(basis, "amount")
        # half a cent for each entry, and what a moved cent is worth
        tolerance = Fraction(1, 200) * len(basis.entry_ids) + cents * 4
        self.test.assertLessEqual(abs(in_company - rates), tolerance, message)
        if not shares:
            self.test.assertEqual(in_company, ZERO, message)

    def _get_rate(self, day):
        if self.currency == self.test.currency:
            return Fraction(1)
        return 1 / Fraction(0.5 + (day.day - 1) / 37)

    def _judge_lateness(self, basis, of_day, due, message):
        days = (of_day["date"] - due).days if due else 0
        factor = Fraction(1)
        if self.world["factors"]:
            factor = min((f for d, f in FACTORS if d <= days), default=factor)
        interest = INTEREST if self.world["interest"] and days > 0 else ZERO
        part = Fraction(round(basis.share), 100)
        for name, money, unit in (
            ("amount_currency", "collected_currency", self.unit),
            ("amount", "collected", Fraction(1, 100)),
        ):
            late, charged = Oracle.get_lateness(
                self._sum(basis, name, **of_day),
                self._sum(basis, money, **of_day),
                max(days, 0),
                factor,
                interest,
                part,
                unit,
            )
            for cause, wanted in (("late", late), ("interest", charged)):
                booked = self._sum(
                    basis, name, kinds=("lateness",), cause=cause, **of_day
                )
                self.test.assertEqual(booked, wanted, (cause, name, days, *message))
