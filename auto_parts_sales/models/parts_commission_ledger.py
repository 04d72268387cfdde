from datetime import date

from odoo import api, models
from odoo.tools import SQL, split_every

from .parts_commission_booking import DAY_BITS, DECIMALS, Booked, Sums
from .parts_commission_origin_mixin import ORIGIN_NAMES

BATCH = 5000
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
    def _sum_up(self, promises):
        """Return what the ledger holds of promises, over all their collections.

        In one query that returns a row for each promise, however often it was booked
        on. Looked up one by one: grouped, PostgreSQL may start workers for it, which
        takes longer than the whole.

        :param promises: list of `Promised`
        :return: {promise id: `Sums`} of those on which anything was booked
        """
        if not promises:
            return {}
        self.env["parts.commission.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT promise.id, booked.*
                  FROM unnest(%(ids)s) promise(id)
                 CROSS JOIN LATERAL (
                       SELECT COALESCE(SUM(collected_currency), 0)::float8,
                              COALESCE(SUM(amount_currency)
                                  FILTER (WHERE kind <> 'lateness'), 0)::float8,
                              BOOL_OR(kind = 'lateness'),
                              ARRAY_AGG(
                                  (COALESCE(partial_ref, 0)::bigint << %(day_bits)s)
                                  + (date - %(first_day)s::date + 1)
                              ),
                              ARRAY_AGG(COALESCE(collected_currency, 0)::float8)
                         FROM parts_commission_entry
                        WHERE basis_id = promise.id
                          AND kind IN ('collection', 'correction', 'lateness')
                       HAVING COUNT(*) > 0
                       ) booked
                """,
                ids=[promise.id for promise in promises],
                day_bits=DAY_BITS,
                first_day=date.min,
            )
        )
        return {basis_id: Sums(*sums) for basis_id, *sums in rows}

    @api.model
    def _get_booked(self, promises):
        """Return what the ledger holds of promises, collection by collection.

        :return: two dictionaries, {promise id: {(partial id, date): `Booked`}} of
            collections and {promise id: {(partial id, date, cause): (amount in invoice
            currency, amount, last id)}} of lateness
        """
        collected, late = {}, {}
        if not promises:
            return collected, late
        self.env["parts.commission.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT basis_id, COALESCE(partial_ref, 0), date,
                       CASE WHEN kind = 'lateness' THEN cause END AS late,
                       COALESCE(SUM(collected_currency), 0)::float8,
                       COALESCE(SUM(amount_currency), 0)::float8,
                       COALESCE(SUM(collected), 0)::float8,
                       COALESCE(SUM(amount), 0)::float8,
                       COALESCE(MAX(id) FILTER (WHERE kind <> 'correction'), 0)
                  FROM parts_commission_entry
                 WHERE basis_id = ANY(%(ids)s)
                   AND kind IN ('collection', 'correction', 'lateness')
              GROUP BY 1, 2, 3, 4
              ORDER BY 1, 3, 2
                """,
                ids=[promise.id for promise in promises],
            )
        )
        for basis_id, partial_ref, day, cause, *sums in rows:
            if cause:
                _collected, amount_currency, _money, amount, last_id = sums
                row = (amount_currency, amount, last_id)
                late.setdefault(basis_id, {})[partial_ref, day, cause] = row
            else:
                row = Booked(*sums)
                collected.setdefault(basis_id, {})[partial_ref, day] = row
        return collected, late

    # === APPENDING === #

    @api.model
    def _append(self, promises, vals_list):
        """Append entries.

        The first promise of each invoice is written first: of two transactions that
        book on one invoice, each on its own snapshot, the second fails and is run
        again.

        :param promises: list of `Promised`, all of the invoices that are booked on
        :param vals_list: values of entries on these promises; what an entry repeats
            of its promise need not be among them
        :return: the new `parts.commission.entry` records
        """
        entries = self.env["parts.commission.entry"]
        if not vals_list:
            return entries
        self._lock(promises, {vals["basis_id"] for vals in vals_list})
        ids = []
        for batch in split_every(BATCH, vals_list, list):
            ids += self._insert(batch)
        bases = self.env["parts.commission.basis"]
        bases.invalidate_model(["entry_ids", "booked", "locked"], flush=False)
        return entries.browse(ids)

    @api.model
    def _lock(self, promises, touched):
        heads, locked = {}, set()
        for promise in promises:
            head = heads.setdefault(promise.move_id, promise.id)
            if promise.id in touched:
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
        columns, arrays = self._get_repeated_columns(), {}
        for name in sorted(set().union(*vals_list)):
            values = self._get_values(name, vals_list)
            cast = SQL(self._get_field(name).column_type[1])
            if name == "basis_id" or any(value != values[0] for value in values):
                arrays[name] = SQL("%s::%s[]", values, cast)
                columns[name] = SQL("v.%s", SQL.identifier(name))
            else:
                # most of what a payment says is the same for all lines
                columns[name] = SQL("%s::%s", values[0], cast)
        del columns["basis_id"]
        columns.update(self._get_log_columns())
        rows = self.env.execute_query(
            SQL(
                """
                INSERT INTO parts_commission_entry (basis_id, %(columns)s)
                SELECT basis.id, %(values)s
                  FROM unnest(%(arrays)s) WITH ORDINALITY AS v(%(names)s, place)
                  JOIN parts_commission_basis basis ON basis.id = v.basis_id
              ORDER BY v.place
             RETURNING id
                """,
                columns=SQL(", ").join(map(SQL.identifier, columns)),
                values=SQL(", ").join(columns.values()),
                arrays=SQL(", ").join(arrays.values()),
                names=SQL(", ").join(map(SQL.identifier, arrays)),
            )
        )
        return [entry_id for [entry_id] in rows]

    @api.model
    def _get_repeated_columns(self):
        """Return {name: SQL} of what an entry repeats of its promise."""
        names = ("company_id", "user_id", *ORIGIN_NAMES, "role")
        return {
            **{name: SQL("basis.%s", SQL.identifier(name)) for name in names},
            "rate": SQL("ROUND((basis.rate * basis.share / 100)::numeric, 4)"),
            "factor": SQL("1.0"),
        }

    @api.model
    def _get_log_columns(self):
        # An entry is never written: nobody wrote it last
        user_id, now = self.env.uid, self.env.cr.now()
        return {
            "create_uid": SQL("%s", user_id),
            "create_date": SQL("%s", now),
            "write_date": SQL("%s", now),
        }

    @api.model
    def _get_field(self, name):
        return self.env["parts.commission.entry"]._fields[name]

    @api.model
    def _get_values(self, name, vals_list):
        """Return one column of values as it is written to the database."""
        field = self._get_field(name)
        default = DEFAULTS.get(name)
        values = [vals.get(name, default) for vals in vals_list]
        if field.type in ("monetary", "float"):
            return [round(value or 0.0, DECIMALS) for value in values]
        if field.type not in ("boolean", "integer"):
            return [value or None for value in values]
        return values
