"""For coverage: each line is put down to the test that ran it; two cases of a test are enough, and one database."""

from collections import Counter
from collections.abc import Generator

import pytest
from coverage import Coverage

CASES = 2
BYSTANDERS = "test_bystanders"
"""Its cases are acts of their own, all of them are run."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out further cases of the same test, and PostgreSQL, for which a server would start."""
    seen: Counter[str] = Counter()
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        test = item.nodeid.partition("[")[0]
        seen[test] += "postgresql" not in item.nodeid
        wanted = "postgresql" not in item.nodeid and (seen[test] <= CASES or BYSTANDERS in test)
        (kept if wanted else left_out).append(item)
    items[:] = kept
    config.hook.pytest_deselected(items=left_out)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Set-up and clearing up are the test's too."""
    coverage = Coverage.current()
    assert coverage is not None, "this wants to be run under coverage"
    coverage.switch_context(item.nodeid)
    try:
        return (yield)
    finally:
        coverage.switch_context("")
