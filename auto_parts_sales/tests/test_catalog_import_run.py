import base64
from contextlib import contextmanager
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import tagged
from odoo.tests.common import BaseCase, get_db_name

from ..models import parts_catalog_import, parts_catalog_loader
from .import_common import ImportCommon

CRON = "auto_parts_sales.parts_catalog_import_cron"
NOTHING_AT_ONCE = dict.fromkeys(parts_catalog_import.AT_ONCE, 0)


class Killed(BaseException):
    """The process is gone: nothing catches it, nothing is cleaned up."""


@tagged("post_install", "-at_install")
class TestCatalogImportBackground(ImportCommon):
    """CAT-7: large files are worked off in the background, as who started it."""

    ROWS = [
        ["编码", "OE号", "车型品牌"],
        *(["ECU-1", f"5G0 906 2{n:02}", "Volkswagen"] for n in range(10, 30)),
        ["NO-SUCH", "5G0 906 999", "Volkswagen"],
    ]

    def setUp(self):
        super().setUp()
        self.startPatcher(
            patch.object(parts_catalog_import, "AT_ONCE", NOTHING_AT_ONCE)
        )
        self.startPatcher(patch.object(parts_catalog_loader, "BATCH", 7))

    def _run_cron(self):
        with self.enter_registry_test_mode():
            self.env.ref(CRON).method_direct_trigger()
        self.env.invalidate_all()

    def test_check_and_import_in_the_background(self):
        triggers = self.env["ir.cron.trigger"].search_count([])
        job = self._check("number", self.ROWS)
        self.assertEqual(job.state, "running")
        self.assertGreater(self.env["ir.cron.trigger"].search_count([]), triggers)
        self._run_cron()
        self.assertEqual((job.state, job.progress), ("checked", 100.0))
        self.assertCounts(job, added=20, bad=1)
        self.assertFalse(self._numbers())
        job.action_run()
        self.assertEqual(job.state, "running")
        self._run_cron()
        self.assertEqual(job.state, "done", job.message)
        self.assertEqual(len(self._numbers()), 20)
        self.assertEqual(job.user_id, self.keeper)

    def test_rights_are_those_of_who_started_it(self):
        job = self._check("number", self.ROWS)
        self._run_cron()
        job.action_run()
        self.keeper.group_ids -= self.env.ref("sales_team.group_sale_manager")
        self._run_cron()
        self.assertEqual(job.sudo().state, "failed")
        self.assertFalse(self._numbers())

    def test_a_running_import_can_be_stopped(self):
        job = self._check("number", self.ROWS)
        job.action_stop()
        self.assertEqual(job.state, "draft")
        self._run_cron()
        self.assertEqual((job.state, job.row_count), ("draft", 0))

    def test_a_failure_is_said_and_stops_no_other(self):
        bad = self._new("aces", b"<ACES><App></ACES>", "a.xml")
        bad.action_check()
        good = self._check("number", self.ROWS)
        self._run_cron()
        self.assertEqual((bad.state, good.state), ("failed", "checked"))
        self.assertTrue(bad.message)


