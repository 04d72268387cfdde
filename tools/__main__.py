"""Entry point of every tool: python3 tools COMMAND [ARGS].

This file has to be readable by any Python, so that a wrong one gets a sentence
instead of a syntax error.
"""

import os
import sys

OLDEST, NEWEST = (3, 10), (3, 13)


def main():
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.exit(
            "Odoo 19 needs Python 3.10 to 3.13, but %s is Python %d.%d: "
            "name another one, for instance `PYTHON=python3.11 make demo`."
            % (sys.executable, sys.version_info[0], sys.version_info[1])
        )
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    sys.path[0] = root
    from tools.commands import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
