from odoo.tests import tagged

from .import_common import ImportCommon


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
                    "position": "Front",
                    "condition": "With 300 mm disc; Heavy duty",
                    "year_from": 0,
                    "year_to": 0,
                },
                {
                    "vehicle_id": self.passat.id,
                    "product_tmpl_id": self.brakes.product_tmpl_id.id,
                    "quantity": 2.0,
                    "position": "Front",
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
