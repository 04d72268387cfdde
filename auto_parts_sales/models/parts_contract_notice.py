import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_amount, format_date

_logger = logging.getLogger(__name__)

RUNNING = ("effective", "suspended")
DOCUMENT_TYPES = ("out_invoice", "out_refund", "out_receipt")


class PartsContractNotice(models.Model):
    """A notice that an instalment falls due, given once for each due date (COL-1)."""

    _name = "parts.contract.notice"
    _description = "Notice of an Instalment"
    _order = "date desc, id desc"

    instalment_id = fields.Many2one(
        comodel_name="parts.contract.instalment",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    contract_id = fields.Many2one(
        comodel_name="parts.contract",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="contract_id.company_id")
    currency_id = fields.Many2one(related="contract_id.currency_id")
    date = fields.Date(string="Given on", readonly=True)
    date_due = fields.Date(string="Due", readonly=True)
    amount = fields.Monetary(readonly=True)

    _once_uniq = models.UniqueIndex(
        "(instalment_id, date_due)", "This notice was given already."
    )

    # === BEFORE IT IS DUE === #

    @api.model
    def _cron_give(self):
        """Give notice of what falls due within the company's days; one contract that
        fails stops no other.
        """
        companies = self.env["res.company"].search(
            [
                ("parts_contract_in_use", "=", True),
                ("parts_contract_notice_days", ">", 0),
            ]
        )
        for company in companies:
            contracts = self.env["parts.contract"].search(
                [("company_id", "=", company.id), ("state", "in", RUNNING)]
            )
            for contract, instalment, date, amount in self._due_soon(
                company, contracts
            ):
                try:
                    with self.env.cr.savepoint():
                        self._give(contract, instalment, date, amount)
                except Exception:
                    _logger.exception("No notice of instalment %s", instalment.id)

    @api.model
    def _due_soon(self, company, contracts):
        """Return (contract, instalment, date, amount) of what falls due soon, is not
        paid, and was not announced yet for that date.
        """
        today = fields.Date.context_today(self)
        last = today + timedelta(days=company.parts_contract_notice_days)
        plan = self.env["parts.contract.figures"]._instalments(contracts)
        soon = {
            id_: (date, amount)
            for id_, (date, amount) in plan.items()
            if date and today <= date <= last and amount > 0
        }
        given = {
            (notice.instalment_id.id, notice.date_due)
            for notice in self.search([("instalment_id", "in", list(soon))])
        }
        instalments = self.env["parts.contract.instalment"].browse(soon)
        return [
            (instalment.contract_id, instalment, *soon[instalment.id])
            for instalment in instalments
            if (instalment.id, soon[instalment.id][0]) not in given
        ]

    @api.model
    def _give(self, contract, instalment, date, amount):
        """Tell the customer, and have the salesperson see to it."""
        self.create(
            {
                "instalment_id": instalment.id,
                "contract_id": contract.id,
                "date": fields.Date.context_today(self),
                "date_due": date,
                "amount": amount,
            }
        )
        subject, body = self._texts(contract, instalment, date, amount)
        contract.message_post(
            subject=subject,
            body=body,
            partner_ids=contract.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        if contract.user_id:
            contract.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=date,
                summary=subject,
                user_id=contract.user_id.id,
            )

    @api.model
    def _texts(self, contract, instalment, date, amount):
        """Return subject and body of a notice, in the customer's language."""
        own = contract.with_context(lang=contract.partner_id.lang or self.env.lang)
        env = own.env
        values = {
            "contract": contract.name,
            "instalment": instalment.name or str(instalment.sequence),
            "amount": format_amount(env, amount, contract.currency_id),
            "date": format_date(env, date),
        }
        return (
            env._("Contract %(contract)s: %(amount)s due on %(date)s", **values),
            env._(
                "By contract %(contract)s, %(amount)s (%(instalment)s) fall due on"
                " %(date)s. If you have paid already, please disregard this notice.",
                **values,
            ),
        )

    # === WHEN THE MONEY ARRIVES === #

    @api.model
    def _matched(self, partials):
        """Tell who waits for it that money came in for contracts.

        Costs no query where the companies never had a contract, and never raises: who
        reconciles is not to be stopped by a message.

        :param partials: ``account.partial.reconcile``, just made
        """
        partials = partials.filtered("company_id.parts_contract_in_use")
        if not partials:
            return
        amounts = {}
        for partial in partials.sudo():
            document, money = partial.debit_move_id.move_id, partial.credit_move_id
            paid = money.move_id.origin_payment_id or money.move_id.statement_line_id
            if document.move_type != "out_invoice" or not paid:
                continue
            contracts, _whole = self.env["parts.contract.share"]._contracts(document)
            for contract in contracts:
                key = (contract, document.currency_id)
                before = amounts.get(key, (0.0, document))[0]
                amounts[key] = (before + partial.debit_amount_currency, document)
        for (contract, currency), (amount, document) in amounts.items():
            self._tell_safely(contract, amount, currency, document.display_name)

    @api.model
    def _paid_ahead(self, payments):
        """Tell that advances came in. See ``_matched``."""
        for payment in payments.sudo():
            if payment.parts_contract_id and payment.payment_type == "inbound":
                self._tell_safely(
                    payment.parts_contract_id,
                    payment.amount,
                    payment.currency_id,
                    payment.display_name,
                )

    @api.model
    def _tell_safely(self, contract, amount, currency, document):
        self.env.flush_all()
        try:
            with self.env.cr.savepoint():
                self.sudo()._tell(contract, amount, currency, document)
        except Exception:
            _logger.exception("Nobody is told of money for contract %s", contract.id)

    @api.model
    def _tell(self, contract, amount, currency, document):
        body = self.env._(
            "%(amount)s came in for contract %(contract)s (%(document)s).",
            amount=format_amount(self.env, amount, currency),
            contract=contract.name,
            document=document,
        )
        people = self._who_waits(contract).partner_id - self.env.user.partner_id
        contract.message_post(
            body=body, partner_ids=people.ids, subtype_xmlid="mail.mt_note"
        )

    @api.model
    def _who_waits(self, contract):
        """Return the users to tell: the salesperson, those whose orders or transfers
        are not delivered yet, and who asked for a release of one of them.
        """
        orders = contract.order_ids.filtered(lambda order: order.state != "cancel")
        pickings = orders.picking_ids.filtered(
            lambda picking: picking.state not in ("done", "cancel")
        )
        waiting = pickings.sale_id
        requests_ = self.env["parts.approval"].search(
            [
                ("state", "=", "pending"),
                "|",
                "&",
                ("res_model", "=", "sale.order"),
                ("res_id", "in", orders.ids),
                "&",
                ("res_model", "=", "stock.picking"),
                ("res_id", "in", pickings.ids),
            ]
        )
        users = contract.user_id | waiting.user_id | pickings.user_id
        return (users | requests_.requester_id).filtered("active")
