from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import format_date


class PartsContract(models.Model):
    """How much of a contract's term and volume is used up, and its orders (CON-2)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract"

    used_percent = fields.Float(
        string="Volume Used (%)",
        compute="_compute_used",
        compute_sudo=True,
        help="Confirmed orders, in per cent of what the contract is for.",
    )
    days_left = fields.Integer(
        compute="_compute_used",
        compute_sudo=True,
        help="Until the last day of the term; negative: it is over.",
    )
    near_end_told = fields.Date(readonly=True, copy=False)

    # === COMPUTE METHODS === #

    @api.depends("order_ids.state", "order_ids.amount_total", "date_end")
    def _compute_used(self):
        today = fields.Date.context_today(self)
        totals = {}
        for contract, currency, amount in self.env["sale.order"]._read_group(
            [("parts_contract_id", "in", self.ids), ("state", "=", "sale")],
            ["parts_contract_id", "currency_id"],
            ["amount_total:sum"],
        ):
            if currency != contract.currency_id:
                amount = currency._convert(
                    amount,
                    contract.currency_id,
                    contract.company_id,
                    contract.date_effective or today,
                )
            totals[contract.id] = totals.get(contract.id, 0.0) + amount
        for contract in self:
            used = totals.get(contract._origin.id, 0.0)
            total = contract.amount_total
            contract.used_percent = 100.0 * used / total if total else 0.0
            end = contract.date_end
            contract.days_left = (end - today).days if end else 0

    # === BUSINESS METHODS === #

    def _term(self):
        """Return (first day, last day) of the term of what rules; each may be False."""
        self.ensure_one()
        version = self.current_version_id
        return version.date_start or self.date_effective, version.date_end

    def _is_within_term(self, date):
        """Return whether ``date`` lies in the term; a single contract without dates
        has no end.
        """
        self.ensure_one()
        start, end = self._term()
        return (not start or start <= date) and (not end or date <= end)

    def _used_sentence(self):
        """Return how far volume and term are used, for the order's form."""
        self.ensure_one()
        if self.state != "effective":
            states = dict(self._fields["state"]._description_selection(self.env))
            return self.env._("Not in force: %s", states[self.state])
        used = self.env._("%s %% ordered", round(self.used_percent, 1))
        if not self.date_end:
            return used
        return self.env._(
            "%(used)s, until %(end)s",
            used=used,
            end=format_date(self.env, self.date_end),
        )

    @api.model
    def _cron_near_end(self):
        """Tell who looks after a contract that its term or volume is nearly used up,
        once for each version.
        """
        for company in self.env["res.company"].search([]):
            until = fields.Date.add(
                fields.Date.context_today(self), days=company.parts_contract_end_days
            )
            contracts = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "effective"),
                    ("near_end_told", "=", False),
                ]
            )
            for contract in contracts:
                ending = contract.date_end and contract.date_end <= until
                percent = company.parts_contract_end_percent
                used = percent and contract.used_percent >= percent
                if ending or (used and contract.kind == "framework"):
                    contract._tell_near_end(ending)

    def _tell_near_end(self, ending):
        self.ensure_one()
        owner = self.user_id or self.create_uid
        contract = self.with_context(lang=owner.lang)
        summary = (
            contract.env._(
                "%(contract)s ends on %(date)s: prolong it, or close it",
                contract=contract.name,
                date=format_date(contract.env, contract.date_end),
            )
            if ending
            else contract.env._(
                "%(contract)s: %(percent)s %% of the volume is ordered",
                contract=contract.name,
                percent=round(contract.used_percent),
            )
        )
        contract.activity_schedule(
            "mail.mail_activity_data_todo", user_id=owner.id, summary=summary
        )
        contract.near_end_told = fields.Date.context_today(self)

    # === ACTIONS === #

    def action_new_order(self):
        """Open a new quotation under this contract; of a single one with what is left
        of its goods.

        :raises UserError: unless the contract is in force
        """
        self.ensure_one()
        self.check_access("read")
        if self.state != "effective":
            raise UserError(
                self.env._(
                    "%s is not in force: nothing is ordered under it.", self.name
                )
            )
        vals = self.env["parts.contract.order"]._prepare_order_vals(self)
        order = self.env["sale.order"].create(vals)
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": order.id,
            "view_mode": "form",
        }

    def action_view_reviews(self):
        """Open the reviews of this contract and of the orders under it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reviews"),
            "res_model": "parts.contract.review",
            "view_mode": "list,form",
            "domain": [("contract_id", "=", self.id)],
        }
