from odoo import api, fields, models


class PartsPriceAuthor(models.Model):
    """Who gave an order line its price, where it is not who created the line.

    His band judges the line: not the order's salesperson, whom anybody can write, and
    not who happens to press the button. Written by the engine alone.
    """

    _name = "parts.price.author"
    _description = "Who Gave a Price"
    _rec_name = "user_id"

    line_id = fields.Many2one(
        comodel_name="sale.order.line", required=True, ondelete="cascade", index=True
    )
    user_id = fields.Many2one(comodel_name="res.users", required=True)

    _line_uniq = models.UniqueIndex("(line_id)")

    @api.model
    def _of(self, lines):
        """Return ``{id of the line: user}`` of stored order lines, in one query."""
        authors = {line.id: line.create_uid for line in lines}
        for row in self.sudo().search([("line_id", "in", lines.ids)]):
            authors[row.line_id.id] = row.user_id
        return authors

    @api.model
    def _note(self, lines):
        """Note that the present user gave ``lines`` their prices.

        A customer on the portal, the public and the system give none: who gave the
        price before stays.
        """
        user = self.env.user
        if not lines or not self._is_person(user):
            return
        rows = self.sudo()
        known = rows.search([("line_id", "in", lines.ids)])
        known.user_id = user
        rows.create(
            [
                {"line_id": line.id, "user_id": user.id}
                for line in lines - known.line_id
                if line.create_uid != user
            ]
        )

    @api.model
    def _is_person(self, user):
        """Return whether ``user`` is an employee, who can hold a band."""
        return bool(user) and user.active and not user.share
