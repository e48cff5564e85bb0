"""Who stands by in every world: people of the years before, with something of everything, whom no test names.

Their ids are 0 and below, so that nothing in a test counts otherwise for them: ``LiveInstallation.rows`` leaves them
out, and new rows begin at 1 as in an empty database (SQLite goes on behind the highest). No duty of theirs comes up
before the year 2099. None has a request for approval, of which the program takes 0 for "none".
"""

import hashlib
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Table, create_engine, or_, select

from db.core.dialects import date_to_json
from db.core.tables import (
    answer,
    assignment,
    duty,
    file_check,
    mail_identity,
    metadata,
    outbox,
    outbox_content,
    paper,
    question,
    question_link,
    raw_content,
    raw_mail,
    sealed_content,
    unit_document,
    used_token,
)
from rules.values.model import CountedDate
from tests.support.rows import lay

Row = dict[str, Any]
Picture = dict[str, list[Row]]
WHEN = datetime(2024, 3, 4, 2, 0, tzinfo=UTC)
FAR = datetime(2099, 12, 31, 10, 0, tzinfo=UTC)
DUE = CountedDate(FAR.date(), FAR.date(), "8.1", date(2024, 3, 4), "bystander")
UNIT = "TIEPCONGDAN"
"""Has no address in the tests: no overview goes out for what lies with it."""
HOUSE = "doithoai@haiphong.test"
STATES = ("answered", "forwarded", "closed", "rejected", "needs_review")
"""One question each; the ids run 0, -1, -2 …"""
HELD, SEALED, QUARANTINED = -5, -6, -7
"""The mails that are no question."""
_POINTS_AT_THEM = (
    "id",
    "question_id",
    "first_id",
    "second_id",
    "raw_mail_id",
    "outbox_id",
    "assignment_id",
    "paper_id",
)


def _bytes(number: int) -> bytes:
    return f"From: ke-ben-{-number}@lang.test\r\nSubject: Thu so {-number}\r\n\r\nTho lang Dong.\r\n".encode()


def _digest(number: int) -> str:
    return hashlib.sha256(_bytes(number)).hexdigest()


def move_in(connection: Connection) -> None:
    """Lay their rows into a database that has none."""
    for number in range(QUARANTINED, 1):
        _mail(connection, number)
    for number, status in enumerate(STATES):
        _question(connection, -number, status)
    _answered(connection, 0)
    _answered(connection, STATES.index("closed") * -1)
    _with_papers(connection, STATES.index("closed") * -1)
    lay(connection, question_link, id=0, first_id=-2, second_id=0, score=400, made_by="daemon", made_at=WHEN)
    lay(connection, file_check, id=0, raw_mail_id=HELD, part=1, status="held", at=WHEN)
    lay(connection, used_token, token="ke-ben", person="vanthu@sngv.test", used_at=WHEN, raw_mail_id=0)
    for number, status in enumerate(("sent", "failed", "sent", "recalled")):
        _letter(connection, -number, status)


def _mail(connection: Connection, number: int) -> None:
    of_question = number > HELD
    status = {HELD: "held", SEALED: "held", QUARANTINED: "quarantined"}.get(number, "done")
    fate = {HELD: "hold", SEALED: "hold", QUARANTINED: "quarantine"}.get(number, "register")
    content = b"" if number == SEALED else _bytes(number)
    lay(connection, raw_content, sha256=_digest(number), size=len(content), bytes=content)
    if number == SEALED:
        own = {"size": len(_bytes(number)), "bytes": _bytes(number), "sender": f"ke-ben-{-number}@lang.test"}
        lay(connection, sealed_content, sha256=_digest(number), **own)
    lay(
        connection, raw_mail, id=number, mailbox="ke-ben@haiphong.test", uidvalidity=1, uid=1 - number,
        sha256=_digest(number), identity=_digest(number), internaldate=WHEN, stored_at=WHEN, processed_at=WHEN,
        status=status, fate=fate, kind="denunciation" if number == SEALED else "question", sealed=number == SEALED,
        question_id=number if of_question else None, server_state="moved",
        from_email="" if number == SEALED else f"ke-ben-{-number}@lang.test",
    )  # fmt: skip
    lay(connection, mail_identity, identity=_digest(number), raw_mail_id=number)


