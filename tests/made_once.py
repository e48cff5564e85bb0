"""What hundreds of tests want again is made once a process: papers, compiled templates, compiled statements.

All are functions of their input alone, which tests of their own prove without this.
"""

from __future__ import annotations

import io
import sqlite3
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment
from sqlalchemy import Engine, event

from daemon.documents import making
from daemon.documents.forms import own_forms
from daemon.letters import compose
from daemon.letters.compose import Templates
from daemon.letters.views import LetterHead
from db.core.engine import open_engine, sqlite_path

if TYPE_CHECKING:
    from tests.installation import LiveInstallation

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


@cache
def begin() -> None:
    """From now on, in this process."""
    made, compiled = compose.environment, dict[str, InMemory]()

    def environment(templates: Templates, letter_head: LetterHead) -> ImmutableSandboxedEnvironment:
        env = made(templates, letter_head)
        said = repr(
            (
                letter_head.regulation,
                sorted(letter_head.clauses.items()),
                sorted(letter_head.cited.items()),
                sorted(letter_head.laws),
            )
        )
        env.bytecode_cache = compiled.setdefault(said, InMemory())  # jinja compiles what a filter makes of a constant
        return env

    compose.environment = environment
    making.docx_of = lru_cache(PAPERS)(making.docx_of)
    making.pdf_of = lru_cache(PAPERS)(making.pdf_of)
    own_forms.written_in = lru_cache(PAPERS)(own_forms.written_in)


_file: dict[Engine, str] = {}
"""The SQLite file on which each kept engine opens its connections."""
_idle: list[Engine] = []


def engine_on(file: str) -> Engine:
    """An engine that another house has given back, or a new one: each compiles its statements anew, 0.1 s a house."""
    engine = _idle.pop() if _idle else _made()
    _file[engine] = file
    return engine


def give_back(engine: Engine, file: str) -> None:
    """Its connections are closed; the next house may have it. Who is closed twice gives back nothing of the next."""
    if _file.get(engine, file) != file:
        return
    engine.dispose()
    if engine in _file and engine not in _idle:
        _idle.append(engine)


def _made() -> Engine:
    engine = open_engine("sqlite:///made-once.db")

    def to_its_file(_dialect: object, _record: object, places: list[Any], _named: object) -> None:
        places[0] = _file[engine]

    event.listen(engine, "do_connect", to_its_file)
    event.listen(engine, "connect", _do_not_wait)
    return engine


def _do_not_wait(connection: sqlite3.Connection, _record: object) -> None:
    """The system writes to the disk when it likes."""
    connection.execute("PRAGMA synchronous=OFF")


class Register:
    """The SQLite file of a house, to be kept and to be set where another house of the same kind left it."""

    def __init__(self, house: LiveInstallation, file: Path) -> None:
        self.house, self.file = house, file

    @classmethod
    def of(cls, house: LiveInstallation) -> Self | None:
        """None on PostgreSQL."""
        file = sqlite_path(house.database_url)
        return cls(house, file) if file else None

    def content(self) -> bytes:
        """All of it as it stands."""
        connection = self.house.engine.raw_connection()
        try:
            return bytes(connection.driver_connection.serialize())  # type: ignore[union-attr]
        finally:
            connection.close()

    def digest(self, key: object) -> bytes:
        """Of the register, the configuration, the hour, and what begins."""
        configured = self.house.file.read_text("utf-8").replace(str(self.house.folder), "")
        return blake2b(
            self.content() + repr((configured, self.house.clock.at, key)).encode(), digest_size=20
        ).digest()

    def set(self, kept: bytes) -> None:
        """Nobody has it open."""
        self.house.engine.dispose()
        self.file.write_bytes(kept)
