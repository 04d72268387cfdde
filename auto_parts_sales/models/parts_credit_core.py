from odoo import api, fields, models


class PartsCreditCore(models.Model):
    """What Odoo's own credit limit of a customer was before credit control.

    While the control is on, that limit shows what the credit file grants. Switched
    off, it is what it was.
    """

    _name = "parts.credit.core"
    _description = "Odoo's Credit Limit before Credit Control"
    _log_access = False

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, ondelete="cascade", index=True
    )
    credit_limit = fields.Float()

    _holder_uniq = models.UniqueIndex("(company_id, partner_id)")

    @api.model
    def _show(self, company, partners):
        """Have Odoo's limit of ``partners`` show what ``company`` grants them today.

        Nothing is touched while the control is off.
        """
        if not company.parts_credit_control:
            return
        engine = self.sudo()
        partners = partners.sudo().exists().with_company(company)
        files = self.env["parts.credit.file"].sudo()
        files = files.search(
            [("company_id", "=", company.id), ("partner_id", "in", partners.ids)]
        )
        file_of = {file.partner_id.id: file for file in files}
        kept = engine.search(
            [("company_id", "=", company.id), ("partner_id", "in", partners.ids)]
        ).partner_id
        for partner in partners:
            file = file_of.get(partner.id)
            granted = file._limit() if file and file._in_force() else 0.0
            if company.currency_id.compare_amounts(partner.credit_limit, granted):
                if partner not in kept:
                    engine.create(
                        {
                            "company_id": company.id,
                            "partner_id": partner.id,
                            "credit_limit": partner.credit_limit,
                        }
                    )
                partner._parts_set_core_limit(granted)

    @api.model
    def _show_all(self, company):
        """Show what ``company`` grants to all its customers with a file or a limit."""
        partners = self.env["res.partner"].sudo().with_company(company)
        files = self.env["parts.credit.file"].sudo()
        files = files.search([("company_id", "=", company.id)])
        limited = partners.with_context(active_test=False).search(
            [("credit_limit", "!=", 0)]
        )
        limited = limited.filtered(lambda one: one.commercial_partner_id == one)
        self._show(company, files.partner_id | limited)

    @api.model
    def _restore(self, company):
        """Give the customers of ``company`` back what Odoo's limit was before."""
        kept = self.sudo().search([("company_id", "=", company.id)])
        for row in kept:
            partner = row.partner_id.with_company(company)
            partner._parts_set_core_limit(row.credit_limit)
        kept.unlink()
