"""Enters a question into the register (8.2). It is forwarded at once, or waits for an officer, missing data or the
end of a session, or is rejected if the profile needs no officer for that. Also the wish to keep it off the portal,
what is read of a rejection, and who owes an answer that is taken back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from rules.decide.base.actions import (
    NEW,
    Action,
    AmendQuestion,
    Finish,
    Forward,
    OpenDuty,
    Register,
    Send,
    SetQuestion,
)
from rules.decide.base.fact_parts import PublishingFacts, WaitingAnswer
from rules.decide.base.facts import SPARED, BoardFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import (
    NewAssignment,
    answer_due,
    assign,
    attachment_refs,
    live_question,
    newest_leads,
    session_for,
    with_session,
)
from rules.decide.base.manual_work import MISSING, missing_key, open_review, review_key, review_mails
from rules.decide.base.notices import (
    acknowledge,
    citizen,
    forwarded_to,
    thread,
    to_people,
    unit_name,
    unit_names,
)
from rules.decide.base.publication import CLAUSE, UNPOSTED, answered_in, taken_off
from rules.law.session_rules import SessionFacts
from rules.law.working_days import due_instant, short_date
from rules.reply.unit_names import unit_names as names_of
from rules.requester.secrecy import stays_unknown
from rules.text import squash
from rules.understand.citizen_requests import data_request, plain_words
from rules.understand.citizen_sound import asks_not_to_be_named
from rules.values.model import Fate, Item, Notice
from rules.values.states import AssignmentStatus, Folder, MailStatus, QuestionStatus


def wanted_items(facts: MailFacts) -> tuple[Item, ...]:
    """The items of the question with their lead units; several items for one unit are sent together.

    A single item for the first lead if the profile counts a mail as one question.
    """
    path = facts.understanding.route
    if not path.items or facts.board.law.profile.options.questions_in_one_mail == "one_item":
        return (Item(1, facts.understanding.text.own, path.lead),)
    together: dict[str, Item] = {}
    for item in path.items:
        unit = item.unit or path.lead
        before = together.get(unit)
        text = f"{before.text}\n\n{item.text}" if before else item.text
        together[unit] = Item(before.number if before else item.number, text, unit)
    return tuple(together.values())


def registration(facts: MailFacts, status: QuestionStatus, session: int | None = None) -> Register:
    """The register's row; time received is the server's INTERNALDATE (RFC 3501 §2.3.3), not the fetch."""
    read = facts.understanding
    return Register(
        asker=read.asker,
        email=facts.reply_address,
        subject=facts.mail.subject,
        content=read.text.own,
        kind=read.kind,
        received_at=facts.received_at,
        status=status,
        message_id=facts.mail.message_id,
        field=read.route.field,
        clause=read.clause,
        guess=read.route.candidates[:3],
        raw_mail=facts.raw_mail,
        session=session,
        name_consent=False if asks_not_to_be_named(read.text.own, facts.board.source) else None,
        notes="\n".join(_noted(facts)),
    )


def _noted(facts: MailFacts) -> Iterator[str]:
    if _wants_it_unposted(facts):
        yield _note_unposted(facts)
    if facts.mail.sender.email and not facts.reply_address:
        yield SPARED


_SENTENCE_ENDS = re.compile(r"[.!?;\n]+")


def _wants_it_unposted(facts: MailFacts) -> bool:
    """True for a letter that besides its question wishes that it be not posted (8.3)."""
    source = facts.board.source
    said = (plain_words(one, source) for one in _SENTENCE_ENDS.split(facts.understanding.text.own))
    return any(data_request(one, source, posting=True) for one in said)


def _note_unposted(facts: MailFacts) -> str:
    """What the register keeps of such a wish; an order that posts is then asked back."""
    return f"{UNPOSTED} ({short_date(facts.board.law.today(facts.received_at))})"


def register_and_forward(
    facts: MailFacts, now: datetime, items: Sequence[Item], named: Sequence[str] | None = None
) -> tuple[Action, ...]:
    """Register a sure question and assign it to units in one decision, for a session if one takes it.

    ``named`` are the supporting units that an officer chose; None = those that the program guessed.
    """
    units = tuple(dict.fromkeys(item.unit for item in items))
    session = session_for(facts, units, now)
    due = answer_due(facts.board.law, session, now, facts.received_at)
    handover = NewAssignment(NEW, facts.raw_mail, due, now, guessed=False)
    lead_only = facts.board.law.profile.options.fields_in_one_question == "lead_only"
    guessed = () if lead_only else facts.understanding.route.supporting
    supporting = guessed if named is None else tuple(named)
    unknown = stays_unknown(facts.understanding.text.own, facts.board.source)
    values = {**forwarded_to(facts.board, units, due), "hidden": unknown}
    row = registration(facts, QuestionStatus.FORWARDED, session.id if session else None)
    return (
        row,
        *assign(facts.board, handover, items, supporting, attachment_refs(facts.mail, facts.raw_mail)),
        *acknowledge(facts, with_session(values, facts.board.law, session), under_review=False),
        *_not_named_there(facts, session, row),
        *_unknown_there(facts, units),
        *live_question(facts.board, session, facts.raw_mail, row, now),
        _registered(facts, MailStatus.DONE, Folder.REGISTERED, "Đã đăng ký và chuyển đơn vị trả lời"),
    )


def _not_named_there(facts: MailFacts, session: SessionFacts | None, row: Register) -> tuple[Action, ...]:
    """Tell the officers of a letter that wants its writer unnamed: the unit has his name and speaks there (11.4)."""
    if session is None or row.name_consent is not False:
        return ()
    text = "{code} nhắc đơn vị: người hỏi không muốn nêu họ tên tại phiên đối thoại"
    values: dict[str, object] = {
        "what": f"Người hỏi không muốn nêu họ tên, câu hỏi mới của phiên {session.code}",
        "details": [
            "Giấy tờ của phiên chỉ ghi chữ viết tắt; đơn vị trả lời có họ tên",
            "Xin nhắc người chủ trì và người trả lời không nêu họ tên khi trả lời tại phiên",
        ],
        "commands": [{"label": "Nhắn đơn vị", "text": text}],
    }
    key = f"unnamed:{facts.raw_mail}"
    return to_people("officer_alert", facts.board.officers, "11.4", values, key=key, question=NEW)


def _unknown_there(facts: MailFacts, units: Sequence[str]) -> tuple[Action, ...]:
    """Tell the officers of a letter whose writer wants to stay unknown: the units have his data (11.4)."""
    own = facts.understanding.text.own
    if not stays_unknown(own, facts.board.source):
        return ()
    names = ", ".join(unit_name(facts.board, unit) for unit in units)
    values: dict[str, object] = {
        "what": "Người hỏi đề nghị giữ kín họ tên, thông tin về mình, câu hỏi mới đã chuyển đơn vị",
        "details": [f"Đã có thông tin của người hỏi: {names}", own[:1000]],
        "commands": [
            {"label": "Nhắn đơn vị giữ kín", "text": "{code} nhắc đơn vị: người hỏi đề nghị giữ kín họ tên"}
        ],
    }
    key = f"hidden:{facts.raw_mail}"
    return to_people("officer_alert", facts.board.officers, "11.4", values, key=key, question=NEW)


def register_for_review(facts: MailFacts, now: datetime, why: str) -> tuple[Action, ...]:
    """Register a question for an officer to decide; the citizen already gets its number."""
    lead = facts.understanding.route.lead
    session = session_for(facts, (lead,) if lead else (), now)
    return (
        registration(facts, QuestionStatus.NEEDS_REVIEW, session.id if session else None),
        open_review(facts, now, NEW, _late_hours(facts, session, now)),
        *acknowledge(facts, None, under_review=True),
        *review_mails(facts, why, NEW),
        _registered(facts, MailStatus.HELD, Folder.HELD, why),
    )


def _late_hours(facts: MailFacts, session: SessionFacts | None, now: datetime) -> int:
    """Working hours within which a session's question is looked at after S-7, by the profile; 0 = as for all."""
    law = facts.board.law
    if session is None or now < due_instant(session.due("questions_forwarded", law.profile, law.calendar).on):
        return 0
    return law.profile.options.late_question_hours


