from odoo import api, fields, models
from odoo.exceptions import UserError

from .parts_contract import IN_WORK

# Who may, by role; sales proposes, and reads the outcome
SUSPENDERS = ("sales_manager", "finance", "legal_department", "general_manager")
COMPLETERS = ("sales_manager", "sales_office", "contract_keeper", "general_manager")
TERMINATORS = ("sales_director", "general_manager")


class PartsContract(models.Model):
    """How a contract is suspended, completed and terminated (CON-5)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract"

    settlement_ids = fields.One2many(
        comodel_name="parts.contract.settlement",
        inverse_name="contract_id",
        string="Settlements",
        readonly=True,
    )
    may_suspend = fields.Boolean(compute="_compute_may_end")
    may_complete = fields.Boolean(compute="_compute_may_end")
    may_terminate = fields.Boolean(compute="_compute_may_end")
    may_give_up = fields.Boolean(compute="_compute_may_give_up")

    # === COMPUTE METHODS === #

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_may_end(self):
        for contract in self:
            state = contract.state
            may = contract._holds_one
            contract.may_suspend = state == "effective" and may(SUSPENDERS)
            contract.may_complete = state == "effective" and may(COMPLETERS)
            contract.may_terminate = state in ("effective", "suspended") and may(
                TERMINATORS
            )

    @api.depends("state", "submitter_id")
    @api.depends_context("uid")
    def _compute_may_give_up(self):
        """What was never submitted is deleted instead."""
        for contract in self:
            contract.may_give_up = (
                contract.state in IN_WORK
                and bool(contract.submitter_id)
                and contract.has_access("write")
            )

    @api.model
    def _holds_one(self, roles):
        prefix = "auto_parts_sales.group_parts_"
        return any(self.env.user.has_group(prefix + role) for role in roles)

    # === ACTIONS === #

    def action_suspend(self, reason):
        """Suspend the contract: nothing is confirmed or delivered under it until it is
        resumed.

        :param str reason: why; it is kept
        :raises AccessError: for who may not
        :raises UserError: unless it is in force, or without a reason
        """
        self._check_may(SUSPENDERS)
        self._check_reason(reason)
        for contract in self._as_engine():
            contract._check_state(("effective",))
            contract.write({"state": "suspended", "close_reason": reason})
            contract._tell_owner(
                self.env._(
                    "Suspended by %(user)s: %(reason)s",
                    user=self.env.user.name,
                    reason=reason,
                )
            )
        return True

    def action_resume(self):
        """Put a suspended contract in force again.

        :raises AccessError: for who may not
        :raises UserError: unless it is suspended
        """
        self._check_may(SUSPENDERS)
        for contract in self._as_engine():
            contract._check_state(("suspended",))
            contract.write({"state": "effective", "close_reason": False})
            contract._tell_owner(
                self.env._("Resumed by %s.", self.env.user.name),
            )
        return True

    def action_complete(self):
        """Close a contract that both sides have kept: all is delivered and paid.

        :raises AccessError: for who may not
        :raises UserError: with what is still open
        """
        self._check_may(COMPLETERS)
        for contract in self._as_engine():
            contract._check_state(("effective",))
            still_open = contract._still_open()
            if still_open:
                raise UserError(
                    "\n".join(
                        [
                            self.env._("%s is not done yet:", contract.name),
                            *(f"• {sentence}" for sentence in still_open),
                        ]
                    )
                )
            contract._close("done", self.env._("Completed."))
        return True

    def action_terminate(self, reason, breach="none"):
        """End the contract before its time, and prepare what is to be returned.

        Its confirmed orders stay; nothing more leaves under it.

        :param str reason: why; it is kept
        :param str breach: who broke it: ``none``, ``theirs`` or ``ours``; decides what
            becomes of earnest money
        :return: the settlement (``parts.contract.settlement``), as a window action
        :raises AccessError: for who may not
        :raises UserError: unless it is in force, or without a reason
        """
        self.ensure_one()
        self._check_may(TERMINATORS)
        self._check_reason(reason)
        if breach not in ("none", "theirs", "ours"):
            raise UserError(
                self.env._("Say who broke the contract: nobody, the customer, or we.")
            )
        contract = self._as_engine()
        contract._check_state(("effective", "suspended"))
        if contract.amending:
            contract.open_version_id.state = "dropped"
            self.env["parts.approval"]._void_of(contract, "cancelled")
            contract._call_people()
        settlement = contract.env["parts.contract.settlement"]
        settlement = settlement._settle(contract, breach)
        contract._close("terminated", reason)
        return {
            "type": "ir.actions.act_window",
            "res_model": "parts.contract.settlement",
            "res_id": settlement.id,
            "view_mode": "form",
        }

    def action_give_up(self, reason):
        """Give up a contract that never came into force: the customer does not sign,
        or the review refused it. What was submitted is kept.

        Quotations that name it are free for another one, what was declared can be
        contracted again.

        :param str reason: why; it is kept
        :raises AccessError: for who may not write the contract
        :raises UserError: once it is in force, or without a reason
        """
        self.check_access("write")
        self._check_reason(reason)
        for contract in self._as_engine():
            contract._check_state(IN_WORK)
            contract._check_unused()
            # first: what becomes void would take it back to draft
            contract.open_version_id.state = "dropped"
            contract._close("dropped", reason)
            self.env["parts.approval"]._void_of(contract, "cancelled")
            contract._call_people()
            quotations = contract.order_ids.filtered(
                lambda order: order.state in ("draft", "sent") and not order.parts_held
            )
            quotations.parts_contract_id = False
        return True

    def action_ask_give_up(self):
        """Open the dialog that takes the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Give Up the Contract"),
            "res_model": "parts.contract.reason",
            "view_mode": "form",
            "target": "new",
            "context": {"default_contract_id": self.id, "default_act": "give_up"},
        }

    def action_ask_end(self):
        """Open the dialog that takes reason and kind of ending."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Suspend or Terminate"),
            "res_model": "parts.contract.end",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_contract_id": self.id,
                # what is suspended can only be terminated
                "default_act": "suspend" if self.may_suspend else "terminate",
            },
        }

    def action_view_settlements(self):
        """Open what the termination of this contract settled."""
        self.ensure_one()
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Settlement"),
            "res_model": "parts.contract.settlement",
            "view_mode": "list,form",
            "domain": [("contract_id", "=", self.id)],
        }
        if len(self.settlement_ids) == 1:
            action.update(view_mode="form", res_id=self.settlement_ids.id)
        return action

    # === BUSINESS METHODS === #

    def _check_may(self, roles):
        self.check_access("read")
        groups = self.env["res.groups"].sudo()
        names = ", ".join(
            groups.env.ref(f"auto_parts_sales.group_parts_{role}").name
            for role in roles
        )
        sentence = self.env._("Only these roles may do this: %s.", names)
        self._check_role(roles, sentence)

    @api.model
    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: it is kept with the contract."))

    def _check_unused(self):
        """Refuse to give up what orders were confirmed or invoices written under."""
        self.ensure_one()
        orders = self.order_ids.filtered(lambda order: order.state == "sale")
        used = [*orders.mapped("name"), *self.move_ids.mapped("display_name")]
        if used:
            raise UserError(
                self.env._(
                    "%(contract)s is not given up while documents hang on it: cancel"
                    " them first, or bring it into force. They are %(documents)s.",
                    contract=self.name,
                    documents=", ".join(used[:5]),
                )
            )

    def _check_state(self, states):
        self.ensure_one()
        if self.state not in states:
            names = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(contract)s is “%(state)s”: this is for contracts that are"
                    " “%(states)s”.",
                    contract=self.name,
                    state=names[self.state],
                    states=", ".join(names[state] for state in states),
                )
            )

    def _close(self, state, reason):
        self.ensure_one()
        self.write(
            {
                "state": state,
                "date_closed": fields.Date.context_today(self),
                "close_reason": reason,
            }
        )
        self._tell_owner(
            self.env._(
                "%(user)s closed it: %(reason)s",
                user=self.env.user.name,
                reason=reason,
            )
        )

    def _still_open(self):
        """Return what keeps the contract from being done, a sentence each."""
        self.ensure_one()
        money = self.env["parts.contract.balance"]
        orders = self.order_ids.filtered(lambda order: order.state == "sale")
        waiting = orders.filtered(
            lambda order: order.delivery_status in ("pending", "started", "partial")
        )
        found = []
        if self.amending:
            found.append(self.env._("An amendment is under way."))
        if self.kind == "single" and not orders:
            found.append(self.env._("Nothing was ordered under it."))
        if waiting:
            found.append(
                self.env._("Not delivered yet: %s.", ", ".join(waiting.mapped("name")))
            )
        delivered, received = money._delivered(self), money._received(self)
        missing = self.currency_id.round(delivered - received)
        if missing > 0:
            found.append(
                self.env._("Not paid yet: %s.", self.currency_id.format(missing))
            )
        return found
