#!/usr/bin/env python3
"""Write the demo catalogue of the addon from data/oe_numbers_vehicles.csv.

    python3 tools/demo/catalog_from_csv.py

The source is dirty (padded numbers, the same number in two spellings, several
vehicles in a cell); what it writes is clean, and the same each time. See NOTICE
beside the source and beside the result.
"""

import csv
import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1]))

from tools.demo import catalog_names as names  # noqa: E402

SOURCE = HERE / "data" / "oe_numbers_vehicles.csv"
TARGET = HERE.parents[1] / "auto_parts_sales" / "demo"
SEED = 20260301
# The part that README, screenshots and tours show: the maker's own, in stock
SHOWN = "5G0906259C"
SECOND_SOURCES = 45

VEHICLE = re.compile(
    r"^(?P<make>\S+)\s+(?P<model>.+?)\s+(?P<first>\d{4})(?:\s*-\s*(?P<last>\d{2,4}))?$"
)


# === READING === #


def key_of(number):
    """Return the letters and digits of a number: what makes two spellings one."""
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def printed(group, number):
    """Return a number as its maker prints it."""
    key = key_of(number)
    if group == "volkswagen":  # 5G0 906 259 C
        parts = [key[:3], key[3:6], key[6:9], key[9:]]
        return " ".join(filter(None, parts))
    if group in ("toyota", "hyundai"):  # 89663-06L31-00, 56310-L0010
        return "-".join(filter(None, [key[:5], key[5:10], key[10:]]))
    return number.strip().upper()  # Honda and Ford come with their dashes


def vehicles_of(cell):
    """Return the vehicles of a cell as (make, model, first year, last year).

    >>> vehicles_of("Toyota Camry 2018-20 | Honda Inspire 2018")
    [('Toyota', 'Camry', 2018, 2020), ('Honda', 'Inspire', 2018, 2018)]
    """
    vehicles = []
    for text in cell.split("|"):
        match = VEHICLE.match(" ".join(text.split()))
        if not match:
            raise ValueError(f"No vehicle: {text!r}")
        first, last = match["first"], match["last"] or match["first"]
        last = first[: 4 - len(last)] + last
        vehicles.append((match["make"], match["model"], int(first), int(last)))
    return vehicles


