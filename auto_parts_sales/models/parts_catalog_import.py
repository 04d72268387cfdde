import io

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_datetime
from odoo.tools.misc import formatLang

from ..utils import table_file
from ..utils.table_file import TableProblem

KINDS = [
    ("product", "Parts"),
    ("number", "Numbers"),
    ("supersession", "Supersessions"),
    ("vehicle", "Vehicles"),
    ("fitment", "Fitment"),
    ("price", "Prices"),
    ("aces", "ACES Applications"),
]
STATES = [
    ("draft", "Draft"),
    ("checked", "Checked"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
]
ENCODINGS = [
    ("utf-8-sig", "UTF-8"),
    ("utf-16", "UTF-16"),
    ("gb18030", "GB18030 / GBK"),
    ("big5", "Big5"),
    ("shift_jis", "Shift JIS"),
    ("cp1252", "Western (Windows 1252)"),
]
DELIMITERS = [
    (",", "Comma"),
    (";", "Semicolon"),
    ("\t", "Tabulator"),
    ("|", "Vertical Bar"),
    ("，", "Full-Width Comma"),
]
# What people set; everything else is worked out, and refused from outside.
SET_BY_PEOPLE = frozenset(
    "kind file filename source_id company_id brand_id make_id partner_id encoding"
    " delimiter drop_missing create_missing load_uncertain mapping column_ids"
    " message_follower_ids message_ids activity_ids".split()
)
# Those of them on which the result of a check depends
CHECKED = (
    SET_BY_PEOPLE
    - {"column_ids"}
    - {name for name in SET_BY_PEOPLE if name.startswith(("message_", "activity_"))}
)
# Files up to this size are checked and imported at once, larger ones in the background
AT_ONCE = {"csv": 4 * 1024 * 1024, "xml": 8 * 1024 * 1024, "xlsx": 512 * 1024}
CRON = "auto_parts_sales.parts_catalog_import_cron"


class PartsCatalogImport(models.Model):
    """One file of one source: checked in full first, then loaded in one switch.

    What it does to the tables of the catalogue is the work of the loaders
    (:class:`parts.catalog.loader`), one for each kind.
    """

    _name = "parts.catalog.import"
    _description = "Catalogue Import"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _check_company_auto = True

    # === FIELDS === #

    kind = fields.Selection(
        selection=KINDS,
        required=True,
        help="What the rows of the file are. A file that holds several things is"
        " imported once for each.",
    )
    file = fields.Binary(attachment=True, copy=False, help="CSV, XLSX or ACES XML.")
    filename = fields.Char(copy=False)
    source_id = fields.Many2one(
        comodel_name="parts.catalog.source",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="The import replaces what came from this source, and nothing else.",
    )
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="Its parts, and those of all companies, are looked for.",
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Vendor",
        compute="_compute_partner_id",
        store=True,
        readonly=False,
        precompute=True,
        check_company=True,
        help="Whose prices these are, where the file does not name a vendor.",
    )
    brand_id = fields.Many2one(
        comodel_name="parts.catalog.brand",
        string="Part Brand",
        help="Brand of the file's parts, where the file does not name one.",
    )
    make_id = fields.Many2one(
        comodel_name="parts.catalog.make",
        string="Make",
        help="Make that gave the file's numbers, where the file does not name one.",
    )
    encoding = fields.Selection(selection=ENCODINGS, help="Empty: recognised.")
    delimiter = fields.Selection(selection=DELIMITERS, help="Empty: recognised.")
    drop_missing = fields.Boolean(
        string="Remove What Is Gone",
        default=True,
        help="Rows of this source that are no longer in the file are removed. Switch it"
        " off for files that hold only additions.",
    )
    create_missing = fields.Boolean(
        string="Create Makes, Models and Brands",
        compute="_compute_create_missing",
        store=True,
        readonly=False,
        precompute=True,
        help="Those that the file names and nobody entered; else such rows are bad.",
    )
    load_uncertain = fields.Boolean(
        string="Load What Is Uncertain",
        help="Somebody has looked at the cells to check, and confirms how they are"
        " read. Otherwise they are kept in the file of errors and not loaded.",
        tracking=True,
    )

    # Columns
    mapping = fields.Json(
        copy=False, help="What people say of columns: name in the file to meaning."
    )
    column_ids = fields.One2many(
        comodel_name="parts.catalog.import.column",
        inverse_name="import_id",
        string="Columns",
        copy=False,
    )

    # Where it stands
    state = fields.Selection(
        selection=STATES,
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    goal = fields.Selection(
        selection=[("check", "Check"), ("load", "Import")], readonly=True, copy=False
    )
    step = fields.Selection(
        selection=[
            ("read", "Reading the file"),
            ("prepare", "Preparing"),
            ("switch", "Looking up and writing"),
        ],
        readonly=True,
        copy=False,
    )
    position = fields.Integer(
        readonly=True, copy=False, help="Rows of the file that are staged."
    )
    progress = fields.Float(string="Progress (%)", readonly=True, copy=False)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Started by", readonly=True, copy=False
    )
    started_date = fields.Datetime(string="Started on", readonly=True, copy=False)
    done_date = fields.Datetime(string="Imported on", readonly=True, copy=False)
    undone_date = fields.Datetime(string="Undone on", readonly=True, copy=False)
    can_undo = fields.Boolean(compute="_compute_can_undo")
    message = fields.Text(readonly=True, copy=False)
    status = fields.Char(string="What Is Next", compute="_compute_status")
    note = fields.Text(string="Remarks", readonly=True, copy=False)
    format_found = fields.Char(string="Read as", readonly=True, copy=False)

    # What it does
    row_count = fields.Integer(string="Rows", readonly=True, copy=False)
    added_count = fields.Integer(string="Added", readonly=True, copy=False)
    changed_count = fields.Integer(string="Changed", readonly=True, copy=False)
    dropped_count = fields.Integer(string="Removed", readonly=True, copy=False)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True, copy=False)
    repeated_count = fields.Integer(
        string="Repeated",
        readonly=True,
        copy=False,
        help="Said more than once in the file; loaded once.",
    )
    error_count = fields.Integer(
        string="Bad Rows",
        readonly=True,
        copy=False,
        help="Rows that are not loaded, or not all of them.",
    )
    uncertain_count = fields.Integer(
        string="To Check",
        readonly=True,
        copy=False,
        help="Of the bad rows, those that a person may confirm.",
    )
    error_file = fields.Binary(attachment=True, readonly=True, copy=False)
    error_filename = fields.Char(readonly=True, copy=False)
    issue_ids = fields.One2many(
        comodel_name="parts.catalog.import.issue",
        inverse_name="import_id",
        string="Bad Rows by Cell",
        readonly=True,
        copy=False,
    )

    # === COMPUTE METHODS === #

    @api.depends("filename", "source_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for job in self:
            names = (job.source_id.name, kinds.get(job.kind), job.filename)
            job.display_name = " / ".join(filter(None, names))

    @api.depends("source_id")
    def _compute_partner_id(self):
        for job in self:
            job.partner_id = job.source_id.partner_id or job.partner_id

    @api.depends("kind")
    def _compute_create_missing(self):
        for job in self:
            job.create_missing = job.kind in ("vehicle", "product")

    @api.depends("state", "step", "position", "error_count", "undone_date")
    def _compute_status(self):
        for job in self:
            job.status = job._describe_status()

    @api.depends("state")
    def _compute_can_undo(self):
        for job in self:
            job.can_undo = job.state == "done" and not job._get_later().ids

    def _describe_status(self):
        """Return what people should know now. Note: self.ensure_one()"""
        self.ensure_one()
        if self.state == "running":
            steps = dict(self._fields["step"]._description_selection(self.env))
            return self.env._(
                "%(step)s: %(count)s rows so far. It goes on if you leave this page;"
                " reload to see how far it is.",
                step=steps.get(self.step, ""),
                count=formatLang(self.env, self.position, digits=0),
            )
        if self.state == "checked" and self.error_count:
            return self.env._(
                "%(bad)s rows would not be imported, or not all of them; %(check)s of"
                " them only wait for somebody to confirm how they are read. Correct"
                " the file and choose it again, or import the rest.",
                bad=self.error_count,
                check=self.uncertain_count,
            )
        if self.state == "draft" and self.undone_date:
            return self.env._(
                "This import was undone on %(date)s.",
                date=format_datetime(self.env, self.undone_date),
            )
        return False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override: what is worked out cannot be given; the columns are read."""
        for vals in vals_list:
            self._refuse_results(vals)
        jobs = super().create(vals_list)
        for job in jobs:
            job._read_columns()
        return jobs

    def write(self, vals):
        """Override: a change of what was checked means that it is checked again."""
        self._refuse_results(vals)
        if not vals.keys() & CHECKED:
            return super().write(vals)
        for job in self:
            job._refuse_if_running()
            # by the loader of the kind that it was
            job._start_again()
        result = super().write(vals)
        for job in self:
            if vals.keys() & {"file", "kind", "encoding", "delimiter", "source_id"}:
                job._read_columns()
            elif "mapping" in vals:
                job._apply_mapping()
        return result

    def _record(self, vals):
        """Write what the engine has worked out; nothing starts again."""
        return super().write(vals)

    @api.model
    def _refuse_results(self, vals):
        """Only the engine, as superuser, writes what an import has found and done."""
        own = set(vals) - SET_BY_PEOPLE
        own = {name for name in own if name in self._fields and name[0] != "_"}
        own -= {"display_name", "create_uid", "write_uid", "create_date", "write_date"}
        if own and not self.env.su:
            labels = self.fields_get(list(own), ["string"])
            raise AccessError(
                self.env._(
                    "%(fields)s of an import cannot be set: checking and importing"
                    " works it out.",
                    fields=", ".join(label["string"] for label in labels.values()),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        for job in self.filtered(lambda job: job.state == "running"):
            job._refuse_if_running()

    def unlink(self):
        """Override: what was staged and kept for undo goes, too."""
        for job in self:
            job._get_loader()._drop_tables(job)
        return super().unlink()

    def _refuse_if_running(self):
        """Note: self.ensure_one()"""
        self.ensure_one()
        if self.state == "running":
            raise UserError(
                self.env._(
                    "%(import)s is running: wait until it is done, or stop it first.",
                    **{"import": self.display_name},
                )
            )
        if self.state == "done":
            raise UserError(
                self.env._(
                    "%(import)s is done: undo it first, or make a new import.",
                    **{"import": self.display_name},
                )
            )

    # === ACTIONS === #

    def action_check(self):
        """Check the whole file, without changing the catalogue.

        Afterwards the state is ``checked`` and the counts say what an import would do,
        or ``failed`` and ``message`` says why. Large files are checked in the
        background: the state is ``running`` until then.

        :raises UserError: there is no file, or the import is running or done
        """
        return self._begin("check")

    def action_run(self):
        """Import the file: in the background, if it is large.

        What was not checked is checked on the way. The state is ``running`` until it
        is ``done`` or ``failed``; what people see changes in one transaction.

        :raises UserError: there is no file, the import is running or done, or prices
            are to be written while the company's price authority forbids it
        :raises AccessError: the user may not write what the file holds
        """
        return self._begin("load")

    def action_stop(self):
        """Stop a running import before it has changed anything."""
        for job in self.sudo():
            job.check_access("write")
            job.lock_for_update()
            if job.state == "running":
                job._start_again()
        return True

    def action_undo(self):
        """Put back what this import added, changed and removed.

        :raises UserError: it is not done, or a later import of its source builds on it
        """
        for job in self:
            job.check_access("write")
            job._check_rights()
            job._get_loader()._refuse_undo(job.sudo())
            job.sudo().lock_for_update()
            job._get_loader()._undo(job.sudo())
            job.sudo()._record({"state": "draft", "undone_date": fields.Datetime.now()})
        return True

    def action_view_issues(self):
        """Open the list of bad rows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Bad Rows"),
            "res_model": "parts.catalog.import.issue",
            "view_mode": "list",
            "domain": [("import_id", "=", self.id)],
        }

    def action_download_errors(self):
        """Download the file of bad rows."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/error_file"
            f"/{self.error_filename}?download=true",
            "target": "self",
        }

    def _begin(self, goal):
        for job in self:
            job.check_access("write")
            job._refuse_if_running()
            # its size alone: the content may be large
            if not job.with_context(bin_size=True).file:
                raise UserError(
                    self.env._("Choose a file first: CSV, XLSX or ACES XML.")
                )
            if goal == "load":
                job._check_rights()
            job._begin_one(goal)
        return True

    def _begin_one(self, goal):
        """Note: self.ensure_one()"""
        self.ensure_one()
        checked = self.state == "checked"
        self.sudo().lock_for_update()
        if not checked:
            self._start_again()
        self.sudo()._record(
            {
                "state": "running",
                "goal": goal,
                "step": "prepare" if checked and goal == "load" else "read",
                "user_id": self.env.uid,
                "started_date": fields.Datetime.now(),
                "message": False,
                "undone_date": False,
            }
        )
        if self._is_small():
            self._work()
        else:
            self.env.ref(CRON).sudo()._trigger()

    def _check_rights(self):
        """Refuse an import whose rows the user may not write.

        :raises AccessError, UserError: see :meth:`action_run`
        """
        for job in self:
            job._get_loader()._check_rights(job)

    def _is_small(self):
        """Tell whether the file is worked off at once. Note: self.ensure_one()"""
        self.ensure_one()
        with self._open_file() as stream:
            size = stream.seek(0, io.SEEK_END)
            try:
                kind = table_file.sniff_format(stream)
            except TableProblem:
                return True
        return size <= AT_ONCE[kind]

    # === FILE === #

    def _get_loader(self):
        """Return the loader of the import's kind. Note: self.ensure_one()"""
        self.ensure_one()
        return self.env[f"parts.catalog.loader.{self._get_table_kind()}"]

    def _get_table_kind(self):
        self.ensure_one()
        return "fitment" if self.kind == "aces" else self.kind
