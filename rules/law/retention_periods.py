"""How long data are kept: the classes of ``retention.toml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.values.data_file import DataFileError, Source
from rules.values.model import Kind
from rules.values.states import QuestionStatus


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
