"""Each page's values, read in one look at the register; the templates only lay them out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from daemon.calendar_feed import STATUS_NAMES
from daemon.mailout.filters import unit_name
from daemon.web.plots import DAYS_BACK, DAYS_ON, load_bars, timeline
from db import desk, duties, overview, questions, reading, search, sessions
from db.agenda import session_duties
from db.dates import date_from_json
from rules.calendar import CITY_ZONE, city_day
from rules.desk import Listed
from rules.facts import House
from rules.model import CountedDate
from rules.register_number import register_numbers
from rules.session import SessionFacts

Values = Mapping[str, Any]
SHOWN = 200
"""Rows of a list that a page shows."""
SEARCH_LIMIT = 100
LONGEST_SEARCH = 200


class NotThereError(LookupError):
    """There is no such thing to show."""


@dataclass(frozen=True, slots=True)
class Views:
    """The pages of one house; ``clock`` gives now, aware and in UTC."""

    house: House
    clock: Callable[[], datetime]

    def unit(self, code: str) -> str:
        """A unit's name."""
        known = self.house.units.get(code)
        return unit_name(known.name) if known else code

    def today(self) -> date:
        """The city's day."""
        return city_day(self.clock())

    def board(self, connection: Connection) -> Values:
        """What the morning finds: late, due, to be reviewed, held, waiting for approval, new."""
        today = self.today()
        since = datetime.combine(today, time(), CITY_ZONE).astimezone(UTC)
        found = overview.desk_facts(connection, today, since, overview.last_entry(connection), ())
        lists = (found.late, found.today, found.soon, found.review, found.new, found.privacy)
        shown = reading.shown_codes(connection, (case.number for one in lists for case in one.rows))
        late, now, soon, review, new, privacy = (_only(one, shown) for one in lists)
        return {
            "today": today,
            "unit": self.unit,
            "late": late,
            "due_today": now,
            "soon": soon,
            "review": review,
            "new": new,
            "privacy": privacy,
            "held": found.held,
            "approvals": found.approvals,
            "unsigned": found.unsigned,
        }

    def deadlines(self, connection: Connection) -> Values:
        """What is due when: drawn by day, and as a list with each date's reason."""
        today = self.today()
        until = today + timedelta(days=DAYS_ON)
        marks: dict[date, str] = {}
        for one in sessions.every(connection, running=True):
            marks.setdefault(one.day, one.code)
        off = self.house.law.calendar.days_off_between(today - timedelta(days=DAYS_BACK), until)
        counts = reading.owed_by_day(connection, until)
        codes = {one.id: one.code for one in sessions.every(connection)}
        others = [
            {
                "kind": row.kind,
                "code": row.code or "",
                "session": codes.get(row.session_id, ""),
                "due": _date(row.due),
            }
            for row in reading.other_duties(connection, until)
        ]
        return {
            "today": today,
            "until": until,
            "drawing": timeline(counts, marks, today, [one.day for one in off]),
            "owed": [self._owed(one) for one in reading.owed(connection, until, SHOWN)],
            "count": sum(counts.values()),
            "others": [{**one, "duty": self._duty_name(one["due"])} for one in others],
        }

    def _owed(self, one: reading.Due) -> Values:
        due = _date(one.due)
        return {"code": one.code, "subject": one.subject, "unit": self.unit(one.unit), "due": due}

    def _duty_name(self, due: CountedDate) -> str:
        """What the profile calls the duty of a counted date."""
        if not due.rule:
            return ""
        try:
            return self.house.law.profile.rule(due.rule).duty
        except ValueError:
            return ""

    def question(self, connection: Connection, code: str) -> Values:
        """A question with its whole story; each date explains itself. Raises :class:`NotThereError`."""
        question_id = reading.id_of(connection, code.upper())
        if question_id is None:
            raise NotThereError(code)
        row = questions.row_of(connection, question_id)
        session = sessions.load(connection, [row.session_id]).get(row.session_id) if row.session_id else None
        return {
            "row": row,
            "missing": [key for key in row.missing.split(",") if key],
            "session": session,
            "assignments": [
                {"row": one, "unit": self.unit(one.unit), "due": _date(one.due)}
                for one in questions.assignments_of(connection, question_id)
            ],
            "answers": [
                {"row": one, "unit": self.unit(one.unit)} for one in questions.answers_of(connection, question_id)
            ],
            "duties": [
                {"row": one, "due": _date(one.due), "duty": self._duty_name(_date(one.due))}
                for one in duties.of_question(connection, question_id)
            ],
            "like": self._like(connection, question_id),
            "story": reading.story(connection, question_id),
            "mails": reading.mails_out(connection, question_id),
            "publication": reading.published_at(connection, question_id),
            "now": self.clock(),
        }

    def _like(self, connection: Connection, question_id: int) -> list[desk.LinkRow]:
        found = desk.links_of(connection, question_id)
        shown = reading.shown_codes(connection, (one.code for one in found))
        return [one for one in found if one.code in shown]

    def sessions(self, connection: Connection) -> Values:
        """Every session, the latest first."""
        found = sessions.every(connection)[::-1]
        return {"sessions": [{"session": one, "state": STATUS_NAMES[one.status]} for one in found[:SHOWN]]}

    def session(self, connection: Connection, code: str) -> Values:
        """A session with plan, duties, papers and the marks of its questions. Raises :class:`NotThereError`."""
        session: SessionFacts | None = sessions.by_code(connection, code)
        if session is None:
            raise NotThereError(code)
        asked = reading.session_questions(connection, session.id, 1000)
        marks: dict[str, int] = {}
        for row in asked:
            marks[row.session_mark] = marks.get(row.session_mark, 0) + 1
        return {
            "session": session,
            "state": STATUS_NAMES[session.status],
            "units": [self.unit(one) for one in session.form.units],
            "duties": [
                {"duty": self._duty_name(one.due), "due": one.due, "status": one.status}
                for one in session_duties(connection, session.id)
            ],
            "papers": reading.session_papers(connection, session.id),
            "approvals": reading.asked(connection, session.id),
            "questions": asked,
            "counted": marks,
            "now": self.clock(),
        }

    def units(self, connection: Connection) -> Values:
        """What each unit owes, and how much of it is late."""
        found = reading.loads(connection, self.today())
        names = {one.unit: self.unit(one.unit) for one in found}
        return {"today": self.today(), "bars": load_bars(found, names), "late": sum(one.late for one in found)}

    def find(self, connection: Connection, said: str) -> Values:
        """Questions that hold every word; a register number leads to its question."""
        said = " ".join(said.split())[:LONGEST_SEARCH]
        numbers = register_numbers(said, self.house.prefix)
        number = next((one for one in numbers if reading.id_of(connection, one) is not None), "")
        ready = search.is_there(connection)
        ids = search.find(connection, said, SEARCH_LIMIT) if said and ready else []
        return {
            "said": said,
            "ready": ready,
            "number": number,
            "found": reading.rows_of(connection, ids),
            "limit": SEARCH_LIMIT,
        }


def _only(listed: Listed, shown: set[str]) -> Listed:
    """A list without what may not be shown."""
    rows = tuple(one for one in listed.rows if one.number in shown)
    return replace(listed, rows=rows, count=listed.count - (len(listed.rows) - len(rows)))


def _date(value: Mapping[str, Any]) -> CountedDate:
    return date_from_json(value)


def as_list(values: Iterable[str], names: Mapping[str, str]) -> str:
    """Several keys in words, commas between."""
    return ", ".join(names.get(one, one) for one in values)
