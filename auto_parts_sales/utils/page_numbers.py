"""Page numbers put under a finished PDF."""

import io

from reportlab.pdfgen import canvas

from odoo.tools.pdf import PdfFileReader, PdfFileWriter

# In points from the lower edge of the page: within the margin that papers leave
HEIGHT = 34
SIZE = 8


def number_pages(content):
    """Return a PDF with "1 / 4" under each of its pages, in the middle.

    :param bytes content: a PDF
    :rtype: bytes
    """
    papers = PdfFileReader(io.BytesIO(content), strict=False)
    pages = [papers.getPage(index) for index in range(papers.getNumPages())]
    stream = io.BytesIO()
    sheet = canvas.Canvas(stream)
    for number, page in enumerate(pages, start=1):
        width = float(page.mediaBox.getWidth())
        sheet.setPageSize((width, float(page.mediaBox.getHeight())))
        sheet.setFont("Helvetica", SIZE)
        sheet.drawCentredString(width / 2, HEIGHT, f"{number} / {len(pages)}")
        sheet.showPage()
    sheet.save()
    numbers = PdfFileReader(stream, strict=False)
    writer = PdfFileWriter()
    for index, page in enumerate(pages):
        writer.addPage(page)
        # the writer's own page: those of a reader are not written on
        writer.getPage(index).mergePage(numbers.getPage(index))
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()
