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
