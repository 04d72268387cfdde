"""Attacks on the approval engine, as calls that reach the server over RPC.

Each attack is a function of ``call`` (the attacker's remote procedure call) and
``case`` (the records at hand). :mod:`test_approval_attacks` runs each as a salesperson,
a warehouse user and a billing user, and shows by a counter-case that it is a real one:
without the control, or as superuser, it succeeds.
"""

from odoo.fields import Command

SIGNATURE = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)

CONTEXT_KEYS = {
    "active_test": False,
    "bypass_risk": True,
    "check_move_validity": False,
    "default_state": "sale",
    "force_company": 1,
    "ignore_exception": True,
    "import_file": True,
    "install_mode": True,
    "mail_notrack": True,
    "no_check": True,
    "parts_gate": False,
    "parts_gate_skip": True,
    "parts_let_in": True,
    "skip_procurement": True,
    "skip_validation_check": True,
    "su": True,
    "tracking_disable": True,
    "uid": 1,
}


def line_of(case, **values):
    return {
        "product_id": case.part.id,
        "product_uom_qty": 3,
        "price_unit": 100.0,
        "tax_ids": [Command.clear()],
        **values,
    }


def order_of(case, **values):
    return {
        "partner_id": case.customer.id,
        "order_line": [Command.create(line_of(case))],
        **values,
    }


def of_company(case, company):
    warehouse = case.warehouses.filtered(lambda place: place.company_id == company)[:1]
    values = {"company_id": company.id, "warehouse_id": warehouse.id}
    # a confirmed order keeps its pricelist, so the attacker goes without one
    return values if company == case.company else {**values, "pricelist_id": False}


