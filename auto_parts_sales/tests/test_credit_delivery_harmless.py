from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from odoo.tests import tagged

from .shipping_common import ShippingCommon

# Everything of ours that stands around a transfer, by model
AROUND = {
    "stock.picking": ("button_validate", "_pre_action_done_hook", "_action_done"),
    "stock.move": ("create", "write", "_action_done"),
    "stock.move.line": ("create", "write"),
}


@tagged("post_install", "-at_install")
class TestCreditDeliveryHarmless(ShippingCommon):
    """With the control off Odoo is as before (CTL-6)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_credit_control = False

    @contextmanager
    def _without_us(self):
        """Take our overrides off these models, as if the addon were not there."""
        with ExitStack() as stack:
            for model, names in AROUND.items():
                model_class = self.registry[model]
                ours = [
                    base
                    for base in model_class.mro()
                    if base.__module__.startswith("odoo.addons.auto_parts_sales.")
                ]
                for base in ours:
                    for name in set(names) & vars(base).keys():
                        stack.enter_context(self._passing_on(base, name))
            yield

    def _passing_on(self, base, name):
        def method(this, *args, **kwargs):
            return getattr(super(base, this), name)(*args, **kwargs)

        method._api_model = getattr(vars(base)[name], "_api_model", False)
        return patch.object(base, name, method)

    def _count(self, picking):
        self.env.flush_all()
        self.env.invalidate_all()
        picking = picking.with_user(self.picker)
        before = self.cr.sql_log_count
        picking.button_validate()
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def test_not_a_query_more(self):
        # warm: caches of the registry are filled by the first
        pickings = [self._new_confirmed(1).picking_ids for _ in range(4)]
        self._count(pickings[0])
        ours = self._count(pickings[1])
        with self._without_us():
            self._count(pickings[2])
            cores = self._count(pickings[3])
        self.assertEqual(ours, cores)
        self.assertEqual({picking.state for picking in pickings}, {"done"})

    def test_screens_are_as_before(self):
        pickings = self.env["stock.picking"].with_user(self.picker)
        for view, kind in (
            ("stock.view_picking_form", "form"),
            ("stock.vpicktree", "list"),
            ("stock.view_picking_internal_search", "search"),
        ):
            view = self.env.ref(view)
            arch = pickings.get_view(view.id, kind)["arch"]
            self.assertNotIn("parts_", arch)
            self.company.parts_credit_control = True
            arch = pickings.get_view(view.id, kind)["arch"]
            self.assertIn("parts_", arch)
            self.company.parts_credit_control = False

    def test_nothing_is_held(self):
        self.file.blocked = True
        self.env.invalidate_all()
        self.assertFalse(self.picking.parts_ship_held)
        self.assertFalse(self.picking.parts_gate_html)
        held = self.picking.search([("parts_ship_held", "=", True)])
        self.assertFalse(held)
