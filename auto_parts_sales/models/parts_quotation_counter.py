import math

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..utils.car_facts import write_facts
from ..utils.part_number import number_key


class PartsQuotationCounter(models.AbstractModel):
    """The quotation that a clerk writes while the customer stands at the counter.

    It acts with the user's own rights only. The screen "Find parts" is its client.
    """

    _name = "parts.quotation.counter"
    _description = "Quotation at the Counter"

    @api.model
    def _get_running(self, partner):
        """Return the quotation that a part for this customer goes to, or none.

        It is the user's own, newest draft in the session's company that is still
        valid. One that was sent is not grown behind the customer's back.
        """
        today = fields.Date.context_today(self)
        domain = Domain(
            [
                ("partner_id", "=", partner.id),
                ("state", "=", "draft"),
                ("user_id", "=", self.env.uid),
                ("company_id", "=", self.env.company.id),
            ]
        )
        valid = Domain("validity_date", "=", False) | Domain(
            "validity_date", ">=", today
        )
        return self.env["sale.order"].search(domain & valid, order="id desc", limit=1)

    @api.model
    def _start(self, partner):
        return self.env["sale.order"].create({"partner_id": partner.id})

    @api.model
    def _add(
        self,
        order,
        product,
        quantity=1.0,
        number_asked=None,
        vehicle=None,
        customer_vehicle=None,
        facts=None,
    ):
        """Add a part to a quotation, or raise the quantity of its line.

        A line is the same only if it is for the same vehicle and was asked for by
        the same number, and nothing else was answered about the car.

        :param order: one sale.order, a quotation
        :param product: one product.product
        :param float quantity: in the product's own unit; of the number asked, if the
            part replaces it
        :param str number_asked: as the customer gave it
        :param vehicle: parts.catalog.vehicle that the part is for, maybe empty; None:
            the order's
        :param customer_vehicle: the parts.customer.vehicle that ``vehicle`` is, if it
            is known
        :param dict facts: what else is known of the car, see ``utils.fit``; kept with
            the line where its fit depends on it
        :return: pair of the order line and the quantity that was added
        :raises UserError: the order is no quotation any more, the part is not sold,
            the quantity is not a number above zero
        """
        self._check_can_add(order, product, quantity)
        if vehicle and not order.parts_vehicle_id and not order.order_line:
            self._take_vehicle(order, vehicle, customer_vehicle)
        vehicle = vehicle or order.parts_vehicle_id
        alternative = self.env["parts.catalog.alternative"]
        quantity = alternative._get_quantity(product, number_asked, quantity)
        line = self._find_line(order, product, number_asked, vehicle, facts)
        if line:
            line.product_uom_qty += quantity
        else:
            line = self._create_line(order, product, quantity, number_asked, vehicle)
        if facts:
            self.env["parts.quotation.vehicle"]._note_facts(line, facts)
        return line, quantity

    @api.model
    def _find_line(self, order, product, number_asked, vehicle, facts=None):
        """Return the line for the same part, number and car, or none."""
        asked = number_key(number_asked)
        facts = write_facts(facts or {})
        for line in order.order_line:
            if (
                line.product_id == product
                and line.product_uom_id == product.uom_id
                and line.parts_vehicle_id == vehicle
                and number_key(line.parts_number_asked) == asked
                and not self._is_other_car(line, facts)
            ):
                return line
        return order.order_line.browse()

    @api.model
    def _is_other_car(self, line, facts):
        """Tell whether what was answered on a line is said differently now."""
        known = (line.parts_fit_answers or {}).get("facts", {})
        return any(known.get(name, value) != value for name, value in facts.items())

    @api.model
    def _create_line(self, order, product, quantity, number_asked, vehicle):
        own = vehicle if vehicle != order.parts_vehicle_id else vehicle.browse()
        return self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": product.id,
                "product_uom_id": product.uom_id.id,
                "product_uom_qty": quantity,
                "parts_number_asked": (number_asked or "").strip() or False,
                "parts_own_vehicle_id": own.id,
                "sequence": max([10, *order.order_line.mapped("sequence")]),
            }
        )

    @api.model
    def _take_vehicle(self, order, vehicle, customer_vehicle=None):
        """Make a quotation one for a vehicle, with the VIN of the customer's own."""
        if customer_vehicle and customer_vehicle.vehicle_id == vehicle:
            order.parts_customer_vehicle_id = customer_vehicle
        else:
            order.parts_vehicle_id = vehicle

    @api.model
    def _set_vehicle(self, order, lines, vehicle):
        """Note for which vehicle lines were added in the product catalogue."""
        if lines and not order.parts_vehicle_id and order.order_line == lines:
            self._take_vehicle(order, vehicle)
        elif vehicle != order.parts_vehicle_id:
            lines.parts_own_vehicle_id = vehicle

    @api.model
    def _get_catalog_vehicle(self, order):
        """Return what the product catalogue's vehicle chip starts with.

        :return: dict of ``vehicle`` (dict of ``id`` and ``display_name``, or False)
            and ``customer_id``; None, without a query, if there is no parts catalogue
        """
        vehicle = order.parts_vehicle_id
        if not vehicle and not self.env["parts.catalog.number"]._any_loaded():
            return None
        named = {"id": vehicle.id, "display_name": vehicle.display_name}
        return {
            "vehicle": bool(vehicle) and named,
            "customer_id": order.partner_id.id,
        }

    @api.model
    def _check_can_add(self, order, product, quantity):
        if order.state not in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "%(order)s is not a quotation any more. Start a new quotation to"
                    " add parts.",
                    order=order.display_name,
                )
            )
        if not (product.active and product.sale_ok):
            raise UserError(
                self.env._(
                    "%(part)s is not sold. Tick “Sales” on the product, or choose"
                    " another part.",
                    part=product.display_name,
                )
            )
        number = isinstance(quantity, int | float) and not isinstance(quantity, bool)
        if not number or not math.isfinite(quantity) or quantity <= 0:
            raise UserError(self.env._("The quantity has to be above zero."))

    @api.model
    def _get_summary(self, order):
        """Return what the screen shows of a quotation; see ``parts_add_part``."""
        lines = order.order_line.filtered("product_id")
        quantities = {}
        for line in lines:
            product = line.product_id
            quantity = line.product_uom_id._compute_quantity(
                line.product_uom_qty, product.uom_id, raise_if_failure=False
            )
            quantities[product.id] = quantities.get(product.id, 0.0) + quantity
        return {
            "id": order.id,
            "name": order.name,
            "date": fields.Date.to_string(
                fields.Datetime.context_timestamp(order, order.date_order)
            ),
            "line_count": len(lines),
            "amount_total": order.amount_total,
            "currency_id": order.currency_id.id,
            "quantities": quantities,
        }
