from odoo import models

# What makes credit smaller or larger; the rest of a file is read by no gate
JUDGED = {
    "active",
    "blocked",
    "credit_limit",
    "defaulter",
    "group_file_id",
    "overdue_days_allowed",
    "review_date",
    "state",
    "temporary_limit",
    "temporary_until",
    "term_days",
}


class PartsCreditFile(models.Model):
    """A change of the file and a gate at the same moment (CRD-4, CRD-5)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.credit.file"

    def write(self, vals):
        # An order or delivery that is being judged on what the file said before fails
        # on the lock row and is judged again on what it says now
        if not JUDGED.isdisjoint(vals):
            for company, files in self.sudo().grouped("company_id").items():
                holders = files.partner_id.browse()
                for file in files:
                    holders |= file._lock_partner()
                self.env["parts.credit.lock"]._take(company, holders)
        return super().write(vals)
