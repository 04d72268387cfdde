"""Rows of vehicles, and of the parts that fit them: tables and ACES applications."""

from datetime import date

from . import cell_value
from .cell_value import tidy
from .part_number import LONGEST_KEY, number_key
from .row_reader import (
    LONGEST_REFERENCE,
    SEPARATOR,
    Cells,
    Fault,
    Memo,
    PartReader,
    RowReader,
)

# A vehicle may stand in a file thousands of times, and there are many
VEHICLES_REMEMBERED = 200_000
VEHICLE_BREAKS = "|\n\r;；、"
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
        self.plain = [
            (Memo(self._plain(cells.work_out, one), cells.most), cells.key_of)
            for cells, one in (
                (self.parts, False),
                (self.vehicles, True),
                (self.rests, False),
            )
        ]

    @staticmethod
    def _plain(work_out, one):
        """Return a function of cells: what they say, or None if there is more to it.

        :param bool one: they say a list, of which only a single value is plain
        """

        def read(key):
            value, faults = work_out(key)
            if faults or (one and len(value) != 1):
                return None
            return value[0] if one else value

        return read

    def read_many(self, rows):
        """Return what rows say: lists of their parts, vehicles and rests.

        None stands where a row has to be read by :meth:`read`.

        :param rows: lists of at least :attr:`width` cells that are texts
        """
        return [
            list(map(memo.__getitem__, map(key_of, rows)))
            for memo, key_of in self.plain
        ]

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
