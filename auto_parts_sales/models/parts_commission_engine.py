import logging

from psycopg2 import errors

from odoo import api, models
from odoo.tools import SQL, split_every

from .parts_commission_booking import NOTHING, Booked

_logger = logging.getLogger(__name__)

# Odoo runs the whole request again on these: another transaction booked first
CONCURRENCY_ERRORS = (
    errors.LockNotAvailable,
    errors.SerializationFailure,
    errors.DeadlockDetected,
)
SALE_TYPES = ("out_invoice", "out_refund")


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
        if promise and documents:
            engine._guard(engine._browse_moves(documents), "_promise_and_derive")
        entries = moves.filtered(lambda move: move.move_type == "entry")
        if entries:
            engine._follow_partials(
                engine._get_partials(entries), engine._browse_partials()
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
        moves = (partials.debit_move_id | partials.credit_move_id).move_id
        documents = moves.filtered(lambda move: move.move_type in SALE_TYPES)
        if not documents:
            return
        engine = self._as_superuser()
        documents = engine._browse_moves(documents)
        if engine._has_promise(documents):
            engine._guard(documents, "_derive", engine._browse_partials(without))

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
        # What the caller left to be written is his: it fails outside of our savepoint
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                getattr(self, method)(documents, *args)
        except CONCURRENCY_ERRORS:
            raise
        except Exception as error:
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
        matched = documents | self._get_matched_documents(documents)
        return bool(basis.search_count([("move_id", "in", matched.ids)], limit=1))

    @api.model
    def _get_partials(self, moves):
        """Return the reconciliations that customers' items of these moves are in."""
        items = moves.line_ids.filtered(lambda x: x.account_type == "asset_receivable")
        if not items:
            return self._browse_partials()
        return self.env["account.partial.reconcile"].search(
            [
                "|",
                ("debit_move_id", "in", items.ids),
                ("credit_move_id", "in", items.ids),
            ]
        )

    @api.model
    def _get_matched_documents(self, documents):
        """Return the credit notes of invoices and the invoices of credit notes."""
        terms = documents.line_ids.filtered(lambda x: x.display_type == "payment_term")
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
        scope = documents | self._get_matched_documents(documents)
        around = scope | self._get_matched_documents(scope)
        collected = self.env["parts.commission.collected"]
        settlements = collected._get_settlements(around, without)
        bases = (
            self.env["parts.commission.basis"]
            .with_context(active_test=False)
            .search([("move_id", "in", scope.ids)], order="id")
        )
        booked = self._get_booked(bases)
        booking = self.env["parts.commission.booking"]
        run = booking._new_run(without or self._browse_partials())
        weights = {
            document: collected._get_weights(settlements, document)
            for document in bases.move_id
        }
        vals_list = []
        for basis in bases:
            due = weights[basis.move_id] if basis.active else {}
            vals_list += booking._prepare_entries(
                basis, due, booked.get(basis.id, {}), run
            )
        return self._append(vals_list)

    @api.model
    def _get_booked(self, bases):
        """Return {basis id: {(partial id, date): `Booked`}}."""
        groups = self.env["parts.commission.entry"]._read_group(
            domain=[
                ("basis_id", "in", bases.ids),
                ("kind", "in", ("collection", "correction")),
            ],
            groupby=["basis_id", "partial_ref", "date:day", "kind"],
            aggregates=[
                "collected_currency:sum",
                "amount_currency:sum",
                "collected:sum",
                "amount:sum",
                "id:max",
            ],
        )
        booked = {}
        for basis, partial_ref, date, kind, *sums, last_id in groups:
            keys = booked.setdefault(basis.id, {})
            before = keys.get((partial_ref, date), NOTHING)
            is_collection = kind == "collection"
            keys[partial_ref, date] = Booked(
                *(old + new for old, new in zip(before[:4], sums, strict=True)),
                last_id if is_collection else before.last_id,
            )
        return booked

    @api.model
    def _append(self, vals_list):
        """Create ledger entries.

        The promise's serial is raised first: of two transactions that book on the
        same promise, each on its own snapshot, the second fails and is run again.
        """
        entries = self.env["parts.commission.entry"]
        if not vals_list:
            return entries
        basis_ids = sorted({vals["basis_id"] for vals in vals_list})
        for ids in split_every(1000, basis_ids):
            self.env.execute_query(
                SQL(
                    "UPDATE parts_commission_basis SET serial = COALESCE(serial, 0) + 1"
                    " WHERE id IN %s RETURNING id",
                    tuple(ids),
                )
            )
        return entries.create(vals_list)
