import json

from odoo import api, models
from odoo.exceptions import UserError

from ..utils.car_facts import write_facts
from ..utils.fit import merge_facts
from ..utils.vin import is_vin, read_vin


class PartsQuotationVehicle(models.AbstractModel):
    """The car that an order is for: taken up by VIN or plate, and asked for fit.

    Answers to a question of fit stand on the line in ``parts_fit_answers``: a dict of
    ``vehicle`` (id for which they were given), ``facts`` (see ``utils.fit``, dates as
    text) and ``told`` (for people). What was answered when the order was confirmed
    stands in ``parts_fit_kept``.
    """

    _name = "parts.quotation.vehicle"
    _description = "Vehicle of a Quotation"

    # === VIN AND PLATE === #

    @api.model
    def _describe_vin(self, vin):
        """Return what a VIN tells and what is wrong with it: two texts, or False."""
        if not vin:
            return False, False
        read = self.env["parts.customer.vehicle"]._read_vin(vin)
        years = " / ".join(map(str, read["years"]))
        if years:
            years = self.env._("model year %(years)s", years=years)
        note = ", ".join(filter(None, [read["maker"], years]))
        return note or False, read["warning"]

    @api.model
    def _take_up_vin(self, order):
        """Tidy an order's VIN; bring up the customer's vehicle that it means.

        A vehicle that was chosen beside it stays.
        :param order: one sale.order, written in a form or by a program
        """
        values = self._get_taken_up(order)
        changed = {
            name: value
            for name, value in values.items()
            if order._fields[name].convert_to_write(order[name], order) != value
        }
        if changed:
            order.write(changed)

    @api.model
    def _take_up_typed(self, order):
        """Do the same while typing.

        :return: what an onchange returns: a notice of what was changed, or None
        """
        typed = order.parts_vin
        values = self._get_taken_up(order)
        order.update(values)
        own = order.parts_customer_vehicle_id
        if own and not order.partner_id:
            order.partner_id = own.sudo().partner_id
        read = self.env["parts.customer.vehicle"]._read_vin(typed)
        if read["changed"]:
            return {
                "warning": {
                    "type": "notification",
                    "title": values["parts_vin"] or read["vin"],
                    "message": read["changed"],
                }
            }
        return None

    @api.model
    def _get_taken_up(self, order):
        """Return VIN, customer's vehicle and vehicle for what stands in the box."""
        typed = order.parts_vin
        vin = read_vin(typed).vin
        vehicle = order.parts_vehicle_id
        own = order.parts_customer_vehicle_id.sudo()
        if own and own.vin == vin:
            return {"parts_vin": vin or False}
        found = self.env["parts.customer.vehicle"].sudo()
        found = found._find(typed, order.partner_id, order.company_id)
        # the customer's vehicle first: what follows is not filled in from it again
        values = {
            "parts_customer_vehicle_id": found.id,
            "parts_vehicle_id": vehicle.id,
            "parts_vin": vin or False,
        }
        if own and own.vehicle_id == vehicle:
            # what the other car was says nothing about this one
            values["parts_vehicle_id"] = False
        if found:
            vin = found.vin if found.vin or not is_vin(vin) else vin
            values["parts_vin"] = vin or False
            values["parts_vehicle_id"] = values["parts_vehicle_id"] or (
                found.vehicle_id.id
            )
        return values

    @api.model
    def _keep(self, order):
        """Make the customer's vehicle of what stands on an order."""
        if not order.partner_id or not (order.parts_vin or order.parts_vehicle_id):
            raise UserError(
                self.env._(
                    "There is nothing to keep: choose the customer and write the VIN"
                    " or choose the vehicle first."
                )
            )
        order.parts_customer_vehicle_id = self.env["parts.customer.vehicle"].create(
            {
                "partner_id": order.partner_id.id,
                "company_id": order.partner_id.company_id.id,
                "vin": order.parts_vin,
                "vehicle_id": order.parts_vehicle_id.id,
            }
        )

    # === FIT OF LINES === #

    @api.model
    def _get_fit_details(self, lines, anew=False):
        """Return the fit of order lines for their vehicles.

        What a confirmed order was told stays, as long as part, vehicle and answers
        are the same.
        :param bool anew: whatever was told
        :return: dict of line to a dict, see ``parts.catalog.fitment``
        """
        details, groups = {}, {}
        nothing = self.env["parts.catalog.fitment"]._prepare_detail(False)
        for line in lines:
            if not line.parts_vehicle_id:
                details[line] = nothing
                continue
            if not anew and (kept := self._get_kept(line)):
                details[line] = kept
                continue
            facts = self._get_facts(line)
            key = (line.parts_vehicle_id.id, json.dumps(facts, sort_keys=True))
            groups.setdefault(key, (facts, []))[1].append(line)
        for facts, members in groups.values():
            group = lines.browse().concat(*members)
            found = self.env["parts.catalog.fitment"]._get_fit_details(
                group.product_id.product_tmpl_id, group.parts_vehicle_id, facts
            )
            for line in group:
                template = line.product_id.product_tmpl_id
                details[line] = found.get(template.id, nothing)
        return details

    @api.model
    def _get_kept(self, line):
        kept = line.parts_fit_kept
        same = (
            kept
            and line.order_id.state == "sale"
            and kept["part"] == line.product_id.id
            and kept["vehicle"] == line.parts_vehicle_id.id
            and kept["answers"] == (line.parts_fit_answers or None)
        )
        return kept["detail"] if same else None

    @api.model
    def _keep_fit(self, lines):
        """Keep with each line of a confirmed order what it was told about the fit."""
        lines = lines.filtered(lambda line: line.parts_vehicle_id and line.product_id)
        for line, detail in self._get_fit_details(lines, anew=True).items():
            line.parts_fit_kept = {
                "part": line.product_id.id,
                "vehicle": line.parts_vehicle_id.id,
                "answers": line.parts_fit_answers or None,
                "detail": detail,
            }

    @api.model
    def _get_facts(self, line, answered=True):
        """Return what is known of a line's car: of the customer's, by VIN, by answers.

        :return: facts, see ``utils.fit``, dates as text
        """
        order = line.order_id
        vehicle = line.parts_vehicle_id
        facts = {}
        if vehicle and vehicle == order.parts_vehicle_id:
            own = order.parts_customer_vehicle_id.sudo()
            facts = own.browse()._get_vin_facts(order.parts_vin)
            if own and own.vehicle_id in (vehicle, vehicle.browse()):
                facts = {**facts, **own._get_facts()}
        given = line.parts_fit_answers or {}
        if answered and given.get("vehicle") == vehicle.id:
            facts = merge_facts(facts, given["facts"])
        return write_facts(facts)

    @api.model
    def _answer(self, line, answer):
        """Return the line's answers with one more: to the question that is open.

        If none is open, to the one that was asked first.
        :raises UserError: if nothing is asked, or the answer cannot be understood
        """
        fitments = self.env["parts.catalog.fitment"]
        template, vehicle = line.product_id.product_tmpl_id, line.parts_vehicle_id
        given = line.parts_fit_answers or {}
        if given.get("vehicle") != vehicle.id:
            given = {}
        for answered in (True, False):
            facts = self._get_facts(line, answered)
            details = fitments._get_fit_details(template, vehicle, facts)
            detail = details.get(template.id) or {}
            if detail.get("question"):
                break
        else:
            raise UserError(self.env._("Nothing is asked about the fit of this part."))
        known = fitments._read_answer(detail, answer)
        merged = merge_facts(given.get("facts", {}), known)
        told = {**given.get("told", {}), **self._tell(detail, known)}
        return {"vehicle": vehicle.id, "facts": merged, "told": told}

    @api.model
    def _note_facts(self, line, facts):
        """Keep with a line what was said of the car, where its fit depends on it.

        :param dict facts: see ``utils.fit``
        """
        vehicle = line.parts_vehicle_id
        if not vehicle or line.parts_fit != "depends":
            return
        given = line.parts_fit_answers or {}
        if given.get("vehicle") != vehicle.id:
            given = {}
        told = self.env["parts.catalog.car"]._tell_facts(facts)
        line.parts_fit_answers = {
            "vehicle": vehicle.id,
            "facts": write_facts(merge_facts(given.get("facts", {}), facts)),
            "told": {**given.get("told", {}), **told},
        }

    @api.model
    def _tell(self, detail, known):
        """Return what was answered, for people: dict of what was asked to a text."""
        kind = detail["question_kind"]
        if kind == "condition":
            [(text, holds)] = known["conditions"].items()
            said = self.env._("yes") if holds else self.env._("no")
            return {text: f"{text}: {said}"}
        labels = {option["value"]: option["label"] for option in detail["options"]}
        value = known[kind]
        said = labels.get(str(value), value)
        return {
            kind: {
                "year": self.env._("model year %(years)s", years=said),
                "engine_code": self.env._("engine %(codes)s", codes=said),
                "built": self.env._("built %(months)s", months=said),
                "chassis": self.env._("chassis %(serials)s", serials=said),
            }[kind]
        }

    @api.model
    def _format_hint(self, detail):
        """Return the question with the answers that it offers, or False."""
        if not detail["question"]:
            return False
        labels = " / ".join(option["label"] for option in detail["options"])
        return f"{detail['question']} {labels}"

    @api.model
    def _format_answers(self, line):
        """Return what was answered for the line's present vehicle, or False."""
        given = line.parts_fit_answers or {}
        if not given or given.get("vehicle") != line.parts_vehicle_id.id:
            return False
        return "; ".join(given.get("told", {}).values()) or False
