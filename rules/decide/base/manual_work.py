"""The work of officers by hand: deciding on a held mail, and telling a requester who has no mail address.

A held mail comes with the program's guess, its reasons, and the commands that decide it. A command whose sender
is not proven is held; the person it claims to come from is told, at the listed address, how to confirm it. The notice
repeats nothing of the mail: a forger may have written it, and his words would go out under our name.

A requester without a mail address (8.1: by phone, by post, in person) is told by a duty of the officers. They get
what the mail would have said, to read out or to post as a letter. Nobody counts as told until an officer has
recorded it ("Đã báo người hỏi …").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from rules.commands.likely_orders import load_hints
from rules.decide.base.actions import Action, Finish, OpenDuty, Send
from rules.decide.base.command_result import NOT_SENT, is_of_unit, unit_mail_acts
from rules.decide.base.facts import BoardFacts, HeldMailFacts, MailFacts, Person, QuestionFacts
from rules.decide.base.forwarding import attachment_refs
from rules.decide.base.notices import person_recipient, to_people, unit_name, unit_recipient
from rules.law.working_days import CITY_ZONE, city_moment, short_date
from rules.message.attachment_policy import shown_scans
from rules.reply.details import with_subject
from rules.routing.unit_scores import LIKE
from rules.values.model import Attachment, Fate, FileSignature, Kind, Notice
from rules.values.states import Folder, MailStatus, Purpose

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


def hold(
    facts: MailFacts, now: datetime, why: str, folder: Folder = Folder.HELD, acts: Sequence[Mapping[str, str]] = ()
) -> tuple[Action, ...]:
    """Hold the mail for an officer: status held, a duty, and a mail to every officer; ``acts``: as in held_fate."""
    finish = held_fate(facts, why, facts.understanding.kind, acts, folder)
    return (open_review(facts, now), *review_mails(facts, why, acts=acts), finish)


def held_fate(
    facts: MailFacts,
    why: str,
    kind: Kind,
    acts: Sequence[Mapping[str, str]] = (),
    folder: Folder = Folder.HELD,
    purpose: Purpose = Purpose.NONE,
    about: int | None = None,
) -> Finish:
    """The fate of a mail that waits for an officer, with the orders that fit it; () = those that fit any letter;
    found by its ``purpose`` and the question it is ``about``."""
    trace, offered = facts.understanding.trace, tuple(acts)
    held = Finish(MailStatus.HELD, Fate.HOLD, kind, folder, why, trace=trace, acts=offered)
    return replace(held, purpose=purpose, about=about)


def hold_unit_mail(
    facts: MailFacts,
    now: datetime,
    why: str,
    question: QuestionFacts | None,
    unit: str,
    acts: Sequence[Mapping[str, str]] = (),
    at_once: Sequence[Mapping[str, str]] = (),
) -> tuple[Action, ...]:
    """Hold a unit's mail; the officer gets the commands that fit it (``acts``, else those about a question) and no
    guess of a unit. Without ``question`` it is not clear what it is about; ``unit`` "": what answers our mail to one
    from elsewhere, or to the office; ``at_once``: commands of use only now."""
    commands = list(acts) or (unit_mail_acts(question.code, why) if question else [])
    values = {**review_values(facts, why), "guess": (), "commands": [*at_once, *commands]}
    values |= {"unit_mail": unit_name(facts.board, unit), "not_sent_said": why.startswith(NOT_SENT)}
    read = facts.understanding
    leaves = with_subject(facts.mail, read.reply, facts.board.source).text.strip() if read.reply else ""
    if leaves not in read.text.own:  # words of a forwarded mail, of a file, of the subject
        values["would_leave"] = leaves[:SHOWN_CHARACTERS]
    files = attachment_refs(facts.mail, facts.raw_mail, shown_scans(facts.mail))
    key, about = str(facts.raw_mail), question.id if question else None
    purpose = Purpose.OF_UNIT if unit else Purpose.UNLISTED
    finish = held_fate(facts, why, read.kind, commands, purpose=purpose, about=about)
    mails = to_people(
        "officer_review", facts.board.officers, "8.2", values, key=key, question=about, attachments=files
    )
    return (open_review(facts, now), *mails, finish)


def is_units(board: BoardFacts, held: HeldMailFacts) -> bool:
    """True for a held mail that a department wrote."""
    return is_units_address(board, held.mail.sender.email)


def is_units_address(board: BoardFacts, email: str) -> bool:
    """True for the address or the domain of a department."""
    return any(is_of_unit(board, one, email) for one in board.contacts)


def own_person(board: BoardFacts, email: str) -> Person | None:
    """Who of our own people has this address: officers, the Head, approvers, the office, a unit's leader."""
    named = (*board.officers, board.head, board.deputy, board.complaints, *board.approvers.values(), board.office)
    leaders = (
        Person(one.leader_name, one.leader_email, "leader") for one in board.contacts.values() if one.leader_email
    )
    people = (person for person in (*named, *leaders) if person is not None)
    return next((person for person in people if person.email.lower() == email.lower()), None)


