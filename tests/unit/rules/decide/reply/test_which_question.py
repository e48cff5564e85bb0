"""Which question a unit's mail is about: its number first, then the thread, then the unit's own document."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.reply import question_meant, unit_replies, without_answer
from rules.law.working_days import city_day
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import load_units
from rules.values.model import Kind, Mailbox, Requester
from rules.values.states import AssignmentStatus

ON = date(2026, 10, 20)


def given(id_: int, about: int, item: int = 1, round_: int = 1, unit: str = "SXD", is_open: bool = True) -> Any:
    status = AssignmentStatus.FORWARDED if is_open else AssignmentStatus.ANSWERED
    return SimpleNamespace(
        id=id_, question_id=about, item=item, round=round_, unit=unit, status=status, is_open=is_open
    )


def mail_of(
    own: str = "",
    by_number: tuple[int, ...] = (),
    thread: int | None = None,
    *,
    subject: str = "",
    listed: tuple[int, ...] = (),
    to: tuple[str, ...] = (),
    **more: Any,
) -> Any:
    """A mail of SXD, which has had four questions; STC has the fourth too."""
    assignments = {
        1: [given(11, 1)],
        2: [given(12, 2)],
        3: [given(13, 3)],
        4: [given(14, 4), given(15, 4, 2, unit="STC")],
    }
    threads = () if thread is None else (SimpleNamespace(role="unit", assignment_id=thread),)
    facts = {"sender_unit": "SXD", "tag": None, "meant": (), **more}
    return SimpleNamespace(
        questions={
            one: SimpleNamespace(
                id=one,
                code=f"HP-2026-{one:06}",
                assignments=tuple(each),
                email=f"{one}@dan.test",
                asker=Requester(name=f"Lê Thị {one}"),
            )
            for one, each in assignments.items()
        },
        board=SimpleNamespace(units=load_units(), prefix="HP", source=DEFAULT),
        mail=SimpleNamespace(
            subject=subject, text=own, to=tuple(Mailbox("", one) for one in to), cc=(), attachments=()
        ),
        listed=listed,
        understanding=SimpleNamespace(text=SimpleNamespace(own=own), reply=None),
        by_number=by_number,
        threads=threads,
        **facts,
    )


@pytest.mark.parametrize(
    ("mail", "found"),
    [
        (mail_of("Trả lời HP-2026-000002", (1,), 13, meant=(4,)), [12]),
        (mail_of("", (1,), 13, meant=(4,)), [11]),
        (mail_of("", (9,), 13, meant=(4,)), [13]),
        (mail_of("", (), 13, meant=(4,)), [13]),
        (mail_of("", (), None, meant=(4,)), [14]),
        (mail_of("", (4,)), [14]),
        (mail_of("Trả lời HP-2026-000009", (), 13, meant=(4,)), []),
        (mail_of(), []),
        (mail_of("", (1,), sender_unit="STC"), []),
        (mail_of("", (), None, listed=(1,)), [11]),
        (mail_of("", (), None, listed=(1, 2)), []),
        (mail_of("Kính gửi bà Lê Thị 3", (), None, to=("3@dan.test", "ban@haiphong.test"), listed=(1, 2)), [13]),
        (mail_of("Kính gửi ông An", (), None, to=("3@dan.test", "ban@haiphong.test")), []),
        (mail_of("Kính gửi bà Lê Thị 1, bà Lê Thị 2", (), None, to=("1@dan.test", "2@dan.test")), []),
        (mail_of("Sửa xong HP-2026-000002 và HP-2026-000003 rồi.", (2, 3), 13), []),
        (mail_of("", (), 13, listed=(1, 2)), [13]),
        (mail_of("", (1,), 13, subject="Re: [HP-2026-000002] Đề nghị"), [12]),
        (mail_of("Sửa như đã nêu tại câu HP-2026-000002", (2,), 13), []),
        (mail_of("Sửa như đã nêu tại câu HP-2026-000002", (2,)), []),
        (mail_of("Đường sửa xong trong tháng (HP-2026-000002)", (2,)), [12]),
        (mail_of("Đường này (HP-2026-000003) sửa cùng câu HP-2026-000002", (2, 3), 13), [13]),
        (mail_of("Không phải HP-2026-000001, HP-2026-000002: đường sẽ sửa.", (1, 2)), [12]),
        (mail_of("Không phải HP-2026-000001, HP-2026-000002.", (1, 2)), []),
    ],
)
def test_a_number_goes_before_the_thread_and_the_thread_before_a_document(mail: Any, found: list[int]) -> None:
    assert [one.id for one in question_meant.matched_assignments(mail)[0]] == found


@pytest.mark.parametrize(
    ("assignments", "newest"),
    [
        ([given(1, 1), given(2, 1, round_=2)], [2]),
        ([given(2, 1, round_=2), given(1, 1)], [2]),
        ([given(1, 1), given(2, 1, item=2), given(3, 2)], [1, 2, 3]),
        ([given(1, 1), given(2, 1)], [2]),
    ],
)
def test_of_each_item_the_newest_round_counts(assignments: list[Any], newest: list[int]) -> None:
    assert [one.id for one in question_meant._latest(assignments)] == newest


@pytest.mark.parametrize(
    ("unit", "thread", "reply"), [("SXD", None, True), ("", 13, True), ("SXD", 13, True), ("", None, False)]
)
def test_a_reply_is_a_units_mail_or_in_an_assignments_thread(unit: str, thread: int | None, reply: bool) -> None:
    assert unit_replies.is_reply(mail_of(thread=thread, sender_unit=unit)) is reply


@pytest.mark.parametrize(
    ("role", "assignment", "named"),
    [("unit", 13, (13,)), ("unit", None, ()), ("officer", 13, ()), ("citizen", None, ())],
)
def test_only_our_mail_to_a_unit_about_an_assignment_names_it(
    role: str, assignment: int | None, named: tuple[int, ...]
) -> None:
    """A weekly list names none; what officers read of an assignment is no letter to the unit."""
    mail = mail_of(sender_unit="")
    mail.threads = (SimpleNamespace(role=role, assignment_id=assignment),)
    assert question_meant.by_thread(mail) == named
    assert unit_replies.is_reply(mail) is bool(named)


@pytest.mark.parametrize(
    ("counted", "said", "until"),
    [
        (date(2026, 10, 27), date(2026, 10, 30), date(2026, 10, 27)),
        (None, date(2026, 10, 30), date(2026, 10, 30)),
        (date(2026, 10, 27), None, date(2026, 10, 27)),
        (None, None, None),
        (None, ON, "asked back"),
        (date(2026, 10, 19), None, "asked back"),
    ],
)
def test_the_day_that_a_unit_wishes_for_is_counted_from_its_words_or_said(
    monkeypatch: pytest.MonkeyPatch, counted: date | None, said: date | None, until: Any
) -> None:
    monkeypatch.setattr(without_answer, "_wanted", lambda *_: counted)
    monkeypatch.setattr(without_answer, "_asked_back", lambda *_: ("asked back",))
    monkeypatch.setattr(without_answer, "noted", lambda _given, values, *_: (values["wanted_until"],))
    monkeypatch.setattr(without_answer, "reason_in", lambda *_: "")
    monkeypatch.setattr(without_answer, "to_people", lambda *_, **__: ())
    monkeypatch.setattr(without_answer, "notify_unit", lambda *_, **__: ())
    monkeypatch.setattr(without_answer, "answers_too", lambda *_: [])
    monkeypatch.setattr(without_answer, "_how_it_stands", lambda *_: [])
    facts: Any = SimpleNamespace(
        board=SimpleNamespace(source=None, officers=(), units=load_units(), law=SimpleNamespace(today=city_day)),
        raw_mail=9,
        received_at=datetime(2026, 10, 6, 2, tzinfo=UTC),
    )
    reply: Any = SimpleNamespace(text="xin thêm thời gian", until=said)
    owed: Any = SimpleNamespace(due=SimpleNamespace(on=ON), unit="SXD", wanted_until=None)
    question: Any = SimpleNamespace(id=7, code="HP-2026-000007", open_leads=(owed,))
    asked: Any = without_answer.extension(facts, reply, question, [owed])
    assert asked == (until,)


@pytest.mark.parametrize(
    ("kind", "unit", "person", "sealed"),
    [
        (Kind.DENUNCIATION, "SXD", None, True),
        (Kind.DENUNCIATION, "SXD", "LAN", False),
        (Kind.DENUNCIATION, "", None, False),
        (Kind.REPLY, "SXD", None, False),
    ],
)
def test_a_denunciation_from_a_unit_is_sealed_first(kind: Kind, unit: str, person: str | None, sealed: bool) -> None:
    """1.2: only what one of our own people sends may be an order, and is looked at as one first."""
    read = SimpleNamespace(kind=kind, sure=True, alone=None, reply=None)
    facts: Any = SimpleNamespace(
        understanding=read, sender_unit=unit, person=person, threads=(), by_number=(), tag=None
    )
    assert question_meant.is_denunciation_by_unit(facts) is sealed
