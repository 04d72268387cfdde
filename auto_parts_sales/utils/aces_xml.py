"""Applications from ACES files (Auto Care Association), versions 4.x and 5.0.

Read as a stream: each application is forgotten as soon as it is read, so memory does
not grow with the file. Document types are refused, nothing is fetched.

Elements and attributes are named as in the published schemas; the two vocabularies
(``BrandAAIAID`` and ``BrandID``, ``Part`` and ``PartNumber`` ...) mean the same.
"""

import re
from typing import NamedTuple

from lxml import etree

from .table_file import TableProblem, refuse_doctype

LONGEST_TEXT = 2000
HEADER = {
    "BrandAAIAID": "brand",
    "BrandID": "brand",
    "SubBrandAAIAID": "sub_brand",
    "SubBrandID": "sub_brand",
    "Company": "company",
    "DocumentTitle": "title",
    "SubmissionType": "submission",
    "TransferDate": "transferred",
    "EffectiveDate": "effective",
    "VcdbVersionDate": "vcdb_date",
    "VcdbPublicationDate": "vcdb_date",
}
# Named by a column of the fitment, or no condition at all
NOT_CONDITIONS = frozenset(
    {
        "BaseVehicle",
        "Years",
        "Make",
        "Model",
        "EquipmentBase",
        "EquipmentModel",
        "ProductionYears",
        "Qty",
        "PartType",
        "PartTerminology",
        "Position",
        "Part",
        "PartNumber",
        "MfrLabel",
        "DisplayOrder",
        "AssetName",
        "AssetItemOrder",
        "AssetItemRef",
        "DiagramAsset",
        "NonDiagramAssets",
        "Note",
        "Qual",
    }
)
# Positions that any reader of the standard knows by heart; 1 says that there is none
POSITIONS = {"1": "", "2": "Left", "12": "Right", "22": "Front", "30": "Rear"}
LONGEST_NAME = 80
WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Application(NamedTuple):
    """One ``App``: what it says about one part and one vehicle.

    ``line`` in the file; ``delete`` for action D; ``base_vehicle`` (VCdb id) or
    ``make``, ``model``, ``year_from`` and ``year_to``; texts are tidied. An id stands
    where the file gives only the id: ``Position 22``. ``fault``: code of what makes
    the application unusable, or empty.
    """

    line: int
    id: str
    delete: bool
    brand: str
    part: str
    base_vehicle: int | None
    make: str
    model: str
    year_from: int | None
    year_to: int | None
    quantity: str
    position: str
    part_type: str
    engine_code: str
    condition: str
    fault: str


