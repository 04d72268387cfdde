"""Vehicle identification numbers: pure functions."""

import csv
import re
import unicodedata
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

try:
    from vininfo.dicts import WMI as VININFO_WMI
except ImportError:
    VININFO_WMI = {}

VIN_LENGTH = 17
MAKERS_FILE = Path(__file__).parent / "vin_makers.csv"

# Letters that no VIN has, and letters of other alphabets, for what they look like
_LOOK_ALIKES = str.maketrans("IOQ", "100")
_OTHER_ALPHABETS = str.maketrans(
    "АВЕКМНОРСТУХЅЈΑΒΕΖΗΚΜΝΟΡΤΥΧ", "ABEKMH0PCTYXSJABEZHKMN0PTYX"
)
_LABEL = re.compile(
    r"^\W*(?:VIN|FIN|CHASSIS|车架号码?|車架號碼?|底盘号|大架号|识别代?号|17位码)"
    r"(?:\s*(?:CODE|NO|NUMBER|NR|码|号))?\W*"
)
_CHARACTERS = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VALUES = {
    **{str(digit): digit for digit in range(10)},
    **dict(zip("ABCDEFGH", range(1, 9), strict=True)),
    **dict(zip("JKLMN", range(1, 6), strict=True)),
    "P": 7,
    "R": 9,
    **dict(zip("STUVWXYZ", range(2, 10), strict=True)),
}
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
# The tenth character, from 1980 on; after thirty years it begins again
_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
_FIRST_YEAR = 1980
_CYCLE = len(_YEAR_CODES)
# China has demanded 17 characters since 1997; some makers were a year ahead
_FIRST_CHINESE_YEAR = 1996
# North American makers of heavy trucks, buses and motorcycles: position 7 of their
# VINs is free, so that it does not tell the half of the cycle
_FREE_SEVENTH = frozenset(
    "1FU 1FV 1HD 1HF 1HS 1HT 1M1 1M2 1M8 1NK 1NP 1T7 1T8 1XK 1XP 2FU 2FV 2HS 2M2 2M8"
    " 2NK 2NP 2XK 2XP 3AK 3AL 3BK 3BP 3HA 3HS 3WK 4DR 4UZ 4V1 4V2 4V4 4V5 4VZ 5HD 5KJ"
    " 5PV 5SX 5Y4 5YU 54D 56K".split()
)
_CHINA = "LH"
_NORTH_AMERICA = "12345"
_REGIONS = (
    ("africa", "ABCDEFG"),
    ("asia", "HJKLMNPR"),
    ("europe", "STUVWXYZ"),
    ("north_america", "12345"),
    ("oceania", "67"),
    ("south_america", "89"),
)
# By the first two characters; where a range is shared, the first that matches
_COUNTRIES = [
    ("AA-AH", "ZA"), ("BA-BE", "AO"), ("BF-BK", "KE"), ("CF-CK", "MG"),
    ("CL-CR", "TN"), ("DA-DE", "EG"), ("DF-DK", "MA"), ("EA-EE", "ET"),
    ("FA-FE", "GH"), ("FF-FK", "NG"), ("H", "CN"), ("J", "JP"), ("KF-KH", "IL"),
    ("KL-KR", "KR"), ("L", "CN"), ("MA-ME", "IN"), ("MF-MK", "ID"),
    ("ML-MR", "TH"), ("MS", "MM"), ("MX", "KZ"), ("M4-M9", "IN"),
    ("MY-M3", "IN"), ("NA-NE", "IR"), ("NF-NG", "PK"), ("NJ", "IQ"),
    ("NL-NR", "TR"), ("NS-NT", "UZ"), ("NV", "AZ"), ("PA-PC", "PH"),
    ("PF-PK", "SG"), ("PL-PR", "MY"), ("PS-PT", "BD"), ("RA-RE", "AE"),
    ("RF-RK", "TW"), ("RL-RN", "VN"), ("RP", "LA"), ("RS-RT", "SA"),
    ("R1-R7", "HK"), ("SA-SM", "GB"), ("SN-ST", "DE"), ("SU-SZ", "PL"),
    ("S1-S2", "LV"), ("S3", "GE"), ("S4", "IS"), ("TA-TH", "CH"),
    ("TJ-TP", "CZ"), ("TR-TV", "HU"), ("TW-T2", "PT"), ("T3-T5", "RS"),
    ("UH-UM", "DK"), ("UN-UR", "IE"), ("UU-UX", "RO"), ("U5-U7", "SK"),
    ("VA-VE", "AT"), ("VF-VR", "FR"), ("VS-VW", "ES"), ("VX-V2", "FR"),
    ("V3-V5", "HR"), ("V6-V8", "EE"), ("W", "DE"), ("XA-XC", "BG"),
    ("XF-XH", "GR"), ("XL-XR", "NL"), ("XS-XW", "RU"), ("XX-XY", "LU"),
    ("XZ-X0", "RU"), ("X1-X9", "RU"), ("YA-YE", "BE"), ("YF-YK", "FI"),
    ("YN", "MT"), ("YS-YW", "SE"), ("YX-Y2", "NO"), ("Y3-Y5", "BY"),
    ("Y6-Y8", "UA"), ("ZA-ZU", "IT"), ("1", "US"), ("2", "CA"), ("3", "MX"),
    ("4", "US"), ("5", "US"), ("6", "AU"), ("7A-7E", "NZ"), ("7F-70", "US"),
    ("8A-8E", "AR"), ("8F-8G", "CL"), ("8L-8N", "EC"), ("8S-8W", "PE"),
    ("8X-8Z", "VE"), ("82", "BO"), ("9A-9E", "BR"), ("9F-9G", "CO"),
    ("9S-9V", "UY"), ("93-99", "BR"),
]  # fmt: skip
_ORDER = "ABCDEFGHJKLMNPRSTUVWXYZ1234567890"


