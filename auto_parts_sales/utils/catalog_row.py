"""Rows of suppliers' tables, turned into rows for the staging tables.

One reader for each kind of import. A reader knows the columns of one file and nothing
of the database: names stay names here, and are looked up for all rows at once later.
"""

from datetime import date
from operator import itemgetter
from typing import NamedTuple

from . import cell_value
from .cell_value import tidy
from .number_cell import read_number_cell
from .part_number import LONGEST_KEY, number_key
from .year_range import read_year_range

# Parts a text that names something into what it is made of; never in a cell
SEPARATOR = "\x1f"
REMEMBERED = 50_000
# A vehicle may stand in a file thousands of times, and there are many
VEHICLES_REMEMBERED = 200_000
LONGEST_REFERENCE = 120
UNUSABLE = frozenset({"formula", "error", "long", "controls"})
VEHICLE_BREAKS = "|\n\r;；、"


class Fault(NamedTuple):
    """What is wrong with a cell.

    ``column``: its place in the file, or -1 for the row; ``to_check``: a person may
    confirm it; ``blocks``: nothing of the row is loaded; ``part``: what the row says
    of the part.
    """

    column: int
    code: str
    value: str
    to_check: bool = False
    blocks: bool = True
    part: str = ""


class Memo(dict):
    """A dict that works out what it does not know, and remembers a bounded number.

    When it is full it begins anew: what a file repeats, it mostly repeats at once.
    """

    def __init__(self, function, most=REMEMBERED):
        super().__init__()
        self.function = function
        self.most = most

    def __missing__(self, key):
        value = self.function(key)
        if len(self) >= self.most:
            self.clear()
        self[key] = value
        return value


class Cells:
    """What some columns of a row mean together, worked out once for equal cells.

    Files repeat themselves: the same part, the same vehicle, the same remark.

    :param places: of the columns
    :param int width: of the row that ``function`` is given
    :param function: of (cells, faults); returns a value and adds to the faults
    """

    def __init__(self, places, width, function, most=REMEMBERED):
        self.places = places
        self.width = width
        self.function = function
        self.known = Memo(self._work_out, most)
        self.key_of = itemgetter(*places) if places else lambda _cells: ()

    def read(self, cells, faults, flagged=False):  # pylint: disable=method-required-super
        """Return the value, and add what is wrong to ``faults``.

        :param bool flagged: cells are more than texts, so equal texts may differ
        """
        if flagged:
            return self.function(cells, faults)
        value, found = self.known[self.key_of(cells)]
        if found:
            faults += found
        return value

    def _work_out(self, key):
        cells, faults = [""] * self.width, []
        # of a single place the getter gives the cell itself
        key = (key,) if len(self.places) == 1 else key
        for place, cell in zip(self.places, key, strict=True):
            cells[place] = cell
        return self.function(cells, faults), faults


