"""The play of the demonstration, read from ``play.toml``: people, their first mails, and what they do with ours."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any

from daemon.demo.letters import CITY, Person


@dataclass(frozen=True, slots=True)
class FirstMail:
    """A mail to the official mailbox that answers nothing; see ``play.toml``."""

    label: str
    day: int
    at: str
    who: str
    subject: str
    text: str
    docx: str = ""
    copies: int = 1
    hidden: bool = False
    envelope: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody does with a mail; see ``play.toml``."""

    who: str
    on: str
    text: str = ""
    about: str = ""
    day: int = 0
    at: str = ""
    kind: str = "reply"
    subject: str = ""
    docx: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Play:
    """Everything that happens without the daemon's doing."""

    first_day: date
    last_day: int
    mailbox: str
    units: tuple[str, ...]
    people: Mapping[str, Person]
    mails: tuple[FirstMail, ...]
    acts: tuple[Act, ...]

    @property
    def begin(self) -> datetime:
        """Eight o'clock of the first day, in the city."""
        return datetime.combine(self.first_day, time(8), CITY)

    @property
    def end(self) -> datetime:
        """When the play is over at the latest."""
        return self.begin + timedelta(days=self.last_day)

    def person(self, who: str) -> Person:
        """A person by short name, or a unit's mail room by the unit's code."""
        known = self.people.get(who)
        return known or Person(f"Văn thư {who}", unit_address(who), "outlook")


def unit_address(code: str) -> str:
    """A unit's official address in the play."""
    return f"vanthu@{code.lower()}.test"


def load_play() -> Play:
    """The play that is shipped."""
    data = tomllib.loads(resources.files("daemon.demo").joinpath("play.toml").read_text(encoding="utf-8"))
    return Play(
        first_day=data["first_day"],
        last_day=data["last_day"],
        mailbox=data["mailbox"],
        units=tuple(data["units"]),
        people={name: Person(**person) for name, person in data["people"].items()},
        mails=tuple(FirstMail(**_stripped(each)) for each in data["mail"]),
        acts=tuple(Act(**_stripped(each)) for each in data["act"]),
    )


def _stripped(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.rstrip("\n") if isinstance(value, str) else value for key, value in values.items()}
