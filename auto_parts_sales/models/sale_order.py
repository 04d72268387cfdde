from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = [
        "parts.quotation.order.mixin",
        "parts.price.order.mixin",
        "parts.contract.order.mixin",
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
    # credit
    parts_credit_step = fields.Selection(
        selection=[
            ("free", "Free"),
            ("near", "Nearly Used"),
            ("over", "Over"),
            ("none", "No Credit"),
        ],
        string="Credit",
        compute="_compute_parts_credit",
        compute_sudo=True,
        help="How far the credit of the customer, and of who is invoiced, is used.",
    )
    # no figure of the account but the days of the oldest debt
    parts_credit_verdict = fields.Char(
        string="About the Credit", compute="_compute_parts_credit", compute_sudo=True
    )
    # commission
    parts_commission_in_use = fields.Boolean(
        string="Commission in Use", related="company_id.parts_commission_in_use"
    )

    # What credit counts again: the others cost nothing, however many there are
    _parts_credit_open_idx = models.Index(
        "(partner_invoice_id) WHERE state = 'sale'"
        " AND (invoice_status IS DISTINCT FROM 'invoiced'"
        " OR delivery_status IN ('pending', 'started', 'partial'))"
    )

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
            suspect = self.env["parts.credit.suspect"]
            suspect._note_created(orders._parts_controlled(), vals_list)
            # by the outcome, not by vals: a default in the context can confirm, too
            watch._created(writing, orders._parts_controlled())
        return orders

    def write(self, vals):
        controlled = self._parts_controlled(vals.get("company_id"))
        if not controlled:
            return super().write(vals)
        with self.env["parts.approval.watch"]._writing(controlled):
            result = super().write(vals)
            self.env["parts.credit.suspect"]._note_written(controlled, vals)
            return result

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

    def _parts_controlled(self, company_id=None, gate="confirm"):
        """Return those whose company, or ``company_id``, watches ``gate``.

        Costs no query where no company has a control switched on.
        """
        controlled = self.env["res.company"]._parts_controlled_ids(gate)
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
        claim = self.env["parts.credit.exposure"]._order_terms(self)
        contract = self._parts_contract_terms()
        return {**claim, **self._parts_price_terms(), **contract}

    def _parts_gate_grew(self, before, after):
        grew = self.env["parts.credit.check"]._terms_grew(before, after)
        moved = self._parts_contract_moved(before, after)
        return grew or moved or self._parts_price_moved(before, after)

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
        self.env["parts.credit.suspect"]._note(
            self.filtered(lambda order: order.state == "sale")
        )
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
        self.env["parts.contract.hand"]._take("entered", self)
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

    # === CONTRACT === #

    def _prepare_invoice(self):
        values = super()._prepare_invoice()
        if self.parts_contract_id:
            values["parts_contract_id"] = self.parts_contract_id.id
        return values

    # === CREDIT === #

    def _compute_partner_credit_warning(self):
        """Override: with credit control on, our verdict stands in place of core's."""
        ours = self._parts_controlled(gate="credit")
        if not ours:
            return super()._compute_partner_credit_warning()
        for order in ours:
            order.partner_credit_warning = (
                self.env["parts.credit.verdict"]._warning(
                    order.company_id, order.partner_invoice_id or order.partner_id
                )
                if order.state in ("draft", "sent")
                else ""
            )
        return super(SaleOrder, self - ours)._compute_partner_credit_warning()

    @api.depends("partner_id", "partner_invoice_id", "company_id", "state")
    def _compute_parts_credit(self):
        for order in self:
            verdict = self.env["parts.credit.check"]._order_verdict(order)
            order.parts_credit_step = verdict["step"]
            order.parts_credit_verdict = verdict["sentence"]

    def _parts_gate_lock(self, gate):
        if gate == "confirm":
            self.env["parts.credit.check"]._lock(self)
        return super()._parts_gate_lock(gate)

    def _parts_gate_blocks(self, gate):
        blocks = super()._parts_gate_blocks(gate)
        if gate == "confirm":
            blocks += self.env["parts.credit.check"]._order_blocks(self)
        return blocks

    def _parts_gate_valid_days(self, kind):
        if kind == "credit":
            return self.company_id.parts_credit_release_days
        return super()._parts_gate_valid_days(kind)

    def _parts_gate_further_steps(self, block):
        steps = super()._parts_gate_further_steps(block)
        if block["kind"] == "credit":
            steps += self.env["parts.credit.release"]._keeper_steps(self.company_id)
        return steps

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

    def _parts_paper_mark(self):
        """Return whether the print of this order has to say that it is held."""
        self.ensure_one()
        return self.env["parts.credit.paper"]._marks_order(self)
