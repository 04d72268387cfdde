# ruff: noqa: F821 (env is given by `odoo shell`)
"""Importing 1,000,000 fitments from a CSV file, beside a bare COPY and Odoo's load().

Each in rows per second of this run; the import checks the file, stages it and shows it
in one switch. BENCH_IMPORT_ROWS sets the size. Needs the catalogue of catalog_find.py.
"""

import base64
import io
import os
import time

from tools.bench.catalog import ensure

ROWS = int(os.environ.get("BENCH_IMPORT_ROWS", 1_000_000))
LOADED = 2000
COLUMNS = "product_tmpl_id, vehicle_id, quantity, position, source_id"


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
    env.cr.execute(query, values)
    return env.cr.fetchall()


def pairs(first, count):
    """Return parts and vehicles, each part with ten of them, none listed yet."""
    return rows(
        """
        SELECT t.id, t.default_code, v.id, v.ktype
          FROM (SELECT id, default_code, row_number() OVER (ORDER BY id) AS nr
                  FROM product_template WHERE default_code LIKE 'BX-%%') t
         CROSS JOIN generate_series(1, 10) k
          JOIN (SELECT id, ktype, row_number() OVER (ORDER BY id) AS nr
                  FROM parts_catalog_vehicle WHERE generation LIKE 'BX%%') v
            ON v.nr = 1 + (t.nr * 131 + k * 17) %% (SELECT count(*)
                FROM parts_catalog_vehicle WHERE generation LIKE 'BX%%')
         ORDER BY t.nr, k OFFSET %s LIMIT %s
        """,
        first,
        count,
    )


def measure_copy(listed, source):
    """Return the seconds of a bare COPY into an equal table with equal indexes."""
    env.cr.execute(
        "CREATE TABLE bench_fitment (LIKE parts_catalog_fitment INCLUDING ALL)"
    )
    lines = io.StringIO(
        "".join(f"{t}\t{v}\t1\tfront\t{source.id}\n" for t, _code, v, _ktype in listed)
    )
    copy = f"COPY bench_fitment ({COLUMNS}) FROM STDIN"
    seconds = timed(lambda: env.cr._obj.copy_expert(copy, lines))
    env.cr.execute("DROP TABLE bench_fitment")
    return seconds


def write_file(listed):
    """Return a CSV file of the rows, as bytes."""
    lines = [f"{code},{ktype},front,1\n" for _t, code, _v, ktype in listed]
    return "".join(["Part No,KType,Position,Quantity\n", *lines]).encode()


def measure_import(content, source):
    """Return seconds and memory of check and import, committing as it goes."""
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
        for goal in ("action_check", "action_run"):
            getattr(job, goal)()
            if job.state == "running":
                job._work(commit)
            env.cr.commit()

    seconds = timed(work)
    if job.state != "done":
        raise RuntimeError(f"{job.state}: {job.message}")
    return seconds, peak(), job.added_count


def measure_load(listed):
    """Return the seconds of Odoo's own import of some of the rows."""
    names = ["product_tmpl_id/.id", "vehicle_id/.id", "quantity", "position"]
    data = [[str(t), str(v), "1", "front"] for t, _code, v, _ktype in listed]
    return timed(lambda: env["parts.catalog.fitment"].load(names, data))


if "parts.catalog.import" in env:
    ensure(env)
    env.cr.execute(
        "UPDATE parts_catalog_vehicle SET ktype = 1000000 + id"
        " WHERE ktype IS NULL AND generation LIKE 'BX%'"
    )
    source = env["parts.catalog.source"].create({"name": "Bench import"})
    env.flush_all()
    env.cr.commit()
    env.invalidate_all()
    listed = pairs(0, ROWS)
    copied = measure_copy(listed, source)
    loaded = measure_load(pairs(ROWS, LOADED))
    env.cr.rollback()
    # the rows must not count as memory of the import
    file = write_file(listed)
    del listed
    seconds, megabytes, added = measure_import(file, source)
    print(
        f"import of {added:,} fitments beside a bare COPY:"
        f" {seconds / copied:.2f} ({seconds:.1f} s beside {copied:.1f} s), aim at"
        " most 5"
    )
    print(f"its memory at the worst: {megabytes:.0f} MB, aim under 500")
    print(
        "its rows per second beside Odoo's load():"
        f" {(added / seconds) / (LOADED / loaded):.0f} times, aim at least 30"
    )
