"""Orders that name nothing, or what is over: each is answered with what is missing, and nothing is done."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.commands.command import DICTATES, Command
from rules.decide.base import forwarding, notices
from rules.decide.base.actions import OpenDuty
from rules.decide.base.command_result import CommandAtHand
from rules.decide.base.facts import KeptFile
from rules.decide.base.publication import GIVEN
from rules.decide.intake import attachments
from rules.decide.officer import (
    data_requests,
    dictations,
    more_time,
    on_behalf_of_citizens,
    question_commands,
    reopening,
    supporting_units,
    unit_mail_commands,
)
from rules.decide.officer.unit_mail_commands import is_answer, is_receipt, is_refusal, rewrite, to_asker
from rules.law.deadlines import ReminderKind
from rules.law.legal_dates import Law
from rules.law.profile_file import load_profile
from rules.law.session_rules import SessionStatus
from rules.law.working_days import load_calendar
from rules.message.attachment_policy import INFECTED, NOT_SCANNED
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import load_units
from rules.values.model import AttachmentRef, Decision
from rules.values.states import AssignmentStatus, QuestionStatus

NOW = datetime(2026, 10, 6, 2, tzinfo=UTC)
DUE = date(2026, 10, 20)
LAW = Law(load_profile(), load_calendar())


def contact(code: str) -> Any:
    return SimpleNamespace(code=code, address=f"{code.lower()}@don-vi.test", others=(), domains=(), name="", cc=())


BOARD = SimpleNamespace(
    law=LAW,
    source=DEFAULT,
    prefix="HP",
    units=load_units(),
    contacts={code: contact(code) for code in ("SXD", "SYT")},
)


def handed(unit: str, id_: int, status: AssignmentStatus = AssignmentStatus.FORWARDED, round_: int = 1) -> Any:
    due = SimpleNamespace(on=DUE, rule="answer_no_session")
    return SimpleNamespace(
        id=id_,
        unit=unit,
        role="lead",
        status=status,
        round=round_,
        due=due,
        wanted_until=None,
        told_until=None,
        is_open=True,
        came_back=0,
    )


def question(status: QuestionStatus = QuestionStatus.FORWARDED, *assignments: Any) -> Any:
    return SimpleNamespace(
        id=7,
        code="HP-2026-000007",
        raw_mail_id=2,
        status=status,
        email="an@dan.test",
        assignments=assignments,
        answers=(),
        notes="",
        missing=(),
        session_id=None,
        name_consent=None,
        open_leads=tuple(one for one in assignments if one.status is AssignmentStatus.FORWARDED),
    )


def held_mail(sender: str, status: str = "held") -> Any:
    mail = SimpleNamespace(sender=SimpleNamespace(email=sender), attachments=(), text="", subject="")
    understanding = SimpleNamespace(text=SimpleNamespace(own="Tôi hỏi đoạn trước cổng trường."), reply=None)
    return SimpleNamespace(id=3, status=status, mail=mail, understanding=understanding, reason="", acts=())


def order(command: Command, about: Any = None, held: Any = None, **facts: Any) -> CommandAtHand:
    none = dict.fromkeys(("threads", "kept_files", "dictated", "sessions", "waiting"), ())
    facts = {**none, "fetched": frozenset(), "opinions": {}, **facts}
    at_hand: Any = SimpleNamespace(board=BOARD, held=held, **facts)
    return CommandAtHand(at_hand, command, about, held, NOW)


OVER = (QuestionStatus.ANSWERED, QuestionStatus.APPROVED, QuestionStatus.CLOSED, QuestionStatus.REJECTED)
OF_ANSWERS = (unit_mail_commands.recall, reopening.reopen, unit_mail_commands.supplement, supporting_units.remind)
NO_QUESTION, NO_REQUEST = "Không rõ nói về câu hỏi nào", "không có yêu cầu nào về dữ liệu"
WHY = Command("data_done", "", text="sổ phải lưu")


@pytest.mark.parametrize(
    ("act", "command", "about", "said"),
    [
        *(
            (question_commands.forward, Command("forward", "", unit="SYT"), question(one), "đã kết thúc")
            for one in OVER
        ),
        (question_commands.reject, Command("reject", "", text="x"), question(), "h vì"),
        (question_commands.reject, Command("reject", "", clause="10.1.h", text=" "), question(), "Cần nêu lý do"),
        (question_commands.ask, Command("ask", "", text="xin cho biết số nhà"), None, "Thư này chưa có số"),
        (question_commands.ask, Command("ask", "", text=" "), question(), "Cần ghi điều muốn hỏi"),
        (on_behalf_of_citizens.pass_on, Command("pass_on", ""), None, NO_QUESTION),
        *((act, Command("recall", "", text="thêm số nhà"), None, NO_QUESTION) for act in OF_ANSWERS),
        (unit_mail_commands.recall, Command("recall", ""), question(OVER[0]), "Không có câu trả lời nào"),
        (attachments.release, Command("release_files", ""), question(), attachments.NONE),
        (attachments.refuse, Command("release_files", ""), question(), attachments.NONE),
        (data_requests.data_done, Command("data_done", ""), None, NO_QUESTION),
        (data_requests.data_refused, WHY, None, NO_QUESTION),
        (data_requests.data_refused, replace(WHY, text=" "), question(), "Cần nêu lý do"),
        (data_requests.data_refused, replace(WHY, text="giúp em nhé"), question(), "Cần nêu lý do"),
        (data_requests.data_done, Command("data_done", ""), question(), NO_REQUEST),
        (data_requests.data_refused, WHY, question(), NO_REQUEST),
    ],
)
def test_an_order_that_lacks_something_is_answered_with_it(act: Any, command: Command, about: Any, said: str) -> None:
    held, of_another = held_mail("an@dan.test"), {8: {"privacy:8": "xóa dữ liệu cá nhân"}}
    done, told, actions = act(order(command, about, held, data_requests=of_another))
    assert (done, actions) == (False, ())
    assert said in told


@pytest.mark.parametrize(("until", "moves"), [(date(2026, 10, 19), False), (DUE, False), (date(2026, 10, 21), True)])
def test_more_time_ends_behind_the_present_day(until: date, moves: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(more_time, "_extended", lambda *_: ["moved"])
    monkeypatch.setattr(Law, "granted", lambda _law, _due, day: SimpleNamespace(on=day))
    about = question(QuestionStatus.FORWARDED, handed("SXD", 1))
    done, said, actions = more_time.extend(order(Command("extend", "", until=until), about))
    assert (done, bool(actions)) == (moves, moves)
    assert moves or "sau hạn hiện nay (20/10/2026)" in said


def test_what_was_done_is_kept_with_its_question_and_ends_nothing() -> None:
    report = Command("handled", "", raw="Đã xử lý, có biên bản")
    done, said, actions = on_behalf_of_citizens.handled(order(report))
    assert (done, actions) == (False, ())
    assert "xin ghi kèm số câu hỏi" in said
    done, said, actions = on_behalf_of_citizens.handled(order(report, question()))
    assert (done, len(actions)) == (True, 1)
    assert "HP-2026-000007, câu hỏi chưa kết thúc" in said


def test_an_opinion_goes_to_each_unit_about_its_own_last_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two units one has answered the asker, who may write of that; what the other wrote has not left yet."""
    told: list[tuple[str, int, bool]] = []
    monkeypatch.setattr(
        on_behalf_of_citizens,
        "to_unit",
        lambda _name, _board, unit, _clause, values, *_, case, **__: told.append(
            (unit, case.assignment, values["kept"])
        ),
    )
    answered = AssignmentStatus.ANSWERED
    about = question(
        QuestionStatus.ANSWERED,
        handed("SXD", 11, answered, 1),
        handed("SYT", 12, answered, 1),
        handed("SXD", 13, answered, 2),
        handed("SYT", 14, AssignmentStatus.REFUSED, 3),
    )
    about.answers = tuple(
        SimpleNamespace(unit=unit, assignment=at, told=True) for unit, at in (("SXD", 13), ("SYT", 12))
    )
    waits = SimpleNamespace(question=7, assignments=(12,), is_answer=True)
    said = order(Command("pass_on", ""), about, held_mail("an@dan.test"), waiting=(waits,))
    done, _, _ = on_behalf_of_citizens.pass_on(said)
    assert done
    assert told == [("SXD", 13, False), ("SYT", 14, True)]


