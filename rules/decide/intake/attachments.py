"""Blocked files: an officer sees why, releases them, or leaves them blocked.

A file with a virus, or one that the scanner has not seen yet, cannot be released by an officer's mail.

Files that are not passed on automatically are recorded; officers are told which and why, the sender how many.

The mail itself is processed: a question is registered and answered without the file, which an officer may release.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby

from rules.commands.vocabulary import load_command_words, plain_words
from rules.decide.base.actions import NEW, Action, Finish, RecordFile, Register, Send, Settle
from rules.decide.base.command_result import CommandAtHand, Outcome
from rules.decide.base.facts import AnswerFiles, BlockedFile, BoardFacts, KeptFile, MailFacts, Person, QuestionFacts
from rules.decide.base.notices import (
    AboutCase,
    citizen,
    thread,
    to_citizen,
    to_people,
    to_unit,
    unit_name,
)
from rules.message.attachment_policy import INFECTED, NOT_SCANNED
from rules.requester.redaction import speaks_of_papers
from rules.text import squash, strip_marks
from rules.values.model import AttachmentRef, Fate, Kind, Notice

NONE = "Không có tệp nào đang bị giữ lại trong thư hoặc câu hỏi này; xin trả lời đúng thư, hoặc ghi số câu hỏi"
WHICH = "Không rõ tệp nào. Đang giữ: {}. Xin ghi số hoặc tên tệp, ví dụ “cho chuyển tệp {}”, hoặc “cho chuyển tệp”"
EVERYTHING = frozenset({"", "nay", "tat ca", "tat ca cac tep", "tren", "bi giu", "dang giu", "dinh kem", "kem theo"})
_NUMBER = re.compile(r"\d{1,4}")
_FILE_NAME = re.compile(r"\w\.[a-z]\w{1,4}(?!\w)")
_MAIL = re.compile(r"(?:\bcua )?\bthu (?:so )?(\d{1,9})\b")


def why(order: CommandAtHand) -> Outcome:
    """ "Vì sao giữ", "xem tệp bị giữ": the reason why a mail is held, and each blocked file with its reason."""
    kept, held = _meant(order), order.held
    lines = [f"Thư số {held.id}: {held.reason}"] if held is not None and held.status == "held" and held.reason else []
    lines += [f"Thư số {one.file.raw_mail}, tệp {_named(one)}: {one.why or NOT_SCANNED}" for one in kept]
    return (True, "; ".join(lines), ()) if lines else (False, NONE, ())


def release(order: CommandAtHand) -> Outcome:
    """ "Cho chuyển tệp": send files on to the units that still owe an answer, or to the requester."""
    chosen, refusal = _chosen(order)
    if refusal:
        return False, refusal, ()
    for file in chosen:
        if stays := _stays(file):
            return False, f"Tệp {_named(file)}: {stays}", ()
    actions: list[Action] = []
    for _, group in groupby(chosen, key=lambda one: one.file.raw_mail):
        actions += released(order.facts.board, tuple(group))
    sends = sum(isinstance(action, Send) for action in actions)
    names = ", ".join(_named(one) for one in chosen)
    if sends:
        return True, f"Đã cho chuyển tệp {names}: {sends} thư mang theo", tuple(actions)
    return True, f"Đã cho chuyển tệp {names}; {_later(chosen)}", tuple(actions)


def _later(chosen: Sequence[KeptFile]) -> str:
    """When released files that go to nobody now will go."""
    if any(file.question is None for file in chosen):
        return "tệp sẽ đi cùng thư khi thư được chuyển"
    given = [files for file in chosen for files in file.answers if file.file.part in files.parts]
    if helped := [files.question.code for files in given if _helped(files)]:
        act = f"{helped[0]} gửi bổ sung cho người hỏi"
        unheard = "không còn đơn vị chủ trì nào đang chờ, chưa gửi đi đâu; nếu người hỏi cần tệp này"
        return f"{unheard}, xin trả lời thư báo nội dung phối hợp: “{act}”"
    if given:
        return "tệp chưa gửi đi đâu, chỉ đến người hỏi khi câu trả lời ở thư ấy được gửi người hỏi"
    return "không còn đơn vị nào đang chờ, chưa gửi đi đâu"


def refuse(order: CommandAtHand) -> Outcome:
    """ "Không chuyển tệp": the file stays blocked, and nobody is asked about it again."""
    chosen, refusal = _chosen(order)
    if refusal:
        return False, refusal, ()
    reason = "Cán bộ quyết định không chuyển tệp"
    kept = tuple(RecordFile(one.file.raw_mail, one.file.part, "refused", f"{reason}: {one.why}") for one in chosen)
    return True, f"Đã ghi nhận, không chuyển tệp {', '.join(_named(one) for one in chosen)}", kept


def _stays(file: KeptFile) -> str:
    """Why a mail cannot release this file; "" when it can."""
    if file.why.startswith(INFECTED):
        return f"{file.why}. Tệp có mã độc không được cho chuyển bằng thư"
    if file.waits or file.why.endswith(NOT_SCANNED):
        return f"{NOT_SCANNED}, không được cho chuyển bằng thư; tệp sạch và đúng loại được tự chuyển sau khi quét"
    return ""


def _meant(order: CommandAtHand) -> tuple[KeptFile, ...]:
    """The files of the mail that the command names, else of its question, else of the mail it replies to."""
    facts, question = order.facts, order.question
    kept = facts.kept_files
    if named := _MAIL.search(_said(order)):
        return tuple(file for file in kept if file.file.raw_mail == int(named[1]))
    answered = [sent.raw_mail_id for sent in facts.threads if sent.raw_mail_id]
    answered += [order.held.id] if order.held is not None else []
    for mail in answered if not order.command.question else ():
        own = tuple(file for file in kept if file.file.raw_mail == mail)
        if own:
            return own
    return tuple(file for file in kept if question and question.id in _about(file))


def _about(kept: KeptFile) -> set[int]:
    """The questions whose askers may have the file; of a mail that answers none of them, its question."""
    askers = {files.question.id for files in kept.answers if kept.file.part in files.parts}
    return askers or ({kept.question.id} if kept.question else set())


def _said(order: CommandAtHand) -> str:
    return squash(strip_marks(order.command.text))


def _chosen(order: CommandAtHand) -> tuple[tuple[KeptFile, ...], str]:
    """The files that the command means, or the reply to send when it means none."""
    kept = _meant(order)
    if not kept:
        return (), NONE
    text = _MAIL.sub("", _said(order)).strip(" .,:;“”\"'")
    if text in EVERYTHING:
        return kept, ""
    names, rest = _names_in(text, kept)
    numbers = set() if names or _FILE_NAME.search(rest) else {int(one) for one in _NUMBER.findall(rest)}
    chosen = tuple(file for file in kept if _plainly(file) in names or file.file.part in numbers)
    apart = load_command_words(order.facts.board.source).files_apart
    if not chosen or not apart.isdisjoint(plain_words(rest)):
        return (), WHICH.format(", ".join(_named(file) for file in kept), kept[0].file.part)
    return chosen, ""


def _plainly(file: KeptFile) -> str:
    return squash(strip_marks(file.file.name))


def _names_in(text: str, kept: Sequence[KeptFile]) -> tuple[frozenset[str], str]:
    """The whole names of kept files in an order, the longest first ("11.jpg" is not "1.jpg"), and the words left."""
    names: set[str] = set()
    for name in sorted({_plainly(file) for file in kept} - {""}, key=len, reverse=True):
        left = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w-]|\.\w)", "…", text)
        names |= {name} if left != text else set()
        text = left
    return frozenset(names), text


def _named(file: KeptFile) -> str:
    return f"{file.file.part} “{file.file.name or 'không tên'}”"


def released(board: BoardFacts, files: Sequence[KeptFile]) -> tuple[Action, ...]:
    """The actions that follow for a mail's files when an officer releases them."""
    why_not = "Tệp được phép chuyển tiếp"
    recorded = tuple(RecordFile(file.file.raw_mail, file.file.part, "released", why_not) for file in files)
    first = files[0]
    refs = tuple(file.file for file in files)
    return (*recorded, *carried(board, first.question, refs, first.answers, first.passed))


