from odoo import api, fields, models
from odoo.tools import format_amount

# The rungs of the money ladder, from what was promised to what is still owed
RUNGS = ("amount", "ordered", "delivered", "invoiced", "collected", "due")
# {rung: (method that opens what it came from, what one has to read for that)}: the form
# of a transfer shows its carrier
LADDER_ACTIONS = {
    "ordered": ("action_ledger_orders", ("sale.order",)),
    "delivered": ("action_ledger_pickings", ("stock.picking", "delivery.carrier")),
    "invoiced": ("action_ledger_invoices", ("account.move",)),
    "collected": ("action_ledger_payments", ("account.payment",)),
    "due": ("action_ledger_due", ("account.move",)),
}
TIME_FIELDS = {"state", "date_effective"}


class PartsContract(models.Model):
    """The contract's figures, and the ways from it to the documents behind them."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract"

    # === FIELDS === #

    money_ladder = fields.Json(
        string="Money",
        compute="_compute_money_ladder",
        compute_sudo=True,
        help="What was promised, ordered, delivered, invoiced, collected and is due.",
    )
    company_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Company Currency"
    )
    ledger_invoice_count = fields.Integer(compute="_compute_ledger_counts")
    ledger_picking_count = fields.Integer(compute="_compute_ledger_counts")
    ledger_payment_count = fields.Integer(compute="_compute_ledger_counts")
    ledger_order_count = fields.Integer(compute="_compute_ledger_counts")

    # === COMPUTE METHODS === #

    @api.depends_context("lang", "uid")
    def _compute_money_ladder(self):
        saved = self.filtered(lambda contract: contract.id)
        figures = saved._ledger_figures()
        (self - saved).money_ladder = False
        for contract in saved:
            contract.money_ladder = contract._get_ladder(figures.get(contract.id, {}))

    def _get_ladder(self, figures):
        """Return the ladder for the widget: rungs with label, text, share, action."""
        labels = self.env["parts.contract.ledger"].fields_get(
            [*RUNGS, "overdue", "to_come"], ["string", "help"]
        )
        whole = max(abs(figures.get(f"{name}_currency", 0.0)) for name in RUNGS)
        rungs = []
        for name in RUNGS:
            amount = figures.get(f"{name}_currency", 0.0)
            rungs.append(
                {
                    "name": name,
                    "label": labels[name]["string"],
                    "help": labels[name].get("help") or "",
                    "text": format_amount(self.env, amount, self.currency_id),
                    "share": round(100.0 * max(amount, 0.0) / whole, 1) if whole else 0,
                    "action": self._get_rung_action(name),
                }
            )
        overdue = figures.get("overdue_currency", 0.0)
        to_come = figures.get("to_come_currency", 0.0)
        return {
            "rungs": rungs,
            "overdue": {
                "label": labels["overdue"]["string"],
                "text": format_amount(self.env, overdue, self.currency_id),
                "late": overdue > 0,
            },
            "to_come": {
                "label": labels["to_come"]["string"],
                "text": format_amount(self.env, to_come, self.currency_id),
            },
        }

    @api.model
    def _get_rung_action(self, name):
        """Return the method that opens a rung's documents, if one may read them."""
        action, models = LADDER_ACTIONS.get(name, (False, ()))
        return action if action and self._is_readable(*models) else False

    @api.model
    def _is_readable(self, *models):
        """Return whether the user reads all of these, also where this is worked out as
        superuser.
        """
        env = self.env(su=False)
        return all(env[name].has_access("read") for name in models if name in env)

    @api.depends_context("uid")
    def _compute_ledger_counts(self):
        """What one may not read counts nothing: its button would open an error."""
        counted = {
            "ledger_order_count": lambda contract: contract.sudo().order_ids,
            "ledger_invoice_count": lambda contract: contract._ledger_documents(),
            "ledger_picking_count": lambda contract: (
                contract.sudo().order_ids.picking_ids
            ),
            "ledger_payment_count": lambda contract: contract._ledger_payments(),
        }
        for contract in self:
            for name, documents in counted.items():
                records = documents(contract)
                readable = self._is_readable(records._name)
                contract[name] = len(records) if readable else 0

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        contracts = super().create(vals_list)
        unused = contracts.company_id.sudo().filtered(
            lambda company: not company.parts_contract_in_use
        )
        unused.parts_contract_in_use = True
        return contracts

    def write(self, vals):
        result = super().write(vals)
        if TIME_FIELDS & vals.keys():
            # commission may wait for the contract, or lose its ground (COM-4)
            self._ledger_documents()._parts_commission_follow_contract()
        return result

    # === DOORS === #

    def _ledger_figures(self, date=None):
        """Return ``{contract id: dict of its figures}``.

        Keys: ``amount``, ``ordered``, ``delivered``, ``invoiced``, ``credited``,
        ``collected``, ``other``, ``receivable``, ``due``, ``overdue``, ``to_come``,
        ``commission``, in company currency, and each with ``_currency`` behind it in
        the contract's; ``days_late``, ``worst_late``, ``late_count``,
        ``rejected_count``, ``taken_percent``. See ``parts.contract.figures``.

        :param date: as it stood at the end of this day
        """
        return self.env["parts.contract.figures"].sudo()._of(self, date=date)

    def _ledger_documents(self):
        """Return the invoices and credit notes of these contracts, as superuser."""
        shares = self.env["parts.contract.share"].sudo()
        moves = self.env["account.move"].sudo()
        return (
            moves.search(
                [
                    ("parts_contract_id", "in", self.ids),
                    ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ]
            )
            | shares.search([("contract_id", "in", self.ids)]).move_id
        )

    def _ledger_payments(self):
        """Return the payments of these contracts, as superuser: matched with their
        invoices, or in advance.
        """
        payments = self.env["account.payment"].sudo()
        return payments.search(
            [
                "|",
                ("parts_contract_id", "in", self.ids),
                ("reconciled_invoice_ids", "in", self._ledger_documents().ids),
            ]
        )

    # === ACTIONS === #

    def _open(self, name, records, action=None):
        """Return the action that shows documents behind a figure."""
        self.ensure_one()
        values = {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": records._name,
            "domain": [("id", "in", records.ids)],
            "view_mode": "list,form",
            "context": {"create": False},
        }
        if len(records) == 1:
            values |= {"view_mode": "form", "res_id": records.id}
        values["views"] = [(False, mode) for mode in values["view_mode"].split(",")]
        return values

    @api.readonly
    def action_ledger_orders(self):
        """Open the orders under this contract."""
        return self._open(self.env._("Orders"), self.order_ids)

    @api.readonly
    def action_ledger_pickings(self):
        """Open the transfers of this contract's orders."""
        return self._open(self.env._("Deliveries"), self.order_ids.picking_ids)

    @api.readonly
    def action_ledger_invoices(self):
        """Open the invoices and credit notes of this contract."""
        return self._open(
            self.env._("Invoices"), self._ledger_documents().with_env(self.env)
        )

    @api.readonly
    def action_ledger_due(self):
        """Open the invoices and credit notes of this contract that are not settled."""
        unsettled = self._ledger_documents().filtered(
            lambda move: (
                move.state == "posted"
                and not move.currency_id.is_zero(move.amount_residual)
            )
        )
        return self._open(self.env._("Invoices"), unsettled.with_env(self.env))

    @api.readonly
    def action_ledger_payments(self):
        """Open the payments that came in for this contract."""
        return self._open(
            self.env._("Payments"), self._ledger_payments().with_env(self.env)
        )

    @api.readonly
    def action_ledger(self):
        """Open this contract's line in the ledger."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_parts_sales.parts_contract_ledger_action"
        )
        action["domain"] = [("contract_id", "=", self.id)]
        return action
