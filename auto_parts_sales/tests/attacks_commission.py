"""Attempts to learn what a colleague earns, as calls that reach the server over RPC.

Each is a function of ``call`` (the attacker's remote procedure call) and ``case`` (the
records at hand) and returns what the attacker got to see. `REAL` ones show the secret
to who may see it: they are attacks, not calls that return nothing to anybody.
"""

ENTRY = "parts.commission.entry"
BASIS = "parts.commission.basis"
STATEMENT = "parts.commission.statement"
MONTH = "parts.commission.month"
SIMULATION = "parts.commission.simulation"
CONTEXT_KEYS = {
    "active_test": False,
    "bin_size": True,
    "force_company": 1,
    "install_mode": True,
    "module_uninstall": True,
    "no_check": True,
    "prefetch_fields": False,
    "su": True,
    "uid": 1,
}


def _follow(call, action):
    """Open what an action leads to."""
    return call(
        action["res_model"],
        "web_search_read",
        action.get("domain") or [],
        {"amount": {}, "display_name": {}},
    )


def _month(call, case, **vals):
    [month] = call(MONTH, "create", [{"user_id": case.wang.id, **vals}])
    spec = {
        "earned": {},
        "locked": {},
        "entry_ids": {"fields": {"description": {}, "amount": {}}},
        "customer_ids": {"fields": {"locked": {}, "name": {}}},
        "statement_id": {"fields": {"display_name": {}}},
    }
    return month, call(MONTH, "web_read", [month], spec)


def _month_entries(call, case):
    month, _seen = _month(call, case)
    return _follow(call, call(MONTH, "action_open_entries", [month]))


def _month_promises(call, case):
    month, _seen = _month(call, case)
    return _follow(call, call(MONTH, "action_open_promises", [month]))


def _month_turned(call, case):
    month, _seen = _month(call, case)
    action = call(MONTH, "action_next", [month])
    action = call(MONTH, "action_previous", [action["res_id"]])
    spec = {"earned": {}, "entry_ids": {"fields": {"amount": {}}}}
    return call(MONTH, "web_read", [action["res_id"]], spec)


def _month_typed(call, case):
    spec = {"earned": {}, "locked": {}, "user_id": {}, "entry_ids": {"fields": {}}}
    vals = {"user_id": case.wang.id, "month": "2026-03-01"}
    return call(MONTH, "onchange", [], vals, ["user_id"], spec)


def _simulate(call, case, **context):
    [simulation] = call(SIMULATION, "create", [{"order_id": case.order.id}], **context)
    spec = {
        "amount_total": {},
        "line_ids": {"fields": {"amount": {}, "untaxed": {}, "name": {}}},
    }
    return call(SIMULATION, "web_read", [simulation], spec)


def _simulate_typed(call, case):
    spec = {"amount_total": {}, "line_ids": {"fields": {"amount": {}, "name": {}}}}
    vals = {"order_id": case.order.id}
    return call(SIMULATION, "onchange", [], vals, ["order_id"], spec)


def _join_team(call, case):
    call("crm.team.member", "create", [{"user_id": case.wang.id}])
    return call(ENTRY, "search_read", [], ["amount"])


def _lead_team(call, case):
    call("crm.team", "write", case.team.ids, {"user_id": case.attacker.id})
    return call(ENTRY, "search_read", [], ["amount"])


def _own_plan(call, case):
    call("parts.commission.plan", "write", case.plan2.ids, {"user_ids": [(4, 1)]})
    return call("parts.commission.rule", "search_read", [], ["rate"])


def _through_own_statement(call, case):
    spec = {
        "entry_ids": {
            "fields": {
                "amount": {},
                "statement_id": {"fields": {"display_name": {}}},
                "move_id": {"fields": {"parts_commission_count": {}}},
            }
        }
    }
    return call(STATEMENT, "web_search_read", [], spec)


