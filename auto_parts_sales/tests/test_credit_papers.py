from odoo.tests import tagged

from .shipping_common import ShippingCommon

MARK = "NOT APPROVED"


@tagged("post_install", "-at_install")
class TestCreditPapers(ShippingCommon):
    # CRD-4: papers of a blocked order print only with a visible "not approved"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # what draws barcodes is not installed everywhere
        report = cls.registry["ir.actions.report"]
        cls.classPatch(report, "barcode", lambda this, *args, **kwargs: b"")

    def _html(self, report, document):
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            report, document.ids
        )
        self.assertIn(document.name, html.decode())
        return html.decode()

    def _order_papers(self, order):
        html = [self._html("sale.report_saleorder", order)]
        if order.state != "sale":
            html.append(self._html("sale.report_saleorder_pro_forma", order))
        return html

    def _picking_papers(self, picking):
        reports = ("stock.report_picking", "stock.report_deliveryslip")
        return [self._html(report, picking) for report in reports]

    def _assert_marked(self, papers, marked=True):
        self.env.invalidate_all()
        for html in papers():
            self.assertEqual(MARK in html, marked)

    def test_quotation(self):
        order = self._new_order(6).sudo()
        self._assert_marked(lambda: self._order_papers(order))
        self._ask(order.with_user(self.seller)).with_user(self.manager).action_approve()
        self._assert_marked(lambda: self._order_papers(order), marked=False)
        small = self._new_order(5).sudo()
        self._assert_marked(lambda: self._order_papers(small), marked=False)

    def test_confirmed_order(self):
        self._assert_marked(lambda: self._order_papers(self.order), marked=False)
        self.file.blocked = True
        self._assert_marked(lambda: self._order_papers(self.order))
        self._approve()
        self._assert_marked(lambda: self._order_papers(self.order), marked=False)

    def test_pick_list_and_slip(self):
        self._assert_marked(lambda: self._picking_papers(self.picking), marked=False)
        self.file.blocked = True
        self._assert_marked(lambda: self._picking_papers(self.picking))
        self._approve()
        self._assert_marked(lambda: self._picking_papers(self.picking), marked=False)

    def test_slip_of_what_has_left(self):
        self._ship()
        self.file.blocked = True
        self._assert_marked(lambda: self._picking_papers(self.picking), marked=False)

    def test_pick_list_of_a_step_before(self):
        self.warehouse.delivery_steps = "pick_ship"
        order = self._new_confirmed(1)
        step = order.picking_ids
        self.assertNotEqual(step.location_dest_id, self.at_customer)
        self._assert_marked(lambda: self._picking_papers(step), marked=False)
        self.file.blocked = True
        self._assert_marked(lambda: self._picking_papers(step))

    def test_control_off(self):
        self.file.blocked = True
        quotation = self._new_order(60).sudo()
        self.company.parts_credit_control = False
        self._assert_marked(lambda: self._order_papers(quotation), marked=False)
        self._assert_marked(lambda: self._order_papers(self.order), marked=False)
        self._assert_marked(lambda: self._picking_papers(self.picking), marked=False)

    def test_no_query_with_the_control_off(self):
        self.company.parts_credit_control = False
        self.env.flush_all()
        for document in (self.order, self.picking):
            document.fetch(["state", "company_id"])
            document._parts_paper_mark()  # fills the registry's cache
            with self.assertQueryCount(0):
                self.assertFalse(document._parts_paper_mark())
