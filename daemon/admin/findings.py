"""The findings of ``doithoai check``: small functions that yield them, and one that runs them all.

A check is a function of the configuration. It yields at least one finding, and may raise an error of ours, which
becomes one bad finding. Any unforeseen error becomes one too, and the next check goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from daemon.base.errors import DoithoaiError
from daemon.base.logs import place_of
from daemon.config.config import Config
from rules.values.data_file import DataFileError


class Level(StrEnum):
    """The severity of a finding; only BAD makes the command fail."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: severity, subject, what was found, and the remedy."""

    level: Level
    what: str
    text: str
    remedy: str = ""
    """What to do about it, where the text does not say so itself."""

    def __str__(self) -> str:
        text = f"{self.text}; {self.remedy}" if self.remedy else self.text
        return f"{self.level:<4} {self.what}: {' '.join(text.split())}"


Check = Callable[[Config], Iterator[Finding]]


def ok(what: str, text: str) -> Finding:
    """A finding that all is well."""
    return Finding(Level.OK, what, text)


def warn(what: str, text: str, remedy: str = "") -> Finding:
    """A finding that works, but needs a look."""
    return Finding(Level.WARN, what, text, remedy)


def bad(what: str, text: str, remedy: str = "") -> Finding:
    """A finding that something does not work."""
    return Finding(Level.BAD, what, text, remedy)


def of_error(what: str, error: Exception) -> Iterator[Finding]:
    """A bad finding for each line of an error of ours, in which the remedy stands behind the first semicolon."""
    for line in str(error).splitlines():
        text, _, remedy = line.partition("; ")
        yield bad(what, text, remedy)


def run_checks(checks: Iterable[tuple[str, Check]], config: Config) -> Iterator[Finding]:
    """Every finding of every check, as soon as it is made; a fault that several checks meet is reported once."""
    told: set[str] = set()
    for finding in _found(checks, config):
        if finding.level is not Level.BAD or finding.text not in told:
            told.add(finding.text)
            yield finding


def _found(checks: Iterable[tuple[str, Check]], config: Config) -> Iterator[Finding]:
    for what, check in checks:
        try:
            yield from check(config)
        except (DoithoaiError, DataFileError) as error:
            yield from of_error(what, error)
        except OSError as error:
            yield bad(what, f"{error.filename}: {error.strerror}" if error.filename else str(error))
        except Exception as error:
            yield bad(what, f"unexpected {type(error).__name__} at {place_of(error)}")
