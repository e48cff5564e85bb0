"""Papers of the routine duties, drafted from the register's figures: plan, reports, review pack, evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from daemon.base.errors import DoithoaiError
from daemon.base.logs import Log
from daemon.documents.inputs import Filing, Task, unit_filing
from daemon.documents.making import files_of, to_json
from daemon.documents.markup import plain
from daemon.documents.model import Document, digest
from daemon.documents.report_inputs import (
    EvidenceInput,
    EvidenceRow,
    FieldFigures,
    Figures,
    HeldSession,
    PlannedSession,
    QuarterlyPlanInput,
    ReportInput,
    ReviewInput,
    UnitFigures,
)
from daemon.documents.reports import build_evidence, build_quarterly_plan, build_report, build_review_pack
from daemon.installation.installation import Installation
from daemon.papers.draft_session_papers import filing_of
from db.core.dialects import date_from_json
from db.decision.gather_duty import unread_letters
from db.register import board_papers, sessions
from db.reports import figures as counts
from rules.decide.base.approval_requests import is_before_approvers
from rules.decide.base.notices import unit_name
from rules.decide.due.reminders import LEVEL_NAMES, name_of
from rules.decide.session.routine_reports import routine_key
from rules.law.profile import Routine, Rule
from rules.law.session_limits import OVER, periods, planned_in
from rules.law.session_rules import ROUTINE_PAPERS, Paper, PaperFacts, PaperKind, SessionFacts, SessionStatus
from rules.law.working_days import CITY_ZONE, city_day, short_date
from rules.values.model import CountedDate

log = Log("routine_papers")

NO_FIELD = "Lĩnh vực khác"


def draft_routine(
    connection: Connection, installation: Installation, row: Row[Any], now: datetime
) -> Paper | str | None:
    """The current paper of a routine duty, unless its signer has one already; None when it cannot be made.

    A paper without files says that there is nothing to report. A text says what the officers must provide first.
    """
    due = date_from_json(row.due)
    papers = board_papers.papers_of(connection, about=row.key)
    shown = (paper for paper in papers if paper.status in {"shown", "approved"})
    standing = [paper for paper in shown if is_before_approvers(installation.board, paper)]
    try:
        rule = installation.board.law.profile.rule(due.rule)
        if standing and not _outdated(connection, installation, rule, due, standing[-1]):
            return None
        if lacks := _sessions_wanted(connection, installation, rule, due, now):
            return lacks
        return make_paper(connection, installation, rule, due, row.key, now)
    except (DoithoaiError, ValueError) as error:
        log.failure("no_routine_paper", error, duty=row.key)
        return None


def _outdated(
    connection: Connection, installation: Installation, rule: Rule, due: CountedDate, standing: PaperFacts
) -> bool:
    """Whether the register says something else by now of the day on which an unsigned evidence (23) was drafted."""
    drafted = board_papers.last_drafted(connection, [standing.about])
    if standing.kind is not PaperKind.EVIDENCE or standing.status != "shown" or drafted is None:
        return False
    again = make_paper(connection, installation, rule, due, standing.about, drafted)
    return again is not None and again.digest != standing.digest


def _sessions_wanted(
    connection: Connection, installation: Installation, rule: Rule, due: CountedDate, now: datetime
) -> str:
    """A quarterly plan without a session cannot be signed: it waits for a session until the last reminder."""
    law = installation.board.law
    last = law.working_days_before(due.on, max(law.profile.reminders.before_due, default=0))
    if rule.document != "quarterly_plan" or rule.routine is None or law.today(now) >= last:
        return ""
    plan = _Desk(connection, installation, rule.routine, due, now).plan()
    if plan.sessions:
        return ""
    none = f"Quý {plan.quarter} năm {plan.year} chưa có phiên đối thoại nào được đề xuất."
    return " ".join((none, *plan.notes))


def make_paper(
    connection: Connection, installation: Installation, rule: Rule, due: CountedDate, key: str, now: datetime
) -> Paper | None:
    """The paper that the rule's ``document`` names. Raises ``DoithoaiError`` or ValueError when it cannot be made."""
    if rule.routine is None or rule.document not in ROUTINE_PAPERS:
        return None
    desk = _Desk(connection, installation, rule.routine, due, now)
    build: Mapping[str, Callable[[], Sequence[Document]]] = {
        "quarterly_plan": lambda: [build_quarterly_plan(desk.plan())],
        "half_year_report": lambda: [build_report(desk.report(annual=False))],
        "annual_report": lambda: [build_report(desk.report(annual=True))],
        "review_pack": lambda: [build_review_pack(desk.review())],
        "evidence": lambda: [build_evidence(one) for one in desk.evidence()],
    }
    made, stem = build[rule.document](), f"{rule.document}-{due.raw:%Y-%m-%d}"
    stems = [stem] if len(made) == 1 else [f"{stem}-{place:02d}" for place in range(1, len(made) + 1)]
    files = tuple(file for one, name in zip(made, stems, strict=True) for file in files_of(one, name))
    title = made[0].title if len(made) == 1 else f"{rule.duty} ({len(made)} đơn vị)"
    whole = digest(made[0]) if len(made) == 1 else _digest(made)
    text = "\n\n".join(plain(one) for one in made)
    return Paper(ROUTINE_PAPERS[rule.document], title, whole, text, files, key, to_json(made))


