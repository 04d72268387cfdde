"""The demo's commission: plans, special invoices, statements in every state.

Called by setup.py. Everything comes about by Odoo's and the addon's own methods, as
the person whose work it is; `Demo` carries what setup.py has and these need.
"""

from collections import namedtuple
from datetime import timedelta

from odoo.fields import Command
from odoo.tools import date_utils

# env: superuser without mails; ref: name -> record; stamp: (records, moment, columns)
Demo = namedtuple("Demo", "env ref stamp first_day today")

PLANS = {
    "counter": ("Counter Sales", "门市销售提成"),
    "fleet": ("Fleets and Export", "车队与出口提成"),
}


# === PLANS ===


def set_up_plans(demo):
    """Write two plans: tiers, shares, an override, lateness, hold-back, interest."""
    _name_outstanding_accounts(demo)
    env, ref = demo.env, demo.ref
    plan = env["parts.commission.plan"]
    special = [ref(f"category_{name}").id for name in ("assistance", "safety")]
    lead = {"role": "lead", "share": 6.0}
    counter = plan.create(
        {
            "name": PLANS["counter"][0],
            "user_ids": [Command.set(ref("user_sales").ids)],
            "rule_ids": [
                Command.create({"sequence": 5, "rate": 1.5, "discount_min": 5.0}),
                *(
                    Command.create({"sequence": 10, "rate": 4.0, "categ_id": category})
                    for category in special
                ),
                Command.create({"sequence": 20, "rate": 2.5}),
            ],
            "factor_ids": _rows([(16, 0.9), (46, 0.7), (91, 0.5)], "days_from factor"),
            "tier_ids": _rows([(60_000, 0.2), (150_000, 0.5)], "amount_from rate"),
            "split_ids": [Command.create(lead)],
            "hold_days": 60,
            "hold_share": 1.0,
        }
    )
    fleet = plan.create(
        {
            "name": PLANS["fleet"][0],
            "user_ids": [Command.set(ref("user_sales2").ids)],
            "rule_ids": [
                *(
                    Command.create(
                        {
                            "sequence": 10,
                            "measure": "margin",
                            "rate": 9.0,
                            "categ_id": category,
                        }
                    )
                    for category in special
                ),
                Command.create({"sequence": 20, "rate": 2.5}),
            ],
            "split_ids": [
                Command.create(lead),
                Command.create({"role": "developer", "share": 20.0, "sequence": 20}),
            ],
            "interest_rate": 6.0,
            "hold_days": 60,
            "hold_share": 1.0,
            "tier_method": "whole",
            "tier_ids": _rows([(150_000, 0.3)], "amount_from rate"),
        }
    )
    counter.with_context(lang="zh_CN").name = PLANS["counter"][1]
    fleet.with_context(lang="zh_CN").name = PLANS["fleet"][1]
    # who brought the fleet in, before it was handed to the colleague
    env["parts.commission.party"].create(
        {
            "partner_id": ref("customer_5").id,
            "role": "developer",
            "user_id": ref("user_sales").id,
        }
    )


def _name_outstanding_accounts(demo):
    """Without an account on its method, Odoo's payment dialog has no write-off."""
    payments = demo.env["account.payment"]
    journals = demo.env["account.journal"].search([("type", "in", ("bank", "cash"))])
    for journal in journals:
        for direction in ("inbound", "outbound"):
            methods = journal[f"{direction}_payment_method_line_ids"]
            account = payments._get_outstanding_account(direction)
            methods.payment_account_id = account


def _rows(values, names):
    names = names.split()
    return [Command.create(dict(zip(names, row, strict=True))) for row in values]


# === INVOICES OF ALL KINDS ===


def trade_specially(demo):
    """Invoices that the year's orders do not show; return the cheque that bounces."""
    _set_rates(demo)
    _export(demo)
    _sell_with_tax_included(demo)
    _sell_with_early_discount(demo)
    _take_acceptance_draft(demo)
    return _take_bouncing_cheque(demo)


