from odoo import api, fields, models
from odoo.exceptions import UserError


class PartsCreditFile(models.Model):
    """How a credit file comes into force: proposed, checked, approved, entered."""

    # A file for each topic: what is granted, and how it is decided
    _inherit = "parts.credit.file"  # pylint: disable=consider-merging-classes-inherited

    may_write = fields.Boolean(compute="_compute_may_write")

    # === COMPUTE METHODS === #

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_may_write(self):
        """Tell the form who lowers and blocks: finance writes its own drafts only."""
        mine = self._origin._filtered_access("write")
        for file in self:
            file.may_write = not file._origin or file._origin in mine

    # === GATE === #

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate != "effect":
            return blocks
        for file in self:
            message = self.env._(
                "The credit file of %(customer)s asks for a limit and waits for"
                " somebody else to approve it.",
                customer=file.partner_id.display_name,
            )
            blocks.append(
                file._parts_gate_block(
                    "credit_file",
                    "credit_file",
                    message,
                    amount=file.credit_limit,
                    currency=file.currency_id,
                    **file._approved_facts(),
                )
            )
        return blocks

    def _approved_facts(self):
        self.ensure_one()
        return {
            "customer": (self.partner_id.id, "any"),
            "credit_limit": (self.credit_limit, "up"),
            "temporary_limit": (self.temporary_limit, "up"),
            "temporary_until": (str(self.temporary_until or ""), "any"),
            "term_days": (self.term_days, "up"),
            "overdue_days_allowed": (self.overdue_days_allowed, "up"),
            "review_date": (str(self.review_date or ""), "any"),
            "risk_class": (self.risk_class, "any"),
            "group_file_id": (self.group_file_id.id, "any"),
        }

    def _granted_terms(self):
        """Return what the policy compares: see :meth:`parts.credit.policy._excess`."""
        self.ensure_one()
        return {
            "limit": max(self.credit_limit, self.temporary_limit),
            "term_days": self.term_days,
            "overdue_days": self.overdue_days_allowed,
        }

    @api.model
    def _parts_gate_labels(self):
        # the file's own fields keep their names
        labels = {
            name: label
            for name, label in self.env["parts.credit.figures"]._labels().items()
            if name not in self._fields
        }
        return {**super()._parts_gate_labels(), **labels}

    def _parts_gate_amount(self):
        self.ensure_one()
        return max(self.credit_limit, self.temporary_limit), self.currency_id

    def _parts_credit_approved(self):
        self._activate()

    def _parts_credit_refused(self):
        self.state = "draft"

    # === ACTIONS === #

    def action_parts_request_approval(self, reason=None):
        """Submit the file: it is frozen until it is decided.

        :param str reason: why this much credit; the deciders read it
        :raises AccessError: for who may not write the file
        """
        self.check_access("write")
        self.env["parts.approval.rule"].sudo()._create_defaults(
            self.company_id, "credit_file"
        )
        action = super().action_parts_request_approval(reason)
        # the state is written by no role
        self.sudo().filtered(lambda file: file.state == "draft").state = "pending"
        return action

    def action_revise(self):
        """Open a proposal to change this file; it stays in force as it is meanwhile.

        :return: window action
        :rtype: dict
        :raises UserError: while the file itself is not decided yet
        """
        self.ensure_one()
        self.check_access("read")
        if self.state == "pending":
            raise UserError(
                self.env._(
                    "Credit file of %(customer)s waits for approval: withdraw the"
                    " request first.",
                    customer=self.partner_id.display_name,
                )
            )
        purpose = "review" if self.state == "expired" else "raise"
        if self.state == "draft":
            purpose = "first"
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose a Change"),
            "res_model": "parts.credit.change",
            "view_mode": "form",
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
                "default_purpose": purpose,
            },
        }

    def action_view_changes(self):
        """Open the proposals to change this file."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "parts.credit.change",
            "view_mode": "list,form",
            "domain": [("file_id", "=", self.id)],
            "name": self.env._("Changes"),
        }

    # === BUSINESS METHODS === #

    def _activate(self):
        """Bring a file into force, with a date for its review."""
        today = fields.Date.context_today(self)
        for file in self:
            vals = {"state": "active"}
            if not file.review_date or file.review_date <= today:
                policy = self.env["parts.credit.policy"]
                vals["review_date"] = policy._next_review(
                    file.company_id, file.risk_class, today
                )
            file.write(vals)
