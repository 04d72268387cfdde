"""Papers of the demo's contracts: the sales policy, templates that legal approved, who
may sign, a seal, and signatures of both sides.

Called by setup.py, which hands over its environment.
"""

import base64
import io
from datetime import date, timedelta

from PIL import Image, ImageDraw

from odoo.fields import Command
from odoo.tools.pdf import OdooPdfFileWriter

TODAY = date.today()
PREFIX = "auto_parts_sales.group_parts_"


class Papers:
    """Puts on file what contracts are drawn up and signed with.

    :param env: Odoo's environment, as superuser
    :param person: ``person(login)`` returns a demo user (``res.users``)
    """

    def __init__(self, env, person):
        self.env, self.person = env, person

    def build(self, company, customers):
        """Make policy, templates, authorities and the seal.

        :param customers: ``res.partner`` whose signatories are put on file
        """
        company.parts_contract_authority = "strict"
        self.person("office").group_ids = [
            Command.link(self.env.ref(f"{PREFIX}{role}").id)
            for role in ("seal_keeper", "contract_keeper")
        ]
        self._policy(company)
        self._templates(company)
        self._seal(company)
        self._authority(
            company, side="ours", user_id=self.person("gm").id, basis="licence"
        )
        for customer in customers:
            self._authority(
                company,
                side="theirs",
                partner_id=customer.commercial_partner_id.id,
                name=f"{customer.commercial_partner_id.name} 代表",
                date_end=TODAY + timedelta(days=400),
                document=self._pdf(),
                document_name="authority.pdf",
            )

    def _policy(self, company):
        policy = self.env["parts.contract.policy"].create(
            {
                "name": "销售政策",
                "company_id": company.id,
                "price_basis": "<p>以价目表为准；出口客户用出口价目表。</p>",
                "discounts": "<p>业务员可让利3%，销售经理5%，超出由价格小组决定。</p>",
                "credit_terms": "<p>A类60天，B类45天，C类30天，新客户现款。</p>",
                "deposits": "<p>订货件预付30%。</p>",
                "commission": "<p>按回款计提，逾期打折。</p>",
            }
        )
        policy.sudo()._take_effect()

    def _templates(self, company):
        for name in ("single", "framework"):
            template = self.env.ref(f"auto_parts_sales.parts_contract_template_{name}")
            if template.company_id == company and template.state == "draft":
                template.with_user(self.person("office")).action_parts_request_approval(
                    "Checked by our lawyers"
                )
                template.parts_approval_ids.with_user(
                    self.person("legal")
                ).action_approve()

    def _seal(self, company):
        self.seal = self.env["parts.contract.seal"].create(
            {
                "name": "合同专用章",
                "company_id": company.id,
                "keeper_ids": [Command.set(self.person("office").ids)],
            }
        )

    def _authority(self, company, **values):
        authority = (
            self.env["parts.contract.authority"]
            .with_user(self.person("office"))
            .create({"company_id": company.id, "date_start": "2020-01-01", **values})
        )
        authority.with_user(self.person("legal")).action_check()

    def sign(self, contract):
        """Have the customer sign on the portal, us here, and seal what was approved."""
        version = contract.sudo().open_version_id
        signatures = self.env["parts.contract.signature"]
        theirs = self.env["parts.contract.authority"].search(
            [
                ("side", "=", "theirs"),
                ("partner_id", "=", contract.commercial_partner_id.id),
            ],
            limit=1,
        )
        self.env["parts.contract.sealing"].with_user(self.person("office")).create(
            {"version_id": version.id, "seal_id": self.seal.id, "copies": 2}
        )
        signatures.sudo()._sign_on_portal(version, theirs.name, self._drawing())
        contract.with_user(self.person("gm")).action_sign("ours")
        self.env["parts.contract.custody"].with_user(self.person("office")).create(
            {
                "version_id": version.id,
                "kind": "filed",
                "copies": 1,
                "place": "档案室 3号柜",
            }
        )

    def _drawing(self):
        image = Image.new("RGBA", (300, 90), (255, 255, 255, 0))
        points = [(20, 60), (60, 20), (80, 70), (120, 30), (170, 65), (260, 35)]
        ImageDraw.Draw(image).line(points, fill="navy", width=4)
        stream = io.BytesIO()
        image.save(stream, "PNG")
        return base64.b64encode(stream.getvalue()).decode()

    def _pdf(self):
        writer = OdooPdfFileWriter()
        writer.addBlankPage(400, 500)
        stream = io.BytesIO()
        writer.write(stream)
        return base64.b64encode(stream.getvalue())
