"""Papers, templates and SQL of the same content are made once a process: thousands of tests want the same ones.

All are functions of their input alone, which tests of their own prove without this.
"""

from __future__ import annotations

import io
from functools import cache, lru_cache
from typing import Any

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy import Connection, Engine, event

from daemon.documents import stored_papers
from daemon.letters import render
from daemon.letters.render import Templates
from daemon.letters.views import House

PAPERS = 200


class InMemory(BytecodeCache):
    """Compiled templates by their source."""

    def __init__(self) -> None:
        self.compiled: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """What was compiled of this source before."""
        if kept := self.compiled.get((bucket.key, bucket.checksum)):
            bucket.load_bytecode(io.BytesIO(kept))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled now."""
        self.compiled[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


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


@cache
def begin() -> None:
    """From now on, in this process."""
    made, compiled = render.environment, dict[str, InMemory]()

    def environment(templates: Templates, house: House) -> ImmutableSandboxedEnvironment:
        env = made(templates, house)
        said = repr(
            (house.regulation, sorted(house.clauses.items()), sorted(house.cited.items()), sorted(house.laws))
        )
        env.bytecode_cache = compiled.setdefault(said, InMemory())  # jinja compiles what a filter makes of a constant
        return env

    render.environment = environment
    stored_papers.docx_and_pdf = lru_cache(PAPERS)(stored_papers.docx_and_pdf)
