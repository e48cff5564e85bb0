"""The tags in our addresses, and where an answer to a notice goes."""

import hashlib
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.letters.mailto_links import MAC_DIGITS, Tagger, desk_target
from rules.values.model import Notice, Recipient


@given(st.binary(min_size=1, max_size=100), st.text(), st.text())
def test_a_tag_has_the_mac_of_its_kind_target_and_person(key: bytes, target: str, person: str) -> None:
    text = f"o\0{target}\0{person.lower()}".encode("utf-8", "surrogatepass")
    mac = hmac.new(key, text, hashlib.sha256).hexdigest()[:MAC_DIGITS]
    assert Tagger(key, "a@b.test").make("o", target, person) == f"o.{target}.{mac}"


@pytest.mark.parametrize(
    ("name", "desk"),
    [
        ("officer_digest", "d20261126"),
        ("session_day", "d20261126"),
        ("session_paper", "d20261126"),
        ("session_changed", "d20261126"),
        ("officer_review", ""),
        ("unit_forward", ""),
    ],
)
def test_an_answer_about_no_single_mail_goes_to_the_desk_of_the_citys_day(name: str, desk: str) -> None:
    notice = Notice(name, Recipient("lan@haiphong.test", "", "officer"), "", name, {})
    assert desk_target(notice, datetime(2026, 11, 25, 18, tzinfo=UTC)) == desk
