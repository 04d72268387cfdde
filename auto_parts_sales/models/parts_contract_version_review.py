from odoo import fields, models


class PartsContractVersion(models.Model):
    """What goes on in a version when legal has judged, or a side has signed."""

    # Loaded after the paper's part  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.version"

    # for the form of an amendment: the contract's own form shows what rules
    missing_html = fields.Html(related="contract_id.missing_html")
    gate_html = fields.Html(
        string="Review of the Amendment", related="contract_id.parts_gate_html"
    )

    def _parts_clauses_judged(self):
        """Ask who decides the change, in the name of who submitted the contract."""
        result = super()._parts_clauses_judged()
        for version in self.filtered(lambda one: one.state == "review"):
            contract = version.contract_id
            contract._call_people()
            asker = contract.submitter_id or contract.user_id
            contract.with_user(asker).sudo(False)._ask_reviewers()
            contract._review_continued()
        return result

    def _parts_signatures_changed(self):
        """Bring the version into force once nothing is missing."""
        result = super()._parts_signatures_changed()
        for version in self.filtered(lambda one: one.state == "approved"):
            version.contract_id._try_effect()
            version.contract_id._call_people()
        return result