def _question(connection: Connection, number: int, status: str) -> None:
    lay(
        connection, question, id=number, code=f"HP-2024-{1 - number:06}", year=2024, number=1 - number,
        raw_mail_id=number, received_at=WHEN, registered_at=WHEN, told_at=WHEN, status=status,
        asker_name=f"Kẻ Bên {-number}", asker_address="làng Đông", asker_phone=f"0900 000 00{-number}",
        asker_email=f"ke-ben-{-number}@lang.test", subject=f"Thơ {-number}", content=f"Xướng họa thơ {-number}?",
        signed_at=WHEN, officer="ke-ben", answered_at=WHEN if status in {"answered", "closed"} else None,
    )  # fmt: skip
    if status in {"rejected", "needs_review"}:
        return
    waits = status == "forwarded"
    lay(
        connection, assignment, id=number, question_id=number, unit=UNIT, forwarded_at=WHEN, due_on=FAR.date(),
        status="forwarded" if waits else "answered", due_at=FAR, due=date_to_json(DUE), acknowledged_at=WHEN,
    )  # fmt: skip
    lay(
        connection, duty, id=number, key=f"answer:ke-ben:{number}", kind="answer", clause="8.1", question_id=number,
        assignment_id=number, status="open" if waits else "met", due_at=FAR, next_at=FAR if waits else None,
        due=date_to_json(DUE), opened_at=WHEN, closed_at=None if waits else WHEN,
    )  # fmt: skip


def _answered(connection: Connection, number: int) -> None:
    lay(
        connection, answer, id=number, question_id=number, assignment_id=number, raw_mail_id=number, unit=UNIT,
        text="Sở trả lời: có.", received_at=WHEN,
    )  # fmt: skip
    lay(
        connection, unit_document, id=number, unit=UNIT, number=f"{1 - number}/SNGV-VP", question_id=number,
        raw_mail_id=number, at=WHEN,
    )  # fmt: skip


def _with_papers(connection: Connection, number: int) -> None:
    values = {"title": "Thơ", "text": "Sở trả lời: có.", "files": [], "made_at": WHEN, "decided_at": WHEN}
    for each, digest, status in ((number, "a" * 64, "approved"), (0, "b" * 64, "returned")):
        lay(connection, paper, id=each, kind="answer", question_id=each, digest=digest, status=status, **values)


def _letter(connection: Connection, number: int, status: str) -> None:
    lay(
        connection, outbox, id=number, key=f"ke-ben:{number}", name="citizen_answered", role="citizen",
        recipient=f"ke-ben-{-number}@lang.test", question_id=number, raw_mail_id=number, subject="Trả lời",
        message_id=f"<ke-ben{number}@haiphong.test>", envelope_from=HOUSE, status=status, attempts=1,
        created_at=WHEN, next_attempt_at=WHEN, sent_at=WHEN if status == "sent" else None,
    )  # fmt: skip
    lay(connection, outbox_content, outbox_id=number, bytes=b"Subject: Tra loi\r\n\r\nCo.\r\n")


def _theirs(table: Table) -> ColumnElement[bool] | None:
    points = [table.c[name] <= 0 for name in _POINTS_AT_THEM if name in table.c]
    points = [one for one in points if isinstance(one.left.type, Integer)]
    if "sha256" in table.c:
        points.append(table.c.sha256.in_([_digest(number) for number in range(QUARANTINED, 1)]))
    return or_(*points) if points and table.name != "journal" else None


def seen(connection: Connection) -> Picture:
    """All rows that are theirs or about them."""
    found = {}
    for table in metadata.sorted_tables:
        if (theirs := _theirs(table)) is not None:
            rows = connection.execute(select(table).where(theirs).order_by(*table.primary_key)).mappings()
            found[table.name] = [dict(row) for row in rows]
    return found


@cache
def as_they_were() -> Picture:
    """The same in a database where nothing has happened."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        metadata.create_all(connection)
        move_in(connection)
        before = seen(connection)
    engine.dispose()
    return before


def hurt(connection: Connection) -> list[str]:
    """What became of them, a line a table; [] where all were left alone."""
    now = seen(connection)
    return [f"{name}: {rows} became {now[name]}" for name, rows in as_they_were().items() if now[name] != rows]
