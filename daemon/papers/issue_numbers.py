"""An approved paper gets its issue number and date (số văn bản), and its files are made again with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TypeGuard

from sqlalchemy import Connection

from daemon.documents.model import issue
from daemon.documents.stored_papers import files_of, from_json
from daemon.installation.installation import Office
from db.register import sessions
from rules.decide.base.actions import Action, Send
from rules.decide.base.session_actions import DecideApproval, IssuePaper, RecordSigned
from rules.law.session_rules import PaperFile
from rules.law.working_days import city_day
from rules.values.model import AttachmentRef


def issued(connection: Connection, office: Office, decided: Sequence[Action], now: datetime) -> tuple[Action, ...]:
    """The decision with a number for each paper approved now; what it sends has the files that show the number.

    The number is the counter's next, or the one that the approving mail names; with ``paper_numbers = "given"``
    a paper without a named number keeps its gap.
    """
    actions: list[Action] = []
    swaps: dict[str, AttachmentRef] = {}
    number = ""
    for action in decided:
        actions.append(action)
        if isinstance(action, RecordSigned) or _approves(action):
            day = action.on if isinstance(action, RecordSigned) else city_day(now)
            numbered = _numbered(connection, office, action, day)
            if numbered is not None:
                old = [one.sha256 for one in _files(connection, action)]
                number = numbered.number
                swaps = {was: _reference(new) for was, new in zip(old, numbered.files, strict=True)}
                actions.append(numbered)
    return tuple(_with_files(one, swaps, number) for one in actions) if swaps else tuple(actions)


def _approves(action: Action) -> TypeGuard[DecideApproval]:
    return isinstance(action, DecideApproval) and action.approved and not action.waiting


def _numbered(
    connection: Connection, office: Office, action: DecideApproval | RecordSigned, day: date
) -> IssuePaper | None:
    documents = from_json(sessions.documents_of(connection, action.paper))
    given = action.number
    if not documents or not documents[0].number_line:
        return None
    if given is None and office.house.law.profile.options.paper_numbers == "given":
        return None
    sign = documents[0].number_line.rpartition("/")[2]
    series = f"paper:{day.year}:{sign}"
    first = given or sessions.last_number(connection, series) + 1
    made = [issue(one, first + place, day) for place, one in enumerate(documents)]
    stems = [one.name.removesuffix(".docx") for one in _files(connection, action)[::2]]
    files = tuple(file for one, stem in zip(made, stems, strict=True) for file in files_of(one, stem))
    number = "; ".join(one.number_line.removeprefix("Số: ") for one in made)
    return IssuePaper(action.paper, series, first, first + len(made) - 1, number, day, files)


def _files(connection: Connection, action: DecideApproval | RecordSigned) -> tuple[PaperFile, ...]:
    return sessions.files_of(connection, action.paper)


def _reference(file: PaperFile) -> AttachmentRef:
    return AttachmentRef(0, 0, file.name, file.type, file.sha256)


def _with_files(action: Action, swaps: dict[str, AttachmentRef], number: str) -> Action:
    if not isinstance(action, Send) or not any(one.sha256 in swaps for one in action.notice.attachments):
        return action
    notice = action.notice
    files = tuple(swaps.get(one.sha256, one) for one in notice.attachments)
    return replace(action, notice=replace(notice, attachments=files, values={**notice.values, "number": number}))
