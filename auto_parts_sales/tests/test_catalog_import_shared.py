from odoo.exceptions import UserError
from odoo.tests import tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install")
class TestCatalogImportShared(ImportCommon):
    """CAT-7: what several sources list, and what an import makes on the way."""

    HEADER = ["编码", "OE号", "车型品牌"]
    ONE = ["ECU-1", "5G0 906 259 C", "Volkswagen"]
    TWO = ["BD-1", "1K0 615 301 AA", "Audi"]

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["parts.catalog.source"].create({"name": "Catalogue B"})
        cls.third = cls.env["parts.catalog.source"].create({"name": "Catalogue C"})

    def _numbers_of(self, *rows, source=None, **values):
        source = source or self.source
        return self._load("number", [self.HEADER, *rows], source_id=source.id, **values)

    def _row(self):
        return self.env["parts.catalog.number"].search([("key", "=", "5G0906259C")])

    # === A number that two sources list === #

    def test_what_another_source_lists_stays(self):
        self._numbers_of(self.ONE, self.TWO)
        row = self._row()
        self.assertCounts(self._numbers_of(self.ONE, source=self.other), unchanged=1)
        self.assertEqual(row.source_id, self.source)
        # A drops it: it stays, with its id, and is B's now
        job = self._numbers_of(self.TWO)
        self.assertCounts(job, unchanged=1)
        self.assertEqual(self._row(), row)
        self.assertEqual(row.source_id, self.other)
        # B drops it, too: nobody lists it any more
        self.assertCounts(
            self._numbers_of(["BP-L", "3C0 698 151", "Audi"], source=self.other),
            added=1,
            dropped=1,
        )
        self.assertFalse(self._row())

    def test_what_nobody_else_lists_goes(self):
        self._numbers_of(self.ONE, self.TWO)
        self._numbers_of(self.ONE, source=self.other)
        # B has dropped it before A does
        self._numbers_of(["BP-L", "3C0 698 151", "Audi"], source=self.other)
        self.assertCounts(self._numbers_of(self.TWO), dropped=1, unchanged=1)
        self.assertFalse(self._row())

    def test_additions_only_say_nothing_of_what_is_gone(self):
        self._numbers_of(self.ONE, self.TWO)
        self._numbers_of(self.ONE, source=self.other)
        self._numbers_of(
            ["BP-L", "3C0 698 151", "Audi"], source=self.other, drop_missing=False
        )
        self._numbers_of(self.TWO)
        self.assertEqual(self._row().source_id, self.other)

    def test_it_passes_through_three_sources(self):
        self._numbers_of(self.ONE, self.TWO)
        row = self._row()
        for source in (self.other, self.third):
            self._numbers_of(self.ONE, source=source)
        self._numbers_of(self.TWO)
        self.assertEqual(row.source_id, self.other)
        # A lists it again: it stays where it is
        self.assertCounts(self._numbers_of(self.ONE, self.TWO), unchanged=2)
        self._numbers_of(["BP-L", "3C0 698 151", "Audi"], source=self.other)
        self.assertIn(row.source_id, self.third + self.source)
        self.assertEqual(self._row(), row)

    def test_undo_of_the_first_leaves_what_the_second_lists(self):
        first = self._numbers_of(self.ONE, self.TWO)
        row = self._row()
        second = self._numbers_of(self.ONE, source=self.other)
        first.action_undo()
        self.assertEqual(self._row(), row)
        self.assertEqual(row.source_id, self.other)
        second.action_undo()
        self.assertEqual(self._row(), row, "undo of a list that had added nothing")
        again = self._numbers_of(["BP-L", "3C0 698 151", "Audi"], source=self.other)
        self.assertEqual(again.dropped_count, 1)

    def test_undo_of_a_list_that_added_nothing(self):
        self._numbers_of(self.ONE, self.TWO)
        second = self._numbers_of(self.ONE, source=self.other)
        second.action_undo()
        # as if B had never come
        self.assertCounts(self._numbers_of(self.TWO), dropped=1, unchanged=1)
        self.assertFalse(self._row())

    def test_undo_of_dropping_lists_it_again(self):
        self._numbers_of(self.ONE, self.TWO)
        row = self._row()
        self._numbers_of(self.ONE, source=self.other)
        dropped = self._numbers_of(self.TWO)
        dropped.action_undo()
        # B drops it: A lists it, so it stays
        self._numbers_of(["BP-L", "3C0 698 151", "Audi"], source=self.other)
        self.assertEqual(self._row(), row)
        self.assertEqual(row.source_id, self.source)

    def test_undo_meets_what_another_source_brought_meanwhile(self):
        self._numbers_of(self.ONE, self.TWO)
        dropped = self._numbers_of(self.TWO)
        self.assertFalse(self._row())
        self._numbers_of(self.ONE, source=self.other)
        row = self._row()
        dropped.action_undo()
        self.assertEqual(self._row(), row)
        self._numbers_of(["BP-L", "3C0 698 151", "Audi"], source=self.other)
        self.assertEqual(self._row().source_id, self.source)

    def test_undo_without_the_make(self):
        make = self.env["parts.catalog.make"].create({"name": "Gone Motors"})
        self._numbers_of(self.TWO, ["ECU-1", "778-899-100 A", "Gone Motors"])
        dropped = self._numbers_of(self.TWO)
        self.assertEqual(dropped.dropped_count, 1)
        make.unlink()
        dropped.action_undo()
        self.assertEqual(self._numbers().mapped("key"), ["1K0615301AA"])

    def test_a_row_by_hand_is_nobodys(self):
        by_hand = self._add_number(self.ecu, "5G0 906 259 C")
        self._numbers_of(self.ONE)
        self._numbers_of(self.ONE, source=self.other)
        self._numbers_of(self.TWO)
        self.assertEqual(self._row(), by_hand)
        self.assertFalse(by_hand.source_id)

    def test_listings_of_deleted_rows_are_forgotten(self):
        self._numbers_of(self.ONE)
        self._numbers_of(self.ONE, source=self.other)
        listings = self.env["parts.catalog.listing"]
        self.assertEqual(listings.search_count([("source_id", "=", self.other.id)]), 1)
        self._row().unlink()
        self.env.flush_all()
        listings._gc_without_row()
        self.assertFalse(listings.search_count([("source_id", "=", self.other.id)]))

    # === Supersessions and vehicles === #

    def test_a_supersession_that_two_sources_list(self):
        header = ["旧件号", "新件号", "品牌"]
        step = ["06A 905 115 A", "06A 905 115 B", "大众"]
        later = ["06A 905 115 B", "06A 905 115 D", "大众"]
        rows = self.env["parts.catalog.supersession"]
        self._load("supersession", [header, step, later])
        self._load("supersession", [header, step], source_id=self.other.id)
        found = rows.search([("old_key", "=", "06A905115A")])
        self._load("supersession", [header, later])
        self.assertEqual(rows.search([("old_key", "=", "06A905115A")]), found)
        self.assertEqual(found.source_id, self.other)

    def test_a_vehicle_that_two_sources_list(self):
        header = ["Make", "Model", "Year", "Engine Code"]
        one = ["Volkswagen", "Golf", "2005-2009", "BKD"]
        two = ["Volkswagen", "Golf", "2005-2009", "BLS"]
        vehicles = self.env["parts.catalog.vehicle"]
        self._load("vehicle", [header, one, two])
        self._load("vehicle", [header, one], source_id=self.other.id)
        found = vehicles.search([("engine_code", "=", "BKD")])
        self.assertCounts(self._load("vehicle", [header, two]), unchanged=1)
        self.assertTrue(found.active)
        self.assertEqual(found.source_id, self.other)

    def test_each_source_has_its_own_fitments(self):
        rows = [["Part No", "Make", "Model"], ["BD-1", "Volkswagen", "Passat"]]
        self._load("fitment", rows)
        self._load("fitment", rows, source_id=self.other.id)
        gone = [rows[0], ["BP-L", "Volkswagen", "Passat"]]
        self._load("fitment", gone)
        self.assertEqual(
            self._fitments(self.other).product_tmpl_id, self.brakes.product_tmpl_id
        )

    # === What was made on the way === #

    VEHICLES = [
        ["Make", "Model", "Year", "Engine Code"],
        ["Saab", "9-3", "1998-2002", "B204"],
        ["SAAB", "9-5", "1998-2005", "B205"],
        ["Volkswagen", "Newmodel", "2021-", "DFYA"],
    ]

    def _named(self, model, name):
        return self.env[model].search([("name", "=ilike", name)])

    def test_undo_takes_new_makes_and_models_back(self):
        job = self._load("vehicle", self.VEHICLES)
        self.assertTrue(self._named("parts.catalog.make", "Saab"))
        job.action_undo()
        self.assertFalse(self._named("parts.catalog.make", "Saab"))
        self.assertFalse(self._named("parts.catalog.model", "9-3"))
        self.assertFalse(self._named("parts.catalog.model", "Newmodel"))
        self.assertTrue(self.vw.exists())
        self._load("vehicle", self.VEHICLES)

    def test_undo_leaves_makes_that_are_used(self):
        job = self._load("vehicle", self.VEHICLES)
        saab = self._named("parts.catalog.make", "Saab")
        self._add_number(self.ecu, "4711-0815", make_id=saab.id)
        job.action_undo()
        self.assertTrue(saab.exists())
        self.assertFalse(self._named("parts.catalog.model", "9-3"))

    def test_undo_leaves_vehicles_that_are_used(self):
        job = self._load("vehicle", self.VEHICLES)
        vehicle = self.env["parts.catalog.vehicle"].search(
            [("engine_code", "=", "B204")]
        )
        self._add_fitment(self.brakes, vehicle)
        job.action_undo()
        self.assertTrue(vehicle.exists())
        self.assertFalse(vehicle.active)
        self.assertTrue(vehicle.make_id.exists())
        self.assertFalse(self._named("parts.catalog.model", "9-5"))

    def test_undo_takes_new_brands_back(self):
        self.keeper.group_ids += self.env.ref("product.group_product_manager")
        rows = [
            ["配件编码", "名称", "品牌"],
            ["NEW-1", "Clutch", "Sachs"],
            ["NEW-2", "Clutch", "Valeo"],
        ]
        job = self._load("product", rows)
        self.pad_l.parts_brand_id = self._named("parts.catalog.brand", "Valeo")
        job.action_undo()
        self.assertFalse(self._named("parts.catalog.brand", "Sachs"))
        self.assertTrue(self._named("parts.catalog.brand", "Valeo"))

    # === Bad rows keep what they concern === #

    def test_vehicles_of_a_bad_row_stay(self):
        header = ["Make", "Model", "Year", "Fuel"]
        golf = ["Volkswagen", "Golf", "2003-2008", "diesel"]
        self._load("vehicle", [header, golf, ["Audi", "A3", "2003-2012", "petrol"]])
        job = self._check("vehicle", [header, ["VW", "Golf", "2003-2008", "steam"]])
        # of the Golf nobody knows; the A3 is gone
        self.assertCounts(job, dropped=1, bad=1)

    def test_supersessions_of_a_bad_row_stay(self):
        header = ["旧件号", "新件号", "品牌", "日期"]
        self._load(
            "supersession",
            [
                header,
                ["06A 905 115 A", "06A 905 115 B", "大众", ""],
                ["1K0 698 151", "1K0 698 151 A", "大众", ""],
            ],
        )
        job = self._check(
            "supersession", [header, ["06a905115a", "06A 905 115 B", "大众", "soon"]]
        )
        self.assertCounts(job, dropped=1, bad=1)

    # === Cycles === #

    CYCLE = [
        ["旧件号", "新件号", "品牌"],
        ["1K0 698 151 A", "1K0 698 151 B", "Audi"],
        ["1K0 698 151 B", "1K0 698 151 C", "Audi"],
        ["1K0 698 151 C", "1K0 698 151 A", "Audi"],
        ["1K0 698 151 C", "1K0 698 151 D", "Audi"],
    ]

    def test_cycles_are_named_at_the_check(self):
        job = self._check("supersession", self.CYCLE)
        # the three steps in the circle; the one that leads out of it is sound
        self.assertEqual(self._reasons(job), [(2, "cycle"), (3, "cycle"), (4, "cycle")])
        self.assertCounts(job, added=1, bad=3)
        self.assertIn("1K0 698 151 B → 1K0 698 151 C", job.issue_ids[0].value)
        job.action_run()
        self.assertEqual(job.state, "done")
        self.assertFalse(self.env["parts.catalog.supersession"]._find_cycles())

    def test_a_cycle_with_what_is_there_already(self):
        by_hand = self.env["parts.catalog.supersession"].create(
            {
                "old_number": "1K0698151B",
                "new_number": "1K0698151A",
                "make_id": self.audi.id,
            }
        )
        job = self._load("supersession", self.CYCLE[:2])
        self.assertEqual(self._reasons(job), [(2, "cycle")])
        self.assertTrue(by_hand.exists())
        self.assertFalse(self.env["parts.catalog.supersession"]._find_cycles())

    def test_what_goes_with_the_import_makes_no_cycle(self):
        self._load("supersession", self.CYCLE[:2])
        turned = [self.CYCLE[0], ["1K0 698 151 B", "1K0 698 151 A", "Audi"]]
        self.assertCounts(self._load("supersession", turned), added=1, dropped=1)

    def test_the_same_numbers_of_another_make_are_no_cycle(self):
        rows = [
            self.CYCLE[0],
            self.CYCLE[1],
            ["1K0 698 151 B", "1K0 698 151 A", "Toyota"],
        ]
        self.assertCounts(self._load("supersession", rows), added=2)

    # === Sources === #

    def test_a_source_with_fitments_stays(self):
        self._add_fitment(self.brakes, self.golf, source_id=self.third.id)
        with self.assertRaisesRegex(UserError, "Catalogue C"):
            self.third.unlink()
        self.other.unlink()
        self.assertFalse(self.other.exists())