def register_and_reject(facts: MailFacts, reason: str) -> tuple[Action, ...]:
    """Clause 10.1.h where the profile requires no officer: register, and tell the requester the reason at once."""
    clause, why = "10.1.h", "Ngoài phạm vi của thành phố, từ chối không cần cán bộ xác nhận"
    values = {"outcome": reason, "clause": clause}
    asker, email = facts.understanding.asker, facts.reply_address
    said = {"clause": clause, "reason": reason, "where_to_turn": ""}
    told = Notice(
        "citizen_rejected",
        citizen(asker, email),
        clause,
        f"citizen_rejected:{facts.raw_mail}",
        said,
        in_reply_to=facts.mail.message_id,
        references=thread(facts),
    )
    return (
        registration(facts, QuestionStatus.RECEIVED),
        *acknowledge(facts, None, under_review=False),
        SetQuestion(NEW, (QuestionStatus.RECEIVED,), QuestionStatus.REJECTED, values, "rejected", clause, why),
        Send(told, NEW),
        _registered(facts, MailStatus.DONE, Folder.OTHER, why),
    )


def rejection_values(board: BoardFacts, question: QuestionFacts, clause: str, reason: str) -> dict[str, object]:
    """What the requester of a registered question reads of its rejection: what units have answered stays so."""
    given = (
        assignment.unit for assignment in newest_leads(question) if assignment.status is AssignmentStatus.ANSWERED
    )
    answered = unit_names(board, tuple(dict.fromkeys(given)))
    return {"clause": clause, "reason": reason, "in_session": question.session_id is not None, "answered": answered}


