from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import PREFIX, ApprovalCommon

REPORT = "auto_parts_sales.report_parts_approval_rule"


@tagged("post_install", "-at_install")
class TestApprovalRules(ApprovalCommon):
    # CTL-8: the default rules of "Who signs what", changed by the administrator and
    # printed for the auditor

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls._new_user(
            "administrator", f"{PREFIX}administrator", "base.group_system"
        )
        cls.rules = cls.env["parts.approval.rule"].with_context(active_test=False)
        cls.own = cls.rules.search([("company_id", "=", cls.company.id)])

    def _steps_of(self, kind):
        """Return the steps of the rules of ``kind``: per rule (roles, order, votes)."""
        return [
            [
                (
                    next(iter(step.group_id.get_external_id().values())).removeprefix(
                        PREFIX
                    ),
                    step.sequence,
                )
                for step in rule.step_ids
            ]
            for rule in self.own.filtered(lambda rule: rule.kind == kind)
        ]

    # defaults

    def test_every_act_has_its_rule(self):
        kinds = [key for key, _label in self.rules._fields["kind"].selection]
        self.assertEqual(set(self.own.mapped("kind")), set(kinds))

    def test_only_what_is_asked_for_today_is_on(self):
        on = self.own.filtered("active")
        self.assertEqual(
            set(on.mapped("kind")),
            {
                "credit",
                "credit_file",
                "delivery",
                "commission",
                "policy",
                "declaration",
                "template",
                "contract",
                "clause",
                "pool",
            },
        )

    def test_who_signs_what(self):
        expected = {
            "policy": [[("management", 10), ("general_manager", 20)]],
            "declaration": [[("sales_manager", 10), ("general_manager", 20)]],
            "template": [[("legal_department", 10)]],
            "contract": [
                [
                    ("sales_director", 10),
                    ("finance", 10),
                    ("legal_post", 10),
                    ("general_manager", 20),
                ],
                [
                    ("sales_director", 10),
                    ("finance", 10),
                    ("legal_post", 10),
                    ("supply_chain", 10),
                    ("general_manager", 20),
                ],
            ],
            "clause": [[("legal_department", 10)], [("legal_post", 10)]],
            "price": [[("price_group", 10)]],
            "price_change": [[("price_group", 10)]],
            "credit": [[("sales_manager", 10)], [("general_manager", 10)]],
            # CRD-8: four hands and two, beyond the policy and within
            "credit_file": [
                [("sales_manager", 10), ("management", 20), ("credit_keeper", 30)],
                [
                    ("sales_manager", 10),
                    ("general_manager", 20),
                    ("credit_keeper", 30),
                ],
                [("management", 10)],
                [("general_manager", 10)],
            ],
            "customer": [[("sales_manager", 10)]],
            "order": [[("sales_office", 10)]],
            "supply": [[("sales_director", 10)]],
            "delivery": [[("sales_manager", 10)]],
            "work_order": [[("sales_manager", 10)]],
            "fapiao": [[("finance_deputy", 10)]],
            "commission": [
                [("finance", 10), ("finance_deputy", 20), ("general_manager", 30)]
            ],
            "pool": [[("general_manager", 10)]],
            "plan": [
                [("general_manager", 10)],
                [("sales_manager", 10), ("sales_director", 20)],
            ],
            "lead": [[("sales_director", 10)]],
            "writeoff": [[("finance_deputy", 10), ("general_manager", 20)]],
            "count": [[("finance", 10)]],
        }
        for kind, steps in expected.items():
            with self.subTest(kind=kind):
                self.assertEqual(self._steps_of(kind), steps)

    def test_committee_and_if_there_is_one(self):
        policy = self.own.filtered(lambda rule: rule.kind == "policy").step_ids[0]
        self.assertEqual((policy.voices, policy.minutes_required), (2, True))
        contract = self.own.filtered(lambda rule: rule.kind == "contract")[0]
        optional = contract.step_ids.filtered("optional").group_id
        self.assertEqual(optional, self.env.ref(f"{PREFIX}legal_post"))

    def test_important_contracts_begin_where_the_others_end(self):
        small, important = self.own.filtered(lambda rule: rule.kind == "contract")
        self.assertEqual(small.amount_max, important.amount_min)

    def test_names_in_every_language(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        self.patch(
            type(self.rules),
            "_default_table",
            lambda self, kind: [
                (
                    "信用" if self.env.lang == "zh_CN" else "Credit",
                    {"steps": [{"role": "sales_manager", "sequence": 10}]},
                )
            ],
        )
        company = self.env["res.company"].create({"name": "New trader"})
        self.rules.with_context(lang="zh_CN")._create_defaults(company, "credit")
        rule = self.rules.search([("company_id", "=", company.id)])
        self.assertEqual(rule.with_context(lang="en_US").name, "Credit")
        self.assertEqual(rule.with_context(lang="zh_CN").name, "信用")

    def test_a_company_starts_with_the_default_rules_of_its_own(self):
        company = self.env["res.company"].create({"name": "New trader"})
        self.assertFalse(self.rules.search([("company_id", "=", company.id)]))
        company.parts_credit_control = True
        rules = self.rules.search([("company_id", "=", company.id)])
        self.assertEqual(len(rules), len(self.own))

    def test_restoring_adds_only_what_is_missing(self):
        credit = self.own.filtered(lambda rule: rule.kind == "credit")
        credit[0].amount_max = 5000.0
        off = self.own.filtered(lambda rule: rule.kind == "credit_file")
        off.active = False
        self.own.filtered(lambda rule: rule.kind == "lead").unlink()
        action = self.rules.with_user(self.administrator).with_context(
            allowed_company_ids=self.company.ids
        )
        result = action.action_restore_defaults()
        self.assertRegex(result["params"]["message"], "1 rules added")
        self.assertEqual(credit[0].amount_max, 5000.0)
        self.assertFalse(any(off.mapped("active")))
        added = self.rules.search(
            [("kind", "=", "lead"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(added), 1)
        self.assertFalse(added.active)
        again = action.action_restore_defaults()
        self.assertRegex(again["params"]["message"], "has a rule already")

    def test_only_administrators_restore(self):
        for user in (self.seller, self.manager, self.general_manager):
            with self.assertRaises(AccessError):
                self.rules.with_user(user).action_restore_defaults()

    def test_head_of_sales_checks_a_credit_file(self):
        director = self._new_user("director", f"{PREFIX}sales_director")
        entering = self._new_user("keeper2", f"{PREFIX}credit_keeper")
        file = (
            self.env["parts.credit.file"]
            .with_user(self.keeper)
            .create({"partner_id": self.customer.id, "credit_limit": 500.0})
        )
        file.action_parts_request_approval("new customer")
        approval = file.sudo().parts_approval_ids
        with self.assertRaises(AccessError):  # not his turn yet
            approval.with_user(self.general_manager).action_approve()
        # sales proposes with finance; then checked, approved, entered
        for user in (self.manager, director, self.general_manager, entering):
            self.assertEqual(file.state, "pending")
            approval.with_user(user).action_approve()
        self.assertEqual(file.state, "active")

    # unheld

    def test_unheld_steps_are_named_on_the_rule(self):
        legal = self.env.ref(f"{PREFIX}legal_department")
        rule = self.own.filtered(lambda rule: rule.kind == "template")
        self.assertRegex(rule.unheld_warning, "Nobody holds “Legal Department”")
        user = self._new_user("legal", f"{PREFIX}legal_department")
        rule.invalidate_recordset()
        self.assertFalse(rule.unheld_warning)
        self.assertEqual(rule.step_ids.holders, user.name)
        branch = self.env["res.company"].create({"name": "Branch"})
        other = rule.copy({"company_id": branch.id})
        self.assertRegex(other.unheld_warning, "in Branch")
        rule.step_ids.voices = 2
        rule.invalidate_recordset()
        self.assertRegex(rule.unheld_warning, "needs 2 votes, and only 1")
        self.assertTrue(legal)

    def test_who_cannot_open_the_document_does_not_hold_the_step(self):
        rule = self.own.filtered(lambda rule: rule.kind == "credit")[0]
        rule.step_ids.group_id = self.env.ref(f"{PREFIX}legal_post")
        legal = self._new_user("legal_post", f"{PREFIX}legal_post")
        rule.invalidate_recordset()
        closed = f"{legal.name} holds “Legal Post” but may not open “Sales Order”"
        self.assertIn(closed, rule.unheld_warning)
        order = self._new_order(50)
        order.with_user(self.seller).action_parts_request_approval("please")
        approval = order.sudo().parts_approval_ids
        self.assertNotIn(legal, approval._open_users(approval.step_ids))
        self.assertIn(closed, approval.nobody_note)
        # Counter-case: with the right to read quotations he decides
        legal.group_ids += self.env.ref("sales_team.group_sale_salesman_all_leads")
        self.env.invalidate_all()
        self.assertFalse(rule.unheld_warning)
        approval.with_user(legal).action_approve()
        self.assertEqual(approval.state, "approved")

    def test_who_cannot_open_the_document_is_no_reason_to_skip_his_step(self):
        rule = self.own.filtered(lambda rule: rule.kind == "credit")[0]
        rule.step_ids.create(
            {
                "rule_id": rule.id,
                "sequence": 5,
                "group_id": self.env.ref(f"{PREFIX}legal_post").id,
                "optional": True,
            }
        )
        legal = self._new_user("legal_post", f"{PREFIX}legal_post")
        order = self._new_order(50)
        order.with_user(self.seller).action_parts_request_approval("please")
        approval = order.sudo().parts_approval_ids
        self.assertEqual(approval.step_ids.mapped("state"), ["pending", "pending"])
        self.assertIn(f"{legal.name} holds “Legal Post” but may", approval.nobody_note)

    def _bus_of(self, act):
        sent = []
        self.patch(
            type(self.env["res.users"]),
            "_bus_send",
            lambda self, kind, message, **_other: sent.append((kind, message)),
        )
        act()
        return [
            message["message"]
            for kind, message in sent
            if kind == "simple_notification"
        ]

    def test_named_when_a_rule_is_switched_on(self):
        rule = self.own.filtered(lambda rule: rule.kind == "template")
        rule = rule.with_user(self.administrator)
        [message] = self._bus_of(lambda: rule.write({"active": True}))
        self.assertRegex(message, "Contract template: Nobody holds “Legal Department”")

    def test_named_when_a_control_is_switched_on(self):
        company = self.env["res.company"].create({"name": "New trader"})
        self.administrator.company_ids += company
        company = company.with_user(self.administrator)
        [message] = self._bus_of(lambda: company.write({"parts_credit_control": True}))
        self.assertRegex(message, "Nobody holds “General Manager” in New trader")
        self.assertNotIn("Price Group", message)  # its rule is off
        self.assertRegex(company.parts_unheld_warning, "General Manager")

    def test_a_rule_behind_one_that_takes_all_never_applies(self):
        small, large = self.own.filtered(lambda rule: rule.kind == "credit").sorted()
        self.assertFalse(small.never_applies)
        self.assertFalse(large.never_applies)
        # All amounts, looked at first: the two after it are never reached
        first = small.copy({"amount_max": 0, "sequence": 0, "name": "All"})
        rules = small + large
        rules.invalidate_recordset()
        self.assertEqual(
            [bool(rule.never_applies) for rule in (first, small, large)],
            [False, True, True],
        )
        self.assertIn("“All” comes first", small.never_applies)
        # A condition leaves some documents to those behind it
        first.domain = "[('partner_id.country_id.code', '=', 'CN')]"
        rules.invalidate_recordset()
        self.assertFalse(small.never_applies or large.never_applies)
        # Its band ends within the large one's
        first.write({"domain": "[]", "amount_max": small.amount_max * 2})
        rules.invalidate_recordset()
        self.assertTrue(small.never_applies)
        self.assertFalse(large.never_applies)

    def test_nothing_is_named_where_all_is_held(self):
        rule = self.own.filtered(lambda rule: rule.kind == "credit")[0]
        rule = rule.with_user(self.administrator)
        self.assertFalse(self._bus_of(lambda: rule.write({"active": True})))

    # conditions

    def test_a_condition_is_checked_against_its_document(self):
        rule = self.own.filtered(lambda rule: rule.kind == "credit")[0]
        for wrong in (
            "[('no_such_field', '=', 1)]",
            "[('partner_id.nonsense', '=', 1)]",
            "[('partner_id', 'resembles', 1)]",
            "[('a')]",
            "{}",
            "[('name', '=', uid)]",
        ):
            with (
                self.subTest(domain=wrong),
                self.assertRaisesRegex(ValidationError, "is no domain"),
                self.cr.savepoint(),
            ):
                rule.domain = wrong
        rule.domain = "[('partner_id.country_id.code', '=', 'CN')]"
        # of a kind whose documents are not known yet, only the form is checked
        other = self.own.filtered(lambda rule: rule.kind == "count")
        other.domain = "[('no_such_field', '=', 1)]"

    # the auditor's print

    def _html(self, user, docids=None):
        report = self.env["ir.actions.report"].with_user(user)
        report = report.with_context(allowed_company_ids=self.company.ids)
        return report._render_qweb_html(REPORT, docids)[0].decode()

    def test_print_of_the_rules_as_they_are(self):
        html = self._html(self.general_manager)
        self.assertIn("Who Signs What", html)
        self.assertIn(self.company.name, html)
        self.assertIn("Sale beyond credit", html)
        self.assertIn("below", html)
        self.assertIn("100,000.00", html)
        self.assertIn(self.manager.name, html)
        self.assertIn("(switched off)", html)
        self.assertIn("Nobody holds “Legal Department”", html)
        self.assertNotIn(self.administrator.name, html)
        rule = self.own.filtered(lambda rule: rule.kind == "credit")[0]
        rule.step_ids = [
            Command.clear(),
            Command.create({"user_ids": [Command.set(self.keeper.ids)]}),
        ]
        self.assertIn(self.keeper.name, self._html(self.general_manager, rule.ids))

    def test_print_of_chosen_rules(self):
        rule = self.own.filtered(lambda rule: rule.kind == "pool")
        html = self._html(self.administrator, rule.ids)
        self.assertIn("Team&#39;s pool", html)
        self.assertNotIn("Sale beyond credit", html)

    def test_who_prints(self):
        deputy = self._new_user("deputy", f"{PREFIX}finance_deputy")
        self.assertIn("Who Signs What", self._html(deputy))
        for user in (self.seller, self.manager):
            with self.assertRaisesRegex(AccessError, "printed by"):
                self._html(user)

    def test_print_of_another_companys_rules(self):
        # CTL-5
        branch = self.env["res.company"].create({"name": "Branch"})
        branch.parts_credit_control = True
        rules = self.rules.search([("company_id", "=", branch.id)])
        self.assertNotIn("Branch", self._html(self.general_manager))
        with self.assertRaises(AccessError):
            self._html(self.general_manager, rules.ids)
