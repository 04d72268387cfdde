from odoo.fields import Command

from .commission_common import CommissionCommon


class ContractLedgerCommon(CommissionCommon):
    """Contracts of one customer, parts at 100.00 without taxes, and the ledger.

    Company currency is USD; 2 euros are a dollar since 2017.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the ledger is looked at as superuser; rights have their own class
        cls.env = cls.env(su=True)
        cls.company = cls.env.company
        cls.customer = cls.partner_a.with_env(cls.env)
        cls.customer.property_payment_term_id = False
        cls.part = cls._new_part("Brake pad", "delivery")
        cls.ahead = cls._new_part("Turbocharger", "order")
        cls.Ledger = cls.env["parts.contract.ledger"]
        cls.euro = cls.setup_other_currency("EUR").with_env(cls.env)

    @classmethod
    def _new_part(cls, name, policy):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "consu",
                "list_price": 100.0,
                "invoice_policy": policy,
                "taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _new_contract(cls, amount=1000.0, state="effective", plan=(), **vals):
        """Return a contract that is in force since 1 March.

        :param plan: list of (amount, values of the instalment)
        """
        contract = cls.env["parts.contract"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.li.id,
                "amount_total": amount,
                "instalment_ids": [
                    Command.create({"value": "amount", "amount": part, **values})
                    for part, values in plan
                ],
                **vals,
            }
        )
        if state != "draft":
            contract.write({"state": state, "date_effective": "2026-03-01"})
        return contract

    @classmethod
    def _new_order(cls, contract, *quantities, product=None, **vals):
        """Return a confirmed order under a contract, or under none."""
        price = vals.pop("price", 100.0)
        taxes = vals.pop("taxes", None)
        date_order = vals.pop("date_order", None)
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "user_id": cls.li.id,
                "parts_contract_id": contract.id if contract else False,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or cls.part).id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "tax_ids": [Command.set(taxes.ids if taxes else [])],
                        }
                    )
                    for quantity in quantities
                ],
                **vals,
            }
        )
        order.action_confirm()
        if date_order:
            order.date_order = date_order
        return order

    @classmethod
    def _deliver(cls, order, quantity):
        """Deliver some pieces of the first line; the rest waits."""
        picking = order.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )[:1]
        move = picking.move_ids[:1]
        (picking.move_ids - move).write({"quantity": 0.0, "picked": False})
        move.write({"quantity": quantity, "picked": True})
        picking._action_done()
        return picking

    @classmethod
    def _take_back(cls, picking, quantity):
        """Return delivered pieces, to be refunded."""
        wizard = cls.env["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.write({"quantity": quantity, "to_refund": True})
        back = wizard._create_return()
        back.move_ids.write({"quantity": quantity, "picked": True})
        back._action_done()
        return back

    @classmethod
    def _invoice(cls, orders, date="2026-03-05", post=True):
        invoice = orders._create_invoices(final=True)
        invoice.write({"invoice_date": date, "date": date, "invoice_date_due": date})
        if post:
            invoice.action_post()
        return invoice

    def _line(self, contract=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.Ledger.search(
            [
                ("contract_id", "=", contract.id if contract else False),
                ("company_id", "=", self.company.id),
            ]
        )

    def assertFigures(self, contract, **expected):
        line = self._line(contract)
        self.assertEqual({name: line[name] for name in expected}, expected)
        self.assertAgreement()

    def _books(self, date=None):
        """What the general ledger says, by a query of the test's own."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT COALESCE(SUM(debit - credit), 0) FROM account_move_line
             WHERE company_id = %s AND parent_state = 'posted'
               AND account_id IN (SELECT id FROM account_account
                                   WHERE account_type = 'asset_receivable')
               AND date <= %s
            """,
            (self.company.id, date or "2999-12-31"),
        )
        return float(self.env.cr.fetchone()[0])

    def assertAgreement(self):
        """Contracts and the line without contract are the general ledger (CON-6)."""
        self.env.flush_all()
        self.env.invalidate_all()
        lines = self.Ledger.search([("company_id", "=", self.company.id)])
        total = round(sum(lines.mapped("receivable")), 2)
        self.assertEqual(total, round(self._books(), 2))
