"""Full-text search in the register, with and without marks: SQLite FTS5, a tsvector on PostgreSQL.

The index holds words without marks. It is derived from the register and may be dropped at any time, so no migration
makes it: :func:`prepare` does, and takes in what is missing. Marks in a query are compared with the row itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, inspect, select, text

from db import prepared
from db.schema import answer, question
from rules.text import has_marks, squash, strip_marks

BATCH = 2000
PORTION = 200
SEEN = 2000
"""Rows without marks that are looked at for the marks of a query."""
_WORD = re.compile(r"\w+")
_MAKE = {
    "sqlite": ("CREATE VIRTUAL TABLE question_search USING fts5(words, detail=none, tokenize='ascii')",),
    "postgresql": (
        "CREATE TABLE question_search (rowid integer PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX ix_question_search_words ON question_search USING gin (words)",
    ),
}
_PUT = {
    "sqlite": text("INSERT INTO question_search (rowid, words) VALUES (:id, :words)"),
    "postgresql": text(
        "INSERT INTO question_search (rowid, words) VALUES (:id, to_tsvector('simple', :words))"
        " ON CONFLICT (rowid) DO UPDATE SET words = excluded.words"
    ),
}
_FIND = {
    "sqlite": text(
        "SELECT rowid FROM question_search WHERE question_search MATCH :wanted ORDER BY rowid DESC LIMIT :limit"
    ),
    "postgresql": text(
        "SELECT rowid FROM question_search WHERE words @@ to_tsquery('simple', :wanted)"
        " ORDER BY rowid DESC LIMIT :limit"
    ),
}
_ALONE = text("SELECT pg_advisory_xact_lock(hashtext('question_search'))")
_DROP = text("DELETE FROM question_search WHERE rowid = :id")


def is_there(connection: Connection) -> bool:
    """True when the index has been made in this database."""
    known = connection.info
    if not known.get("question_search"):
        known["question_search"] = inspect(connection).has_table("question_search")
    return bool(known["question_search"])


def prepare(connection: Connection) -> int:
    """Make the index where there is none, and take in the questions that it lacks; returns how many those were."""
    if connection.dialect.name == "postgresql":  # daemons start together; a new question may be put in meanwhile
        connection.execute(_ALONE)
    if not is_there(connection):
        for statement in _MAKE[connection.dialect.name]:
            connection.execute(text(statement))
    last = int(connection.execute(text("SELECT coalesce(max(rowid), 0) FROM question_search")).scalar_one())
    count = 0
    while ids := list(
        connection.execute(
            select(question.c.id).where(question.c.id > last).order_by(question.c.id).limit(BATCH)
        ).scalars()
    ):
        _put(connection, ids)
        last, count = ids[-1], count + len(ids)
    return count


SEARCHED = frozenset(
    ("subject", "content", "field", "notes", "asker_name", "asker_address", "asker_phone", "asker_email")
)
"""Columns that are searched."""


def renew(connection: Connection, question_id: int) -> None:
    """Take in a question whose text has changed; nothing where there is no index yet."""
    if is_there(connection):
        connection.execute(_DROP, {"id": question_id})
        _put(connection, [question_id])


def forget(connection: Connection, ids: Iterable[int]) -> None:
    """Erase what the index holds of questions whose texts have been erased: their words too, not only the reference.

    Without ``secure-delete`` FTS5 keeps a deleted row's words in its segments until these are merged some day.
    """
    if not is_there(connection):
        return
    if connection.dialect.name == "sqlite":
        connection.execute(text("INSERT INTO question_search (question_search, rank) VALUES ('secure-delete', 1)"))
    for each in ids:
        renew(connection, each)


def take_in(connection: Connection, row: Row[Any]) -> None:
    """Take in a question that is new; nothing where there is no index yet."""
    if is_there(connection):
        words = {"id": row.id, "words": " ".join(_bare(_texts(row, ())))}
        prepared.count(connection, _PUT[connection.dialect.name], words)


def _put(connection: Connection, ids: Sequence[int]) -> None:
    given = _given(connection, ids)
    rows = connection.execute(select(question).where(question.c.id.in_(ids)))
    found = [{"id": row.id, "words": " ".join(_bare(_texts(row, given.get(row.id, ()))))} for row in rows]
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
    phone = re.sub(r"\D", "", row.asker_phone)
    return "\n".join((*parts, row.asker_phone, phone, row.asker_email, *answers))


@lru_cache(maxsize=50_000)
def _plain(word: str) -> tuple[str, str]:
    """A word as it is compared: with its marks in one form, and without them. Vietnamese has few syllables."""
    marked = squash(word)
    return marked, strip_marks(marked).encode("ascii", "ignore").decode()


def _words(said: str) -> list[tuple[str, str]]:
    text_ = unicodedata.normalize("NFC", said).lower()
    return [_plain(word) for word in dict.fromkeys(_WORD.findall(text_))]


def _bare(said: str) -> list[str]:
    """Words without marks and case, each once; letters that are no ASCII are left out."""
    return list(dict.fromkeys(bare for _, bare in _words(said) if bare))


def find(connection: Connection, said: str, limit: int = 50) -> list[int]:
    """Ids of the questions that hold every word, the newest first; a word with marks must stand there with them."""
    words = _bare(said)
    if not words:
        return []
    marked = {word for word, _ in _words(said) if has_marks(word)}
    joined = (
        " & ".join(words) if connection.dialect.name == "postgresql" else " AND ".join(f'"{one}"' for one in words)
    )
    wanted = {"wanted": joined, "limit": SEEN if marked else limit}
    ids = list(connection.execute(_FIND[connection.dialect.name], wanted).scalars())
    if not marked:
        return ids
    found: list[int] = []
    for start in range(0, len(ids), PORTION):
        found += _holding(connection, ids[start : start + PORTION], marked)
        if len(found) >= limit:
            break
    return found[:limit]


def _holding(connection: Connection, ids: Sequence[int], marked: set[str]) -> list[int]:
    """Those of the questions, in their order, in which every word stands with its marks."""
    given = _given(connection, ids)
    rows = {row.id: row for row in connection.execute(select(question).where(question.c.id.in_(ids)))}
    said = {each: {word for word, _ in _words(_texts(row, given.get(each, ())))} for each, row in rows.items()}
    return [each for each in ids if each in said and marked <= said[each]]
