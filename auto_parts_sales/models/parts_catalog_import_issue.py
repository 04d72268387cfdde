import base64
import csv
import io

from odoo import api, fields, models
from odoo.tools import SQL, LazyTranslate

from ..utils.table_file import column_letters

_lt = LazyTranslate(__name__)

# What is wrong with a file as a whole
PROBLEMS = {
    "empty": _lt("The file is empty."),
    "no_rows": _lt("The file has the names of columns, and no row below them."),
    "no_header": _lt(
        "No row among the first twenty names the columns. Write their names into the"
        " first row, or say by hand what each column means."
    ),
    "too_large": _lt("The file is larger than %(limit)s MB: split it."),
    "binary": _lt("This is no table: choose a CSV, XLSX or ACES XML file."),
    "pdf": _lt("This is a PDF: ask for the table as XLSX or CSV."),
    "packed": _lt("This is a packed archive: unpack it, and choose the file in it."),
    "old_excel": _lt(
        "This is a workbook of an old version (.xls), or one with a password: save it"
        " as .xlsx without a password."
    ),
    "html": _lt("This is a web page, not a table: save it as .xlsx or CSV."),
    "xml": _lt("This is an XML file: choose the kind “ACES Applications” for it."),
    "not_workbook": _lt("This is a ZIP archive, not a workbook: unpack it first."),
    "password": _lt("The workbook has a password: save it without one."),
    "bomb": _lt(
        "The workbook would become much too large when unpacked (%(part)s). It is not"
        " opened."
    ),
    "doctype": _lt(
        "The file contains a document type (DTD), which no data needs: it could make"
        " the server read other files or fill its memory. It is not opened."
    ),
    "broken_workbook": _lt(
        "The workbook is damaged or was not transferred whole: open it, save it again,"
        " or ask for it again."
    ),
    "broken_xml": _lt(
        "The file is no XML, or it breaks off: line %(line)s cannot be read. Ask for"
        " it again."
    ),
    "not_aces": _lt("This XML file is no ACES file: it begins with “%(name)s”."),
    "record_count": _lt(
        "The file says that it holds %(expected)s applications, but there are"
        " %(found)s: it was not transferred whole. Ask for it again."
    ),
    "encoding": _lt(
        "Line %(line)s is not readable as %(encoding)s: choose the right encoding, or"
        " save the file as UTF-8."
    ),
    "one_column": _lt(
        "Only one column is found: choose the delimiter that stands between the cells."
    ),
    "long_line": _lt(
        "Line %(line)s is longer than any row of a table: is this really one?"
    ),
    "open_quote": _lt(
        "A quotation mark opened in line %(line)s or soon after is never closed: the"
        " file breaks off, or a mark is one too many."
    ),
    "doubled": _lt(
        "Several columns are called “%(column)s”: say by hand what each of them means,"
        " or delete one."
    ),
    "meaning_doubled": _lt(
        "Several columns are said to mean “%(meaning)s”: leave that to one of them."
    ),
    "columns": _lt(
        "No column is found for: %(missing)s. Say by hand which column it is."
    ),
}