def _set_rates(demo):
    dollar = demo.env.ref("base.USD")
    dollar.active = True
    day, step = date_utils.start_of(demo.first_day, "month"), 0
    while day <= demo.today:
        yuan = 7.05 + 0.03 * (step % 5)
        demo.env["res.currency.rate"].create(
            {"currency_id": dollar.id, "name": day, "rate": 1.0 / yuan}
        )
        day, step = date_utils.add(day, months=1), step + 1
    demo.env.ref("base.group_user").write(
        {"implied_ids": [Command.link(demo.env.ref("base.group_multi_currency").id)]}
    )


def _days_ago(demo, days):
    return demo.today - timedelta(days=days)


def _invoice(demo, customer, day, lines, **vals):
    """Post an invoice; `lines`: list of (part, quantity, price)."""
    partner = demo.ref(f"customer_{customer}")
    login = partner.user_id.login
    team = demo.ref("team_counter" if login == "sales" else "team_fleet")
    taxes = vals.pop("taxes", None)
    move = demo.env["account.move"].create(
        {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_user_id": partner.user_id.id,
            "team_id": team.id,
            "invoice_date": day,
            "date": day,
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": demo.ref(f"part_{part}").id,
                        "quantity": quantity,
                        "price_unit": price,
                        **({} if taxes is None else {"tax_ids": [Command.set(taxes)]}),
                    }
                )
                for part, quantity, price in lines
            ],
            **vals,
        }
    )
    move.action_post()
    return move


def _pay(demo, move, day, amount=None, **vals):
    wizard = (
        demo.env["account.payment.register"]
        .with_context(active_model="account.move", active_ids=move.ids)
        .create({"payment_date": day, "currency_id": move.currency_id.id})
    )
    if amount is not None:
        wizard.amount = amount
    wizard.write(vals)
    return wizard._create_payments()


def _export(demo):
    """In dollars: paid in parts at different rates; a bank keeps its fee."""
    dollar = demo.env.ref("base.USD")
    parts = [("5g0906259c", 40, 38.0), ("5q0907572a", 6, 310.0)]
    for customer, days, share in ((35, 150, 0.4), (33, 120, 0.6), (35, 45, 0.5)):
        day = _days_ago(demo, days)
        move = _invoice(demo, customer, day, parts, taxes=[], currency_id=dollar.id)
        part = move.currency_id.round(move.amount_total * share)
        _pay(demo, move, day + timedelta(days=12), part)
        if days < 100:
            continue
        _pay(
            demo,
            move,
            day + timedelta(days=47),
            move.amount_residual - 25.0,
            payment_difference_handling="reconcile",
            writeoff_account_id=_get_fee_account(demo).id,
        )


def _get_fee_account(demo):
    company = demo.env.company
    account = company.parts_bank_fee_account_ids
    if not account:
        account = demo.env["account.account"].create(
            {"name": "Bank Fees", "code": "660301", "account_type": "expense"}
        )
        account.with_context(lang="zh_CN").name = "银行手续费"
        company.parts_bank_fee_account_ids = account
    return account


def _sell_with_tax_included(demo):
    tax = demo.env.company.account_sale_tax_id
    included = tax.copy({"name": "13% incl.", "price_include_override": "tax_included"})
    day = _days_ago(demo, 70)
    move = _invoice(demo, 22, day, [("5g0906259c", 4, 565.0)], taxes=included.ids)
    _pay(demo, move, day + timedelta(days=33))


def _sell_with_early_discount(demo):
    term = demo.env["account.payment.term"].create(
        {
            "name": "2/10 Net 30",
            "early_discount": True,
            "discount_percentage": 2.0,
            "discount_days": 10,
            "line_ids": [Command.create({"value": "percent", "value_amount": 100.0,
                                         "nb_days": 30})],
        }
    )  # fmt: skip
    day = _days_ago(demo, 64)
    lines = [("5q0907572a", 2, 2150.0)]
    move = _invoice(demo, 12, day, lines, invoice_payment_term_id=term.id)
    _pay(demo, move, day + timedelta(days=8))


def _take_acceptance_draft(demo):
    """银行承兑汇票: the invoice is paid, the commission waits for its day."""
    day = _days_ago(demo, 35)
    move = _invoice(demo, 3, day, [("5q0907572a", 5, 2100.0)])
    payment = _pay(demo, move, day + timedelta(days=9))
    payment.parts_maturity_date = demo.today + timedelta(days=60)


