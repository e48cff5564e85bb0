"""The regulation as data: a rule profile read from ``profiles/NAME.toml``, checked so that an error names its place.

Nothing in the code knows a number, a role or an approver of Decision 1374/2016/QĐ-UBND; another city's
regulation is another file. Only the ids in :data:`NEEDED_RULES` are fixed, because the workflow asks for them.

Also what letters cite: clauses of the regulation in force, and laws with the day on which each ceases to be in force.
The program refers to rules by their clauses in Decision 1374/2016/QĐ-UBND ("10.1.h"). Other regulations number
differently: their profile gives each rule's clause, and letters cite that or nothing. Laws are in ``laws.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from functools import lru_cache
from typing import Literal

from rules.law.day_counting import DayUnit, Direction, Grounds, Limit, Roll
from rules.values.data_file import SOURCES_KEPT, DataFileError, Source

DEFAULT_PROFILE = "hp-1374-2016"
OWN_PRACTICE = "quy trình nội bộ"
"""What is cited for a rule that the regulation itself does not contain."""
STRICT = {"extra": "forbid"}
"""Unknown keys of the TOML file are errors."""


@dataclass(frozen=True, slots=True)
class Routine:
    """How the paper of a yearly duty is drafted: ``draft_before`` working days before its due day.

    Its figures cover ``period_from`` to ``period_to`` (MM-DD; "" = the day before the due day), both included.
    The other fields are for a meeting: when it begins, where, its agenda, and the points for discussion.
    """

    __pydantic_config__ = STRICT

    draft_before: int = 5
    period_from: str = ""
    period_to: str = ""
    at: time | None = None
    place: str = ""
    agenda: tuple[str, ...] = ()
    discussion: tuple[str, ...] = ()
    invited: tuple[str, ...] = ()
    """Those invited to a meeting besides Board, Office and units."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One duty. At most one of ``days``, ``at_once``, ``hours`` and ``yearly`` sets its time; none = it has no date.

    ``unit``, ``roll`` and ``clear_days`` are None when the profile's options decide. ``session`` marks the duties
    that get a date as soon as a session has one. ``yearly`` holds days as MM-DD.
    """

    __pydantic_config__ = STRICT

    id: str
    clause: str
    duty: str
    by: str
    event: str = ""
    direction: Direction | None = None
    days: int | None = None
    unit: DayUnit | None = None
    roll: Roll | None = None
    clear_days: bool | None = None
    at_once: bool = False
    hours: int | None = None
    yearly: tuple[str, ...] = ()
    session: bool = False
    until: str = ""
    approves: tuple[str, ...] = ()
    confirmed_by: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    template: str = ""
    document: str = ""
    also: tuple[str, ...] = ()
    cite: str = ""
    basis: Literal["text", "default", "law"] = "text"
    routine: Routine | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """Choices made where the text is silent; ``docs/law.md`` lists the values."""

    __pydantic_config__ = STRICT

    day_unit: DayUnit
    roll_before: Literal[Roll.PREVIOUS, Roll.NONE]
    roll_after: Literal[Roll.NEXT, Roll.NONE]
    clear_days: bool
    swapped_days_off: bool
    at_once_alarm_working_hours: int
    at_once_late_working_days: int
    frequency_scope: Literal["city", "unit"]
    frequency_windows: Literal["calendar", "rolling"]
    forward_elsewhere: Literal["at_once", "after_session"]
    late_question_hours: int
    confirm_rejections: bool
    missing_data: Literal["ask_once", "ask_then_drop"]
    missing_data_drop_days: int
    register_signature: Literal["recorded_and_print", "print_only"]
    questions_in_one_mail: Literal["items", "one_item"]
    fields_in_one_question: Literal["lead_and_supporting", "lead_only"]
    central_agencies: Literal["forward", "reject"]
    paper_numbers: Literal["counter", "given"] = "counter"
    mail_address: Literal["optional", "required"] = "optional"


@dataclass(frozen=True, slots=True)
class SessionRules:
    """How often and how long sessions are (6.1, 6.2), in months and minutes. No such section: no sessions at all."""

    __pydantic_config__ = STRICT

    city_every_months: int = 0
    unit_every_months: int = 0
    unit_in_city_month: bool = False
    ad_hoc_needs_direction: bool = False
    minutes_min: int = 0
    minutes_max: int = 0
    draft_days_before: int = 7
    """How many days before their due day plan and notice are drafted and submitted for approval."""
    missing_warned_days: int = 0
    """How many days before a period ends officers are first warned that it has no session."""

    @property
    def held(self) -> bool:
        """True where the regulation knows sessions of dialogue."""
        return self.minutes_max > 0


@dataclass(frozen=True, slots=True)
class Span:
    """From one time to a later time of the same day, city time; the end is excluded."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class Reminders:
    """When a unit is reminded, in working days around the due day, and when others are notified."""

    __pydantic_config__ = STRICT

    before_due: tuple[int, ...]
    on_due_day: bool
    after_due: tuple[int, ...]
    escalate_after: int
    citizen_after: int
    citizen_again_days: int = 0
    """Calendar days after which the requester of a late question is notified again and again; 0 = only once."""
    unforwarded_days: int = 5
    """Working days after which officers, Head and requester are told that nobody has forwarded it; 0 = never."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A city's regulation. ``roles`` and ``events`` give the Vietnamese names of what rules refer to by key."""

    name: str
    digest: str
    title: str
    city: str
    instrument: str
    valid_from: date
    counting_law: str
    roles: Mapping[str, str]
    events: Mapping[str, str]
    options: Options
    sessions: SessionRules
    working_hours: tuple[Span, ...]
    send_window: Span
    reminders: Reminders
    rules: tuple[Rule, ...]
    issuer: str = "city"
    """The role that issued the regulation."""
    charged: Mapping[str, str] = field(default_factory=dict)
    """The code of the unit behind a role to which the regulation assigns a paper."""

    def find(self, rule_id: str) -> Rule | None:
        """The rule with that id; None when the profile has none."""
        return next((rule for rule in self.rules if rule.id == rule_id), None)

    @property
    def regulation(self) -> str:
        """The instrument and its issuer, as letters cite it."""
        return f"{self.instrument} của {self.roles[self.issuer]} {self.city}"

    def rule(self, rule_id: str) -> Rule:
        """The rule with that id. Raises ValueError when the profile has none."""
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise ValueError(f"profile {self.name} has no rule {rule_id!r}")

    def session_rules(self) -> tuple[Rule, ...]:
        """The rules whose date depends on the session day, in the file's order."""
        return tuple(rule for rule in self.rules if rule.session)

    def cite(self, rule: Rule) -> str:
        """The norm in words, such as ``điểm g khoản 1 Điều 10 Quy chế …``; without one, the Board's own practice."""
        return rule.cite or (f"{clause_words(rule.clause)} {self.instrument}" if rule.clause else OWN_PRACTICE)

    def cited(self, name: str) -> str:
        """What a letter writes after "theo" for a rule's id; "" when the profile has no such rule.

        A rule based on a choice of the profile, not on the text, is applied by analogy ("vận dụng").
        """
        rule = self.find(name)
        if rule is None or (not rule.clause and not rule.cite):
            return ""
        if rule.basis == "law":
            return rule.cite
        words = f"{clause_words(rule.clause)} Quy chế"
        return f"vận dụng {words}" if rule.basis == "default" else words

    def limit(self, rule: Rule) -> Limit | None:
        """The rule's limit, completed with the options; None for a rule that counts no days."""
        options = self.options
        if rule.at_once:
            return Limit(options.at_once_late_working_days, Direction.AFTER, DayUnit.WORKING)
        if rule.days is None or rule.direction is None:
            return None
        default_roll = options.roll_before if rule.direction is Direction.BEFORE else options.roll_after
        return Limit(
            days=rule.days,
            direction=rule.direction,
            unit=rule.unit or options.day_unit,
            roll=rule.roll or default_roll,
            clear_days=options.clear_days if rule.clear_days is None else rule.clear_days,
        )

    def grounds(self, rule: Rule) -> Grounds:
        """What a date counted by the rule cites as its grounds."""
        event = self.events.get(rule.event, "")
        return Grounds(rule.id, rule.clause, self.cite(rule), event, self.counting_law, self._preface(rule))

    def _preface(self, rule: Rule) -> str:
        if not rule.at_once:
            return ""
        hours, days = self.options.at_once_alarm_working_hours, self.options.at_once_late_working_days
        return (
            f"Phải thực hiện ngay, không ấn định số ngày; nhắc sau {hours:02d} giờ làm việc, "
            f"coi là chậm khi quá {days:02d} ngày làm việc"
        )


