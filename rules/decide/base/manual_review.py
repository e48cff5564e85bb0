"""Holding a mail for an officer: the program's guess, its reasons, and the commands that decide it.

A command without proof is held; the person it claims to come from is notified at the listed address how to confirm.

The notice repeats nothing of the mail: a forger may have written it, and his words would go out under our name.
"""

from __future__ import annotations

from datetime import datetime

from rules.decide.base.actions import Action, Finish, OpenDuty, Send
from rules.decide.base.facts import BoardFacts, HeldMailFacts, MailFacts, QuestionFacts
from rules.decide.base.forwarding import attachment_refs
from rules.decide.base.notices import person_recipient, to_people, unit_name, unit_recipient
from rules.law.working_days import city_moment
from rules.message.attachment_policy import shown_scans
from rules.values.model import Attachment, Fate, FileSignature, Kind, Notice
from rules.values.states import Folder, MailStatus

KIND_NAMES = {
    Kind.QUESTION: "câu hỏi, kiến nghị",
    Kind.COMPLAINT: "đơn khiếu nại",
    Kind.DENUNCIATION: "đơn tố cáo",
    Kind.OUT_OF_SCOPE: "nội dung ngoài phạm vi của thành phố",
    Kind.SPAM: "thư rác, quảng cáo",
    Kind.REPLY: "thư trả lời của đơn vị",
    Kind.FOLLOW_UP: "thư bổ sung của người hỏi",
    Kind.COMMAND: "lệnh xử lý",
    Kind.NOT_A_QUESTION: "thư không chứa câu hỏi",
    Kind.UNREADABLE: "thư hỏng, không đọc được",
    Kind.AUTO_REPLY: "thư trả lời tự động",
    Kind.BOUNCE: "thư báo không gửi được",
}

SHOWN_CHARACTERS = 3000


def hold(facts: MailFacts, now: datetime, why: str, folder: Folder = Folder.HELD) -> tuple[Action, ...]:
    """Hold the mail for an officer: status held, a duty, and a mail to every officer."""
    finish = Finish(
        MailStatus.HELD, Fate.HOLD, facts.understanding.kind, folder, why, trace=facts.understanding.trace
    )
    return (open_review(facts, now), *review_mails(facts, why), finish)


def hold_unit_mail(
    facts: MailFacts, now: datetime, why: str, question: QuestionFacts, unit: str
) -> tuple[Action, ...]:
    """Hold a unit's mail about a question; the officer gets the commands that fit it and no guess of a unit."""
    values = {**review_values(facts, why), "guess": (), "commands": unit_mail_acts(question.code)}
    values["unit_mail"] = unit_name(facts.board, unit)
    files = attachment_refs(facts.mail, facts.raw_mail, shown_scans(facts.mail))
    people = facts.board.officers
    key = str(facts.raw_mail)
    mails = to_people("officer_review", people, "8.2", values, key=key, question=question.id, attachments=files)
    trace = facts.understanding.trace
    finish = Finish(MailStatus.HELD, Fate.HOLD, facts.understanding.kind, Folder.HELD, why, trace=trace)
    return (open_review(facts, now), *mails, finish)


def unit_mail_acts(code: str) -> list[dict[str, str]]:
    """The commands that an officer may give about a unit's mail, ready to send."""
    acts = (
        ("Là câu trả lời, gửi người hỏi", "là câu trả lời"),
        ("Báo đã nhận", "báo đã nhận"),
        ("Gia hạn đến ngày …", "đồng ý gia hạn đến "),
        ("Không thuộc thẩm quyền", "không thuộc thẩm quyền"),
        ("Nhờ đơn vị viết lại", "nhờ đơn vị viết lại: "),
        ("Chuyển cho người hỏi", "chuyển cho người hỏi: "),
    )
    return [{"label": label, "text": f"{code} {said}"} for label, said in acts]


def is_units(board: BoardFacts, held: HeldMailFacts) -> bool:
    """True for a held mail that a department wrote."""
    sender = held.mail.sender.email.lower()
    contacts = board.contacts.values()
    known = {one.lower() for each in contacts for one in (each.address, *each.others)}
    domains = {one.lower() for each in contacts for one in each.domains}
    return sender in known or sender.rpartition("@")[2] in domains


def review_key(raw_mail: int) -> str:
    """The key of the duty under which a held mail waits."""
    return f"review:{raw_mail}"


MISSING = "missing"
"""The kind of duty under which a question waits for the data of 21.1, if the profile drops it without them."""


def missing_key(raw_mail: int) -> str:
    """The key of that duty."""
    return f"{MISSING}:{raw_mail}"


