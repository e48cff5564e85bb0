"""What every decision is made of: a request for approval, a first notice, and what an officer must tell by hand."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.decide.base import approval_requests, manual_work, notices, publication
from rules.decide.base.actions import NEW, Note, Send
from rules.decide.base.facts import Person
from rules.law.legal_dates import Law
from rules.law.profile_file import load_profile
from rules.law.session_rules import Paper, PaperKind
from rules.law.working_days import load_calendar
from rules.message.quote_markers import DEFAULT
from rules.values.model import Kind, Notice, Recipient

NOW = datetime(2026, 10, 6, 2, tzinfo=UTC)
LAW = Law(load_profile(), load_calendar())
HEAD = Person("Hoàng Văn Lãnh", "lanhdao@doithoai.test", "head")


def asked(monkeypatch: pytest.MonkeyPatch, about: str, session: int | None, question: int | None = None) -> str:
    """The token of the request to the Head for one paper, whose text is always the same."""
    monkeypatch.setattr(approval_requests, "_summary", lambda _: ())
    of: Any = SimpleNamespace(id=session, code="P-2026-01") if session else None
    board: Any = SimpleNamespace(law=LAW)
    paper = Paper(PaperKind.ANSWER, "Câu trả lời", "0f" * 32, "Nội dung", about=about)
    found: Any = approval_requests._ask(board, paper, of, HEAD, NOW, question, {"times": 1})[0]
    return str(found.token)


def test_an_approval_counts_for_what_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same text for two sessions, two questions or two routines: what approves one approves no other."""
    papers = [
        ("", 4, None),
        ("", 5, None),
        ("", None, 4),
        ("", None, 5),
        ("quarterly:2026-3", 4, None),
        ("year", 4, None),
    ]
    assert len({asked(monkeypatch, *one) for one in papers}) == len(papers)
    assert asked(monkeypatch, "year", 4) == asked(monkeypatch, "year", 5), "a routine's paper is of no session"


@pytest.mark.parametrize(
    ("today", "authenticated", "told"), [(2, False, True), (3, False, False), (4, True, True), (5, True, False)]
)
def test_the_last_notice_to_an_address_a_day(today: int, authenticated: bool, told: bool) -> None:
    asker = SimpleNamespace(name="An", missing=())
    facts: Any = SimpleNamespace(
        board=SimpleNamespace(acknowledgements_per_address_day=5, acknowledgements_per_hour=9, source=DEFAULT),
        mail=SimpleNamespace(
            form=None,
            message_id="",
            references=(),
            reply_to=(),
            sender=SimpleNamespace(email="an@dan.test"),
            attachments=(),
        ),
        reply_address="an@dan.test",
        understanding=SimpleNamespace(asker=asker, text=SimpleNamespace(own="")),
        raw_mail=9,
        acknowledged_today=today,
        acknowledged_last_hour=0,
        authenticated=authenticated,
    )
    (found,) = notices.acknowledge(facts, None, under_review=True)
    assert isinstance(found, Send if told else Note)


@pytest.mark.parametrize("clause", ["10.1.h", ""])
def test_what_is_told_by_hand_is_due_by_the_letters_clause(clause: str) -> None:
    board: Any = SimpleNamespace(law=LAW, officers=())
    letter = Notice("citizen_rejected", Recipient("", "An", "citizen"), clause, "citizen_rejected:7", {})
    duty: Any = manual_work.tell_by_hand(Send(letter, NEW), board, NOW)[0]
    wanted = clause or LAW.review_due(NOW).due.clause
    assert (duty.clause, duty.due.clause, bool(wanted)) == (wanted, wanted, True)


@pytest.mark.parametrize(
    ("unit", "role", "by_number", "name"),
    [
        ("", "citizen", (), manual_work.KIND_NAMES[Kind.FOLLOW_UP]),
        ("SXD", "citizen", (), manual_work.KIND_NAMES[Kind.REPLY]),
        ("", "unit", (), "thư trả lời từ địa chỉ không có trong danh sách"),
        ("", "unit", (7,), "thư trả lời từ địa chỉ không có trong danh sách"),
        ("", "", (7,), "thư nêu số câu hỏi"),
        ("", "", (), "thư trả lời từ địa chỉ không có trong danh sách"),
        ("SXD", "", (7,), manual_work.KIND_NAMES[Kind.REPLY]),
    ],
)
def test_only_an_address_of_a_unit_is_a_units(unit: str, role: str, by_number: tuple[int, ...], name: str) -> None:
    """What nobody's address sent and no mail of ours began says no more than the number that it names."""
    facts: Any = SimpleNamespace(
        sender_unit=unit,
        threads=(SimpleNamespace(role=role),) if role else (),
        understanding=SimpleNamespace(kind=Kind.REPLY),
        by_number=by_number,
    )
    assert manual_work._kind_name(facts) == name


def test_a_unit_that_has_no_address_any_more_is_written_nothing() -> None:
    """The unit that has the question is told, else the one that wrote; nobody where neither has an address."""
    contacts = {"SYT": SimpleNamespace(code="SYT", address="vanthu@syt.test")}
    board: Any = SimpleNamespace(contacts=contacts, units={"SYT": SimpleNamespace(name="Sở Y tế")}, source=DEFAULT)
    due = SimpleNamespace(on=NOW.date())
    question: Any = SimpleNamespace(id=1)

    def told(wrote: str, has: str) -> list[str]:
        facts: Any = SimpleNamespace(board=board, sender_unit=wrote, raw_mail=7)
        of: Any = SimpleNamespace(id=2, unit=has, due=due)
        sends: Any = notices.notify_unit(facts, question, of, "kept")
        return [one.notice.recipient.email for one in sends]

    assert told("SXD", "SXD") == []
    assert told("", "SXD") == []
    assert told("SXD", "SYT") == told("SYT", "SXD") == ["vanthu@syt.test"]


@pytest.mark.parametrize(
    ("publishes", "link", "published", "papers", "todo"),
    [
        (True, "", True, (), "Bài trên Cổng được hệ thống gỡ"),
        (True, "https://haiphong.test/1", False, ("approved",), "Hệ thống không đăng nội dung ấy nữa"),
        (False, "https://haiphong.test/1", True, (), "Xin gỡ bài đã đăng tại https://haiphong.test/1"),
        (False, "", False, ("approved",), "Xin không đăng nội dung ấy; nếu đã đăng lên Cổng thì gỡ xuống"),
        (True, "", False, ("shown",), "Văn bản đang trình duyệt để đăng không còn giá trị"),
        (True, "", False, (), ""),
    ],
)
def test_only_where_people_post_a_page_they_are_asked_to_take_it_down(
    publishes: bool, link: str, published: bool, papers: tuple[str, ...], todo: str
) -> None:
    board: Any = SimpleNamespace(publishes=publishes)
    question: Any = SimpleNamespace(link=link)
    known: Any = SimpleNamespace(papers=tuple(SimpleNamespace(status=one) for one in papers), published=published)
    assert publication.off_portal(board, question, known) == todo
