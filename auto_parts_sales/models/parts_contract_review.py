from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools.misc import clean_context


class PartsContractReview(models.Model):
    """A review that was held: who looked at what, with which reasons (CON-3).

    The review sheet prints it. Written by the engine alone; an order or a contract
    that deviates in nothing has its review recorded, too, as automatic.
    """

    _name = "parts.contract.review"
    _description = "Review of a Contract"
    _order = "id desc"

    contract_id = fields.Many2one(
        comodel_name="parts.contract",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    version_id = fields.Many2one(
        comodel_name="parts.contract.version",
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
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, index=True
    )
    name = fields.Char(string="Reviewed", readonly=True, translate=True)
    date = fields.Datetime(default=fields.Datetime.now, readonly=True)
    automatic = fields.Boolean(
        help="Nothing deviated: nobody had to look at it.", readonly=True
    )
    summary = fields.Text(string="What Deviated", readonly=True, translate=True)
    fingerprint = fields.Char(readonly=True)
    line_ids = fields.One2many(
        comodel_name="parts.contract.review.line",
        inverse_name="review_id",
        string="Functions",
        readonly=True,
    )

    @api.depends("name", "date")
    def _compute_display_name(self):
        for review in self:
            review.display_name = review.name or review.contract_id.display_name

    # === BUSINESS METHODS === #

    @api.model
    def _as_engine(self):
        """Return this model as superuser, without the caller's default values."""
        return self.with_env(self.env(su=True, context=clean_context(self.env.context)))

    @api.model
    def _of_version(self, version):
        """Return the review that approved ``version``; may be empty."""
        return self.sudo().search(
            [("version_id", "=", version.id), ("order_id", "=", False)], limit=1
        )

    @api.model
    def _record_contract(self, version, blocks, approvals):
        """Write down that ``version`` was reviewed, as superuser.

        :param list[dict] blocks: what the gate found
        :param approvals: the requests that answered it
        """
        deviation = self.env["parts.contract.deviation"]

        def texts(review):
            env = review.env
            asked = approvals.with_env(env).sorted("id").mapped("message")
            return {
                "name": version.with_env(env).display_name,
                "summary": "\n".join(asked)
                or env._("Nothing deviates: reviewed automatically."),
            }

        return self._record(
            {
                "contract_id": version.contract_id.id,
                "version_id": version.id,
                "automatic": not blocks,
                "fingerprint": deviation._fingerprint(version),
                "line_ids": self._prepare_lines(approvals),
            },
            texts,
        )

    @api.model
    def _record(self, vals, texts):
        """Return a new review, with its texts in every language: who reads it may not
        have the one of who decided.

        :param texts: returns the values of the texts, in the language of the model
        """
        source = self._as_engine().with_context(lang="en_US")
        review = source.create({**vals, **texts(source)})
        for code, _name in self.env["res.lang"].get_installed():
            if code != "en_US":
                translated = review.with_context(lang=code)
                translated.write(texts(translated))
        return review.with_env(self.env)

    @api.model
    def _record_orders(self, orders):
        """Write down, as superuser, that ``orders`` lie inside their contracts."""
        for order in orders:
            version = order.parts_contract_id.current_version_id

            def texts(review, order=order, version=version):
                env = review.env
                return {
                    "name": order.name,
                    "summary": env._(
                        "The order lies inside %s: reviewed automatically.",
                        version.with_env(env).display_name,
                    ),
                }

            self._record(
                {
                    "contract_id": order.parts_contract_id.id,
                    "version_id": version.id,
                    "order_id": order.id,
                    "automatic": True,
                },
                texts,
            )

    @api.model
    def _prepare_lines(self, approvals):
        return [
            Command.create(
                {
                    "function": step.group_id.name or step._deciders_name(),
                    "user_id": decision.user_id.id,
                    "date": decision.create_date,
                    "verdict": decision.verdict,
                    "reason": decision.comment,
                }
            )
            for approval in approvals
            for decision in approval.decision_ids
            for step in decision.step_id
        ]

    def _rows(self):
        """Return the rows of the review sheet: ``function``, ``user`` (name), ``date``
        (datetime), ``verdict`` (text) and ``reason``.

        :rtype: list[dict]
        """
        self.ensure_one()
        verdicts = dict(
            self.line_ids._fields["verdict"]._description_selection(self.env)
        )
        return [
            {
                "function": line.function,
                "user": line.user_id.name,
                "date": line.date,
                "verdict": verdicts.get(line.verdict, ""),
                "reason": line.reason or "",
            }
            for line in self.sudo().line_ids
        ]
