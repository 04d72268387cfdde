from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import html2plaintext

SECTIONS = ("price_basis", "discounts", "credit_terms", "deposits", "commission")


class PartsContractPolicy(models.Model):
    """The sales policy: what a company sells on, from a day on (CTL-7).

    A version is decided by the management meeting and issued by the general manager.
    It rules from its date, never from a day before it was issued, until the next one
    does; what named it stays with the version that ruled on its day.
    """

    _name = "parts.contract.policy"
    _description = "Sales Policy"
    _inherit = ["parts.contract.submitted.mixin"]
    _order = "company_id, date_from desc, number desc"

    _paper_kind = "policy"

    name = fields.Char(
        string="Title", required=True, default=lambda self: self.env._("Sales Policy")
    )
    number = fields.Integer(string="Version", readonly=True, copy=False)
    date_from = fields.Date(
        string="In Force from",
        required=True,
        copy=False,
        default=fields.Date.context_today,
    )
    date_until = fields.Date(
        string="In Force until",
        compute="_compute_term",
        help="The day before the next version rules.",
    )
    in_force = fields.Boolean(
        string="Rules Today", compute="_compute_term", search="_search_in_force"
    )
    price_basis = fields.Html(string="Price Bases")
    discounts = fields.Html()
    credit_terms = fields.Html()
    deposits = fields.Html()
    commission = fields.Html()

    _number_uniq = models.UniqueIndex(
        "(company_id, number)", "A company has one sales policy of each number."
    )

    # === COMPUTE METHODS === #

    @api.depends("name", "number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = self.env._(
                "%(title)s, version %(number)s",
                title=policy.name,
                number=policy.number,
            )

    @api.depends("date_from", "state", "company_id")
    def _compute_term(self):
        today = fields.Date.context_today(self)
        for policy in self:
            following = self.sudo().search(
                [
                    ("company_id", "=", policy.company_id.id),
                    ("state", "=", "approved"),
                    ("id", "not in", policy.ids),
                    ("date_from", ">=", policy.date_from),
                    ("number", ">", policy.number),
                ],
                order="date_from, number",
                limit=1,
            )
            approved = policy.state == "approved"
            until = following.date_from
            policy.date_until = (
                fields.Date.subtract(until, days=1) if approved and until else False
            )
            policy.in_force = (
                approved and policy.date_from <= today and (not until or today < until)
            )

    def _search_in_force(self, operator, value):
        if operator != "in" or True not in value:
            return NotImplemented
        today = fields.Date.context_today(self)
        ids = [
            self._in_force(company, today).id
            for company in self.env["res.company"].sudo().search([])
        ]
        return Domain("id", "in", [number for number in ids if number])

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        latest = {}
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            if company_id not in latest:
                # as superuser: drafts that somebody may not see count, too
                latest[company_id] = (
                    self.sudo()
                    .search(
                        [("company_id", "=", company_id)],
                        order="number desc",
                        limit=1,
                    )
                    .number
                )
            latest[company_id] += 1
            vals["number"] = latest[company_id]
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su and {"number", "company_id"} & vals.keys():
            raise UserError(
                self.env._("Number and company of a sales policy stay as they are.")
            )
        return super().write(vals)

    # === SUBMITTING === #

    def _check_complete(self):
        for policy in self:
            if not any(policy[name] for name in SECTIONS):
                raise UserError(
                    self.env._(
                        "%s says nothing yet: write at least one of its sections.",
                        policy.display_name,
                    )
                )

    def _paper_facts(self):
        facts = {name: (str(self[name] or ""), "any") for name in SECTIONS}
        facts["date_from"] = (str(self.date_from), "any")
        return facts

    def _parts_gate_figures(self, block):
        """What a decider reads of a policy: its sections as text."""
        if block["key"] != self._paper_kind:
            return super()._parts_gate_figures(block)
        figure = self._parts_gate_figure
        figures = [
            figure(name, html2plaintext(self[name] or "").strip()) for name in SECTIONS
        ]
        figures.append(figure("date_from", self.date_from))
        return [row for row in figures if row["value"]]

    def _paper_sentence(self):
        return self.env._(
            "%(policy)s is to rule from %(date)s on.",
            policy=self.display_name,
            date=fields.Date.to_string(self.date_from),
        )

    def _take_effect(self):
        result = super()._take_effect()
        today = fields.Date.context_today(self)
        for policy in self:
            # nothing that was done before it was issued was done under it
            newest = self.search(
                [
                    ("company_id", "=", policy.company_id.id),
                    ("state", "=", "approved"),
                    ("id", "!=", policy.id),
                ],
                order="date_from desc",
                limit=1,
            )
            earliest = max(today, newest.date_from or today, policy.date_from or today)
            if policy.date_from != earliest:
                policy.date_from = earliest
                policy.message_post(
                    body=self.env._("Issued today: it rules from %s on.", earliest)
                )
        return result

    # === ACTIONS === #

    def action_new_version(self):
        """Open a draft of the next version, with the texts of this one."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.copy().id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    @api.model
    def _in_force(self, company, date):
        """Return the version that rules in ``company`` on ``date``, or none.

        Read as superuser: which version ruled does not depend on who asks.
        """
        return (
            self.sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "approved"),
                    ("date_from", "<=", date),
                ],
                order="date_from desc, number desc",
                limit=1,
            )
            .with_env(self.env)
        )
