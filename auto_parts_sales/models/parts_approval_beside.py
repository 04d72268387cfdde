from contextvars import ContextVar

from odoo import api, models

from ..utils import outermost

# Whether a till hands in its sales here and now
_at_till = ContextVar("auto_parts_sales.at_till", default=False)
# Whether a till makes the transfer of what it sold here and now
_handing_out = ContextVar("auto_parts_sales.handing_out", default=False)


class PartsApprovalBeside(models.AbstractModel):
    """What other apps do to documents, where they are installed.

    The addon works beside them without needing them, so it cannot inherit their
    methods. They are wrapped, outside of every override, when the registry is ready;
    each is handed to the method of this model that :meth:`_wrapped` names.
    """

    _name = "parts.approval.beside"
    _description = "What Other Apps Do to Documents"

    @api.model
    def _wrapped(self):
        """Return ``{(model, method): name of the method here}``.

        That gets the records and ``proceed(records)``, which does what the app would
        have done, and returns what the app returns.
        """
        wrapped = {
            ("pos.order", "sync_from_ui"): "_hand_in",
            ("stock.picking", "_create_picking_from_pos_order_lines"): "_hand_out",
            ("stock.move", "_create_repair_sale_order_line"): "_let_repair_in",
            ("stock.move", "_update_repair_sale_order_line"): "_let_repair_in",
        }
        if "project_id" in self.env["stock.picking"]._fields:
            wrapped["stock.picking", "button_validate"] = "_let_material_in"
        return wrapped

    def _around(self):
        def handed_to(name):
            return lambda records, proceed: getattr(
                records.env["parts.approval.beside"], name
            )(records, proceed)

        return {key: handed_to(name) for key, name in self._wrapped().items()}

    def _register_hook(self):
        result = super()._register_hook()
        outermost.wrap(self.env.registry, self._around())
        return result

    def _unregister_hook(self):
        result = super()._unregister_hook()
        outermost.unwrap(self.env.registry, self._around())
        return result

    # === POINT OF SALE === #

    @api.model
    def _hand_in(self, records, proceed):
        """Have orders that a till settles held, not refused: the customer paid there,
        and a refusal would keep the till from handing in its sales.
        """
        token = _at_till.set(True)
        try:
            return proceed(records)
        finally:
            _at_till.reset(token)

    @api.model
    def _at_till(self):
        """Return whether a till is handing in its sales right now."""
        return _at_till.get()

    @api.model
    def _hand_out(self, records, proceed):
        """Have the transfers that a till makes of its sales known as such: they name
        the sale only once they are done. The method is no caller's to reach.
        """
        token = _handing_out.set(True)
        try:
            return proceed(records)
        finally:
            _handing_out.reset(token)

    @api.model
    def _is_handing_out(self):
        """Return whether a till makes the transfer of what it sold right now."""
        return _handing_out.get()

    # === REPAIR, PROJECT === #

    @api.model
    def _let_repair_in(self, moves, proceed):
        """Let the parts that a repair needs in on its order, and flag it."""
        return self._let_in(moves.repair_id, "sale_order_id", lambda: proceed(moves))

    @api.model
    def _let_material_in(self, pickings, proceed):
        """Let what a project's transfer charges to the project's order in, flagged."""
        if "reinvoiced_sale_order_id" not in self.env["project.project"]._fields:
            return proceed(pickings)
        charged = pickings.filtered(lambda picking: picking.project_id)
        return self._let_in(
            charged,
            "project_id.reinvoiced_sale_order_id",
            lambda: proceed(pickings),
        )

    @api.model
    def _let_in(self, causes, path, proceed):
        """Proceed; what that adds to the orders at ``path`` of the causes is let in."""
        orders = self.env["sale.order"]
        if self.env["res.company"]._parts_controlled_ids("confirm"):
            orders = causes.sudo().mapped(path)._parts_controlled()
        if not orders:
            return proceed()
        with self.env["parts.approval.watch"]._letting_in(orders, causes[:1]):
            return proceed()