@tagged("post_install", "-at_install")
class TestCatalogImportBroken(BaseCase):
    """CAT-7: the server is killed in the middle. Real connections, real commits."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        self.startPatcher(patch.object(parts_catalog_loader, "BATCH", 10))
        self.startPatcher(
            patch.object(parts_catalog_import, "AT_ONCE", NOTHING_AT_ONCE)
        )
        word = uuid4().hex[:8]
        with self._committed() as env:
            source = env["parts.catalog.source"].create({"name": f"Killed {word}"})
            make = env["parts.catalog.make"].create({"name": f"Make {word}"})
            part = env["product.product"].create(
                {"name": "Part", "default_code": f"KILL-{word}"}
            )
            lines = ["编码,OE号", *(f"KILL-{word},{word}{n:04}X" for n in range(45))]
            job = env["parts.catalog.import"].create(
                {
                    "kind": "number",
                    "source_id": source.id,
                    "make_id": make.id,
                    "load_uncertain": True,
                    "file": base64.b64encode("\n".join(lines).encode()),
                    "filename": "killed.csv",
                }
            )
            job.action_run()
            self.assertEqual(job.state, "running")
            self.records = [job, source, make, part.product_tmpl_id]
            self.job_id, self.source_id = job.id, source.id
        self.addCleanup(self._remove)

    @contextmanager
    def _committed(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _remove(self):
        with self._committed() as env:
            job, source, make, part = (r.with_env(env) for r in self.records)
            job.action_stop()
            job.unlink()
            env["parts.catalog.number"].search([("source_id", "=", source.id)]).unlink()
            part.unlink()
            env["parts.catalog.alias"].search([("make_id", "=", make.id)]).unlink()
            make.unlink()
            source.unlink()

    def _run(self, kill_after=None, where=None):
        """Work the import off as the background does, until the process is killed."""
        commits = []

        def commit(*args, **kwargs):
            if kill_after is not None and len(commits) == kill_after:
                raise Killed
            commits.append(True)
            return env["ir.cron"]._commit_progress()

        cr = self.registry.cursor()
        try:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["parts.catalog.import"].browse(self.job_id)._work(commit)
            env["ir.cron"]._commit_progress()
        except Killed:
            cr.rollback()
        finally:
            cr.close()
        return len(commits)

    def _look(self):
        with self._committed() as env:
            job = env["parts.catalog.import"].browse(self.job_id)
            numbers = env["parts.catalog.number"].search_count(
                [("source_id", "=", self.source_id)]
            )
            return job.state, job.position, numbers

    def test_it_goes_on_where_it_was_broken_off(self):
        # 45 rows in batches of 10
        self._run(kill_after=2)
        self.assertEqual(self._look(), ("running", 20, 0))
        self._run(kill_after=1)
        self.assertEqual(self._look(), ("running", 30, 0))
        self._run()
        self.assertEqual(self._look(), ("done", 45, 45))

    def test_killed_at_each_commit_nothing_is_half_written(self):
        kills = 0
        while self._look()[0] == "running" and kills < 20:
            # One step each time, and killed before the next one commits
            self._run(kill_after=1)
            kills += 1
            self.assertIn(self._look()[2], (0, 45))
        self.assertEqual(self._look(), ("done", 45, 45))
        # five batches, the end of reading, the switch
        self.assertGreaterEqual(kills, 5)


@tagged("post_install", "-at_install")
class TestCatalogImportAtOnce(BaseCase):
    """CAT-7: two imports of parts of one source at the same moment. Real connections,
    real commits."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))
        self.startPatcher(
            patch.object(parts_catalog_import, "AT_ONCE", NOTHING_AT_ONCE)
        )
        word = uuid4().hex[:8]
        self.codes = [f"TWICE-{word}-{n}" for n in range(3)]
        with self._committed() as env:
            self.source = env["parts.catalog.source"].create({"name": f"Twice {word}"})
            self.jobs = env["parts.catalog.import"]
            for codes in (self.codes[:2], self.codes[1:]):
                lines = ["编码,名称", *(f"{code},Part" for code in codes)]
                self.jobs += self.jobs.create(
                    {
                        "kind": "product",
                        "source_id": self.source.id,
                        "file": base64.b64encode("\n".join(lines).encode()),
                        "filename": "twice.csv",
                    }
                )
            self.jobs.action_run()
        self.addCleanup(self._remove)

    @contextmanager
    def _committed(self):
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _find(self, env):
        products = env["product.product"].with_context(active_test=False)
        return products.search([("default_code", "in", self.codes)])

    def _remove(self):
        with self._committed() as env:
            jobs = self.jobs.with_env(env)
            jobs.action_stop()
            jobs.unlink()
            self._find(env).product_tmpl_id.unlink()
            self.source.with_env(env).unlink()

    def _run(self, job, stop_after=None):
        commits = []

        def commit(*args, **kwargs):
            if stop_after == len(commits):
                raise Killed
            commits.append(True)
            return env["ir.cron"]._commit_progress()

        cr = self.registry.cursor()
        try:
            env = api.Environment(cr, SUPERUSER_ID, {})
            job.with_env(env)._work(commit)
            env["ir.cron"]._commit_progress()
        except Killed:
            cr.rollback()
        finally:
            cr.close()
        with self._committed() as env:
            return job.with_env(env).state

    def test_no_part_is_made_twice(self):
        first, second = self.jobs
        # the first has looked its parts up, and made them, but not shown them yet
        self.assertEqual(self._run(first, stop_after=4), "running")
        with self._committed() as env:
            self.assertEqual(len(self._find(env)), 2)
            self.assertFalse(self._find(env).filtered("active"))
        # somebody makes one of them meanwhile, by hand or by another import
        with self._committed() as env:
            env["product.product"].create(
                {"name": "By hand", "default_code": self.codes[0]}
            )
        self.assertEqual(self._run(first), "done")
        self.assertEqual(self._run(second), "done")
        with self._committed() as env:
            found = self._find(env)
            self.assertEqual(sorted(found.mapped("default_code")), self.codes)
            self.assertTrue(all(found.mapped("active")))
            # the one made meanwhile is changed by the file, as any other
            self.assertEqual(set(found.mapped("name")), {"Part"})
            self.assertEqual(first.with_env(env).added_count, 1)

    def test_the_second_sees_what_the_first_has_made(self):
        first, second = self.jobs
        self.assertEqual(self._run(first, stop_after=2), "running")
        self.assertEqual(self._run(second), "done")
        self.assertEqual(self._run(first), "done")
        with self._committed() as env:
            self.assertEqual(sorted(self._find(env).mapped("default_code")), self.codes)
