from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

KEEPER = "auto_parts_sales.group_parts_contract_keeper"


class PartsContractCustody(models.Model):
    """Where the signed paper of a contract lies, and who has it (CON-12).

    One row for each time it moves, written by the contract keeper, never changed: the
    last one tells where it is.
    """

    _name = "parts.contract.custody"
    _description = "Custody of a Contract's Paper"
    _inherit = ["parts.contract.evidence.mixin"]
    _order = "id desc"

    kind = fields.Selection(
        selection=[
            ("filed", "Filed"),
            ("lent", "Lent"),
            ("returned", "Returned"),
            ("handed", "Handed to the Customer"),
        ],
        string="What Happened",
        required=True,
        default="filed",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    copies = fields.Integer(default=1, required=True)
    place = fields.Char(help="Room, cabinet, folder.")
    user_id = fields.Many2one(
        comodel_name="res.users", string="Borrower", ondelete="restrict"
    )
    date_back = fields.Date(string="Back by")
    receiver = fields.Char(
        string="Taken by", help="Who took the customer's copies, and how."
    )
    note = fields.Char()
    keeper_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )

    _copies_positive = models.Constraint(
        "CHECK (copies > 0)", "At least one copy moves."
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        versions = self.env["parts.contract.version"].browse(
            [vals.get("version_id") for vals in vals_list]
        )
        versions.contract_id.check_access("read")
        if not self.env.user.has_group(KEEPER):
            raise AccessError(
                self.env._("Papers of contracts are moved by the contract keeper.")
            )
        rows = self.browse()
        for vals in vals_list:
            row = super().create([{**vals, "keeper_id": self.env.uid}])
            row.sudo()._check_possible()
            rows |= row
        return rows

    def _check_possible(self):
        """Refuse what cannot have happened to the copies of this version."""
        self.ensure_one()
        needed = {"filed": "place", "lent": "user_id", "handed": "receiver"}
        name = needed.get(self.kind)
        if name and not self[name]:
            raise ValidationError(
                self.env._(
                    "Say it in the field “%s”.",
                    self._fields[name]._description_string(self.env),
                )
            )
        if self.date > fields.Date.context_today(self):
            raise ValidationError(self.env._("A paper moves today, or has moved."))
        here, lent = self._balance(self.version_id)
        if here < 0:
            raise UserError(
                self.env._(
                    "So many copies of %s are not here: file what came in first.",
                    self.version_id.display_name,
                )
            )
        if lent < 0:
            raise UserError(
                self.env._(
                    "More copies of %s would come back than were lent.",
                    self.version_id.display_name,
                )
            )

    # === BUSINESS METHODS === #

    @api.model
    def _balance(self, version):
        """Return how many copies of ``version`` are (here, lent)."""
        here = lent = 0
        for row in version.custody_ids:
            signs = {"filed": (1, 0), "lent": (-1, 1), "returned": (1, -1)}
            one, other = signs.get(row.kind, (-1, 0))
            here += one * row.copies
            lent += other * row.copies
        return here, lent

    @api.model
    def _whereabouts(self, version):
        """Return where the papers of ``version`` are, as a sentence, or False."""
        rows = version.custody_ids.sorted("id")
        if not rows:
            return False
        here, lent = self._balance(version)
        sentences = []
        placed = rows.filtered("place")[-1:]
        if here and placed:
            sentences.append(
                self.env._("%(copies)s in %(place)s", copies=here, place=placed.place)
            )
        borrowed = rows.filtered(lambda row: row.kind == "lent")[-1:]
        if lent and borrowed:
            sentences.append(
                self.env._(
                    "%(copies)s with %(borrower)s since %(date)s",
                    copies=lent,
                    borrower=borrowed.user_id.name,
                    date=fields.Date.to_string(borrowed.date),
                )
            )
        handed = sum(row.copies for row in rows if row.kind == "handed")
        if handed:
            sentences.append(self.env._("%s with the customer", handed))
        return " · ".join(sentences) or False
