from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    # Off on installation: a control never surprises a company
    parts_example_reference = fields.Boolean(string="Customer's Reference Required")

    @api.model
    def _parts_gate_switches(self):
        switches = super()._parts_gate_switches()
        confirm = switches["confirm"] | {"parts_example_reference"}
        return {**switches, "confirm": confirm}
