from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils.column_name import NAMES
from ..utils.table_file import column_letters

MEANINGS = [
    ("part", "Internal Reference"),
    ("barcode", "Barcode"),
    ("part_brand", "Part's Brand"),
    ("name", "Name"),
    ("brand", "Part Brand"),
    ("grade", "Grade"),
    ("category", "Product Category"),
    ("weight", "Weight (kg)"),
    ("warranty_months", "Warranty (months)"),
    ("warranty_km", "Warranty (km)"),
    ("stock_class", "Stock Class"),
    ("number", "Number"),
    ("kind", "Kind of Number"),
    ("make", "Vehicle Make"),
    ("group", "Group of Makes"),
    ("old_number", "Old Number"),
    ("new_number", "New Number"),
    ("date", "Date"),
    ("mode", "Mode of Replacement"),
    ("two_way", "Both Ways"),
    ("ratio", "Ratio"),
    ("model", "Vehicle Model"),
    ("vehicle", "Vehicles (free text)"),
    ("generation", "Generation"),
    ("years", "Years"),
    ("year_from", "From Year"),
    ("year_to", "To Year"),
    ("engine", "Engine"),
    ("engine_code", "Engine Code"),
    ("displacement", "Displacement"),
    ("fuel", "Fuel"),
    ("power_kw", "Power (kW)"),
    ("drive", "Drive"),
    ("body", "Body"),
    ("ktype", "KType"),
    ("vcdb_base_vehicle", "VCdb Base Vehicle"),
    ("cn_code", "Chinese Catalogue Code"),
    ("position", "Position"),
    ("quantity", "Quantity per Vehicle"),
    ("condition", "Condition"),
    ("chassis_from", "Chassis From"),
    ("chassis_to", "Chassis To"),
    ("price", "Purchase Price"),
    ("list_price", "Sales Price"),
    ("vendor", "Vendor"),
    ("vendor_code", "Vendor's Code"),
    ("vendor_name", "Vendor's Name of the Part"),
    ("currency", "Currency"),
    ("min_qty", "Minimum Quantity"),
    ("uom", "Unit"),
    ("delay", "Lead Time (days)"),
    ("discount", "Discount (%)"),
    ("date_start", "Valid From"),
    ("date_end", "Valid Until"),
]


class PartsCatalogImportColumn(models.Model):
    """A column of an import's file: its name, a sample, and what it means."""

    _name = "parts.catalog.import.column"
    _description = "Column of an Imported File"
    _order = "import_id, sequence, id"

    import_id = fields.Many2one(
        comodel_name="parts.catalog.import",
        string="Import",
        required=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(related="import_id.kind")
    sequence = fields.Integer(readonly=True)
    letters = fields.Char(string="Column", compute="_compute_letters")
    name = fields.Char(string="Name in the File", readonly=True)
    sample = fields.Char(readonly=True)
    meaning = fields.Selection(
        selection=MEANINGS,
        help="What the column holds; empty: it is not read.",
    )
    recognised = fields.Boolean(
        readonly=True, help="Found by its name; otherwise a person has said it."
    )

    allowed = fields.Json(compute="_compute_allowed")

    @api.depends("import_id.kind")
    def _compute_allowed(self):
        for column in self:
            kind = column.import_id._get_table_kind()
            column.allowed = list(NAMES.get(kind, ()))

    @api.depends("sequence")
    def _compute_letters(self):
        for column in self:
            column.letters = column_letters(column.sequence)

    def write(self, vals):
        """Override: what a person says of a column is the import's mapping."""
        result = super().write(vals)
        if "meaning" in vals:
            for column in self:
                column._check_meaning()
                column.import_id._map_by_hand({column.name: column.meaning or ""})
        return result

    def _check_meaning(self):
        """Note: self.ensure_one()"""
        self.ensure_one()
        kind = self.import_id._get_table_kind()
        if self.meaning and self.meaning not in NAMES.get(kind, ()):
            labels = dict(self._fields["meaning"]._description_selection(self.env))
            kinds = self.import_id._fields["kind"]._description_selection(self.env)
            raise UserError(
                self.env._(
                    "A file of the kind “%(kind)s” has no use for “%(meaning)s”: choose"
                    " another meaning for the column “%(column)s”, or none.",
                    kind=dict(kinds)[self.import_id.kind],
                    meaning=labels[self.meaning],
                    column=self.name,
                )
            )
