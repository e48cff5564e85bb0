"""The results of a run in a comparable form: tables, mails as a reader sees them, files.

Used by ``compare_runs.py``. A random token or digest is named after the place where it first appears, and a row after
its subject instead of its number, so that references stay visible and an additional row changes no other. The
encoding of a mail and the indentation of HTML are left out.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import email
import email.policy
import hashlib
import io
import json
import re
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

Record = dict[str, Any]

_TOKEN = re.compile(r"(?<![0-9A-Za-z])[0-9a-f]{16,64}(?![0-9A-Za-z])")
_CODE = re.compile(r"[\w/]+\.py:\d+")
"""The place of an error: a module that moved is no difference."""
_MAIL = re.compile(rb"[!-9;-~]+:[ \t]")
_HOW_ENCODED = frozenset({"content-type", "content-transfer-encoding", "mime-version", "content-disposition"})
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "br", "code", "em", "i", "img", "s", "small", "span", "strong", "sub", "u")
)


Hide = Callable[[str], str]
"""Replaces what is random in a text."""

_FIRST = ("raw_mail", "outbox")
"""The tables in which most tokens first appear."""
_KEYS = {
    "answer": ("assignment_id", "raw_mail_id"),
    "assignment": ("question_id", "item", "unit", "round"),
    "duty": ("key",),
    "journal": ("act", "question_id", "raw_mail_id", "outbox_id"),
    "outbox": ("key",),
    "question_link": ("first_id", "second_id"),
    "unit_document": ("unit", "number", "question_id"),
}
"""The subject of a row, in tables whose row numbers depend on earlier rows."""
_NUMBERS = frozenset({"id", "seq", "previous", "hash"})
"""Columns of such a row that depend only on its position; ``verify`` checks the journal's chain."""
_POINTERS = {"outbox_id": "outbox", "assignment_id": "assignment", "assignment": "assignment", "duty": "duty"}
"""Columns, and names in their JSON, that hold the number of such a row."""


class Tokens:
    """Names every random token after the place where it first appears."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._others: dict[str, str] = {}
        self._at: Counter[str] = Counter()

    def at(self, place: str) -> Hide:
        """The function that hides the tokens in texts at this place."""

        def hide(text: str) -> str:
            for other, name in self._others.items():
                text = text.replace(other, name)
            text = _CODE.sub("<place in the code>", text)
            return _TOKEN.sub(lambda found: self._name(found[0], place), text)

        return hide

    def other(self, token: str) -> str:
        """The name of a random value that does not look like a token; from now on texts hide the value too."""
        return self._others.setdefault(token, f"<other {len(self._others) + 1}>")

    def _name(self, token: str, place: str) -> str:
        if token not in self._known:
            self._at[place] += 1
            self._known[token] = f"<{place}>" if self._at[place] == 1 else f"<{place} {self._at[place]}>"
        return self._known[token]


class _Html(HTMLParser):
    """Tags with sorted attributes, and the text between them with single blanks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One opening tag."""
        self._tag(tag, f"<{' '.join([tag, *sorted(f'{name}={value}' for name, value in attrs)])}>")

    def handle_endtag(self, tag: str) -> None:
        """One closing tag."""
        self._tag(tag, f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Keep the text as the page shows its blanks."""
        text = re.sub(r"[ \t\r\n\f]+", " ", data)
        if text == " " and (not self.seen or self.seen[-1].startswith("\n")):
            return
        self.seen.append(text)

    def _tag(self, name: str, text: str) -> None:
        if name in _INLINE:
            self.seen.append(text)
            return
        if self.seen:
            self.seen[-1] = self.seen[-1].rstrip(" ")
        self.seen.append(f"\n{text}\n")


def html_view(text: str) -> str:
    """HTML without its file layout: block tags on lines of their own, single blanks."""
    parser = _Html()
    parser.feed(text)
    parser.close()
    lines = (line.strip() for line in "".join(parser.seen).splitlines())
    return "\n".join(line for line in lines if line)


