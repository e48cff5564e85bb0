"""Print what setup.py needs, each at the lowest version that it allows: ``name>=1.2,<3`` as ``name==1.2``.

    python scripts/lowest_pins.py EXTRA ...

setup.py is run with a ``setuptools`` that only listens, so an empty environment can run this.
"""

from __future__ import annotations

import re
import runpy
import sys
from pathlib import Path
from types import ModuleType

SETUP = Path(__file__).resolve().parent.parent / "setup.py"
FLOOR = re.compile(r">=([0-9.]+)[^;]*")


def pins(extras: list[str]) -> list[str]:
    """One line for each direct requirement of the program and of these extras."""
    given: dict[str, object] = {}
    listener = ModuleType("setuptools")
    vars(listener).update(setup=lambda **arguments: given.update(arguments), find_packages=lambda **_: [])
    sys.modules["setuptools"] = listener
    runpy.run_path(str(SETUP))
    needed, optional = given["install_requires"], given["extras_require"]
    assert isinstance(needed, list)
    assert isinstance(optional, dict)
    lines = {*needed, *(line for extra in extras for line in optional[extra])}
    return sorted(FLOOR.sub(r"==\1", line) for line in lines)


if __name__ == "__main__":
    print("\n".join(pins(sys.argv[1:])))
