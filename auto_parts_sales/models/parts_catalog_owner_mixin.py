from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..utils.part_number import LONGEST_KEY, number_key, tidy_number


class PartsCatalogOwnerMixin(models.AbstractModel):
    """What carries a part number of exactly one owner: who gave it.

    The table needs a constraint of its own that one of the three is set.
    """

    _name = "parts.catalog.owner.mixin"
    _description = "Part Number and Its Owner"

    make_id = fields.Many2one(
        comodel_name="parts.catalog.make",
        index="btree_not_null",
        ondelete="restrict",
    )
    group_id = fields.Many2one(
        comodel_name="parts.catalog.make.group",
        string="Group of Makes",
        index="btree_not_null",
        ondelete="restrict",
    )
    brand_id = fields.Many2one(
        comodel_name="parts.catalog.brand",
        string="Part Brand",
        index="btree_not_null",
        ondelete="restrict",
    )
    source_id = fields.Many2one(
        comodel_name="parts.catalog.source",
        index="btree_not_null",
        ondelete="restrict",
    )

    def _get_owner_name(self):
        """Return who gave the number: make, group of makes or brand.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return (self.make_id or self.group_id or self.brand_id).display_name

    @api.model
    def _read_number(self, text):
        """Return a part number as it is kept, and its search key.

        :raises ValidationError: it is none
        """
        number = tidy_number(text)
        key = number_key(number)
        if not 0 < len(key) <= LONGEST_KEY:
            raise ValidationError(
                self.env._(
                    "“%(number)s” is no part number: one has between 1 and"
                    " %(longest)s letters and digits.",
                    number=number[:50],
                    longest=LONGEST_KEY,
                )
            )
        return number, key
