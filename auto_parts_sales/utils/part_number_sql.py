"""Search keys as SQL, the expressions of indexes: as utils.part_number has them."""

from odoo.tools import SQL

from .part_number import CODE_PUNCTUATION, LOOK, LOOKALIKES

# How a key looks: look_key of the column ``key``
LOOK_SQL = f"translate(key, '{LOOKALIKES}', '{LOOK}')"


def code_column_key(column):
    """Return the key of a column of codes: what ilike finds in them, and more."""
    return f"upper(translate({column}, '{CODE_PUNCTUATION}', ''))"


def code_key(text, before="", after=""):
    """Return the same key of ``text`` as SQL, a pattern if either side is ``%``."""
    if before or after:
        text = text.replace("\\", "\\\\").replace("%", "\\%")
    key = SQL("upper(translate(%s, %s, ''))", text, CODE_PUNCTUATION)
    return SQL("%s || %s || %s", before, key, after) if before or after else key
