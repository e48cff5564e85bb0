"""Officers run a session by mail: which session a command is about, and which function carries it out.

The decisions are those of the console (``rules.decide.session.sessions``); this module adds what a mail may leave
out, and the wording of replies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from rules.commands.commands import Command, read_commands
from rules.commands.session_line import session_number
from rules.decide.base.actions import Action
from rules.decide.base.command_result import CommandAtHand, Handler, MoreRulings, Outcome
from rules.decide.base.facts import MailFacts, SessionCase
from rules.decide.officer.officer_mail import decide_order, is_order
from rules.decide.session import leaders_decision, order_course, order_papers, session_record
from rules.decide.session.order_texts import day_of, prepared
from rules.decide.session.sessions import READY_FOR
from rules.law.session_rules import BEFORE_HELD, RECEIVING, PaperKind, SessionStatus

RUNS = (*BEFORE_HELD, SessionStatus.HELD)
OVER = (SessionStatus.HELD, SessionStatus.CLOSED)
PROPOSED = (SessionStatus.PROPOSED,)
TOPIC, ISSUED, HELD = (SessionStatus.TOPIC_APPROVED,), (SessionStatus.PLAN_ISSUED,), (SessionStatus.HELD,)
Deciding = Callable[[CommandAtHand, SessionCase], Outcome]

VERBS: Mapping[str, tuple[Deciding, tuple[SessionStatus, ...]]] = {
    "session_amend": (order_papers.amend, (*PROPOSED, *TOPIC, *ISSUED)),
    "session_proposal": (order_papers.proposal, PROPOSED),
    "session_decided": (leaders_decision.decided, PROPOSED),
    "session_not_agreed": (leaders_decision.not_agreed, PROPOSED),
    "session_plan": (order_papers.plan, TOPIC),
    "session_notice": (order_papers.notice, ISSUED),
    "session_script": (order_papers.script, RECEIVING),
    "session_record": (order_papers.record, OVER),
    "session_issued": (order_papers.issued, TOPIC),
    "session_posted": (order_papers.posted, (*ISSUED, *OVER)),
    "session_move": (order_course.move, BEFORE_HELD),
    "session_cancel": (order_course.cancel, BEFORE_HELD),
    "session_cancel_confirmed": (order_course.cancel_confirmed, BEFORE_HELD),
    "session_begin": (order_course.begin, RECEIVING),
    "session_end": (order_course.end, (*RECEIVING, *HELD)),
    "session_close": (order_course.close, HELD),
    "all_answered": (order_course.all_answered, (*HELD, *RECEIVING)),
    "session_take": (order_course.take, (*TOPIC, SessionStatus.PLAN_APPROVED, *ISSUED, *RECEIVING)),
    "session_live": (order_course.live, RECEIVING),
}
"""Each command's function, and the states of a session that fits when none is named."""


def decide_officer_order(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """The commands of an officer's mail, including those about sessions."""
    return decide_order(facts, now, RULINGS)


def papers_ordered(facts: MailFacts) -> list[tuple[SessionCase, PaperKind]]:
    """The papers that a mail asks for, to be drafted before it is decided on."""
    if facts.person is None or not facts.cases or not is_order(facts):
        return []
    said = facts.understanding.text.ordered
    commands = read_commands(said, facts.board.units, source=facts.board.source, unread=True)
    found = []
    for one in commands:
        kind = order_papers.wanted_paper(one)
        case = meant(facts, one, VERBS[one.verb][1])[0] if kind is not None else None
        if kind is not None and case is not None and case.session.status in READY_FOR[kind]:
            found.append((case, kind))
    return found


def _handler(verb: str) -> Handler:
    def handle(order: CommandAtHand) -> Outcome:
        decide, states = VERBS[verb]
        case, why_not = meant(order.facts, order.command, states)
        return decide(order, case) if case is not None else (False, why_not, ())

    return handle


def meant(facts: MailFacts, command: Command, states: Sequence[SessionStatus]) -> tuple[SessionCase | None, str]:
    """The session that the line names, else the mail's subject, else the only one that fits the command."""
    named = command.session or session_number(facts.mail.subject)
    if named:
        found = next((one for one in facts.cases if one.session.code == named), None)
        return found, "" if found else f"Không có phiên số {named}"
    running = [one for one in facts.cases if one.session.status in RUNS]
    fitting = [one for one in facts.cases if one.session.status in states] or running
    if len(fitting) == 1:
        return fitting[0], ""
    if not fitting:
        return None, "Không có phiên đối thoại nào đang chuẩn bị; xin ghi “Đề xuất phiên” để nhận mẫu đề xuất"
    named_all = "; ".join(f"{one.session.code} ({day_of(one.session)})" for one in fitting)
    return None, f"Chưa rõ là phiên nào trong các phiên {named_all}; xin ghi kèm số phiên"


def offers(facts: MailFacts, command: Command) -> list[dict[str, str]]:
    """The same command with the number of each session that it may mean; else the session's next acts."""
    states = VERBS[command.verb][1] if command.verb in VERBS else RUNS
    case, _ = meant(facts, command, states)
    if case is not None:
        return prepared(case)
    fitting = [one for one in facts.cases if one.session.status in states]
    if command.session or not fitting or command.verb not in VERBS:
        return [{"label": "Đề xuất phiên đối thoại", "text": "Đề xuất phiên"}] if not fitting else []
    line = " ".join(command.raw.split())
    return [{"label": f"Phiên {one.session.code}", "text": f"{one.session.code} {line}"} for one in fitting[:3]]


RULINGS = MoreRulings(
    {
        **{verb: _handler(verb) for verb in VERBS},
        "session_propose": order_papers.propose,
        "session_leave": order_course.leave,
        "question_posted": session_record.question_posted,
    },
    offers,
    order_papers.form_for,
)