# What is wrong with a cell or row
REASONS = {
    "file": _lt("%(value)s"),
    "missing": _lt("The cell is empty, but needed."),
    "too_many_cells": _lt(
        "The row has more cells than there are columns: it is shifted, or a delimiter"
        " stands within a cell."
    ),
    "formula": _lt("A formula is not computed: paste values instead."),
    "error": _lt("The spreadsheet shows an error here."),
    "long": _lt("The cell holds more text than any value has."),
    "controls": _lt("The cell holds characters that cannot be read."),
    "digits_lost": _lt(
        "The spreadsheet has lost digits of this number: format the column as text,"
        " and enter the number again."
    ),
    "date": _lt("This is a date, or a spreadsheet has made one of a number."),
    "decimal": _lt("This is a decimal number: is it a part number?"),
    "scientific": _lt(
        "A spreadsheet writes long numbers like this, and has lost their last digits."
    ),
    "bool": _lt("This is yes or no, not a number."),
    "amount": _lt("This is no amount."),
    "negative": _lt("An amount cannot be negative."),
    "quantity": _lt("A quantity is a number above zero."),
    "whole": _lt("This is no whole number."),
    "key": _lt("This is no id of a catalogue: digits alone are."),
    "displacement": _lt("This is no displacement in litres or cubic centimetres."),
    "percent": _lt("A discount lies between 0 and 100 per cent."),
    "yes_no": _lt("Say yes or no."),
    "dates_reversed": _lt("The last day is before the first one."),
    "years": _lt("No range of years can be read here."),
    "years_reversed": _lt("The first year is after the last one."),
    "years_outside": _lt("The vehicle was not built in these years."),
    "fuel": _lt("This fuel is not known."),
    "drive": _lt("This kind of drive is not known."),
    "body": _lt("This kind of body is not known."),
    "grade": _lt("This grade is not known: genuine, OE supplier, aftermarket ..."),
    "stock_class": _lt("This stock class is not known."),
    "number_kind": _lt("The kind of a number is OE, trade or interchange."),
    "mode": _lt("The mode of a replacement is replace, and, or."),
    "mode_needed": _lt(
        "One number is replaced by several: say whether all of them are needed (and)"
        " or any of them (or)."
    ),
    "same_number": _lt("A number cannot replace itself."),
    "cycle": _lt("Replacements run in a circle: %(value)s"),
    "part_missing": _lt("The application names no part."),
    "part_unknown": _lt("No part with this reference or number is found."),
    "part_ambiguous": _lt("Several parts have this reference or number."),
    "part_repeated": _lt("The part stands in the file again, with other values."),
    "brand_unknown": _lt("This part brand is not known."),
    "vehicle_unknown": _lt("This vehicle is not known."),
    "make_unknown": _lt("This make is not known."),
    "model_unknown": _lt("This model of the make is not known."),
    "owner_unknown": _lt(
        "No make, group of makes or part brand of this name is known."
    ),
    "owner_missing": _lt(
        "Whose number this is, is not said: add a column, or choose a make or brand for"
        " the whole file."
    ),
    "name_missing": _lt("A new part needs a name."),
    "reference_missing": _lt("A new part needs an internal reference."),
    "category_unknown": _lt("This product category is not known."),
    "barcode_taken": _lt("Another product has this barcode."),
    "vendor_unknown": _lt("No vendor, or more than one, has this name."),
    "uom_unknown": _lt(
        "No unit of measure has this name, or the part's unit cannot be made of it."
    ),
    "vendor_missing": _lt(
        "Whose price this is, is not said: add a column, or choose a vendor for the"
        " whole file."
    ),
    "currency_unknown": _lt("This currency is not known, or not in use."),
    "equipment": _lt("The application is for equipment, not for a vehicle."),
    "action": _lt("An application is added (A) or deleted (D); this is neither."),
    "one_space": _lt("Two numbers parted by a space, or one with a space in it?"),
    "slash": _lt("Two numbers parted by a slash, or one with a slash in it?"),
    "tail": _lt("The second number is written short: which number is it?"),
    "range": _lt("This looks like a range of numbers."),
    "side": _lt("The letter may be the side (left, right) or belong to the number."),
    "thousands": _lt("This looks like an amount with thousands parted."),
    "year": _lt("This may be a year."),
    "short": _lt("Too short to be sure that it is a number."),
    "dummy": _lt("This looks like a stand-in for a number."),
    "look_alike": _lt("Letters of two scripts that look alike are mixed."),
    "encoding": _lt("Characters were lost: the file was saved in a wrong encoding."),
    "bracketed": _lt("The number stands in brackets: is it meant?"),
    "owner": _lt("A brand stands between two numbers: to which does it belong?"),
    "doubt": _lt("The supplier himself is not sure: a question mark stands here."),
    "replaced": _lt("One number for another: this belongs into supersessions."),
    "others": _lt("The supplier knows more numbers than stand here."),
    "no_none": _lt("The supplier says that there is no number."),
    "no_pending": _lt("The supplier does not know the number yet."),
    "no_text": _lt("This is a text, not a number."),
    "no_year_range": _lt("These are years, not a number."),
    "no_date": _lt("This is a date, not a number."),
    "no_measure": _lt("This is a measure, not a number."),
    "no_formula": _lt("This is a formula, not a number."),
    "no_error": _lt("The spreadsheet shows an error here."),
    "no_scientific": _lt(
        "A spreadsheet writes long numbers like this, and has lost their last digits."
    ),
    "no_too_long": _lt("The cell holds more text than any number has."),
}
OTHER_NUMBER = _lt("It is not certain which number is meant.")
OTHER_YEARS = _lt("It is not certain which years are meant.")
ROWS_PER_SHEET = 1_000_000


