"""What an answer is kept with, the day it counts from, whose each part is, and where a refused question goes."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base.actions import SetQuestion
from rules.decide.base.forwarding import without_unit
from rules.decide.reply import answers, asker_part, question_meant, second_words, without_answer
from rules.decide.reply.answers import _answered
from rules.law.legal_dates import Law
from rules.law.profile_file import load_profile
from rules.law.working_days import load_calendar
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import load_units
from rules.values.model import ItemAnswer, Reply, Verb
from rules.values.states import AssignmentStatus, QuestionStatus

DAY = datetime(2026, 10, 5, 2, tzinfo=UTC)


@pytest.mark.parametrize(("received", "other", "counts"), [(0, 4, 4), (6, 4, 6), (2, None, 2)])
def test_the_last_answer_counts_whichever_was_read_last(received: int, other: int | None, counts: int) -> None:
    """A held answer of the first day, taken by an officer later, does not move another unit's answer."""
    given = None if other is None else DAY + timedelta(days=other)
    leads = [
        SimpleNamespace(id=1, role="lead", is_open=True, answered_at=None),
        SimpleNamespace(id=2, role="lead", is_open=False, answered_at=given),
    ]
    question = SimpleNamespace(id=1, assignments=leads, mailbox="an@dan.test", channel="email")
    actions = _answered(question, {1}, DAY + timedelta(days=received))  # type: ignore[arg-type] # what it reads of one
    (done,) = [one for one in actions if isinstance(one, SetQuestion)]
    assert done.values["answered_at"] == DAY + timedelta(days=counts)


ONE_ITEM = [(1, 1, "SXD", "refused")]


@pytest.mark.parametrize(
    ("items", "status", "found"),
    [
        (ONE_ITEM, "needs_review", ["SXD"]),
        (ONE_ITEM, "forwarded", []),
        ([*ONE_ITEM, (2, 1, "SYT", "answered")], "needs_review", ["SXD"]),
        ([*ONE_ITEM, (2, 1, "SYT", "forwarded")], "needs_review", ["SXD"]),
        ([*ONE_ITEM, (2, 1, "SYT", "refused")], "needs_review", []),
        ([*ONE_ITEM, (1, 2, "SYT", "refused")], "needs_review", []),
        ([*ONE_ITEM, (1, 2, "SYT", "replaced"), (1, 3, "SXD", "replaced")], "needs_review", ["SXD"]),
    ],
)
def test_a_unit_may_yet_answer_what_no_other_has(items: list[Any], status: str, found: list[str]) -> None:
    """Not where another item would be left without its answer, nor where another unit had the item after it."""
    each = [
        SimpleNamespace(
            id=n,
            item=item,
            round=number,
            unit=unit,
            role="lead",
            status=AssignmentStatus(state),
            is_open=state == "forwarded",
        )
        for n, (item, number, unit, state) in enumerate(items)
    ]
    supports = SimpleNamespace(id=9, item=1, round=4, unit="STC", role="support", status=AssignmentStatus.REPLACED)
    question: Any = SimpleNamespace(status=QuestionStatus(status), assignments=[*each, supports])
    own: Any = [one for one in each if one.unit == "SXD"]
    assert [one.unit for one in without_unit(question, own)] == found
    assert without_unit(question, [supports]) == []  # type: ignore[list-item]


def test_a_picture_of_the_signature_is_no_file_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "files_for", lambda *_: ())
    monkeypatch.setattr(answers, "signatures_of", lambda *_: ())
    files = (
        SimpleNamespace(name="logo.png", inline=True, size=9, type="image/png", looks="image"),
        SimpleNamespace(name="tra-loi.pdf", inline=False, size=9, type="application/pdf", looks="pdf"),
    )
    about_mail = {"mail": SimpleNamespace(attachments=files), "received_at": DAY, "raw_mail": 3}
    facts: Any = SimpleNamespace(**about_mail, board=SimpleNamespace(source=DEFAULT))
    reply: Any = SimpleNamespace(text="x", document="", signer="", signer_title="")
    about: Any = SimpleNamespace(id=1, unit="SXD")
    assert answers._record(facts, reply, about, about).files == ("tra-loi.pdf",)


@pytest.mark.parametrize(("inline", "divided"), [(True, 2), (False, 0)])
def test_a_mail_to_two_people_is_divided_unless_a_file_comes_with_it(
    monkeypatch: pytest.MonkeyPatch, inline: bool, divided: int
) -> None:
    """The file would show one requester's data to the other; a picture of the signature shows nothing."""
    monkeypatch.setattr(question_meant, "_reply_of", lambda _facts, _reply, part: part)
    monkeypatch.setattr(question_meant, "says_nothing", lambda *_: True)
    owed = {
        number: SimpleNamespace(
            asker=SimpleNamespace(name=name),
            assignments=(SimpleNamespace(id=number, question_id=number, is_open=True, unit="SXD"),),
        )
        for number, name in ((1, "Nguyễn Văn An"), (2, "Trần Thị Bình"))
    }
    mail = SimpleNamespace(attachments=(SimpleNamespace(inline=inline),))
    board = SimpleNamespace(source=DEFAULT)
    facts: Any = SimpleNamespace(board=board, mail=mail, questions=owed, sender_unit="SXD")
    reply: Any = SimpleNamespace(text="Trả lời ông An:\nĐường sửa xong.\n\nTrả lời bà Bình:\nĐèn đã thay.")
    assert len(question_meant.pieces_by_name(facts, reply)) == divided