def _pay_theirs(call, case):
    vals = {"statement_ids": [(6, 0, case.statement.ids)]}
    [wizard] = call("parts.commission.pay", "create", [vals])
    return call("parts.commission.pay", "web_read", [wizard], {"amount_total": {}})


def _discard_theirs(call, case):
    call(STATEMENT, "unlink", case.statement.ids)
    return "765.43 discarded"


def _open_from_invoice(call, case):
    action = call("account.move", "action_parts_open_commission", case.invoice2.ids)
    return _follow(call, action)


def _promises_from_invoice(call, case):
    action = call("account.move", "action_parts_open_promises", case.invoice2.ids)
    return _follow(call, action)


def _mine_alone(model, name="amount"):
    def attack(call, case):
        domain = [("user_id", "=", case.wang.id)]
        return call(model, "search_read", domain, [name])

    return attack


def _read(model, names, record):
    return lambda call, case: call(model, "read", getattr(case, record).ids, names)


def _search_all(model, names, **context):
    return lambda call, case: call(model, "search_read", [], names, **context)


def _of_statement(model, names):
    def attack(call, case):
        domain = [("res_model", "=", STATEMENT), ("res_id", "=", case.statement.id)]
        if model == "mail.message":
            domain = [("model", "=", STATEMENT), ("res_id", "=", case.statement.id)]
        return call(model, "search_read", domain, names)

    return attack


def _groups(method, model, *args):
    return lambda call, case: call(model, method, *args)


REAL = {
    "search the ledger": _search_all(ENTRY, ["amount", "user_id"]),
    "search with keys in the context": _search_all(
        ENTRY, ["amount"], context=CONTEXT_KEYS
    ),
    "search by the colleague": _mine_alone(ENTRY),
    "search his promises": _mine_alone(BASIS),
    "search his statements": _mine_alone(STATEMENT, "amount_total"),
    "read an entry by id": _read(ENTRY, ["amount"], "entry"),
    "read a promise by id": _read(BASIS, ["amount", "booked"], "basis"),
    "read a statement by id": _read(STATEMENT, ["amount_total"], "statement"),
    "read its sentence": _read(ENTRY, ["description", "amount"], "entry"),
    "read for the web": lambda call, case: call(
        ENTRY, "web_read", case.entry.ids, {"amount": {}}
    ),
    "export entries": lambda call, case: call(
        ENTRY, "export_data", case.entry.ids, ["amount", "user_id/name"]
    ),
    "export statements with their entries": lambda call, case: call(
        STATEMENT, "export_data", case.statement.ids, ["entry_ids/amount"]
    ),
    "group by person": _groups(
        "formatted_read_group", ENTRY, [], ["user_id"], ["amount:sum"]
    ),
    "group without a group": _groups(
        "formatted_read_group", ENTRY, [], [], ["amount:sum", "amount:max"]
    ),
    "group through the statement": _groups(
        "formatted_read_group", ENTRY, [], ["statement_id.user_id"], ["amount:sum"]
    ),
    "group for the web": lambda call, case: call(
        ENTRY, "web_read_group", [], ["user_id"], aggregates=["amount:sum"]
    ),
    "group as of old": lambda call, case: call(
        ENTRY, "read_group", [], ["amount:sum"], ["user_id"]
    ),
    "group promises": _groups(
        "formatted_read_group", BASIS, [], ["user_id"], ["amount:sum"]
    ),
    "find a statement by name": lambda call, case: call(
        STATEMENT, "name_search", case.statement.name
    ),
    "find a statement for the web": lambda call, case: call(
        STATEMENT, "web_name_search", "COM", {"amount_total": {}, "display_name": {}}
    ),
    "open from the invoice": _open_from_invoice,
    "open promises from the invoice": _promises_from_invoice,
    "open the colleague's month": lambda call, case: _month(
        call, case, month="2026-03-01"
    ),
    "type the colleague into a month": _month_typed,
    "read his plan's rates": _search_all("parts.commission.rule", ["rate"]),
    "read his rates through the plan": lambda call, case: call(
        "parts.commission.plan",
        "web_search_read",
        [],
        {"rule_ids": {"fields": {"rate": {}}}},
    ),
    "read the approval of his statement": _of_statement(
        "parts.approval", ["document_name", "amount"]
    ),
}

