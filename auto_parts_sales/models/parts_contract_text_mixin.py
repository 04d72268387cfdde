from lxml import html

from odoo import api, fields, models
from odoo.exceptions import ValidationError

TEXTS = ("title_zh", "title_en", "body_zh", "body_en")
# Marks that change what a text says although its letters stay
TELLING_TAGS = {"s", "del", "strike", "ins", "sup", "sub"}
BLOCKS = {"p", "li", "tr", "td", "th", "br", "div", "ul", "ol", "table", "h1", "h2"}


class PartsContractTextMixin(models.AbstractModel):
    """A clause's title and text, in Chinese and in English."""

    _name = "parts.contract.text.mixin"
    _description = "Text of a Clause"

    title_zh = fields.Char(string="Chinese Title")
    title_en = fields.Char(string="English Title")
    # no styles and classes: letters in white would be read by nobody
    body_zh = fields.Html(
        string="Chinese Text", strip_style=True, strip_classes=True, sanitize=True
    )
    body_en = fields.Html(
        string="English Text", strip_style=True, strip_classes=True, sanitize=True
    )

    @api.constrains("body_zh", "body_en")
    def _check_placeholders(self):
        placeholders = self.env["parts.contract.placeholder"]
        for clause in self:
            unknown = placeholders._unknown(clause.body_zh, clause.body_en)
            if unknown:
                raise ValidationError(
                    self.env._(
                        "%(clause)s: nothing is known as %(unknown)s. Placeholders are:"
                        " %(known)s",
                        clause=clause.display_name,
                        unknown=", ".join(f"{{{{{name}}}}}" for name in unknown),
                        known=", ".join(sorted(placeholders._names())),
                    )
                )

    def _title(self):
        """Return the title in the reader's language, else in the other one."""
        self.ensure_one()
        titles = [self.title_zh, self.title_en]
        if not (self.env.lang or "").startswith("zh"):
            titles.reverse()
        topics = dict(self._fields["topic"]._description_selection(self.env))
        return titles[0] or titles[1] or topics.get(self.topic, "")

    def _wording(self):
        """Return titles and texts without what does not change their meaning: spaces,
        and how the editor wrapped them.

        :rtype: list[str]
        """
        self.ensure_one()
        return [
            " ".join((self.title_zh or "").split()),
            " ".join((self.title_en or "").split()),
            self._plain(self.body_zh),
            self._plain(self.body_en),
        ]

    def _prepare_text_vals(self):
        self.ensure_one()
        return {name: self[name] for name in TEXTS}

    @api.model
    def _plain(self, body):
        """Return what ``body`` (HTML) says, one line for each block."""
        if not (body or "").strip():
            return ""
        words = []
        self._collect(html.fragment_fromstring(body, create_parent="div"), words)
        lines = "".join(words).replace("\xa0", " ").split("\n")
        return "\n".join(line for line in (" ".join(x.split()) for x in lines) if line)

    def _collect(self, node, words):
        # a comment has no name that is a text
        tag = node.tag if isinstance(node.tag, str) else None
        if tag in BLOCKS:
            words.append("\n")
        if tag in TELLING_TAGS:
            words.append(f"<{tag}>")
        if tag:
            words.append(node.text or "")
            for child in node:
                self._collect(child, words)
        if tag in TELLING_TAGS:
            words.append(f"</{tag}>")
        if tag in BLOCKS:
            words.append("\n")
        words.append(node.tail or "")
