"""Reads for the daily and weekly overviews: indexed lists, their first rows and their lengths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from db.core.tables import approval, assignment, duty, file_check, journal, paper, question, raw_mail
from db.mails import attachments
from db.outbox.undelivered import came_back
from db.register import duties, links, publications
from rules.decide.base import fact_parts, manual_work
from rules.decide.base.fact_parts import DONE_NAMES, SOON_DAYS, ListedCase, ListRow, OverviewFacts, WeekFacts
from rules.values.model import Candidate

SHOWN = 30
"""Rows of a list that a mail shows; the others are only counted."""
DENUNCIATION = "denunciation"
TIME_DECIDED = ("extension_refused", "due_moved")


def last_entry(connection: Connection) -> int:
    """The journal's last number, from which the next overview counts on."""
    return int(connection.execute(select(func.max(journal.c.seq))).scalar_one() or 0)


def overview_facts(
    connection: Connection, day: date, since: datetime, since_entry: int, people: Sequence[str]
) -> OverviewFacts:
    """The officers' morning overview since the last one; ``people``: whose acts are not the daemon's own."""
    return OverviewFacts(
        new=_new(connection, since, since_entry),
        review=_review(connection),
        held=_held(connection),
        aside=_put_aside(connection, since_entry),
        files=_kept_files(connection),
        sealed=_count(connection, select(raw_mail.c.id).where(raw_mail.c.status == "held", raw_mail.c.sealed)),
        today=_open(connection, assignment.c.due_on == day),
        soon=_open(connection, assignment.c.due_on > day, assignment.c.due_on <= day + timedelta(days=SOON_DAYS)),
        late=_open(connection, assignment.c.due_on < day),
        more_time=_more_time(connection),
        approvals=_approvals(connection),
        to_post=publications.to_post(connection, SHOWN),
        privacy=_privacy(connection),
        untold=_untold(connection),
        missing=duties.missing_sessions(connection, SHOWN),
        came_back=_came_back(connection),
        unsigned=links.unsigned_count(connection),
        done=_done(connection, since_entry, people),
    )


def _count(connection: Connection, statement: Select[Any]) -> int:
    return int(connection.execute(select(func.count()).select_from(statement.order_by(None).subquery())).scalar_one())


def _listed(connection: Connection, statement: Select[Any], cases: Iterable[ListedCase]) -> ListRow:
    rows = tuple(cases)
    return ListRow(rows, len(rows) if len(rows) < SHOWN else _count(connection, statement))


def _new(connection: Connection, since: datetime, since_entry: int) -> ListRow:
    """What was registered since, by the journal: what came while the daemon was down was received before."""
    statement = (
        select(question.c.id, question.c.code, question.c.subject, question.c.received_at)
        .join(journal, journal.c.question_id == question.c.id)
        .where(journal.c.seq > since_entry, journal.c.act == "registered", journal.c.at >= since)
        .order_by(journal.c.seq)
    )
    rows = list(connection.execute(statement.limit(SHOWN)))
    units, like = _units(connection, [row.id for row in rows]), links.likes(connection, [row.id for row in rows])
    cases = [
        ListedCase(row.code, row.subject, row.received_at, units=units.get(row.id, ()), like=like.get(row.id, ()))
        for row in rows
    ]
    return _listed(connection, statement, cases)


def _units(connection: Connection, ids: list[int]) -> dict[int, tuple[str, ...]]:
    """The lead units of each question, one for each of its items; of an item that went on, the newest."""
    rows = connection.execute(
        select(assignment.c.question_id, assignment.c.item, assignment.c.unit)
        .where(assignment.c.question_id.in_(ids), assignment.c.role == "lead")
        .order_by(assignment.c.id)
    )
    leads: dict[int, dict[int, str]] = {}
    for row in rows:
        leads.setdefault(row.question_id, {})[row.item] = row.unit
    return {number: tuple(dict.fromkeys(by_item.values())) for number, by_item in leads.items()}


def _review(connection: Connection) -> ListRow:
    statement = (
        select(*(question.c[name] for name in ("id", "code", "subject", "received_at", "guess", "asker_email")))
        .where(question.c.status == "needs_review")
        .order_by(question.c.id)
    )
    rows = list(connection.execute(statement.limit(SHOWN)))
    like = links.likes(connection, [row.id for row in rows])
    cases = [
        ListedCase(
            row.code,
            row.subject,
            row.received_at,
            guess=_guess(row.guess),
            like=like.get(row.id, ()),
            asked_back=links.asked_back(connection, row.id, row.asker_email),
        )
        for row in rows
    ]
    return _listed(connection, statement, cases)


def _guess(value: list[dict[str, Any]]) -> tuple[Candidate, ...]:
    return tuple(Candidate(one["unit"], one["score"], tuple(one["reasons"])) for one in value)


