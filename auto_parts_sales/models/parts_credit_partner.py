from odoo import api, models
from odoo.exceptions import UserError


class PartsCreditPartner(models.AbstractModel):
    """What credit control holds of a customer's own record.

    Odoo's credit limit is shown from the file, and a customer who owes something does
    not come under another company's credit unseen.
    """

    _name = "parts.credit.partner"
    _description = "Credit Control on Customers"

    @api.model
    def _controlled_ids(self):
        """Return the ids of companies with credit control on; costs no query where
        none has.
        """
        return self.env["res.company"]._parts_controlled_ids("credit")

    # === ODOO'S LIMIT === #

    @api.model
    def _check_core_limit(self, partners, value):
        """Refuse to write Odoo's credit limit beside the file.

        A contact may be given what his company has: Odoo does that by itself. Who may
        not read the limit is always refused: else he would learn it by trying.

        :raises UserError: in a company with the control on
        """
        company = self.env.company
        if company.id not in self._controlled_ids():
            return
        field = partners._fields["credit_limit"]
        if not partners._has_field_access(field, "write"):
            raise UserError(self._core_limit_sentence(partners[:1].sudo(), company))
        for partner in partners.sudo():
            entity = partner.commercial_partner_id
            shown = {partner.credit_limit, entity.credit_limit}
            if not any(
                company.currency_id.compare_amounts(value, limit) == 0
                for limit in shown
            ):
                raise UserError(self._core_limit_sentence(partner, company))

    @api.model
    def _core_limit_sentence(self, partner, company):
        return self.env._(
            "The credit limit of %(customer)s is what his credit file in %(company)s"
            " grants. Change it there: Auto Parts → Credit → Files.",
            customer=partner.display_name or self.env._("a new customer"),
            company=company.name,
        )

    # === OTHER PARENTS === #

    @api.model
    def _check_entity(self, partners, vals):
        """Refuse to bring customers with a file, debts or open orders under another
        commercial entity: that is proposed (CRD-3).

        :param dict vals: with ``parent_id`` or ``is_company``
        :raises UserError: if a company with the control on is concerned
        """
        company_ids = self._controlled_ids()
        if not company_ids:
            return
        for partner in partners.sudo():
            entity = self._entity_after(partner, vals)
            if entity == partner.commercial_partner_id:
                continue
            company = self._company_with_stake(partner, company_ids)
            if company:
                raise UserError(
                    self.env._(
                        "%(customer)s has a credit file, debts or open orders in"
                        " %(company)s: his debts would count for somebody else from now"
                        " on. Propose it: Auto Parts → Credit → Changes, “Other Parent"
                        " Company”.",
                        customer=partner.display_name,
                        company=company.name,
                    )
                )

    @api.model
    def _without_entity(self, vals):
        """Return ``vals`` without a commercial entity that somebody states over RPC:
        Odoo works it out from the parents, and his debts follow it.
        """
        if "commercial_partner_id" not in vals or not self._controlled_ids():
            return vals
        return {
            name: value
            for name, value in vals.items()
            if name != "commercial_partner_id"
        }

    @api.model
    def _entity_after(self, partner, vals):
        parent = partner.parent_id
        if "parent_id" in vals:
            parent = parent.browse(vals["parent_id"] or ())
        is_company = vals.get("is_company", partner.is_company)
        return partner if is_company or not parent else parent.commercial_partner_id

    @api.model
    def _company_with_stake(self, partner, company_ids):
        """Return a company among ``company_ids`` that has granted ``partner`` credit,
        or has debts or open orders of him or his contacts.
        """
        everybody = partner.with_context(active_test=False)
        tree = everybody.search([("id", "child_of", partner.id)]).ids
        where = [("company_id", "in", list(company_ids))]
        file = self.env["parts.credit.file"].sudo()
        found = file.search([*where, ("partner_id", "in", tree)], limit=1)
        if not found:
            orders = self.env["sale.order"].sudo()
            found = orders.search(
                [
                    *where,
                    ("state", "!=", "cancel"),
                    "|",
                    ("state", "!=", "sale"),
                    ("invoice_status", "!=", "invoiced"),
                    "|",
                    ("partner_id", "in", tree),
                    ("partner_invoice_id", "in", tree),
                ],
                limit=1,
            )
        if not found:
            lines = self.env["account.move.line"].sudo()
            found = lines.search(
                [
                    *where,
                    ("partner_id", "in", tree),
                    ("account_id.account_type", "=", "asset_receivable"),
                    ("parent_state", "!=", "cancel"),
                    ("reconciled", "=", False),
                    ("balance", "!=", 0),
                ],
                limit=1,
            )
        return found.company_id

    # === MERGING === #

    @api.model
    def _merge(self, sources, target):
        """Bring the files of customers that are merged into ``target`` together.

        The lower limit, the worse class, the shorter days and every mark remain, and
        the history of all files.

        :raises UserError: while an approval of one of the files runs
        """
        # A file lies with the commercial entity, whoever the merged ones become
        holder = target.sudo().commercial_partner_id
        concerned = sources | target | (holder - sources)
        files = self.env["parts.credit.file"].sudo().with_context(active_test=False)
        files = files.search([("partner_id", "in", concerned.ids)])
        changes = self.env["parts.credit.change"].sudo()
        changes = changes.search([("partner_id", "in", concerned.ids)])
        self._check_no_approval(files, changes)
        for own in files.grouped("company_id").values():
            kept = own.filtered(lambda file: file.partner_id == holder) or own[:1]
            self._merge_files(kept, own - kept, holder)
        changes.filtered(lambda one: one.partner_id in sources).partner_id = holder
        for name in ("parts.credit.lock", "parts.credit.core", "parts.credit.late"):
            rows = self.env[name].sudo()
            rows.search([("partner_id", "in", sources.ids)]).unlink()
        for company in self.env["res.company"].browse(self._controlled_ids()):
            # Odoo copies what the merged ones have over empty fields of the target
            shown = target.sudo().with_company(company).credit_limit
            for source in sources.sudo().with_company(company):
                source._parts_set_core_limit(shown)

    @api.model
    def _check_no_approval(self, files, changes):
        pending = (
            files.filtered(lambda file: file.state == "pending").partner_id
            | changes.filtered(lambda change: change.state == "pending").partner_id
        )
        if pending:
            raise UserError(
                self.env._(
                    "%s cannot be merged while a change of the credit waits for"
                    " approval: have it decided or withdrawn first.",
                    ", ".join(pending.mapped("display_name")),
                )
            )

    @api.model
    def _merge_files(self, kept, others, target):
        company = kept.company_id
        everything = kept | others
        granting = everything.filtered(lambda file: file.state in ("active", "expired"))
        vals = {"partner_id": target.id}
        if others:
            vals |= {
                # Who had no file in force had no credit
                "credit_limit": min(everything.mapped("credit_limit")),
                "term_days": min(everything.mapped("term_days")),
                "overdue_days_allowed": min(everything.mapped("overdue_days_allowed")),
                "risk_class": max(everything.mapped("risk_class")),
                "blocked": any(everything.mapped("blocked")),
                "defaulter": any(everything.mapped("defaulter")),
                "temporary_limit": 0.0,
                "temporary_until": False,
                "review_date": min(
                    filter(None, everything.mapped("review_date")), default=False
                ),
            }
            if granting != everything:
                vals["state"] = "draft"
            self._move_history(others, kept)
            if kept.group_file_id in others:
                kept.group_file_id = False
            members = others.member_ids - kept
            members.group_file_id = kept.group_file_id or kept
            names = ", ".join(others.partner_id.mapped("display_name"))
            kept.message_post(
                body=self.env._(
                    "Merged with the credit file of %(names)s (limits %(limits)s): the"
                    " lower limit, the worse class and every mark remain.",
                    names=names,
                    limits=", ".join(
                        company.currency_id.format(file.credit_limit) for file in others
                    ),
                )
            )
            others.state = "draft"
            others.unlink()
        # the partner is the merged one's still: no constraint of the file looks at him
        kept.write(vals)

    @api.model
    def _move_history(self, others, kept):
        """Move chatter, attachments, requests and changes to the file that remains."""
        for name, model_field, id_field in (
            ("mail.message", "model", "res_id"),
            ("ir.attachment", "res_model", "res_id"),
            ("mail.activity", "res_model", "res_id"),
            ("parts.approval", "res_model", "res_id"),
        ):
            records = self.env[name].sudo()
            records = records.search(
                [(model_field, "=", others._name), (id_field, "in", others.ids)]
            )
            records.write({id_field: kept.id})
        others.change_ids.file_id = kept
        self.env.flush_all()
