"""What spares the library work says what the library says: mails of one part, and long files in base64."""

from __future__ import annotations

import base64
import random
from email import policy
from email.message import Message
from email.parser import BytesParser

import pytest

from daemon.mailin import cut, ordinary
from daemon.mailin.parse import attachment_bytes, parse_mail

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
    return list(message.raw_items()), message.get_payload(), list(map(type, message.defects)), rest


def test_headers_of_any_form() -> None:
    chance, read = random.Random(5), 0
    for _ in range(30_000):
        end = chance.choice(ENDS)
        lines = chance.choices(LINES, k=chance.randrange(9))
        raw = b"".join(line + (end if chance.random() < 0.95 else chance.choice(ENDS)) for line in lines)
        found = ordinary.read(raw)
        if found is not None:
            read += 1
            assert what(found) == what(BytesParser(policy=policy.compat32).parsebytes(raw)), raw
    assert read > 500


def test_types_with_parts_are_left_to_the_library() -> None:
    for kind in (
        b"multipart/mixed; boundary=b",
        b"MULTIPART/x",
        b"message/rfc822",
    ):
        assert ordinary.read(b"Content-Type: " + kind + b"\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n") is None


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