def carried(
    board: BoardFacts,
    question: QuestionFacts | None,
    files: tuple[AttachmentRef, ...],
    answers: Sequence[AnswerFiles],
    passed: Collection[int] = (),
) -> tuple[Send, ...]:
    """The mails that send a mail's released files: files of an answer to its requester, or to the leads that it
    helps; others to the units that owe an answer, or were ``passed`` the mail's opinion on theirs."""
    if answers:
        given = [(one, own) for one in answers if (own := _of_answer(one, files))]
        return tuple(mail for one, own in given for mail in _with_answer(board, one, own))
    if question is None or not files:
        return ()
    key, names = _file_key(files), [file.name for file in files]
    return tuple(
        to_unit(
            "unit_followup",
            board,
            one.unit,
            "10.1.c",
            {"text": "", "due": one.due if one.is_open else None, "answered": not one.is_open, "files": names},
            key=f"{key}:{one.id}",
            case=AboutCase(question.id, one.id),
            attachments=files,
        )
        for one in question.assignments
        if (one.is_open or one.id in passed) and one.unit in board.contacts
    )


def _file_key(files: Sequence[AttachmentRef]) -> str:
    return f"{files[0].raw_mail}:file:{'.'.join(str(file.part) for file in files)}"


def _of_answer(given: AnswerFiles, files: tuple[AttachmentRef, ...]) -> tuple[AttachmentRef, ...]:
    return tuple(file for file in files if file.part in given.parts)


