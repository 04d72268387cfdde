from odoo import api, fields, models
from odoo.tools import SQL


class PartsCommissionEntry(models.Model):
    """What was collected, counted once, though several people earn on it.

    Not stored: a column would cost time whenever an accountant reconciles.
    """

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.commission.entry"

    collected_once = fields.Monetary(
        string="Collected, Counted Once",
        compute="_compute_collected_once",
        compute_sudo=True,
        help="The person's share of the untaxed money; a team lead, who earns on top,"
        " has none. Over all people it adds up to what came in.",
    )

    # === COMPUTE METHODS === #

    @api.depends("collected", "basis_id")
    def _compute_collected_once(self):
        for entry in self:
            basis = entry.basis_id
            share = 0.0 if basis.role == "lead" else basis.share
            entry.collected_once = entry.collected * share / 100.0

    @api.model
    def _field_to_sql(self, alias, field_expr, query=None):
        """Override: sums are asked of the database, as of a stored column."""
        if field_expr != "collected_once":
            return super()._field_to_sql(alias, field_expr, query)
        if query is None:
            raise ValueError("collected_once needs a query, which it joins")
        basis = query.left_join(
            alias, "basis_id", "parts_commission_basis", "id", "basis_id"
        )
        return SQL(
            "(%(collected)s * CASE WHEN %(role)s = 'lead' THEN 0.0"
            " ELSE COALESCE(%(share)s, 0.0) END / 100.0)",
            collected=self._field_to_sql(alias, "collected", query),
            role=SQL.identifier(basis, "role"),
            share=SQL.identifier(basis, "share"),
        )