def review_key(raw_mail: int) -> str:
    """The key of the duty under which a held mail waits."""
    return f"review:{raw_mail}"


REFUSED = "refused:"
"""How the key begins of the duty to decide on a question that a unit returned; the mail's number follows (10.1.g)."""
MISSING = "missing"
"""The kind of duty under which a question waits for the data of 21.1, if the profile drops it without them."""


def missing_key(raw_mail: int) -> str:
    """The key of that duty."""
    return f"{MISSING}:{raw_mail}"


def open_review(
    facts: MailFacts, now: datetime, question: int | None = None, hours: int = 0, since: datetime | None = None
) -> OpenDuty:
    """ "Ngay": an officer should look within ``hours`` working hours (0 = as the profile says), at the latest one
    working day after the receipt, or after ``since``."""
    review = facts.board.law.review_due(now, hours, since or facts.received_at)
    return OpenDuty(
        key=review_key(facts.raw_mail),
        kind="review",
        clause=facts.understanding.clause or "8.2",
        due=review.due,
        due_at=review.due_at,
        next_at=review.alarm_at,
        question=question,
    )


def review_mails(
    facts: MailFacts, why: str, question: int | None = None, again: str = "", acts: Sequence[Mapping[str, str]] = ()
) -> tuple[Send, ...]:
    """One mail to each officer: the guess, its reasons, scan results, and the commands that decide the mail.
    A complaint goes, in full, only to the officer named for such mail."""
    values, board, read = {**review_values(facts, why), "commands": list(acts)}, facts.board, facts.understanding
    if question is not None and facts.person is None and not again:
        values["ends"] = load_hints(board.source).asks_nothing
    people = (board.named_for(facts.mail, read),) if read.kind is Kind.COMPLAINT else board.officers
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
        "decide_by": facts.board.law.review_due(facts.received_at).due.on,
        "guess": guesses(facts, facts.board),
        "files": [_file(file) for file in mail.attachments],
        "between": "\n".join(facts.between)[:SHOWN_CHARACTERS] if facts.sender_unit else "",
        "mail": {
            "from_name": mail.sender.name,
            "from_email": mail.sender.email,
            "subject": mail.subject,
            "received_at": facts.received_at,
            "text": facts.understanding.text.own[:SHOWN_CHARACTERS],
        },
    }


def _kind_name(facts: MailFacts) -> str:
    """The name of the mail's kind; only what a unit's address sent is called a unit's reply."""
    asker = not facts.sender_unit and any(sent.role == "citizen" for sent in facts.threads)
    kind = facts.understanding.kind
    if kind in {Kind.REPLY, Kind.FOLLOW_UP} and not facts.threads and not facts.sender_unit and facts.by_number:
        return "thư nêu số câu hỏi"
    ours = kind is Kind.FOLLOW_UP and any(sent.role == "unit" for sent in facts.threads)
    if (kind is Kind.REPLY or ours) and not facts.sender_unit and not asker:
        return "thư trả lời từ địa chỉ không có trong danh sách"
    return KIND_NAMES[Kind.FOLLOW_UP if asker and kind is Kind.REPLY else kind]


def _file(file: Attachment) -> str:
    signed = "".join(f"; {signature_words(signature)}" for signature in file.signatures)
    return f"{file.name or file.type} ({file.type}, {_size(file.size)}){signed}"


