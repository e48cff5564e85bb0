"""The notices that the decisions send, each built in one place with its key and clause.

A key begins with the notice's name and goes on with the case, so that each notice of a case is sent to each
recipient only once (``outbox.key`` is unique). Two notices need extra logic: the first one to a citizen, which is
rate-limited, and the note to a unit about what was done with its mail.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from rules.decide.base.actions import NEW, Action, Note, Send
from rules.decide.base.facts import AssignmentFacts, BoardFacts, MailFacts, Person, QuestionFacts, UnitContact
from rules.law.deadlines import ReminderKind
from rules.message.attachment_policy import lost_files
from rules.understand.citizen_sound import attends_session
from rules.understand.danger import Danger, danger_in
from rules.values.model import AttachmentRef, CountedDate, Notice, Recipient, Requester
from rules.values.states import QuestionStatus

NOT_UNDERSTOOD = ":not-understood"
"""Part of the key of a reply to a mail that holds no command; such replies are rate-limited."""

NO_SUBJECT = "(không có tiêu đề)"
"""Shown in lists for a mail or question with an empty subject."""

ABOUT_ITS_MAIL = frozenset({"unit_told"})
"""Notices to a unit about a mail it sent."""


STATUS_NAMES: Mapping[QuestionStatus, str] = {
    QuestionStatus.RECEIVED: "đã tiếp nhận",
    QuestionStatus.NEEDS_REVIEW: "đang chờ cán bộ xem xét",
    QuestionStatus.REJECTED: "đã từ chối",
    QuestionStatus.FORWARDED: "đã chuyển đơn vị trả lời",
    QuestionStatus.ANSWERED: "đã trả lời",
    QuestionStatus.APPROVED: "câu trả lời đã được phê duyệt",
    QuestionStatus.PUBLISHED: "đã đăng tải",
    QuestionStatus.CLOSED: "đã kết thúc",
}


def citizen(asker: Requester, email: str) -> Recipient:
    """The requester as a recipient, at the address that the question came from."""
    return Recipient(email, asker.name, "citizen")


def person_recipient(person: Person) -> Recipient:
    """A person of the Board, or an approver, as a recipient."""
    return Recipient(person.email, person.name, person.role)


def to_citizen(
    name: str,
    question: QuestionFacts,
    clause: str,
    values: Mapping[str, object],
    *,
    key: str,
    attachments: tuple[AttachmentRef, ...] = (),
) -> Send:
    """A notice about a registered question, threaded to the citizen's own mail."""
    notice = Notice(
        name=name,
        recipient=citizen(question.asker, question.mailbox),
        clause=clause,
        key=f"{name}:{question.id}:{key}",
        values=values,
        in_reply_to=question.message_id,
        references=(question.message_id,) if question.message_id else (),
        attachments=attachments,
    )
    return Send(notice, question.id)


def told(question: QuestionFacts) -> str:
    """Says that the requester was notified, if by mail; else that somebody must do it, and how to record it."""
    return " và báo người hỏi" if by_mail(question) else f"; {not_told(question)}"


def by_mail(question: QuestionFacts) -> bool:
    """True when the requester has a mail address, and wants mails there."""
    return "@" in question.mailbox


def not_told(question: QuestionFacts) -> str:
    """Says that an officer must tell the requester, who has no mail address, and how to record it."""
    phone = f", điện thoại {question.asker.phone}" if question.asker.phone else ""
    return (
        f"người hỏi không nhận thư điện tử nên chưa được báo{phone}; nội dung cần báo ở thư “Cần báo người hỏi”. "
        f"Sau khi báo, xin ghi “{question.code} đã báo người hỏi qua điện thoại ngày …” (hoặc qua thư, trực tiếp)"
    )


def unit_recipient(contact: UnitContact, board: BoardFacts) -> Recipient:
    """A unit at its official address (10.1.e)."""
    return Recipient(contact.address, board.units[contact.code].name, "unit")


@dataclass(frozen=True, slots=True)
class AboutCase:
    """The question and the assignment (its id, or item, unit and round of a new one) that a mail is about."""

    question: int
    assignment: tuple[int, str, int] | int


def to_unit(
    name: str,
    board: BoardFacts,
    unit: str,
    clause: str,
    values: Mapping[str, object],
    *,
    key: str,
    case: AboutCase,
    attachments: tuple[AttachmentRef, ...] = (),
) -> Send:
    """A notice about one of a unit's assignments, to the unit's official address."""
    recipient = unit_recipient(board.contacts[unit], board)
    notice = Notice(name, recipient, clause, f"{name}:{key}", values, attachments=attachments)
    return Send(notice, case.question, case.assignment)


