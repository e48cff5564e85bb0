"""Who reads sees one state of the register from the first statement to the last, on both databases."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select

from db.core.engine import looking, open_engine, upgrade
from db.core.tables import state
from db.reports.read_only import open_reader, reading

Reads = Callable[[Engine], AbstractContextManager[Connection]]


@pytest.mark.parametrize(
    ("opens", "reads"), [(open_engine, looking), (open_reader, reading)], ids=["looking", "pages"]
)
def test_what_is_written_meanwhile_is_not_seen(
    database_url: str, tmp_path: Path, opens: Callable[[str], Engine], reads: Reads
) -> None:
    url = database_url or f"sqlite:///{tmp_path / 'register.db'}"
    writer = open_engine(url)
    upgrade(writer)
    reader, count = opens(url), select(func.count()).select_from(state)
    with reads(reader) as connection:
        before = connection.execute(count).scalar_one()
        with writer.begin() as other:
            other.execute(state.insert().values(name="meanwhile", value="x"))
        assert connection.execute(count).scalar_one() == before
    with reads(reader) as connection:
        assert connection.execute(count).scalar_one() == before + 1
    reader.dispose()
    writer.dispose()