def read_parts(source=SOURCE):
    """Return {key: part}, spellings and repetitions of a number put together."""
    parts = {}
    with open(source, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            key = key_of(row["oe_number"])
            part = parts.setdefault(
                key,
                {
                    "key": key,
                    "group": row["make_group"],
                    "kind": row["part"],
                    "number": printed(row["make_group"], row["oe_number"]),
                    "vehicles": {},
                },
            )
            for vehicle in vehicles_of(row["vehicles"]):
                part["vehicles"][vehicle] = names.GENERATIONS[row["platform"]]
    return parts


# === WRITING === #


def slug(*words):
    text = " ".join(str(word) for word in words).lower().replace("š", "s")
    return re.sub(r"[^a-z0-9]+", "_", text).strip("_")


def xmlid(kind, *words):
    return f"demo_{kind}_{slug(*words)}"


def rounded(price):
    """Return a price as shops write it: 1,280, 1,990."""
    return int(round(price / 10.0)) * 10


class Catalogue:
    """Rows of the files, by model."""

    def __init__(self, parts, seed=SEED):
        self.random = random.Random(seed)
        self.parts = parts
        self.products, self.numbers, self.fitments = [], [], []
        self.suppliers, self.quants = [], []
        self.counters = {}
        self.makes, self.models, self.vehicles = [], {}, {}

    def build(self):
        self.add_makes()
        for part in self.parts.values():
            for vehicle, generation in part["vehicles"].items():
                self.add_vehicle(vehicle, generation)
        # A second source of the same number, so that grades can be compared
        keys = sorted(self.parts.keys() - {SHOWN})
        doubled = set(self.random.sample(keys, SECOND_SOURCES))
        for key, part in self.parts.items():
            brands = self.choose_brands(part, key in doubled)
            for index, brand in enumerate(brands):
                self.add_product(part, brand, index)
        return self

    def add_makes(self):
        for group, (group_name, makes) in names.GROUPS.items():
            for make in makes:
                chinese, country = names.MAKES[make]
                self.makes.append(
                    {
                        "id": xmlid("make", make),
                        "name": make,
                        "name@zh_CN": chinese,
                        "country_id:id": f"base.{country}",
                        "group_id:id": xmlid("group", group) if group_name else "",
                    }
                )

    def add_vehicle(self, vehicle, generation):
        make, model, first, last = vehicle
        model_id = xmlid("model", make, model)
        self.models[model_id] = {
            "id": model_id,
            "name": model,
            "name@zh_CN": names.MODELS[model],
            "make_id:id": xmlid("make", make),
        }
        self.vehicles[vehicle] = {
            "id": xmlid("vehicle", make, model, first),
            "model_id:id": model_id,
            "generation": generation,
            "year_from": first,
            "year_to": last,
            "fuel": names.FUELS.get(model, "petrol"),
        }

    def choose_brands(self, part, doubled):
        """Return who made the parts that are sold under this number."""
        group = names.GROUP_OF[part["group"]]
        genuine = (f"genuine_{group}", "", "genuine", 100, 24, 60000)
        if part["key"] == SHOWN:
            return [genuine]
        others = names.BRANDS
        if doubled:
            return [genuine, self.random.choice(others)]
        return [genuine if self.random.random() < 0.6 else self.random.choice(others)]

    def add_product(self, part, brand, index):
        brand_id, _name, grade, percent, months, km = brand
        code, category, english, chinese, low, high = names.PARTS[part["kind"]]
        if not index:
            part["price"] = self.random.randint(low, high)
        price = rounded(part["price"] * percent / 100.0)
        product = xmlid("part", part["key"], *([index + 1] if index else []))
        template = f"{product}_product_template"
        # The plainest of its models gives the name: Golf, not Golf Alltrack
        model = min(part["vehicles"], key=lambda vehicle: len(vehicle[1]))
        generation = part["vehicles"][model]
        self.counters[code] = self.counters.get(code, 0) + 1
        self.products.append(
            {
                "id": product,
                "default_code": f"{code}-{self.counters[code]:04d}",
                "name": f"{english}, {model[0]} {model[1]} {generation}",
                "name@zh_CN": f"{names.MAKES[model[0]][0]}"
                f"{names.MODELS[model[1]]} {generation} {chinese}",
                "type": "consu",
                "is_storable": "True",
                "categ_id:id": f"demo_category_{category}",
                "parts_brand_id:id": f"demo_brand_{brand_id}",
                "parts_grade": grade,
                "parts_warranty_months": months,
                "parts_warranty_km": km,
                "parts_stock_class": self.random.choices(
                    ["common", "seasonal", "special", "obsolete"], [55, 10, 27, 8]
                )[0],
                "list_price": price,
                "standard_price": rounded(price * self.random.uniform(0.58, 0.76)),
                "weight": round(self.random.uniform(0.3, 2.4), 1),
                "invoice_policy": "delivery",
            }
        )
        self.add_number(part, product, template)
        self.add_fitments(part, product, template)
        self.add_supply(part, product, template, brand_id)

    def add_number(self, part, product, template):
        group = names.GROUP_OF[part["group"]]
        shared = bool(names.GROUPS[group][0])
        self.numbers.append(
            {
                "id": product.replace("_part_", "_number_"),
                "number": part["number"],
                "kind": "oe",
                "group_id:id": xmlid("group", group) if shared else "",
                "make_id:id": "" if shared else xmlid("make", part["group"]),
                "product_tmpl_id:id": template,
                "source_id:id": "demo_source_opendbc",
            }
        )

    def add_fitments(self, part, product, template):
        for vehicle in part["vehicles"]:
            vehicle_id = self.vehicles[vehicle]["id"]
            self.fitments.append(
                {
                    "id": f"{product}_{vehicle_id.removeprefix('demo_vehicle_')}",
                    "product_tmpl_id:id": template,
                    "vehicle_id:id": vehicle_id,
                    "quantity": 1,
                    "source_id:id": "demo_source_opendbc",
                }
            )

    def add_supply(self, part, product, template, brand_id):
        row = self.products[-1]
        vendor = names.VENDORS[brand_id.removeprefix("genuine_")]
        self.suppliers.append(
            {
                "id": product.replace("_part_", "_supplierinfo_"),
                "partner_id:id": f"demo_{vendor}",
                "product_tmpl_id:id": template,
                "min_qty": 1,
                "price": row["standard_price"],
                "delay": self.random.choice([2, 3, 5, 7, 10, 14, 21]),
            }
        )
        shown = part["key"] == SHOWN
        if shown or self.random.random() < 0.62:
            self.quants.append(
                {
                    "id": product.replace("_part_", "_quant_"),
                    "product_id:id": product,
                    "location_id:id": "stock.stock_location_stock",
                    "inventory_quantity": 24 if shown else self.random.randint(1, 30),
                }
            )

    def files(self):
        """Return {file name: rows}, in the order in which they load."""
        groups = [
            {"id": xmlid("group", group), "name": name}
            for group, (name, _makes) in names.GROUPS.items()
            if name
        ]
        categories = [
            {"id": "demo_category", "name": "Auto Parts", "parent_id:id": ""},
            *(
                {
                    "id": f"demo_category_{key}",
                    "name": name,
                    "parent_id:id": "demo_category",
                }
                for key, name in names.CATEGORIES.items()
            ),
        ]
        brands = [
            *(
                {"id": f"demo_brand_genuine_{key}", "name": name, "grade": "genuine"}
                for key, name in names.MAKERS_BRANDS.items()
            ),
            *(
                {"id": f"demo_brand_{key}", "name": name, "grade": grade}
                for key, name, grade, *_figures in names.BRANDS
            ),
        ]
        source = {
            "id": "demo_source_opendbc",
            "name": "opendbc",
            "licence": "MIT, Copyright (c) 2020 Comma.ai, Inc.",
        }
        return {
            "product.category.csv": categories,
            "parts.catalog.source.csv": [source],
            "parts.catalog.make.group.csv": groups,
            "parts.catalog.make.csv": self.makes,
            "parts.catalog.model.csv": list(self.models.values()),
            "parts.catalog.vehicle.csv": list(self.vehicles.values()),
            "parts.catalog.brand.csv": brands,
            "product.product.csv": [
                {key: row[key] for key in row if "@" not in key}
                for row in self.products
            ],
            # Translations belong to the template, which the product brings along
            "product.template.csv": [
                {
                    "id": f"{row['id']}_product_template",
                    "name": row["name"],
                    "name@zh_CN": row["name@zh_CN"],
                }
                for row in self.products
            ],
            "product.supplierinfo.csv": self.suppliers,
            "parts.catalog.number.csv": self.numbers,
            "parts.catalog.fitment.csv": self.fitments,
            "stock.quant.csv": self.quants,
        }


def main():
    for name, rows in Catalogue(read_parts()).build().files().items():
        with open(TARGET / name, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        sys.stdout.write(f"{name}: {len(rows)}\n")


if __name__ == "__main__":
    main()
