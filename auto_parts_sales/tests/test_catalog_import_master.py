from odoo.exceptions import AccessError
from odoo.tests import tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install")
class TestCatalogImportVehicle(ImportCommon):
    """CAT-7, CAT-3: vehicles, with makes and models that are new."""

    ROWS = [
        ["Make", "Model", "Year", "Engine Code", "Displacement", "Fuel", "KType"],
        ["Volkswagen", "Golf", "2013-2020", "CHPA", "1.4 L", "汽油", "1001"],
        ["Saab", "9-3", "1998~2002", "B204", "1985cc", "petrol", ""],
    ]

    def _vehicles(self):
        return (
            self.env["parts.catalog.vehicle"]
            .with_context(active_test=False)
            .search([("source_id", "=", self.source.id)])
        )

    def test_vehicles_and_their_makes(self):
        job = self._check("vehicle", self.ROWS)
        self.assertCounts(job, added=2)
        self.assertFalse(self.env["parts.catalog.make"].search([("name", "=", "Saab")]))
        job.action_run()
        self.assertRecordValues(
            self._vehicles().sorted("year_from"),
            [
                {
                    "display_name": "Saab 9-3 1998–2002 2.0 Petrol B204",
                    "displacement": 2.0,
                    "fuel": "petrol",
                    "ktype": 0,
                },
                {
                    "display_name": "Volkswagen Golf 2013–2020 1.4 Petrol CHPA",
                    "displacement": 1.4,
                    "fuel": "petrol",
                    "ktype": 1001,
                },
            ],
        )
        self.assertEqual(
            self._vehicles()[0].make_id, self._vehicles()[0].model_id.make_id
        )
        self.assertCounts(self._load("vehicle", self.ROWS), unchanged=2)

    def test_unknown_makes_may_be_refused(self):
        job = self._check("vehicle", self.ROWS, create_missing=False)
        self.assertCounts(job, added=1, bad=1)
        self.assertEqual(self._reasons(job), [(3, "make_unknown")])

    def test_what_is_gone_is_archived_and_comes_back(self):
        first = self._load("vehicle", self.ROWS)
        vehicles = self._vehicles()
        saab = vehicles.filtered(lambda v: v.make_id.name == "Saab")
        self._add_fitment(self.brakes, saab)
        self.assertCounts(self._load("vehicle", self.ROWS[:2]), dropped=1, unchanged=1)
        self.assertFalse(saab.active)
        self.assertCounts(self._load("vehicle", self.ROWS[:2]), unchanged=1)
        again = self._load("vehicle", self.ROWS)
        self.assertCounts(again, changed=1, unchanged=1)
        self.assertTrue(saab.active)
        self.assertEqual(self._vehicles(), vehicles)
        again.action_undo()
        self.assertFalse(saab.active)
        self.assertTrue(first.exists())

    def test_hand_made_vehicles_are_left_alone(self):
        rows = [
            ["Make", "Model", "Year From", "Year To", "Engine Code", "Engine", "Gen"],
            ["Volkswagen", "Golf", "2013", "2020", "CZCA", "1.4 TSI", "VII"],
        ]
        self.assertCounts(self._load("vehicle", rows), unchanged=1)
        self.assertFalse(self.golf.source_id)


@tagged("post_install", "-at_install")
class TestCatalogImportProduct(ImportCommon):
    """CAT-7: parts by the ORM; none is removed."""

    ROWS = [
        ["配件编码", "名称", "品牌", "售价", "质保期", "件别"],
        ["BD-1", "Brake disc", "Bosch", "¥1,250.50", "24个月", "品牌件"],
        ["NEW-1", "Clutch", "Sachs", "800", "", "原厂"],
    ]

    def setUp(self):
        super().setUp()
        self.keeper.group_ids += self.env.ref("product.group_product_manager")

    def test_parts_are_added_and_changed(self):
        job = self._check("product", self.ROWS)
        self.assertCounts(job, added=1, changed=1)
        self.assertFalse(
            self.env["parts.catalog.brand"].search([("name", "=", "Sachs")])
        )
        job.action_run()
        self.assertEqual(job.state, "done", job.message)
        new = self.env["product.product"].search([("default_code", "=", "NEW-1")])
        self.assertRecordValues(
            new + self.brakes,
            [
                {
                    "name": "Clutch",
                    "list_price": 800.0,
                    "parts_grade": "genuine",
                    "parts_warranty_months": 0,
                    "active": True,
                    "is_storable": True,
                },
                {
                    "name": "Brake disc",
                    "list_price": 1250.5,
                    "parts_grade": "aftermarket",
                    "parts_warranty_months": 24,
                    "active": True,
                    "is_storable": False,
                },
            ],
        )
        self.assertEqual(new.parts_brand_id.name, "Sachs")
        self.assertEqual(self.brakes.parts_brand_id, self.bosch)
        self.assertTrue(new.product_tmpl_id.active)
        self.assertCounts(self._load("product", self.ROWS), unchanged=2)
        self.assertCounts(self._load("product", self.ROWS[:2]), unchanged=1)
        self.assertTrue(new.active)

    def test_undo(self):
        job = self._load("product", self.ROWS)
        job.action_undo()
        self.assertFalse(
            self.env["product.product"]
            .with_context(active_test=False)
            .search([("default_code", "=", "NEW-1")])
        )
        self.assertEqual(self.brakes.list_price, 200.0)
        self.assertFalse(self.brakes.parts_grade)

    def test_bad_rows(self):
        job = self._check(
            "product",
            [
                self.ROWS[0],
                ["NEW-1", "", "Bosch", "1", "", ""],
                ["NEW-2", "Part", "Bosch", "about 5", "", ""],
                ["NEW-3", "Part", "Bosch", "5", "", "best"],
                ["NEW-4", "Part", "Bosch", "5", "", ""],
                ["NEW-4", "Part", "Bosch", "6", "", ""],
            ],
        )
        self.assertEqual(
            self._reasons(job),
            [
                (2, "name_missing"),
                (3, "amount"),
                (4, "grade"),
                (6, "part_repeated"),
            ],
        )

    def test_price_authority_refuses_sales_prices(self):
        self.env.company._write({"parts_price_control": True})
        self.env.company.invalidate_recordset()
        job = self._check("product", self.ROWS)
        self.assertEqual(job.state, "failed")
        self.assertRegex(job.message, "price authority")
        job.column_ids[3].meaning = False
        job.action_check()
        self.assertCounts(job, added=1, changed=1)
        job.action_run()
        self.assertEqual(self.brakes.list_price, 200.0)


