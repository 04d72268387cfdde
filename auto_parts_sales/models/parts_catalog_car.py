from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..utils.car_facts import ends, read_facts
from ..utils.chassis import shift_serial
from ..utils.fit import NONE_OF_THESE, merge_facts


class PartsCatalogCar(models.AbstractModel):
    """What is known of one car beside its vehicle of the catalogue: facts, as
    ``utils.fit`` has them, read from what clients send and told to people."""

    _name = "parts.catalog.car"
    _description = "Facts of a Car"

    @api.model
    def _read(self, facts):
        """Return the facts that a client sent, as ``utils.fit`` has them.

        :raises UserError: if they cannot be understood
        """
        try:
            return read_facts(facts)
        except ValueError as error:
            name, value = error.args
            labels = {
                "year": self.env._("the model year"),
                "engine_code": self.env._("the engine code"),
                "not_engine_code": self.env._("the engine code"),
                "built": self.env._("the month of production"),
                "chassis": self.env._("the chassis number"),
            }
            told = labels.get(name, name)
            raise UserError(
                self.env._(
                    "“%(value)s” is not understood as %(fact)s. Write it like 2016,"
                    " 2016-05, CZCA or the end of the VIN.",
                    value=value,
                    fact=told,
                )
            ) from error

    @api.model
    def _get_facts(self, vehicle, own, facts):
        """Return what is known of a car: of the customer's own one, and as told.

        :param own: parts.customer.vehicle, maybe none; counts only if it is
            ``vehicle``
        """
        facts = self._read(facts)
        own = own.exists()
        if own:
            own.check_access("read")
        if own and own.vehicle_id == vehicle:
            facts = merge_facts(
                {**own._get_vin_facts(own.vin), **own._get_facts()}, facts
            )
        return facts

    @api.model
    def _get_option_facts(self, detail, vehicle):
        """Return for each option of a question what it says of the car.

        Unlike the one value that stands for a section when a single part is asked,
        this holds for every part: a section is a pair of its ends.

        :param dict detail: of :meth:`_get_fit_details`
        :return: list of facts as JSON, see ``utils.fit``; as many as options
        """
        kind = detail["question_kind"]
        values = [option["value"] for option in detail["options"]]
        if kind == "condition":
            subject = detail["question_subject"]
            return [{"conditions": {subject: value == "yes"}} for value in values]
        if kind == "engine_code":
            codes = ", ".join(value for value in values if value != NONE_OF_THESE)
            return [
                {"not_engine_code": codes}
                if value == NONE_OF_THESE
                else {"engine_code": value}
                for value in values
            ]
        before = {
            "year": lambda value: int(value) - 1,
            "built": lambda value: fields.Date.to_string(
                fields.Date.to_date(value) - relativedelta(months=1)
            ),
            "chassis": lambda value: shift_serial(value, -1),
        }.get(kind)
        firsts = [None, *values[1:]]
        lasts = [*map(before, values[1:]), None] if before else []
        if kind == "year":
            firsts = [vehicle.year_from or None, *map(int, values[1:])]
            lasts = [*lasts[:-1], vehicle.year_to or None]
        return [{kind: list(pair)} for pair in zip(firsts, lasts, strict=False)]

    @api.model
    def _tell_facts(self, facts):
        """Return facts for people: dict of what each is about to a text.

        :param dict facts: see ``utils.fit``
        """
        _ = self.env._
        told = {}
        for name, value in facts.items():
            first, last = ends(value, None, None)
            if name == "year":
                years = self.env["parts.catalog.vehicle"]._format_years(first, last)
                told[name] = _("model year %(years)s", years=years)
            elif name == "built":
                months = self.env["parts.catalog.fitment"]._format_months(first, last)
                months = months if first != last else first.strftime("%Y-%m")
                told[name] = _("built %(months)s", months=months)
            elif name == "chassis":
                serials = f"{first or ''}–{last or ''}" if first != last else first
                told[name] = _("chassis %(serials)s", serials=serials)
            elif name == "engine_code":
                told[name] = _("engine %(codes)s", codes=value)
            elif name == "not_engine_code":
                told[name] = _("engine other than %(codes)s", codes=value)
            else:
                for text, holds in value.items():
                    told[text] = f"{text}: {_('yes') if holds else _('no')}"
        return told