class RowReader:
    """Reads the rows of one file.

    :param columns: dict of a meaning to the places of its columns
    :param bool confirmed: a person has confirmed numbers that are uncertain
    """

    # Columns of the staging table, after line and sheet: name, type
    stage = ()

    def __init__(self, columns, confirmed=False):
        self.columns = {meaning: tuple(places) for meaning, places in columns.items()}
        self.places = [place for places in columns.values() for place in places]
        self.width = max(self.places, default=-1) + 1
        self.confirmed = confirmed
        self.years = Memo(read_year_range)
        self.readers = {}
        self.flagged = False

    def read(self, row):  # pylint: disable=method-required-super
        """Return the staging rows of a table's row, and its faults.

        :param row: a :class:`~.table_file.TableRow`
        :return: pair of a list of tuples (values of :attr:`stage`) and a list of
            :class:`Fault`
        """
        cells = row.cells
        if len(cells) < self.width:
            cells = cells + [""] * (self.width - len(cells))
        faults = []
        self.flagged = row.flagged
        if row.flagged:
            faults = self._unusable(cells)
            if faults:
                return [], faults
        records = self._read(cells, faults)
        if any(fault.blocks for fault in faults):
            records = []
        if faults:
            part = self._part_of(cells)
            faults = [fault._replace(part=part) for fault in faults]
        return records, faults

    def _unusable(self, cells):
        flagged = [place for place in self.places if type(cells[place]) is not str]
        self.flagged = bool(flagged)
        return [
            Fault(place, cells[place].flag, str(cells[place]))
            for place in flagged
            if cells[place].flag in UNUSABLE
        ]

    def _read(self, cells, faults):
        raise NotImplementedError

    def _part_of(self, cells):
        return ""

    # === CELLS === #

    def _place(self, meaning):
        places = self.columns.get(meaning)
        return places[0] if places else -1

    def _text(self, cells, meaning):
        places = self.columns.get(meaning)
        return tidy(cells[places[0]]) if places else ""

    def _value(self, cells, meaning, function, faults, default=None):
        """Return what a function of :mod:`.cell_value` reads in a column."""
        places = self.columns.get(meaning)
        if not places:
            return default
        memo = self.readers.get(meaning)
        if memo is None:
            memo = self.readers[meaning] = Memo(function)
        cell = cells[places[0]]
        value, code = memo[cell]
        if code:
            faults.append(Fault(places[0], code, str(cell)))
        return default if value is None else value

    def _needed(self, cells, meaning, faults):
        text = self._text(cells, meaning)
        if not text:
            faults.append(Fault(self._place(meaning), "missing", ""))
        return text

    def _numbers(self, cells, meaning, faults, every=False):
        """Return the numbers in all columns of a meaning, as pairs with their key.

        :param bool every: those that are uncertain, too
        """
        found = []
        for place in self.columns.get(meaning, ()):
            cell = cells[place]
            if not cell.strip():
                continue
            spoiled = cell_value.spoiled_number(cell)
            if spoiled and (not self.confirmed or spoiled == "digits_lost"):
                faults.append(Fault(place, spoiled, str(cell), True, False))
                continue
            for number in read_number_cell(str(cell)):
                key = number_key(number.number)
                if not key:
                    faults.append(
                        Fault(place, f"no_{number.reason}", str(cell), True, False)
                    )
                elif len(key) > LONGEST_KEY:
                    faults.append(Fault(place, "long", str(cell)[:200]))
                elif number.certain or self.confirmed or every:
                    found.append((number, key))
                else:
                    faults.append(Fault(place, number.reason, str(cell), True, False))
        return found

    def _span(self, cells, faults):
        """Return first and last year and month from one or two columns."""
        result = [None] * 4
        generation = ""
        for meaning, halves in (
            ("years", (0, 1, 2, 3)),
            ("year_from", (0, 1)),
            ("year_to", (2, 3)),
        ):
            place = self._place(meaning)
            if place < 0 or not cells[place].strip():
                continue
            span = self.years[str(cells[place])]
            said = span.year_from or span.year_to or span.generation
            if span.rest or not (said or span.certain):
                faults.append(Fault(place, "years", str(cells[place])))
                continue
            if not span.certain and not self.confirmed:
                faults.append(Fault(place, f"years_{span.reason}", cells[place], True))
                continue
            values = [span.year_from, span.month_from, span.year_to, span.month_to]
            if meaning == "year_to" and span.year_to is None:
                values[2:] = values[:2]
            for half in halves:
                result[half] = values[half]
            generation = generation or span.generation
        if result[0] and result[2] and result[0] > result[2]:
            faults.append(Fault(self._place("years"), "years_reversed", ""))
        return (*result, generation)


class PartReader(RowReader):
    """A reader whose rows each name a part of ours."""

    def _part_of(self, cells):
        """Return what the row says of the part: reference, barcode, key, brand."""
        number = self._text(cells, "number") if self.by_number else ""
        return SEPARATOR.join(
            (
                self._text(cells, "part")[:LONGEST_REFERENCE],
                self._text(cells, "barcode")[:LONGEST_REFERENCE],
                number_key(number)[:LONGEST_KEY],
                self._text(cells, "part_brand")[:LONGEST_REFERENCE],
            )
        )

    # Whether a number tells which part is meant, where there is no reference
    by_number = True

    def __init__(self, columns, confirmed=False):
        super().__init__(columns, confirmed)
        names = ("part", "barcode", "number", "part_brand", "brand")
        places = [place for name in names for place in self.columns.get(name, ())]
        if "number" in self.columns and not self.by_number:
            places = [p for p in places if p not in self.columns["number"]]
        self.parts = Cells(places, self.width, self._read_part)

    def _part(self, cells, faults):
        return self.parts.read(cells, faults, self.flagged)

    def _read_part(self, cells, faults):
        part = self._part_of(cells)
        reference = part.partition(SEPARATOR)[0]
        if not part.strip(SEPARATOR) or part.startswith(SEPARATOR * 3):
            places = [self._place(name) for name in ("part", "number", "barcode")]
            faults.append(Fault(max(places), "missing", ""))
        elif reference and (place := self._place("part")) >= 0:
            spoiled = cell_value.spoiled_number(cells[place])
            # A reference may well have a point; what is lost cannot be looked up
            if spoiled in ("digits_lost",) or (
                spoiled == "date" and type(cells[place]) is not str
            ):
                faults.append(Fault(place, spoiled, str(cells[place]), True))
        return part


