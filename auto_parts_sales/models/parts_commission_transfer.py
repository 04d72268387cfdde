from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_date

TRANSFER_ROLES = (
    "auto_parts_sales.group_parts_sales_office",
    "auto_parts_sales.group_parts_finance_deputy",
    "auto_parts_sales.group_parts_general_manager",
)
# What carrying out writes, and nobody else: as it is on a draft
UNDECIDED = {"state": "draft", "done_date": False, "done_user_id": False}


class PartsCommissionTransfer(models.Model):
    """Hands open promises over to another person, from a date on, with a reason.

    A draft does nothing, and may be changed and deleted. Carried out, what was
    collected before that date stays with whom it was earned by; what is collected
    from then on is the new person's. From then on it is never changed; to undo it,
    transfer back.
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
        copy=False,
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
        copy=False,
        help="Empty: every open invoice whose commission is the first person's.",
    )
    basis_ids = fields.One2many(
        comodel_name="parts.commission.basis",
        inverse_name="transfer_id",
        string="Taken Over",
        readonly=True,
    )
    state = fields.Selection(
        selection=[("draft", "Draft"), ("done", "Carried Out")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    done_date = fields.Datetime(string="Carried Out On", readonly=True, copy=False)
    done_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Carried Out By",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
        copy=False,
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

    def _init_column(self, column_name):
        # Those made before there were drafts were carried out when they were made
        former = {
            "state": SQL("'done'"),
            "done_date": SQL("create_date"),
            "done_user_id": SQL("create_uid"),
        }
        if column_name not in former:
            return super()._init_column(column_name)
        self.env.cr.execute(
            SQL(
                "UPDATE parts_commission_transfer SET %s = %s",
                SQL.identifier(column_name),
                former[column_name],
            )
        )
        return None

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_undecided(vals)
        # Said, or a caller's `default_state` in the context would decide
        transfers = super().create([{**vals, **UNDECIDED} for vals in vals_list])
        transfers._check_may_transfer()
        return transfers

    def write(self, vals):
        self._check_drafts()
        if not self.env.su:
            self._check_undecided(vals)
            # before as well: nobody takes himself off a transfer and carries it out
            self._check_may_transfer()
        res = super().write(vals)
        self._check_may_transfer()
        return res

    @api.ondelete(at_uninstall=True)
    def _unlink_except_carried_out(self):
        if not self.env["parts.commission.engine"]._is_uninstalling():
            self._check_may_transfer()
            if any(transfer.state == "done" for transfer in self):
                raise UserError(
                    self.env._(
                        "A transfer that was carried out is never deleted. To undo it,"
                        " transfer the commission back."
                    )
                )

    def _check_drafts(self):
        # Neither superuser nor context opens it
        if any(transfer.state == "done" for transfer in self):
            raise UserError(
                self.env._(
                    "A transfer that was carried out is never changed. To undo it,"
                    " transfer the commission back."
                )
            )

    @api.model
    def _check_undecided(self, vals):
        if any(vals.get(name, usual) != usual for name, usual in UNDECIDED.items()):
            raise AccessError(
                self.env._(
                    "A transfer is carried out with its button “Carry Out” alone."
                )
            )

    def _check_may_transfer(self):
        """Refuse who has none of the roles, and who would give or take himself."""
        user = self.env.user
        if self.env.su or not self:
            return
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

    def action_carry_out(self):
        """Carry drafts out, once: what is collected from their day on changes hands.

        :raises UserError: of a draft that finds no open promise, whose day has gone
            by, or that begins before its first person held what it is about
        """
        self.check_access("write")
        self._check_drafts()
        self._check_may_transfer()
        self._check_date()
        for transfer in self:
            # As superuser: no role writes promises, this door does it by its rules
            transfer.sudo()._carry_out()
        return True

    # === BUSINESS METHODS === #

    def _carry_out(self):
        """Continue the promises that this transfer is about, and book."""
        self.ensure_one()
        bases = self.env["parts.commission.basis"]
        found = bases.search(self._get_basis_domain())._get_running()
        if not found:
            raise UserError(
                self.env._(
                    "%(user)s has no open commission promise among these invoices."
                    " Choose others, or none for all that are open.",
                    user=self.user_from_id.name,
                )
            )
        self._check_held(found)
        invoices = found.move_id.filtered(lambda move: move.move_type == "out_invoice")
        made = (found | bases._get_taking_back(invoices))._transfer(self)
        self.write(
            {
                "state": "done",
                "done_date": fields.Datetime.now(),
                "done_user_id": self.env.uid,
                "move_ids": [fields.Command.set(invoices.ids)],
            }
        )
        engine = self.env["parts.commission.engine"]._as_superuser()
        made._lock_documents()
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

    def _check_held(self, bases):
        """Refuse to hand over before the first person took over himself: who had it
        until then would earn the days between, too."""
        early = bases.filtered(
            lambda basis: basis.date_from and basis.date_from > self.date
        )
        if early:
            raise UserError(
                self.env._(
                    "%(user)s has %(invoice)s from %(date)s on only: transfer it from"
                    " that day on, or later.",
                    user=self.user_from_id.name,
                    invoice=early[0].move_name,
                    date=format_date(self.env, early[0].date_from),
                )
            )

    def _sorted_as_carried_out(self):
        """Return these transfers in the order in which promises went through them.

        Not by their numbers: a draft may have waited.
        """
        groups = (
            self.env["parts.commission.basis"]
            .with_context(active_test=False)
            ._read_group([("transfer_id", "in", self.ids)], ["transfer_id"], ["id:min"])
        )
        firsts = dict(groups)
        return self.sorted(lambda transfer: (transfer.date, firsts.get(transfer, 0)))
