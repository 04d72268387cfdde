from odoo import api, models
from odoo.tools.misc import format_date, formatLang

# Terms that are compared one by one
TERMS = (
    "date_start",
    "date_end",
    "amount_total",
    "payment_term_id",
    "pricelist_id",
    "credit_amount",
)


class PartsContractCompare(models.AbstractModel):
    """What an amendment changes against the version that rules (CON-5)."""

    _name = "parts.contract.compare"
    _description = "Comparison of Versions"

    @api.model
    def _rows(self, before, after):
        """Return what differs, in reading order.

        :return: rows with ``what``, ``before`` and ``after`` (texts, empty: none)
        :rtype: list[dict]
        """
        return [
            *self._term_rows(before, after),
            *self._line_rows(before, after),
            *self._plan_rows(before, after),
            *self._clause_rows(before, after),
        ]

    @api.model
    def _term_rows(self, before, after):
        rows = []
        for name in TERMS:
            if before[name] != after[name]:
                rows.append(
                    self._row(
                        after._fields[name]._description_string(self.env),
                        self._text(before, name),
                        self._text(after, name),
                    )
                )
        return rows

    @api.model
    def _row(self, what, before, after):
        return {"what": what, "before": before, "after": after}

    @api.model
    def _text(self, version, name):
        value, field = version[name], version._fields[name]
        if field.type == "monetary":
            return formatLang(self.env, value, currency_obj=version.currency_id)
        if field.type == "date":
            return format_date(self.env, value) if value else ""
        return value.display_name or ""

    @api.model
    def _line_rows(self, before, after):
        then, now = self._lines(before), self._lines(after)
        rows = []
        for key in [*then, *(key for key in now if key not in then)]:
            if then.get(key) != now.get(key):
                rows.append(self._row(key[1], then.get(key, ""), now.get(key, "")))
        return rows

    @api.model
    def _lines(self, version):
        """Return ``{(key, name): text}`` of the lines; equal parts are numbered."""
        lines, seen = {}, {}
        for line in version.line_ids.sorted("sequence"):
            what = line.product_id or line.categ_id
            key = (what._name, what.id) if what else ("", line.name)
            seen[key] = seen.get(key, 0) + 1
            name = what.display_name or line.name or ""
            price = formatLang(
                self.env, line.price_unit, currency_obj=version.currency_id
            )
            text = f"{line.quantity:g} × {price}"
            if line.discount:
                text = f"{text} − {line.discount:g} %"
            if line.date_delivery:
                text = f"{text}, {format_date(self.env, line.date_delivery)}"
            lines[(*key, seen[key]), name] = text
        return lines

    @api.model
    def _plan_rows(self, before, after):
        then, now = self._plan(before), self._plan(after)
        if then == now:
            return []
        return [self._row(self.env._("Payment plan"), "; ".join(then), "; ".join(now))]

    @api.model
    def _plan(self, version):
        events = dict(
            version.instalment_ids._fields["event"]._description_selection(self.env)
        )
        texts = []
        for row in version.instalment_ids:
            much = (
                f"{row.percent:g} %"
                if row.value == "percent"
                else formatLang(self.env, row.amount, currency_obj=row.currency_id)
            )
            when = (
                format_date(self.env, row.date)
                if row.event == "date" and row.date
                else events[row.event]
            )
            days = f" + {row.days}" if row.days else ""
            texts.append(f"{much} {when}{days}")
        return texts

    @api.model
    def _clause_rows(self, before, after):
        """Return the clauses that differ; the file of clauses extends it."""
        if "clause_ids" not in after._fields:
            return []
        then = {self._clause_key(one): one for one in before.clause_ids}
        now = {self._clause_key(one): one for one in after.clause_ids}
        rows = []
        for key in [*then, *(key for key in now if key not in then)]:
            old = self._clause_text(then.get(key))
            new = self._clause_text(now.get(key))
            if old != new:
                clause = now.get(key) or then[key]
                rows.append(self._row(clause.display_name, old, new))
        return rows

    @api.model
    def _clause_key(self, clause):
        return clause.template_clause_id.id or clause.display_name

    @api.model
    def _clause_text(self, clause):
        if not clause:
            return ""
        names = [name for name in ("body_zh", "body_en", "body") if name in clause]
        texts = [str(clause[name] or "") for name in names]
        return " ".join(filter(None, texts))
