from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

TRANSFER_ROLES = (
    "auto_parts_sales.group_parts_sales_office",
    "auto_parts_sales.group_parts_finance_deputy",
    "auto_parts_sales.group_parts_general_manager",
)


class PartsCommissionTransfer(models.Model):
    """Hands open promises over to another person, from a date on, with a reason.

    What was collected before that date stays with whom it was earned by; what is
    collected from then on is the new person's. Once made it is never changed; to
    undo it, transfer back.
    """

    _name = "parts.commission.transfer"
    _description = "Transfer of Commission"
    _order = "date desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    user_from_id = fields.Many2one(
        comodel_name="res.users",
        string="From",
        required=True,
        index=True,
        ondelete="restrict",
    )
    user_to_id = fields.Many2one(
        comodel_name="res.users",
        string="To",
        required=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Date(
        string="Collected From",
        required=True,
        default=fields.Date.context_today,
        help="What is collected from this day on is the new person's.",
    )
    reason = fields.Char(required=True)
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        index="btree_not_null",
        help="Take over this customer's open invoices. Empty: those of all customers.",
    )
    move_ids = fields.Many2many(
        comodel_name="account.move",
        relation="parts_commission_transfer_move_rel",
        string="Invoices",
        check_company=True,
        domain=[("move_type", "=", "out_invoice"), ("state", "=", "posted")],
        help="Empty: every open invoice whose commission is the first person's.",
    )
    basis_ids = fields.One2many(
        comodel_name="parts.commission.basis",
        inverse_name="transfer_id",
        string="Taken Over",
        readonly=True,
    )

    _two_people = models.Constraint(
        "CHECK(user_from_id != user_to_id)",
        "A transfer goes from one person to another.",
    )

    # === COMPUTE METHODS === #

    @api.depends("user_from_id", "user_to_id", "date")
    def _compute_display_name(self):
        for transfer in self:
            giver, taker = transfer.user_from_id.name, transfer.user_to_id.name
            transfer.display_name = (
                self.env._("%(giver)s to %(taker)s", giver=giver, taker=taker)
                if giver and taker
                else False
            )

    # === CONSTRAINTS === #

    @api.constrains("date")
    def _check_date(self):
        for transfer in self:
            if transfer.date < fields.Date.context_today(transfer):
                raise ValidationError(
                    self.env._(
                        "A transfer counts from today on, or later: what was collected"
                        " before is earned already."
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        transfers = super().create(vals_list)
        for transfer in transfers:
            transfer._check_may_transfer()
            transfer._carry_out()
        return transfers

    def write(self, vals):
        # what the transfer itself fills in, as superuser
        if not self.env.su or set(vals) - {"move_ids"}:
            raise UserError(
                self.env._(
                    "A transfer is never changed. To undo it, transfer the commission"
                    " back."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=True)
    def _unlink_except_uninstalling(self):
        if not self.env["parts.commission.engine"]._is_uninstalling():
            raise UserError(
                self.env._(
                    "A transfer is never deleted. To undo it, transfer the commission"
                    " back."
                )
            )

    def _check_may_transfer(self):
        self.ensure_one()
        if self.env.su:
            return
        user = self.env.user
        if not any(user.has_group(role) for role in TRANSFER_ROLES):
            raise AccessError(
                self.env._(
                    "Commission is transferred by the sales office, the financial"
                    " deputy or the general manager."
                )
            )
        if user in self.user_from_id | self.user_to_id:
            raise AccessError(
                self.env._(
                    "Nobody transfers commission from or to himself: somebody else of"
                    " the sales office, the financial deputy or the general manager"
                    " does it."
                )
            )

    # === ACTIONS === #

    @api.readonly
    def action_transfer(self):
        """Carry a new transfer out: the form saves it, and that does it."""
        self.check_access("read")
        return True

    # === BUSINESS METHODS === #

    def _carry_out(self):
        """Continue the promises that this transfer is about, and book."""
        self.ensure_one()
        # As superuser: no role writes promises, this door does it by its rules
        transfer = self.sudo()
        bases = self.env["parts.commission.basis"].sudo()
        found = bases.search(transfer._get_basis_domain())
        invoices = found.move_id.filtered(lambda move: move.move_type == "out_invoice")
        notes = bases.search([("move_id.reversed_entry_id", "in", invoices.ids)])
        made = (found | notes)._transfer(transfer)
        if not made:
            raise UserError(
                self.env._(
                    "%(user)s has no open commission promise among these invoices."
                    " Choose others, or none for all that are open.",
                    user=transfer.user_from_id.name,
                )
            )
        transfer.move_ids = invoices
        engine = self.env["parts.commission.engine"]._as_superuser()
        engine._derive(engine._browse_moves(made.move_id))

    def _get_basis_domain(self):
        self.ensure_one()
        domain = [
            ("company_id", "=", self.company_id.id),
            ("user_id", "=", self.user_from_id.id),
        ]
        if self.partner_id:
            commercial = self.partner_id.commercial_partner_id
            domain.append(("partner_id", "=", commercial.id))
        if self.move_ids:
            return [*domain, ("move_id", "in", self.move_ids.ids)]
        # also paid by money that does not count yet: it is earned from then on
        return [*domain, ("is_open", "=", True)]