def _held(connection: Connection) -> ListRow:
    """Held mails without a question of their own; denunciations are counted elsewhere and shown nowhere (1.2)."""
    statement = (
        select(*(raw_mail.c[name] for name in ("id", "from_email", "subject", "reason", "internaldate", "acts")))
        .where(
            raw_mail.c.status == "held",
            func.coalesce(raw_mail.c.question_id, 0) == 0,  # few mails are held, many have no question
            raw_mail.c.sealed.is_(False),
            raw_mail.c.kind != DENUNCIATION,
        )
        .order_by(raw_mail.c.id)
    )
    rows = connection.execute(statement.limit(SHOWN)).all()
    about = links.reviewed_for(connection, [row.id for row in rows])
    letters = links.letters(connection, set(about.values()))
    cases = [
        ListedCase(
            subject=row.subject,
            at=row.internaldate,
            mail=row.id,
            who=row.from_email,
            why=row.reason,
            acts=tuple(row.acts),
            letters=letters.get(about.get(row.id, 0), ()),
        )
        for row in rows
    ]
    return _listed(connection, statement, cases)


def _put_aside(connection: Connection, since_entry: int) -> ListRow:
    """Mails put aside by themselves behind this entry of the journal; thanks first, spam last."""
    statement = (
        select(raw_mail.c.id, raw_mail.c.from_email, raw_mail.c.subject, raw_mail.c.reason)
        .join(journal, journal.c.raw_mail_id == raw_mail.c.id)
        .where(journal.c.seq > since_entry, journal.c.act == "fate", raw_mail.c.status == "done")
        .where(raw_mail.c.fate == "ignore", raw_mail.c.reason.in_(fact_parts.PUT_ASIDE.values()))
        .order_by(raw_mail.c.kind == "spam", raw_mail.c.kind == "auto_reply", raw_mail.c.id)
    )
    rows = connection.execute(statement.limit(SHOWN))
    cases = [ListedCase(mail=row.id, who=row.from_email, subject=row.subject, why=row.reason) for row in rows]
    return _listed(connection, statement, cases)


def _kept_files(connection: Connection) -> ListRow:
    """Mails with files that wait for a person's decision, by the reasons; none put aside, no denunciation (1.2)."""
    waiting = file_check.c.status.in_(attachments.WAITING)
    statement = (
        select(raw_mail.c.id, raw_mail.c.from_email, question.c.code)
        .outerjoin(question, question.c.id == raw_mail.c.question_id)
        .where(
            raw_mail.c.id.in_(select(file_check.c.raw_mail_id).where(waiting)),
            raw_mail.c.sealed.is_(False),
            raw_mail.c.kind != DENUNCIATION,
            func.coalesce(raw_mail.c.fate, "") != "ignore",
        )
        .order_by(raw_mail.c.id)
    )
    rows = list(connection.execute(statement.limit(SHOWN)))
    said = attachments.known(connection, [row.id for row in rows])
    cases = []
    for row in rows:
        whys = [
            why or status
            for (mail, _), (status, why) in sorted(said.items())
            if mail == row.id and status in attachments.WAITING
        ]
        text = f"{len(whys)} tệp: {'; '.join(dict.fromkeys(whys))}"
        cases.append(ListedCase(row.code or "", mail=row.id, who=row.from_email, why=text))
    return _listed(connection, statement, cases)


def _open(connection: Connection, *conditions: Any) -> ListRow:
    """Items that units still owe, by their due date."""
    statement = (
        select(assignment.c.id, assignment.c.unit, assignment.c.due_on, question.c.code, question.c.subject)
        .join(question, question.c.id == assignment.c.question_id)
        .where(assignment.c.status == "forwarded", *conditions)
        .order_by(assignment.c.due_on, assignment.c.id)
    )
    cases = [_open_case(row) for row in connection.execute(statement.limit(SHOWN))]
    return _listed(connection, statement, cases)


def _came_back(connection: Connection) -> ListRow:
    """Questions that have not reached their units, because our mail came back."""
    back = came_back(connection)
    found = _open(connection, assignment.c.id.in_(back))
    return replace(found, rows=tuple(replace(one, why=back[one.assignment][1]) for one in found.rows))


def _open_case(row: Any) -> ListedCase:
    return ListedCase(row.code, row.subject, due_on=row.due_on, unit=row.unit, assignment=row.id)


def _more_time(connection: Connection) -> ListRow:
    """Open items whose lead unit asked for more time behind the last decision on it, by their due date."""
    open_ones = select(assignment.c.question_id).where(assignment.c.status == "forwarded")
    entries = (
        select(journal.c.question_id, journal.c.act, journal.c.data)
        .where(journal.c.question_id.in_(open_ones), journal.c.act.in_(("extension_asked", *TIME_DECIDED)))
        .order_by(journal.c.seq)
    )
    asked: dict[int, int] = {}
    for row in connection.execute(entries):
        item = row.data.get("assignment")  # entries before 0.3 name none: they decide on all of their question
        if row.act == "extension_asked":
            asked[item] = row.question_id
        else:
            asked = {
                one: about for one, about in asked.items() if (one != item if item else about != row.question_id)
            }
    statement = (
        select(assignment.c.unit, assignment.c.due_on, assignment.c.wanted_until, question.c.code, question.c.subject)
        .join(question, question.c.id == assignment.c.question_id)
        .where(assignment.c.id.in_(asked), assignment.c.status == "forwarded", assignment.c.role == "lead")
        .order_by(assignment.c.due_on, assignment.c.id)
    )
    cases = (
        ListedCase(row.code, row.subject, due_on=row.due_on, wanted=row.wanted_until, unit=row.unit)
        for row in connection.execute(statement.limit(SHOWN))
    )
    return _listed(connection, statement, cases)


