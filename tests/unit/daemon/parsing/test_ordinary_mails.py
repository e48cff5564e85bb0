"""What spares the library work says what the library says: mails of ordinary form, and long files in base64."""

from __future__ import annotations

import base64
import random
import re
from email import policy
from email.message import Message
from email.parser import BytesParser

import pytest

from daemon.parsing import cut, ordinary
from daemon.parsing.guard import header_end
from daemon.parsing.parse import attachment_bytes, parse_mail

LINES = (
    *(
        b"From: a@b.test",
        b"Subject:",
        b"Subject: =?utf-8?q?x?=",
        b" folded",
        b"\tand more",
        b" ",
        b"X-Y:z",
        b"X: \xe1\xbb\x8f",
    ),
    *(
        b"Content-Type: text/plain; charset=utf-8",
        b"Content-Type: multi",
        b" part/mixed; boundary=b",
        b"Content-Type: message/",
    ),
    *(
        b"",
        b"",
        b"no field",
        b"Spaced : x",
        b": nameless",
        b"From x@y.test Mon",
        b"\xef\xbb\xbf",
        b"--b",
        b"--b--",
        b"\x00: y",
    ),
)
ENDS = (b"\n", b"\r\n", b"\r\n", b"\r\n", b"\r", b"")


def what(message: Message[str, str]) -> tuple[object, ...]:
    rest = message.preamble, message.epilogue, message.get_unixfrom(), message.get_content_type()
    inside = message.get_payload()
    payload = [what(part) for part in inside if isinstance(part, Message)] if isinstance(inside, list) else inside
    return list(message.raw_items()), payload, list(map(type, message.defects)), rest


def as_the_library(raw: bytes) -> int:
    """1 when the mail was read, and as the library reads it; 0 when it is left to the library."""
    found = ordinary.read(raw)
    assert found is None or what(found) == what(BytesParser(policy=policy.compat32).parsebytes(raw)), raw
    return found is not None


def test_headers_of_any_form() -> None:
    chance, read = random.Random(5), 0
    for _ in range(30_000):
        end = chance.choice(ENDS)
        lines = chance.choices(LINES, k=chance.randrange(9))
        read += as_the_library(
            b"".join(line + (end if chance.random() < 0.95 else chance.choice(ENDS)) for line in lines)
        )
    assert read > 500


BODY = (
    *(
        b"",
        b"",
        b"text",
        b"\xe1\xbb\x8f",
        b"--",
        b"--b",
        b"--b",
        b"--b",
        b"--b  ",
        b"--b--",
        b"--b--",
        b"--bc",
        b"--c",
        b"--c",
    ),
    *(
        b"--c--",
        b"--c--",
        b"Content-Type: text/plain",
        b"Content-Type: text/plain",
        b"X: y",
        b" z",
        b"--b--\t",
        b"no: field",
    ),
    *(b"Content-Type: multipart/alternative; boundary=c", b"Content-Type: multipart/mixed; boundary=c", b"From x"),
)
HEADS = (
    *(
        b'Content-Type: multipart/mixed; boundary="b"',
        b"Content-Type: multipart/mixed; boundary=b",
        b"Content-Type: multipart/x",
    ),
    *(
        b"Content-Type: Multipart/Digest; boundary=b",
        b'Content-Type: multipart/mixed; boundary="b "',
        b"Subject: multipart",
    ),
    *(b"Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64", b"X: multi\r\n part"),
    b"Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: 7Bit",
)


def test_parts_of_any_form() -> None:
    chance, read = random.Random(6), 0
    for _ in range(60_000):
        end = chance.choice([b"\r\n", b"\r\n", b"\n"])
        lines = chance.choices(BODY, k=chance.randrange(8))
        raw = end.join(
            [chance.choice(HEADS[:2]) if chance.random() < 0.8 else chance.choice(HEADS), b"", b"--b", *lines]
        )
        raw += end + chance.choice([b"--b--", b"--b--" + end, b""])
        raw = raw.replace(end, chance.choice(ENDS), 1) if chance.random() < 0.1 else raw
        read += as_the_library(raw)
    assert read > 1_000


LEAF = b"Content-Type: text/plain\r\n\r\nxin ch\xc3\xa0o"


@pytest.mark.parametrize("between", [b"", b"\r\n", b"\r\n\r\n", b"\r\nx"])
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_parts_in_parts(between: bytes, end: bytes) -> None:
    inner = (
        b"Content-Type: multipart/alternative; boundary=c\r\n\r\n--c\r\n"
        + LEAF
        + b"\r\n--c\r\n"
        + LEAF
        + b"\r\n--c--"
    )
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        + inner
        + between
        + b"\r\n--b\r\n"
        + LEAF
        + b"\r\n--b--\r\n"
    )
    assert as_the_library(raw.replace(b"\r\n", end)) == (between in (b"", b"\r\n"))


def test_an_attached_message_is_left_to_the_library() -> None:
    part = b"--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: x\r\n\r\nx\r\n--b--\r\n"
    assert ordinary.read(b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part) is None
    assert ordinary.read(b"Content-Type: Message/rfc822\r\n\r\nSubject: x\r\n") is None


FILE = base64.encodebytes(random.Random(1).randbytes(200_000)).replace(b"\n", b"\r\n")


@pytest.mark.parametrize(
    "kind", ["image/jpeg", "text/plain", "message/rfc822", "message/delivery-status", "multipart/x"]
)
@pytest.mark.parametrize("encoding", ["base64", "7bit"])
@pytest.mark.parametrize(
    "inside", [b"", b"\r\n", b"Subject: x\r\n\r\n", b"-- \r\n", b"--b\r\n", b"a: b", b"\r\n--\r\n"]
)
def test_a_long_file_in_base64_is_read_as_if_more_of_it_were_kept(
    monkeypatch: pytest.MonkeyPatch, kind: str, encoding: str, inside: bytes
) -> None:
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    part = head + inside + FILE
    for raw in (
        b"Subject: x\r\n" + part,
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + part + b"\r\n--b--\r\n",
    ):
        short, mail = cut.shorten(raw, "d" * 64), parse_mail(raw)
        files = [attachment_bytes(raw, one.part) for one in mail.attachments]
        assert len(short.short) < 100_000
        assert len(short.short) < 2_000 or inside.strip() or encoding == "7bit" or "message" in kind
        monkeypatch.setattr(cut, "_kept_of_base64", lambda *_: 0)
        assert parse_mail(raw) == mail
        assert [attachment_bytes(raw, one.part) for one in mail.attachments] == files
        monkeypatch.undo()


def test_a_header_ends_where_one_pattern_for_all_line_ends_finds_its_end() -> None:
    blank, chance = re.compile(rb"\r\n\r?\n|\n\r?\n|\r\r"), random.Random(4)
    for _ in range(20_000):
        raw, most = bytes(chance.choices(b"\r\nab", k=chance.randint(0, 9))), chance.randint(0, 11)
        found = blank.search(raw, 0, most)
        assert header_end(raw, most) == (found.start() if found else min(most, len(raw))), (raw, most)
