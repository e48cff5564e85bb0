"""Facts for a decision are of the mail and the person that it is about, and of nobody else."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection

from db.core.tables import outbox, question, used_token
from db.decision import gather_duty, gather_facts
from tests.support.rows import NOW, lay


def test_a_word_that_was_used_up_is_used_up_alone(rows: Connection) -> None:
    lay(rows, used_token, token="first", used_at=NOW)
    assert gather_facts._is_used(rows, "first")
    assert not gather_facts._is_used(rows, "second")


def test_only_who_was_asked_to_confirm_can_unseal(rows: Connection) -> None:
    for number, unit in ((3, "SYT"), (4, "STC")):
        key, asked = f"officer_confirm:{number}:{unit}:9:x", {"name": "officer_confirm", "raw_mail_id": number}
        lay(rows, outbox, key=key, recipient="Lan@vp.test", **asked)
    held = SimpleNamespace(id=3, is_denunciation=True)
    for who, confirmable in (("lan@vp.test", {"SYT"}), ("an@vp.test", set())):
        facts: Any = SimpleNamespace(held=held, person=SimpleNamespace(email=who))
        assert gather_facts._confirmable(rows, facts) == confirmable


def test_a_held_mail_is_about_the_question_that_a_letter_about_it_names(rows: Connection) -> None:
    for number in (1, 2):
        lay(rows, question, status="forwarded", kind="question", asker_kind="individual")
        lay(rows, outbox, raw_mail_id=number, name="officer_review", question_id=None)
        lay(rows, outbox, raw_mail_id=number, name="unit_held", question_id=number)
    held: Any = SimpleNamespace(id=2)
    found = gather_duty._spoken_of(rows, held)
    assert found is not None
    assert found.id == 2
