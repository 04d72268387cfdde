import base64
import io

from PIL import Image

from odoo.fields import Command
from odoo.tools.pdf import OdooPdfFileWriter

from .approval_common import PREFIX, ApprovalCommon


def picture(size=(60, 20), kind="PNG"):
    """Return a small picture, base64, as a signature pad or a scanner sends it."""
    stream = io.BytesIO()
    Image.new("RGB", size, "white").save(stream, kind)
    return base64.b64encode(stream.getvalue()).decode()


def pdf(text=b""):
    """Return a one-page PDF, base64."""
    writer = OdooPdfFileWriter()
    writer.addBlankPage(200, 200)
    stream = io.BytesIO()
    writer.write(stream)
    return base64.b64encode(stream.getvalue() + text).decode()


class ContractPaperCommon(ApprovalCommon):
    """One person for each post that a contract's paper passes, and a template."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.parts_credit_control = False
        # whatever is on file in the database that the tests run on
        cls.company.parts_contract_control = False
        cls.env["parts.contract.seal"].search([]).active = False
        cls.office = cls._new_user("office", f"{PREFIX}sales_office")
        cls.legal_post = cls._new_user("legal_post", f"{PREFIX}legal_post")
        cls.legal = cls._new_user("legal", f"{PREFIX}legal_department")
        cls.seal_keeper = cls._new_user("seal", f"{PREFIX}seal_keeper")
        cls.archive = cls._new_user("archive", f"{PREFIX}contract_keeper")
        cls.committee = cls._new_user("committee", f"{PREFIX}management")
        cls.second = cls._new_user("second", f"{PREFIX}management")
        # managers see what their teams draw up
        cls.env["crm.team"].create(
            {
                "name": "Team of the manager",
                "user_id": cls.manager.id,
                "member_ids": [Command.set(cls.seller.ids)],
            }
        )
        cls.customer.email = "buyer@example.com"
        approved = cls.env["parts.contract.template"].search(
            [("state", "=", "approved")]
        )
        approved.date_end = "2000-01-01"
        cls.template = cls._new_template()
        cls.pickup = cls.template.clause_ids.filtered("variant_of_id")

    @classmethod
    def _new_template(cls, **values):
        """Return an approved template: goods, delivery with a variant, payment."""
        template = cls.env["parts.contract.template"].create(
            {"name": "Sale", "kind": "single", **values}
        )
        _goods, delivery, _payment = cls.env["parts.contract.template.clause"].create(
            [
                {
                    "template_id": template.id,
                    "sequence": 10 * (index + 1),
                    "topic": topic,
                    "title_zh": title_zh,
                    "title_en": topic.capitalize(),
                    "body_zh": f"<p>{body_zh}</p>",
                    "body_en": f"<p>{body_en}</p>",
                }
                for index, (topic, title_zh, body_zh, body_en) in enumerate(
                    [
                        ("goods", "标的", "卖给{{customer}}", "Sold to {{customer}}."),
                        ("delivery", "交货", "送货上门", "Brought to the buyer."),
                        ("payment", "付款", "{{payment_plan}}", "{{payment_plan}}"),
                    ]
                )
            ]
        )
        delivery.copy(
            {
                "variant_of_id": delivery.id,
                "title_en": "Pickup",
                "body_zh": "<p>买方自提</p>",
                "body_en": "<p>Collected by the buyer.</p>",
            }
        )
        template.state = "approved"
        return template

    @classmethod
    def _new_contract(cls, user=None, quantity=10, **values):
        """Return a contract of the seller for brake discs at 100.00, as a draft."""
        values = {
            "partner_id": cls.customer.id,
            "template_id": cls.template.id,
            "line_ids": [
                Command.create(
                    {
                        "product_id": cls.part.id,
                        "quantity": quantity,
                        "price_unit": 100.0,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
            **values,
        }
        user = user or cls.seller
        return cls.env["parts.contract"].with_user(user).create(values)

    @classmethod
    def _approve(cls, contract):
        """Have the review over: the version waits for its signatures."""
        contract = contract.sudo()
        contract.current_version_id.state = "approved"
        contract.state = "approved"
        return contract.current_version_id

    @classmethod
    def _new_authority(cls, side="theirs", checked=True, **values):
        """Return an authority on file; of the boss for ours, of Li Lei for theirs."""
        if side == "ours":
            values = {"user_id": cls.general_manager.id, "basis": "licence", **values}
        else:
            values = {
                "partner_id": cls.customer.id,
                "name": "Li Lei",
                "date_end": "2099-12-31",
                "document": pdf(),
                **values,
            }
        authority = (
            cls.env["parts.contract.authority"]
            .with_user(cls.archive)
            .create({"side": side, "date_start": "2020-01-01", **values})
        )
        if checked:
            authority.with_user(cls.legal).action_check()
        return authority

    def _sign_portal(self, version, name="Li Lei"):
        return (
            self.env["parts.contract.signature"]
            .sudo()
            ._sign_on_portal(version, name, picture())
        )

    def _sign_ours(self, version, user=None):
        signatures = self.env["parts.contract.signature"]
        return signatures.with_user(user or self.general_manager)._sign(version, "ours")

    def _scan(self, version, user=None, **values):
        """Upload a paper signed by the customer, as ``user`` (default: the seller)."""
        authority = self.env["parts.contract.authority"].search(
            [("side", "=", "theirs"), ("partner_id", "=", self.customer.id)], limit=1
        )
        wizard = (
            self.env["parts.contract.scan"]
            .with_user(user or self.seller)
            .create(
                {
                    "version_id": version.id,
                    "side": "theirs",
                    "their_authority_id": authority.id,
                    "scan": pdf(),
                    "scan_name": "signed.pdf",
                    **values,
                }
            )
        )
        wizard.action_upload()
        return version.sudo().signature_ids.sorted("id")[-1:]

    def _submit(self, document):
        """Submit a paper; return its request as superuser."""
        document.action_parts_request_approval("As agreed")
        return document.sudo().parts_approval_ids.sorted("id")[-1:]
