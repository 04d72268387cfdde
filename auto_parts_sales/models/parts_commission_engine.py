import logging
from collections import defaultdict
from contextlib import contextmanager

from psycopg2 import DatabaseError, errors

from odoo import api, models

_logger = logging.getLogger(__name__)

# Odoo runs the whole request again on these: another transaction booked first
CONCURRENCY_ERRORS = (
    errors.LockNotAvailable,
    errors.SerializationFailure,
    errors.DeadlockDetected,
)
SALE_TYPES = ("out_invoice", "out_refund")
# bank → payment → entry that moved the claim → invoice, and one to spare
MAX_DEPTH = 5
# Key in the transaction's data: what is followed at the end of an act
GATHERED = "auto_parts_sales.commission"


class Gathered:
    """Documents to follow once an act is done: ids, those to promise anew apart."""

    def __init__(self):
        self.depth = 0
        self.to_promise = set()
        self.to_derive = set()


class PartsCommissionEngine(models.AbstractModel):
    """Works out what should be booked by now and appends the difference.

    Doors for Odoo's documents (`_follow_moves`, `_follow_partials`): they look
    whether commission is concerned at all, never raise, and leave what failed to
    `parts.commission.issue`. Behind them `_derive` compares what should be booked,
    from the present records, with what the ledger holds; run twice it adds nothing.
    Who reconciles needs no right of ours, so the engine runs as superuser, with an
    empty context, since a caller's `default_*` keys are not to reach the ledger.
    """

    _name = "parts.commission.engine"
    _description = "Commission Engine"

    # === DOORS === #

    @api.model
    def _follow_moves(self, moves, promise=False):
        """Book what a change of state or date of journal entries means.

        Costs no query where the moves' companies never had a plan.

        :param moves: `account.move`: invoices, or entries of payments
        :param promise: the state changed: write or close promises as well
        """
        moves = moves.filtered("company_id.parts_commission_in_use")
        if not moves:
            return
        documents = moves.filtered(lambda move: move.move_type in SALE_TYPES)
        engine = self._as_superuser()
        if promise and documents and not engine._gather("to_promise", documents):
            engine._guard(engine._browse_moves(documents), "_promise_and_derive")
        entries = moves.filtered(lambda move: move.move_type == "entry")
        if entries:
            engine._follow_documents(
                engine._find("_get_documents_of", engine._browse_moves(entries))
            )

    @api.model
    def _follow_payments(self, payments):
        """Book what a change of state of payments means; no query without a plan."""
        payments = payments.filtered("company_id.parts_commission_in_use")
        if payments:
            self._follow_moves(payments.move_id)

    @api.model
    def _follow_partials(self, partials, without):
        """Book what made, changed or deleted reconciliations mean.

        Costs no query where no customer invoice or credit note takes part, or its
        company never had a plan.

        :param partials: `account.partial.reconcile`
        :param without: those of them that are about to be deleted
        """
        partials = partials.filtered("company_id.parts_commission_in_use")
        if not partials:
            return
        engine = self._as_superuser()
        engine._follow_documents(
            engine._find("_get_concerned", engine._browse_partials(partials)),
            engine._browse_partials(without),
        )

    @api.model
    def _follow_documents(self, documents, without=None):
        """Book what changed about these invoices and credit notes, as superuser.

        Also the door for what decides whether commission is earned at all, such as a
        contract that becomes effective.
        """
        if not documents or self._gather("to_derive", documents):
            return
        if self._has_promise(documents):
            self._guard(documents, "_derive", without or self._browse_partials())

    @api.model
    @contextmanager
    def _gathering(self):
        """Follow what happens within once, at the end.

        Around an act that reconciles one after the other, such as the payments of
        many invoices. What it touches is kept on the transaction, never in the
        context, which comes from the caller.
        """
        data = self.env.cr.precommit.data
        gathered = data.setdefault(GATHERED, Gathered())
        gathered.depth += 1
        try:
            yield
        finally:
            gathered.depth -= 1
            if not gathered.depth and data.get(GATHERED) is gathered:
                del data[GATHERED]
        if gathered.depth:
            return
        engine = self._as_superuser()
        moves = self.env["account.move"].browse
        documents = engine._browse_moves(moves(sorted(gathered.to_promise)).exists())
        if documents:
            engine._guard(documents, "_promise_and_derive")
        rest = sorted(gathered.to_derive - gathered.to_promise)
        engine._follow_documents(engine._browse_moves(moves(rest).exists()))

    @api.model
    def _gather(self, name, documents):
        """Keep documents for the end of the act, if one gathers; return whether."""
        gathered = self.env.cr.precommit.data.get(GATHERED)
        if gathered is None:
            return False
        getattr(gathered, name).update(documents.ids)
        return True

    @api.model
    def _find(self, method, records):
        """Return the documents that a method finds; if it fails, those that are plain
        to see. The rest is found at night.

        No savepoint, which each posting and each reconciliation would pay for: these
        methods only read.
        """
        try:
            return getattr(self, method)(records)
        except DatabaseError:
            raise
        except Exception:
            _logger.exception("Commission of %s could not be looked for", records)
        if records._name == "account.partial.reconcile":
            records = (records.debit_move_id | records.credit_move_id).move_id
        return records.filtered(lambda move: move.move_type in SALE_TYPES)

    @api.model
    def _guard(self, documents, method, *args):
        """Call an engine method so that its failure stops nobody.

        What fails for several documents is tried for each; what fails for one is
        kept as an open item and tried again each night.
        """
        if self._try(documents, method, *args) is None:
            return
        for document in documents:
            error = self._try(document, method, *args)
            if error is not None:
                self.env["parts.commission.issue"]._report(document, error)

    @api.model
    def _try(self, documents, method, *args):
        """Return None, or the error that was rolled back."""
        # What the caller left to be written is his: it fails outside of our savepoint.
        # What he left for the end of the transaction stays there: a savepoint that
        # flushes would do it now, such as the messages about each payment's state
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                getattr(self, method)(documents, *args)
                self.env.flush_all()
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:
            self.env.transaction.clear()
            _logger.exception("Commission of %s could not be worked out", documents)
            return error
        return None

    # === HELPERS === #

    @api.model
    def _as_superuser(self):
        # Without the caller's context: its defaults must not play a part
        return self.with_env(self.env(su=True, context={}))

    @api.model
    def _browse_moves(self, moves):
        return self.env["account.move"].browse(moves.ids)

    @api.model
    def _browse_partials(self, partials=()):
        ids = partials.ids if partials else []
        return self.env["account.partial.reconcile"].browse(ids)

    @api.model
    def _is_uninstalling(self):
        """Return whether the addon is being uninstalled: a fact, not a context key."""
        module = self.env["ir.module.module"].sudo()
        return module._get("auto_parts_sales").state == "to remove"

    @api.model
    def _has_promise(self, documents):
        basis = self.env["parts.commission.basis"].with_context(active_test=False)

        def is_promised(moves):
            return basis.search_count([("move_id", "in", moves.ids)], limit=1)

        # what documents are matched with is looked for only if it matters
        return bool(
            is_promised(documents)
            or is_promised(self._get_matched_documents(documents))
        )

    @api.model
    def _get_concerned(self, partials):
        """Return the customers' documents whose money reconciliations change.

        Those that take part, and those behind: the bank sees a payment, or a claim
        is paid on the account that an entry moved it to.
        """
        moves = (partials.debit_move_id | partials.credit_move_id).move_id
        documents = moves.filtered(lambda move: move.move_type in SALE_TYPES)
        reached = defaultdict(set)
        for partial in partials:
            items = partial.debit_move_id | partial.credit_move_id
            if all(move.move_type == "entry" for move in items.move_id):
                for item in items:
                    reached[item.move_id].add(item.account_id)
        return documents | self._get_documents_behind(reached)

    @api.model
    def _get_documents_of(self, entries):
        """Return the customers' documents that entries settle."""
        return self._get_documents_behind({move: set() for move in entries})

    @api.model
    def _get_documents_behind(self, reached):
        """Return the customers' documents that entries settle, also through others.

        An entry is left by another account than it was reached by: from the bank to
        the payment, from there to the invoice, never to other payments of that day.

        :param reached: {entry: accounts that it was reached by}
        """
        documents, seen = self.env["account.move"], set()
        for _depth in range(MAX_DEPTH):
            items = self._get_items_beyond(reached, seen)
            if not items:
                break
            reached = defaultdict(set)
            for item in self._get_other_items(items):
                if item.move_id.move_type in SALE_TYPES:
                    documents |= item.move_id
                elif item.move_id.move_type == "entry":
                    reached[item.move_id].add(item.account_id)
        return documents

    @api.model
    def _get_items_beyond(self, reached, seen):
        items = self.env["account.move.line"]
        for move, accounts in reached.items():
            for item in move.line_ids:
                account = item.account_id
                if account in accounts or item in seen or not account.reconcile:
                    continue
                if account.account_type != "liability_payable":
                    items |= item
        seen.update(items)
        return items

    @api.model
    def _get_other_items(self, items):
        """Return the items with which items are reconciled."""
        partials = self.env["account.partial.reconcile"].search(
            [
                "|",
                ("debit_move_id", "in", items.ids),
                ("credit_move_id", "in", items.ids),
            ]
        )
        return (partials.debit_move_id | partials.credit_move_id) - items

    @api.model
    def _get_matched_documents(self, documents):
        """Return the credit notes of invoices and the invoices of credit notes."""
        # searched, not filtered: an invoice may have hundreds of other lines
        terms = self.env["account.move.line"].search(
            [("move_id", "in", documents.ids), ("display_type", "=", "payment_term")]
        )
        items = (
            terms.matched_credit_ids.credit_move_id
            | terms.matched_debit_ids.debit_move_id
        )
        return items.move_id.filtered(lambda move: move.move_type in SALE_TYPES)

    # === THE BOOKING === #

    @api.model
    def _promise_and_derive(self, documents):
        """Write promises of posted documents, close the others', and book."""
        basis = self.env["parts.commission.basis"]
        posted = documents.filtered(lambda move: move.state == "posted")
        if posted:
            basis._promise(posted)
        others = documents - posted
        if others:
            basis.search([("move_id", "in", others.ids)]).active = False
        if self._has_promise(documents):
            self._derive(documents)

    @api.model
    def _derive(self, documents, without=None):
        """Append to the ledger what should be booked and is not.

        :param documents: customer invoices and credit notes, as superuser
        :param without: partials that are about to be deleted
        :return: the new `parts.commission.entry` records
        """
        scope = around = documents | self._get_matched_documents(documents)
        if scope != documents:
            around |= self._get_matched_documents(scope)
        without = without or self._browse_partials()
        ledger = self.env["parts.commission.ledger"]
        booking = self.env["parts.commission.booking"]
        due_of = self.env["parts.commission.due"]
        promises = due_of._get_promises(scope)
        dues = due_of._get_dues(promises, around, without)
        run = booking._new_run(without)
        sums = ledger._sum_up(promises)
        new, others = {}, []
        for promise in promises:
            vals_list = booking._prepare_new_entries(
                promise, dues[promise.id], sums.get(promise.id), run
            )
            if vals_list is None:
                others.append(promise)
            else:
                new[promise.id] = vals_list
        new.update(self._compare(others, dues, run))
        vals_list = [vals for promise in promises for vals in new[promise.id]]
        return ledger._append(promises, vals_list)

    @api.model
    def _compare(self, promises, dues, run):
        """Return {promise id: values of entries}, compared collection by collection."""
        ledger = self.env["parts.commission.ledger"]
        booking = self.env["parts.commission.booking"]
        lateness = self.env["parts.commission.lateness"]
        booked, late = ledger._get_booked(promises)
        entries = {}
        for promise in promises:
            due = dues[promise.id]
            done = booked.get(promise.id, {})
            new = booking._prepare_entries(promise, due, done, run)
            taken_off = late.get(promise.id, {})
            if taken_off or lateness._may_be_late(promise.terms):
                rows = lateness._get_ledger(done, new)
                new = new + lateness._prepare_entries(
                    promise, due.weights, rows, taken_off
                )
            entries[promise.id] = new
        return entries
