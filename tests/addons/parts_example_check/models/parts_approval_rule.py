from odoo import fields, models


class PartsApprovalRule(models.Model):
    _inherit = "parts.approval.rule"

    # Who waives our block: an administrator makes a rule of this kind. Requests take
    # their kinds from here, and stay when this addon goes.
    kind = fields.Selection(
        selection_add=[("example_reference", "Order without Reference")],
        ondelete={"example_reference": "cascade"},
    )
