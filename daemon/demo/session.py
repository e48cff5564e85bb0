"""The session of the play: the officers' acts at the console, and its final state for the page."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import select

from daemon.config.database import transaction
from daemon.demo.installation import Town
from daemon.demo.letters import CITY
from daemon.papers.sessions import Marking, SessionService
from daemon.portal.publish import publish
from db.core.tables import duty, question
from db.register import board_papers, sessions
from rules.law.deadlines import limit_label
from rules.law.session_rules import Mark, PaperKind, SessionForm

LINK = "https://haiphong.test/doi-thoai/thong-bao"


@dataclass(frozen=True, slots=True)
class Step:
    """An officer's act at the console, and its word on the screen."""

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
        self._form: SessionForm = sessions.form_adapter().validate_python(data["form"])

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
        return [_view(town, connection, one, folder) for one in sessions.every(connection)]


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
    for one in board_papers.papers_of(connection, session_id=session_id):
        for file in one.files:
            (folder / file.name).write_bytes(board_papers.file_bytes(connection, file.sha256))
        said = tuple(
            (_name(town, row.person), row.status, row.decided_at)
            for row in board_papers.approvals_of(connection, [one.id])
        )
        yield PaperRow(
            one.title, one.status, one.digest[:12], one.number, tuple(file.name for file in one.files), said
        )


def _name(town: Town, email: str) -> str:
    person = town.installation.person(email)
    return person.name if person is not None else email
