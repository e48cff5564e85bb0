"""What a leader's mail says of the paper that was put up: by whom it counts, and what is sent back."""

from dataclasses import replace
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.commands.approval.clauses import number_given
from rules.commands.command import Command
from rules.decide.base import approval_requests
from rules.decide.base.actions import Note, Send
from rules.decide.base.facts import Person
from rules.decide.session import approvals
from rules.decide.session.approvals import _command
from rules.decide.session.leaders_decision import DECIDES
from rules.decide.session.routine_reports import RECORDS
from rules.law.session_rules import PaperKind
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import load_units

WAITS = "shown"


def said(text: str, status: str | None = WAITS) -> Any:
    plan = SimpleNamespace(kind=PaperKind.PLAN)
    asked = SimpleNamespace(status=status, words="", paper=plan) if status is not None else None
    law = SimpleNamespace(today=lambda _: date(2026, 10, 6))
    board = SimpleNamespace(units=load_units(), source=DEFAULT, law=law)
    understanding = SimpleNamespace(text=SimpleNamespace(ordered=text))
    facts: Any = SimpleNamespace(understanding=understanding, board=board, approval=asked, received_at=None)
    return _command(facts)


@pytest.mark.parametrize("text", ["Bản này chưa ổn, em làm lại phần 2", "Đề nghị bổ sung căn cứ rồi trình lại"])
@pytest.mark.parametrize(("status", "back"), [(WAITS, True), (RECORDS, True), (DECIDES, False), (None, False)])
def test_plain_words_send_back_what_the_house_signs(text: str, status: str | None, back: bool) -> None:
    """Who decides on a proposal is asked again instead; a mail about no paper sends nothing back."""
    found = said(text, status)
    assert (found is not None and (found.verb, found.text) == ("return", text)) is back


@pytest.mark.parametrize(
    "text",
    [
        "duyệt kế hoạch, kịch bản sửa lại câu 2",
        "duyet ke hoach, kich ban sua lai cau 2",
        "Kế hoạch tôi duyệt. Còn kịch bản thì sửa lại câu 2.",
        "Duyệt kế hoạch nhưng thông báo thì sửa ngày",
    ],
)
def test_who_approves_this_paper_and_changes_another_is_asked_back(text: str) -> None:
    """It was recorded as a return of the plan that he approves."""
    assert said(text) is None


def test_who_approves_but_changes_this_paper_sends_it_back() -> None:
    assert said("Duyệt nhưng sửa lại câu 2").verb == "return"
    assert said("Duyệt nhưng sửa kế hoạch cho khớp kịch bản").verb == "return"


@pytest.mark.parametrize(
    ("text", "wish"),
    [("Trả lại", ""), ("Không đồng ý", "Không đồng ý"), ("Trả lại: sửa bảng 2", "sửa bảng 2")],
)
def test_what_is_sent_back_tells_what_to_change_or_asks_for_it(text: str, wish: str) -> None:
    found = said(text)
    assert (found.verb, found.text) == ("return", wish)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Duyệt, số 05/KH-BBT", 5),
        ("duyet so 12 nhe", 12),
        ("Duyệt. Số: 07, ngày 10/11/2026", 7),
        ("Đồng ý ban hành số 33/KH-BBT", 33),
        ("Duyệt kế hoạch số 05/KH-BBT", 5),
        ("Thống nhất. Duyệt theo dự thảo, văn thư lấy số 15.", 15),
        ("Duyệt kế hoạch phiên đối thoại số 1 năm 2026", None),
        ("Duyệt. Lưu ý câu số 3 mời báo chí.", None),
        ("Duyệt. Cho số 3 lên trước", None),
        ("Duyệt theo Công văn số 12/UBND", None),
        ("Đồng ý như tờ trình số 12 của Ban Thư ký.", None),
        ("Duyệt số 389/TTr-VP", None),
        ("Duyệt. Mời ông An, số 5 đường Trường Chinh", None),
        ("Duyệt, số 5, à nhầm, số 6", None),
        (f"Duyệt, {'nhé ' * 148}số 12", 12),
        (f"Duyệt, {'nhé ' * 149}số 12", None),  # longer than any that gives a number: nothing is compared
    ],
)
def test_only_the_number_that_is_given_to_the_paper_is_its_number(text: str, number: int | None) -> None:
    """Any other is that of a question, a room, a session, another document; the paper gets the next of its series."""
    assert number_given(text, "KẾ HOẠCH Tổ chức phiên đối thoại trực tuyến") == number


@pytest.mark.parametrize("email", ["canbo@haiphong.test", "truongban@haiphong.test.dan.test", ""])
def test_an_approval_by_anybody_else_waits_for_an_officer(monkeypatch: pytest.MonkeyPatch, email: str) -> None:
    """Whatever has found the request: who writes must be whom the paper was put before."""
    monkeypatch.setattr(approvals, "hold", lambda _facts, _now, why: (why,))
    sender = SimpleNamespace(email=email or "dan@dan.test")
    person = SimpleNamespace(email=email) if email else None
    asked = SimpleNamespace(person="truongban@haiphong.test", status=WAITS, session=None)
    mail = SimpleNamespace(senders=(sender,), sender=sender)
    board = SimpleNamespace(approvers={})
    facts: Any = SimpleNamespace(approval=asked, mail=mail, person=person, board=board)
    told: Any = approvals.decide_approval(facts, datetime(2026, 11, 26, 2, tzinfo=UTC))
    assert told == ("Thư phê duyệt không đến từ người được trình",)


