# ruff: noqa: F821 (env is given by `odoo shell`)
"""Importing fitments from CSV files, beside a bare COPY and Odoo's own load().

1,000,000 rows with BENCH_FULL, else a fifth; BENCH_IMPORT_ROWS says otherwise. Once
with ids of vehicles (KType), once with their names (BENCH_IMPORT_BY: one of them). An
import is what a person does: check the file, then run it, each committing as it goes;
and once without the check.

The bare COPY writes the same rows into a table that is equal in rows, columns,
constraints on rows and indexes; then into one that has the same foreign keys, too. It
is committed before, as the real one is: PostgreSQL keeps no log of what goes into a
table that is new, and is faster by half then. Odoo's load() gets ids of the database,
which is the fastest for it. Needs the catalogue of catalog_find.py.
"""

import base64
import io
import os
import time

from tools.bench.catalog import ensure
from tools.bench.catalog_sizes import scaled

ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", scaled(1_000_000)))
LOADED = 1000
COLUMNS = "product_tmpl_id, vehicle_id, quantity, position, source_id"
EQUAL = "bench_fitment"
CODES = "default_code LIKE 'BX-%'"
HEADERS = {
    "KType": "Part No,KType,Position,Quantity\n",
    "names": "Part No,Make,Model,Generation,Position,Quantity\n",
}


def timed(function):
    started = time.perf_counter()
    function()
    return time.perf_counter() - started


