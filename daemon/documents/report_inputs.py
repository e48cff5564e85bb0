"""The inputs of reports, of plans for a period, and of the printed register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from daemon.documents.inputs import Filing, Task
from daemon.documents.model import Column
from rules.values.model import CountedDate


@dataclass(frozen=True, slots=True)
class PlannedSession:
    """A session of a quarterly plan; ``on`` may be a proposal only."""

    level: str
    on: date
    topic: str
    chair: str
    body: str
    plan_by: date
    notice_by: date


@dataclass(frozen=True, slots=True)
class QuarterlyPlanInput:
    """The plan of a quarter, for the Office to follow (16.1)."""

    filing: Filing
    year: int
    quarter: int
    sessions: tuple[PlannedSession, ...]
    tasks: tuple[Task, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """A unit's answering. Forwarded = answered in time + answered late + open; ``overdue`` is a part of open."""

    unit: str
    forwarded: int
    in_time: int
    late: int
    open: int
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class FieldFigures:
    """The questions of one field. Asked = answered + rejected + open."""

    field: str
    asked: int
    answered: int
    rejected: int
    open: int


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A session that was held: how many questions came, and were answered in it and after it."""

    on: date
    level: str
    topic: str
    chair: str
    questions: int
    answered_live: int
    answered_after: int


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a period, both days included, on which every report of 22, 11.6 and 23 is based."""

    first: date
    last: date
    as_of: date
    units: tuple[UnitFigures, ...]
    fields: tuple[FieldFigures, ...]
    sessions: tuple[HeldSession, ...] = ()
    content: int = 0
    """Askers who said that they are content with their answer."""
    not_content: int = 0
    since: date | None = None
    """From when on what came before ``first`` is counted too: the paper of the period before was drafted then."""


@dataclass(frozen=True, slots=True)
class ReportInput:
    """The half-year or annual report (22); people write the judgements, the figures are counted."""

    filing: Filing
    annual: bool
    figures: Figures
    addressee: str
    results: tuple[str, ...] = ()
    difficulties: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReviewInput:
    """The pack for the yearly review meeting (11.6)."""

    filing: Filing
    figures: Figures
    meeting_at: datetime
    place: str
    invited: tuple[str, ...]
    agenda: tuple[str, ...]
    discussion: tuple[str, ...]
    directions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A late or missing answer of a unit. ``answered_on`` None = still missing; ``days_late`` as of the report."""

    code: str
    subject: str
    forwarded_on: date
    due: CountedDate
    answered_on: date | None
    days_late: int
    reminded: tuple[date, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceInput:
    """The evidence on one unit (23)."""

    filing: Filing
    figures: UnitFigures
    first: date
    last: date
    as_of: date
    rows: tuple[EvidenceRow, ...]


@dataclass(frozen=True, slots=True)
class RegisterInput:
    """The printed register of a period, both days included; ``keeper`` signs on the left."""

    filing: Filing
    first: date
    last: date
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    keeper: str = ""