def register_and_ask(facts: MailFacts, now: datetime) -> tuple[Action, ...]:
    """Clause 21.1 where the profile drops incomplete questions: register, ask once for the data, and wait."""
    law = facts.board.law
    due = law.dropped_on(now)
    wait = OpenDuty(missing_key(facts.raw_mail), MISSING, "21.1", due, due_instant(due.on), due_instant(due.on), NEW)
    return (
        registration(facts, QuestionStatus.RECEIVED),
        wait,
        *acknowledge(facts, None, under_review=False, until=due.on),
        _registered(facts, MailStatus.DONE, Folder.REGISTERED, "Đã đăng ký, chờ bổ sung thông tin"),
    )


def register_until_the_end(facts: MailFacts, session: SessionFacts, now: datetime) -> tuple[Action, ...]:
    """Clause 10.1.g where the profile forwards after the session: outcome g is recorded then, at the latest S+3."""
    law = facts.board.law
    due = session.due("forward_elsewhere", law.profile, law.calendar)
    at = due_instant(due.on)
    looked = law.chase_event(due, law.first_stage(due, now)).at
    return (
        registration(facts, QuestionStatus.RECEIVED, session.id),
        OpenDuty(review_key(facts.raw_mail), "review", "10.1.g", due, at, min(looked, at), NEW),
        *acknowledge(facts, None, under_review=False),
        _registered(facts, MailStatus.DONE, Folder.REGISTERED, f"Đã đăng ký, chuyển sau phiên {session.code}"),
    )


def _registered(facts: MailFacts, status: MailStatus, folder: Folder, why: str) -> Finish:
    read = facts.understanding
    return Finish(status, Fate.REGISTER, read.kind, folder, why, question=NEW, trace=read.trace)


