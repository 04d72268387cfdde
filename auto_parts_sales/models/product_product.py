from odoo import api, fields, models

from ..utils.part_number import CODE_PUNCTUATION

# Codes of our own in any spelling; a superset of what ilike finds in them
CODE_KEY_SQL = f"upper(translate(default_code, '{CODE_PUNCTUATION}', ''))"


class ProductProduct(models.Model):
    _inherit = "product.product"

    # === CATALOG === #

    parts_search = fields.Char(
        string="Part Number",
        compute="_compute_parts_search",
        search="_search_parts_search",
    )

    _parts_code_key_idx = models.Index(
        f"({CODE_KEY_SQL} text_pattern_ops) WHERE default_code IS NOT NULL"
    )
    _parts_code_trigram_idx = models.Index(
        lambda registry: (
            registry.has_trigram
            and f"USING gin ({CODE_KEY_SQL} gin_trgm_ops, barcode gin_trgm_ops)"
        )
    )

    def _compute_parts_search(self):
        self.parts_search = False

    @api.model
    def _search_parts_search(self, operator, value):
        return self.env["parts.catalog.number"]._search_parts(self, operator, value)

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        numbers = self.env["parts.catalog.number"]
        return numbers._add_number_arm(self, domain, operator, value)

    @api.model
    @api.readonly
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Override to find parts by number in any spelling, before what core finds."""
        numbers = self.env["parts.catalog.number"]
        search = super().name_search
        return numbers._name_search(self, search, name, domain, operator, limit)

    @api.model
    @api.readonly
    def parts_find(self, query=None, vehicle_id=None, partner_id=None, limit=80):
        """Return the parts that a customer's words mean, best first.

        Found are numbers in any spelling (exact, then those that begin so), internal
        reference, barcode and name; without a query, what is listed for the vehicle.
        Only what the user may see, in the session's company, and nothing archived.

        :param str query: what the customer says; None or blank: ask by vehicle only
        :param int vehicle_id: parts.catalog.vehicle that the part is for
        :param int partner_id: customer whose price is wanted; None: the company's
            own pricelist, or list prices
        :param int limit: most hits; None: all
        :return: list of dicts: ``product_id`` (int), ``display_name``, ``match``
            (``oe``, ``trade``, ``interchange``, ``code``, ``barcode``, ``name``,
            ``vehicle``), ``exact`` (bool), ``number`` (as printed, or False),
            ``path`` (why it matched, in the user's language), ``fit`` (``yes``,
            ``depends``, ``no``, ``unknown``; unknown without a vehicle),
            ``fit_condition`` (str or False), ``price`` (float: one, in the product's
            own unit, before taxes as in the pricelist), ``currency_id`` (int),
            ``free_qty`` (float, product's own unit), ``lead_days`` (int: 0 if some
            are free, else the product's customer lead time)
        """
        self.browse().check_access("read")
        vehicle = self.env["parts.catalog.vehicle"].browse(vehicle_id or ())
        partner = self.env["res.partner"].browse(partner_id or ())
        return self.env["parts.catalog.finder"]._find(query, vehicle, partner, limit)
