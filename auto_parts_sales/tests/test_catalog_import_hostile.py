import io

from odoo.tests import tagged

from ..utils import aces_xml
from ..utils.number_cell import read_number_cell
from ..utils.row_texts import RowTexts
from .import_common import ImportCommon


@tagged("post_install", "-at_install")
class TestCatalogImportHostile(ImportCommon):
    """CAT-7: files as they come from all over the world."""

    HEADER = ["编码", "OE号", "车型品牌"]

    def _merged(self, rows, *ranges):
        from openpyxl import Workbook

        book = Workbook()
        for row in rows:
            book.active.append(row)
        for cells in ranges:
            book.active.merge_cells(cells)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    def test_merged_cells_count_for_each_of_their_rows(self):
        rows = [
            ["Price list 2026", "", ""],
            self.HEADER,
            ["ECU-1", "5G0 906 259 C", "Volkswagen"],
            ["", "5G0 906 259 D", ""],
            ["", "5G0 906 259 E", ""],
            ["BD-1", "1K0 615 301 AA", "Audi"],
            ["", "1K0 615 301 AC", ""],
        ]
        content = self._merged(rows, "A1:C1", "A3:A5", "C3:C5", "C6:C7")
        job = self._load("number", content, "list.xlsx")
        # the last row's part is empty and not merged with the one above
        self.assertEqual(self._reasons(job), [(7, "missing")])
        self.assertEqual(
            set(
                self._numbers().mapped(lambda n: (n.key, n.make_id, n.product_tmpl_id))
            ),
            {
                *(
                    (f"5G0906259{letter}", self.vw, self.ecu.product_tmpl_id)
                    for letter in "CDE"
                ),
                ("1K0615301AA", self.audi, self.brakes.product_tmpl_id),
            },
        )

    def test_a_title_over_two_rows_is_no_value(self):
        rows = [["Title", ""], ["", ""], self.HEADER, ["BD-1", "1K0615301A", "VW"]]
        content = self._merged(rows, "A1:B2")
        self.assertCounts(self._load("number", content, "a.xlsx"), added=1)

    def test_rare_encodings(self):
        rows = [self.HEADER, ["BD-1", "1K0 615 301 AA", "大众"]]
        for encoding in ("utf-32", "utf-16-be", "gb18030", "utf-8-sig"):
            job = self._check("number", self._csv(rows, encoding=encoding))
            self.assertEqual(job.state, "checked", job.message)
            self.assertCounts(job, added=1)

    def test_a_broken_character_is_named_with_its_line(self):
        rows = [self.HEADER, *(["BD-1", f"1K0615301{n}A", "大众"] for n in range(9))]
        content = self._csv(rows) + b"BD-1,1K0 615 \xff\xfe 302,VW\n"
        job = self._check("number", content)
        self.assertEqual(job.state, "failed")
        self.assertRegex(job.message, "Line 11 .*utf-8")

    def test_files_with_nothing_in_them(self):
        for content, name in (
            (self._merged([]), "a.xlsx"),
            (self._merged([self.HEADER]), "a.xlsx"),
            (self._csv([self.HEADER]), "a.csv"),
            (b"\n\n \n", "a.csv"),
            (b"\xef\xbb\xbf", "a.csv"),
        ):
            job = self._check("number", content, name)
            self.assertEqual(job.state, "failed", job.message)
            self.assertTrue(job.message)

    def test_very_long_texts(self):
        words = "only with sport suspension " * 1000
        rows = [
            ["Part No", "Make", "Model", "Condition"],
            ["BD-1", "Volkswagen", "Golf", words],
            ["BD-1", "Volkswagen", "Passat", words * 2],
        ]
        job = self._load("fitment", rows)
        self.assertEqual(self._reasons(job), [(3, "long")])
        self.assertEqual(self._fitments().condition, words.strip())

    def test_a_number_broken_into_two_lines_is_asked_about(self):
        rows = [self.HEADER, ["BD-1", "5G0\n906 259 C", "Volkswagen"]]
        job = self._check("number", rows)
        self.assertCounts(job, bad=1)
        self.assertEqual(job.uncertain_count, 1)
        # two numbers in two lines are two numbers
        cells = read_number_cell("5G0 906 259 C\n5G0 906 259 D")
        self.assertTrue(all(cell.certain for cell in cells))

    def test_another_kind_leaves_no_table(self):
        rows = [["Part No", "Make", "Model"], ["BD-1", "Volkswagen", "Golf"]]
        job = self._check("fitment", rows)
        job.kind = "number"
        self.env.cr.execute(
            "SELECT count(*) FROM pg_tables WHERE starts_with(tablename, %s)",
            [f"parts_catalog_import_{job.id}_"],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        self.assertEqual(job.state, "draft")

    def test_equal_meanings_are_one_fitment(self):
        rows = [
            ["Part No", "Make", "Model", "Position"],
            ["BD-1", "Volkswagen", "Golf", "front"],
            ["bd-1", "Volkswagen", "Golf", "front"],
            ["BD-1", "VW", "Golf", "front"],
            ["BD-1", "大众", "高尔夫", " front "],
        ]
        job = self._check("fitment", rows)
        # references are compared as they are written; names in any spelling
        self.assertCounts(job, added=1, bad=1)
        self.assertEqual(job.repeated_count, 2)

    def test_texts_are_numbered_once(self):
        texts = RowTexts(last=7, most=2)
        numbers = [texts.numbers[text] for text in ("a", "b", "a", "c", "a")]
        # after the third text the first ones are forgotten, and get new numbers
        self.assertEqual(numbers, [8, 9, 8, 10, 11])
        self.assertEqual(texts.take_new(), [(8, "a"), (9, "b"), (10, "c"), (11, "a")])
        self.assertEqual(texts.take_new(), [])

    # === ACES === #

    def _read_aces(self, app):
        content = f'<ACES version="4.2"><App action="A" id="1">{app}</App></ACES>'
        reader = aces_xml.AcesReader(io.BytesIO(content.encode()))
        [found] = list(reader)
        return found, sorted(reader.unnamed)

    def test_ids_are_named_by_the_file(self):
        app, unnamed = self._read_aces(
            '<BaseVehicle id="1"/><!-- 2005 Civic -->\n'
            '<EngineBase id="560"/> <!-- 1.8 L4 -->\n'
            "<!-- what follows is no name of the engine -->\n"
            '<Position id="104"/><!--Front Left--><Qty>1</Qty><Part>P<!--x-->1</Part>'
        )
        self.assertEqual(app.position, "Front Left")
        self.assertEqual(app.condition, "Engine Base 1.8 L4")
        self.assertEqual((app.part, unnamed), ("P1", []))

    def test_usual_positions_are_named(self):
        for key, text in (("22", "Front"), ("30", "Rear"), ("1", "")):
            app, unnamed = self._read_aces(
                f'<BaseVehicle id="1"/><Position id="{key}"/><Part>P</Part>'
            )
            self.assertEqual((app.position, unnamed), (text, []))

    def test_other_ids_stay_ids_and_are_told(self):
        app, unnamed = self._read_aces(
            '<BaseVehicle id="1"/><EngineBase id="560"/><Position id="9104"/>'
            "<Part>P</Part>"
        )
        self.assertEqual(app.position, "Position 9104")
        self.assertEqual(unnamed, ["Engine Base 560", "Position 9104"])
        self.golf.vcdb_base_vehicle = 5911
        job = self._check(
            "aces",
            b'<ACES version="4.2"><App action="A" id="1"><BaseVehicle id="5911"/>'
            b'<Position id="9104"/><Part>BD-1</Part></App></ACES>',
            "a.xml",
        )
        self.assertIn("Position 9104", job.note)
