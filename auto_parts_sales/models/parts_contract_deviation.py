import hashlib
import json

from odoo import api, fields, models

# Keys of the blocks at the gate ``effect``
REVIEW, CLAUSE, DECLARED, SIGNED = (
    "contract_review",
    "contract_clause",
    "contract_declaration",
    "contract_signature",
)
# A customer's first invoices tell whether he pays; of the whole, cents may be missing
INVOICES, WHOLE = 100, 99.0


class PartsContractDeviation(models.AbstractModel):
    """What of a contract has to be reviewed, and by whom (CON-3).

    A *deviation* is a dictionary: ``trigger`` (key of ``parts.contract.trigger``),
    ``sentence``, ``value`` (number by which it deviates; more hurts) and ``groups``
    (the functions that review it). Worked out as superuser from facts.
    """

    _name = "parts.contract.deviation"
    _description = "Deviations of a Contract"

    # === BLOCKS === #

    @api.model
    def _blocks(self, contracts):
        """Return what keeps ``contracts`` from coming into force, as superuser."""
        blocks = []
        for contract in contracts:
            version = contract.open_version_id
            if version.state in ("draft", "review"):
                blocks += self._review_blocks(contract, version)
            elif version.state == "approved":
                blocks += self._changed_since_blocks(contract, version)
                missing = version._missing_signatures()
                if missing:
                    message = " ".join(missing)
                    blocks.append(contract._parts_gate_block(SIGNED, False, message))
        return blocks

    @api.model
    def _review_blocks(self, contract, version):
        blocks = []
        deviations = self._of(version)
        if deviations:
            facts = {
                f"review_{dev['trigger']}": (dev["value"], "up") for dev in deviations
            }
            block = contract._parts_gate_block(
                REVIEW,
                "contract",
                " ".join(dev["sentence"] for dev in deviations),
                **facts,
                version_number=(version.number, "any"),
            )
            for name in facts:
                # what no longer deviates hurts nobody
                block["facts"][name]["may_go"] = True
            blocks.append(block)
        blocks += self._clause_blocks(contract, version)
        excess = self._excess(version)
        if excess:
            blocks.append(contract._parts_gate_block(DECLARED, False, " ".join(excess)))
        return blocks

    @api.model
    def _clause_blocks(self, contract, version):
        """Return the block of changed clauses: legal says what each change is, then the
        legal post decides wording, the legal department substance.
        """
        changed = version._changed_clauses()
        if not changed:
            return []
        verdict = self._verdict(version)
        if verdict not in ("wording", "substance"):
            message = self.env._(
                "%s clauses differ from the template: legal has to say whether it is"
                " wording or substance.",
                len(changed),
            )
            return [contract._parts_gate_block(CLAUSE, False, message)]
        message = (
            self.env._("Clauses of the template were changed in substance.")
            if verdict == "substance"
            else self.env._("Clauses of the template were changed in wording.")
        )
        return [
            contract._parts_gate_block(
                CLAUSE,
                "clause",
                message,
                clauses=(sorted(changed.ids), "any"),
                verdict=(verdict, "any"),
                version_number=(version.number, "any"),
            )
        ]

    @api.model
    def _changed_since_blocks(self, contract, version):
        """Return a block if the version is not what was reviewed."""
        review = self.env["parts.contract.review"]._of_version(version)
        if not review or review.fingerprint == self._fingerprint(version):
            return []
        message = self.env._(
            "%s is not what was reviewed: withdraw it and submit it again.",
            version.display_name,
        )
        return [contract._parts_gate_block("contract_changed", False, message)]

    @api.model
    def _verdict(self, version):
        """Return what legal says of the changed clauses: ``wording``, ``substance``,
        else False.
        """
        if "clause_verdict" not in version._fields or not version:
            return False
        verdict = version.clause_verdict
        return verdict if verdict in ("wording", "substance") else False

    @api.model
    def _excess(self, version):
        """Return in what the contract exceeds its declaration (CON-9), sentences."""
        if "declaration_id" not in version._fields or not version.declaration_id:
            return []
        return version.declaration_id._excess(version)

    @api.model
    def _undeclared(self, version):
        """Return why the contract may not be submitted for its declaration: it goes
        beyond it, or needs one and has none (CON-9, CON-10).
        """
        excess = self._excess(version)
        if excess:
            return [
                *excess,
                self.env._(
                    "It may not go beyond its declaration: declare it again (duplicate"
                    " the declaration), and name the new one here."
                ),
            ]
        if "declaration_id" not in version._fields:
            return []
        if version.declaration_id or not version.company_id.parts_contract_control:
            return []
        need = self.env["parts.contract.need"]._of_contract(version.contract_id)
        if not need.needs_declaration:
            return []
        return [
            self.env._(
                "A contract like this needs a declaration first (“%s”).", need.name
            )
        ]

    @api.model
    def _fingerprint(self, version):
        """Return a text that is another one if anything of what is promised is."""
        facts = [
            round(version._amounts()[1], 6),
            str(version.date_start),
            str(version.date_end),
            round(version.credit_amount, 6),
            [version.payment_term_id.id, version.pricelist_id.id],
            [
                [
                    line.product_id.id,
                    line.categ_id.id,
                    line.product_uom_id.id,
                    line.quantity,
                    line.price_unit,
                    line.discount,
                    sorted(line.tax_ids.ids),
                    str(line.date_delivery),
                ]
                for line in version.line_ids.sorted("id")
            ],
            [
                [
                    round(row.amount, 6),
                    row.event,
                    row.days,
                    str(row.date),
                    row.before_delivery,
                    row.nature,
                ]
                for row in version.instalment_ids.sorted("id")
            ],
        ]
        if "clause_ids" in version._fields:
            facts.append(
                [[one.id, one._digest()] for one in version.clause_ids.sorted("id")]
            )
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    # === DEVIATIONS === #

    @api.model
    def _of(self, version):
        """Return the deviations of ``version``, in the order of the triggers."""
        triggers = self.env["parts.contract.trigger"]._in_use(version.company_id)
        deviations = []
        for trigger in triggers:
            found = getattr(self, f"_deviates_{trigger.trigger}")(version, trigger)
            if found:
                value, sentence = found
                deviations.append(
                    {
                        "trigger": trigger.trigger,
                        "value": value,
                        "sentence": sentence,
                        "groups": trigger.group_ids,
                    }
                )
        return deviations

    @api.model
    def _deviates_amount(self, version, trigger):
        amount = version._in_company_currency(version._amounts()[0])
        if amount < trigger.amount:
            return None
        return amount, self.env._("It is an important contract by its amount.")

    @api.model
    def _deviates_first_order(self, version, trigger):
        amount = version._in_company_currency(version._amounts()[0])
        if amount < trigger.amount:
            return None
        partner = version.partner_id.commercial_partner_id
        if self._has_paid(version.company_id, partner, trigger.amount):
            return None
        return amount, self.env._(
            "It is the first large contract of %s, who has not paid one yet.",
            partner.display_name,
        )

    @api.model
    def _has_paid(self, company, partner, amount):
        """Return whether ``partner`` has paid an invoice of ``amount`` untaxed, with
        money that stayed: one that bounced leaves its invoice marked as paid.
        """
        invoices = self.env["account.move"].search(
            [
                ("company_id", "=", company.id),
                ("commercial_partner_id", "=", partner.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
                ("amount_untaxed_signed", ">=", amount),
                ("payment_state", "in", ("paid", "in_payment")),
            ],
            order="invoice_date, id",
            limit=INVOICES,
        )
        shares = self.env["parts.commission.collected"]._get_collected_share(invoices)
        return any(shares.get(invoice, 0.0) >= WHOLE for invoice in invoices)

    @api.model
    def _deviates_price(self, version, trigger):
        if not version.company_id.parts_price_control or not version.line_ids:
            return None
        beyond = self.env["parts.contract.price"]._beyond_authority(version)
        if not beyond:
            return None
        return beyond[0], self.env._(
            "Prices beyond the authority of %(user)s: %(lines)s.",
            user=(version.contract_id.user_id or version.create_uid).name,
            lines=", ".join(beyond[1]),
        )

    @api.model
    def _deviates_credit(self, version, trigger):
        if not version.company_id.parts_credit_control:
            return None
        owed, days = self._credit_given(version)
        if version.currency_id.compare_amounts(owed, 0.0) <= 0:
            return None
        partner = version.partner_id.commercial_partner_id
        file = self.env["parts.credit.file"]._of(version.company_id, partner)
        owed = version._in_company_currency(owed)
        if not file._in_force():
            return owed, self.env._(
                "%s has no credit file in force, and is to pay later.",
                partner.display_name,
            )
        wrong = []
        if owed > file._limit():
            wrong.append(
                self.env._(
                    "%s would owe more under it than his credit file grants.",
                    partner.display_name,
                )
            )
        if days > file.term_days:
            wrong.append(
                self.env._(
                    "%(days)s days of credit are longer than his file grants.",
                    days=days,
                )
            )
        return (owed, " ".join(wrong)) if wrong else None

    @api.model
    def _credit_given(self, version):
        """Return (amount, days): how much is to be paid after delivery at the most, in
        the contract's currency, and for how long.
        """
        total = version._amounts()[1]
        if version.kind == "framework":
            amount = version.credit_amount
            days = self._plan_days(version)
            if version.payment_term_id and not version.instalment_ids:
                days = self._term_days(version.payment_term_id)
            if days and not amount:
                amount = 0.01  # on credit, as far as the file goes
            return amount, days
        if version.instalment_ids:
            later = version.instalment_ids.filtered(lambda x: not x.before_delivery)
            owed = sum(row._amount_of(total) for row in later)
            return owed, self._plan_days(version)
        days = self._term_days(version.payment_term_id)
        return (total, days) if days else (0.0, 0)

    @api.model
    def _plan_days(self, version):
        """Return for how many days at the most the plan lets a customer owe what he
        has received; until a fixed date from the first day on which goods may leave.
        """
        today = fields.Date.context_today(self)
        dates = [date for date in version.line_ids.mapped("date_delivery") if date]
        first = max([today, *([min(dates)] if dates else [])])
        longest = 0
        for row in version.instalment_ids.filtered(lambda x: not x.before_delivery):
            days = row.days
            if row.event == "date" and row.date:
                days = (fields.Date.add(row.date, days=row.days) - first).days
            longest = max(longest, days)
        return longest

    @api.model
    def _term_days(self, term):
        today = fields.Date.context_today(self)
        return max(
            ((line._get_due_date(today) - today).days for line in term.line_ids),
            default=0,
        )

    @api.model
    def _deviates_supply(self, version, trigger):
        late = self.env["parts.contract.supply"]._late(version)
        if not late:
            return None
        return len(late), self.env._(
            "Neither stock nor purchasing meets the delivery dates of %s.",
            ", ".join(late[:3]),
        )

    # === WHO DECIDES, BY WHAT === #

    @api.model
    def _functions(self, contract, block):
        """Return the functions that review what ``block`` names, and those that only
        review when something is theirs, as groups.
        """
        triggers = self.env["parts.contract.trigger"]._in_use(contract.company_id)
        named = triggers.filtered(
            lambda trigger: f"review_{trigger.trigger}" in block["facts"]
        )
        return named.group_ids, triggers.group_ids

    @api.model
    def _steps(self, contract, block, steps):
        """Return who reviews: of the rule's steps those that no function has, and the
        functions that ``block`` concerns, side by side.

        :param list[dict] steps: those of the rule
        """
        concerned, functions = self._functions(contract, block)
        if not concerned:
            return steps  # no function is named for it: whom the rule names
        first = min((step["sequence"] for step in steps), default=10)
        by_group = {step.get("group_id"): step for step in steps}
        reviewing = [
            by_group.get(group.id)
            or {"sequence": first, "group_id": group.id, "voices": 1}
            for group in concerned
        ]
        others = [step for step in steps if step.get("group_id") not in functions.ids]
        return [{**step, "sequence": first} for step in reviewing] + others

    @api.model
    def _deciders(self, contract, block, rule):
        concerned, functions = self._functions(contract, block)
        if not concerned:
            return rule._deciders_name()
        others = rule.step_ids.filtered(lambda step: step.group_id not in functions)
        sides = " / ".join(concerned.mapped("name"))
        return " → ".join([sides, *(step._deciders_name() for step in others)])

    @api.model
    def _figures(self, contract, block, figures):
        """Return what a reviewer sees: the terms, then each deviation in its row."""
        if block["key"] not in (REVIEW, CLAUSE):
            return figures
        version = contract.open_version_id
        figure = contract._parts_gate_figure
        total = version._amounts()[1]
        rows = [
            figure("contract_amount", total, currency=contract.currency_id),
            figure("contract_end", version.date_end or ""),
            figure("contract_version", version.display_name),
        ]
        if block["key"] == REVIEW:
            rows += [
                figure(f"review_{dev['trigger']}", dev["sentence"])
                for dev in self._of(version)
            ]
        if version.amend_reason:
            rows.append(figure("contract_amend_reason", version.amend_reason))
        return rows

    @api.model
    def _labels(self):
        selection = self.env["parts.contract.trigger"]._fields["trigger"]
        return {
            **{
                f"review_{name}": label
                for name, label in selection._description_selection(self.env)
            },
            "contract_amount": self.env._("Contract amount"),
            "contract_end": self.env._("Until"),
            "contract_version": self.env._("Version"),
            "contract_amend_reason": self.env._("Why it is amended"),
        }
