"""What the runtime's Python packages have to be able to do."""

import sys

import pytest
from reportlab.graphics.barcode import createBarcodeDrawing

PNG = b"\x89PNG"


@pytest.mark.skipif(
    sys.version_info >= (3, 13),
    reason="rl_renderPM has no wheel for it, see requirements/lock.txt and the roadmap",
)
def test_pick_lists_have_barcodes():
    drawing = createBarcodeDrawing("Code128", value="WH/OUT/00001", format="png")
    assert drawing.asString("png").startswith(PNG)
