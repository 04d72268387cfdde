from datetime import date

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.auto_parts_sales.exceptions import GateError

from .approval_common import PREFIX, ApprovalCommon

SECRET = {
    "credit_limit",
    "exposure",
    "exposure_receivable",
    "exposure_orders",
    "exposure_drafts",
    "credit_free",
    "over",
    "overdue_days",
    "overdue_days_allowed",
    "term_days_allowed",
    "risk_class",
}
OPEN = {"customer", "order_amount"}


class FiguresCommon(ApprovalCommon):
    """An order of 12 discs (1,200.00) against a limit of 777.00: over by 423.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.colleague = cls._new_user(
            "colleague", "sales_team.group_sale_salesman_all_leads"
        )
        cls.file = cls._new_file(777.0, risk_class="b")
        cls.order = cls._new_order(12)
        cls.approval = cls._ask(cls.order)
        cls.figures = cls.env["parts.approval.figure"]
        cls.domain = [("approval_id", "=", cls.approval.id)]

    def _names(self, user):
        return set(self.figures.with_user(user).search(self.domain).mapped("name"))


@tagged("post_install", "-at_install")
class TestApprovalFigures(FiguresCommon):
    # CTL-1, CTL-3: what the decider sees and who asked may not

    def _row(self, name):
        return self.figures.sudo().search([*self.domain, ("name", "=", name)])

    def test_figures_of_the_moment(self):
        amounts = {
            "order_amount": 1200.0,
            "credit_limit": 777.0,
            "exposure": 0.0,
            "credit_free": 777.0,
            "over": 423.0,
        }
        for name, amount in amounts.items():
            row = self._row(name)
            self.assertEqual((row.value_type, row.value_float), ("amount", amount))
            self.assertEqual(row.currency_id, self.company.currency_id)
        self.assertIn("1,200.00", self._row("order_amount").value)
        self.assertEqual(self._row("customer").value, "Xinda Repair")
        self.assertEqual(self._row("term_days_allowed").value, "90")
        self.assertEqual(self._row("risk_class").value, "B – low")
        # later events leave it as it was
        self.file.credit_limit = 5000.0
        self.assertEqual(self._row("credit_limit").value_float, 777.0)

    def test_the_decider_reads_all_of_it(self):
        self.assertEqual(self._names(self.manager), OPEN | SECRET)
        rows = self.approval.with_user(self.manager).figure_ids
        self.assertEqual(len(rows.read(["label", "value"])), len(OPEN | SECRET))

    def test_who_asked_reads_what_he_knows_anyway(self):
        self.assertEqual(self._names(self.seller), OPEN)
        colleague = self._names(self.colleague)  # reads all orders, decides none
        self.assertEqual(colleague, OPEN)

    def test_finance_reads_it_without_deciding(self):
        finance = self._new_user(
            "finance",
            "sales_team.group_sale_salesman_all_leads",
            f"{PREFIX}finance",
        )
        self.assertEqual(self._names(finance), OPEN | SECRET)
        # who asked too, if it is his to know
        self.seller.group_ids |= self.env.ref(f"{PREFIX}finance")
        self.assertEqual(self._names(self.seller), OPEN | SECRET)

    def test_whose_role_decides_but_who_asked_himself(self):
        order = self._new_order(12, user=self.manager)
        approval = self._ask(order, user=self.manager)
        rows = self.figures.with_user(self.manager).search(
            [("approval_id", "=", approval.id)]
        )
        self.assertEqual(set(rows.mapped("name")), OPEN)

    def test_the_orders_salesperson_with_the_role_is_no_decider(self):
        self.order.sudo().user_id = self.manager
        self.assertEqual(self._names(self.manager), OPEN)

    def test_who_decided_reads_it_later(self):
        self.approval.with_user(self.manager).action_approve()
        self.manager.group_ids -= self.env.ref("sales_team.group_sale_manager")
        self.manager.group_ids |= self.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )
        self.assertEqual(self._names(self.manager), OPEN | SECRET)

    def test_nobody_else_by_any_path(self):
        secret = self.figures.sudo().search(
            [*self.domain, ("name", "in", sorted(SECRET))]
        )
        export = self.env.ref("base.group_allow_export")
        for user in (self.seller, self.colleague):
            user.group_ids |= export
            mine = self.figures.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(mine.search_count(self.domain), len(OPEN))
                self.assertFalse(
                    mine.search([*self.domain, ("value_float", "=", 777.0)])
                )
                groups = mine._read_group(
                    self.domain, ["name"], ["value_float:sum", "__count"]
                )
                self.assertEqual({name for name, *_sums in groups}, OPEN)
                approval = self.approval.with_user(user)
                approval.invalidate_recordset()
                [values] = approval.web_read(
                    {"figure_ids": {"fields": {"label": {}, "value": {}}}}
                )
                self.assertEqual(len(values["figure_ids"]), len(OPEN))
                self.assertNotIn("777", str(values))
                self.assertFalse(
                    self.env["parts.approval"]
                    .with_user(user)
                    .search([("figure_ids.value_float", "=", 777.0)])
                )
                for read in (
                    lambda rows: rows.read(["value"]),
                    lambda rows: rows.web_read({"value_float": {}}),
                    lambda rows: rows.export_data(["value_float"]),
                ):
                    rows = secret.with_user(user)
                    rows.invalidate_recordset()
                    with self.assertRaises(AccessError):
                        read(rows)

    def test_who_cannot_read_the_order_reads_no_row(self):
        stranger = self._new_user("stranger", "sales_team.group_sale_salesman")
        self.assertEqual(self._names(stranger), set())

    def test_nobody_writes_a_figure(self):
        row = self._row("credit_limit")
        values = {
            "approval_id": self.approval.id,
            "name": "credit_limit",
            "value_type": "amount",
            "value_float": 9.0,
        }
        for user in (self.seller, self.manager, self.env.ref("base.user_admin")):
            with self.subTest(user=user.login):
                for attack in (
                    lambda rows: rows.write({"value_float": 9.0}),
                    lambda rows: rows.unlink(),
                    lambda rows: rows.create(values),
                ):
                    with self.assertRaises(AccessError), self.cr.savepoint():
                        attack(row.with_user(user))

    @mute_logger("odoo.orm.models", "odoo.models")
    def test_facts_are_the_engines_alone(self):
        export = self.env.ref("base.group_allow_export")
        for user in (self.seller, self.manager, self.env.ref("base.user_admin")):
            user.group_ids |= export
            mine = self.approval.with_user(user)
            with self.subTest(user=user.login):
                self.assertNotIn("facts", mine.fields_get())
                for read in (
                    lambda a: a.read(["facts"]),
                    lambda a: a.web_read({"facts": {}}),
                    lambda a: a.export_data(["facts"]),
                    lambda a: a.search([("facts", "ilike", "423")]),
                ):
                    with self.assertRaises(AccessError):
                        read(mine)

    def test_facts_do_not_travel_with_the_error(self):
        with self.assertRaises(GateError) as caught, self.cr.savepoint():
            self.order.action_confirm()
        [block] = caught.exception.context["parts_blocks"]
        self.assertNotIn("facts", block)
        self.assertIn("facts", caught.exception.blocks[0])  # the server's own callers

    def test_no_figure_in_chatter_mail_and_names(self):
        self.approval.with_user(self.manager).action_approve("as agreed")
        texts = self.order.sudo().message_ids.mapped("body")
        texts += self.approval.sudo().message_ids.mapped("body")
        texts += [self.approval.display_name, self._row("credit_limit").display_name]
        for figure in ("777", "423", "1,200", "1200"):
            self.assertNotIn(figure, "".join(texts))
        # Odoo's own frame of a mail names the order's total, as ever
        mails = self.env["mail.mail"].sudo().search([]).mapped("body_html")
        shown = "".join(self._text(mail) for mail in mails if mail)
        for figure in ("777", "423"):
            self.assertNotIn(figure, shown)

    def _text(self, markup):
        return "".join(html.fromstring(f"<div>{markup}</div>").itertext())

    def _ask_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.env["ir.module.module"]._get("auto_parts_sales")._update_translations(
            ["zh_CN"]
        )
        order = self._new_order(12)
        order = order.with_user(self.seller).with_context(lang="zh_CN")
        order.action_parts_request_approval("请尽快")
        return order.sudo().parts_approval_ids

    def test_what_is_asked_is_read_in_each_language(self):
        approval = self._ask_in_chinese()
        english = approval.with_context(lang="en_US")
        chinese = approval.with_context(lang="zh_CN")
        self.assertRegex(english.message, "Xinda Repair would be beyond")
        self.assertRegex(chinese.message, "Xinda Repair将超出信用额度")
        self.assertEqual(english.reason, "请尽快")  # a person's words stay his

    def test_text_of_a_figure_is_no_change_in_another_language(self):
        approval = self._ask_in_chinese()
        risk = approval.figure_ids.filtered(lambda figure: figure.name == "risk_class")
        self.assertNotEqual(
            risk.with_context(lang="en_US").value, risk.with_context(lang="zh_CN").value
        )
        for lang in ("en_US", "zh_CN"):
            seen = approval.with_user(self.manager).with_context(lang=lang)
            self.assertNotIn("fa-exchange", seen.now_html)
        self.file.risk_class = "d"
        approval.invalidate_recordset()
        self.assertIn("fa-exchange", seen.now_html)

    def test_labels_are_the_readers_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        row = self._row("credit_limit")
        self.assertEqual(row.label, "Credit limit")
        # fields of the document name themselves
        file = self._new_file(
            50.0,
            customer=self.env["res.partner"].create({"name": "Lida"}),
            state="draft",
        )
        keeper = self._new_user("keeper2", f"{PREFIX}credit_keeper")
        approval = self._ask(file.with_user(keeper), user=keeper)
        rows = approval.sudo().figure_ids
        self.assertEqual(
            rows.filtered(lambda r: r.name == "term_days").label,
            "Longest Term (days)",
        )
        limit = rows.filtered(lambda r: r.name == "credit_limit")
        self.assertEqual((limit.value_type, limit.value_float), ("amount", 50.0))

    # === THE FORM === #

    def test_the_form_compares_then_and_now(self):
        approval = self.approval.with_user(self.manager)
        self.assertRegex(approval.now_html, "1,200.00")
        self.assertNotIn("fa-exchange", approval.now_html)
        self.file.credit_limit = 700.0
        approval.invalidate_recordset()
        self.assertRegex(approval.now_html, "500.00")  # over, was 423.00
        # by icon and word: the limit, what is free of it, the overrun, nothing else
        self.assertEqual(approval.now_html.count("fa-exchange"), 3)
        self.assertEqual(approval.now_html.count(">changed<"), 3)

    def test_the_form_shows_who_asked_the_sentence_only(self):
        for user in (self.seller, self.colleague):
            approval = self.approval.with_user(user)
            self.assertFalse(approval.now_html)
            self.assertFalse(approval.history_html)
            self.assertRegex(approval.message, "beyond the credit limit")

    def test_the_form_says_when_nothing_holds_any_more(self):
        self.file.credit_limit = 5000.0
        approval = self.approval.with_user(self.manager)
        self.assertRegex(approval.now_html, "Nothing holds")

    def test_last_decisions_of_this_customer(self):
        before = self._ask(self._new_order(12))
        before.with_user(self.manager).action_refuse("Not now")
        shown = self.approval.with_user(self.manager).history_html
        self.assertIn(before.document_name, shown)
        self.assertNotIn(before.document_name, self._history_of_another())

    def _history_of_another(self):
        other = self.env["res.partner"].create({"name": "Lida"})
        approval = self._ask(self._new_order(1, customer=other))
        return approval.with_user(self.manager).history_html or ""

    # === THE PRINT === #

    def _print(self, user):
        sheet, _kind = (
            self.env["ir.actions.report"]
            .with_user(user)
            ._render_qweb_html(
                "auto_parts_sales.report_parts_approval", self.approval.ids
            )
        )
        return sheet.decode()

    def test_the_sheet_holds_what_its_reader_may_read(self):
        self.approval.with_user(self.manager).action_approve("as agreed")
        sheet = self._print(self.manager)
        for text in ("审批单", self.order.name, "Xinda Repair", "Good customer"):
            self.assertIn(text, sheet)
        for text in ("beyond the credit limit", "as agreed", "Credit limit", "777.00"):
            self.assertIn(text, sheet)
        sheet = self._print(self.seller)
        self.assertIn("as agreed", sheet)
        self.assertIn("Order not paid yet", sheet)
        self.assertNotIn("Credit limit", sheet)
        self.assertNotIn("777.00", sheet)


@tagged("post_install", "-at_install")
class TestApprovalHistory(AccountTestInvoicingCommon):
    # screens.md: this customer's history, worked out by hand

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        return groups | cls.quick_ref("sales_team.group_sale_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.env["res.partner"].create({"name": "Xinda Repair"})
        cls.order = cls.env["sale.order"].create({"partner_id": cls.customer.id})

    def _invoice(self, day, due, amount, kind="out_invoice"):
        line = {"name": "parts", "price_unit": amount, "tax_ids": [Command.clear()]}
        invoice = self.env["account.move"].create(
            {
                "move_type": kind,
                "partner_id": self.customer.id,
                "invoice_date": day,
                "date": day,
                "invoice_payment_term_id": False,
                "invoice_date_due": due,
                "invoice_line_ids": [Command.create(line)],
            }
        )
        invoice.action_post()
        return invoice

    def _pay(self, invoice, day):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({"payment_date": day})._create_payments()

    def _figures(self):
        figures = self.order.sudo()._parts_gate_history("credit")
        return {figure["name"]: figure["value"] for figure in figures}

    @freeze_time("2026-06-30")
    def test_turnover_overdue_and_days_to_pay(self):
        self._invoice("2025-05-01", "2025-05-31", 9000.0)  # older than a year, open
        first = self._invoice("2026-01-01", "2026-01-31", 1000.0)
        self._pay(first, date(2026, 1, 11))  # after 10 days
        second = self._invoice("2026-02-01", "2026-02-28", 3000.0)
        self._pay(second, date(2026, 3, 3))  # after 30 days
        self._invoice("2026-06-01", "2026-07-31", 500.0)  # not due yet
        self._invoice("2026-05-01", "2026-05-31", 200.0, kind="out_refund")
        figures = self._figures()
        # 1,000 + 3,000 + 500 - 200
        self.assertEqual(figures["history_turnover"], 4300.0)
        self.assertEqual(figures["history_overdue"], 9000.0)
        # (10 x 1,000 + 30 x 3,000) / 4,000
        self.assertEqual(figures["history_days_to_pay"], 25.0)

    def test_no_history(self):
        self.assertEqual(
            self._figures(), {"history_turnover": 0.0, "history_overdue": 0.0}
        )

    def test_another_company_has_its_own(self):
        # CTL-5: the document's company, never the session's
        self._invoice("2026-06-01", "2026-06-02", 500.0)
        branch = self.env["res.company"].create({"name": "Branch"})
        order = self.env["sale.order"].create(
            {"partner_id": self.customer.id, "company_id": branch.id}
        )
        with freeze_time("2026-06-30"):
            self.assertEqual(self._figures()["history_overdue"], 500.0)
            history = order.sudo()._parts_gate_history("credit")
        self.assertEqual({figure["value"] for figure in history}, {0.0})


@tagged("post_install", "-at_install")
class TestApprovalFigureRules(ApprovalCommon):
    # CTL-1: a committee's later step reads the figures as soon as it is asked

    def test_a_later_step_reads_them_before_its_turn(self):
        rule = self.env["parts.approval.rule"].search(
            [("company_id", "=", self.company.id), ("kind", "=", "credit")], limit=1
        )
        boss = self._new_user(
            "boss2",
            "sales_team.group_sale_salesman_all_leads",
            f"{PREFIX}general_manager",
        )
        rule.step_ids = [
            Command.create(
                {
                    "sequence": 20,
                    "group_id": self.env.ref(f"{PREFIX}general_manager").id,
                }
            )
        ]
        self._new_file(50.0)
        approval = self._ask(self._new_order(3))
        rows = self.env["parts.approval.figure"].with_user(boss)
        names = rows.search([("approval_id", "=", approval.id)]).mapped("name")
        self.assertIn("credit_limit", names)
