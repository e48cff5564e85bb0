"""Papers for the Board and its leaders: the texts shown, who was asked, the decisions, and the files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, func, insert, or_, select, update

from db.core.counters import next_number
from db.core.dialects import insert_once
from db.core.tables import approval, counter, paper, paper_file
from db.register.sessions import load
from rules.decide.base.fact_parts import Person
from rules.decide.base.session_actions import (
    AskApproval,
    DecideApproval,
    IssuePaper,
    KeepPaper,
    RecordDecision,
    RecordSigned,
)
from rules.law.session_rules import (
    ApprovalFacts,
    PaperFacts,
    PaperFile,
    PaperKind,
)

READ_AT_ONCE = 50
"""How many papers are in memory at a time."""


def keep_paper(connection: Connection, action: KeepPaper, session_id: int | None, now: datetime) -> int:
    """Store the text and the files of a paper; gives its id."""
    kept = action.paper
    _keep_files(connection, kept.files)
    values = {
        "kind": kept.kind.value,
        "session_id": session_id,
        "question_id": action.question,
        "about": kept.about,
        "documents": kept.documents,
        "digest": kept.digest,
        "title": kept.title,
        "text": kept.text,
        "files": [[one.name, one.type, one.sha256] for one in kept.files],
        "status": "shown",
        "made_at": now,
    }
    return int(connection.execute(insert(paper).values(**values).returning(paper.c.id)).scalar_one())


def _keep_files(connection: Connection, files: Iterable[PaperFile]) -> None:
    for one in files:
        row = {"sha256": one.sha256, "size": len(one.data), "bytes": one.data}
        connection.execute(insert_once(connection, paper_file, ["sha256"]), row)


def issue_paper(connection: Connection, action: IssuePaper) -> bool:
    """Set number, date and the numbered files; False when the numbers are taken or the paper is not approved."""
    taken = next_number(connection, action.series)
    if taken > action.first:
        return False
    skipped = action.last - taken  # a number that a person chose may skip some
    if skipped:
        connection.execute(update(counter).where(counter.c.name == action.series).values(value=action.last))
    _keep_files(connection, action.files)
    values = {
        "number": action.number,
        "issued_on": action.on,
        "files": [[one.name, one.type, one.sha256] for one in action.files],
    }
    return bool(
        connection.execute(
            update(paper).where(paper.c.id == action.paper, paper.c.status == "approved").values(**values)
        ).rowcount
    )


def files_of(connection: Connection, paper_id: int) -> tuple[PaperFile, ...]:
    """A paper's files, without their bytes."""
    files = connection.execute(select(paper.c.files).where(paper.c.id == paper_id)).scalar_one()
    return tuple(PaperFile(name, kind, sha256) for name, kind, sha256 in files)


def documents_of(connection: Connection, paper_id: int) -> str:
    """The source of a paper's files, as ``stored_papers`` wrote it; "" = the files come from no document."""
    return str(connection.execute(select(paper.c.documents).where(paper.c.id == paper_id)).scalar_one())


def last_number(connection: Connection, series: str) -> int:
    """The last number taken from a series of papers; 0 before the first."""
    return int(connection.execute(select(counter.c.value).where(counter.c.name == series)).scalar_one_or_none() or 0)


def papers_before(connection: Connection, action: KeepPaper, session_id: int | None) -> list[int]:
    """The valid papers for the same purpose, which a new text replaces."""
    kind, question_id = action.paper.kind, action.question
    same = (
        paper.c.kind == kind.value,
        paper.c.about == action.paper.about,
        paper.c.session_id.is_(None) if session_id is None else paper.c.session_id == session_id,
        paper.c.question_id.is_(None) if question_id is None else paper.c.question_id == question_id,
    )
    return [row.id for row in connection.execute(select(paper.c.id).where(*same, paper.c.status != "void"))]


def void_papers(connection: Connection, ids: Sequence[int]) -> list[str]:
    """Void these texts; open requests about them become void too, and their tokens are returned."""
    connection.execute(update(paper).where(paper.c.id.in_(ids)).values(status="void"))
    asked = (approval.c.paper_id.in_(ids), approval.c.status.in_(["asked", "record", "decide"]))
    tokens = [row.token for row in connection.execute(select(approval.c.token).where(*asked))]
    connection.execute(update(approval).where(*asked).values(status="void"))
    return tokens


