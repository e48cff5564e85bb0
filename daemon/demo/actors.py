"""Citizens, departments and the officer: given a mail that reached them, what they send back, and when.

The play of the demonstration, read from ``play.toml``: people, their first mails, and their replies to ours.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import resources
from typing import Any

from daemon.demo.letters import (
    CITY,
    File,
    Person,
    Received,
    bounce,
    new_mail,
    out_of_office,
    read,
    reply,
    word_file,
)
from daemon.demo.smtp_server import SentMail


@dataclass(frozen=True, slots=True)
class FirstMail:
    """A mail to the official mailbox that is not a reply; see ``play.toml``."""

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
    """What a person does with a mail; see ``play.toml``."""

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
    also: bool = False


@dataclass(frozen=True, slots=True)
class Play:
    """Everything that happens without the daemon."""

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
        """The latest end of the play."""
        return self.begin + timedelta(days=self.last_day)

    def person(self, who: str) -> Person:
        """A person by short name, or a unit's mail room by the unit's code."""
        person = self.people.get(who)
        return person or Person(f"Văn thư {who}", unit_address(who), "outlook")


def unit_address(code: str) -> str:
    """A unit's official address in the play."""
    return f"vanthu@{code.lower()}.test"


def load_play() -> Play:
    """The play that ships."""
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


CODE = re.compile(r"\b[A-Z]{2,8}-\d{4}-\d{6}\b")
AT_ONCE = timedelta(minutes=1)
SOON = timedelta(minutes=20)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Planned:
    """A mail that a person will send: when, the envelope, the bytes, and a word for the screen."""

    at: datetime
    sender: str
    recipient: str
    raw: bytes
    label: str
    hidden: bool = False


class Cast:
    """Everybody in the play; each act happens once."""

    def __init__(self, play: Play) -> None:
        self._play = play
        self._left = list(play.acts)

    def opening(self) -> Iterator[Planned]:
        """The mails that people write on their own; a second copy follows ten minutes after the first."""
        for mail in self._play.mails:
            person = self._play.person(mail.who)
            at = self._play.begin + timedelta(days=mail.day)
            at = datetime.combine(at.date(), time.fromisoformat(mail.at), CITY)
            files = _files("cau-hoi.docx", mail.docx)
            raw = new_mail(person, self._play.mailbox, mail.subject, mail.text, at, files=files)
            for copy in range(mail.copies):
                label = mail.label if copy == 0 else "the same mail, delivered again"
                later = at + copy * timedelta(minutes=10)
                yield Planned(later, mail.envelope or person.email, self._play.mailbox, raw, label, mail.hidden)

    def answers(self, sent: SentMail) -> Iterator[Planned]:
        """The reactions of a mail's recipients."""
        mail = read(sent.raw)
        for recipient in sent.recipients:
            fitting = [act for act in self._left if self._concerns(act, recipient, mail)]
            for act in [*fitting[:1], *(one for one in fitting[1:] if one.also)]:
                self._left.remove(act)
                yield self._planned(act, sent, mail, recipient)

    def _concerns(self, act: Act, recipient: str, mail: Received) -> bool:
        concerned = self._play.person(act.who).email == recipient and act.on in mail.subject
        return concerned and act.about.lower() in f"{mail.subject}\n{mail.text}".lower()

    def _planned(self, act: Act, sent: SentMail, mail: Received, recipient: str) -> Planned:
        at = _when(act, sent.at)
        person = self._play.person(act.sender or act.who)
        if act.kind == "bounce":
            raw = bounce(recipient, sent.sender, mail, at)
            return Planned(at, "", sent.sender, raw, "the mail comes back")
        if act.kind == "auto":
            raw = out_of_office(person, mail, act.text, at)
            return Planned(at, "", mail.answer_address, raw, "answers automatically")
        return self._answer(act, person, mail, at)

    def _answer(self, act: Act, person: Person, mail: Received, at: datetime) -> Planned:
        code = CODE.search(f"{mail.subject}\n{mail.text}")
        text = act.text.replace("{code}", code[0] if code else "")
        files = _files("tra-loi.docx", act.docx)
        if act.subject:
            raw = new_mail(person, self._play.mailbox, act.subject, text, at, files=files)
            return Planned(at, person.email, self._play.mailbox, raw, "writes with a new subject")
        raw = reply(person, mail, text, at, files=files)
        return Planned(at, person.email, mail.answer_address, raw, "replies")


def _files(name: str, text: str) -> list[File]:
    return [word_file(name, text)] if text else []


def _when(act: Act, received: datetime) -> datetime:
    """Days later at the act's hour, never on a weekend when days pass, and never before the mail has come."""
    local = received.astimezone(CITY)
    if act.kind != "reply":
        return local + AT_ONCE
    if not act.at:
        local += SOON
    day = local + timedelta(days=act.day)
    while act.day and day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    hour = time.fromisoformat(act.at) if act.at else day.time()
    return max(datetime.combine(day.date(), hour, CITY), local + AT_ONCE)