class VinReading(NamedTuple):
    """A VIN as it is stamped, and what was changed in what was typed.

    ``changes`` holds ``case``, ``spaces``, ``width``, ``signs`` (dashes, a label
    before it ...) and ``look_alikes`` (I, O, Q, letters of other alphabets).
    """

    vin: str = ""
    changes: tuple = ()


class Maker(NamedTuple):
    """Who built it: ``name``, its Chinese name if it has one, the ``make`` (or "")."""

    name: str = ""
    name_zh: str = ""
    make: str = ""


# === CLEANING AND CHECKING === #


def read_vin(text):
    """Return what was typed as it is stamped, saying what was changed.

    Letters that no VIN has are taken for what they look like only if that makes
    seventeen characters that can be a VIN: other text is none, and stays.

    :param str text: None counts as empty
    :return: a :class:`VinReading`; ``vin`` is empty if nothing is left
    """
    typed = text or ""
    folded = unicodedata.normalize("NFKC", typed)
    upper = folded.upper()
    bare = re.sub(r"[\W_]+", "", _LABEL.sub("", upper))
    guess = bare.translate(_OTHER_ALPHABETS).translate(_LOOK_ALIKES)
    vin = guess if is_vin(guess) else _strip(upper)
    if not bare:
        return VinReading()
    spaceless = re.sub(r"\s+", "", upper)
    changes = {
        "width": folded != typed,
        "case": upper != folded,
        "spaces": spaceless != upper,
        "signs": spaceless != (bare if is_vin(guess) else vin),
        "look_alikes": is_vin(guess) and bare != guess,
    }
    return VinReading(vin, tuple(name for name, done in changes.items() if done))


def _strip(text):
    """Return the text without spaces and dashes, and composed again."""
    stripped = re.sub(r"[\s\-‐-―]+", "", text)
    folded = unicodedata.normalize("NFKC", stripped).upper()
    return folded if folded == text else _strip(folded)


def clean_vin(text):
    """Return a VIN as it is stamped, see :func:`read_vin`.

    :return: the cleaned text, or False if nothing is left
    """
    return read_vin(text).vin or False


def is_vin(text):
    """Tell whether a cleaned VIN has 17 characters, none of them I, O or Q."""
    return bool(_CHARACTERS.fullmatch(text or ""))


def get_check_digit(vin):
    """Return the ninth character that the other sixteen ask for: 0 to 9, or X."""
    total = sum(
        _VALUES[char] * weight for char, weight in zip(vin, _WEIGHTS, strict=True)
    )
    return "0123456789X"[total % 11]


