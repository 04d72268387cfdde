import io

import xlsxwriter

from odoo import api, models

# In the order of the list: who and what, amounts in both currencies, conduct, state
PLAIN = (
    ("name", 18),
    ("partner_id", 30),
    ("user_id", 18),
    ("team_id", 16),
    ("kind", 16),
    ("company_id", 20),
    ("date", 13),
    ("date_end", 13),
    ("currency_id", 10),
)
CONDUCT = (
    ("days_late", "number"),
    ("worst_late", "count"),
    ("late_count", "count"),
    ("rejected_count", "count"),
    ("taken_percent", "number"),
    ("date_accepted", "date"),
)


class PartsContractLedgerXlsx(models.AbstractModel):
    """The contract ledger as a spreadsheet: the same columns, in the reader's language.

    Amounts in company currency first, with their totals; where a contract has another
    currency, those in contract currency behind them, without totals, since currencies
    do not add up.
    """

    _name = "parts.contract.ledger.xlsx"
    _description = "Contract Ledger (XLSX)"

    @api.model
    def _render(self, lines):
        """Return the workbook of ledger ``lines`` as bytes.

        :param lines: readable by the user; access is checked by the caller
        """
        output = io.BytesIO()
        workbook = xlsxwriter.Workbook(output, {"in_memory": True})
        sheet = workbook.add_worksheet(self.env._("Contract Ledger")[:31])
        styles = self._styles(workbook)
        columns = self._columns(lines)
        lines.fetch([name for name, *_rest in columns])
        for index, (_name, label, width, _style, _value) in enumerate(columns):
            sheet.set_column(index, index, width)
            sheet.write_string(0, index, label, styles["header"])
        for row, line in enumerate(lines, start=1):
            for index, (_name, _label, _width, style, value) in enumerate(columns):
                self._write_cell(sheet, row, index, value(line), styles[style])
        self._write_totals(sheet, lines, columns, styles)
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, max(len(lines), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(8)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        workbook.close()
        return output.getvalue()

    @api.model
    def _styles(self, workbook):
        amount = "#,##0.00;[Red]-#,##0.00"
        return {
            "text": workbook.add_format({"valign": "top"}),
            "money": workbook.add_format({"num_format": amount}),
            "number": workbook.add_format({"num_format": "0.0"}),
            "count": workbook.add_format({"num_format": "0"}),
            "date": workbook.add_format({"num_format": "yyyy-mm-dd", "align": "left"}),
            "header": workbook.add_format(
                {"bold": True, "bg_color": "#E9ECEF", "bottom": 1, "text_wrap": True}
            ),
            "total": workbook.add_format({"bold": True, "top": 1}),
            "total_money": workbook.add_format(
                {"bold": True, "top": 1, "num_format": amount}
            ),
        }

    @api.model
    def _columns(self, lines):
        """Return (field, label, width, style, value of a line) of each column that
        the user may read.
        """
        info = lines.fields_get()
        amounts = [
            name
            for name, field in lines._fields.items()
            if field.type == "monetary" and name in info
        ]
        company = [name for name in amounts if not name.endswith("_currency")]
        foreign = any(line.currency_id != line.company_currency_id for line in lines)
        own = [name for name in amounts if foreign and name.endswith("_currency")]
        columns = [
            (name, info[name]["string"], width, self._style(lines, name), None)
            for name, width in PLAIN
            if name in info
        ]
        columns += [(name, info[name]["string"], 15, "money", None) for name in company]
        columns += [(name, info[name]["string"], 17, "money", None) for name in own]
        columns += [
            (name, info[name]["string"], 11, style, None) for name, style in CONDUCT
        ]
        columns.append(("state", info["state"]["string"], 12, "text", None))
        return [
            (name, label, width, style, self._getter(lines, name))
            for name, label, width, style, _none in columns
        ]

    @api.model
    def _style(self, lines, name):
        return "date" if lines._fields[name].type == "date" else "text"

    @api.model
    def _getter(self, lines, name):
        """Return the function that reads a column of a line."""
        field = lines._fields[name]
        if name == "name":
            return lambda line: line.display_name
        if field.type == "many2one":
            return lambda line: line[name].sudo().display_name or ""
        if field.type == "selection":
            labels = dict(field._description_selection(self.env))
            return lambda line: labels.get(line[name]) or ""
        return lambda line: line[name]

    @api.model
    def _write_totals(self, sheet, lines, columns, styles):
        """Totals of amounts in company currency, where that is one currency."""
        count = len(lines)
        row = count + 1
        one = len(lines.company_currency_id) == 1
        for index, (name, _label, _width, style, _value) in enumerate(columns):
            if index == 0:
                sheet.write_string(row, 0, self.env._("Total"), styles["total"])
            elif one and style == "money" and not name.endswith("_currency"):
                first = xlsxwriter.utility.xl_rowcol_to_cell(1, index)
                last = xlsxwriter.utility.xl_rowcol_to_cell(count, index)
                formula = f"=SUBTOTAL(109,{first}:{last})"
                total = sum(lines.mapped(name))
                sheet.write_formula(row, index, formula, styles["total_money"], total)
            else:
                sheet.write_blank(row, index, None, styles["total"])

    @api.model
    def _write_cell(self, sheet, row, column, value, cell_format):
        if value is False or value is None:
            sheet.write_blank(row, column, None, cell_format)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value, cell_format)
        elif isinstance(value, str):
            # never write(): a customer named "=HYPERLINK(...)" is a name, no formula
            sheet.write_string(row, column, value, cell_format)
        else:
            sheet.write_datetime(row, column, value, cell_format)
