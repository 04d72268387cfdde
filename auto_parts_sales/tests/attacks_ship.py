"""Attempts to have goods leave to a blocked customer, as calls over RPC.

Each is a function of ``call`` (the attacker's remote procedure call) and ``case`` (the
records at hand). :mod:`test_credit_ship_attacks` runs each as a plain internal user, a
salesperson and a warehouse user, and shows by a counter-case that it is a real one:
with the control off one of them succeeds.
"""

from odoo.fields import Command

from .attacks_common import CONTEXT_KEYS


def line_of(case, **values):
    return {
        "product_id": case.part.id,
        "quantity": 3,
        "location_id": case.stock.id,
        "location_dest_id": case.at_customer.id,
        "company_id": case.company.id,
        **values,
    }


def move_of(case, **values):
    return {
        "product_id": case.part.id,
        "product_uom_qty": 3,
        "product_uom": case.part.uom_id.id,
        "location_id": case.stock.id,
        "location_dest_id": case.at_customer.id,
        "company_id": case.company.id,
        **values,
    }


def picking_of(case, **values):
    return {
        "picking_type_id": case.out_type.id,
        "partner_id": case.customer.id,
        "location_id": case.stock.id,
        "location_dest_id": case.at_customer.id,
        **values,
    }


def validate(call, case, picking=None, **kwargs):
    call("stock.picking", "button_validate", (picking or case.picking).ids, **kwargs)


def write_and_validate(values, model="stock.picking", of="picking"):
    """Return an attack that writes ``values`` (of the case), then validates."""

    def attack(call, case):
        call(model, "write", getattr(case, of).ids, values(case))
        validate(call, case)

    return attack


def made_and_validated(values):
    def attack(call, case):
        made = call("stock.picking", "create", values(case))
        if made:
            call("stock.picking", "action_confirm", [made])
            call("stock.picking", "button_validate", [made])

    return attack


def state_first(call, case):
    """Have the transfer say that it is done: what is added to it is done then."""
    call("stock.picking", "write", case.empty.ids, {"state": "done"})
    call("stock.move.line", "create", line_of(case, picking_id=case.empty.id))


def of_the_branch(call, case):
    for model, records in (
        ("stock.picking", case.picking),
        ("stock.move", case.picking.move_ids),
        ("stock.move.line", case.picking.move_line_ids),
    ):
        call(model, "write", records.ids, {"company_id": case.branch.id})
    validate(call, case)


def scrap_to_customer(call, case):
    made = call(
        "stock.scrap",
        "create",
        {
            "product_id": case.part.id,
            "scrap_qty": 1,
            "location_id": case.stock.id,
            "scrap_location_id": case.at_customer.id,
        },
    )
    call("stock.scrap", "action_validate", [made])


def kin_of_an_approved_one(call, case):
    """Name the transfer a backorder of one that is approved."""
    backorder = {"backorder_id": case.approved.id}
    call("stock.picking", "write", case.picking.ids, backorder)
    validate(call, case)


def hidden_delivered(call, case):
    """Have the order say that less was delivered, then deliver it again."""
    call("sale.order.line", "write", case.line.ids, {"qty_delivered": 0})
    call("stock.move.line", "write", case.done.move_line_ids.ids, {"quantity": 5})


