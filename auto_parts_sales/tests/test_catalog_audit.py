from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import PartsCommon


# CAT-4: overlaps, duplicates and contradictions are reported
@tagged("post_install", "-at_install")
class TestCatalogAudit(PartsCommon):
    def _found(self, finding, product=None):
        templates = (product or self.ecu).product_tmpl_id
        self.env.flush_all()
        rows = self.env["parts.catalog.audit"].search(
            [("finding", "=", finding), ("product_tmpl_id", "in", templates.ids)]
        )
        return rows.fitment_id

    def _add(self, product=None, vehicle=None, **values):
        return self._add_fitment(product or self.ecu, vehicle or self.golf, **values)

    def test_sound_fitments_are_not_reported(self):
        self._add(year_to=2015)
        self._add(year_from=2016)
        self._add(position="rear")
        self._add(vehicle=self.passat)
        self._add(product=self.ecu_b, quantity=4)
        self.env.flush_all()
        templates = (self.ecu + self.ecu_b).product_tmpl_id
        found = self.env["parts.catalog.audit"].search(
            [("product_tmpl_id", "in", templates.ids)]
        )
        self.assertFalse(found)

    def test_duplicates(self):
        first = self._add(position="Front ", condition="taxi")
        second = self._add(position="front", condition="Taxi", source_id=self.source.id)
        # the vehicle's own years said again are no other years
        third = self._add(
            position="front", condition="taxi", year_from=2013, year_to=2020
        )
        self._add(position="front", condition="police")
        self.assertEqual(self._found("duplicate"), second + third)
        row = self.env["parts.catalog.audit"].search(
            [("fitment_id", "=", second.id), ("finding", "=", "duplicate")]
        )
        self.assertEqual(row.other_id, first)
        self.assertEqual(row.source_id, self.source)
        self.assertTrue(row.note)

    def test_overlaps(self):
        self._add(year_from=2013, year_to=2016)
        late = self._add(year_from=2016, year_to=2018)
        self._add(year_from=2019)
        self.assertEqual(self._found("overlap"), late)
        row = self.env["parts.catalog.audit"].search(
            [("fitment_id", "=", late.id), ("finding", "=", "overlap")]
        )
        self.assertIn("2016–2018", row.note)
        self.assertIn("2013–2016", row.note)
        # told apart by the engine, the place or the vehicle: no overlap
        late.engine_code = "CHPA"
        self.assertFalse(self._found("overlap"))

    def test_an_overlap_with_an_earlier_but_one_is_seen(self):
        self._add(year_from=2013, year_to=2020)
        self._add(year_from=2014, year_to=2015)
        last = self._add(year_from=2018, year_to=2019)
        self.assertIn(last, self._found("overlap"))

    def test_contradictions(self):
        self._add(year_to=2016, quantity=1)
        other = self._add(year_from=2015, quantity=2)
        self.assertEqual(self._found("contradiction"), other)
        self.assertFalse(self._found("overlap"))
        other.year_from = 2017
        self.assertFalse(self._found("contradiction"))

    def test_conditions_without_effect(self):
        self._add()
        idle = self._add(condition="taxi")
        self.assertEqual(self._found("no_effect"), idle)
        idle.position = "rear"
        self.assertFalse(self._found("no_effect"))

    def test_years_outside_the_vehicles(self):
        early = self._add(year_from=2012, year_to=2015)
        self._add(year_from=2013, year_to=2020, position="rear")
        late = self._add(built_from="2021-02-01", position="front")
        self.assertEqual(self._found("years"), early + late)

    def test_engines_that_the_vehicle_does_not_have(self):
        other = self._add(engine_code="CHPA / CHPB")
        self._add(engine_code="chpa, czca", position="rear")
        self._add(engine_code="CHPA", vehicle=self.passat)  # nothing is known of it
        self.assertEqual(self._found("engine"), other)

    def test_unusual_quantities(self):
        for index in range(9):
            self._add(position=f"place {index}", quantity=4)
        odd = self._add(position="place 10", quantity=40)
        self.assertEqual(self._found("quantity"), odd)
        # of two fitments nobody knows which is usual
        self._add(product=self.filter, quantity=1)
        self._add(product=self.filter, quantity=4, vehicle=self.passat)
        self.assertFalse(self._found("quantity", self.filter))
        much = self._add(product=self.filter, quantity=100, vehicle=self.camry)
        self.assertEqual(self._found("quantity", self.filter), much)

    def test_mixed_conditions_of_parts_of_one_kind(self):
        (self.ecu + self.ecu_b).product_tmpl_id.write(
            {"parts_brand_id": self.bosch.id, "categ_id": self.ecu.categ_id.id}
        )
        one = self._add(engine_code="CZCA")
        two = self._add(product=self.ecu_b, engine_code="CHPA")
        both = self.ecu + self.ecu_b
        self.assertFalse(self._found("attributes", both))
        two.write({"engine_code": False, "condition": "taxi"})
        self.assertEqual(self._found("attributes", both), one + two)
        # another brand's parts are told apart in their own way
        self.ecu_b.parts_brand_id = self.hella
        self.assertFalse(self._found("attributes", both))

    def test_suspicious_positions(self):
        self.ecu.name = "Headlamp, left"
        wrong = self._add(position="front right")
        self._add(position="front left")
        self._add(position="left and right", vehicle=self.passat)
        years = self._add(position="2012-2015", vehicle=self.passat)
        number = self._add(position="2", vehicle=self.camry)
        self.assertEqual(set(self._found("position")), set(wrong + years + number))
        self.ecu_b.name = "大灯 左"
        right = self._add(product=self.ecu_b, position="右前")
        self._add(product=self.ecu_b, position="左前")
        self.assertEqual(self._found("position", self.ecu_b), right)

    def test_conditions_that_fields_could_decide(self):
        for condition in ("from 2016", "chassis from 123456", "发动机 CZCA"):
            self._add(condition=condition)
        self._add(condition="with start-stop")
        found = self._found("note")
        self.assertEqual(len(found), 3)
        self.assertNotIn("with start-stop", found.mapped("condition"))

    def test_the_list_reads(self):
        self._add()
        self._add(condition="from 2016")
        self._add(engine_code="CHPA", quantity=100, position="2")
        self._add(year_from=2012, year_to=2018)
        self._add(quantity=2)
        self._add()
        self.env.flush_all()
        rows = self.env["parts.catalog.audit"].search([])
        self.assertTrue(all(rows.mapped("note")))
        self.assertEqual(len(rows), len(set(rows.ids)))
        manager = self.users["sales_manager"]
        listed = rows.with_user(manager).web_search_read(
            [], {"finding": {}, "note": {}, "condition": {}, "years": {}}
        )
        self.assertEqual(listed["length"], len(rows))
        action = rows.with_user(manager).action_open_fitments()
        opened = self.env["parts.catalog.fitment"].search(action["domain"])
        self.assertLessEqual(rows.fitment_id | rows.other_id, opened)

    def test_what_was_found_is_read_in_one_query(self):
        self._add()
        self._add()
        self.env.flush_all()
        self.env.invalidate_all()
        rows = self.env["parts.catalog.audit"].search([("finding", "=", "duplicate")])
        with self.assertQueryCount(0):
            rows.mapped("finding")
            rows.mapped("other_id.id")
            rows.mapped("source_id.id")

    def test_who_may_look(self):
        audit = self.env["parts.catalog.audit"]
        for role in ("sales_manager", "price_group", "administrator"):
            audit.with_user(self.users[role]).search([], limit=1)
        for role in ("salesperson", "warehouse", "finance"):
            with self.assertRaises(AccessError):
                audit.with_user(self.users[role]).search([], limit=1)

    def test_other_companys_parts_stay_hidden(self):
        self._add()
        self._add()
        self.assertTrue(self._found("duplicate"))
        other = self.env["res.company"].create({"name": "Other"})
        self.ecu.product_tmpl_id.company_id = other
        self.env.flush_all()
        manager = self.users["sales_manager"]
        rows = self.env["parts.catalog.audit"].with_user(manager)
        self.assertFalse(
            rows.search([("product_tmpl_id", "=", self.ecu.product_tmpl_id.id)])
        )

    def test_rows_by_id_are_found_among_their_parts_only(self):
        self._add(position="front")
        twice = self._add(position="front")
        self._add(product=self.ecu_b, position="front")
        self._add(product=self.ecu_b, position="front")
        self.env.flush_all()
        audit = self.env["parts.catalog.audit"]
        [row] = audit.search(
            [("finding", "=", "duplicate"), ("fitment_id", "=", twice.id)]
        )
        self.env.invalidate_all()
        row = audit.browse(row.id)
        query = str(row._table_query.code)
        self.assertEqual(query.count("s.id = ANY"), 1)
        self.assertNotIn("UNION ALL", query)
        self.assertEqual((row.fitment_id, row.finding), (twice, "duplicate"))
        self.assertEqual(audit.search([("id", "=", row.id)]), row)
        self.assertEqual(audit.search([("id", "in", [row.id, 1])]), row)
        self.assertTrue(row.exists())
        # a search on some rows is a search on all
        self.assertGreater(
            len(row.search([("finding", "=", "duplicate")])),
            len(row.search([("id", "=", row.id)])),
        )

    def test_mixed_conditions_by_id_see_other_parts(self):
        self._add(engine_code="CHPA")
        other = self._add(product=self.ecu_b, condition="taxi")
        (self.ecu + self.ecu_b).product_tmpl_id.write(
            {"parts_brand_id": self.bosch.id, "categ_id": self.ecu.categ_id.id}
        )
        self.env.flush_all()
        audit = self.env["parts.catalog.audit"]
        found = audit.search(
            [("finding", "=", "attributes"), ("fitment_id", "=", other.id)]
        )
        self.env.invalidate_all()
        self.assertEqual(audit.browse(found.id).fitment_id, other)
