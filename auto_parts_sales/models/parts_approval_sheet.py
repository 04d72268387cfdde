from odoo import api, fields, models


class PartsApproval(models.Model):
    """What a request shows to whom: figures then and now, the customer's history."""

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.approval"

    now_html = fields.Html(
        string="The Document Now",
        compute="_compute_now_html",
        compute_sudo=True,
        sanitize=False,
    )
    history_html = fields.Html(
        string="The Customer",
        compute="_compute_history_html",
        compute_sudo=True,
        sanitize=False,
    )

    # === COMPUTE METHODS === #

    @api.depends_context("uid", "lang")
    def _compute_now_html(self):
        for approval in self:
            values = approval._prepare_now()
            approval.now_html = self._render_part("now", values) if values else False

    @api.depends_context("uid", "lang")
    def _compute_history_html(self):
        for approval in self:
            values = approval._prepare_history()
            shown = any(values.values())
            approval.history_html = shown and self._render_part("history", values)

    def _render_part(self, part, values):
        template = f"auto_parts_sales.parts_approval_{part}"
        return self.env["ir.qweb"]._render(template, values)

    # === WHO MAY SEE === #

    def _is_decider(self, user):
        """Return whether ``user`` decides this request, now or later, or has decided.

        Who asked never does, whatever role he holds.
        """
        self.ensure_one()
        approval = self.sudo()
        if user == approval.requester_id:
            return False
        if user in approval.decision_ids.user_id:
            return True
        return user in approval._open_users(approval.step_ids)

    def _with_step_of(self, user):
        """Return those of these requests that ``user`` may decide now."""
        steps = self._steps_of(user)
        return self.filtered(lambda approval: steps[approval.id])

    def _figures_for_reader(self, figures):
        """Return the figures that the user may read, or None if the request's sentence
        is all that he shall see: he decides nothing and none of the groups is his.
        """
        self.ensure_one()
        user = self.env.user
        guarded = [figure for figure in figures if figure["group"]]
        if not guarded or self._is_decider(user):
            return figures
        hidden = [f for f in guarded if not user.has_group(f["group"])]
        if len(hidden) == len(guarded):
            return None
        return [figure for figure in figures if figure not in hidden]

    def _readable_figures(self):
        """Return the rows of the table of figures that the user may read."""
        self.ensure_one()
        rows = self.env["parts.approval.figure"].sudo(False)
        return rows.search([("approval_id", "=", self.id)])

    # === FIGURES === #

    @api.model
    def _prepare_figure_commands(self, document, block):
        """Return the commands that write the figures of ``block`` down."""
        rows = self.env["parts.approval.figure"].sudo()
        return [
            fields.Command.create(rows._prepare_figure_vals(figure, sequence))
            for sequence, figure in enumerate(document._parts_gate_figures(block))
        ]

    def _translate_texts(self, document, asked):
        """Write the document's name, what is asked and the texts of its figures in each
        installed language.

        :param document: the document, as who asks reads it
        :param dict asked: the block that the request is about
        """
        self.ensure_one()
        for code, _name in self.env["res.lang"].get_installed():
            if code == (self.env.lang or "en_US"):
                continue
            document = document.with_context(lang=code)
            blocks = document.sudo()._parts_gate_blocks(self.gate)
            same = [block for block in blocks if block["key"] == asked["key"]]
            if not same:
                continue
            translated = self.with_context(lang=code)
            translated.message = same[0]["message"]
            translated.document_name = same[0]["document"]
            figures = document.sudo()._parts_gate_figures(same[0])
            for row, figure in zip(translated.figure_ids, figures, strict=False):
                if row.value_type == "text" and row.name == figure["name"]:
                    row.value_char = figure["value"]

    def _rows(self, figures, then=None):
        """Return figures as rows to show: ``label``, ``value`` and ``changed``.

        :param then: the rows of the table of figures to compare with, if any
        """
        self.ensure_one()
        table = self.env["parts.approval.figure"]
        before = {row.name: row.value for row in then} if then is not None else {}
        rows = []
        for figure in figures:
            value = table._text_of(figure)
            rows.append(
                {
                    "label": table._label_of(self.res_model, figure["name"]),
                    "value": value,
                    "changed": before.get(figure["name"], value) != value,
                }
            )
        return rows

    def _block_now(self):
        """Return (document, block of this request as it is now or None)."""
        self.ensure_one()
        document = self._document()
        blocks = document._parts_gate_blocks(self.gate) if document else []
        same = (block for block in blocks if block["key"] == self.block_key)
        return document, next(same, None)

    def _is_open(self):
        """Return whether this request waits, or was granted and not used yet."""
        self.ensure_one()
        return self.state == "pending" or (
            self.state == "approved" and not self.spent_date
        )

    def _prepare_now(self):
        """Return the values of the template that shows the document as it is now."""
        self.ensure_one()
        if not self._is_open():
            return {}
        document, block = self._block_now()
        if not block:
            return {"gone": not document, "rows": []}
        figures = self._figures_for_reader(document._parts_gate_figures(block))
        if figures is None:
            return {}
        then = self.env["parts.approval.figure"].search([("approval_id", "=", self.id)])
        return {"gone": False, "rows": self._rows(figures, then)}

    def _prepare_history(self):
        """Return the values of the template that shows the customer's history."""
        self.ensure_one()
        document = self._document()
        history = document._parts_gate_history(self.kind) if document else []
        figures = self._figures_for_reader(history)
        if figures is None:
            return {}
        return {"rows": self._rows(figures), "approvals": self._other_approvals()}

    def _other_approvals(self):
        """Return the last decided requests of this customer that the user can read."""
        self.ensure_one()
        if not self.partner_id:
            return self.browse()
        return self.sudo(False).search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("approved", "refused")),
                ("id", "!=", self.id),
            ],
            order="decided_date desc, id desc",
            limit=5,
        )
