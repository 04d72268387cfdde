from odoo import api, models

PREFIX = "auto_parts_sales.group_parts_"
# Who proposes together with who asks comes before every step of the rule
FIRST = -1000


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
    def _proposer_steps(self, document):
        """Return values of a first step for the side that has not proposed yet.

        :param document: a file or a change of one
        """
        if document.company_id.parts_credit_hands != "four":
            return []
        sides = {self._side(user) for user in self._proposers(document)}
        missing = {"sales", "finance"} - (sides or {"finance"})
        roles = {"sales": "sales_manager", "finance": "finance"}
        return [
            {
                "sequence": FIRST,
                "group_id": self.env.ref(f"{PREFIX}{roles[side]}").id,
                "voices": 1,
            }
            for side in sorted(missing)
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
