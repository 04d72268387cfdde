"""The demo's calendar, dice and people: what all of its scripts share.

The same seed gives the same year, ending today.
"""

import random
from collections import defaultdict
from datetime import date, datetime, timedelta

from odoo.tools import SQL

SEED = 20260301


class World:
    """Who acts on which day.

    :param env: superuser's, as `odoo shell` gives it
    """

    def __init__(self, env):
        self.env = env
        self.today = date.today()
        self.first_day = self.today - timedelta(days=365)
        self.dice = random.Random(SEED)
        # (table, column): {id: moment}
        self.stamps = defaultdict(dict)

    # === PEOPLE === #

    def ref(self, name):
        return self.env.ref(f"auto_parts_sales.demo_{name}")

    def acting(self, login):
        """Return superuser's environment in which `login` creates the records."""
        return self.quiet()(user=self.ref(f"user_{login}").id, su=True)

    def quiet(self):
        """Return the environment without mail, tracking and followers."""
        return self.env(
            context={
                "tracking_disable": True,
                "mail_create_nosubscribe": True,
                "mail_auto_subscribe_no_notify": True,
                "lang": "en_US",
                "tz": "Asia/Shanghai",
            }
        )

    # === DAYS === #

    def workday(self, day):
        while day.weekday() > 5:
            day += timedelta(days=1)
        return min(day, self.today)

    def some_day(self):
        """Return a day of the last year; more of them lately: business grows."""
        return self.workday(
            self.first_day + timedelta(days=int(365 * self.dice.random() ** 0.85))
        )

    # === DATING BACK === #

    def set_dates(self, records, day):
        """Move documents into the past: what Odoo stamps with the clock."""
        moment = datetime.combine(day, datetime.min.time()) + timedelta(
            hours=self.dice.randint(1, 9), minutes=self.dice.randint(0, 59)
        )
        columns = {
            "sale.order": ["date_order"],
            "purchase.order": ["date_order", "date_approve", "date_planned"],
            "stock.picking": ["scheduled_date", "date_done"],
            "crm.lead": ["date_open", "date_last_stage_update"],
            "parts.enquiry.line": [],
            "stock.move": ["date"],
            "stock.move.line": ["date"],
            "parts.approval": [],
        }[records._name]
        if not records:
            return
        self.stamp(records, moment, ["create_date", *columns])
        if records._name == "stock.picking":
            self.stamp(records.move_ids, moment, ["create_date", "date"])
            self.stamp(records.move_line_ids, moment, ["create_date", "date"])

    def stamp(self, records, moment, columns):
        """Note what is dated back; `apply_stamps` writes it in the end, all at once."""
        for column in columns:
            self.stamps[records._table, column].update(
                dict.fromkeys(records.ids, moment)
            )

    def apply_stamps(self):
        self.env.flush_all()
        for (table, column), moments in self.stamps.items():
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s t SET %(column)s = v.moment"
                    " FROM (SELECT unnest(%(ids)s) AS id,"
                    " unnest(%(moments)s) AS moment) v"
                    " WHERE t.id = v.id AND t.%(column)s IS NOT NULL",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    ids=list(moments),
                    moments=[
                        datetime.combine(moment, datetime.min.time())
                        if not isinstance(moment, datetime)
                        else moment
                        for moment in moments.values()
                    ],
                )
            )
        self.env.invalidate_all(flush=False)
