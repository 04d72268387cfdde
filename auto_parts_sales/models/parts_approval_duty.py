from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, ormcache


class PartsApprovalDuty(models.Model):
    """Two duties that one person may not hold together (CTL-2).

    Whoever holds a role of one side and a role of the other is listed. A company that
    switches on *Refuse Conflicting Duties* refuses to give the second one.
    """

    _name = "parts.approval.duty"
    _description = "Duties in Different Hands"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    group_a_ids = fields.Many2many(
        comodel_name="res.groups",
        relation="parts_approval_duty_group_a_rel",
        string="Who Holds One of These",
    )
    group_b_ids = fields.Many2many(
        comodel_name="res.groups",
        relation="parts_approval_duty_group_b_rel",
        string="Holds None of These",
    )
    conflict_count = fields.Integer(
        string="Users Who Hold Both", compute="_compute_conflict_count"
    )

    # === COMPUTE METHODS === #

    def _compute_conflict_count(self):
        counts = dict(
            self.env["parts.approval.duty.conflict"]._read_group(
                [("duty_id", "in", self.ids)], ["duty_id"], ["__count"]
            )
        )
        for duty in self:
            duty.conflict_count = counts.get(duty._origin, 0)

    # === CONSTRAINT METHODS === #

    @api.constrains("group_a_ids", "group_b_ids", "active")
    def _check_sides(self):
        for duty in self.filtered("active").sudo():
            if not duty.group_a_ids or not duty.group_b_ids:
                raise ValidationError(
                    self.env._(
                        "“%(duty)s” needs at least one role on each side.",
                        duty=duty.name,
                    )
                )
            if self.env.uid == SUPERUSER_ID:
                continue  # an installation takes a company's roles as they are
            implied = duty.group_a_ids.all_implied_ids & duty.group_b_ids
            implied |= duty.group_b_ids.all_implied_ids & duty.group_a_ids
            if implied:
                raise ValidationError(
                    self.env._(
                        "“%(duty)s”: a role of the other side always comes with"
                        " %(roles)s, so nobody could hold one alone.",
                        duty=duty.name,
                        roles=", ".join(implied.mapped("name")),
                    )
                )

    # === ACTIONS === #

    def action_open_conflicts(self):
        """Open who holds both sides."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "auto_parts_sales.parts_approval_duty_conflict_action"
        )
        action["domain"] = [("duty_id", "in", self.ids)]
        return action

    # === BUSINESS METHODS === #

    @api.model
    @ormcache(cache="groups")  # a write of a user's roles clears all the other caches
    def _refusing_companies(self):
        """Return the ids of companies that refuse; no query while nothing changes."""
        companies = (
            self.env["res.company"]
            .sudo()
            .search_fetch([("parts_duty_refuse", "=", True)], [])
        )
        return tuple(companies.ids)

    @api.model
    def _forget_refusing(self):
        self.env.registry.clear_cache("groups")

    @api.model
    @contextmanager
    def _watch(self, concerned=True):
        """Refuse that what runs inside gives somebody two duties of different hands.

        For everybody who comes by the interface or RPC, administrators included; code
        that runs as superuser, such as the installation of an app, is let through and
        listed. What somebody holds already is no reason to refuse another change.

        :param concerned: false where what runs inside cannot give anybody a duty
        :raises UserError: names the user and the roles
        """
        idle = self.env.su or not concerned
        companies = () if idle else self._refusing_companies()
        if not companies:
            yield
            return
        self._lock_duties(companies)
        before = self._held_together(companies)
        yield
        held = self._held_together(companies)
        new = [conflict for key, conflict in held.items() if key not in before]
        if new:
            raise UserError(
                "\n".join(
                    [
                        self.env._("These duties have to lie in different hands:"),
                        *(f"• {conflict._sentence()}" for conflict in new),
                        self.env._("Take one of the two roles away first."),
                    ]
                )
            )

    @api.model
    def _lock_duties(self, companies):
        """Have two grants at the same moment conflict: the second runs again, and sees
        the first.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_company SET parts_duty_refuse = TRUE
                 WHERE id IN (SELECT id FROM res_company WHERE id IN %s
                               ORDER BY id FOR NO KEY UPDATE)
                """,
                companies,
            )
        )

    @api.model
    def _held_together(self, companies):
        """Return ``{(user id, duty id): conflict}`` of users of these companies."""
        conflicts = self.env["parts.approval.duty.conflict"].sudo()
        conflicts.invalidate_model()
        return {
            (conflict.user_id.id, conflict.duty_id.id): conflict
            for conflict in conflicts.search(
                [
                    ("full_rights", "=", False),
                    ("user_id.company_ids", "in", companies),
                ]
            )
        }
