"""What letters cite: clauses of the regulation in force, and laws with the day on which each ceases to be in force.

The program refers to rules by their clauses in Decision 1374/2016/QĐ-UBND ("10.1.h"). Other regulations number
differently: their profile gives each rule's clause, and letters cite that or nothing. Laws are in ``laws.toml``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from rules.law.profile import Profile, clause_words
from rules.values.data_file import SOURCES_KEPT, DataFileError, Source

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
