import io
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.pdf import OdooPdfFileWriter, PdfFileReader

from ..models import ir_actions_report
from ..utils.page_numbers import number_pages
from .contract_paper_common import ContractPaperCommon

CORE = "odoo.addons.base.models.ir_actions_report.IrActionsReport._run_wkhtmltopdf"


def blank(pages):
    """Return a PDF of A4 pages, as bytes."""
    writer = OdooPdfFileWriter()
    for _page in range(pages):
        writer.addBlankPage(595, 842)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


def texts(content):
    """Return what is written on each page."""
    reader = PdfFileReader(io.BytesIO(content), strict=False)
    pages = [reader.getPage(index) for index in range(reader.getNumPages())]
    return [
        (page.extract_text if hasattr(page, "extract_text") else page.extractText)()
        .strip()
        .replace("\n", "")
        for page in pages
    ]


@tagged("post_install", "-at_install")
class TestContractPages(ContractPaperCommon):
    """CON-3, CON-4: the pages of a contract's paper are counted."""

    def _run(self, report, patched=False, bodies=1):
        info = ir_actions_report._wkhtml()._replace(is_patched_qt=patched)
        with (
            patch(CORE, lambda *args, **kwargs: blank(3)),
            patch.object(ir_actions_report, "_wkhtml", lambda: info),
        ):
            return texts(
                self.env["ir.actions.report"]._run_wkhtmltopdf(
                    ["<p/>"] * bodies, report_ref=report
                )
            )

    def test_each_page_says_which_it_is(self):
        self.assertEqual(texts(number_pages(blank(1))), ["1 / 1"])
        self.assertEqual(texts(number_pages(blank(3))), ["1 / 3", "2 / 3", "3 / 3"])

    def test_papers_of_contracts_are_counted(self):
        for name in ("version", "review", "declaration"):
            with self.subTest(name=name):
                pages = self._run(f"auto_parts_sales.parts_contract_{name}_report")
                self.assertEqual(pages, ["1 / 3", "2 / 3", "3 / 3"])

    def test_where_the_footer_counts_nothing_is_added(self):
        pages = self._run("auto_parts_sales.parts_contract_report", patched=True)
        self.assertEqual(pages, ["", "", ""])

    def test_no_other_paper_is_touched(self):
        self.assertEqual(self._run("sale.action_report_saleorder"), ["", "", ""])
        # several at once have no numbers of their own
        several = self._run("auto_parts_sales.parts_contract_report", bodies=2)
        self.assertEqual(several, ["", "", ""])
