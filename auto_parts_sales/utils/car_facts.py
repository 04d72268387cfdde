"""What is known of a car, as people and programs hand it over: pure functions.

Facts are those of ``utils.fit``. A ``year``, ``built`` or ``chassis`` may also be a
pair (first, last), either end None: an answer such as "2013 to 2015" says no more.
"""

from datetime import date

from .part_number import number_key
from .year_range import read_year_range

LONGEST = 200


def read_facts(facts, strict=True):
    """Return facts as ``utils.fit`` has them, of what JSON or a person can write.

    :param bool strict: refuse what cannot be understood, else leave it out
    :raises ValueError: (name, value) of what cannot be understood
    """
    if not facts:
        return {}
    if not isinstance(facts, dict):
        raise ValueError("facts", facts)
    read = {}
    for name, value in facts.items():
        if value is None or value is False or value == "":
            continue
        known = _read(name, value)
        if known is not None:
            read[name] = known
        elif strict:
            raise ValueError(name, value)
    return read


def _read(name, value):
    """Return a fact as it is used, or None."""
    try:
        return _READERS[name](value)
    except (KeyError, TypeError, OverflowError, ValueError):
        return None


def write_facts(facts):
    """Return facts as JSON can hold them; :func:`read_facts` reads them again."""
    return {name: _write(value) for name, value in facts.items() if value}


def _write(value):
    if isinstance(value, list | tuple):
        return [_write(end) for end in value]
    return value.isoformat() if isinstance(value, date) else value


def ends(value, first, last):
    """Return both ends of a fact; ``first`` and ``last`` stand for open ones."""
    if isinstance(value, list | tuple):
        return value[0] or first, value[1] or last
    return value, value


def _read_pair(value, read):
    """Read a single value or a pair; a text may be either."""
    if not isinstance(value, list | tuple):
        return read(value)
    if len(value) != 2 or not any(value):
        return None
    first, last = (read(end) if end else None for end in value)
    first = first[0] if isinstance(first, tuple) else first
    last = last[1] if isinstance(last, tuple) else last
    if first and last and first > last:
        return None
    return first if first == last else (first, last)


def _read_year(value):
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return int(value) if 1900 <= value <= 2100 and value == int(value) else None
    years = read_year_range(_text(value))
    if not years.year_from:
        return None
    if years.year_to == years.year_from:
        return years.year_from
    return years.year_from, years.year_to


def _read_built(value):
    if isinstance(value, date):
        return value
    text = _text(value)
    try:
        return date.fromisoformat(text)
    except ValueError:
        months = read_year_range(text)
    if not (months.year_from and months.month_from):
        return None
    first = date(months.year_from, months.month_from, 1)
    if not (months.year_to and months.month_to):
        return first, None
    last = date(months.year_to, months.month_to, 1)
    return first if first == last else (first, last)


def _read_code(value):
    text = _text(value)
    return text if text == "*" or number_key(text) else None


def _read_conditions(value):
    if all(isinstance(k, str) and isinstance(v, bool) for k, v in value.items()):
        return dict(value)
    return None


def _text(value):
    if not isinstance(value, str) or len(value) > LONGEST:
        raise ValueError(value)
    return value.strip()


def _read_chassis_pair(value):
    if not isinstance(value, list | tuple):
        return _read_code(value)
    if len(value) != 2 or not any(value):
        return None
    return tuple(_read_code(end) if end else None for end in value)


_READERS = {
    "year": lambda value: _read_pair(value, _read_year),
    "built": lambda value: _read_pair(value, _read_built),
    "engine_code": _read_code,
    "not_engine_code": _read_code,
    "chassis": _read_chassis_pair,
    "conditions": lambda value: (
        _read_conditions(value) if isinstance(value, dict) else None
    ),
}