class NumberReader(PartReader):
    stage = (
        ("part", "text"),
        ("number", "text"),
        ("key", "text"),
        ("kind", "text"),
        ("side", "text"),
        ("owner", "text"),
    )
    by_number = False

    KINDS = {
        **dict.fromkeys(
            ("oe", "oem", "original", "原厂", "原厂号", "oe号", "genuine"), "oe"
        ),
        **dict.fromkeys(("trade", "own", "品牌号", "自有", "自编", "工厂号"), "trade"),
        **dict.fromkeys(
            (
                "interchange",
                "cross",
                "cross reference",
                "互换",
                "通用",
                "对照",
                "参考",
                "替代",
            ),
            "interchange",
        ),
    }

    def _read(self, cells, faults):
        part = self._part(cells, faults)
        kind = self._value(cells, "kind", self._read_kind, faults)
        words = [self._text(cells, name) for name in ("make", "group", "brand")]
        numbers = self._numbers(cells, "number", faults)
        if not numbers and not faults:
            faults.append(Fault(self._place("number"), "missing", ""))
        records = {}
        for number, key in numbers:
            owner = SEPARATOR.join((*words, number.owner))
            records.setdefault(
                (key, owner), (part, number.number, key, kind, number.side, owner)
            )
        return list(records.values())

    def _read_kind(self, text):
        kind = self.KINDS.get(tidy(text).casefold())
        return (kind, "") if kind or not text.strip() else (None, "number_kind")


class SupersessionReader(RowReader):
    stage = (
        ("old_number", "text"),
        ("old_key", "text"),
        ("new_number", "text"),
        ("new_key", "text"),
        ("owner", "text"),
        ("date", "date"),
        ("mode", "text"),
        ("two_way", "boolean"),
        ("ratio", "numeric"),
    )

    MODES = {
        **dict.fromkeys(
            ("replace", "replaced", "1", "替换", "替代", "取代", "换号"), "replace"
        ),
        **dict.fromkeys(
            ("and", "all", "both", "和", "且", "与", "全部", "组合"), "and"
        ),
        **dict.fromkeys(("or", "any", "either", "或", "或者", "任一", "任意"), "or"),
    }

    def _part_of(self, cells):
        """Return the keys of the old numbers: what is known of them stays."""
        numbers = self._numbers(cells, "old_number", [], every=True)
        return SEPARATOR.join(dict.fromkeys(key for _number, key in numbers))

    def _read(self, cells, faults):
        words = [self._text(cells, name) for name in ("make", "group", "brand")]
        day = self._value(cells, "date", cell_value.read_day, faults)
        mode = self._value(cells, "mode", self._read_mode, faults)
        two_way = self._value(cells, "two_way", cell_value.read_flag, faults, False)
        ratio = self._value(cells, "ratio", cell_value.read_quantity, faults, 1.0)
        old = self._numbers(cells, "old_number", faults)
        new = self._numbers(cells, "new_number", faults)
        for numbers, meaning in ((old, "old_number"), (new, "new_number")):
            if not numbers and not faults:
                faults.append(Fault(self._place(meaning), "missing", ""))
        if len({key for _number, key in new}) > 1 and not mode and not faults:
            # All of them, or any of them: nobody but a person knows
            faults.append(Fault(self._place("mode"), "mode_needed", ""))
        records = {}
        for before, old_key in old:
            for after, new_key in new:
                if old_key == new_key:
                    place = self._place("new_number")
                    faults.append(Fault(place, "same_number", after.number))
                    continue
                owner = SEPARATOR.join((*words, before.owner or after.owner))
                records[old_key, new_key] = (
                    *(before.number, old_key, after.number, new_key, owner),
                    *(day, mode or "replace", two_way, ratio),
                )
        return list(records.values())

    def _read_mode(self, text):
        mode = self.MODES.get(tidy(text).casefold())
        return (mode, "") if mode or not text.strip() else (None, "mode")


