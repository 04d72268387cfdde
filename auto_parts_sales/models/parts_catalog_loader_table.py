import csv
import io

from psycopg2 import sql

from odoo import api, models
from odoo.tools import SQL


class PartsCatalogLoaderTable(models.AbstractModel):
    """The tables through which an import goes: kept ones, named after the import, and
    temporary ones of one transaction."""

    _name = "parts.catalog.loader.table"
    _description = "Tables of Catalogue Imports"

    @api.model
    def _name_table(self, job, name):
        return f"parts_catalog_import_{job.id}_{name}"

    @api.model
    def _sql_table(self, job, name):
        return SQL.identifier(self._name_table(job, name))

    @api.model
    def _has_table(self, job, name):
        [[found]] = self.env.execute_query(
            SQL("SELECT to_regclass(%s) IS NOT NULL", self._name_table(job, name))
        )
        return found

    @api.model
    def _create_table(self, job, name, columns):
        """Make a table that is kept with the import.

        :param columns: pairs of name and type; types are constants of the loaders
        """
        self.env.cr.execute(
            SQL(
                "CREATE TABLE %s (%s)",
                self._sql_table(job, name),
                self._sql_typed(columns),
            )
        )

    @api.model
    def _drop_tables(self, job, names=None):
        """Drop tables of an import; without ``names`` all that it has."""
        if names is None:
            prefix = self._name_table(job, "")
            names = [
                table.removeprefix(prefix)
                for [table] in self.env.execute_query(
                    SQL(
                        "SELECT tablename FROM pg_tables WHERE schemaname ="
                        " current_schema AND starts_with(tablename, %s)",
                        prefix,
                    )
                )
            ]
        for name in names:
            self.env.cr.execute(
                SQL("DROP TABLE IF EXISTS %s", self._sql_table(job, name))
            )

    @api.model
    def _sql_typed(self, columns):
        return SQL(", ").join(
            # types are constants of the loaders
            SQL("%s " + kind, SQL.identifier(name))
            for name, kind in columns
        )

    @api.model
    def _temporary(self, name, query):
        """Make a table of this transaction only: ``parts_import_<name>``."""
        table = SQL.identifier(f"parts_import_{name}")
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        self.env.cr.execute(
            SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, query)
        )
        self.env.cr.execute(SQL("ANALYZE %s", table))

    @api.model
    def _is_empty(self, name):
        """Tell whether a table made by :meth:`_temporary` has no row."""
        table = SQL.identifier(f"parts_import_{name}")
        [[empty]] = self.env.execute_query(
            SQL("SELECT NOT EXISTS (SELECT FROM %s)", table)
        )
        return empty

    @api.model
    def _fill_temporary(self, name, columns, rows):
        """Make a table of this transaction only from rows worked out in Python.

        :param columns: list of (name, type)
        :param rows: iterable of tuples
        """
        table = SQL.identifier(f"parts_import_{name}")
        self.env.cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
        self.env.cr.execute(
            SQL(
                "CREATE TEMPORARY TABLE %s (%s) ON COMMIT DROP",
                table,
                self._sql_typed(columns),
            )
        )
        self._copy(f"parts_import_{name}", [column for column, _kind in columns], rows)
        self.env.cr.execute(SQL("ANALYZE %s", table))

    @api.model
    def _copy(self, table, columns, rows):
        """Write rows by COPY; an empty text is no value."""
        buffer = io.StringIO()
        csv.writer(buffer).writerows(rows)
        buffer.seek(0)
        self.env.cr.copy_expert(
            sql.SQL("COPY {} ({}) FROM STDIN (FORMAT csv)").format(
                sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
            ),
            buffer,
        )

    @api.model
    def _sql_columns(self, columns, alias=None):
        return SQL(", ").join(
            SQL.identifier(*((alias, column) if alias else (column,)))
            for column in columns
        )

    @api.model
    def _sql_same(self, columns, left="l", right="o"):
        """Return SQL that tells whether columns agree, empty ones included."""
        return SQL(" AND ").join(
            SQL(
                "%s IS NOT DISTINCT FROM %s",
                SQL.identifier(left, column),
                SQL.identifier(right, column),
            )
            for column in columns
        )
