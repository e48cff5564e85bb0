"""Each page's values, read in one transaction on the register; the templates only lay them out.

Two charts as numbers, which the templates write as SVG: items by due day, and late items by unit. The page projected
while a session runs has its questions without anything that identifies or locates a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from daemon.installation.icalendar import STATUS_NAMES
from daemon.letters.filters import unit_name
from daemon.papers.register_book import ON_PAGE
from db.core import journal
from db.core.dialects import date_from_json
from db.register import duties, links, questions, search, sessions
from db.register.sessions import session_duties
from db.reports import overview, read_only
from db.reports.read_only import UnitLoad
from rules.decide.base.fact_parts import ListRow
from rules.decide.base.facts import BoardFacts, QuestionFacts
from rules.law.session_rules import SessionFacts
from rules.law.working_days import CITY_ZONE, city_day
from rules.requester.names import initials
from rules.requester.redaction import blanked, without_signature
from rules.understand.letter_form import asked_alone
from rules.values.model import CountedDate
from rules.values.register_number import register_numbers
from rules.values.states import QuestionStatus

MOST = 200
LONGEST = 900
"""Characters of a question on the screen, at most."""


def screen(connection: Connection, board_facts: BoardFacts, code: str) -> dict[str, Any] | None:
    """The questions, those put live first, then by number; None when there is no such session."""
    session = sessions.by_code(connection, code)
    if session is None:
        return None
    public = {row.code for row in read_only.session_questions(connection, session.id, MOST)}
    asked = questions.load(connection, sessions.question_ids(connection, session.id)).values()
    due = (question for question in asked if question.code in public and _is_due(question))
    shown = sorted(due, key=lambda question: (not question.live_choice, question.id))
    rows = [_row(board_facts, question) for question in shown]
    return {"session": session, "questions": rows, "answered": sum(1 for one in rows if one["answered"])}


def _is_due(question: QuestionFacts) -> bool:
    """Whether the session still owes it an answer, or has given one: what was refused is nobody's to read."""
    return question.status not in {QuestionStatus.REJECTED, QuestionStatus.CLOSED} or bool(
        question.session_mark or question.answers
    )


def _row(board_facts: BoardFacts, question: QuestionFacts) -> dict[str, Any]:
    said = asked_alone(question.content, question.asker, board_facts.source)
    text = without_signature(blanked(said, question.asker, board_facts.source), question.asker, board_facts.source)
    return {
        "code": question.code,
        "name": initials(question.asker.name) if question.name_consent is False else short_name(question.asker.name),
        "lines": [line for line in text[:LONGEST].splitlines() if line.strip()],
        "live": bool(question.live_choice),
        "answered": question.session_mark == "answered",
    }


def short_name(name: str) -> str:
    """ "Nguyễn Văn An" as "Nguyễn Văn A."; an organisation's name is not a person's and stays."""
    words = name.split()
    if not 1 < len(words) <= 6:
        return ""
    return f"{' '.join(words[:-1])} {words[-1][0]}."


DAYS_BACK, DAYS_ON = 10, 25
COLUMN, HEIGHT, BASE = 20, 120, 140
"""Width of a day, height of the highest bar, and baseline of the bars; units of the drawing."""
LONGEST_BAR = 190