def clause_words(clause: str) -> str:
    """``10.1.g`` → ``điểm g khoản 1 Điều 10``; a clause of any other form is returned as it is."""
    parts = clause.split(".")
    labels = ("Điều", "khoản", "điểm")
    if not CLAUSE.fullmatch(clause):
        return clause
    return " ".join(f"{label} {part}" for label, part in reversed(list(zip(labels, parts, strict=False))))


CLAUSE = re.compile(r"[1-9][0-9]*(\.[1-9][0-9]*(\.[abcdđeghiklmnopqrstuvxy])?)?")
"""Article, paragraph, point; points go by the Vietnamese alphabet, which has no f, j, w, z."""

RULES: Mapping[str, tuple[str, ...]] = {
    "1.2": ("tell_complaint",),
    "4": ("scope_question",),
    "5.3": ("notice_content",),
    "6.1": ("session_frequency",),
    "6.2": ("session_length",),
    "7.1": ("chair_city",),
    "7.2": ("chair_unit",),
    "8.2": ("register",),
    "8.3": ("personal_data",),
    "9.1": ("select_questions",),
    "9.2": ("plan_approved",),
    "9.3": ("script_approved",),
    "10.1.a": ("plan_issued",),
    "10.1.b": ("notice_posted",),
    "10.1.c": ("questions_forwarded", "forward_no_session"),
    "10.1.d": ("answers_returned", "answer_no_session"),
    "10.1.đ": ("script_sent",),
    "10.1.e": ("official_mail",),
    "10.1.g": ("tell_forwarded",),
    "10.1.h": ("tell_outside_city",),
    "10.1.i": ("answer_after_session", "answer_no_session"),
    "10.1.k": ("tell_unanswered",),
    "10.1.l": ("live_question",),
    "10.2": ("review_before_posting",),
    "11.6": ("annual_review",),
    "15.2": ("unit_responsible",),
    "15.3": ("unit_asks_city",),
    "16.1": ("quarterly_plan",),
    "16.2": ("office_urges",),
    "21.1": ("asker_data",),
    "22": ("half_year_report", "annual_report"),
    "23": ("evidence",),
    "24": ("amendments",),
}
"""For each clause id, the profile rules that may contain it; the first one that the profile has counts."""


