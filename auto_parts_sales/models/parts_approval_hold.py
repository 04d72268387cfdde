import logging
from contextvars import ContextVar

import psycopg2

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..exceptions import GateError
from ..utils import outermost

_logger = logging.getLogger(__name__)

ACTIVITY = "auto_parts_sales.mail_activity_type_parts_held"
# Whether a customer's act runs here and now
_acting = ContextVar("auto_parts_sales.acting", default=False)
# The methods in which a customer makes a document binding. What the customer did must
# stay when a gate holds the document, and no addon may go on as if it had passed: so
# each is wrapped outside of every override.
ENTRANCES = {
    ("payment.transaction", "_check_amount_and_confirm_order"): (
        lambda txs, proceed: txs._parts_around_check_amount_and_confirm_order(proceed)
    ),
    ("payment.transaction", "_post_process"): (
        lambda txs, proceed: txs._parts_around_post_process(proceed)
    ),
    ("sale.order", "_validate_order"): (
        lambda orders, proceed: orders._parts_around_validate_order(proceed)
    ),
    ("sale.order", "action_confirm"): (
        lambda orders, proceed: orders._parts_around_action_confirm(proceed)
    ),
}


class PartsApprovalHold(models.Model):
    """A document that its customer made binding, and that its gate holds.

    Written by the engine alone: no role has create, write or unlink. While a hold is
    open the document is tried again when what held it is gone.
    """

    _name = "parts.approval.hold"
    _inherit = ["parts.approval.document.mixin"]
    _description = "Held Document"
    _order = "id desc"
    _rec_name = "document_name"

    cause = fields.Selection(
        selection=[
            ("signature", "Signature"),
            ("payment", "Payment"),
            ("other", "Order without Payment"),
        ],
        string="What the Customer Did",
        required=True,
    )
    date = fields.Datetime(required=True)
    terms = fields.Json(help="What the customer agreed to.")
    released_date = fields.Datetime(string="Ended on")
    released_reason = fields.Selection(
        selection=[
            ("confirmed", "Confirmed"),
            ("cancelled", "Cancelled"),
            ("deleted", "Deleted"),
            ("lapsed", "Signature or payment is gone"),
        ],
        string="How It Ended",
    )

    _one_open = models.UniqueIndex(
        "(res_model, res_id) WHERE released_date IS NULL",
        "This document is held already.",
    )

    # === ENTRANCES === #

    def _register_hook(self):
        result = super()._register_hook()
        outermost.wrap(self.env.registry, ENTRANCES)
        return result

    def _unregister_hook(self):
        result = super()._unregister_hook()
        outermost.unwrap(self.env.registry, ENTRANCES)
        return result

    @api.model
    def _act(self, documents, act):
        """Return ``act()``, in which a customer makes ``documents`` binding.

        It runs in a savepoint. A gate that holds a document takes back what ``act``
        did, and nothing before it; the documents are held. Acts nest: the outermost
        one has the savepoint.

        :param documents: those of them that no control watches are not held
        :param act: a function without arguments
        :return: what ``act`` returns, None when it was taken back
        """
        documents = documents._parts_hold_watched()
        if not documents or _acting.get():
            return act()
        token = _acting.set(True)
        try:
            with self.env.cr.savepoint():
                return act()
        except GateError as error:
            blocks = error.blocks
        finally:
            _acting.reset(token)
        self.sudo()._hold(documents.sudo(), blocks)  # no role writes holds
        return None

    # === HOLDING === #

    @api.model
    def _open_of(self, documents):
        """Return ``{document id: its open hold}``, as superuser."""
        if not documents.ids:
            return {}
        holds = self.sudo().search_fetch(
            [
                ("res_model", "=", documents._name),
                ("res_id", "in", documents.ids),
                ("released_date", "=", False),
            ],
            ["res_id"],
        )
        return {hold.res_id: hold for hold in holds}

    @api.model
    def _hold(self, documents, blocks):
        """Note that the customer did his part of ``documents`` and ``blocks`` hold
        them. What is held already stays so, without telling anybody twice.
        """
        documents = documents.exists().filtered(lambda doc: doc._parts_hold_waits())
        if not documents:
            return
        self._touch(documents)
        earlier = self._open_of(documents)
        documents._parts_hold_mark()
        for document in documents:
            vals = {
                "cause": document._parts_hold_cause(),
                "date": fields.Datetime.now(),
                "terms": document._parts_hold_terms(),
            }
            hold = earlier.get(document.id)
            if not hold:
                hold = self.create({**self._prepare_hold_vals(document), **vals})
                hold._tell(document, blocks)
            elif (hold.cause, hold.terms) != (vals["cause"], vals["terms"]):
                hold.write(vals)
        documents._parts_hold_changed()

    @api.model
    def _prepare_hold_vals(self, document):
        return {
            "company_id": document.company_id.id,
            "res_model": document._name,
            "res_id": document.id,
            "document_name": document.display_name,
        }

    @api.model
    def _touch(self, documents):
        """Have two acts on one document at the same moment conflict: the later one is
        run again by Odoo, and finds the hold of the first.
        """
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s SET write_date = write_date WHERE id IN %(ids)s",
                table=SQL.identifier(documents._table),
                ids=tuple(documents.ids),
            )
        )

    # === TELLING === #

    def _tell(self, document, blocks):
        """Tell the owner, and note for colleagues what holds the document.

        Nothing of it is for the customer: the note is internal, from the system.
        """
        self.ensure_one()
        document = document.with_user(SUPERUSER_ID)
        owner = document._parts_hold_owner()
        lang = owner.lang or document.company_id.partner_id.lang or self.env.lang
        hold, document = self.with_context(lang=lang), document.with_context(lang=lang)
        if owner:
            document.activity_schedule(
                ACTIVITY, user_id=owner.id, summary=hold._summary()
            )
        if hasattr(document, "message_post"):
            document.message_post(
                body=self.env["ir.qweb"]
                .with_context(lang=lang)
                ._render(
                    "auto_parts_sales.parts_approval_hold_note",
                    {
                        "sentence": hold._sentence(document),
                        "messages": hold._messages(document, blocks),
                    },
                ),
                subtype_xmlid="mail.mt_note",
            )

    @api.model
    def _messages(self, document, blocks):
        """Return what holds ``document``, as sentences in the language of the record.

        ``blocks`` are worded in the customer's language: they serve only where nothing
        is found any more.
        """
        standing = [
            block["message"]
            for block in document._parts_gate_preview()
            if block["state"] != "granted"
        ]
        return standing or [
            block["message"]
            for block in blocks
            if (block["res_model"], block["res_id"]) == (document._name, document.id)
        ]

    def _summary(self):
        self.ensure_one()
        return self.env._(
            "%(document)s is held: the customer did his part",
            document=self.document_name,
        )

    def _sentence(self, document):
        """Return what the customer did and what follows, for colleagues.

        :param document: that of this hold
        """
        self.ensure_one()
        date = format_date(self.env, self.date)
        if self.cause == "signature":
            done = self.env._("The customer signed on %(date)s", date=date)
        elif self.cause == "payment":
            done = self.env._("The customer paid on %(date)s", date=date)
        else:
            done = self.env._("The customer ordered on %(date)s", date=date)
        if document._parts_hold_terms() != self.terms:
            return self.env._(
                "%(done)s; the document was changed since then, so somebody has to"
                " confirm it.",
                done=done,
            )
        return self.env._(
            "%(done)s; it will be confirmed as soon as nothing holds it.", done=done
        )

    # === RELEASING === #

    def _document(self):
        """Return the document, as superuser; empty if it is gone."""
        self.ensure_one()
        return self.env[self.res_model].sudo().browse(self.res_id).exists()

    def _release(self, reason):
        """Close these holds; ``reason`` is a key of :attr:`released_reason`."""
        now = fields.Datetime.now()
        self.sudo().write({"released_date": now, "released_reason": reason})
        for hold in self.sudo():
            document = hold._document()
            if document:
                if hasattr(document, "activity_unlink"):
                    document.activity_unlink([ACTIVITY])
                document._parts_hold_changed()

    @api.model
    def _release_of(self, documents, reason):
        """Close the open holds of ``documents``: somebody decided for himself."""
        for hold in self._open_of(documents).values():
            hold._release(reason)

    @api.model
    def _approved(self, document, approval):
        """Try a held document again when the last approval it waited for is granted."""
        if approval.state != "approved":
            return
        hold = self._open_of(document).get(document.id)
        if not hold or self._waits_for_approval(document):
            return
        # In the name of the system: the decider confirms nothing
        hold.with_env(self.env(user=SUPERUSER_ID, context={}))._try()

    @api.model
    def _waits_for_approval(self, document):
        domain = [
            ("res_model", "=", document._name),
            ("res_id", "=", document.id),
            ("state", "=", "pending"),
        ]
        return bool(self.env["parts.approval"].sudo().search(domain, limit=1))

    def _try(self):
        """Confirm the document as the customer's act, if nothing holds it any more.

        Whatever goes wrong is logged and leaves the document held.

        :raises psycopg2.OperationalError: somebody else writes at the same moment; to
            be run again from the start
        """
        self.ensure_one()
        document = self._document()
        if not document:
            return self._release("deleted")
        if not document._parts_hold_waits():
            cancelled = document._parts_hold_cancelled()
            return self._release("cancelled" if cancelled else "confirmed")
        if not document._parts_hold_done(self.cause):
            return self._release("lapsed")
        if document._parts_hold_terms() != self.terms:
            return None  # not what the customer agreed to: the owner decides
        document = document.with_company(document.company_id)
        if self._safely(document, document._parts_hold_confirm):
            if not document._parts_hold_waits():
                self._release("confirmed")
                self._safely(document, document._parts_hold_follow_up)
        return None

    @api.model
    def _safely(self, document, act):
        """Call ``act`` in a savepoint; return whether it raised nothing."""
        try:
            with self.env.cr.savepoint():
                act()
        except psycopg2.OperationalError:
            raise
        except GateError:
            return False
        except Exception:
            _logger.exception("Held document %s could not be confirmed", document)
            return False
        return True

    @api.model
    def _cron_try_all(self):
        """Try every document that is held, one by one."""
        cron = self.env["ir.cron"]
        ids = self.search([("released_date", "=", False)], order="id").ids
        cron._commit_progress(remaining=len(ids))
        for hold in map(self.browse, ids):  # each alone: others may be gone meanwhile
            try:
                if hold.try_lock_for_update() and not hold.released_date:
                    hold._try()
            except psycopg2.OperationalError:
                self.env.cr.rollback()  # somebody was faster; the next run looks again
            if not cron._commit_progress(processed=1):
                break
