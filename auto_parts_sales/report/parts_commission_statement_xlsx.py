import io

import xlsxwriter

from odoo import api, models
from odoo.tools import format_date
from odoo.tools.misc import get_lang

from ..utils.text_width import text_width

HEADER_ROW = 4
LINE_HEIGHT = 15  # points


class PartsCommissionStatementXlsx(models.AbstractModel):
    """A statement as a spreadsheet, in the language of who gets it."""

    _name = "parts.commission.statement.xlsx"
    _description = "Commission Statement (XLSX)"

    @api.model
    def _render(self, statement):
        """Return the workbook of one statement as bytes.

        :param statement: readable by the user; access is checked by the caller
        """
        language = statement.user_id.lang or self.env.lang
        if language != self.env.lang:
            renderer = self.with_context(lang=language)
            return renderer._render(statement.with_context(lang=language))
        output = io.BytesIO()
        workbook = xlsxwriter.Workbook(output, {"in_memory": True})
        sheet = workbook.add_worksheet(self.env._("Commission")[:31])
        formats = self._add_formats(workbook, statement)
        columns = self._get_columns(statement)
        self._write_title(sheet, statement, formats)
        for index, (label, width, style, _value) in enumerate(columns):
            sheet.set_column(index, index, width)
            is_number = style in ("money", "foreign", "percent")
            style = "header_number" if is_number else "header"
            sheet.write_string(HEADER_ROW, index, label, formats[style])
        entries = statement.entry_ids.sorted(lambda entry: (entry.date, entry.id))
        for row, entry in enumerate(entries, start=HEADER_ROW + 1):
            height = 1
            for index, (_label, width, style, value) in enumerate(columns):
                content = value(entry)
                self._write_cell(sheet, row, index, content, formats[style])
                if style == "wrapped":
                    # not every program finds out by itself how high a row has to be
                    height = max(height, -(-text_width(content or "") // width))
            sheet.set_row(row, LINE_HEIGHT * height)
        self._write_totals(sheet, statement, columns, len(entries), formats)
        sheet.freeze_panes(HEADER_ROW + 1, 0)
        last_row = HEADER_ROW + max(len(entries), 1)
        sheet.autofilter(HEADER_ROW, 0, last_row, len(columns) - 1)
        self._set_page(sheet)
        workbook.set_properties({"title": statement.name})
        workbook.close()
        return output.getvalue()

    @api.model
    def _get_columns(self, statement):
        """Return the columns: list of (label, width, format, value of an entry).

        To override for more columns; those of format "money" are totalled.
        """
        _ = self.env._
        kind = self.env["parts.commission.entry"]._fields["kind"]
        # a collection and what lateness takes off it read the same sentence
        kinds = dict(kind._description_selection(self.env))
        return [
            (_("Collected on"), 13, "date", lambda entry: entry.date),
            (_("Customer"), 34, "text", lambda entry: entry.partner_name),
            (_("Invoice"), 18, "text", lambda entry: entry.move_name),
            (_("Product"), 44, "text", lambda entry: entry.product_name),
            (_("Payment"), 22, "text", lambda entry: entry.payment_name),
            (_("Collected (untaxed)"), 18, "money", lambda x: x.collected or None),
            (_("Rate"), 9, "percent", lambda x: round(x.rate / 100.0, 6) or None),
            (_("Commission"), 15, "money", lambda entry: entry.amount),
            (_("Kind"), 12, "text", lambda entry: kinds.get(entry.kind)),
            *self._get_foreign_columns(statement),
            (_("How it came about"), 80, "wrapped", lambda entry: entry.description),
        ]

    @api.model
    def _get_foreign_columns(self, statement):
        """Return what an amount was in its invoice's currency, if any has another.

        Without totals: currencies do not add up.
        """
        _ = self.env._

        def foreign(entry):
            return entry.invoice_currency_id != entry.currency_id

        if not any(map(foreign, statement.entry_ids)):
            return []
        return [
            (
                _("Currency"),
                10,
                "text",
                lambda x: foreign(x) and x.invoice_currency_id.name,
            ),
            (
                _("Collected in currency"),
                18,
                "foreign",
                lambda x: foreign(x) and x.collected_currency,
            ),
            (
                _("Commission in currency"),
                18,
                "foreign",
                lambda x: foreign(x) and x.amount_currency,
            ),
        ]

    @api.model
    def _add_formats(self, workbook, statement):
        decimals = statement.currency_id.decimal_places
        money = "#,##0" + (f".{'0' * decimals}" if decimals else "")
        money = f"{money};[Red]-{money}"
        date = self._get_date_format()
        top = {"valign": "top"}
        return {
            "title": workbook.add_format({"bold": True, "font_size": 16}),
            "text": workbook.add_format({**top, "indent": 1}),
            "wrapped": workbook.add_format({**top, "indent": 1, "text_wrap": True}),
            "date": workbook.add_format({**top, "num_format": date, "align": "left"}),
            "money": workbook.add_format({**top, "num_format": money}),
            "foreign": workbook.add_format({**top, "num_format": "#,##0.00"}),
            "percent": workbook.add_format({**top, "num_format": "0.00##%"}),
            "header": workbook.add_format(
                {"bold": True, "bg_color": "#E9ECEF", "bottom": 1, "text_wrap": True}
            ),
            "header_number": workbook.add_format(
                {
                    "bold": True,
                    "bg_color": "#E9ECEF",
                    "bottom": 1,
                    "text_wrap": True,
                    "align": "right",
                }
            ),
            "total": workbook.add_format(
                {"bold": True, "top": 1, "num_format": money, "bg_color": "#F8F9FA"}
            ),
        }

    @api.model
    def _get_date_format(self):
        """Return the reader's date format as a spreadsheet writes it."""
        codes = {
            "%Y": "yyyy", "%y": "yy", "%m": "mm", "%d": "dd", "%b": "mmm",
            "%B": "mmmm", "%-d": "d", "%-m": "m",
        }  # fmt: skip
        pattern = get_lang(self.env).date_format
        for code in sorted(codes, key=len, reverse=True):
            pattern = pattern.replace(code, codes[code])
        return "yyyy-mm-dd" if "%" in pattern else pattern

    @api.model
    def _write_title(self, sheet, statement, formats):
        sheet.write_string(0, 0, statement.name, formats["title"])
        period = self.env._(
            "%(user)s, %(date_from)s to %(date_to)s",
            user=statement.user_id.name,
            date_from=format_date(self.env, statement.date_from),
            date_to=format_date(self.env, statement.date_to),
        )
        sheet.write_string(1, 0, period)
        sheet.write_string(
            2,
            0,
            self.env._(
                "%(company)s, amounts in %(currency)s",
                company=statement.company_id.name,
                currency=statement.currency_id.name,
            ),
        )

    @api.model
    def _write_cell(self, sheet, row, column, value, cell_format):
        if value is False or value is None or value == "":
            sheet.write_blank(row, column, None, cell_format)
        elif isinstance(value, (int, float)):
            sheet.write_number(row, column, value, cell_format)
        elif isinstance(value, str):
            # never write(): a customer named "=HYPERLINK(...)" is a name, no formula
            sheet.write_string(row, column, value, cell_format)
        else:
            sheet.write_datetime(row, column, value, cell_format)

    @api.model
    def _write_totals(self, sheet, statement, columns, count, formats):
        row = HEADER_ROW + count + 1
        for index, (_label, _width, style, value) in enumerate(columns):
            if style == "money":
                letter = xlsxwriter.utility.xl_col_to_name(index)
                formula = f"=SUM({letter}{HEADER_ROW + 2}:{letter}{row})"
                if not count:
                    formula = "=0"
                total = statement.currency_id.round(
                    sum(value(entry) or 0.0 for entry in statement.entry_ids)
                )
                sheet.write_formula(row, index, formula, formats["total"], total)
            else:
                label = self.env._("Total") if index == 0 else ""
                sheet.write_string(row, index, label, formats["total"])

    @api.model
    def _set_page(self, sheet):
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)
