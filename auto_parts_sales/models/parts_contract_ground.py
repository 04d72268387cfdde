from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools.misc import format_date


class PartsContractGround(models.Model):
    """On which ground goods left: a contract in force, or money received (ORD-3).

    Written by the engine when a transfer passes the gate ``ship`` in a company with
    contract control; one row for each order behind it. Read by whoever can read the
    transfer.
    """

    _name = "parts.contract.ground"
    _description = "Ground of a Release"
    _inherit = ["parts.approval.readable.mixin"]
    _order = "id"

    picking_id = fields.Many2one(
        comodel_name="stock.picking",
        string="Transfer",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    order_id = fields.Many2one(
        comodel_name="sale.order",
        string="Order",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    company_id = fields.Many2one(related="picking_id.company_id", store=True)
    ground = fields.Selection(
        selection=[
            ("contract", "Contract in Force"),
            ("money", "Money Received"),
            ("none", "No Contract Needed"),
        ],
        required=True,
        readonly=True,
    )
    contract_id = fields.Many2one(
        comodel_name="parts.contract",
        index="btree_not_null",
        ondelete="restrict",
        readonly=True,
    )
    version_id = fields.Many2one(
        comodel_name="parts.contract.version", ondelete="restrict", readonly=True
    )
    date_from = fields.Date(string="In Force since", readonly=True)
    date_until = fields.Date(string="In Force until", readonly=True)
    date = fields.Datetime(
        string="Released on", required=True, default=fields.Datetime.now, readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users", string="Released by", required=True, readonly=True
    )

    # === ACCESS === #

    def _readable_ids(self, env):
        pickings = env["stock.picking"].browse(self.picking_id.ids)
        readable = set(pickings._filtered_access("read").ids)
        return [row.id for row in self if row.picking_id.id in readable]

    def _make_read_error(self, forbidden):
        return AccessError(
            self.env._("You may not read this, as you may not read its transfer.")
        )

    # === BUSINESS METHODS === #

    @api.model
    def _of_order(self, order):
        """Return the ground on which goods of ``order`` leave today, as values of this
        model. Called as superuser.

        :rtype: dict
        """
        contract = order.parts_contract_id
        if contract.state in ("effective", "done"):
            version = contract.current_version_id
            return {
                "order_id": order.id,
                "ground": "contract",
                "contract_id": contract.id,
                "version_id": version.id,
                "date_from": contract.date_effective,
                "date_until": version.date_end,
            }
        paid = self.env["parts.contract.balance"]._is_paid(order)
        return {"order_id": order.id, "ground": "money" if paid else "none"}

    @api.model
    def _record(self, pickings):
        """Write down on which grounds ``pickings`` leave, as superuser; once for each
        ground.
        """
        engine = self.sudo().with_env(self.env(su=True, context={}))
        for picking in pickings.filtered("company_id.parts_contract_control"):
            known = engine.search([("picking_id", "=", picking.id)])
            for order in self.env["parts.delivery.leaving"]._orders(picking):
                vals = self._of_order(order)
                same = known.filtered(
                    lambda row, vals=vals: (
                        row.order_id.id == vals["order_id"]
                        and row.ground == vals["ground"]
                        and row.version_id.id == vals.get("version_id", False)
                    )
                )
                if not same:
                    engine.create(
                        {**vals, "picking_id": picking.id, "user_id": self.env.uid}
                    )

    @api.model
    def _sentences(self, picking):
        """Return on which grounds ``picking`` left or, if it has not, would leave now;
        a sentence for each order. Called as superuser.
        """
        rows = self.search([("picking_id", "=", picking.id)])
        values = [
            {
                "order": row.order_id,
                "ground": row.ground,
                "contract": row.contract_id,
                "from": row.date_from,
                "until": row.date_until,
            }
            for row in rows
        ]
        if not rows and picking.state not in ("done", "cancel"):
            for order in self.env["parts.delivery.leaving"]._orders(picking):
                vals = self._of_order(order)
                values.append(
                    {
                        "order": order,
                        "ground": vals["ground"],
                        "contract": order.parts_contract_id,
                        "from": vals.get("date_from"),
                        "until": vals.get("date_until"),
                    }
                )
        return [self._sentence(row) for row in values]

    @api.model
    def _sentence(self, row):
        if row["ground"] == "money":
            return self.env._("%s: paid in full", row["order"].name or "")
        if row["ground"] == "none":
            return self.env._("%s: no contract is needed", row["order"].name or "")
        text = self.env._(
            "%(order)s: contract %(contract)s, in force since %(date)s",
            order=row["order"].name or "",
            contract=row["contract"].name,
            date=format_date(self.env, row["from"]) if row["from"] else "",
        )
        if row["until"]:
            text = self.env._(
                "%(ground)s, until %(date)s",
                ground=text,
                date=format_date(self.env, row["until"]),
            )
        return text