FUELS = {
    **dict.fromkeys(("petrol", "gasoline", "gas", "benzin", "汽油", "汽"), "petrol"),
    **dict.fromkeys(("diesel", "柴油", "柴"), "diesel"),
    **dict.fromkeys(
        ("hybrid", "hev", "混动", "油电混合", "混合动力", "油混"), "hybrid"
    ),
    **dict.fromkeys(
        (
            "plug-in hybrid",
            "plug in hybrid",
            "phev",
            "插电混动",
            "插电式混合动力",
            "插混",
        ),
        "plug_in_hybrid",
    ),
    **dict.fromkeys(
        ("electric", "ev", "bev", "纯电", "纯电动", "电动", "电"), "electric"
    ),
    **dict.fromkeys(("lpg", "液化石油气"), "lpg"),
    **dict.fromkeys(("cng", "天然气", "压缩天然气"), "cng"),
    **dict.fromkeys(("hydrogen", "fcev", "氢", "氢燃料"), "hydrogen"),
}


DRIVES = {
    **dict.fromkeys(
        ("fwd", "front", "front-wheel drive", "前驱", "前置前驱", "前轮驱动"), "fwd"
    ),
    **dict.fromkeys(
        ("rwd", "rear", "rear-wheel drive", "后驱", "前置后驱", "后轮驱动"), "rwd"
    ),
    **dict.fromkeys(("awd", "all-wheel drive", "四驱", "全时四驱", "适时四驱"), "awd"),
    **dict.fromkeys(("4wd", "4x4", "分时四驱", "四轮驱动"), "4wd"),
}
BODIES = {
    **dict.fromkeys(("sedan", "saloon", "三厢", "轿车", "三厢车"), "sedan"),
    **dict.fromkeys(("hatchback", "两厢", "掀背", "掀背车", "两厢车"), "hatchback"),
    **dict.fromkeys(("wagon", "estate", "旅行车", "旅行版"), "wagon"),
    **dict.fromkeys(("suv", "sport utility", "越野车"), "suv"),
    **dict.fromkeys(("mpv", "minivan", "商务车"), "mpv"),
    **dict.fromkeys(("coupe", "coupé", "轿跑", "双门轿跑"), "coupe"),
    **dict.fromkeys(("convertible", "cabriolet", "敞篷", "敞篷车"), "convertible"),
    **dict.fromkeys(("pickup", "pick-up", "皮卡"), "pickup"),
    **dict.fromkeys(("van", "面包车", "厢式车", "van/minivan"), "van"),
    **dict.fromkeys(("bus", "客车"), "bus"),
    **dict.fromkeys(("truck", "lorry", "卡车", "货车"), "truck"),
    **dict.fromkeys(("motorcycle", "摩托车"), "motorcycle"),
}


def _read_word(words, code):
    def read(text):
        folded = tidy(text).casefold()
        found = words.get(folded) or (folded if folded == "other" else None)
        return (found, "") if found or not folded else (None, code)

    return read


read_drive = _read_word(DRIVES, "drive")
read_body = _read_word(BODIES, "body")


def read_fuel(text):
    """Return the fuel of a vehicle; empty text has none."""
    folded = tidy(text).casefold()
    fuel = FUELS.get(folded) or (folded if folded in FUELS.values() else None)
    return (fuel, "") if fuel or not folded else (None, "fuel")


class VehicleReader(RowReader):
    stage = (
        ("make", "text"),
        ("model", "text"),
        ("generation", "text"),
        ("year_from", "integer"),
        ("year_to", "integer"),
        ("engine", "text"),
        ("engine_code", "text"),
        ("displacement", "numeric"),
        ("fuel", "text"),
        ("power_kw", "integer"),
        ("drive", "text"),
        ("body", "text"),
        ("ktype", "integer"),
        ("vcdb_base_vehicle", "integer"),
        ("cn_code", "text"),
    )

    def _part_of(self, cells):
        """Return make and model: what is known of their vehicles stays."""
        return SEPARATOR.join(
            self._text(cells, name)[:LONGEST_REFERENCE] for name in ("make", "model")
        )

    def _read(self, cells, faults):
        make = self._needed(cells, "make", faults)
        model = self._needed(cells, "model", faults)
        year_from, _mf, year_to, _mt, generation = self._span(cells, faults)
        record = (
            make[:LONGEST_REFERENCE],
            model[:LONGEST_REFERENCE],
            self._text(cells, "generation") or generation,
            year_from,
            year_to,
            self._text(cells, "engine"),
            self._text(cells, "engine_code"),
            self._value(cells, "displacement", cell_value.read_litres, faults),
            self._value(cells, "fuel", read_fuel, faults),
            self._value(cells, "power_kw", cell_value.read_whole, faults),
            self._value(cells, "drive", read_drive, faults),
            self._value(cells, "body", read_body, faults),
            self._value(cells, "ktype", cell_value.read_key, faults),
            self._value(cells, "vcdb_base_vehicle", cell_value.read_key, faults),
            self._text(cells, "cn_code"),
        )
        return [record]


