from odoo.exceptions import AccessError
from odoo.fields import Command

from .approval_common import PREFIX, ApprovalCommon


class CreditFileCommon(ApprovalCommon):
    """One person for each hand that a credit file goes through."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = cls._new_user("director", f"{PREFIX}sales_director")
        cls.finance = cls._new_user("finance", f"{PREFIX}finance")
        cls.group = cls._new_user("group", f"{PREFIX}management")

    @classmethod
    def _propose(cls, user=None, **values):
        """Return a proposal of ``user`` (default: the seller), still a draft."""
        return (
            cls.env["parts.credit.change"]
            .with_user(user or cls.seller)
            .create(
                {
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "reason": "Two years without delay",
                    **values,
                }
            )
        )

    @classmethod
    def _submit(cls, document):
        """Submit a draft; return its request as superuser."""
        document.action_parts_request_approval("Good customer")
        return document.sudo().parts_approval_ids.sorted("id")[-1:]

    def _owe(self, due, amount=100.0):
        """Return a posted invoice of the customer, made and due on the same day."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "invoice_date": due,
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Discs", "price_unit": amount, "tax_ids": []}
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice

    def _decide_all(self, approval, *users):
        """Have ``users`` approve one after the other; each must be allowed to."""
        for user in users:
            approval.with_user(user).action_approve()

    def _assert_may_not(self, approval, *users):
        for user in users:
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                approval.with_user(user).action_approve()
