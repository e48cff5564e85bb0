"""Reads and checks a profile file: pydantic checks the types, the functions below whether the parts agree."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import date, time
from functools import lru_cache
from itertools import pairwise
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rules.law.day_counting import Direction, Roll
from rules.law.days_off_table import parse_day
from rules.law.profile import CLAUSE, DEFAULT_PROFILE, Options, Profile, Reminders, Routine, Rule, SessionRules, Span
from rules.values.data_file import SOURCES_KEPT, DataFileError, Source

NEEDED_RULES = (
    "tell_complaint",
    "tell_forwarded",
    "tell_outside_city",
    "forward_no_session",
    "answer_no_session",
    "late_answer",
    "review_before_posting",
    "register",
)
"""Rules that the workflow looks up by these ids."""
SESSION_RULES = (
    "plan_issued",
    "notice_posted",
    "questions_forwarded",
    "answers_returned",
    "script_sent",
    "forward_elsewhere",
    "answer_after_session",
    "tell_unanswered",
    "plan_approved",
    "notice_content",
    "script_approved",
    "chair_city",
)
"""Further rules that it looks up where the regulation has sessions."""

UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")
_CHOICE = re.compile(r"<[\w.]+: ('[^']*')>")
"""How pydantic's message names a member of an enumeration."""
MAX_DAYS = 366
MAX_HOURS = 24 * MAX_DAYS
MAX_MONTHS = 120
MAX_MINUTES = 24 * 60
MAX_DRAFT_DAYS = 60
COMMON_YEAR = "2025"
WRONG_ROLLS = {Direction.BEFORE: Roll.NEXT, Direction.AFTER: Roll.PREVIOUS}
"""A backward limit rolled forward has fewer days than "ít nhất" asks; a forward one rolled back ends early."""


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SpanFile(_Closed):
    start: time = Field(alias="from")
    end: time = Field(alias="to")

    def span(self) -> Span:
        return Span(self.start, self.end)


class _HoursFile(_Closed):
    spans: tuple[_SpanFile, ...] = Field(min_length=1)


class ProfileFile(_Closed):
    """The file's structure; :func:`read_profile` turns it into a :class:`Profile`."""

    title: str
    city: str
    instrument: str
    valid_from: date
    counting_law: str
    issuer: str = "city"
    roles: dict[str, str]
    charged: dict[str, str] = {}
    events: dict[str, str]
    options: Options
    sessions: SessionRules = SessionRules()
    working_hours: _HoursFile
    send_window: _SpanFile
    reminders: Reminders
    rule: tuple[Rule, ...]


def read_profile(file: str, data: Mapping[str, Any]) -> Profile:
    """Check a profile file's content. Raises :class:`DataFileError` with one line for the first fault."""
    try:
        read = ProfileFile.model_validate_json(json.dumps(data, default=str), strict=True)
    except ValidationError as error:
        raise DataFileError(f"{file}: {_first_fault(error, data)}") from None
    profile = _profile(read)
    for fault in _faults(profile):
        raise DataFileError(f"{file}: {fault}")
    return profile


def _profile(read: ProfileFile) -> Profile:
    return Profile(
        name="",
        digest="",
        title=read.title,
        city=read.city,
        instrument=read.instrument,
        valid_from=read.valid_from,
        counting_law=read.counting_law,
        roles=read.roles,
        events=read.events,
        options=read.options,
        sessions=read.sessions,
        working_hours=tuple(span.span() for span in read.working_hours.spans),
        send_window=read.send_window.span(),
        reminders=read.reminders,
        rules=read.rule,
        issuer=read.issuer,
        charged=read.charged,
    )


def _first_fault(error: ValidationError, data: Mapping[str, Any]) -> str:
    """The first type fault in words: where (rule and clause, or section), which key, what is wrong."""
    faults = error.errors(include_url=False, include_context=False)
    fault = min(faults, key=lambda one: one["type"] not in UNKNOWN_KEY)  # a misspelt key also counts as missing
    place = [part for part in fault["loc"] if part not in ("Options", "Rule")]
    where = ""
    if len(place) >= 2 and place[0] == "rule" and isinstance(place[1], int):
        where, place = f"{_rule_name(data['rule'][place[1]], place[1])}: ", place[2:]
    key = ".".join(str(part) for part in place)
    if fault["type"] in UNKNOWN_KEY:
        return f"{where}{key}: unknown key{_nearest(str(place[-1]), bool(where))}"
    message = _CHOICE.sub(r"\1", fault["msg"].removeprefix("Input should be ").replace("an object", "a table"))
    if fault["type"].startswith("missing"):
        return f"{where}{key}: missing"
    if not key:
        return f"{where}should be {message}, is {fault['input']!r}"
    if fault["type"] == "too_short":
        return f"{where}{key}: must not be empty"
    return f"{where}{key}: should be {message}, is {fault['input']!r}"


