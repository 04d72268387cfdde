from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, UserError

PARTS = [
    ("entered", "Entered"),
    ("released", "Checked and Released"),
    ("booked", "Booked"),
]


class PartsContractHand(models.Model):
    """Who did which part of a sale: three names on every chain (CON-8).

    Sales enter an order, somebody else releases its goods and invoices, a third one
    books its money. Written by the engine where the company's switch is on, when the
    order is confirmed, its goods leave, its invoice is posted, and money is matched
    with it; whoever did one part is refused the others. Read with the order.
    """

    _name = "parts.contract.hand"
    _description = "Name on a Chain"
    _inherit = ["parts.approval.readable.mixin"]
    _order = "id"

    order_id = fields.Many2one(
        comodel_name="sale.order",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    part = fields.Selection(selection=PARTS, required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", required=True, readonly=True, ondelete="restrict"
    )
    document = fields.Char(readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    # === ACCESS === #

    def _readable_ids(self, env):
        orders = env["sale.order"].browse(self.order_id.ids)
        readable = set(orders._filtered_access("read").ids)
        return [row.id for row in self if row.order_id.id in readable]

    def _make_read_error(self, forbidden):
        return AccessError(
            self.env._("You may not read this, as you may not read its order.")
        )

    # === BUSINESS METHODS === #

    @api.model
    def _watched(self, orders):
        """Return those of ``orders``, as superuser, whose company has the switch on; no
        query where none has.
        """
        watched = self.env["res.company"]._parts_controlled_ids("hands")
        if not watched:
            return orders.browse()
        return orders.sudo().filtered(lambda order: order.company_id.id in watched)

    @api.model
    def _is_person(self, user):
        return user.active and not user.share and user.id != SUPERUSER_ID

    @api.model
    def _take(self, part, orders, document=None):
        """Have the present user do ``part`` of the chains of ``orders``.

        What a customer, a payment provider or a job does is nobody's part.

        :param str part: ``entered``, ``released`` or ``booked``
        :param orders: ``sale.order``
        :param str document: by which it is done
        :raises UserError: if he did another part of one of them
        """
        orders = self._watched(orders)
        user = self.env.user
        if not orders or not self._is_person(user):
            return
        engine = self.with_env(self.env(su=True, context={}))
        rows = engine.search([("order_id", "in", orders.ids)])
        for order in orders:
            own = rows.filtered(lambda row, order=order: row.order_id == order)
            others = own.filtered(lambda row: row.part != part).user_id
            if part != "entered":
                others |= order.create_uid
            if user in others:
                raise UserError(self._refusal(order, part))
            if user not in own.filtered(lambda row: row.part == part).user_id:
                engine.create(
                    {
                        "order_id": order.id,
                        "part": part,
                        "user_id": user.id,
                        "document": document,
                    }
                )

    @api.model
    def _refusal(self, order, part):
        sentences = {
            "entered": self.env._(
                "%s was released or booked by you: who does that enters no order of the"
                " same chain.",
                order.name,
            ),
            "released": self.env._(
                "%s was entered or booked by you: somebody else checks it and releases"
                " its goods and invoices.",
                order.name,
            ),
            "booked": self.env._(
                "%s was entered or released by you: somebody else books its money.",
                order.name,
            ),
        }
        return sentences[part]

    @api.model
    def _names(self, orders):
        """Return ``{order id: {part: names}}`` of ``orders`` that are watched."""
        orders = self._watched(orders)
        if not orders:
            return {}
        rows = self.sudo().search([("order_id", "in", orders.ids)])
        names = {}
        for order in orders:
            users = {part: self.env["res.users"] for part, _label in PARTS}
            if self._is_person(order.create_uid):
                users["entered"] |= order.create_uid
            for row in rows:
                if row.order_id == order:
                    users[row.part] |= row.user_id
            names[order.id] = {
                part: ", ".join(people.sudo().mapped("name"))
                for part, people in users.items()
            }
        return names
