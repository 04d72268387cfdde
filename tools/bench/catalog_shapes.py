"""What the rows of the measured catalogue look like: makes, names of parts, numbers.

``FUNCTIONS`` makes them in the database, out of nothing but the row and a seed.
"""

FAMILY = 8
VEHICLES = 30000
BRANDS = 240

# name, group, shape of its numbers
MAKES = (
    ("Volkswagen", "VAG", "vag"),
    ("Audi", "VAG", "vag"),
    ("Škoda", "VAG", "vag"),
    ("Seat", "VAG", "vag"),
    ("Toyota", "Toyota/Lexus", "five"),
    ("Lexus", "Toyota/Lexus", "five"),
    ("Hyundai", "Hyundai/Kia", "mixed"),
    ("Kia", "Hyundai/Kia", "mixed"),
    ("BMW", "", "bmw"),
    ("Mini", "", "bmw"),
    ("Mercedes-Benz", "", "benz"),
    ("Honda", "", "honda"),
    ("Nissan", "", "mixed"),
    ("Mazda", "", "honda"),
    ("Ford", "", "digits"),
    ("Chevrolet", "", "digits"),
    ("Buick", "", "digits"),
    ("Opel", "", "digits"),
    ("Peugeot", "", "digits"),
    ("Citroën", "", "digits"),
    ("Renault", "", "digits"),
    ("Volvo", "", "digits"),
    ("Fiat", "", "digits"),
    ("Subaru", "", "mixed"),
    ("Suzuki", "", "mixed"),
    ("Mitsubishi", "", "digits"),
    ("Geely", "", "digits"),
    ("BYD", "", "honda"),
    ("Chery", "", "honda"),
    ("Great Wall", "", "mixed"),
)
TERMS = (
    "Oil filter",
    "Air filter",
    "Cabin filter",
    "Fuel filter",
    "Brake pad set, front",
    "Brake pad set, rear",
    "Brake disc, front",
    "Brake disc, rear",
    "Spark plug",
    "Ignition coil",
    "Wheel bearing kit",
    "Shock absorber, front left",
    "Shock absorber, front right",
    "Control arm, lower",
    "Stabiliser link",
    "Tie rod end",
    "Water pump",
    "Timing belt kit",
    "Thermostat housing",
    "Oxygen sensor",
    "Alternator",
    "Starter motor",
    "Clutch kit",
    "Radiator",
    "Headlamp, left",
    "Headlamp, right",
    "机油滤清器",
    "空气滤清器",
    "前刹车片",
    "后刹车片",
    "火花塞",
    "水泵",
    "正时皮带套装",
    "减震器 前左",
    "大灯 左",
)
FIRST = ("5G0", "1K0", "06A", "06H", "03L", "8K0", "4F0", "3C0", "95B", "1J0", "6R0")

# A pick from 0 to n - 1 that depends on nothing but the row and the purpose, and the
# numbers built of such picks; %(seed)s, %(first)s: a list, %(firsts)s: its length
FUNCTIONS = """
CREATE OR REPLACE FUNCTION pg_temp.pick(i bigint, salt int, n bigint)
    RETURNS int LANGUAGE sql IMMUTABLE AS $$
    SELECT ((hashint8extended(i, salt + %(seed)s)
             & 9223372036854775807) %% n)::int $$;
CREATE OR REPLACE FUNCTION pg_temp.digits(i bigint, salt int, n int)
    RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT lpad(pg_temp.pick(i, salt, (10 ^ n)::bigint)::text, n, '0') $$;
CREATE OR REPLACE FUNCTION pg_temp.letter(i bigint, salt int)
    RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT substr('ABCDEFGHJKLMNPQRSTWXYZ',
                  1 + pg_temp.pick(i, salt, 22), 1) $$;
CREATE OR REPLACE FUNCTION pg_temp.oe(shape text, i bigint)
    RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE shape
    WHEN 'vag' THEN concat_ws(' ',
        (%(first)s)[1 + pg_temp.pick(i / 2, 1, %(firsts)s)],
        pg_temp.digits(i / 2, 2, 3), pg_temp.digits(i / 2, 3, 3),
        chr(65 + (pg_temp.pick(i / 2, 4, 20) + i %% 2)::int))
    WHEN 'bmw' THEN pg_temp.digits(i, 1, 2) || ' '
        || pg_temp.digits(i, 2, 2) || ' ' || pg_temp.digits(i, 3, 1) || ' '
        || pg_temp.digits(i, 4, 3) || ' ' || pg_temp.digits(i, 5, 3)
    WHEN 'benz' THEN 'A ' || pg_temp.digits(i, 1, 3) || ' '
        || pg_temp.digits(i, 2, 3) || ' ' || pg_temp.digits(i, 3, 2) || ' '
        || pg_temp.digits(i, 4, 2)
    WHEN 'five' THEN pg_temp.digits(i, 1, 5) || '-'
        || pg_temp.digits(i / 2, 2, 4)
        || chr(65 + (pg_temp.pick(i / 2, 3, 8) + i %% 2)::int)
    WHEN 'mixed' THEN pg_temp.digits(i / 2, 1, 5) || '-'
        || pg_temp.letter(i / 2, 2) || pg_temp.digits(i / 2, 3, 3)
        || chr(65 + (pg_temp.pick(i / 2, 4, 20) + i %% 2)::int)
    WHEN 'honda' THEN pg_temp.digits(i, 1, 5) || '-'
        || pg_temp.letter(i, 2) || pg_temp.letter(i, 3)
        || pg_temp.digits(i, 4, 1) || '-' || pg_temp.digits(i, 5, 3)
    ELSE pg_temp.digits(i, 1, 8)
    END $$;
CREATE OR REPLACE FUNCTION pg_temp.trade(i bigint)
    RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE i %% 3
    WHEN 0 THEN '0 9' || pg_temp.digits(i, 6, 2) || ' '
        || pg_temp.digits(i, 7, 3) || ' ' || pg_temp.digits(i, 8, 3)
    WHEN 1 THEN pg_temp.letter(i, 6) || pg_temp.letter(i, 7) || ' '
        || pg_temp.digits(i, 8, 4) || '/' || pg_temp.digits(i, 9, 2)
    ELSE pg_temp.letter(i, 6) || pg_temp.letter(i, 7)
        || pg_temp.letter(i, 8) || pg_temp.digits(i, 9, 6)
    END $$;
CREATE OR REPLACE FUNCTION pg_temp.key(number text)
    RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT translate(number, ' -/.', '') $$;
"""
