"""SQL is compiled once a process, and not once an engine: each of thousands of tests has an engine of its own."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, event


class Statements(dict[Any, Any]):
    """Compiled SQL by the statement and the kind of database. SQLAlchemy keeps it by the engine, of which each test
    has its own, and so would compile every statement anew in every test."""

    def get(self, key: Any, default: Any = None) -> Any:
        """What was compiled of this statement before."""
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


@cache
def share_statements() -> None:
    """From now on, all engines of this process know the statements that any of them has compiled."""
    compiled = Statements()

    def remember(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)

    event.listen(Engine, "engine_connect", remember)
