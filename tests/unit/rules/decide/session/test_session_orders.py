"""What an officer may say next about a session, and what is refused because the session stands elsewhere."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from rules.commands.commands import Command
from rules.decide.base.forwarding import is_unmarked
from rules.decide.session import leaders_decision, orders, session_course, session_day
from rules.decide.session.orders import CANCEL, CONFIRMED, _again, meant, offers
from rules.decide.session.session_state import is_unposted, notice_acts, script_acts, stands_paper
from rules.decide.session.sessions import NotNowError
from rules.law.session_rules import PaperKind, SessionStatus
from rules.message.quote_markers import DEFAULT
from rules.values.states import QuestionStatus

DAY = datetime(2026, 11, 26, 2, tzinfo=UTC)


def paper(kind: PaperKind, status: str) -> Any:
    return SimpleNamespace(kind=kind, status=status)


def case_of(*papers: Any, code: str = "P-2026-01", status: SessionStatus = SessionStatus.ANNOUNCED) -> Any:
    return SimpleNamespace(
        session=SimpleNamespace(code=code, status=status, starts_at=DAY), papers=papers, questions=()
    )


@pytest.mark.parametrize(
    ("statuses", "stands"),
    [((), ""), (("void",), ""), (("approved", "void"), "approved"), (("approved", "shown"), "shown")],
)
def test_the_newest_paper_that_still_counts(statuses: tuple[str, ...], stands: str) -> None:
    case = case_of(paper(PaperKind.PLAN, "issued"), *(paper(PaperKind.SCRIPT, one) for one in statuses))
    assert stands_paper(case, PaperKind.SCRIPT) == stands
    assert stands_paper(case, PaperKind.PLAN) == "issued"


@pytest.mark.parametrize(("status", "offered"), [("shown", 0), ("returned", 1), ("void", 1), ("", 1)])
def test_a_script_is_put_up_while_none_waits_for_the_head(status: str, offered: int) -> None:
    others = paper(PaperKind.NOTICE, "shown")
    case = case_of(others, *([paper(PaperKind.SCRIPT, status)] if status else []))
    assert [one["text"] for one in script_acts(case)] == ["Trình kịch bản P-2026-01"] * offered


@pytest.mark.parametrize(
    ("session", "paper_status", "offered"),
    [
        (SessionStatus.PLAN_ISSUED, "", ["Trình thông báo P-2026-01"]),
        (SessionStatus.PLAN_ISSUED, "returned", ["Trình thông báo P-2026-01"]),
        (SessionStatus.PLAN_ISSUED, "shown", []),
        (SessionStatus.PLAN_APPROVED, "", []),
        (SessionStatus.PLAN_ISSUED, "approved", ["P-2026-01 đã đăng tại https://"]),
    ],
)
def test_a_notice_is_put_up_after_its_plan(session: SessionStatus, paper_status: str, offered: list[str]) -> None:
    papers = [paper(PaperKind.NOTICE, paper_status)] if paper_status else []
    assert [one["text"] for one in notice_acts(case_of(*papers, status=session))] == offered


def facts_of(*cases: Any) -> Any:
    return SimpleNamespace(cases=cases, mail=SimpleNamespace(subject="Phiên đối thoại"))


def test_a_command_that_fits_two_sessions_is_offered_for_each() -> None:
    facts = facts_of(
        case_of(),
        case_of(code="P-2026-02"),
        case_of(code="P-2026-03", status=SessionStatus.CLOSED),
        case_of(code="P-9"),
    )
    texts = [one["text"] for one in offers(facts, Command("session_end", "", raw="Phiên  đã kết thúc"))]
    assert texts == [f"{code} Phiên đã kết thúc" for code in ("P-2026-01", "P-2026-02", "P-9")]


@pytest.mark.parametrize(
    ("first", "status", "code"),
    [
        (SessionStatus.HELD, SessionStatus.HELD, "P-2026-01"),
        (SessionStatus.HELD, SessionStatus.PROPOSED, None),
        (SessionStatus.CLOSED, SessionStatus.PROPOSED, "P-2026-02"),
    ],
)
def test_an_order_is_about_the_session_it_fits(first: SessionStatus, status: SessionStatus, code: str | None) -> None:
    """So that a refusal can say how the only one stands."""
    facts = facts_of(case_of(status=first), case_of(code="P-2026-02"))
    case, _ = meant(facts, Command("session_end", ""), (status,))
    assert (case and case.session.code) == code


def test_a_number_that_no_session_has_is_offered_for_no_other() -> None:
    facts = facts_of(case_of(), case_of(code="P-2026-02"))
    assert offers(facts, Command("session_end", "", session="P-2025-07", raw="P-2025-07 đã kết thúc")) == []


def test_where_no_session_runs_a_new_one_is_offered() -> None:
    facts = facts_of(case_of(status=SessionStatus.CLOSED))
    assert [one["text"] for one in offers(facts, Command("session_end", ""))] == ["Đề xuất phiên"]


@pytest.mark.parametrize(
    ("status", "mark", "link", "answered", "unposted"),
    [
        (QuestionStatus.ANSWERED, "i", "", True, True),
        (QuestionStatus.APPROVED, "i", "", True, True),
        (QuestionStatus.CLOSED, "i", "", True, True),
        (QuestionStatus.CLOSED, "i", "", False, False),
        (QuestionStatus.FORWARDED, "i", "", True, False),
        (QuestionStatus.REJECTED, "i", "", True, False),
        (QuestionStatus.ANSWERED, "i", "https://haiphong.test/1", True, False),
        (QuestionStatus.ANSWERED, "answered", "", True, False),
    ],
)
def test_what_was_answered_after_a_session_is_to_be_posted_once(
    status: QuestionStatus, mark: str, link: str, answered: bool, unposted: bool
) -> None:
    """10.1.i: answered after the session, and not on the portal yet."""
    at = DAY if answered else None
    question: Any = SimpleNamespace(status=status, session_mark=mark, link=link, answered_at=at)
    assert is_unposted(question) is unposted


@pytest.mark.parametrize("papers", [(), (paper(PaperKind.RECORD, "shown"), paper(PaperKind.PLAN, "approved"))])
def test_a_record_that_nobody_approved_is_not_posted(papers: tuple[Any, ...]) -> None:
    """10.1.l, 10.2: the Head approves article and record before they are posted."""
    order: Any = None
    case = case_of(*papers, status=SessionStatus.HELD)
    done, said, actions = session_course.posted(order, case, "https://haiphong.test/phien")
    assert (done, actions) == (False, ())
    assert "chưa được duyệt" in said


@pytest.mark.parametrize(
    ("status", "paper_status"),
    [
        (SessionStatus.TOPIC_APPROVED, "approved"),
        (SessionStatus.PROPOSED, "void"),
        (SessionStatus.PROPOSED, "returned"),
    ],
)
def test_a_decision_is_recorded_only_where_one_is_waited_for(status: SessionStatus, paper_status: str) -> None:
    case = case_of(paper(PaperKind.PROPOSAL, paper_status), status=status)
    with pytest.raises(NotNowError, match="P-2026-01"):
        leaders_decision.recorded(case, "Công văn số 12/UBND-VX", DAY)


def test_a_leaders_word_on_a_paper_of_no_session_decides_on_none() -> None:
    asked: Any = SimpleNamespace(session=None)
    anybody: Any = None
    assert leaders_decision.replied(asked, anybody, DAY, anybody) == ()


@pytest.mark.parametrize(
    ("status", "answered", "mark", "unmarked"),
    [
        (QuestionStatus.FORWARDED, False, "", True),
        (QuestionStatus.FORWARDED, False, "answered", False),
        (QuestionStatus.REJECTED, False, "", False),
        (QuestionStatus.CLOSED, False, "", False),
        (QuestionStatus.CLOSED, True, "", True),
        (QuestionStatus.ANSWERED, True, "", True),
    ],
)
def test_what_ended_without_an_answer_needs_no_outcome_of_the_session(
    status: QuestionStatus, answered: bool, mark: str, unmarked: bool
) -> None:
    question: Any = SimpleNamespace(status=status, answered_at=DAY if answered else None, session_mark=mark)
    assert is_unmarked(question) is unmarked


def test_who_was_summoned_is_told_of_as_he_replied(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_day, "session_units", lambda *_: ["SXD", "SYT", "STC"])
    monkeypatch.setattr(session_day, "ask_whom", lambda _board, _session, code: code)
    board: Any = SimpleNamespace(units={})
    session: Any = SimpleNamespace(form=SimpleNamespace(chair=SimpleNamespace(email="", name="")))
    replies: Any = {
        "SYT": SimpleNamespace(answer="accepted", comment=""),
        "STC": SimpleNamespace(answer="declined", comment="bận họp"),
    }
    lines = list(session_day._lines(board, session, replies))
    assert [line.partition(": ")[2].partition("; ")[2] for line in lines] == ["", "", "xin hỏi lại STC"]
    assert lines[0].endswith("chưa trả lời giấy mời")
    assert "(“bận họp”)" in lines[2]


@pytest.mark.parametrize(
    ("verb", "reason", "confirms", "text"),
    [
        (CANCEL, "vì mưa bão", False, None),
        (CANCEL, "vì mưa bão", True, None),
        (CANCEL, "", False, "Hủy phiên P-2026-01 vì "),
        (CONFIRMED, "vì mưa bão", True, None),
        (CONFIRMED, "vì mưa bão", False, "Hủy phiên P-2026-01 vì mưa bão"),
        (CONFIRMED, "", True, "Xác nhận hủy phiên P-2026-01 vì "),
    ],
)
def test_a_session_is_called_off_in_two_steps(verb: str, reason: str, confirms: bool, text: str | None) -> None:
    """Nothing is offered where the order only waits for being confirmed."""
    facts = SimpleNamespace(
        asked_to_confirm=("P-2026-01",) if confirms else (), board=SimpleNamespace(source=DEFAULT)
    )
    given: Any = facts
    found = _again(given, case_of(), Command(verb, "", text=reason, raw=f"Hủy phiên {reason}"))
    assert [one["text"] for one in found] == ([] if text is None else [text])


@pytest.mark.parametrize(
    ("verb", "status", "texts"),
    [
        (
            "session_end",
            SessionStatus.ANNOUNCED,
            [
                "Trình kịch bản P-2026-01",
                "Bắt đầu phiên P-2026-01 lúc ",
                "Kết thúc phiên P-2026-01 lúc ",
            ],
        ),
        (CANCEL, SessionStatus.CLOSED, []),
    ],
)
def test_a_session_is_called_off_before_it_is_held(verb: str, status: SessionStatus, texts: list[str]) -> None:
    facts: Any = SimpleNamespace(asked_to_confirm=(), board=SimpleNamespace(source=DEFAULT))
    found = _again(facts, case_of(status=status), Command(verb, "", raw="Phiên đã kết thúc"))
    assert [one["text"] for one in found] == texts


@pytest.mark.parametrize(
    ("text", "done"), [("số 05/KH-BBT", True), ("số 5", True), ("rồi em nhé", True), ("số 06/KH-BBT", False)]
)
def test_a_plan_that_is_issued_keeps_its_number(text: str, done: bool) -> None:
    plan = SimpleNamespace(kind=PaperKind.PLAN, status="approved", number="05/KH-BBT")
    order: Any = SimpleNamespace(command=Command("session_issued", "", text=text))
    ok, said, actions = orders.issued(order, case_of(plan))
    assert (ok, actions) == (done, ())
    assert ("số khác" in said) is not done