def open_review(facts: MailFacts, now: datetime, question: int | None = None, hours: int = 0) -> OpenDuty:
    """ "Ngay": an officer should look within a few working hours, and within one working day at the latest.

    ``hours`` sets how many working hours; 0 = as the profile says.
    """
    review = facts.board.law.review_due(now, hours)
    return OpenDuty(
        key=review_key(facts.raw_mail),
        kind="review",
        clause=facts.understanding.clause or "8.2",
        due=review.due,
        due_at=review.due_at,
        next_at=review.alarm_at,
        question=question,
    )


def review_mails(facts: MailFacts, why: str, question: int | None = None, again: str = "") -> tuple[Send, ...]:
    """One mail to each officer: the guess, its reasons, scan results, and the commands that decide the mail.

    A complaint goes, in full, only to the officer named for such mail.
    """
    values = review_values(facts, why)
    board = facts.board
    people = (board.named_officer,) if facts.understanding.kind is Kind.COMPLAINT else board.officers
    files = attachment_refs(facts.mail, facts.raw_mail, shown_scans(facts.mail))
    return to_people(
        "officer_review", people, "8.2", values, key=f"{facts.raw_mail}{again}", question=question, attachments=files
    )


def review_values(facts: MailFacts, why: str) -> dict[str, object]:
    """The variables of ``officer_review``."""
    mail = facts.mail
    return {
        "why": why,
        "kind_name": _kind_name(facts),
        "guess": guesses(facts, facts.board),
        "files": [_file(one) for one in mail.attachments],
        "mail": {
            "from_name": mail.sender.name,
            "from_email": mail.sender.email,
            "subject": mail.subject,
            "received_at": facts.received_at,
            "text": facts.understanding.text.own[:SHOWN_CHARACTERS],
        },
    }


def _kind_name(facts: MailFacts) -> str:
    """The name of the mail's kind; an asker's reply to one of our mails is not called a unit's reply."""
    asker = not facts.sender_unit and any(sent.role == "citizen" for sent in facts.threads)
    kind = facts.understanding.kind
    return KIND_NAMES[Kind.FOLLOW_UP if asker and kind is Kind.REPLY else kind]


def _file(one: Attachment) -> str:
    signed = "".join(f"; {signature_words(each)}" for each in one.signatures)
    return f"{one.name or one.type} ({one.type}, {_size(one.size)}){signed}"


def signature_words(one: FileSignature) -> str:
    """A digital signature as an officer reads it: who, when, and what it is worth."""
    when = f", ký {city_moment(one.signed_at)}" if one.signed_at else ""
    doubt = "chưa rõ nơi cấp chứng thư" if one.intact else "tệp đã bị sửa sau khi ký"
    return f"chữ ký số của {one.signer or 'người không rõ tên'}{when}: {'hợp lệ' if one.valid else doubt}"


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 1_000_000 else f"{max(1, count // 1000)} kB"


def guesses(facts: MailFacts, board: BoardFacts) -> list[dict[str, object]]:
    """The most likely units, as shown to an officer."""
    return [
        {
            "unit": one.unit,
            "unit_name": unit_name(board, one.unit),
            "likely": how_likely(one.score),
            "reasons": list(one.reasons),
        }
        for one in facts.understanding.route.candidates[:3]
    ]


def how_likely(score: float) -> str:
    """A score in a clerk's words."""
    if score >= 0.7:
        return "rất có thể"
    return "có thể" if score >= 0.3 else "ít có khả năng"


UNLISTED = "thư đến từ một địa chỉ không có trong danh sách của đơn vị"


def notify_person(facts: MailFacts, what: str) -> tuple[Send, ...]:
    """A notice to the officer or Head whose address is in From; none when that address is not on the list."""
    if facts.person is None:
        return ()
    values = {
        "what": what,
        "reason": f"thư {facts.unproven}",
        "received_at": facts.received_at,
        "mail_number": facts.raw_mail,
    }
    return (Send(Notice("officer_held", person_recipient(facts.person), "", _key(facts), values)),)


def notify_unit(facts: MailFacts, unit: str, question: QuestionFacts | None, reason: str = "") -> tuple[Send, ...]:
    """A notice to the unit's official address (10.1.e), about the question that the mail claims to answer."""
    contact = facts.board.contacts.get(unit)
    if contact is None:
        return ()
    values = {
        "what": f"một thư trả lời câu hỏi {question.code}" if question else "một thư trả lời",
        "reason": reason or f"thư {facts.unproven}",
        "received_at": facts.received_at,
        "mail_number": facts.raw_mail,
        "unit": {"code": unit, "name": unit_name(facts.board, unit)},
    }
    notice = Notice("unit_held", unit_recipient(contact, facts.board), "10.1.e", _key(facts), values)
    return (Send(notice, question.id if question else None),)


def _key(facts: MailFacts) -> str:
    return f"held:{facts.raw_mail}"
