from odoo import api, fields, models

# What is explained: amounts in company currency, as the month shows them
EXPLAINED = (
    "ordered",
    "delivered",
    "invoiced",
    "credited",
    "collected",
    "other",
    "unmatched",
    "receivable",
)


class PartsContractMonthCorrection(models.Model):
    """What was booked into a signed month later (CON-7).

    The month stays as it was signed; here stands what it would say now, and which
    documents were written since. Worked out anew whenever it is compared.
    """

    _name = "parts.contract.month.correction"
    _description = "Later Correction of a Monthly Reconciliation"
    _order = "month_id desc, contract_id, id"

    month_id = fields.Many2one(
        comodel_name="parts.contract.month",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="month_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="month_id.currency_id")
    contract_id = fields.Many2one(
        comodel_name="parts.contract",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    contract_name = fields.Char(string="Contract Number", readonly=True)
    column = fields.Selection(
        selection="_selection_column", string="Figure", readonly=True
    )
    signed = fields.Monetary(string="As Signed", readonly=True)
    now = fields.Monetary(readonly=True)
    difference = fields.Monetary(readonly=True)
    cause = fields.Char(string="Documents Changed since", readonly=True)

    @api.model
    def _selection_column(self):
        info = self.env["parts.contract.ledger"].fields_get(list(EXPLAINED), ["string"])
        return [(name, info[name]["string"]) for name in EXPLAINED if name in info]

    @api.model
    def _compare(self, month):
        """Write down anew what a signed month would say now. Called as superuser."""
        month.correction_ids.unlink()
        signed = {line.key: line.figures for line in month.line_ids}
        now = month._get_figures()
        vals_list = []
        for key in sorted(signed.keys() | now.keys()):
            changed = {
                name: (
                    signed.get(key, {}).get(name, 0.0),
                    now.get(key, {}).get(name, 0),
                )
                for name in EXPLAINED
            }
            changed = {
                name: pair
                for name, pair in changed.items()
                if month.currency_id.compare_amounts(*pair)
            }
            if changed:
                vals_list += self._vals_list(month, key, changed)
        self.create(vals_list)

    @api.model
    def _vals_list(self, month, key, changed):
        contract = self.env["parts.contract"].browse([] if key % 2 else [key // 2])
        cause = ", ".join(self._changed_documents(month, contract)) or self.env._(
            "A document or a matching that is not there any more."
        )
        return [
            {
                "month_id": month.id,
                "contract_id": contract.id,
                "contract_name": contract.name,
                "column": name,
                "signed": before,
                "now": after,
                "difference": after - before,
                "cause": cause,
            }
            for name, (before, after) in changed.items()
        ]

    @api.model
    def _changed_documents(self, month, contract, limit=10):
        """Return the names of documents of the month that were written since it was
        signed: invoices, the payments matched with them, and orders of which lines or
        deliveries were.
        """
        since = max(month.sales_date, month.finance_date)
        shares = self.env["parts.contract.share"].search(
            [
                ("contract_id", "=", contract.id),
                ("move_id.company_id", "=", month.company_id.id),
                ("move_id.write_date", ">=", since),
            ]
        )
        documents = self.env["account.move"].search(
            [
                ("company_id", "=", month.company_id.id),
                "|",
                ("parts_contract_id", "=", contract.id),
                ("id", "in", shares.move_id.ids),
                ("date", "<=", month.date_to),
                ("write_date", ">=", since),
                ("move_type", "!=", "in_invoice"),
            ],
            order="write_date desc",
            limit=limit,
        )
        payments = self.env["account.move"]
        if contract:
            items = contract._ledger_documents().line_ids
            partials = items.matched_credit_ids | items.matched_debit_ids
            late = partials.filtered(lambda partial: partial.create_date >= since)
            payments = (late.credit_move_id | late.debit_move_id).move_id
            paid = contract._ledger_payments()
            payments |= paid.filtered(lambda x: x.write_date >= since).move_id
        else:
            payments = self._loosened(month)
        orders = self.env["sale.order"].search(
            [
                ("company_id", "=", month.company_id.id),
                ("parts_contract_id", "=", contract.id),
                ("date_order", "<", month._get_moments()[1]),
                "|",
                "|",
                ("write_date", ">=", since),
                ("order_line.write_date", ">=", since),
                ("order_line.move_ids.write_date", ">=", since),
            ],
            limit=limit,
        )
        moves = documents | payments.filtered(lambda x: x.date <= month.date_to)
        moves = moves[:limit]
        names = moves.filtered("name").mapped("display_name")
        return [*names, *orders.mapped("display_name")][:limit]

    @api.model
    def _loosened(self, month):
        """Return the payments and entries of the month that settle nothing now, and did
        so when it was signed.
        """
        loose = self.env["parts.contract.month.difference"]._find_loose(month)
        known = month.difference_ids.filtered(lambda x: x.res_model == "account.move")
        found = {vals["res_id"] for vals in loose} - set(known.mapped("res_id"))
        return self.env["account.move"].browse(sorted(found))
