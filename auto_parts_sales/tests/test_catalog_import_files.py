import base64
import io
import os
import zipfile
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..utils import aces_xml, cell_value, column_name, table_file
from ..utils.catalog_row import READERS
from ..utils.table_file import TableProblem
from .import_common import ImportCommon

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol">'
    + "".join(
        f'<!ENTITY lol{n} "{f"&lol{n - 1 or str()};" * 10}">' for n in range(1, 10)
    )
    + "]><ACES>&lol9;</ACES>"
).encode()
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<ACES><App><Note>&x;</Note></App></ACES>"
)


def archive(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return buffer.getvalue()


@tagged("post_install", "-at_install")
class TestCatalogImportBadFiles(ImportCommon):
    """CAT-7: what is no catalogue is refused with a sentence; nothing is written."""

    HEADER = ["编码", "OE号", "车型品牌"]
    GOOD = ["ECU-1", "5G0 906 259 C", "Volkswagen"]

    def assertRefused(self, content, words, kind="number", **values):
        job = self._check(kind, content, **values)
        self.assertEqual((job.state, job.error_count), ("failed", 1), job.message)
        self.assertRegex(job.message, words)
        self.assertTrue(job.error_file)
        self.assertFalse(self._numbers() or self._fitments())

    def test_files_that_are_no_tables(self):
        workbook = self._xlsx([self.HEADER, self.GOOD])
        rows = self._csv([self.HEADER, self.GOOD])
        for content, words in (
            (b" \n \n", "is empty"),
            (self._csv([self.HEADER]), "no row below"),
            (os.urandom(20000), "no table|damaged"),
            (b"\xd0\xcf\x11\xe0" + bytes(600), "old version"),
            (b"%PDF-1.7 ...", "PDF"),
            (b"\x1f\x8b\x08" + bytes(100), "packed"),
            (b"<html><body><table><tr><td>1</td></tr></table>", "web page"),
            (b"<?xml version='1.0'?><ACES/>", "XML file"),
            (workbook[: len(workbook) // 2], "damaged"),
            (b"PK\x03\x04" + os.urandom(500), "damaged"),
            (archive(word__document_xml="<a/>"), "not a workbook"),
            (archive(xl__workbook_xml=LAUGHS), "document type"),
            (archive(xl__workbook_xml="<a/>"), "damaged"),
            (rows + b'BD-1,"5G0 906 259 D', "never closed"),
            (b"word\nword\n", "Only one column"),
            (b"x," * 1_500_000, "longer than any row"),
        ):
            with self.subTest(words, content=content[:30]):
                self.assertRefused(content, words)

    def test_zip_bombs(self):
        zeros = bytes(64 * 1024 * 1024)
        bomb = archive(xl__workbook_xml="<a/>", xl__worksheets__sheet1_xml=zeros)
        self.assertLess(len(bomb), 200_000)
        self.assertRefused(bomb, "too large when unpacked")

    def test_xml_attacks(self):
        for content, words in (
            (LAUGHS, "document type"),
            (EXTERNAL, "document type"),
            (b"no xml at all", "no XML"),
            (b"<other/>", "no ACES file"),
            (b"<ACES><App></ACES>", "breaks off"),
            (b"", ""),
        ):
            if content:
                with self.subTest(words, content=content[:30]):
                    self.assertRefused(content, words, kind="aces")

    def test_headers_that_cannot_be_told_apart(self):
        doubled = [["编码", "OE号", "车型品牌", "编码"], [*self.GOOD, "X"]]
        self.assertRefused(self._csv(doubled), "Several columns are called")
        self.assertRefused(self._csv([["OE号", "车型品牌"], self.GOOD[1:]]), "Internal")

    def test_a_wrong_delimiter_is_seen(self):
        for delimiter in ",;\t|":
            content = self._csv([self.HEADER, self.GOOD], delimiter)
            with self.subTest(delimiter):
                self.assertCounts(self._check("number", content), added=1)
        # said by hand, and wrong
        content = self._csv([self.HEADER, self.GOOD], ";")
        self.assertRefused(content, "No row among|No column|one column", delimiter=",")

    def test_encodings_are_recognised(self):
        self.vw.name = "大众"
        rows = [self.HEADER, ["ECU-1", "5G0 906 259 C", "大众"]]
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "gbk"):
            with self.subTest(encoding):
                job = self._check("number", self._csv(rows, encoding=encoding))
                self.assertCounts(job, added=1)
        # Not Chinese at all
        self.vw.name = "Citroën"
        rows = [["Item No", "OE No", "Make"], ["ECU-1", "5G0 906 259 C", "Citroën"]]
        job = self._check("number", self._csv(rows, encoding="cp1252"))
        self.assertCounts(job, added=1)
        # said by hand, and wrong
        content = self._csv(rows, encoding="cp1252")
        self.assertRefused(content, "Line 2 is not readable", encoding="utf-8-sig")

    def test_rows_that_are_shifted(self):
        job = self._check(
            "number",
            [
                self.HEADER,
                ["", *self.GOOD],
                self.GOOD[1:],
                [*self.GOOD, "", ""],
                self.GOOD,
            ],
        )
        self.assertEqual(self._reasons(job), [(2, "too_many_cells"), (3, "no_text")])
        self.assertCounts(job, added=1, bad=2)

    def test_cells_that_a_spreadsheet_spoiled(self):
        content = self._xlsx(
            [
                ["Catalogue 2026", None, None],
                [None, None, None],
                self.HEADER,
                ["ECU-1", datetime(2024, 3, 1), "Volkswagen"],
                ["ECU-1", "=B4&1", "Volkswagen"],
                ["ECU-1", 1234567890123456789, "Volkswagen"],
                ["ECU-1", 12345.5, "Volkswagen"],
                ["ECU-1", "LONG", "Volkswagen"],
                ["ECU-1", 446506070, "Volkswagen"],
                ["ECU-1", 446506071, "Volkswagen"],
                ["ECU-1", 2e10, "Volkswagen"],
            ],
            # typed as 2E10, a spreadsheet makes a number of it, shown as 2.00E+10
            {"B10": "0000000000", "B11": "0.00E+00"},
        )
        # more than a spreadsheet would write itself
        content = self._replace(content, b"LONG", b"x" * 1_000_000)
        job = self._check("number", content, filename="file.xlsx")
        self.assertEqual(
            self._reasons(job),
            [
                (4, "date"),
                (5, "formula"),
                (6, "digits_lost"),
                (7, "decimal"),
                (8, "long"),
                (11, "scientific"),
            ],
        )
        self.assertEqual(job.issue_ids[4].cell, "B8")
        self.assertCounts(job, added=2, bad=6)
        # what it was nobody knows, whoever confirms the rest
        job.load_uncertain = True
        job.action_check()
        self.assertIn((11, "scientific"), self._reasons(job))
        job.load_uncertain = False
        job.action_check()
        job.action_run()
        self.assertEqual(self._numbers().mapped("number"), ["446506070", "0446506071"])

    def _replace(self, workbook, old, new):
        buffer = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(workbook)) as source,
            zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
        ):
            for part in source.infolist():
                content = source.read(part)
                target.writestr(part, content.replace(old, new))
        return buffer.getvalue()

    def test_the_same_dirt_in_a_text_file(self):
        long = "y" * 1_000_000
        text = (
            "编码,OE号,车型品牌\n"
            "ECU-1,2024-03-01,Volkswagen\n"
            "ECU-1,2E10,Volkswagen\n"
            "ECU-1,1.23457E+11,Volkswagen\n"
            'ECU-1,"=HYPERLINK(""http://x"",""y"")",Volkswagen\n'
            f"ECU-1,{long},Volkswagen\n"
            "ECU-1,5G0\x00906,Volkswagen\n"
            'ECU-1,="0446506070",Volkswagen\n'
        )
        job = self._check("number", text.encode())
        self.assertEqual(
            self._reasons(job),
            [
                (2, "date"),
                (3, "scientific"),
                (4, "scientific"),
                (5, "formula"),
                (6, "long"),
                (7, "controls"),
            ],
        )
        self.assertCounts(job, added=1, bad=6)
        job.action_run()
        self.assertEqual(self._numbers().number, "0446506070")

    def test_what_suppliers_write_is_no_formula_in_our_file(self):
        job = self._check(
            "number", [self.HEADER, ["ECU-1", "=cmd|' /C calc'!A0", "Volkswagen"]]
        )
        with zipfile.ZipFile(io.BytesIO(base64.b64decode(job.error_file))) as book:
            sheet = book.read("xl/worksheets/sheet1.xml")
        self.assertNotIn(b"<f>", sheet)

    def test_other_sheets(self):
        from openpyxl import Workbook

        book = Workbook()
        for row in (self.HEADER, self.GOOD):
            book.active.append(row)
        for title, rows in (
            ("More", (self.HEADER, ["BD-1", "1K0 615 301 AA", "Audi"])),
            ("Terms", (["Payment", "30 days"], ["Delivery", "free"])),
        ):
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        buffer = io.BytesIO()
        book.save(buffer)
        job = self._check("number", buffer.getvalue(), filename="file.xlsx")
        self.assertCounts(job, added=2)
        self.assertRegex(job.note, "Terms")
        self.assertNotRegex(job.note, "More")