def _rule_name(row: object, index: int) -> str:
    if not isinstance(row, Mapping):
        return f"rule number {index + 1}"
    return f"rule {row.get('id', f'number {index + 1}')} (clause {row.get('clause', 'missing')})"


def _nearest(key: str, in_rule: bool) -> str:
    shapes = (Rule,) if in_rule else (Options, SessionRules, Reminders)
    known = [field.name for shape in shapes for field in fields(shape)]
    if not in_rule:
        known += list(ProfileFile.model_fields)
    close = difflib.get_close_matches(key, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _faults(profile: Profile) -> Iterator[str]:
    """Contradictions between the parts of a profile, first fault first."""
    yield from _time_faults(profile)
    yield from _number_faults(profile)
    if profile.sessions != SessionRules():  # leaving the section out means that there are no sessions
        yield from _session_faults(profile.sessions)
    if profile.issuer not in profile.roles:
        yield f"issuer: unknown role {profile.issuer!r}"
    seen: set[str] = set()
    for rule in profile.rules:
        where = f"rule {rule.id} (clause {rule.clause})"
        if rule.id in seen:
            yield f"{where}: id: stands twice"
        seen.add(rule.id)
        for fault in _rule_faults(rule, profile):
            yield f"{where}: {fault}"
    for needed in (*NEEDED_RULES, *(SESSION_RULES if profile.sessions.held else ())):
        if needed not in seen:
            yield f"rule {needed}: missing; the workflow asks for it"


def _time_faults(profile: Profile) -> Iterator[str]:
    spans = profile.working_hours
    if any(span.start >= span.end for span in spans):
        yield "working_hours.spans: from must be before to"
    if any(first.end > second.start for first, second in pairwise(spans)):
        yield "working_hours.spans: spans must follow each other"
    if profile.send_window.start >= profile.send_window.end:
        yield "send_window: from must be before to"


def _session_faults(sessions: SessionRules) -> Iterator[str]:
    for name in ("city_every_months", "unit_every_months", "minutes_min", "minutes_max"):
        if getattr(sessions, name) == 0:
            yield f"sessions.{name}: missing"
    if not 0 < sessions.minutes_min <= sessions.minutes_max:
        yield "sessions: minutes_min must be above 0 and at most minutes_max"
    if sessions.minutes_max > MAX_MINUTES:
        yield f"sessions: minutes_max must be at most {MAX_MINUTES}, is {sessions.minutes_max}"
    if min(sessions.city_every_months, sessions.unit_every_months) < 1:
        yield "sessions: a period must be at least 1 month"
    if (months := max(sessions.city_every_months, sessions.unit_every_months)) > MAX_MONTHS:
        yield f"sessions: a period must be at most {MAX_MONTHS} months, is {months}"


def _number_faults(profile: Profile) -> Iterator[str]:
    options, reminders = profile.options, profile.reminders
    if options.at_once_alarm_working_hours < 0 or options.late_question_hours < 0:
        yield "options: working hours must not be negative"
    if (hours := max(options.at_once_alarm_working_hours, options.late_question_hours)) > MAX_HOURS:
        yield f"options: working hours must be at most {MAX_HOURS}, are {hours}"
    if (days := max(options.at_once_late_working_days, options.missing_data_drop_days)) > MAX_DAYS:
        yield f"options: at_once_late_working_days and missing_data_drop_days must be at most {MAX_DAYS}, is {days}"
    if options.at_once_late_working_days < 1 or options.missing_data_drop_days < 1:
        yield "options: at_once_late_working_days and missing_data_drop_days must be at least 1"
    told = (*reminders.before_due, *reminders.after_due, reminders.escalate_after, reminders.citizen_after)
    if min(told) < 1:
        yield "reminders: working days must be at least 1; use on_due_day for the day itself"
    if not 0 <= reminders.citizen_again_days <= MAX_DAYS:
        yield f"reminders: citizen_again_days must be 0 to {MAX_DAYS}, is {reminders.citizen_again_days}"
    if not 0 <= reminders.unforwarded_days <= MAX_DAYS:
        yield f"reminders: unforwarded_days must be 0 to {MAX_DAYS}, is {reminders.unforwarded_days}"
    if max(told) > MAX_DAYS:
        yield f"reminders: working days must be at most {MAX_DAYS}, is {max(told)}"


def _rule_faults(rule: Rule, profile: Profile) -> Iterator[str]:
    if not rule.clause and rule.basis == "text":
        yield 'clause: missing; a rule of the house\'s own practice has basis = "default"'
    for clause in (*([rule.clause] if rule.clause else []), *rule.also):
        if not CLAUSE.fullmatch(clause):
            yield f"clause: must look like 10.1.đ (Vietnamese letters), is {clause!r}"
    for key in ("by", "approves", "confirmed_by", "tells"):
        value = getattr(rule, key)
        for role in (value,) if isinstance(value, str) else value:
            if role not in profile.roles:
                yield f"{key}: unknown role {role!r}"
    for key in ("event", "until"):
        if getattr(rule, key) and getattr(rule, key) not in profile.events:
            yield f"{key}: unknown event {getattr(rule, key)!r}"
    yield from _limit_faults(rule)


def _limit_faults(rule: Rule) -> Iterator[str]:
    ways = [rule.days is not None, rule.at_once, rule.hours is not None, bool(rule.yearly)]
    if sum(ways) > 1:
        yield "days, at_once, hours and yearly exclude each other"
    if any(ways[:3]) and not rule.event:
        yield "event: missing, the limit must be counted from something"
    if rule.days is not None:
        yield from _day_faults(rule, rule.days)
    elif rule.direction is not None or rule.unit is not None or rule.clear_days is not None:
        yield "direction, unit and clear_days need days"
    if rule.hours is not None and not 1 <= rule.hours <= MAX_HOURS:
        yield f"hours: must be 1 to {MAX_HOURS}, is {rule.hours}"
    if rule.session and (rule.days is None and not rule.at_once):
        yield "session: a duty of the session plan needs days or at_once"
    if rule.session and rule.event not in ("session", "session_end"):
        yield "event: a duty of the session plan counts from session or session_end"
    for text in rule.yearly:
        if parse_day(f"{COMMON_YEAR}-{text}") is None:
            yield f"yearly: not a day of every year (MM-DD): {text!r}"
    if rule.routine is not None:
        yield from _routine_faults(rule, rule.routine)


def _routine_faults(rule: Rule, routine: Routine) -> Iterator[str]:
    if not rule.yearly or not rule.document:
        yield "routine: needs yearly and document"
    if not 0 <= routine.draft_before <= MAX_DRAFT_DAYS:
        yield f"routine.draft_before: must be 0 to {MAX_DRAFT_DAYS} working days, is {routine.draft_before}"
    for key in ("period_from", "period_to"):
        text = getattr(routine, key)
        if text and parse_day(f"{COMMON_YEAR}-{text}") is None:
            yield f"routine.{key}: not a day of every year (MM-DD): {text!r}"


def _day_faults(rule: Rule, days: int) -> Iterator[str]:
    if not 0 <= days <= MAX_DAYS:
        yield f"days: must be 0 to {MAX_DAYS}, is {days}"
    if rule.direction is None:
        yield "direction: missing; before or after"
    elif rule.roll is WRONG_ROLLS[rule.direction]:
        yield f"roll: {rule.roll} would break a limit that counts {rule.direction}; use {_right_roll(rule)} or none"


def _right_roll(rule: Rule) -> Roll:
    return Roll.PREVIOUS if rule.direction is Direction.BEFORE else Roll.NEXT


@lru_cache(maxsize=2 * SOURCES_KEPT)
def load_profile(name: str = DEFAULT_PROFILE, source: Source = Source()) -> Profile:  # noqa: B008 - frozen value
    """The profile in ``profiles/NAME.toml``. Raises :class:`DataFileError` naming file, rule, clause and key."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise DataFileError(f"profile name must be of a-z, 0-9, - and _, is {name!r}")
    file = f"profiles/{name}.toml"
    if not source.path(file).is_file():
        there = ", ".join(source.stems("profiles"))
        raise DataFileError(f"{file}: there is no such profile; write one that there is into rules.profile: {there}")
    profile = read_profile(file, source.toml(file))
    digest = hashlib.sha256(source.text(file).encode()).hexdigest()[:12]
    return replace(profile, name=name, digest=digest)
