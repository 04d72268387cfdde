"""Attempts on the engine's own records, as calls that reach the server over RPC."""

from odoo.fields import Command

from .attacks_common import CONTEXT_KEYS

# Attempts on the records of the engine itself, while a request is pending. Afterwards
# the request, its steps and decisions must be as they were, and the order not
# confirmed. The counter-case: as superuser the call changes something.
RECORDS = {
    "write the request": lambda call, case: call(
        "parts.approval", "write", case.approval.ids, {"state": "approved"}
    ),
    "save the request": lambda call, case: call(
        "parts.approval",
        "web_save",
        case.approval.ids,
        {"state": "approved"},
        {"state": {}},
    ),
    "import the request": lambda call, case: call(
        "parts.approval",
        "load",
        [".id", "state"],
        [[str(case.approval.id), "approved"]],
    ),
    "create an approved request": lambda call, case: call(
        "parts.approval", "create", case.approved_vals
    ),
    "create one by a default": lambda call, case: call(
        "parts.approval",
        "create",
        {k: v for k, v in case.approved_vals.items() if k != "state"},
        context={"default_state": "approved"},
    ),
    "copy the request": lambda call, case: call(
        "parts.approval",
        "copy",
        case.approval.ids,
        {"state": "approved", "step_ids": []},
    ),
    "delete the request": lambda call, case: call(
        "parts.approval", "unlink", case.approval.ids
    ),
    "become the requester of another": lambda call, case: call(
        "parts.approval", "write", case.approval.ids, {"requester_id": 1}
    ),
    "through the order": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {
            "parts_approval_ids": [
                Command.update(case.approval.id, {"state": "approved"})
            ]
        },
    ),
    "create through the order": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {"parts_approval_ids": [Command.create(case.approved_vals)]},
    ),
    "delete through the order": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {"parts_approval_ids": [Command.delete(case.approval.id)]},
    ),
    "write the step": lambda call, case: call(
        "parts.approval.step", "write", case.step.ids, {"state": "approved"}
    ),
    "skip the step": lambda call, case: call(
        "parts.approval.step",
        "write",
        case.step.ids,
        {"optional": True, "state": "skipped"},
    ),
    "become a decider": lambda call, case: call(
        "parts.approval.step",
        "write",
        case.step.ids,
        {"group_id": False, "user_ids": [Command.link(case.attacker.id)]},
    ),
    "delete the step": lambda call, case: call(
        "parts.approval.step", "unlink", case.step.ids
    ),
    "record a decision": lambda call, case: call(
        "parts.approval.decision",
        "create",
        {"step_id": case.step.id, "user_id": case.manager.id, "verdict": "approved"},
    ),
    "record a decision through the request": lambda call, case: call(
        "parts.approval",
        "write",
        case.approval.ids,
        {
            "step_ids": [
                Command.update(
                    case.step.id,
                    {
                        "decision_ids": [
                            Command.create(
                                {"user_id": case.manager.id, "verdict": "approved"}
                            )
                        ]
                    },
                )
            ]
        },
    ),
    "approve one's own": lambda call, case: call(
        "parts.approval", "action_approve", case.approval.ids
    ),
    "approve in a chosen company": lambda call, case: call(
        "parts.approval",
        "action_approve",
        case.approval.ids,
        context={"allowed_company_ids": [case.branch.id, case.company.id]},
    ),
    "approve with every context key": lambda call, case: call(
        "parts.approval", "action_approve", case.approval.ids, context=CONTEXT_KEYS
    ),
    "refuse for the approver": lambda call, case: call(
        "parts.approval", "action_refuse", case.approval.ids, "no"
    ),
    "call the engine's own methods": lambda call, case: call(
        "parts.approval", "_close", case.approval.ids, "approved"
    ),
    "decide behind the button": lambda call, case: call(
        "parts.approval", "_decide", case.approval.ids, "approved", None
    ),
    "record behind the button": lambda call, case: call(
        "parts.approval.step", "_record", case.step.ids, None, "approved", None
    ),
    "pass the gate by hand": lambda call, case: call(
        "sale.order", "_parts_gate_pass", case.order.ids, "confirm"
    ),
    "tick off the activity": lambda call, case: call(
        "mail.activity", "action_done", case.activity.ids
    ),
    "loosen the rule": lambda call, case: call(
        "parts.approval.rule", "write", case.rule.ids, {"tolerance": 100.0}
    ),
    "archive the rule": lambda call, case: call(
        "parts.approval.rule", "action_archive", case.rule.ids
    ),
    "delete the rule": lambda call, case: call(
        "parts.approval.rule", "unlink", case.rule.ids
    ),
    "create a rule of one's own": lambda call, case: call(
        "parts.approval.rule",
        "create",
        {
            "name": "Mine",
            "kind": "credit",
            "sequence": 0,
            "company_id": case.company.id,
            "step_ids": [Command.create({"user_ids": [case.attacker.id]})],
        },
    ),
    "change the rule's step": lambda call, case: call(
        "parts.approval.rule.step",
        "write",
        case.rule.step_ids.ids,
        {"group_id": case.everybody.id},
    ),
    "delete the rule's step": lambda call, case: call(
        "parts.approval.rule.step", "unlink", case.rule.step_ids.ids
    ),
    "switch the control off": lambda call, case: call(
        "res.company", "write", case.company.ids, {"parts_credit_control": False}
    ),
    "switch it off in the settings": lambda call, case: call(
        "res.config.settings",
        "execute",
        [call("res.config.settings", "create", {"parts_credit_control": False})],
    ),
    "take the approver's role": lambda call, case: call(
        "res.groups",
        "write",
        case.role.ids,
        {"user_ids": [Command.link(case.attacker.id)]},
    ),
    "give oneself the role": lambda call, case: call(
        "res.users",
        "write",
        case.attacker.ids,
        {"group_ids": [Command.link(case.role.id)]},
    ),
    "create a credit file in force": lambda call, case: call(
        "parts.credit.file", "create", case.file_vals
    ),
    "create one in force by a default": lambda call, case: call(
        "parts.credit.file",
        "create",
        {k: v for k, v in case.file_vals.items() if k != "state"},
        context={"default_state": "active"},
    ),
    "raise the lock row": lambda call, case: call(
        "parts.credit.lock",
        "create",
        {"company_id": case.company.id, "partner_id": case.customer.id},
    ),
}
# what the engine, or the server, refuses even to the superuser in a salesperson's name
REFUSED_TO_SUPERUSER = {
    "approve one's own",
    "approve in a chosen company",
    "approve with every context key",
    "refuse for the approver",
    "call the engine's own methods",
    "decide behind the button",
    "record behind the button",
    "pass the gate by hand",
    "tick off the activity",
}
