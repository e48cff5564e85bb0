"""A mail's identity and its claimed sender, told without copying megabytes: the same as by the plain definition."""

import hashlib
import random
import re
from dataclasses import replace
from typing import Any

import pytest

from db.mails.identity import TRACE_HEADERS, claimed_sender, identity_of, letter_of
from rules.values.model import Mailbox, ParsedMail
from tests.dose import dose
from tests.support.rows import NOW

PIECES = (
    *(b"\r", b"\n", b"\r\n", b"\r\n", b"\n\n", b"\r\n\r\n", b"\n" * 99, b"\r\n" * 150),
    *(
        b"From: a@b.vn",
        b"from:x <q@r.s>",
        b"Received: x",
        b"DKIM-Signature: y",
        b"Subject: a",
        b"X-Spam-Status \t: z",
        b"X-Spam",
        b"status",
        b"received from: w",
        b":",
        b" x",
        b"body",
        b"y" * 101,
    ),
)


def plainly(raw: bytes) -> str:
    head, separator, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    kept, keep = [], True
    for line in head.split(b"\n"):
        if name := re.match(rb"([!-9;-~]+)[ \t]*:", line):
            keep = not name[1].lower().startswith(TRACE_HEADERS)
        kept += [line] if keep else []
    return hashlib.sha256(b"\n".join(kept) + separator + body.rstrip(b"\n")).hexdigest()


def test_line_ends_and_empty_lines_in_any_order() -> None:
    chance = random.Random(3)
    for _ in range(dose(20_000)):
        raw = b"".join(chance.choices(PIECES, k=chance.randrange(14)))
        assert identity_of(raw) == plainly(raw), raw


def test_the_claimed_sender_is_the_last_address_of_its_line() -> None:
    chance = random.Random(4)
    pieces = (*'@@@@<>,;:"() \t.-_=?\0', "a", "b.vn", "lan@dan.test", "=?utf-8?q?Lan?=", "x" * 63, "y" * 70)
    address = re.compile(rb"[^\s\x00-\x1f<>()\",;:]{1,64}@[\w.-]{1,255}")
    for _ in range(dose(20_000)):
        said = "".join(chance.choices(pieces, k=chance.randrange(12))).encode()
        found = address.findall(said)
        assert claimed_sender(b"From:" + said + b"\r\n\r\n") == (found[-1].decode().lower() if found else ""), said


def test_the_sender_is_looked_for_in_the_header_only() -> None:
    assert claimed_sender(b"Subject: x\r\nFROM: Lan <Lan@Dan.test>\r\n\r\nFrom: b@c.test\r\n") == "lan@dan.test"
    assert claimed_sender(b"From: a@dan.test\n\nx") == "a@dan.test"
    assert claimed_sender(b"Subject: x\r\n\r\nFrom: b@c.test\r\n") == ""


@pytest.mark.parametrize(
    ("told_by", "minimal", "told"),
    [
        ({"message_id": "<1@dan.test>", "date": NOW}, False, True),
        ({"message_id": "<1@dan.test>"}, False, True),
        ({"date": NOW}, False, True),
        ({}, False, False),
        ({"message_id": "<1@dan.test>", "date": NOW}, True, False),
    ],
)
def test_a_letter_is_told_by_its_message_id_or_its_date(told_by: dict[str, Any], minimal: bool, told: bool) -> None:
    one, other = (
        ParsedMail("0" * 64, 1, "Đường", text, (Mailbox("An", "an@dan.test"),), minimal=minimal, **told_by)
        for text in ("Bao giờ sửa?", "Ai sửa?")
    )
    assert bool(letter_of(one)) is told
    assert (letter_of(one) != letter_of(other)) is told
    assert letter_of(one) == letter_of(replace(one, sha256="1" * 64, size=2))
