import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

RECORDERS = ("salesperson", "sales_office", "contract_keeper", "quality")
WITHDRAWERS = ("contract_keeper", "sales_office", "general_manager")


class PartsContractAcceptance(models.Model):
    """The customer accepted the goods of a contract (CON-1, COL-1).

    Recorded by a person, with the day, who accepted and the paper; or by a room that
    knows of deliveries, through ``_parts_accepted`` of the contract. The first one that
    stands makes instalments by acceptance run. Never changed: a mistake is withdrawn,
    with its reason, by somebody else.
    """

    _name = "parts.contract.acceptance"
    _description = "Acceptance under a Contract"
    _inherit = ["parts.contract.evidence.mixin"]
    _order = "date, id"

    date = fields.Date(
        string="Accepted on", required=True, default=fields.Date.context_today
    )
    name = fields.Char(
        string="Accepted by", help="Who signed for the customer.", required=True
    )
    way = fields.Selection(
        selection=[("paper", "Paper"), ("delivery", "Delivery")],
        default="paper",
        required=True,
        readonly=True,
    )
    paper = fields.Binary(string="Acceptance Paper", attachment=True)
    paper_name = fields.Char(string="File")
    paper_hash = fields.Char(string="Fingerprint of the File (SHA-256)", readonly=True)
    note = fields.Char()
    recorded_by_id = fields.Many2one(
        comodel_name="res.users", string="Recorded by", required=True, readonly=True
    )
    withdrawn = fields.Boolean(readonly=True)
    withdrawn_by_id = fields.Many2one(comodel_name="res.users", readonly=True)
    reason = fields.Char(string="Why Withdrawn", readonly=True)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if self.env.su:
            return super().create(vals_list)
        own = ("way", "withdrawn", "withdrawn_by_id", "reason", "paper_hash")
        clean = []
        for vals in vals_list:
            vals = {key: value for key, value in vals.items() if key not in own}
            self._check_recorder(vals)
            content = self.env["parts.contract.upload"]._check(
                vals["paper"], vals.get("paper_name")
            )
            vals["paper_hash"] = hashlib.sha256(content).hexdigest()
            clean.append({**vals, "recorded_by_id": self.env.uid})
        acceptances = super().create(clean)
        for acceptance in acceptances.sudo():
            acceptance._take_effect()
        return acceptances

    @api.model
    def _check_recorder(self, vals):
        """Refuse who may not record it, and what is no evidence."""
        versions = self.env["parts.contract.version"]
        contract = versions.browse(vals.get("version_id")).contract_id
        contract.check_access("read")
        self.env["parts.contract"]._check_role(
            RECORDERS,
            self.env._(
                "An acceptance is recorded by sales, the contract keeper or quality."
            ),
        )
        if not vals.get("paper"):
            raise UserError(
                self.env._("Put the acceptance paper on file: a scan or a photo.")
            )

    def _take_effect(self):
        """Check it, as superuser, and tell who looks after the contract."""
        self.ensure_one()
        contract = self.contract_id
        if contract.state not in ("effective", "suspended"):
            raise UserError(
                self.env._(
                    "%s is not in force: nothing is accepted under it.", contract.name
                )
            )
        if self.date > fields.Date.context_today(self):
            raise UserError(self.env._("Goods are accepted today, or were accepted."))
        if contract.date_effective and self.date < contract.date_effective:
            raise UserError(
                self.env._(
                    "%(contract)s came into force on %(date)s: nothing was accepted"
                    " before.",
                    contract=contract.name,
                    date=fields.Date.to_string(contract.date_effective),
                )
            )
        contract._parts_follow_acceptance()
        contract._tell_owner(
            self.env._(
                "The goods were accepted on %(date)s by %(name)s.",
                date=fields.Date.to_string(self.date),
                name=self.name,
            )
        )

    # === ACTIONS === #

    def action_ask_withdraw(self):
        """Open the dialog that takes the reason."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Withdraw the Acceptance"),
            "res_model": "parts.contract.acceptance.withdraw",
            "view_mode": "form",
            "target": "new",
            "context": {"default_acceptance_id": self.id},
        }

    def action_withdraw(self, reason=None):
        """Take back an acceptance that was recorded by mistake.

        :param str reason: why; it is kept
        :raises AccessError: for who recorded it, or may not
        :raises UserError: without a reason, or when it was withdrawn already
        """
        self.check_access("read")
        self.env["parts.contract"]._check_reason(reason)
        self.env["parts.contract"]._check_role(
            WITHDRAWERS,
            self.env._(
                "An acceptance is withdrawn by the contract keeper, the sales office"
                " or the general manager."
            ),
        )
        for acceptance in self.sudo():
            if acceptance.withdrawn:
                raise UserError(self.env._("It was withdrawn already."))
            if acceptance.recorded_by_id == self.env.user:
                raise AccessError(
                    self.env._(
                        "Who recorded an acceptance does not withdraw it: somebody else"
                        " does."
                    )
                )
            acceptance.write(
                {
                    "withdrawn": True,
                    "withdrawn_by_id": self.env.uid,
                    "reason": reason,
                }
            )
            acceptance.contract_id._parts_follow_acceptance()
            acceptance.contract_id._tell_owner(
                self.env._("The acceptance was withdrawn: %s", reason)
            )
        return True
