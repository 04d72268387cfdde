from odoo import Command
from odoo.tests import tagged

from .commission_common import CommissionCommon


@tagged("post_install", "-at_install")
class TestCommissionLinks(CommissionCommon):
    """COM-1, COM-5: what an entry reads from its promise is searched and grouped by as
    if it were its own. 10 % on everything; 300.00 of two products, paid in two parts.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        brand = cls.env["parts.catalog.brand"].sudo().create({"name": "Link brand"})
        cls.brake.sudo().parts_brand_id = brand
        cls.brand = brand
        cls.invoice = cls._new_invoice([(cls.brake, 100.0), (cls.filter, 200.0)])
        cls.first = cls._pay(cls.invoice, 90.0)
        cls.second = cls._pay(cls.invoice, 210.0, "2026-03-12")
        # 100.00 EUR are 50.00 USD
        cls.foreign = cls._new_invoice(
            [100.0], partner_id=cls.partner_b.id, currency_id=cls.euro.id
        )
        cls._pay(cls.foreign, 100.0, currency_id=cls.euro.id)
        cls.mine = [("user_id", "=", cls.li.id)]
        cls.read_by_li = cls.env["parts.commission.entry"].with_user(cls.li)

    def _group(self, field, entries=None):
        entries = self.Entry if entries is None else entries
        groups = entries._read_group(self.mine, [field], ["amount:sum"])
        return {key: self.currency.round(amount) for key, amount in groups}

    def test_grouped_by_what_the_promise_says(self):
        """9 + 21 of the first invoice, 5 of the second; of the discs 10 + 5."""
        for entries in (self.Entry, self.read_by_li):
            for field, expected in (
                ("move_id", {self.invoice: 30.0, self.foreign: 5.0}),
                ("partner_id", {self.partner_a: 30.0, self.partner_b: 5.0}),
                ("product_id", {self.brake: 15.0, self.filter: 20.0}),
                ("part_brand_id", {self.brand: 15.0, self.brand.browse(): 20.0}),
                ("currency_id", {self.currency: 35.0}),
            ):
                with self.subTest(field=field, user=entries.env.user.login):
                    self.assertEqual(self._group(field, entries), expected)

    def test_pivot_over_rpc(self):
        """What the pivot asks the server for, as the salesperson."""
        rows = self.read_by_li.formatted_read_group(
            self.mine, ["part_brand_id", "date:month"], ["amount:sum", "__count"]
        )
        self.assertEqual(
            [(row["part_brand_id"], row["amount:sum"], row["__count"]) for row in rows],
            [((self.brand.id, "Link brand"), 15.0, 3), (False, 20.0, 2)],
        )

    def test_searched_by_what_the_promise_says(self):
        partials = self._partials(self.invoice).sorted("amount")
        for domain, amount in (
            ([("partner_id", "=", self.partner_b.id)], 5.0),
            ([("partner_id", "ilike", self.partner_a.name)], 30.0),
            ([("product_id.name", "=", "Oil filter")], 20.0),
            ([("part_brand_id", "=", False)], 20.0),
            ([("part_brand_id", "!=", False)], 15.0),
            ([("move_id", "=", self.foreign.id)], 5.0),
            ([("move_line_id", "in", self.invoice.invoice_line_ids[0].ids)], 10.0),
            ([("partial_id", "=", partials[0].id)], 9.0),
            ([("partial_id", "in", partials.ids)], 30.0),
            ([("partial_id", "not in", partials.ids)], 5.0),
            ([("partial_id", "=", False)], 0.0),
            ([("invoice_currency_id", "=", self.euro.id)], 5.0),
            ([("invoice_currency_id", "!=", self.euro.id)], 30.0),
            ([("invoice_currency_id.name", "=", "EUR")], 5.0),
            ([("currency_id", "=", self.currency.id)], 35.0),
        ):
            with self.subTest(domain=domain):
                found = self.Entry.search([*self.mine, *domain])
                self.assertEqual(
                    self.currency.round(sum(found.mapped("amount"))), amount
                )

    def test_read_as_if_stored(self):
        entry = self.read_by_li.search([("move_id", "=", self.foreign.id)])
        self.assertRecordValues(
            entry,
            [
                {
                    "partner_id": self.partner_b.id,
                    "product_id": self.brake.id,
                    "part_brand_id": self.brand.id,
                    "currency_id": self.currency.id,
                    "invoice_currency_id": self.euro.id,
                    "collected_currency": 100.0,
                    "collected": 50.0,
                    "amount_currency": 10.0,
                    "amount": 5.0,
                }
            ],
        )
        self.assertEqual(entry.sudo().partial_id, self._partials(self.foreign))

    def test_a_link_lifts_no_rights(self):
        """A search that follows a link goes on as its reader, not as superuser: what
        he may not read there he does not find his entries by either."""
        links = [
            field
            for field in self.Entry._fields.values()
            if field.related and field.type == "many2one" and not field.store
        ]
        self.assertGreaterEqual(len(links), 6)
        for field in links:
            with self.subTest(field=field.name):
                self.assertTrue(self._follow_as_li(field))
                rule = (
                    self.env["ir.rule"]
                    .sudo()
                    .create(
                        {
                            "name": "Nobody",
                            "model_id": self.env["ir.model"]._get_id(
                                field.comodel_name
                            ),
                            "domain_force": "[(0, '=', 1)]",
                        }
                    )
                )
                self.assertFalse(self._follow_as_li(field))
                rule.unlink()

    def _follow_as_li(self, field):
        """Return what Li finds by a column of what his entries link to."""
        domain = [*self.mine, (f"{field.name}.name", "!=", False)]
        found = [self.read_by_li.search_count(domain)]
        if field.compute_sudo:  # Odoo groups by no other link
            group = f"{field.name}.name"
            groups = self.read_by_li._read_group(self.mine, [group], ["__count"])
            found += [name for name, _count in groups]
        return any(found)

    def test_export_as_salesperson(self):
        self.li.group_ids = [Command.link(self.env.ref("base.group_allow_export").id)]
        entry = self.read_by_li.search([("move_id", "=", self.foreign.id)])
        names = ["product_id", "part_brand_id", "currency_id", "invoice_currency_id"]
        [row] = entry.export_data(names)["datas"]
        self.assertEqual(row[1:], ["Link brand", "USD", "EUR"])

    def test_reconciliation_that_is_undone(self):
        """The number stays, the link goes; found again by either."""
        partial = self._partials(self.invoice).sorted("amount")[0]
        number = partial.id
        partial.unlink()
        entries = self.Entry.search([*self.mine, ("partial_ref", "=", number)])
        self.assertEqual(sum(entries.mapped("amount")), 0.0)
        self.assertEqual(len(entries), 4, "two lines, given and taken back")
        self.assertFalse(entries.partial_id)
        undone = self.Entry.search([*self.mine, ("partial_id", "=", False)])
        self.assertEqual(undone, entries)

    def test_payment_or_what_else_brought_the_money(self):
        """A payment is named as such; a journal entry where there is no payment."""
        entries = self._entries(self.invoice)
        self.assertEqual(entries.payment_id, self.first | self.second)
        self.assertFalse(entries.payment_move_id)
        other = self._new_invoice([100.0])
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": "2026-03-11",
                "payment_ref": "Paid",
                "partner_id": self.partner_a.id,
                "amount": 100.0,
            }
        )
        suspense = line.move_id.line_ids.filtered(
            lambda x: x.account_id == self.bank.suspense_account_id
        )
        receivable = other.line_ids.filtered(lambda x: x.display_type == "payment_term")
        suspense.account_id = receivable.account_id
        (suspense | receivable).reconcile()
        entry = self._entries(other)
        self.assertFalse(entry.payment_id)
        self.assertEqual(entry.payment_move_id, line.move_id)

    def test_hold_backs_of_before_name_their_promise(self):
        """A database from before has the invoice of a hold-back in a column."""
        vals = {
            "kind": "hold",
            "cause": "held",
            "company_id": self.company.id,
            "user_id": self.li.id,
            "date": "2026-03-31",
            "amount": -7.0,
            "amount_currency": -7.0,
        }
        held, tier = self.Entry.create([vals, {**vals, "kind": "tier"}])
        self.env.cr.execute(
            "ALTER TABLE parts_commission_entry ADD COLUMN IF NOT EXISTS move_id int"
        )
        self.env.cr.execute(
            "UPDATE parts_commission_entry SET move_id = %s WHERE id IN %s",
            [self.foreign.id, (held.id, tier.id)],
        )
        self.Entry.init()
        self.env.invalidate_all()
        self.assertEqual(held.move_id, self.foreign)
        self.assertEqual(held.invoice_currency_id, self.currency)
        self.assertFalse(tier.basis_id)