def signature_words(signature: FileSignature) -> str:
    """A digital signature as an officer reads it: who, when, and what it is worth."""
    when = f", ký {city_moment(signature.signed_at)}" if signature.signed_at else ""
    doubt = "chưa rõ nơi cấp chứng thư" if signature.intact else "tệp đã bị sửa sau khi ký"
    return f"chữ ký số của {signature.signer or 'người không rõ tên'}{when}: {'hợp lệ' if signature.valid else doubt}"


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
    return "có thể" if score >= LIKE else "ít có khả năng"


def asked_on(at: datetime) -> str:
    """That an officer's question to the requester is not answered yet, for officers."""
    return f"đã hỏi lại người gửi ngày {short_date(at.astimezone(CITY_ZONE))}, chưa có trả lời"


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


TELL = "tell"
"""The kind of the duty."""
TELL_NOTICE = "officer_tell"
TO_TELL: Mapping[str, str] = {
    "citizen_received": "câu hỏi đã được tiếp nhận",
    "citizen_forwarded": "câu hỏi đã chuyển đến đơn vị",
    "citizen_missing": "thông tin cần bổ sung",
    "citizen_asked": "điều đơn vị hỏi thêm hoặc cho biết",
    "citizen_rejected": "câu hỏi không được tiếp nhận, và lý do",
    "citizen_late": "trả lời chậm, và thời hạn mới",
    "citizen_waiting": "câu hỏi chưa được chuyển đến đơn vị",
    "citizen_answered": "câu trả lời",
    "citizen_corrected": "nội dung đính chính, bổ sung câu trả lời",
    "citizen_session": "kết quả tại phiên đối thoại",
    "citizen_reopened": "câu hỏi được mở lại",
    "citizen_published": "câu trả lời đã đăng",
    "citizen_address": "tình trạng câu hỏi, câu trả lời nếu đã có",
    "citizen_withdrawal": "việc rút câu hỏi",
    "citizen_data_closed": "kết quả yêu cầu về dữ liệu cá nhân",
}
"""What the requester has to be told, by the name of the mail that would have said it."""
RESULTS = frozenset(
    {"citizen_address", "citizen_answered", "citizen_corrected", "citizen_rejected", "citizen_reopened"}
    | {"citizen_session"}
)
"""What tells an asker how the question stands or ended: it is not done before it has reached him."""
OLD_ADDRESS = ":old"  # so ends the key of the word to an address that a question's mails no longer go to
OTHERWISE = "nội dung về câu hỏi"
WAYS = (("Đã gọi điện", "qua điện thoại"), ("Đã gửi thư", "qua thư"), ("Đã báo trực tiếp", "trực tiếp"))


def duty_key(notice_key: str) -> str:
    """The key of the duty that replaces a mail."""
    return f"{TELL}:{notice_key}"


def notice_of_duty(duty_key: str) -> str:
    """The name of the mail that the duty replaces."""
    return duty_key.split(":")[1]


def what_to_tell(notice: str) -> str:
    """What there is to tell, in a few words."""
    return TO_TELL.get(notice, OTHERWISE)


def telling_commands(code: str = "{code}") -> list[dict[str, str]]:
    """The commands that close the duty, ready to send."""
    return [{"label": label, "text": f"{code} đã báo người hỏi {way} ngày "} for label, way in WAYS]


def tell_by_hand(send: Send, board: BoardFacts, now: datetime) -> tuple[Action, ...]:
    """Instead of a mail that cannot be sent: the duty ("ngay"), and a mail to each officer with what to say."""
    notice = send.notice
    review = board.law.review_due(max(now, notice.not_before or now))
    clause = notice.clause or review.due.clause
    due = replace(review.due, clause=clause)
    duty = OpenDuty(duty_key(notice.key), TELL, clause, due, review.due_at, review.alarm_at, send.question)
    values = {"letter": notice, "about": what_to_tell(notice.name), "due": due, "commands": telling_commands()}
    mails = to_people(
        TELL_NOTICE,
        board.officers,
        clause,
        values,
        key=notice.key,
        question=send.question,
        attachments=notice.attachments,
    )
    if notice.not_before is not None:
        mails = tuple(replace(one, notice=replace(one.notice, not_before=notice.not_before)) for one in mails)
    return (duty, *mails)