def mail_view(raw: bytes, hide: Hide) -> Record:
    """A mail as a reader sees it: decoded header fields in the order of their names, decoded parts."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    header = sorted((name.lower(), _field(name, value)) for name, value in message.raw_items())
    fields = [[name, hide(value)] for name, value in header if name not in _HOW_ENCODED]
    return {"header": fields, "parts": [_part_view(part, hide) for part in message.walk()]}


def _field(name: str, value: str) -> str:
    with contextlib.suppress(Exception):  # the library's reading of a malformed field may fail
        return str(email.policy.default.header_fetch_parse(name, value))
    return str(value)


def _part_view(part: Any, hide: Hide) -> Record:
    seen: Record = {"type": part.get_content_type()}
    for what, value in (("file", part.get_filename()), ("disposition", part.get_content_disposition())):
        if value:
            seen[what] = hide(value)
    if part.is_multipart():
        return seen
    data = part.get_payload(decode=True) or b""
    if part.get_content_maintype() != "text":
        return {**seen, **blob_view(data, hide)}
    text = data.decode(_charset(part), "replace").replace("\r\n", "\n").rstrip("\n")
    return {**seen, "text": hide(html_view(text) if seen["type"] == "text/html" else text)}


def _charset(part: Any) -> str:
    charset = part.get_content_charset("utf-8")
    with contextlib.suppress(LookupError):
        return codecs.lookup(charset).name
    return "latin-1"


def blob_view(data: bytes, hide: Hide) -> Record:
    """Bytes of any kind: a mail; a ZIP document by its members; otherwise length and digest."""
    if _MAIL.match(data):
        return mail_view(data, hide)
    if data.startswith(b"PK\x03\x04"):
        with contextlib.suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(data)) as file:
            return {"members": {name: _digest(file.read(name)) for name in sorted(file.namelist())}}
    return {"bytes": len(data), "digest": _digest(data)}


def _digest(data: bytes) -> str:
    """The digest in groups, so that it is not mistaken for a token."""
    text = hashlib.sha256(data).hexdigest()[:32]
    return "-".join(text[at : at + 8] for at in range(0, 32, 8))


def file_view(path: Path, hide: Hide) -> Record:
    """A file written for people: a mail, a page, a list, or any other."""
    data = path.read_bytes()
    if path.suffix == ".html":
        return {"text": hide(html_view(data.decode()))}
    if path.suffix == ".csv":
        rows = csv.reader(io.StringIO(data.decode("utf-8-sig")))
        return {"rows": [[hide(cell) for cell in row] for row in rows]}
    return mail_view(data, hide) if path.suffix == ".eml" else blob_view(data, hide)


class Database:
    """A SQLite file of a run."""

    def __init__(self, connection: sqlite3.Connection, tokens: Tokens) -> None:
        connection.row_factory = sqlite3.Row
        self._connection, self._tokens = connection, tokens
        found = connection.execute("PRAGMA table_list").fetchall()
        kept = {row["name"] for row in found if row["schema"] == "main" and row["type"] in {"table", "virtual"}}
        self._names = {name for name in kept if not name.startswith("sqlite_") and name != "alembic_version"}
        self._about = {name: self._by_number(name) for name in _POINTERS.values() if name in self._names}

    def tables(self) -> Iterator[tuple[str, Iterator[Record]]]:
        """Every table except SQLite's own and the search index's inner ones, with its rows in written order."""
        for name in sorted(self._names, key=lambda one: (one not in _FIRST, one)):
            rows = self._rows(name)
            yield name, _of_journal(rows) if name == "journal" else rows

    def _by_number(self, name: str) -> dict[int, str]:
        rows = self._connection.execute(f'SELECT * FROM "{name}"').fetchall()
        return {row["id"]: "/".join(str(row[column]) for column in _KEYS[name]) for row in rows}

    def _rows(self, name: str) -> Iterator[Record]:
        keys = [row["name"] for row in self._connection.execute(f'PRAGMA table_info("{name}")') if row["pk"]]
        try:
            rows = self._connection.execute(f'SELECT rowid AS rowid, * FROM "{name}" ORDER BY rowid')
        except sqlite3.OperationalError:  # a table without row numbers
            rows = self._connection.execute(f'SELECT * FROM "{name}" ORDER BY {", ".join(keys)}')
        left_out = {"rowid", *(_NUMBERS if name in _KEYS else ())}
        columns = [one[0] for one in rows.description if one[0] not in left_out]
        for number, row in enumerate(rows, 1):
            key = "/".join(self._called(column, row[column]) for column in _KEYS.get(name, keys)) or str(number)
            called = f"#{number}" if _TOKEN.search(key) else key
            view = {column: self._value(name, called, column, row[column]) for column in columns}
            yield {"key": self._tokens.at(f"{name} {called}")(key), **view}

    def _called(self, column: str, value: Any) -> str:
        return str(self._about.get(_POINTERS.get(column, ""), {}).get(value, value))

    def _value(self, table: str, key: str, column: str, value: Any) -> Any:
        if column == "uidvalidity":
            return self._tokens.other(str(value))
        hide = self._tokens.at(f"{table}.{column} {key}")
        if isinstance(value, bytes):
            return blob_view(value, hide)
        if not isinstance(value, str):
            return self._called(column, value) if column in _POINTERS and value is not None else value
        text = hide(value)
        with contextlib.suppress(ValueError):
            return self._inside(json.loads(text)) if text[:1] in {"[", "{"} else text
        return text

    def _inside(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {
            name: self._called(name, one) if isinstance(one, int) and name in _POINTERS else one
            for name, one in value.items()
        }


def _of_journal(rows: Iterator[Record]) -> Iterator[Record]:
    """Journal entries: the key also names the duty; the order of acts is kept in words."""
    act, before = "", ""
    for row in rows:
        act, before = (row["act"], before if row["act"] == act else act)
        duty = row["data"].get("duty", "") if isinstance(row["data"], dict) else ""
        yield {**row, "key": f"{row['key']}/{duty}", "after": before}
