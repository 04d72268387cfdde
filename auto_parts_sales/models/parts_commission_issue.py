import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

_logger = logging.getLogger(__name__)

DAYS_LOOKED_BACK = 3
BATCH = 200
# So many invoices are compared while who asks waits; more, in the background
AT_ONCE = 500
CHECKED_PARAMETER = "auto_parts_sales.commission_checked_id"


class PartsCommissionIssue(models.Model):
    """What the engine could not book, or what a comparison found different.

    An accountant is never stopped by commission: what fails is kept here with its
    error, shown to finance and tried again each night. When everything was compared,
    and that nothing was different, is kept here, too (`check`).
    """

    _name = "parts.commission.issue"
    _description = "Commission Open Issue"
    _order = "date desc, id desc"

    move_id = fields.Many2one(
        comodel_name="account.move",
        string="Invoice",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    move_name = fields.Char(string="Invoice Number", readonly=True)
    company_id = fields.Many2one(
        comodel_name="res.company", required=True, index=True, readonly=True
    )
    kind = fields.Selection(
        selection=[
            ("failure", "Could not be worked out"),
            ("difference", "Found different"),
            ("check", "Everything compared"),
        ],
        default="failure",
        required=True,
        readonly=True,
    )
    error = fields.Text(string="What Was Found", readonly=True)
    date = fields.Datetime(
        string="Last Seen", default=fields.Datetime.now, readonly=True
    )
    state = fields.Selection(
        selection=[("open", "Open"), ("solved", "Solved")],
        default="open",
        required=True,
        index=True,
        readonly=True,
    )
    compared = fields.Integer(
        readonly=True, help="How many invoices this comparison has seen."
    )
    different = fields.Integer(
        readonly=True, help="On how many of them it found something to list."
    )

    # === COMPUTE METHODS === #

    @api.depends("move_name", "kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for issue in self:
            issue.display_name = issue.move_name or kinds.get(issue.kind)

    # === ACTIONS === #

    def action_retry(self):
        """Work out the commission of these invoices again."""
        self._check_finance()
        self.sudo()._retry()

    def action_check_all(self):
        """Compare the whole ledger with the accounts, and say what was found.

        Where there are many invoices, in the background: then who asked is told when
        it is done.

        :return: action, a notification
        """
        self._check_finance()
        companies = self.env.companies
        # As superuser: no role writes issues, and who asks need not read all invoices
        issues = self.sudo()
        moves = issues._get_promised_moves([("company_id", "in", companies.ids)])
        if len(moves) <= AT_ONCE:
            checks = issues._open_checks(companies)
            for first in range(0, len(moves), BATCH):
                batch = moves[first : first + BATCH]
                checks._note_compared(batch, issues._check_moves(batch))
            return checks._close_checks()._get_notification()
        # all of it, not the rest that a run before left
        self.env["ir.config_parameter"].sudo().set_param(CHECKED_PARAMETER, 0)
        issues._get_open_checks().write({"compared": 0, "different": 0})
        issues._open_checks(companies)
        cron = self.env.ref("auto_parts_sales.parts_commission_check_all_cron")
        cron.sudo()._trigger()
        return self._prepare_notification(
            "info",
            self.env._(
                "%(count)s invoices are compared with the ledger in the background. You"
                " are told when it is done; differences are booked and listed here.",
                count=len(moves),
            ),
        )

    def action_solve(self):
        """Mark as dealt with."""
        self._check_finance()
        # As superuser: nobody writes issues, this button is for finance
        self.sudo().state = "solved"

    def _check_finance(self):
        self.check_access("read")
        if not self.env.user.has_group("auto_parts_sales.group_parts_finance"):
            raise AccessError(self.env._("Open commission issues belong to finance."))

    # === BUSINESS METHODS === #

    @api.model
    def _report(self, move, error, kind="failure"):
        """Keep an open item for one invoice; one open item an invoice and kind."""
        vals = {
            "error": str(error) or type(error).__name__,
            "date": fields.Datetime.now(),
        }
        issue = self.search(
            [("move_id", "=", move.id), ("kind", "=", kind), ("state", "=", "open")],
            limit=1,
        )
        if issue:
            if kind == "difference":
                # nobody has read yet what was found before
                vals["error"] = f"{issue.error}\n{vals['error']}"
            issue.write(vals)
            return issue
        return self.create(
            {
                **vals,
                "move_id": move.id,
                "move_name": move.name,
                "company_id": move.company_id.id,
                "kind": kind,
            }
        )

    def _retry(self):
        """Try again what failed; invoices before the credit notes that follow them."""
        engine = self.env["parts.commission.engine"]._as_superuser()
        waiting = self.filtered(
            lambda issue: issue.state == "open" and issue.kind != "check"
        )
        for issue in waiting.sorted(lambda issue: (issue.move_id.id or 0, issue.id)):
            error = None
            if issue.move_id:
                move = engine._browse_moves(issue.move_id)
                error = engine._try(move, "_promise_and_derive")
                for note in self._get_notes_without_promise(move):
                    engine._guard(note, "_promise_and_derive")
            if error is None:
                issue.state = "solved"
            else:
                self._report(issue.move_id, error)

    @api.model
    def _get_notes_without_promise(self, move):
        """Return the posted credit notes that followed an invoice without promise."""
        notes = move.reversal_move_ids.filtered(lambda note: note.state == "posted")
        promised = self.env["parts.commission.basis"].search(
            [("move_id", "in", notes.ids)]
        )
        return notes - promised.move_id

    @api.model
    def _cron_check(self):
        """Try what failed again, and compare the ledger with what it should hold.

        Looks at the invoices that were touched in the last days. What differs is
        booked and listed; nothing is expected here, since each event books at once.
        """
        failed = [("state", "=", "open"), ("kind", "=", "failure")]
        self.search(failed)._retry()
        since = fields.Datetime.now() - timedelta(days=DAYS_LOOKED_BACK)
        self._book_matured(since)
        moves = self._get_touched_moves(since)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(moves))
        for start in range(0, len(moves), BATCH):
            batch = moves[start : start + BATCH]
            self._check_moves(batch)
            if not cron._commit_progress(processed=len(batch)):
                break

    @api.model
    def _get_touched_moves(self, since):
        """Return the invoices with a promise that changed since, or whose money did."""
        recent = [("write_date", ">=", since)]
        moves = self.env["account.move"].search(recent)
        moves |= self.env["account.payment"].search(recent).move_id
        partials = self.env["account.partial.reconcile"].search(recent)
        engine = self.env["parts.commission.engine"]
        entries = moves.filtered(lambda move: move.move_type == "entry")
        moves |= engine._get_concerned(partials)
        moves |= engine._get_documents_of(entries)
        entries = self.env["parts.commission.entry"].search(
            [("create_date", ">=", since)]
        )
        bases = (
            self.env["parts.commission.basis"]
            .with_context(active_test=False)
            .search([("move_id", "in", (moves | entries.move_id).ids)])
        )
        return bases.move_id.sorted("id")

    @api.model
    def _book_matured(self, since):
        """Book the cheques and acceptance drafts that matured since then.

        Nothing else happens on the day on which they do.
        """
        payments = self.env["account.payment"].search(
            [
                ("parts_maturity_date", ">=", since.date()),
                ("parts_maturity_date", "<=", fields.Date.context_today(self)),
            ]
        )
        self.env["parts.commission.engine"]._follow_payments(payments)

    @api.model
    def _cron_check_all(self):
        """Compare the whole ledger with what it should hold, invoice by invoice.

        Goes on where the last run stopped, until it has seen every invoice with a
        promise; then it rests until somebody asks for it again.
        """
        parameters = self.env["ir.config_parameter"].sudo()
        start = int(parameters.get_param(CHECKED_PARAMETER, 0))
        # not ("move_id", ">", 0): Odoo finds nothing by it
        moves = self._get_promised_moves([("move_id.id", ">", start)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(moves))
        checks = self._get_open_checks()
        for first in range(0, len(moves), BATCH):
            batch = moves[first : first + BATCH]
            checks._note_compared(batch, self._check_moves(batch))
            is_last = first + BATCH >= len(moves)
            parameters.set_param(CHECKED_PARAMETER, 0 if is_last else batch[-1].id)
            if not cron._commit_progress(processed=len(batch)) and not is_last:
                return
        parameters.set_param(CHECKED_PARAMETER, 0)
        for user, asked in checks._close_checks().grouped("create_uid").items():
            told = asked.with_context(lang=user.lang)._get_notification()["params"]
            told.pop("next")
            user._bus_send("simple_notification", told)

    @api.model
    def _get_promised_moves(self, domain):
        """Return the invoices and credit notes that promised something, by their ids.

        :param domain: on `parts.commission.basis`
        """
        groups = (
            self.env["parts.commission.basis"]
            .with_context(active_test=False)
            ._read_group([*domain, ("move_id", "!=", False)], ["move_id"])
        )
        return self.env["account.move"].union(*(move for [move] in groups)).sorted("id")

    # === WHAT A COMPARISON SAYS === #

    @api.model
    def _get_open_checks(self):
        return self.search([("kind", "=", "check"), ("state", "=", "open")])

    @api.model
    def _open_checks(self, companies):
        """Keep that everything is being compared, company by company."""
        return self.create(
            [
                {
                    "company_id": company.id,
                    "kind": "check",
                    "error": company.with_context(lang=company.partner_id.lang).env._(
                        "Being compared in the background"
                    ),
                }
                for company in companies
            ]
        )

    def _note_compared(self, moves, found):
        """Count what these comparisons have seen, and what was listed of it.

        :param found: see `_check_moves`
        """
        for check in self:
            company = check.company_id
            own = found.filtered(lambda issue, of=company: issue.company_id == of)
            seen = moves.filtered(lambda move, of=company: move.company_id == of)
            check.compared += len(seen)
            check.different += len(own.move_id)

    def _close_checks(self):
        """Keep what comparisons that are done found; return them.

        In the language of the company: it is kept as text.
        """
        for check in self:
            lang = check.company_id.partner_id.lang
            sentence = check.with_context(lang=lang)._get_check_sentence()
            check.write({"state": "solved", "error": sentence})
        return self

    def _get_check_sentence(self):
        """Return what comparisons found, of all their companies together."""
        values = {
            "compared": sum(self.mapped("compared")),
            "different": sum(self.mapped("different")),
        }
        if values["different"]:
            return self.env._(
                "%(compared)s invoices compared: on %(different)s something was"
                " different or could not be worked out. It is listed here.",
                **values,
            )
        return self.env._(
            "%(compared)s invoices compared: the ledger agrees with the accounts.",
            **values,
        )

    def _get_notification(self):
        """Return the action that tells its reader what comparisons found."""
        different = any(self.mapped("different"))
        return self._prepare_notification(
            "warning" if different else "success",
            self._get_check_sentence(),
            sticky=different,
        )

    @api.model
    def _prepare_notification(self, kind, message, sticky=False):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": kind,
                "message": message,
                "sticky": sticky,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === COMPARING === #

    @api.model
    def _check_moves(self, moves):
        """Book and list what the ledger of these invoices lacks.

        :return: the issues that list it, and those of what could not be worked out
        """
        engine = self.env["parts.commission.engine"]._as_superuser()
        entries = self.env["parts.commission.entry"].sudo()
        last_id = entries.search([], order="id desc", limit=1).id or 0
        before = self._get_running(moves)
        # an invoice's promises run while it is posted
        wrong = moves.filtered(lambda x: (x in before) != (x.state == "posted"))
        found = self._check_each(wrong, "_promise_and_derive")
        now = self._get_running(wrong)
        for move in wrong:
            if now.get(move) != before.get(move):
                found |= self._report_promises(move)
        rest = moves - wrong
        if rest and engine._try(engine._browse_moves(rest), "_derive") is not None:
            found |= self._check_each(rest, "_derive")
        # also what it meant for credit notes that are matched with them
        missed = entries.search([("id", ">", last_id)], order="id")
        for document, lacking in missed.grouped("move_id").items():
            found |= self._report_missed(document, lacking)
        return found

    @api.model
    def _check_each(self, moves, method):
        """Have each invoice worked out; return the issues of those that cannot be."""
        engine = self.env["parts.commission.engine"]._as_superuser()
        failed = self.browse()
        for move in moves:
            error = engine._try(engine._browse_moves(move), method)
            if error is not None:
                failed |= self._report(move, error)
        return failed

    @api.model
    def _get_running(self, moves):
        """Return {invoice: its promises that run}."""
        promises = self.env["parts.commission.basis"]
        return promises.search([("move_id", "in", moves.ids)]).grouped("move_id")

    @api.model
    def _report_promises(self, move):
        """List that an invoice's promises did not fit its state, and were put right."""
        company = move.company_id.with_context(lang=move.company_id.partner_id.lang)
        if move.state == "posted":
            text = company.env._("Its commission was not promised: it is now.")
        else:
            text = company.env._(
                "Its commission was still promised though it is not posted: it is no"
                " more."
            )
        return self._report(move, text, "difference")

    @api.model
    def _report_missed(self, move, entries):
        """List entries that were missing, each with its amount and its cause.

        In the language of the company: they are kept as text.
        """
        _logger.warning("Commission entries %s were missing: booked", entries.ids)
        entries = entries.with_context(lang=move.company_id.partner_id.lang)
        lines = [
            entries.env._(
                "%(amount)s for %(user)s: %(entry)s",
                amount=entry.currency_id.format(entry.amount),
                user=entry.user_id.name,
                entry=entry.description,
            )
            for entry in entries
        ]
        return self._report(move, "\n".join(lines), "difference")
