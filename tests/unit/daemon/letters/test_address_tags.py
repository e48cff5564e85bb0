"""The tags in our addresses."""

from __future__ import annotations

import hashlib
import hmac

from hypothesis import given
from hypothesis import strategies as st

from daemon.letters.mailto_links import MAC_DIGITS, Tagger


@given(st.binary(min_size=1, max_size=100), st.text(), st.text())
def test_a_tag_has_the_mac_of_its_kind_target_and_person(key: bytes, target: str, person: str) -> None:
    text = f"o\0{target}\0{person.lower()}".encode("utf-8", "surrogatepass")
    mac = hmac.new(key, text, hashlib.sha256).hexdigest()[:MAC_DIGITS]
    assert Tagger(key, "a@b.test").make("o", target, person) == f"o.{target}.{mac}"
