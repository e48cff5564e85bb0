"""Texts for officers about a session: its state, its day, and the acts that fit it as prepared replies."""

from __future__ import annotations

from rules.decide.base.facts import SessionCase
from rules.decide.base.forwarding import is_unmarked
from rules.law.session_rules import PaperKind, SessionFacts, SessionStatus
from rules.law.working_days import CITY_ZONE
from rules.values.states import QuestionStatus

STATE_NAMES = {
    SessionStatus.PROPOSED: "đang chờ duyệt chủ đề và người chủ trì",
    SessionStatus.TOPIC_APPROVED: "đã duyệt chủ đề, chưa ban hành kế hoạch",
    SessionStatus.PLAN_APPROVED: "đã duyệt kế hoạch, chưa ban hành",
    SessionStatus.PLAN_ISSUED: "đã ban hành kế hoạch, chưa đăng thông báo",
    SessionStatus.ANNOUNCED: "đã đăng thông báo, đang nhận câu hỏi",
    SessionStatus.SCRIPT_APPROVED: "đã duyệt kịch bản, đang nhận câu hỏi",
    SessionStatus.HELD: "đã tổ chức xong, đang ghi kết quả",
    SessionStatus.CLOSED: "đã đóng",
    SessionStatus.CANCELLED: "đã hủy",
}
_POST = "đã đăng tại https://"
MOST_POSTED = 5
"""The daily mail offers to record at most this many approved answers as posted."""


def stands(session: SessionFacts) -> str:
    """ "Phiên P-2026-01 đã đóng", as the reason why something is not done."""
    return f"Phiên {session.code} {STATE_NAMES[session.status]}"


def day_of(session: SessionFacts) -> str:
    """The planned beginning in city time."""
    return f"{session.starts_at.astimezone(CITY_ZONE):%H:%M ngày %d/%m/%Y}"


def act(label: str, text: str) -> dict[str, str]:
    """A prepared reply: the label of the link, and the text it writes."""
    return {"label": label, "text": text}


def stands_paper(case: SessionCase, kind: PaperKind) -> str:
    """The state of the newest valid paper of its kind; "" without one."""
    return next((one.status for one in reversed(case.papers) if one.kind is kind and one.status != "void"), "")


def prepared(case: SessionCase) -> list[dict[str, str]]:
    """The possible next acts for the session, as prepared replies."""
    code, status = case.session.code, case.session.status
    match status:
        case SessionStatus.PROPOSED:
            return proposal_acts(case)
        case SessionStatus.TOPIC_APPROVED | SessionStatus.PLAN_APPROVED:
            return plan_acts(case)
        case SessionStatus.PLAN_ISSUED:
            return notice_acts(case)
        case SessionStatus.ANNOUNCED | SessionStatus.SCRIPT_APPROVED:
            return [
                *script_acts(case),
                act("Phiên bắt đầu", f"Bắt đầu phiên {code} lúc "),
                act("Phiên kết thúc", f"Kết thúc phiên {code} lúc "),
            ]
        case SessionStatus.HELD:
            return after_acts(case)
    return []


def plan_acts(case: SessionCase) -> list[dict[str, str]]:
    """The next act for the plan: decide, submit, or record that it was issued on paper."""
    code = case.session.code
    if case.session.status is SessionStatus.PROPOSED:
        return proposal_acts(case)
    issued = act("Kế hoạch đã ký và ban hành trên giấy", f"Đã ban hành kế hoạch {code} số ")
    if stands_paper(case, PaperKind.PLAN) == "shown":
        return [issued]
    return [
        act("Trình kế hoạch", f"Trình kế hoạch {code}"),
        act("Bổ sung thông tin phiên", f"Bổ sung phiên {code}: "),
    ]


def proposal_acts(case: SessionCase) -> list[dict[str, str]]:
    """The next act for the proposal: the leader's decision, or submit; none while it waits for the Head."""
    code = case.session.code
    match stands_paper(case, PaperKind.PROPOSAL):
        case "approved":
            return decision_acts(case.session)
        case "shown":
            return []
    return [
        act("Trình tờ trình", f"Trình tờ trình {code}"),
        act("Bổ sung thông tin phiên", f"Bổ sung phiên {code}: "),
    ]


def decision_acts(session: SessionFacts) -> list[dict[str, str]]:
    """How an officer records a decision made on paper."""
    code = session.code
    return [
        act("Lãnh đạo đã quyết định", f"{code} lãnh đạo đã quyết định tại "),
        act("Lãnh đạo chưa đồng ý", f"{code} lãnh đạo chưa đồng ý: "),
    ]


def notice_acts(case: SessionCase) -> list[dict[str, str]]:
    """The next act for the notice: submit, or record the posting."""
    code = case.session.code
    if stands_paper(case, PaperKind.NOTICE) == "approved":
        return [act("Đã đăng thông báo trên Cổng", f"{code} {_POST}")]
    return [act("Trình thông báo", f"Trình thông báo {code}")]


def script_acts(case: SessionCase) -> list[dict[str, str]]:
    """Submit the script; nothing while it waits for the Head."""
    ready = case.session.status is SessionStatus.ANNOUNCED and stands_paper(case, PaperKind.SCRIPT) != "shown"
    return [act("Trình kịch bản", f"Trình kịch bản {case.session.code}")] if ready else []


def after_acts(case: SessionCase) -> list[dict[str, str]]:
    """The next acts when the session is over: outcomes, the record, the link, closing."""
    code = case.session.code
    if any(is_unmarked(one) for one in case.questions):
        return [act("Tất cả đã trả lời tại phiên", f"{code} tất cả đã trả lời tại phiên")]
    approved = [one.code for one in case.questions if one.status is QuestionStatus.APPROVED and not one.link]
    acts = [act(f"{one}: đã đăng trên Cổng", f"{one} {_POST}") for one in approved[:MOST_POSTED]]
    standing = stands_paper(case, PaperKind.RECORD)
    if standing in {"", "returned"}:
        acts.append(act("Trình nội dung phiên", f"Trình nội dung phiên {code}"))
    if standing == "approved":
        acts.append(act("Đã đăng bài và bản ghi", f"{code} {_POST}"))
    return [*acts, *([act("Đóng phiên", f"Đóng phiên {code}")] if case.session.status is SessionStatus.HELD else [])]
