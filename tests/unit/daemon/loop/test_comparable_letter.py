"""Whose second delivery is told by what was written, and for whom the bytes count."""

from types import SimpleNamespace
from typing import Any

import pytest

from daemon.letters.mailto_links import Tagger
from daemon.loop.decide import comparable_letter
from db.mails.identity import letter_of
from rules.values.model import Mailbox, ParsedMail

TAGGER = Tagger(b"key", "hoi@tp.test")


@pytest.mark.parametrize(
    ("sender", "kind", "told"),
    [
        ("an@dan.test", "", True),
        ("an@dan.test", "r", True),
        ("an@dan.test", "a", False),
        ("so@tp.test", "", False),
        ("lan@vp.test", "r", False),
    ],
)
def test_of_a_unit_an_officer_or_who_approves_the_bytes_count(sender: str, kind: str, told: bool) -> None:
    """A forged copy that came first would swallow the true mail."""
    tag = f"+{TAGGER.make(kind, '7', sender if kind == 'a' else '')}" if kind else ""
    to = (Mailbox("", f"hoi{tag}@tp.test"),)
    mail = ParsedMail("0" * 64, 1, "Đường", "Bao giờ sửa?", (Mailbox("", sender),), to=to, message_id="<1@dan.test>")
    house: Any = SimpleNamespace(
        tagger=TAGGER,
        knowledge=SimpleNamespace(unit_of={"so@tp.test": "SXD"}.get),
        person={"lan@vp.test": "Lan"}.get,
    )
    assert comparable_letter(house, mail) == (letter_of(mail) if told else "")
    assert letter_of(mail)