@tagged("post_install", "-at_install")
class TestCatalogImportPrice(ImportCommon):
    """CAT-7: vendors' prices and sales prices."""

    def setUp(self):
        super().setUp()
        self.keeper.group_ids += self.env.ref("product.group_product_manager")
        self.keeper.group_ids += self.env.ref("purchase.group_purchase_manager")
        self.vendor = self.env["res.partner"].create({"name": "Huaguan"})
        self.source.partner_id = self.vendor
        self.rows = [
            ["编码", "进价", "售价", "起订量", "供应商编码"],
            ["BD-1", "120.5", "260", "", "HG-77"],
            ["BP-L", "60", "", "10", ""],
        ]

    def _infos(self):
        return self.env["product.supplierinfo"].search(
            [("parts_source_id", "=", self.source.id)], order="id"
        )

    def test_prices(self):
        by_hand = self.env["product.supplierinfo"].create(
            {
                "partner_id": self.vendor.id,
                "product_tmpl_id": self.brakes.product_tmpl_id.id,
                "price": 1.0,
            }
        )
        job = self._load("price", self.rows)
        self.assertCounts(job, added=2, changed=1)
        self.assertRecordValues(
            self._infos(),
            [
                {
                    "partner_id": self.vendor.id,
                    "price": 120.5,
                    "min_qty": 0.0,
                    "product_code": "HG-77",
                    "product_tmpl_id": self.brakes.product_tmpl_id.id,
                },
                {
                    "partner_id": self.vendor.id,
                    "price": 60.0,
                    "min_qty": 10.0,
                    "product_code": False,
                    "product_tmpl_id": self.pad_l.product_tmpl_id.id,
                },
            ],
        )
        self.assertEqual(self.brakes.list_price, 260.0)
        self.assertCounts(self._load("price", self.rows), unchanged=3)
        later = [self.rows[0], ["BD-1", "99", "260", "", "HG-77"]]
        second = self._load("price", later)
        self.assertCounts(second, changed=1, dropped=1, unchanged=1)
        self.assertEqual(self._infos().mapped("price"), [99.0])
        second.action_undo()
        self.assertEqual(sorted(self._infos().mapped("price")), [60.0, 120.5])
        self.assertEqual(by_hand.price, 1.0)

    def test_under_price_authority_it_makes_a_sheet(self):
        # CTL-4: a file proposes sales prices, vendors' prices come in as ever
        self.env.company.parts_price_control = True
        before = self.brakes.list_price
        sheets = self.env["parts.price.sheet"]
        known = sheets.search([])
        job = self._load("price", self.rows)
        self.assertEqual(len(self._infos()), 2)
        self.assertEqual(self.brakes.list_price, before)
        sheet = sheets.search([]) - known
        self.assertRecordValues(sheet, [{"state": "draft", "line_count": 1}])
        self.assertEqual(sheet.create_uid, self.keeper)
        self.assertRecordValues(
            sheet.line_ids,
            [
                {
                    "product_tmpl_id": self.brakes.product_tmpl_id.id,
                    "price_after": 260.0,
                }
            ],
        )
        job.action_undo()
        self.assertEqual(self.brakes.list_price, before)

    def test_bad_prices(self):
        job = self._check(
            "price",
            [
                ["编码", "进价", "供应商", "币种"],
                ["BD-1", "-5", "Huaguan", ""],
                ["BD-1", "5", "Nobody", ""],
                ["BD-1", "5", "Huaguan", "XXX"],
                ["BD-1", "=A1*2", "Huaguan", ""],
            ],
        )
        self.assertEqual(
            self._reasons(job),
            [
                (2, "negative"),
                (3, "vendor_unknown"),
                (4, "currency_unknown"),
                (5, "formula"),
            ],
        )

    def test_prices_in_other_units(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        job = self._load(
            "price",
            [
                ["编码", "进价", "售价", "单位"],
                # a dozen for 120, sold at 240 the dozen: 20 each
                ["BD-1", "120", "240", dozen.name],
                # one of what the part is, whatever the word
                ["BP-L", "60", "90", "套"],
                ["BP-R", "61", "91", "件"],
                # how many a box holds nobody says
                ["ECU-1", "500", "900", "大箱"],
                # kilograms cannot be made of pieces
                ["OF-9", "5", "9", self.env.ref("uom.product_uom_kgm").name],
            ],
        )
        self.assertEqual(self._reasons(job), [(5, "uom_unknown"), (6, "uom_unknown")])
        unit = self.brakes.uom_id
        self.assertEqual(
            [(info.price, info.product_uom_id) for info in self._infos()],
            [(120.0, dozen), (60.0, unit), (61.0, unit)],
        )
        self.assertEqual(self.brakes.list_price, 20.0)
        self.assertEqual(self.pad_l.list_price, 90.0)
        self.assertEqual(self.ecu.list_price, 800.0)
        job.action_undo()
        self.assertFalse(self._infos())
        self.assertEqual(self.brakes.list_price, 200.0)

    def test_rights_of_purchase_are_needed(self):
        self.keeper.group_ids -= self.env.ref("purchase.group_purchase_manager")
        self.keeper.group_ids -= self.env.ref("product.group_product_manager")
        job = self._check("price", self.rows)
        with self.assertRaises(AccessError):
            job.action_run()


@tagged("post_install", "-at_install")
class TestCatalogImportSupersession(ImportCommon):
    """CAT-7, CAT-2: supersessions, and what they lead to."""

    HEADER = ["旧件号", "新件号", "品牌", "日期", "方式"]

    def _rows(self):
        return self.env["parts.catalog.supersession"].search(
            [("source_id", "=", self.source.id)], order="old_key, new_key"
        )

    def test_chains_are_worked_out(self):
        rows = [
            self.HEADER,
            ["06A 905 115 A", "06A 905 115 B", "大众", "2015-03-01", ""],
            ["06A 905 115 B", "06A 905 115 D", "大众", "2019-01-01", ""],
        ]
        self.assertCounts(self._load("supersession", rows), added=2)
        self.assertRecordValues(
            self._rows(),
            [
                {
                    "old_number": "06A 905 115 A",
                    "old_key": "06A905115A",
                    "new_key": "06A905115B",
                    "make_id": self.vw.id,
                    "mode": "replace",
                    "ratio": 1.0,
                },
                {
                    "old_number": "06A 905 115 B",
                    "old_key": "06A905115B",
                    "new_key": "06A905115D",
                    "make_id": self.vw.id,
                    "mode": "replace",
                    "ratio": 1.0,
                },
            ],
        )
        ends = self.env["parts.catalog.supersession"]._get_successors("06A905115A")
        self.assertIn("06A905115D", [end["key"] for end in ends])
        self.assertCounts(self._load("supersession", rows), unchanged=2)
        rows[1][3] = "2016-03-01"
        job = self._load("supersession", rows[:2])
        self.assertCounts(job, changed=1, dropped=1)
        ends = self.env["parts.catalog.supersession"]._get_successors("06A905115A")
        self.assertNotIn("06A905115D", [end["key"] for end in ends])
        job.action_undo()
        ends = self.env["parts.catalog.supersession"]._get_successors("06A905115A")
        self.assertIn("06A905115D", [end["key"] for end in ends])

    def test_several_new_numbers_need_a_mode(self):
        several = ["1K0 698 151", "1K0 698 151 A; 1K0 698 151 B", "Audi", ""]
        job = self._check(
            "supersession",
            [
                self.HEADER,
                [*several, ""],
                [*several, "或"],
                ["1K0 698 451", "1k0698451", "Audi", "", ""],
                ["1K0 698 452", "1K0 698 452 A", "Nomake", "", ""],
                ["1K0 698 453", "1K0 698 453 A", "Audi", "soon", ""],
            ],
        )
        self.assertEqual(
            self._reasons(job),
            [
                (2, "mode_needed"),
                (4, "same_number"),
                (5, "owner_unknown"),
                (6, "date"),
            ],
        )
        self.assertCounts(job, added=2, bad=4)

    def test_circles_are_named(self):
        job = self._load(
            "supersession",
            [
                self.HEADER,
                ["1K0 698 151 A", "1K0 698 151 B", "Audi", "", ""],
                ["1K0 698 151 B", "1K0 698 151 A", "Audi", "", ""],
            ],
        )
        self.assertIn("cycle", job.issue_ids.mapped("code"))