@pytest.mark.parametrize("act", [is_answer, is_receipt, is_refusal, rewrite, to_asker])
@pytest.mark.parametrize("lacks", ["mail", "waiting mail", "question", "mail of the unit"])
def test_a_units_mail_is_meant_only_where_one_waits(act: Any, lacks: str) -> None:
    held = held_mail("dan@dan.test" if lacks == "mail of the unit" else "sxd@don-vi.test")
    held = None if lacks == "mail" else held_mail("sxd@don-vi.test", "done") if lacks == "waiting mail" else held
    about = None if lacks == "question" else question(QuestionStatus.FORWARDED, handed("SXD", 1), handed("SYT", 2))
    done, said, actions = act(order(Command("unit_answer", ""), about, held))
    assert (done, actions) == (False, ())
    assert said


@pytest.mark.parametrize(
    ("why", "waits", "stays"),
    [
        (f"{INFECTED}: Eicar-Test", False, "Tệp có mã độc không được cho chuyển bằng thư"),
        (NOT_SCANNED, False, NOT_SCANNED),
        ("Loại tệp không được nhận", True, NOT_SCANNED),
        ("Loại tệp không được nhận", False, ""),
    ],
)
def test_a_file_with_a_virus_or_unscanned_takes_none_of_its_mail_with_it(
    monkeypatch: pytest.MonkeyPatch, why: str, waits: bool, stays: str
) -> None:
    monkeypatch.setattr(attachments, "released", lambda _board, files: tuple(files))
    about = question(QuestionStatus.FORWARDED, handed("SXD", 1))
    bad = AttachmentRef(9, 2, "xem.js", "text/javascript")
    plain = KeptFile(AttachmentRef(9, 1, "don.doc", "application/msword"), "Loại tệp không được nhận", False, about)
    kept = (plain, KeptFile(bad, why, waits, about))
    done, said, actions = attachments.release(order(Command("release_files", ""), about, kept_files=kept))
    assert (done, actions) == ((False, ()) if stays else (True, kept))
    assert stays in said
    assert "xem.js" in said


