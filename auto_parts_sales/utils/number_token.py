"""The tokens of a number cell, and the patterns of its words."""

import re

from . import number_words as words
from .number_verdict import YEAR

# Letters of no script in which part numbers are written
_FOREIGN = r"[^\W\d_a-zA-Z\u00aa-\u024f\u0370-\u052f]"
_IN_WORD = r"[\w.\-*\#?!%@^$€£¥°]"
_SIDE = "(?:LHS?|RHS?|L|R)"
_TOKENS = re.compile(
    rf"""
      (?P<newline>\n)
    | (?P<years>(?<![\w.-]){YEAR}(?:[./]\d\d?)?年?\s?[-~]\s?
        (?:{YEAR}(?:[./]\d\d?)?|\d\d)?
        [年款]?(?![\w-]))
    | (?P<list>[;|\t、&=•]|(?<![0-9]),|,(?![0-9]))
    | (?P<comma>,)
    | (?P<arrow>-{{1,2}}>|[→⇒➔>])
    | (?P<both>(?<![A-Za-z0-9]){_SIDE}\ ?[/\\|,+&-]\ ?{_SIDE}(?![A-Za-z0-9])
        |左侧?\ ?[/\\|,+&-]\ ?右侧?|右侧?\ ?[/\\|,+&-]\ ?左侧?)
    | (?P<remark>(?<![A-Za-z0-9])(?:A/C|A/T|M/T|W/O|C/W)(?![A-Za-z0-9]))
    | (?P<label>(?<![A-Za-z0-9])(?:N/A|P/N|I/N|S/N)(?![A-Za-z0-9]))
    | (?P<slash>\ ?[/\\]\ ?)
    | (?P<range>\ ?~\ ?|\ -+\ )
    | (?P<plus>\ ?\+\ ?)
    | (?P<open>[(\[{{【〔《「『〈])
    | (?P<close>[)\]}}】〕》」』〉])
    | (?P<wide>\ {{2,}})
    | (?P<space>\ )
    | (?P<colon>:)
    | (?P<foreign>{_FOREIGN}+)
    | (?P<word>{_IN_WORD}+?(?={_FOREIGN})|{_IN_WORD}+)
    | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE,
)

_CLOSING = dict(zip("([{【〔《「『〈", ")]}】〕》」』〉", strict=True))
_JOINTS = ("slash", "plus", "range", "comma", "wide")
_SIDE_ENDING = re.compile(
    r"(.*[0-9A-Za-z])[-_.](LHS?|RHS?|LEFT|RIGHT|L\.?H|R\.?H)", re.I
)

_SIDE_LETTER = re.compile(r".*\d-[LR]")
_SIDE_ATTACHED = re.compile(r".*\d(?:LH|RH)", re.I)
_TIMES = re.compile(r"(.*?)(\*\d{1,3})")
_PRICE = re.compile(r"[$€£¥]\d[\d.]*|\d[\d.]*[$%€£¥°]")
_BRAND_GLUED = re.compile(r"([A-Za-z]{4,20})[-_]?(\d.*)|([A-Za-z]{3})(\d\w{6,})")
# From one index letter to another: 5Q0 698 151 A-D
_LETTER_RANGE = re.compile(r"(?:.*\d)?([A-Z])-([A-Z])")
_BRAND_BEHIND = re.compile(r"(.*\d[^-_]*)[-_]([A-Za-z]{4,20})")
_SPACED_TEXT = re.compile(r"[0-9A-Za-z][0-9A-Za-z .\-]{0,60}")
_VAG_WORDS = re.compile(r"[0-9A-Z]{3} ?\d{3} ?\d{3}", re.I)
_DOUBT_WORDS = frozenset(
    "not no old except without ohne nicht kein alt formerly instead".split()
)

_DOUBT_CHINESE = ("非", "不是", "旧", "除外", "不含", "老款号", "错")
# So many words make a sentence, and a number in it may be mentioned only
_SENTENCE = 3


def _match_brackets(tokens):
    """Return for each opening bracket where it closes; unclosed, at the line's end."""
    closes, open_ones = {}, []
    for index, (kind, text) in enumerate(tokens):
        if kind == "newline":
            closes.update(dict.fromkeys(open_ones, index))
            open_ones = []
        elif kind == "open":
            open_ones.append(index)
        elif kind == "close":
            same = [i for i in open_ones[-4:] if _CLOSING[tokens[i][1]] == text]
            while same and open_ones:
                opened = open_ones.pop()
                closes[opened] = index
                if opened == same[-1]:
                    break
    closes.update(dict.fromkeys(open_ones, len(tokens)))
    return closes


def split_brand(word):
    """Return the brand with which a word begins and the number behind it, or None."""
    match = _BRAND_GLUED.fullmatch(word)
    if not match:
        return None
    brand, number = match[1] or match[3], match[2] or match[4]
    return (brand, number) if brand.casefold() in words.LATIN_BRANDS else None


def is_letter_range(word):
    """Tell whether a word ends with a range of index letters."""
    match = _LETTER_RANGE.fullmatch(word)
    return bool(match and match[1] < match[2])


def find_chinese_brand(text):
    """Return the first known brand in a run of Chinese characters, the longest."""
    for start in range(len(text)):
        for length in range(words.LONGEST_CHINESE_BRAND, 1, -1):
            if text[start : start + length] in words.CHINESE_BRANDS:
                return text[start : start + length]
    return ""
