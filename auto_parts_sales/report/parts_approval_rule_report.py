from itertools import groupby

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_amount

READERS = (
    "auto_parts_sales.group_parts_administrator",
    "auto_parts_sales.group_parts_general_manager",
    "auto_parts_sales.group_parts_finance_deputy",
)


class ReportPartsApprovalRule(models.AbstractModel):
    """The auditor's table of who signs what, from the rules as they are (CTL-8)."""

    _name = "report.auto_parts_sales.report_parts_approval_rule"
    _description = "Who Signs What"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the values of the print.

        :param docids: rules to print; none: all rules of the user's chosen companies,
            those that are switched off included
        :raises AccessError: for whoever may not see the table as a whole
        """
        if not self.env.user.has_groups(",".join(READERS)):
            raise AccessError(
                self.env._(
                    "Who signs what is printed by the general manager, the financial"
                    " deputy or an administrator."
                )
            )
        rules = self.env["parts.approval.rule"].with_context(active_test=False)
        if docids:
            rules = rules.browse(docids)
        else:
            rules = rules.search([("company_id", "in", self.env.companies.ids)])
        rules.check_access("read")
        return {
            "doc_ids": rules.ids,
            "doc_model": rules._name,
            "docs": rules,
            "pages": self._prepare_pages(rules),
        }

    @api.model
    def _prepare_pages(self, rules):
        """Return ``[{company, acts: [{act, rules: [...]}]}]``, acts in the order of the
        kinds.
        """
        kinds = dict(rules._fields["kind"]._description_selection(self.env))
        order = {kind: position for position, kind in enumerate(kinds)}
        pages = []
        for company, own in rules.grouped("company_id").items():
            own = own.sorted(lambda r: (order.get(r.kind, 0), r.sequence, r.id))
            acts = [
                {
                    "act": kinds.get(kind, kind),
                    "rules": [self._prepare_rule(rule) for rule in group],
                }
                for kind, group in groupby(own, key=lambda rule: rule.kind)
            ]
            pages.append({"company": company, "acts": acts})
        return pages

    @api.model
    def _prepare_rule(self, rule):
        return {
            "rule": rule,
            "amounts": self._amounts(rule),
            "condition": rule.domain if rule.domain not in (False, "[]") else "",
            # as superuser: who holds a role is read from all users
            "steps": [
                {
                    "step": step,
                    "role": step._role_name(),
                    "holders": step.holders,
                    "warning": step._unheld_sentence(),
                }
                for step in rule.sudo().step_ids
            ],
        }

    @api.model
    def _amounts(self, rule):
        start = format_amount(self.env, rule.amount_min, rule.currency_id)
        end = format_amount(self.env, rule.amount_max, rule.currency_id)
        if rule.amount_min and rule.amount_max:
            return self.env._("%(start)s to below %(end)s", start=start, end=end)
        if rule.amount_max:
            return self.env._("below %(end)s", end=end)
        if rule.amount_min:
            return self.env._("from %(start)s", start=start)
        return self.env._("any amount")
