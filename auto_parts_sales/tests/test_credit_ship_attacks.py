from types import SimpleNamespace

from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .attacks_ship import REFUSED_ANYHOW, SHIP
from .shipping_common import ShippingCommon

# What the server answers to an attack that does not get through: whatever it is, what
# counts is what became of the goods, and the counter-case shows that attacks are real
REFUSALS = Exception
QUIET = ("odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.models.unlink")


class Undo(Exception):
    """Ends an attack, whatever became of it, and takes it back."""


@tagged("post_install", "-at_install")
class TestCreditShipAttacks(ShippingCommon):
    # CRD-5, CTL-3: nothing leaves to a blocked customer, whatever is called

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        branch = cls.env["res.company"].create({"name": "Branch"})
        cls.attackers = cls._new_user("anybody") | cls.seller | cls.picker
        cls.attackers.company_ids |= branch
        done = cls._new_confirmed(2).picking_ids
        done.with_user(cls.picker).button_validate()
        good = cls.env["res.partner"].create({"name": "Good customer"})
        cls._new_file(1000.0, customer=good)
        theirs = cls._new_confirmed(1, customer=good)
        theirs.picking_ids.action_cancel()
        inside = cls._new_picking(
            3,
            picking_type_id=cls.warehouse.int_type_id.id,
            location_dest_id=cls.stock.id,
        )
        inside.move_ids.location_dest_id = cls.stock
        inside.action_assign()
        cls.file.blocked = True
        approved = cls._new_picking(1)
        cls._ask(approved, user=cls.picker).with_user(cls.manager).action_approve()
        place = cls.env["stock.location"]
        places = {
            usage: place.search(
                [("usage", "=", usage), ("company_id", "=", cls.company.id)], limit=1
            )
            for usage in ("inventory", "production")
        }
        transit, own_transit = place.create(
            [
                {"name": "Transit", "usage": "transit", "company_id": company}
                for company in (False, cls.company.id)
            ]
        )
        granted = approved.parts_approval_ids
        cls.case = SimpleNamespace(
            company=cls.company,
            branch=branch,
            customer=cls.customer,
            good=good,
            file=cls.file,
            part=cls.part,
            stock=cls.stock,
            at_customer=cls.at_customer,
            at_vendor=cls.at_vendor,
            transit=transit,
            own_transit=own_transit,
            loss=places["inventory"],
            production=places["production"],
            out_type=cls.warehouse.out_type_id,
            int_type=cls.warehouse.int_type_id,
            order=cls.order,
            line=done.sale_id.order_line,
            picking=cls.picking,
            moves=cls.picking.move_ids,
            done=done,
            empty=cls._new_picking(1, move_ids=[]),
            inside=inside,
            theirs=theirs,
            approved=approved,
            approved_vals={
                "kind": "delivery",
                "gate": "ship",
                "block_key": "credit_blocked",
                "company_id": cls.company.id,
                "res_model": "stock.picking",
                "res_id": cls.picking.id,
                "document_name": "X",
                "requester_id": cls.seller.id,
                "message": "X",
                "state": "approved",
                "facts": granted.sudo().facts,
                "decided_date": granted.decided_date,
            },
        )
        cls.env.flush_all()

    def _call(self, user):
        """Return a function that calls methods as RPC does, as ``user``.

        Each call is a request of its own: one that is refused takes back nothing of
        those before it.
        """

        def call(model, method, *args, **kwargs):
            env = self.env(user=user, su=False, context={})
            try:
                with self.cr.savepoint():
                    result = call_kw(env[model], method, list(args), kwargs)
                    self.env.flush_all()
                    return result
            except REFUSALS:
                return []

        return call

    def _gone(self, attack, user):
        """Run one attack; return what has left, by stock and by the papers."""
        gone = []
        with mute_logger(*QUIET), self.assertRaises(Undo), self.cr.savepoint():
            attack(self._call(user), self.case)
            self.env.invalidate_all()
            gone = self._missing()
            raise Undo
        self.env.invalidate_all()
        return gone

    def _missing(self):
        """Return the discs that are neither in our stock nor were delivered before, by
        quants, and by what lines say that are done.
        """
        lines = self.env["stock.move.line"].search(
            [
                ("product_id", "=", self.part.id),
                ("location_dest_id", "not in", self._ours().ids),
                "|",
                ("state", "=", "done"),
                ("move_id.state", "=", "done"),
            ]
        )
        return 98.0 - self._in_stock(), sum(lines.mapped("quantity")) - 2.0

    def _ours(self):
        view = self.warehouse.view_location_id
        return self.env["stock.location"].search([("id", "child_of", view.id)])

    def test_nothing_leaves(self):
        self.assertGreaterEqual(len(SHIP), 10)
        for name, attack in SHIP.items():
            for user in self.attackers:
                with self.subTest(attack=name, attacker=user.login):
                    self.assertEqual(self._gone(attack, user), (0.0, 0.0))

    def test_attacks_are_real(self):
        # with the control off one of the three has goods leave, or say so
        self.company.parts_credit_control = False
        for name, attack in SHIP.items():
            if name in REFUSED_ANYHOW:
                continue
            with self.subTest(attack=name):
                gone = [self._gone(attack, user) for user in self.attackers]
                self.assertTrue(any(any(one) for one in gone), gone)
