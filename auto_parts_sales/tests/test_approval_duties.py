from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .approval_common import PREFIX, ApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalDuties(ApprovalCommon):
    # CTL-2: duties that one person may not hold together

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk_role = cls.env.ref(f"{PREFIX}receivables_clerk")
        cls.seller_role = cls.env.ref("sales_team.group_sale_salesman")
        cls.clerk = cls._new_user("clerk", f"{PREFIX}receivables_clerk")
        cls.administrator = cls._new_user(
            "administrator", f"{PREFIX}administrator", "base.group_system"
        )
        cls.conflicts = cls.env["parts.approval.duty.conflict"]

    def _of(self, user):
        self.conflicts.invalidate_model()
        return self.conflicts.search([("user_id", "=", user.id)])

    def _give(self, user, group, by=None):
        by = by or self.administrator
        user.with_user(by).write({"group_ids": [Command.link(group.id)]})

    # the list

    def test_delivered_duties(self):
        names = self.env["parts.approval.duty"].search([]).mapped("name")
        for name in (
            "Sell / book money",
            "Keep customer data / set credit",
            "Draft / review a contract",
            "Draft / sign a contract",
            "Draft / seal a contract",
            "Review / sign a contract",
            "Review / seal a contract",
            "Sign / seal a contract",
            "Propose / decide a price",
            "Decide / enter a price",
            "Propose / enter a price",
            "Write the invoice / book the receivable",
            "Keep stock / approve count differences",
        ):
            self.assertIn(name, names)

    def test_no_role_alone_is_in_conflict(self):
        for xmlid in (
            "salesperson",
            "sales_manager",
            "sales_director",
            "sales_office",
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
            "quality",
            "seal_keeper",
            "contract_keeper",
            "management",
            "general_manager",
        ):
            user = self._new_user(f"only_{xmlid}", f"{PREFIX}{xmlid}")
            self.assertFalse(self._of(user), xmlid)

    def test_who_holds_two_is_listed(self):
        self.assertFalse(self._of(self.clerk))
        self.clerk.group_ids += self.seller_role
        conflict = self._of(self.clerk)
        self.assertEqual(conflict.duty_id.name, "Sell / book money")
        self.assertEqual(conflict.roles, "Salesperson + Receivables Clerk")
        self.assertFalse(conflict.full_rights)
        self.assertEqual(conflict.action_open_user()["res_id"], self.clerk.id)

    def test_a_role_that_comes_with_another_counts(self):
        # the sales manager comes with core's Sales / Administrator
        self.clerk.group_ids += self.env.ref("sales_team.group_sale_manager")
        self.assertEqual(self._of(self.clerk).duty_id.name, "Sell / book money")

    def test_archived_users_and_duties_are_not_listed(self):
        self.clerk.group_ids += self.seller_role
        duty = self._of(self.clerk).duty_id
        duty.active = False
        self.assertFalse(self._of(self.clerk))
        duty.active = True
        self.clerk.active = False
        self.assertFalse(self._of(self.clerk))

    def test_administrators_are_named_once_with_full_rights(self):
        rows = self._of(self.administrator)
        self.assertEqual(len(rows), 1)
        self.assertTrue(rows.full_rights)
        self.assertFalse(rows.duty_id)
        self.assertEqual(rows.roles, "Every role")

    def test_the_users_form_warns(self):
        self.clerk.group_ids += self.seller_role
        clerk = self.clerk.with_user(self.administrator)
        self.assertRegex(clerk.parts_duty_warning, "Sell / book money")
        self.assertFalse(self.manager.with_user(self.administrator).parts_duty_warning)
        self.assertFalse(
            self.administrator.with_user(self.administrator).parts_duty_warning
        )
        with self.assertRaises(AccessError):
            clerk.with_user(self.seller).read(["parts_duty_warning"])

    def test_the_settings_count(self):
        settings = self.env["res.config.settings"]
        before = settings.create({}).parts_duty_conflict_count
        self.clerk.group_ids += self.seller_role
        self.assertEqual(settings.create({}).parts_duty_conflict_count, before + 1)

    def test_counted_on_the_duty(self):
        duty = self.env.ref("auto_parts_sales.parts_approval_duty_sell_book")
        before = duty.conflict_count
        self.clerk.group_ids += self.seller_role
        duty.invalidate_recordset()
        self.assertEqual(duty.conflict_count, before + 1)
        domain = duty.action_open_conflicts()["domain"]
        self.assertIn(self.clerk, self.conflicts.search(domain).user_id)

    def test_who_reads_the_list(self):
        for role in ("general_manager", "finance_deputy"):
            user = self._new_user(f"reads_{role}", f"{PREFIX}{role}")
            self.assertTrue(self.conflicts.with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.conflicts.with_user(self.seller).search([])

    # warning

    def test_switched_off_nothing_is_refused(self):
        self._give(self.clerk, self.seller_role)
        self.assertTrue(self.clerk.has_group("sales_team.group_sale_salesman"))

    def test_switched_off_it_costs_no_query(self):
        duties = self.env["parts.approval.duty"].with_user(self.administrator)
        duties._refusing_companies()  # fills the cache
        with self.assertQueryCount(0), duties._watch():
            pass

    # refusal

    def _refuse(self):
        self.company.parts_duty_refuse = True

    def test_a_second_duty_is_refused(self):
        self._refuse()
        with self.assertRaisesRegex(
            UserError, "parts_clerk .* holds Salesperson . Receivables Clerk"
        ):
            self._give(self.clerk, self.seller_role)

    def test_every_way_of_giving_it(self):
        self._refuse()
        users = self.env["res.users"].with_user(self.administrator)
        groups = self.env["res.groups"].with_user(self.administrator)
        seller_role = groups.browse(self.seller_role.id)
        both = [Command.set((self.seller_role | self.clerk_role).ids)]
        shell = groups.create({"name": "Shell"})
        shell.user_ids = [Command.link(self.clerk.id)]
        ways = {
            "set": lambda: users.browse(self.clerk.id).write({"group_ids": both}),
            "create": lambda: users.create(
                {"name": "New", "login": "new_one", "group_ids": both}
            ),
            "from the group": lambda: seller_role.write(
                {"user_ids": [Command.link(self.clerk.id)]}
            ),
            "by implication": lambda: shell.write(
                {"implied_ids": [Command.link(self.seller_role.id)]}
            ),
            "by implication, the other way": lambda: seller_role.write(
                {"implied_by_ids": [Command.link(shell.id)]}
            ),
            "with a new group": lambda: groups.create(
                {
                    "name": "Both",
                    "implied_ids": [Command.link(self.seller_role.id)],
                    "user_ids": [Command.link(self.clerk.id)],
                }
            ),
            "import": lambda: users.browse(self.clerk.id).write(
                {"group_ids": [Command.link(self.seller_role.id)]}
            ),
        }
        for name, way in ways.items():
            with (
                self.subTest(name),
                self.assertRaisesRegex(UserError, "different hands"),
                self.cr.savepoint(),
            ):
                way()
            self.env.registry.clear_cache("groups")

    def test_load(self):
        self._refuse()
        users = self.env["res.users"].with_user(self.administrator)
        result = users.load(
            ["id", ".id", "group_ids/.id"],
            [["", str(self.clerk.id), f"{self.clerk_role.id},{self.seller_role.id}"]],
        )
        self.assertTrue(result["messages"])
        self.assertFalse(self.clerk.has_group("sales_team.group_sale_salesman"))

    def test_an_administrator_does_not_give_it_to_himself_under_another_name(self):
        self._refuse()
        admin = self._new_user("erp", "base.group_erp_manager", PREFIX + "finance")
        with self.assertRaisesRegex(UserError, "different hands"):
            admin.with_user(admin).write(
                {"group_ids": [Command.link(self.seller_role.id)]}
            )

    def test_full_rights_are_given_and_named(self):
        self._refuse()
        self._give(self.clerk, self.env.ref(f"{PREFIX}administrator"))
        self.assertTrue(self._of(self.clerk).full_rights)

    def test_another_role_is_given_freely(self):
        self._refuse()
        self._give(self.clerk, self.env.ref(f"{PREFIX}quality"))
        self.assertTrue(self.clerk.has_group(f"{PREFIX}quality"))

    def test_what_is_held_already_stops_no_other_change(self):
        self.clerk.group_ids += self.seller_role
        self._refuse()
        self._give(self.clerk, self.env.ref(f"{PREFIX}quality"))
        self.clerk.with_user(self.administrator).write(
            {"group_ids": [Command.unlink(self.seller_role.id)]}
        )
        with self.assertRaises(UserError), self.cr.savepoint():
            self._give(self.clerk, self.seller_role)

    def test_archived_and_back(self):
        self.clerk.group_ids += self.seller_role
        self.clerk.active = False
        self._refuse()
        with self.assertRaisesRegex(UserError, "different hands"):
            self.clerk.with_user(self.administrator).active = True

    def test_the_company_decides(self):
        # CTL-6: another company's switch does not bind our users
        branch = self.env["res.company"].create({"name": "Branch"})
        branch.parts_duty_refuse = True
        self._give(self.clerk, self.seller_role)
        with self.assertRaisesRegex(UserError, "different hands"):
            self.clerk.with_user(self.administrator).company_ids += branch
        branch.parts_duty_refuse = False
        self.clerk.with_user(self.administrator).company_ids += branch

    def test_switching_off_is_felt_at_once(self):
        self._refuse()
        with self.assertRaises(UserError), self.cr.savepoint():
            self._give(self.clerk, self.seller_role)
        self.company.parts_duty_refuse = False
        self._give(self.clerk, self.seller_role)

    def test_no_context_key_helps(self):
        self._refuse()
        clerk = self.clerk.with_user(self.administrator).with_context(
            install_mode=True, parts_duty_skip=True, no_reset_password=True
        )
        with self.assertRaises(UserError):
            clerk.write({"group_ids": [Command.link(self.seller_role.id)]})

    # the table

    def test_duties_are_the_administrators(self):
        duty = self.env.ref("auto_parts_sales.parts_approval_duty_sell_book")
        for user in (self.seller, self.manager, self.general_manager):
            with self.assertRaises(AccessError):
                duty.with_user(user).active = False
        duty.with_user(self.administrator).active = False

    def test_a_duty_needs_two_sides_that_can_be_parted(self):
        duties = self.env["parts.approval.duty"].with_user(self.administrator)
        values = {"name": "x", "group_a_ids": [Command.set(self.clerk_role.ids)]}
        with self.assertRaisesRegex(ValidationError, "each side"), self.cr.savepoint():
            duties.create(values)
        general_manager = self.env.ref(f"{PREFIX}general_manager")
        salesperson = self.env.ref(f"{PREFIX}salesperson")
        with self.assertRaisesRegex(ValidationError, "always comes with"):
            duties.create(
                {
                    "name": "x",
                    "group_a_ids": [Command.set(general_manager.ids)],
                    "group_b_ids": [Command.set(salesperson.ids)],
                }
            )
