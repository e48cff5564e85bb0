"""Which words of an asker, added to a question, go on to the unit that has it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.intake import attachments, citizen_replies, follow_ups, new_question
from rules.message.quote_markers import DEFAULT
from rules.understand.citizen_replies import Content
from rules.values.model import AttachmentRef, Kind, Requester
from rules.values.states import QuestionStatus, RequesterKind

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
        begun=(),
        awaited=frozenset(),
    )
    monkeypatch.setattr(follow_ups, "_acknowledged", lambda *_: [])
    decided: Any = follow_ups.decide_follow_up(facts, NOW)
    assert decided == (*(["passed on"] if goes_on else []), "finish")


@pytest.mark.parametrize(
    ("files", "data", "opinion"),
    [((), "", True), ((False,), "", False), ((True,), "", True), ((), "phone", False)],
    ids=["thanks alone", "a file", "a picture of the signature", "a telephone number"],
)
def test_thanks_that_bring_more_are_no_mere_opinion(
    monkeypatch: pytest.MonkeyPatch, files: tuple[bool, ...], data: str, opinion: bool
) -> None:
    question = SimpleNamespace(status=QuestionStatus.ANSWERED)
    for name, found in (
        ("own_question", question),
        ("_said", Content.THANKS),
        ("completed_data", data),
    ):
        monkeypatch.setattr(citizen_replies, name, lambda *_, found=found: found)
    facts: Any = SimpleNamespace(
        person=None,
        sender_unit="",
        understanding=SimpleNamespace(kind=Kind.FOLLOW_UP),
        mail=SimpleNamespace(attachments=[SimpleNamespace(inline=one) for one in files]),
    )
    assert citizen_replies.is_opinion(facts) is opinion


@pytest.mark.parametrize(
    ("unit", "is_open", "goes_on"), [("SXD", True, True), ("SXD", False, False), ("STC", True, False)]
)
def test_what_is_added_goes_to_units_that_owe_an_answer_and_have_an_address(
    monkeypatch: pytest.MonkeyPatch, unit: str, is_open: bool, goes_on: bool
) -> None:
    monkeypatch.setattr(follow_ups, "attachment_refs", lambda *_: ())
    monkeypatch.setattr(follow_ups, "to_unit", lambda _name, _board, code, *_, **__: code)
    monkeypatch.setattr(follow_ups, "_tell_officers", lambda *_: ("officers",))
    given = SimpleNamespace(id=1, unit=unit, is_open=is_open, due=SimpleNamespace(on=NOW.date()))
    question: Any = SimpleNamespace(id=7, subject="", content="Tôi hỏi", assignments=(given,))
    facts: Any = SimpleNamespace(
        board=SimpleNamespace(law=SimpleNamespace(today=datetime.date), contacts={"SXD": None}, source=DEFAULT),
        mail=SimpleNamespace(attachments=()),
        threads=(),
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


@pytest.mark.parametrize(
    ("kind", "sure", "agency", "why"),
    [
        (Kind.OUT_OF_SCOPE, True, "", "Nội dung thuộc thẩm quyền của cơ quan khác, không phải của thành phố"),
        (Kind.OUT_OF_SCOPE, False, "Cục Thuế", ""),
        (Kind.QUESTION, True, "", ""),
        (
            Kind.QUESTION,
            True,
            "Cục Thuế",
            "Nội dung thuộc thẩm quyền của Cục Thuế; xin gửi câu hỏi đến cơ quan này",
        ),
    ],
)
def test_what_is_surely_outside_the_citys_field(
    monkeypatch: pytest.MonkeyPatch, kind: Kind, sure: bool, agency: str, why: str
) -> None:
    monkeypatch.setattr(new_question, "central_agency", lambda _: agency)
    facts: Any = SimpleNamespace(understanding=SimpleNamespace(kind=kind, sure=sure))
    assert new_question._outside_the_city(facts) == why


KNOWN = Requester(RequesterKind.ORGANISATION, "Công ty A", "5 Lê Lợi", "0912345678", "+84912345678")


@pytest.mark.parametrize(
    ("asker", "completed"),
    [
        (Requester(), KNOWN),
        (replace(KNOWN, phone="", phone_e164=""), KNOWN),
        (Requester(name="An", phone="0905123456"), Requester(name="An", address="5 Lê Lợi", phone="0905123456")),
        (replace(KNOWN, name="An"), replace(KNOWN, name="An")),
    ],
)
def test_what_an_asker_left_out_is_taken_from_his_question(asker: Requester, completed: Requester) -> None:
    """A telephone number comes with its international form, a name with the kind of whom it names."""
    assert follow_ups.completed_asker(asker, KNOWN) == completed


@pytest.mark.parametrize(
    ("status", "kind", "new"),
    [
        (QuestionStatus.ANSWERED, Kind.QUESTION, True),
        (QuestionStatus.FORWARDED, Kind.QUESTION, False),
        (QuestionStatus.ANSWERED, Kind.FOLLOW_UP, False),
    ],
)
def test_a_question_in_the_thread_of_one_that_is_over_is_new(status: QuestionStatus, kind: Kind, new: bool) -> None:
    facts: Any = SimpleNamespace(understanding=SimpleNamespace(kind=kind), begun=(), threads=(), by_number=())
    question: Any = SimpleNamespace(status=status)
    assert follow_ups._is_new_question(facts, question) is new


OWE = (("SXD", True), ("SYT", False), ("STC", True))
"""Each unit of a question, and whether it owes an answer; the last has no address."""


def test_a_released_file_goes_to_the_units_that_owe_an_answer_and_have_an_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(attachments, "to_unit", lambda _name, _board, unit, *_, **__: unit)
    owes = [SimpleNamespace(id=at, unit=unit, due=None, is_open=is_open) for at, (unit, is_open) in enumerate(OWE)]
    board: Any = SimpleNamespace(contacts={"SXD": object(), "SYT": object()})
    about: Any = SimpleNamespace(id=7, assignments=owes)
    sent: Any = attachments.carried(
        board, about, (AttachmentRef(9, 1, "don.pdf", "application/pdf"),), answered=False
    )
    assert sent == ("SXD",)
