import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError

_logger = logging.getLogger(__name__)

DAYS_LOOKED_BACK = 3
BATCH = 200
CHECKED_PARAMETER = "auto_parts_sales.commission_checked_id"


class PartsCommissionIssue(models.Model):
    """What the engine could not book, or what the night found different.

    An accountant is never stopped by commission: what fails is kept here with its
    error, shown to finance and tried again each night.
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
            ("difference", "Found different at night"),
        ],
        default="failure",
        required=True,
        readonly=True,
    )
    error = fields.Text(readonly=True)
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

    # === COMPUTE METHODS === #

    @api.depends("move_name")
    def _compute_display_name(self):
        for issue in self:
            issue.display_name = issue.move_name or self.env._("Commission issue")

    # === ACTIONS === #

    def action_retry(self):
        """Work out the commission of these invoices again."""
        self._check_finance()
        self.sudo()._retry()

    def action_check_all(self):
        """Have the whole ledger compared with the accounts, in the background."""
        self._check_finance()
        # all of it, not the rest that a run before left
        self.env["ir.config_parameter"].sudo().set_param(CHECKED_PARAMETER, 0)
        cron = self.env.ref("auto_parts_sales.parts_commission_check_all_cron")
        # As superuser: scheduled actions are the administrator's, this one is finance's
        cron.sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Every invoice with commission is compared with the ledger in the"
                    " background. Differences are booked and listed here."
                ),
            },
        }

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
        waiting = self.filtered(lambda issue: issue.state == "open")
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
        groups = (
            self.env["parts.commission.basis"]
            .with_context(active_test=False)
            # not ("move_id", ">", 0): Odoo finds nothing by it
            ._read_group([("move_id.id", ">", start)], ["move_id"])
        )
        moves = self.env["account.move"].union(*(move for [move] in groups))
        moves = moves.sorted("id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(moves))
        for first in range(0, len(moves), BATCH):
            batch = moves[first : first + BATCH]
            self._check_moves(batch)
            is_last = first + BATCH >= len(moves)
            parameters.set_param(CHECKED_PARAMETER, 0 if is_last else batch[-1].id)
            if not cron._commit_progress(processed=len(batch)):
                return
        parameters.set_param(CHECKED_PARAMETER, 0)

    @api.model
    def _is_promise_wrong(self, move):
        """Return whether an invoice's promises do not fit its state."""
        bases = (
            self.env["parts.commission.basis"]
            .with_context(active_test=False)
            .search([("move_id", "=", move.id)])
        )
        return any(bases.mapped("active")) != (move.state == "posted")

    @api.model
    def _check_moves(self, moves):
        """Book and list what the ledger of these invoices lacks; return the entries."""
        engine = self.env["parts.commission.engine"]._as_superuser()
        found = self.env["parts.commission.entry"].sudo()
        for move in moves:
            last_id = found.search([], order="id desc", limit=1).id or 0
            method = "_derive"
            if self._is_promise_wrong(move):
                method = "_promise_and_derive"
            error = engine._try(engine._browse_moves(move), method)
            if error is not None:
                self._report(move, error)
                continue
            # also what it meant for credit notes that are matched with it
            missed = found.search([("id", ">", last_id)], order="id")
            for document, entries in missed.grouped("move_id").items():
                self._report_missed(document, entries)
            found |= missed
        return found

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
        self._report(move, "\n".join(lines), "difference")