def _take_bouncing_cheque(demo):
    """A cheque of the second month; it bounces in a month that earns less than it."""
    day = date_utils.add(date_utils.start_of(demo.first_day, "month"), months=1, days=4)
    move = _invoice(demo, 11, day, [("5q0907572a", 90, 2150.0)])
    payment = _pay(demo, move, day + timedelta(days=10))
    return payment


def _replace_cheque(demo, payment):
    """The customer pays what bounced."""
    [move] = payment.reconciled_invoice_ids
    day = date_utils.add(payment.date, months=3)
    payment.action_draft()
    payment.action_cancel()
    _pay(demo, move, day)


# === STATEMENTS ===


def draw_up_statements(demo, cheque):
    """Go through the year month by month, as the people do.

    The old months are paid, each by another way; of the last three one is approved,
    one is in check, the last is a draft.
    """
    months = _get_months(demo)
    for number, month in enumerate(months):
        left = len(months) - number
        statements = _draw_up(demo, month)
        if left > 1:
            _hand_in(demo, statements, month)
        if left > 2:
            _decide(demo, statements, month, ("finance", "deputy", "gm"))
        elif left == 2:
            _decide(demo, statements[:1], month, ("finance",))
        if left > 3:
            _pay_out(demo, statements, month, ("payroll", "bill", "entry")[number % 3])
        if month == date_utils.start_of(cheque.date, "month"):
            cheque.action_reject()
        if month == date_utils.start_of(date_utils.add(cheque.date, months=2), "month"):
            _replace_cheque(demo, cheque)


def _get_months(demo):
    months, month = [], date_utils.start_of(demo.first_day, "month")
    while month < date_utils.start_of(demo.today, "month"):
        months.append(month)
        month = date_utils.add(month, months=1)
    return months


def _draw_up(demo, month):
    office = demo.ref("user_office")
    statements = demo.env(user=office.id, su=True)["parts.commission.statement"]
    drawn_up = statements._draw_up(demo.env.company, month)
    demo.stamp(drawn_up, date_utils.add(month, months=1, days=2), ["create_date"])
    return drawn_up


def _as(demo, login, records):
    return records.with_env(demo.env(user=demo.ref(f"user_{login}").id, su=False))


def _hand_in(demo, statements, month):
    if not statements:
        return
    _as(demo, "office", statements).action_submit()
    statements.invalidate_recordset()
    day = date_utils.add(month, months=1, days=3)
    demo.stamp(statements.parts_approval_ids, day, ["create_date"])


def _decide(demo, statements, month, logins):
    for number, login in enumerate(logins):
        approvals = statements.parts_approval_ids.filtered(
            lambda approval: approval.state == "pending"
        )
        for approval in _as(demo, login, approvals):
            approval.action_approve()
        decisions = approvals.step_ids.decision_ids.filtered(
            lambda decision, login=login: decision.user_id.login == login
        )
        day = date_utils.add(month, months=1, days=5 + number)
        demo.stamp(decisions, day, ["create_date"])
    statements.invalidate_recordset()


def _pay_out(demo, statements, month, method):
    """Pay them as finance does; what a bill or an entry books is posted."""
    due = statements.filtered(lambda statement: statement.state == "approved")
    if not due:
        return
    env = demo.env(user=demo.ref("user_finance").id, su=False)
    wizard = (
        env["parts.commission.pay"]
        .with_context(active_model=due._name, active_ids=due.ids)
        .create(
            {
                "method": method,
                "date": date_utils.add(month, months=1, days=9),
                "expense_account_id": _get_expense_account(demo).id,
                "liability_account_id": _get_liability_account(demo).id,
            }
        )
    )
    wizard.action_pay()
    due.invalidate_recordset()
    due.payment_move_id.action_post()


def _get_expense_account(demo):
    accounts = demo.env["account.account"]
    account = accounts.search([("code", "=", "660105")], limit=1)
    if not account:
        account = accounts.create(
            {"name": "Sales Commission", "code": "660105", "account_type": "expense"}
        )
        account.with_context(lang="zh_CN").name = "销售提成"
    return account


def _get_liability_account(demo):
    return demo.env["account.account"].search([("code", "=", "221100")], limit=1)
