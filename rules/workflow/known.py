"""Mails whose fate needs no judgement: seen before, our own, automatic, returned."""

from __future__ import annotations

from rules.actions import Action, Finish, Folder, MailStatus, MarkBounced
from rules.facts import MailFacts, OutboxFacts
from rules.model import Fate, Kind
from rules.workflow.notices import to_people


def decide_known(facts: MailFacts) -> tuple[Action, ...] | None:
    """The decision for a duplicate, a mail of our own, an automatic mail; None when it is none of these."""
    if facts.duplicate_of is not None:
        return (_duplicate(facts),)
    if facts.own_mail:
        return (_ignore(facts, Kind.NOT_A_QUESTION, Folder.OTHER, "Thư do chính hệ thống gửi ra quay lại hộp thư"),)
    if facts.understanding.kind is Kind.BOUNCE:
        return _bounce(facts)
    if facts.understanding.kind is Kind.AUTO_REPLY:
        why = "Thư trả lời tự động: không đăng ký, không trả lời (RFC 3834)"
        return (_ignore(facts, Kind.AUTO_REPLY, Folder.AUTOMATIC, why),)
    return None


def _ignore(facts: MailFacts, kind: Kind, folder: Folder, why: str) -> Finish:
    return Finish(MailStatus.DONE, Fate.IGNORE, kind, folder, why, trace=facts.understanding.trace)


def _duplicate(facts: MailFacts) -> Finish:
    """The second delivery goes where the first one went, and nothing else happens."""
    folder = Folder(facts.duplicate_folder) if facts.duplicate_folder else Folder.OTHER
    why = f"Cùng một thư đã nhận trước đó (thư số {facts.duplicate_of})"
    return _ignore(facts, facts.understanding.kind, folder, why)


def _bounce(facts: MailFacts) -> tuple[Action, ...]:
    """A returned mail (RFC 3464): the sending failed, an officer is told, the statutory clock goes on."""
    if not facts.returned:
        return (
            _ignore(facts, Kind.BOUNCE, Folder.AUTOMATIC, "Thư báo không gửi được, không phải của thư nào ta gửi"),
        )
    sent = facts.returned[0]
    automatic = facts.understanding.automatic
    mark = MarkBounced(sent.id, automatic.status, automatic.permanent, sent.recipient)
    why = f"Báo không gửi được thư số {sent.id} tới người nhận"
    finish = Finish(
        MailStatus.DONE,
        Fate.ATTACH,
        Kind.BOUNCE,
        Folder.AUTOMATIC,
        why,
        question=sent.question_id,
        trace=facts.understanding.trace,
    )
    return (mark, *_alert(facts, sent), finish) if automatic.permanent else (mark, finish)


def _alert(facts: MailFacts, sent: OutboxFacts) -> tuple[Action, ...]:
    """Tell the officers, unless it is a mail to one of them that came back: that would go round."""
    if sent.role in {"officer", "head"}:
        return ()
    details = [
        f"Người nhận: {sent.recipient}",
        f"Loại thư: {sent.name}",
        f"Mã lỗi: {facts.understanding.automatic.status or 'không ghi'}",
    ]
    details += _other_addresses(facts, sent)
    values = {"what": "Một thư của hệ thống không đến được người nhận", "details": details, "commands": []}
    return to_people(
        "officer_alert", facts.house.officers, "", values, key=f"bounce:{sent.id}", question=sent.question_id
    )


def _other_addresses(facts: MailFacts, sent: OutboxFacts) -> list[str]:
    for contact in facts.house.contacts.values():
        if contact.address.lower() == sent.recipient.lower():
            others = ", ".join(contact.others) or "chưa khai báo"
            return [f"Địa chỉ khác của đơn vị: {others}"]
    return []
