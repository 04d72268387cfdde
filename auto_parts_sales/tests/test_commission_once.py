from odoo.fields import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionOnce(CommissionCommon):
    """COM-6: what several people earn on is counted once where it is summed.

    1,000 of which a seller has 70 %, the developer 30 %; the lead earns on top.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls._new_user("com_lead", "sales_team.group_sale_salesman")
        cls.office = cls._new_user(
            "com_office", "auto_parts_sales.group_parts_sales_office"
        )
        cls.plan.split_ids = [
            Command.create({"role": "developer", "user_id": cls.wang.id, "share": 30}),
            Command.create({"role": "lead", "user_id": cls.lead.id, "share": 10}),
        ]
        cls.invoice = cls._new_invoice([1000.0])
        cls.payment = cls._pay(cls.invoice, 500.0)

    def _sums(self, user, groupby, domain=()):
        entries = self.env["parts.commission.entry"].with_user(user).sudo(False)
        return {
            group: (round(collected, 2), round(once, 2))
            for group, collected, once in entries._read_group(
                list(domain), groupby, ["collected:sum", "collected_once:sum"]
            )
        }

    def test_by_person(self):
        self.assertEqual(
            self._sums(self.office, ["user_id"]),
            {
                self.li: (500.0, 350.0),
                self.wang: (500.0, 150.0),
                self.lead: (500.0, 0.0),
            },
        )
        once = {x.user_id: x.collected_once for x in self._entries(self.invoice)}
        self.assertEqual(once, {self.li: 350.0, self.wang: 150.0, self.lead: 0.0})

    def test_adds_up_to_the_money(self):
        """Through credit notes and take-backs: 500, then 300 of which 200 go back."""
        self.assertEqual(self._total(), 500.0)
        self._pay(self.invoice, 300.0, date="2026-04-10")
        note = self._credit(self.invoice, [(self.brake, 200.0)], match=False)
        self._pay(note, 200.0, date="2026-04-12")
        self.assertEqual(self._total(), 600.0)
        self.payment.action_reject()
        self.assertEqual(self._total(), 100.0)

    def _total(self):
        entries = self.env["parts.commission.entry"].with_user(self.office).sudo(False)
        [[total]] = entries._read_group([], [], ["collected_once:sum"])
        return round(total, 2)

    def test_in_pivot_and_list(self):
        """As the web client asks: the field is a measure, and no stored column."""
        entries = self.env["parts.commission.entry"].with_user(self.office).sudo(False)
        info = entries.fields_get(["collected_once"])["collected_once"]
        self.assertEqual(info["aggregator"], "sum")
        self.assertFalse(info["store"])
        [month] = entries.formatted_read_group(
            [], ["date:month"], ["collected_once:sum", "amount:sum"]
        )
        self.assertEqual((month["collected_once:sum"], month["amount:sum"]), (500, 55))
        [row] = entries.formatted_read_group(
            [("user_id", "=", self.li.id)],
            [],
            ["collected_once:sum_currency", "collected_once:avg"],
        )
        self.assertEqual(row["collected_once:avg"], 350.0)

    def test_what_belongs_to_no_promise(self):
        self.env["parts.commission.entry"].sudo().create(
            {
                "kind": "tier",
                "cause": "tier",
                "company_id": self.company.id,
                "user_id": self.li.id,
                "date": "2026-03-31",
                "currency_id": self.currency.id,
                "invoice_currency_id": self.currency.id,
                "amount": 5.0,
            }
        )
        self.assertEqual(self._total(), 500.0)

    def test_salespeople_see_their_own(self):
        self.assertEqual(self._sums(self.li, ["user_id"]), {self.li: (500.0, 350.0)})
