from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class PartsQuotationOrderMixin(models.AbstractModel):
    """A sales order that knows what car its parts are for (CUS-7, CAT-4).

    Vehicle and VIN, the cards of Odoo's catalogue, and how *Find Parts* adds to it. It
    stands before Odoo's own order, whose methods it extends.
    """

    _name = "parts.quotation.order.mixin"
    _description = "Order for a Vehicle"

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
    parts_fit_asks = fields.Boolean(
        string="Questions about the Fit", compute="_compute_parts_fit_warning"
    )

    # === COMPUTE METHODS === #

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
            order.parts_fit_asks = any(order.order_line.mapped("parts_fit_question"))

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

    # === ACTIONS === #

    def action_parts_keep_vehicle(self):
        """Keep the order's VIN and vehicle as one of the customer's vehicles.

        :raises UserError: if there is nothing to keep
        """
        self.ensure_one()
        self.env["parts.quotation.vehicle"]._keep(self)

    # === CATALOGUE === #

    def _get_action_add_from_catalog_extra_context(self):
        context = super()._get_action_add_from_catalog_extra_context()
        chosen = self.env["parts.quotation.counter"]._get_catalog_vehicle(self)
        return {**context, "parts_catalog_vehicle": chosen} if chosen else context

    def _get_product_catalog_order_line_info(
        self, product_ids, child_field=False, *, parts_vehicle_id=None, **kwargs
    ):
        """Override to say on the cards whether a part fits, its grade, stock and more.

        :param int parts_vehicle_id: parts.catalog.vehicle chosen in the catalogue;
            None: the order's; False: none, it was taken out there
        :return: as in core, with the key ``parts``: see ``_get_cards`` of the finder
        """
        info = super()._get_product_catalog_order_line_info(
            product_ids, child_field=child_field, **kwargs
        )
        vehicle = self.env["parts.catalog.vehicle"].browse(parts_vehicle_id or ())
        if parts_vehicle_id is None:
            vehicle = self.parts_vehicle_id
        cards = self.env["parts.catalog.finder"]._get_cards(
            self, self.env["product.product"].browse(info), vehicle
        )
        for id_, card in cards.items():
            info[id_]["parts"] = card
        return info

    def _update_order_line_info(
        self, product_id, quantity, *, parts_vehicle_id=None, **kwargs
    ):
        if not parts_vehicle_id:
            return super()._update_order_line_info(product_id, quantity, **kwargs)
        before = self.order_line
        price = super()._update_order_line_info(product_id, quantity, **kwargs)
        vehicle = self.env["parts.catalog.vehicle"].browse(parts_vehicle_id)
        added = self.order_line - before
        self.env["parts.quotation.counter"]._set_vehicle(self, added, vehicle)
        return price

    def _get_product_catalog_domain(self):
        """Override to leave what is listed for a vehicle, where one is named.

        The vehicle chip does the same in the client, and can be switched off there.
        """
        domain = super()._get_product_catalog_domain()
        vehicle_id = self.env.context.get("parts_catalog_vehicle_id")
        if not vehicle_id:
            return domain
        return domain & Domain("parts_vehicle_id", "=", vehicle_id)

    # === FIND PARTS === #

    @api.model
    @api.readonly
    def parts_running_quotation(self, partner_id):
        """Return the quotation that a part for this customer would be added to.

        :param int partner_id: the customer
        :return: False, or a dict as from ``parts_add_part``, without ``line``
        """
        counter = self.env["parts.quotation.counter"]
        order = counter._get_running(self.env["res.partner"].browse(partner_id))
        return bool(order) and counter._get_summary(order)

    def parts_add_part(
        self,
        product_id,
        quantity=1.0,
        number_asked=None,
        vehicle_id=None,
        partner_id=None,
        customer_vehicle_id=None,
        facts=None,
    ):
        """Add a part to the quotation; the same part again raises the quantity.

        Acts with the user's own rights, on one order. On none: a new quotation for
        ``partner_id`` is made.

        :param int product_id: the part
        :param float quantity: how many are asked for, in the product's own unit. If the
            part replaced ``number_asked`` by another ratio than one for one, the line
            takes as many as do the same: of 2 for each, 4 for 2
        :param str number_asked: the number as the customer gave it
        :param int vehicle_id: parts.catalog.vehicle that the part is for; None: the
            order's
        :param int partner_id: the customer, where there is no quotation yet
        :param int customer_vehicle_id: parts.customer.vehicle that ``vehicle_id`` is;
            a quotation without lines takes its VIN
        :param dict facts: what was answered about the car, see ``parts_find`` of
            product.product; kept with the line if its fit depends on it
        :return: dict of the quotation: ``id``, ``name``, ``date`` (str),
            ``line_count``, ``amount_total`` (with taxes, in ``currency_id``),
            ``quantities`` (product id to quantity in the product's own unit) and
            ``line``: dict of ``id``, ``quantity`` (that it has now), ``added`` (float,
            in the product's own unit), ``warning`` (fit, str or False)
        :raises UserError: no customer; no quotation any more; part not sold; quantity;
            facts that cannot be understood
        """
        counter = self.env["parts.quotation.counter"]
        product = self.env["product.product"].browse(product_id)
        vehicle = self.env["parts.catalog.vehicle"].browse(vehicle_id or ())
        own = self.env["parts.customer.vehicle"].browse(customer_vehicle_id or ())
        order = self
        if not order:
            if not partner_id:
                raise UserError(self.env._("Choose the customer first."))
            partner = self.env["res.partner"].browse(partner_id)
            order = counter._start(partner)
        order.ensure_one()
        facts = self.env["parts.catalog.car"]._read(facts)
        line, added = counter._add(
            order, product, quantity, number_asked, vehicle, own, facts
        )
        return {
            **counter._get_summary(order),
            "line": {
                "id": line.id,
                "quantity": line.product_uom_qty,
                "added": added,
                "warning": line._parts_warn_of_fit(),
            },
        }
