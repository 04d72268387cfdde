from odoo import api, models
from odoo.tools import SQL, split_every

from .parts_commission_booking import NOTHING, Booked
from .parts_commission_origin_mixin import ORIGIN_LINKS, ORIGIN_NAMES

BATCH = 5000
# No currency has more decimals: what is left of a float's error goes here
DECIMALS = 6
DEFAULTS = {"factor": 1.0, "partial_ref": 0, "days_late": 0}


class PartsCommissionLedger(models.AbstractModel):
    """Reads and appends the ledger's entries on promises, set by set.

    By SQL: an invoice of 500 lines books 500 entries with each payment, while an
    accountant waits. No stored field of another model may depend on entries.
    """

    _name = "parts.commission.ledger"
    _description = "Commission Ledger"

    # === READING === #

    @api.model
    def _get_booked(self, bases):
        """Return what the ledger holds of promises, in one query.

        :return: two dictionaries, {basis id: {(partial id, date): `Booked`}} of
            collections and {basis id: {(partial id, date, cause): (amount in invoice
            currency, amount, last id)}} of lateness
        """
        collected, late = {}, {}
        if not bases:
            return collected, late
        self.env["parts.commission.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT basis_id, COALESCE(partial_ref, 0), date,
                       CASE WHEN kind = 'lateness' THEN cause END AS late,
                       SUM(collected_currency)::float8,
                       SUM(amount_currency)::float8,
                       SUM(collected)::float8,
                       SUM(amount)::float8,
                       MAX(id) FILTER (WHERE kind <> 'correction')
                  FROM parts_commission_entry
                 WHERE basis_id IN %(ids)s
                   AND kind IN ('collection', 'correction', 'lateness')
              GROUP BY 1, 2, 3, 4
              ORDER BY 1, 3, 2
                """,
                ids=tuple(bases.ids),
            )
        )
        for basis_id, partial_ref, date, cause, *sums, last_id in rows:
            if cause:
                row = (sums[1] or 0.0, sums[3] or 0.0, last_id)
                late.setdefault(basis_id, {})[partial_ref, date, cause] = row
                continue
            row = Booked(*(x or 0.0 for x in sums), last_id or NOTHING.last_id)
            collected.setdefault(basis_id, {})[partial_ref, date] = row
        return collected, late

    # === APPENDING === #

    @api.model
    def _append(self, bases, vals_list):
        """Append entries.

        The first promise of each invoice is written first: of two transactions that
        book on one invoice, each on its own snapshot, the second fails and is run
        again.

        :param bases: all promises of the invoices that are booked on, in their order
        :param vals_list: values of entries on these promises; what an entry repeats
            of its promise need not be among them
        :return: the new `parts.commission.entry` records
        """
        entries = self.env["parts.commission.entry"]
        if not vals_list:
            return entries
        self._lock(bases, {vals["basis_id"] for vals in vals_list})
        bases.flush_model()
        ids = []
        for batch in split_every(BATCH, vals_list, list):
            ids += self._insert(batch)
        bases.invalidate_model(["entry_ids", "booked", "locked"], flush=False)
        return entries.browse(ids)

    @api.model
    def _lock(self, bases, touched):
        heads, locked = {}, set()
        for basis in bases:
            key = basis.move_id.id or -basis.id
            head = heads.setdefault(key, basis.id)
            if basis.id in touched:
                locked.add(head)
        self.env.execute_query(
            SQL(
                "UPDATE parts_commission_basis SET serial = COALESCE(serial, 0) + 1"
                " WHERE id IN %s RETURNING id",
                tuple(sorted(locked)),
            )
        )

    @api.model
    def _insert(self, vals_list):
        names = sorted(set().union(*vals_list))
        columns = {
            name: SQL("v.%s", SQL.identifier(name))
            for name in names
            if name != "basis_id"
        }
        repeated = self._get_repeated_columns()
        columns = {**repeated, **columns, **self._get_log_columns()}
        arrays = [self._get_array(name, vals_list) for name in names]
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO parts_commission_entry (basis_id, %(columns)s)
                SELECT basis.id, %(values)s
                  FROM unnest(%(arrays)s) WITH ORDINALITY AS v(%(names)s, place)
                  JOIN parts_commission_basis basis ON basis.id = v.basis_id
                  JOIN res_company company ON company.id = basis.company_id
              ORDER BY v.place
             RETURNING id
                """,
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(columns.values()),
                arrays=SQL(", ").join(arrays),
                names=SQL(", ").join(map(SQL.identifier, names)),
            )
        )
        return [entry_id for [entry_id] in rows]

    @api.model
    def _get_repeated_columns(self):
        """Return {name: SQL} of what an entry repeats of its promise."""
        names = (*ORIGIN_LINKS, *ORIGIN_NAMES, "role")
        return {
            **{name: SQL("basis.%s", SQL.identifier(name)) for name in names},
            "currency_id": SQL("company.currency_id"),
            "invoice_currency_id": SQL("basis.currency_id"),
            "rate": SQL("ROUND((basis.rate * basis.share / 100)::numeric, 4)"),
            "factor": SQL("1.0"),
        }

    @api.model
    def _get_log_columns(self):
        user_id, now = self.env.uid, self.env.cr.now()
        return {
            "create_uid": SQL("%s", user_id),
            "write_uid": SQL("%s", user_id),
            "create_date": SQL("%s", now),
            "write_date": SQL("%s", now),
        }

    @api.model
    def _get_array(self, name, vals_list):
        """Return one column of values as an SQL array."""
        field = self.env["parts.commission.entry"]._fields[name]
        default = DEFAULTS.get(name)
        values = [vals.get(name, default) for vals in vals_list]
        if field.type in ("monetary", "float"):
            values = [round(value or 0.0, DECIMALS) for value in values]
        elif field.type not in ("boolean", "integer"):
            values = [value or None for value in values]
        return SQL("%s::%s[]", values, SQL(field.column_type[1]))