OTHERS = {
    "read the figures of that approval": lambda call, case: call(
        "parts.approval",
        "web_search_read",
        [("res_model", "=", STATEMENT), ("res_id", "=", case.statement.id)],
        {"amount": {}, "figure_ids": {"fields": {"display_name": {}}}},
    ),
    "count above an amount": lambda call, case: call(
        ENTRY,
        "search_count",
        [("user_id", "=", case.wang.id), ("amount", ">", 700)],
    ),
    "count statements by their entries": lambda call, case: call(
        STATEMENT, "search_count", [("entry_ids.amount", ">", 700)]
    ),
    "count invoices by their promises": lambda call, case: call(
        BASIS, "search_count", [("is_open", "=", False), ("amount", ">", 700)]
    ),
    "order by what is hidden": lambda call, case: call(
        ENTRY, "search", [("amount", ">", 700)], order="amount desc"
    ),
    "through one's own statement": _through_own_statement,
    "through what a correction takes back": lambda call, case: call(
        ENTRY, "search_read", [("reversal_of_id.amount", ">", 700)], ["amount"]
    ),
    "open his month's entries": _month_entries,
    "open his month's promises": _month_promises,
    "turn the pages of his month": _month_turned,
    "simulate his quotation": _simulate,
    "simulate with keys in the context": lambda call, case: _simulate(
        call, case, context=CONTEXT_KEYS
    ),
    "type his quotation into a simulation": _simulate_typed,
    "read mails on his statement": _of_statement("mail.message", ["body"]),
    "read activities on his statement": _of_statement("mail.activity", ["summary"]),
    "read files of his statement": _of_statement("ir.attachment", ["name", "datas"]),
    "read its followers": _of_statement("mail.followers", ["partner_id"]),
    "follow his statement": lambda call, case: call(
        STATEMENT, "message_subscribe", case.statement.ids, [1]
    ),
    "write on his statement": lambda call, case: call(
        STATEMENT, "message_post", case.statement.ids, body="What do you earn?"
    ),
    "hand his statement in": lambda call, case: call(
        STATEMENT, "action_submit", case.statement.ids
    ),
    "send his statement as a spreadsheet": lambda call, case: call(
        STATEMENT, "action_export_xlsx", case.statement.ids
    ),
    "discard his statement": _discard_theirs,
    "draw statements up": lambda call, case: call(
        "parts.commission.draw", "create", [{"month": "2026-03-01"}]
    ),
    "pay his statement": _pay_theirs,
    "copy his entry": lambda call, case: call(ENTRY, "copy", case.entry.ids),
    "read transfers": _search_all("parts.commission.transfer", ["reason"]),
    "transfer his to oneself": lambda call, case: call(
        "parts.commission.transfer",
        "create",
        [
            {
                "user_from_id": case.wang.id,
                "user_to_id": case.attacker.id,
                "reason": "mine",
            }
        ],
    ),
    "read open issues": _search_all("parts.commission.issue", ["error"]),
    "read costs": _search_all("parts.commission.cost", ["unit_cost"]),
    "read who developed his customers": _search_all(
        "parts.commission.party", ["user_id", "partner_id"]
    ),
    "put him into one's own team": _join_team,
    "become the leader of his team": _lead_team,
    "join his plan": _own_plan,
    "ask the engine": lambda call, case: call(
        "parts.commission.engine", "_derive", case.invoice2.ids
    ),
    "ask the spreadsheet's maker": lambda call, case: call(
        "parts.commission.statement.xlsx", "_render", case.statement.ids
    ),
    "ask the paper's maker": lambda call, case: call(
        "report.auto_parts_sales.report_parts_commission_statement",
        "_get_report_values",
        case.statement.ids,
    ),
}
