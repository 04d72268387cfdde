from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

from .parts_contract_month import FINANCE_GROUPS, SALES_GROUPS

KINDS = [
    ("payment_unmatched", "A payment is not matched"),
    ("payment_bounced", "A payment bounced and is still in the books"),
    ("entry", "An entry settles no invoice"),
    ("invoice_without_contract", "An invoice without contract"),
    ("order_without_contract", "An order without contract"),
    ("delivery_without_order", "A delivery without order"),
    ("delivered_not_invoiced", "Delivered, not invoiced"),
    ("over_contract", "Ordered beyond the contract"),
    ("unexplained", "Not explained"),
]


class PartsContractMonthDifference(models.Model):
    """Something in a month that does not fit together, with its cause (CON-7).

    Found when the month is prepared; what people say to it is kept with their name.
    Document, customer and amount are kept as they were.
    """

    _name = "parts.contract.month.difference"
    _description = "Difference in a Monthly Reconciliation"
    _order = "month_id desc, kind, amount desc, id"

    month_id = fields.Many2one(
        comodel_name="parts.contract.month",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="month_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="month_id.currency_id")
    state = fields.Selection(related="month_id.state")
    kind = fields.Selection(selection=KINDS, required=True, readonly=True)
    contract_id = fields.Many2one(
        comodel_name="parts.contract", readonly=True, ondelete="set null", index=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        readonly=True,
        ondelete="set null",
    )
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    document_name = fields.Char(string="Document", readonly=True)
    date = fields.Date(readonly=True)
    amount = fields.Monetary(readonly=True)
    note = fields.Char(string="Explanation")
    note_user_id = fields.Many2one(
        comodel_name="res.users", string="Explained by", readonly=True
    )

    # === ACTIONS === #

    @api.depends("kind", "document_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for difference in self:
            name = labels.get(difference.kind) or ""
            if difference.document_name:
                name = f"{name}: {difference.document_name}"
            difference.display_name = name

    def write(self, vals):
        """Of a difference, its explanation alone is written, while the month is open.

        :raises AccessError: for anything else
        """
        if not self.env.su:
            if vals.keys() - {"note"}:
                raise AccessError(
                    self.env._(
                        "Of a difference only the explanation is written; the rest is"
                        " worked out when the month is prepared."
                    )
                )
            if not self.env.user.has_groups(f"{SALES_GROUPS},{FINANCE_GROUPS}"):
                raise AccessError(
                    self.env._("Differences are explained by sales and by finance.")
                )
            for month in self.month_id:
                month._check_open()
            vals = {"note": vals.get("note"), "note_user_id": self.env.uid}
            self.check_access("write")
            return super(PartsContractMonthDifference, self.sudo()).write(vals)
        return super().write(vals)

    def action_open_document(self):
        """Open the document that a difference is about."""
        self.ensure_one()
        if not self.res_model or not self.res_id:
            return False
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }

    # === FINDING === #

    @api.model
    def _find(self, month):
        """Look for the differences of a month anew; explanations of the same ones stay.

        Called as superuser.
        """
        notes = {
            difference._identity(): difference for difference in month.difference_ids
        }
        found = [
            *self._find_loose(month),
            *self._find_without_contract(month),
            *self._find_deliveries(month),
            *self._find_lines(month),
        ]
        self._add_unexplained(month, found)
        vals_list = []
        for vals in found:
            known = notes.get((vals["kind"], vals.get("res_model"), vals.get("res_id")))
            vals_list.append(
                {
                    "month_id": month.id,
                    "note": known.note if known else False,
                    "note_user_id": known.note_user_id.id if known else False,
                    **vals,
                }
            )
        month.difference_ids.unlink()
        self.create(vals_list)

    def _identity(self):
        return self.kind, self.res_model or None, self.res_id or None

    @api.model
    def _find_loose(self, month):
        """Payments and entries on receivable accounts that settle nothing."""
        self.env["parts.contract.figures"]._flush_facts()
        rows = self.env.execute_query(
            SQL(
                """
                WITH bounced AS MATERIALIZED (
                    SELECT move_id FROM account_payment
                     WHERE state IN ('draft', 'rejected', 'canceled')
                       AND move_id IS NOT NULL
                ), item AS (
                    SELECT line.*
                      FROM account_move_line line
                      JOIN account_move move ON move.id = line.move_id
                      LEFT JOIN account_payment payment
                        ON payment.id = move.origin_payment_id
                     WHERE line.company_id = %(company)s
                       AND line.parent_state = 'posted'
                       AND line.date <= %(date)s
                       AND line.account_id IN (
                           SELECT id FROM account_account
                            WHERE account_type = 'asset_receivable')
                       AND move.move_type
                           NOT IN ('out_invoice', 'out_refund', 'out_receipt')
                       AND (line.move_id IN (SELECT move_id FROM bounced)
                            OR COALESCE(payment.parts_contract_id,
                                        move.parts_contract_id) IS NULL)
                ), open AS (
                    SELECT item.move_id, item.partner_id,
                           item.move_id IN (SELECT move_id FROM bounced) AS bounced,
                           item.balance - COALESCE(SUM(used.amount), 0) AS amount
                      FROM item
                      LEFT JOIN LATERAL (
                          SELECT partial.amount, partial.credit_move_id AS other_id
                            FROM account_partial_reconcile partial
                           WHERE partial.debit_move_id = item.id
                           UNION ALL
                          SELECT -partial.amount, partial.debit_move_id
                            FROM account_partial_reconcile partial
                           WHERE partial.credit_move_id = item.id
                      ) partial ON item.move_id NOT IN (SELECT move_id FROM bounced)
                      LEFT JOIN LATERAL (
                          SELECT partial.amount
                            FROM account_move_line other
                           WHERE other.id = partial.other_id
                             AND other.parent_state = 'posted'
                             AND other.date <= %(date)s
                             AND other.move_id NOT IN (SELECT move_id FROM bounced)
                      ) used ON TRUE
                     GROUP BY item.id, item.move_id, item.partner_id, item.balance
                )
                SELECT move_id, MIN(partner_id), BOOL_OR(bounced), SUM(amount)
                  FROM open
                 GROUP BY move_id
                HAVING ROUND(SUM(amount), 4) <> 0
                 ORDER BY move_id
                """,
                company=month.company_id.id,
                date=month.date_to,
            )
        )
        found = []
        for move_id, partner_id, bounced, amount in rows:
            move = self.env["account.move"].browse(move_id)
            kind = "payment_unmatched" if move.origin_payment_id else "entry"
            if move.statement_line_id:
                kind = "payment_unmatched"
            found.append(
                self._vals(
                    "payment_bounced" if bounced else kind,
                    move,
                    amount,
                    partner_id=partner_id,
                )
            )
        return found

    @api.model
    def _find_without_contract(self, month):
        """The month's invoices and orders without contract, of customers who have one.

        Sales that need no contract are no difference.
        """
        contracts = self.env["parts.contract"].search(
            [
                ("company_id", "=", month.company_id.id),
                ("date_effective", "!=", False),
                ("date_effective", "<=", month.date_to),
                "|",
                ("date_closed", "=", False),
                ("date_closed", ">=", month.date),
            ]
        )
        start, end = month._get_moments()
        customers = contracts.commercial_partner_id
        if not customers:
            return []
        moves = self.env["account.move"].search(
            [
                ("company_id", "=", month.company_id.id),
                ("commercial_partner_id", "in", customers.ids),
                ("parts_contract_id", "=", False),
                ("state", "=", "posted"),
                ("move_type", "in", ("out_invoice", "out_refund", "out_receipt")),
                ("date", ">=", month.date),
                ("date", "<=", month.date_to),
            ],
            order="id",
        )
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", month.company_id.id),
                ("partner_id.commercial_partner_id", "in", customers.ids),
                ("parts_contract_id", "=", False),
                ("state", "=", "sale"),
                ("date_order", ">=", start),
                ("date_order", "<", end),
            ],
            order="id",
        )
        partly = self.env["parts.contract.share"].search(
            [
                ("contract_id", "=", False),
                ("move_id.company_id", "=", month.company_id.id),
                ("move_id.commercial_partner_id", "in", customers.ids),
                ("move_id.state", "=", "posted"),
                ("move_id.date", ">=", month.date),
                ("move_id.date", "<=", month.date_to),
            ],
            order="move_id",
        )
        invoices = [(move, move.amount_total_signed) for move in moves] + [
            (
                share.move_id,
                month.currency_id.round(
                    share.move_id.amount_total_signed
                    * (share.part_to - share.part_from)
                ),
            )
            for share in partly
        ]
        return [
            self._vals("invoice_without_contract", move, amount)
            for move, amount in invoices
        ] + [
            self._vals(
                "order_without_contract",
                order,
                order.amount_total / (order.currency_rate or 1.0),
            )
            for order in orders
        ]

    @api.model
    def _find_deliveries(self, month):
        """The month's deliveries to customers that no order asked for."""
        start, end = month._get_moments()
        moves = self.env["stock.move"].search(
            [
                ("company_id", "=", month.company_id.id),
                ("state", "=", "done"),
                ("location_dest_id.usage", "=", "customer"),
                ("location_id.usage", "!=", "customer"),
                ("sale_line_id", "=", False),
                ("date", ">=", start),
                ("date", "<", end),
            ],
            order="id",
        )
        found = []
        for picking, own in moves.grouped("picking_id").items():
            amount = sum(
                move.quantity * move.product_id.with_company(month.company_id).lst_price
                for move in own
            )
            found.append(
                self._vals(
                    "delivery_without_order",
                    picking or own[:1],
                    amount,
                    partner_id=picking.partner_id.id or own[:1].partner_id.id,
                    date=fields.Date.to_date(own[:1].date),
                )
            )
        return found

    @api.model
    def _find_lines(self, month):
        """What the figures of one contract say against each other."""
        found = []
        rounding = month.currency_id
        for line in month.line_ids.filtered("contract_id"):
            waiting = line.delivered - line.invoiced
            if rounding.compare_amounts(waiting, 0.0) > 0:
                found.append(
                    self._vals("delivered_not_invoiced", line.contract_id, waiting)
                )
            beyond = line.ordered - line.amount
            if line.amount and rounding.compare_amounts(beyond, 0.0) > 0:
                found.append(self._vals("over_contract", line.contract_id, beyond))
        return found

    @api.model
    def _add_unexplained(self, month, found):
        """What the general ledger holds without contract is made up of what was found;
        if anything is left, it is said.
        """
        named = ("payment_unmatched", "payment_bounced", "entry")
        explained = sum(vals["amount"] for vals in found if vals["kind"] in named)
        without = month.line_ids.filtered(lambda line: not line.contract_id)
        rest = sum(without.mapped("unmatched")) - explained
        rest += month.books - month.receivable
        if not month.currency_id.is_zero(rest):
            found.append({"kind": "unexplained", "amount": rest})

    @api.model
    def _vals(self, kind, record, amount, **values):
        """Return values of a difference about a document."""
        contract = record if record._name == "parts.contract" else False
        if "date" in values:
            date = values["date"]
        elif record._name == "sale.order":
            date = fields.Date.to_date(record.date_order)
        else:
            date = record.date if record._name == "account.move" else False
        return {
            "kind": kind,
            "res_model": record._name,
            "res_id": record.id,
            "document_name": record.display_name,
            "partner_id": values.get("partner_id") or record.partner_id.id,
            "contract_id": contract.id if contract else False,
            "date": date,
            "amount": float(amount),
        }
