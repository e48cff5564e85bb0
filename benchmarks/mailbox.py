"""Realistic mailboxes: Vietnamese mails in every encoding that programs use. The same seed, the same bytes."""

from __future__ import annotations

import base64
import csv
import quopri
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.header import Header
from pathlib import Path

from benchmarks import files
from benchmarks.headers import DATE, trace

LABELLED = sorted(
    (Path(__file__).resolve().parent.parent / "scripts" / "training" / "labelled").glob("letters_*.tsv")
)
"""Whole letters, each about one matter, written by people who did not know the rules."""
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
RECIPIENT = "doithoai@haiphong.test"

PDF_EVERY, DOCX_EVERY = 10, 20
"""Every tenth mail has a PDF of 200 KB with text in it, every twentieth a DOCX."""
PAPERS = 12
"""Different files of each format; letters use them in turn."""
FEWEST, MOST = 4, 30
"""Sentences of a letter."""

# The share of mails of each kind, in percent.
KINDS = (("8bit", 30), ("quoted-printable", 25), ("base64", 20), ("alternative", 15), ("windows-1258", 10))

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
"""In windows-1258 these are combining signs after their letter."""


@dataclass(frozen=True, slots=True)
class Letter:
    """The content of a person's letter."""

    name: str
    address: str
    phone: str
    text: str
    field: str
    """The units that would be right for it: letters of the same field speak of like things."""

    @property
    def body(self) -> str:
        """Text and signature."""
        signed = "\n".join(part for part in (self.name, self.address, self.phone) if part)
        return f"Kính gửi Ban Biên tập,\n\n{self.text}\n\n{signed}\n"


@dataclass(frozen=True, slots=True)
class File:
    """An attachment of a letter."""

    name: str
    media: str
    data: bytes


SENTENCE = re.compile(r"(?<=[.?!])\s+")


def letters() -> list[Letter]:
    """The labelled questions that a citizen may ask."""
    return [
        Letter(
            row["sender_name"], row["address"], row["phone"], row["text"].replace("\\n", "\n"), row["expected_unit"]
        )
        for path in LABELLED
        for row in csv.DictReader(
            path.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
        )
        if row["expected_class"] == "question"
    ]


def make_mails(count: int, seed: int = 2016) -> Iterator[bytes]:
    """``count`` different mails, line ends CRLF; all from different senders and none twice."""
    chance = random.Random(seed)
    known = letters()
    spoken: dict[str, list[str]] = {}
    for letter in known:
        spoken.setdefault(letter.field, []).extend(SENTENCE.split(letter.text))
    papers = _papers([one for letter in known for one in SENTENCE.split(letter.text)], seed)
    kinds = [kind for kind, share in KINDS for _ in range(share)]
    for number in range(count):
        letter = chance.choice(known)
        letter = _told_at_length(letter, spoken[letter.field], chance)
        kind = chance.choice(kinds)
        above = trace(_sender(number, seed), chance)
        yield _mail(_head(above, number, seed, letter), number, seed, letter.body, kind, _file(papers, number))


def _told_at_length(letter: Letter, spoken: list[str], chance: random.Random) -> Letter:
    """The letter with a story of its own field before it: people write 4 to 30 sentences about one matter."""
    asked = len(SENTENCE.split(letter.text))
    story = [chance.choice(spoken) for _ in range(chance.randint(FEWEST, MOST) - asked)]
    return replace(letter, text=" ".join([*story, letter.text]))


def _papers(spoken: list[str], seed: int) -> dict[str, list[File]]:
    chance = random.Random(seed)
    said = [[chance.choice(spoken) for _ in range(20)] for _ in range(PAPERS)]
    return {
        "pdf": [File("don.pdf", "application/pdf", files.pdf(one, number)) for number, one in enumerate(said)],
        "docx": [File("don.docx", DOCX, files.docx(one)) for one in said],
    }


def _file(papers: dict[str, list[File]], number: int) -> File | None:
    for form, every in (("pdf", PDF_EVERY), ("docx", DOCX_EVERY)):
        if number % every == (every - 1 if form == "pdf" else every // 4):
            return papers[form][number // every % PAPERS]
    return None


def _sender(number: int, seed: int) -> str:
    return f"dan{seed}.{number}@dan.test"


def _mail(head: bytes, number: int, seed: int, text: str, kind: str, file: File | None) -> bytes:
    kind_line, body = _body(text, kind)
    if file is None:
        return head + kind_line + b"\r\n" + body
    return head + _mixed(f"=_m{seed}.{number}".encode(), kind_line + b"\r\n" + body, file)


def _head(above: str, number: int, seed: int, letter: Letter) -> bytes:
    subject = Header(" ".join(letter.text.split()[:8]), "utf-8", maxlinelen=70).encode()
    name = Header(letter.name or "Người dân", "utf-8", maxlinelen=70).encode()
    lines = (
        *above.splitlines(),
        f"From: {name} <{_sender(number, seed)}>",
        f"To: <{RECIPIENT}>",
        f"Subject: {subject}",
        f"Message-ID: <{seed}.{number}@dan.test>",
        f"Date: {DATE}",
        "MIME-Version: 1.0",
    )
    return "".join(f"{line}\r\n" for line in lines).replace("\n ", "\r\n ").replace("\r\r", "\r").encode("ascii")


def _body(text: str, kind: str) -> tuple[bytes, bytes]:
    if kind == "alternative":
        return _alternative(text)
    if kind == "windows-1258":
        return _part("text/plain", "windows-1258", "8bit", windows_1258(text))
    return _part("text/plain", "utf-8", kind, text.encode())


def _part(media: str, charset: str, encoding: str, data: bytes) -> tuple[bytes, bytes]:
    head = f"Content-Type: {media}; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n".encode()
    if encoding == "base64":
        data = base64.encodebytes(data)
    elif encoding == "quoted-printable":
        data = quopri.encodestring(data)
    return head, data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def _alternative(text: str) -> tuple[bytes, bytes]:
    html = "<html><body>" + "".join(f"<div>{line or '<br>'}</div>" for line in text.splitlines()) + "</body></html>\n"
    parts = (
        _part("text/plain", "utf-8", "quoted-printable", text.encode()),
        _part("text/html", "utf-8", "quoted-printable", html.encode()),
    )
    body = b"".join(b"--=_alt\r\n" + head + b"\r\n" + data + b"\r\n" for head, data in parts) + b"--=_alt--\r\n"
    return b'Content-Type: multipart/alternative; boundary="=_alt"\r\n', body


def _mixed(boundary: bytes, first: bytes, file: File) -> bytes:
    data = base64.encodebytes(file.data).replace(b"\n", b"\r\n")
    return (
        b'Content-Type: multipart/mixed; boundary="' + boundary + b'"\r\n\r\n'
        b"--" + boundary + b"\r\n" + first + b"\r\n--" + boundary + b"\r\n"
        b"Content-Type: " + file.media.encode() + b"\r\nContent-Transfer-Encoding: base64\r\n"
        b'Content-Disposition: attachment; filename="'
        + file.name.encode()
        + b'"\r\n\r\n'
        + data
        + b"--"
        + boundary
        + b"--\r\n"
    )


def windows_1258(text: str) -> bytes:
    """The text in that code page: tones come after their letters; characters that it lacks are left out."""
    out: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        pieces = unicodedata.normalize("NFD", char)
        tone = "".join(piece for piece in pieces if piece in TONES)
        out.append(unicodedata.normalize("NFC", "".join(piece for piece in pieces if piece not in TONES)) + tone)
    return "".join(out).encode("windows-1258", "ignore")