SHIP = {
    "validate": validate,
    "validate with context keys": lambda call, case: validate(
        call,
        case,
        context={
            **CONTEXT_KEYS,
            "button_validate_picking_ids": case.picking.ids,
            "cancel_backorder": True,
            "default_state": "done",
            "is_scrap": True,
            "skip_backorder": True,
            "skip_sanity_check": True,
            "skip_sms": True,
        },
    ),
    "backorder wizard": lambda call, case: call(
        "stock.backorder.confirmation",
        "process",
        [
            call(
                "stock.backorder.confirmation",
                "create",
                {"pick_ids": [Command.set(case.picking.ids)]},
            )
        ],
        context={"button_validate_picking_ids": case.picking.ids},
    ),
    "order taken off": write_and_validate(lambda case: {"sale_id": False}),
    "order and customer taken off": write_and_validate(
        lambda case: {"sale_id": False, "partner_id": False}
    ),
    "another order": write_and_validate(lambda case: {"sale_id": case.theirs.id}),
    "another customer": write_and_validate(lambda case: {"partner_id": case.good.id}),
    "reference taken off": write_and_validate(
        lambda case: {"reference_ids": [Command.clear()], "origin": False}
    ),
    "line of the order taken off": write_and_validate(
        lambda case: {"sale_line_id": False}, "stock.move", "moves"
    ),
    "line of another order": write_and_validate(
        lambda case: {"sale_line_id": case.theirs.order_line.id}, "stock.move", "moves"
    ),
    "to the vendor": write_and_validate(
        lambda case: {"location_dest_id": case.at_vendor.id}
    ),
    "to a transit of nobody": write_and_validate(
        lambda case: {"location_dest_id": case.transit.id}
    ),
    "to our own transit": write_and_validate(
        lambda case: {"location_dest_id": case.own_transit.id}
    ),
    "to the loss": write_and_validate(lambda case: {"location_dest_id": case.loss.id}),
    "to production": write_and_validate(
        lambda case: {"location_dest_id": case.production.id}
    ),
    "lines to the customer": lambda call, case: [
        call(
            "stock.move.line",
            "write",
            case.inside.move_line_ids.ids,
            {"location_dest_id": case.at_customer.id},
        ),
        validate(call, case, case.inside),
    ],
    "another kind of transfer": write_and_validate(
        lambda case: {"picking_type_id": case.int_type.id}
    ),
    "of another company": of_the_branch,
    "of another owner": write_and_validate(lambda case: {"owner_id": case.customer.id}),
    "state of the transfer": lambda call, case: call(
        "stock.picking", "write", case.picking.ids, {"state": "done"}
    ),
    "state of the transfer, then a line": state_first,
    "state of the moves": lambda call, case: call(
        "stock.move", "write", case.moves.ids, {"state": "done"}
    ),
    "state of the lines": lambda call, case: call(
        "stock.move.line",
        "write",
        case.picking.move_line_ids.ids,
        {"state": "done"},
    ),
    "save the transfer": lambda call, case: call(
        "stock.picking",
        "web_save",
        case.picking.ids,
        {"move_ids": [Command.update(case.moves.id, {"state": "done"})]},
        {"state": {}},
    ),
    "import the transfer": lambda call, case: call(
        "stock.picking",
        "load",
        [".id", "move_ids/.id", "move_ids/state"],
        [[str(case.picking.id), str(case.moves.id), "Done"]],
    ),
    "done move": lambda call, case: call(
        "stock.move",
        "create",
        move_of(case, state="done", move_line_ids=[Command.create(line_of(case))]),
    ),
    "done move of the transfer": lambda call, case: call(
        "stock.move",
        "create",
        move_of(
            case,
            state="done",
            picking_id=case.picking.id,
            move_line_ids=[Command.create(line_of(case))],
        ),
    ),
    "done move by a default": lambda call, case: call(
        "stock.move",
        "create",
        move_of(case, move_line_ids=[Command.create(line_of(case))]),
        context={"default_state": "done"},
    ),
    "done transfer": made_and_validated(
        lambda case: picking_of(
            case,
            move_ids=[
                Command.create(
                    move_of(
                        case,
                        state="done",
                        move_line_ids=[Command.create(line_of(case))],
                    )
                )
            ],
        )
    ),
    "transfer of one's own": made_and_validated(
        lambda case: picking_of(case, move_ids=[Command.create(move_of(case))])
    ),
    "transfer for nobody": made_and_validated(
        lambda case: picking_of(
            case, partner_id=False, move_ids=[Command.create(move_of(case))]
        )
    ),
    "copy of something done": lambda call, case: call(
        "stock.move", "copy", case.done.move_ids.ids, {"state": "done", "quantity": 2}
    ),
    "copy of the transfer": lambda call, case: call(
        "stock.picking",
        "copy",
        case.done.ids,
        {
            "state": "done",
            "move_ids": [
                Command.create(
                    move_of(
                        case,
                        state="done",
                        move_line_ids=[Command.create(line_of(case))],
                    )
                )
            ],
        },
    ),
    "more of something done": lambda call, case: call(
        "stock.move.line", "write", case.done.move_line_ids.ids, {"quantity": 3}
    ),
    "line of something done": lambda call, case: call(
        "stock.move.line", "create", line_of(case, move_id=case.done.move_ids.id)
    ),
    "line of a done transfer": lambda call, case: call(
        "stock.move.line", "create", line_of(case, picking_id=case.done.id)
    ),
    "line that says it is done": lambda call, case: call(
        "stock.move.line",
        "create",
        line_of(case, move_id=case.moves.id, state="done"),
    ),
    "through the customer's order": lambda call, case: call(
        "sale.order",
        "write",
        case.order.ids,
        {
            "picking_ids": [
                Command.update(
                    case.picking.id,
                    {"move_ids": [Command.update(case.moves.id, {"state": "done"})]},
                )
            ]
        },
    ),
    "scrap to the customer": scrap_to_customer,
    "backorder of an approved one": kin_of_an_approved_one,
    "delivered figure of the order": hidden_delivered,
    "approved request": lambda call, case: [
        call("parts.approval", "create", case.approved_vals),
        validate(call, case),
    ],
    "approved request through the transfer": write_and_validate(
        lambda case: {"parts_approval_ids": [Command.create(case.approved_vals)]}
    ),
    "request of another transfer": lambda call, case: [
        call(
            "parts.approval",
            "write",
            case.approved.parts_approval_ids.ids,
            {"res_id": case.picking.id},
        ),
        validate(call, case),
    ],
    "decide it oneself": lambda call, case: [
        call("stock.picking", "action_parts_request_approval", case.picking.ids),
        call(
            "parts.approval",
            "action_approve",
            case.picking.parts_approval_ids.ids,
        ),
        validate(call, case),
    ],
    "switch the control off": lambda call, case: [
        call("res.company", "write", case.company.ids, {"parts_credit_control": False}),
        validate(call, case),
    ],
    "unblock the customer": lambda call, case: [
        call("parts.credit.file", "write", case.file.ids, {"blocked": False}),
        validate(call, case),
    ],
}

# No counter-case: Odoo refuses it to these users anyhow, or nothing leaves by it
REFUSED_ANYHOW = {
    "another kind of transfer",
    "line that says it is done",
    "of another company",
    "state of the transfer",
    "approved request",
    "approved request through the transfer",
    "decide it oneself",
    "request of another transfer",
    "switch the control off",
    "unblock the customer",
}