def unit_told(
    facts: MailFacts,
    question: QuestionFacts,
    assignment: AssignmentFacts,
    clause: str,
    kind: str,
    due: date | None = None,
    files: tuple[AttachmentRef, ...] = (),
    **values: object,
) -> tuple[Action, ...]:
    """Tells a unit what became of its mail or question (``kind``); () if its address is not known."""
    if assignment.unit not in facts.board.contacts:
        return ()
    shown = {"kind": kind, "due": due or assignment.due.on, "commands": (), **values}
    key = f"{of_words(facts.raw_mail, str(values.get('wish', '')))}:{question.id}:{assignment.id}:{kind}"
    case = AboutCase(question.id, assignment.id)
    return (to_unit("unit_told", facts.board, assignment.unit, clause, shown, key=key, case=case, attachments=files),)


def units_lose(
    facts: MailFacts,
    question: QuestionFacts,
    owed: Sequence[AssignmentFacts],
    kind: str,
    other_unit: str = "",
    **more: Any,
) -> tuple[Action, ...]:
    """Tell the units that owed an answer (``owed``) that the question was moved on or refused (10.1.c)."""
    told_each = (
        unit_told(facts, question, assignment, "10.1.c", kind, other_unit=other_unit, **more) for assignment in owed
    )
    return tuple(action for actions in told_each for action in actions)


def of_words(raw_mail: int, words: str) -> str:
    """A key made of an order's own words, so that two such orders in one mail are both sent."""
    return f"{raw_mail}:{sha256(words.encode()).hexdigest()[:8]}"


def promised(assignment: AssignmentFacts) -> date | None:
    """The day last told to the requester of a late answer; more time granted since replaces it."""
    until = assignment.told_until
    return until if until is not None and until > assignment.due.on else None


def reminder(
    what: ReminderKind,
    board: BoardFacts,
    question: QuestionFacts | None,
    assignment: AssignmentFacts,
    now: datetime,
    *,
    key: str,
    remark: str = "",
) -> Send:
    """A reminder to the unit that owes an answer, by the step that has come up; ``remark``: an officer's words."""
    days = abs((assignment.due.on - board.law.today(now)).days)  # calendar days, as in every other mail
    listed = {"code": question.code, "subject": question.subject, "text": assignment.item_text} if question else {}
    values = {
        "unit": {"code": assignment.unit, "name": unit_name(board, assignment.unit)},
        "due": assignment.due,
        "days": days,
        "questions": [{**listed, "due": assignment.due}] if listed else [],
        "remark": remark,
        "until": promised(assignment),
        "letter": assignment.letter_at,
    }
    case = AboutCase(assignment.question_id, assignment.id)
    return to_unit(what.value, board, assignment.unit, assignment.due.clause, values, key=key, case=case)


def to_people(
    name: str,
    people: Iterable[Person],
    clause: str,
    values: Mapping[str, object],
    *,
    key: str,
    question: int | None = None,
    attachments: tuple[AttachmentRef, ...] = (),
    about: int = 0,
) -> tuple[Send, ...]:
    """The same notice to several people on the list, one mail each; ``about``: see :class:`Send`."""
    return tuple(
        Send(
            Notice(
                name,
                person_recipient(person),
                clause,
                f"{name}:{key}:{person.email.lower()}",
                values,
                attachments=attachments,
            ),
            question,
            about=about,
        )
        for person in people
    )


def unit_names(board: BoardFacts, codes: Sequence[str]) -> list[dict[str, str]]:
    """Units in the form the templates use."""
    return [{"code": code, "name": unit_name(board, code)} for code in codes]


def unit_name(board: BoardFacts, code: str) -> str:
    """A unit's name without the bracketed remark in the data file."""
    unit = board.units.get(code)
    return unit.name.partition(" (")[0] if unit else code


def forwarded_to(board: BoardFacts, units: Sequence[str], due: CountedDate) -> dict[str, object]:
    """The part of a citizen's notice that says who answers and by when (10.1.g: told at once)."""
    return {"units": unit_names(board, units), "due": due}