def _digest(documents: Sequence[Document]) -> str:
    return hashlib.sha256("\n".join(digest(one) for one in documents).encode()).hexdigest()


class _Desk:
    """The inputs of one draft."""

    def __init__(
        self, connection: Connection, installation: Installation, routine: Routine, due: CountedDate, now: datetime
    ) -> None:
        self.connection, self.installation, self.routine = connection, installation, routine
        self.due, self.now = due, now
        self.board, self.law = installation.board, installation.board.law

    @property
    def filing(self) -> Filing:
        return replace(filing_of(self.installation, self.now), year=self.due.raw.year)

    def days(self) -> tuple[date, date]:
        """First and last day of the figures, for a duty of this date."""
        return _period(self.routine, self.due.raw)

    def drafted_before(self) -> datetime | None:
        """When the paper for the period before was drafted: what came later in that period is counted now."""
        first, kind = self.days()[0], ROUTINE_PAPERS.get(self.law.profile.rule(self.due.rule).document)
        same = [one for one in self.law.profile.rules if one.routine and ROUTINE_PAPERS.get(one.document) is kind]
        keys = [
            routine_key(one.id, raw)
            for one in same
            for raw in (_on(date(year, 1, 1), text) for year in (first.year - 1, first.year) for text in one.yearly)
            if one.routine and _period(one.routine, raw)[1] == first - timedelta(days=1)
        ]
        return board_papers.last_drafted(self.connection, keys)

    def counted(self) -> tuple[counts.UnitCount, ...]:
        start, end = self._counted_time()
        return counts.by_unit(self.connection, start, end, self.now)

    def _late(self) -> tuple[counts.UnitCount, ...]:
        """As it stood at the period's end; with what fell due since the evidence before this period was drafted."""
        start, end = self._instants()
        due = self.law.calendar.on_or_before(self.days()[0])
        drafted = self.law.working_days_before(due, self.routine.draft_before)  # by its day, and not by its row
        return counts.by_unit(self.connection, start, end, min(self.now, end), _midnight(drafted))

    def _instants(self) -> tuple[datetime, datetime]:
        first, last = self.days()
        return _midnight(first), _midnight(last + timedelta(days=1))

    def _counted_time(self) -> tuple[datetime, datetime]:
        """The period, from where the paper for the one before left off."""
        start, end = self._instants()
        return min(start, self.drafted_before() or start), end

    def figures(self) -> Figures:
        start, end = self._instants()
        first, last = self.days()
        before = self.drafted_before()
        fields = counts.by_field(self.connection, start, end, before)
        held = counts.by_session(self.connection, *self._counted_time())
        said = counts.by_content(self.connection, start, end, before)
        return Figures(
            first,
            last,
            city_day(self.now),
            tuple(self._unit(one) for one in self.counted()),
            tuple(
                FieldFigures(one.field or NO_FIELD, one.asked, one.answered, one.rejected, one.open) for one in fields
            ),
            tuple(self._held(one) for one in held),
            said.get("yes", 0),
            said.get("no", 0),
            city_day(before) if before and before < start else None,
        )

    def _unit(self, one: counts.UnitCount) -> UnitFigures:
        return UnitFigures(
            unit_name(self.board, one.unit), one.forwarded, one.in_time, one.late, one.open, one.overdue
        )

    def _held(self, one: counts.SessionCount) -> HeldSession:
        found = sessions.load(self.connection, [one.session])[one.session]
        chair = ", ".join(part for part in (found.form.chair.name, found.form.chair.title) if part)
        return HeldSession(found.day, found.form.level, found.form.topic, chair, one.questions, one.live, one.after)

    def report(self, *, annual: bool) -> ReportInput:
        city = f"{self.law.profile.roles['city']} {self.law.profile.city}"
        figures = self.figures()
        # Only what the figures themselves show; people write the causes and judgements.
        late = tuple(
            f"{one.unit}: trả lời chậm {one.late:02d}, quá hạn chưa trả lời {one.overdue:02d}."
            for one in figures.units
            if one.late or one.overdue
        )
        proposed = counts.amendments(self.connection, *self._counted_time())
        filing, results = self._reporter(), tuple(self._held_as_owed())
        return ReportInput(filing, annual, figures, city, results, late, proposed)

    def _reporter(self) -> Filing:
        """The reporting body (22): the unit that the profile charges, where that unit has an address."""
        profile = self.law.profile
        rule = profile.rule(self.due.rule)
        contact = self.board.contacts.get(profile.charged.get(rule.by, ""))
        if contact is None:
            return self.filing
        return unit_filing(self.filing, profile.roles[rule.by], contact.code, contact.leader_name)

    def _held_as_owed(self) -> Iterator[str]:
        """For each whole period of 6.1 that ended in the reporting time, whether its session was held."""
        first, last = self.days()
        every = sessions.every(self.connection)
        for one in periods(first - timedelta(days=366), last, self.law.profile):
            if first <= one.last <= last:
                held = sum(1 for session in planned_in(one, every) if session.status in OVER)
                level = LEVEL_NAMES[one.level]
                yield f"{name_of(one)}: {f'đã tổ chức {held:02d}' if held else 'không tổ chức'} phiên {level}."

    def review(self) -> ReviewInput:
        at = datetime.combine(self.due.on, self.routine.at or time(8), CITY_ZONE).astimezone(UTC)
        roles = self.law.profile.roles
        named = (roles["board"], roles["office"], *self.routine.invited)
        units = self.board.units
        bodies = (code for code in self.board.contacts if code not in units or units[code].kind != "utility")
        invited = _each_once((*named, *(unit_name(self.board, code) for code in bodies)))
        routine = self.routine
        words = (routine.agenda, routine.discussion, ())
        return ReviewInput(self.filing, self.figures(), at, routine.place, invited, *words)

    def plan(self) -> QuarterlyPlanInput:
        """The quarter after the due day, with the sessions proposed so far and those that 6.1 still requires."""
        after = self.due.raw.replace(day=1) + timedelta(days=32)
        quarter = (after.month - 1) // 3 + 1
        running = [one for one in sessions.every(self.connection) if one.status is not SessionStatus.CANCELLED]
        own = [one for one in running if (one.day.year, (one.day.month - 1) // 3 + 1) == (after.year, quarter)]
        rules = self.law.profile.rules
        stated = (rule for rule in rules if rule.session and rule.basis == "text")
        tasks = tuple(Task(self.law.profile.roles[rule.by], f"{rule.duty}.") for rule in stated)
        return QuarterlyPlanInput(
            filing=replace(self.filing, year=city_day(self.now).year),
            year=after.year,
            quarter=quarter,
            sessions=tuple(self._planned(session) for session in own),
            tasks=tasks,
            notes=self._still_wanted(after.year, quarter, running),
        )

    def _planned(self, session: SessionFacts) -> PlannedSession:
        profile, calendar, form = self.law.profile, self.law.calendar, session.form
        chair = ", ".join(part for part in (form.chair.name, form.chair.title) if part)
        body = form.chair.body or (unit_name(self.board, form.unit) if form.unit else "")
        plan_by = session.due("plan_issued", profile, calendar).on
        notice_by = session.due("notice_posted", profile, calendar).on
        return PlannedSession(form.level, session.day, form.topic, chair, body, plan_by, notice_by)

    def _still_wanted(self, year: int, quarter: int, running: Sequence[SessionFacts]) -> tuple[str, ...]:
        """The windows of 6.1 that end in the quarter and have no session yet."""
        rules = self.law.profile.sessions
        months = range(quarter * 3 - 2, quarter * 3 + 1)
        notes = []
        for level, every, name in (
            ("city", rules.city_every_months, "cấp thành phố"),
            ("unit", rules.unit_every_months, "cấp sở, ngành, địa phương"),
        ):
            for last in (month for month in months if every and month % every == 0):
                window = range(last - every + 1, last + 1)
                if not any(
                    one.form.level == level and one.day.year == year and one.day.month in window for one in running
                ):
                    notes.append(
                        f"Chưa có phiên đối thoại {name} từ tháng {window[0]:02d} đến tháng {last:02d} năm {year}."
                    )
        return tuple(notes)

    def evidence(self) -> list[EvidenceInput]:
        """One input for each unit that answered late, or has not answered although it was due."""
        first, last = self.days()
        as_of = min(last, city_day(self.now))
        return [
            EvidenceInput(self.filing, self._unit(one), first, last, as_of, self._cases(one, as_of))
            for one in self._late()
            if one.cases
        ]

    def _cases(self, one: counts.UnitCount, as_of: date) -> tuple[EvidenceRow, ...]:
        """The unit's cases; nothing is counted from a letter on that lies with the officers and may answer."""
        unread = unread_letters(self.connection, self.board, one.unit)
        return tuple(_case(case, as_of, unread.get(case.code)) for case in one.cases)


def _case(case: counts.UnitCase, as_of: date, letter_at: datetime | None) -> EvidenceRow:
    answered = city_day(case.answered_at) if case.answered_at else None
    letter = city_day(letter_at) if letter_at and not answered else None
    wrote = f"Đơn vị gửi thư ngày {short_date(letter)}, Ban Biên tập chưa ghi nhận là câu trả lời" if letter else ""
    return EvidenceRow(
        case.code,
        case.subject,
        city_day(case.forwarded_at),
        case.due,
        answered,
        max(0, ((answered or min(letter or as_of, as_of)) - case.due.on).days),
        tuple(city_day(at) for at in case.reminded),
        "; ".join(text for text in ("Đã xin gia hạn" if case.wanted_until else "", wrote) if text),
    )


def _period(routine: Routine, raw: date) -> tuple[date, date]:
    last = _on(raw, routine.period_to) if routine.period_to else raw - timedelta(days=1)
    last = last if last <= raw else _on(date(raw.year - 1, 1, 1), routine.period_to)
    first = _on(last, routine.period_from or "01-01")
    return (first if first < last else _on(date(last.year - 1, 1, 1), routine.period_from), last)


def _on(year_of: date, month_day: str) -> date:
    return date.fromisoformat(f"{year_of.year:04d}-{month_day}")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), CITY_ZONE).astimezone(UTC)


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    """The names, without a second form (short or full) of the same body's name."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(name.replace("UBND", "Ủy ban nhân dân").casefold(), name)
    return tuple(found.values())
