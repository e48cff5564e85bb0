"""Profile and calendar together: all dates and instants that the daily work needs from the law, and how long data are
kept (the classes of ``retention.toml``)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from rules.law.day_counting import Direction, Limit, Roll, count
from rules.law.deadlines import (
    Reminder,
    ReminderKind,
    add_working_hours,
    at_once_limits,
    next_send_instant,
    question_due,
    reminders,
    working_days_from,
)
from rules.law.profile import Profile
from rules.law.working_days import CITY_ZONE, Calendar, city_day, short_date
from rules.values.data_file import DataFileError, Source
from rules.values.model import CountedDate, Kind
from rules.values.states import QuestionStatus

Key = TypeVar("Key")
Value = TypeVar("Value")
GRANTED = "granted"
"""The rule of a day that the Board granted, in place of the profile's."""
BEFORE_SESSION = "answers_returned"
"""The profile's rule for the answers that the Board gets before a session (10.1.d)."""
IN_PERSON = "in_person"
"""The rule of a session's own day, on which a unit answers there in person, in place of S-3."""
LATE = "late_answer"
"""The profile's rule for the new day of an answer that is late."""
MOST_KEPT = 200
"""The number of counted dates kept in memory; the questions of one day need only a few."""


@dataclass(frozen=True, slots=True)
class ReviewDue:
    """ "Ngay" in figures: the counted date, its instant, and when to alarm before it."""

    due: CountedDate
    due_at: datetime
    alarm_at: datetime


@dataclass(frozen=True, slots=True)
class ChaseEvent:
    """One reminder step: when it is due, and which notice it sends."""

    at: datetime
    what: ReminderKind


