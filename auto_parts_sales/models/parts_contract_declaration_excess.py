from odoo import fields, models
from odoo.tools.misc import formatLang


class PartsContractDeclaration(models.Model):
    """What a contract promises beyond what was declared (CON-9)."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.declaration"

    def _excess(self, version):
        """Return in what ``version`` of a contract goes beyond this declaration.

        :param version: ``parts.contract.version`` record
        :return: sentences; empty where the contract stays within
        :rtype: list[str]
        """
        self.ensure_one()
        excess = []
        if self.state != "approved":
            excess.append(self.env._("%s is not approved.", self.name))
        for label, ours, theirs in (
            (self.env._("company"), self.company_id, version.company_id),
            (
                self.env._("customer"),
                self.partner_id.commercial_partner_id,
                version.partner_id.commercial_partner_id,
            ),
            (self.env._("currency"), self.currency_id, version.currency_id),
        ):
            if ours != theirs:
                excess.append(
                    self.env._(
                        "%(what)s: %(declared)s was declared, the contract is with"
                        " %(contracted)s.",
                        what=label.capitalize(),
                        declared=ours.display_name,
                        contracted=theirs.display_name or "",
                    )
                )
        if self.kind != version.kind:
            excess.append(self.env._("It was declared as the other kind of contract."))
        if self.currency_id == version.currency_id:
            others = self._other_versions(version)
            excess += self._excess_in_money(version, others)
            excess += self.line_ids._excess(version, others)
        excess += self._excess_in_days(version)
        if self.payment_term_id and version.payment_term_id != self.payment_term_id:
            excess.append(
                self.env._(
                    "Payment terms: %s were declared.", self.payment_term_id.name
                )
            )
        if self.date_end and (not version.date_end or version.date_end > self.date_end):
            excess.append(
                self.env._(
                    "Term: declared until %s.", fields.Date.to_string(self.date_end)
                )
            )
        return excess

    def _other_versions(self, version):
        """Return what was submitted or agreed under this declaration in other contracts
        than that of ``version``, of each the latest: what is declared is contracted
        once. One that was terminated gives its room back.
        """
        submitted = self.sudo().version_ids.filtered(
            lambda other: (
                other.contract_id != version.contract_id
                and other.state in ("review", "approved", "effective")
                and other.contract_id.state != "terminated"
                and other.currency_id == self.currency_id
            )
        )
        latest = {other.contract_id: other for other in submitted.sorted("number")}
        return submitted.browse().union(*latest.values())

    def _excess_in_days(self, version):
        """Return a sentence if the contract lets the customer pay later than declared,
        by its payment terms or by its plan. Without terms none were declared.
        """
        if not self.payment_term_id:
            return []
        deviation = self.env["parts.contract.deviation"]
        declared = deviation._term_days(self.payment_term_id)
        contracted = deviation._credit_given(version)[1]
        if contracted <= declared:
            return []
        return [
            self.env._(
                "Payment: within %(declared)s days declared, within %(contracted)s days"
                " contracted.",
                declared=declared,
                contracted=contracted,
            )
        ]

    def _excess_in_money(self, version, others):
        excess = []
        # out of the lines: a stored total keeps what was written into it
        versions = version | others
        untaxed = sum(one._amounts()[0] for one in versions)
        credit = sum(versions.mapped("credit_amount"))
        for label, declared, contracted in (
            (self.env._("Amount"), self._amount(), untaxed),
            (self.env._("Credit"), self.credit_amount, credit),
        ):
            if self.currency_id.compare_amounts(contracted, declared) > 0:
                excess.append(
                    self.env._(
                        "%(what)s: %(declared)s declared, %(contracted)s contracted.",
                        what=label,
                        declared=formatLang(
                            self.env, declared, currency_obj=self.currency_id
                        ),
                        contracted=formatLang(
                            self.env, contracted, currency_obj=self.currency_id
                        ),
                    )
                )
        return excess
