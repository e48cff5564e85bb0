"""A Received field that is called sound has no fault that mail-parser knows."""

from __future__ import annotations

import random
from email.message import Message

import mailparser
import pytest

from daemon.parsing.trace import is_sound

PLAIN = "from a.test by mx.test with ESMTPS id 1a; Mon, 05 Oct 2026 09:00:00 +0700"
SOUND = (
    PLAIN,
    "from a.test (a.test [192.0.2.1])\r\n\tby mx.test (Postfix) with ESMTP id 1a\r\n\tfor <an@dan.test>;\r\n"
    "\tMon,  5 Oct 2026 09:00:00 +0700 (ICT)",
    "by mx.test; 5 Oct 2026 09:00:00 -0000",
    "from a.test (a.test [192.0.2.1])\r\n\t(using TLSv1.3 with cipher TLS_AES_256_GCM_SHA384 (256/256 bits)\r\n"
    "\t key-exchange X25519)\r\n\tby mx.test (Postfix) with ESMTPS id 1a; Mon, 05 Oct 2026 09:00:00 +0700",
    "by 192.0.2.1 with SMTP id 1a; Mon, 05 Oct 2026\r\n 09:00:00 -0700 (PDT)",
    "from a.test by mx.test with ESMTP id 1a; Mon, 05 Oct 2026\r\n\t02:00:00 GMT",
    "from [192.0.2.1] (helo=x) by mx.test; Mon, 05 Oct 2026 09:00:00 +0700 (a) (b)",
)
FAULTY = (
    PLAIN.replace("a.test", "(a.test"),
    PLAIN.replace("a.test", "a.test)"),
    PLAIN.replace("a.test", "(a (b).test"),
    PLAIN.replace("a.test", "(a) b).test"),
    PLAIN.replace("a.test", "<a<b>.test"),
    PLAIN.replace("a.test", '"a.test'),
    PLAIN.replace("a.test", "[a.test"),
    PLAIN.replace("; Mon", "; x; Mon"),
    PLAIN.replace("Mon", "Tue"),
    PLAIN.replace("05 Oct", "32 Oct"),
    PLAIN.replace("Oct", "Xyz"),
    PLAIN.replace("09:00", "24:00"),
    PLAIN.replace("+0700", "+0760"),
    PLAIN.replace("2026", "1826"),
)
PIECES = ("(", ")", "<", ">", "[", "]", '"', ";", "\\", " ", "\r\n ", "9", "Mon", "Feb", "31", "for", "=?", "é")


def faults(value: str) -> object:
    """What mail-parser finds wrong in a message with this Received field."""
    message = Message()
    message.set_raw("Received", value)
    return mailparser.MailParser(message).defects


@pytest.mark.parametrize("value", SOUND)
def test_sound(value: str) -> None:
    assert is_sound(value)
    assert not faults(value)


@pytest.mark.parametrize("value", FAULTY)
def test_faulty(value: str) -> None:
    assert not is_sound(value)
    assert faults(value)


def test_damaged_fields() -> None:
    dice = random.Random(5)
    sound = 0
    for _ in range(4_000):
        value = dice.choice(SOUND)
        for _ in range(dice.randrange(1, 4)):
            at = dice.randrange(len(value) + 1)
            value = value[:at] + dice.choice(PIECES) * dice.randrange(2) + value[at + dice.randrange(3) :]
        if is_sound(value):
            sound += 1
            assert not faults(value), value
    assert sound > 200
