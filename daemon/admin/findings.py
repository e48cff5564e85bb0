"""What ``doithoai check`` looks at: small functions that yield findings, and one that runs them all.

A check is a function of the configuration. It yields at least one finding, and may raise an error of ours:
that becomes one bad finding. Anything unforeseen becomes one too, and the next check goes on.
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
    """How bad a finding is; only BAD makes the command fail."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how bad, about what, what is so, and what to do."""

    level: Level
    what: str
    text: str
    remedy: str = ""
    """What a person does about it, where the text does not say so by itself."""

    def __str__(self) -> str:
        told = f"{self.text}; {self.remedy}" if self.remedy else self.text
        return f"{self.level:<4} {self.what}: {' '.join(told.split())}"


Check = Callable[[Config], Iterator[Finding]]


def ok(what: str, text: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, what, text)


def warn(what: str, text: str, remedy: str = "") -> Finding:
    """Works, but somebody should look."""
    return Finding(Level.WARN, what, text, remedy)


def bad(what: str, text: str, remedy: str = "") -> Finding:
    """Does not work."""
    return Finding(Level.BAD, what, text, remedy)


def run_checks(checks: Iterable[tuple[str, Check]], config: Config) -> Iterator[Finding]:
    """Every finding of every check, each shown as soon as it is there; one fault that several meet is told once."""
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
            yield from (bad(what, line) for line in str(error).splitlines())
        except OSError as error:
            yield bad(what, f"{error.filename}: {error.strerror}" if error.filename else str(error))
        except Exception as error:
            yield bad(what, f"unexpected {type(error).__name__} at {place_of(error)}")
