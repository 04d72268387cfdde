from contextlib import ExitStack, contextmanager
from unittest.mock import patch
from uuid import uuid4

from psycopg2 import errors

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger

from .common import PartsCommon

INSERT = """
    INSERT INTO parts_catalog_fitment (product_tmpl_id, vehicle_id, source_id, quantity)
    SELECT p, %s, %s, 1 FROM unnest(%s) p
"""
NOBODY = 2_000_000_000


@tagged("post_install", "-at_install")
class TestCatalogFitmentGuard(PartsCommon):
    """CAT-4, CAT-7: what foreign keys hold is held, for all rows of a statement."""

    def setUp(self):
        super().setUp()
        self.parts = (self.ecu | self.ecu_b).product_tmpl_id
        self.fitments = self.env["parts.catalog.fitment"].create(
            [
                {
                    "product_tmpl_id": part.id,
                    "vehicle_id": vehicle.id,
                    "source_id": self.source.id,
                }
                for part in self.parts
                for vehicle in (self.golf, self.passat)
            ]
        )
        self.env.flush_all()

    @contextmanager
    def _refused(self, column):
        with (
            self.assertRaises(errors.ForeignKeyViolation) as caught,
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            yield
        self.assertEqual(caught.exception.diag.table_name, "parts_catalog_fitment")
        self.assertEqual(caught.exception.diag.column_name, column)

    def test_rows_of_what_is_not_there_are_refused(self):
        source, part = self.source.id, self.parts[0].id
        execute = self.env.cr.execute
        with self._refused("product_tmpl_id"):
            execute(INSERT, [self.golf.id, source, [part, NOBODY, part]])
        with self._refused("vehicle_id"):
            execute(INSERT, [NOBODY, source, [part]])
        with self._refused("source_id"):
            execute(INSERT, [self.golf.id, NOBODY, [part]])
        execute(INSERT, [self.golf.id, None, [part, part]])
        self.assertEqual(self.env.cr.rowcount, 2)

    def test_a_row_cannot_be_moved_to_what_is_not_there(self):
        for column in ("product_tmpl_id", "vehicle_id", "source_id"):
            with self._refused(column):
                self.env.cr.execute(
                    f"UPDATE parts_catalog_fitment SET {column} = %s WHERE id = %s",
                    [NOBODY, self.fitments[0].id],
                )
        self.fitments[0].write({"vehicle_id": self.camry.id, "source_id": False})
        self.env.flush_all()

    def test_fitments_go_with_their_part(self):
        first, second = self.parts
        first.unlink()
        left = self.fitments.exists()
        self.assertEqual(left.product_tmpl_id, second)
        self.assertEqual(len(left), 2)

    def test_a_vehicle_with_fitments_stays(self):
        with self._refused("vehicle_id"):
            self.golf.unlink()
        self.camry.unlink()
        self.assertFalse(self.camry.exists())

    def test_a_source_with_fitments_stays(self):
        with self._refused("source_id"):
            self.env.cr.execute(
                "DELETE FROM parts_catalog_source WHERE id = %s", [self.source.id]
            )
        self.fitments.unlink()
        self.source.unlink()

    def test_nothing_is_left_when_the_addon_goes(self):
        self.env["parts.catalog.fitment"]._drop_guard()
        self.env.cr.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgname LIKE %s",
            ["parts_catalog_fitment%"],
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)
        # and it can be installed again
        self.env["parts.catalog.fitment"]._install_guard()
        with self._refused("vehicle_id"):
            self.golf.unlink()


