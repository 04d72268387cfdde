# ruff: noqa: F821 (env is given by `odoo shell`)
"""Finding parts among 200,000, beside bare SQL and beside core, on one connection.

First at a tenth of the size, then at full size: what must not grow with the catalogue
is measured twice. Sizes: tools/bench/catalog_sizes.py.
"""

import gc
import statistics
import time

from odoo.tests.common import new_test_user

from odoo.addons.product.models.product_product import ProductProduct

from tools.bench.catalog import ensure

ROUNDS = 40
SLOW_ROUNDS = 5
LIMIT = 8
PAGE = 80

salesperson = env["res.users"].search([("login", "=", "bench_salesperson")])
salesperson = salesperson or new_test_user(
    env,
    login="bench_salesperson",
    groups="base.group_user,sales_team.group_sale_salesman",
)
env.cr.commit()
Product = env["product.product"].with_user(salesperson)
Template = env["product.template"].with_user(salesperson)
Lookup = env["parts.catalog.lookup"].with_user(salesperson)
Finder = env["parts.catalog.finder"].with_user(salesperson)


def rows(query, *values):
    env.cr.execute(query, values)
    return env.cr.fetchall()


def medians(rounds, **measured):
    """Return the median milliseconds of functions, measured in turns, cold cache."""
    taken = {name: [] for name in measured}
    for _round in range(rounds + 2):
        for name, function in measured.items():
            env.invalidate_all()
            gc.disable()
            started = time.perf_counter()
            function()
            taken[name].append((time.perf_counter() - started) * 1000)
            gc.enable()
    return {name: statistics.median(times[2:]) for name, times in taken.items()}


def report(label, ours, base, aim, more=False):
    ratio = base / ours if more else ours / base
    met = ratio >= aim if more else ratio <= aim
    sign = "at least" if more else "at most"
    print(
        f"{label}: {ratio:.2f} ({ours:.2f} ms beside {base:.2f} ms),"
        f" aim {sign} {aim}: {'met' if met else 'NOT MET'}"
    )


def choose(parts=PAGE + 20):
    """Return numbers to look up (number, key), and a vehicle, in the middle of all.

    :param int parts: how many parts the vehicle should have
    """
    numbers = rows(
        "SELECT number, key FROM parts_catalog_number WHERE kind = 'oe' AND number"
        " LIKE '%% %%' ORDER BY hashint8(id) LIMIT 200"
    )
    [[vehicle_id, found]] = rows(
        "SELECT vehicle_id, count(*) FROM parts_catalog_fitment GROUP BY vehicle_id"
        " ORDER BY abs(count(*) - %s), vehicle_id LIMIT 1",
        parts,
    )
    return numbers, env["parts.catalog.vehicle"].browse(vehicle_id), found


