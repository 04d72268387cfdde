# ruff: noqa: F821 (env is given by `odoo shell`)
"""Loading and resolving supersessions (CAT-2): 400,000 with BENCH_FULL, else a fifth.

As a maker's file has them: mostly chains of one to three steps, a few long ones, one
of two thousand; one in thirty a set (and), one in thirty a choice (or); 60 makes. Rows
are written by COPY, as an import does, then all chains are resolved; then again, when
nothing changed; then one step more, by hand; then single numbers are looked up.
Nothing is committed.
"""

import io
import random
import resource
import statistics
import time

from odoo.tools import SQL

from tools.bench.catalog_sizes import scaled

ROWS = scaled(400_000)
MAKES = 60
LOOKUPS = 500

dice = random.Random(20261122)
Supersession = env["parts.catalog.supersession"]
makes = env["parts.catalog.make"].create(
    [{"name": f"Bench make {number}"} for number in range(MAKES)]
)


def say(what, seconds):
    print(f"{what}: {seconds:.1f} s")


def steps():
    """Yield ROWS steps: old key, new key, mode, make."""
    serial, count = 0, 0

    def number():
        nonlocal serial
        serial += 1
        return f"{serial * 7919 % 10**9:09d}{chr(65 + serial % 26)}"

    lengths = [2000] + [40] * 50
    while count < ROWS:
        make = dice.choice(makes.ids)
        length = lengths.pop() if lengths else min(12, int(dice.expovariate(0.7)) + 1)
        old = number()
        for _step in range(length):
            chance = dice.random()
            mode, width = "replace", 1
            if chance < 1 / 15:
                mode, width = ("and", 2) if chance < 1 / 30 else ("or", 2)
            for _new in range(width):
                new = number()
                yield old, new, mode, make
                count += 1
                if count == ROWS:
                    return
            old = new


rows = list(steps())
buffer = io.StringIO()
for old, new, mode, make in rows:
    buffer.write(f"{old}\t{old}\t{new}\t{new}\t{mode}\t{make}\t1\tt\tf\n")
buffer.seek(0)

started = time.perf_counter()
env.cr._obj.copy_expert(
    "COPY parts_catalog_supersession (old_number, old_key, new_number, new_key, mode,"
    " make_id, ratio, active, two_way) FROM STDIN",
    buffer,
)
loaded = time.perf_counter() - started
say(f"COPY of {ROWS:,} supersessions into the table with its indexes", loaded)

started = time.perf_counter()
cycles = Supersession._find_cycles()
say(f"looking for cycles ({len(cycles)} found)", time.perf_counter() - started)

started = time.perf_counter()
Supersession._resolve()
resolved = time.perf_counter() - started
[[ends, longest]] = env.execute_query(
    SQL("SELECT count(*), max(steps) FROM parts_catalog_successor")
)
say(f"resolving all ({ends:,} ends, longest chain {longest:,} steps)", resolved)
say("loading and resolving together (aim: 300 s at most)", loaded + resolved)

started = time.perf_counter()
Supersession._resolve()
say("resolving again, nothing changed", time.perf_counter() - started)

started = time.perf_counter()
Supersession.create(
    {"old_number": rows[0][0], "new_number": "BENCH 1", "make_id": rows[0][3]}
)
env.flush_all()
say("one step more, by hand", time.perf_counter() - started)

times = []
for old, _new, _mode, _make in dice.sample(rows, LOOKUPS):
    started = time.perf_counter()
    Supersession._get_successors(old)
    times.append(time.perf_counter() - started)
print(f"look-up of one number: median {statistics.median(times) * 1000:.2f} ms")
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"memory of the process at the most: {peak:.0f} MB")
env.cr.rollback()
