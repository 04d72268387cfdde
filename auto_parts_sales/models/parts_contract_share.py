from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError

DOCUMENT_TYPES = ("out_invoice", "out_refund", "out_receipt")


class PartsContractShare(models.Model):
    """Which part of an invoice over several contracts belongs to which (CON-6).

    Written when the invoice is posted, from the contracts of its orders, and read by
    no one's rights but the ledger's. Each share is a window of the whole, from
    ``part_from`` to ``part_to`` (0 to 1), without gaps: amounts are cut at these
    places, so that the parts add up to the cent. An invoice of one contract has no
    shares; its own field names it. A share without contract is of orders that have
    none.
    """

    _name = "parts.contract.share"
    _description = "Share of an Invoice in a Contract"
    _order = "move_id, part_from"

    move_id = fields.Many2one(
        comodel_name="account.move", required=True, index=True, ondelete="cascade"
    )
    contract_id = fields.Many2one(
        comodel_name="parts.contract", index="btree_not_null", ondelete="restrict"
    )
    company_id = fields.Many2one(related="move_id.company_id")
    part_from = fields.Float(digits=0)
    part_to = fields.Float(digits=0)
    currency_id = fields.Many2one(related="move_id.currency_id")
    amount = fields.Monetary(
        compute="_compute_amount",
        help="What of the invoice's total belongs to this contract.",
    )

    # === COMPUTE METHODS === #

    @api.depends("part_from", "part_to", "move_id.amount_total")
    def _compute_amount(self):
        for share in self:
            total, rounded = share.move_id.amount_total, share.currency_id.round
            share.amount = rounded(total * share.part_to) - rounded(
                total * share.part_from
            )

    @api.depends("contract_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for share in self:
            share.display_name = share.contract_id.display_name or self.env._(
                "Without Contract"
            )

    # === FREEZING === #

    @api.model
    def _freeze(self, moves):
        """Note to which contracts posted invoices and credit notes belong.

        Costs no query where the companies never had a contract.

        :param moves: ``account.move``
        """
        moves = moves.filtered(
            lambda move: (
                move.move_type in DOCUMENT_TYPES
                and move.company_id.parts_contract_in_use
            )
        ).sudo()
        if not moves:
            return
        self.sudo().search([("move_id", "in", moves.ids)]).unlink()
        for move in moves:
            self.sudo()._freeze_move(move)
        moves._parts_commission_follow_contract()

    @api.model
    def _freeze_move(self, move):
        amounts = self._amounts(move)
        if not amounts:
            return
        # as an invoice of the contract that most of it is of
        main = max(amounts, key=lambda contract: (abs(amounts[contract]), contract.id))
        contract = main or max(amounts, key=lambda contract: contract.id)
        if move.parts_contract_id != contract:
            move.parts_contract_id = contract
        total = sum(amounts.values())
        if len(amounts) < 2 or move.currency_id.is_zero(total):
            return
        done = 0.0
        vals_list = []
        for contract in sorted(amounts, key=lambda contract: (not contract, contract)):
            start, done = done, done + amounts[contract]
            vals_list.append(
                {
                    "move_id": move.id,
                    "contract_id": contract.id,
                    "part_from": start / total,
                    "part_to": done / total,
                }
            )
        vals_list[-1]["part_to"] = 1.0
        self.create(vals_list)

    @api.model
    def _amounts(self, move):
        """Return ``{contract or empty: amount with taxes}`` of an invoice's lines.

        A line of no order, such as freight, goes with the invoice's own contract.

        :raises UserError: if that is with somebody else
        """
        amounts = defaultdict(float)
        agreed = move.invoice_line_ids.sale_line_ids.order_id.parts_contract_id
        own = move.parts_contract_id
        if own and own not in agreed:
            self._check_party(
                own, move.commercial_partner_id, move.company_id, move.display_name
            )
        for line in move.invoice_line_ids:
            if line.display_type != "product":
                continue
            order = line.sale_line_ids.order_id[:1]
            contract = order.parts_contract_id if order else own
            if contract.company_id != move.company_id:
                contract = contract.browse()
            amounts[contract] += line.price_total
        return dict(amounts)

    @api.model
    def _rebook(self, moves):
        """Have commission look again at invoices that were given another contract."""
        posted = moves.filtered(lambda move: move.state == "posted")
        posted._parts_commission_follow_contract()

    # === DOORS === #

    @api.model
    def _of(self, moves):
        """Return ``{move id: shares}`` of invoices over several contracts."""
        if not moves:
            return {}
        shares = self.search([("move_id", "in", moves.ids)])
        return {move.id: own for move, own in shares.grouped("move_id").items()}

    @api.model
    def _contracts(self, move):
        """Return the contracts of an invoice, and whether they cover it whole."""
        shares = self.sudo().search([("move_id", "=", move.id)])
        if not shares:
            contract = move.sudo().parts_contract_id
            return contract, bool(contract)
        return shares.contract_id, all(share.contract_id for share in shares)

    @api.model
    def _effective_date(self, move):
        """Return since when contracts in force cover an invoice (date), or False."""
        contracts, whole = self._contracts(move)
        dates = [contract._effective_date() for contract in contracts]
        return max(dates) if whole and all(dates) else False

    # === GUARD === #

    @api.model
    def _check_contract(self, moves, contract_id):
        """Refuse a contract of somebody else, or another than that of the orders.

        :param moves: ``account.move`` that are about to be given a contract
        :raises UserError: with what is wrong
        """
        contract = self.env["parts.contract"].sudo().browse(contract_id or [])
        for move in moves.sudo():
            if contract:
                self._check_party(
                    contract,
                    move.commercial_partner_id,
                    move.company_id,
                    move.display_name,
                )
            if move.state == "posted":
                self._check_posted(move, contract)

    @api.model
    def _check_posted(self, move, contract):
        """A posted invoice keeps the contract that it was posted with, if its orders
        gave it that.
        """
        fixed, _whole = self._contracts(move)
        orders = move.invoice_line_ids.sale_line_ids.order_id
        agreed = fixed if orders else fixed.browse()
        if agreed and contract not in agreed:
            raise UserError(
                self.env._(
                    "%(invoice)s is of orders under %(contract)s, and stays so. Set it"
                    " back to draft to give it the contract that its orders have now.",
                    invoice=move.display_name,
                    contract=agreed[0].display_name,
                )
            )

    @api.model
    def _check_party(self, contract, partner, company, document):
        """Refuse a contract with another customer, or of another company.

        :param partner: commercial entity of the document; may be empty
        :raises UserError: with what is wrong
        """
        if contract.company_id != company:
            raise UserError(
                self.env._(
                    "%(contract)s is a contract of another company than %(document)s."
                    " Choose one of %(company)s.",
                    contract=contract.display_name,
                    document=document,
                    company=company.display_name,
                )
            )
        if partner and contract.commercial_partner_id != partner:
            raise UserError(
                self.env._(
                    "%(contract)s is with %(customer)s, and %(document)s is for"
                    " somebody else. Choose a contract with the same customer.",
                    contract=contract.display_name,
                    customer=contract.partner_id.display_name,
                    document=document,
                )
            )