def ask(connection: Connection, action: AskApproval, paper_id: int, now: datetime) -> int:
    """Store a request for approval; gives its id. The one that it replaces becomes void."""
    void_request(connection, action.instead)
    row = {
        "paper_id": paper_id,
        "token": action.token,
        "digest": action.digest,
        "person": action.person,
        "status": "record" if action.records else "decide" if action.decides else "asked",
        "asked_at": now,
    }
    return int(connection.execute(insert(approval).values(**row).returning(approval.c.id)).scalar_one())


def decide(connection: Connection, action: DecideApproval, now: datetime) -> bool:
    """Compare-and-set on request, paper and other approvers; False when one is not as the decision expected."""
    status = "approved" if action.approved else "returned"
    asked = connection.execute(
        update(approval)
        .where(approval.c.id == action.approval, approval.c.status == ("record" if action.recorded else "asked"))
        .values(status=status, said=action.said, decided_at=now)
    ).rowcount
    digest = select(approval.c.digest).where(approval.c.id == action.approval).scalar_subquery()
    final = {"status": status, "decided_at": now} if not action.waiting else {"status": "shown"}
    standing = ["shown", "returned"] if action.recorded else ["shown"]
    shown = connection.execute(
        update(paper)
        .where(paper.c.id == action.paper, paper.c.status.in_(standing), paper.c.digest == digest)
        .values(**final)
    ).rowcount
    if action.recorded:  # no other approver is waited for
        others = (approval.c.paper_id == action.paper, approval.c.status == "asked")
        connection.execute(update(approval).where(*others).values(status="void"))
    agreed = not action.approved or len(still_asked(connection, action.paper)) == action.waiting
    return bool(asked and shown and agreed)


def record_signed(connection: Connection, action: RecordSigned, now: datetime) -> bool:
    """Compare-and-set of a text that was signed on paper; False when it is not the text that was shown."""
    standing = (
        paper.c.id == action.paper,
        paper.c.digest == action.digest,
        paper.c.status.in_(["shown", "returned"]),
    )
    return bool(connection.execute(update(paper).where(*standing).values(status="approved", decided_at=now)).rowcount)


def record_decision(connection: Connection, action: RecordDecision, now: datetime) -> bool:
    """Compare-and-set of a proposal that waits for its decision; False when it no longer waits."""
    status = "approved" if action.approved else "returned"
    waits = (paper.c.id == action.paper, paper.c.status == "approved")
    values = {"status": status} if action.approved else {"status": status, "decided_at": now}
    return bool(connection.execute(update(paper).where(*waits).values(**values)).rowcount)


def end_decision(connection: Connection, action: RecordDecision, now: datetime) -> list[str]:
    """Close the open requests for this decision; gives their tokens."""
    asked = (approval.c.paper_id == action.paper, approval.c.status == "decide")
    tokens = [row.token for row in connection.execute(select(approval.c.token).where(*asked))]
    status = "approved" if action.approved else "returned"
    values = {"status": status, "said": action.said, "decided_at": now}
    connection.execute(update(approval).where(*asked).values(**values))
    return tokens


def still_asked(connection: Connection, paper_id: int) -> list[Row[Any]]:
    """The unanswered requests about a paper: token and person."""
    asked = (approval.c.paper_id == paper_id, approval.c.status == "asked")
    return list(connection.execute(select(approval.c.token, approval.c.person).where(*asked).order_by(approval.c.id)))


def void_request(connection: Connection, approval_id: int) -> None:
    """Void this request if it is still open."""
    asked = (approval.c.id == approval_id, approval.c.status.in_(["asked", "decide"]))
    connection.execute(update(approval).where(*asked).values(status="void"))


def void_requests(connection: Connection, paper_id: int) -> list[str]:
    """Void the open requests about a paper; gives the tokens of the people asked."""
    tokens = [row.token for row in still_asked(connection, paper_id)]
    asked = (approval.c.paper_id == paper_id, approval.c.status == "asked")
    connection.execute(update(approval).where(*asked).values(status="void"))
    return tokens


def papers_of(
    connection: Connection, *, session_id: int = 0, question_id: int = 0, about: str = ""
) -> tuple[PaperFacts, ...]:
    """The papers of a session, a question or a routine duty, oldest first; files without their bytes."""
    own = paper.c.question_id == question_id if question_id else paper.c.session_id == session_id
    statement = (
        select(paper, func.count(approval.c.id).label("asked"))
        .join(approval, approval.c.paper_id == paper.c.id, isouter=True)
        .where(paper.c.about == about if about else own)
        .group_by(paper.c.id)
        .order_by(paper.c.id)
    )
    papers = [_paper(row) for row in connection.execute(statement)]
    waiting = {one.id: still_asked(connection, one.id) for one in papers if one.status == "shown"}
    return tuple(
        replace(one, waiting=tuple(asked.person for asked in waiting[one.id])) if one.id in waiting else one
        for one in papers
    )