def check_vin(text):
    """Return the verdict on a text exactly as it stands, nothing cleaned.

    :return: pair (verdict, check digit): ``ok``, ``length``, ``character`` or
        ``mismatch``; the digit that should stand at position 9 with ``mismatch``,
        else an empty string
    """
    text = text or ""
    if len(text) != VIN_LENGTH:
        return "length", ""
    if not is_vin(text):
        return "character", ""
    expected = get_check_digit(text)
    return ("ok", "") if text[8] == expected else ("mismatch", expected)


def needs_check_digit(vin):
    """Tell whether the law of where it was built demands a right check digit.

    China and North America; elsewhere position 9 is free.
    """
    return bool(vin) and vin[0] in _CHINA + _NORTH_AMERICA


# === MODEL YEAR === #


def get_model_years(vin, today=None):
    """Return the model years that the tenth character can mean, the likeliest first.

    It begins again every thirty years. In cars and light trucks built in or for
    North America position 7 tells the half: a digit before 2010, a letter since. A
    maker there is bound to it; of others, a right check digit hints at a car built for
    that market. What has not been built yet is none, nor a Chinese VIN from before
    there were any.

    :param str vin: 17 cleaned characters; anything else has no year
    :param date today: a model year begins up to one year early
    """
    if not is_vin(vin) or vin[9] not in _YEAR_CODES:
        return []
    newest = (today or date.today()).year + 1
    oldest = _FIRST_CHINESE_YEAR if vin[0] in _CHINA else _FIRST_YEAR
    first = _FIRST_YEAR + _YEAR_CODES.index(vin[9])
    years = [
        year for year in range(first, newest + 1, _CYCLE) if oldest <= year <= newest
    ]
    if len(years) < 2:
        return years
    if vin[0] in _CHINA:
        return years[::-1]
    by_law = vin[0] in _NORTH_AMERICA
    if vin[:3] in _FREE_SEVENTH or not (by_law or check_vin(vin)[0] == "ok"):
        return years[::-1]
    half = 0 if vin[6].isdigit() else 1
    return [years[half]] if by_law else [years[half], years[1 - half]]


# === MAKER === #


@lru_cache(maxsize=1)
def _load_makers():
    with MAKERS_FILE.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(line for line in file if not line.startswith("#"))
        return {
            row["wmi"]: Maker(row["name"], row["name_zh"], row["make"]) for row in rows
        }


def get_maker(vin):
    """Return the maker by the first three characters, else by the first two.

    A third character 9 is shared by small makers: position 12 to 14 tell which, and
    only those in the table are known. Where ``vininfo`` is installed, it answers for
    what is not in the table.

    :return: a :class:`Maker`, empty if unknown
    """
    wmi = (vin or "")[:3]
    makers = _load_makers()
    if len(wmi) < 3:
        return Maker()
    if wmi[2] == "9" and len(vin) >= 14 and (small := makers.get(wmi + vin[11:14])):
        return small
    if maker := makers.get(wmi):
        return maker
    if wmi[2] != "9" and (maker := makers.get(wmi[:2])):
        return maker
    return _ask_vininfo(wmi)


def _ask_vininfo(wmi):
    found = VININFO_WMI.get(wmi)
    name = getattr(found, "title", None) or found
    if callable(name):
        name = found
    return Maker(name) if isinstance(name, str) and name else Maker()


def get_country(vin):
    """Return the ISO code of the country by the first two characters, or ""."""
    start = (vin or "")[:2]
    if len(start) < 2 or any(char not in _ORDER for char in start):
        return ""
    for span, country in _COUNTRIES:
        if len(span) == 1 and span == start[0]:
            return country
        if len(span) == 2 and span == start:
            return country
        first, _dash, last = span.partition("-")
        if last and start[0] == first[0]:
            place = _ORDER.index(start[1])
            if _ORDER.index(first[1]) <= place <= _ORDER.index(last[1]):
                return country
    return ""


def get_region(vin):
    """Return ``asia``, ``europe``, ``north_america`` ... by the first character."""
    first = (vin or "")[:1]
    for region, characters in _REGIONS:
        if first and first in characters:
            return region
    return ""
