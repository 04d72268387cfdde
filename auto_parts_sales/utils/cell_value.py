"""Numbers, dates and words in suppliers' cells: pure functions.

Each returns a pair of the value and the code of what is wrong with it (empty: nothing).
"""

import re
import unicodedata
from datetime import date, datetime

CURRENCY = re.compile(r"[¥￥$€£]|\b(?:CNY|RMB|USD|EUR|GBP|HKD|JPY)\b|元|块|美元", re.I)
SPACES = re.compile(r"[\s\u00a0'’]+")
PLAIN = re.compile(r"-?\d{1,15}(?:\.\d+)?\Z")
THOUSANDS = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?\Z")
THOUSANDS_POINT = re.compile(r"-?\d{1,3}(?:\.\d{3})+,\d+\Z|-?\d{1,3}(?:\.\d{3}){2,}\Z")
DECIMAL_COMMA = re.compile(r"-?\d{1,15},\d{1,2}\Z|-?\d{1,15},\d{4,}\Z")
COUNT = re.compile(
    r"(\d{1,4}(?:\.\d{1,3})?)\s*(?:个|只|件|支|条|套|片|pcs?|ea)?\.?\Z", re.I
)
WHOLE = re.compile(r"(\d{1,9})(?:\.0+)?\s*[^\d\s.,]*\Z")
SCIENTIFIC = re.compile(r"\d+(?:[.,]\d+)?E\+?\d{1,3}\Z", re.I)
DAY = re.compile(
    r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?: [\d:.]+)?\Z"
    r"|(?P<d2>\d{1,2})[-/](?P<m2>\d{1,2})[-/](?P<y2>(?:19|20)\d\d)\Z"
)
MONTHS = "jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec"
WORD_DATE = re.compile(
    rf"\d{{1,4}}[- ](?:{MONTHS})[a-z]*(?:[- ]\d{{2,4}})?\Z"
    rf"|(?:{MONTHS})[a-z]*[- ]\d{{1,4}}\Z"
    r"|(?:\d{2,4}年)?\d{1,2}月(?:\d{1,2}日)?\Z",
    re.I,
)
DATE_FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%Y%m%d",
    "%Y年%m月%d日",
    "%d.%m.%Y",
)
YES = frozenset("1 y yes true t x 是 有 对 双向 可 可以 能 √ ✓ both two-way".split())
NO = frozenset("0 n no false f 否 无 不 单向 不可 不能 × one-way".split())


def tidy(text):
    """Return text in one line, without padding."""
    return " ".join(text.split()) if text else ""


def _bare(text):
    folded = unicodedata.normalize("NFKC", text)
    return SPACES.sub("", CURRENCY.sub("", folded))


def read_decimal(text):
    """Return an amount: thousands and decimals as people write them.

    ``1,234`` is read as one thousand two hundred thirty-four, ``12,50`` as twelve and
    a half.
    """
    bare = _bare(text)
    if not bare:
        return None, ""
    if THOUSANDS.match(bare):
        bare = bare.replace(",", "")
    elif THOUSANDS_POINT.match(bare):
        bare = bare.replace(".", "").replace(",", ".")
    elif DECIMAL_COMMA.match(bare):
        bare = bare.replace(",", ".")
    if not PLAIN.match(bare):
        return None, "amount"
    return float(bare), ""


def read_price(text):
    """Return an amount that is not negative."""
    value, code = read_decimal(text)
    return (None, "negative") if value is not None and value < 0 else (value, code)


def read_quantity(text):
    """Return how many, above zero; ``2 pcs`` and ``2个`` are two."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if not folded:
        return None, ""
    match = COUNT.match(folded)
    if not match or not float(match[1]):
        return None, "quantity"
    return float(match[1]), ""


def read_whole(text):
    """Return a whole number with at most one word behind it: ``24个月``."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if not folded:
        return None, ""
    match = WHOLE.match(folded.replace(",", ""))
    return (int(match[1]), "") if match else (None, "whole")


def read_key(text):
    """Return the id of another catalogue: digits alone, and not zero."""
    folded = unicodedata.normalize("NFKC", text).strip().removesuffix(".0")
    if not folded or folded == "0":
        return None, ""
    if not folded.isdecimal() or len(folded) > 9:
        return None, "key"
    return int(folded), ""


def read_litres(text):
    """Return a displacement in litres: ``1.4``, ``1.4L``, ``1395cc``, ``1.4T``."""
    folded = unicodedata.normalize("NFKC", text).strip().lower().replace(",", ".")
    if not folded:
        return None, ""
    match = re.match(
        r"(\d{1,5}(?:\.\d{1,3})?)\s*(cc|ccm|cm3|ml|l|t|升|毫升)?\Z", folded
    )
    value = float(match[1]) if match else 0
    if match and (match[2] in ("cc", "ccm", "cm3", "ml", "毫升") or value >= 100):
        value /= 1000
    if not 0.05 <= value <= 30:
        return None, "displacement"
    return round(value, 1), ""


def read_day(text):
    """Return a date; day and month the wrong way round are not guessed."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if not folded:
        return None, ""
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(folded.split(" ")[0], form).date(), ""
        except ValueError:
            continue
    if re.fullmatch(r"(?:19|20)\d\d", folded):
        return date(int(folded), 1, 1), ""
    return None, "date"


def read_flag(text):
    """Return True or False for yes and no in Chinese or English."""
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    if not folded or folded in NO:
        return False, ""
    return (True, "") if folded in YES else (False, "yes_no")


def is_lost(cell):
    """Tell whether nobody can know any more which number stood in a cell."""
    return getattr(cell, "flag", "") in ("digits_lost", "scientific")


def spoiled_number(cell):
    """Return what a spreadsheet has made of a part number: a code, or empty.

    ``date``, ``decimal``, ``scientific`` (its last digits are lost), ``digits_lost``.
    """
    flag = getattr(cell, "flag", "")
    if flag in ("date", "digits_lost", "bool", "scientific"):
        return flag
    if flag == "number" and "." in cell:
        return "decimal"
    text = cell.strip()
    if SCIENTIFIC.match(text):
        return "scientific"
    if WORD_DATE.match(text):
        return "date"
    match = DAY.match(text)
    if match:
        month, day = int(match["m"] or match["m2"]), int(match["d"] or match["d2"])
        if 1 <= min(month, day) and min(month, day) <= 12 and max(month, day) <= 31:
            return "date"
    return ""
