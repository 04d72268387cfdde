"""Rows of suppliers' tables, turned into rows for the staging tables.

One reader for each kind of import: how they read is in :mod:`.row_reader`, vehicles and
fitments are in :mod:`.row_vehicle`.
"""

from . import cell_value
from .cell_value import tidy
from .row_reader import LONGEST_REFERENCE, SEPARATOR, Fault, PartReader, RowReader
from .row_vehicle import FitmentReader, VehicleReader


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
        ("uom", "text"),
    )
    # Words for one of what the part is: its own unit
    ONE = frozenset(
        "个 只 件 支 条 根 块 片 台 颗 枚 套 副 对 组 pc pcs pce piece pieces ea each"
        " unit units set sets kit kits pair pairs stk stück 1".split()
    )

    def _read(self, cells, faults):
        part = self._part(cells, faults)
        unit = self._text(cells, "uom")
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
            "" if unit.casefold().rstrip(".") in self.ONE else unit[:LONGEST_REFERENCE],
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
