from odoo import api, fields, models
from odoo.tools import SQL


class PartsCreditLock(models.Model):
    """One row per company and debtor, taken before any figure of credit is read.

    Odoo's transactions are REPEATABLE READ: of two that raise the same row, the second
    fails, Odoo runs it again, and then it sees what the first one did. A row that was
    only selected for update, or an advisory lock, would let it pass on its old
    snapshot.
    """

    _name = "parts.credit.lock"
    _description = "Credit Lock"
    _log_access = False

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, ondelete="cascade", index=True
    )
    serial = fields.Integer(default=0)

    _holder_uniq = models.UniqueIndex("(company_id, partner_id)")

    @api.model
    def _take(self, company, partners):
        """Lock the credit of ``partners`` (debtors) in ``company``, in order of ids."""
        for partner in partners.sorted("id"):
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO parts_credit_lock (company_id, partner_id, serial)
                         VALUES (%s, %s, 1)
                    ON CONFLICT (company_id, partner_id)
                      DO UPDATE SET serial = parts_credit_lock.serial + 1
                    """,
                    company.id,
                    partner.id,
                )
            )