class TestCatalogImportReaders(BaseCase):
    """The readers of cells, columns and files by themselves (CAT-7)."""

    def test_amounts(self):
        for text, value in (
            ("1,234.50", 1234.5),
            ("1.234,50", 1234.5),
            ("12,50", 12.5),
            ("1,234", 1234.0),
            ("¥ 1 234", 1234.0),
            ("￥１２", 12.0),
            ("99元", 99.0),
            ("", None),
        ):
            with self.subTest(text):
                self.assertEqual(cell_value.read_decimal(text), (value, ""))
        for text in ("about 5", "1,23,4", "1.2.3", "-", "5-6", "1e5"):
            with self.subTest(text):
                self.assertEqual(cell_value.read_decimal(text), (None, "amount"))
        self.assertEqual(cell_value.read_price("-1"), (None, "negative"))

    def test_litres(self):
        for text, value in (("1.4T", 1.4), ("1395cc", 1.4), ("2", 2.0), ("1,6 L", 1.6)):
            with self.subTest(text):
                self.assertEqual(cell_value.read_litres(text), (value, ""))
        self.assertEqual(cell_value.read_litres("V6"), (None, "displacement"))

    def test_columns_in_two_languages(self):
        for kind, headers, meanings in (
            ("number", ["编码", "零件号", "品牌"], ["part", "number", "make"]),
            ("number", ["零件号", "OE号1", "OE号 2"], ["part", "number", "number"]),
            (
                "number",
                ["Part Number*", "OE No. (original)", "Car Make"],
                ["part", "number", "make"],
            ),
            ("fitment", ["原厂号", "适用车型（年款）"], ["number", "vehicle"]),
            (
                "fitment",
                ["配件号", "品牌/Make", "车系", "年款起", "年款止"],
                ["part", "make", "model", "year_from", "year_to"],
            ),
            (
                "price",
                ["编码", "进价(含税)", "售价（元）", "起订量"],
                ["part", "price", "list_price", "min_qty"],
            ),
            ("price", ["零件号", "单价"], ["part", "price"]),
            ("product", ["商品编码", "品名", "颜色"], ["part", "name", ""]),
            ("supersession", ["旧件号", "新件号"], ["old_number", "new_number"]),
            ("vehicle", ["year", "make", "model"], ["years", "make", "model"]),
        ):
            with self.subTest(headers):
                self.assertEqual(column_name.recognise(headers, kind), meanings)

    def test_two_columns_of_one_name_are_not_guessed(self):
        self.assertEqual(
            column_name.recognise(["编码", "售价", "售价"], "price"), ["part", "", ""]
        )
        self.assertEqual(
            column_name.doubles(["编码", "售价", "售价"], "price"), ["售价"]
        )

    def test_an_application_of_each_version(self):
        four = (
            b'<ACES version="4.1"><Header><BrandAAIAID>BBBB</BrandAAIAID></Header>'
            b'<App action="A" id="7"><BaseVehicle id="12"/><EngineBase id="9"/>'
            b'<Qual id="5"><param value="280" uom="mm"/></Qual><Qty>2</Qty>'
            b'<PartType id="1"/><Position id="22">Front</Position>'
            b"<Part>P 1</Part></App>"
            b"<Footer><RecordCount>1</RecordCount></Footer></ACES>"
        )
        five = (
            b'<ACES version="5.0"><Header><BrandID>BBBB</BrandID></Header>'
            b'<App action="A" id="7"><BaseVehicle id="12"/><EngineBase id="9"/>'
            b'<Qual id="5"><param value="280" uom="mm"/></Qual><Qty>2</Qty>'
            b'<PartTerminology id="1"/><Position id="22">Front</Position>'
            b"<PartNumber>P 1</PartNumber></App>"
            b"<Footer><RecordCount>1</RecordCount></Footer></ACES>"
        )
        for content in (four, five):
            reader = aces_xml.AcesReader(io.BytesIO(content))
            [app] = list(reader)
            self.assertEqual(app.part, "P 1")
            self.assertEqual(app.brand, "BBBB")
            self.assertEqual(app.base_vehicle, 12)
            self.assertEqual(app.position, "Front")
            self.assertEqual(app.condition, "Engine Base 9; Qual 5 280 mm")
            self.assertEqual(app.fault, "")
            self.assertEqual(reader.record_count, 1)

    @settings(max_examples=150, deadline=None)
    @given(st.binary(max_size=400))
    def test_any_bytes_are_read_or_refused(self, content):
        try:
            list(table_file.open_table(io.BytesIO(content)).rows)
        except TableProblem as problem:
            self.assertIn(problem.code, table_file.PROBLEMS)
        try:
            list(aces_xml.AcesReader(io.BytesIO(content)))
        except TableProblem as problem:
            self.assertIn(problem.code, table_file.PROBLEMS)

    @settings(max_examples=150, deadline=None)
    @given(
        st.sampled_from(sorted(READERS)),
        st.lists(st.text(max_size=30), min_size=8, max_size=8),
    )
    def test_any_text_is_read_or_named(self, kind, cells):
        names = list(column_name.NAMES[kind])[:8]
        reader = READERS[kind]({name: [place] for place, name in enumerate(names)})
        row = table_file.TableRow("", 2, cells)
        records, faults = reader.read(row)
        width = len(reader.stage)
        self.assertTrue(all(len(record) == width for record in records))
        self.assertTrue(all(-1 <= fault.column < 8 for fault in faults))
        # Nothing is dropped in silence
        self.assertTrue(records or faults)

    @settings(max_examples=100, deadline=None)
    @given(st.lists(st.text(max_size=20), max_size=6), st.sampled_from(list(READERS)))
    def test_any_header_is_recognised_or_not(self, headers, kind):
        meanings = column_name.recognise(headers, kind)
        self.assertEqual(len(meanings), len(headers))
        single = [m for m in meanings if m not in column_name.SEVERAL.get(kind, ())]
        single = list(filter(None, single))
        self.assertEqual(len(single), len(set(single)))
