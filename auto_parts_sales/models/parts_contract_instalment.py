import pytz

from odoo import api, fields, models
from odoo.tools import float_compare, float_round

# Two digits, as per cents are typed
PERCENT_DIGITS = 6


class PartsContractInstalment(models.Model):
    """A payment that the plan of a contract names: how much, and after which event.

    Of a framework contract the shares hold for each order under it; of a single one,
    for the contract.
    """

    _name = "parts.contract.instalment"
    _description = "Instalment of a Contract"
    _inherit = ["parts.contract.row.mixin"]

    # === FIELDS === #

    name = fields.Char(string="Instalment")
    value = fields.Selection(
        selection=[("percent", "Per cent"), ("amount", "Amount")],
        string="By",
        default="percent",
        required=True,
    )
    percent = fields.Float(string="Share (%)", digits="Discount")
    amount = fields.Monetary(
        compute="_compute_amount", store=True, readonly=False, precompute=True
    )
    nature = fields.Selection(
        selection=[
            ("payment", "Plain Payment"),
            ("advance", "Advance"),
            ("earnest", "Earnest Money"),
        ],
        default="payment",
        required=True,
        help="What becomes of it if the contract ends early. Advance: it is returned."
        " Earnest money: the customer loses it if he breaks the contract, and gets"
        " twice as much back if we do, up to a fifth of the contract's amount.",
    )
    event = fields.Selection(
        selection=[
            ("signing", "Signing"),
            ("delivery", "Delivery"),
            ("acceptance", "Acceptance"),
            ("date", "A Date"),
        ],
        default="delivery",
        required=True,
        help="Signing: the day when the contract comes into force. Delivery: the day"
        " when the first goods leave. Acceptance: the day when the customer accepts"
        " the first goods.",
    )
    days = fields.Integer(string="Days After", help="Days between event and due date.")
    date = fields.Date(help="Where the instalment is due on a fixed date.")
    before_delivery = fields.Boolean(
        compute="_compute_before_delivery",
        store=True,
        readonly=False,
        precompute=True,
        help="Goods leave only once this instalment is paid.",
    )
    date_due = fields.Date(string="Due on", compute="_compute_date_due")

    _figures_positive = models.Constraint(
        "CHECK (percent >= 0 AND percent <= 100 AND amount >= 0 AND days >= 0)",
        "Instalments are not negative, and no share is beyond 100 per cent.",
    )

    # === COMPUTE METHODS === #

    @api.depends("value", "percent", "version_id.amount_total")
    def _compute_amount(self):
        for instalment in self:
            total = instalment.version_id.amount_total
            instalment.amount = instalment._amount_of(total)

    @api.depends("event")
    def _compute_before_delivery(self):
        for instalment in self:
            instalment.before_delivery = instalment.event == "signing"

    @api.depends(
        "event",
        "days",
        "date",
        "contract_id.date_effective",
        "contract_id.date_accepted",
    )
    def _compute_date_due(self):
        dates = self._due_dates()
        for instalment in self:
            instalment.date_due = dates.get(instalment.id, False)

    # === DOORS === #

    def _due_dates(self):
        """Return ``{instalment id: date it is due, or False while its event has not
        come}``. An instalment by delivery is due from the first delivery on.
        """
        delivered = self.sudo()._first_deliveries()
        dates = {}
        for instalment in self.sudo():
            event = {
                "signing": instalment.contract_id.date_effective,
                "delivery": delivered.get(instalment.contract_id.id),
                "acceptance": instalment.contract_id.date_accepted,
                "date": instalment.date,
            }[instalment.event]
            dates[instalment.id] = bool(event) and fields.Date.add(
                event, days=instalment.days
            )
        return dates

    def _first_deliveries(self):
        """Return ``{contract id: day of the first delivery under it}``, as superuser,
        in one query. Days are the company's, whoever looks, as in the ledger.
        """
        contracts = self.filtered(lambda x: x.event == "delivery").contract_id
        if not contracts:
            return {}
        moves = self.env["stock.move"]._read_group(
            [
                ("sale_line_id.order_id.parts_contract_id", "in", contracts.ids),
                ("state", "=", "done"),
                ("location_dest_usage", "in", ("customer", "transit")),
            ],
            ["sale_line_id"],
            ["date:min"],
        )
        figures = self.env["parts.contract.figures"]
        first = {}
        for line, date in moves:
            contract = line.order_id.parts_contract_id
            zone = pytz.timezone(figures._zone(contract.company_id))
            day = pytz.utc.localize(date).astimezone(zone).date()
            first[contract.id] = min(day, first.get(contract.id, day))
        return first

    # === BUSINESS METHODS === #

    def _amount_of(self, total):
        """Return how much this instalment is of ``total``."""
        self.ensure_one()
        if self.value != "percent":
            return self.amount
        return total * self.percent / 100.0

    def _normalise(self, total, currency):
        """Write the amounts of shares as ``total`` has them, rounded to the cent, the
        last one with what is left.
        """
        shares = self.filtered(lambda instalment: instalment.value == "percent")
        left = total - sum((self - shares).mapped("amount"))
        for instalment in shares[:-1]:
            instalment.amount = currency.round(instalment._amount_of(total))
            left -= instalment.amount
        if shares:
            shares[-1].amount = currency.round(left)

    def _incomplete(self, total, currency):
        """Return what is wrong with a plan of ``total``, a sentence each."""
        if not self:
            return []
        wrong = []
        planned = sum(instalment._amount_of(total) for instalment in self)
        shares = self.filtered(lambda instalment: instalment.value == "percent")
        if len(shares) == len(self):
            percent = sum(self.mapped("percent"))
            if float_compare(percent, 100.0, precision_digits=4):
                wrong.append(
                    self.env._(
                        "The payment plan adds up to %s per cent, not to 100.",
                        f"{float_round(percent, precision_digits=4):g}",
                    )
                )
        elif currency.compare_amounts(planned, total):
            wrong.append(
                self.env._(
                    "The payment plan adds up to %(planned)s, the contract to"
                    " %(total)s.",
                    planned=currency.format(planned),
                    total=currency.format(total),
                )
            )
        for instalment in self:
            if currency.compare_amounts(instalment._amount_of(total), 0.0) <= 0:
                wrong.append(
                    self.env._("An instalment of the payment plan is zero: fill it in.")
                )
            if instalment.event == "date" and not instalment.date:
                wrong.append(self.env._("An instalment by date has no date."))
            if instalment.event == "acceptance" and instalment.before_delivery:
                wrong.append(
                    self.env._(
                        "An instalment by acceptance is not due before goods leave:"
                        " choose one of the two."
                    )
                )
        return wrong

    def _prepare_term_lines(self):
        """Return the plan as lines of Odoo's payment terms, or an empty list.

        An invoice is written when goods leave: what was due by then is due at once.
        """
        total = sum(self.mapped("amount"))
        if not total:
            return []
        lines, used = [], 0.0
        for instalment in self:
            percent = instalment.amount * 100.0 / total
            # an invoice comes with the goods: they are accepted afterwards
            later = instalment.event in ("delivery", "acceptance")
            days = instalment.days if later else 0
            percent = float_round(percent, precision_digits=PERCENT_DIGITS)
            lines.append({"value_amount": percent, "nb_days": days})
            used += percent
        lines[-1]["value_amount"] = float_round(
            lines[-1]["value_amount"] + 100.0 - used, precision_digits=PERCENT_DIGITS
        )
        return lines