@pytest.mark.parametrize(
    ("status", "reason", "told"),
    [("held", "Thư có hai cách đọc", True), ("held", "", False), ("done", "Thư có hai cách đọc", False)],
)
def test_why_a_mail_is_held_is_told_while_it_is(status: str, reason: str, told: bool) -> None:
    held = held_mail("an@dan.test", status)
    held.reason = reason
    done, said, actions = attachments.why(order(Command("why_held", ""), None, held))
    assert (done, said, actions) == (told, f"Thư số 3: {reason}" if told else attachments.NONE, ())
    assert attachments.why(order(Command("why_held", ""))) == (False, attachments.NONE, ())


@pytest.mark.parametrize(("asked", "read"), [("Sửa đường?", False), ("Bao giờ sửa", True)])
def test_a_dictated_question_has_three_words_at_least(asked: str, read: bool) -> None:
    """What is long enough is looked at further: here its day of receipt has not come yet."""
    raw = f"Đăng ký hộ:\nHọ tên: Nguyễn Văn An\nNội dung: {asked}"
    understanding = SimpleNamespace(text=SimpleNamespace(own=asked))
    other = SimpleNamespace(said="Đăng ký hộ: câu khác", understanding=understanding, received_at=NOW)
    found = SimpleNamespace(said=raw, understanding=understanding, received_at=datetime(2027, 1, 1, tzinfo=UTC))
    command = Command(DICTATES, "", text=raw.partition("\n")[2], raw=raw)
    at_hand: Any = SimpleNamespace(board=BOARD, dictated=(other, found), received_at=NOW)
    done, said, actions = dictations.register_for(CommandAtHand(at_hand, command, None, None, NOW))
    assert (done, actions) == (False, ())
    assert ("ở tương lai" in said, said == dictations.FORM) == (read, not read)


