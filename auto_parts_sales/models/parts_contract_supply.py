from odoo import api, fields, models
from odoo.tools import format_date


class PartsContractSupply(models.AbstractModel):
    """Whether stock and purchasing meet the delivery dates of a contract (CON-3)."""

    _name = "parts.contract.supply"
    _description = "Supply of a Contract"

    @api.model
    def _late(self, version):
        """Return the parts that come too late, as superuser: of each its name, and what
        is not there in time.
        """
        today = fields.Date.context_today(self)
        late = {}
        wanted = {}
        for line in version.line_ids.sorted(lambda one: (str(one.date_delivery or ""))):
            product = line.product_id
            if not line.date_delivery or product.type != "consu":
                continue
            quantity = line.quantity
            if line.product_uom_id:
                quantity = line.product_uom_id._compute_quantity(
                    quantity, product.uom_id, raise_if_failure=False
                )
            wanted[product] = wanted.get(product, 0.0) + quantity
            if line.date_delivery < today or not self._is_met(
                version.company_id, product, wanted[product], line.date_delivery, today
            ):
                late.setdefault(product, (wanted[product], line.date_delivery))
        number = self.env["parts.contract.placeholder"]._number
        return [
            self.env._(
                "%(part)s (%(quantity)s %(unit)s by %(date)s)",
                part=product.display_name,
                quantity=number(quantity),
                unit=product.uom_id.name,
                date=format_date(self.env, date),
            )
            for product, (quantity, date) in late.items()
        ]

    @api.model
    def _is_met(self, company, product, quantity, date, today):
        """Return whether ``quantity`` is on hand, or on its way, by ``date``, or can be
        bought by then.
        """
        product = product.with_company(company).with_context(
            to_date=fields.Datetime.to_datetime(date),
            allowed_company_ids=company.ids,
        )
        if not product.is_storable:
            return True
        if product.uom_id.compare(product.virtual_available, quantity) >= 0:
            return True
        sellers = product.seller_ids.filtered(
            lambda seller: not seller.company_id or seller.company_id == company
        )
        if not sellers:
            return False
        return fields.Date.add(today, days=min(sellers.mapped("delay"))) <= date
