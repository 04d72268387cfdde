from odoo import api, models
from odoo.tools import SQL

# column: the table that it refers to, what happens when a row of that is deleted
REFERENCES = {
    "product_tmpl_id": ("product_template", "cascade"),
    "vehicle_id": ("parts_catalog_vehicle", "restrict"),
    "source_id": ("parts_catalog_source", "restrict"),
}
SLOTS = 64
FUNCTIONS = ("note", "look", "named", "moved", "gone")

# Who writes rows says so in one of the slots, which those who delete look at.
NOTE = """
CREATE OR REPLACE FUNCTION parts_catalog_fitment_note() RETURNS void
LANGUAGE sql AS $$
    UPDATE parts_catalog_fitment_guard SET writer = txid_current()
     WHERE slot = pg_backend_pid() % {slots}
       AND writer IS DISTINCT FROM txid_current()
$$
"""
# Locks all rows that are named, as a foreign key would; refuses what is not there.
LOOK = """
CREATE OR REPLACE FUNCTION parts_catalog_fitment_look(
    named_column text, named_table text, named integer[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    found bigint;
    missing integer;
BEGIN
    EXECUTE format(
        'SELECT count(*) FROM (
             SELECT FROM %I WHERE id = ANY($1) FOR KEY SHARE) locked',
        named_table) INTO found USING named;
    IF found < cardinality(named) THEN
        EXECUTE format(
            'SELECT n FROM unnest($1) n
              WHERE NOT EXISTS (SELECT FROM %I t WHERE t.id = n) LIMIT 1',
            named_table) INTO missing USING named;
        RAISE foreign_key_violation USING
            MESSAGE = format('%s %s of a fitment is not there', named_table, missing),
            TABLE = 'parts_catalog_fitment', COLUMN = named_column,
            CONSTRAINT = 'parts_catalog_fitment_' || named_column || '_fkey';
    END IF;
END
$$
"""
NAMED = """
CREATE OR REPLACE FUNCTION parts_catalog_fitment_named() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    named integer[];
BEGIN
    PERFORM parts_catalog_fitment_note();
    FOR i IN 0 .. TG_NARGS / 2 - 1 LOOP
        EXECUTE format(
            'SELECT array_agg(n) FROM (SELECT DISTINCT %I AS n FROM named_rows) d
              WHERE n IS NOT NULL', TG_ARGV[2 * i]) INTO named;
        PERFORM parts_catalog_fitment_look(TG_ARGV[2 * i], TG_ARGV[2 * i + 1], named);
    END LOOP;
    RETURN NULL;
END
$$
"""
MOVED = """
CREATE OR REPLACE FUNCTION parts_catalog_fitment_moved() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    named integer;
BEGIN
    PERFORM parts_catalog_fitment_note();
    FOR i IN 0 .. TG_NARGS / 2 - 1 LOOP
        EXECUTE format('SELECT ($1).%I', TG_ARGV[2 * i]) INTO named USING NEW;
        IF named IS NOT NULL THEN
            PERFORM parts_catalog_fitment_look(
                TG_ARGV[2 * i], TG_ARGV[2 * i + 1], ARRAY[named]);
        END IF;
    END LOOP;
    RETURN NULL;
END
$$
"""
# Rows written since this transaction began cannot be seen by it: it fails then, as with
# a foreign key, and is tried again.
GONE = """
CREATE OR REPLACE FUNCTION parts_catalog_fitment_gone() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
    used integer;
BEGIN
    PERFORM FROM parts_catalog_fitment_guard ORDER BY slot FOR SHARE;
    IF TG_ARGV[1] = 'cascade' THEN
        EXECUTE format(
            'DELETE FROM parts_catalog_fitment f USING gone_rows g WHERE f.%I = g.id',
            TG_ARGV[0]);
        RETURN NULL;
    END IF;
    EXECUTE format(
        'SELECT g.id FROM gone_rows g
          WHERE EXISTS (SELECT FROM parts_catalog_fitment f WHERE f.%I = g.id)
          LIMIT 1', TG_ARGV[0]) INTO used;
    IF used IS NOT NULL THEN
        RAISE foreign_key_violation USING
            MESSAGE = format('fitments refer to %s %s', TG_TABLE_NAME, used),
            TABLE = 'parts_catalog_fitment', COLUMN = TG_ARGV[0],
            CONSTRAINT = 'parts_catalog_fitment_' || TG_ARGV[0] || '_fkey';
    END IF;
    RETURN NULL;
END
$$
"""