def clause_names(profile: Profile) -> dict[str, str]:
    """The words to cite for each clause id of the program or the profile; "" where the regulation has none."""
    named = {code: _words(profile, rules) for code, rules in RULES.items()}
    own = {clause: clause_words(clause) for rule in profile.rules for clause in (rule.clause, *rule.also) if clause}
    return named | own


def _words(profile: Profile, rules: tuple[str, ...]) -> str:
    found = (profile.find(one) for one in rules)
    return next((clause_words(one.clause) for one in found if one is not None and one.clause), "")


FILE = "laws.toml"


@dataclass(frozen=True, slots=True)
class CitedLaw:
    """A law by its short id; ``ends`` is the first day it is no longer in force, None if no such day is known."""

    id: str
    name: str
    in_force: date
    ends: date | None = None
    instead: str = ""

    def ended(self, today: date) -> bool:
        """True when a letter of that day may no longer cite it."""
        return self.ends is not None and today >= self.ends


@lru_cache(maxsize=SOURCES_KEPT)
def load_laws(source: Source = Source()) -> Mapping[str, CitedLaw]:  # noqa: B008 - a frozen value
    """The laws by their ids. Raises :class:`DataFileError` naming the file and the law at fault."""
    return {key: _law(key, row) for key, row in source.toml(FILE).items()}


def _law(key: str, row: Mapping[str, object]) -> CitedLaw:
    try:
        law = CitedLaw(key, **row)  # type: ignore[arg-type]
    except TypeError:
        raise DataFileError(f"{FILE}: {key}: has a key that is none, or lacks name or in_force") from None
    if not isinstance(law.in_force, date) or not (law.ends is None or isinstance(law.ends, date)):
        raise DataFileError(f"{FILE}: {key}: in_force and ends are dates, as 2026-07-01")
    return law
