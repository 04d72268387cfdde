from odoo import api, fields, models
from odoo.tools.sql import column_exists, create_column

from ..utils.part_number import number_key
from .parts_catalog_brand import GRADES
from .parts_catalog_fitment import FIT_ANSWERS
from .parts_price_band import COST_READERS

# Numbers to print on a line, where the customer asked for none of them
NUMBERS_SHOWN = 3


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # === QUOTATION === #

    parts_number_asked = fields.Char(
        string="Number Asked", help="The part number as the customer gave it."
    )
    # Snapshots, taken when the product is chosen: what was quoted does not change
    # with the catalogue.
    parts_number = fields.Char(
        string="OE Number",
        compute="_compute_parts_number",
        store=True,
        readonly=False,
        precompute=True,
    )
    parts_grade = fields.Selection(
        selection=GRADES,
        string="Grade",
        compute="_compute_parts_grade",
        store=True,
        readonly=False,
        precompute=True,
    )
    parts_warranty_months = fields.Integer(
        string="Warranty (months)",
        help="In months",
        compute="_compute_parts_warranty_months",
        store=True,
        readonly=False,
        precompute=True,
    )
    parts_replaces = fields.Char(
        string="Replaces Number",
        help="The number asked for, if this part is its successor.",
        compute="_compute_parts_replaces",
        store=True,
        readonly=False,
        precompute=True,
    )
    parts_replaces_date = fields.Date(
        string="Replaced Since",
        compute="_compute_parts_replaces",
        store=True,
        readonly=False,
        precompute=True,
    )
    parts_replaces_ratio = fields.Float(
        string="For Each Replaced",
        help="How many of the part do what one of the number asked for did.",
        compute="_compute_parts_replaces",
        store=True,
        readonly=False,
        precompute=True,
    )
    parts_replaces_text = fields.Char(
        string="Supersession", compute="_compute_parts_replaces_text"
    )
    parts_own_vehicle_id = fields.Many2one(
        comodel_name="parts.catalog.vehicle",
        string="Other Vehicle",
        help="Only if the line is for another vehicle than the order.",
        index="btree_not_null",
    )
    parts_vehicle_id = fields.Many2one(
        comodel_name="parts.catalog.vehicle",
        string="Vehicle",
        compute="_compute_parts_vehicle_id",
        inverse="_inverse_parts_vehicle_id",
    )
    parts_fit = fields.Selection(
        selection=FIT_ANSWERS, string="Fit", compute="_compute_parts_fit"
    )
    parts_fit_condition = fields.Char(
        string="Fits Only If", compute="_compute_parts_fit"
    )
    parts_fit_note = fields.Char(string="About the Fit", compute="_compute_parts_fit")
    # What to ask where it depends; what is answered is kept with the line
    parts_fit_question = fields.Char(string="Question", compute="_compute_parts_fit")
    parts_fit_question_kind = fields.Char(
        string="Kind of Question", compute="_compute_parts_fit"
    )
    parts_fit_options = fields.Json(
        string="Answers Offered", compute="_compute_parts_fit"
    )
    parts_fit_hint = fields.Char(
        string="Question and Answers", compute="_compute_parts_fit"
    )
    parts_fit_answer = fields.Char(
        string="Answer",
        compute="_compute_parts_fit_answer",
        inverse="_inverse_parts_fit_answer",
        help="The answer to the question: one of those offered, or your own words.",
    )
    parts_fit_answers = fields.Json(string="Answers")
    parts_fit_known = fields.Char(string="Answered", compute="_compute_parts_fit_known")
    parts_fit_kept = fields.Json(string="Fit When Confirmed", copy=False)

    def _auto_init(self):
        # Orders written before installation get no snapshot: without these columns
        # at hand the ORM would compute one for every line there is.
        for column, kind in (
            ("parts_number", "varchar"),
            ("parts_grade", "varchar"),
            ("parts_warranty_months", "int4"),
            ("parts_replaces", "varchar"),
            ("parts_replaces_date", "date"),
            ("parts_replaces_ratio", "float8"),
        ):
            if not column_exists(self.env.cr, self._table, column):
                create_column(self.env.cr, self._table, column, kind)
        return super()._auto_init()

    # price
    parts_price_verdict = fields.Selection(
        selection=[("inside", "Inside"), ("beyond", "Beyond")],
        string="Authority",
        compute="_compute_parts_price",
        groups="base.group_user",
        help="Whether the price lies inside the authority of who gives it.",
    )
    parts_price_turn = fields.Char(
        string="Whose Turn",
        compute="_compute_parts_price",
        groups="base.group_user",
        help="Who decides about a price beyond the authority.",
    )
    parts_price_told = fields.Char(
        string="Price Authority",
        compute="_compute_parts_price",
        groups="base.group_user",
        help="Inside the authority of who gives the price, or whose turn it would be.",
    )
    parts_price_source = fields.Char(
        string="Price in Force",
        compute="_compute_parts_price",
        groups="base.group_user",
        help="What gives this customer's price today, before taxes.",
    )
    parts_market_price = fields.Char(
        string="Market Price", compute="_compute_parts_price", groups="base.group_user"
    )
    parts_price_margin = fields.Float(
        string="Margin (%)",
        compute="_compute_parts_price",
        groups=COST_READERS,
        aggregator=None,
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        watch = self.env["parts.approval.watch"]
        if not self.env["res.company"]._parts_controlled_ids("confirm"):
            return super().create(vals_list)
        named = {vals.get("order_id") for vals in vals_list}
        named.add(self.env.context.get("default_order_id"))
        orders = self.env["sale.order"].browse(filter(None, named)).exists()
        with watch._writing(orders._parts_controlled()) as writing:
            lines = super().create(vals_list)
            orders = lines.order_id._parts_controlled()
            own = lines.filtered(lambda line: line.order_id in orders)
            self.env["parts.credit.suspect"]._note_created(own, vals_list)
            watch._found(writing, orders)
        return lines

    def write(self, vals):
        if not self.env["res.company"]._parts_controlled_ids("confirm"):
            return super().write(vals)
        orders = self.order_id
        if vals.get("order_id"):
            orders |= orders.browse(vals["order_id"])
        controlled = orders._parts_controlled()
        with self.env["parts.approval.watch"]._writing(controlled):
            result = super().write(vals)
            if controlled:
                self.env["parts.credit.suspect"]._note_written(self, vals)
                if vals.get("order_id"):
                    # who brings a line to another order gives its price there
                    priced = self.order_id._parts_controlled(gate="price")
                    self.env["parts.price.author"]._note(priced.order_line & self)
            return result

    def unlink(self):
        if not self.env["res.company"]._parts_controlled_ids("confirm"):
            return super().unlink()
        orders = self.order_id._parts_controlled()
        with self.env["parts.approval.watch"]._writing(orders):
            return super().unlink()

    # === COMPUTE METHODS === #

    @api.depends(
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "price_unit",
        "discount",
        "tax_ids",
        "currency_id",
        "company_id",
        "order_id.partner_id",
        # a discount on all of it changes each price
        "order_id.amount_untaxed",
    )
    @api.depends_context("uid", "lang")
    def _compute_parts_price(self):
        controlled = self.env["res.company"]._parts_controlled_ids("price")
        judged = self.browse()
        if controlled:
            judged = self.filtered(
                lambda line: line.order_id.sudo().company_id.id in controlled
                and line.order_id.state in ("draft", "sent")
            )
        told = self.env["parts.price.check"]._describe(judged) if judged else {}
        for line in self:
            row = told.get(line.id, {})
            line.parts_price_verdict = row.get("verdict", False)
            line.parts_price_turn = row.get("turn", False)
            line.parts_price_told = row.get("turn") or row.get("told", False)
            line.parts_price_source = row.get("source", False)
            line.parts_market_price = row.get("market", False)
            line.parts_price_margin = row.get("margin", 0.0)

    def _compute_qty_invoiced(self):
        result = super()._compute_qty_invoiced()
        if self.env["res.company"]._parts_controlled_ids("credit"):
            # Odoo believes any invoice that is linked; credit does not
            self.env["parts.credit.suspect"]._note_links(
                self.filtered(
                    lambda line: line.order_id._parts_controlled(gate="credit")
                )
            )
        return result

    def _compute_qty_delivered(self):
        # what is delivered without a write (timesheets, milestones) is let in, flagged
        if not self.env["res.company"]._parts_controlled_ids("confirm"):
            return super()._compute_qty_delivered()
        with self.env["parts.approval.growth"]._delivering(self):
            return super()._compute_qty_delivered()

    @api.depends("product_id")
    def _compute_parts_number(self):
        numbers_of = self.env["parts.catalog.number"]._get_numbers_of(self.product_id)
        for line in self:
            numbers = numbers_of.get(line.product_id.id, ())
            asked = number_key(line.parts_number_asked)
            shown = [number.number for number in numbers if number.key == asked][:1]
            if not shown:
                printed = [number.number for number in numbers if number.kind == "oe"]
                shown = list(dict.fromkeys(printed))[:NUMBERS_SHOWN]
            line.parts_number = ", ".join(shown) or False

    @api.depends("product_id")
    def _compute_parts_grade(self):
        for line in self:
            line.parts_grade = line.product_id.parts_grade

    @api.depends("product_id")
    def _compute_parts_warranty_months(self):
        for line in self:
            line.parts_warranty_months = line.product_id.parts_warranty_months

    @api.depends("product_id", "parts_number_asked")
    def _compute_parts_replaces(self):
        alternative = self.env["parts.catalog.alternative"]
        for line in self:
            asked = line.parts_number_asked
            row = asked and alternative._get_replaced(line.product_id, asked)
            line.parts_replaces = row and row["old_number"]
            line.parts_replaces_date = row and row["date"]
            line.parts_replaces_ratio = row and row["ratio"]

    @api.depends("parts_replaces", "parts_replaces_date", "parts_replaces_ratio")
    def _compute_parts_replaces_text(self):
        for line in self:
            number, day = line.parts_replaces, line.parts_replaces_date
            text = False
            if number and day:
                text = line.env._(
                    "replaces %(number)s since %(year)s",
                    number=number,
                    year=str(day.year),
                )
            elif number:
                text = line.env._("replaces %(number)s", number=number)
            each = text and line.env["parts.catalog.alternative"]._format_ratio(
                line.parts_replaces_ratio
            )
            line.parts_replaces_text = f"{text}, {each}" if each else text

    @api.depends("parts_own_vehicle_id", "order_id.parts_vehicle_id")
    def _compute_parts_vehicle_id(self):
        for line in self:
            own = line.parts_own_vehicle_id
            line.parts_vehicle_id = own or line.order_id.parts_vehicle_id

    def _inverse_parts_vehicle_id(self):
        for line in self:
            vehicle = line.parts_vehicle_id
            same = vehicle == line.order_id.parts_vehicle_id
            line.parts_own_vehicle_id = False if same else vehicle

    @api.depends(
        "product_id",
        "parts_vehicle_id",
        "parts_fit_answers",
        "parts_fit_kept",
        "order_id.state",
        "order_id.parts_vin",
        "order_id.parts_customer_vehicle_id",
    )
    @api.depends_context("lang")
    def _compute_parts_fit(self):
        details = self.env["parts.quotation.vehicle"]._get_fit_details(self)
        for line in self:
            detail = details[line]
            line.parts_fit = detail["fit"]
            line.parts_fit_condition = detail["condition"]
            line.parts_fit_question = detail["question"]
            line.parts_fit_question_kind = detail["question_kind"]
            line.parts_fit_options = detail["options"]
            line.parts_fit_hint = self.env["parts.quotation.vehicle"]._format_hint(
                detail
            )
            line.parts_fit_note = line._parts_warn_of_fit()

    def _compute_parts_fit_answer(self):
        self.parts_fit_answer = False

    # apart from the answer: what is written there shall be read here at once
    @api.depends("parts_fit_answers", "parts_vehicle_id")
    def _compute_parts_fit_known(self):
        for line in self:
            known = self.env["parts.quotation.vehicle"]._format_answers(line)
            line.parts_fit_known = known

    def _inverse_parts_fit_answer(self):
        for line in self.filtered("parts_fit_answer"):
            answer = line.parts_fit_answer
            line.parts_fit_answers = self.env["parts.quotation.vehicle"]._answer(
                line, answer
            )

    @api.onchange("parts_fit_answer")
    def _onchange_parts_fit_answer(self):
        self._inverse_parts_fit_answer()
        self.parts_fit_answer = False

    def action_parts_forget_answers(self):
        """Ask again what was answered about the fit."""
        self.parts_fit_answers = False

    # === CONTRACT === #

    def _get_display_price(self):
        agreed = None
        if self.order_id.parts_contract_id and self.product_type != "combo":
            # as superuser: who sells need not read every contract
            agreed = self.env["parts.contract.price"].sudo()._for_line(self)
        return super()._get_display_price() if agreed is None else agreed

    def _reset_price_unit(self):
        result = super()._reset_price_unit()
        if self.order_id.parts_contract_id and self.product_type != "combo":
            agreed = self.env["parts.contract.price"].sudo()._for_line(self)
            if agreed is not None:
                # told with the line's own taxes: not adapted to them once more
                self.update({"price_unit": agreed, "technical_price_unit": agreed})
        return result

    def _compute_discount(self):
        result = super()._compute_discount()
        for line in self:
            if line.order_id.parts_contract_id and line.product_id:
                if self.env["parts.contract.price"].sudo()._for_line(line) is not None:
                    line.discount = 0.0
        return result

    # === BUSINESS METHODS === #

    def _parts_warn_of_fit(self):
        """Return a sentence if the part may not fit the vehicle, else False.

        Note: self.ensure_one()
        """
        self.ensure_one()
        if self.parts_fit not in ("no", "depends"):
            return False
        values = {
            "part": self.product_id.display_name,
            "vehicle": self.parts_vehicle_id.display_name,
            "condition": self.parts_fit_condition,
        }
        if self.parts_fit == "no":
            return self.env._("%(part)s does not fit %(vehicle)s.", **values)
        told = self.env._("%(part)s fits %(vehicle)s only if: %(condition)s.", **values)
        return " ".join(filter(None, [told, self.parts_fit_hint]))

    def _parts_keep_fit(self):
        """Keep with the line what it says about the fit, as it is now."""
        self.env["parts.quotation.vehicle"]._keep_fit(self)

    def _parts_get_print_details(self):
        """Return what documents for the customer say below the product's name.

        Override to say more. Nothing filled in: nothing said, so that the print of
        what is no auto part stays as it is.
        Note: self.ensure_one()

        :return: list of pairs (label, text), both in the language of the record
        """
        self.ensure_one()
        details = []
        asked = self.parts_number_asked
        known = {number_key(self.parts_number), number_key(self.parts_replaces)}
        if asked and number_key(asked) not in known:
            details.append((self.env._("You asked for"), asked))
        numbers = ", ".join(filter(None, (self.parts_number, self.parts_replaces_text)))
        if numbers:
            details.append((self.env._("OE number"), numbers))
        if self.parts_vehicle_id:
            details.append((self.env._("Vehicle"), self.parts_vehicle_id.display_name))
        if self.parts_fit_known:
            details.append((self.env._("Checked for"), self.parts_fit_known))
        if self.parts_grade:
            grades = dict(self._fields["parts_grade"]._description_selection(self.env))
            details.append((self.env._("Grade"), grades[self.parts_grade]))
        if self.parts_warranty_months:
            months = self.parts_warranty_months
            text = self.env._("%(months)s months", months=months)
            details.append((self.env._("Warranty"), text))
        return details
