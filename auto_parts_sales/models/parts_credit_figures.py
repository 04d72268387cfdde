from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

# Reads what a customer owes and may owe; besides, who decides the request does
READER = "auto_parts_sales.group_parts_finance"


class PartsCreditFigures(models.AbstractModel):
    """What the decider of a credit request sees (CTL-1, CRD-4).

    Everything is worked out as superuser. The order's own figures are for whoever
    can read the request; what tells of the customer's account is for finance and for
    who decides.
    """

    _name = "parts.credit.figures"
    _description = "Figures for Credit Decisions"

    @api.model
    def _order_figures(self, order, block, figures):
        """Return the figures for a credit block of ``order``; ``figures`` are those
        that the block's facts make.
        """
        if block["kind"] != "credit":
            return figures
        company = order.company_id
        facts = {name: fact["value"] for name, fact in block["facts"].items()}
        debtor = self.env["res.partner"].browse(facts["customer"]).exists()
        file = self.env["parts.credit.file"]._of(company, debtor)
        return [
            *self._order_rows(order, facts, figures),
            *self._account_rows(order, debtor, file, facts),
            *self._file_rows(order, file),
        ]

    @api.model
    def _order_rows(self, order, facts, figures):
        """Return the facts of the order itself, amounts as amounts."""
        amounts = {"order_amount": facts.get("order_amount")}
        return [
            order._parts_gate_figure(
                figure["name"],
                amounts[figure["name"]],
                currency=order.company_id.currency_id,
            )
            if figure["name"] in amounts
            else figure
            for figure in figures
            if figure["name"] not in ("over", "overdue_days")
        ]

    @api.model
    def _account_rows(self, order, debtor, file, facts):
        """Return what is owed on the limit, with those who share it."""
        company = order.company_id
        parts = self.env["parts.credit.exposure"]._figures(
            company, file._sharers() or debtor
        )
        used = parts["exposure"]
        limit = file._limit() if file._in_force() else 0.0
        amounts = {
            "credit_limit": limit,
            "exposure": used,
            "exposure_receivable": parts["receivable"],
            "exposure_orders": parts["orders"],
            "exposure_drafts": parts["drafts"],
            "credit_free": limit - used,
        }
        if "over" in facts:
            amounts["over"] = facts["over"]
        rows = [
            order._parts_gate_figure(
                name, amount, currency=company.currency_id, group=READER
            )
            for name, amount in amounts.items()
        ]
        # A block about it says the days to everybody; otherwise they are finance's
        days = facts.get("overdue_days", parts["overdue_days"])
        group = None if "overdue_days" in facts else READER
        return [*rows, order._parts_gate_figure("overdue_days", days, group=group)]

    @api.model
    def _file_rows(self, order, file):
        if not file:
            return []
        classes = dict(file._fields["risk_class"]._description_selection(self.env))
        values = {
            "overdue_days_allowed": file.overdue_days_allowed,
            "term_days_allowed": file.term_days,
            "risk_class": classes[file.risk_class],
        }
        return [
            order._parts_gate_figure(name, value, group=READER)
            for name, value in values.items()
        ]

    # === FILES AND THEIR CHANGES === #

    @api.model
    def _change_figures(self, change, figures):
        """Return the figures for a change of a file: what is proposed, and beside it
        what the customer has today.
        """
        selections = dict(change._fields["risk_class"]._description_selection(self.env))
        names = {
            "group_file_id": "parts.credit.file",
            "new_parent_id": "res.partner",
        }
        rows = []
        for figure in figures:
            name, value = figure["name"], figure["value"]
            if name == "risk_class":
                value = selections.get(value, value)
            elif name in names:
                value = self.env[names[name]].browse(value).exists().display_name or ""
            elif value is True:
                value = self.env._("Yes")
            else:
                rows.append(figure)
                continue
            rows.append(change._parts_gate_figure(name, value))
        return rows

    @api.model
    def _holder_history(self, document, company, partner):
        """Return what to know about a customer when his credit is decided: what he has
        and uses, how he pays, what the score card says.
        """
        file = self.env["parts.credit.file"]._of(company, partner)
        debtor = partner.commercial_partner_id
        since = fields.Date.context_today(self) - relativedelta(years=1)
        figures = self.env["parts.credit.exposure"]._figures(
            company, file._sharers() or debtor
        )
        behaviour = self.env["parts.credit.behaviour"]._behaviour(
            company, debtor, since=since
        )
        suggestion = self.env["parts.credit.score"]._suggest(company, behaviour)
        behaviour, suggestion = behaviour[debtor.id], suggestion[debtor.id]
        amounts = {
            "credit_limit_today": file._limit() if file._in_force() else 0.0,
            "exposure": figures["exposure"],
            "history_turnover": behaviour["turnover"],
            "history_overdue": behaviour["overdue"],
            "suggested_limit": suggestion["limit"],
        }
        classes = dict(file._fields["risk_class"]._description_selection(self.env))
        values = {
            "history_days_to_pay": behaviour["days_to_pay"],
            "late_share": behaviour["late_share"],
            "worst_delay": behaviour["worst_delay"],
            "rejected_count": behaviour["rejected"],
            "suggested_class": classes.get(suggestion["risk_class"]),
        }
        return [
            *(
                document._parts_gate_figure(
                    name, amount, currency=company.currency_id, group=READER
                )
                for name, amount in amounts.items()
            ),
            *(
                document._parts_gate_figure(name, value, group=READER)
                for name, value in values.items()
                if value is not None
            ),
        ]

    # === HISTORY === #

    @api.model
    def _order_history(self, order):
        """Return the history of who is invoiced for ``order``: a year's turnover,
        what is overdue, average days to pay.
        """
        company = order.company_id
        debtor = order.partner_invoice_id.commercial_partner_id
        since = fields.Date.context_today(self) - relativedelta(years=1)
        behaviour = self.env["parts.credit.behaviour"]._behaviour(
            company, debtor, since=since
        )[debtor.id]
        amounts = {
            "history_turnover": behaviour["turnover"],
            "history_overdue": behaviour["overdue"],
        }
        rows = [
            order._parts_gate_figure(
                name, amount, currency=company.currency_id, group=READER
            )
            for name, amount in amounts.items()
        ]
        days = behaviour["days_to_pay"]
        if days is not None:
            row = order._parts_gate_figure("history_days_to_pay", days, group=READER)
            rows.append(row)
        return rows

    @api.model
    def _labels(self):
        """Return the labels of these figures, in the reader's language."""
        return {
            "order_amount": self.env._("Order not paid yet"),
            "over": self.env._("Over the limit in all"),
            "credit_limit": self.env._("Credit limit"),
            "exposure": self.env._("Credit used"),
            "exposure_receivable": self.env._("of it open receivables"),
            "exposure_orders": self.env._("of it orders not invoiced"),
            "exposure_drafts": self.env._("of it draft invoices"),
            "credit_free": self.env._("Credit free"),
            "overdue_days": self.env._("Days overdue"),
            "overdue_days_allowed": self.env._("Days overdue allowed"),
            "term_days": self.env._("Payment term (days)"),
            "term_days_allowed": self.env._("Longest term (days)"),
            "risk_class": self.env._("Risk class"),
            "history_turnover": self.env._("Turnover of 12 months"),
            "history_overdue": self.env._("Overdue"),
            "history_days_to_pay": self.env._("Average days to pay"),
            "credit_limit_today": self.env._("Limit in force today"),
            "late_share": self.env._("Paid late (%)"),
            "worst_delay": self.env._("Worst delay (days)"),
            "rejected_count": self.env._("Rejected payments"),
            "suggested_class": self.env._("Class suggested by the score card"),
            "suggested_limit": self.env._("Limit suggested by the score card"),
        }
