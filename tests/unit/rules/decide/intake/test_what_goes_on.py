"""Which words of an asker, added to a question, go on to the unit that has it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.facts import AnswerFiles
from rules.decide.intake import attachments, citizen_replies, follow_ups, for_the_board, new_question
from rules.message.quote_markers import DEFAULT
from rules.understand.citizen_replies import Content
from rules.values.data_file import load_units
from rules.values.model import Kind, Requester
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
    asker = SimpleNamespace(name="Nguyễn Văn An")
    question = SimpleNamespace(id=7, code="HP-2026-000007", status=status, missing=(), asker=asker)
    monkeypatch.setattr(follow_ups, "own_question", lambda _: question)
    monkeypatch.setattr(follow_ups, "pass_on", lambda *_: ["passed on"])
    monkeypatch.setattr(follow_ups, "_finish", lambda *_: "finish")
    monkeypatch.setattr(follow_ups, "has_result", lambda *_: status is QuestionStatus.ANSWERED)
    facts: Any = SimpleNamespace(
        board=SimpleNamespace(source=DEFAULT, units={}),
        mail=SimpleNamespace(attachments=()),
        understanding=SimpleNamespace(text=SimpleNamespace(own=text), kind=Kind.FOLLOW_UP, asker=None),
        threads=(SimpleNamespace(name="citizen_asked" if asked else "citizen_received"),),
        begun=(),
        awaited=frozenset(),
    )
    monkeypatch.setattr(follow_ups, "_acknowledged", lambda *_, asked: [])
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
        ("has_result", True),
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
def test_who_sent_a_held_file_hears_at_an_address(monkeypatch: pytest.MonkeyPatch, email: str, told: bool) -> None:
    monkeypatch.setattr(attachments, "citizen", lambda _asker, to: to)
    monkeypatch.setattr(attachments, "thread", lambda _: ())
    facts: Any = SimpleNamespace(
        understanding=SimpleNamespace(asker=None),
        raw_mail=9,
        held_files=("x",),
        mail=SimpleNamespace(message_id=""),
        reply_address=email,
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
    ("status", "kept", "kind", "new"),
    [
        (QuestionStatus.ANSWERED, False, Kind.QUESTION, True),
        (QuestionStatus.ANSWERED, True, Kind.QUESTION, False),
        (QuestionStatus.FORWARDED, False, Kind.QUESTION, False),
        (QuestionStatus.ANSWERED, False, Kind.FOLLOW_UP, False),
    ],
)
def test_a_question_in_an_ended_thread_is_new(status: QuestionStatus, kept: bool, kind: Kind, new: bool) -> None:
    waiting = (SimpleNamespace(question=7, is_answer=True),) if kept else ()
    facts: Any = SimpleNamespace(understanding=SimpleNamespace(kind=kind), begun=(), threads=(), by_number=())
    facts.waiting, facts.sessions = waiting, ()
    question: Any = SimpleNamespace(id=7, status=status, session_id=None)
    assert follow_ups._is_new_question(facts, question) is new


def test_a_file_goes_to_units_that_owe_an_answer_and_have_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "to_unit", lambda _name, _board, unit, *_, **__: unit)
    monkeypatch.setattr(attachments, "to_citizen", lambda *_, **__: "asker")
    board: Any = SimpleNamespace(contacts={"SXD": None, "SYT": None})
    owed = tuple(
        SimpleNamespace(id=number, unit=unit, is_open=is_open, due=None, item=1, role="lead")
        for number, (unit, is_open) in enumerate((("SXD", True), ("SYT", False), ("STC", True), ("SCT", False)))
    )
    question: Any = SimpleNamespace(id=7, assignments=owed, open_leads=owed[:1])
    files: Any = (SimpleNamespace(raw_mail=3, part=2, name="don.pdf"),)
    to_units: Any = attachments.carried(board, question, files, ())
    assert to_units == ("SXD",)
    to_units = attachments.carried(board, question, files, (), {1, 3})
    assert to_units == ("SXD", "SYT"), "SYT got the words of the mail, after it had answered"
    assert attachments.carried(board, None, files, ()) == ()
    assert attachments.carried(board, question, (), ()) == ()
    parts = frozenset({2})
    own, kept = (AnswerFiles(question, (1,), parts, leaves) for leaves in (True, False))
    other = replace(own, parts=frozenset())
    to_asker: Any = attachments.carried(board, question, files, (own, other, kept))
    assert to_asker == ("asker",), "the other's has another file, and the kept one stays with its answer"


@pytest.mark.parametrize(("item", "leads"), [(1, ("SXD",)), (2, ("SYT",)), (3, ("SXD", "SYT")), (4, ())])
def test_a_supporting_units_file_goes_to_the_lead_of_its_item_else_to_each_that_still_owes(
    monkeypatch: pytest.MonkeyPatch, item: int, leads: tuple[str, ...]
) -> None:
    monkeypatch.setattr(attachments, "to_unit", lambda _name, _board, unit, *_, **__: unit)
    monkeypatch.setattr(attachments, "unit_name", lambda _board, unit: unit)
    owed = [
        SimpleNamespace(id=number, unit=unit, due=SimpleNamespace(on=None), item=number, role="lead")
        for number, unit in ((1, "SXD"), (2, "SYT"))
    ]
    helper = SimpleNamespace(id=9, unit="SCT", item=item, role="support" if item < 4 else "lead")
    question: Any = SimpleNamespace(id=7, assignments=(*owed, helper), open_leads=tuple(owed))
    files: Any = (SimpleNamespace(raw_mail=3, part=2, name="don.pdf"),)
    given = AnswerFiles(question, (9,), frozenset({2}), leaves=False)
    sent: Any = attachments.carried(SimpleNamespace(contacts={"SXD": None, "SYT": None}), question, files, (given,))  # type: ignore[arg-type]
    assert sent == leads


@pytest.mark.parametrize(
    ("lead", "open_leads", "offered"),
    [
        ("SXD", (), ["HP-2026-000007 chuyển SXD"]),
        ("SXD", ("SYT",), ["HP-2026-000007 chuyển SXD"]),
        ("SXD", ("SXD",), []),
        ("STC", (), []),
        ("", (), []),
    ],
)
def test_an_answer_offers_the_unit_of_which_it_speaks_where_that_has_an_address_and_not_the_question(
    lead: str, open_leads: tuple[str, ...], offered: list[str]
) -> None:
    alone = SimpleNamespace(route=SimpleNamespace(lead=lead)) if lead else None
    board = SimpleNamespace(contacts={"SXD": None, "SYT": None}, units=load_units())
    facts: Any = SimpleNamespace(understanding=SimpleNamespace(alone=alone), board=board)
    leads = tuple(SimpleNamespace(unit=one) for one in open_leads)
    question: Any = SimpleNamespace(code="HP-2026-000007", open_leads=leads)
    assert [one["text"] for one in follow_ups._likely(facts, question)] == offered


@pytest.mark.parametrize(
    ("says", "missing", "danger", "minutes", "parts"),
    [
        (True, (), False, 60, 1),
        (True, (), True, 60, 1),
        (False, ("name",), False, 10, 1),
        (False, ("name",), False, 20, 0),
        (False, (), False, 10, 0),
        (False, ("name",), True, 10, 0),
    ],
)
def test_a_letter_goes_on_where_it_says_so_else_only_in_a_nameless_piece_of_the_next_minutes(
    monkeypatch: pytest.MonkeyPatch, says: bool, missing: tuple[str, ...], danger: bool, minutes: int, parts: int
) -> None:
    first = SimpleNamespace(subject="Hè phố", received_at=NOW - timedelta(minutes=minutes))
    monkeypatch.setattr(for_the_board, "_corrected", lambda _: (first,))
    monkeypatch.setattr(for_the_board, "continues_letter", lambda *_: says)
    monkeypatch.setattr(for_the_board, "danger_in", lambda *_: danger)
    monkeypatch.setattr(for_the_board, "is_piece", lambda _subject, _own, subjects, _source: bool(subjects))
    facts: Any = SimpleNamespace(
        mail=SimpleNamespace(subject=""),
        understanding=SimpleNamespace(text=SimpleNamespace(own="x"), asker=SimpleNamespace(missing=missing)),
        board=SimpleNamespace(source=DEFAULT),
        received_at=NOW,
    )
    assert len(for_the_board._first_parts(facts)) == parts
