from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .contract_paper_common import ContractPaperCommon


@tagged("post_install", "-at_install")
class TestContractTemplate(ContractPaperCommon):
    # CON-1, CON-3: clauses, approved by legal, with versions and an end

    def _draft(self, **values):
        template = (
            self.env["parts.contract.template"]
            .with_user(self.office)
            .create({"name": "New", **values})
        )
        self.env["parts.contract.template.clause"].with_user(self.office).create(
            {
                "template_id": template.id,
                "topic": "goods",
                "title_en": "Goods",
                "body_en": "<p>Parts</p>",
            }
        )
        return template

    def test_legal_approves(self):
        template = self._draft()
        self.assertFalse(template.usable)
        request = self._submit(template)
        self.assertEqual(template.state, "pending")
        for user in (self.office, self.legal_post, self.general_manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                request.with_user(user).action_approve()
        request.with_user(self.legal).action_approve()
        self.assertEqual(template.state, "approved")
        self.assertTrue(template.usable)

    def test_its_request_names_it_in_each_readers_language(self):
        # CTL-1: who asks reads Chinese, who decides English
        self.env["res.lang"]._activate_lang("zh_CN")
        request = self._submit(self._draft().with_context(lang="zh_CN"))
        for lang, name in (("en_US", "New, version 1"), ("zh_CN", "New，第1版")):
            with self.subTest(lang=lang):
                seen = request.with_user(self.legal).with_context(lang=lang)
                self.assertEqual(seen.document_name, name)
                self.assertTrue(seen.display_name.startswith(name))

    def test_who_asked_does_not_approve(self):
        template = self._draft()
        template.with_user(self.legal).action_parts_request_approval("New")
        request = template.sudo().parts_approval_ids
        with self.assertRaises(AccessError):
            request.with_user(self.legal).action_approve()

    def test_what_was_submitted_is_frozen(self):
        template = self._draft()
        clause = template.clause_ids
        self._submit(template)
        for action in (
            lambda: template.write({"name": "Other"}),
            lambda: clause.write({"body_en": "<p>Other parts</p>"}),
            lambda: clause.unlink(),
            lambda: template.write({"clause_ids": [Command.clear()]}),
            lambda: clause.copy({"template_id": template.id}),
            lambda: template.unlink(),
        ):
            with self.subTest(action=action), self.assertRaises(UserError):
                action()

    def test_withdrawn_it_can_be_changed_again(self):
        template = self._draft()
        request = self._submit(template)
        request.with_user(self.office).action_withdraw()
        self.assertEqual(template.state, "draft")
        template.name = "Other"

    def test_refused(self):
        template = self._draft()
        self._submit(template).with_user(self.legal).action_refuse("Too short")
        self.assertEqual(template.state, "refused")
        self.assertFalse(template.usable)

    def test_no_role_writes_its_state(self):
        template = self._draft(state="approved", date_approved="2020-01-01")
        self.assertEqual(template.state, "draft")
        for user in (self.office, self.legal, self.legal_post):
            with self.subTest(user=user.login), self.assertRaises(UserError):
                template.with_user(user).write({"state": "approved"})

    def test_empty_is_not_submitted(self):
        template = self.env["parts.contract.template"].create({"name": "Empty"})
        with self.assertRaisesRegex(UserError, "no clauses"):
            template.action_parts_request_approval("Now")
        self.env["parts.contract.template.clause"].create(
            {"template_id": template.id, "title_en": "Nothing"}
        )
        with self.assertRaisesRegex(UserError, "has no text"):
            template.action_parts_request_approval("Now")

    def test_a_new_version_ends_the_one_before(self):
        action = self.template.with_user(self.office).action_new_version()
        new = self.env["parts.contract.template"].browse(action["res_id"])
        self.assertEqual((new.number, new.previous_id), (2, self.template))
        # the variant hangs on the clause of the new version
        self.assertEqual(new.clause_ids.variant_of_id.template_id, new)
        self.assertEqual(len(new.clause_ids), 4)
        self.assertTrue(self.template.usable)
        self._submit(new.with_user(self.office)).with_user(self.legal).action_approve()
        self.assertFalse(self.template.usable)
        self.assertTrue(new.usable)
        contract = self._new_contract(template_id=False)
        self.assertEqual(contract.template_id, new)

    def test_an_ended_or_unapproved_template_is_not_used(self):
        self.template.date_end = "2020-01-01"
        with self.assertRaisesRegex(UserError, "ended on 2020-01-01"):
            self._new_contract()
        with self.assertRaisesRegex(UserError, "not approved by legal"):
            self._new_contract(template_id=self._draft().id)

    def test_for_the_other_kind(self):
        with self.assertRaisesRegex(UserError, "other kind"):
            self._new_contract(kind="framework")

    def test_unknown_placeholders(self):
        clause = self.template.clause_ids[0]
        for body in ("<p>{{custmer}}</p>", "<p>{{ company.partner_id }}</p>"):
            with self.subTest(body=body), self.assertRaises(ValidationError):
                clause.body_en = body

    def test_the_templates_that_come_with_it(self):
        # drafts: legal of each company approves them; nothing in them is unknown
        for name in ("single", "framework"):
            template = self.env.ref(f"auto_parts_sales.parts_contract_template_{name}")
            topics = set(template.clause_ids.mapped("topic"))
            self.assertLessEqual(
                {
                    "goods",
                    "price",
                    "delivery",
                    "acceptance",
                    "payment",
                    "warranty",
                    "breach",
                    "disputes",
                    "term",
                },
                topics,
            )
            self.assertTrue(template.clause_ids.variant_of_id)
            for clause in template.clause_ids:
                self.assertTrue(all(clause._wording()), clause.display_name)


@tagged("post_install", "-at_install")
class TestContractClauses(ContractPaperCommon):
    # CON-3: the comparison with the template finds every change, legal says what it is

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.contract = cls._new_contract()
        cls.goods, cls.delivery, cls.payment = cls.contract.clause_ids.sorted()

    def test_drawn_from_the_template(self):
        self.assertEqual(
            self.contract.clause_ids.mapped("change"), ["same", "same", "same"]
        )
        self.assertFalse(self.contract.current_version_id._changed_clauses())
        self.assertEqual(self.contract.clause_verdict, "none")

    def test_every_change_is_found(self):
        for field, value in (
            ("body_zh", "<p>卖给张三</p>"),
            ("body_en", "<p>Sold to {{customer}}</p>"),  # a full stop
            ("title_en", "Things"),
            ("title_zh", ""),
            ("body_en", "<p>Sold to <s>{{customer}}</s>.</p>"),
            ("body_en", "<p>Not sold to {{customer}}.</p>"),
        ):
            with self.subTest(field=field, value=value):
                before = self.goods[field]
                self.goods[field] = value
                self.assertEqual(self.goods.change, "changed")
                self.goods[field] = before
                self.assertEqual(self.goods.change, "same")

    def test_how_the_editor_wraps_is_no_change(self):
        self.goods.body_en = (
            '<div data-oe-version="2.0"><p>Sold  to&nbsp;{{customer}}.<br></p></div>'
        )
        self.assertEqual(self.goods.change, "same")
        # letters that nobody sees are text, too
        self.goods.body_en = (
            '<p>Sold to {{customer}}.<span style="display:none">Not.</span></p>'
        )
        self.assertEqual(self.goods.change, "changed")

    def test_a_variant_is_no_change(self):
        self.delivery.template_clause_id = self.pickup
        self.assertIn("Collected", self.delivery.body_en)
        self.assertEqual(self.delivery.change, "same")

    def test_a_clause_of_another_template_is_refused(self):
        other = self._new_template(name="Other")
        for clause in (other.clause_ids[0], self.goods.template_clause_id, None):
            with self.subTest(clause=clause), self.assertRaises(UserError):
                self.delivery.template_clause_id = clause

    def test_free_and_left_out(self):
        free = self.contract.clause_ids.create(
            {
                "version_id": self.contract.current_version_id.id,
                "title_en": "Secrecy",
                "body_en": "<p>Nothing is told.</p>",
            }
        )
        self.assertEqual(free.change, "free")
        with self.assertRaisesRegex(UserError, "Left Out"):
            self.payment.unlink()
        self.payment.left_out = True
        self.assertEqual(self.payment.change, "left_out")
        self.assertEqual(
            self.contract.current_version_id._changed_clauses(), self.payment | free
        )
        free.unlink()
        self.payment.left_out = False
        self.assertEqual(self.contract.clause_verdict, "none")

    def test_a_copy_of_a_template_clause_by_hand_is_refused(self):
        with self.assertRaises(UserError):
            self.goods.copy()

    def test_another_template_replaces_the_clauses(self):
        other = self._new_template(name="Other")
        other.clause_ids.filtered(lambda c: c.topic == "payment").unlink()
        free = self.contract.clause_ids.create(
            {"version_id": self.contract.current_version_id.id, "title_en": "Mine"}
        )
        self.contract.template_id = other
        self.assertEqual(self.contract.clause_ids.template_clause_id.template_id, other)
        self.assertEqual(len(self.contract.clause_ids), 3)
        self.assertIn(free, self.contract.clause_ids)

    def test_the_form_shows_the_variant_at_once(self):
        delivery = self.contract.clause_ids.filtered(lambda c: c.topic == "delivery")
        form = Form(delivery.with_user(self.seller))
        form.template_clause_id = self.pickup
        self.assertIn("Collected by the buyer", form.body_en)
        self.assertEqual((form.title_en, form.change), ("Pickup", "same"))
        form.save()
        self.assertEqual(delivery.change, "same")

    def test_legal_says_what_a_change_is(self):
        self.goods.body_en = "<p>Sold to the buyer.</p>"
        self.assertEqual(self.contract.clause_verdict, "unjudged")
        self.goods.with_user(self.legal_post).action_judge("wording", "Same meaning")
        self.assertEqual(self.goods.verdict, "wording")
        self.assertEqual(self.contract.clause_verdict, "wording")
        self.payment.left_out = True
        self.assertEqual(self.contract.clause_verdict, "unjudged")
        self.payment.with_user(self.legal).action_judge("substance")
        self.assertEqual(self.contract.clause_verdict, "substance")
        # the department thinks again: the last answer counts
        self.payment.with_user(self.legal).action_judge_wording()
        self.assertEqual(self.contract.clause_verdict, "wording")

    def test_legal_gives_its_reason_in_the_dialog(self):
        self.assertFalse(self.goods.with_user(self.legal_post).may_judge)
        self.goods.body_en = "<p>Sold to the buyer.</p>"
        for user, may in (
            (self.legal_post, True),
            (self.legal, True),
            (self.seller, False),
            (self.office, False),
        ):
            with self.subTest(user=user.login):
                self.assertEqual(self.goods.with_user(user).may_judge, may)
        for act, ask in (
            ("wording", "action_ask_wording"),
            ("substance", "action_ask_substance"),
        ):
            with self.subTest(act=act):
                action = getattr(self.goods.with_user(self.legal_post), ask)()
                dialog = self.env[action["res_model"]].with_user(self.legal_post)
                dialog = dialog.with_context(**action["context"])
                dialog.create({"reason": f"Mere {act}"}).action_carry_out()
                said = self.goods.verdict_ids.sorted("id")[-1:]
                self.assertEqual((said.verdict, said.note), (act, f"Mere {act}"))
        # the dialog gives nobody a right
        dialog = self.env["parts.contract.reason"].with_user(self.office)
        answer = dialog.create({"act": "wording", "clause_id": self.goods.id})
        with self.assertRaisesRegex(AccessError, "said by legal"):
            answer.action_carry_out()

    def test_a_later_change_asks_legal_again(self):
        self.goods.body_en = "<p>Sold to the buyer.</p>"
        self.goods.with_user(self.legal_post).action_judge("wording")
        self.goods.body_en = "<p>Given to the buyer.</p>"
        self.assertFalse(self.goods.verdict)
        self.assertEqual(self.contract.clause_verdict, "unjudged")
        # and back to what was judged
        self.goods.body_en = "<p>Sold to the buyer.</p>"
        self.assertEqual(self.goods.verdict, "wording")

    def test_nobody_else_says_it(self):
        self.goods.body_en = "<p>Sold to the buyer.</p>"
        for user in (
            self.seller,
            self.manager,
            self.office,
            self.general_manager,
            self.archive,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.goods.with_user(user).action_judge("wording")
        self.assertFalse(self.goods.verdict)

    def test_not_even_the_salesperson_who_is_of_legal(self):
        both = self._new_user(
            "both",
            "sales_team.group_sale_salesman",
            "auto_parts_sales.group_parts_legal_department",
        )
        contract = self._new_contract(user=both)
        clause = contract.clause_ids[:1]
        clause.body_en = "<p>Other.</p>"
        with self.assertRaisesRegex(AccessError, "drew up"):
            clause.action_judge("wording")

    def test_what_is_as_approved_is_not_judged(self):
        with self.assertRaisesRegex(UserError, "nothing to judge"):
            self.goods.with_user(self.legal).action_judge("wording")
        with self.assertRaises(UserError):
            self.goods.with_user(self.legal).action_judge("unimportant")

    def test_verdicts_are_written_by_no_role(self):
        self.goods.body_en = "<p>Sold to the buyer.</p>"
        verdicts = self.env["parts.contract.clause.verdict"]
        values = {
            "clause_id": self.goods.id,
            "verdict": "wording",
            "user_id": self.legal.id,
            "digest": self.goods._digest(),
        }
        administrator = self._new_user(
            "admin", "auto_parts_sales.group_parts_administrator"
        )
        for user in (self.seller, self.legal, self.legal_post, administrator):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                verdicts.with_user(user).create(values)
        self.goods.with_user(self.legal).action_judge("substance")
        for user in (self.seller, self.legal, administrator):
            verdict = self.goods.sudo().verdict_ids.with_user(user)
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    verdict.write({"verdict": "wording"})
                with self.assertRaises(AccessError):
                    verdict.unlink()

    def test_what_was_submitted_keeps_its_clauses(self):
        self._approve(self.contract)
        for action in (
            lambda: self.goods.write({"body_en": "<p>Free.</p>"}),
            lambda: self.goods.write({"left_out": True}),
            lambda: self.contract.clause_ids.create(
                {"version_id": self.contract.current_version_id.id}
            ),
            lambda: self.contract.write({"template_id": False}),
        ):
            with self.subTest(action=action), self.assertRaises(UserError):
                action()

    def test_placeholders(self):
        self.customer.name = "<b>Xinda & Co</b>"
        text = self.goods._render_body("en")
        # what a customer is called is text, not code
        self.assertIn("Sold to &lt;b&gt;Xinda &amp; Co&lt;/b&gt;.", text)
        self.contract.instalment_ids = [
            Command.create({"name": "Advance", "percent": 30.0, "event": "signing"}),
            Command.create({"percent": 70.0, "event": "delivery", "days": 30}),
        ]
        plan = self.payment._render_body("en").replace("\xa0", " ")
        self.assertIn("<li>Advance: 30% ($ 300.00) when this contract comes", plan)
        self.assertIn("70% ($ 700.00) within 30 days after the goods are deliv", plan)
        chinese = self.payment._render_body("zh")
        self.assertIn("货物交付后30日内支付70%", chinese)
        self.assertIn("款到发货", chinese)

    def test_what_is_not_known_is_left_to_fill_in(self):
        self.goods.body_en = "<p>Until {{date_end}}, {{amount_words}}</p>"
        self.assertIn("__________", self.goods._render_body("en"))
        self.contract.date_end = "2026-03-05"
        self.assertIn("5 March 2026", self.goods._render_body("en"))
        self.assertIn("One Thousand", self.goods._render_body("en"))

    def test_amount_is_that_of_the_lines(self):
        # 10 × 100.00; what somebody wrote into the stored total does not count
        self.goods.body_en = "<p>For {{amount}}, {{amount_words}}</p>"
        self.contract.sudo().current_version_id.amount_total = 5.0
        text = self.goods._render_body("en").replace("\xa0", " ")
        self.assertIn("$ 1,000.00", text)
        self.assertIn("One Thousand", text)

    def test_a_framework_without_credit_or_price_basis_says_what_counts(self):
        self.goods.body_zh = "<p>不超过{{credit}}；按价格表{{price_basis}}执行</p>"
        text = self.goods._render_body("zh")
        self.assertIn("不超过卖方给予的信用额度", text)
        self.assertIn("按价格表（卖方届时的价目表）执行", text)
        self.contract.sudo().credit_amount = 5000.0
        self.assertIn("5,000.00", self.goods._render_body("zh"))

    def test_blank_lines_are_named(self):
        version = self.contract.sudo().current_version_id
        self.goods.body_zh = "<p>{{customer}}，{{delivery_date}}前</p>"
        self.assertIn("{{delivery_date}}", version.blank_note)
        self.assertNotIn("{{customer}}", version.blank_note)
        version.line_ids.date_delivery = "2099-01-31"
        version.invalidate_recordset(["blank_note"])
        self.assertNotIn("{{delivery_date}}", version.blank_note or "")

    def test_figures_on_paper(self):
        # all digits: a million is no 1e+06
        number = self.env["parts.contract.placeholder"]._number
        self.assertEqual(number(1000000), "1,000,000")
        self.assertEqual(number(123456.75), "123,456.75")
        self.assertEqual(number(0.5), "0.5")
        self.assertEqual(number(0), "0")

    def test_address_without_holes(self):
        # what is not known leaves no commas behind
        partner = self.env["res.partner"].create(
            {
                "name": "Somebody",
                "city": "Guangzhou",
                "country_id": self.env.ref("base.cn").id,
            }
        )
        address = self.env["parts.contract.placeholder"]._address(partner)
        self.assertIn("Guangzhou", address)
        self.assertNotIn(",,", address.replace(" ", ""))
        self.assertFalse(address.startswith(",") or address.endswith(","))

    def test_an_amendment_knows_the_clauses_before(self):
        version = self.contract.sudo().current_version_id
        new = version.copy({"contract_id": self.contract.id, "number": 2})
        self.assertEqual(new.clause_ids.copied_from_id, version.clause_ids)
        self.assertEqual(new.clause_ids.mapped("change"), ["same", "same", "same"])
