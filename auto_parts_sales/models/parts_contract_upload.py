import base64
import binascii
import io

from PIL import Image, UnidentifiedImageError

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.pdf import OdooPdfFileReader

LARGEST = 20 * 1024 * 1024
LARGEST_DRAWING = 1024 * 1024
# Above this an image is a bomb: A3 at 600 dpi is 70 million
LARGEST_PIXELS = 80_000_000
# What makes a PDF do something instead of showing something
ACTIVE_CONTENT = (b"/JavaScript", b"/Launch", b"/EmbeddedFile", b"/XFA")


class PartsContractUpload(models.AbstractModel):
    """What a file must be before it is kept as evidence: by content, not by name."""

    _name = "parts.contract.upload"
    _description = "Check of an Uploaded Paper"

    @api.model
    def _check(self, data, name=None, drawing=False):
        """Return the content of a scanned paper, or of a drawn signature.

        :param data: base64, bytes or str
        :param str name: the file's name, for the message
        :param bool drawing: images only, and small ones
        :rtype: bytes
        :raises UserError: saying what is wrong with it, and what to upload
        """
        name = name or self.env._("the file")
        limit = LARGEST_DRAWING if drawing else LARGEST
        self._check_size(data, name, limit)
        try:
            content = base64.b64decode(data, validate=False)
        except (binascii.Error, ValueError):
            content = b""
        if not content or len(content) > limit:
            self._refuse_size(content, name, limit)
        if content.startswith(b"%PDF-") and not drawing:
            self._check_pdf(content, name)
        else:
            self._check_image(content, name, drawing)
        return content

    @api.model
    def _check_size(self, data, name, limit=LARGEST):
        """Refuse what is too large or empty, before it is decoded or written down.

        :param data: base64
        """
        if not data or len(data) > limit * 4 / 3 + 4096:
            self._refuse_size(data, name or self.env._("the file"), limit)

    def _refuse_size(self, content, name, limit):
        if not content:
            raise UserError(self.env._("%s is empty: choose the file again.", name))
        raise UserError(
            self.env._(
                "%(name)s is larger than %(limit)s MB: scan it in black and white, or"
                " with fewer dots per inch.",
                name=name,
                limit=limit // 1024 // 1024,
            )
        )

    def _check_pdf(self, content, name):
        if any(mark in content for mark in ACTIVE_CONTENT):
            raise UserError(
                self.env._(
                    "%s holds programs or other files: print it to a plain PDF and"
                    " upload that.",
                    name,
                )
            )
        try:
            reader = OdooPdfFileReader(io.BytesIO(content), strict=False)
            readable = not reader.isEncrypted and reader.getNumPages() > 0
        # whatever a broken file makes the reader raise: it is no paper
        except Exception:  # pylint: disable=broad-except
            readable = False
        if not readable:
            raise UserError(
                self.env._(
                    "%s cannot be read: it is damaged, empty or locked with a"
                    " password.",
                    name,
                )
            )

    def _check_image(self, content, name, drawing):
        try:
            image = Image.open(io.BytesIO(content), formats=("PNG", "JPEG"))
            width, height = image.size
            image.verify()
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
            width = height = 0
        if not width or width * height > LARGEST_PIXELS:
            raise UserError(
                self.env._("Draw the signature again: it did not arrive as a picture.")
                if drawing
                else self.env._(
                    "%s is no scanned paper: upload a PDF, PNG or JPEG.",
                    name,
                )
            )
