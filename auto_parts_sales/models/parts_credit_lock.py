from weakref import WeakKeyDictionary

from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import MAX_TRIES_ON_CONCURRENCY_FAILURE
from odoo.tools import SQL

# How often the cursor of a request lost the race for a row: it is the same cursor when
# Odoo runs the request again
_lost = WeakKeyDictionary()


class PartsCreditLock(models.Model):
    """One row per company and debtor, taken before any figure of credit is read.

    Odoo's transactions are REPEATABLE READ: of two that raise the same row, the second
    fails, Odoo runs it again, and then it sees what the first one did. A row that was
    only selected for update, or an advisory lock, would let it pass on its old
    snapshot.
    """

    _name = "parts.credit.lock"
    _description = "Credit Lock"
    _log_access = False

    company_id = fields.Many2one(
        comodel_name="res.company", required=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", required=True, ondelete="cascade", index=True
    )
    serial = fields.Integer(default=0)

    _holder_uniq = models.UniqueIndex("(company_id, partner_id)")

    @api.model
    def _take(self, company, debtors):
        """Lock the credit of ``debtors`` (commercial entities) in ``company``.

        Those who share a limit share the row of the group's head. It is found by the
        same statement, so that nothing is read before it; rows are taken in the order
        of ids, so that two callers never wait for each other.

        :raises UserError: if Odoo ran the request again as often as it does, and
            somebody else was faster each time
        """
        if not debtors:
            return
        sentence = self.env._(
            "Several people are using this customer's credit at this moment. Nothing"
            " was changed: please try again."
        )
        self.env["parts.credit.file"].flush_model(
            ["company_id", "partner_id", "group_file_id"]
        )
        cr = self.env.cr
        try:
            cr.execute(
                SQL(
                    """
                    INSERT INTO parts_credit_lock AS lock
                           (company_id, partner_id, serial)
                    SELECT DISTINCT %(company)s,
                           COALESCE(head.partner_id, debtor.id), 1
                      FROM unnest(%(debtors)s) AS debtor (id)
                 LEFT JOIN parts_credit_file AS file
                        ON file.company_id = %(company)s
                       AND file.partner_id = debtor.id
                 LEFT JOIN parts_credit_file AS head ON head.id = file.group_file_id
                  ORDER BY 2
               ON CONFLICT (company_id, partner_id)
                 DO UPDATE SET serial = lock.serial + 1
                    """,
                    company=company.id,
                    debtors=debtors.ids,
                )
            )
        except SerializationFailure as error:
            _lost[cr] = _lost.get(cr, 0) + 1
            if _lost[cr] < MAX_TRIES_ON_CONCURRENCY_FAILURE:
                raise
            del _lost[cr]
            raise UserError(sentence) from error
        _lost.pop(cr, None)
