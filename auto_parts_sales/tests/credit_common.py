from odoo.fields import Command

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class CreditCommon(AccountTestInvoicingCommon):
    """A company with credit control on, a customer with a large limit, one part.

    Figures are worked out by hand: 100.00 a piece, no taxes unless said.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(su=True)
        cls.company = cls.env.company
        cls.company.parts_credit_control = True
        cls.customer = cls._new_customer("Xinda Repair")
        cls.part = cls._new_part("Brake disc", "order")
        cls.part_delivered = cls._new_part("Oil filter", "delivery")
        cls.service = cls._new_part("Fitting", "order", type="service")
        cls.tax = cls.env["account.tax"].create(
            {
                "name": "VAT 13 %",
                "amount": 13.0,
                "price_include_override": "tax_excluded",
            }
        )
        cls.bank = cls.company_data["default_journal_bank"]
        cls.exposure = cls.env["parts.credit.exposure"]

    @classmethod
    def _allow_capture(cls):
        """Have the payment provider authorise, and capture in parts."""
        cls.classPatch(
            cls.registry["payment.provider"],
            "_compute_feature_support_fields",
            lambda providers: providers.update(
                {
                    "support_express_checkout": False,
                    "support_manual_capture": "partial",
                    "support_tokenization": True,
                    "support_refund": "none",
                }
            ),
        )
        cls.provider.invalidate_recordset()

    @classmethod
    def _new_part(cls, name, policy, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": 100.0,
                "invoice_policy": policy,
                "taxes_id": [Command.clear()],
                **values,
            }
        )

    @classmethod
    def _new_customer(cls, name, limit=1e9, **values):
        customer = cls.env["res.partner"].create(
            {"name": name, "is_company": True, **values}
        )
        if limit is not None:
            cls._new_file(customer, limit)
        return customer

    @classmethod
    def _new_file(cls, customer, limit, **values):
        return cls.env["parts.credit.file"].create(
            {
                "partner_id": customer.id,
                "company_id": cls.company.id,
                "credit_limit": limit,
                "term_days": 90,
                "overdue_days_allowed": 9999,
                "state": "active",
                **values,
            }
        )

    def _new_order(self, *quantities, **values):
        """Return a quotation with one line of the part for each of ``quantities``."""
        return self.env["sale.order"].create(self._order_vals(*quantities, **values))

    def _order_vals(self, *quantities, product=None, customer=None, **values):
        price = values.pop("price", 100.0)
        taxes = values.pop("taxes", self.env["account.tax"])
        return {
            "partner_id": (customer or self.customer).id,
            "order_line": [
                Command.create(
                    {
                        "product_id": (product or self.part).id,
                        "product_uom_qty": quantity,
                        "price_unit": price,
                        "tax_ids": [Command.set(taxes.ids)],
                    }
                )
                for quantity in quantities
            ],
            **values,
        }

    def _confirmed(self, *quantities, **values):
        order = self._new_order(*quantities, **values)
        order.action_confirm()
        return order

    def _deliver(self, order, quantity, backorder=True):
        """Deliver some of the first line that waits; the rest is a backorder, or not
        to be shipped any more.
        """
        picking = order.picking_ids.filtered(
            lambda p: p.state not in ("done", "cancel")
        )
        picking = picking[:1]
        for move in picking.move_ids:
            move.quantity = min(quantity, move.product_uom_qty)
            move.picked = True
        picking.with_context(cancel_backorder=not backorder)._action_done()
        return picking

    def _invoice(self, order, quantity=None, post=True):
        invoice = order._create_invoices()
        if quantity is not None:
            invoice.invoice_line_ids.quantity = quantity
        if post:
            invoice.action_post()
        return invoice

    def _pay(self, invoice, amount):
        """Register a payment of ``invoice``, and return it."""
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return wizard.create({"amount": amount, "journal_id": self.bank.id})[
            :1
        ]._create_payments()

    def _loose_payment(self, amount, customer=None, **values):
        payment = self.env["account.payment"].create(
            {
                "partner_id": (customer or self.customer).id,
                "amount": amount,
                "payment_type": "inbound",
                "partner_type": "customer",
                "journal_id": self.bank.id,
                **values,
            }
        )
        payment.action_post()
        return payment

    def _down_payment(self, order, amount, post=True):
        wizard = self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids, active_id=order.id
        )
        wizard.create(
            {"advance_payment_method": "fixed", "fixed_amount": amount}
        ).create_invoices()
        invoice = order.invoice_ids.sorted("id")[-1]
        if post:
            invoice.action_post()
        return invoice

    def _figures(self, customer=None):
        return self.exposure._figures(self.company, customer or self.customer)

    def _assert_parts(self, customer=None, **parts):
        """Compare the parts that are named; all others must be zero."""
        figures = self._figures(customer)
        expected = dict.fromkeys(
            (
                "receivable",
                "orders",
                "drafts",
                "down_payments",
                "uncleared",
                "transactions",
            ),
            0.0,
        )
        expected.update(parts)
        found = {name: figures[name] for name in expected}
        self.assertEqual(found, expected)
        self.assertAlmostEqual(figures["exposure"], sum(expected.values()))
