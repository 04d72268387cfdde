from odoo import api, fields, models
from odoo.tools.misc import clean_context


def _step(role, sequence=10, **values):
    """Return one step of a default rule: who holds ``role``, in which order."""
    return {"role": role, "sequence": sequence, **values}


# Above these untaxed amounts, in company currency, the next level decides
LARGE_CREDIT = 100000.0
IMPORTANT_CONTRACT = 500000.0


class PartsApprovalRule(models.Model):
    """The table "Who signs what", as the rules that a company starts with (CTL-8)."""

    _inherit = "parts.approval.rule"

    # === ACTIONS === #

    def action_restore_defaults(self):
        """Add the default rules of kinds that have none, in the chosen companies.

        What exists, switched off or changed, stays as it is. Rules whose control is
        off are added switched off.

        :raises AccessError: for whoever may not write rules
        """
        self.browse().check_access("create")
        companies = self.env.companies
        before = self.with_context(active_test=False).search_count([])
        self._create_all_defaults(companies)
        added = self.with_context(active_test=False).search_count([]) - before
        message = (
            self.env._("%(count)s rules added.", count=added)
            if added
            else self.env._("Every kind of approval has a rule already.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    # === BUSINESS METHODS === #

    @api.model
    def _create_all_defaults(self, companies):
        """Give ``companies`` the default rules of every kind that they have none of."""
        for kind, _label in self._fields["kind"]._description_selection(self.env):
            self._create_defaults(companies, kind)

    @api.model
    def _create_defaults(self, companies, kind):
        """Give ``companies`` that have no rule of ``kind`` the default ones."""
        served = self.with_context(active_test=False).search(
            [("kind", "=", kind), ("company_id", "in", companies.ids)]
        )
        unserved = companies - served.company_id
        if not unserved:
            return
        active = kind in self._kinds_in_use()
        translated = {
            code: self.with_context(lang=code)._prepare_default_vals(kind)
            for code, _name in self.env["res.lang"].get_installed()
        }
        # Without the caller's defaults: a salesperson's request may bring these rules
        source = self.with_context(clean_context(self.env.context), lang="en_US")
        for company in unserved:
            for index, vals in enumerate(source._prepare_default_vals(kind)):
                rule = source.create(
                    {"active": active, **vals, "kind": kind, "company_id": company.id}
                )
                for code, other in translated.items():
                    rule.with_context(lang=code).name = other[index]["name"]

    @api.model
    def _switch_on(self, companies, kinds):
        """Switch on the rules of ``kinds`` that lie ready, in ``companies`` that have
        none of that kind switched on.
        """
        for company in companies:
            for kind in kinds:
                rules = self.with_context(active_test=False).search(
                    [("company_id", "=", company.id), ("kind", "=", kind)]
                )
                if not any(rules.mapped("active")):
                    rules.active = True

    @api.model
    def _kinds_in_use(self):
        """Return the kinds that something asks for today: their default rules start
        switched on, the others lie ready. Extend it with a kind of yours.
        """
        return {
            "clause",
            "commission",
            "contract",
            "credit",
            "credit_file",
            "declaration",
            "delivery",
            "policy",
            "pool",
            "template",
        }

    @api.model
    def _prepare_default_vals(self, kind):
        """Return the default rules of ``kind``, as values without company and kind.

        Checks come before approvals. Where one kind has two rules that only a condition
        on the document can tell apart, the stricter comes first.
        """
        return [
            {
                "name": name,
                "sequence": 10 * position,
                **{
                    key: vals[key]
                    for key in ("amount_min", "amount_max", "domain")
                    if key in vals
                },
                "step_ids": [
                    fields.Command.create(self._prepare_default_step_vals(step))
                    for step in vals["steps"]
                ],
            }
            for position, (name, vals) in enumerate(self._default_table(kind), start=1)
        ]

    @api.model
    def _prepare_default_step_vals(self, step):
        group = self.env.ref(f"auto_parts_sales.group_parts_{step['role']}")
        values = {key: value for key, value in step.items() if key != "role"}
        return {"group_id": group.id, **values}

    @api.model
    def _default_table(self, kind):
        """Return ``[(name, {steps, amount_min, amount_max, domain})]`` of ``kind``."""
        return {
            **self._default_table_of_papers(),
            **self._default_table_of_sales(),
            **self._default_table_of_money(),
        }.get(kind, [])

    @api.model
    def _default_table_of_papers(self):
        _ = self.env._
        contract = [
            _step("sales_director"),
            _step("finance"),
            _step("legal_post", optional=True),
        ]
        supply_chain, signatory = _step("supply_chain"), _step("general_manager", 20)
        return {
            "policy": [
                (
                    _("Sales policy"),
                    {
                        "steps": [
                            _step("management", voices=2, minutes_required=True),
                            _step("general_manager", 20),
                        ]
                    },
                )
            ],
            "declaration": [
                (
                    _("Contract declaration"),
                    {"steps": [_step("sales_manager"), _step("general_manager", 20)]},
                )
            ],
            "template": [
                (_("Contract template"), {"steps": [_step("legal_department")]})
            ],
            "contract": [
                (
                    _("Contract"),
                    {
                        "amount_max": IMPORTANT_CONTRACT,
                        "steps": [*contract, signatory],
                    },
                ),
                (
                    _("Important contract"),
                    {
                        "amount_min": IMPORTANT_CONTRACT,
                        "steps": [*contract, supply_chain, signatory],
                    },
                ),
            ],
            "clause": [
                (
                    _("Substance of a template changed"),
                    {
                        "domain": str([("review_verdict", "=", "substance")]),
                        "steps": [_step("legal_department")],
                    },
                ),
                (_("Wording of a template changed"), {"steps": [_step("legal_post")]}),
            ],
        }

    @api.model
    def _default_table_of_sales(self):
        _ = self.env._
        return {
            "credit_file": self._default_table_of_credit_files(),
            "price": [(_("Price beyond authority"), {"steps": [_step("price_group")]})],
            "price_change": [
                (_("Change of a price"), {"steps": [_step("price_group")]})
            ],
            "credit": [
                (
                    _("Sale beyond credit"),
                    {"amount_max": LARGE_CREDIT, "steps": [_step("sales_manager")]},
                ),
                (
                    _("Large sale beyond credit"),
                    {"amount_min": LARGE_CREDIT, "steps": [_step("general_manager")]},
                ),
            ],
            "customer": [
                (_("Customer master data"), {"steps": [_step("sales_manager")]})
            ],
            "order": [(_("Order check"), {"steps": [_step("sales_office")]})],
            "supply": [(_("Supply notice"), {"steps": [_step("sales_director")]})],
            "delivery": [(_("Delivery order"), {"steps": [_step("sales_manager")]})],
            "work_order": [
                (_("Work order for fitting"), {"steps": [_step("sales_manager")]})
            ],
            "plan": [
                (_("Sales plan of a year"), {"steps": [_step("general_manager")]}),
                (
                    _("Sales plan of a month"),
                    {"steps": [_step("sales_manager"), _step("sales_director", 20)]},
                ),
            ],
            "lead": [
                (
                    _("Lead conflict, assignment, new customers"),
                    {"steps": [_step("sales_director")]},
                )
            ],
        }

    @api.model
    def _default_table_of_credit_files(self):
        """Return the rules of credit files: who proposes is no step of theirs."""
        _ = self.env._
        four = ("company_id.parts_credit_hands", "=", "four")
        beyond = ("beyond_policy", "=", True)
        # The head of sales: a sales director is a sales manager, too
        check, entry = _step("sales_manager"), _step("credit_keeper", 30)
        return [
            (
                _("Credit file beyond the policy, four hands"),
                {
                    "domain": str([four, beyond]),
                    "steps": [check, _step("management", 20), entry],
                },
            ),
            (
                _("Credit file, four hands"),
                {
                    "domain": str([four]),
                    "steps": [check, _step("general_manager", 20), entry],
                },
            ),
            (
                _("Credit file beyond the policy"),
                {"domain": str([beyond]), "steps": [_step("management")]},
            ),
            (_("Credit file"), {"steps": [_step("general_manager")]}),
        ]

    @api.model
    def _default_table_of_money(self):
        _ = self.env._
        return {
            "fapiao": [(_("Fapiao"), {"steps": [_step("finance_deputy")]})],
            "commission": [
                (
                    _("Commission statement"),
                    {
                        "steps": [
                            _step("finance"),
                            _step("finance_deputy", 20),
                            _step("general_manager", 30),
                        ]
                    },
                )
            ],
            "pool": [(_("Team's pool"), {"steps": [_step("general_manager")]})],
            "writeoff": [
                (
                    _("Write-off"),
                    {"steps": [_step("finance_deputy"), _step("general_manager", 20)]},
                )
            ],
            "count": [(_("Count difference"), {"steps": [_step("finance")]})],
        }
