from psycopg2 import IntegrityError

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import PartsCommon


@tagged("post_install", "-at_install")
class TestCatalogFitment(PartsCommon):
    def _fit(self, product, vehicle):
        templates = product.product_tmpl_id
        answers = self.env["parts.catalog.fitment"]._get_fit(templates, vehicle)
        return answers[templates.id]

    def test_vehicle_is_named_by_what_is_known(self):
        self.assertEqual(
            self.golf.display_name, "Volkswagen Golf VII 2013–2020 1.4 TSI"
        )
        self.assertEqual(self.camry.display_name, "Toyota Camry 2018–")
        self.camry.write({"year_to": 2018, "displacement": 2.5, "fuel": "hybrid"})
        self.assertEqual(self.camry.display_name, "Toyota Camry 2018 2.5 Hybrid")

    def test_vehicle_is_found_by_words_and_years(self):
        search = self.env["parts.catalog.vehicle"].name_search
        for text in ("golf 2015", "2020 volks tsi", "CZCA", "golf 2013-2020"):
            self.assertEqual([pair[0] for pair in search(text)], self.golf.ids, text)
        self.assertFalse(search("golf 2021"))
        self.assertEqual(search("camry 2030")[0][0], self.camry.id)
        self.assertEqual(
            search(self.golf.display_name, operator="="),
            [(self.golf.id, self.golf.display_name)],
        )
        self.assertFalse(search("Golf", operator="="))

    @mute_logger("odoo.sql_db")
    def test_years_and_quantity_are_checked(self):
        for values in (
            {"year_from": 2018, "year_to": 2015},
            {"quantity": 0},
            {"quantity": -1},
        ):
            with self.assertRaises(IntegrityError), self.env.cr.savepoint():
                self._add_fitment(self.ecu, self.golf, **values)
        with self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self.golf.year_to = 2000
            self.golf.flush_recordset()

    def test_years_outside_the_vehicles_are_pointed_out(self):
        fitment = self._add_fitment(self.ecu, self.golf, year_from=2012, year_to=2015)
        self.assertIn("2013–2020", fitment.year_warning)
        fitment.year_from = 2014
        self.assertFalse(fitment.year_warning)
        with self.assertRaisesRegex(ValidationError, "no year"):
            self._add_fitment(self.ecu, self.golf, year_from=2001, year_to=2003)

    def test_yes(self):
        self._add_fitment(self.ecu, self.golf)
        self.assertEqual(self._fit(self.ecu, self.golf), ("yes", ""))

    def test_depends_on_a_condition(self):
        self._add_fitment(self.ecu, self.golf, condition="with start-stop")
        self.assertEqual(self._fit(self.ecu, self.golf), ("depends", "with start-stop"))
        self._add_fitment(self.ecu, self.golf)
        self.assertEqual(self._fit(self.ecu, self.golf)[0], "yes")

    def test_depends_on_narrower_years(self):
        fitment = self._add_fitment(self.ecu, self.golf, year_from=2016)
        self.assertEqual(self._fit(self.ecu, self.golf)[0], "depends")
        self.assertIn("2016–2020", self._fit(self.ecu, self.golf)[1])
        fitment.write({"year_from": 2012, "year_to": 2020})
        self.assertEqual(self._fit(self.ecu, self.golf)[0], "yes")

    def test_no_needs_a_source_that_covers_the_make(self):
        self._add_fitment(self.ecu, self.passat, source_id=self.source.id)
        self.assertEqual(self._fit(self.ecu, self.golf)[0], "no")
        # the source has nothing of Toyota, so it says nothing about one
        self.assertEqual(self._fit(self.ecu, self.camry)[0], "unknown")
        # once it covers Toyota, it does
        self._add_fitment(self.filter, self.camry, source_id=self.source.id)
        self.assertEqual(self._fit(self.ecu, self.camry)[0], "no")

    def test_unknown(self):
        self.assertEqual(self._fit(self.ecu, self.golf)[0], "unknown")
        # what a person noted without a source claims nothing about other vehicles
        self._add_fitment(self.ecu, self.passat)
        self.assertEqual(self._fit(self.ecu, self.golf)[0], "unknown")

    def test_nothing_asked_nothing_said(self):
        none = self.env["parts.catalog.vehicle"]
        self.assertEqual(self._fit(self.ecu, none), (False, ""))

    def test_many_parts_cost_no_more_queries_than_one(self):
        products = self.env["product.product"].create(
            [{"name": f"Part {index}"} for index in range(30)]
        )
        for product in products[:10]:
            self._add_fitment(product, self.golf, source_id=self.source.id)
        for product in products[10:20]:
            self._add_fitment(product, self.passat, source_id=self.source.id)
        self.env.flush_all()

        def count(templates):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["parts.catalog.fitment"]._get_fit(templates, self.golf)
            return self.env.cr.sql_log_count - before

        few = count((products[0] + products[10] + products[20]).product_tmpl_id)
        self.assertEqual(count(products.product_tmpl_id), few)