# A fitment is staged as its part, its vehicle and the rest of it, see the loader
FITMENT_REST = (
    ("position", "text"),
    ("quantity", "numeric"),
    ("condition", "text"),
    ("chassis_from", "text"),
    ("chassis_to", "text"),
    ("remove", "boolean"),
)
# What a vehicle is named by, in the order in which the text of it is made
VEHICLE_WORDS = (
    "ktype",
    "vcdb_base_vehicle",
    "cn_code",
    "make",
    "model",
    "vehicle",
    "generation",
    "engine",
    "engine_code",
    "displacement",
    "fuel",
    "year_from",
    "month_from",
    "year_to",
    "month_to",
)


def vehicle_text(**words):
    """Return a vehicle in one text: :data:`VEHICLE_WORDS`, parted."""
    return SEPARATOR.join(
        "" if words.get(word) is None else str(words[word]) for word in VEHICLE_WORDS
    )


class FitmentReader(PartReader):
    stage = (("part", "text"), ("vehicle", "text"), ("rest", "record"))

    def __init__(self, columns, confirmed=False):
        super().__init__(columns, confirmed)
        names = set(VEHICLE_WORDS) | {"years"}
        places = [p for name in columns if name in names for p in columns[name]]
        self.vehicles = Cells(
            places, self.width, self._read_vehicles, VEHICLES_REMEMBERED
        )
        names = {"position", "quantity", "condition", "chassis_from", "chassis_to"}
        places = [p for name in columns if name in names for p in columns[name]]
        self.rests = Cells(places, self.width, self._read_rest)
        self.short = [
            (cells.known, cells.key_of)
            for cells in (self.parts, self.vehicles, self.rests)
        ]

    def read(self, row):
        """Override: rows of cells that were all seen before take the short way."""
        _sheet, _line, cells, flagged = row
        if not flagged and len(cells) >= self.width:
            (parts, part_key), (vehicles, vehicle_key), (rests, rest_key) = self.short
            part, bad_part = parts[part_key(cells)]
            named, bad_vehicle = vehicles[vehicle_key(cells)]
            rest, bad_rest = rests[rest_key(cells)]
            if not (bad_part or bad_vehicle or bad_rest):
                return [(part, vehicle, rest) for vehicle in named], ()
        return super().read(row)

    def _read(self, cells, faults):
        part = self._part(cells, faults)
        vehicles = self.vehicles.read(cells, faults, self.flagged)
        rest = self.rests.read(cells, faults, self.flagged)
        return [(part, vehicle, rest) for vehicle in vehicles]

    def _read_rest(self, cells, faults):
        quantity = self._value(cells, "quantity", cell_value.read_quantity, faults, 1.0)
        condition = "; ".join(
            dict.fromkeys(
                text
                for place in self.columns.get("condition", ())
                if (text := tidy(cells[place]))
            )
        )
        return (
            self._text(cells, "position"),
            quantity,
            condition,
            self._text(cells, "chassis_from"),
            self._text(cells, "chassis_to"),
            False,
        )

    def _read_vehicles(self, cells, faults):
        """Return the vehicles that a row names, as texts."""
        year_from, month_from, year_to, month_to, generation = self._span(cells, faults)
        words = {
            "ktype": self._value(cells, "ktype", cell_value.read_key, faults),
            "vcdb_base_vehicle": self._value(
                cells, "vcdb_base_vehicle", cell_value.read_key, faults
            ),
            "displacement": self._value(
                cells, "displacement", cell_value.read_litres, faults
            ),
            "fuel": self._value(cells, "fuel", read_fuel, faults),
            "year_from": year_from,
            "month_from": month_from,
            "year_to": year_to,
            "month_to": month_to,
        }
        for name in ("cn_code", "make", "model", "generation", "engine", "engine_code"):
            words[name] = self._text(cells, name)
        words["generation"] = words["generation"] or generation
        pieces = self._pieces(cells)
        keyed = words["ktype"] or words["vcdb_base_vehicle"] or words["cn_code"]
        if keyed or words["model"]:
            return [vehicle_text(**words)]
        if not pieces and not faults:
            places = [self._place(name) for name in ("model", "vehicle", "ktype")]
            faults.append(Fault(max(places), "missing", ""))
        return [
            vehicle_text(**{**words, **self._piece_words(piece, words)})
            for piece in pieces
        ]

    def _pieces(self, cells):
        pieces = []
        for place in self.columns.get("vehicle", ()):
            text = cells[place]
            for mark in VEHICLE_BREAKS:
                text = text.replace(mark, "\n")
            pieces += [tidy(piece) for piece in text.split("\n") if piece.strip()]
        return list(dict.fromkeys(pieces))

    def _piece_words(self, piece, words):
        """Return the words of one vehicle in free text: name, and years if it has."""
        span = self.years[piece]
        named = {"vehicle": piece[:LONGEST_REFERENCE]}
        if span.certain and span.rest and (span.year_from or span.year_to):
            named["vehicle"] = tidy(span.rest)[:LONGEST_REFERENCE]
            if not words["year_from"] and not words["year_to"]:
                for word in ("year_from", "month_from", "year_to", "month_to"):
                    named[word] = getattr(span, word)
        if span.generation and not words["generation"]:
            named["generation"] = span.generation
            if span.rest:
                named["vehicle"] = tidy(span.rest)[:LONGEST_REFERENCE]
        return named