@tagged("post_install", "-at_install")
class TestCatalogFitmentRace(BaseCase):
    """Fitments are written while their part is deleted. Real connections."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        word = uuid4().hex[:8]
        with self._committed() as env:
            make = env["parts.catalog.make"].create({"name": f"Race {word}"})
            model = env["parts.catalog.model"].create(
                {"name": "Race", "make_id": make.id}
            )
            vehicle = env["parts.catalog.vehicle"].create({"model_id": model.id})
            parts = env["product.template"].create([{"name": "Race"}] * 2)
            self.records = [parts, vehicle, model, make]
        self.part, self.other = parts.ids
        self.vehicle = vehicle.id
        self.addCleanup(self._remove)
        self.stack = ExitStack()
        self.addCleanup(self.stack.close)

    @contextmanager
    def _committed(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _remove(self):
        self.stack.close()
        with self._committed() as env:
            parts, vehicle, model, make = (r.with_env(env) for r in self.records)
            env["parts.catalog.fitment"].search(
                [("vehicle_id", "=", vehicle.id)]
            ).unlink()
            parts.exists().unlink()
            vehicle.exists().unlink()
            names = [("make_id", "=", make.id), ("model_id", "=", model.id)]
            env["parts.catalog.alias"].search(["|", *names]).unlink()
            model.unlink()
            make.unlink()

    def _cursor(self, beside=None):
        """Return a cursor of a connection of its own, in a transaction begun.

        :param beside: another one, whose slot it should not share
        """
        while True:
            cr = self.stack.enter_context(self.registry.cursor())
            cr.execute("SET LOCAL lock_timeout = '200ms'")
            cr.execute("SELECT count(*), pg_backend_pid() FROM parts_catalog_fitment")
            slot = cr.fetchone()[1] % 64
            if not beside or slot != beside.slot:
                cr.slot = slot
                return cr

    def _insert(self, cr, part):
        cr.execute(INSERT, [self.vehicle, None, [part]])

    def _delete(self, cr, part):
        cr.execute("DELETE FROM product_product WHERE product_tmpl_id = %s", [part])
        cr.execute("DELETE FROM product_template WHERE id = %s", [part])

    def _orphans(self):
        with self.registry.cursor() as cr:
            cr.execute(
                """SELECT count(*) FROM parts_catalog_fitment f
                    WHERE vehicle_id = %s AND NOT EXISTS (
                        SELECT FROM product_template t WHERE t.id = f.product_tmpl_id)
                """,
                [self.vehicle],
            )
            return cr.fetchone()[0]

    @mute_logger("odoo.sql_db")
    def test_what_was_written_since_is_seen(self):
        deleting = self._cursor()
        writing = self._cursor()
        self._insert(writing, self.part)
        writing.commit()
        # It cannot see the new fitment: it fails, and Odoo runs it again
        with self.assertRaises(errors.SerializationFailure):
            self._delete(deleting, self.part)
        deleting.rollback()
        self._delete(deleting, self.part)
        deleting.commit()
        self.assertEqual(self._orphans(), 0)

    @mute_logger("odoo.sql_db")
    def test_a_vehicle_as_well(self):
        deleting = self._cursor()
        writing = self._cursor()
        self._insert(writing, self.part)
        writing.commit()
        gone = "DELETE FROM parts_catalog_vehicle WHERE id = %s"
        with self.assertRaises(errors.SerializationFailure):
            deleting.execute(gone, [self.vehicle])
        deleting.rollback()
        with self.assertRaises(errors.ForeignKeyViolation):
            deleting.execute(gone, [self.vehicle])
        deleting.rollback()

    @mute_logger("odoo.sql_db")
    def test_a_part_that_is_being_deleted_gets_none(self):
        deleting, writing = self._cursor(), self._cursor()
        self._delete(deleting, self.part)
        with self.assertRaises(errors.LockNotAvailable):
            self._insert(writing, self.part)
        writing.rollback()
        writing.execute("SELECT count(*) FROM parts_catalog_fitment")
        deleting.commit()
        with self.assertRaises(errors.SerializationFailure):
            self._insert(writing, self.part)
        writing.rollback()
        with self.assertRaises(errors.ForeignKeyViolation):
            self._insert(writing, self.part)
        writing.rollback()

    @mute_logger("odoo.sql_db")
    def test_a_part_being_written_to_cannot_be_deleted(self):
        writing, deleting = self._cursor(), self._cursor()
        self._insert(writing, self.part)
        with self.assertRaises(errors.LockNotAvailable):
            self._delete(deleting, self.part)
        deleting.rollback()
        writing.rollback()

    def test_nobody_else_waits(self):
        writing = self._cursor()
        beside = self._cursor(beside=writing)
        self._insert(writing, self.part)
        # the same part is sold, changed, and gets fitments
        beside.execute(
            "UPDATE product_template SET list_price = 9 WHERE id = %s", [self.part]
        )
        self._insert(beside, self.part)
        beside.commit()
        writing.commit()
        self.assertEqual(self._orphans(), 0)