def _with_answer(board: BoardFacts, given: AnswerFiles, files: tuple[AttachmentRef, ...]) -> tuple[Send, ...]:
    """A supporting unit's go to the lead of its item, which answers for both (10.1.c)."""
    if given.leaves:
        return (_behind(given, files),)
    helped, question = _helped(given), given.question
    owing = [assignment for assignment in question.open_leads if assignment.item in helped] or question.open_leads
    return tuple(
        to_unit(
            "unit_told",
            board,
            lead.unit,
            "10.1.c",
            {
                "kind": "helped",
                "due": lead.due.on,
                "commands": (),
                "other_unit": unit_name(board, min(helped.values())),
            },
            key=f"{_file_key(files)}:{lead.id}:helped",
            case=AboutCase(question.id, lead.id),
            attachments=files,
        )
        for lead in owing
        if helped and lead.unit in board.contacts
    )


def _helped(given: AnswerFiles) -> dict[int, str]:
    """The items that an answer of a supporting unit alone is about, each with that unit; none for another answer."""
    own = [assignment for assignment in given.question.assignments if assignment.id in given.assignments]
    return {one.item: one.unit for one in own} if all(assignment.role == "support" for assignment in own) else {}


def _behind(given: AnswerFiles, files: tuple[AttachmentRef, ...]) -> Send:
    """The files behind their answer: not before it leaves, and taken back with it, by the assignments in the key."""
    key = f"{_file_key(files)}:{'.'.join(map(str, given.assignments))}"
    values = {"files": [file.name for file in files]}
    send = to_citizen("citizen_file", given.question, "10.1.d", values, key=key, attachments=files)
    return replace(send, notice=replace(send.notice, not_before=given.at)) if given.at else send


SHOWN_FILES = 20


def guarded(facts: MailFacts, decided: tuple[Action, ...]) -> tuple[Action, ...]:
    """The decision with its notices about files; unchanged if it neither passes files on nor shows any."""
    finish = next(one for one in decided if isinstance(one, Finish))
    decided = (*decided[:-1], *_tell_of_taken_up(facts, decided), *decided[-1:])
    if not facts.held_files:
        return decided
    recorded = (RecordFile(facts.raw_mail, one.part, one.status, one.why) for one in facts.held_files)
    if finish.sealed or finish.kind is Kind.DENUNCIATION or finish.fate is Fate.IGNORE:
        return (*recorded, *decided)
    question = NEW if any(isinstance(action, Register) for action in decided) else finish.question
    actions = _tell_sender(facts, question) if question is not None and _is_citizens(decided) else ()
    board = facts.board  # what is held as a complaint goes, whole, to one officer alone
    people = (board.named_for(facts.mail, facts.understanding),) if finish.kind is Kind.COMPLAINT else board.officers
    held = _tell_officers(people, facts.raw_mail, facts.held_files, question)
    return (*recorded, *decided[:-1], *held, *actions, *decided[-1:])


