"""Mails of ordinary form come out of ``split`` as the standard parser gives them; all others are left to that."""

from __future__ import annotations

import random
from email import policy
from email.parser import BytesParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.mailbox import make_mails
from daemon.mailin.content import Part
from daemon.mailin.split import SplitPart, split
from daemon.mailin.words import octets

HEAD = b"From: An <an@dan.test>\r\nSubject: h\xe1\xbb\x8fi\r\n x\r\n"
MIXED = HEAD + b'Content-Type: multipart/mixed; boundary="B"\r\n\r\n'
ORDINARY = {
    "no multipart": HEAD + b"\r\nxin ch\xc3\xa0o\r\n",
    "no body": HEAD + b"\r\n",
    "a preamble, an epilogue": MIXED + b"pre\r\n--B\r\n\r\nhi\r\n--B--\r\nend\r\n",
    "no preamble": MIXED + b"--B\r\n\r\nhi\r\n--B--",
    "blanks behind the boundary": MIXED + b"--B \t\r\n\r\nhi\r\n--B-- \r\n",
    "LF only": MIXED.replace(b"\r", b"") + b"--B\nX: y\n\n\nhi\n\n--B--\n",
    "an empty part": MIXED + b"--B\r\nX: y\r\n\r\n--B\r\n\r\n\r\n--B--\r\n",
    "lines like the boundary": MIXED + b"--B\r\n\r\n--Bx\r\n --B\r\n--B--x\r\n--B--\r\n",
    "a CR before the line end": MIXED + b"--B\r\n\r\nhi\r\r\n--B--\r\n",
    "nested": MIXED
    + b"--B\r\nContent-Type: multipart/alternative; boundary=BB\r\n\r\n--BB\r\n\r\na\r\n--BB\r\n\r\nb\r\n--BB--\r\n"
    + b"\r\n--B\r\nContent-Type: image/png\r\n\r\nc\r\n--B--\r\n",
}
LEFT = {
    "nothing": b"",
    "no empty line": HEAD,
    "a bad line": HEAD + b"none\r\n\r\nhi",
    "an envelope line": b"From an@dan.test\r\n" + HEAD + b"\r\nhi",
    "a message": HEAD + b"Content-Type: message/rfc822\r\n\r\n" + HEAD + b"\r\nhi",
    "a message inside": MIXED + b"--B\r\nContent-Type: message/rfc822\r\n\r\nX: y\r\n\r\nhi\r\n--B--\r\n",
    "a digest": HEAD + b"Content-Type: multipart/digest; boundary=B\r\n\r\n--B\r\n\r\nX: y\r\n\r\nhi\r\n--B--\r\n",
    "no boundary": HEAD + b"Content-Type: multipart/mixed\r\n\r\nhi",
    "another boundary": MIXED + b"--C\r\n\r\nhi\r\n--C--\r\n",
    "not closed": MIXED + b"--B\r\n\r\nhi\r\n",
    "closed only": MIXED + b"--B--\r\n",
    "opened twice": MIXED + b"--B\r\n--B\r\n\r\nhi\r\n--B--\r\n",
    "closed where opened": MIXED + b"--B\r\n--B--\r\n",
    "a part without end of header": MIXED + b"--B\r\nX: y\r\n--B--\r\n",
    "a lone CR": MIXED + b"--B\r\n\r\nhi\r--B\r\n\r\nyou\r\n--B--\r\n",
    "a lone CR behind": MIXED + b"--B\r\n\r\nhi\r\n--B\rX: y\r\n\r\nyou\r\n--B--\r\n",
    "encoded": MIXED.replace(b"From", b"Content-Transfer-Encoding: base64\r\nFrom") + b"--B\r\n\r\nhi\r\n--B--\r\n",
    "the same inside": MIXED + b"--B\r\nContent-Type: multipart/mixed; boundary=B\r\n\r\n--B\r\n\r\nhi\r\n--B--\r\n",
    "a boundary like an end": MIXED.replace(b'"B"', b'"B--"') + b"--B--\r\n\r\nhi\r\n--B----\r\n",
}


def shape(part: Part) -> object:
    """All that the standard parser tells of a part, without preamble and epilogue."""
    assert not part.defects
    assert part.get_unixfrom() is None
    assert part.get_default_type() == "text/plain"
    fields = [(name, str(value)) for name, value in part.raw_items()]
    if part.is_multipart():
        return fields, [shape(child) for child in part.get_payload()]  # type: ignore[arg-type]
    return fields, part.octets if isinstance(part, SplitPart) else octets(part._payload)  # type: ignore[attr-defined]


def is_as_parsed(raw: bytes) -> bool:
    """True for a mail that is taken apart as the standard parser does; False where it is left to it."""
    found = split(raw)
    assert found is None or shape(found) == shape(BytesParser(policy=policy.compat32).parsebytes(raw))
    return found is not None


@pytest.mark.parametrize("name", ORDINARY)
def test_ordinary_mails(name: str) -> None:
    assert is_as_parsed(ORDINARY[name])


@pytest.mark.parametrize("name", LEFT)
def test_mails_left_to_the_standard_parser(name: str) -> None:
    assert split(LEFT[name]) is None


def test_what_people_send_is_ordinary() -> None:
    assert all(is_as_parsed(raw) for raw in make_mails(40))


def test_damaged_mails() -> None:
    dice = random.Random(3)
    pieces = [b"--B", b"--B--", b"--BB", b"--BB--", b"\r", b"\n", b"\r\n", b" ", b":", b"X: y\r\n", b"\r\n\r\n", b"-"]
    ordinary = 0
    for number in range(6_000):
        raw = bytearray(dice.choice([*ORDINARY.values()]))
        for _ in range(number % 4 + 1):
            at = dice.randrange(len(raw) + 1)
            raw[at : at + dice.randrange(4)] = dice.choice(pieces)
        ordinary += is_as_parsed(bytes(raw))
    assert 500 < ordinary < 5_500


@given(st.lists(st.sampled_from([*ORDINARY.values(), *LEFT.values(), b"--B\n", b"--B--\r\n", b"\r"]), max_size=5))
def test_any_mixture(pieces: list[bytes]) -> None:
    is_as_parsed(b"".join(pieces))
