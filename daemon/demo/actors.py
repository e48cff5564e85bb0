"""Citizens, departments and the officer: given a mail that reached them, what they send back, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

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
from daemon.demo.script import Act, Play
from daemon.demo.smtp_server import SentMail

CODE = re.compile(r"\b[A-Z]{2,8}-\d{4}-\d{6}\b")
AT_ONCE = timedelta(minutes=1)
SOON = timedelta(minutes=20)
SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Planned:
    """A mail that somebody will send: when, the envelope, the bytes, and a word for the screen."""

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
        """The mails that people write of their own accord; a second copy comes ten minutes after the first."""
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
        """What the recipients of a mail do with it."""
        mail = read(sent.raw)
        for recipient in sent.recipients:
            act = self._chosen(recipient, mail)
            if act is not None:
                self._left.remove(act)
                yield self._planned(act, sent, mail, recipient)

    def _chosen(self, recipient: str, mail: Received) -> Act | None:
        words = f"{mail.subject}\n{mail.text}".lower()
        for act in self._left:
            concerned = self._play.person(act.who).email == recipient and act.on in mail.subject
            if concerned and act.about.lower() in words:
                return act
        return None

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
