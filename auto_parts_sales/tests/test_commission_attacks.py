import json

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.http import Request
from odoo.service.model import call_kw
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .attacks_commission import OTHERS, REAL
from .commission_common import CommissionCommon

P = "auto_parts_sales.group_parts_"
REPORT = "auto_parts_sales.report_parts_commission_statement"
ATTACKERS = {
    "salesperson": "sales_team.group_sale_salesman",
    "sales_manager": f"{P}sales_manager",
    "all_documents": "sales_team.group_sale_salesman_all_leads",
    "warehouse": "stock.group_stock_user",
    "billing": "account.group_account_invoice",
}


@tagged("post_install", "-at_install")
class TestCommissionAttacks(CommissionCommon, HttpCase):
    """COM-6: nobody learns by any path what a colleague earns.

    Wang earns 765.43 at 13.37 %. Li, a salesperson who earns by the same trade, a sales
    manager of another team, somebody who sees all orders, a warehouse user and a
    billing user try to find out.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan2 = cls._new_plan("Wang's", cls.wang, [{"rate": 13.37}])
        cls.attackers = {
            role: new_test_user(
                cls.env,
                login=f"att_{role}",
                groups=f"base.group_user,{group},base.group_allow_export",
            )
            for role, group in ATTACKERS.items()
        }
        cls.plan.user_ids = [Command.set((cls.li | cls.attackers["salesperson"]).ids)]
        cls.office = cls._new_user("att_office", f"{P}sales_office")
        cls.boss = cls._new_user("att_finance", f"{P}general_manager,{P}finance")
        cls.boss.group_ids += cls.env.ref("base.group_allow_export")
        cls.team = (
            cls.env["crm.team"]
            .sudo()
            .create({"name": "Wang's team", "company_id": cls.company.id})
        )
        cls.invoice2 = cls._new_invoice([5725.0], user=cls.wang)
        cls._pay(cls.invoice2, 5725.0)
        own = cls._new_invoice([100.0], user=cls.attackers["salesperson"])
        cls._pay(own, 100.0)
        statements = cls.env["parts.commission.statement"].sudo()
        drawn_up = statements._draw_up(cls.company, cls.invoice2.date)
        cls.statement = drawn_up.filtered(lambda x: x.user_id == cls.wang)
        cls.statement.with_user(cls.office).action_submit()
        cls.entry = cls.Entry.search([("move_id", "=", cls.invoice2.id)])
        cls.basis = cls.Basis.search([("move_id", "=", cls.invoice2.id)])
        cls.order = (
            cls.env["sale.order"]
            .sudo()
            .create(
                {
                    "partner_id": cls.partner_a.id,
                    "user_id": cls.wang.id,
                    "order_line": [
                        Command.create(
                            {"product_id": cls.brake.id, "price_unit": 5725.0}
                        )
                    ],
                }
            )
        )

    def _call_as(self, user):
        def call(model, method, *args, context=None, **kwargs):
            env = self.env(user=user.id, su=False, context=context or {})
            return call_kw(env[model], method, list(args), kwargs)

        return call

    def _secrets(self):
        return ("765.43", "765,43", "13.37", self.statement.name)

    def _get_found(self, result):
        """Return the secrets that an attacker got to see."""
        return [secret for secret in self._secrets() if secret in repr(result)]

    @mute_logger("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
    def _try(self, user, attack):
        """Return what an attempt brought, None if it was refused."""
        self.attacker = user
        self.env.flush_all()
        self.env.invalidate_all()
        with self.env.cr.savepoint() as savepoint:
            try:
                result = attack(self._call_as(user), self)
            except (UserError, AttributeError, ValueError):
                result = None
            savepoint.rollback()
        self.env.invalidate_all()
        return result

    def test_nobody_learns_what_a_colleague_earns(self):
        self.assertEqual(self.entry.amount, 765.43)
        self.assertGreaterEqual(len(REAL) + len(OTHERS), 60)
        for role, user in self.attackers.items():
            for name, attack in {**REAL, **OTHERS}.items():
                with self.subTest(role=role, attack=name):
                    result = self._try(user, attack)
                    self.assertFalse(self._get_found(result), result)
                    if name.startswith(("count", "order")):
                        self.assertFalse(result, "a count tells, too")

    def test_they_are_real_attacks(self):
        """Who may see all of it, sees it by the same calls."""
        for name, attack in REAL.items():
            with self.subTest(attack=name):
                self.assertTrue(self._get_found(self._try(self.boss, attack)))

    def test_colleagues_share_in_a_quotation_that_may_not_be_read(self):
        """A developer of the customer learns his own share where he reads the order."""
        seller = self.attackers["salesperson"]
        self.plan2.split_ids = [
            Command.create({"role": "developer", "user_id": seller.id, "share": 30.0})
        ]
        result = self._try(seller, OTHERS["simulate his quotation"])
        self.assertNotIn("Brake disc", repr(result))
        self.assertNotIn("229.6", repr(result), "30 % of 765.43")
        everybody = self.attackers["all_documents"]
        self.plan2.split_ids.user_id = everybody
        result = self._try(everybody, OTHERS["simulate his quotation"])
        self.assertIn("229.63", repr(result))
        self.assertFalse(self._get_found(result))

    def test_over_http(self):
        number = self.statement.id
        paths = [
            f"/auto_parts_sales/commission/statement/{number}/xlsx",
            f"/auto_parts_sales/commission/payroll/{number}/xlsx",
            f"/report/html/{REPORT}/{number}",
            f"/report/text/{REPORT}/{number}",
            f"/web/content/parts.commission.statement/{number}/display_name",
            f"/web/image/parts.commission.statement/{number}/name",
            f"/mail/view?model=parts.commission.statement&res_id={number}",
        ]
        for login in ("att_salesperson", "att_sales_manager", "att_billing"):
            self.authenticate(login, login)
            for path in paths:
                with (
                    self.subTest(login=login, path=path),
                    mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"),
                ):
                    answer = self.url_open(path)
                    self.assertFalse(self._get_found(answer.text), path)
                    self.assertNotEqual(
                        answer.headers.get("Content-Type"),
                        "application/vnd.openxmlformats-officedocument"
                        ".spreadsheetml.sheet",
                    )

    def test_export_over_http(self):
        self.authenticate("att_salesperson", "att_salesperson")
        data = {
            "model": "parts.commission.entry",
            "fields": [{"name": "amount", "label": "Commission"}],
            "ids": self.entry.ids,
            "domain": [],
            "groupby": [],
            "import_compat": False,
        }
        for kind in ("csv", "xlsx"):
            with mute_logger(
                "odoo.http",
                "odoo.addons.base.models.ir_rule",
                "odoo.addons.web.controllers.export",
            ):
                answer = self.url_open(
                    f"/web/export/{kind}",
                    data={
                        "data": json.dumps(data),
                        "csrf_token": Request.csrf_token(self),
                    },
                )
            self.assertFalse(self._get_found(answer.text))
