from odoo import api, models

# From this share of the limit on, it is nearly used
NEAR = 0.8


class PartsCreditVerdict(models.AbstractModel):
    """What sales is told of a customer's credit: a step and a sentence, no figure of
    the account but the days of the oldest debt.
    """

    _name = "parts.credit.verdict"
    _description = "Verdict on a Customer's Credit"

    @api.model
    def _verdict(self, company, partner):
        """Return how a customer stands with ``company``.

        :param partner: any contact of the customer; may be empty
        :return: ``step`` (``free``, ``near``, ``over``, ``none``: no credit; False with
            the control off), ``sentence`` and ``overdue_days``
        :rtype: dict
        """
        nothing = {"step": False, "sentence": False, "overdue_days": 0}
        debtor = partner.sudo().commercial_partner_id
        controlled = self.env["res.company"]._parts_controlled_ids("credit")
        if company.id not in controlled or not isinstance(debtor.id, int):
            return nothing
        facts = self.env["parts.credit.check"].sudo()._debtor_facts(company, debtor)
        step = self._step(facts, company.currency_id)
        return {
            "step": step,
            "sentence": self._sentence(step, facts, debtor),
            "overdue_days": facts["overdue_days"],
        }

    @api.model
    def _warning(self, company, partner):
        """Return the sentence where there is something to mind, else nothing."""
        verdict = self._verdict(company, partner)
        if verdict["step"] in (False, "free") and not verdict["overdue_days"]:
            return ""
        return verdict["sentence"] or ""

    @api.model
    def _step(self, facts, currency):
        """Return the step of what ``parts.credit.check._debtor_facts`` returned."""
        if facts["defaulter"] or facts["blocked"] or not facts["in_force"]:
            return "none"
        limit, exposure = facts["limit"], facts["exposure"]
        if currency.is_zero(limit):
            return "none"
        if currency.compare_amounts(exposure, limit) > 0:
            return "over"
        return "near" if exposure >= limit * NEAR else "free"

    @api.model
    def _sentence(self, step, facts, debtor):
        sentences = [self._step_sentence(step, facts, debtor)]
        days = facts["overdue_days"]
        if days > 0:
            allowed = facts["file"].overdue_days_allowed if facts["file"] else 0
            sentences.append(
                self.env._("The oldest debt is %(days)s days overdue.", days=days)
            )
            if days > allowed:
                sentences.append(
                    self.env._("New orders are held until it is paid or released.")
                )
        file = facts["file"]
        if file and file._is_review_warned():
            sentences.append(self.env._("The yearly review is overdue."))
        return " ".join(sentences)

    @api.model
    def _step_sentence(self, step, facts, debtor):
        name, file = debtor.display_name, facts["file"]
        if facts["defaulter"]:
            return self.env._(
                "%s is marked as a wilful defaulter: only prepaid orders pass.", name
            )
        if facts["blocked"]:
            return self.env._("%s is blocked by finance.", name)
        if step == "none" and file.state in ("active", "expired"):
            if not facts["in_force"]:
                return self.env._(
                    "The credit of %s has expired: it is due for review.", name
                )
        if step == "none":
            return self.env._("%s has no credit: only prepaid orders pass.", name)
        if step == "over":
            return self.env._("The credit of %s is used up.", name)
        if step == "near":
            return self.env._("The credit of %s is nearly used.", name)
        return self.env._("The credit of %s is free.", name)
