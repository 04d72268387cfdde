from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .approval_common import PREFIX, ApprovalCommon


class DecidersCommon(ApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.role = cls.env.ref(f"{PREFIX}sales_manager")
        cls.rule = cls.env["parts.approval.rule"].search(
            [("company_id", "=", cls.company.id), ("kind", "=", "credit")], limit=1
        )
        cls.colleague = cls._new_user("colleague", "sales_team.group_sale_manager")
        cls.administrator = cls._new_user(
            "administrator", f"{PREFIX}administrator", "base.group_system"
        )

    @classmethod
    def _limit(cls, holder, **figures):
        field = "group_id" if holder._name == "res.groups" else "user_id"
        return cls.env["parts.approval.limit"].create(
            {
                "company_id": cls.company.id,
                "kind": "credit",
                field: holder.id,
                **figures,
            }
        )

    @classmethod
    def _absent(cls, absent, substitute, user=None, **values):
        today = fields.Date.today()
        return (
            cls.env["parts.approval.substitute"]
            .with_user(user or absent)
            .create(
                {
                    "user_id": absent.id,
                    "substitute_id": substitute.id,
                    "date_from": today,
                    "date_to": today + timedelta(days=7),
                    **values,
                }
            )
        )

    @classmethod
    def _steps(cls, *steps):
        """Give the rule for credit these steps."""
        cls.rule.step_ids = [
            Command.clear(),
            *(Command.create(step) for step in steps),
        ]

    def _assert_may(self, approval, user, may=True):
        approval.invalidate_recordset()
        self.assertEqual(approval.with_user(user).can_decide, may)
        found = (
            self.env["parts.approval"]
            .with_user(user)
            .search([("can_decide", "=", True), ("id", "=", approval.id)])
        )
        self.assertEqual(bool(found), may)
