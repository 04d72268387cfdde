from odoo import api, models

from .parts_price_band import COST_READERS

# Fields of Odoo's that tell what a part costs
OF_PRODUCTS = {"standard_price", "avg_cost", "total_value"}
OF_MOVES = {"standard_price", "value", "remaining_value", "value_manual"}
# Whose work goes by cost, besides those who see margins
WORKERS = ",".join(
    (
        "account.group_account_invoice",
        "account.group_account_readonly",
        "auto_parts_sales.group_parts_supply_chain",
        "base.group_system",
        "product.group_product_manager",
        "purchase.group_purchase_user",
        "stock.group_stock_user",
    )
)


class PartsPriceCost(models.AbstractModel):
    """Cost is for those who work with it, where prices are under authority (QUO-4).

    Odoo shows the cost of a product to every employee. Where it decides about whose
    turn it is, who sells reads it no more: not in a form, nor by export, search or RPC.
    """

    _name = "parts.price.cost"
    _description = "Who Reads Cost"

    @api.model
    def _is_hidden(self):
        """Return whether cost is hidden from the present user."""
        if self.env.su:
            return False
        controlled = self.env["res.company"]._parts_controlled_ids("price")
        if not controlled:
            return False
        user = self.env.user
        if controlled.isdisjoint(user._get_company_ids()):
            return False
        return not user.has_groups(f"{COST_READERS},{WORKERS}")

    @api.model
    def _strip(self, arch):
        """Take what tells cost out of the view ``arch`` of a product."""
        if not self._is_hidden():
            return arch
        for name in OF_PRODUCTS:
            for node in arch.xpath(
                "//field[@name=$name] | //label[@for=$name] | //*[@name=$unit]",
                name=name,
                unit=f"{name}_uom",
            ):
                node.getparent().remove(node)
            for node in arch.xpath("//*[contains(@context, $name)]", name=name):
                node.set("context", node.get("context").replace(name, "False"))
        return arch
