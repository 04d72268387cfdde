from odoo import models
from odoo.exceptions import UserError


class PartsApprovalGateMixin(models.AbstractModel):
    """What people do at a gate: ask, and look at what was asked."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.approval.gate.mixin"

    # === ACTIONS === #

    def action_parts_request_approval(self, reason=None):
        """Ask for the approval of every block that one may waive.

        :param str reason: why it should be granted; the deciders read it
        :return: the new requests (``parts.approval``), as a window action
        :rtype: dict
        :raises UserError: when nothing can be asked for
        """
        self.check_access("write")
        approvals = self.env["parts.approval"]
        closed = []
        for document in self:
            gate = document.sudo()._parts_gate_next()
            for block in document._parts_gate_preview():
                if block["state"] == "askable":
                    approvals |= approvals._request(document, gate, block, reason)
                elif block["state"] == "closed":
                    closed.append(f"{block['message']} {block['note']}")
        if not approvals:
            sentence = self.env._(
                "There is nothing to ask for: no block on this document waits for"
                " a request of approval."
            )
            raise UserError("\n".join([sentence, *closed]))
        return approvals._action_open()

    def action_parts_ask_approval(self):
        """Open the dialog that takes the reason for a request of approval."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Ask for Approval"),
            "res_model": "parts.approval.ask",
            "view_mode": "form",
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def action_parts_view_approvals(self):
        """Open the approvals of this document."""
        self.ensure_one()
        return self.parts_approval_ids._action_open()
