from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .commission_common import CommissionCommon

P = "auto_parts_sales.group_parts_"
LEDGER = ("parts.commission.entry", "parts.commission.basis")
CONTEXT_KEYS = {
    "_force_unlink": True,
    "force_delete": True,
    "module_uninstall": True,
    "install_mode": True,
    "skip_readonly_check": True,
}


@tagged("post_install", "-at_install")
class TestCommissionRights(CommissionCommon, HttpCase):
    """COM-5, COM-6: nobody writes the ledger, nobody reads another's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan.user_ids = cls.li | cls.wang
        cls.boss = cls._new_user("com_boss", f"{P}sales_manager")
        cls.roles = {
            name: cls._new_user(f"com_{name}", f"{P}{name}")
            for name in (
                "sales_office",
                "finance",
                "finance_deputy",
                "general_manager",
                "administrator",
            )
        }
        team = (
            cls.env["crm.team"]
            .sudo()
            .create(
                {
                    "name": "Counter",
                    "user_id": cls.boss.id,
                    "company_id": cls.company.id,
                }
            )
        )
        cls.env["crm.team.member"].sudo().create(
            {"crm_team_id": team.id, "user_id": cls.li.id}
        )
        cls.invoice = cls._new_invoice([1000.0])
        cls.other = cls._new_invoice([500.0], user=cls.wang)
        cls._pay(cls.invoice, 400.0)
        cls._pay(cls.other, 500.0)
        cls.statement = (
            cls.env["parts.commission.statement"]
            .sudo()
            ._draw_up(cls.company, cls.invoice.date)
        )
        cls.mine = cls.Entry.search([("user_id", "=", cls.li.id)])
        cls.theirs = cls.Entry.search([("user_id", "=", cls.wang.id)])

    def test_no_role_writes_the_ledger(self):
        users = [self.li, self.boss, *self.roles.values(), self.simple_accountman]
        for user in users:
            for model in (*LEDGER, "parts.commission.statement"):
                record = self.env[model].sudo().search([], limit=1)
                model = self.env[model].with_user(user).with_context(**CONTEXT_KEYS)
                with self.subTest(user=user.login, model=model._name):
                    vals = {"user_id": user.id, "company_id": self.company.id}
                    with self.assertRaises(AccessError):
                        model.create(vals)
                    record = record.with_env(model.env)
                    with self.assertRaises(UserError):
                        record.write({"user_id": user.id})
                    if model._name in LEDGER:
                        with self.assertRaises(UserError):
                            record.unlink()

    def test_not_even_superuser_changes_or_deletes(self):
        for model in LEDGER:
            record = self.env[model].sudo().search([], limit=1)
            record = record.with_context(**CONTEXT_KEYS)
            for vals in ({"amount": 1.0}, {"user_id": self.wang.id}):
                with self.assertRaises(UserError):
                    record.write(vals)
            with self.assertRaises(UserError):
                record.unlink()
        with self.assertRaises(UserError):
            self.mine.write({"statement_id": False})

    def test_commands_through_a_parent_do_not_reach_the_ledger(self):
        basis = self.mine.basis_id.with_user(self.li)
        with self.assertRaises(UserError):
            basis.write({"entry_ids": [Command.clear()]})
        statement = self.statement[:1].with_user(self.roles["sales_office"])
        with self.assertRaises(UserError):
            statement.write({"entry_ids": [Command.clear()]})

    def test_salesperson_reads_only_his_own(self):
        for model in (*LEDGER, "parts.commission.statement"):
            model = self.env[model].with_user(self.li)
            found = model.with_context(active_test=False).search([])
            self.assertEqual(found.user_id, self.li, model._name)
            theirs = model.sudo().search([("user_id", "=", self.wang.id)], limit=1)
            theirs = theirs.with_user(self.li)
            with self.subTest(model=model._name):
                with self.assertRaises(AccessError):
                    theirs.read(["user_id"])
                with self.assertRaises(AccessError):
                    theirs.web_read({"display_name": {}})
                with self.assertRaises(AccessError):
                    theirs.export_data(["user_id", "display_name"])
                self.assertFalse(model.search_count([("id", "in", theirs.ids)]))
                groups = model.formatted_read_group(
                    [], ["user_id"], ["__count", "id:max"]
                )
                self.assertEqual([g["user_id"][0] for g in groups], [self.li.id])

    def test_salesperson_reaches_no_other_through_relations(self):
        entry = self.env["parts.commission.entry"].with_user(self.li)
        total = sum(
            group["amount:sum"]
            for group in entry.formatted_read_group([], [], ["amount:sum"])
        )
        self.assertEqual(total, 40.0)
        self.assertFalse(entry.search([("statement_id.user_id", "=", self.wang.id)]))
        names = entry.env["parts.commission.statement"].name_search("")
        mine = self.statement.filtered(lambda x: x.user_id == self.li)
        self.assertEqual([name[0] for name in names], mine.ids)
        other = self.other.with_user(self.li)
        self.assertEqual(other.sudo(False).parts_commission_count, 0)
        action = self.other.with_user(self.li).action_parts_open_commission()
        self.assertFalse(entry.search(action["domain"]))

    def test_team_leader_reads_his_team(self):
        entries = self.Entry.with_user(self.boss).sudo(False).search([])
        self.assertEqual(entries, self.mine)
        self.env["crm.team.member"].sudo().search(
            [("user_id", "=", self.li.id)]
        ).active = False
        entries = self.Entry.with_user(self.boss).sudo(False).search([])
        self.assertFalse(entries, "no longer of his team")

    def test_others_read_all_of_their_company(self):
        for name, user in self.roles.items():
            entries = self.Entry.with_user(user).sudo(False).search([])
            self.assertEqual(entries, self.mine | self.theirs, name)
        other_company = self.setup_other_company()["company"]
        self.roles["finance"].write(
            {
                "company_ids": [Command.set(other_company.ids)],
                "company_id": other_company.id,
            }
        )
        entries = self.Entry.with_user(self.roles["finance"]).sudo(False).search([])
        self.assertFalse(entries)

    def test_plans_are_written_by_the_deputy_and_the_general_manager(self):
        may = {"finance_deputy", "general_manager", "administrator"}
        for name, user in self.roles.items():
            with self.subTest(role=name):
                rule = self.plan.rule_ids.with_user(user).sudo(False)
                if name in may:
                    rule.rate = 10.0
                else:
                    with self.assertRaises(AccessError):
                        rule.rate = 11.0
        rule = self.plan.rule_ids.with_user(self.li).sudo(False)
        self.assertEqual(rule.rate, 10.0, "a salesperson reads his own plan")
        with self.assertRaises(AccessError):
            rule.rate = 50.0
        stranger = self._new_user("com_stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            rule.with_user(stranger).read(["rate"])

    def test_accountant_without_a_right_of_ours_reconciles(self):
        clerk = self._new_user("com_clerk", "account.group_account_invoice")
        self.assertFalse(self.Entry.with_user(clerk).sudo(False).has_access("read"))
        invoice = self.invoice.with_user(clerk)
        wizard = (
            self.env["account.payment.register"]
            .with_user(clerk)
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create({"amount": 600.0, "payment_date": "2026-03-20"})
        )
        payment = wizard._create_payments()
        self.assertEqual(self._earned(self.invoice), 100.0)
        payment.action_draft()
        self.assertEqual(self._earned(self.invoice), 40.0)
        form = invoice.get_view(view_type="form")["arch"]
        self.assertNotIn("action_parts_open_commission", form)

    def test_spreadsheet_only_for_who_may_read(self):
        self.authenticate("com_li", "com_li")
        for statement in self.statement:
            url = f"/auto_parts_sales/commission/statement/{statement.id}/xlsx"
            expected = 200 if statement.user_id == self.li else 404
            self.assertEqual(self.url_open(url).status_code, expected)

    def test_engine_and_drawing_up_are_no_doors_for_rpc(self):
        for name in ("parts.commission.engine", "parts.commission.booking"):
            public = [
                method
                for method in type(self.env[name]).__dict__
                if not method.startswith("_")
            ]
            self.assertFalse(
                [m for m in public if callable(getattr(self.env[name], m))]
            )
        wizard = self.env["parts.commission.draw"]
        with self.assertRaises(AccessError):
            wizard.with_user(self.li).create({"month": "2026-03-01"})
