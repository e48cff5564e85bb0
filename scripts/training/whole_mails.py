"""Labelled texts as whole mails: a shape puts a subject, an opening, a closing, a signature around each."""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

TRAINING_SHAPES = Path(__file__).with_name("shapes.toml")
PLAIN = "plain"
"""The name of the shape that adds nothing but a closing line with who asks."""
ENCODINGS = ("8bit", "quoted-printable", "base64")
WEBSITE = '"Cổng thông tin điện tử" <no-reply@web.test>'

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to write a letter: choices for the subject and for what stands around the question."""

    name: str
    subject: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    form: bool = False
    kinds: bool = True
    """False for one that only the vote of units learns from."""


BARE = Shape(PLAIN, ("",), ("",), ("",))


def read_shapes(path: Path) -> tuple[Shape, ...]:
    """The shapes of a file."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(
        Shape(
            one["name"],
            tuple(one["subject"]),
            tuple(one["before"]),
            tuple(one["after"]),
            bool(one.get("form", False)),
            bool(one.get("kinds", True)),
        )
        for one in data["shape"]
    )


def read_rows(path: Path) -> list[dict[str, str]]:
    """Labelled rows; the columns ``units`` and ``kind`` of the study set are read as ours."""
    with path.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE, restval=""))
    for row in rows:
        row["text"] = row["text"].replace("\\n", "\n")
        row.setdefault("expected_unit", row.get("units", ""))
        row.setdefault("expected_class", row.get("kind", ""))
        row.setdefault("note", row.get("notes", ""))
    return rows


@dataclass(frozen=True, slots=True)
class Letter:
    """A whole letter before it is a mail."""

    subject: str
    text: str
    sender: str


def letter(row: Row, shape: Shape, chance: random.Random) -> Letter:
    """The row's text in a shape. An address that the shape has no place for is added as the last line."""
    who = {
        "name": row.get("sender_name") or chance.choice(("Nguyễn Văn An", "Trần Thị Hoa", "Phạm Minh", "Lê Thu Hà")),
        "address": row.get("address") or "TP Hải Phòng",
        "phone": row.get("phone") or f"0912000{chance.randrange(100, 1000)}",
    }
    subject, before, after = (chance.choice(part) for part in (shape.subject, shape.before, shape.after))
    body = "\n".join(part for part in (before, row["text"], after) if part)
    if row.get("address") and "{address}" not in before + after:
        body += "\n\n{name}\n{address}"
    for field, value in who.items():
        subject, body = (text.replace("{" + field + "}", value) for text in (subject, body))
    return Letter(subject or row.get("subject", ""), body, WEBSITE if shape.form else who["name"])


def mail_bytes(one: Letter, chance: random.Random) -> bytes:
    """The letter as a mail, in one of the usual encodings."""
    mail = EmailMessage(policy=SMTP)
    sender = one.sender if "<" in one.sender else f'"{one.sender}" <nguoidan{chance.randrange(1000)}@dan.test>'
    mail["From"], mail["To"], mail["Subject"] = sender, "doithoai@tp.test", one.subject
    mail["Date"] = "Tue, 10 Nov 2026 09:15:00 +0700"
    mail["Message-ID"] = f"<{chance.getrandbits(64):x}@dan.test>"
    mail.set_content(one.text, charset="utf-8", cte=chance.choice(ENCODINGS))
    return mail.as_bytes()


def wrapped(rows: Iterable[Row], shapes: Sequence[Shape], seed: int = 7) -> Iterator[tuple[Row, Shape, bytes]]:
    """Every row in every shape; the same mails for the same seed."""
    for row in rows:
        for shape in shapes:
            chance = random.Random(f"{seed} {row['id']} {shape.name}")
            yield row, shape, mail_bytes(letter(row, shape, chance), chance)