class PartsCatalogFitment(models.Model):
    """What stands in place of the foreign keys of the fitments.

    They hold what foreign keys hold: a row of a part, vehicle or source that is not
    there is refused, deleting a part deletes its fitments, and a vehicle or source with
    fitments stays. They take the same locks (``FOR KEY SHARE`` on what is named), but
    for all rows of a statement at once.

    One thing a foreign key does that a trigger cannot: look behind the snapshot of a
    transaction. Fitments written by another one, which committed after this one began,
    are invisible when this one deletes their part. Who writes fitments therefore notes
    it in one of some slots (several, so that writers do not wait for each other), and
    who deletes locks them all: PostgreSQL lets it fail if one was written meanwhile,
    and Odoo runs it again.
    """

    # in files by topic  pylint: disable=consider-merging-classes-inherited
    _inherit = "parts.catalog.fitment"

    def init(self):
        """Install the triggers when all tables are there."""
        self.env.registry.post_init(self._install_guard)

    def _install_guard(self):
        execute = self.env.cr.execute
        execute(
            "CREATE TABLE IF NOT EXISTS parts_catalog_fitment_guard"
            " (slot integer PRIMARY KEY, writer bigint)"
        )
        execute(
            "INSERT INTO parts_catalog_fitment_guard"
            " SELECT generate_series(0, %s - 1) ON CONFLICT DO NOTHING",
            [SLOTS],
        )
        for function in (NOTE.replace("{slots}", str(SLOTS)), LOOK, NAMED, MOVED, GONE):
            execute(function)
        arguments = [
            word
            for column, (table, _gone) in REFERENCES.items()
            for word in (column, table)
        ]
        self._install_trigger(
            "named",
            self._table,
            SQL("AFTER INSERT"),
            SQL("REFERENCING NEW TABLE AS named_rows FOR EACH STATEMENT"),
            arguments,
        )
        differing = SQL(" OR ").join(
            SQL("OLD.%(c)s IS DISTINCT FROM NEW.%(c)s", c=SQL.identifier(column))
            for column in REFERENCES
        )
        self._install_trigger(
            "moved",
            self._table,
            SQL("AFTER UPDATE OF %s", self._sql_names(REFERENCES)),
            SQL("FOR EACH ROW WHEN (%s)", differing),
            arguments,
        )
        for column, (table, gone) in REFERENCES.items():
            self._install_trigger(
                "gone",
                table,
                SQL("AFTER DELETE"),
                SQL("REFERENCING OLD TABLE AS gone_rows FOR EACH STATEMENT"),
                [column, gone],
            )

    @api.model
    def _sql_names(self, columns):
        return SQL(", ").join(map(SQL.identifier, columns))

    @api.model
    def _install_trigger(self, name, table, event, how, arguments):
        """Create a trigger unless it is there: creating one locks the table."""
        trigger = f"parts_catalog_fitment_{name}"
        [[found]] = self.env.execute_query(
            SQL(
                """SELECT EXISTS (SELECT FROM pg_trigger t
                                   WHERE t.tgrelid = %s::regclass AND t.tgname = %s)""",
                table,
                trigger,
            )
        )
        if not found:
            self.env.cr.execute(
                SQL(
                    "CREATE TRIGGER %(name)s %(event)s ON %(table)s %(how)s"
                    " EXECUTE FUNCTION %(name)s(%(arguments)s)",
                    name=SQL.identifier(trigger),
                    event=event,
                    table=SQL.identifier(table),
                    how=how,
                    arguments=SQL(", ").join(SQL("%s", word) for word in arguments),
                )
            )

    @api.model
    def _drop_guard(self):
        """Take the triggers away. Called when the addon is uninstalled."""
        for name in FUNCTIONS:
            self.env.cr.execute(
                SQL(
                    "DROP FUNCTION IF EXISTS %s CASCADE",
                    SQL.identifier(f"parts_catalog_fitment_{name}"),
                )
            )
        self.env.cr.execute("DROP TABLE IF EXISTS parts_catalog_fitment_guard")