@dataclass(frozen=True, slots=True)
class Bar:
    """A day's bar: place, height and number of items, and the kind of day (late, today, off, coming)."""

    day: date
    x: int
    height: int
    number: int
    kind: str
    mark: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The chart of the due dates; ``earlier`` items were due before its first day."""

    bars: tuple[Bar, ...]
    width: int
    top: int
    earlier: int


def timeline(counts: Mapping[date, int], marks: Mapping[date, str], today: date, off: Sequence[date]) -> Timeline:
    """One column per day around today; ``marks`` are days with a session, ``off`` days on which nobody works."""
    first = today - timedelta(days=DAYS_BACK)
    days = [first + timedelta(days=at) for at in range(DAYS_BACK + DAYS_ON + 1)]
    top = max([counts.get(day, 0) for day in days] + [1])
    bars = tuple(_bars(days, counts, marks, today, set(off), top))
    earlier = sum(number for day, number in counts.items() if day < first)
    return Timeline(bars, len(days) * COLUMN + 2 * COLUMN, top, earlier)


def _bars(
    days: Sequence[date], counts: Mapping[date, int], marks: Mapping[date, str], today: date, off: set[date], top: int
) -> Iterator[Bar]:
    for at, day in enumerate(days):
        number = counts.get(day, 0)
        height = max(round(HEIGHT * number / top), 3) if number else 0
        kind = "today" if day == today else "late" if day < today else "off" if day in off else "coming"
        label = f"{day:%d/%m}" if day == today or (at % 5 == 0 and abs((day - today).days) > 1) else ""
        yield Bar(day, COLUMN + at * COLUMN, height, number, kind, marks.get(day, ""), label)


@dataclass(frozen=True, slots=True)
class LoadBar:
    """One unit's bar: the late part, and the part still in time."""

    load: UnitLoad
    name: str
    y: int
    late_width: int
    rest_width: int


def load_bars(loads: Sequence[UnitLoad], names: Mapping[str, str]) -> tuple[LoadBar, ...]:
    """One bar per unit, the longest ``LONGEST_BAR`` long."""
    top = max([one.open for one in loads] + [1])
    found = []
    for at, one in enumerate(loads):
        whole = max(round(LONGEST_BAR * one.open / top), 2)
        late = max(round(LONGEST_BAR * one.late / top), 2) if one.late else 0
        found.append(LoadBar(one, names.get(one.unit, one.unit), at * 40, min(late, whole), max(whole - late, 0)))
    return tuple(found)


Values = Mapping[str, Any]
SHOWN = 200
"""Rows of a list that a page shows, at most."""
SEARCH_LIMIT = 100
LONGEST_SEARCH = 200


class NotThereError(LookupError):
    """The question or session to show does not exist."""


