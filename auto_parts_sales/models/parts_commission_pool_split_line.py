from odoo import api, fields, models


class PartsCommissionPoolSplitLine(models.Model):
    """One person's part of a pool."""

    _name = "parts.commission.pool.split.line"
    _description = "Part of a Commission Pool"
    _order = "split_id, id"
    _rec_name = "user_id"

    split_id = fields.Many2one(
        comodel_name="parts.commission.pool.split",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="split_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="split_id.currency_id")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Person",
        required=True,
        index=True,
        ondelete="restrict",
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    share = fields.Float(string="Share (%)", digits=(16, 4), min_display_digits=2)
    fixed_amount = fields.Monetary(string="Amount Given")
    amount = fields.Monetary(compute="_compute_amount", compute_sudo=True)

    _one_a_person = models.Constraint(
        "UNIQUE(split_id, user_id)", "Each person has one part of a split."
    )
    _share_in_range = models.Constraint(
        "CHECK((share IS NULL OR share BETWEEN 0 AND 100)"
        " AND (fixed_amount IS NULL OR fixed_amount >= 0))",
        "A share lies between 0 and 100 %, an amount is zero or more.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "split_id.method",
        "split_id.amount",
        "split_id.line_ids.share",
        "split_id.line_ids.fixed_amount",
    )
    def _compute_amount(self):
        for split, lines in self.grouped("split_id").items():
            amounts = split.line_ids._get_amounts()
            for line in lines:
                line.amount = amounts.get(line, 0.0)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._check_open()
        return lines

    def write(self, vals):
        self._check_open()
        res = super().write(vals)
        self._check_open()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_open(self):
        self._check_open()

    def _check_open(self):
        if not self.env.su:
            splits = self.sudo(False).split_id
            splits._check_draft()
            splits._check_may_propose()

    # === BUSINESS METHODS === #

    def _get_amounts(self):
        """Return {line: amount} of all lines of one split, to the cent.

        Shares are rounded on the cumulated figure, so that they add up to what is
        split.
        """
        split = self.split_id
        if split.method == "amount":
            return {line: line.fixed_amount for line in self}
        whole = sum(self.mapped("share"))
        amounts, share, before = {}, 0.0, 0.0
        for line in self:
            share += line.share
            up_to = split.amount * share / whole if whole else 0.0
            up_to = split.currency_id.round(up_to)
            amounts[line] = split.currency_id.round(up_to - before)
            before = up_to
        return amounts
