from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .acceptance_common import AcceptanceCommon, P

OURS = (
    "salesperson",
    "sales_manager",
    "sales_office",
    "sales_director",
    "price_group",
    "finance",
    "finance_deputy",
    "credit_keeper",
    "invoicing_clerk",
    "receivables_clerk",
    "master_data_keeper",
    "legal_post",
    "legal_department",
    "supply_chain",
    "contract_keeper",
    "general_manager",
    "administrator",
)
CORE = (
    "account.group_account_invoice",
    "account.group_account_manager",
    "stock.group_stock_manager",
    "sales_team.group_sale_manager",
    "base.group_erp_manager",
)
LEDGER = (
    "parts.commission.entry",
    "parts.commission.basis",
    "parts.commission.cost",
    "parts.commission.signature",
    "parts.commission.pool.month",
)
KEEPS_PLANS = {"finance_deputy", "general_manager", "administrator"}
QUIET = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceRights(AcceptanceCommon):
    """COM-5, COM-6: by RPC, whoever it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls._new_user(f"acc_{role}", f"{P}{role}") for role in OURS
        } | {
            group: cls._new_user(f"acc_{group}", f"base.group_user,{group}")
            for group in CORE
        }
        cls.plan.user_ids |= cls.wang
        cls.invoice = cls._new_invoice([1000.0])
        cls._pay(cls.invoice, 400.0)
        cls.other = cls._new_invoice([730.0], user=cls.wang)
        cls._pay(cls.other, 730.0)
        cls.statements = (
            cls.env["parts.commission.statement"]
            .sudo()
            ._draw_up(cls.company, cls.invoice.date)
        )

    def _call(self, user, model, method, *args, **kwargs):
        env = self.env(user=user.id, su=False, context={})
        return call_kw(env[model], method, list(args), kwargs)

    def _refused(self, user, model, method, *args, **kwargs):
        with (
            self.subTest(user=user.login, model=model, method=method),
            mute_logger(*QUIET),
            self.assertRaises(UserError),
            self.env.cr.savepoint(),
        ):
            self._call(user, model, method, *args, **kwargs)
            self.env.flush_all()

    def test_no_role_touches_the_ledger(self):
        entry, basis = (
            self.env[model].sudo().search([], limit=1).id for model in LEDGER[:2]
        )
        for user in self.users.values():
            for model, some_id in ((LEDGER[0], entry), (LEDGER[1], basis)):
                for method, args in (
                    ("create", [[{"user_id": user.id, "amount": 5.0}]]),
                    ("write", [[some_id], {"amount": 5.0}]),
                    ("write", [[some_id], {"user_id": user.id}]),
                    ("web_save", [[some_id], {"amount": 5.0}, {}]),
                    ("unlink", [[some_id]]),
                    ("copy", [[some_id]]),
                ):
                    self._refused(user, model, method, *args)
            self._refused(user, LEDGER[1], "action_archive", [basis])
            for model in LEDGER[2:]:
                self._refused(user, model, "create", [{"company_id": self.company.id}])

    def test_nothing_comes_in_by_import(self):
        before = self.Entry.search_count([])
        for role in ("finance", "general_manager", "administrator"):
            with mute_logger(*QUIET):
                result = self._call(
                    self.users[role],
                    "parts.commission.entry",
                    "load",
                    ["user_id", "kind", "date", "amount"],
                    [["acc_finance", "collection", "2026-03-01", "99"]],
                )
            self.assertFalse(result["ids"], role)
        self.assertEqual(self.Entry.search_count([]), before)

    def test_statements_are_written_by_nobody(self):
        statement = self.statements.filtered(lambda x: x.user_id == self.li)
        model = "parts.commission.statement"
        for user in self.users.values():
            vals = {"user_id": user.id, "date_from": "2026-03-01"}
            self._refused(user, model, "create", [{**vals, "date_to": "2026-03-31"}])
            self._refused(user, model, "copy", [statement.id])
            for vals in (
                {"state": "paid"},
                {"submitted": True},
                {"user_id": user.id},
                {"payment_date": "2026-03-31"},
                {"entry_ids": [[5, 0, 0]]},
            ):
                self._refused(user, model, "write", [statement.id], vals)
        self.assertEqual(statement.state, "draft")

    def test_who_discards_a_draft(self):
        statement = self.statements.filtered(lambda x: x.user_id == self.li)
        may = {"sales_office", "finance_deputy", "general_manager", "administrator"}
        for role, user in self.users.items():
            if role not in may:
                self._refused(user, statement._name, "unlink", [statement.id])
        self._call(
            self.users["sales_office"], statement._name, "unlink", [statement.id]
        )
        self.assertFalse(statement.exists())

    def test_who_keeps_plans(self):
        rule = self.plan.rule_ids
        for role, user in self.users.items():
            if role in KEEPS_PLANS:
                self._call(user, rule._name, "write", [rule.id], {"rate": 10.0})
                continue
            self._refused(user, rule._name, "write", [rule.id], {"rate": 90.0})
            self._refused(user, rule._name, "unlink", [rule.id])
            self._refused(user, self.plan._name, "action_archive", [self.plan.id])
            self._refused(user, self.plan._name, "action_new_version", [self.plan.id])
            for part, vals in (
                ("rule", {"rate": 9.0}),
                ("split", {"role": "developer", "share": 50.0, "user_id": user.id}),
                ("factor", {"days_from": 1, "factor": 2.0}),
                ("tier", {"amount_from": 0.0, "rate": 5.0}),
            ):
                model = f"parts.commission.{part}"
                self._refused(
                    user, model, "create", [{"plan_id": self.plan.id, **vals}]
                )

    def test_nobody_gives_himself_a_share(self):
        """Neither in a plan of others, nor as somebody's developer or collector."""
        for role in ("finance_deputy", "general_manager"):
            user = self.users[role]
            for vals in (
                {"role": "developer", "share": 50.0, "user_id": user.id},
                {"role": "lead", "share": 50.0, "user_id": user.id},
            ):
                self._refused(
                    user,
                    "parts.commission.split",
                    "create",
                    [{"plan_id": self.plan.id, **vals}],
                )
        for role in ("sales_office", "finance_deputy", "general_manager"):
            user = self.users[role]
            for party in ("developer", "collector"):
                self._refused(
                    user,
                    "parts.commission.party",
                    "create",
                    [
                        {
                            "partner_id": self.partner_a.id,
                            "role": party,
                            "user_id": user.id,
                        }
                    ],
                )

    def test_nobody_makes_a_plan_for_himself(self):
        for role in ("finance_deputy", "general_manager"):
            user = self.users[role]
            vals = {
                "name": "Mine",
                "company_id": self.company.id,
                "user_ids": [[6, 0, [user.id]]],
                "rule_ids": [[0, 0, {"rate": 50.0}]],
            }
            self._refused(user, "parts.commission.plan", "create", [vals])

    def test_transfers_of_others_only(self):
        vals = {
            "user_from_id": self.li.id,
            "user_to_id": self.wang.id,
            "reason": "Li has left",
        }
        may = KEEPS_PLANS | {"sales_office"}
        for role, user in self.users.items():
            if role not in may:
                self._refused(user, "parts.commission.transfer", "create", [vals])
                continue
            own = {**vals, "user_to_id": user.id}
            self._refused(user, "parts.commission.transfer", "create", [own])

    def test_who_draws_up_signs_and_pays(self):
        for model, may, vals in (
            ("parts.commission.draw", {"sales_office"}, {"month": "2026-03-01"}),
            ("parts.commission.pay", {"finance"}, {"method": "payroll"}),
        ):
            for role, user in self.users.items():
                if role in may | KEEPS_PLANS | {"account.group_account_manager"}:
                    continue
                self._refused(user, model, "create", [vals])

    def test_salesperson_reads_his_own_by_every_reading_method(self):
        model = "parts.commission.entry"
        theirs = self._entries(self.other)
        read = [self.li, "search_read", [], ["amount", "user_id"]]
        seen = self._call(read[0], model, *read[1:])
        self.assertEqual({x["user_id"][0] for x in seen}, {self.li.id})
        for path in (
            "user_id",
            "user_id.login",
            "statement_id.user_id",
            "basis_id.user_id",
            "move_id.invoice_user_id",
            "payment_id",
            "move_line_id.move_id",
            "reversal_of_id.user_id",
        ):
            with mute_logger(*QUIET):
                try:
                    groups = self._call(
                        self.li,
                        model,
                        "formatted_read_group",
                        [],
                        [path],
                        ["amount:sum"],
                    )
                except (UserError, ValueError):
                    continue
            self.assertEqual(sum(x["amount:sum"] for x in groups), 40.0, path)
        for domain in (
            [("basis_id.amount", ">", 72.0)],
            [("statement_id.entry_ids.amount", ">", 72.0)],
            [("basis_id.entry_ids.user_id", "=", self.wang.id)],
            [("basis_id.plan_id.user_ids", "=", self.wang.id)],
        ):
            with mute_logger(*QUIET):
                try:
                    found = self._call(self.li, model, "search", domain)
                except UserError:
                    continue
            self.assertFalse(set(found) & set(theirs.ids), domain)
        self._refused(self.li, model, "read", theirs.ids, ["amount"])
        self._refused(self.li, model, "export_data", theirs.ids, ["amount"])

    def test_no_core_document_leads_to_the_ledger(self):
        """No field of another model points at entries, promises or statements."""
        own = ("parts.commission.entry", "parts.commission.basis")
        for name in self.env.registry:
            if name.startswith("parts."):
                continue
            for field in self.env[name]._fields.values():
                self.assertNotIn(field.comodel_name, own, f"{name}.{field.name}")

    def test_portal_and_public_see_nothing(self):
        portal = self._new_user("acc_portal", "base.group_portal")
        for model in (
            *LEDGER,
            "parts.commission.statement",
            "parts.commission.plan",
            "parts.commission.rule",
            "parts.commission.pool",
            "parts.commission.transfer",
            "parts.commission.issue",
        ):
            for user in (portal, self.env.ref("base.public_user").sudo()):
                self._refused(user, model, "search_read", [], ["id"])

    def test_accountant_without_our_rights_does_everything(self):
        """Post, pay, reset, undo, credit, cancel: as a mere billing clerk."""
        clerk = self.users["account.group_account_invoice"]
        invoice = self._new_invoice([500.0], post=False)
        invoice.with_user(clerk).action_post()
        payment = self._pay(invoice.with_user(clerk), 200.0)
        self.assertEqual(self._earned(invoice), 20.0)
        payment = payment.with_user(clerk).sudo(False)
        payment.action_draft()
        self.assertEqual(self._earned(invoice), 0.0)
        payment.action_post()
        self.assertEqual(self._earned(invoice), 20.0)
        invoice.with_user(clerk).js_remove_outstanding_partial(
            self._partials(invoice).id
        )
        self.assertEqual(self._earned(invoice), 0.0)
        note = invoice.with_user(clerk)._reverse_moves(
            [{"invoice_date": "2026-03-12", "date": "2026-03-12"}], cancel=True
        )
        self.assertEqual(note.payment_state, "paid")
        self.assertEqual(self._earned(invoice | note), 0.0)
        with self.assertRaises(AccessError), mute_logger(*QUIET):
            self.Entry.with_user(clerk).sudo(False).search([])


