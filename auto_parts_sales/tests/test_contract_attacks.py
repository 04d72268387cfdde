from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .attacks_common import CONTEXT_KEYS
from .contract_base_common import ContractCommon

QUIET = ("odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.models.unlink")


class Undo(Exception):
    """Ends an attack, whatever became of it, and takes it back."""


@tagged("post_install", "-at_install")
class TestContractAttacks(ContractCommon):
    """Nobody makes a contract binding, or changes one, past its own acts (CTL-3).

    Each attack is what a role can send over RPC with contexts of its choice. The
    counter-case is the honest way, or the same call as superuser.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.attackers = (cls.seller, cls.director, cls.office, cls.accountant)

    def _rpc(self, user, model, method, args, kwargs=None, context=None):
        kwargs = dict(kwargs or {}, context={**CONTEXT_KEYS, **(context or {})})
        env = self.env(user=user.id, su=False, context={})
        return call_kw(env[model], method, args, kwargs)

    def _attacks(self, contract):
        """Return ``{name: call}``; ``rpc`` is that of the attacker."""
        version = contract.current_version_id
        line, row = contract.line_ids, contract.instalment_ids
        vals_line = {"version_id": version.id, "name": "free", "price_unit": 0.0}
        return {
            "state by write": lambda rpc: rpc(
                "parts.contract", "write", [contract.ids, {"state": "effective"}]
            ),
            "state by web_save": lambda rpc: rpc(
                "parts.contract",
                "web_save",
                [contract.ids, {"state": "effective"}],
                {"specification": {"state": {}}},
            ),
            "version's state": lambda rpc: rpc(
                "parts.contract.version",
                "write",
                [version.ids, {"state": "effective"}],
            ),
            "another version in force": lambda rpc: rpc(
                "parts.contract",
                "write",
                [contract.ids, {"current_version_id": version.id + 1}],
            ),
            "version through the contract": lambda rpc: rpc(
                "parts.contract",
                "write",
                [
                    contract.ids,
                    {
                        "version_ids": [
                            Command.update(version.id, {"state": "effective"})
                        ]
                    },
                ],
            ),
            "date of effect": lambda rpc: rpc(
                "parts.contract",
                "write",
                [contract.ids, {"date_effective": "2020-01-01"}],
            ),
            "untaxed amount": lambda rpc: rpc(
                "parts.contract", "write", [contract.ids, {"amount_untaxed": 1.0}]
            ),
            "line's total": lambda rpc: rpc(
                "parts.contract.line", "write", [line.ids, {"price_total": 1.0}]
            ),
            "a version made by hand": lambda rpc: rpc(
                "parts.contract.version",
                "create",
                [{"contract_id": contract.id, "state": "effective"}],
            ),
            "a version copied": lambda rpc: rpc(
                "parts.contract.version", "copy", [version.ids, {"state": "effective"}]
            ),
            "a version deleted": lambda rpc: rpc(
                "parts.contract.version", "unlink", [version.ids]
            ),
            "a review made by hand": lambda rpc: rpc(
                "parts.contract.review",
                "create",
                [{"contract_id": contract.id, "automatic": True}],
            ),
            "a review through the contract": lambda rpc: rpc(
                "parts.contract",
                "write",
                [
                    contract.ids,
                    {"review_ids": [Command.create({"automatic": True})]},
                ],
            ),
            "a settlement made by hand": lambda rpc: rpc(
                "parts.contract.settlement",
                "create",
                [{"contract_id": contract.id, "breach": "none"}],
            ),
            "the engine's method": lambda rpc: rpc(
                "parts.contract", "_take_effect", [contract.ids, version.id]
            ),
            "the gate's method": lambda rpc: rpc(
                "parts.contract", "_try_effect", [contract.ids]
            ),
            "number of the contract": lambda rpc: rpc(
                "parts.contract", "write", [contract.ids, {"name": "CT/1"}]
            ),
            "imported as effective": lambda rpc: rpc(
                "parts.contract",
                "load",
                [["id", "state"], [[f"__export__.c{contract.id}", "effective"]]],
            ),
            "triggers weakened": lambda rpc: rpc(
                "parts.contract.trigger",
                "create",
                [{"trigger": "amount", "amount": 1e9}],
            ),
            "need weakened": lambda rpc: rpc(
                "parts.contract.need", "write", [self._need().ids, {"active": False}]
            ),
            "end of term of what rules": lambda rpc: rpc(
                "parts.contract", "write", [contract.ids, {"date_end": "2099-01-01"}]
            ),
            "price of what rules": lambda rpc: rpc(
                "parts.contract.line", "write", [line.ids, {"price_unit": 1.0}]
            ),
            "a line added to what rules": lambda rpc: rpc(
                "parts.contract.line", "create", [vals_line]
            ),
            "a line of what rules deleted": lambda rpc: rpc(
                "parts.contract.line", "unlink", [line.ids]
            ),
            "instalment moved after delivery": lambda rpc: rpc(
                "parts.contract.instalment",
                "write",
                [row.ids, {"before_delivery": False}],
            ),
            "customer exchanged": lambda rpc: rpc(
                "parts.contract",
                "write",
                [contract.ids, {"partner_id": self.other.id}],
            ),
            "deleted": lambda rpc: rpc("parts.contract", "unlink", [contract.ids]),
            "terminated to get the deposit back": lambda rpc: rpc(
                "parts.contract",
                "write",
                [contract.ids, {"state": "terminated", "close_reason": "x"}],
            ),
        }

    def _need(self):
        return self.env["parts.contract.need"].search(
            [("company_id", "=", self.company.id)]
        )

    def _state(self, contract):
        """Return everything of a contract that an attack could want to change."""
        contract.invalidate_recordset()
        version = contract.current_version_id
        version.invalidate_recordset()
        return (
            contract.exists() and contract.state,
            contract.name,
            contract.partner_id,
            version,
            version.state,
            version.date_end,
            version.amount_untaxed,
            version.line_ids.mapped("price_unit"),
            version.line_ids.mapped("price_total"),
            version.instalment_ids.mapped("before_delivery"),
            contract.date_effective,
            len(contract.version_ids),
            len(contract.review_ids),
            len(contract.settlement_ids),
            self._need().mapped("active"),
        )

    def test_nobody_gets_past_the_acts(self):
        self.other = self.env["res.partner"].create({"name": "Other"})
        contract = self._effective(
            self._new_contract(
                instalment_ids=[
                    Command.create({"percent": 30, "event": "signing"}),
                    Command.create({"percent": 70}),
                ]
            )
        ).sudo()
        before = self._state(contract)
        attacks = self._attacks(contract)
        self.assertGreaterEqual(len(attacks), 20)
        for user in self.attackers:
            for name, attack in attacks.items():
                with self.subTest(user=user.login, attack=name):
                    try:
                        with mute_logger(*QUIET), self.env.cr.savepoint():
                            attack(
                                lambda model, method, args, kwargs=None, user=user: (
                                    self._rpc(user, model, method, args, kwargs)
                                )
                            )
                            self.env.flush_all()
                            self.assertEqual(self._state(contract), before)
                            raise Undo
                    except (AccessError, UserError, AttributeError, Undo):
                        self.env.invalidate_all()
                    except Exception as error:
                        # a line of another version is refused by the database
                        self.assertNotIsInstance(error, AssertionError)
                        self.env.invalidate_all()
        self.assertEqual(self._state(contract), before)

    def test_created_as_effective_it_is_a_draft(self):
        for user in (self.seller, self.office):
            ids = self._rpc(
                user,
                "parts.contract",
                "create",
                [
                    {
                        "partner_id": self.customer.id,
                        "state": "effective",
                        "date_effective": "2020-01-01",
                        "amount_total": 5.0,
                    }
                ],
                context={
                    "default_state": "effective",
                    "default_date_effective": "2020-01-01",
                },
            )
            contract = self.env["parts.contract"].browse(ids)
            self.assertEqual(contract.state, "draft")
            self.assertEqual(contract.current_version_id.state, "draft")
            self.assertFalse(contract.date_effective)

    def test_orders_do_not_get_past_the_gate(self):
        # CTL-3: form, RPC, import, copy and mass edit meet the same gate
        order = self._new_order(3)
        attacks = (
            ("write", [order.ids, {"state": "sale"}], {}),
            ("web_save", [order.ids, {"state": "sale"}], {"specification": {}}),
            ("action_confirm", [order.ids], {}),
            ("copy", [order.ids, {"state": "sale"}], {}),
            (
                "create",
                [
                    {
                        "partner_id": self.customer.id,
                        "state": "sale",
                        "order_line": [
                            Command.create(
                                {
                                    "product_id": self.part.id,
                                    "product_uom_qty": 3,
                                    "price_unit": 100.0,
                                }
                            )
                        ],
                    }
                ],
                {},
            ),
        )
        for method, args, kwargs in attacks:
            with (
                self.subTest(method=method),
                self.assertRaisesRegex(UserError, "needs a written contract"),
                self.env.cr.savepoint(),
            ):
                self._rpc(self.seller, "sale.order", method, args, kwargs)
                self.env.flush_all()
            self.env.invalidate_all()
        self.assertEqual(order.state, "draft")

    def test_a_contract_of_others_is_not_read_through_the_order(self):
        stranger = self._new_user("other_seller", "sales_team.group_sale_salesman")
        contract = self._effective(self._new_contract())
        for method, args in (
            ("read", [contract.ids, ["amount_total", "note"]]),
            ("action_new_order", [contract.ids]),
            ("action_submit", [contract.ids]),
            ("action_amend", [contract.ids]),
            ("action_withdraw", [contract.ids]),
            ("action_sign", [contract.ids, "ours"]),
        ):
            with self.subTest(method=method), self.env.cr.savepoint():
                with self.assertRaises(AccessError):
                    self._rpc(stranger, "parts.contract", method, args)
