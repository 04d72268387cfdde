from odoo import api, fields, models
from odoo.tools.misc import format_date

PREFIX = "auto_parts_sales.group_parts_"


class PartsContractAuthority(models.Model):
    """Who keeps a signing authority is told before it lapses, once (CON-11)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = ["parts.contract.authority", "mail.activity.mixin"]
    _name = "parts.contract.authority"

    lapse_told = fields.Date(
        readonly=True, copy=False, help="Last day that was told of already."
    )

    @api.model
    def _cron_lapse(self):
        """Tell of authorities that lapse within the days of the company's setting for
        contracts that end; once for each last day.
        """
        today = fields.Date.context_today(self)
        for company in self.env["res.company"].search([]):
            until = fields.Date.add(today, days=company.parts_contract_end_days)
            ending = self.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "checked"),
                    ("date_end", ">=", today),
                    ("date_end", "<=", until),
                ]
            )
            for authority in ending:
                if authority.lapse_told != authority.date_end:
                    authority._tell_lapse()

    def _tell_lapse(self):
        self.ensure_one()
        keeper = self._kept_by()
        authority = self.with_context(lang=keeper.lang)
        authority.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=self.date_end,
            user_id=keeper.id,
            summary=authority.env._(
                "The authority of %(who)s lapses on %(date)s: have it renewed",
                who=self.name,
                date=format_date(authority.env, self.date_end),
            ),
        )
        self.lapse_told = self.date_end

    def _kept_by(self):
        """Return who looks after it: who entered it, else a contract keeper of the
        company, else its general manager.
        """
        self.ensure_one()
        people = [self.create_uid]
        by_right = self.env["parts.approval.rule.step"]._by_right
        for role in ("contract_keeper", "general_manager"):
            group = self.env.ref(f"{PREFIX}{role}")
            people += by_right(group.all_user_ids, group).sorted("id")
        for user in people:
            here = self.company_id in user.company_ids
            if user.active and not user.share and here and user.id != 1:
                return user
        return self.env.ref("base.user_admin")
