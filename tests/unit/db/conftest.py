"""What the tests of statements share: tables without a row."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from tests.support.rows import empty


@pytest.fixture
def rows() -> Iterator[Connection]:
    """Every table, empty, in memory."""
    with empty() as connection:
        yield connection
