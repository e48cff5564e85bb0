"""What goes to the server behind DATA, and the tags in our addresses."""

from __future__ import annotations

import hashlib
import hmac
import re

from hypothesis import given
from hypothesis import strategies as st

from daemon.letters.mailto_links import MAC_DIGITS, Tagger
from daemon.smtp.connection import stuffed

LINES = st.lists(st.sampled_from([b"", b".", b"..", b".a", b"a.", b"a", b"a.b", b"...\t"]), max_size=8)


@given(LINES, st.booleans())
def test_every_dot_at_the_beginning_of_a_line_is_doubled(lines: list[bytes], ended: bool) -> None:
    raw = b"\r\n".join([*lines, b""] if ended else lines)
    whole = raw if raw.endswith(b"\r\n") else raw + b"\r\n"
    assert stuffed(raw) == re.sub(rb"(?m)^\.", b"..", whole) + b".\r\n"


@given(st.binary(min_size=1, max_size=100), st.text(), st.text())
def test_a_tag_has_the_mac_of_its_kind_target_and_person(key: bytes, target: str, person: str) -> None:
    text = f"o\0{target}\0{person.lower()}".encode("utf-8", "surrogatepass")
    mac = hmac.new(key, text, hashlib.sha256).hexdigest()[:MAC_DIGITS]
    assert Tagger(key, "a@b.test").make("o", target, person) == f"o.{target}.{mac}"
