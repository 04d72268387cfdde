from odoo import models


class PartsCreditDecidedMixin(models.AbstractModel):
    """What is decided about a customer's credit: his file, or a change of it.

    It goes through the hands of ``parts.credit.hands``, and its state follows the
    request: submitted it waits, withdrawn it is a draft again.
    """

    _name = "parts.credit.decided.mixin"
    _inherit = "parts.approval.gate.mixin"
    _description = "Decided Credit"

    def _parts_credit_approved(self):
        """Bring what was approved into force. Called as superuser."""
        raise NotImplementedError

    def _parts_credit_refused(self):
        """Put away what was refused. Called as superuser."""
        raise NotImplementedError

    def _parts_gate_next(self):
        return "effect" if self.state in ("draft", "pending") else False

    def _parts_barred_deciders(self, kind):
        barred = super()._parts_barred_deciders(kind)
        return barred | self.env["parts.credit.hands"]._barred(self)

    def _parts_gate_further_steps(self, block):
        steps = super()._parts_gate_further_steps(block)
        return [*steps, *self.env["parts.credit.hands"]._proposer_steps(self)]

    def _parts_gate_deciders_name(self, block, rule):
        deciders = super()._parts_gate_deciders_name(block, rule)
        steps = self.env["parts.credit.hands"]._proposer_steps(self)
        groups = self.env["res.groups"].sudo()
        groups = groups.browse(step["group_id"] for step in steps)
        return " → ".join([*groups.mapped("name"), deciders])

    def _parts_gate_history(self, kind):
        history = super()._parts_gate_history(kind)
        return history + self.env["parts.credit.figures"]._holder_history(
            self, self.company_id, self.partner_id
        )

    def _parts_approval_decided(self, approval):
        result = super()._parts_approval_decided(approval)
        if approval.kind == "credit_file" and approval.state == "approved":
            self._parts_gate_pass("effect")
            self._parts_credit_approved()
        elif approval.kind == "credit_file":
            self._parts_credit_refused()
        return result

    def _parts_approval_voided(self, approval):
        # withdrawn: what was submitted can be changed again
        if approval.kind == "credit_file" and self.state == "pending":
            self.state = "draft"
        return super()._parts_approval_voided(approval)
