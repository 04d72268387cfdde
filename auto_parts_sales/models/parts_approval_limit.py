from odoo import api, fields, models
from odoo.tools.misc import format_amount


class PartsApprovalLimit(models.Model):
    """How far one person, or who holds a role, may decide requests of one kind.

    A figure binds and zero means none, unless its box *any* is ticked: an empty limit
    is never an unlimited one. Who has no limit of a kind is bound by the rule's steps
    alone. A personal limit replaces those of the person's roles; of several roles the
    one that allows the request counts. Each limit is judged as a whole: the amount of
    one and the days of another do not add up to what nobody granted.
    """

    _name = "parts.approval.limit"
    _description = "Approval Limit"
    _order = "company_id, kind, user_id, group_id, id"
    _check_company_auto = True

    company_id = fields.Many2one(
        comodel_name="res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        ondelete="cascade",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(selection="_selection_kind", required=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="Person", ondelete="cascade", index=True
    )
    group_id = fields.Many2one(
        comodel_name="res.groups",
        string="Role",
        ondelete="cascade",
        index=True,
        help="Everybody who holds the role, unless he has a limit of his own.",
    )
    amount = fields.Monetary(
        string="Amount up to",
        help="Largest untaxed amount of the document, in company currency. Zero: none.",
    )
    any_amount = fields.Boolean(help="No limit on the amount.")
    percent_over = fields.Float(
        string="Over by up to (%)",
        help="What the document is over by, in per cent of its untaxed amount."
        " Zero: nothing that is over by an amount.",
    )
    any_percent = fields.Boolean(
        string="Any Overrun", default=True, help="No limit on the overrun."
    )
    overdue_days = fields.Integer(
        string="Overdue up to (days)",
        help="The customer's oldest open item may be overdue for so many days."
        " Zero: nothing overdue.",
    )
    any_overdue = fields.Boolean(
        string="Any Days Overdue", default=True, help="No limit on the days overdue."
    )

    _holder = models.Constraint(
        "CHECK (num_nonnulls(user_id, group_id) = 1)",
        "A limit belongs to one person or to one role: fill in exactly one of the two.",
    )
    _figures_positive = models.Constraint(
        "CHECK (amount >= 0 AND percent_over >= 0 AND overdue_days >= 0)",
        "The figures of a limit are zero or more.",
    )
    _person_uniq = models.UniqueIndex(
        "(company_id, kind, user_id) WHERE user_id IS NOT NULL",
        "This person has a limit of this kind in this company already: change that.",
    )
    _role_uniq = models.UniqueIndex(
        "(company_id, kind, group_id) WHERE group_id IS NOT NULL",
        "This role has a limit of this kind in this company already: change that.",
    )

    @api.model
    def _selection_kind(self):
        """Return the kinds that rules know, those of other addons with them."""
        return self.env["parts.approval"]._selection_kind()

    # === COMPUTE METHODS === #

    @api.depends("user_id", "group_id", "kind")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for limit in self:
            holder = limit.user_id.name or limit.group_id.sudo().name
            parts = filter(None, (holder, kinds.get(limit.kind)))
            limit.display_name = " · ".join(parts) or False

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_boxes(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_boxes(vals))

    @api.model
    def _with_boxes(self, vals):
        """Whoever gives a figure and does not say *any* means the figure."""
        boxes = {
            "amount": "any_amount",
            "percent_over": "any_percent",
            "overdue_days": "any_overdue",
        }
        return {
            **{box: False for figure, box in boxes.items() if figure in vals},
            **vals,
        }

    # === BUSINESS METHODS === #

    @api.model
    def _of(self, user, company, kind):
        """Return the limits that bind ``user``; call as superuser.

        :return: his own, else those of his roles, else an empty recordset: not bound
        """
        # through the company: one query for all requests of a list
        limits = company.parts_approval_limit_ids.filtered(lambda r: r.kind == kind)
        personal = limits.filtered(lambda limit: limit.user_id == user)
        return personal or limits.filtered(
            lambda limit: limit.group_id and limit.group_id in user.all_group_ids
        )

    @api.model
    def _allows(self, user, approval):
        """Return whether the limits of ``user`` reach to what ``approval`` asks."""
        limits = self._of(user, approval.company_id, approval.kind)
        return not limits or any(limit._reaches(approval) for limit in limits)

    def _reaches(self, approval):
        self.ensure_one()
        figures = approval._limit_figures()
        compare = self.currency_id.compare_amounts
        return (
            (self.any_amount or compare(figures["amount"], self.amount) <= 0)
            # half a hundredth: shares of rounded amounts
            and (self.any_percent or figures["percent"] <= self.percent_over + 0.005)
            and (self.any_overdue or figures["overdue_days"] <= self.overdue_days)
        )

    def _sentence(self):
        """Return what these limits allow, as text for the person they bind."""
        return " / ".join(limit._figures_text() for limit in self)

    def _figures_text(self):
        self.ensure_one()
        parts = []
        if not self.any_amount:
            amount = format_amount(self.env, self.amount, self.currency_id)
            parts.append(self.env._("amount up to %(amount)s", amount=amount))
        if not self.any_percent:
            parts.append(
                self.env._("over by up to %(percent)g %%", percent=self.percent_over)
            )
        if not self.any_overdue:
            parts.append(
                self.env._("overdue up to %(days)s days", days=self.overdue_days)
            )
        text = ", ".join(parts) or self.env._("without limit")
        return f"{text} ({self.group_id.name})" if self.group_id else text
