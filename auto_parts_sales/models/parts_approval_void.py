from odoo import api, models
from odoo.tools import SQL


class PartsApproval(models.Model):
    """How a request becomes void, and how people learn of it (CTL-3)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.approval"

    # === WHAT DOCUMENTS CALL === #

    @api.model
    def _void_outdated(self, documents, gate):
        """Void the open requests of ``documents`` that no longer fit them.

        Open are pending requests and approvals not used yet. A document calls it at
        the end of a write that may matter; one query where nothing is open. What is
        no longer blocked stays: it may be blocked again before the document binds.

        :return: the requests that became void
        """
        approvals = self._find_open(documents._name, documents.ids, gate)
        void = approvals.browse()
        for document_id, own in approvals.grouped("res_id").items():
            # Each by itself, as it was asked: other documents are not its change
            document = documents.sudo().browse(document_id).exists()
            blocks = {
                block["key"]: block for block in document._parts_gate_blocks(gate)
            }
            for approval in own:
                block = blocks.get(approval.block_key)
                if block and approval._void_if_unfit(document, block):
                    void |= approval
        return void

    @api.model
    def _void_unneeded(self, documents, gate):
        """Void what is still open at ``gate`` after ``documents`` passed it."""
        self._find_open(documents._name, documents.ids, gate)._void("not_needed")

    @api.model
    def _void_of(self, documents, cause):
        """Void all open requests of ``documents``, which bind no more.

        :param str cause: ``cancelled`` or ``deleted``
        """
        self._find_open(documents._name, documents.ids)._void(cause)

    @api.model
    def _find_open(self, res_model, res_ids, gate=None):
        domain = [
            ("res_model", "=", res_model),
            ("res_id", "in", res_ids),
            ("state", "in", ("pending", "approved")),
            ("spent_date", "=", False),
        ]
        if gate:
            domain.append(("gate", "=", gate))
        return self.sudo().search(domain, order="id")

    # === VOIDING === #

    def _void(self, cause, changes=None):
        """Make these requests void: reason, note on the document, activities gone.

        :param str cause: a key of :meth:`_void_sentences`
        :param list changes: for ``changed``, what :meth:`_describe_changes` returns
        """
        for approval in self.sudo():  # no role writes requests
            told = approval._for_requester()
            sentence = told._void_sentences()[cause]
            reason = note = sentence
            if changes:
                reason = f"{sentence} {'; '.join(text for _label, text in changes)}"
                # figures stay out of the chatter
                note = f"{sentence} {'; '.join(label for label, _text in changes)}"
            approval.write({"state": "void", "void_reason": reason})
            approval._clear_activities()
            approval._tell_requester(told._void_note(note))
            document = approval._document()
            if document:
                document._parts_approval_voided(approval)

    def _void_note(self, note):
        self.ensure_one()
        return self.env._(
            "Request of approval void: %(kind)s. %(reason)s",
            kind=self._kind_name(),
            reason=note,
        )

    def _void_sentences(self):
        """Return ``{cause: sentence}``, in the language of the records."""
        return {
            "asked_again": self.env._("Asked for again after a change."),
            "cancelled": self.env._("The document was cancelled."),
            "changed": self.env._("Changed since it was asked:"),
            "deleted": self.env._("The document was deleted."),
            "not_needed": self.env._("No longer needed: nothing is held by it."),
            "withdrawn": self.env._("Withdrawn by who asked."),
        }

    def _void_if_changed(self):
        """Void this request if its document changed against it; return whether."""
        self.ensure_one()
        document, block = self._block_now()
        return bool(block) and self._void_if_unfit(document, block)

    def _void_if_unfit(self, document, block):
        self.ensure_one()
        names = self._changed_facts(block)
        if not names and self.kind == block["kind"]:
            return False
        self._void("changed", self._describe_changes(document, block, names))
        return True

    def _describe_changes(self, document, block, names):
        """Return ``[(label, text)]`` of the facts ``names``, for who asked: old and
        new value, or the label alone where he may not read the figure.
        """
        self.ensure_one()
        table = self._for_requester().env["parts.approval.figure"]
        then = {row.name: row for row in table.search([("approval_id", "=", self.id)])}
        now = {
            figure["name"]: figure
            for figure in document.with_env(table.env)._parts_gate_figures(block)
        }
        changes = []
        for name in names:
            label = text = table._label_of(self.res_model, name)
            old, new = then.get(name), now.get(name)
            if old and new and old._is_open_to(self.requester_id):
                text = f"{label} {old.value} → {table._text_of(new)}"
            changes.append((label, text))
        return changes

    # === LOCK === #

    def _lock_with_document(self):
        """Lock document and request, in this order, before anything is judged.

        An edit of the document, or another decision, at the same moment makes the
        later one fail and run again (transactions are REPEATABLE READ): it then sees
        the first.
        """
        self.ensure_one()
        document = self.env[self.res_model].browse(self.res_id)
        for record in (document, self):
            self.env.execute_query(
                SQL(
                    "SELECT id FROM %s WHERE id = %s FOR UPDATE",
                    SQL.identifier(record._table),
                    record.id,
                )
            )
            record.invalidate_recordset()
