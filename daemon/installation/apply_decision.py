"""Completes a decision, checks what it sends, and carries the whole of it out in the caller's transaction.

An approved paper gets its issue number and date (số văn bản), and its files are made again with them. Of each mail:
can the address be written to, is it too much mail, is a file held?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeGuard

from sqlalchemy import Connection

from daemon.documents.inputs import BOARD_SIGN
from daemon.documents.making import files_of, from_json
from daemon.documents.model import Document, issue
from daemon.installation.installation import Installation
from daemon.letters.mime import UnsafeMail, ascii_address
from db.core import journal
from db.decision.application import NO_MAIL, Application, MailAtHand
from db.decision.apply import apply
from db.mails import attachments
from db.outbox import kept_back
from db.register import board_papers
from rules.decide.base.actions import Action, Note, RecordFile, Send
from rules.decide.base.facts import BoardFacts, MailFacts
from rules.decide.base.manual_work import tell_by_hand
from rules.decide.base.session_actions import DecideApproval, IssuePaper, RecordSigned
from rules.law.session_rules import PaperFacts, PaperFile
from rules.law.working_days import city_day
from rules.message.attachment_policy import NOT_SCANNED, load_file_rules
from rules.values.model import AttachmentRef

OPEN = frozenset({"shown", "returned"})
"""States of a paper that may still be given its number."""


def issued(
    connection: Connection, installation: Installation, decided: Sequence[Action], now: datetime
) -> tuple[Action, ...]:
    """The decision with a number for each paper approved now; its mails carry the files that show the number.

    The number is the counter's next, or the one that the approving mail names. With ``paper_numbers = "given"``, and
    where another body issues the paper, one without a named number keeps its gap.
    """
    actions: list[Action] = []
    swaps: dict[str, tuple[AttachmentRef, str]] = {}
    for action in decided:
        actions.append(action)
        if isinstance(action, RecordSigned) or _approves(action):
            day = action.on if isinstance(action, RecordSigned) else city_day(now)
            numbered = _numbered(connection, installation, action, day)
            if numbered is not None:
                old = [one.sha256 for one in _files(connection, action)]
                for was, new in zip(old, numbered.files, strict=True):
                    swaps[was] = _reference(new), numbered.number
                actions.append(numbered)
    return tuple(_with_files(one, swaps) for one in actions) if swaps else tuple(actions)


def with_last_numbers(connection: Connection, facts: MailFacts, now: datetime) -> MailFacts:
    """The facts of a mail that may name a paper's number, with the sign and last number of the paper's series."""

    def counted(paper: PaperFacts) -> PaperFacts:
        documents = from_json(board_papers.documents_of(connection, paper.id))
        if not documents:
            return paper
        today, sign = city_day(now), _sign(documents[0])
        last, before = (board_papers.last_number(connection, _series(sign, today.year - ago)) for ago in (0, 1))
        return replace(paper, last_number=last, last_year_number=before, sign=sign)

    approval = facts.approval
    if approval is not None:
        facts = replace(facts, approval=replace(approval, paper=counted(approval.paper)))
    cases = tuple(
        replace(case, papers=tuple(counted(paper) if paper.status in OPEN else paper for paper in case.papers))
        for case in facts.cases
    )
    return replace(facts, cases=cases) if cases else facts


def _sign(document: Document) -> str:
    return document.number_line.rpartition("/")[2]


def _series(sign: str, year: int) -> str:
    return f"paper:{year}:{sign}"


def _approves(action: Action) -> TypeGuard[DecideApproval]:
    return isinstance(action, DecideApproval) and action.approved and not action.waiting


def _numbered(
    connection: Connection, installation: Installation, action: DecideApproval | RecordSigned, day: date
) -> IssuePaper | None:
    documents = from_json(board_papers.documents_of(connection, action.paper))
    given = action.number
    if not documents or not documents[0].number_line:
        return None
    own = documents[0].letterhead.abbreviation == BOARD_SIGN
    if given is None and (not own or installation.board.law.profile.options.paper_numbers == "given"):
        return None
    series = _series(_sign(documents[0]), day.year)
    first = given or board_papers.last_number(connection, series) + 1
    made = [issue(one, first + place, day) for place, one in enumerate(documents)]
    names = [one.name for one in _files(connection, action)]
    stems = [name.removesuffix(".docx") for name in names if name.endswith(".docx")]
    files = tuple(file for one, stem in zip(made, stems, strict=True) for file in files_of(one, stem))
    number = "; ".join(one.number_line.removeprefix("Số: ") for one in made)
    return IssuePaper(action.paper, series, first, first + len(made) - 1, number, day, files)


def _files(connection: Connection, action: DecideApproval | RecordSigned) -> tuple[PaperFile, ...]:
    return board_papers.files_of(connection, action.paper)


def _reference(file: PaperFile) -> AttachmentRef:
    return AttachmentRef(0, 0, file.name, file.type, file.sha256)


def _with_files(action: Action, swaps: Mapping[str, tuple[AttachmentRef, str]]) -> Action:
    """The mail with the numbered files in place of its own, and the number of its paper."""
    if not isinstance(action, Send):
        return action
    notice = action.notice
    numbers = [swaps[file.sha256][1] for file in notice.attachments if file.sha256 in swaps]
    if not numbers:
        return action
    files = tuple(swaps[file.sha256][0] if file.sha256 in swaps else file for file in notice.attachments)
    return replace(action, notice=replace(notice, attachments=files, values={**notice.values, "number": numbers[0]}))


def admissible(
    connection: Connection, decided: Sequence[Action], board: BoardFacts, now: datetime, *, scans: bool
) -> tuple[Action, ...]:
    """The decision with what cannot or must not leave turned into notes or removed; the rest of it stands.

    ``scans``: a file goes on only after clamd has seen it.
    """
    sent = [each for action in decided for each in _writable(action, board, now)]
    writable = _without_held_files(connection, sent, board, scans=scans)
    return kept_back.capped(connection, writable, board, now)


def _without_held_files(
    connection: Connection, decided: list[Action], board: BoardFacts, *, scans: bool
) -> list[Action]:
    """The last gate before a file goes on, whoever decided so; this decision's own word on a file is the newest.

    A file of which nothing is known came before it counted as one, or before files were scanned: it is held here if
    its name or content forbids it, and else scanned first, and sent after.
    """
    carried = {ref.raw_mail for one in decided if isinstance(one, Send) for ref in one.notice.attachments}
    if not carried - {0}:
        return decided
    said = {place: status for place, (status, _) in attachments.known(connection, carried).items()}
    said |= {(one.raw_mail, one.part): one.status for one in decided if isinstance(one, RecordFile)}
    refs = {ref for one in decided if isinstance(one, Send) for ref in one.notice.attachments if ref.raw_mail}
    rules = load_file_rules(board.source)
    unknown = sorted((file for file in refs if (file.raw_mail, file.part) not in said), key=_place)
    new = [_first_word(file, fault, scans=scans) for file in unknown if (fault := rules.fault(file)) or scans]
    said |= {(one.raw_mail, one.part): one.status for one in new}
    held = frozenset(place for place, status in said.items() if status in attachments.KEPT_BACK)
    return [*new, *(_without(one, held) if isinstance(one, Send) else one for one in decided)]


def _without(send: Send, held: frozenset[tuple[int, int]]) -> Send:
    """A mail of ours without its blocked files."""
    notice = send.notice
    kept = tuple(file for file in notice.attachments if _place(file) not in held)
    if len(kept) == len(notice.attachments):
        return send
    values = {**notice.values, "files": [file.name for file in kept]} if "files" in notice.values else notice.values
    return replace(send, notice=replace(notice, attachments=kept, values=values))


def _place(ref: AttachmentRef) -> tuple[int, int]:
    return ref.raw_mail, ref.part


def _first_word(ref: AttachmentRef, fault: str, *, scans: bool) -> RecordFile:
    """What is recorded of a file that nobody looked at."""
    unseen = NOT_SCANNED if scans else ""
    status = attachments.HELD if fault else attachments.UNSCANNED
    return RecordFile(ref.raw_mail, ref.part, status, "; ".join(filter(None, (fault, unseen))))


def _writable(action: Action, board: BoardFacts, now: datetime) -> tuple[Action, ...]:
    """Replaces mail to an address that cannot be written (RFC 5321 §4.1.2) by a note; the address comes from a mail.

    An officer then informs the requester of a question.
    """
    if not isinstance(action, Send):
        return (action,)
    try:
        ascii_address(action.notice.recipient.email)
    except UnsafeMail:
        why = f"Không gửi được thư {action.notice.name}: địa chỉ người nhận không dùng được"
        note = Note("no_address", why, action.notice.clause, action.question)
        is_asker = action.notice.recipient.role == "citizen" and action.question is not None
        return (note, *tell_by_hand(action, board, now)) if is_asker and not action.kept_back else (note,)
    return (action,)


def apply_decision(
    connection: Connection,
    installation: Installation,
    decided: tuple[Action, ...],
    now: datetime,
    at_hand: MailAtHand | None = None,
    *,
    actor: str = "daemon",
) -> None:
    """Carry a decision out on an open transaction."""
    application = Application(
        connection,
        installation.compose,
        installation.config.board.prefix,
        now,
        actor=actor,
        at_hand=at_hand or NO_MAIL,
    )
    journal.take_turn(connection)
    scans = installation.config.scan.is_on
    apply(application, admissible(connection, decided, installation.board, now, scans=scans))
