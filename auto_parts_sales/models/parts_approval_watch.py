from collections import defaultdict
from contextlib import contextmanager

from odoo import api, models

KEY = "auto_parts_sales.watch"
# Key in the cursor's cache: documents whose gate is being passed right now
PASSING = "auto_parts_sales.passing"


class Watch:
    """What one transaction remembers while documents are being written."""

    def __init__(self):
        self.depth = 0
        self.before = {}  # {(model, id): (bound, terms)}, None: it came into being
        self.let_in = set()  # those that Odoo itself changes right now

    def documents(self, env):
        """Return a recordset for each model, without what a savepoint took back."""
        ids_of = defaultdict(list)
        created = defaultdict(list)
        for (model, res_id), before in self.before.items():
            (ids_of if before else created)[model].append(res_id)
        found = [env[model].browse(ids) for model, ids in ids_of.items()]
        return found + [
            env[model].browse(ids).exists() for model, ids in created.items()
        ]


class PartsApprovalWatch(models.AbstractModel):
    """Looks at documents before and after the outermost write, and calls the gate.

    What is compared is what the documents bind somebody to, worked out from the facts
    before and after (:meth:`parts.approval.gate.mixin._parts_gate_terms`), not the
    names of the fields written. Writes nest, so the comparison runs once, after the
    outermost one; its counter lives on the transaction, never in the context, which
    comes from the caller.
    """

    _name = "parts.approval.watch"
    _description = "Watch over Documents that Are Written"

    @api.model
    @contextmanager
    def _writing(self, documents):
        """Watch over ``documents`` (of a gate mixin's model) while they are written.

        Call it around ``super()`` in create, write and unlink of the document and of
        its lines. Yields the transaction's watch, for :meth:`_created` and
        :meth:`_found`.

        :raises GateError: afterwards, if a document became binding, or a binding one
            grew, and its gate does not let it pass
        """
        data = self.env.cr.precommit.data
        watch = data.get(KEY)
        if watch is None:
            watch = data[KEY] = Watch()
        watch.depth += 1
        try:
            self._remember(watch, documents)
            yield watch
            if watch.depth == 1:
                self._compare(watch)
        finally:
            watch.depth -= 1
            if not watch.depth and data.get(KEY) is watch:
                del data[KEY]

    @api.model
    def _created(self, watch, documents):
        """Name documents that came into being within the watch: they had no before."""
        for document in documents:
            watch.before[document._name, document.id] = None

    @api.model
    def _found(self, watch, documents):
        """Name documents that turned out to be concerned only after the write."""
        for document in documents:
            watch.before.setdefault((document._name, document.id), None)

    @api.model
    def _is_watched(self, document):
        """Return whether ``document`` is being written, and compared afterwards."""
        watch = self.env.cr.precommit.data.get(KEY)
        return bool(watch) and (document._name, document.id) in watch.before

    @api.model
    def _was_bound(self, document):
        """Return whether ``document``, being written now, was binding before."""
        watch = self.env.cr.precommit.data.get(KEY)
        before = watch and watch.before.get((document._name, document.id))
        return bool(before and before[0])

    @api.model
    def _terms_before(self, document):
        """Return the terms of ``document`` before the present write, if it was binding
        then; None: it was not, or is not being written.
        """
        watch = self.env.cr.precommit.data.get(KEY)
        before = watch and watch.before.get((document._name, document.id))
        return before[1] if before and before[0] else None

    @api.model
    @contextmanager
    def _letting_in(self, documents, cause):
        """Let in, count and flag what Odoo itself changes because of ``cause``.

        For private methods of Odoo that change a binding document as the consequence
        of a business event (a transfer, a vendor bill, a carrier's price): holding the
        document would stop somebody who cannot help it. Never open it for a caller's
        own values. A document that *becomes* binding meanwhile meets its gate all the
        same.

        :param cause: the record that caused the change
        """
        with self._writing(documents) as watch:
            own = documents.filtered(lambda document: document not in watch.let_in)
            before = {document: self._state_of(document) for document in own}
            watch.let_in.update(own)
            try:
                yield
            finally:
                watch.let_in.difference_update(own)
            for document in own:
                self._accept(watch, document, before[document], cause)

    @api.model
    @contextmanager
    def _passing(self, documents):
        """Have what happens to ``documents`` on their way to the gate void nothing.

        Confirming may change them back and forth (rewards are taken off and given
        again); what counts is what the gate sees in the end.
        """
        cache = self.env.cr.cache
        outer = cache.get(PASSING, frozenset())
        cache[PASSING] = outer | {(doc._name, doc.id) for doc in documents}
        try:
            yield
        finally:
            cache[PASSING] = outer

    @api.model
    def _is_passing(self, document):
        """Return whether ``document`` is on its way through :meth:`_passing`."""
        passing = self.env.cr.cache.get(PASSING, ())
        return (document._name, document.id) in passing

    @api.model
    def _forget(self, documents):
        """Watch no more over documents that are being deleted."""
        watch = self.env.cr.precommit.data.get(KEY)
        if watch:
            for document in documents:
                watch.before.pop((document._name, document.id), None)

    # === COMPARING === #

    @api.model
    def _state_of(self, document):
        document = document.sudo()
        return document._parts_gate_bound(), document._parts_gate_terms()

    @api.model
    def _remember(self, watch, documents):
        for document in documents:
            key = (document._name, document.id)
            if key not in watch.before:
                watch.before[key] = self._state_of(document)

    @api.model
    def _compare(self, watch):
        for documents in watch.documents(self.env):
            changed = binding = documents.browse()
            for document in documents:
                before = watch.before[document._name, document.id]
                bound, terms = self._state_of(document)
                if before is None:
                    binding |= document if bound else binding
                    continue
                if before[1] != terms:
                    document.sudo()._parts_gate_compared(before[1], terms)
                    changed |= document
                if bound and (
                    not before[0] or document.sudo()._parts_gate_grew(before[1], terms)
                ):
                    binding |= document
            if changed:
                changed.sudo()._parts_gate_changed()
            if binding:
                binding._parts_gate_pass(binding._parts_gate_of_binding())

    @api.model
    def _accept(self, watch, document, before, cause):
        """Flag what ``cause`` made of ``document``; from here on it is the measure."""
        bound, terms = self._state_of(document)
        if before[1] == terms:
            return
        document = document.sudo()
        if bound and before[0]:
            if document._parts_gate_grew(before[1], terms):
                growth = self.env["parts.approval.growth"].sudo()
                growth._flag(document, before[1], terms, cause)
            watch.before[document._name, document.id] = (bound, terms)
            document._parts_gate_changed()
