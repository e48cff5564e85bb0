"""``python -m benchmarks.scale [--registered N] [--folder DIR]``: typical queries on a million questions.

Each command runs in a process of its own; measured are its time without loading Python, and its memory growth.
SQLite; the folder is removed at the end unless it was named; a named one is filled once and used again.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from benchmarks.growth import fill
from benchmarks.stage import REPOSITORY
from daemon.loop.service import INDEXED
from daemon.web.app import page
from daemon.web.views import Views
from db.core.engine import open_engine
from db.register import search
from db.register.links import SimilarQuestions
from db.register.sessions import agenda
from db.reports import conservation, overview
from db.reports.figures import figures
from db.reports.read_only import open_reader, reading
from rules.decide.due.overviews import leaders_week, officers_overview, units_week
from rules.law.working_days import city_day
from tests.installation import decide_stored, letter
from tests.servers.process import new_folder, remove_folder
from tests.world import LETTER, World, vouched

SEARCHES = ("hư hỏng nặng", "hu hong nang", "đường", "duong", "cầu đất", "má", "so nha 777777", "khongcochunao")
ANSWER = 0.2
PAGE = 0.5
FEW = 5.0


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(prog="benchmarks.scale")
    parser.add_argument("--registered", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--only", default="", help="measure only what has this in its name")
    parser.add_argument("--child", nargs=argparse.REMAINDER)
    wanted = parser.parse_args()
    if wanted.child:
        child(wanted.child)
        return
    folder = wanted.folder or new_folder("scale")
    try:
        Scale(folder, wanted.registered, wanted.only).run()
    finally:
        if wanted.folder is None:
            remove_folder(folder)


def child(arguments: list[str]) -> None:
    """Run a command of the program in this process; print figures as JSON. Its own output is counted, not shown."""
    from daemon.cli import main as command

    said = StringIO()
    before, start = own_peak_mb(), time.perf_counter()
    with redirect_stdout(said):
        code = command(arguments)
    told = {"seconds": time.perf_counter() - start, "grown_mb": own_peak_mb() - before, "code": code}
    sys.stdout.write(json.dumps(told | {"lines": said.getvalue().count("\n"), "last": said.getvalue()[-200:]}))


def own_peak_mb() -> float:
    """The most memory since this program started; getrusage() would include its parent process."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


