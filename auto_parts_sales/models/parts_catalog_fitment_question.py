from collections import Counter

from odoo import api, models
from odoo.exceptions import UserError

from ..utils.fit import NONE_OF_THESE, find_question
from ..utils.vehicle_name import name_key
from ..utils.year_range import read_year_range

_YES = {"yes", "y", "1", "true", "是", "有", "对", "ok", "ja", "oui", "si"}
_NO = {"no", "n", "0", "false", "否", "无", "没有", "不是", "不", "nein", "non"}


class PartsCatalogFitmentQuestion(models.Model):
    """The question that decides best what *depends*, and what an answer to it means."""

    _inherit = "parts.catalog.fitment"

    @api.model
    def _add_questions(self, judged, vehicle, facts):
        asked = Counter(
            kind
            for _fit, _text, rows in judged.values()
            for kind in {criterion.kind for row in rows for criterion in row}
        )
        details = {}
        for id_, (fit, text, rows) in judged.items():
            details[id_] = self._prepare_detail(fit, text)
            elsewhere = {kind for kind, count in asked.items() if count > 1}
            if question := find_question(rows, facts, elsewhere):
                details[id_].update(
                    question=self._format_question(question),
                    question_kind=question.kind,
                    question_subject=question.subject,
                    options=self._format_options(question, vehicle),
                )
        return details

    @api.model
    def _format_question(self, question):
        if question.kind == "condition":
            return self.env._("Does this hold: %(text)s?", text=question.subject)
        return {
            "year": self.env._("Of which model year is it?"),
            "engine_code": self.env._("Which engine code does it have?"),
            "built": self.env._("In which month was it built?"),
            "chassis": self.env._("Which chassis number does it have?"),
        }[question.kind]

    @api.model
    def _format_options(self, question, vehicle):
        """Return the answers to offer: value for programs, label for people."""
        values = [value for value, _facts in question.options]
        labels = dict.fromkeys(values)
        if question.kind == "year":
            years = list(map(int, values))
            ends = [*(year - 1 for year in years[1:]), vehicle.year_to]
            starts = [vehicle.year_from, *years[1:]]
            for value, start, end in zip(values, starts, ends, strict=True):
                labels[value] = vehicle._format_years(start, end)
        elif question.kind == "condition":
            labels = {"yes": self.env._("Yes"), "no": self.env._("No")}
        elif question.kind == "engine_code":
            labels = {value: value for value in values}
            labels[NONE_OF_THESE] = self.env._("None of these")
        else:
            labels = self._format_sections(question.kind, values)
        return [{"value": value, "label": labels[value]} for value in values]

    @api.model
    def _format_sections(self, kind, values):
        """Return the labels of sections of months or chassis numbers."""
        shown = [value[:7] if kind == "built" else value for value in values]
        labels = {}
        for index, (value, text) in enumerate(zip(values, shown, strict=True)):
            if index == 0 and len(values) > 1:
                labels[value] = self.env._("before %(next)s", next=shown[1])
            elif index == len(values) - 1:
                labels[value] = self.env._("from %(first)s", first=text)
            else:
                labels[value] = self.env._(
                    "from %(first)s, before %(next)s",
                    first=text,
                    next=shown[index + 1],
                )
        return labels

    @api.model
    def _read_answer(self, detail, answer):
        """Return the facts that an answer to a question stands for.

        :param dict detail: of :meth:`_get_fit_details`, with its question
        :param str answer: value or label of an option, or words of one's own
        :raises UserError: if the answer cannot be understood
        """
        kind = detail["question_kind"]
        text = (answer or "").strip()
        by_name = {}
        for option in detail["options"]:
            by_name.setdefault(option["label"].casefold(), option["value"])
            by_name[option["value"].casefold()] = option["value"]
        value = by_name.get(text.casefold(), text)
        years = read_year_range(value)
        known = None
        if kind == "condition":
            known = self._read_yes_no(value, detail["question_subject"])
        elif kind == "year" and years.year_from:
            known = {"year": years.year_from}
        elif kind == "built" and years.year_from and years.month_from:
            known = {"built": f"{years.year_from:04}-{years.month_from:02}-01"}
        elif kind in ("engine_code", "chassis") and (
            name_key(value) or value == NONE_OF_THESE
        ):
            known = {kind: value}
        if known is None:
            raise UserError(
                self.env._(
                    "“%(answer)s” does not answer “%(question)s” Choose: %(options)s.",
                    answer=text,
                    question=detail["question"],
                    options=", ".join(option["label"] for option in detail["options"]),
                )
            )
        return known

    @api.model
    def _read_yes_no(self, value, condition):
        said = value.casefold()
        if said in _YES or said in _NO:
            return {"conditions": {condition: said in _YES}}
        return None
