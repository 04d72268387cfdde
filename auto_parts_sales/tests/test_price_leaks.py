from odoo.fields import Command
from odoo.service.model import call_kw
from odoo.tests import tagged
from odoo.tools import mute_logger

from .price_common import PriceCommon

QUIET = ("odoo.sql_db", "odoo.addons.base.models.ir_model", "odoo.http", "odoo.models")
# What the part costs, what it earns at 90 and at list price, and lowest margins
SECRETS = ("61.37", "31.8", "38.63", "38.6", "23.45", "13.57")


@tagged("post_install", "-at_install")
class TestPriceLeaks(PriceCommon):
    # QUO-4: nothing of cost and margin leaks to who sells

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.part.standard_price = 61.37
        cls.band_director.margin_min = 13.57
        cls.band_manager.margin_min = 13.57
        cls.band_seller.margin_min = 23.45
        cls.seller.group_ids += cls.env.ref("base.group_allow_export")
        cls.order = cls._priced(90.0, 2)
        [cls.approval] = cls._ask(cls.order)
        cls.approval.with_user(cls.manager).action_approve("All right")
        cls.sold = cls._priced(96.0)
        cls.sold.action_confirm()
        cls.sheet = (
            cls.env["parts.price.sheet"]
            .with_user(cls.seller)
            .create(
                {
                    "reason": "The maker went up",
                    "line_ids": [
                        Command.create(
                            {
                                "product_tmpl_id": cls.part.product_tmpl_id.id,
                                "price_after": 104.0,
                            }
                        )
                    ],
                }
            )
        )
        cls.sheet.action_submit()
        cls.env.flush_all()

    def _call(self, model, method, *args, **kwargs):
        """Call as RPC does, as the salesperson; return what came back, or the error."""
        env = self.env(user=self.seller, su=False, context={})
        try:
            with mute_logger(*QUIET), self.cr.savepoint():
                return call_kw(env[model], method, list(args), kwargs)
        except Exception as error:
            return error

    def _ways(self):
        line = self.order.order_line
        part, template = self.part, self.part.product_tmpl_id
        margin = "parts_price_margin"
        everything = "sale.order.line"
        for model, ids, names in (
            (everything, line.ids, [margin]),
            (
                "product.product",
                part.ids,
                ["standard_price", "avg_cost", "total_value"],
            ),
            ("product.template", template.ids, ["standard_price"]),
            ("parts.price.band", self.band_seller.ids, ["margin_min"]),
            (
                "parts.price.sheet.line",
                self.sheet.line_ids.ids,
                ["margin_before", "margin_after"],
            ),
            ("stock.move", self.sold.picking_ids.move_ids.ids, ["value"]),
        ):
            for name in names:
                yield f"{model}.{name} read", (model, "read", ids, [name])
                yield (
                    f"{model}.{name} web_read",
                    (model, "web_read", ids, {name: {}}),
                )
                yield f"{model}.{name} export", (model, "export_data", ids, [name])
                for domain in ([(name, ">", 0)], [(name, "<", 1e6)]):
                    yield (
                        f"{model}.{name} search {domain}",
                        (model, "search_read", [*domain, ("id", "in", ids)], [name]),
                    )
                yield (
                    f"{model}.{name} order",
                    (model, "search_read", [("id", "in", ids)], [name], 0, 1, name),
                )
                yield (
                    f"{model}.{name} sum",
                    (model, "formatted_read_group", [], [], [f"{name}:sum"]),
                )
                yield (
                    f"{model}.{name} group",
                    (model, "formatted_read_group", [], [name], ["__count"]),
                )
            yield f"{model} all of it", (model, "read", ids)
        yield (
            "export through the order",
            (
                "sale.order",
                "export_data",
                self.order.ids,
                ["order_line/product_id/standard_price", f"order_line/{margin}"],
            ),
        )
        yield (
            "read through the order",
            (
                "sale.order",
                "web_read",
                self.order.ids,
                {
                    "order_line": {
                        "fields": {
                            margin: {},
                            "product_id": {"fields": {"lst_price": {}}},
                        }
                    }
                },
            ),
        )
        yield (
            "read of the product through the line",
            (
                everything,
                "web_read",
                line.ids,
                {"product_id": {"fields": {"standard_price": {}}}},
            ),
        )
        yield (
            "search through the order",
            (
                "sale.order",
                "search_count",
                [("order_line.product_id.standard_price", ">", 61.0)],
            ),
        )
        yield (
            "bands through the chain",
            (
                "parts.price.band",
                "search_count",
                [("parent_id.margin_min", ">", 13.0)],
            ),
        )
        yield (
            "while typing",
            (
                everything,
                "onchange",
                line.ids,
                {"price_unit": 90.0},
                ["price_unit"],
                {margin: {}, "parts_price_verdict": {}, "parts_price_turn": {}},
            ),
        )
        yield "the request", ("parts.approval", "read", self.approval.ids)
        yield "requests", ("parts.approval", "search_read", [])
        yield "figures", ("parts.approval.figure", "search_read", [])
        yield (
            "what is open to the decider",
            (
                "parts.approval",
                "web_read",
                self.approval.ids,
                {"figure_ids": {"fields": {"value": {}, "name": {}}}},
            ),
        )
        yield "the banner", ("sale.order", "read", self.order.ids, ["parts_gate_html"])
        yield "the report", ("parts.price.given", "search_read", [])
        yield "changes", ("parts.price.change", "search_read", [])
        yield "the sheet", ("parts.price.sheet", "read", self.sheet.ids)
        yield "market prices", ("parts.price.observation", "search_read", [])
        yield "chatter", ("mail.message", "search_read", [], ["body"])
        yield (
            "tracking",
            (
                "mail.tracking.value",
                "search_read",
                [("field_id.model", "=", "parts.price.band")],
            ),
        )
        yield "authors", ("parts.price.author", "search_read", [])
        yield (
            "the error",
            ("sale.order", "write", self._priced(60.0).ids, {"state": "sale"}),
        )
        yield (
            "alternatives",
            ("product.product", "parts_alternatives", part.id),
        )
        yield "find", ("product.product", "parts_find", "Brake disc")

    def test_ways(self):
        count = 0
        for name, way in self._ways():
            count += 1
            with self.subTest(name):
                told = repr(self._call(*way))
                for secret in SECRETS:
                    self.assertNotIn(secret, told)
        self.assertGreater(count, 60)

    def test_ways_are_real(self):
        # who sees margins sees them by the same ways
        self.seller.group_ids += self.env.ref("auto_parts_sales.group_parts_finance")
        seen = [
            name
            for name, way in self._ways()
            if any(secret in repr(self._call(*way)) for secret in SECRETS)
        ]
        for name in (
            "sale.order.line.parts_price_margin read",
            "product.product.standard_price export",
            "parts.price.band.margin_min read",
            "parts.price.sheet.line.margin_before read",
            "export through the order",
            "read of the product through the line",
        ):
            self.assertIn(name, seen)

    def test_searching_by_cost_tells_nothing(self):
        # no domain on cost or margin says yes to one figure and no to another
        for model, name in (
            ("product.product", "standard_price"),
            ("product.template", "standard_price"),
            ("sale.order.line", "parts_price_margin"),
            ("parts.price.band", "margin_min"),
        ):
            answers = {
                repr(self._call(model, "search_count", [(name, ">", figure)]))
                for figure in (1.0, 1000.0)
            }
            self.assertEqual(len(answers), 1, name)

    def test_block_on_margin_has_no_amount(self):
        self.part.standard_price = 80.0
        order = self._priced(96.0)
        [block] = order.sudo()._parts_gate_blocks("confirm")
        self.assertEqual(block["amount"], 0.0)
        told = repr(block)
        for secret in ("80", "16.7", "16.6", "argin"):
            self.assertNotIn(secret, told.replace(str(order.id), ""))
