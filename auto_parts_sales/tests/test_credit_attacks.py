from pathlib import Path
from types import SimpleNamespace

from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .approval_common import PREFIX, ApprovalCommon
from .attacks_credit import ATTACKS, HELD_BY_RIGHTS

# What the server answers to an attack that does not get through: whatever it is, what
# counts is what the customer owes in the end
REFUSALS = Exception
QUIET = (
    "odoo.sql_db",
    "odoo.addons.base.models.ir_model",
    "odoo.addons.base.partner.merge",
    "odoo.models.unlink",
)
LIMIT = 500.0


class Undo(Exception):
    """Ends an attack, whatever became of it, and takes it back."""


@tagged("post_install", "-at_install")
class TestCreditRpcAttacks(ApprovalCommon):
    # CRD-3, CRD-4, CTL-2: nobody buys beyond his credit over RPC

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        contacts = "base.group_partner_manager"
        cls.seller.group_ids |= cls.env.ref(contacts)
        cls.attackers = (
            cls.seller
            | cls._new_user("stock", "stock.group_stock_user", contacts)
            | cls._new_user("billing", "account.group_account_invoice", contacts)
            | cls._new_user("master_data", f"{PREFIX}master_data_keeper", contacts)
        )
        cls.branch = cls.env["res.company"].create({"name": "Branch"})
        cls.attackers.company_ids |= cls.branch
        cls.rich = cls.env["res.partner"].create(
            {"name": "Rich customer", "is_company": True}
        )
        cls.part.type = "service"
        file, rich_file = cls._new_file(LIMIT), cls._new_file(1e6, customer=cls.rich)
        cls.used = cls._new_order(4)
        cls.used.action_confirm()
        foreign = cls._new_order(10, customer=cls.rich)
        foreign.action_confirm()
        invoice = foreign.sudo()._create_invoices()
        invoice.action_post()
        cls.order = cls._new_order(3)
        cls.case = SimpleNamespace(
            env=cls.env,
            company=cls.company,
            branch=cls.branch,
            customer=cls.customer,
            rich=cls.rich,
            file=file,
            rich_file=rich_file,
            used=cls.used,
            order=cls.order,
            part=cls.part,
            foreign=invoice.invoice_line_ids,
            dozen=cls.env.ref("uom.product_uom_dozen"),
            cheap=cls.env["res.currency"].create(
                {
                    "name": "XPT",
                    "symbol": "X",
                    "rate_ids": [Command.create({"name": "2020-01-01", "rate": 1e4})],
                }
            ),
        )

    def _call(self, user, sudo=False):
        """Return a function that calls methods as RPC does, as ``user``; each call is a
        request of its own.
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

    def _claimed(self):
        """Return what the confirmed orders of the customer claim, by plain Python.

        Whatever the customer has become: his orders are known by who they were for.
        """
        orders = self.env["sale.order"].search(
            [("state", "=", "sale"), ("partner_id", "!=", self.rich.id)]
        )
        if self.used.sudo().partner_id == self.rich:  # he was merged
            orders |= (
                (self.order | self.used)
                .sudo()
                .filtered(lambda order: order.state == "sale")
            )
        return sum(
            line.currency_id._convert(
                line.price_unit
                * (1 - line.discount / 100.0)
                * max(line.product_uom_qty, line.qty_delivered),
                self.company.currency_id,
                self.company,
            )
            for line in orders.filtered(
                lambda order: order.company_id == self.company
                and order.create_date >= self.used.create_date
            ).order_line
        )

    def _bought(self, attack, user, sudo=False):
        """Return what the customer owes after an attack and after confirming."""
        bought = []
        with mute_logger(*QUIET), self.assertRaises(Undo), self.cr.savepoint():
            attack(self._call(user, sudo), self.case)
            self.env.invalidate_all()
            # by the salesperson, if the attacker may not confirm
            for confirming in (user, self.seller):
                self._call(confirming)("sale.order", "action_confirm", self.order.ids)
            self.env.invalidate_all()
            bought.append(self._claimed())
            raise Undo
        self.env.invalidate_all()
        return bought[0]

    def test_nobody_buys_beyond_his_credit(self):
        for name, attack in ATTACKS.items():
            for user in self.attackers:
                with self.subTest(attack=name, attacker=user.login):
                    self.assertLessEqual(self._bought(attack, user), LIMIT)

    def test_attacks_are_real(self):
        # nothing but who may write them holds those on files and limits
        for name in HELD_BY_RIGHTS:
            with self.subTest(attack=name):
                bought = self._bought(ATTACKS[name], self.seller, sudo=True)
                self.assertGreater(bought, LIMIT)

    def test_without_the_control_each_buys(self):
        self.company.parts_credit_control = False
        for name, attack in ATTACKS.items():
            with self.subTest(attack=name):
                self.assertGreater(self._bought(attack, self.seller), LIMIT)

    def test_a_small_order_still_passes(self):
        self.order.order_line.product_uom_qty = 1
        self.assertEqual(self._bought(ATTACKS["just confirm"], self.seller), LIMIT)

    def test_attacks_are_counted(self):
        text = (Path(__file__).parent / "README.md").read_text()
        self.assertIn(f"| to buy beyond credit | {len(ATTACKS)} |", text)