@pytest.mark.parametrize(
    ("given", "items"),
    [
        ((2,), [(2, "Việc 2")]),
        ((2, 1, 2), [(1, "Việc 1"), (2, "Việc 2")]),
        ((), [(1, "Toàn bộ câu hỏi")]),
    ],
)
def test_a_new_unit_gets_the_free_items_else_all(given: tuple[int, ...], items: list[tuple[int, str]]) -> None:
    about: Any = SimpleNamespace(content="Toàn bộ câu hỏi")
    taken: Any = tuple(SimpleNamespace(item=one, item_text=f"Việc {one}") for one in given)
    found = question_commands._items(about, "SYT", taken)
    assert [(one.number, one.text, one.unit) for one in found] == [(number, text, "SYT") for number, text in items]


@pytest.mark.parametrize(("unit", "about", "told"), [("SYT", True, ["SYT"]), ("STC", True, []), ("SYT", False, [])])
def test_a_unit_hears_at_an_address(monkeypatch: pytest.MonkeyPatch, unit: str, about: bool, told: list[str]) -> None:
    monkeypatch.setattr(notices, "to_unit", lambda _name, _board, code, *_, **__: code)
    assignment = handed(unit, 1)
    asked = question(QuestionStatus.FORWARDED, handed("SXD", 2), assignment) if about else None
    at_hand = order(Command("unit_receipt", ""), asked, held_mail("sxd@don-vi.test"), raw_mail=9)
    found: Any = unit_mail_commands._told(at_hand, assignment, "received")
    assert list(found) == told


@pytest.mark.parametrize(
    ("about", "done"),
    [
        (question(QuestionStatus.NEEDS_REVIEW), True),
        (question(QuestionStatus.NEEDS_REVIEW, handed("SXD", 1, AssignmentStatus.REFUSED)), False),
        (question(QuestionStatus.FORWARDED, handed("SXD", 1)), False),
    ],
)
def test_a_mail_that_a_unit_had_is_no_advertisement(monkeypatch: pytest.MonkeyPatch, about: Any, done: bool) -> None:
    monkeypatch.setattr(question_commands, "_reject_question", lambda *about: (True, about[3], ()))
    monkeypatch.setattr(question_commands, "is_ours", lambda *_: False)
    words = Command("not_a_question", "", raw="Thư quảng cáo, không phải câu hỏi")
    found = question_commands.not_a_question(order(words, about))
    assert (found[0], "quảng cáo" in found[1]) == (done, done)


@pytest.mark.parametrize("over", [SessionStatus.HELD, SessionStatus.CLOSED, SessionStatus.ANNOUNCED])
def test_a_question_of_a_session_that_is_over_stays(monkeypatch: pytest.MonkeyPatch, over: SessionStatus) -> None:
    own: Any = SimpleNamespace(id=4, status=over)
    next_one: Any = SimpleNamespace(id=5, status=SessionStatus.ANNOUNCED)
    monkeypatch.setattr(forwarding, "session_of", lambda *_: own)
    monkeypatch.setattr(forwarding, "session_for", lambda *_: next_one)
    about: Any = SimpleNamespace(id=7, session_id=4)
    session, amended = forwarding.session_now(order(Command("forward", "")).facts, about, "SYT", NOW)
    stays = over is not SessionStatus.ANNOUNCED
    assert (session, len(amended)) == ((own, 0) if stays else (next_one, 1))


def test_what_is_to_be_published_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data_requests, "which", lambda _order, what: (False, what, ()))
    assert data_requests.publish(order(Command("publish", ""))) == (False, "trình đăng", ())


@pytest.mark.parametrize(("submitted", "said"), [((), "đang chờ Trưởng Ban Biên tập"), (("paper",), "Đã trình")])
def test_what_waits_is_not_submitted_again(monkeypatch: pytest.MonkeyPatch, submitted: Any, said: str) -> None:
    monkeypatch.setattr(data_requests, "given_answers", lambda _: ["answer"])
    monkeypatch.setattr(data_requests, "to_publish", lambda *_, **__: submitted)
    monkeypatch.setattr(data_requests, "_asked", lambda _: "Trưởng Ban Biên tập")
    at_hand = order(Command("publish", ""), question(QuestionStatus.ANSWERED), publishing={})
    done, told, actions = data_requests.publish(at_hand)
    assert (done, actions) == (True, submitted)
    assert said in told


