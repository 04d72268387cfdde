from odoo.fields import Command

from .test_commission_settlement import SettlementCommon

JANUARY, FEBRUARY, MARCH = "2026-01-01", "2026-02-01", "2026-03-01"


class PoolCommon(SettlementCommon):
    """A team led by Boss, with Li and Wang; a pool of 1 % up to the plan, 3 % beyond.

    The plan: 12,000.00 in 2026, 1,000.00 a month.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls._new_user("com_boss", "sales_team.group_sale_salesman")
        cls.team = cls._new_team("Counter", cls.boss, cls.li | cls.wang)
        cls.plan.user_ids |= cls.wang
        cls.pool = cls._new_pool(cls.team, [(0.0, 1.0), (100.0, 3.0)])
        cls.Month = cls.env["parts.commission.pool.month"].sudo()
        cls.Split = cls.env["parts.commission.pool.split"]

    @classmethod
    def _new_team(cls, name, leader, members):
        team = (
            cls.env["crm.team"]
            .sudo()
            .create({"name": name, "user_id": leader.id, "company_id": cls.company.id})
        )
        cls.env["crm.team.member"].sudo().create(
            [{"crm_team_id": team.id, "user_id": user.id} for user in members]
        )
        return team

    @classmethod
    def _new_pool(cls, team, tiers, **vals):
        return (
            cls.env["parts.commission.pool"]
            .with_user(cls.roles["finance_deputy"])
            .create(
                {
                    "name": f"{team.name} 2026",
                    "company_id": cls.company.id,
                    "team_id": team.id,
                    "date_from": "2026-01-01",
                    "date_to": "2026-12-31",
                    "plan_amount": 12000.0,
                    "tier_ids": [
                        Command.create({"percent_from": start, "rate": rate})
                        for start, rate in tiers
                    ],
                    **vals,
                }
            )
            .sudo()
        )

    def _sell(self, amount, day, user=None, team=None, **vals):
        """An invoice that is paid the same day."""
        invoice = self._new_invoice(
            [amount], date=day, user=user, team_id=(team or self.team).id, **vals
        )
        return self._pay(invoice, amount, date=day)

    def _sign(self, month, role="finance"):
        wizard = self.env["parts.commission.sign"].with_user(self.roles[role])
        return wizard.create(
            {"month": month, "company_id": self.company.id}
        ).action_sign()

    def _months(self, pool=None):
        """The pool's months as (month, planned, collected, due, accrued)."""
        months = (pool or self.pool).month_ids.sorted("date_from")
        months.invalidate_recordset()
        return [
            (str(m.date_from), m.planned, m.collected, m.due, m.accrued) for m in months
        ]

    def _new_split(self, shares, user=None, **vals):
        split = self.Split.with_user(user or self.boss).create(
            {
                "pool_id": self.pool.id,
                "line_ids": [
                    Command.create({"user_id": person.id, "share": share})
                    for person, share in shares
                ],
                **vals,
            }
        )
        return split

    def _decide_pool(self, split, role="general_manager", refuse=False):
        approval = split.sudo().parts_approval_ids.filtered(
            lambda x: x.state == "pending"
        )
        request = approval.with_user(self.roles[role]).sudo(False)
        return request.action_refuse("no") if refuse else request.action_approve()
