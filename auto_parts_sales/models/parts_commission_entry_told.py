from odoo import fields, models
from odoo.tools import format_amount, format_date

from .parts_commission_entry import EARNED_KINDS


class PartsCommissionEntry(models.Model):
    """What an entry says of itself: how its amount came about, for its reader."""

    _inherit = "parts.commission.entry"

    def _get_sentence(self):
        """Return in one sentence how this amount came about, for its reader.

        A collection and what lateness takes off it read the same sentence:

        >>> entry._get_sentence()
        "7 % of ¥12,400.00 collected on 03/03/2026 from Xinda (INV/2026/0012, discs),
        ×0.8 for 41 days late"
        """
        self.ensure_one()
        if not self.invoice_currency_id:
            return ""
        if self.kind not in EARNED_KINDS or not self.basis_id:
            return self._get_closing_sentence()
        if self.kind == "lateness":
            return self._get_lateness_sentence()
        sentence = self._get_collection_sentence()
        terms = self.basis_id.terms or {}
        if self.kind == "collection" and (
            terms.get("factors") or terms.get("interest")
        ):
            for late in self._get_lateness_beside():
                sentence += late._get_lateness_suffix()
        return sentence

    def _get_values(self):
        """Return what the sentences are made of."""
        return {
            "rate": f"{self.rate:g}",
            "collected": format_amount(
                self.env, abs(self.collected_currency), self.invoice_currency_id
            ),
            "date": format_date(self.env, self.date),
            "partner": self.partner_name or "",
            "origin": ", ".join(
                filter(None, (self.move_name, self.product_name, *self._get_terms()))
            ),
        }

    def _get_terms(self):
        """Return in words for what else than selling, and on what else than money."""
        basis = self.basis_id
        terms = []
        for record, name, usual in (
            (self, "role", "seller"),
            (basis, "measure", "amount"),
        ):
            if record[name] and record[name] != usual:
                labels = dict(record._fields[name]._description_selection(self.env))
                terms.append(labels.get(record[name]))
        return terms

    def _get_collection_sentence(self):
        """Return the sentence of money that came or went, and why it is put right."""
        values = self._get_values()
        # what is taken back has the other sign
        if (self.collected_currency < 0) == bool(self.reversal_of_id):
            sentence = self.env._(
                "%(rate)s %% of %(collected)s collected on %(date)s from %(partner)s"
                " (%(origin)s)",
                **values,
            )
        else:
            sentence = self.env._(
                "%(rate)s %% of %(collected)s credited to or paid back on %(date)s to"
                " %(partner)s (%(origin)s)",
                **values,
            )
        if self.kind != "correction":
            return sentence
        reason = self.reason or ""
        values = {"reason": reason[:1].lower() + reason[1:], "sentence": sentence}
        if self.reversal_of_id:
            return self.env._("Taken back because %(reason)s: %(sentence)s", **values)
        return self.env._("Put right because %(reason)s: %(sentence)s", **values)

    def _get_lateness_beside(self):
        """Return what lateness took off this collection, its take-backs aside."""
        return self.search(
            [
                ("basis_id", "=", self.basis_id.id),
                ("partial_ref", "=", self.partial_ref),
                ("date", "=", self.date),
                ("kind", "=", "lateness"),
                ("reversal_of_id", "=", False),
            ],
            order="id",
        )

    def _get_lateness_suffix(self):
        if self.cause == "interest":
            return self.env._(
                ", %(interest)s interest for %(days)s days late",
                interest=format_amount(
                    self.env, abs(self.amount_currency), self.invoice_currency_id
                ),
                days=self.days_late,
            )
        return self.env._(
            ", ×%(factor)s for %(days)s days late",
            factor=f"{self.factor:g}",
            days=self.days_late,
        )

    def _get_lateness_sentence(self):
        """Return the sentence of the collection that this entry belongs to."""
        if self.reversal_of_id:
            return self.env._(
                "Deduction for lateness taken back: %(sentence)s",
                sentence=self.reversal_of_id._get_lateness_sentence(),
            )
        collection = self.search(
            [
                ("basis_id", "=", self.basis_id.id),
                ("partial_ref", "=", self.partial_ref),
                ("date", "=", self.date),
                ("kind", "=", "collection"),
                ("id", "<", self.id),
            ],
            order="id desc",
            limit=1,
        )
        return (
            collection or self
        )._get_collection_sentence() + self._get_lateness_suffix()

    def _get_carried_sentence(self):
        # what comes from a month stands on the first day after it
        if self.date.day == 1:
            day = format_date(self.env, fields.Date.subtract(self.date, days=1))
            if self.amount > 0:
                return self.env._("Less is carried over from %(date)s", date=day)
            return self.env._("Negative balance carried over from %(date)s", date=day)
        if self.amount < 0:
            return self.env._("Less is carried over to the next statement")
        return self.env._("Negative balance carried over to the next statement")

    def _get_closing_sentence(self):
        """Return the sentence of what a statement decided."""
        values = {"date": format_date(self.env, self.date)}
        if self.kind == "tier":
            return self.env._(
                "Tier reached: %(rate)s %% of what was collected until %(date)s",
                rate=f"{self.rate:g}",
                **values,
            )
        if self.cause == "carried":
            return self._get_carried_sentence()
        if self.kind == "pool":
            # As superuser: who is paid reads his part, not the pool
            split = self.sudo().pool_line_id.split_id
            return self.env._(
                "Part of the pool “%(pool)s” of %(team)s, accrued until %(date)s"
                " (%(split)s)",
                pool=split.pool_id.name or "",
                team=split.team_id.name or "",
                split=split.name or "",
                **values,
            )
        if self.cause == "charged" and self.amount > 0:
            return self.env._(
                "Charge given back, %(invoice)s of %(partner)s is written off no more",
                invoice=self.move_name or "",
                partner=self.partner_name or "",
            )
        if self.kind == "hold":
            return self.env._(
                "%(reason)s: %(invoice)s of %(partner)s",
                reason=self.reason or "",
                invoice=self.move_name or "",
                partner=self.partner_name or "",
            )
        return self.reason or ""