class ProductReader(PartReader):
    stage = (
        ("part", "text"),
        ("name", "text"),
        ("brand", "text"),
        ("grade", "text"),
        ("barcode", "text"),
        ("category", "text"),
        ("list_price", "numeric"),
        ("weight", "numeric"),
        ("warranty_months", "integer"),
        ("warranty_km", "integer"),
        ("stock_class", "text"),
    )
    by_number = False

    GRADES = {
        **dict.fromkeys(
            ("genuine", "oe", "oem", "original", "原厂", "原厂件", "正厂"), "genuine"
        ),
        **dict.fromkeys(
            ("oes", "oe supplier", "配套", "配套件", "oe配套", "品牌原厂"), "oes"
        ),
        **dict.fromkeys(
            ("aftermarket", "am", "品牌", "品牌件", "副厂", "副厂件", "售后"),
            "aftermarket",
        ),
        **dict.fromkeys(
            ("reman", "remanufactured", "rebuilt", "再制造", "再制造件", "翻新"),
            "reman",
        ),
        **dict.fromkeys(
            ("used", "second hand", "拆车", "拆车件", "二手", "旧件"), "used"
        ),
    }
    CLASSES = {
        **dict.fromkeys(("common", "常备", "常用", "常规"), "common"),
        **dict.fromkeys(("seasonal", "季节", "季节性"), "seasonal"),
        **dict.fromkeys(
            ("special", "special order", "订货", "特殊", "特订"), "special"
        ),
        **dict.fromkeys(("obsolete", "淘汰", "停产", "呆滞"), "obsolete"),
    }

    def _part_of(self, cells):
        return SEPARATOR.join(
            (
                self._text(cells, "part")[:LONGEST_REFERENCE],
                self._text(cells, "barcode")[:LONGEST_REFERENCE],
                "",
                self._text(cells, "brand")[:LONGEST_REFERENCE],
            )
        )

    def _read(self, cells, faults):
        part = self._part(cells, faults)
        record = (
            part,
            self._text(cells, "name"),
            self._text(cells, "brand")[:LONGEST_REFERENCE],
            self._value(cells, "grade", self._read_grade, faults),
            self._barcode(cells, faults),
            self._text(cells, "category"),
            self._value(cells, "list_price", cell_value.read_price, faults),
            self._value(cells, "weight", self._read_weight, faults),
            self._value(cells, "warranty_months", cell_value.read_whole, faults),
            self._value(cells, "warranty_km", cell_value.read_whole, faults),
            self._value(cells, "stock_class", self._read_class, faults),
        )
        return [record]

    def _barcode(self, cells, faults):
        place = self._place("barcode")
        if place < 0:
            return ""
        spoiled = cell_value.spoiled_number(cells[place])
        if spoiled and cells[place].strip():
            faults.append(Fault(place, spoiled, str(cells[place])))
        return tidy(cells[place])

    def _read_grade(self, text):
        folded = tidy(text).casefold()
        grade = self.GRADES.get(folded)
        return (grade, "") if grade or not folded else (None, "grade")

    def _read_class(self, text):
        folded = tidy(text).casefold()
        found = self.CLASSES.get(folded)
        return (found, "") if found or not folded else (None, "stock_class")

    def _read_weight(self, text):
        folded = tidy(text).casefold().removesuffix("kg").removesuffix("公斤")
        return cell_value.read_price(folded)


