"""The facts of the daily and weekly overviews: ``db.reports.overview`` reads them,
``rules.decide.due.overviews`` puts them into words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from rules.values.model import Candidate

DONE_NAMES: Mapping[str, str] = {
    "registered": "câu hỏi được đăng ký vào sổ",
    "forwarded": "lượt chuyển câu hỏi đến đơn vị",
    "answered": "lượt trả lời của đơn vị được ghi nhận",
    "completed": "lượt người hỏi bổ sung thông tin",
    "satisfied": "người hỏi hài lòng với câu trả lời",
    "not_satisfied": "người hỏi chưa hài lòng với câu trả lời",
    "late": "việc quá hạn được ghi nhận",
    "linked": "câu hỏi được nhận ra là giống câu đã có",
    "queued": "thư được soạn và gửi đi",
    "bounced": "thư không đến được người nhận",
}


AMENDMENT = "amendment_proposed"
"""The journal's name for the act of proposing a change of the regulation (24)."""
SOON_DAYS = 3
"""How many calendar days ahead count as soon."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """The first rows of a list, and how many rows there are in all."""

    rows: tuple[ListedCase, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class ListedCase:
    """One case in a list. Only the fields that its list needs are filled in.

    ``number`` is a register number; ``mail`` a held mail's id; ``assignment`` a unit's item.
    """

    number: str = ""
    subject: str = ""
    at: datetime | None = None
    due_on: date | None = None
    unit: str = ""
    assignment: int = 0
    mail: int = 0
    who: str = ""
    why: str = ""
    guess: tuple[Candidate, ...] = ()
    like: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OverviewFacts:
    """Facts for the officers' morning overview. ``done``: how often the daemon did what since the last overview."""

    new: ListRow = ListRow()
    review: ListRow = ListRow()
    held: ListRow = ListRow()
    sealed: int = 0
    files: ListRow = ListRow()
    today: ListRow = ListRow()
    soon: ListRow = ListRow()
    late: ListRow = ListRow()
    approvals: ListRow = ListRow()
    privacy: ListRow = ListRow()
    missing: ListRow = ListRow()
    """Periods of 6.1 whose session has not been held, from the day on which officers are warned."""
    untold: ListRow = ListRow()
    """Requesters without a mail address who have not been told yet; ``why`` says what."""
    unsigned: int = 0
    done: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """The week's lists: each unit's open cases, late ones by unit, and refusals since the week before."""

    units: Mapping[str, ListRow] = field(default_factory=dict)
    late: Mapping[str, int] = field(default_factory=dict)
    oldest: Mapping[str, ListedCase] = field(default_factory=dict)
    rejected: ListRow = ListRow()
    refused: ListRow = ListRow()
