from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import escape_psql

from ..utils.vehicle_name import name_key, name_keys


class PartsCatalogAlias(models.Model):
    """What else a make or a model is called: VW and 大众 for Volkswagen.

    A make or model that the trade calls by other names gets them when it is made;
    they may be changed or deleted like any other.
    """

    _name = "parts.catalog.alias"
    _description = "Other Name of a Make or Model"
    _order = "name, id"

    name = fields.Char(required=True)
    key = fields.Char(
        string="Search Key",
        required=True,
        readonly=True,
        copy=False,
        help="Letters and digits of the name: how it is found in any spelling.",
    )
    make_id = fields.Many2one(
        comodel_name="parts.catalog.make",
        index="btree_not_null",
        ondelete="cascade",
    )
    model_id = fields.Many2one(
        comodel_name="parts.catalog.model",
        index="btree_not_null",
        ondelete="cascade",
    )

    _key_given = models.Constraint(
        "CHECK (key <> '')", "A name needs at least one letter or digit."
    )
    _one_owner = models.Constraint(
        "CHECK (num_nonnulls(make_id, model_id) = 1)",
        "Another name belongs to exactly one make or model.",
    )
    _make_once = models.UniqueIndex(
        "(key) WHERE make_id IS NOT NULL", "Another make is called so already."
    )
    _model_once = models.UniqueIndex(
        "(key, model_id) WHERE model_id IS NOT NULL",
        "This model has this name already, perhaps in another spelling.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_key(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._with_key(vals))

    @api.model
    def _with_key(self, vals):
        """Return ``vals`` with the key that belongs to the name, and no other."""
        vals = {name: value for name, value in vals.items() if name != "key"}
        if "name" in vals:
            name = " ".join((vals["name"] or "").split())
            if not name_key(name):
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is no name: write at least one letter or digit.",
                        name=name,
                    )
                )
            vals.update(name=name, key=name_key(name))
        return vals

    # === BUSINESS METHODS === #

    @api.model
    def _add_usual(self, records):
        """Give new makes or models the other names that the trade uses.

        A name that another make, or another model of the make, has already is left
        to it.
        :param records: parts.catalog.make or parts.catalog.model records
        """
        wanted = {}
        for record in records:
            for name in record._get_usual_aliases():
                place = (record._get_alias_scope(), name_key(name))
                wanted.setdefault(place, (record, name))
        if not wanted:
            return
        scopes = records._get_alias_scope_domain()
        taken = {
            (records.browse(id_)._get_alias_scope(), name_key(name))
            for id_, name, _is_alias in self._read_names(records.browse(), scopes)
        }
        owner = self._get_owner_field(records)
        self.create(
            [
                {"name": name, owner: record.id}
                for place, (record, name) in wanted.items()
                if place not in taken
            ]
        )

    @api.model
    def _get_owner_field(self, records):
        return "make_id" if records._name == "parts.catalog.make" else "model_id"

    @api.model
    def _read_names(self, records, domain):
        """Return triples (id, name, is alias): the names in every language first.

        One query; archived records are read, too.
        :param records: an empty recordset that gives the model
        """
        records = records.sudo().with_context(active_test=False)
        records.flush_model()
        self.flush_model()
        return self.env.execute_query(
            SQL(
                """
                WITH named AS (SELECT id, name FROM %(table)s WHERE id IN %(ids)s)
                SELECT n.id, t.value, FALSE
                  FROM named n, jsonb_each_text(n.name) t
                 UNION ALL
                SELECT n.id, a.name, TRUE
                  FROM named n JOIN parts_catalog_alias a ON a.%(owner)s = n.id
                 ORDER BY 3, 1
                """,
                table=SQL.identifier(records._table),
                owner=SQL.identifier(self._get_owner_field(records)),
                ids=records._search(domain).subselect(),
            )
        )

    @api.model
    def _find_by_names(self, records, names, domain=Domain.TRUE):
        """Return which records are called so, in any spelling and language.

        An own name goes before an alias; what is called by two equally is not found,
        for nobody could say which is meant.

        :param records: an empty recordset that gives the model
        :param names: iterable of texts
        :param domain: only among these
        :return: dict of those of ``names`` that are found to ids; one query
        """
        names = [name for name in dict.fromkeys(names) if name_key(name)]
        if not names:
            return {}
        own, other = {}, {}
        for id_, name, is_alias in self._read_names(records, domain):
            holders = other if is_alias else own
            holders.setdefault(name_key(name), set()).add(id_)
        found = {}
        for name in names:
            for key in name_keys(name):
                holders = own.get(key) or other.get(key) or ()
                if len(holders) == 1:
                    [found[name]] = holders
                if holders:
                    break
        return found

    @api.model
    def _get_named_domain(self, records, word, field="id"):
        """Return the domain of those whose name, in any language, holds a word.

        :param records: gives the model
        :param field: the field that holds the ids, on whatever model is searched
        """
        records.flush_model(["name"])
        self.flush_model()
        named = SQL(
            """(
                SELECT n.id
                  FROM %(table)s n
                 WHERE EXISTS (
                    SELECT FROM jsonb_each_text(n.name) t WHERE t.value ILIKE %(word)s
                 )
                 UNION ALL
                SELECT a.%(owner)s
                  FROM parts_catalog_alias a
                 WHERE a.%(owner)s IS NOT NULL AND a.key LIKE %(key)s
            )""",
            table=SQL.identifier(records._table),
            owner=SQL.identifier(self._get_owner_field(records)),
            word=f"%{escape_psql(word)}%",
            key=f"{name_key(word)}%" if name_key(word) else "",
        )
        return Domain(field, "in", named)
