from freezegun import freeze_time

from odoo.tests import tagged

from .contract_common import ContractLedgerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractLadder(ContractLedgerCommon):
    """CON-6: the form's money ladder, and the ways from it to each document.

    Of 1,000 promised, 600 are ordered in one order, 400 delivered and invoiced on the
    5th, at once due, and 150 paid.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.finance = cls._new_user(
            "ladder_fin", "auto_parts_sales.group_parts_finance"
        )
        cls.legal = cls._new_user(
            "ladder_law", "auto_parts_sales.group_parts_legal_post"
        )
        cls.contract = cls._new_contract(1000.0)
        cls.order = cls._new_order(cls.contract, 6)
        cls.picking = cls._deliver(cls.order, 4)
        cls.invoice = cls._invoice(cls.order)
        cls.payment = cls._pay(cls.invoice, 150.0)

    def _rungs(self, user):
        contract = self.contract.with_user(user)
        return {rung["name"]: rung for rung in contract.money_ladder["rungs"]}

    def _opened(self, user, method):
        """Return the documents that a button opens for ``user``, read by him."""
        action = getattr(self.contract.with_user(user), method)()
        found = self.env[action["res_model"]].with_user(user).search(action["domain"])
        found.mapped("display_name")
        if action.get("res_id"):
            self.assertEqual(found.ids, [action["res_id"]])
        return found

    def test_bars_and_figures(self):
        rungs = self._rungs(self.finance)
        self.assertEqual(
            {name: rung["share"] for name, rung in rungs.items()},
            {
                "amount": 100.0,
                "ordered": 60.0,
                "delivered": 40.0,
                "invoiced": 40.0,
                "collected": 15.0,
                "due": 25.0,
            },
        )
        self.assertIn("250.00", rungs["due"]["text"])
        overdue = self.contract.money_ladder["overdue"]
        self.assertTrue(overdue["late"])
        self.assertIn("250.00", overdue["text"])
        self.assertIn("600.00", self.contract.money_ladder["to_come"]["text"])

    def test_each_figure_opens_its_documents(self):
        rungs = self._rungs(self.finance)
        documents = {
            "ordered": self.order,
            "invoiced": self.invoice,
            "collected": self.payment,
            "due": self.invoice,
        }
        self.assertFalse(rungs["amount"]["action"])
        for name, expected in documents.items():
            self.assertEqual(
                self._opened(self.finance, rungs[name]["action"]), expected, name
            )
        # transfers show their carrier, which sales reads and finance does not
        self.assertFalse(rungs["delivered"]["action"])
        self.env.invalidate_all()
        delivered = self._rungs(self.li)["delivered"]["action"]
        self.assertEqual(self._opened(self.li, delivered), self.order.picking_ids)
        # counter-case: once all is paid, nothing is due
        self._pay(self.invoice, 250.0)
        self.assertFalse(self._opened(self.finance, rungs["due"]["action"]))

    def test_nobody_is_led_to_what_he_may_not_read(self):
        # salespeople and legal read no payments: their figure is no button
        for user in (self.li, self.legal):
            self.env.invalidate_all()
            rungs = self._rungs(user)
            self.assertFalse(rungs["collected"]["action"])
            self.assertIn("150.00", rungs["collected"]["text"])
            self.assertEqual(
                self.contract.with_user(user).ledger_payment_count, 0, user.login
            )
            for rung in rungs.values():
                if rung["action"]:
                    self._opened(user, rung["action"])
        self.env.invalidate_all()
        contract = self.contract.with_user(self.finance)
        self.assertEqual(contract.ledger_payment_count, 1)
        self.assertEqual(contract.ledger_picking_count, 2)