@pytest.mark.parametrize(
    ("named", "contacts", "unit"),
    [
        ("SYT", ("SXD", "SYT"), "SYT"),
        ("SYT", ("SXD",), ""),
        ("SLDTBXH", ("SXD", "SNV"), "SNV"),
        ("nobody", ("SXD", "SYT"), ""),
        ("SXD", ("SXD", "SYT"), ""),
    ],
)
def test_what_is_refused_goes_to_a_unit_with_an_address(named: str, contacts: tuple[str, ...], unit: str) -> None:
    board = SimpleNamespace(units=load_units(), contacts=contacts, law=Law(load_profile(), load_calendar()))
    facts: Any = SimpleNamespace(board=board)
    reply: Any = SimpleNamespace(unit=named)
    question: Any = SimpleNamespace(refusals=0, assignments=(SimpleNamespace(unit="SXD"),))
    assert without_answer._next_unit(facts, reply, question, DAY) == unit


@pytest.mark.parametrize("act", [second_words._corrected, second_words._supplemented])
@pytest.mark.parametrize(
    ("status", "own", "role", "may_leave", "added"),
    [
        (QuestionStatus.ANSWERED, "answered", "lead", True, True),
        (QuestionStatus.ANSWERED, "answered", "lead", False, False),
        (QuestionStatus.ANSWERED, "answered", "support", True, False),
        (QuestionStatus.ANSWERED, "replaced", "lead", True, False),
        (QuestionStatus.FORWARDED, "answered", "lead", True, True),
        (QuestionStatus.FORWARDED, "forwarded", "lead", True, False),
        (QuestionStatus.CLOSED, "answered", "lead", True, False),
    ],
)
def test_only_an_answer_that_was_given_is_added_to_and_by_words_that_may_leave(
    monkeypatch: pytest.MonkeyPatch,
    act: Any,
    status: QuestionStatus,
    own: str,
    role: str,
    may_leave: bool,
    added: bool,
) -> None:
    monkeypatch.setattr(second_words, "_may_leave", lambda _: may_leave)
    monkeypatch.setattr(second_words, "_worded", lambda *_: None)
    monkeypatch.setattr(second_words, "waiting_answers", lambda *_: ())
    monkeypatch.setattr(second_words, "added", lambda *_: ("added",))
    monkeypatch.setattr(second_words, "notify_unit", lambda *_, **__: ("told",))
    monkeypatch.setattr(second_words, "kept_for", lambda *_: "")
    mine = SimpleNamespace(role=role, status=AssignmentStatus(own))
    about, said = SimpleNamespace(status=status), SimpleNamespace(text="x")
    spoken: Any = SimpleNamespace(facts=None, question=about, act=said, own=(mine,), ids=(), last=None, now=DAY)
    assert act(spoken) == (("added", "told") if added else None)


@pytest.mark.parametrize(("own", "pieces"), [((1,), []), ((1, 2), ["Vá xong.", "Lát xong."]), ((), [])])
def test_parts_are_told_apart_where_a_unit_has_several_matters(own: tuple[int, ...], pieces: list[str]) -> None:
    """Whoever has one matter answers it with all that he writes."""
    parts = tuple(ItemAnswer("", text, number) for number, text in enumerate(("Vá xong.", "Lát xong."), 1))
    assigned: Any = [SimpleNamespace(item=one) for one in own]
    found = asker_part.divided(Reply(Verb.ANSWER, text="cả thư", parts=parts), "HP-2026-000007", assigned)
    assert [one.text for one, _ in found] == pieces


@pytest.mark.parametrize(
    ("text", "is_open", "email", "asked"),
    [
        ("nhà ở số mấy?", True, "an@dan.test", True),
        ("", True, "an@dan.test", False),
        ("nhà ở số mấy?", False, "an@dan.test", False),
        ("nhà ở số mấy?", True, "", False),
    ],
)
def test_a_unit_asks_an_asker_with_an_address_while_it_owes_the_answer(
    monkeypatch: pytest.MonkeyPatch, text: str, is_open: bool, email: str, asked: bool
) -> None:
    monkeypatch.setattr(second_words, "relayed", lambda *_: ("asked",))
    monkeypatch.setattr(second_words, "names_board", lambda *_: False)
    monkeypatch.setattr(second_words, "told_of_others", lambda *_: ())
    monkeypatch.setattr(second_words, "notify_unit", lambda *_: ("told",))
    spoken: Any = SimpleNamespace(
        facts=None,
        question=SimpleNamespace(email=email),
        act=SimpleNamespace(text=text),
        own=(SimpleNamespace(is_open=is_open),),
        last=None,
    )
    relayed: Any = second_words._relayed(spoken)
    assert relayed == (("asked", "told") if asked else None)


@pytest.mark.parametrize("lacking", ["says_nothing", "points_below", ""])
def test_words_that_open_an_answer_or_point_below_are_none(monkeypatch: pytest.MonkeyPatch, lacking: str) -> None:
    reply = Reply(Verb.ANSWER, text="Sở trả lời bên dưới, chữ màu đỏ")
    for name in ("says_nothing", "points_below", "only_sends"):
        monkeypatch.setattr(answers, name, lambda *_, name=name: name == lacking)
    for name in ("with_subject", "for_asker"):
        monkeypatch.setattr(answers, name, lambda *_: reply)
    for name in ("sent_files", "empty_files"):
        monkeypatch.setattr(answers, name, lambda *_: ())
    read = SimpleNamespace(understanding=SimpleNamespace(reply=reply), mail=None, board=SimpleNamespace(source=None))
    facts: Any = read
    question: Any = SimpleNamespace(code="HP-2026-000007")
    assert answers.as_answer(facts, question) == (answers.EMPTY if lacking else reply)
