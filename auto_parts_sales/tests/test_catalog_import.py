from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .import_common import ImportCommon


@tagged("post_install", "-at_install")
class TestCatalogImportNumber(ImportCommon):
    """CAT-7, CAT-1: numbers, and what every import does alike."""

    ROWS = [
        ["编码", "OE号", "车型品牌"],
        ["ECU-1", "5G0 906 259 C", "Volkswagen"],
        ["BD-1", "1K0 615 301 AA|1K0 615 301 AC", "Audi"],
    ]

    def test_a_check_changes_nothing(self):
        job = self._check("number", self.ROWS)
        self.assertEqual(job.state, "checked", job.message)
        # Two rows; the second one has two numbers
        self.assertEqual(job.row_count, 2)
        self.assertCounts(job, added=3)
        self.assertFalse(self._numbers())

    def test_numbers_are_loaded_and_found(self):
        job = self._load("number", self.ROWS)
        self.assertCounts(job, added=3)
        self.assertRecordValues(
            self._numbers().sorted("key"),
            [
                {
                    "number": "1K0 615 301 AA",
                    "key": "1K0615301AA",
                    "kind": "oe",
                    "make_id": self.audi.id,
                    "product_tmpl_id": self.brakes.product_tmpl_id.id,
                    "product_id": False,
                },
                {
                    "number": "1K0 615 301 AC",
                    "key": "1K0615301AC",
                    "kind": "oe",
                    "make_id": self.audi.id,
                    "product_tmpl_id": self.brakes.product_tmpl_id.id,
                    "product_id": False,
                },
                {
                    "number": "5G0 906 259 C",
                    "key": "5G0906259C",
                    "kind": "oe",
                    "make_id": self.vw.id,
                    "product_tmpl_id": self.ecu.product_tmpl_id.id,
                    "product_id": False,
                },
            ],
        )
        hits = self.env["product.product"].parts_find("1k0615301ac")
        self.assertEqual(hits[0]["product_id"], self.brakes.id)

    def test_the_same_file_again_changes_nothing(self):
        self._load("number", self.ROWS)
        ids = self._numbers().ids
        self.assertCounts(self._load("number", self.ROWS), unchanged=3)
        self.assertEqual(self._numbers().ids, ids)

    def test_a_later_file_changes_adds_and_removes(self):
        self._load("number", self.ROWS)
        later = [
            self.ROWS[0],
            # Printed otherwise: the same number
            ["ECU-1", "5G0.906.259.C", "Volkswagen"],
            ["BD-1", "1K0 615 301 AA", "Audi"],
            ["BP-L", "3C0 698 151 D", "Audi"],
        ]
        job = self._check("number", later)
        self.assertCounts(job, added=1, changed=1, dropped=1, unchanged=1)
        self.assertEqual(len(self._numbers()), 3)
        job.action_run()
        self.assertEqual(
            set(self._numbers().mapped("number")),
            {"5G0.906.259.C", "1K0 615 301 AA", "3C0 698 151 D"},
        )

    def test_undo_puts_back_what_was_there(self):
        self._load("number", self.ROWS)
        before = self._numbers().read(["number", "key", "make_id", "write_date"])
        job = self._load(
            "number",
            [
                self.ROWS[0],
                ["ECU-1", "5G0.906.259.C", "Volkswagen"],
                ["BP-L", "3C0 698 151 D", "Audi"],
            ],
        )
        self.assertTrue(job.can_undo)
        job.action_undo()
        after = self._numbers().read(["number", "key", "make_id", "write_date"])
        self.assertEqual(
            sorted(after, key=lambda row: row["id"]),
            sorted(before, key=lambda row: row["id"]),
        )
        self.assertEqual(job.state, "draft")
        self.assertTrue(job.undone_date)
        # and the file can be imported again
        job.action_run()
        self.assertEqual(job.state, "done")

    def test_undo_goes_backwards(self):
        first = self._load("number", self.ROWS)
        second = self._load("number", self.ROWS[:2])
        self.assertFalse(first.can_undo)
        with self.assertRaisesRegex(UserError, "Undo it first"):
            first.action_undo()
        second.action_undo()
        first.action_undo()
        self.assertFalse(self._numbers())

    def test_other_sources_and_hand_made_rows_are_untouched(self):
        by_hand = self._add_number(self.ecu, "5G0 906 259 C")
        other = self.env["parts.catalog.source"].create({"name": "Catalogue B"})
        theirs = self._load(
            "number",
            [self.ROWS[0], ["BP-L", "3C0 698 151", "Audi"]],
            source_id=other.id,
        )
        self.assertCounts(theirs, added=1)
        # The number entered by hand is there already: it is not entered twice
        self.assertCounts(self._load("number", self.ROWS), added=2, unchanged=1)
        # Nothing of the others goes when the file does not have it any more
        self.assertCounts(
            self._load("number", [self.ROWS[0], ["BP-R", "3C0 698 151 E", "Audi"]]),
            added=1,
            dropped=2,
        )
        self.assertTrue(by_hand.exists())
        self.assertFalse(by_hand.source_id)
        self.assertEqual(len(self._numbers(other)), 1)

    def test_what_is_gone_may_stay(self):
        self._load("number", self.ROWS)
        job = self._load("number", self.ROWS[:2], drop_missing=False)
        self.assertCounts(job, unchanged=1)
        self.assertEqual(len(self._numbers()), 3)

    def test_a_chinese_list_with_a_title(self):
        self.vw.alias_ids.filtered(lambda alias: alias.name == "大众").ensure_one()
        job = self._load("number", self._sample("import_numbers_gb18030.csv"))
        self.assertEqual(job.format_found, "CSV / GB18030")
        self.assertCounts(job, added=3, bad=1)

    def test_bad_rows_are_named_with_their_place(self):
        job = self._check(
            "number",
            [
                *self.ROWS,
                ["NO-SUCH", "5G0 906 259 D", "Volkswagen"],
                ["BD-1", "", "Audi"],
                ["BD-1", "1K0 615 301 AB", "Nomake"],
                ["BD-1", "OEM not confirmed", "Audi"],
            ],
        )
        self.assertCounts(job, added=3, bad=4)
        self.assertEqual(
            self._reasons(job),
            [
                (4, "part_unknown"),
                (5, "missing"),
                (6, "owner_unknown"),
                (7, "no_pending"),
            ],
        )
        self.assertEqual(job.uncertain_count, 1)
        cells = job.issue_ids.mapped("cell")
        self.assertEqual(cells, ["A4", "B5", "C6", "B7"])
        self.assertEqual(job.issue_ids[0].value, "NO-SUCH")
        self.assertEqual(job.issue_ids[0].column, "编码")
        self.assertEqual(
            [row[2:6] for row in self._error_rows(job)][1:],
            [
                (4, "A4", "编码", "NO-SUCH"),
                (5, "B5", "OE号", None),
                (6, "C6", "车型品牌", "Nomake"),
                (7, "B7", "OE号", "OEM not confirmed"),
            ],
        )

    def _error_rows(self, job):
        import base64
        import io

        from openpyxl import load_workbook

        content = base64.b64decode(job.error_file)
        return list(load_workbook(io.BytesIO(content)).active.values)

    def test_uncertain_numbers_wait_for_a_person(self):
        rows = [self.ROWS[0], ["BD-1", "6010008300 6010008200 2E10", "Audi"]]
        rows.append(["BP-L", "2E10", "Audi"])
        job = self._check("number", rows)
        self.assertIn((3, "scientific"), self._reasons(job))
        self.assertEqual(job.added_count, 0)
        job.load_uncertain = True
        self.assertEqual(job.state, "draft")
        job.action_check()
        self.assertIn("2E10", self._loaded(job))

    def _loaded(self, job):
        job.action_run()
        return self._numbers().mapped("number")

    def test_rows_of_a_part_with_a_bad_row_are_kept(self):
        self._load("number", self.ROWS)
        job = self._load(
            "number",
            [self.ROWS[0], ["BD-1", "see catalogue", "Audi"]],
        )
        # ECU-1 is gone from the file; of BD-1 nobody knows
        self.assertCounts(job, dropped=1, bad=1)
        self.assertEqual(len(self._numbers()), 2)

    def test_columns_are_mapped_by_hand_and_remembered(self):
        rows = [
            ["Ours", "Theirs", "Who"],
            ["ECU-1", "5G0 906 259 C", "Volkswagen"],
        ]
        job = self._check("number", rows)
        self.assertEqual(job.state, "failed")
        self.assertRegex(job.message, "No row among the first twenty")
        for column, meaning in zip(
            job.column_ids, ("part", "number", "make"), strict=True
        ):
            column.meaning = meaning
        self.assertEqual(job.mapping["Theirs"], "number")
        job.action_check()
        self.assertCounts(job, added=1)
        # the next file of the source is understood by itself
        self.assertCounts(self._check("number", rows), added=1)
        # a mapping may be given as a whole
        other = self.env["parts.catalog.source"].create({"name": "Catalogue B"})
        mapping = {"Ours": "part", "Theirs": "number", "Who": "make"}
        given = self._check("number", rows, source_id=other.id, mapping=mapping)
        self.assertCounts(given, added=1)
        with self.assertRaisesRegex(UserError, "is no meaning"):
            given.mapping = {"Ours": "list_price"}

    def test_the_file_is_checked_again_after_a_change(self):
        job = self._check("number", self.ROWS)
        job.column_ids[2].meaning = False
        self.assertEqual(job.state, "draft")
        self.assertFalse(job.row_count)
        job.make_id = self.vw
        job.action_check()
        self.assertCounts(job, added=3)

    def test_who_keeps_the_catalogue_imports(self):
        for role in ("salesperson", "warehouse", "finance"):
            with self.subTest(role), self.assertRaises(AccessError):
                self._new("number", self.ROWS, user=self.users[role])
        job = self._check("number", self.ROWS)
        with self.assertRaises(AccessError):
            job.with_user(self.salesperson).read(["file"])
        with self.assertRaises(AccessError):
            job.with_user(self.salesperson).action_run()
        attachments = self.env["ir.attachment"].with_context(skip_res_field_check=True)
        attachments = attachments.search(
            [("res_model", "=", job._name), ("res_field", "=", "file")]
        )
        self.assertTrue(attachments)
        with self.assertRaises(AccessError):
            attachments.with_user(self.salesperson).read(["raw"])

    def test_results_cannot_be_written(self):
        job = self._check("number", self.ROWS)
        for vals in ({"state": "done"}, {"added_count": 0}, {"user_id": 2}):
            with self.subTest(vals), self.assertRaises(AccessError):
                job.write(vals)
        with self.assertRaises(AccessError):
            self._new("number", self.ROWS, state="checked")

    def test_companies_see_their_own(self):
        company = self.env["res.company"].create({"name": "Other"})
        keeper = new_test_user(
            self.env,
            login="other_keeper",
            groups="base.group_user,sales_team.group_sale_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        job = self._load("number", self.ROWS)
        with self.assertRaises(AccessError):
            job.with_user(keeper).read(["row_count"])
        # A part of the other company is none for ours
        self.pad_l.product_tmpl_id.company_id = company
        rows = [self.ROWS[0], ["BP-L", "3C0 698 151 D", "Audi"]]
        self.assertCounts(self._check("number", rows), dropped=3, bad=1)
        theirs = self._check("number", rows, user=keeper, company_id=company.id)
        self.assertEqual(theirs.added_count, 1)

    def test_a_running_or_done_import_cannot_be_changed(self):
        job = self._load("number", self.ROWS)
        with self.assertRaisesRegex(UserError, "is done"):
            job.drop_missing = False
        with self.assertRaisesRegex(UserError, "is done"):
            job.action_run()
        job.sudo()._record({"state": "running"})
        with self.assertRaisesRegex(UserError, "is running"):
            job.unlink()

    def test_deleting_an_import_leaves_no_table(self):
        job = self._load("number", self.ROWS)
        loader, number = job._get_loader(), job.id
        self.assertTrue(loader._has_table(job, "new"))
        job.unlink()
        self.env.cr.execute(
            "SELECT count(*) FROM pg_tables WHERE tablename LIKE %s",
            [f"parts_catalog_import_{number}_%"],
        )
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertEqual(len(self._numbers()), 3)


@tagged("post_install", "-at_install")
class TestCatalogImportFitment(ImportCommon):
    """CAT-7, CAT-4: fitments by names, by free text, by keys of other catalogues."""

    HEADER = ["零件号", "品牌", "车系", "年款", "位置", "用量", "备注"]

    def test_make_model_and_years(self):
        job = self._load(
            "fitment",
            [
                self.HEADER,
                ["BD-1", "Volkswagen", "Golf", "13-20", "前", "2", "PR 1LJ"],
                ["BD-1", "Toyota", "Camry", "2019-", "", "", ""],
                ["ECU-1", "Volkswagen", "Passat", "2010-2012", "", "", ""],
                ["ECU-1", "Volkswagen", "Beetle", "2013", "", "", ""],
                ["ECU-1", "Volkswagen", "Golf", "sometimes", "", "", ""],
                ["ECU-1", "Volkswagen", "Golf", "2014", "", "two", ""],
            ],
        )
        self.assertRecordValues(
            self._fitments().sorted(lambda fit: fit.vehicle_id.id),
            [
                {
                    "vehicle_id": self.golf.id,
                    # the vehicle's own years: nothing narrower
                    "year_from": 0,
                    "year_to": 0,
                    "position": "前",
                    "quantity": 2.0,
                    "condition": "PR 1LJ",
                },
                {
                    "vehicle_id": self.camry.id,
                    "year_from": 2019,
                    "year_to": 0,
                    "position": False,
                    "quantity": 1.0,
                    "condition": False,
                },
            ],
        )
        self.assertEqual(
            self._reasons(job),
            [
                (4, "years_outside"),
                (5, "model_unknown"),
                (6, "years"),
                (7, "quantity"),
            ],
        )

    def test_vehicles_in_free_text(self):
        job = self._load(
            "fitment",
            [
                ["OE号", "适用车型"],
                ["ECU 1 X 22", "Volkswagen Golf 2015-2018 | Toyota Camry 2018-"],
            ],
        )
        self.assertEqual(self._reasons(job), [(2, "part_unknown")])
        self._add_number(self.ecu, "ECU 1 X 22")
        job = self._load(
            "fitment",
            [
                ["OE号", "适用车型"],
                ["ECU1X22", "Volkswagen Golf 2015-2018 | Toyota Camry 2018-"],
                ["ECU1X22", "Volkswagen Golf R"],
            ],
        )
        self.assertCounts(job, added=2, bad=1)
        self.assertRecordValues(
            self._fitments().sorted(lambda fit: fit.vehicle_id.id),
            [
                {"vehicle_id": self.golf.id, "year_from": 2015, "year_to": 2018},
                {"vehicle_id": self.camry.id, "year_from": 0, "year_to": 0},
            ],
        )

    def test_keys_of_other_catalogues(self):
        self.golf.ktype = 55123
        job = self._load(
            "fitment",
            [["Part No", "KType"], ["BD-1", "55123"], ["BD-1", "1"], ["BD-1", "x"]],
        )
        self.assertEqual(self._fitments().vehicle_id, self.golf)
        self.assertEqual(self._reasons(job), [(3, "vehicle_unknown"), (4, "key")])

    def test_an_engine_narrows_the_vehicle(self):
        header = ["Part No", "Make", "Model", "Engine Code"]
        job = self._load(
            "fitment",
            [
                header,
                ["BD-1", "Volkswagen", "Golf", "CZCA"],
                ["BP-L", "Volkswagen", "Golf", "DLBA"],
                ["BP-R", "Volkswagen", "Passat", "DLBA"],
            ],
        )
        self.assertEqual(self._reasons(job), [(3, "vehicle_unknown")])
        self.assertRecordValues(
            self._fitments().sorted(lambda fit: fit.vehicle_id.id),
            [
                {"vehicle_id": self.golf.id, "engine_code": False},
                # the vehicle does not say its engine: the fitment does
                {"vehicle_id": self.passat.id, "engine_code": "DLBA"},
            ],
        )

    def test_a_list_of_numbers_and_vehicles(self):
        """Real numbers with the cars that they were read from, as one text."""
        hybrid = self.env["parts.catalog.model"].create(
            {"name": "Camry Hybrid", "make_id": self.toyota.id}
        )
        hybrid = self.env["parts.catalog.vehicle"].create(
            {"model_id": hybrid.id, "year_from": 2018, "year_to": 2024}
        )
        self._add_number(self.ecu, "89663-06L31-00", make_id=self.toyota.id)
        job = self._load("fitment", self._sample("import_oe_vehicles.csv"))
        # "Toyota Camry 2018-20 | Toyota Camry Hybrid 2018-20"; the others are unknown
        self.assertRecordValues(
            self._fitments().sorted(lambda fit: fit.vehicle_id.id),
            [
                {"vehicle_id": self.camry.id, "year_from": 0, "year_to": 2020},
                {"vehicle_id": hybrid.id, "year_from": 0, "year_to": 2020},
            ],
        )
        self.assertEqual(set(job.issue_ids.mapped("code")), {"part_unknown"})
        self.assertEqual(job.error_count, 11)

    def test_changes_are_told_from_additions(self):
        rows = [
            self.HEADER,
            ["BD-1", "Volkswagen", "Golf", "", "front", "2", ""],
            ["BD-1", "Volkswagen", "Golf", "", "rear", "2", ""],
            ["BD-1", "Volkswagen", "Golf", "", "rear", "2", ""],
            ["BP-L", "Toyota", "Camry", "", "", "", ""],
        ]
        first = self._load("fitment", rows)
        self.assertCounts(first, added=3)
        self.assertEqual(first.repeated_count, 1)
        self.assertCounts(self._load("fitment", rows), unchanged=3)
        rows[1][5] = "4"
        rows[4][3] = "2019-"
        del rows[2:4]
        rows.append(["BP-R", "Toyota", "Camry", "", "", "", ""])
        self.assertCounts(self._load("fitment", rows), added=1, changed=2, dropped=1)
        self.assertEqual(sorted(self._fitments().mapped("quantity")), [1.0, 1.0, 4.0])


ACES = """<?xml version="1.0" encoding="UTF-8"?>
<ACES version="4.2"><Header><Company>Discs</Company><BrandAAIAID>BBBB</BrandAAIAID>
<SubmissionType>{type}</SubmissionType></Header>
{apps}
<Footer><RecordCount>{count}</RecordCount></Footer></ACES>"""
APP = """<App action="{action}" id="{id}">{vehicle}<Qual id="4"><text>With 300 mm
 disc</text></Qual><Note>Heavy duty</Note><Qty>2</Qty><PartType id="1684"/>
<Position id="22"/><Part>{part}</Part></App>"""


@tagged("post_install", "-at_install")
class TestCatalogImportAces(ImportCommon):
    """CAT-7: ACES 4.x and 5.0, by base vehicle or by years, make and model."""

    BASE = '<BaseVehicle id="5911"/>'
    NAMED = (
        '<Years from="2016" to="2018"/><Make id="54">Volkswagen</Make>'
        '<Model id="9">Passat</Model>'
    )

    def setUp(self):
        super().setUp()
        self.golf.vcdb_base_vehicle = 5911

    def _aces(self, *apps, kind="FULL", count=None):
        texts = [
            APP.format(action=action, id=place, vehicle=vehicle, part=part)
            for place, (action, vehicle, part) in enumerate(apps, 1)
        ]
        count = len(apps) if count is None else count
        text = ACES.format(type=kind, apps="\n".join(texts), count=count)
        return text.encode()

    def test_applications(self):
        content = self._aces(
            ("A", self.BASE, "BD-1"),
            ("A", self.NAMED, "BD-1"),
            ("A", '<BaseVehicle id="77"/>', "BD-1"),
            ("A", self.BASE, "NO-SUCH"),
        )
        job = self._load("aces", content, "discs.xml")
        self.assertRecordValues(
            self._fitments().sorted(lambda fit: fit.vehicle_id.id),
            [
                {
                    "vehicle_id": self.golf.id,
                    "product_tmpl_id": self.brakes.product_tmpl_id.id,
                    "quantity": 2.0,
                    "position": "Position 22",
                    "condition": "With 300 mm disc; Heavy duty",
                    "year_from": 0,
                    "year_to": 0,
                },
                {
                    "vehicle_id": self.passat.id,
                    "product_tmpl_id": self.brakes.product_tmpl_id.id,
                    "quantity": 2.0,
                    "position": "Position 22",
                    "condition": "With 300 mm disc; Heavy duty",
                    "year_from": 2016,
                    "year_to": 2018,
                },
            ],
        )
        self.assertEqual(
            sorted(issue.code for issue in job.issue_ids),
            ["part_unknown", "vehicle_unknown"],
        )
        # the same file, said to be of fitments: the type is recognised
        self.assertCounts(
            self._load("fitment", content, "discs.xml"), unchanged=2, bad=2
        )

    def test_the_sample_files(self):
        four = self._load("aces", self._sample("import_applications_4.xml"), "4.xml")
        self.assertCounts(four, added=2)
        self.assertRegex(four.format_found, "ACES Brake discs 4.2")
        five = self._load("aces", self._sample("import_applications_5.xml"), "5.xml")
        self.assertCounts(five, unchanged=2)

    def test_version_5_says_the_same_in_other_words(self):
        content = self._aces(("A", self.BASE, "BD-1"))
        self._load("aces", content, "discs.xml")
        five = (
            content.replace(b'version="4.2"', b'version="5.0"')
            .replace(b"BrandAAIAID", b"BrandID")
            .replace(b"PartType", b"PartTerminology")
            .replace(b"<Part>", b"<PartNumber>")
            .replace(b"</Part>", b"</PartNumber>")
        )
        self.assertCounts(self._load("aces", five, "discs.xml"), unchanged=1)

    def test_an_update_adds_and_deletes(self):
        self._load(
            "aces", self._aces(("A", self.BASE, "BD-1"), ("A", self.BASE, "BP-L"))
        )
        update = self._aces(
            ("D", self.BASE, "BP-L"), ("A", self.BASE, "BP-R"), kind="UPDATE"
        )
        self.assertCounts(self._load("aces", update), added=1, dropped=1)
        self.assertEqual(
            self._fitments().product_tmpl_id,
            (self.brakes | self.pad_r).product_tmpl_id,
        )

    def test_a_file_that_breaks_off_is_refused(self):
        content = self._aces(("A", self.BASE, "BD-1"), ("A", self.NAMED, "BD-1"))
        for broken in (
            content[:-60],
            content[:400],
            self._aces(("A", self.BASE, "BD-1"), count=2),
        ):
            job = self._check("aces", broken)
            self.assertEqual(job.state, "failed")
            self.assertEqual(job.error_count, 1)
            self.assertRegex(job.message, "Ask for it again")
        self.assertFalse(self._fitments())

    def test_the_brand_of_the_file_tells_parts_apart(self):
        self.brakes.parts_brand_id = self.bosch
        twin = self.env["product.product"].create(
            {
                "name": "Brake disc",
                "default_code": "BD-1",
                "parts_brand_id": self.hella.id,
            }
        )
        content = self._aces(("A", self.BASE, "BD-1"))
        self.assertEqual(
            self._reasons(self._check("aces", content))[0][1], "part_ambiguous"
        )
        self.hella.code = "BBBB"
        self._load("aces", content)
        self.assertEqual(self._fitments().product_tmpl_id, twin.product_tmpl_id)


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
