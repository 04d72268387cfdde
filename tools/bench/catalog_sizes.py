"""How large the measured catalogue is.

Sizes are read from the environment: BENCH_PRODUCTS (40000), BENCH_NUMBERS (ten for
each product), BENCH_FITMENTS (25 for each), BENCH_SUPERSESSIONS (2 for each) and
BENCH_SEED. BENCH_FULL=1 makes everything that is not named five times as large: 200,000
products, 2,000,000 numbers, 5,000,000 fitments, 400,000 supersessions.
"""

import os
from dataclasses import dataclass


def scaled(full):
    """Return a number of rows: as said with BENCH_FULL, else a fifth of it."""
    return full if os.environ.get("BENCH_FULL") else full // 5


@dataclass(frozen=True)
class Sizes:
    products: int
    numbers: int
    fitments: int
    supersessions: int
    seed: int

    @classmethod
    def from_environment(cls):
        def read(name, default):
            return int(os.environ.get(f"BENCH_{name}", default))

        products = read("PRODUCTS", scaled(200_000))
        return cls(
            products=products,
            numbers=read("NUMBERS", 10 * products),
            fitments=read("FITMENTS", 25 * products),
            supersessions=read("SUPERSESSIONS", 2 * products),
            seed=read("SEED", 2026),
        )

    def share(self, part):
        """Return the sizes of a catalogue that is one ``part``-th of this one."""
        return Sizes(
            self.products // part,
            self.numbers // part,
            self.fitments // part,
            self.supersessions // part,
            self.seed,
        )

    def __str__(self):
        return (
            f"{self.products:,} products, {self.numbers:,} numbers,"
            f" {self.fitments:,} fitments, {self.supersessions:,} supersessions"
        )