def peak():
    """Return the highest memory of this process since it was last reset, in MB."""
    with open("/proc/self/status") as status:
        [line] = [line for line in status if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def reset_peak():
    with open("/proc/self/clear_refs", "w") as refs:
        refs.write("5")


def rows(query, *values):
    env.cr.execute(query, values or None)
    return env.cr.fetchall()


def pairs(first, count):
    """Return parts and vehicles: each part with ten that it is not listed for."""
    return rows(
        """
        WITH vehicle AS (
            SELECT v.id, v.ktype, m.name ->> 'en_US' AS make,
                   o.name ->> 'en_US' AS model, v.generation,
                   row_number() OVER (ORDER BY v.id) AS nr
              FROM parts_catalog_vehicle v
              JOIN parts_catalog_model o ON o.id = v.model_id
              JOIN parts_catalog_make m ON m.id = v.make_id
             WHERE v.generation LIKE 'BX%%'
        ), part AS (
            SELECT id, default_code, row_number() OVER (ORDER BY id) AS nr
              FROM product_template WHERE default_code LIKE 'BX-%%'
        )
        SELECT p.id, p.default_code, v.id, v.ktype, v.make, v.model, v.generation
          FROM part p CROSS JOIN generate_series(1, %s) k
          JOIN vehicle v ON v.nr = 1 + (p.nr * 131 + k * 17) %% %s
         ORDER BY p.nr, k OFFSET %s LIMIT %s
        """,
        max(10, (first + count) // count_of("product_template", CODES) + 1),
        count_of("parts_catalog_vehicle", "generation LIKE 'BX%'"),
        first,
        count,
    )


def count_of(table, which):
    [[count]] = rows(f"SELECT count(*) FROM {table} WHERE {which}")
    return count


def make_equal():
    """Make a table with the rows, constraints and indexes of the fitments."""
    env.cr.execute(
        f"CREATE TABLE {EQUAL} (LIKE parts_catalog_fitment INCLUDING DEFAULTS"
        f" INCLUDING CONSTRAINTS); INSERT INTO {EQUAL} SELECT * FROM"
        " parts_catalog_fitment"
    )
    for name, definition in rows(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename ="
        " 'parts_catalog_fitment'"
    ):
        definition = definition.replace(f" {name} ", f" bench_{name} ", 1)
        env.cr.execute(
            definition.replace(" ON public.parts_catalog_fitment ", f" ON {EQUAL} ", 1)
        )
    env.cr.commit()


def add_foreign_keys():
    for column, definition in rows(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid ="
        " 'parts_catalog_fitment'::regclass AND contype = 'f'"
    ):
        env.cr.execute(
            f'ALTER TABLE {EQUAL} ADD CONSTRAINT "bench_{column}" {definition}'
        )
    env.cr.commit()


def measure_copy(listed, source):
    """Return the seconds of a bare COPY into the equal table."""
    lines = io.StringIO(
        "".join(f"{row[0]}\t{row[2]}\t1\tfront\t{source.id}\n" for row in listed)
    )
    copy = f"COPY {EQUAL} ({COLUMNS}) FROM STDIN"

    def work():
        env.cr._obj.copy_expert(copy, lines)
        env.cr.commit()

    seconds = timed(work)
    env.cr.execute(f"DELETE FROM {EQUAL} WHERE source_id = {source.id}")
    env.cr.commit()
    return seconds


def write_file(by, listed):
    """Return a CSV file of the rows, as bytes."""
    if by == "KType":
        lines = [f"{row[1]},{row[3]},front,1\n" for row in listed]
    else:
        lines = [f"{row[1]},{row[4]},{row[5]},{row[6]},front,1\n" for row in listed]
    return "".join([HEADERS[by], *lines]).encode()


def measure_import(content, source, goals):
    """Return seconds, memory and rows of an import, committing as it goes."""
    job = env["parts.catalog.import"].create(
        {
            "kind": "fitment",
            "file": base64.b64encode(content),
            "filename": "bench.csv",
            "source_id": source.id,
        }
    )
    del content
    env.flush_all()
    env.cr.commit()
    env.invalidate_all()
    reset_peak()

    def commit(*_args, **_options):
        env.cr.commit()
        return float("inf")

    def work():
        for goal in goals:
            getattr(job, goal)()
            if job.state == "running":
                job._work(commit)
            env.cr.commit()

    seconds = timed(work)
    memory, added = peak(), job.added_count
    if job.state != "done" or job.error_count:
        raise RuntimeError(f"{job.state}: {job.message} {job.error_count} bad rows")
    job.action_undo()
    job.unlink()
    env.cr.commit()
    return seconds, memory, added


def measure_load(listed):
    """Return the seconds of Odoo's own import of some of the rows."""
    names = ["product_tmpl_id/.id", "vehicle_id/.id", "quantity", "position"]
    data = [[str(row[0]), str(row[2]), "1", "front"] for row in listed]
    seconds = timed(lambda: env["parts.catalog.fitment"].load(names, data))
    env.cr.rollback()
    return seconds


def report(label, value, aim, met):
    print(f"{label}: {value}, aim {aim}: {'met' if met else 'NOT MET'}")


ensure(env)
env.cr.execute(
    "UPDATE parts_catalog_vehicle SET ktype = 1000000 + id"
    " WHERE ktype IS NULL AND generation LIKE 'BX%'"
)
source = env["parts.catalog.source"].search([("name", "=", "Bench import")])
source = source or source.create({"name": "Bench import"})
env.flush_all()
env.cr.commit()
env.invalidate_all()
listed = pairs(0, ROWS)
load_rate = LOADED / measure_load(listed[:LOADED])
make_equal()
copied = measure_copy(listed, source)
add_foreign_keys()
copied_keys = measure_copy(listed, source)
env.cr.execute(f"DROP TABLE {EQUAL}")
env.cr.commit()
print(
    f"bare COPY of {len(listed):,} rows: {copied:.1f} s, {copied_keys:.1f} s with keys"
)
chosen = [os.environ["BENCH_IMPORT_BY"]] if "BENCH_IMPORT_BY" in os.environ else HEADERS
files = {by: write_file(by, listed) for by in chosen}
# the rows must not count as memory of the import
del listed
for by, file in files.items():
    for label, goals in (
        ("check and import", ("action_check", "action_run")),
        ("import without a check", ("action_run",)),
    ):
        seconds, megabytes, added = measure_import(file, source, goals)
        what = f"{label} of {added:,} fitments by {by}"
        ratio = seconds / copied
        report(
            f"{what}, beside a bare COPY",
            f"{ratio:.2f} ({seconds:.1f} s; {seconds / copied_keys:.2f} with keys)",
            "at most 5",
            ratio <= 5,
        )
        times = added / seconds / load_rate
        report(
            f"{what}, beside load()", f"{times:.0f} times", "at least 30", times >= 30
        )
        report("its memory", f"{megabytes:.0f} MB", "under 500 MB", megabytes < 500)
