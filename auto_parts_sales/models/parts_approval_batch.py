from odoo import api, models
from odoo.exceptions import UserError

# More would fill the screen: the list of orders has the filter for them
NAMED = 10


class PartsApprovalBatch(models.AbstractModel):
    """Carry out an act on those documents of a list that may, and name the others."""

    _name = "parts.approval.batch"
    _description = "Act on Those That May"

    @api.model
    def _run(self, documents, act):
        """Call the method ``act`` on each of ``documents``, each in its savepoint.

        :return: a notification (a client action) that names who is held and why
        """
        done = documents.browse()
        held = []
        for document in documents:
            name = document.display_name
            try:
                with self.env.cr.savepoint():
                    getattr(document, act)()
                done |= document
            except UserError as error:
                held.append((name, self._reason(error)))
        return self._notification(done, held)

    @api.model
    def _reason(self, error):
        """Return why a document is held, as one line."""
        blocks = getattr(error, "blocks", None)
        if blocks:
            return " ".join(block["message"] for block in blocks)
        return " ".join(str(error).split())

    @api.model
    def _notification(self, done, held):
        lines = [self.env._("%(count)s confirmed.", count=len(done))]
        if held:
            lines.append(self.env._("%(count)s held:", count=len(held)))
            lines += [f"{name}: {reason}" for name, reason in held[:NAMED]]
        if len(held) > NAMED:
            more = len(held) - NAMED
            lines.append(self.env._("… and %(count)s more.", count=more))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.env._("Confirm Those That May"),
                "message": "\n".join(lines),
                "type": "warning" if held else "success",
                "sticky": bool(held),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
