from odoo import api, models

PREFIX = "auto_parts_sales.group_parts_"


class PartsCreditHands(models.AbstractModel):
    """Through whose hands a credit file goes (CRD-8, CTL-2).

    In full it is proposed by sales and finance, checked, approved and entered, by
    different people. The last three are steps of the approval rule; here is who
    proposes, and who may not decide.
    """

    _name = "parts.credit.hands"
    _description = "Hands of a Credit File"

    @api.model
    def _side(self, user):
        """Return for which side ``user`` proposes: ``finance`` or ``sales``."""
        user = user.sudo()
        finance = user.has_group(f"{PREFIX}finance") or user.has_group(
            f"{PREFIX}credit_keeper"
        )
        return "finance" if finance else "sales"

    @api.model
    def _proposers(self, document):
        """Return who proposes ``document``: who made it, and who asks now."""
        return (document.create_uid | self.env.user) - self.env.ref("base.user_root")

    @api.model
    def _add_proposer(self, document, steps):
        """Return ``steps`` with a first one for the side that has not proposed yet.

        :param document: a file or a change of one
        :param list steps: as of ``_parts_gate_steps``
        """
        if document.company_id.parts_credit_hands != "four" or not steps:
            return steps
        sides = {self._side(user) for user in self._proposers(document)}
        missing = {"sales", "finance"} - (sides or {"finance"})
        first = min(step["sequence"] for step in steps)
        roles = {"sales": "sales_manager", "finance": "finance"}
        return [
            *(
                {
                    "sequence": first - 1,
                    "group_id": self.env.ref(f"{PREFIX}{roles[side]}").id,
                    "voices": 1,
                }
                for side in sorted(missing)
            ),
            *steps,
        ]

    @api.model
    def _barred(self, document):
        """Return who decides no credit of this customer: who keeps master data, and
        who sells to him.
        """
        role = self.env.ref(f"{PREFIX}master_data_keeper")
        keepers = self.env["parts.approval.rule.step"]._by_right(
            role.all_user_ids, role
        )
        return keepers | document.partner_id.user_id
