import base64
import io
import unicodedata

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..utils.cell_value import read_day, read_price, read_whole
from ..utils.table_file import TableProblem, open_table
from .parts_credit_policy import RISK_CLASSES

# How people head the columns, without spaces and in lower case
COLUMNS = {
    "customer": ("customer", "partner", "name", "客户", "客户名称", "名称"),
    "reference": ("reference", "ref", "code", "客户编号", "编号"),
    "credit_limit": ("limit", "creditlimit", "信用额度", "额度"),
    "term_days": (
        "term",
        "termdays",
        "days",
        "longestterm(days)",
        "paymentterm",
        "账期",
        "账期(天)",
        "账期（天）",
    ),
    "overdue_days_allowed": (
        "overduedays",
        "daysoverdueallowed",
        "overduedaysallowed",
        "允许逾期天数",
        "逾期天数",
    ),
    "risk_class": ("class", "riskclass", "风险等级", "等级"),
    "review_date": ("review", "nextreview", "reviewdate", "下次复核", "复核日期"),
}
READERS = {
    "credit_limit": read_price,
    "term_days": read_whole,
    "overdue_days_allowed": read_whole,
    "review_date": read_day,
}
# Nobody opens more customers by one file; and the rows are shown
MOST_ROWS = 20000


class PartsCreditOpening(models.Model):
    """The limits that a company starts with, imported by an administrator.

    The one way by which files come into force without an approval, and only while
    credit control is off. Each run is kept: who, when, which rows, which file.
    """

    _name = "parts.credit.opening"
    _description = "Opening Import of Credit Limits"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "filename"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    file = fields.Binary(string="Workbook or CSV", attachment=True)
    filename = fields.Char()
    text = fields.Text(
        string="Or Pasted",
        help="Rows copied from a spreadsheet, with a line of headings on top:"
        " Customer, Limit, Term, Overdue Days, Class, Review.",
    )
    state = fields.Selection(
        selection=[("draft", "Draft"), ("checked", "Checked"), ("done", "Imported")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    line_ids = fields.One2many(
        comodel_name="parts.credit.opening.line",
        inverse_name="opening_id",
        string="Rows",
        readonly=True,
    )
    row_count = fields.Integer(string="Rows to Import", compute="_compute_counts")
    error_count = fields.Integer(string="Rows with Problems", compute="_compute_counts")
    done_by_id = fields.Many2one(
        comodel_name="res.users", string="Imported by", readonly=True, copy=False
    )
    done_date = fields.Datetime(string="Imported on", readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("line_ids.problem")
    def _compute_counts(self):
        for opening in self:
            bad = opening.line_ids.filtered("problem")
            opening.error_count = len(bad)
            opening.row_count = len(opening.line_ids) - len(bad)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [{**vals, "state": "draft"} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        own = {"state", "line_ids", "done_by_id", "done_date"} & vals.keys()
        if not self.env.su and (own or "done" in self.mapped("state")):
            raise UserError(
                self.env._(
                    "An opening import is a record of what was done: make a new one."
                )
            )
        return super().write(vals)

    # === ACTIONS === #

    def action_check(self):
        """Read the rows and say of each what is wrong with it; nothing is created.

        :raises UserError: if the file cannot be read, or the control is on
        """
        self.ensure_one()
        self._check_usable()
        opening = self.sudo()  # rows are written by no role
        opening.line_ids.unlink()
        seen = set()
        for number, cells in opening._read_rows():
            vals = opening._read_row(cells, seen)
            self.env["parts.credit.opening.line"].sudo().create(
                {"opening_id": opening.id, "number": number, **vals}
            )
        opening.state = "checked"
        return True

    def action_run(self):
        """Create an active credit file for each row without a problem.

        :return: window action on the files
        :raises UserError: while rows have problems, or if the control is on
        """
        self.ensure_one()
        self._check_usable()
        self.action_check()
        opening = self.sudo()
        if opening.error_count or not opening.line_ids:
            raise UserError(
                self.env._(
                    "%(count)s rows have problems, nothing was imported: correct the"
                    " file, or take these rows out.",
                    count=opening.error_count,
                )
            )
        files = self.env["parts.credit.file"].sudo()
        for line in opening.line_ids:
            files |= line._create_file()
        opening.write(
            {
                "state": "done",
                "done_by_id": self.env.uid,
                "done_date": fields.Datetime.now(),
            }
        )
        opening.message_post(
            body=self.env._(
                "%(count)s credit files were opened by %(user)s.",
                count=len(files),
                user=self.env.user.name,
            )
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": "parts.credit.file",
            "view_mode": "list,form",
            "domain": [("id", "in", files.ids)],
            "name": self.env._("Credit Files"),
        }

    def _check_usable(self):
        if not self.env.user.has_group("auto_parts_sales.group_parts_administrator"):
            raise AccessError(
                self.env._("Only an administrator imports opening limits.")
            )
        self.check_access("write")
        if self.state == "done":
            raise UserError(self.env._("This import has been carried out."))
        if self.company_id.parts_credit_control:
            raise UserError(
                self.env._(
                    "Credit control of %(company)s is on: limits are proposed and"
                    " approved now. The opening import is for before it is switched"
                    " on.",
                    company=self.company_id.name,
                )
            )

    # === READING === #

    def _read_rows(self):
        """Return [(number of the row, {column: text})] of the file or the text."""
        self.ensure_one()
        content = base64.b64decode(self.file or b"") or (self.text or "").encode()
        try:
            table = open_table(io.BytesIO(content))
            rows = list(table.rows)
        except TableProblem as problem:
            raise UserError(
                self.env._(
                    "This cannot be read as a table: save it as XLSX or CSV, with a row"
                    " of headings, and try again."
                )
            ) from problem
        if len(rows) > MOST_ROWS:
            raise UserError(
                self.env._("At most %s customers are opened at once.", MOST_ROWS)
            )
        columns = self._find_columns(rows[0].cells if rows else [])
        return [
            (
                row.line,
                {
                    name: str(row.cells[index]).strip()
                    for name, index in columns.items()
                    if index < len(row.cells)
                },
            )
            for row in rows[1:]
        ]

    @api.model
    def _find_columns(self, heads):
        columns = {}
        for index, head in enumerate(heads):
            bare = unicodedata.normalize("NFKC", str(head)).lower()
            bare = bare.replace(" ", "").replace("_", "")
            for name, spellings in COLUMNS.items():
                if bare in spellings:
                    columns.setdefault(name, index)
        if not columns.keys() & {"customer", "reference"} or (
            "credit_limit" not in columns
        ):
            raise UserError(
                self.env._(
                    "The first row must name the columns, at least “Customer” (or"
                    " “Reference”) and “Limit”."
                )
            )
        return columns

    def _read_row(self, cells, seen):
        """Return the values of a line, with its first problem."""
        vals = {"customer": cells.get("reference") or cells.get("customer") or ""}
        problem = ""
        for name, read in READERS.items():
            value, code = read(cells.get(name) or "")
            if code:
                problem = problem or self.env._(
                    "“%(text)s” cannot be read as %(column)s.",
                    text=cells[name],
                    column=self.env["parts.credit.file"]
                    ._fields[name]
                    ._description_string(self.env),
                )
            vals[name] = value or False
        letter = unicodedata.normalize("NFKC", cells.get("risk_class") or "e")
        vals["risk_class"] = letter.strip().lower()[:1]
        if vals["risk_class"] not in dict(RISK_CLASSES):
            problem = problem or self.env._("The class is a letter from A to E.")
            vals["risk_class"] = False
        partner, trouble = self._find_customer(cells)
        vals["partner_id"] = partner.id
        problem = problem or trouble or self._own_problem(partner, seen)
        seen.add(partner.id)
        return {**vals, "problem": problem or False}

    def _find_customer(self, cells):
        """Return (customer, problem) by reference, else by name or tax number."""
        partners = self.env["res.partner"].sudo()
        company = [("company_id", "in", (False, self.company_id.id))]
        reference, name = cells.get("reference"), cells.get("customer")
        domain = [("ref", "=", reference)] if reference else None
        if not domain:
            domain = ["|", ("name", "=ilike", self._literal(name)), ("vat", "=", name)]
        if not reference and not name:
            return partners, self.env._("The row names no customer.")
        found = partners.search([*company, *domain]).commercial_partner_id
        if len(found) > 1:
            return partners, self.env._("Several customers are called that.")
        if not found:
            return partners, self.env._("There is no customer of that name.")
        return found, ""

    @api.model
    def _literal(self, text):
        return (
            (text or "").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        )

    def _own_problem(self, partner, seen):
        if partner.id in seen:
            return self.env._("The customer is in the file twice.")
        file = self.env["parts.credit.file"]._of(self.company_id, partner)
        if file:
            return self.env._("The customer has a credit file already.")
        return ""