class Scale:
    """The measurements on one database."""

    def __init__(self, folder: Path, registered: int, only: str) -> None:
        self.folder, self.registered, self.only = folder, registered, only
        self.now = datetime.now(UTC)
        self.database = folder / "doithoai.db"
        self.engine: Any = None

    def run(self) -> None:
        """Run everything, one line each."""
        if not self.database.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            start = time.perf_counter()
            fill(self.database, self.registered, self.now)
            told("filled", time.perf_counter() - start, None, f"{self.database.stat().st_size / 1e6:.0f} MB")
        self._index()
        desk = World(self.folder, bystanders=False)
        desk.house.clock.at = self.now
        self.engine = open_reader(desk.house.database_url)
        with closing(desk.house):
            try:
                self._start()
                self._looks(desk)
                self._commands(desk)
            finally:
                self.engine.dispose()

    def _measure(self, name: str, limit: float | None, work: Callable[[], str | None]) -> None:
        if self.only not in name:
            return
        start = time.perf_counter()
        said = work()
        told(name, time.perf_counter() - start, limit, said or "")

    def _index(self) -> None:
        """Index as the daemon does at its start: everything at the first start, nothing at later ones."""
        engine = open_engine(f"sqlite:///{self.database}")
        for name, limit in (("search index, made", None), ("search index, at every start", PAGE)):
            start, taken = time.perf_counter(), 0
            while True:
                with engine.begin() as connection:
                    now = search.prepare(connection, INDEXED)
                taken += now
                if now < INDEXED:
                    break
            told(name, time.perf_counter() - start, limit, f"{taken} taken in")
        engine.dispose()

    def _start(self) -> None:
        def like() -> str:
            book = SimilarQuestions()
            with reading(self.engine) as connection:
                book.catch_up(connection)
            return f"{len(book.index)} held"

        self._measure("like questions, at start", 2.0, like)

    def _looks(self, desk: World) -> None:
        house = desk.house.installation.board
        views = Views(house, lambda: self.now)
        code = self._one("SELECT code FROM question ORDER BY id DESC LIMIT 1 OFFSET 700")
        pages: dict[str, Callable[[Connection], Any]] = {
            "board": views.board,
            "deadlines": views.deadlines,
            "units": views.units,
            "sessions": views.sessions,
            "question": lambda connection: views.question(connection, code),
            "search": lambda connection: views.find(connection, "hư hỏng nặng"),
        }
        for name, read in pages.items():
            self._measure(f"web: {name}", PAGE, lambda name=name, read=read: self._page(name, read))  # type: ignore[misc]
        self._measure("figures (stats, /metrics, alarms)", PAGE, lambda: self._read(lambda c: figures(c, self.now)))
        self._measure("overview of the day", PAGE, lambda: self._read(lambda c: self._day(c, house)))
        self._measure("overviews of the week", FEW, lambda: self._read(lambda c: self._week(c, house)))
        self._measure("calendar file, once a minute", 1.0, lambda: self._read(lambda c: agenda(c, self.now)))
        self._measure("conservation, once an hour", FEW, lambda: self._read(conservation.conservation_faults))
        asker, asked = self._row("SELECT asker_email, code FROM question ORDER BY id DESC LIMIT 1 OFFSET 900")
        desk._uid = int(self.now.timestamp())  # those of an earlier run are known already
        run = f"{self.now:%d%H%M%S}"
        asking = [
            vouched(letter(asker, f"Tra cứu {asked}", subject=f"{say} {run}"), "cu.test") for say in ("Hỏi", "Nhờ")
        ]
        self._mail(desk, "a mail: status, the first of all", None, asking[0])
        self._mail(desk, "a mail: status", PAGE, asking[1])
        road = vouched(letter("an@dan.test", LETTER, subject=f"Đường hỏng {run}"), "dan.test")
        self._mail(desk, "a mail: question", PAGE, road)

    def _mail(self, desk: World, name: str, limit: float | None, raw: bytes) -> None:
        desk.store(raw)
        self._measure(name, limit, lambda: self._decide(desk))

    @staticmethod
    def _decide(desk: World) -> None:
        decide_stored(desk.house.engine, desk.house.installation)

    def _day(self, connection: Connection, house: Any) -> int:
        since = self.now - timedelta(days=1)
        entry = overview.last_entry(connection) - 500
        found = overview.overview_facts(connection, city_day(self.now), since, entry, ())
        return len(officers_overview(found, house, city_day(self.now)))

    def _week(self, connection: Connection, house: Any) -> int:
        entry = overview.last_entry(connection) - 2500
        week = overview.week_facts(connection, house.contacts, city_day(self.now), entry)
        return len((*units_week(week, house, city_day(self.now)), *leaders_week(week, house, city_day(self.now))))

    def _page(self, name: str, read: Callable[[Connection], Any]) -> str:
        with reading(self.engine) as connection:
            return f"{len(page(name, '', read(connection)).body)} bytes"

    def _read(self, read: Callable[[Connection], Any]) -> None:
        with reading(self.engine) as connection:
            read(connection)

    def _row(self, statement: str) -> tuple[str, ...]:
        with reading(self.engine) as connection:
            return tuple(connection.exec_driver_sql(statement).one())

    def _one(self, statement: str) -> str:
        return self._row(statement)[0]

    def _commands(self, desk: World) -> None:
        for words in SEARCHES:
            self._command(desk, f"register search {words}", ANSWER, "register", "search", words)
        last = city_day(self.now)
        month = ["--since", str(last.replace(day=1) - timedelta(days=31)), "--until", str(last.replace(day=1))]
        unit = self._one("SELECT unit FROM assignment ORDER BY id DESC LIMIT 1")
        out = self.folder / "out"
        self._export(desk, "a month, CSV", FEW, f"{out}.csv", *month)
        self._export(desk, "a month, XLSX", None, f"{out}.xlsx", *month)
        self._export(desk, f"a month of {unit}, XLSX", FEW, f"{out}.xlsx", *month, "--unit", unit)
        self._export(desk, f"a month of {unit}, DOCX", FEW, f"{out}.docx", *month, "--unit", unit)
        self._export(desk, f"{unit} of all years, CSV", 20.0, f"{out}.csv", "--unit", unit)
        self._export(desk, "everything, CSV", None, f"{out}.csv")
        self._command(desk, "register list", PAGE, "register", "list")
        self._command(desk, "stats", PAGE, "stats")
        self._command(desk, "person export", FEW, "person", "export", "dan777@cu.test")
        self._command(desk, "retention, looking only", FEW, "retention")
        self._command(desk, "verify --offline", None, "verify", "--offline")
        copy = self.folder / "copy.db"
        self._command(desk, "backup", None, "backup", str(copy))
        copy.unlink(missing_ok=True)

    def _export(self, desk: World, name: str, limit: float | None, file: str, *options: str) -> None:
        self._command(desk, f"register export: {name}", limit, "register", "export", "--output", file, *options)
        Path(file).unlink(missing_ok=True)

    def _command(self, desk: World, name: str, limit: float | None, *arguments: str) -> None:
        if self.only not in name:
            return
        command = [sys.executable, "-m", "benchmarks.scale", "--child", "--config", str(desk.house.file), *arguments]
        done = subprocess.run(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True)
        found = json.loads(done.stdout)
        more = f"exit {found['code']}, {found['lines']} lines, memory +{found['grown_mb']:.0f} MB"
        told(name, found["seconds"], limit, more)
        if name.startswith(("verify", "stats", "retention")):
            print("    " + found["last"].replace("\n", "\n    ").rstrip(), flush=True)


def told(name: str, seconds: float, limit: float | None, more: str) -> None:
    """Print one line of the table."""
    word = "" if limit is None else "ok" if seconds <= limit else "MISSED"
    goal = "" if limit is None else f"≤ {limit:g}"
    print(f"{name:48} {seconds:9.3f} s  {goal:6} {word:6}  {more}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
