from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestCatalogNumber(PartsCommon):
    def test_key_follows_the_number(self):
        number = self._add_number(self.ecu, " 5G0 906  259 C ")
        self.assertEqual(number.number, "5G0 906 259 C")
        self.assertEqual(number.key, "5G0906259C")
        number.number = "5g0-906-259-d"
        self.assertEqual(number.key, "5G0906259D")

    def test_key_cannot_be_written(self):
        manager = self.users["sales_manager"]
        number = self._add_number(self.ecu, "5G0 906 259 C", key="WRONG1")
        self.assertEqual(number.key, "5G0906259C")
        number.with_user(manager).write({"key": "WRONG1"})
        number.with_user(manager).write({"number": "5G0906259C", "key": "WRONG1"})
        self.env.invalidate_all()
        self.assertEqual(number.key, "5G0906259C")
        other = number.with_context(default_key="WRONG1").create(
            {
                "number": "1K0",
                "make_id": self.vw.id,
                "product_tmpl_id": self.ecu.product_tmpl_id.id,
            }
        )
        self.assertEqual(other.key, "1K0")

    def test_imported_number_gets_its_key(self):
        result = self.env["parts.catalog.number"].load(
            ["number", "key", "make_id", "product_tmpl_id/.id"],
            [["1K0-615 301", "X", "Volkswagen", str(self.ecu.product_tmpl_id.id)]],
        )
        self.assertFalse(result["messages"])
        number = self.env["parts.catalog.number"].browse(result["ids"])
        self.assertEqual(number.key, "1K0615301")

    def test_number_without_letter_or_digit_is_refused(self):
        for nothing in ("", "- /", False, "?" * 200, "9" * 106):
            with (
                self.subTest(nothing=nothing),
                self.assertRaisesRegex(ValidationError, "no part number"),
            ):
                self._add_number(self.ecu, nothing)
        number = self._add_number(self.ecu, "1K0")
        with self.assertRaisesRegex(ValidationError, "no part number"):
            number.number = "--"

    @mute_logger("odoo.sql_db")
    def test_number_has_exactly_one_owner(self):
        for owners in (
            {"make_id": False},
            {"make_id": self.vw.id, "brand_id": self.bosch.id},
            {"group_id": self.vag.id, "brand_id": self.bosch.id},
        ):
            with (
                self.subTest(owners=owners),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                self._add_number(self.ecu, "1K0", **owners)
        self._add_number(self.ecu, "1K0", group_id=self.vag.id)
        self._add_number(self.ecu, "1K0", brand_id=self.bosch.id, kind="trade")

    @mute_logger("odoo.sql_db")
    def test_same_number_of_one_owner_and_part_once(self):
        self._add_number(self.ecu, "5G0 906 259 C")
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._add_number(self.ecu, "5g0906259c")
        self._add_number(self.ecu, "5G0 906 259 C", make_id=self.audi.id)
        self._add_number(self.ecu_b, "5G0 906 259 C")

    def test_variant_belongs_to_the_part(self):
        number = self._add_number(self.ecu, "1K0", product_id=self.ecu.id)
        with self.assertRaisesRegex(ValidationError, "no variant"):
            number.product_id = self.ecu_b
        alone = self.env["parts.catalog.number"].create(
            {"number": "2K0", "make_id": self.vw.id, "product_id": self.ecu.id}
        )
        self.assertEqual(alone.product_tmpl_id, self.ecu.product_tmpl_id)

    def test_numbers_go_with_their_part(self):
        number = self._add_number(self.filter, "06A 115 561 B")
        self.filter.product_tmpl_id.unlink()
        self.assertFalse(number.exists())

    def test_numbers_are_entered_on_the_product(self):
        self.ecu.parts_number_ids = [
            Command.create({"number": "1K0 907", "make_id": self.vw.id})
        ]
        self.assertEqual(self.ecu.product_tmpl_id.parts_number_ids.key, "1K0907")

    def test_number_search_field_takes_any_spelling(self):
        number = self._add_number(self.ecu, "5G0 906 259 C")
        search = self.env["parts.catalog.number"].search
        self.assertEqual(search([("number_search", "ilike", "5g0-906")]), number)
        self.assertFalse(search([("number_search", "ilike", "906259")]))
        self.assertFalse(search([("number_search", "ilike", "--")]))

    def test_who_may_read_and_write(self):
        number = self._add_number(self.ecu, "5G0 906 259 C")
        keepers = {"sales_manager", "price_group", "administrator"}
        for role, user in self.users.items():
            with self.subTest(role=role):
                as_user = number.with_user(user)
                self.assertEqual(as_user.key, "5G0906259C")
                for operation in ("create", "write", "unlink"):
                    self.assertEqual(as_user.has_access(operation), role in keepers)
        with self.assertRaises(AccessError):
            number.with_user(self.salesperson).number = "1"

    def test_other_companys_numbers_stay_hidden(self):
        other = self.env["res.company"].create({"name": "Other Trader"})
        number = self._add_number(self.ecu, "5G0 906 259 C")
        fitment = self._add_fitment(self.ecu, self.golf)
        mine = number.with_user(self.salesperson)
        self.assertEqual(mine.search([("key", "=", "5G0906259C")]), number)
        self.ecu.company_id = other
        self.assertFalse(mine.search([("key", "=", "5G0906259C")]))
        self.assertFalse(
            fitment.with_user(self.salesperson).search([("id", "=", fitment.id)])
        )
