from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date

from .parts_price_band import PRICE_ROLE
from .parts_price_guard import FINANCE

# Lines that the decider's table shows
SHOWN = 40


class PartsPriceSheet(models.Model):
    """A change of prices: proposed, decided by the price group, entered by another,
    in force from a date (CTL-4).
    """

    _name = "parts.price.sheet"
    _description = "Price Sheet"
    _inherit = ["mail.thread", "mail.activity.mixin", "parts.approval.gate.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    reason = fields.Char(required=True, tracking=True)
    date_from = fields.Date(
        string="Valid From",
        required=True,
        default=fields.Date.context_today,
        tracking=True,
    )
    line_ids = fields.One2many(
        comodel_name="parts.price.sheet.line",
        inverse_name="sheet_id",
        string="Prices",
        copy=True,
    )
    line_count = fields.Integer(
        string="Number of Prices", compute="_compute_line_count"
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("pending", "Waiting for Decision"),
            ("approved", "Decided"),
            ("entered", "Entered"),
            ("done", "In Force"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    entered_by_id = fields.Many2one(
        comodel_name="res.users", string="Entered by", readonly=True, copy=False
    )
    change_ids = fields.One2many(
        comodel_name="parts.price.change", inverse_name="sheet_id", string="Changes"
    )

    # === COMPUTE METHODS === #

    @api.depends("line_ids")
    def _compute_line_count(self):
        for sheet in self:
            sheet.line_count = len(sheet.line_ids)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:  # named: a default in the context must not name it
            vals_list = [
                {**vals, "state": "draft", "entered_by_id": False} for vals in vals_list
            ]
        sequence = self.env["ir.sequence"].sudo()
        for vals in vals_list:
            company = vals.get("company_id") or self.env.company.id
            number = sequence.with_company(company).next_by_code("parts.price.sheet")
            vals["name"] = number or "/"
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            if {"state", "entered_by_id", "name"} & vals.keys():
                raise UserError(
                    self.env._("The state of a price sheet follows from its decision.")
                )
            if {"reason", "date_from", "line_ids", "company_id"} & vals.keys():
                self._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        self._check_draft()

    def _check_draft(self):
        for sheet in self.sudo():
            if sheet.state != "draft":
                raise UserError(
                    self.env._(
                        "Price sheet %(sheet)s is being decided or was: what was"
                        " submitted is frozen. Withdraw the request to change it.",
                        sheet=sheet.name,
                    )
                )

    # === GATE === #

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate != "effect":
            return blocks
        for sheet in self:
            message = self.env._(
                "Price sheet %(sheet)s, in force from %(date)s, number of prices:"
                " %(count)s. %(reason)s",
                sheet=sheet.name,
                count=len(sheet.line_ids),
                date=format_date(self.env, sheet.date_from),
                reason=sheet.reason,
            )
            blocks.append(
                sheet._parts_gate_block(
                    "price_sheet",
                    "price_change",
                    message,
                    date_from=(str(sheet.date_from), "any"),
                    price_sheet=(sheet.line_ids._facts(), "any"),
                )
            )
        return blocks

    def _parts_gate_next(self):
        return "effect" if self.state in ("draft", "pending") else False

    def _parts_gate_figures(self, block):
        if block["kind"] != "price_change":
            return super()._parts_gate_figures(block)
        rows = [
            self._parts_gate_figure("date_from", self.date_from),
            self._parts_gate_figure("reason", self.reason),
        ]
        for line in self.line_ids[:SHOWN]:
            rows.append(self._parts_gate_figure(f"price_line:{line.id}", line._text()))
        for line in self.line_ids[:SHOWN]:
            name = f"price_margin:{line.id}"
            text = line._margin_text()
            if text:
                rows.append(self._parts_gate_figure(name, text, group=PRICE_ROLE))
        return rows

    @api.model
    def _parts_gate_labels(self):
        labels = self.env["parts.price.check"]._labels()
        return {**super()._parts_gate_labels(), **labels}

    def _parts_approval_decided(self, approval):
        result = super()._parts_approval_decided(approval)
        if approval.state == "approved":
            self._parts_gate_pass("effect")
            self.state = "approved"
            self._tell_enterers()
        else:
            self.state = "draft"
        return result

    def _parts_approval_voided(self, approval):
        if self.state == "pending":
            self.state = "draft"
        return super()._parts_approval_voided(approval)

    def _tell_enterers(self):
        """Say in the chatter that somebody else can enter the sheet now."""
        self.message_post(
            body=self.env._(
                "Decided. Finance or the price group enters it now: somebody who"
                " neither proposed nor decided it."
            )
        )

    # === ACTIONS === #

    def action_parts_request_approval(self, reason=None):
        """Submit the sheet: it is frozen until it is decided.

        :raises UserError: a sheet without prices
        """
        for sheet in self:
            if not sheet.line_ids:
                raise UserError(
                    self.env._(
                        "Price sheet %(sheet)s has no prices yet: add what shall"
                        " change.",
                        sheet=sheet.name,
                    )
                )
        self.env["parts.approval.rule"].sudo()._create_defaults(
            self.company_id, "price_change"
        )
        action = super().action_parts_request_approval(reason or self[:1].reason)
        # the state is written by no role
        self.sudo().filtered(lambda sheet: sheet.state == "draft").state = "pending"
        return action

    def action_submit(self):
        """Submit the sheet to the price group."""
        return self.action_parts_request_approval()

    def action_enter(self):
        """Enter decided sheets; they come into force on their date.

        :raises UserError: not decided; or the user proposed or decided it, or is
            neither of finance nor of the price group
        """
        self.check_access("read")
        user = self.env.user
        if not user.has_groups(f"{FINANCE},{PRICE_ROLE}"):
            raise UserError(
                self.env._("Finance or the price group enters decided prices.")
            )
        for sheet in self.sudo():  # the state is written by no role
            if sheet.state != "approved":
                raise UserError(
                    self.env._(
                        "Price sheet %(sheet)s is not decided, or entered already.",
                        sheet=sheet.name,
                    )
                )
            if user in sheet._involved():
                raise UserError(
                    self.env._(
                        "You proposed or decided price sheet %(sheet)s: somebody else"
                        " enters it.",
                        sheet=sheet.name,
                    )
                )
            sheet.write({"state": "entered", "entered_by_id": user.id})
        self.sudo()._apply_due()
        return True

    def _involved(self):
        """Return who proposed or decided this sheet."""
        self.ensure_one()
        approvals = self.parts_approval_ids.filtered(
            lambda approval: approval.state == "approved"
        )
        deciders = approvals.decision_ids
        return (
            self.create_uid
            | approvals.requester_id
            | deciders.user_id
            | deciders.substitute_for_id
        )

    # === IN FORCE === #

    @api.model
    def _cron_apply(self):
        """Bring entered sheets into force whose date has come."""
        due = self.search([("state", "=", "entered")], order="date_from, id")
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for sheet in due:
            sheet._apply_due()
            if not self.env["ir.cron"]._commit_progress(processed=1):
                break

    def _apply_due(self):
        """Write the prices of those sheets whose date has come, as superuser."""
        for sheet in self.sudo():
            today = fields.Date.context_today(sheet)
            if sheet.state != "entered" or sheet.date_from > today:
                continue
            with self.env["parts.price.change"]._by_sheet(sheet):
                for line in sheet.line_ids:
                    line._apply()
            sheet.state = "done"

    # === IMPORT === #

    @api.model
    def _from_import(self, company, user, reason, prices):
        """Make a sheet of list prices that a file brings; nothing changes by it.

        :param dict prices: id of a product.template to its new list price
        :return: the sheet
        """
        sheet = self.with_user(user).sudo().with_company(company)
        return sheet.create(
            {
                "company_id": company.id,
                "reason": reason,
                "line_ids": [
                    fields.Command.create(
                        {"product_tmpl_id": template_id, "price_after": price}
                    )
                    for template_id, price in prices.items()
                ],
            }
        )
