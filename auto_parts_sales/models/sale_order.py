from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "sale.order",
        "parts.approval.gate.mixin",
        "parts.approval.hold.mixin",
    ]

    # === FIELDS === #

    # approval
    parts_revision = fields.Integer(
        string="Revision",
        copy=False,
        readonly=True,
        help="Raised whenever what the order binds to changes.",
    )
    # quotation
    parts_customer_vehicle_id = fields.Many2one(
        comodel_name="parts.customer.vehicle",
        string="Customer's Vehicle",
        domain="['|', ('partner_id', 'child_of', partner_id),"
        " ('partner_id', 'parent_of', partner_id)] if partner_id else []",
        check_company=True,
        index="btree_not_null",
        help="Fills in vehicle and VIN.",
    )
    parts_vehicle_id = fields.Many2one(
        comodel_name="parts.catalog.vehicle",
        string="Vehicle",
        compute="_compute_parts_vehicle",
        store=True,
        readonly=False,
        precompute=True,
        help="What the parts are for. A line can name another vehicle.",
        index="btree_not_null",
    )
    parts_vin = fields.Char(
        string="VIN",
        compute="_compute_parts_vehicle",
        inverse="_inverse_parts_vin",
        store=True,
        readonly=False,
        precompute=True,
        help="Vehicle identification number, or a plate: it brings up the customer's"
        " vehicle.",
    )
    parts_vin_note = fields.Char(
        string="VIN Says", compute="_compute_parts_vin_warning"
    )
    parts_vin_warning = fields.Char(compute="_compute_parts_vin_warning")
    parts_fit_warning = fields.Text(compute="_compute_parts_fit_warning")

    def _auto_init(self):
        # Orders written before installation have no customer's vehicle: without these
        # columns at hand the ORM would look for one for every order there is.
        for column, kind in (("parts_vehicle_id", "int4"), ("parts_vin", "varchar")):
            if not column_exists(self.env.cr, self._table, column):
                create_column(self.env.cr, self._table, column, kind)
        return super()._auto_init()

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["res.company"]._parts_controlled_ids("confirm"):
            return super().create(vals_list)
        watch = self.env["parts.approval.watch"]
        with watch._writing(self.browse()) as writing:
            orders = super().create(vals_list)
            # by the outcome, not by vals: a default in the context can confirm, too
            watch._created(writing, orders._parts_controlled())
        return orders

    def write(self, vals):
        controlled = self._parts_controlled(vals.get("company_id"))
        if not controlled:
            return super().write(vals)
        with self.env["parts.approval.watch"]._writing(controlled):
            return super().write(vals)

    def unlink(self):
        self.env["parts.approval.watch"]._forget(self)
        self.env["parts.approval"]._void_of(self._parts_controlled(), "deleted")
        return super().unlink()

    def _action_cancel(self):
        result = super()._action_cancel()
        self.env["parts.approval"]._void_of(self._parts_controlled(), "cancelled")
        self._parts_hold_release("cancelled")
        return result

    # === VIEWS === #

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self._parts_gate_in_use(),)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        if not self._parts_gate_in_use():
            for node in arch.xpath("//button[@name='action_parts_confirm_possible']"):
                node.getparent().remove(node)
        return arch, view

    @api.model
    @api.readonly
    def get_views(self, views, options=None):
        result = super().get_views(views, options)
        toolbar = result["views"].get("list", {}).get("toolbar", {})
        if toolbar.get("action") and not self._parts_gate_in_use():
            act = self.env.ref("auto_parts_sales.action_parts_confirm_possible").id
            toolbar["action"] = [a for a in toolbar["action"] if a["id"] != act]
        return result

    # === APPROVAL === #

    def action_parts_confirm_possible(self):
        """Confirm the quotations among these orders that nothing holds, one by one.

        :return: a notification that names the others and what holds them
        """
        quotations = self.filtered(lambda order: order.state in ("draft", "sent"))
        return self.env["parts.approval.batch"]._run(quotations, "action_confirm")

    @api.model
    def _parts_gate_in_use(self):
        """Return whether any of the user's companies has a control at ``confirm``."""
        controlled = self.env["res.company"]._parts_controlled_ids("confirm")
        return not controlled.isdisjoint(self.env.user.company_ids.ids)

    def _parts_controlled(self, company_id=None):
        """Return those whose company, or ``company_id``, watches the gate ``confirm``.

        Costs no query where no company has a control switched on.
        """
        controlled = self.env["res.company"]._parts_controlled_ids("confirm")
        if not controlled:
            return self.browse()
        if company_id in controlled:
            return self
        return self.filtered(lambda order: order.sudo().company_id.id in controlled)

    def _parts_gate_next(self):
        if self.state in ("draft", "sent") and self._parts_controlled():
            return "confirm"
        return super()._parts_gate_next()

    def _parts_gate_is_closed(self):
        return self.state == "cancel" or super()._parts_gate_is_closed()

    def _parts_gate_amount(self):
        exposure = self.env["parts.credit.exposure"]
        return exposure._order_total(self, taxed=False), self.company_id.currency_id

    def _parts_gate_bound(self):
        return self.state == "sale"

    def _parts_gate_terms(self):
        return self.env["parts.credit.exposure"]._order_terms(self)

    def _parts_gate_grew(self, before, after):
        return self.env["parts.credit.check"]._terms_grew(before, after)

    def _parts_gate_growth(self, before, after):
        exposure = self.env["parts.credit.exposure"]
        growth = exposure._terms_total(after) - exposure._terms_total(before)
        return growth, self.company_id.currency_id

    def _parts_gate_changed(self):
        result = super()._parts_gate_changed()
        # In SQL, and on the order's own row: an edit of lines and a confirmation or an
        # approval at the same moment must conflict, whatever else they write
        self.env.cr.execute(
            SQL(
                """
                UPDATE sale_order
                   SET parts_revision = COALESCE(parts_revision, 0) + 1
                 WHERE id IN %s
                """,
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(["parts_revision"], flush=False)
        watch = self.env["parts.approval.watch"]
        quotations = self.filtered(
            lambda order: order.state in ("draft", "sent")
            and not watch._is_passing(order)
        )
        if quotations:
            self.env["parts.approval"]._void_outdated(quotations, "confirm")
        return result

    # === APPROVAL: HELD, NOT REFUSED === #

    def _has_to_be_signed(self):
        return super()._has_to_be_signed() and not self.parts_held

    def _has_to_be_paid(self):
        return super()._has_to_be_paid() and not self.parts_held

    def _send_payment_succeeded_for_order_mail(self):
        told = self._parts_hold_mailed()
        return super(SaleOrder, told)._send_payment_succeeded_for_order_mail()

    def _action_confirm(self):
        result = super()._action_confirm()
        self.order_line._parts_keep_fit()
        self._parts_hold_release("confirmed")
        return result

    def _parts_approval_decided(self, approval):
        result = super()._parts_approval_decided(approval)
        self.env["parts.approval.hold"]._approved(self, approval)
        return result

    def _parts_hold_watched(self):
        return self._parts_controlled()

    # === QUOTATION === #

    @api.depends("parts_customer_vehicle_id")
    def _compute_parts_vehicle(self):
        for order in self:
            own = order.parts_customer_vehicle_id.sudo()
            order.parts_vehicle_id = own.vehicle_id if own else order.parts_vehicle_id
            order.parts_vin = own.vin if own else order.parts_vin

    @api.depends("parts_vin")
    @api.depends_context("lang")
    def _compute_parts_vin_warning(self):
        for order in self:
            quotation = self.env["parts.quotation.vehicle"]
            told = quotation._describe_vin(order.parts_vin)
            order.parts_vin_note, order.parts_vin_warning = told

    @api.depends("order_line.parts_fit", "order_line.parts_fit_note")
    def _compute_parts_fit_warning(self):
        for order in self:
            warnings = order.order_line.mapped("parts_fit_note")
            order.parts_fit_warning = "\n".join(filter(None, warnings)) or False

    def _inverse_parts_vin(self):
        for order in self.filtered("parts_vin"):
            self.env["parts.quotation.vehicle"]._take_up_vin(order)

    @api.onchange("parts_customer_vehicle_id")
    def _onchange_parts_customer_vehicle_id(self):
        self.partner_id = self.partner_id or self.parts_customer_vehicle_id.partner_id

    @api.onchange("parts_vin")
    def _onchange_parts_vin(self):
        if self.parts_vin:
            return self.env["parts.quotation.vehicle"]._take_up_typed(self)

    def action_parts_keep_vehicle(self):
        """Keep the order's VIN and vehicle as one of the customer's vehicles.

        :raises UserError: if there is nothing to keep
        """
        self.ensure_one()
        self.env["parts.quotation.vehicle"]._keep(self)

    # === CREDIT === #

    def _parts_gate_lock(self, gate):
        if gate == "confirm":
            self.env["parts.credit.check"]._lock(self)
        return super()._parts_gate_lock(gate)

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate == "confirm":
            blocks += self.env["parts.credit.check"]._order_blocks(self)
        return blocks

    def _parts_gate_figures(self, block):
        figures = super()._parts_gate_figures(block)
        return self.env["parts.credit.figures"]._order_figures(self, block, figures)

    def _parts_gate_history(self, kind):
        history = super()._parts_gate_history(kind)
        return history + self.env["parts.credit.figures"]._order_history(self)

    @api.model
    def _parts_gate_labels(self):
        labels = self.env["parts.credit.figures"]._labels()
        return {**super()._parts_gate_labels(), **labels}