# Attempts to bind a customer who has no credit, by an order of 300.00. The
# counter-case: with the control off, a salesperson's attempt leaves a confirmed order.
BIND = {
    "press the button": lambda call, case: call(
        "sale.order", "action_confirm", case.order.ids
    ),
    "press it with every context key": lambda call, case: call(
        "sale.order", "action_confirm", case.order.ids, context=CONTEXT_KEYS
    ),
    "write the state": lambda call, case: call(
        "sale.order", "write", case.order.ids, {"state": "sale"}
    ),
    "write the state with every context key": lambda call, case: call(
        "sale.order", "write", case.order.ids, {"state": "sale"}, context=CONTEXT_KEYS
    ),
    "write the state and the totals": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {"state": "sale", "amount_total": 0.0, "amount_untaxed": 0.0},
    ),
    "write the state and the signature": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {"state": "sale", "signed_by": "Customer", "signature": SIGNATURE},
    ),
    "write the state and the lock": lambda call, case: call(
        "sale.order", "write", case.order.ids, {"state": "sale", "locked": True}
    ),
    "save the state as the web client does": lambda call, case: call(
        "sale.order", "web_save", case.order.ids, {"state": "sale"}, {"state": {}}
    ),
    "create it confirmed": lambda call, case: call(
        "sale.order", "create", order_of(case, state="sale")
    ),
    "create it by a default": lambda call, case: call(
        "sale.order", "create", order_of(case), context={"default_state": "sale"}
    ),
    "save a new one confirmed": lambda call, case: call(
        "sale.order", "web_save", [], order_of(case, state="sale"), {"state": {}}
    ),
    "copy it as confirmed": lambda call, case: call(
        "sale.order", "copy", case.order.ids, {"state": "sale"}
    ),
    "import the state": lambda call, case: call(
        "sale.order", "load", [".id", "state"], [[str(case.order.id), "sale"]]
    ),
    "import a new one": lambda call, case: call(
        "sale.order",
        "load",
        ["partner_id/.id", "state", "order_line/product_id/.id", "order_line/name"],
        [[str(case.customer.id), "sale", str(case.part.id), "x"]],
    ),
    "through the customer": lambda call, case: call(
        "res.partner",
        "write",
        case.customer.ids,
        {"sale_order_ids": [Command.update(case.order.id, {"state": "sale"})]},
    ),
    "through the opportunity": lambda call, case: call(
        "crm.lead",
        "write",
        case.lead.ids,
        {"order_ids": [Command.update(case.order.id, {"state": "sale"})]},
    ),
    "a new one through the opportunity": lambda call, case: call(
        "crm.lead",
        "write",
        case.lead.ids,
        {"order_ids": [Command.create(order_of(case, state="sale"))]},
    ),
    "confirm without lines, then add them": lambda call, case: (
        call("sale.order", "write", case.empty.ids, {"state": "sale"}),
        call(
            "sale.order",
            "write",
            case.empty.ids,
            {"order_line": [Command.create(line_of(case))]},
        ),
    ),
    "confirm for nothing, then raise the price": lambda call, case: (
        call("sale.order.line", "write", case.line.ids, {"price_unit": 0.0}),
        call("sale.order", "action_confirm", case.order.ids),
        call("sale.order.line", "write", case.line.ids, {"price_unit": 100.0}),
    ),
    "confirm at full discount, then take it back": lambda call, case: (
        call("sale.order.line", "write", case.line.ids, {"discount": 100.0}),
        call("sale.order", "action_confirm", case.order.ids),
        call("sale.order.line", "write", case.line.ids, {"discount": 0.0}),
    ),
    "confirm with a negative line, then empty that": lambda call, case: (
        call(
            "sale.order.line",
            "create",
            line_of(case, order_id=case.order.id, price_unit=-100.0),
        ),
        call("sale.order", "action_confirm", case.order.ids),
        call(
            "sale.order.line",
            "write",
            call(
                "sale.order.line",
                "search",
                [("order_id", "=", case.order.id), ("price_unit", "<", 0)],
            ),
            {"product_uom_qty": 0},
        ),
    ),
    "confirm with a negative down payment, then delete that": lambda call, case: (
        call(
            "sale.order.line",
            "create",
            line_of(
                case, order_id=case.order.id, price_unit=-100.0, is_downpayment=True
            ),
        ),
        call("sale.order", "action_confirm", case.order.ids),
        call(
            "sale.order.line",
            "unlink",
            call(
                "sale.order.line",
                "search",
                [("order_id", "=", case.order.id), ("price_unit", "<", 0)],
            ),
        ),
    ),
    "confirm for a good customer, then change who owes": lambda call, case: (
        call(
            "sale.order",
            "write",
            case.order.ids,
            {"partner_id": case.good.id, "partner_invoice_id": case.good.id},
        ),
        call("sale.order", "action_confirm", case.order.ids),
        call("sale.order", "write", case.order.ids, {"partner_id": case.customer.id}),
        call(
            "sale.order",
            "write",
            case.order.ids,
            {"partner_invoice_id": case.customer.id},
        ),
    ),
    "confirm under an uncontrolled company, then move it back": lambda call, case: (
        call("sale.order", "write", case.bare.ids, of_company(case, case.branch)),
        call("sale.order", "action_confirm", case.bare.ids),
        call("sale.order", "write", case.bare.ids, of_company(case, case.company)),
        call(
            "sale.order",
            "write",
            case.bare.ids,
            {"order_line": [Command.create(line_of(case))]},
        ),
    ),
    "move a line into a confirmed order": lambda call, case: (
        call("sale.order", "write", case.empty.ids, {"state": "sale"}),
        call("sale.order.line", "write", case.line.ids, {"order_id": case.empty.id}),
    ),
    "create a line by a default": lambda call, case: (
        call("sale.order", "write", case.empty.ids, {"state": "sale"}),
        call(
            "sale.order.line",
            "create",
            line_of(case),
            context={"default_order_id": case.empty.id},
        ),
    ),
    "import a line": lambda call, case: (
        call("sale.order", "write", case.empty.ids, {"state": "sale"}),
        call(
            "sale.order.line",
            "load",
            ["order_id/.id", "product_id/.id", "product_uom_qty", "price_unit"],
            [[str(case.empty.id), str(case.part.id), "3", "100"]],
        ),
    ),
    "an expense that no bill caused": lambda call, case: (
        call("sale.order", "write", case.empty.ids, {"state": "sale"}),
        call(
            "sale.order.line",
            "create",
            line_of(case, order_id=case.empty.id, is_expense=True),
        ),
    ),
    "confirm, then deliver by hand": lambda call, case: (
        call(
            "sale.order.line",
            "create",
            line_of(
                case,
                order_id=case.empty.id,
                product_id=case.service.id,
                product_uom_qty=0,
            ),
        ),
        call("sale.order", "action_confirm", case.empty.ids),
        call(
            "sale.order.line",
            "write",
            call("sale.order.line", "search", [("order_id", "=", case.empty.id)]),
            {"qty_delivered": 3.0},
        ),
    ),
    "cancel, back to draft, confirm": lambda call, case: (
        call("sale.order", "write", case.order.ids, {"state": "cancel"}),
        call("sale.order", "action_draft", case.order.ids),
        call("sale.order", "action_confirm", case.order.ids),
    ),
    "call what stands behind the button": lambda call, case: call(
        "sale.order", "_action_confirm", case.order.ids
    ),
    "call the customer's own way": lambda call, case: call(
        "sale.order", "_validate_order", case.order.ids
    ),
}
# of these no confirmed order comes even with the control off: the server refuses them
REFUSED_ANYHOW = {
    "call what stands behind the button",
    "call the customer's own way",
}