def not_to_be_posted(facts: MailFacts, question: QuestionFacts) -> tuple[tuple[Action, ...], str]:
    """The requester does not want it posted: what waits for the Head or for posting is taken back, an earlier
    consent to the name's being shown (11.4) too; the Head is told.

    Also returns what officers read (8.3). They have to take down a page that is there already.
    """
    page, board = facts.publishing.get(question.id, PublishingFacts()), facts.board
    noted: dict[str, object] = {"notes": "\n".join(filter(None, (question.notes, _note_unposted(facts))))}
    unnamed: dict[str, object] = {"name_consent": False} if question.name_consent else {}
    kept = AmendQuestion(question.id, noted | unnamed, "noted", UNPOSTED)
    if page.published or question.status is QuestionStatus.PUBLISHED:
        return (kept,), "Bài đã có trên Cổng; muốn gỡ, xin dùng lệnh soạn sẵn"
    off = taken_off(question, page, UNPOSTED)
    again = f"vẫn đăng thì xin ghi “{question.code} vẫn trình đăng”"
    if not off:
        return (kept,), f"Câu hỏi chưa trình đăng; {again}"
    values: Mapping[str, object] = {
        "what": f"{UNPOSTED}: câu hỏi {question.code}",
        "details": [
            "Việc trình duyệt, đăng câu hỏi này đã dừng; Ông/Bà không phải duyệt văn bản đã trình",
            facts.understanding.text.own[:1000],
        ],
        "commands": (),
    }
    key = f"unposted:{facts.raw_mail}"
    notices = to_people("officer_alert", [board.head], CLAUSE, values, key=key, question=question.id)
    return (kept, *off, *notices), f"Việc trình duyệt, đăng câu hỏi này đã dừng, Trưởng Ban được báo; {again}"


def who_owes(
    board: BoardFacts, question: QuestionFacts, back: Sequence[WaitingAnswer]
) -> tuple[list[str], list[dict[str, str]]]:
    """For officers, when an answer is taken back for which they had let go the unit asked after its own: who owes it
    by now, and the orders that give it to the other one again."""
    ids = answered_in(back)
    given = [assignment for assignment in question.assignments if assignment.id in ids]
    rounds = {assignment.item: assignment.round for assignment in given}
    lost = (one for one in question.assignments if one.role == "lead" and one.status is AssignmentStatus.REPLACED)
    units = dict.fromkeys(
        assignment.unit for assignment in lost if assignment.round > rounds.get(assignment.item, assignment.round)
    )
    if not units:
        return [], []
    names = {one: unit_name(board, one) for one in units}
    acts = [{"label": f"Chuyển {name}", "text": f"{question.code} chuyển {one}"} for one, name in names.items()]
    owes, lost_by = unit_name(board, given[0].unit), ", ".join(names.values())
    ways = ", ".join(f"“{one['text']}”" for one in acts)
    text = f"nay chờ {owes} trả lời, {lost_by} đã được báo không phải trả lời; muốn giao lại, xin ghi {ways}"
    return [text], acts


_JOINED = re.compile(r"\s*(?:,|và|va|cùng|cung|cùng với|&)\s*(?:cả )?")
"""What stands between two units that are asked together."""


def named_beside(facts: MailFacts, decided: tuple[Action, ...]) -> tuple[Action, ...]:
    """Tell the officers of a unit that a new question names beside the one that it goes to ("hỏi Sở Xây dựng và Sở Y
    tế"), with the order that lets it support."""
    given = {one.unit for one in decided if isinstance(one, Forward)}
    if not given or facts.person is not None or not any(isinstance(action, Register) for action in decided):
        return ()
    board, text = facts.board, squash(facts.understanding.text.own)
    names, today = names_of(board.units, board.source), board.law.today(facts.received_at)
    others: dict[str, None] = {}
    for left, right in pairwise(names.find(text, bare=text.isascii())):
        if _JOINED.fullmatch(text[left.end : right.start]):
            for mention, other in ((left, right), (right, left)):
                if given.intersection(mention.codes) and not given.intersection(other.codes):
                    others[names.resolve(other.codes, today)] = None
    codes = [one for one in others if one in board.contacts]
    if not codes:
        return ()
    missed, has = (", ".join(unit_name(board, one) for one in some) for some in (codes, sorted(given)))
    values = {
        "what": f"Người hỏi nêu cả {missed}; câu hỏi mới chỉ chuyển đến {has}",
        "details": [facts.understanding.text.own[:1500]],
        "commands": [
            {"label": f"Thêm {unit_name(board, one)} phối hợp", "text": f"thêm {one} phối hợp"} for one in codes
        ],
    }
    key = f"beside:{facts.raw_mail}"
    return to_people("officer_alert", board.officers, "10.1.c", values, key=key, question=NEW)
