"""Runs the demonstration: events in the order of their time, with the daemon's passes between them, shown as scenes.

Also its session of dialogue: the officers' acts at the console, and its final state for the page.
"""

from __future__ import annotations

import heapq
import itertools
import smtplib
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from daemon.base.errors import TemporaryError
from daemon.config.database import transaction
from daemon.demo.actors import Cast, Planned
from daemon.demo.letters import CITY, read
from daemon.demo.servers import Town
from daemon.papers.sessions import Marking, SessionService
from daemon.portal.publish import publish
from db.core.tables import duty, outbox, question, raw_mail
from db.register import board_papers, sessions
from rules.law.deadlines import limit_label
from rules.law.session_rules import Mark, PaperKind, SessionForm, form_adapter

LINK = "https://haiphong.test/doi-thoai/thong-bao"


@dataclass(frozen=True, slots=True)
class Step:
    """An officer's act at the console, and what the screen says of it."""

    at: datetime
    what: str
    act: Callable[[], object]


class SessionPlay:
    """From the proposal to the marks; ``session.toml`` has the form, the days, and the mark of each question."""

    def __init__(self, town: Town) -> None:
        text = resources.files("daemon.demo").joinpath("session.toml").read_text(encoding="utf-8")
        data: dict[str, Any] = tomllib.loads(text)
        self._town = town
        self._days: dict[str, datetime] = data["days"]
        self._marks: list[dict[str, str]] = data["mark"]
        self._form: SessionForm = form_adapter().validate_python(data["form"])

    @property
    def _desk(self) -> SessionService:
        return SessionService(self._town.engine, self._town.installation, "console:canbo")

    @property
    def _code(self) -> str:
        with transaction(self._town.engine) as connection:
            return sessions.every(connection)[0].code

    def steps(self) -> Iterator[Step]:
        """All acts at the console, in the order of their time."""
        acts: dict[str, tuple[str, Callable[[], object]]] = {
            "propose": ("doithoai session propose form.toml", lambda: self._desk.propose(self._form)),
            "announce": ("doithoai session announce --link …", lambda: self._desk.announce(self._code, LINK)),
            "script": ("doithoai session script", lambda: self._desk.put_up(self._code, PaperKind.SCRIPT)),
            "hold": ("doithoai session hold", self._hold),
            "close": ("doithoai session close marks.toml", self._close),
            "publish": ("doithoai publish", self._publish),
            "show": ("doithoai session show", lambda: self._desk.show(self._code)),
        }
        for name, (what, act) in acts.items():
            yield Step(self._days[name].replace(tzinfo=CITY), what, act)

    def _hold(self) -> None:
        end = self._days["hold"].replace(tzinfo=CITY)
        start = datetime.combine(end.date(), time.fromisoformat("08:30"), CITY)
        self._desk.hold(self._code, start, end)

    def _publish(self) -> None:
        """Publish the approved answers, which meets S+15."""
        publish(self._town.engine, self._town.installation, self._town.config_file.parent / "cong-bo")

    def _close(self) -> None:
        with transaction(self._town.engine) as connection:
            rows = connection.execute(select(question.c.code, question.c.subject)).all()
        code_of = {row.subject: row.code for row in rows}
        marks = [
            Marking(code_of[one["subject"]], Mark(one["mark"]), one.get("unit", ""))
            for one in self._marks
            if one["subject"] in code_of
        ]
        self._desk.close(self._code, marks)


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One dated duty of the session, for the page."""

    label: str
    what: str
    clause: str
    on: date
    reason: str
    status: str
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class PaperRow:
    """One paper with its files (names in ``papers/``) and who said what when."""

    title: str
    status: str
    digest: str
    number: str
    files: tuple[str, ...]
    said: tuple[tuple[str, str, datetime | None], ...]


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as the page shows it."""

    code: str
    topic: str
    status: str
    starts_at: datetime
    ended_at: datetime | None
    place: str
    chair: str
    duties: tuple[DutyRow, ...]
    papers: tuple[PaperRow, ...]
    questions: tuple[Any, ...]


def views(town: Town, folder: Path) -> Sequence[SessionView]:
    """Every session with its duties, papers and questions; the papers' files are written into ``folder``."""
    folder.mkdir()
    with transaction(town.engine) as connection:
        return [_view(town, connection, session, folder) for session in sessions.every(connection)]


def _view(town: Town, connection: Any, session: Any, folder: Path) -> SessionView:
    asked = connection.execute(select(question).where(question.c.session_id == session.id).order_by(question.c.id))
    return SessionView(
        session.code,
        session.form.topic,
        session.status.value,
        session.starts_at,
        session.ended_at,
        session.form.place,
        f"{session.form.chair.name}, {session.form.chair.title}",
        tuple(_duties(town, connection, session.id)),
        tuple(_papers(town, connection, session.id, folder)),
        tuple(asked.all()),
    )


def _duties(town: Town, connection: Any, session_id: int) -> Iterator[DutyRow]:
    rows = connection.execute(
        select(duty)
        .where(duty.c.session_id == session_id, duty.c.kind == "session")
        .order_by(duty.c.due_at, duty.c.id)
    )
    profile = town.installation.board.law.profile
    for row in rows:
        rule = profile.rule(row.due["rule"])
        on = date.fromisoformat(row.due["on"])
        yield DutyRow(limit_label(rule), rule.duty, rule.clause, on, row.due["reason"], row.status, row.closed_at)


def _papers(town: Town, connection: Any, session_id: int, folder: Path) -> Iterator[PaperRow]:
    for paper in board_papers.papers_of(connection, session_id=session_id):
        for file in paper.files:
            (folder / file.name).write_bytes(board_papers.file_bytes(connection, file.sha256))
        said = tuple(
            (_name(town, row.person), row.status, row.decided_at)
            for row in board_papers.approvals_of(connection, [paper.id])
        )
        yield PaperRow(
            paper.title, paper.status, paper.digest[:12], paper.number, tuple(file.name for file in paper.files), said
        )


def _name(town: Town, email: str) -> str:
    person = town.installation.person(email)
    return person.name if person is not None else email


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
