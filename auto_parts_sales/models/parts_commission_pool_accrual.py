from odoo import api, fields, models
from odoo.tools import SQL, date_utils


class PartsCommissionPool(models.Model):
    """What a pool accrues: which months, and how much."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.commission.pool"

    # === HOOKS === #

    @api.model
    def _parts_commission_month_signed(self, company, month):
        """Return whether what was collected in a month is signed in a company.

        Pools accrue signed months alone. Here the commission officer signs (*Sign
        Month*). The contract room extends it where its ledger is reconciled each
        month, and calls `_accrue_signed` on the company's pools once both have signed.

        :param company: `res.company`
        :param month: date, first day of the month
        :rtype: bool
        """
        return bool(
            self.env["parts.commission.signature"]
            .sudo()
            .search_count(
                [("company_id", "=", company.id), ("month", "=", month)], limit=1
            )
        )

    # === BUSINESS METHODS === #

    @api.model
    def _get_pools(self, company):
        """Return all pools of a company, as superuser, also archived ones."""
        pools = self.sudo().with_context(active_test=False)
        return pools.search([("company_id", "=", company.id)], order="id")

    def _lock(self):
        """Let nobody else accrue or split these pools at the same moment.

        Of two transactions, each on its own snapshot, the second fails and is run
        again.
        """
        self.flush_recordset()
        if self:
            self.env.execute_query(
                SQL(
                    "UPDATE parts_commission_pool SET serial = COALESCE(serial, 0) + 1"
                    " WHERE id IN %s RETURNING id",
                    tuple(sorted(self.ids)),
                )
            )
            self.invalidate_recordset(["serial"])

    def _accrue_signed(self):
        """Accrue the months that are over and signed, each once and in order.

        Called where a month was signed. A pool stops at its first month that is not.

        :return: the new `parts.commission.pool.month` records
        """
        pools = self.sudo()
        made = self.env["parts.commission.pool.month"].sudo()
        pools._lock()
        for pool in pools:
            made |= pool._accrue_missing()
        return made

    def _accrue_missing(self):
        self.ensure_one()
        months = self.env["parts.commission.pool.month"]
        made = months
        running = date_utils.start_of(fields.Date.context_today(self), "month")
        month = self._get_next_month()
        after = None
        while month < running and self._parts_commission_month_signed(
            self.company_id, month
        ):
            if month <= self.date_to:
                made |= months.create(self._prepare_month_vals(month))
            else:
                after = month
            month = fields.Date.add(month, months=1)
        if after:
            # after the pool's end: what was corrected since, if anything was
            vals = self._prepare_month_vals(after)
            if vals["accrued"]:
                made |= months.create(vals)
        return made

    def _get_next_month(self):
        """Return the first day of the first month that is not accrued."""
        self.ensure_one()
        last = self.env["parts.commission.pool.month"].search(
            [("pool_id", "=", self.id)], order="date_from desc", limit=1
        )
        return fields.Date.add(last.date_from, months=1) if last else self.date_from

    def _prepare_month_vals(self, month):
        """Return the `create` values of a month that is accrued now."""
        self.ensure_one()
        end = min(date_utils.end_of(month, "month"), self.date_to)
        collected = self._get_collected(end)
        planned = self._get_planned(end)
        due = self.currency_id.round(self._get_due(collected, planned))
        before = self._get_accrued().get(self, 0.0)
        return {
            "pool_id": self.id,
            "date_from": month,
            "date_to": date_utils.end_of(month, "month"),
            "planned": planned,
            "collected": collected,
            "due": due,
            "accrued": self.currency_id.round(due - before),
        }

    def _get_collected(self, date_to):
        """Return the untaxed total that the team collected up to a day.

        From the ledger, in company currency: what each line's people share counts
        once, overrides not at all. It is the team that the invoice had when it was
        posted. What earns nobody commission is in no ledger.
        """
        self.ensure_one()
        self.env["parts.commission.entry"].flush_model()
        self.env["parts.commission.basis"].flush_model()
        [[total]] = self.env.execute_query(
            SQL(
                """
                SELECT SUM(entry.collected * basis.share / 100.0)
                  FROM parts_commission_entry entry
                  JOIN parts_commission_basis basis ON basis.id = entry.basis_id
                 WHERE basis.team_id = %(team)s
                   AND basis.company_id = %(company)s
                   AND basis.role <> 'lead'
                   AND entry.kind IN ('collection', 'correction')
                   AND entry.date BETWEEN %(date_from)s AND %(date_to)s
                """,
                team=self.team_id.id,
                company=self.company_id.id,
                date_from=self.date_from,
                date_to=min(date_to, self.date_to),
            )
        )
        return self.currency_id.round(float(total or 0.0))

    def _get_planned(self, date_to):
        """Return what the team was to collect from the first day to a month's end."""
        self.ensure_one()
        end = min(date_to, self.date_to)
        if self.plan_method == "monthly":
            targets = self.target_ids.filtered(lambda target: target.month <= end)
            return sum(targets.mapped("amount"))
        whole = self._count_months(self.date_to)
        planned = self.plan_amount * self._count_months(end) / whole
        return self.currency_id.round(planned)

    def _count_months(self, day):
        start = self.date_from
        return 12 * (day.year - start.year) + day.month - start.month + 1

    def _get_due(self, collected, planned):
        """Return what the pool has earned, not rounded. To override for other terms.

        Without a plan only a tier that begins at zero is reached.
        """
        self.ensure_one()
        starts = {
            tier: planned * tier.percent_from / 100.0
            for tier in self.tier_ids.sorted("percent_from")
            if planned or not tier.percent_from
        }
        reached = [tier for tier, start in starts.items() if start <= collected]
        if not reached or collected <= 0.0:
            return 0.0
        if self.tier_method == "whole":
            return collected * reached[-1].rate / 100.0
        ends = [*(starts[tier] for tier in reached[1:]), collected]
        return sum(
            (end - starts[tier]) * tier.rate / 100.0
            for tier, end in zip(reached, ends, strict=True)
        )
