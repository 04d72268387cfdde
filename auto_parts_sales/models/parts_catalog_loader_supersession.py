from odoo import api, models
from odoo.tools import SQL

CYCLES_NAMED = 100


class PartsCatalogLoaderSupersession(models.AbstractModel):
    _name = "parts.catalog.loader.supersession"
    _inherit = ["parts.catalog.loader"]
    _description = "Loader of Supersessions"

    _target = "parts.catalog.supersession"
    _loaded = (
        "old_number",
        "old_key",
        "new_number",
        "new_key",
        "make_id",
        "group_id",
        "brand_id",
        "date",
        "mode",
        "two_way",
        "ratio",
        "active",
    )
    _identities = (
        (
            ("old_key", "new_key"),
            ("old_key", "new_key", "make_id", "group_id", "brand_id"),
        ),
    )

    @api.model
    def _look_up(self, job):
        self._map_owners(job)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO %(load)s (line, sheet, times, old_number, old_key,
                                      new_number, new_key, make_id, group_id, brand_id,
                                      date, mode, two_way, ratio, active)
                SELECT DISTINCT ON (s.old_key, s.new_key, o.make_id, o.group_id,
                                    o.brand_id)
                       s.line, s.sheet,
                       count(*) OVER (PARTITION BY s.old_key, s.new_key, o.make_id,
                                                   o.group_id, o.brand_id),
                       s.old_number, s.old_key, s.new_number, s.new_key, o.make_id,
                       o.group_id, o.brand_id, s.date, s.mode, s.two_way, s.ratio, TRUE
                  FROM %(stage)s s
                  JOIN parts_import_owner o ON o.owner = s.owner
                   AND num_nonnulls(o.make_id, o.group_id, o.brand_id) = 1
              ORDER BY s.old_key, s.new_key, o.make_id, o.group_id, o.brand_id, s.line
                """,
                load=self._sql_table(job, "load"),
                stage=self._sql_table(job, "stage"),
            )
        )
        self.env.cr.execute(
            SQL(
                """UPDATE %s l SET held = TRUE
                     FROM parts_catalog_supersession o
                    WHERE o.source_id IS DISTINCT FROM %s AND o.active AND %s""",
                self._sql_table(job, "load"),
                job.source_id.id,
                self._sql_join(*self._identities[0]),
            )
        )

    @api.model
    def _after_switch(self, job):
        """Work out the ends of chains again, and name those that run in a circle."""
        supersessions = self.env["parts.catalog.supersession"]
        supersessions._resolve()
        if job.state == "done":
            return
        cycles = supersessions._find_cycles()
        job.env["parts.catalog.import.issue"]._add(
            job,
            (
                (0, None, None, "cycle", " → ".join(cycle), False, None, "switch")
                for cycle in cycles[:CYCLES_NAMED]
            ),
        )
        if cycles:
            self._count_issues(job)