DECIDED = Command("approve", "", text="nhớ mời đủ", raw="Duyệt, nhớ mời đủ")


def decided(monkeypatch: pytest.MonkeyPatch, command: Command, unproven: str = "") -> Any:
    """The actions of the Head's own mail, each by its name."""
    for name, made in {
        "_command": command,
        "_number": None,
        "_why_not": "",
        "_approve": ("approved",),
        "_return": ("returned",),
        "_told": ("told",),
        "_still": "",
        "_wish": ("wish",),
        "_finish": "finish",
        "hold": ("held",),
        "notify_person": ("asked",),
    }.items():
        monkeypatch.setattr(approvals, name, lambda *_, made=made, **__: made)
    monkeypatch.setattr(approval_requests, "stands_before", lambda *_: True)
    email = "truongban@haiphong.test"
    paper = SimpleNamespace(id=1, kind=PaperKind.PLAN, title="Kế hoạch")
    asked = SimpleNamespace(id=2, token="0f", person=email, status=WAITS, session=None, waiting=(), paper=paper)
    person = SimpleNamespace(email=email)
    mail, board = SimpleNamespace(senders=(person,), sender=person), SimpleNamespace(law=None)
    facts: Any = SimpleNamespace(approval=asked, mail=mail, person=person, unproven=unproven, board=board)
    actions: Any = approvals.decide_approval(facts, datetime(2026, 11, 26, 2, tzinfo=UTC))
    return [one for one in actions if isinstance(one, str)]


@pytest.mark.parametrize(
    ("command", "actions"),
    [
        (DECIDED, ["approved", "told", "wish", "finish"]),
        (replace(DECIDED, text=""), ["approved", "told", "finish"]),
        (replace(DECIDED, verb="issued"), ["approved", "told", "finish"]),
        (replace(DECIDED, verb="return"), ["returned", "told", "finish"]),
    ],
)
def test_what_is_wished_beside_an_approval_is_shown_to_the_officers(
    monkeypatch: pytest.MonkeyPatch, command: Command, actions: list[str]
) -> None:
    assert decided(monkeypatch, command) == actions


def test_an_approval_that_is_not_proven_decides_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert decided(monkeypatch, DECIDED, "không có chữ ký") == ["asked", "held"]


@pytest.mark.parametrize(
    ("kind", "has_session", "done"),
    [
        (PaperKind.ANSWER, False, "_answer_approved"),
        (PaperKind.REPORT, False, "routine_approved"),
        (PaperKind.REPORT, True, "routine_approved"),
        (PaperKind.PLAN, True, "plan_issued"),
        (PaperKind.SCRIPT, True, "_script_approved"),
        (PaperKind.NOTICE, True, "_handed_out"),
    ],
)
def test_what_an_approval_sets_going_is_told_by_the_paper(
    monkeypatch: pytest.MonkeyPatch, kind: PaperKind, has_session: bool, done: str
) -> None:
    for name in ("_answer_approved", "routine_approved", "plan_issued", "_script_approved", "_handed_out"):
        monkeypatch.setattr(approvals, name, lambda *_, name=name: (name,))
    session = SimpleNamespace(code="P-2026-01") if has_session else None
    asked: Any = SimpleNamespace(session=session, paper=SimpleNamespace(kind=kind), token="0f")
    facts: Any = SimpleNamespace(board=None)
    sets_going: Any = approvals._approve(facts, asked, datetime(2026, 11, 26, 2, tzinfo=UTC))
    assert sets_going == (done,)


def test_a_paper_of_no_session_and_no_routine_sets_nothing_going() -> None:
    asked: Any = SimpleNamespace(session=None, paper=SimpleNamespace(kind=PaperKind.PLAN))
    facts: Any = None
    (noted,) = approvals._approve(facts, asked, datetime(2026, 11, 26, 2, tzinfo=UTC))
    assert isinstance(noted, Note)


@pytest.mark.parametrize(
    ("status", "about"), [(WAITS, 2), ("void", None), (None, None)], ids=("waits", "decided on", "no paper")
)
def test_what_a_leader_is_told_of_a_paper_is_answered_like_the_request(status: str | None, about: int | None) -> None:
    """So that "Duyệt" in reply to it is about that paper."""
    paper = SimpleNamespace(status=status)
    asked: Any = SimpleNamespace(id=2, status="asked", paper=paper) if status else None
    own = SimpleNamespace(text=SimpleNamespace(own="Em xem lại"))
    head = Person("Hoàng Văn Lãnh", "lanhdao@doithoai.test", "head")
    facts: Any = SimpleNamespace(
        person=head, understanding=own, raw_mail=9, board=SimpleNamespace(source=DEFAULT, office=None)
    )
    (told,) = approvals._told(facts, "Em xem lại", "Không rõ ý kiến", ok=False, asked=asked)
    assert isinstance(told, Send)
    assert told.approval == about
