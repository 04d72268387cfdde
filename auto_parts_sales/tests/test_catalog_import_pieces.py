import io
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..models import parts_catalog_loader
from ..models.parts_catalog_loader_file import Block
from ..utils import table_csv, table_file
from ..utils.catalog_row import READERS
from ..utils.table_cell import TablePiece, TableRow
from .import_common import ImportCommon

BITS = ("a,b\n", '"q,r"', '"l\nm"', "\r\n", "=1,x\n", ",", '"', "号\n", "\x01", " ,\n")


def read(text, encoding="utf-8-sig"):
    """Return the rows of a text, or the problem with it."""
    try:
        rows = table_file.open_table(io.BytesIO(text.encode(encoding)), encoding, ",")
        return [
            (row.line, [(str(c), getattr(c, "flag", "")) for c in row.cells])
            for row in rows.rows
        ]
    except table_file.TableProblem as problem:
        return problem.code, problem.values


class TestCatalogImportPieces(BaseCase):
    """CAT-7: a large file is read by the piece, which changes nothing in its rows."""

    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.sampled_from(BITS), max_size=30).map("".join))
    def test_pieces_are_the_rows_of_the_whole(self, text):
        whole = read(text)
        with patch.object(table_csv, "PIECE", 7):
            self.assertEqual(read(text), whole)

    def test_lines_are_counted_across_pieces(self):
        text = 'a,b\n\n"1\n2",c\n' + "x,y\n" * 40 + '"open\n'
        with patch.object(table_csv, "PIECE", 16):
            self.assertEqual(read(text), ("open_quote", {"line": 45}))
            self.assertEqual(read(text[:-6])[-1], (44, [("x", ""), ("y", "")]))

    def test_a_line_without_an_end(self):
        with (
            patch.object(table_csv, "PIECE", 16),
            patch.object(table_csv, "LONGEST_LINE", 100),
        ):
            self.assertEqual(read("a,b\n" + "x" * 400), ("long_line", {"line": 2}))

    def test_a_mark_open_at_the_end_is_seen(self):
        for text in ('a,b\nc,"d', 'a,b\n"c","d\n', 'a,b\nc,""d","e\n'):
            with self.subTest(text):
                self.assertEqual(read(text)[0], "open_quote")
        # a mark within a word opens nothing
        self.assertEqual(read('a,b\n5" pipe,d\n')[1], (2, [('5" pipe', ""), ("d", "")]))

    @settings(max_examples=150, deadline=None)
    @given(
        st.lists(
            st.lists(
                st.sampled_from(
                    ("BD-1", "", "Golf", "Golf; Passat", "2012-13", "x", "2", "-", "VW")
                ),
                min_size=6,
                max_size=6,
            ),
            max_size=20,
        )
    )
    def test_many_rows_say_what_each_says(self, rows):
        names = ("part", "make", "vehicle", "years", "position", "quantity")
        columns = {name: [place] for place, name in enumerate(names)}
        many = zip(*READERS["fitment"](columns).read_many(rows), strict=True)
        one = READERS["fitment"](columns)
        for cells, said in zip(rows, many, strict=True):
            records, faults = one.read(TableRow("", 2, cells, False))
            if None in said:
                self.assertTrue(faults or len(records) != 1)
            else:
                self.assertEqual(([said], []), (records, list(faults)))

    def test_a_block_is_gone_on_with_in_the_middle(self):
        loader = parts_catalog_loader.PartsCatalogLoader
        block = Block("", [5, 6, 7, 8], [[1, 2, 3, 4]])
        items = [("row", 1), block, ("row", 2)]
        with patch.object(parts_catalog_loader, "BATCH", 3):
            batches = list(loader._take_batches(None, items, 3))
        self.assertEqual(batches, [([Block("", [7, 8], [[3, 4]]), ("row", 2)], 3)])
        self.assertEqual(list(loader._take_batches(None, items, 6)), [])


@tagged("post_install", "-at_install")
class TestCatalogImportBlocks(ImportCommon):
    """CAT-7: rows that are staged together, and those among them that are not."""

    def test_good_and_bad_rows_of_one_piece(self):
        rows = [
            ["Part No", "Make", "Vehicle", "Years", "Position", "Quantity"],
            ["BD-1", "Volkswagen", "Golf", "2014", "front", "1"],
            ["BD-1", "Volkswagen", "Golf; Passat", "2016", "rear", "2"],
            ["BD-1", "Volkswagen", "Golf", "last year", "front", "1"],
            ["BP-L", "Volkswagen", "Golf", "", "front", "none"],
            ["BP-R", "Toyota", "Camry", "", "", "", "", "shifted"],
            ["BP-R", "Toyota", "Camry"],
            ["", "Toyota", "Camry", "", "", ""],
            ["NO-SUCH", "Toyota", "Camry", "", "", ""],
        ]
        job = self._load("fitment", rows)
        self.assertEqual(
            self._reasons(job),
            [
                (4, "years"),
                (5, "quantity"),
                (6, "too_many_cells"),
                (8, "missing"),
                (9, "part_unknown"),
            ],
        )
        self.assertEqual(
            {
                (f.product_tmpl_id.default_code, f.vehicle_id, f.year_from, f.quantity)
                for f in self._fitments()
            },
            {
                ("BD-1", self.golf, 2014, 1.0),
                ("BD-1", self.golf, 2016, 2.0),
                ("BD-1", self.passat, 2016, 2.0),
                ("BP-R", self.camry, 0, 1.0),
            },
        )
        self.assertCounts(self._load("fitment", rows), unchanged=4, bad=5)

    def test_plain_rows_come_as_blocks(self):
        content = self._csv(
            [["Part No", "Make", "Model"]] + [["BD-1", "Volkswagen", "Golf"]] * 50
        )
        job = self._new("fitment", content)
        with job._open_file() as stream:
            items = list(job._get_loader()._iterate(job.sudo(), stream))
        # the names of columns are looked for in the first twenty rows, one by one
        self.assertEqual(
            [isinstance(item, Block) for item in items[-2:]], [False, True]
        )
        self.assertEqual((len(items), len(items[-1].lines)), (20, 31))
        self.assertIsInstance(
            next(iter(table_file.open_table(io.BytesIO(content)).pieces)), TablePiece
        )