@dataclass(frozen=True, slots=True)
class Law:
    """One profile on one calendar. Pure: ``now`` is always an argument."""

    profile: Profile
    calendar: Calendar
    _due: dict[tuple[str, date], CountedDate] = field(default_factory=dict, init=False, repr=False, compare=False)
    _steps: dict[date, tuple[tuple[datetime, Reminder], ...]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """Steps counted so far, by due day: all questions due on one day share them."""
    _repeated: dict[date, list[date]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The working days, every so many after the due day, on which the last step may repeat."""

    def today(self, now: datetime) -> date:
        """The city's day at this instant."""
        return city_day(now)

    def answer_due(self, forwarded_at: datetime, received_at: datetime | None = None) -> CountedDate:
        """When a unit's answer is due without a session: the profile's days after forwarding (by 10.1.i).

        A profile may count the days from the receipt of the question instead.
        """
        from_receipt = self.profile.rule("answer_no_session").event == "receipt"
        start = received_at if from_receipt and received_at is not None else forwarded_at
        return self._counted("answer_no_session", city_day(start))

    def _counted(self, event: str, start: date) -> CountedDate:
        return _kept(self._due, (event, start), lambda: question_due(event, start, self.profile, self.calendar))

    def late_until(self, due: CountedDate, now: datetime) -> CountedDate:
        """The new date given to a citizen when the answer is late.

        Counted from the old due day; from today if the result has passed already (the daemon was down).
        """
        today = city_day(now)
        counted = question_due(LATE, due.on, self.profile, self.calendar)
        if counted.on > today:
            return counted
        return question_due(LATE, today, self.profile, self.calendar)

    def handed_on(self, due: CountedDate, now: datetime, day: date | None) -> CountedDate:
        """The due date with which a question goes to another unit: its own, which forwarding does not change.

        If that has passed, the date of a late answer: ``day``, the day that its asker was told, if it is still to
        come; it is a promise and is not counted again (:func:`is_promise`).
        """
        if due.on >= self.today(now):
            return due
        late = self.late_until(due, now)
        if day is None or day <= self.today(now):
            return late
        reason = f"Ngày đã báo người hỏi: {short_date(day)}."
        return replace(late, on=day, raw=day, start=day, reason=reason, skipped=())

    def granted(self, due: CountedDate, until: date) -> CountedDate:
        """A due date that the Board granted, with its reason; moved off a day off (Civil Code, Art. 148.5)."""
        on = self.calendar.on_or_after(until)
        return CountedDate(
            on=on,
            raw=until,
            clause=due.clause,
            start=due.on,
            reason=f"Ban Biên tập đồng ý gia hạn đến ngày {short_date(until)} (hạn trước: {short_date(due.on)}).",
            calendar_version=self.calendar.version,
            provisional=self.calendar.is_provisional(on.year),
            rule=GRANTED,
        )

    def is_for_session(self, due: CountedDate) -> bool:
        """True for S-3 (10.1.d), also with more time: such an answer is owed to the Board, for the session."""
        rule = self.profile.find(BEFORE_SESSION)
        extended = rule is not None and due.rule == GRANTED and due.clause == rule.clause
        return due.rule in {BEFORE_SESSION, IN_PERSON} or extended

    def set_back(self, due: CountedDate, until: date, now: datetime) -> CountedDate | None:
        """An earlier day for one that the Board granted by mistake; never before the day that it replaced.

        None if nothing was granted, or if the day has already come.
        """
        if due.rule != GRANTED or not max(due.start, self.today(now) + timedelta(days=1)) <= until < due.on:
            return None
        return self.granted(replace(due, on=due.start), until)

    def dropped_on(self, now: datetime) -> CountedDate:
        """Until when to wait for the data of 21.1, if the profile drops a question without them."""
        days = self.profile.options.missing_data_drop_days
        rule = self.profile.rule("asker_data")
        limit = Limit(days, Direction.AFTER, roll=Roll.NEXT)
        return count(city_day(now), limit, self.calendar, self.profile.grounds(replace(rule, event="receipt")))

    def review_due(self, now: datetime, hours: int = 0, received_at: datetime | None = None) -> ReviewDue:
        """ "Ngay": alarm after ``hours`` working hours (0 = the profile's), late at the end of its working days.

        Lateness counts from the receipt (8.2, 10.1.h), which may lie before a downtime; the alarm counts from now,
        when people first see the mail.
        """
        since = min(received_at or now, now)
        limits, seen = (at_once_limits(moment, self.profile, self.calendar) for moment in (since, now))
        at = add_working_hours(now, hours, self.calendar, self.profile) if hours else seen.alarm
        on = city_day(limits.late - timedelta(minutes=1))
        days = self.profile.options.at_once_late_working_days
        due = CountedDate(
            on=on,
            raw=on,
            clause=self.profile.rule("register").clause,
            start=city_day(since),
            reason=f"“Ngay”: chậm nhất {days} ngày làm việc kể từ ngày nhận.",
            calendar_version=self.calendar.version,
            provisional=self.calendar.is_provisional(on.year),
        )
        return ReviewDue(due, limits.late, min(at, limits.late) if limits.late > now else at)

    def send_at(self, now: datetime) -> datetime:
        """The next instant at which a reminder may be sent: working hours of a working day."""
        return next_send_instant(now, self.profile, self.calendar)

    def chase_event(self, due: CountedDate, stage: int) -> ChaseEvent:
        """Reminder step number ``stage`` (from 0) for an answer; after the profile's list, its last step repeats."""
        steps = self._all_steps(due.on)
        if stage < len(steps):
            at, step = steps[stage]
            return ChaseEvent(at, step.kind)
        every = max(self.profile.reminders.after_due[-1:] or (5,))
        days = _kept(self._repeated, due.on, lambda: [working_days_from(due.on, every, self.calendar)])
        while len(days) < stage - len(steps) + 2:  # each from the one before: some are late for years
            days.append(working_days_from(days[-1], every, self.calendar))
        return ChaseEvent(self.opening(days[stage - len(steps) + 1]), ReminderKind.OVERDUE)

    def _chased(self, due: date) -> tuple[tuple[datetime, Reminder], ...]:
        return tuple((self.opening(one.day), one) for one in reminders(due, self.profile, self.calendar))

    def unforwarded_at(self, due: CountedDate, times: int) -> datetime | None:
        """When to report for the ``times``-th time that a question still waits to be forwarded; None = never."""
        every = self.profile.reminders.unforwarded_days
        return self.opening(working_days_from(due.on, every * times, self.calendar)) if every else None

    def told_again(self, due: CountedDate, now: datetime) -> tuple[int, datetime | None]:
        """How many repeat notices the requester of a late question should have had by now, and when the next is due.

        They are the profile's number of days apart, counted from the first notice; (0, None) where there is only one.
        """
        every = self.profile.reminders.citizen_again_days
        if not every:
            return 0, None
        first = next(one.day for at, one in self._all_steps(due.on) if one.kind is ReminderKind.CITIZEN)
        times = max(0, (city_day(now) - first).days // every)
        following = first + timedelta(days=every * (times + 1))
        return times, self.opening(self.calendar.on_or_after(following))

    def _all_steps(self, due: date) -> tuple[tuple[datetime, Reminder], ...]:
        return _kept(self._steps, due, lambda: self._chased(due))

    def opening(self, day: date) -> datetime:
        """The instant at which the send window opens on that day."""
        return datetime.combine(day, self.profile.send_window.start, CITY_ZONE).astimezone(UTC)

    def working_days_before(self, day: date, number: int) -> date:
        """The working day ``number`` working days before a day."""
        return working_days_from(day, -number, self.calendar)

    def working_days_after(self, day: date, number: int) -> date:
        """The working day ``number`` working days after a day."""
        return working_days_from(day, number, self.calendar)

    def first_stage(self, due: CountedDate, now: datetime) -> int:
        """The first step not yet due at ``now``; steps already past are not sent, as they would be out of date."""
        stage = 0
        while self.chase_event(due, stage).at <= now:
            stage += 1
        return stage


def in_person(due: CountedDate, day: date) -> CountedDate:
    """The due date of a unit that answers in person at the session of that day: its outcome decides then; a later
    date stays."""
    on, reason = max(due.on, day), f"Đơn vị trả lời trực tiếp tại phiên đối thoại ngày {short_date(day)}."
    return replace(due, on=on, raw=on, start=day, reason=reason, skipped=(), rule=IN_PERSON)


def is_in_person(due: CountedDate) -> bool:
    """True where the unit has said that it answers in person at the session."""
    return due.rule == IN_PERSON


def is_promise(due: CountedDate) -> bool:
    """True for the day of a late answer that its asker has been told, which no calendar counts again."""
    return due.rule == LATE and due.start == due.raw


def _kept(counted: dict[Key, Value], key: Key, count_it: Callable[[], Value]) -> Value:
    """The value stored for a key; counted and stored first when it is not there."""
    if key not in counted:
        if len(counted) >= MOST_KEPT:
            counted.clear()
        counted[key] = count_it()
    return counted[key]


@dataclass(frozen=True, slots=True)
class RetentionClass:
    """One class: kinds of mails, states of questions, or our own letters, and for how many days they are kept."""

    name: str
    days: int
    mails: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    letters: bool = False
    """Letters of ours about no single mail or question: overviews, alerts, what goes round before a session."""

    def before(self, now: datetime) -> datetime:
        """The cut-off instant: what is older has been kept long enough."""
        return now - timedelta(days=self.days)


MOST_DAYS = 36_525
"""A hundred years: nothing is kept longer for a term."""
CLOSED = frozenset({"rejected", "answered", "approved", "published", "closed"})
"""States in which nobody works on a question any more; questions in other states must not be deleted."""


def load_retention(source: Source | None = None) -> tuple[RetentionClass, ...]:
    """All classes in the file's order. Raises :class:`rules.values.data_file.DataFileError`."""
    return tuple(_class(name, table) for name, table in (source or Source()).toml("retention.toml").items())


def _class(name: str, table: dict[str, object]) -> RetentionClass:
    where = f"retention.toml: [{name}]"
    strange = set(table) - {"days", "mails", "questions", "letters"}
    days = table.get("days")
    if strange:
        raise DataFileError(f"{where}: unknown key {sorted(strange)[0]}")
    if not isinstance(days, int) or isinstance(days, bool) or not 1 <= days <= MOST_DAYS:
        raise DataFileError(f"{where}: days must be a whole number from 1 to {MOST_DAYS}")
    letters = table.get("letters", False)
    if not isinstance(letters, bool):
        raise DataFileError(f"{where}: letters must be true or false")
    mails, questions = (_words(table, key, where) for key in ("mails", "questions"))
    found = RetentionClass(name, days, mails, questions, letters)
    for one in found.mails:
        if one not in tuple(Kind):
            raise DataFileError(f"{where}: mails: there is no kind of mail {one!r}; they are {', '.join(Kind)}")
    if set(found.questions) - set(QuestionStatus):
        one = min(set(found.questions) - set(QuestionStatus))
        raise DataFileError(f"{where}: questions: there is no state {one!r}; they may be {', '.join(sorted(CLOSED))}")
    if set(found.questions) - CLOSED:
        raise DataFileError(f"{where}: questions that are still worked on cannot be deleted")
    if "denunciation" in found.mails:
        raise DataFileError(f"{where}: denunciations are never deleted by the program")
    return found


def _words(table: dict[str, object], key: str, where: str) -> tuple[str, ...]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise DataFileError(f"{where}: {key} must be a list of words")
    return tuple(value)
