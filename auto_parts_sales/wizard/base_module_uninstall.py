from odoo import fields, models


class BaseModuleUninstall(models.TransientModel):
    _inherit = "base.module.uninstall"

    parts_loses_ledgers = fields.Boolean(compute="_compute_parts_loses_ledgers")

    def _compute_parts_loses_ledgers(self):
        for wizard in self:
            names = wizard._get_modules().mapped("name")
            wizard.parts_loses_ledgers = "auto_parts_sales" in names

    def action_parts_export(self):
        """Download the ledgers and approvals that the uninstallation deletes."""
        return {
            "type": "ir.actions.act_url",
            "url": "/auto_parts_sales/export",
            "target": "download",
        }