class AcesReader:
    """Iterates over the applications of an ACES file.

    After the last one, ``header`` (dict, see :data:`HEADER`), ``version``,
    ``record_count`` (what the footer says, or None) and ``count`` are complete;
    ``unnamed`` holds the ids that stand for texts which nobody has named.
    """

    def __init__(self, stream, names=None):
        """
        :param stream: seekable binary stream
        :param names: dict of (element, id) to text, from a loaded reference table,
            to say what an id means: ``{("Position", "22"): "Front"}``
        """
        self.stream = stream
        standard = {("Position", key): text for key, text in POSITIONS.items()}
        self.names = {**standard, **(names or {})}
        self.remarks = {}
        self.unnamed = {}
        self.header = {}
        self.version = ""
        self.record_count = None
        self.count = 0

    def __iter__(self):
        """
        :raises TableProblem: it is no XML, no ACES, broken off, or has a document type
        """
        self.stream.seek(0)
        refuse_doctype(self.stream)
        self.stream.seek(0)
        events = etree.iterparse(
            self.stream,
            events=("start", "end", "comment"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=False,
            remove_pis=True,
        )
        try:
            yield from self._applications(events)
        except etree.XMLSyntaxError as error:
            line = (error.position or (0,))[0]
            raise TableProblem("broken_xml", line=line) from None

    def _applications(self, events):
        depth, root = 0, None
        for event, element in events:
            if event == "comment":
                # Beside applications they say nothing, and memory must not grow
                if root is not None and element.getparent() is root:
                    root.remove(element)
                continue
            if event == "start":
                depth += 1
                if root is None:
                    root = self._check_root(element)
                continue
            depth -= 1
            if depth != 1:
                continue
            name = _name(element)
            if name == "App":
                self.count += 1
                yield self._read(element)
            elif name == "Header":
                for child in element:
                    key = HEADER.get(_name(child))
                    if key:
                        self.header[key] = _text(child)
            elif name == "Footer":
                for child in element:
                    if _name(child) == "RecordCount" and _text(child).isdigit():
                        self.record_count = int(_text(child))
            element.clear()
            while element.getprevious() is not None:
                del root[0]

    def _check_root(self, element):
        if _name(element) != "ACES":
            raise TableProblem("not_aces", name=_name(element)[:50])
        self.version = (element.get("version") or "")[:20]
        return element

    def _read(self, app):
        """Return the :class:`Application` of an ``App`` element."""
        base = make = model = part = brand = position = part_type = quantity = ""
        year_from = year_to = ""
        engine_code, conditions, fault = [], [], ""
        self._take_remarks(app)
        for child in app:
            name = _name(child)
            if name == "BaseVehicle":
                base = child.get("id") or ""
            elif name in ("Years", "ProductionYears"):
                year_from = child.get("from") or ""
                year_to = child.get("to") or ""
            elif name == "Make":
                make = self._value(child)
            elif name == "Model":
                model = self._value(child)
            elif name in ("Part", "PartNumber"):
                part = _text(child)
                brand = child.get("BrandAAIAID") or child.get("BrandID") or ""
            elif name in ("PartType", "PartTerminology"):
                part_type = self._value(child, bare=True)
            elif name == "Position":
                position = self._value(child)
            elif name == "Qty":
                quantity = _text(child)
            elif name in ("EquipmentBase", "EquipmentModel"):
                fault = "equipment"
            elif name == "EngineDesignation" and self._value(child, bare=True):
                engine_code.append(self._value(child, bare=True))
            elif name not in NOT_CONDITIONS or name in ("Qual", "Note", "MfrLabel"):
                conditions.append(self._condition(child, name))
        condition = "; ".join(dict.fromkeys(filter(None, conditions)))
        values = {
            "base_vehicle": _number(base),
            "year_from": _number(year_from),
            "year_to": _number(year_to),
        }
        if not fault:
            fault = _fault(app, base, part, quantity, condition, values)
        return Application(
            line=app.sourceline or 0,
            id=app.get("id") or "",
            delete=(app.get("action") or "A").upper() == "D",
            brand=brand or self.header.get("brand", ""),
            part=part,
            make=make,
            model=model,
            quantity=quantity or "1",
            position=position,
            part_type=part_type,
            engine_code="/".join(engine_code),
            condition=condition[:LONGEST_TEXT],
            fault=fault,
            **values,
        )

    def _take_remarks(self, app):
        """Take comments out of an application; those behind an id may name it.

        A program that writes ids often says beside each what it means:
        ``<Position id="22"/><!-- Front -->``.
        """
        self.remarks = {}
        comments = list(app.iter(etree.Comment))
        if not comments:
            return
        for comment in comments:
            named = comment.getprevious()
            text = " ".join((comment.text or "").split())
            beside = named is not None and "\n" not in (named.tail or "")
            if beside and isinstance(named.tag, str) and len(text) <= LONGEST_NAME:
                self.remarks[_name(named), named.get("id") or ""] = text
        etree.strip_tags(app, etree.Comment)

    def _value(self, element, bare=False):
        """Return what an element means: its text, a name given to its id, or its id.

        :param bool bare: return nothing rather than an id that nobody can read
        """
        text = _text(element)
        name, key = _name(element), element.get("id") or ""
        if text or not key:
            return text
        known = self.remarks.get((name, key)) or self.names.get((name, key))
        if known is not None:
            return known
        return "" if bare else self._unnamed(name, key)

    def _unnamed(self, name, key):
        text = f"{WORDS.sub(' ', name)} {key}".strip()
        self.unnamed.setdefault(text)
        return text

    def _condition(self, element, name):
        if name == "Qual":
            return self._qualifier(element)
        if name == "Note":
            return _text(element) or self._value(element)
        if name == "MfrLabel":
            return _text(element)
        value = self._value(element, bare=True)
        if value:
            return f"{WORDS.sub(' ', name)} {value}"
        return self._unnamed(name, element.get("id")) if element.get("id") else ""

    def _qualifier(self, element):
        """Return the text of a qualifier, or its id with its parameters."""
        for child in element:
            if _name(child) == "text" and _text(child):
                return _text(child)
        values = [
            " ".join(filter(None, (child.get("value"), child.get("uom"))))
            for child in element
            if _name(child) == "param"
        ]
        return " ".join([self._unnamed("Qual", element.get("id") or ""), *values])


def _fault(app, base, part, quantity, condition, values):
    if (app.get("action") or "A").upper() not in ("A", "D"):
        return "action"
    if not part:
        return "part_missing"
    if base and values["base_vehicle"] is None:
        return "vehicle_unknown"
    if quantity and not re.fullmatch(r"\d{1,6}", quantity):
        return "quantity"
    if len(condition) > LONGEST_TEXT:
        return "too_long"
    years = values["year_from"], values["year_to"]
    if all(years) and years[0] > years[1]:
        return "years_reversed"
    return ""


def _name(element):
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _text(element):
    return " ".join("".join(element.itertext()).split())[: LONGEST_TEXT + 1]


def _number(text):
    return int(text) if text.isdecimal() and len(text) < 10 else None
