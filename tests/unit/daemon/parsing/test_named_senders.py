"""A sender whose name is handed to mail-parser decoded is the one that it reads from encoded words."""

from __future__ import annotations

import base64
import quopri
import random

import pytest

from daemon.parsing import header_fields
from daemon.parsing.parse import parse_mail

NAMES = (
    *(
        "Nguyễn Thị Hoà",
        "Lê",
        "Tổ 3",
        "An\u0300",
        "Trần  Văn An ",
        "Ban đại diện (ông Đỗ)",
        "Lan, Hải",
        "A <x@y.test>",
        '"Lan"',
    ),
    *(
        "",
        "Hải:",
        "a@b.test",
        "Nguyá»…n Lan",
        "NguyÔn",
        "Hải_Phòng",
        "x" * 45,
        "x" * 46,
        "ễ" * 15,
        "ễ" * 16,
        "=?x",
        "An\u200bh",
    ),
)
ADDRESSES = (
    "<an@dan.test>",
    "<An.Le+x@Dan.test>",
    "an@dan.test",
    "<a@b@c.test>",
    "<a b@c.test>",
    "<a.@dan.test>",
    "<@dan.test>",
    "",
)
BETWEEN = (" ", "  ", "\r\n ", "", "\t", " x ")


def word(name: str, chance: random.Random) -> str:
    if chance.random() < 0.5:
        return f"=?{chance.choice(['utf-8', 'UTF-8', 'ascii'])}?b?{base64.b64encode(name.encode()).decode()}?="
    quoted = quopri.encodestring(name.encode(), header=True).decode().replace("?", "=3F").replace("=\n", "")
    return f"=?utf-8?q?{quoted}?="


def test_names_of_any_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    chance, near = random.Random(11), 0
    for _ in range(3_000):
        names = chance.choices(NAMES, k=chance.choice([1, 1, 1, 2, 3]))
        value = "".join(word(name, chance) + chance.choice(BETWEEN) for name in names) + chance.choice(ADDRESSES)
        raw = f"From: {value}\r\nTo: x@y.test\r\nCc: {value}\r\n\r\nx\r\n".encode()
        found = parse_mail(raw)
        with monkeypatch.context() as patched:
            patched.setattr(header_fields, "_is_named_address", lambda *_: False)
            assert parse_mail(raw) == found, value
        near += header_fields._is_named_address(value, dict(found.headers)["from"])
    assert near > 200
