from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class CrmLead(models.Model):
    _inherit = "crm.lead"

    # === ENQUIRY === #

    parts_enquiry_line_ids = fields.One2many(
        comodel_name="parts.enquiry.line",
        inverse_name="lead_id",
        string="Enquiry Lines",
    )

    def action_parts_create_quotation(self):
        """Make a quotation of the enquiry lines that have a part and none yet.

        Without a customer core's own wizard asks for one first.

        :return: action that opens the quotation, after a notice about the lines that
            are not in it, if there are any
        :raises UserError: if nothing is left to quote
        """
        self.ensure_one()
        if self.type == "lead":
            raise UserError(
                self.env._("Convert the lead to an opportunity before quoting.")
            )
        waiting = self.parts_enquiry_line_ids.filtered(lambda line: line._is_to_quote())
        lines = waiting.filtered("product_id")
        if not lines:
            self.parts_enquiry_line_ids._raise_nothing_to_quote()
        if not self.partner_id:
            return {
                **self.env["ir.actions.actions"]._for_xml_id(
                    "sale_crm.crm_quotation_partner_action"
                ),
                "context": {"parts_quote_enquiry": True},
            }
        order = lines._create_quotation()
        return self._parts_open_quotation(order, left_out=waiting - lines)

    def _parts_open_quotation(self, order, left_out):
        """Return the action that opens a quotation, telling which lines it lacks."""
        action = {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": order.id,
            "views": [(False, "form")],
        }
        if not left_out:
            return action
        message = self.env._(
            "No part is chosen yet for %(lines)s: not in this quotation.",
            lines=left_out._get_names(),
        )
        order.message_post(body=message)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "message": message,
                "sticky": True,
                "next": action,
            },
        }

    def action_new_quotation(self):
        """Override to go on with the enquiry once the customer is known."""
        if self.env.context.get("parts_quote_enquiry") and self.partner_id:
            lead = self.with_context(parts_quote_enquiry=False)
            return lead.action_parts_create_quotation()
        return super().action_new_quotation()

    def _merge_get_fields_specific(self):
        """Override to keep the enquiry lines of merged leads."""
        return {
            **super()._merge_get_fields_specific(),
            "parts_enquiry_line_ids": lambda _fname, leads: [
                Command.link(line.id) for line in leads.parts_enquiry_line_ids
            ],
        }

    # === CREDIT === #

    parts_credit_step = fields.Selection(
        selection=lambda self: (
            self.env["res.partner"]._fields["parts_credit_step"].selection
        ),
        string="Credit",
        compute="_compute_parts_credit_verdict",
        compute_sudo=True,
    )
    parts_credit_verdict = fields.Char(
        string="Verdict on Credit",
        compute="_compute_parts_credit_verdict",
        compute_sudo=True,
    )

    @api.depends("partner_id", "company_id")
    @api.depends_context("company", "lang")
    def _compute_parts_credit_verdict(self):
        verdicts = self.env["parts.credit.verdict"]
        for lead in self:
            company = lead.company_id or self.env.company
            verdict = verdicts._verdict(company, lead.partner_id)
            lead.parts_credit_step = verdict["step"]
            lead.parts_credit_verdict = verdict["sentence"]
