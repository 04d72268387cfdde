from odoo import api, fields, models

from ..utils.part_number_sql import code_column_key
from .parts_price_cost import OF_PRODUCTS

CODE_KEY = code_column_key("default_code")


class ProductProduct(models.Model):
    _inherit = "product.product"

    # === CATALOG === #

    parts_search = fields.Char(
        string="Part Number",
        compute="_compute_parts_search",
        search="_search_parts_search",
    )

    _parts_code_key_idx = models.Index(
        f"({CODE_KEY} text_pattern_ops) WHERE default_code IS NOT NULL"
    )
    _parts_code_trigram_idx = models.Index(
        lambda registry: (
            registry.has_trigram
            and f"USING gin ({CODE_KEY} gin_trgm_ops, barcode gin_trgm_ops)"
        )
    )

    # === PRICE === #

    def action_parts_view_prices(self):
        """Open the changes of this part's prices."""
        return self.product_tmpl_id.action_parts_view_prices()

    @api.model_create_multi
    def create(self, vals_list):
        products = super().create(vals_list)
        if self.env["res.company"]._parts_controlled_ids("price"):
            self.env["parts.price.guard"]._new_costs(products)
        return products

    @api.model
    def _has_field_access(self, field, operation):
        if field.name in OF_PRODUCTS and operation == "read":
            if self.env["parts.price.cost"]._is_hidden():
                return False
        return super()._has_field_access(field, operation)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return key + (self.env["parts.price.cost"]._is_hidden(),)

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        return self.env["parts.price.cost"]._strip(arch), view

    def write(self, vals):
        if "standard_price" not in vals or not self.env[
            "res.company"
        ]._parts_controlled_ids("price"):
            return super().write(vals)
        with self.env["parts.price.guard"]._costs(self):
            return super().write(vals)

    # === CATALOG === #

    def _compute_parts_search(self):
        self.parts_search = False

    @api.model
    def _search_parts_search(self, operator, value):
        return self.env["parts.catalog.lookup"]._search_box(self, operator, value)

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        numbers = self.env["parts.catalog.number"]
        return numbers._add_number_arm(self, domain, operator, value)

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Override to find parts by number in any spelling, before what core finds."""
        lookup = self.env["parts.catalog.lookup"]
        search = super().name_search
        return lookup._name_search(self, search, name, domain, operator, limit)

    @api.model
    @api.readonly
    def web_name_search(
        self, name, specification, domain=None, operator="ilike", limit=100
    ):
        """Override to say in the list below a field why each part is offered."""
        offered = super().web_name_search(name, specification, domain, operator, limit)
        return self.env["parts.catalog.reason"]._add(self, offered, name)

    @api.model
    @api.readonly
    def parts_alternatives(
        self,
        product_id,
        vehicle_id=None,
        partner_id=None,
        facts=None,
        quantity=1.0,
        uom_id=None,
    ):
        """Return what can be sold for a part, side by side.

        Other brands and grades with the same number, parts listed for interchange,
        and parts under numbers that replaced the part's own (or that these replaced,
        where that holds both ways). Only what the user may see, in the session's
        company, and nothing archived.

        :param int product_id: the part to replace
        :param int vehicle_id: parts.catalog.vehicle that it is for
        :param int partner_id: customer whose price is wanted
        :param dict facts: what is known of the car, see :meth:`parts_find`
        :param float quantity: how many of the part are asked for
        :param int uom_id: uom.uom of ``quantity``; None: the part's own
        :return: list of dicts, first the part itself, then best first; empty if
            there is no alternative: ``product_id``, ``display_name``, ``brand`` (name
            or False), ``grade``, ``grade_label``, ``relation`` (``self``,
            ``superseded``, ``same_number``, ``interchange``), ``numbers`` (list of the
            numbers that connect the two, as printed), ``price`` (one, in the
            product's own unit), ``currency_id`` (int), ``free`` (list of
            ``warehouse_id``, ``warehouse``, ``free_qty``: the user's own warehouse and
            those that hold some), ``free_qty``, ``lead_days`` (int),
            ``quantity`` (float: how many of it, in its own unit, do the same),
            ``incoming_date`` (text or False), ``warranty_months``, ``warranty_km``,
            ``fit``, ``fit_condition``, ``rule`` (``use_up`` or ``at_once``);
            ``margin`` (before taxes, in the price's currency) only for those who may
            see cost; for ``superseded`` also ``old_number``, ``mode``, ``ratio`` (how
            many replace one), ``date``, ``direction``, ``together``
        """
        product = self.browse(product_id).exists()
        product.check_access("read")
        unit = self.env["uom.uom"].browse(uom_id or ())
        if unit and quantity and unit._has_common_reference(product.uom_id):
            quantity = unit._compute_quantity(quantity, product.uom_id, round=False)
        return self.env["parts.catalog.alternative"]._get_alternatives(
            product,
            self.env["parts.catalog.vehicle"].browse(vehicle_id or ()),
            self.env["res.partner"].browse(partner_id or ()),
            self.env["parts.catalog.car"]._read(facts),
            quantity or 1.0,
        )

    def _parts_get_supersession_rules(self):
        """Return whether old stock is offered first: product id to ``use_up`` or
        ``at_once``.

        The part says, else the makes of its OE numbers: at once if all of them do.
        """
        rules = {}
        asked = self.filtered(lambda product: not product.parts_supersession_rule)
        numbers_of = self.env["parts.catalog.number"]._get_numbers_of(asked)
        for product in self:
            rule = product.parts_supersession_rule
            if not rule:
                numbers = numbers_of[product.id]
                makes = numbers.make_id | numbers.group_id.make_ids
                at_once = set(makes.mapped("supersession_rule")) == {"at_once"}
                rule = "at_once" if at_once else "use_up"
            rules[product.id] = rule
        return rules

    @api.model
    @api.readonly
    def parts_find(
        self,
        query=None,
        vehicle_id=None,
        partner_id=None,
        limit=80,
        facts=None,
        customer_vehicle_id=None,
    ):
        """Return the parts that a customer's words mean, best first.

        In this order: the number itself (of the vehicle's make or of any), the same
        number of another make, what replaced it, interchange (better grade first),
        internal reference, barcode, the customer's and the vendors' own codes, numbers
        and references that begin so, that contain it, names, and last, labelled, what
        only looks alike. Without a query, what is listed for the vehicle. Only what
        the user may see, in the session's company, and nothing archived.

        :param str query: what the customer says; None or blank: ask by vehicle only
        :param int vehicle_id: parts.catalog.vehicle that the part is for
        :param int partner_id: customer whose price is wanted; None: the company's
            own pricelist, or list prices
        :param int limit: most hits; None: all
        :param dict facts: what is known of the car beside its vehicle, any of
            ``year`` (2016, "2016" or from and to: [2013, 2015]), ``engine_code``,
            ``not_engine_code`` (several codes in one text), ``built`` (day or month,
            "2016-05", or from and to), ``chassis`` (number, VIN, or from and to) and
            ``conditions`` (text of a condition to True or False); an empty end of a
            pair is open. They answer what *depends*, and the order follows
        :param int customer_vehicle_id: parts.customer.vehicle that ``vehicle_id`` is:
            what is known of it counts as facts
        :raises UserError: facts that cannot be understood
        :return: list of dicts: ``product_id`` (int), ``display_name``, ``match``
            (``oe``, ``trade``, ``interchange``, ``superseded``, ``code``, ``barcode``,
            ``customer_code``, ``vendor_code``, ``name``, ``similar``, ``vehicle``),
            ``exact`` (bool), ``rank`` (int: as matched, lower is better), ``number``
            (as printed, or False), ``path`` (why it matched, in the user's language),
            ``fit`` (``yes``, ``depends``, ``no``, ``unknown``; unknown without a
            vehicle), ``fit_condition`` and ``question`` (str or False; the one question
            that decides), ``question_kind`` (the fact it asks for, or False) and
            ``options`` (list of dicts ``value``, ``label`` and ``facts``: what to ask
            again with), ``ratio`` (float: how many are taken for one of the number
            asked for), ``brand``, ``grade``, ``grade_label`` (or False), ``uom``
            (str), ``price`` (float: one, in the product's own unit, before taxes as in
            the pricelist), ``currency_id`` (int), ``free_qty`` (float, product's own
            unit, all warehouses of the company), ``free_elsewhere`` (float: of these,
            outside the user's own warehouse), ``lead_days`` (int: 0 if some are free,
            else the product's customer lead time)
        """
        self.browse().check_access("read")
        vehicle = self.env["parts.catalog.vehicle"].browse(vehicle_id or ())
        partner = self.env["res.partner"].browse(partner_id or ())
        finder = self.env["parts.catalog.finder"]
        own = self.env["parts.customer.vehicle"].browse(customer_vehicle_id or ())
        facts = self.env["parts.catalog.car"]._get_facts(vehicle, own, facts)
        return finder._find(query, vehicle, partner, limit, facts)

    @api.model
    def parts_search_unanswered(self, query, vehicle_id=None, partner_id=None):
        """Note that nothing was found for a customer's words. Called by the client.

        Apart from the search itself, which only reads.

        :param str query: what the customer said
        :param int vehicle_id: parts.catalog.vehicle that it was for, or None
        :param int partner_id: customer who asked, or None
        :return: what the hook says: False, or an action for the client
        """
        self.browse().check_access("read")
        if not isinstance(query, str) or not query.strip():
            return False
        return self._parts_search_unanswered(
            " ".join(query.split()),
            self.env["parts.catalog.vehicle"].browse(vehicle_id or ()),
            self.env["res.partner"].browse(partner_id or ()),
        )

    @api.model
    def _parts_search_unanswered(self, query, vehicle, partner):
        """Hook: a search found nothing. Extend to keep what could not be offered.

        :param str query: what was asked for, not empty
        :param vehicle: parts.catalog.vehicle or none
        :param partner: res.partner or none
        :return: False, or an action for the client to run
        """
        return False
