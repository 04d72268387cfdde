from typing import NamedTuple

from odoo import api, models

from odoo.addons.base.models.ir_actions_report import _wkhtml

from ..utils.text_width import text_width


class Room(NamedTuple):
    """How much fits on a page of A4, below the company's header: lines of the first
    page and of the others, characters in a line. A page that takes more runs on."""

    first: int
    others: int
    width: int


# wkhtmltopdf with its own Qt prints at 96 dots an inch; built with another, smaller
ROOM = Room(32, 40, 72)
ROOM_WITHOUT_PATCH = Room(47, 50, 104)
# a line of text is lower than a row's border and padding around it
ROW_HEIGHT = 0.5


class PartsCommissionStatementPaper(models.AbstractModel):
    """A statement on paper: pages that end with a subtotal and begin with it again."""

    _name = "report.auto_parts_sales.report_parts_commission_statement"
    _description = "Commission Statement on Paper"

    @api.model
    def _get_report_values(self, docids, data=None):
        statements = self.env["parts.commission.statement"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": statements._name,
            "docs": statements,
            "get_pages": self._get_pages,
            "get_signatures": self._get_signatures,
            "get_language": self._get_language,
        }

    @api.model
    def _get_language(self, statement):
        """Return the language of who gets the statement."""
        return statement.user_id.lang or self.env.lang or "en_US"

    @api.model
    def _get_pages(self, statement):
        """Return the pages: list of dict of `rows` and running totals.

        `before` and `after` are pairs (collected, commission) brought forward and
        carried forward.
        """
        room = ROOM if _wkhtml().is_patched_qt else ROOM_WITHOUT_PATCH
        pages, rows, used = [], [], 0.0
        for row in self._get_rows(statement):
            height = -(-text_width(row["sentence"]) // room.width) + ROW_HEIGHT
            if rows and used + height > (room.others if pages else room.first):
                pages.append(rows)
                rows, used = [], 0.0
            rows.append(row)
            used += height
        pages.append(rows)
        return self._add_totals(statement, pages)

    @api.model
    def _get_rows(self, statement):
        """Return what is printed: a collection and what lateness took are one row."""
        rows = {}
        for entry in statement.entry_ids.sorted(lambda entry: (entry.date, entry.id)):
            sentence = entry.description or ""
            paired = entry.kind in ("collection", "lateness") and entry.basis_id
            key = (entry.basis_id, entry.partial_ref, entry.date, sentence)
            row = rows.setdefault(
                key if paired else entry.id,
                {"date": entry.date, "sentence": sentence, "sums": (0.0, 0.0)},
            )
            collected, amount = row["sums"]
            row["sums"] = (collected + entry.collected, amount + entry.amount)
        return list(rows.values())

    @api.model
    def _add_totals(self, statement, pages):
        result, before = [], (0.0, 0.0)
        for rows in pages:
            sums = zip(before, *(row["sums"] for row in rows), strict=True)
            after = tuple(statement.currency_id.round(sum(x)) for x in sums)
            result.append({"rows": rows, "before": before, "after": after})
            before = after
        return result

    @api.model
    def _get_signatures(self, statement):
        """Return who decided: list of (label, name, moment), empty where nobody has."""
        # the language of who gets it, whoever prints it
        _ = statement.env._
        # As superuser: the names of who signed stand on the paper of its payee
        approvals = statement.sudo().parts_approval_ids
        approval = approvals.filtered(lambda x: x.state in ("pending", "approved"))
        steps = approval.sorted("id")[-1:].step_ids.sorted("sequence")
        drawn_up = statement.sudo().create_uid
        rows = [(_("Drawn up"), drawn_up.name, statement.create_date)]
        for step in steps:
            decision = step.decision_ids[-1:]
            rows.append(
                (
                    step._deciders_name(),
                    decision.user_id.name or "",
                    decision.create_date or False,
                )
            )
        return [*rows, (_("Received"), "", False)]
