from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..utils.part_number import (
    lookup_key,
    number_key,
)
from ..utils.part_number_sql import LOOK_SQL

NUMBER_KINDS = [
    ("oe", "OE Number"),
    ("trade", "Trade Number"),
    ("interchange", "Interchange Number"),
]
# Which number of a part is worth more, when several match
KIND_RANK = {kind: rank for rank, (kind, _label) in enumerate(NUMBER_KINDS)}


class PartsCatalogNumber(models.Model):
    """Numbers of parts, each under the make, group of makes or brand that gave it.

    Loads of millions of rows write this table by SQL: no stored compute, no
    tracking, and no other model's compute depends on it. A loader fills ``key``
    with :func:`number_key` and calls :meth:`_note_loaded` afterwards.
    """

    _name = "parts.catalog.number"
    _inherit = ["parts.catalog.owner.mixin"]
    _description = "Part Number"
    _order = "id"
    _rec_name = "number"

    # === FIELDS === #

    number = fields.Char(required=True, help="As printed by who gave the number.")
    key = fields.Char(
        string="Search Key",
        required=True,
        readonly=True,
        copy=False,
        help="Letters and digits of the number: how it is found in any spelling.",
    )
    kind = fields.Selection(selection=NUMBER_KINDS, required=True, default="oe")
    product_tmpl_id = fields.Many2one(
        comodel_name="product.template",
        string="Part",
        required=True,
        index=True,
        ondelete="cascade",
    )
    product_id = fields.Many2one(
        comodel_name="product.product",
        string="Variant",
        domain="[('product_tmpl_id', '=', product_tmpl_id)]",
        help="Only if the number belongs to one variant, like the left side.",
        index="btree_not_null",
        ondelete="cascade",
    )

    number_search = fields.Char(
        compute="_compute_number_search", search="_search_number_search"
    )

    # === CONSTRAINTS AND INDEXES === #

    # text_pattern_ops serves equality and prefixes, whatever the collation
    _key_idx = models.Index("(key text_pattern_ops)")
    _key_trigram_idx = models.Index(
        lambda registry: registry.has_trigram and "USING gin (key gin_trgm_ops)"
    )
    _look_idx = models.Index(f"({LOOK_SQL})")
    _key_given = models.Constraint(
        "CHECK (key <> '')", "A part number needs at least one letter or digit."
    )
    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(make_id, group_id, brand_id) = 1)",
        "A part number belongs to exactly one make, group of makes or part brand.",
    )
    _once = models.UniqueIndex(
        "(key, COALESCE(make_id, 0), COALESCE(group_id, 0), COALESCE(brand_id, 0),"
        " product_tmpl_id, COALESCE(product_id, 0))",
        "This part already has this number of this make or brand, perhaps in another"
        " spelling.",
    )

    @api.constrains("product_id", "product_tmpl_id")
    def _check_product_id(self):
        for number in self:
            if (
                number.product_id
                and number.product_id.product_tmpl_id != number.product_tmpl_id
            ):
                raise ValidationError(
                    self.env._(
                        "Number %(number)s: %(variant)s is no variant of %(part)s.",
                        number=number.number,
                        variant=number.product_id.display_name,
                        part=number.product_tmpl_id.display_name,
                    )
                )

    # === COMPUTE METHODS === #

    def _compute_number_search(self):
        self.number_search = False

    @api.model
    def _search_number_search(self, operator, value):
        """Find numbers in any spelling, by how they begin."""
        if operator not in ("ilike", "="):
            return NotImplemented
        key = number_key(value)
        if not key:
            return Domain.FALSE
        return Domain("key", "=", key) if operator == "=" else self._begins_with(key)

    @api.model
    def _begins_with(self, key):
        return Domain("key", "=like", f"{key}%")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_number")
        numbers = super().create(
            [
                self._with_key({"number": default, **self._with_part(vals)})
                for vals in vals_list
            ]
        )
        self._note_loaded()
        return numbers

    def write(self, vals):
        return super().write(self._with_key(vals))

    @api.model
    def _with_part(self, vals):
        """Return ``vals`` with the part of the variant, if only that is given."""
        if vals.get("product_id") and not vals.get("product_tmpl_id"):
            variant = self.env["product.product"].browse(vals["product_id"])
            return {**vals, "product_tmpl_id": variant.product_tmpl_id.id}
        return vals

    @api.model
    def _with_key(self, vals):
        """Return ``vals`` with the key that belongs to the number, and no other."""
        vals = {name: value for name, value in vals.items() if name != "key"}
        if "number" in vals:
            number, key = self._read_number(vals["number"])
            vals.update(number=number, key=key)
        return vals

    # === BUSINESS METHODS === #

    @tools.ormcache(cache="stable")
    def _any_loaded(self):
        """Tell, without a query, whether the catalogue holds any number at all."""
        [[any_loaded]] = self.env.execute_query(
            SQL(
                "SELECT EXISTS (SELECT FROM parts_catalog_number)"
                " OR EXISTS (SELECT FROM parts_catalog_customer_code)"
            )
        )
        return any_loaded

    @api.model
    def _note_loaded(self):
        """Tell every worker that there are numbers now. Call after loading by SQL."""
        if self._any_loaded():
            return
        registry = self.env.registry
        registry.clear_cache("stable")
        # Another thread may fill the cache again before this transaction commits.
        self.env.cr.postcommit.add(lambda: registry.clear_cache("stable"))

    @api.model
    def _get_lookup_key(self, text):
        """Return the key under which to look ``text`` up, empty: do not look.

        Costs nothing if ``text`` cannot be a number or no number is loaded.
        """
        key = lookup_key(text)
        return key if key and self._any_loaded() else ""

    @api.model
    def _get_parts_sql(self, parts, key, prefix=False):
        """Return a subselect of the ids of the parts with a number.

        :param parts: the model to find, product.product or product.template
        :param str key: search key (letters and digits only, so no pattern in it)
        :param bool prefix: find numbers that begin with the key, too
        :return: an SQL object in brackets, for a domain on ``id`` or a union;
            record rules and ``active`` are for the domain that uses it
        """
        self.flush_model(["key", "product_tmpl_id", "product_id"])
        match = SQL("n.key LIKE %s", f"{key}%") if prefix else SQL("n.key = %s", key)
        if parts._name == "product.template":
            return SQL(
                "(SELECT n.product_tmpl_id FROM parts_catalog_number n WHERE %s)", match
            )
        self.env["product.product"].flush_model(["product_tmpl_id"])
        return SQL(
            """(
                SELECT p.id
                  FROM parts_catalog_number n
                  JOIN product_product p
                    ON p.product_tmpl_id = n.product_tmpl_id
                   AND (n.product_id IS NULL OR n.product_id = p.id)
                 WHERE %s
            )""",
            match,
        )

    @api.model
    def _add_number_arm(self, parts, domain, operator, value):
        """Return a display name's search domain that finds numbers, too.

        :param parts: the model searched, product.product or product.template
        :param domain: what core answers for ``operator`` and ``value``
        :return: ``domain`` itself if nothing is to be looked up, else a domain on
            ``id``: a union, which stays on indexes where an OR would not
        """
        if operator == "in":
            ids = [
                part_id
                for text in value
                if (key := self._get_lookup_key(text))
                for part_id in self._find_single_part(parts, key).ids
            ]
            return Domain(domain) | Domain("id", "in", ids) if ids else domain
        if operator not in ("ilike", "like"):
            return domain
        key = self._get_lookup_key(value)
        if not key:
            return domain
        core = parts._search(Domain(domain), active_test=False, bypass_access=True)
        ours = self._get_parts_sql(parts, key, prefix=True)
        return [("id", "in", SQL("((%s) UNION ALL %s)", core.select(), ours))]

    @api.model
    def _find_single_part(self, parts, key, domain=None):
        """Return the part with exactly this number if there is only one, else none.

        What an import reads must not depend on which of two parts comes first.
        """
        found = parts.search(
            Domain(domain or Domain.TRUE)
            & Domain("id", "in", self._get_parts_sql(parts, key)),
            limit=2,
        )
        return found if len(found) == 1 else parts.browse()

    @api.model
    def _get_numbers_of(self, products):
        """Return the numbers of products, the most telling first.

        :param products: product.product records
        :return: dict of product id to parts.catalog.number records, read as
            superuser; one query for all products, none if no number is loaded
        """
        numbers = self.sudo().browse()
        if not products or not self._any_loaded():
            return dict.fromkeys(products.ids, numbers)
        numbers = numbers.search(
            [("product_tmpl_id", "in", products.product_tmpl_id.ids)]
        )
        numbers = numbers.sorted(lambda number: KIND_RANK[number.kind])
        by_template = numbers.grouped("product_tmpl_id")
        none = numbers.browse()
        return {
            product.id: by_template.get(product.product_tmpl_id.sudo(), none).filtered(
                lambda number, product=product: (
                    not number.product_id or number.product_id.id == product.id
                )
            )
            for product in products
        }
