from odoo import api, fields, models
from odoo.tools import SQL

# Odoo works these out; written by somebody, they say what he likes
WORKED_OUT = {
    "sale.order": {"invoice_status", "delivery_status"},
    "sale.order.line": {
        "invoice_lines",
        "invoice_status",
        "qty_delivered",
        "qty_invoiced",
        "qty_to_invoice",
    },
}
# Changed later, these take a line out of what Odoo looks at
TAKEN_OUT = {"display_type", "is_downpayment"}


class PartsCreditSuspect(models.Model):
    """A confirmed order whose "fully invoiced" is not believed (CRD-3).

    Odoo keeps on each order whether it is fully invoiced and delivered. Credit leaves
    such orders unread, so that thousands of old ones cost nothing. That word can be
    written over RPC, and it believes an invoice of another customer that is linked to
    the order's lines. Orders where that may have happened are noted here and counted
    from the facts every time. A nightly job looks at all orders, notes what was missed
    (written by SQL, or while the control was off) and forgets who is innocent. Written
    by the engine alone.
    """

    _name = "parts.credit.suspect"
    _description = "Order Counted from the Facts"
    _log_access = False

    order_id = fields.Many2one(
        comodel_name="sale.order", required=True, ondelete="cascade"
    )

    _order_uniq = models.UniqueIndex("(order_id)")

    @api.model
    def _note(self, orders):
        """Have these orders counted from the facts from now on; those of companies
        without credit control are left to the nightly job.
        """
        controlled = self.env["res.company"]._parts_controlled_ids("credit")
        ids = tuple(
            order.id
            for order in orders.sudo()._origin
            if controlled and order.company_id.id in controlled
        )
        if not ids:
            return
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO parts_credit_suspect (order_id)
                SELECT id FROM sale_order WHERE id IN %s
                ON CONFLICT (order_id) DO NOTHING
                """,
                ids,
            )
        )

    @api.model
    def _note_written(self, records, names):
        """Note the orders of ``records`` (orders or lines) if one of the fields
        ``names`` is for Odoo to work out.
        """
        if (WORKED_OUT[records._name] | TAKEN_OUT).isdisjoint(names):
            return
        orders = records if records._name == "sale.order" else records.order_id
        self._note(orders)

    @api.model
    def _note_created(self, records, vals_list):
        """The same for records just created; defaults of the context count."""
        names = set().union(*vals_list)
        names.update(
            name.removeprefix("default_")
            for name in self.env.context
            if name.startswith("default_")
        )
        self._note_written(records, names - TAKEN_OUT)

    @api.model
    def _note_links(self, lines):
        """Note the orders of ``lines`` that an invoice of somebody else, or one that is
        linked elsewhere, makes look invoiced.
        """
        suspects = self.env["sale.order"]
        for line in lines.sudo().filtered("invoice_lines"):
            order = line.order_id
            if not isinstance(order.id, int):
                continue
            own = order.partner_invoice_id | order.partner_id
            moves = line.invoice_lines.move_id
            if (
                moves.partner_id.commercial_partner_id - own.commercial_partner_id
                or moves.company_id - order.company_id
                or any(len(item.sale_line_ids) > 1 for item in line.invoice_lines)
            ):
                suspects |= order
        self._note(suspects)

    # === REVIEW === #

    @api.model
    def _cron_review(self):
        """Compare, in each company with credit control, the word of Odoo with the
        facts.
        """
        companies = self.env["res.company"].search(
            [("parts_credit_control", "=", True)]
        )
        self.env["ir.cron"]._commit_progress(remaining=len(companies))
        for company in companies:
            self._review(company)
            self.env["ir.cron"]._commit_progress(1)

    @api.model
    def _review(self, company, size=5000):
        """Note the orders of ``company`` that claim something though they pass for
        invoiced, and forget those that do not.
        """
        claim = self.env["parts.credit.claim"]
        last = 0
        while orders := self.env["sale.order"].search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "sale"),
                ("invoice_status", "=", "invoiced"),
                ("id", ">", last),
            ],
            order="id",
            limit=size,
        ):
            last = orders[-1].id
            claims = claim._of(company, orders=orders)
            open_ones = orders.filtered(
                lambda order, claims=claims: claims.get(order.id, {}).get("claim")
            )
            self._note(open_ones)
            self.search([("order_id", "in", (orders - open_ones).ids)]).unlink()
            self.env.invalidate_all()