# Attempts to change what an approved request of 300.00 was about. Afterwards the order
# must not confirm. The counter-case: unchanged, it does.
EDIT_APPROVED = {
    "raise the quantity": lambda call, case: call(
        "sale.order.line", "write", case.line.ids, {"product_uom_qty": 4}
    ),
    "raise the price": lambda call, case: call(
        "sale.order.line", "write", case.line.ids, {"price_unit": 100.01}
    ),
    "raise the price and state the old totals": lambda call, case: call(
        "sale.order.line",
        "write",
        case.line.ids,
        {"price_unit": 200.0, "price_subtotal": 300.0, "price_total": 300.0},
    ),
    "state the totals of the order": lambda call, case: (
        call("sale.order.line", "write", case.line.ids, {"price_unit": 200.0}),
        call(
            "sale.order",
            "write",
            case.order.ids,
            {"amount_total": 300.0, "amount_untaxed": 300.0, "amount_tax": 0.0},
        ),
    ),
    "add a tax": lambda call, case: call(
        "sale.order.line", "write", case.line.ids, {"tax_ids": [case.tax.id]}
    ),
    "add a line": lambda call, case: call(
        "sale.order.line", "create", line_of(case, order_id=case.order.id)
    ),
    "add a line through the order": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {"order_line": [Command.create(line_of(case))]},
    ),
    "move a line in": lambda call, case: call(
        "sale.order.line",
        "write",
        case.other_line.ids,
        {"order_id": case.order.id},
    ),
    "import the quantity": lambda call, case: call(
        "sale.order.line",
        "load",
        [".id", "product_uom_qty"],
        [[str(case.line.id), "4"]],
    ),
    "change the customer": lambda call, case: call(
        "sale.order", "write", case.order.ids, {"partner_id": case.stranger.id}
    ),
    "change who is invoiced": lambda call, case: call(
        "sale.order", "write", case.order.ids, {"partner_invoice_id": case.stranger.id}
    ),
    "with every context key": lambda call, case: call(
        "sale.order.line",
        "write",
        case.line.ids,
        {"product_uom_qty": 4},
        context={key: v for key, v in CONTEXT_KEYS.items() if key != "default_state"},
    ),
    "write the snapshot's tolerance": lambda call, case: (
        call("sale.order.line", "write", case.line.ids, {"product_uom_qty": 4}),
        call("parts.approval", "write", case.approval.ids, {"tolerance": 100.0}),
    ),
    "write the snapshot's figures": lambda call, case: (
        call("sale.order.line", "write", case.line.ids, {"product_uom_qty": 4}),
        call("parts.approval", "write", case.approval.ids, {"facts": {}}),
    ),
    "use the approval twice": lambda call, case: (
        call("sale.order", "action_confirm", case.order.ids),
        call("sale.order", "write", case.order.ids, {"state": "cancel"}),
        call("sale.order", "action_draft", case.order.ids),
    ),
    "point the approval at a larger order": lambda call, case: (
        call("parts.approval", "write", case.approval.ids, {"res_id": case.large.id}),
        call("sale.order", "action_confirm", case.large.ids),
        call("sale.order.line", "write", case.line.ids, {"product_uom_qty": 4}),
    ),
}


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
