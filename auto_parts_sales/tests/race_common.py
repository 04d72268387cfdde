import threading
from contextlib import contextmanager
from unittest.mock import patch
from uuid import uuid4

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.tests.common import BaseCase, get_db_name
from odoo.tools import mute_logger


class RaceCommon(BaseCase):
    """Two at the same moment, on two real connections.

    A controlled company, a customer, and two quotations of 100.00. The data is
    committed, so that both connections see it, and deleted afterwards.
    """

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self._committed() as env:
            company = env["res.company"].create({"name": f"Race {uuid4()}"})
            company.parts_credit_control = True
            customer = env["res.partner"].create({"name": "Race customer"})
            product = env["product.product"].create(
                {
                    "name": "Race part",
                    "type": "service",
                    "list_price": 100.0,
                    "taxes_id": [Command.clear()],
                }
            )
            line = {"product_id": product.id, "price_unit": 100.0}
            orders = env["sale.order"].create(
                [
                    {
                        "company_id": company.id,
                        "partner_id": customer.id,
                        "user_id": False,
                        "order_line": [Command.create(line)],
                    }
                    for _ in range(2)
                ]
            )
            self.company_id, self.customer_id = company.id, customer.id
            self.product_id, self.order_ids = product.id, orders.ids
        self.addCleanup(self._remove)
        # Odoo's own test runner holds the registry's lock while tests run
        self.startPatcher(patch.object(Registry, "_lock", DummyRLock()))

    @contextmanager
    def _committed(self):
        """Yield a superuser's environment whose work is committed in the end."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, {})

    def _remove(self):
        with self._committed() as env:
            company = env["res.company"].browse(self.company_id)
            company.parts_credit_control = False
            orders = env["sale.order"].browse(self.order_ids)
            orders._action_cancel()
            orders.parts_approval_ids.unlink()
            orders.unlink()
            files = env["parts.credit.file"].search([("company_id", "=", company.id)])
            files.state = "draft"
            files.unlink()
            env["product.product"].browse(self.product_id).unlink()
            env["res.partner"].browse(self.customer_id).unlink()

    def _at_once(self, *acts):
        """Run ``acts`` at the same moment, each on a connection of its own as a
        request would.

        :param acts: pairs (user id, function of an environment)
        :return: how they ended, sorted: ``again`` (told in a sentence to try again),
            ``held`` (refused with an error for the person), ``passed``
        """
        barrier, results = threading.Barrier(len(acts)), []

        def request(user_id, act):
            def run():
                # the snapshots of all begin before one of them acts
                env["sale.order"].browse(self.order_ids).fetch(["state"])
                if not waited:
                    waited.append(True)
                    barrier.wait(timeout=30)
                act(env)

            waited = []
            with self.registry.cursor() as cr:
                env = api.Environment(cr, user_id, {})
                try:
                    retrying(run, env)
                    results.append("passed")
                except UserError as error:
                    cr.rollback()
                    again = "try again" in str(error)
                    results.append("again" if again else "held")

        threads = [threading.Thread(target=request, args=act) for act in acts]
        with mute_logger("odoo.sql_db"):  # that one of them fails and runs again
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
        return sorted(results)