def _approvals(connection: Connection) -> ListRow:
    statement = (
        select(paper.c.title, approval.c.person, approval.c.asked_at)
        .join(paper, paper.c.id == approval.c.paper_id)
        .where(approval.c.status == "asked")
        .order_by(approval.c.id)
    )
    cases = [
        ListedCase(subject=row.title, who=row.person, at=row.asked_at)
        for row in connection.execute(statement.limit(SHOWN))
    ]
    return _listed(connection, statement, cases)


def _privacy(connection: Connection) -> ListRow:
    """Open requests about personal data, each with what its mail was noted to ask."""
    mine = duties.of_data_request(journal.c.raw_mail_id)
    noted = select(func.max(journal.c.why)).where(journal.c.question_id == duty.c.question_id, mine)
    asked = noted.where(journal.c.act == "data_request").scalar_subquery().label("asked")
    statement = (
        select(duty.c.key, duty.c.due, question.c.code, question.c.subject, asked)
        .join(question, question.c.id == duty.c.question_id)
        .where(duty.c.kind == "privacy", duty.c.status == "open")
        .order_by(duty.c.due_at, duty.c.id)
    )
    cases = [
        ListedCase(row.code, row.subject, due_on=date.fromisoformat(row.due["on"]), why=row.asked or "")
        for row in connection.execute(statement.limit(SHOWN))
    ]
    return _listed(connection, statement, cases)


def _untold(connection: Connection) -> ListRow:
    """Askers without a mail address whom an officer still has to tell something (8.1), the oldest duty first."""
    statement = (
        select(duty.c.key, duty.c.due, question.c.code, question.c.subject, question.c.asker_name)
        .add_columns(question.c.asker_phone)
        .join(question, question.c.id == duty.c.question_id)
        .where(duty.c.kind == manual_work.TELL, duty.c.status == "open")
        .order_by(duty.c.due_at, duty.c.id)
    )
    cases = [
        ListedCase(
            row.code,
            row.subject,
            due_on=date.fromisoformat(row.due["on"]),
            who=" ".join(part for part in (row.asker_name or "người hỏi", row.asker_phone) if part),
            why=manual_work.notice_of_duty(row.key),
        )
        for row in connection.execute(statement.limit(SHOWN))
    ]
    return _listed(connection, statement, cases)


def _done(connection: Connection, since_entry: int, people: Sequence[str]) -> dict[str, int]:
    rows = connection.execute(
        select(journal.c.act, func.count())
        .where(journal.c.seq > since_entry, journal.c.act.in_(DONE_NAMES), journal.c.actor.not_in(people))
        .group_by(journal.c.act)
    )
    return {act: int(number) for act, number in rows}


def week_facts(connection: Connection, units: Iterable[str], day: date, since_entry: int) -> WeekFacts:
    """The week's lists."""
    late: dict[str, int] = {}
    oldest: dict[str, ListedCase] = {}
    reached = assignment.c.id.not_in(came_back(connection))
    for row in connection.execute(_late_by_unit(day).where(reached)):
        late[row.unit] = int(row.number)
        mine = (assignment.c.unit == row.unit, assignment.c.role == "lead", assignment.c.due_on < day)
        owed = _open(connection, *mine, reached)
        oldest[row.unit] = owed.rows[0]
    return WeekFacts(
        units={unit: _open(connection, assignment.c.unit == unit, reached) for unit in units},
        late=late,
        oldest=oldest,
        rejected=_happened(connection, since_entry, "rejected"),
        refused=_happened(connection, since_entry, "refused"),
    )


def _late_by_unit(day: date) -> Select[Any]:
    return (
        select(assignment.c.unit, func.count().label("number"))
        .where(assignment.c.status == "forwarded", assignment.c.role == "lead", assignment.c.due_on < day)
        .group_by(assignment.c.unit)
    )


def _happened(connection: Connection, since_entry: int, act: str) -> ListRow:
    """Questions with this act in the journal since the given entry."""
    statement = (
        select(question.c.code, question.c.subject, question.c.outcome, journal.c.data)
        .join(question, question.c.id == journal.c.question_id)
        .where(journal.c.seq > since_entry, journal.c.act == act)
        .order_by(journal.c.seq)
    )
    cases = []
    for row in connection.execute(statement.limit(SHOWN)):
        item = row.data.get("assignment")
        unit = connection.execute(select(assignment.c.unit).where(assignment.c.id == item)).scalar() if item else ""
        cases.append(ListedCase(row.code, row.subject, why=row.outcome, unit=unit or ""))
    return _listed(connection, statement, cases)
