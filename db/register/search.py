"""Selects rows of the register: by state, unit, session or day, or by words (full-text search).

The search finds words with and without diacritics: SQLite FTS5, a tsvector on PostgreSQL. The index holds each word
without diacritics, and also with them if it has any, so that either form is one look-up. It is derived from the
register and may be dropped at any time, so no migration makes it: :func:`prepare` does, and adds what is missing.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Row, Select, func, inspect, select, text

from db.core.tables import answer, assignment, question, session
from rules.text import has_marks, squash, strip_marks


@dataclass(frozen=True, slots=True)
class Wanted:
    """Conditions on register rows: every one that is not empty must hold. ``session`` is a session's number,
    ``field`` a part of the field's name, with diacritics or without."""

    status: str = ""
    unit: str = ""
    field: str = ""
    session: str = ""
    since: date | None = None
    until: date | None = None


def newest(connection: Connection, wanted: Wanted, limit: int = 100) -> list[Row[Any]]:
    """Register rows, newest first."""
    return list(connection.execute(_narrowed(connection, wanted).order_by(question.c.id.desc()).limit(limit)))


def units_held(connection: Connection) -> list[str]:
    """The codes of all units that have ever had a question."""
    return list(connection.execute(select(assignment.c.unit).distinct()).scalars())


def _fields_with(connection: Connection, part: str) -> list[str]:
    """The fields whose names contain this, compared in Python: SQLite folds only ASCII case ("Đường", "đường")."""
    told = squash(part)
    plainly = not has_marks(told)
    found = connection.execute(select(question.c.field).distinct()).scalars()
    return [one for one in found if told in (strip_marks(squash(one)) if plainly else squash(one))]


def _narrowed(connection: Connection, wanted: Wanted, *columns: Any) -> Select[Any]:
    statement = select(*columns or (question,))
    if wanted.status:
        statement = statement.where(question.c.status == wanted.status)
    if wanted.unit:
        held = select(assignment.c.question_id).where(assignment.c.unit == wanted.unit)
        statement = statement.where(question.c.id.in_(held))
    if wanted.field:
        statement = statement.where(question.c.field.in_(_fields_with(connection, wanted.field)))
    if wanted.session:
        held_in = select(session.c.id).where(session.c.code == wanted.session.upper())
        statement = statement.where(question.c.session_id.in_(held_in))
    if wanted.since:
        start = datetime.fromisoformat(f"{wanted.since}T00:00:00+07:00")
        statement = statement.where(question.c.received_at >= start)
    if wanted.until:
        end = datetime.fromisoformat(f"{wanted.until}T23:59:59.999999+07:00")
        statement = statement.where(question.c.received_at <= end)
    return statement


def walk(connection: Connection, wanted: Wanted, batch: int = 500) -> Iterator[tuple[Row[Any], list[Row[Any]]]]:
    """Register rows with their assignments, oldest first, a batch at a time, so that any number fits in memory.

    The ids are selected once: selecting anew for each batch costs quadratic time for a large unit or year.
    """
    found_ids = array(
        "q", connection.execute(_narrowed(connection, wanted, question.c.id).order_by(question.c.id)).scalars()
    )
    for start in range(0, len(found_ids), batch):
        ids = found_ids[start : start + batch].tolist()
        found = connection.execute(select(question).where(question.c.id.in_(ids)).order_by(question.c.id))
        held: dict[int, list[Row[Any]]] = {}
        for one in connection.execute(
            select(assignment).where(assignment.c.question_id.in_(ids)).order_by(assignment.c.id)
        ):
            held.setdefault(one.question_id, []).append(one)
        yield from ((row, held.get(row.id, [])) for row in found)


BATCH = 2000
INDEX = "question_search_marked"
BEFORE = "question_search"
"""The index of earlier releases, which has no diacritics."""
_WORD = re.compile(r"[^\W_]+")
"""No underscore: FTS5 would make a phrase of two words, which ``detail=none`` refuses."""
_NO_DIGITS = re.compile(r"\D+")
_MAKE = {
    "sqlite": (f"CREATE VIRTUAL TABLE {INDEX} USING fts5(words, detail=none, tokenize='ascii')",),
    "postgresql": (
        f"CREATE TABLE {INDEX} (rowid integer PRIMARY KEY, words tsvector NOT NULL)",
        f"CREATE INDEX ix_{INDEX}_words ON {INDEX} USING gin (words)",
    ),
}
_PUT = {
    "sqlite": text(f"INSERT INTO {INDEX} (rowid, words) VALUES (:id, :words)"),
    "postgresql": text(
        f"INSERT INTO {INDEX} (rowid, words) VALUES (:id, to_tsvector('simple', :words))"
        " ON CONFLICT (rowid) DO UPDATE SET words = excluded.words"
    ),
}
_FIND = {
    "sqlite": text(f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH :wanted ORDER BY rowid DESC LIMIT :limit"),
    "postgresql": text(
        f"SELECT rowid FROM {INDEX} WHERE words @@ to_tsquery('simple', :wanted) ORDER BY rowid DESC LIMIT :limit"
    ),
}
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('question_search'))")
_DROP = text(f"DELETE FROM {INDEX} WHERE rowid = :id")


def is_there(connection: Connection) -> bool:
    """True when the index has been made in this database."""
    known = connection.info
    if not known.get(INDEX):
        known[INDEX] = inspect(connection).has_table(INDEX)
    return bool(known[INDEX])


