"""Whether what is known of a car meets what a fitment asks: pure functions.

Facts are a dict with any of ``year`` (model year, int), ``engine_code`` (str),
``built`` (date), ``chassis`` (its number or the whole VIN, str) and ``conditions``
(dict of a condition's text to True or False). Year, month and chassis number may be a
pair (first, last), either end None, and ``not_engine_code`` a list of codes as text
that it has not: such answers decide only what they decide for every car they mean.
"""

from datetime import date
from typing import NamedTuple

from dateutil.relativedelta import relativedelta

from .car_facts import ends
from .chassis import compare_serials, has_code, shift_serial, split_codes
from .part_number import number_key

# In this order they are asked, where two decide as much: the easiest first
KINDS = ("year", "engine_code", "built", "chassis", "condition")
# The answer "none of the codes named"
NONE_OF_THESE = "*"
# A model year begins up to half a year before the calendar's
EARLY_MONTH = 7
# Where an answer leaves an end open
FIRST_YEAR, LAST_YEAR = 1900, 2100


class Criterion(NamedTuple):
    """What must hold: ``kind`` (see ``KINDS``), what of it, and as a sentence.

    ``value`` is a pair (first, last) of years, dates or serial numbers, either of
    them empty; a list of engine codes as text; or the text of a condition.
    """

    kind: str
    value: object
    text: str


class Question(NamedTuple):
    """What to ask next: ``options`` are pairs (value, facts that it stands for)."""

    kind: str
    subject: str = ""
    options: tuple = ()


# === MEETING A CRITERION === #


def meets(criterion, facts):
    """Return True, False, or None if the facts do not tell."""
    return _CHECKS[criterion.kind](criterion.value, facts)


def _meets_year(years, facts):
    first, last = years
    known = _model_years(facts)
    inside = {(first or 0) <= year <= (last or 9999) for year in known}
    return inside.pop() if len(inside) == 1 else None


def _model_years(facts):
    """Return the model years that the car may be of; none if nothing is known."""
    if facts.get("year"):
        first, last = ends(facts["year"], FIRST_YEAR, LAST_YEAR)
        return set(range(first, last + 1))
    if not facts.get("built"):
        return set()
    first, last = ends(facts["built"], date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 1, 1))
    return set(range(first.year, last.year + 1 + (last.month >= EARLY_MONTH)))


def _meets_engine(codes, facts):
    if facts.get("engine_code") == NONE_OF_THESE:
        return False
    known = has_code(codes, facts.get("engine_code"))
    if known is None and facts.get("not_engine_code"):
        wanted = {number_key(code) for code in split_codes(codes)}
        other = {number_key(code) for code in split_codes(facts["not_engine_code"])}
        return False if wanted <= other else None
    return known


def _meets_built(months, facts):
    first = months[0] or date.min
    last = months[1] + relativedelta(months=1, days=-1) if months[1] else date.max
    if facts.get("built"):
        earliest, latest = ends(facts["built"], date.min, date.max)
    elif facts.get("year"):
        earliest, latest = ends(facts["year"], FIRST_YEAR, LAST_YEAR)
        earliest = date(earliest - 1, EARLY_MONTH, 1)
        latest = date(latest, 12, 31)
    else:
        return None
    if latest < first or last < earliest:
        return False
    return True if first <= earliest and latest <= last else None


def _meets_chassis(serials, facts):
    verdicts = set()
    lowest, highest = ends(facts.get("chassis"), "", "")
    for bound, wrong in zip(serials, (-1, 1), strict=True):
        if bound:
            # of a pair, one end shows that all are on the right side of the bound
            near, far = (lowest, highest) if wrong < 0 else (highest, lowest)
            inside = compare_serials(near, bound) not in (None, wrong)
            outside = compare_serials(far, bound) == wrong
            verdicts.add(True if inside else False if outside else None)
    if False in verdicts:
        return False
    return None if None in verdicts else True


def _meets_condition(text, facts):
    return facts.get("conditions", {}).get(text)


_CHECKS = {
    "year": _meets_year,
    "engine_code": _meets_engine,
    "built": _meets_built,
    "chassis": _meets_chassis,
    "condition": _meets_condition,
}