class PriceReader(PartReader):
    stage = (
        ("part", "text"),
        ("price", "numeric"),
        ("list_price", "numeric"),
        ("vendor", "text"),
        ("vendor_code", "text"),
        ("vendor_name", "text"),
        ("currency", "text"),
        ("min_qty", "numeric"),
        ("delay", "integer"),
        ("discount", "numeric"),
        ("date_start", "date"),
        ("date_end", "date"),
    )

    def _read(self, cells, faults):
        part = self._part(cells, faults)
        price = self._value(cells, "price", cell_value.read_price, faults)
        list_price = self._value(cells, "list_price", cell_value.read_price, faults)
        if price is None and list_price is None and not faults:
            place = max(self._place("price"), self._place("list_price"))
            faults.append(Fault(place, "missing", ""))
        start = self._value(cells, "date_start", cell_value.read_day, faults)
        end = self._value(cells, "date_end", cell_value.read_day, faults)
        if start and end and start > end:
            faults.append(Fault(self._place("date_end"), "dates_reversed", str(end)))
        record = (
            part,
            price,
            list_price,
            self._text(cells, "vendor")[:LONGEST_REFERENCE],
            self._text(cells, "vendor_code")[:LONGEST_REFERENCE],
            self._text(cells, "vendor_name"),
            self._text(cells, "currency").upper()[:10],
            self._value(cells, "min_qty", self._read_minimum, faults, 0.0),
            self._value(cells, "delay", cell_value.read_whole, faults),
            self._value(cells, "discount", self._read_percent, faults),
            start,
            end,
        )
        return [record]

    def _read_minimum(self, text):
        bare = tidy(text)
        return (0.0, "") if bare in ("0", "") else cell_value.read_quantity(bare)

    def _read_percent(self, text):
        bare = tidy(text)
        value, code = cell_value.read_decimal(bare.rstrip("%％"))
        if value is not None and not 0 <= value <= 100:
            return None, "percent"
        return value, code


READERS = {
    "product": ProductReader,
    "number": NumberReader,
    "supersession": SupersessionReader,
    "vehicle": VehicleReader,
    "fitment": FitmentReader,
    "price": PriceReader,
}


def read_application(app, today=None):
    """Return the staging rows and faults of an ACES application.

    :param app: :class:`~.aces_xml.Application`
    """
    part = SEPARATOR.join(
        (
            app.part[:LONGEST_REFERENCE],
            "",
            number_key(app.part)[:LONGEST_KEY],
            app.brand,
        )
    )
    fault, value = app.fault, app.id
    if fault == "years_reversed":
        value = f"{app.year_from}-{app.year_to}"
    this_year = (today or date.today()).year
    years = [year for year in (app.year_from, app.year_to) if year]
    if not fault and any(not 1896 <= year <= this_year + 2 for year in years):
        fault, value = "years", f"{app.year_from}-{app.year_to}"
    if not fault and not (app.base_vehicle or (app.make and app.model)):
        fault = "vehicle_unknown"
    if fault:
        return [], [Fault(-1, fault, value, part=part)]
    vehicle = vehicle_text(
        vcdb_base_vehicle=app.base_vehicle,
        make=app.make[:LONGEST_REFERENCE],
        model=app.model[:LONGEST_REFERENCE],
        engine_code=app.engine_code[:LONGEST_REFERENCE],
        year_from=app.year_from,
        year_to=app.year_to,
    )
    quantity = float(app.quantity or 1)
    rest = (app.position, quantity, app.condition, "", "", app.delete)
    return [(part, vehicle, rest)], []