def lacks(connection: Connection) -> bool:
    """True when there is no index, or a question is not in it."""
    newest = select(func.coalesce(func.max(question.c.id), 0))
    return not is_there(connection) or _reached(connection) < connection.execute(newest).scalar_one()


def _reached(connection: Connection) -> int:
    """The id up to which no question is missing in the index.

    On PostgreSQL another daemon may have taken in the newest question while older ones are still missing.
    """
    if connection.dialect.name == "postgresql":
        missing = f"SELECT min(id) FROM question WHERE NOT EXISTS (SELECT 1 FROM {INDEX} WHERE rowid = question.id)"
        first = connection.execute(text(missing)).scalar()
        if first is not None:
            return int(first) - 1
    return int(connection.execute(text(f"SELECT coalesce(max(rowid), 0) FROM {INDEX}")).scalar_one())


def prepare(connection: Connection, most: int | None = None) -> int:
    """Make the index where there is none, and add the questions that it lacks; returns how many those were.

    With ``most`` it adds about so many, oldest first.
    """
    if connection.dialect.name == "postgresql":  # daemons may start together, and questions may come in
        connection.execute(_ALONE)
    if not is_there(connection):
        for statement in _MAKE[connection.dialect.name]:
            connection.execute(text(statement))
        connection.execute(text(f"DROP TABLE IF EXISTS {BEFORE}"))
    _mended(connection)
    last, count = _reached(connection), 0
    while (most is None or count < most) and (
        ids := list(
            connection.execute(
                select(question.c.id).where(question.c.id > last).order_by(question.c.id).limit(BATCH)
            ).scalars()
        )
    ):
        _put(connection, ids)
        last, count = ids[-1], count + len(ids)
    return count


SEARCHED = frozenset(
    ("subject", "content", "field", "notes", "asker_name", "asker_address", "asker_phone", "asker_email")
)
"""Columns that are indexed."""


def renew(connection: Connection, question_id: int) -> None:
    """Index a question anew after its text has changed; does nothing where there is no index yet."""
    if is_there(connection):
        connection.execute(_DROP, {"id": question_id})
        _put(connection, [question_id])


def forget(connection: Connection, ids: Iterable[int]) -> None:
    """Erase questions from the index after their texts have been erased: the words too, not only the reference.

    FTS5 keeps a deleted row's words until its segments are merged, some 4 s of CPU for a million questions. Its own
    ``secure-delete`` makes an index that the integrity check of SQLite 3.46 calls malformed: no backup passed.
    """
    if not is_there(connection):
        return
    for each in ids:
        renew(connection, each)
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('optimize')"))


def _mended(connection: Connection) -> None:
    """Make an index anew in which a release before 0.3.0 has erased rows with ``secure-delete``."""
    kept = f"SELECT v FROM {INDEX}_config WHERE k = 'secure-delete'"
    if connection.dialect.name == "sqlite" and connection.execute(text(kept)).scalar():
        connection.execute(text(f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('secure-delete', 0)"))
        connection.execute(text(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')"))


def take_in(connection: Connection, row: Row[Any]) -> None:
    """Index a new question; does nothing where there is no index yet."""
    if is_there(connection):
        words = {"id": row.id, "words": _indexed(_texts(row, ()))}
        connection.execute(_PUT[connection.dialect.name], words)


def _put(connection: Connection, ids: Sequence[int]) -> None:
    given = _given(connection, ids)
    rows = connection.execute(select(question).where(question.c.id.in_(ids)))
    found = [{"id": row.id, "words": _indexed(_texts(row, given.get(row.id, ())))} for row in rows]
    if found:
        connection.execute(_PUT[connection.dialect.name], found)


def _given(connection: Connection, ids: Sequence[int]) -> dict[int, list[str]]:
    """The texts of the answers."""
    given: dict[int, list[str]] = {}
    for row in connection.execute(select(answer.c.question_id, answer.c.text).where(answer.c.question_id.in_(ids))):
        given.setdefault(row.question_id, []).append(row.text)
    return given


def _texts(row: Row[Any], answers: Iterable[str]) -> str:
    parts = (row.code, row.subject, row.content, row.field, row.notes, row.asker_name, row.asker_address)
    phone = _NO_DIGITS.sub("", row.asker_phone)
    return "\n".join((*parts, row.asker_phone, phone, row.asker_email, *answers))


@lru_cache(maxsize=8192)
def _forms(word: str) -> tuple[str, ...]:
    """A word in lower case: without marks, and with them in one canonical form."""
    if word.isascii():
        return (word,)
    marked = squash(word)
    return tuple(filter(None, (strip_marks(marked).encode("ascii", "ignore").decode(), marked)))


def _words(said: str) -> Iterable[str]:
    """The different words of a text in lower case, in order."""
    return dict.fromkeys(_WORD.findall(unicodedata.normalize("NFC", said).lower()))


def _indexed(said: str) -> str:
    """Every word once without marks and case, and once with its marks; words in other scripts are found that way."""
    return " ".join(dict.fromkeys(chain.from_iterable(map(_forms, _words(said)))))


def find(connection: Connection, said: str, limit: int = 50) -> list[int]:
    """Ids of the questions that contain every word, newest first; one given with diacritics must have them."""
    words = [forms[-1] for forms in map(_forms, _words(said)) if forms]
    if not words:
        return []
    joined = (
        " & ".join(words) if connection.dialect.name == "postgresql" else " AND ".join(f'"{one}"' for one in words)
    )
    return list(connection.execute(_FIND[connection.dialect.name], {"wanted": joined, "limit": limit}).scalars())
