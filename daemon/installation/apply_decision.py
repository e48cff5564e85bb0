"""Checks what a decision sends: can the address be written to, is it too much mail, is a file held?

Then the whole decision is carried out in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from daemon.installation.installation import Installation
from daemon.letters.mime import UnsafeMail, ascii_address
from db.core import journal
from db.decision.application import NO_MAIL, Application, MailAtHand
from db.decision.apply import apply
from db.mails import attachments
from db.outbox import kept_back
from rules.decide.base.actions import Action, Note, RecordFile, Send
from rules.decide.base.facts import BoardFacts
from rules.decide.base.manual_work import tell_by_hand
from rules.message.attachment_policy import NOT_SCANNED, load_file_rules
from rules.values.model import AttachmentRef


def admissible(
    connection: Connection, decided: Sequence[Action], board: BoardFacts, now: datetime, *, scans: bool
) -> tuple[Action, ...]:
    """The decision with what cannot or must not leave turned into notes or removed; the rest of it stands.

    ``scans``: a file goes on only after clamd has seen it.
    """
    sent = [each for one in decided for each in _writable(one, board, now)]
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
    unknown = sorted((one for one in refs if (one.raw_mail, one.part) not in said), key=_place)
    new = [_first_word(one, fault, scans=scans) for one in unknown if (fault := rules.fault(one)) or scans]
    said |= {(one.raw_mail, one.part): one.status for one in new}
    held = frozenset(place for place, status in said.items() if status in attachments.KEPT_BACK)
    return [*new, *(_without(one, held) if isinstance(one, Send) else one for one in decided)]


def _without(send: Send, held: frozenset[tuple[int, int]]) -> Send:
    """A mail of ours without its blocked files."""
    notice = send.notice
    kept = tuple(one for one in notice.attachments if _place(one) not in held)
    if len(kept) == len(notice.attachments):
        return send
    values = {**notice.values, "files": [one.name for one in kept]} if "files" in notice.values else notice.values
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
