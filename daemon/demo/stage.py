"""The play on stage: events in the order of their time, with the daemon's passes between them, seen as scenes."""

from __future__ import annotations

import heapq
import itertools
import smtplib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from daemon.base.errors import TemporaryError
from daemon.config.database import transaction
from daemon.demo.actors import Cast, Planned
from daemon.demo.installation import Town
from daemon.demo.letters import CITY, read
from daemon.demo.session import Step
from db.core.tables import duty, outbox, question, raw_mail

MOST_PASSES = 20
QUIET_STEP = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Scene:
    """One line of the timeline. ``way`` is "in", "fate", "out" or "desk"; ``number``: its file, 0 = none."""

    at: datetime
    way: str
    who: str
    what: str
    note: str = ""
    number: int = 0
    text: str = ""


class Stage:
    """Runs the play until nothing more can happen, and reports each scene as it comes."""

    def __init__(self, town: Town, tell: Callable[[Scene], None], steps: Iterable[Step] = ()) -> None:
        self._town = town
        self._tell = tell
        self._cast = Cast(town.play)
        self._order = itertools.count()
        self._coming: list[tuple[datetime, int, Planned | Step]] = []
        self._steps = tuple(steps)
        self._seen_mails = 0
        self._seen_sent = 0
        self._own_sender = town.play.mailbox.partition("@")[0] + "+"  # our return paths carry a tag, people's do not
        self.problems: list[str] = []

    def run(self) -> None:
        """Run the whole play."""
        for planned in self._cast.opening():
            self._plan(planned)
        for step in self._steps:
            self._plan(step)
        end = self._town.play.end
        while (at := self._next_instant()) is not None and at <= end:
            self._town.clock.forward_to(at)
            self._perform_due()
            self._work()

    def _plan(self, planned: Planned | Step) -> None:
        heapq.heappush(self._coming, (planned.at, next(self._order), planned))

    def _next_instant(self) -> datetime | None:
        """When something happens next: a person writes, or the daemon has work to do; None = never again."""
        instants = [self._coming[0][0]] if self._coming else []
        instants += self._daemon_instants()
        if not instants:
            return None
        at = min(instants)
        return at if at > self._town.clock.at else self._town.clock.at + QUIET_STEP

    def _daemon_instants(self) -> list[datetime]:
        """The next duty and the next sending, while anybody still waits for an answer."""
        with transaction(self._town.engine) as connection:
            sending = connection.execute(
                select(func.min(outbox.c.next_attempt_at)).where(outbox.c.status == "pending")
            ).scalar()
            waiting = connection.execute(
                select(func.count()).select_from(question).where(question.c.status.in_(("forwarded", "needs_review")))
            ).scalar_one()
            working = connection.execute(select(func.min(duty.c.next_at)).where(duty.c.status == "open")).scalar()
        chasing = working if waiting or self._coming else None
        return [each for each in (sending, chasing) if each is not None]

    def _perform_due(self) -> None:
        while self._coming and self._coming[0][0] <= self._town.clock.at:
            _, _, planned = heapq.heappop(self._coming)
            if isinstance(planned, Step):
                self._tell(Scene(planned.at, "desk", "", planned.what))
                planned.act()
                continue
            self._tell(_arriving(planned))
            servers = self._town.servers
            with smtplib.SMTP(servers.host, servers.smtp_port, timeout=10) as client:
                client.sendmail(planned.sender, [planned.recipient], planned.raw)

    def _work(self) -> None:
        """Run passes until one has nothing left to do."""
        for _ in range(MOST_PASSES):
            report = self._town.service.full_pass()
            self.problems += report.problems
            self._tell_fates()
            self._deliver_sent()
            if not (report.fetched or report.decided or report.duties or report.sent):
                return
        raise TemporaryError(f"the daemon does not come to rest on {self._town.clock.at:%d/%m/%Y %H:%M}")

    def _tell_fates(self) -> None:
        with transaction(self._town.engine) as connection:
            rows = connection.execute(
                select(raw_mail.c.id, raw_mail.c.status, raw_mail.c.fate, raw_mail.c.reason)
                .where(raw_mail.c.id > self._seen_mails, raw_mail.c.status != "stored")
                .order_by(raw_mail.c.id)
            ).all()
        for row in rows:
            self._tell(Scene(self._town.clock.at, "fate", row.fate, row.reason, row.status))
            self._seen_mails = row.id

    def _deliver_sent(self) -> None:
        """Deliver the daemon's mails to people, who then plan their answers."""
        for sent in self._town.servers.sent[self._seen_sent :]:
            self._seen_sent += 1
            if not sent.sender.startswith(self._own_sender):
                continue
            mail = read(sent.raw)
            who = ", ".join(sent.recipients)
            self._tell(Scene(sent.at, "out", who, mail.subject, number=self._seen_sent, text=mail.text))
            for planned in self._cast.answers(sent):
                self._plan(planned)


def _arriving(planned: Planned) -> Scene:
    mail = read(planned.raw)
    if planned.hidden:
        return Scene(planned.at, "in", "(sender not shown)", "(content not shown)", planned.label)
    return Scene(planned.at, "in", mail.sender_name, mail.subject, planned.label, text=mail.text)


def local(at: datetime) -> datetime:
    """The instant on the city's clock."""
    return at.astimezone(CITY)


def days_of(scenes: list[Scene]) -> Iterator[tuple[datetime, list[Scene]]]:
    """The scenes by day of the city."""
    for _, group in itertools.groupby(scenes, key=lambda scene: local(scene.at).date()):
        day = list(group)
        yield local(day[0].at), day
