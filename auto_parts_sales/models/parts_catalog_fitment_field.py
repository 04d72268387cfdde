from odoo import fields
from odoo.tools.sql import constraint_definition, drop_constraint


class ManyRows(fields.Many2one):
    """A reference of a table that is loaded by the million rows.

    PostgreSQL checks a foreign key row by row, which takes twice as long as writing the
    row with all its indexes. Instead of one there are triggers that check all rows of a
    statement at once: see :mod:`.parts_catalog_fitment_guard`.
    """

    def update_db_foreign_key(self, model, column):
        """Override: there is none."""
        name = f"{model._table}_{self.name}_fkey"
        if constraint_definition(model.env.cr, model._table, name):
            drop_constraint(model.env.cr, model._table, name)
