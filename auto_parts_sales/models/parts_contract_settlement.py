from odoo import api, fields, models
from odoo.fields import Command

# Earnest money is one up to this share of the contract's amount, an advance beyond it
EARNEST_SHARE = 0.2


class PartsContractSettlement(models.Model):
    """What a termination settles: paid, delivered, to return (CON-5).

    Earnest money is kept if the customer broke the contract, and returned twice if we
    did; an advance is returned less what was delivered. Written by the engine alone;
    credit notes and refund are prepared as drafts, which accounting checks and posts.
    """

    _name = "parts.contract.settlement"
    _description = "Settlement of a Terminated Contract"
    _order = "id desc"

    contract_id = fields.Many2one(
        comodel_name="parts.contract",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date = fields.Date(readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Terminated by", readonly=True
    )
    breach = fields.Selection(
        selection=[
            ("none", "Nobody: by agreement"),
            ("theirs", "The customer"),
            ("ours", "We"),
        ],
        string="Who Broke It",
        required=True,
        readonly=True,
    )
    paid = fields.Monetary(readonly=True)
    earnest = fields.Monetary(string="Of It Earnest Money", readonly=True)
    delivered = fields.Monetary(readonly=True)
    invoiced = fields.Monetary(readonly=True)
    kept = fields.Monetary(string="Earnest Money Kept", readonly=True)
    doubled = fields.Monetary(string="Earnest Money on Top", readonly=True)
    to_return = fields.Monetary(readonly=True)
    still_owed = fields.Monetary(string="Still to Be Paid", readonly=True)
    move_ids = fields.Many2many(
        comodel_name="account.move",
        relation="parts_contract_settlement_move_rel",
        string="Credit Notes",
        readonly=True,
    )
    payment_id = fields.Many2one(
        comodel_name="account.payment",
        string="Refund",
        ondelete="set null",
        readonly=True,
    )

    @api.depends("contract_id", "date")
    def _compute_display_name(self):
        for settlement in self:
            name = settlement.contract_id.display_name or ""
            settlement.display_name = self.env._("Settlement of %s", name)

    # === FIGURES === #

    @api.model
    def _figures(self, contract, breach):
        """Return what a termination of ``contract`` would settle, as superuser, in its
        currency: values of the fields of these names.

        :param str breach: who broke it: ``none``, ``theirs`` or ``ours``
        """
        money = self.env["parts.contract.balance"]
        rounded = contract.currency_id.round
        paid = money._received(contract)
        delivered = money._delivered(contract)
        earnest = self._earnest(contract, paid)
        kept = earnest if breach == "theirs" else 0.0
        doubled = earnest if breach == "ours" else 0.0
        balance = rounded(paid - kept - delivered)
        return {
            "breach": breach,
            "paid": paid,
            "earnest": earnest,
            "delivered": delivered,
            "invoiced": money._invoiced(contract),
            "kept": kept,
            "doubled": doubled,
            "to_return": rounded(max(balance, 0.0) + doubled),
            "still_owed": max(-balance, 0.0),
        }

    @api.model
    def _earnest(self, contract, paid):
        """Return how much of ``paid`` is earnest money: what the plan calls so, up to a
        fifth of the contract's amount.
        """
        version = contract.current_version_id
        rows = version.instalment_ids.filtered(lambda row: row.nature == "earnest")
        planned = sum(rows.mapped("amount"))
        most = version._amounts()[1] * EARNEST_SHARE
        return contract.currency_id.round(max(min(planned, most, paid), 0.0))

    # === DRAFTS === #

    @api.model
    def _settle(self, contract, breach):
        """Record what the termination of ``contract`` settles and prepare the papers,
        as superuser.
        """
        settlement = self.create(
            {
                "contract_id": contract.id,
                "date": fields.Date.context_today(self),
                "user_id": self.env.uid,
                **self._figures(contract, breach),
            }
        )
        settlement.move_ids = settlement._make_credit_notes()
        settlement.payment_id = settlement._make_refund()
        return settlement

    def _make_credit_notes(self):
        """Return draft credit notes: of each order what was invoiced and not delivered,
        down payments less the earnest money that is kept.
        """
        self.ensure_one()
        moves = self.env["account.move"]
        kept = self.kept
        for order in self.contract_id.order_ids.filtered(lambda o: o.state == "sale"):
            lines = []
            for line in order.order_line.filtered(lambda one: not one.display_type):
                if line.is_downpayment:
                    price, kept = self._down_payment_left(line, kept)
                    if price:
                        vals = line._prepare_invoice_line(quantity=1.0)
                        lines.append({**vals, "price_unit": price, "quantity": 1.0})
                    continue
                over = line.qty_invoiced - line.qty_delivered
                if line.product_uom_id.compare(over, 0.0) > 0:
                    lines.append(line._prepare_invoice_line(quantity=over))
            if lines:
                vals = {
                    **order._prepare_invoice(),
                    "move_type": "out_refund",
                    "parts_contract_id": self.contract_id.id,
                    "ref": self.env._("Termination of %s", self.contract_id.name),
                    "invoice_line_ids": [Command.create(vals) for vals in lines],
                }
                moves |= self.env["account.move"].create(vals)
        return moves

    @api.model
    def _down_payment_left(self, line, kept):
        """Return (price to credit, what is left to be kept) of a down payment line:
        what was invoiced of it and not deducted yet, without the part that is kept.
        """
        posted = line.invoice_lines.filtered(
            lambda item: item.move_id.state == "posted"
        )
        left = sum(
            item.price_unit
            * item.quantity
            * (1 if item.move_id.move_type == "out_invoice" else -1)
            for item in posted
        )
        if left <= 0:
            return 0.0, kept
        gross = sum(
            item.price_total * (1 if item.move_id.move_type == "out_invoice" else -1)
            for item in posted
        )
        part = min(kept / gross, 1.0) if gross else 0.0
        return line.currency_id.round(left * (1.0 - part)), kept - gross * part

    def _make_refund(self):
        """Return a draft payment of what is to be returned; empty if nothing is, or no
        bank journal is there.
        """
        self.ensure_one()
        payments = self.env["account.payment"]
        if self.currency_id.compare_amounts(self.to_return, 0.0) <= 0:
            return payments
        contract = self.contract_id
        journal = self.env["account.journal"].search(
            [
                ("company_id", "=", contract.company_id.id),
                ("type", "in", ("bank", "cash")),
            ],
            order="type, sequence, id",
            limit=1,
        )
        if not journal:
            return payments
        return payments.with_company(contract.company_id).create(
            {
                "payment_type": "outbound",
                "partner_type": "customer",
                "partner_id": contract.commercial_partner_id.id,
                "amount": self.to_return,
                "currency_id": contract.currency_id.id,
                "journal_id": journal.id,
                "memo": self.env._("Termination of %s", contract.name),
            }
        )
