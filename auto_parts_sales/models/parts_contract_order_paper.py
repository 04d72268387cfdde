from odoo import api, fields, models
from odoo.exceptions import UserError


class PartsContractOrderMixin(models.AbstractModel):
    """The papers of a quotation: the policy it was made under, its declaration."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.order.mixin"

    parts_policy_id = fields.Many2one(
        comodel_name="parts.contract.policy",
        string="Sales Policy",
        compute="_compute_parts_policy_id",
        compute_sudo=True,
        help="The version in force on the day of the order.",
    )
    parts_may_declare = fields.Boolean(compute="_compute_parts_may_declare")
    parts_declaration_ids = fields.One2many(
        comodel_name="parts.contract.declaration",
        inverse_name="order_id",
        string="Declarations",
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id", "date_order")
    def _compute_parts_policy_id(self):
        policies = self.env["parts.contract.policy"]
        for order in self:
            # nothing is read where contracts are not controlled
            order.parts_policy_id = (
                policies._in_force(
                    order.company_id,
                    fields.Datetime.context_timestamp(order, order.date_order).date()
                    if order.date_order
                    else fields.Date.context_today(order),
                )
                if order.company_id.parts_contract_control
                else policies
            )

    @api.depends("company_id", "state", "parts_contract_id")
    def _compute_parts_may_declare(self):
        for order in self:
            order.parts_may_declare = (
                order.company_id.parts_contract_control
                and order.state in ("draft", "sent")
                and not order.parts_contract_id
            )

    # === ACTIONS === #

    def action_parts_declare(self):
        """Draw up a declaration for what this quotation offers, and open it.

        :raises UserError: without goods
        """
        self.ensure_one()
        self.check_access("write")
        declarations = self.env["parts.contract.declaration"]
        vals = declarations._prepare_from_order(self)
        if not vals["line_ids"]:
            raise UserError(
                self.env._("%s offers no goods that could be declared.", self.name)
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "parts.contract.declaration",
            "res_id": declarations.create(vals).id,
            "view_mode": "form",
        }


class PartsContractOrder(models.AbstractModel):
    """A contract drawn up from a quotation names the quotation's declaration."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.contract.order"

    @api.model
    def _prepare_contract_vals(self, order):
        vals = super()._prepare_contract_vals(order)
        # as superuser: who draws up the contract need not have declared it
        declared = order.sudo().parts_declaration_ids.filtered(
            lambda declaration: declaration.state == "approved"
        )
        return {**vals, "declaration_id": declared.sorted("id")[-1:].id}