@pytest.mark.parametrize(("session", "earlier", "due"), [(None, None, DUE), (None, 4, "new"), (5, None, "new")])
def test_only_without_a_session_a_question_keeps_its_date(
    monkeypatch: pytest.MonkeyPatch, session: Any, earlier: int | None, due: Any
) -> None:
    monkeypatch.setattr(more_time, "answer_due", lambda *_: SimpleNamespace(on="new"))
    about = question(QuestionStatus.FORWARDED, handed("SXD", 1))
    about.session_id, about.received_at = earlier, NOW
    assert more_time.kept_due(order(Command("forward", "")), about, session).on == due


@pytest.mark.parametrize(
    ("before", "fetched", "due"),
    [
        (AssignmentStatus.REPLACED, set(), "new"),
        (AssignmentStatus.REFUSED, set(), DUE),
        (AssignmentStatus.REPLACED, {7}, DUE),
        (AssignmentStatus.REPLACED, {8}, "new"),
    ],
    ids=("us", "the unit", "nobody", "nobody another"),
)
def test_who_refused_tells_whether_a_question_keeps_its_date(
    monkeypatch: pytest.MonkeyPatch, before: AssignmentStatus, fetched: set[int], due: Any
) -> None:
    monkeypatch.setattr(more_time, "answer_due", lambda *_: SimpleNamespace(on="new"))
    about = question(
        QuestionStatus.NEEDS_REVIEW, handed("SYT", 1, AssignmentStatus.REPLACED), handed("SXD", 2, before)
    )
    about.session_id, about.received_at = None, NOW
    assert more_time.kept_due(order(Command("forward", ""), fetched=fetched), about, None).on == due


@pytest.mark.parametrize("decision", [one for one in Decision if one is not Decision.FORWARD])
def test_of_a_mail_without_a_unit_no_forward_is_said(monkeypatch: pytest.MonkeyPatch, decision: Decision) -> None:
    reasons: list[str] = []

    def reviewed(_facts: object, why: str, *_: object, **__: object) -> tuple[()]:
        reasons.append(why)
        return ()

    read = SimpleNamespace(understanding=SimpleNamespace(route=SimpleNamespace(decision=decision)), raw_mail=5)
    unread: Any = None
    watched = OpenDuty("review:5", "review", "8.2", unread, NOW, NOW)
    monkeypatch.setattr(question_commands, "_held_facts", lambda *_: read)
    monkeypatch.setattr(question_commands, "open_review", lambda *_, **__: watched)
    monkeypatch.setattr(question_commands, "registration", lambda *_: "registered")
    monkeypatch.setattr(question_commands, "acknowledge", lambda *_, **__: ())
    monkeypatch.setattr(question_commands, "review_mails", reviewed)
    done, _, actions = question_commands.register(order(Command("register", ""), None, held_mail("an@dan.test")))
    assert done
    assert replace(watched, key="registered:5") in actions
    assert reasons == ["Cán bộ đăng ký, cần chọn đơn vị trả lời"]


@pytest.mark.parametrize(
    ("status", "email", "others", "told"),
    [
        (QuestionStatus.FORWARDED, "an@dan.test", [QuestionStatus.ANSWERED], "đã gửi"),
        (QuestionStatus.FORWARDED, "an@dan.test", [QuestionStatus.FORWARDED], "chưa được báo"),
        (QuestionStatus.FORWARDED, "an@dan.test", [QuestionStatus.FORWARDED, QuestionStatus.PUBLISHED], "đã gửi"),
        (QuestionStatus.ANSWERED, "an@dan.test", [QuestionStatus.ANSWERED], ""),
        (QuestionStatus.FORWARDED, "", [QuestionStatus.ANSWERED], ""),
    ],
)
def test_who_asks_what_was_answered_hears_it_while_his_own_question_is_open(
    monkeypatch: pytest.MonkeyPatch, status: QuestionStatus, email: str, others: list[QuestionStatus], told: str
) -> None:
    monkeypatch.setattr(on_behalf_of_citizens, "same_answer", lambda *_: "letter")
    monkeypatch.setattr(on_behalf_of_citizens, "_ended_alike", lambda *_: ())
    monkeypatch.setattr(on_behalf_of_citizens, "is_out", lambda _, one: one.status in GIVEN)
    about = question(status)
    about.email = email
    like = [question(one) for one in others]
    for one in like:
        one.answered_at = NOW
    said, sent = on_behalf_of_citizens._told_answer(order(Command("link", ""), about, raw_mail=9), about, like)
    assert (told in said, bool(said)) == (True, bool(told))
    assert len(sent) == (told == "đã gửi")


