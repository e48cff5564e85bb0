"""Facts for a decision are of the mail and the person that it is about, and of nobody else."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection

from db.core.tables import answer, assignment, outbox, question, raw_mail, used_token
from db.decision import gather_duty, gather_facts
from db.register import board_papers, links
from rules.values.model import Kind
from tests.support.rows import DAY, NOW, lay, lay_mail


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
        assert gather_duty.confirmable(rows, facts) == confirmable


def test_only_the_sessions_asked_about_may_be_cancelled(rows: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    every = [SimpleNamespace(session=SimpleNamespace(id=each, moves=0, code=f"P-{each}")) for each in (1, 2, 3)]
    monkeypatch.setattr(gather_duty, "cases", lambda *_: every)
    for key, name, who in (
        ("confirm:1:0", "session_confirm", "Lan@vp.test"),
        ("day:2:0", "session_day", "lan@vp.test"),
        ("confirm:3:0", "session_confirm", "an@vp.test"),
    ):
        lay(rows, outbox, key=key, name=name, recipient=who)
    facts: Any = SimpleNamespace(person=SimpleNamespace(email="lan@vp.test"))
    assert gather_duty.asked_to_confirm(rows, facts) == {"P-1"}


def test_a_unit_is_urged_for_what_it_still_owes_of_that_day(rows: Connection) -> None:
    owes: dict[str, Any] = {"unit": "SXD", "status": "forwarded", "due_on": NOW.date()}
    different: list[dict[str, Any]] = [{}, {"status": "answered"}, {"unit": "SYT"}, {"due_on": (NOW + DAY).date()}]
    for number, values in enumerate(different, start=1):
        about = lay(rows, question, code=f"HP-{number}", subject="x", kind="question", asker_kind="individual")
        lay(rows, assignment, question_id=about, **owes | values)
    one: Any = SimpleNamespace(unit="SXD", due=SimpleNamespace(on=NOW.date()))
    assert [code for code, _, _ in gather_duty._late_together(rows, one, {})] == ["HP-1"]


def test_a_held_mail_is_about_the_question_that_a_letter_about_it_names(rows: Connection) -> None:
    for number in (1, 2):
        lay(rows, question, status="forwarded", kind="question", asker_kind="individual")
        lay(rows, outbox, raw_mail_id=number, name="officer_review", question_id=None)
        lay(rows, outbox, raw_mail_id=number, name="unit_held", question_id=number)
    held: Any = SimpleNamespace(id=2)
    found = gather_duty._spoken_of(rows, held)
    assert found is not None
    assert found.id == 2


def test_what_a_supporting_unit_wrote_counts_until_its_asker_was_sent_it(rows: Connection) -> None:
    for about, role, mail in ((1, "support", 7), (1, "support", 8), (1, "lead", 9), (2, "support", 10)):
        item = lay(rows, assignment, question_id=about, role=role)
        lay(rows, answer, question_id=about, assignment_id=item, raw_mail_id=mail, refs=[])
    lay(rows, outbox, question_id=1, name="citizen_answered", key="citizen_answered:HP-1:x:7:1", status="sent")
    asked: Any = {1: None}
    found = gather_duty.helped(rows, asked)
    assert {about: [one.mail for one in given] for about, given in found.items()} == {1: [8]}


def test_an_opinion_is_its_askers_newest_mail_that_waits(rows: Connection) -> None:
    own, other = (
        lay(rows, question, status="answered", kind="question", asker_kind="individual", asker_email=who)
        for who in ("An@dan.test", "binh@dan.test")
    )
    rest: list[dict[str, Any]] = [
        {"from_email": "an@dan.test", "status": "held"},
        {"from_email": "binh@dan.test", "status": "held"},
        {"from_email": "an@dan.test", "status": "done"},
        {"from_email": "an@dan.test", "status": "held", "sealed": True},
    ]
    for values in rest:
        number = lay_mail(rows, raw_mail, internaldate=NOW, **values)
        lay(rows, outbox, raw_mail_id=number, name="officer_review", question_id=own)
    silent = lay_mail(rows, raw_mail, internaldate=NOW, from_email="an@dan.test", status="held")
    lay(rows, outbox, raw_mail_id=silent, name="officer_alert", question_id=own)
    read: Any = SimpleNamespace(kind=Kind.QUESTION)
    found = gather_duty.opinions(rows, {own: read, other: read}, lambda *_: (read, read))
    assert {about: one.id for about, one in found.items()} == {own: 1}


@pytest.mark.parametrize(
    ("sender", "about", "after", "waits"),
    [
        ("AN@dan.test", 1, DAY, False),
        ("binh@dan.test", 1, DAY, True),
        ("an@dan.test", 2, DAY, True),
        ("an@dan.test", 1, 0 * DAY, True),
    ],
)
def test_who_was_asked_is_waited_for_until_he_writes_about_it(
    rows: Connection, sender: str, about: int, after: timedelta, waits: bool
) -> None:
    lay(rows, outbox, question_id=1, name="citizen_missing", created_at=NOW)
    lay(rows, outbox, question_id=1, name="citizen_received", created_at=NOW + 2 * DAY)
    lay(rows, outbox, question_id=2, name="citizen_missing", created_at=NOW + 2 * DAY)
    lay_mail(rows, raw_mail, question_id=about, from_email=sender, stored_at=NOW + after)
    assert links.asked_back(rows, 1, "An@dan.test") == (NOW if waits else None)
    assert links.asked_back(rows, 3, "an@dan.test") is None


@pytest.mark.parametrize(
    ("who", "tag", "found"),
    [
        ("head@vp.test", None, {"approval_id": 5}),
        ("an@vp.test", None, None),
        ("", None, None),
        ("head@vp.test", ("r", "7"), None),
        ("", ("a", "0f"), {"token": "0f"}),
    ],
)
def test_an_approval_is_found_by_its_address_or_the_thread_of_whom_it_was_asked(
    monkeypatch: pytest.MonkeyPatch, rows: Connection, who: str, tag: tuple[str, str] | None, found: Any
) -> None:
    monkeypatch.setattr(board_papers, "approval_facts", lambda _, **by: by)
    findings: Any = SimpleNamespace(
        person=SimpleNamespace(email=who) if who else None,
        tag=SimpleNamespace(kind=tag[0], target=tag[1]) if tag else None,
    )
    threads: Any = [SimpleNamespace(approval_id=None), SimpleNamespace(approval_id=5, recipient="Head@vp.test")]
    assert gather_facts._approval(rows, findings, threads) == found
