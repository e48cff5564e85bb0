"""Which words of an asker, added to a question, go on to the unit that has it."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.intake import attachments, follow_ups
from rules.message.quote_markers import DEFAULT
from rules.values.model import Kind
from rules.values.states import QuestionStatus

NOW = datetime(2026, 10, 6, 2, tzinfo=UTC)
MORE = "Đoạn hỏng nhất là trước cổng trường tiểu học, đã có người ngã."


@pytest.mark.parametrize(
    ("status", "text", "asked", "goes_on"),
    [
        (QuestionStatus.FORWARDED, MORE, False, True),
        (QuestionStatus.FORWARDED, "Vâng ạ", False, False),
        (QuestionStatus.FORWARDED, "Vâng ạ", True, True),
        (QuestionStatus.ANSWERED, "Vâng ạ", False, False),
        (QuestionStatus.ANSWERED, "Vâng ạ", True, False),
    ],
)
def test_a_nod_goes_to_a_unit_only_where_it_asked(
    monkeypatch: pytest.MonkeyPatch, status: QuestionStatus, text: str, asked: bool, goes_on: bool
) -> None:
    question = SimpleNamespace(id=7, code="HP-2026-000007", status=status, missing=(), email="an@dan.test")
    monkeypatch.setattr(follow_ups, "own_question", lambda _: question)
    monkeypatch.setattr(follow_ups, "pass_on", lambda *_: ["passed on"])
    monkeypatch.setattr(follow_ups, "_finish", lambda *_: "finish")
    facts: Any = SimpleNamespace(
        board=SimpleNamespace(source=DEFAULT),
        mail=SimpleNamespace(attachments=()),
        understanding=SimpleNamespace(text=SimpleNamespace(own=text), kind=Kind.FOLLOW_UP, asker=None),
        threads=(SimpleNamespace(name="citizen_asked" if asked else "citizen_received"),),
        awaited=frozenset(),
    )
    monkeypatch.setattr(follow_ups, "_acknowledged", lambda *_: [])
    decided: Any = follow_ups.decide_follow_up(facts, NOW)
    assert decided == (*(["passed on"] if goes_on else []), "finish")


@pytest.mark.parametrize(
    ("unit", "is_open", "goes_on"), [("SXD", True, True), ("SXD", False, False), ("STC", True, False)]
)
def test_what_is_added_goes_to_units_that_owe_an_answer_and_have_an_address(
    monkeypatch: pytest.MonkeyPatch, unit: str, is_open: bool, goes_on: bool
) -> None:
    monkeypatch.setattr(follow_ups, "attachment_refs", lambda *_: ())
    monkeypatch.setattr(follow_ups, "to_unit", lambda _name, _board, code, *_, **__: code)
    monkeypatch.setattr(follow_ups, "_tell_officers", lambda *_: ("officers",))
    given = SimpleNamespace(id=1, unit=unit, is_open=is_open, due=None)
    question: Any = SimpleNamespace(id=7, content="Tôi hỏi", assignments=(given,))
    facts: Any = SimpleNamespace(
        board=SimpleNamespace(law=SimpleNamespace(today=datetime.date), contacts={"SXD": None}),
        mail=None,
        raw_mail=9,
        received_at=NOW,
        understanding=SimpleNamespace(text=SimpleNamespace(own=MORE)),
    )
    found: Any = follow_ups.pass_on(facts, question)
    assert found[1:] == ((unit,) if goes_on else ("officers",))


@pytest.mark.parametrize(("email", "told"), [("an@dan.test", True), ("", False), ("an", False)])
def test_who_sent_a_file_that_is_held_hears_of_it_at_an_address(
    monkeypatch: pytest.MonkeyPatch, email: str, told: bool
) -> None:
    monkeypatch.setattr(attachments, "reply_address", lambda _: email)
    monkeypatch.setattr(attachments, "citizen", lambda _asker, to: to)
    monkeypatch.setattr(attachments, "thread", lambda _: ())
    facts: Any = SimpleNamespace(
        understanding=SimpleNamespace(asker=None), raw_mail=9, held_files=("x",), mail=SimpleNamespace(message_id="")
    )
    sent: Any = attachments._tell_sender(facts, 7)
    assert [(one.notice.recipient, one.question) for one in sent] == ([(email, 7)] if told else [])
