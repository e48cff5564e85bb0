"""Attached files that are not passed on by themselves: recorded, an officer told which and why, the sender that.

The mail itself goes its way: a question is registered and answered without the file, which a person may release.
"""

from __future__ import annotations

from dataclasses import replace

from rules.actions import NEW, Action, Finish, Register, Send
from rules.desk_actions import RecordFile
from rules.facts import MailFacts
from rules.model import Fate, Kind, Notice
from rules.workflow.arrival import reply_address, thread
from rules.workflow.notices import citizen, to_people

SHOWN_FILES = 20


def guarded(facts: MailFacts, decided: tuple[Action, ...]) -> tuple[Action, ...]:
    """The decision with what it must say about files; one that passes nothing on and shows nothing stays as it is."""
    finish = next(one for one in decided if isinstance(one, Finish))
    if not facts.held_files or finish.fate is Fate.IGNORE:
        return decided
    recorded = (RecordFile(facts.raw_mail, one.part, one.status, one.why) for one in facts.held_files)
    if finish.sealed or finish.kind is Kind.DENUNCIATION:
        return (*recorded, *decided)
    question = NEW if any(isinstance(one, Register) for one in decided) else finish.question
    told = _tell_sender(facts, question) if question is not None and _is_citizens(decided) else ()
    return (*recorded, *decided[:-1], *_tell_officers(facts, question), *told, *decided[-1:])


def _is_citizens(decided: tuple[Action, ...]) -> bool:
    """A unit, or whoever adds to a question, is asked by the officers, who see what the file is."""
    return any(isinstance(one, Register) for one in decided)


RELEASE = ("Cho chuyển tệp", "Không chuyển tệp")
"""What an officer may say to the alert, as prepared answers."""


def _tell_officers(facts: MailFacts, question: int | None) -> tuple[Action, ...]:
    commands = [{"label": label, "text": f"{label} của thư số {facts.raw_mail}"} for label in RELEASE]
    values = {
        "what": f"{len(facts.held_files)} tệp kèm theo thư số {facts.raw_mail} bị giữ lại, chưa chuyển tiếp",
        "details": [
            *(f"“{one.name or 'không tên'}”: {one.why}" for one in facts.held_files[:SHOWN_FILES]),
            "Thư vẫn được xử lý bình thường. Không mở tệp trên máy làm việc. Nếu tệp cần cho việc trả lời và an "
            "toàn, xin trả lời thư này: “cho chuyển tệp” (hoặc ghi thêm tên tệp); nếu không: “không chuyển tệp”. "
            "Tệp có mã độc hoặc chưa quét được không được cho chuyển bằng thư.",
        ],
        "commands": commands,
    }
    key = f"files:{facts.raw_mail}"
    return to_people("officer_alert", facts.house.officers, "", values, key=key, question=question)


def _tell_sender(facts: MailFacts, question: int | None) -> tuple[Action, ...]:
    """How many, not which nor what was found: the words would be of our making in somebody else's mail."""
    email = reply_address(facts)
    if "@" not in email:
        return ()
    notice = Notice(
        "citizen_file_held",
        citizen(facts.understanding.asker, email),
        "8.2",
        f"citizen_file_held:{facts.raw_mail}",
        {"times": len(facts.held_files)},
        in_reply_to=facts.mail.message_id,
        references=thread(facts),
    )
    return (Send(notice, question),)


def without_held(send: Send, held: frozenset[tuple[int, int]]) -> Send:
    """A mail of ours without the files that are held."""
    notice = send.notice
    kept = tuple(one for one in notice.attachments if (one.raw_mail, one.part) not in held)
    if len(kept) == len(notice.attachments):
        return send
    values = {**notice.values, "files": [one.name for one in kept]} if "files" in notice.values else notice.values
    return Send(replace(notice, attachments=kept, values=values), send.question, send.assignment, send.approval)
