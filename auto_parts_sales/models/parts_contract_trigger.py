from odoo import api, fields, models
from odoo.fields import Command

TRIGGERS = [
    ("amount", "Important by Its Amount"),
    ("first_order", "First Large Contract of a Customer"),
    ("price", "Prices beyond Authority"),
    ("credit", "Terms or Amount beyond the Credit File"),
    ("supply", "Dates that Stock and Purchasing Cannot Meet"),
]
# Which functions review what, and from which untaxed amount on, in company currency
DEFAULTS = {
    "amount": (("sales_director", "finance", "legal_post", "supply_chain"), 500000.0),
    "first_order": (("sales_director", "finance"), 100000.0),
    "price": (("sales_director",), 0.0),
    "credit": (("finance",), 0.0),
    "supply": (("supply_chain",), 0.0),
}


class PartsContractTrigger(models.Model):
    """Which functions review a contract, and when (CON-3)."""

    _name = "parts.contract.trigger"
    _description = "Review of Contracts"
    _order = "company_id, sequence, id"
    _rec_name = "trigger"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    trigger = fields.Selection(selection=TRIGGERS, string="When", required=True)
    amount = fields.Monetary(
        string="From Amount",
        help="Untaxed, in company currency: a smaller contract is not reviewed for"
        " this.",
    )
    uses_amount = fields.Boolean(compute="_compute_uses_amount")
    group_ids = fields.Many2many(
        comodel_name="res.groups",
        relation="parts_contract_trigger_group_rel",
        string="Reviewed by",
        help="Each of these functions answers in its own name, side by side.",
    )

    _one_each = models.UniqueIndex(
        "(company_id, trigger)", "There is a line for this already."
    )
    _amount_positive = models.Constraint(
        "CHECK (amount >= 0)", "The amount is zero or more."
    )

    @api.depends("trigger")
    def _compute_uses_amount(self):
        for trigger in self:
            trigger.uses_amount = trigger.trigger in ("amount", "first_order")

    @api.model
    def _in_use(self, company):
        """Return the triggers of ``company``, the usual ones where it has none yet.

        As superuser: who submits a contract need not read them.
        """
        triggers = self.sudo().with_context(active_test=False)
        found = triggers.search([("company_id", "=", company.id)])
        missing = dict(TRIGGERS).keys() - set(found.mapped("trigger"))
        if missing:
            found |= triggers._create_defaults(company, missing)
        return found.filtered("active").sorted(lambda one: (one.sequence, one.id))

    @api.model
    def _create_defaults(self, company, names):
        prefix = "auto_parts_sales.group_parts_"
        clean = self.with_env(self.env(context={}))
        return clean.create(
            [
                {
                    "company_id": company.id,
                    "trigger": name,
                    "sequence": 10 * position,
                    "amount": DEFAULTS[name][1],
                    "group_ids": [
                        Command.link(self.env.ref(prefix + role).id)
                        for role in DEFAULTS[name][0]
                    ],
                }
                for position, (name, _label) in enumerate(TRIGGERS, start=1)
                if name in names
            ]
        )
