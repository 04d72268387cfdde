import io

from freezegun import freeze_time
from lxml import etree
from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .contract_common import ContractLedgerCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20")
class TestContractLedgerRights(ContractLedgerCommon):
    """Salespeople see their own lines, managers their team's, finance and legal all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._new_user(
            "ledger_manager",
            "sales_team.group_sale_salesman,auto_parts_sales.group_parts_sales_manager",
        )
        cls.finance = cls._new_user(
            "ledger_fin", "auto_parts_sales.group_parts_finance"
        )
        cls.legal = cls._new_user(
            "ledger_law", "auto_parts_sales.group_parts_legal_post"
        )
        cls.stranger = cls._new_user("ledger_nobody", "stock.group_stock_user")
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Counter",
                "user_id": cls.manager.id,
                "member_ids": [(6, 0, cls.wang.ids)],
            }
        )
        cls.of_li = cls._new_contract(100.0)
        cls.of_wang = cls._new_contract(200.0, user_id=cls.wang.id, team_id=cls.team.id)
        for contract in (cls.of_li, cls.of_wang):
            order = cls._new_order(contract, 1)
            cls._deliver(order, 1)
            cls._invoice(order)

    def _seen(self, user):
        lines = self.Ledger.with_user(user).search(
            [("company_id", "=", self.company.id)]
        )
        return set(lines.contract_id), bool(lines.filtered(lambda x: not x.contract_id))

    def test_who_sees_which_lines(self):
        both = {self.of_li, self.of_wang}
        self.assertEqual(self._seen(self.li), ({self.of_li}, False))
        self.assertEqual(self._seen(self.wang), ({self.of_wang}, False))
        self.assertEqual(self._seen(self.manager), ({self.of_wang}, False))
        self.assertEqual(self._seen(self.finance), (both, True))
        self.assertEqual(self._seen(self.legal), (both, False))
        with self.assertRaises(AccessError):
            self._seen(self.stranger)

    def test_sums_tell_no_more_than_lines(self):
        ledger = self.Ledger.with_user(self.li)
        rows = ledger._read_group([], ["partner_id"], ["invoiced:sum", "amount:sum"])
        self.assertEqual(rows, [(self.customer.with_user(self.li), 100.0, 100.0)])
        self.assertEqual(ledger.search_count([("amount", ">", 0)]), 1)
        self.assertFalse(ledger.search([("amount", "=", 200.0)]))
        found = ledger.search([], order="amount desc", limit=1)
        self.assertEqual(found.contract_id, self.of_li)
        with self.assertRaises(AccessError):
            ledger.browse(2 * self.of_wang.id).read(["invoiced"])

    def test_commission_is_for_those_who_check_it(self):
        self.assertNotIn("commission", self.Ledger.with_user(self.li).fields_get())
        for method in (
            lambda ledger: ledger.search([("commission", ">", 0)]),
            lambda ledger: ledger._read_group([], [], ["commission:sum"]),
            lambda ledger: ledger.search([], order="commission"),
            lambda ledger: ledger.browse(2 * self.of_li.id).read(["commission"]),
        ):
            with self.assertRaises(AccessError):
                method(self.Ledger.with_user(self.li))
        self.assertIn("commission", self.Ledger.with_user(self.finance).fields_get())

    def test_nobody_writes_the_ledger(self):
        for user in (self.li, self.finance):
            line = self.Ledger.with_user(user).browse(2 * self.of_li.id)
            for method in (
                lambda line: line.write({"amount": 1.0}),
                lambda line: line.unlink(),
                lambda line: line.create({"name": "x"}),
            ):
                with self.assertRaises(AccessError):
                    method(line)

    def test_shares_are_not_written_by_hand(self):
        share = self.env["parts.contract.share"].with_user(self.finance)
        with self.assertRaises(AccessError):
            share.create({"move_id": self.of_li.move_ids.id})

    def test_another_company_is_not_seen(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        contract = self._new_contract(
            5.0,
            company_id=other.id,
            partner_id=self.env["res.partner"].create({"name": "There"}).id,
        )
        lines = self.Ledger.with_user(self.finance).search([])
        self.assertNotIn(contract, lines.contract_id)
        self.assertEqual(lines.company_id, self.company)

    def test_figures_of_the_page_are_those_of_the_sums(self):
        ledger = self.Ledger.with_user(self.finance)
        lines = ledger.search([])
        names = ["amount", "ordered", "invoiced", "receivable", "due", "to_come"]
        sums = ledger._read_group([], [], [f"{name}:sum" for name in names])[0]
        self.assertEqual(
            [round(sum(lines.mapped(name)), 2) for name in names],
            [round(value, 2) for value in sums],
        )

    # === XLSX === #

    def _sheet(self, user, lang="en_US"):
        ledger = self.Ledger.with_user(user).with_context(lang=lang)
        lines = ledger.search([])
        content = self.env["parts.contract.ledger.xlsx"].with_user(user)._render(lines)
        return load_workbook(io.BytesIO(content)).active, lines

    def test_the_spreadsheet_has_the_same_columns(self):
        sheet, lines = self._sheet(self.finance)
        header = [cell.value for cell in sheet[1]]
        info = lines.fields_get()
        for name in ("amount", "ordered", "delivered", "invoiced", "collected", "due"):
            self.assertIn(info[name]["string"], header)
            column = header.index(info[name]["string"])
            values = [
                sheet.cell(row, column + 1).value for row in range(2, len(lines) + 2)
            ]
            self.assertEqual(values, lines.mapped(name))

    def test_its_columns_are_those_of_the_list(self):
        # a line in euros, so that amounts in contract currency stand in it
        self._new_contract(50.0, currency_id=self.euro.id)
        sheet, lines = self._sheet(self.finance)
        self.env.ref("base.group_multi_currency").user_ids |= self.finance
        self.env.ref("base.group_multi_company").user_ids |= self.finance
        view = self.Ledger.with_user(self.finance).get_view(view_type="list")
        columns = [
            node.get("name")
            for node in etree.fromstring(view["arch"]).iterfind("field")
            if node.get("column_invisible") != "True"
        ]
        columns[columns.index("display_name")] = "name"
        labels = {name: info["string"] for name, info in lines.fields_get().items()}
        self.assertEqual(
            [labels[name] for name in columns], [cell.value for cell in sheet[1]]
        )

    def test_amounts_in_both_currencies_cell_by_cell(self):
        # 600 euros at 2 for a dollar: 300 dollars; 200 of them paid
        contract = self._new_contract(1000.0, currency_id=self.euro.id)
        self._new_invoice(
            [(self.part, 600.0)],
            currency_id=self.euro.id,
            parts_contract_id=contract.id,
        )
        self._pay(contract.move_ids, 200.0)
        for lang in ("en_US", "zh_CN"):
            self.env["res.lang"]._activate_lang(lang)
            sheet, lines = self._sheet(self.finance, lang)
            info = lines.with_context(lang=lang).fields_get()
            header = [cell.value for cell in sheet[1]]
            row = 2 + lines.ids.index(2 * contract.id)
            for name, value in (
                ("amount", 500.0),
                ("invoiced", 300.0),
                ("collected", 100.0),
                ("receivable", 200.0),
                ("amount_currency", 1000.0),
                ("invoiced_currency", 600.0),
                ("collected_currency", 200.0),
                ("receivable_currency", 400.0),
            ):
                cell = sheet.cell(row, header.index(info[name]["string"]) + 1)
                self.assertEqual((cell.value, cell.data_type), (value, "n"), name)

    def test_the_spreadsheet_of_a_salesperson_has_his_lines_alone(self):
        sheet, lines = self._sheet(self.li)
        self.assertEqual(lines.contract_id, self.of_li)
        self.assertEqual(sheet.cell(2, 1).value, self.of_li.name)
        self.assertEqual(sheet.cell(3, 1).value, "Total")
        self.assertNotIn("Commission", [cell.value for cell in sheet[1]])

    def test_contract_currency_stands_where_it_differs(self):
        name = "Invoiced (Contract Currency)"
        sheet, _lines = self._sheet(self.finance)
        self.assertNotIn(name, [cell.value for cell in sheet[1]])
        self._new_contract(50.0, currency_id=self.euro.id)
        sheet, _lines = self._sheet(self.finance)
        self.assertIn(name, [cell.value for cell in sheet[1]])

    def test_a_name_is_no_formula(self):
        self.customer.name = "=HYPERLINK(1)"
        sheet, _lines = self._sheet(self.li)
        cell = next(c for c in sheet[2] if c.value == "=HYPERLINK(1)")
        self.assertEqual(cell.data_type, "s")
