from odoo import api, fields, models


class PartsContract(models.Model):
    """Since when the customer has accepted goods of a contract (COL-1)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract"

    date_accepted = fields.Date(
        string="Accepted on",
        readonly=True,
        copy=False,
        help="The first acceptance that stands: instalments by acceptance run from it.",
    )
    acceptance_ids = fields.One2many(
        comodel_name="parts.contract.acceptance",
        inverse_name="contract_id",
        string="Acceptances",
        readonly=True,
    )
    waits_for_acceptance = fields.Boolean(compute="_compute_waits_for_acceptance")

    # === COMPUTE METHODS === #

    @api.depends("state", "current_version_id.instalment_ids.event", "date_accepted")
    def _compute_waits_for_acceptance(self):
        for contract in self:
            events = contract.current_version_id.instalment_ids.mapped("event")
            contract.waits_for_acceptance = (
                contract.state in ("effective", "suspended")
                and "acceptance" in events
                and not contract.date_accepted
            )

    # === DOORS === #

    def _parts_accepted(self, date, name=None, note=None):
        """Record that the customer accepted goods of this contract.

        For a room that knows it from its own records, such as a signed delivery; a
        person records it with ``parts.contract.acceptance``. Works as superuser; once
        for each day.

        :param date: on which they were accepted
        :param str name: who accepted for the customer; None: the customer
        :param str note: what tells it, such as the number of a delivery
        :return: the acceptance; empty where the contract is not in force, or it is
            known already
        """
        acceptances = self.env["parts.contract.acceptance"]
        for contract in self._as_engine():
            if contract.state not in ("effective", "suspended"):
                continue
            known = contract.acceptance_ids.filtered(
                lambda one: one.date == date and not one.withdrawn
            )
            if known:
                continue
            acceptance = contract.acceptance_ids.create(
                {
                    "version_id": contract.current_version_id.id,
                    "way": "delivery",
                    "date": date,
                    "name": name or contract.partner_id.display_name,
                    "note": note,
                    "recorded_by_id": self.env.uid,
                }
            )
            acceptance._take_effect()
            acceptances |= acceptance
        return acceptances

    def _parts_follow_acceptance(self):
        """Note the first acceptance that stands; called as superuser."""
        for contract in self:
            standing = contract.acceptance_ids.filtered(lambda one: not one.withdrawn)
            contract.date_accepted = min(standing.mapped("date"), default=False)

    # === ACTIONS === #

    def action_parts_record_acceptance(self):
        """Open the dialog in which an acceptance is recorded."""
        self.ensure_one()
        return self._open_dialog(
            "parts.contract.acceptance",
            self.env._("Acceptance"),
            self.current_version_id,
        )
