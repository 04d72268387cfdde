"""What the attacks on the approval engine share.

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
