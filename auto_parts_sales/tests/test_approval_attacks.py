from pathlib import Path
from types import SimpleNamespace

from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approval_common import PREFIX, ApprovalCommon
from .attacks_bind import BIND, OPEN_TO_ALL_WRITERS, REFUSED_ANYHOW
from .attacks_edit import EDIT_APPROVED, ONLY_SALES
from .attacks_records import RECORDS, REFUSED_TO_SUPERUSER

# What the server answers to an attack that does not get through: whatever it is, what
# counts is what became of the records, and the counter-cases show that attacks are real
REFUSALS = Exception
QUIET = ("odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.models.unlink")


class Undo(Exception):
    """Ends an attack, whatever became of it, and takes it back."""


@tagged("post_install", "-at_install")
class TestApprovalRpcAttacks(ApprovalCommon):
    # CTL-1 to CTL-3: nobody gets round the engine

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.warehouse = cls._new_user("stock", "stock.group_stock_user")
        cls.billing = cls._new_user("billing", "account.group_account_invoice")
        cls.branch = cls.env["res.company"].create({"name": "Branch"})
        cls.attackers = cls.seller | cls.warehouse | cls.billing
        cls.attackers.company_ids |= cls.branch
        cls.order = cls._new_order(3)
        good, stranger = cls.env["res.partner"].create(
            [{"name": "Good customer"}, {"name": "Stranger"}]
        )
        cls._new_file(1000.0, customer=good)
        lead = cls.env["crm.lead"].create(
            {"name": "Discs", "partner_id": cls.customer.id, "user_id": cls.seller.id}
        )
        cls.case = SimpleNamespace(
            company=cls.company,
            branch=cls.branch,
            warehouses=cls.env["stock.warehouse"].search(
                [("company_id", "in", (cls.company | cls.branch).ids)]
            ),
            customer=cls.customer,
            good=good,
            stranger=stranger,
            manager=cls.manager,
            part=cls.part,
            service=cls.env["product.product"].create(
                {"name": "Fitting", "type": "service", "service_type": "manual"}
            ),
            tax=cls.env["account.tax"].create(
                {
                    "name": "10 % on top",
                    "amount": 10.0,
                    "price_include_override": "tax_excluded",
                }
            ),
            lead=lead,
            order=cls.order,
            line=cls.order.order_line,
            empty=cls._new_order(order_line=[]),
            bare=cls._new_order(order_line=[]),
            large=cls._new_order(900),
            other_line=cls._new_order(3).order_line,
            everybody=cls.env.ref("base.group_user"),
            role=cls.env.ref(f"{PREFIX}sales_manager"),
            rule=cls.env["parts.approval.rule"].search(
                [("company_id", "=", cls.company.id), ("kind", "=", "credit")], limit=1
            ),
            file_vals={
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "credit_limit": 1e6,
                "state": "active",
            },
        )
        (cls.case.order | cls.case.empty).opportunity_id = lead

    def _call(self, user, sudo=False):
        """Return a function that calls methods as RPC does, as ``user``.

        Each call is a request of its own: one that is refused takes back nothing of
        those before it.
        """

        def call(model, method, *args, **kwargs):
            env = self.env(user=user, su=sudo, context={})
            try:
                with self.cr.savepoint():
                    result = call_kw(env[model], method, list(args), kwargs)
                    self.env.flush_all()
                    return result
            except REFUSALS:
                return []

        return call

    def _run(self, attack, user, judge, sudo=False):
        """Run one attack and let ``judge`` look at what became of it."""
        self.case.attacker = user
        with mute_logger(*QUIET), self.assertRaises(Undo), self.cr.savepoint():
            attack(self._call(user, sudo), self.case)
            self.env.invalidate_all()
            judge()
            raise Undo

    def _bound(self):
        """Return confirmed orders that claim something of who has no credit."""
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", self.company.id),
                ("state", "=", "sale"),
                ("partner_invoice_id", "!=", self.case.good.id),
            ]
        )
        return orders.filtered(
            lambda order: sum(
                line.price_unit
                * (1 - line.discount / 100)
                * max(line.product_uom_qty, line.qty_delivered)
                for line in order.order_line
            )
            > 0
        )

    def test_binding(self):
        for name, attack in BIND.items():
            for user in self.attackers:
                with self.subTest(attack=name, attacker=user.login):
                    self._run(attack, user, lambda: self.assertFalse(self._bound()))

    def test_binding_is_real(self):
        self.company.parts_credit_control = False
        self.part.list_price = 100.0
        for name, attack in BIND.items():
            for user in self.attackers:
                real = name in OPEN_TO_ALL_WRITERS or (
                    user == self.seller and name not in REFUSED_ANYHOW
                )
                expected = self.assertTrue if real else self.assertFalse
                with self.subTest(attack=name, attacker=user.login):
                    self._run(
                        attack,
                        user,
                        lambda expected=expected: expected(self._bound()),
                    )

    def _approve(self):
        approval = self._ask(self.order)
        approval.with_user(self.manager).action_approve()
        self.case.approval = approval.sudo()
        self.case.step = approval.sudo().step_ids

    def _confirms(self):
        try:
            with self.cr.savepoint():
                self.order.with_user(self.seller).action_confirm()
        except REFUSALS:
            return False
        return True

    def test_edit_what_was_approved(self):
        self._approve()

        def judge():
            if self.order.state == "sale" or self._confirms():
                # it may be confirmed only as it was approved
                self.assertEqual(self.order.partner_id, self.customer)
                self.assertEqual(self.order.partner_invoice_id, self.customer)
                [line] = self.order.order_line
                self.assertEqual((line.product_uom_qty, line.price_unit), (3, 100.0))
                self.assertFalse(line.tax_ids)
            self.assertNotEqual(self.case.large.state, "sale")

        for name, attack in EDIT_APPROVED.items():
            for user in self.attackers:
                with self.subTest(attack=name, attacker=user.login):
                    self._run(attack, user, judge)

    def test_edit_what_was_approved_is_real(self):
        self._approve()
        self._run(
            lambda call, case: None,
            self.seller,
            lambda: self.assertTrue(self._confirms()),
        )
        for name, attack in EDIT_APPROVED.items():
            for user in self.attackers:
                real = user == self.seller or name not in ONLY_SALES
                expected = self.assertFalse if real else self.assertTrue
                with self.subTest(attack=name, attacker=user.login):
                    self._run(
                        attack,
                        user,
                        lambda expected=expected: expected(self._confirms()),
                    )

    def _snapshot(self):
        """Return what the engine holds, as plain values."""
        tables = (
            "parts_approval",
            "parts_approval_step",
            "parts_approval_figure",
            "parts_approval_decision",
            "parts_approval_rule",
            "parts_approval_rule_step",
            "parts_credit_lock",
        )
        self.env.flush_all()
        rows = {}
        for table in tables:
            self.cr.execute(f"SELECT * FROM {table} ORDER BY id")  # noqa: S608
            rows[table] = self.cr.fetchall()
        self.cr.execute("SELECT gid, uid FROM res_groups_users_rel ORDER BY 1, 2")
        rows["roles"] = self.cr.fetchall()
        self.env.invalidate_all()
        rows["control"] = self.company.parts_credit_control
        rows["files"] = self.env["parts.credit.file"].search(
            [("state", "=", "active"), ("partner_id", "=", self.customer.id)]
        )
        rows["confirmed"] = self.order.state == "sale"
        return rows

    def _ask_and_keep(self):
        approval = self._ask(self.order)
        self.case.approval = approval.sudo()
        self.case.step = approval.sudo().step_ids
        self.case.activity = approval.sudo().activity_ids[:1]
        self.case.approved_vals = approval.sudo().copy_data()[0] | {
            "state": "approved",
            "step_ids": [Command.clear()],
        }

    def test_records_of_the_engine(self):
        self._ask_and_keep()
        before = self._snapshot()
        for name, attack in RECORDS.items():
            for user in self.attackers:
                with self.subTest(attack=name, attacker=user.login):
                    self._run(
                        attack,
                        user,
                        lambda: self.assertEqual(self._snapshot(), before),
                    )

    def test_attempts_on_records_are_real(self):
        self._ask_and_keep()
        before = self._snapshot()
        for name, attack in RECORDS.items():
            same = name in REFUSED_TO_SUPERUSER
            with self.subTest(attack=name):
                self._run(
                    attack,
                    self.seller,
                    lambda same=same: self.assertEqual(
                        self._snapshot() == before, same
                    ),
                    sudo=True,
                )

    def test_attacks_are_counted(self):
        text = (Path(__file__).parent / "README.md").read_text()
        for title, attacks in (
            ("to bind", BIND),
            ("to edit what was approved", EDIT_APPROVED),
            ("on the engine's records", RECORDS),
        ):
            self.assertIn(f"| {title} | {len(attacks)} |", text)
