from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..utils.page_numbers import number_pages

# Papers whose pages are counted: whoever signs has to see that none is missing
COUNTED = ("parts.contract", "parts.contract.declaration", "parts.contract.version")


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        """Override: number the pages of contracts where the layout's own footer, which
        does, is not printed: by a wkhtmltopdf whose Qt is not patched.
        """
        content = super()._run_wkhtmltopdf(
            bodies,
            report_ref=report_ref,
            header=header,
            footer=footer,
            landscape=landscape,
            specific_paperformat_args=specific_paperformat_args,
            set_viewport_size=set_viewport_size,
        )
        if not report_ref or len(bodies) != 1 or _wkhtml().is_patched_qt:
            return content
        counted = self._get_report(report_ref).model in COUNTED
        return number_pages(content) if counted else content