@pytest.mark.parametrize(
    ("owe", "answered", "ends"),
    [
        ((), ("SYT",), True),
        (("SXD",), ("SYT",), True),
        (("SXD", "SYT"), ("SYT",), False),
        (("SXD", "SYT"), ("SYT", "SXD"), True),
    ],
)
def test_another_answer_ends_a_question_unless_a_matter_is_left(
    monkeypatch: pytest.MonkeyPatch, owe: tuple[str, ...], answered: tuple[str, ...], ends: bool
) -> None:
    monkeypatch.setattr(on_behalf_of_citizens, "units_lose", lambda *_: ())
    handed_ = [handed(unit, number) for number, unit in enumerate(owe, 1)]
    for each, one in enumerate(handed_, 1):
        one.item, one.question_id = each, 7
    about, other = question(QuestionStatus.FORWARDED, *handed_), question(QuestionStatus.ANSWERED)
    about.session_id, other.answers = None, tuple(SimpleNamespace(unit=unit) for unit in answered)
    done = on_behalf_of_citizens._ended_alike(order(Command("link", ""), about, sessions=()).facts, about, other, NOW)
    assert [type(one).__name__ for one in done] == [*["SetAssignment"] * len(owe) * ends, *["SetQuestion"] * ends]


@pytest.mark.parametrize(
    ("unit", "units", "reminded", "said"),
    [
        ("", ("SXD", "SYT"), 2, "Đã nhắc"),
        ("SYT", ("SXD", "SYT"), 1, "Đã nhắc"),
        ("SYT", ("SXD",), 0, "không còn nợ trả lời"),
        ("", (), 0, "Không đơn vị nào còn nợ trả lời"),
        ("", ("SXD", "STC"), 0, "Chưa khai báo địa chỉ thư điện tử công vụ của"),
        ("SXD", ("SXD", "STC"), 1, "Đã nhắc"),
    ],
)
def test_units_that_owe_an_answer_and_have_an_address_are_reminded(
    monkeypatch: pytest.MonkeyPatch, unit: str, units: tuple[str, ...], reminded: int, said: str
) -> None:
    monkeypatch.setattr(supporting_units, "_reminder", lambda *_: "reminder")
    about = question(QuestionStatus.FORWARDED, *(handed(one, number) for number, one in enumerate(units, 1)))
    done, told, actions = supporting_units.remind(order(Command("remind_unit", "", unit=unit), about))
    assert (done, len(actions)) == (reminded > 0, reminded)
    assert said in told


@pytest.mark.parametrize(
    ("on", "kind"),
    [
        (date(2026, 10, 5), ReminderKind.OVERDUE),
        (date(2026, 10, 6), ReminderKind.TODAY),
        (date(2026, 10, 7), ReminderKind.BEFORE),
    ],
)
def test_a_reminder_says_whether_its_day_came(monkeypatch: pytest.MonkeyPatch, on: date, kind: ReminderKind) -> None:
    monkeypatch.setattr(supporting_units, "reminder", lambda kind, *_, **__: kind)
    assignment = handed("SXD", 1)
    assignment.due = SimpleNamespace(on=on)
    at_hand = order(Command("remind_unit", ""), question(), raw_mail=9)
    found: Any = supporting_units._reminder(at_hand, question(), assignment)
    assert found is kind


def test_a_further_mail_of_a_unit_that_says_nothing_is_not_sent_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_mail_commands, "of_mail", lambda *_: None)
    monkeypatch.setattr(unit_mail_commands, "as_answer", lambda *_: "Thư không có lời trả lời nào")
    held = held_mail("sxd@don-vi.test")
    held.understanding.two_readings = ""
    given = handed("SXD", 1, AssignmentStatus.ANSWERED)
    found = unit_mail_commands._sent_on(order(Command("unit_answer", "")), held, [given], question())
    assert found == (False, "Thư không có lời trả lời nào", ())