@dataclass(frozen=True, slots=True)
class Views:
    """The pages of one installation; ``clock`` gives now, aware and in UTC."""

    board_facts: BoardFacts
    clock: Callable[[], datetime]

    def unit(self, code: str) -> str:
        """A unit's name."""
        unit = self.board_facts.units.get(code)
        return unit_name(unit.name) if unit else code

    def today(self) -> date:
        """The present day in the city."""
        return city_day(self.clock())

    def board(self, connection: Connection) -> Values:
        """The state in the morning: late, due, to be reviewed, held, waiting for approval, new."""
        today = self.today()
        since = datetime.combine(today, time(), CITY_ZONE).astimezone(UTC)
        found = overview.overview_facts(connection, today, since, journal.entry_before(connection, since), ())
        lists = (found.late, found.today, found.soon, found.review, found.new, found.privacy)
        shown = read_only.shown_codes(connection, (case.number for one in lists for case in one.rows))
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
        """The items by due date: as a chart by day, and as a list with each date's reason."""
        today = self.today()
        until = today + timedelta(days=DAYS_ON)
        marks: dict[date, str] = {}
        for session in sessions.every(connection, running=True):
            marks.setdefault(session.day, session.code)
        off = self.board_facts.law.calendar.days_off_between(today - timedelta(days=DAYS_BACK), until)
        counts = read_only.owed_by_day(connection, until)
        codes = {one.id: one.code for one in sessions.every(connection)}
        others = [
            {
                "kind": row.kind,
                "code": row.code or "",
                "session": codes.get(row.session_id, ""),
                "due": _date(row.due),
            }
            for row in read_only.other_duties(connection, until)
        ]
        return {
            "today": today,
            "until": until,
            "drawing": timeline(counts, marks, today, [one.day for one in off]),
            "owed": [self._owed(one) for one in read_only.owed(connection, until, SHOWN)],
            "count": sum(counts.values()),
            "others": [{**one, "duty": self._duty_name(one["due"])} for one in others],
        }

    def _owed(self, one: read_only.Due) -> Values:
        due = _date(one.due)
        return {"code": one.code, "subject": one.subject, "unit": self.unit(one.unit), "due": due}

    def _duty_name(self, due: CountedDate) -> str:
        """The profile's name of a counted date's duty."""
        if not due.rule:
            return ""
        try:
            return self.board_facts.law.profile.rule(due.rule).duty
        except ValueError:
            return ""

    def question(self, connection: Connection, code: str) -> Values:
        """A question with its whole history; each date has its reason. Raises :class:`NotThereError`."""
        question_id = read_only.id_of(connection, code.upper())
        if question_id is None:
            raise NotThereError(code)
        row = questions.row_of(connection, question_id)
        session = sessions.load(connection, [row.session_id]).get(row.session_id) if row.session_id else None
        return {
            "row": row,
            "in_register": [(column.title, column.value(row, [])) for column in ON_PAGE],
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
            "story": read_only.story(connection, question_id),
            "mails": read_only.mails_out(connection, question_id),
            "publication": read_only.published_at(connection, question_id),
            "now": self.clock(),
        }

    def _like(self, connection: Connection, question_id: int) -> list[links.LinkRow]:
        found = links.links_of(connection, question_id)
        shown = read_only.shown_codes(connection, (one.code for one in found))
        return [one for one in found if one.code in shown]

    def sessions(self, connection: Connection) -> Values:
        """Every session, the latest first."""
        found = sessions.every(connection)[::-1]
        return {
            "sessions": [{"session": session, "state": STATUS_NAMES[session.status]} for session in found[:SHOWN]]
        }

    def session(self, connection: Connection, code: str) -> Values:
        """A session with plan, duties, papers and the outcomes of its questions. Raises :class:`NotThereError`."""
        session: SessionFacts | None = sessions.by_code(connection, code)
        if session is None:
            raise NotThereError(code)
        rows = read_only.session_questions(connection, session.id, 1000)
        marks: dict[str, int] = {}
        for row in rows:
            marks[row.session_mark] = marks.get(row.session_mark, 0) + 1
        return {
            "session": session,
            "state": STATUS_NAMES[session.status],
            "units": [self.unit(one) for one in session.form.units],
            "duties": [
                {"duty": self._duty_name(one.due), "due": one.due, "status": one.status}
                for one in session_duties(connection, session.id)
            ],
            "papers": read_only.session_papers(connection, session.id),
            "approvals": read_only.asked(connection, session.id),
            "questions": rows,
            "counted": marks,
            "now": self.clock(),
        }

    def screen(self, connection: Connection, code: str) -> Values:
        """The page to project. Raises :class:`NotThereError`."""
        found = screen(connection, self.board_facts, code)
        if found is None:
            raise NotThereError(code)
        return found

    def units(self, connection: Connection) -> Values:
        """Each unit's open items, and how many of them are late."""
        found = read_only.loads(connection, self.today())
        names = {one.unit: self.unit(one.unit) for one in found}
        return {"today": self.today(), "bars": load_bars(found, names), "late": sum(one.late for one in found)}

    def find(self, connection: Connection, text: str) -> Values:
        """Questions that contain every word; a register number leads to its question."""
        text = " ".join(text.split())[:LONGEST_SEARCH]
        numbers = register_numbers(text, self.board_facts.prefix)
        number = next((one for one in numbers if read_only.id_of(connection, one) is not None), "")
        ready = search.is_there(connection)
        ids = search.find(connection, text, SEARCH_LIMIT) if text and ready else []
        return {
            "said": text,
            "ready": ready,
            "number": number,
            "found": read_only.rows_of(connection, ids),
            "limit": SEARCH_LIMIT,
        }


def _only(listed: ListRow, shown: set[str]) -> ListRow:
    """A list without the questions that may not be shown."""
    rows = tuple(one for one in listed.rows if one.number in shown)
    return replace(listed, rows=rows, count=listed.count - (len(listed.rows) - len(rows)))


def _date(value: Mapping[str, Any]) -> CountedDate:
    return date_from_json(value)


def as_list(values: Iterable[str], names: Mapping[str, str]) -> str:
    """The names of several keys, separated by commas."""
    return ", ".join(names.get(one, one) for one in values)