def judge(rows, facts):
    """Return the answer for the rows of one part, and the rows still in question.

    :param rows: list of lists of :class:`Criterion`, one list for each fitment
    :return: pair of ``yes``, ``no`` or ``depends``, and the open rows with only the
        criteria that the facts leave open
    """
    still_open = []
    for row in rows:
        verdicts = [(criterion, meets(criterion, facts)) for criterion in row]
        if any(verdict is False for _criterion, verdict in verdicts):
            continue
        unknown = [criterion for criterion, verdict in verdicts if verdict is None]
        if not unknown:
            return "yes", []
        still_open.append(unknown)
    return ("depends", still_open) if still_open else ("no", [])


# === THE QUESTION THAT DECIDES BEST === #


def find_question(rows, facts, asked_elsewhere=()):
    """Return the question whose answers decide most, or None if none can be asked.

    :param rows: the open rows of a part, see :func:`judge`
    :param asked_elsewhere: kinds that other parts would ask: among equals, the one
        that decides there, too
    """
    questions = list(_possible_questions(rows))
    if not questions:
        return None
    return max(
        questions,
        key=lambda question: (
            *_score(question, rows, facts),
            question.kind in asked_elsewhere,
            -KINDS.index(question.kind),
        ),
    )


def _score(question, rows, facts):
    """Return the mean share of answers that decide the part, and of rows decided."""
    decided, settled = 0, 0
    for _value, known in question.options:
        answer, still_open = judge(rows, merge_facts(facts, known))
        decided += answer != "depends"
        settled += len(rows) - len(still_open)
    count = len(question.options) or 1
    return decided / count, settled / count / len(rows)


def merge_facts(facts, known):
    """Return the facts with those newly known; conditions come together."""
    merged = {**facts, **known}
    if "conditions" in known:
        conditions = {**facts.get("conditions", {}), **known["conditions"]}
        merged["conditions"] = conditions
    if facts.get("not_engine_code") and known.get("not_engine_code"):
        codes = (facts["not_engine_code"], known["not_engine_code"])
        merged["not_engine_code"] = ", ".join(codes)
    return merged


def _possible_questions(rows):
    values = {kind: [] for kind in KINDS}
    for row in rows:
        for criterion in row:
            values[criterion.kind].append(criterion.value)
    for kind, asker in _ASKERS.items():
        if values[kind]:
            yield Question(kind, "", tuple(asker(values[kind])))
    for text in dict.fromkeys(values["condition"]):
        options = (
            ("yes", {"conditions": {text: True}}),
            ("no", {"conditions": {text: False}}),
        )
        yield Question("condition", text, options)


def _ask_year(values):
    cuts = {first for first, _last in values if first}
    cuts |= {last + 1 for _first, last in values if last}
    for year in _sections(cuts, lambda year: year - 1):
        yield str(year), {"year": year}


def _ask_engine(values):
    codes = {}
    for value in values:
        for code in split_codes(value):
            codes.setdefault(code, {"engine_code": code})
    yield from codes.items()
    yield NONE_OF_THESE, {"engine_code": NONE_OF_THESE}


def _ask_built(values):
    cuts = {first for first, _last in values if first}
    cuts |= {last + relativedelta(months=1) for _first, last in values if last}
    for day in _sections(cuts, lambda day: day - relativedelta(months=1)):
        yield day.isoformat(), {"built": day}


def _ask_chassis(values):
    cuts = {first for first, _last in values if first}
    cuts |= {shift_serial(last, 1) for _first, last in values if last}
    for serial in _sections(cuts - {""}, lambda serial: shift_serial(serial, -1)):
        if serial:
            yield serial, {"chassis": serial}


def _sections(cuts, before):
    """Return one value of each section that the cuts make."""
    cuts = sorted(cuts)
    return [before(cuts[0]), *cuts] if cuts else []


_ASKERS = {
    "year": _ask_year,
    "engine_code": _ask_engine,
    "built": _ask_built,
    "chassis": _ask_chassis,
}
