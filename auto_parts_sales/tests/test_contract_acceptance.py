from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import PREFIX
from .contract_base_common import ContractCommon
from .contract_paper_common import pdf


@tagged("post_install", "-at_install")
class TestContractAcceptance(ContractCommon):
    """Instalments by acceptance, and who recorded it on which paper (CON-1, COL-1)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.archive = cls._new_user("archive", f"{PREFIX}contract_keeper")
        cls.quality = cls._new_user("quality", f"{PREFIX}quality")

    def _accepting(self, days=10):
        contract = self._effective(
            self._new_contract(
                instalment_ids=[
                    Command.create({"percent": 30, "event": "signing"}),
                    Command.create(
                        {"percent": 70, "event": "acceptance", "days": days}
                    ),
                ]
            )
        )
        contract.sudo().date_effective = self._day(-20)
        return contract

    def _record(self, contract, user=None, **values):
        return (
            self.env["parts.contract.acceptance"]
            .with_user(user or self.seller)
            .create(
                {
                    "version_id": contract.sudo().current_version_id.id,
                    "date": self._day(-5),
                    "name": "Li Lei",
                    "paper": pdf(),
                    "paper_name": "accepted.pdf",
                    **values,
                }
            )
        )

    def test_it_makes_the_instalment_run(self):
        # accepted 5 days ago, due 10 days after: in 5 days
        contract = self._accepting()
        last = contract.instalment_ids[1]
        self.assertFalse(last.date_due)
        self.assertTrue(contract.waits_for_acceptance)
        figures = self.env["parts.contract.figures"].sudo()
        self.assertFalse(figures._instalments(contract)[last.id][0])
        acceptance = self._record(contract)
        contract.invalidate_recordset()
        self.assertEqual(contract.date_accepted, self._day(-5))
        self.assertEqual(last.date_due, self._day(5))
        self.assertEqual(figures._instalments(contract)[last.id], (self._day(5), 700.0))
        self.assertFalse(contract.waits_for_acceptance)
        self.assertRecordValues(
            acceptance,
            [
                {
                    "recorded_by_id": self.seller.id,
                    "contract_id": contract.id,
                    "way": "paper",
                    "withdrawn": False,
                }
            ],
        )
        self.assertEqual(len(acceptance.paper_hash), 64)

    def test_the_first_one_counts(self):
        contract = self._accepting()
        self._record(contract, date=self._day(-3))
        self._record(contract, date=self._day(-8))
        self._record(contract)
        self.assertEqual(contract.sudo().date_accepted, self._day(-8))

    def test_withdrawn_by_somebody_else_with_a_reason(self):
        contract = self._accepting()
        first = self._record(contract, self.archive, date=self._day(-8))
        self._record(contract)
        for user, reason, error in (
            (self.seller, "Wrong", AccessError),
            (self.archive, "Wrong", AccessError),
            (self.office, " ", UserError),
        ):
            with self.subTest(user=user.login), self.assertRaises(error):
                first.with_user(user).action_withdraw(reason)
        first.with_user(self.office).action_withdraw("Another contract")
        self.assertEqual(contract.sudo().date_accepted, self._day(-5))
        with self.assertRaisesRegex(UserError, "withdrawn already"):
            first.with_user(self.office).action_withdraw("Again")

    def test_who_records_it(self):
        contract = self._accepting()
        for user in (self.seller, self.office, self.archive, self.quality):
            with self.subTest(user=user.login):
                self.assertTrue(self._record(contract, user))
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        for user in (self.accountant, self.legal, self.supply, stranger):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._record(contract, user)

    def test_bad_input(self):
        contract = self._accepting()
        for values, words in (
            ({"paper": False}, "acceptance paper"),
            ({"paper": "TVqQAAMAAAAEAAAA", "paper_name": "a.exe"}, "no scanned paper"),
            ({"date": self._day(1)}, "were accepted"),
            ({"date": self._day(-21)}, "came into force"),
        ):
            with self.subTest(words=words), self.assertRaisesRegex(UserError, words):
                self._record(contract, **values)
        draft = self._new_contract()
        with self.assertRaisesRegex(UserError, "not in force"):
            self._record(draft)

    def test_no_role_writes_what_was_recorded(self):
        contract = self._accepting()
        acceptance = self._record(
            contract, withdrawn=True, recorded_by_id=self.office.id, way="delivery"
        )
        self.assertFalse(acceptance.withdrawn)
        self.assertEqual(acceptance.recorded_by_id, self.seller)
        self.assertEqual(acceptance.way, "paper")
        for user in (self.seller, self.office, self.archive, self.general_manager):
            own = acceptance.with_user(user)
            for call in (
                lambda own=own: own.write({"date": self._day(-1)}),
                lambda own=own: own.unlink(),
                lambda own=own: own.contract_id.write({"date_accepted": self.today}),
            ):
                with self.subTest(user=user.login), self.assertRaises(UserError):
                    call()
        paper = self.env["ir.attachment"].search(
            [
                ("res_model", "=", "parts.contract.acceptance"),
                ("res_field", "=", "paper"),
                ("res_id", "=", acceptance.id),
            ]
        )
        self.assertTrue(paper)
        with self.assertRaises(UserError):
            paper.with_user(self.archive).unlink()

    def test_read_with_the_contract(self):
        acceptance = self._record(self._accepting())
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            acceptance.with_user(stranger).read(["name"])
        self.assertTrue(acceptance.with_user(self.accountant).name)

    def test_by_a_room_that_knows_deliveries(self):
        contract = self._accepting().sudo()
        first = contract._parts_accepted(self._day(-2), name="Han", note="WH/OUT/1")
        self.assertRecordValues(
            first, [{"way": "delivery", "name": "Han", "note": "WH/OUT/1"}]
        )
        self.assertFalse(contract._parts_accepted(self._day(-2)))  # known already
        self.assertEqual(contract.date_accepted, self._day(-2))
        self.assertFalse(self._new_contract().sudo()._parts_accepted(self.today))

    def test_before_delivery_and_by_acceptance_is_a_contradiction(self):
        contract = self._new_contract(
            instalment_ids=[
                Command.create(
                    {"percent": 100, "event": "acceptance", "before_delivery": True}
                )
            ]
        )
        with self.assertRaisesRegex(UserError, "choose one of the two"):
            contract.action_submit()

    def test_the_plan_feeds_payment_terms(self):
        # 30 per cent at once, 70 per cent 10 days after the invoice at the earliest
        contract = self._accepting()
        term = contract.current_version_id.plan_term_id
        self.assertEqual(
            [(line.value_amount, line.nb_days) for line in term.line_ids],
            [(30.0, 0), (70.0, 10)],
        )

    def test_copied_it_is_not_accepted(self):
        contract = self._accepting()
        self._record(contract)
        self.assertFalse(contract.copy().date_accepted)