def forward_values(
    board: BoardFacts,
    unit: str,
    role: str,
    lead: str,
    items: list[dict[str, object]],
    due: CountedDate,
    guessed: bool,
) -> dict[str, object]:
    """Variables of ``unit_forward``; the reply commands are added where the signed tag is made."""
    return {
        "unit": {"code": unit, "name": unit_name(board, unit)},
        "role": role,
        "lead_unit": unit_name(board, lead),
        "items": items,
        "due": due,
        "missing": (),
        "guessed": guessed,
    }


def open_units(assignments: Iterable[AssignmentFacts]) -> tuple[str, ...]:
    """The units that still owe an answer, each once."""
    return tuple(dict.fromkeys(assignment.unit for assignment in assignments if assignment.is_open))


# An address that nobody has verified may be a victim's, so it gets only this many acknowledgements a day.
UNVERIFIED_A_DAY = 3


def acknowledge(
    facts: MailFacts, forwarded: dict[str, object] | None, *, under_review: bool, until: date | None = None
) -> tuple[Action, ...]:
    """The first notice to the citizen: number, what is missing (21.1) and until when, to whom and by when.

    Limited per address and per hour, since From may be a victim's address; registration is never limited.
    """
    email, board = facts.reply_address, facts.board
    if "@" not in facts.mail.sender.email and facts.raw_mail > 0 and not facts.mail.form:
        return (Note("not_acknowledged", "Thư không có địa chỉ người gửi đọc được", "8.2", NEW),)
    today, allowed = facts.acknowledged_today, board.acknowledgements_per_address_day
    if today >= min(allowed, UNVERIFIED_A_DAY) and (today >= allowed or not facts.authenticated):
        return (Note("not_acknowledged", "Quá số thư báo nhận mỗi ngày cho một địa chỉ", "8.2", NEW),)
    if facts.acknowledged_last_hour >= board.acknowledgements_per_hour:
        return (Note("not_acknowledged", "Quá số thư báo nhận mỗi giờ của cả hệ thống", "8.2", NEW),)
    danger = danger_in(facts.understanding.text.own, board.source)
    notice = Notice(
        "citizen_received",
        citizen(facts.understanding.asker, email),
        "8.2",
        f"citizen_received:{facts.raw_mail}",
        {
            "missing": () if danger is Danger.PERSON else facts.understanding.asker.missing,
            "forwarded": forwarded,
            "under_review": under_review,
            "until": until,
            "first_mail": True,
            "danger": danger.value,
            "attends": attends_session(facts.understanding.text.own, board.source),
            "lost_files": lost_files(facts.mail, facts.understanding.text.own, board.source).value,
        },
        in_reply_to=facts.mail.message_id,
        references=thread(facts),
    )
    return (Send(notice, NEW),)


def thread(facts: MailFacts) -> tuple[str, ...]:
    """References of an answer to this mail (RFC 5322 §3.6.4): its own references and its id."""
    own = (facts.mail.message_id,) if facts.mail.message_id else ()
    return (*facts.mail.references[-10:], *own)


CONFIRM = {"label": "Đây là câu trả lời", "text": "Trả lời"}
RECALL = {"label": "Thu hồi thư này", "text": "Thu hồi"}
ASK = {"label": "Hỏi người gửi", "text": "Hỏi người gửi: "}


def notify_unit(
    facts: MailFacts,
    question: QuestionFacts,
    assignment: AssignmentFacts,
    kind: str,
    commands: Sequence[Mapping[str, str]] = (),
    **values: object,
) -> tuple[Action, ...]:
    """One short mail to the unit about the mail it sent; ``kind`` is one that the template knows.

    () for a unit without an address.
    """
    unit = assignment.unit if assignment.unit in facts.board.contacts else facts.sender_unit
    if unit not in facts.board.contacts:
        return ()
    shown = {"kind": kind, "due": assignment.due.on, "commands": list(commands), **values}
    case = AboutCase(question.id, assignment.id)
    key = f"{facts.raw_mail}:{question.id}"
    return (to_unit("unit_told", facts.board, unit, "10.1.d", shown, key=key, case=case),)


def taken_for_receipt(facts: MailFacts, question: QuestionFacts, assignment: AssignmentFacts) -> tuple[Action, ...]:
    """Tell the unit once that its mail was read as "đã nhận"; an acknowledgement of that notice gets no other."""
    if any(sent.name == "unit_told" for sent in facts.threads[:1]):
        return ()
    return notify_unit(facts, question, assignment, "receipt", [CONFIRM])
