from odoo import fields
from odoo.fields import Command

from odoo.addons.account_payment.tests.common import AccountPaymentCommon
from odoo.addons.mail.tests.common import MailCase

from .approval_common import ApprovalCommon

# One transparent pixel
SIGNATURE = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"


class HeldCommon(AccountPaymentCommon, MailCase, ApprovalCommon):
    """A quotation of 100.00 that asks for half of it in advance, no credit file."""

    @classmethod
    def get_default_groups(cls):
        return (
            super().get_default_groups()
            | cls.env.ref("sales_team.group_sale_manager")
            | cls.env.ref("auto_parts_sales.group_parts_administrator")
        )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.email = "xinda@example.com"
        cls.currency = cls.company.currency_id
        cls.partner = cls.customer
        cls.provider.journal_id.inbound_payment_method_line_ids.filtered(
            lambda line: line.payment_provider_id == cls.provider
        ).payment_account_id = cls.inbound_payment_method_line.payment_account_id
        cls.classPatch(
            cls.registry["payment.provider"],
            "_compute_feature_support_fields",
            lambda providers: providers.update(
                {
                    "support_express_checkout": False,
                    "support_manual_capture": "full_only",
                    "support_tokenization": True,
                    "support_refund": "none",
                }
            ),
        )
        cls.provider.invalidate_recordset()
        cls.Hold = cls.env["parts.approval.hold"].sudo()

    @classmethod
    def _new_file(cls, limit, customer=None, **values):
        # only the superuser makes a file active by hand
        return (
            cls.env["parts.credit.file"]
            .sudo()
            .create(
                {
                    "partner_id": (customer or cls.customer).id,
                    "company_id": cls.company.id,
                    "credit_limit": limit,
                    "term_days": 90,
                    "state": "active",
                    **values,
                }
            )
        )

    @classmethod
    def _new_quotation(cls, quantity=1, **values):
        vals = {
            "state": "sent",
            "require_signature": False,
            "require_payment": True,
            "prepayment_percent": 0.5,
            **values,
        }
        return cls._new_order(quantity, **vals).sudo()

    def _new_transaction(self, order, amount=50.0, state="done", **values):
        return self._create_transaction(
            "redirect",
            reference=f"{order.name}-{len(order.transaction_ids)}",
            amount=amount,
            state=state,
            sale_order_ids=[Command.set(order.ids)],
            **values,
        )

    def _pay(self, order, amount=50.0, state="done", **values):
        """Pay online, as Odoo's page of the payment's status does it for a visitor."""
        transaction = self._new_transaction(order, amount, state, **values)
        public = self.env.ref("base.public_user")
        transaction.with_user(public).sudo()._post_process()
        return transaction

    def _sign(self, order):
        order.write(
            {
                "signature": SIGNATURE,
                "signed_by": "Wang Fang",
                "signed_on": fields.Datetime.now(),
            }
        )
        public = self.env.ref("base.public_user")
        order.with_user(public).sudo()._validate_order()

    def _signed(self, quantity=1, **values):
        """Return a quotation that was signed and is held."""
        order = self._new_quotation(
            quantity, require_signature=True, require_payment=False, **values
        )
        self._sign(order)
        self.assertTrue(order.parts_held)
        return order

    def _holds_of(self, order):
        return self.Hold.search(
            [("res_model", "=", "sale.order"), ("res_id", "=", order.id)]
        )

    def _activities_of(self, order):
        kind = self.env.ref("auto_parts_sales.mail_activity_type_parts_held")
        return order.activity_ids.filtered(lambda a: a.activity_type_id == kind)

    def _run_cron(self):
        cron = self.env.ref("auto_parts_sales.ir_cron_parts_approval_hold").sudo()
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _new_debt(self, amount):
        """Return a posted invoice of ``amount``, due today."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_date": fields.Date.today(),
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Old debt",
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice

    def _settle(self, invoice):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        ).create({})._create_payments()
