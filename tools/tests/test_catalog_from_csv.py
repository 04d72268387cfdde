import csv

import pytest

from tools.demo.catalog_from_csv import (
    TARGET,
    Catalogue,
    key_of,
    printed,
    read_parts,
    vehicles_of,
)


@pytest.fixture(scope="module")
def files():
    return Catalogue(read_parts()).build().files()


def test_a_cell_holds_several_vehicles_with_short_years():
    cell = "Toyota Camry 2018-20 | Honda  Inspire 2018 |Volkswagen Golf R 2015-2019"
    assert vehicles_of(cell) == [
        ("Toyota", "Camry", 2018, 2020),
        ("Honda", "Inspire", 2018, 2018),
        ("Volkswagen", "Golf R", 2015, 2019),
    ]
    with pytest.raises(ValueError, match="No vehicle"):
        vehicles_of("Golf")


@pytest.mark.parametrize(
    ("group", "raw", "clean"),
    [
        ("volkswagen", "5G0906259C ", "5G0 906 259 C"),
        ("volkswagen", "3QM909144  ", "3QM 909 144"),
        ("toyota", "8966306L3100", "89663-06L31-00"),
        ("hyundai", "56310L0010", "56310-L0010"),
        ("honda", "57114-TTA-J030", "57114-TTA-J030"),
    ],
)
def test_numbers_are_written_as_their_maker_prints_them(group, raw, clean):
    assert printed(group, raw) == clean
    assert key_of(clean) == key_of(raw)


def test_spellings_of_one_number_make_one_part():
    parts = read_parts()
    assert len(parts) < 466
    assert parts["56310L0010"]["number"] == "56310-L0010"


def test_the_part_that_is_shown_is_the_only_one_of_its_number(files):
    numbers = files["parts.catalog.number.csv"]
    assert [row["number"] for row in numbers].count("5G0 906 259 C") == 1
    fitments = [
        row
        for row in files["parts.catalog.fitment.csv"]
        if row["product_tmpl_id:id"] == "demo_part_5g0906259c_product_template"
    ]
    assert len(fitments) == 8


def test_what_is_shipped_is_what_the_source_gives(files):
    for name, rows in files.items():
        with open(TARGET / name, encoding="utf-8", newline="") as file:
            shipped = list(csv.DictReader(file))
        written = [{key: str(value) for key, value in row.items()} for row in rows]
        assert shipped == written, name
