"""docs/servers.md: every test that it names is there, under that name."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
TABLE = (ROOT / "docs" / "servers.md").read_text("utf-8")


def test_each_row_names_a_test_that_is_there() -> None:
    rows = [line for line in TABLE.splitlines() if line.startswith("| ") and "held by" not in line]
    assert len(rows) > 15
    for row in rows:
        found = NAMED.findall(row)
        assert found, row
        for file, name in found:
            assert f"def {name}(" in (ROOT / file).read_text("utf-8"), (file, name)
