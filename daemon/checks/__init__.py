"""What ``doithoai check`` looks at: small functions that yield findings, and one that runs them all.

A check is a function of the configuration. It yields at least one finding, and may raise an error of ours:
that becomes one bad finding. Anything unforeseen becomes one too, and the next check goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from daemon.config import Config
from daemon.errors import DoithoaiError
from daemon.logs import place_of
from rules.loader import DataFileError


class Level(StrEnum):
    """How bad a finding is; only BAD makes the command fail."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: how bad, about what, and what is so."""

    level: Level
    what: str
    text: str

    def __str__(self) -> str:
        return f"{self.level:<4} {self.what}: {' '.join(self.text.split())}"


Check = Callable[[Config], Iterator[Finding]]


def ok(what: str, text: str) -> Finding:
    """All is well."""
    return Finding(Level.OK, what, text)


def warn(what: str, text: str) -> Finding:
    """Works, but somebody should look."""
    return Finding(Level.WARN, what, text)


def bad(what: str, text: str) -> Finding:
    """Does not work."""
    return Finding(Level.BAD, what, text)


def run_checks(checks: Iterable[tuple[str, Check]], config: Config) -> Iterator[Finding]:
    """Every finding of every check, each shown as soon as it is there."""
    for what, check in checks:
        try:
            yield from check(config)
        except (DoithoaiError, DataFileError) as error:
            yield from (bad(what, line) for line in str(error).splitlines())
        except OSError as error:
            yield bad(what, f"{error.filename}: {error.strerror}" if error.filename else str(error))
        except Exception as error:
            yield bad(what, f"unexpected {type(error).__name__} at {place_of(error)}")