class Turn:
    """Next of a list with each call, the same for every function of a round."""

    def __init__(self, values):
        self.values, self.place = values, 0

    def __call__(self):
        self.place += 1
        return self.values[self.place // 2 % len(self.values)]


def bare_ids(key):
    query = (
        "SELECT p.id FROM parts_catalog_number n JOIN product_product p"
        " ON p.product_tmpl_id = n.product_tmpl_id"
        " AND (n.product_id IS NULL OR n.product_id = p.id) WHERE n.key = %s"
    )
    return [id_ for (id_,) in rows(query, key)]


def measure_growing(numbers, vehicle):
    """Return medians of aims 1 and 4: look-ups and the parts of a vehicle."""
    turn = Turn(numbers)
    number, key = numbers[0]
    listed = (
        "SELECT p.id FROM product_product p JOIN product_template t"
        " ON t.id = p.product_tmpl_id WHERE p.active AND t.id IN (SELECT"
        " product_tmpl_id FROM parts_catalog_fitment WHERE vehicle_id = %s)"
        " ORDER BY p.is_favorite DESC, p.default_code, p.id LIMIT 80"
    )
    found = medians(
        ROUNDS * 3,
        bare=lambda: bare_ids(turn()[1]),
        engine=lambda: Lookup._get_part_ids(messy(turn()[0])),
    )
    found.update(
        medians(
            ROUNDS,
            named=lambda: [
                part.display_name
                for part in Product.browse(bare_ids(turn()[1])[:LIMIT])
            ],
            name_search=lambda: Product.name_search(messy(turn()[0]), limit=LIMIT),
            listed=lambda: rows(listed, vehicle.id),
            fitting=lambda: Lookup._get_vehicle_part_ids(vehicle, PAGE),
            with_rules=lambda: Finder._get_vehicle_parts(vehicle, PAGE, fetch=()),
        )
    )
    return found


def messy(number):
    return f" {number.lower().replace(' ', '-')}."


def measure_searches(numbers):
    fragment = numbers[7][1][2:8]
    found = medians(
        SLOW_ROUNDS,
        ours=lambda: Product.name_search(fragment, limit=LIMIT),
        core=lambda: ProductProduct.name_search(Product, fragment, limit=LIMIT),
    )
    report(
        "name search of a fragment, times as fast as core",
        found["ours"],
        found["core"],
        10,
        more=True,
    )
    for label, text in (("number", messy(numbers[3][0])), ("fragment", fragment)):
        box = Lookup._get_core_box(Template, text)
        ours = [("parts_search", "ilike", text)]
        spec = {"display_name": {}}
        found = medians(
            SLOW_ROUNDS,
            ours=lambda ours=ours, spec=spec: Template.web_search_read(
                ours, spec, limit=PAGE
            ),
            core=lambda box=box, spec=spec: Template.web_search_read(
                list(box), spec, limit=PAGE
            ),
        )
        report(
            f"search box, {label}, times as fast as core",
            found["ours"],
            found["core"],
            20,
            more=True,
        )


def measure_offers(numbers):
    prefix = next(
        key[:4]
        for _number, key in numbers
        if len(Product.parts_find(key[:4], limit=20)) == 20
    )
    ids = [hit["product_id"] for hit in Product.parts_find(prefix, limit=20)]

    def core():
        products = Product.browse(ids)
        pricelist = Finder._get_pricelist()
        currency = pricelist.currency_id or env.company.currency_id
        prices = pricelist._get_products_price(
            products, quantity=1.0, currency=currency
        )
        return [(prices[product.id], product.free_qty) for product in products]

    found = medians(
        ROUNDS, ours=lambda: Product.parts_find(prefix, limit=20), core=core
    )
    report(
        "parts_find of 20 hits beside core's price and stock of them",
        found["ours"],
        found["core"],
        1.5,
    )


small = ensure(env, part=10)
numbers, vehicle, parts = choose()
before = measure_growing(numbers, vehicle)
print(f"a tenth measured: {small}")
full = ensure(env)
# a vehicle with as many parts as the one before
numbers, vehicle, parts = choose(parts)
after = measure_growing(numbers, vehicle)
print(f"measured: {full}")
report("engine's look-up beside bare SQL", after["engine"], after["bare"], 3)
report(
    "name search as a salesperson beside bare SQL and display names",
    after["name_search"],
    after["named"],
    1.5,
)
measure_searches(numbers)
measure_offers(numbers)
report(
    f"parts of a vehicle that has {parts}, a page of 80",
    after["fitting"],
    after["listed"],
    2,
)
print(f"the same with record rules and companies: {after['with_rules']:.2f} ms")
for name, label in (
    ("engine", "engine's look-up"),
    ("name_search", "name search"),
    ("fitting", "parts of a vehicle"),
):
    report(f"{label}, ten times the data", after[name], before[name], 1.5)
hits = medians(SLOW_ROUNDS, find=lambda: Product.parts_find("brake disc", limit=80))
print(f"parts_find by name, 80 hits with price and stock: {hits['find']:.0f} ms")