@tagged("post_install", "-at_install")
class TestCommissionAcceptanceCompanies(AcceptanceCommon):
    """COM-1, COM-5: the company is the document's, never the session's."""

    def test_one_person_in_two_companies(self):
        """10 % in dollars here, 4 % in euros there; each company its statement."""
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        data = self.setup_other_company(name="Second 8", currency_id=euro.id)
        second = data["company"]
        self.li.sudo().company_ids = [Command.link(second.id)]
        self.env.user.sudo().company_ids = [Command.link(second.id)]
        self._new_plan("There", self.li, [{"rate": 4.0}], company_id=second.id)
        here = self._new_invoice([1000.0])
        there = (
            self.env["account.move"]
            .with_company(second)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": second.id,
                    "partner_id": self.partner_a.id,
                    "invoice_date": "2026-03-01",
                    "date": "2026-03-01",
                    "invoice_user_id": self.li.id,
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": self.brake.id,
                                "price_unit": 500.0,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        self.assertEqual(there.currency_id, euro)
        there.action_post()
        both = self.env(context={"allowed_company_ids": [self.company.id, second.id]})
        self._pay(here, 400.0)
        wizard = (
            both["account.payment.register"]
            .with_context(active_model="account.move", active_ids=there.ids)
            .create({"payment_date": "2026-03-10", "amount": 250.0})
        )
        wizard._create_payments()
        self.assertRecordValues(
            self._entries(here | there),
            [
                {"company_id": self.company.id, "amount": 40.0},
                {"company_id": second.id, "amount": 10.0},
            ],
        )
        self.assertEqual(self._entries(there).currency_id, euro)
        statements = self.env["parts.commission.statement"].sudo()
        for company, total in ((self.company, 40.0), (second, 10.0)):
            statement = statements._draw_up(company, here.date)
            self.assertEqual(statement.amount_total, total)
            self.assertEqual(statement.currency_id, company.currency_id)
