"""The demo's team pools: half a year signed, one split paid, one to be decided.

Called by setup.py after the statements; last month is left for whoever signs it.
"""

from datetime import timedelta

from odoo.fields import Command
from odoo.tools import date_utils

# signed months; the pool itself runs for a year
SIGNED = 6


def fill(demo):
    """Open a pool for each team, sign its months, split what is in one of them."""
    last = date_utils.start_of(demo.today, "month")
    last = date_utils.subtract(last, months=1)
    months = [date_utils.subtract(last, months=n) for n in range(SIGNED, 0, -1)]
    counter = _open_counter(demo, months)
    _open_fleet(demo, months)
    for month in months:
        _sign(demo, month)
    day = date_utils.add(months[-1], months=1, days=8)
    paid = _split(demo, counter, 0.6, "Who sold, and who kept the counter going", day)
    _approve(demo, paid, day + timedelta(days=2))
    _split(demo, counter, 1.0, "The rest of the half-year", demo.today)


def _as(demo, login, model):
    env = demo.env(user=demo.ref(f"user_{login}").id, su=False)
    return env[model]


def _open_counter(demo, months):
    """The same plan each month; each tier on its part."""
    team = demo.ref("team_counter")
    plan = round(_collected(demo, team, months) / SIGNED, -4)
    return _open(
        demo,
        team,
        ("Counter Pool", "门市团队奖金池"),
        months[0],
        [(0.0, 0.2), (80.0, 0.5), (100.0, 1.0)],
        plan_amount=12 * max(plan, 10_000.0),
    )


def _open_fleet(demo, months):
    """A plan for each month; the highest tier on the whole."""
    team = demo.ref("team_fleet")
    plan = max(round(_collected(demo, team, months) / SIGNED, -4), 10_000.0)
    targets = [
        Command.create(
            {
                "month": date_utils.add(months[0], months=number),
                "amount": plan * (0.8 if number < 3 else 1.1),
            }
        )
        for number in range(12)
    ]
    _open(
        demo,
        team,
        ("Fleet and Export Pool", "车队与出口团队奖金池"),
        months[0],
        [(70.0, 0.2), (90.0, 0.3), (110.0, 0.4)],
        plan_method="monthly",
        tier_method="whole",
        target_ids=targets,
    )


def _open(demo, team, names, month, tiers, **vals):
    end = date_utils.add(month, months=11)
    pool = _as(demo, "deputy", "parts.commission.pool").create(
        {
            # names of people's own: one for everybody, the Chinese beside it
            "name": f"{names[0]} {month:%Y} {names[1]}",
            "team_id": team.id,
            "date_from": month,
            "date_to": date_utils.end_of(end, "month"),
            "tier_ids": [
                Command.create({"percent_from": start, "rate": rate})
                for start, rate in tiers
            ],
            **vals,
        }
    )
    demo.stamp(pool.sudo(), date_utils.subtract(month, days=6), ["create_date"])
    return pool.sudo()


def _collected(demo, team, months):
    """Return what a team collected in these months, untaxed."""
    entries = demo.env["parts.commission.entry"].search(
        [
            ("basis_id.team_id", "=", team.id),
            ("role", "!=", "lead"),
            ("kind", "in", ("collection", "correction")),
            ("date", ">=", months[0]),
            ("date", "<", date_utils.add(months[-1], months=1)),
        ]
    )
    return sum(entry.collected * entry.basis_id.share / 100.0 for entry in entries)


def _sign(demo, month):
    _as(demo, "office", "parts.commission.sign").create({"month": month}).action_sign()
    day = date_utils.add(month, months=1, days=4)
    for model, name in (
        ("parts.commission.signature", "month"),
        ("parts.commission.pool.month", "date_from"),
    ):
        signed = demo.env[model].search([(name, "=", month)])
        demo.stamp(signed, day, ["create_date"])


def _split(demo, pool, share, note, day):
    """The team's manager proposes a part of what is left and hands it in."""
    pool.invalidate_recordset()
    people = [(demo.ref("user_sales"), 70.0), (demo.ref("user_manager"), 30.0)]
    split = _as(demo, "manager", "parts.commission.pool.split").create(
        {
            "pool_id": pool.id,
            "amount": pool.currency_id.round(pool.balance * share),
            "note": note,
            "line_ids": [
                Command.create({"user_id": user.id, "share": part})
                for user, part in people
            ],
        }
    )
    split.action_submit()
    split = split.sudo()
    demo.stamp(split, day, ["create_date"])
    demo.stamp(split.parts_approval_ids, day, ["create_date"])
    return split


def _approve(demo, split, day):
    approval = split.parts_approval_ids.filtered(lambda x: x.state == "pending")
    approval.with_env(_as(demo, "gm", approval._name).env).action_approve()
    demo.stamp(approval.step_ids.decision_ids, day, ["create_date"])
    entries = demo.env["parts.commission.entry"].search(
        [("pool_line_id", "in", split.line_ids.ids)]
    )
    demo.stamp(entries, day, ["create_date"])
