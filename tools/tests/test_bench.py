import json

from tools.commands.bench import compared


def test_each_variant_is_compared_with_core():
    rows = [
        ["confirm", "core", 1.0, 100],
        ["confirm", "core", 3.0, 100],
        ["confirm", "core", 2.0, 101],
        ["confirm", "on", 2.5, 108],
        ["confirm", "off", 2.0, 100],
    ]
    assert compared("\n".join(map(json.dumps, rows))) == [
        "confirm, on / core = 1.25 (2.500 s / 2.000 s), +8 queries (100)",
        "confirm, off / core = 1.00 (2.000 s / 2.000 s), +0 queries (100)",
    ]