def last_drafted(connection: Connection, about: Sequence[str]) -> datetime | None:
    """When the newest paper of these routine duties was drafted; None without one."""
    newest = select(func.max(paper.c.made_at)).where(paper.c.about.in_(about), paper.c.status != "void")
    moment: datetime | None = connection.execute(newest).scalar_one()
    return moment


def _paper(row: Row[Any]) -> PaperFacts:
    return PaperFacts(
        id=row.id,
        kind=PaperKind(row.kind),
        digest=row.digest,
        title=row.title,
        text=row.text,
        status=row.status,
        session_id=row.session_id,
        question_id=row.question_id,
        files=tuple(PaperFile(name, kind, sha256) for name, kind, sha256 in row.files),
        asked=getattr(row, "asked", 0),
        about=row.about,
        number=row.number,
        issued_on=row.issued_on,
    )


def approval_facts(connection: Connection, *, token: str = "", approval_id: int = 0) -> ApprovalFacts | None:
    """A request for approval with its paper and session."""
    row = connection.execute(
        select(approval).where(or_(approval.c.token == token, approval.c.id == approval_id))
    ).one_or_none()
    if row is None:
        return None
    about = _paper(connection.execute(select(paper).where(paper.c.id == row.paper_id)).one())
    found = load(connection, [about.session_id] if about.session_id else [])
    waiting = tuple(one.person for one in still_asked(connection, row.paper_id) if one.token != row.token)
    given = approval.c.paper_id == row.paper_id, approval.c.status == "approved"
    return ApprovalFacts(
        id=row.id,
        token=row.token,
        digest=row.digest,
        person=row.person,
        status=row.status,
        paper=about,
        session=found.get(about.session_id or 0),
        waiting=waiting,
        approved=tuple(connection.execute(select(approval.c.person).where(*given)).scalars()),
        replaced=connection.execute(_newer(about)).first() is not None,
    )


def asked_of(connection: Connection, person: Person) -> tuple[ApprovalFacts, ...]:
    """The requests that wait for the approval of this person, if the Head; for anybody else none."""
    waits = (func.lower(approval.c.person) == person.email.lower(), approval.c.status == "asked")
    rows = (
        select(approval.c.id).join(paper, paper.c.id == approval.c.paper_id).where(*waits, paper.c.status == "shown")
    )
    ids = connection.execute(rows.order_by(approval.c.id)).scalars() if person.role == "head" else ()
    return tuple(found for one in ids if (found := approval_facts(connection, approval_id=one)) is not None)


def _newer(one: PaperFacts) -> Select[tuple[int]]:
    """The texts that were put up in the paper's place."""
    return select(paper.c.id).where(
        paper.c.id > one.id,
        paper.c.kind == one.kind.value,
        paper.c.status != "void",
        paper.c.about == one.about,
        paper.c.question_id.is_not_distinct_from(one.question_id),
        paper.c.session_id.is_not_distinct_from(one.session_id),
    )


def approvals_of(connection: Connection, paper_ids: Sequence[int]) -> list[Row[Any]]:
    """The requests about these papers, and the replies to them."""
    return list(
        connection.execute(select(approval).where(approval.c.paper_id.in_(paper_ids)).order_by(approval.c.id))
    )


def file_bytes(connection: Connection, sha256: str) -> bytes:
    """A paper's file."""
    return bytes(connection.execute(select(paper_file.c.bytes).where(paper_file.c.sha256 == sha256)).scalar_one())


def naming(connection: Connection, codes: Sequence[str]) -> dict[str, list[int]]:
    """Papers about no single question, by the register numbers that they name; each is read once for all numbers."""
    number = re.compile(f"(?:{'|'.join(map(re.escape, codes))})(?![0-9])")
    texts = select(paper.c.id, paper.c.text, paper.c.documents).where(paper.c.question_id.is_(None))
    found: dict[str, list[int]] = {code: [] for code in codes}
    for row in connection.execute(texts, execution_options={"yield_per": READ_AT_ONCE}):
        for code in {*number.findall(row.text), *number.findall(row.documents)}:
            found[code].append(row.id)
    return found


def erase_files(connection: Connection, digests: Sequence[str]) -> None:
    """Delete the files with these digests that no paper has any more; the papers' digests are read once."""
    if not digests:
        return
    needed = {one[2] for files in connection.execute(select(paper.c.files)).scalars() for one in files}
    gone = sorted({*digests} - needed)
    connection.execute(delete(paper_file).where(paper_file.c.sha256.in_(gone)))
