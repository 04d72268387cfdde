from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import date_utils

from ..utils.month_label import month_label


class PartsCommissionDraw(models.TransientModel):
    """Draws up a month's statements, everyone's but one's own."""

    _name = "parts.commission.draw"
    _description = "Draw Up Commission Statements"

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
    )
    month = fields.Date(
        string="Any Day of the Month",
        required=True,
        default=lambda self: self._default_month(),
        help="Entries collected until the end of this month that are on no statement"
        " yet are taken.",
    )

    @api.model
    def _default_month(self):
        """Return a day of last month: the month that is over."""
        today = fields.Date.context_today(self)
        return date_utils.start_of(date_utils.subtract(today, months=1), "month")

    def action_draw_up(self):
        """Draw up everyone's statement except one's own."""
        self.ensure_one()
        statement_model = self.env["parts.commission.statement"]
        statement_model._check_may_draw_up()
        if self.company_id not in self.env.user.company_ids:
            raise AccessError(
                self.env._(
                    "%(company)s is not among your companies: choose another, or ask"
                    " the administrator to add it.",
                    company=self.company_id.sudo().name,
                )
            )
        month = date_utils.start_of(self.month, "month")
        if month > fields.Date.context_today(self):
            raise UserError(
                self.env._(
                    "%(month)s has not begun yet.", month=month_label(self.env, month)
                )
            )
        # As superuser: no role creates statements, this door does it by its rules
        statements = statement_model.sudo()._draw_up(
            self.company_id, self.month, excluded=self.env.user
        )
        return self._get_result_action(statements.sudo(False))

    def _get_result_action(self, statements):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_parts_sales.parts_commission_statement_action"
        )
        domain = [("id", "in", statements.ids)]
        if not statements:
            # drawn up before: that is what there is to go on with
            month = date_utils.start_of(self.month, "month")
            company = [("company_id", "=", self.company_id.id)]
            domain = [("date_from", "=", month), *company]
        action |= {"domain": domain, "context": {}}
        message = self._get_result_message(statements)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info" if statements else "warning",
                "message": message,
                "next": action,
            },
        }

    def _get_result_message(self, statements):
        """Return what was drawn up, and what was not, with the reason."""
        parts = [
            self.env._("%(count)s statements drawn up.", count=len(statements))
            if statements
            else self.env._("Nothing was collected that is not on a statement yet.")
        ]
        others, own = self._count_left()
        if others:
            parts = parts if statements else []
            parts.append(
                self.env._(
                    "Came after the month was handed in: %(count)s entries. The next"
                    " month's statement takes them.",
                    count=others,
                )
            )
        if own:
            parts.append(
                self.env._(
                    "Yours was left out: nobody draws up his own. A colleague of the"
                    " sales office or the monthly run does it."
                )
            )
        return " ".join(parts)

    def _count_left(self):
        """Return how many entries of the month are on no statement: (others', own)."""
        # as superuser: who draws up for a company need not read each entry
        groups = (
            self.env["parts.commission.entry"]
            .sudo()
            ._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("statement_id", "=", False),
                    ("date", "<=", date_utils.end_of(self.month, "month")),
                ],
                ["user_id"],
                ["__count"],
            )
        )
        counts = dict(groups)
        own = counts.pop(self.env.user, 0)
        return sum(counts.values()), own
