import logging
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..utils.table_file import TableProblem
from .parts_catalog_loader import ImportStopped

_logger = logging.getLogger(__name__)


class PartsCatalogImport(models.Model):
    """How an import is worked off: at once or in the background, and what is left."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.catalog.import"

    def _start_again(self):
        """Forget what was checked. Note: self.ensure_one()"""
        self.ensure_one()
        if self.state == "draft" and not self.error_count and not self.position:
            return
        self._get_loader()._drop_tables(self.sudo())
        self.env["parts.catalog.import.issue"]._forget(self)
        self.sudo()._record(
            {
                **dict.fromkeys(
                    (
                        "position progress row_count added_count changed_count"
                        " dropped_count unchanged_count repeated_count error_count"
                        " uncertain_count"
                    ).split(),
                    0,
                ),
                **dict.fromkeys("goal step message note error_file".split(), False),
                "state": "draft",
            }
        )

    def _get_later(self):
        """Return done imports of the same source and rows that came after this one.

        Note: self.ensure_one()
        """
        self.ensure_one()
        kinds = ["fitment", "aces"] if self.kind in ("fitment", "aces") else [self.kind]
        return (
            self.sudo()
            .search(
                [
                    ("source_id", "=", self.source_id.id),
                    ("kind", "in", kinds),
                    ("state", "=", "done"),
                    ("done_date", ">=", self.done_date),
                    ("id", "!=", self.id),
                ],
                order="done_date desc, id desc",
            )
            .filtered(lambda job: (job.done_date, job.id) > (self.done_date, self.id))
        )

    @api.model
    def _cron_run(self):
        """Work off what was started, one import after the other.

        An import that was broken off, by whatever, goes on where it last committed.
        """
        jobs = self.sudo().search([("state", "=", "running")], order="started_date, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(jobs))
        for job in jobs:
            job._run_in_background()
            cron._commit_progress(1)

    def _run_in_background(self):
        """Work one import off, as who started it. Note: self.ensure_one()"""
        self.ensure_one()
        job = self.with_user(self.user_id).with_company(self.company_id)
        job = job.with_context(lang=self.user_id.lang, tz=self.user_id.tz)
        if self.try_lock_for_update().state != "running":
            return
        if not (self.user_id.active or self.user_id._is_superuser()):
            text = self.env._("Who started the import is no longer a user.")
            self._fail(UserError(text))
            return
        try:
            job._work(self.env["ir.cron"]._commit_progress)
        except psycopg2.OperationalError:
            # Two at the same moment, or the server went away: the next run goes on
            raise
        except Exception:
            self.env.cr.rollback()
            _logger.exception("Import %s of the catalogue failed", self.id)
            text = self.env._(
                "Something unforeseen happened while the file was imported. Nothing of"
                " it was written; the server's log says more."
            )
            job.sudo()._fail(UserError(text))

    def _work(self, commit=None):
        """Bring a running import to its goal.

        :param commit: called after each step that may be kept; None: all in one
            transaction
        """
        self.ensure_one()
        loader = self._get_loader()
        job = self.sudo()
        try:
            with self.env.cr.savepoint(flush=True) if not commit else _nothing():
                if job.goal == "load":
                    self._check_rights()
                loader._work(job, commit)
        except ImportStopped:
            self.env.cr.rollback()
        except (TableProblem, UserError) as error:
            if commit:
                self.env.cr.rollback()
            job._fail(error)

    def _fail(self, error):
        """Keep why an import failed. Note: self.ensure_one()"""
        issues = self.env["parts.catalog.import.issue"]
        if isinstance(error, TableProblem):
            text = issues._get_problem(error)
        else:
            text = error.args[0] if error.args else str(error)
        self._get_loader()._drop_tables(self)
        issues._forget(self)
        issues._add(self, [(0, None, None, "file", text, False, None, "read")])
        self._record(
            {
                "state": "failed",
                "step": False,
                "message": text,
                "error_count": 1,
                "position": 0,
            }
        )
        issues._write_file(self)

    @api.autovacuum
    def _gc_kept_for_undo(self):
        """Forget what imports keep for undo after a while."""
        days = int(
            self.env["ir.config_parameter"]
            .sudo()
            .get_param("auto_parts_sales.import_undo_days", 90)
        )
        old = self.sudo().search(
            [
                ("state", "=", "done"),
                (
                    "done_date",
                    "<",
                    fields.Datetime.subtract(fields.Datetime.now(), days=days),
                ),
            ],
            order="id",
        )
        for job in old:
            job._get_loader()._drop_tables(job)

    @api.model
    def _drop_all_tables(self):
        """Drop the tables of all imports. Called when the addon is uninstalled."""
        tables = self.env.execute_query(
            SQL(
                r"""SELECT tablename FROM pg_tables WHERE schemaname = 'public'
                     AND tablename ~ '^parts_catalog_import_[0-9]+_'"""
            )
        )
        for [table] in tables:
            self.env.cr.execute(SQL("DROP TABLE %s", SQL.identifier(table)))


@contextmanager
def _nothing():
    yield