class PartsCatalogImportIssue(models.Model):
    """A cell that was not loaded, and why. Written by SQL, in bulk."""

    _name = "parts.catalog.import.issue"
    _description = "Bad Row of an Import"
    _order = "import_id, line, id"
    _log_access = False

    import_id = fields.Many2one(
        comodel_name="parts.catalog.import",
        string="Import",
        required=True,
        index=True,
        readonly=True,
        ondelete="cascade",
    )
    line = fields.Integer(readonly=True)
    sheet = fields.Char(readonly=True)
    place = fields.Integer(readonly=True, help="Of the column; counted from 0.")
    code = fields.Char(readonly=True, required=True)
    value = fields.Char(readonly=True)
    to_check = fields.Boolean(readonly=True, help="A person may confirm it.")
    # What the row says of its part: rows of such parts are not removed
    part = fields.Char(readonly=True)
    found_in = fields.Char(readonly=True, help="In which step it was found.")

    cell = fields.Char(compute="_compute_cell")
    column = fields.Char(compute="_compute_cell")
    reason = fields.Char(compute="_compute_reason")

    @api.depends("line", "place", "import_id.column_ids.name")
    def _compute_cell(self):
        for job, issues in self.grouped("import_id").items():
            names = {column.sequence: column.name for column in job.column_ids}
            for issue in issues:
                known = issue.place is not False and issue.place >= 0 and issue.line
                letters = column_letters(issue.place) if known and names else ""
                issue.cell = f"{letters}{issue.line}" if issue.line else ""
                issue.column = names.get(issue.place, "") if known else ""

    @api.depends("code", "value")
    @api.depends_context("lang")
    def _compute_reason(self):
        for issue in self:
            issue.reason = self._get_reason(issue.code, issue.value)

    # === SENTENCES === #

    @api.model
    def _get_reason(self, code, value=""):
        """Return the sentence of a code, in the user's language."""
        reason = REASONS.get(code)
        if reason is None:
            reason = OTHER_YEARS if code.startswith("years_") else OTHER_NUMBER
        text = str(self.env._(reason))
        return text % {"value": value or ""} if "%(value)s" in text else text

    @api.model
    def _get_problem(self, problem):
        """Return the sentence of a :class:`~.table_file.TableProblem`."""
        values = {"line": "?", **problem.values}
        return str(self.env._(PROBLEMS[problem.code])) % values

    # === BULK === #

    @api.model
    def _add(self, job, rows):
        """Add issues by COPY.

        :param rows: iterable of (line, sheet, place, code, value, to_check, part,
            found_in)
        """
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        for line, sheet, place, code, value, to_check, part, found_in in rows:
            text = (value or "")[:500].replace("\x00", "")
            place = -1 if place is None else place
            writer.writerow(
                [job.id, line, sheet, place, code, text, to_check, part, found_in]
            )
        if not buffer.tell():
            return
        buffer.seek(0)
        self.env.cr.copy_expert(
            "COPY parts_catalog_import_issue (import_id, line, sheet, place, code,"
            " value, to_check, part, found_in) FROM STDIN (FORMAT csv)",
            buffer,
        )
        self.invalidate_model()

    @api.model
    def _forget(self, job, found_in=None):
        """Delete the issues of an import, or those of one step."""
        self.env.cr.execute(
            SQL(
                "DELETE FROM parts_catalog_import_issue WHERE import_id = %s AND %s",
                job.id,
                SQL("found_in = %s", found_in) if found_in else SQL("TRUE"),
            )
        )
        self.invalidate_model()

    @api.model
    def _count(self, job):
        """Return how many rows have issues, and how many of them only to check."""
        [[bad, to_check]] = self.env.execute_query(
            SQL(
                """SELECT count(*), count(*) FILTER (WHERE to_check) FROM (
                       SELECT bool_and(to_check) AS to_check
                         FROM parts_catalog_import_issue
                        WHERE import_id = %s
                     GROUP BY sheet, line
                   ) AS bad""",
                job.id,
            )
        )
        return bad, to_check

    # === FILE OF ERRORS === #

    @api.model
    def _write_file(self, job):
        """Write the issues of an import into its file of errors, as a workbook."""
        if not job.error_count:
            job._record({"error_file": False, "error_filename": False})
            return
        import xlsxwriter

        buffer = io.BytesIO()
        options = {
            "in_memory": False,
            "constant_memory": True,
            # What a supplier writes is text, whatever it looks like
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        }
        with xlsxwriter.Workbook(buffer, options) as book:
            sheet = None
            for count, row in enumerate(self._iterate(job)):
                if count % ROWS_PER_SHEET == 0:
                    sheet = self._add_sheet(book)
                for place, value in enumerate(row):
                    sheet.write(count % ROWS_PER_SHEET + 1, place, value)
        name = (job.filename or "import").rpartition(".")[0] or job.filename or "import"
        job._record(
            {
                "error_file": base64.b64encode(buffer.getvalue()),
                "error_filename": self.env._("%(name)s errors.xlsx", name=name),
            }
        )

    def _add_sheet(self, book):
        sheet = book.add_worksheet()
        titles = (
            self.env._("State"),
            self.env._("Sheet"),
            self.env._("Line"),
            self.env._("Cell"),
            self.env._("Column"),
            self.env._("Content"),
            self.env._("Reason"),
        )
        sheet.set_column(0, 4, 14)
        sheet.set_column(5, 5, 40)
        sheet.set_column(6, 6, 80)
        sheet.freeze_panes(1, 0)
        bold = book.add_format({"bold": True})
        for place, title in enumerate(titles):
            sheet.write(0, place, title, bold)
        return sheet

    def _iterate(self, job):
        """Yield the cells of the file of errors, without holding all issues."""
        names = {column.sequence: column.name for column in job.column_ids}
        states = {True: self.env._("To check"), False: self.env._("Error")}
        last, texts = 0, {}
        while True:
            rows = self.env.execute_query(
                SQL(
                    """SELECT id, to_check, sheet, line, place, code, value
                         FROM parts_catalog_import_issue
                        WHERE import_id = %s AND (line, id) > %s
                     ORDER BY line, id LIMIT 20000""",
                    job.id,
                    last or (-1, 0),
                )
            )
            for _id, to_check, sheet, line, place, code, value in rows:
                if code not in texts or code in ("file", "cycle"):
                    texts[code] = self._get_reason(code, value)
                cell = f"{column_letters(place)}{line}" if place >= 0 and names else ""
                yield (
                    *(states[bool(to_check)], sheet or "", line or "", cell),
                    *(names.get(place, ""), value or "", texts[code]),
                )
            if not rows:
                return
            last = (rows[-1][3], rows[-1][0])