def _tell_of_taken_up(facts: MailFacts, decided: tuple[Action, ...]) -> tuple[Action, ...]:
    """Of the held files of a mail that was put aside, officers hear when one of them takes it up; else they know."""
    mail = next((one for one in decided if isinstance(one, Settle) and one.fate is not Fate.IGNORE), None)
    if mail is None or facts.held is None or facts.held.id != mail.raw_mail or not facts.held.is_set_aside:
        return ()
    files = [
        BlockedFile(file.file.part, file.file.name, "", file.why)
        for file in facts.kept_files
        if file.file.raw_mail == mail.raw_mail
    ]
    question = NEW if any(isinstance(action, Register) for action in decided) else mail.question
    return _tell_officers(facts.board.officers, mail.raw_mail, files, question) if files else ()


def _is_citizens(decided: tuple[Action, ...]) -> bool:
    """True for a citizen's new question; the sender of a unit's mail or a follow-up is asked by the officers."""
    return any(isinstance(action, Register) for action in decided)


RELEASE = ("Cho chuyển tệp", "Không chuyển tệp")
"""The replies that an officer may give to the alert, prepared."""


def _tell_officers(
    people: Sequence[Person], mail: int, files: Sequence[BlockedFile], question: int | None
) -> tuple[Action, ...]:
    commands = [{"label": label, "text": f"{label} của thư số {mail}"} for label in RELEASE]
    values = {
        "what": f"{len(files)} tệp kèm theo thư số {mail} bị giữ lại, chưa chuyển tiếp",
        "details": [
            *(f"“{one.name or 'không tên'}”: {one.why}" for one in files[:SHOWN_FILES]),
            "Thư vẫn được xử lý bình thường. Không mở tệp trên máy làm việc. Nếu tệp cần cho việc trả lời và an "
            "toàn, xin trả lời thư này: “cho chuyển tệp” (hoặc ghi thêm tên tệp); nếu không: “không chuyển tệp”. "
            "Tệp có mã độc hoặc chưa quét được không được cho chuyển bằng thư.",
        ],
        "commands": commands,
    }
    return to_people("officer_alert", people, "", values, key=f"files:{mail}", question=question)


def _tell_sender(facts: MailFacts, question: int | None) -> tuple[Action, ...]:
    """Says how many, not which or why: otherwise a mail we send would carry words that a stranger chose."""
    email = facts.reply_address
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


PAPER = "giấy tờ cá nhân, đơn vị không cần để trả lời"


def needs_papers(facts: MailFacts, question: QuestionFacts, *, asked: bool) -> bool:
    """True when identity papers are what the question is about, or what a unit has ``asked`` for."""
    return asked or speaks_of_papers(f"{question.subject}\n{question.content}", facts.board.source)


def papers_kept(facts: MailFacts, question: QuestionFacts, parts: frozenset[int]) -> tuple[Action, ...]:
    """Keep these from the units (Law 91/2025/QH15, Art. 3); an officer, who is told, may let them go on."""
    if not parts:
        return ()
    code, mail = question.code, facts.raw_mail
    names = [f"“{one.name or 'không tên'}”: {PAPER}" for one in facts.mail.attachments if one.part in parts]
    values = {
        "what": f"Người hỏi câu {code} gửi giấy tờ cá nhân; {len(parts)} tệp chưa chuyển đơn vị",
        "details": [*names[:SHOWN_FILES], "Phần còn lại của thư đã được xử lý như thường."],
        "commands": [{"label": label, "text": f"{label} của thư số {mail}"} for label in RELEASE],
    }
    recorded = tuple(RecordFile(mail, part, "held", PAPER) for part in sorted(parts))
    told = to_people("officer_alert", facts.board.officers, "8.3", values, key=f"papers:{mail}", question=question.id)
    return (*recorded, *told)
