from odoo import api, models
from odoo.tools import SQL

from ..utils.row_reader import SEPARATOR
from ..utils.vehicle_name import name_key


def _spelling(name):
    """Return a name without what spellings of it differ in."""
    return name_key(name) or name.casefold()


class PartsCatalogLoaderVehicle(models.AbstractModel):
    """Vehicles are shared: fitments and customers name them. One that is gone from the
    file is archived, not deleted."""

    _name = "parts.catalog.loader.vehicle"
    _inherit = ["parts.catalog.loader"]
    _description = "Loader of Vehicles"

    _target = "parts.catalog.vehicle"
    _shared = True
    _loaded = (
        "generation",
        "year_from",
        "year_to",
        "engine",
        "engine_code",
        "displacement",
        "fuel",
        "power_kw",
        "drive",
        "body",
        "ktype",
        "vcdb_base_vehicle",
        "cn_code",
    )
    # What makes two rows of one model two vehicles
    _describing = (
        "generation",
        "engine",
        "engine_code",
        "displacement",
        "fuel",
        "year_from",
    )

    @api.model
    def _get_target_columns(self, job):
        """Override: what the file has no column for is left as it is."""
        meanings = set(job.column_ids.mapped("meaning"))
        if "years" in meanings:
            meanings |= {"year_from", "year_to", "generation"}
        told = tuple(column for column in self._loaded if column in meanings)
        return ("model_id", "make_id", *told, "active")

    @api.model
    def _get_identities(self, job):
        told = self._get_target_columns(job)
        same = tuple(name for name in self._describing if name in told)
        keys = tuple(name for name in ("ktype", "cn_code") if name in told)
        return (
            (("model_id",), ("model_id", *same)),
            *(((name,), (name,)) for name in keys),
        )

    @api.model
    def _create_load(self, job):
        """Override: all columns, so that vehicles can be told apart."""
        self.env.cr.execute(
            SQL(
                """CREATE TABLE %s AS
                   SELECT model_id, make_id, %s, active
                     FROM parts_catalog_vehicle WITH NO DATA""",
                self._sql_table(job, "load"),
                self._sql_columns(self._loaded),
            )
        )
        self.env.cr.execute(
            SQL(
                """ALTER TABLE %s ADD n serial, ADD line integer, ADD sheet text,
                   ADD times integer, ADD remove boolean, ADD held boolean""",
                self._sql_table(job, "load"),
            )
        )

    # === LOOKING UP === #

    @api.model
    def _look_up(self, job):
        self._map_makes(job)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(load)s (line, sheet, times, model_id, make_id,
                                      %(columns)s, active)
                SELECT min(s.line), min(s.sheet), count(*), m.model_id, m.make_id,
                       %(values)s, TRUE
                  FROM %(stage)s s
                  JOIN parts_import_named m ON m.make = s.make AND m.model = s.model
                 WHERE m.code IS NULL
              GROUP BY s.make, s.model, m.model_id, m.make_id, %(values)s
              ORDER BY min(s.line)
                """,
                load=self._sql_table(job, "load"),
                stage=self._sql_table(job, "stage"),
                columns=self._sql_columns(self._loaded),
                values=self._sql_columns(self._loaded, "s"),
            )
        )
        self._add_issues(
            job,
            SQL(
                """SELECT s.line, s.sheet,
                          CASE m.code WHEN 'make_unknown' THEN 'make' ELSE 'model' END,
                          m.code, concat_ws(' ', s.make, s.model),
                          concat(s.make, %s, s.model), FALSE
                     FROM %s s
                     JOIN parts_import_named m ON m.make = s.make AND m.model = s.model
                    WHERE m.code IS NOT NULL""",
                SEPARATOR,
                self._sql_table(job, "stage"),
            ),
        )
        self._hold_others(job)

    @api.model
    def _map_makes(self, job):
        """Look up makes and models, and create those that are missing, if wanted.

        ``parts_import_named``: ``make``, ``model`` as staged, ``make_id``,
        ``model_id``, ``code`` of what is not known. A check creates nothing: what
        would be created has no id.
        """
        said = self.env.execute_query(
            SQL("SELECT DISTINCT make, model FROM %s", self._sql_table(job, "stage"))
        )
        create = job.create_missing and job.goal == "load"
        names = sorted({make for make, _model in said})
        makes = self._find_makes(names)
        if create:
            makes.update(self._create_makes(job, [n for n in names if n not in makes]))
        models = self._find_models(said, makes)
        if create:
            missing = {}
            for make, model in said:
                make_id = makes.get(make)
                if make_id and (make_id, model) not in models:
                    missing.setdefault(make_id, set()).add(model)
            for make_id, wanted in missing.items():
                made = self._create_models(job, make_id, sorted(wanted))
                models.update({(make_id, name): id_ for name, id_ in made.items()})
        rows = []
        for make, model in said:
            make_id = makes.get(make)
            model_id = models.get((make_id, model))
            code = None
            if not job.create_missing and not model_id:
                code = "model_unknown" if make_id else "make_unknown"
            rows.append((make, model, make_id, model_id, code))
        columns = [("make", "text"), ("model", "text"), ("make_id", "integer")]
        columns += [("model_id", "integer"), ("code", "text")]
        self._fill_temporary("named", columns, rows)

    @api.model
    def _find_models(self, said, makes):
        """Return the dict of (make id, name) to model id of those that are known.

        :param said: pairs of make and model
        :param dict makes: name of a make to its id
        """
        by_make = {}
        for make, model in said:
            if makes.get(make):
                by_make.setdefault(makes[make], set()).add(model)
        models = {}
        Model = self.env["parts.catalog.model"].sudo()
        for make_id, wanted in by_make.items():
            make = self.env["parts.catalog.make"].sudo().browse(make_id)
            found = Model._find_by_names(make, sorted(wanted))
            models.update({(make_id, n): id_ for n, id_ in found.items() if id_})
        return models

    @api.model
    def _create_makes(self, job, names):
        """Create makes as who started the import; spellings of one are one."""
        found = {}
        for name in names:
            same = {_spelling(n): id_ for n, id_ in found.items()}
            makes = self.env["parts.catalog.make"].with_user(job.user_id)
            if _spelling(name) not in same:
                make = makes.create({"name": name})
                self._note_made(job, make)
                same[_spelling(name)] = make.id
            found[name] = same[_spelling(name)]
        return found

    @api.model
    def _create_models(self, job, make_id, names):
        found = {}
        models = self.env["parts.catalog.model"].with_user(job.user_id)
        for name in names:
            same = {_spelling(n): id_ for n, id_ in found.items()}
            if _spelling(name) not in same:
                model = models.create({"name": name, "make_id": make_id})
                self._note_made(job, model)
                same[_spelling(name)] = model.id
            found[name] = same[_spelling(name)]
        return found

    # === SWITCH === #

    @api.model
    def _sql_kept(self, job):
        """Override: vehicles of a model of which a row cannot be read stay."""
        said = self.env.execute_query(
            SQL(
                """SELECT DISTINCT part FROM parts_catalog_import_issue
                    WHERE import_id = %s AND part IS NOT NULL""",
                job.id,
            )
        )
        pairs = [tuple(part.partition(SEPARATOR)[::2]) for [part] in said]
        makes = self._find_makes(sorted({make for make, _model in pairs}))
        models = self._find_models(pairs, makes)
        return SQL("o.model_id = ANY(%s)", list(models.values()))

    @api.model
    def _sql_gone(self, job):
        """Override: what is archived already is not removed once more."""
        return SQL(
            "SELECT g.id FROM (%s) g JOIN parts_import_old a ON a.id = g.id"
            " WHERE a.active",
            super()._sql_gone(job),
        )

    @api.model
    def _remove(self, job):
        """Override: archive, because fitments and customers may name the vehicle."""
        self.env.cr.execute(
            SQL(
                """UPDATE parts_catalog_vehicle SET active = FALSE
                    WHERE id IN (SELECT id FROM parts_import_gone)"""
            )
        )

    @api.model
    def _undo_added(self, job, values):
        """Override: what is in use is archived."""
        used = [
            SQL(
                "EXISTS (SELECT FROM %s u WHERE u.%s = v.id)",
                SQL.identifier(table),
                SQL.identifier(column),
            )
            for table, column in self._get_references(self.env[self._target]._table)
        ]
        self.env.cr.execute(
            SQL(
                "UPDATE %(table)s v SET active = FALSE"
                " WHERE id IN (SELECT id FROM %(new)s)",
                **values,
            )
        )
        self.env.cr.execute(
            SQL(
                "DELETE FROM %(table)s v WHERE id IN (SELECT id FROM %(new)s)"
                " AND NOT (%(used)s)",
                **values,
                used=SQL(" OR ").join(used) if used else SQL("FALSE"),
            )
        )
