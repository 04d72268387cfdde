from odoo import api, fields, models


class PartsContractInstalment(models.Model):
    """A payment that the plan of a contract names: how much, and after which event."""

    _name = "parts.contract.instalment"
    _description = "Instalment of a Contract"
    _order = "version_id, sequence, id"

    # === FIELDS === #

    version_id = fields.Many2one(
        comodel_name="parts.contract.version",
        required=True,
        index=True,
        ondelete="cascade",
    )
    contract_id = fields.Many2one(
        related="version_id.contract_id", store=True, index=True
    )
    company_id = fields.Many2one(related="version_id.company_id")
    currency_id = fields.Many2one(related="version_id.currency_id")
    sequence = fields.Integer(default=10)
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
    event = fields.Selection(
        selection=[
            ("signing", "Signing"),
            ("delivery", "Delivery"),
            ("date", "A Date"),
        ],
        default="delivery",
        required=True,
        help="Signing: the day when the contract comes into force. Delivery: the day"
        " when the goods of an order leave.",
    )
    days = fields.Integer(string="Days After", help="Days between event and due date.")
    date = fields.Date(help="Where the instalment is due on a fixed date.")
    before_delivery = fields.Boolean(
        string="Before Delivery",
        compute="_compute_before_delivery",
        store=True,
        readonly=False,
        precompute=True,
        help="Goods leave only once this instalment is paid.",
    )
    date_due = fields.Date(string="Due", compute="_compute_date_due")

    # === COMPUTE METHODS === #

    @api.depends("value", "percent", "version_id.amount_total")
    def _compute_amount(self):
        for instalment in self:
            if instalment.value == "percent":
                total = instalment.version_id.amount_total
                instalment.amount = total * instalment.percent / 100.0
            else:
                instalment.amount = instalment.amount

    @api.depends("event")
    def _compute_before_delivery(self):
        for instalment in self:
            instalment.before_delivery = instalment.event == "signing"

    def _compute_date_due(self):
        dates = self._due_dates()
        for instalment in self:
            instalment.date_due = dates.get(instalment.id, False)

    # === DOORS === #

    def _due_dates(self):
        """Return ``{instalment id: date it is due, or False while its event has not
        come}``. An instalment by delivery is due from the first delivery on.
        """
        return dict.fromkeys(self.ids, False)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        instalments = super().create(vals_list)
        if not self.env.su:
            instalments.version_id._check_draft()
        return instalments

    def write(self, vals):
        if not self.env.su:
            self.version_id._check_draft()
        result = super().write(vals)
        if not self.env.su and "version_id" in vals:
            self.version_id._check_draft()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_submitted(self):
        if not self.env.su:
            self.version_id._check_draft()
