from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import content_disposition, request
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal, pager


class PartsContractPortal(CustomerPortal):
    """The customer's contracts: list, page, PDF and signature.

    He sees his own only: logged in, those of his company; by the link, the one whose
    secret he holds. Nothing that is still being drawn up.
    """

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "parts_contract_count" in counters:
            contracts = request.env["parts.contract"].sudo()
            values["parts_contract_count"] = contracts.search_count(
                contracts._portal_domain(request.env.user.partner_id)
            )
        return values

    def _parts_contract(self, contract_id, access_token=None):
        """Return a contract as superuser, if whoever asks may see it.

        :raises MissingError, AccessError: else, without telling one from the other
            to the customer
        """
        contract = request.env["parts.contract"].sudo().browse(contract_id).exists()
        if not contract or not contract._is_shown():
            raise MissingError(request.env._("This contract does not exist."))
        user = request.env.user
        own = (
            not user._is_public()
            and user.share
            and user.partner_id.commercial_partner_id == contract.commercial_partner_id
        )
        secret = contract.access_token
        by_link = (
            isinstance(access_token, str) and secret and consteq(secret, access_token)
        )
        if own or by_link:
            return contract
        # one of ours looks at what the customer sees, with his own rights
        contract.with_env(request.env).check_access("read")
        return contract

    @http.route(
        ["/my/contracts", "/my/contracts/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_contracts(self, page=1, **_kwargs):
        """List the customer's contracts, newest first."""
        contracts = request.env["parts.contract"].sudo()
        domain = contracts._portal_domain(request.env.user.partner_id)
        pages = pager(
            url="/my/contracts",
            total=contracts.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        values = self._prepare_portal_layout_values()
        values.update(
            contracts=contracts.search(
                domain, limit=self._items_per_page, offset=pages["offset"]
            ),
            page_name="parts_contract",
            pager=pages,
            default_url="/my/contracts",
        )
        return request.render("auto_parts_sales.portal_my_contracts", values)

    @http.route(
        "/my/contracts/<int:contract_id>", type="http", auth="public", website=True
    )
    def portal_contract(
        self, contract_id, access_token=None, report_type=None, message=None, **_kwargs
    ):
        """Show one contract, or its PDF."""
        try:
            contract = self._parts_contract(contract_id, access_token)
        except (AccessError, MissingError):
            return request.redirect("/my")
        if report_type == "pdf":
            return self._parts_contract_pdf(contract)
        version = contract._shown_version()
        values = {
            "contract": contract,
            "version": version,
            "access_token": access_token,
            "page_name": "parts_contract",
            "message": message,
            "signed": version._signatures_standing("theirs"),
            "to_sign": version.state == "approved",
            # one of ours who looks at the page does not sign on it
            "may_sign": request.env.user._is_public() or request.env.user.share,
        }
        return request.render("auto_parts_sales.portal_contract", values)

    def _parts_contract_pdf(self, contract):
        """Return the filed PDF of a contract in force, else the text to sign."""
        version = contract._shown_version()
        filing = version.filing_ids[:1]
        if filing:
            content, name = filing._content(), filing.name
        else:
            report = request.env["ir.actions.report"].sudo()
            content, _kind = report._render_qweb_pdf(
                "auto_parts_sales.parts_contract_version_report", version.ids
            )
            name = f"{contract.name}.pdf".replace("/", "-")
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("X-Content-Type-Options", "nosniff"),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    @http.route(
        "/my/contracts/<int:contract_id>/sign",
        type="jsonrpc",
        auth="public",
        website=True,
    )
    def portal_contract_sign(
        self, contract_id, access_token=None, name=None, signature=None
    ):
        """Sign a contract for the customer.

        :param str name: as he wrote it
        :param str signature: what he drew, base64 of a picture
        :return: where to go on, or ``error`` with a sentence
        :rtype: dict
        """
        # the page of the signature sends it in the address
        access_token = access_token or request.httprequest.args.get("access_token")
        try:
            contract = self._parts_contract(contract_id, access_token)
        except (AccessError, MissingError):
            return {"error": request.env._("This contract does not exist.")}
        user = request.env.user
        if not (user._is_public() or user.share):
            return {
                "error": request.env._(
                    "The customer signs himself: nobody of the seller signs for him."
                )
            }
        version = contract.signing_version_id
        if not version:
            return {
                "error": request.env._("There is nothing to sign on this contract.")
            }
        partner = None if user._is_public() else user.partner_id
        try:
            with request.env.cr.savepoint():
                request.env["parts.contract.signature"].sudo()._sign_on_portal(
                    version,
                    name,
                    signature,
                    partner=partner,
                    address=request.httprequest.remote_addr,
                )
        except UserError as error:
            return {"error": str(error)}
        query = (
            f"?message=signed&access_token={access_token}"
            if access_token
            else ("?message=signed")
        )
        return {
            "force_refresh": True,
            "redirect_url": f"/my/contracts/{contract.id}{query}",
        }
