"""Runs the service under a real systemd at one mail a second: MINUTES (60), real Dovecot and Postfix, as root.

Meanwhile it is killed, made to hang, and both servers are restarted. Every ten seconds memory, open files, threads
and the size of the write-ahead log are recorded; at the end the CPU of a minute without mail, and the ledger is
compared with what was sent. Exit 0 when nothing is lost and memory is flat.
"""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.system import systemd
from tests.system.systemd import REPOSITORY, Systemd, real_systemd
from tests.system.test_systemd_real import PASSWORD, SECRETS, USER
from tests.unit.daemon.config.test_config import GOOD

UNITS = (
    "SNNMT",
    "SGDDT",
    "SYT",
    "STC",
    "SCT",
    "SNV",
    "STP",
    "SKHCN",
    "SVHTTDL",
    "CATP",
    "BHXH",
    "THUE",
    "DIENLUC",
    "CAPNUOC",
)
FEEDER = "/opt/doithoai/house/code/long_run_mail.py"
STATE = "/var/lib/private/doithoai"
GROWTH_MB = 20
IDLE_SECONDS = 60
EVENTS = ((0.08, "kill"), (0.14, "hang"), (0.2, "dovecot"), (0.25, "postfix"), (0.6, "dovecot"), (0.7, "postfix"))
"""The time of each event, as a part of the whole run, and its name."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One measurement of the service."""

    at: float
    pid: int
    memory: float
    peak: float
    files: int
    threads: int
    wal: float


@dataclass(slots=True)
class Run:
    """The run and its measurements."""

    manager: Systemd
    seconds: float
    samples: list[Sample] = field(default_factory=list)
    start: float = field(default_factory=time.monotonic)
    idle: float = 0.0
    """The part of a core that the service takes without mail."""

    @property
    def passed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.start

    def file(self, path: str) -> Path:
        """The path outside of a file in the run's own root."""
        return self.manager.root / path.lstrip("/")

    def sample(self) -> None:
        """Record one measurement; none while the service is down."""
        pid = self.manager.main_pid()
        process = self.file(f"/proc/{pid}")
        try:
            status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines() if ":" in line)
            files = len(list((process / "fd").iterdir()))
            wal = self.file(f"{STATE}/doithoai.db-wal").stat().st_size / 1e6
        except OSError:
            return
        memory, peak = (int(status[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM"))
        self.samples.append(Sample(self.passed, pid, memory, peak, files, int(status["Threads"]), wal))

    def happen(self, what: str) -> None:
        """Trigger one of the events."""
        print(f"{self.passed:6.0f} s: {what}", flush=True)
        if what in ("kill", "hang"):
            before = self.manager.kill(signal.SIGKILL if what == "kill" else signal.SIGSTOP)
            took = self.manager.wait_until("up again", lambda: self.manager.active(before), 120)
            print(f"          a new process after {took:.1f} s", flush=True)
        else:
            self.file(f"/run/feed/restart-{what}").touch()

    def work(self) -> None:
        """Measure and trigger events until the time is over, then wait until every sent mail is decided on."""
        events = [(part * self.seconds, what) for part, what in EVENTS]
        while self.passed < self.seconds:
            while events and self.passed > events[0][0]:
                self.happen(events.pop(0)[1])
            self.sample()
            time.sleep(10 if self.seconds > 600 else 2)
        self.file("/run/feed/stop").touch()
        self.manager.wait_until("everything decided", self.settled, max(180, self.seconds))
        before = self.manager.cpu()
        time.sleep(IDLE_SECONDS)
        self.idle = (self.manager.cpu() - before) / IDLE_SECONDS

    def settled(self) -> bool:
        """True when every sent mail is registered and INBOX is empty."""
        state = self.feed()
        time.sleep(2)
        return bool(state.get("stopped")) and state.get("inbox") == 0

    def stored(self) -> tuple[int, int]:
        """How many mails of citizens the ledger has, and how many different ones; a sealed one names no sender."""
        counted = (
            "select count(*), count(distinct identity) from raw_mail where sealed or from_email like 'dan%@dan.test'"
        )
        with tempfile.TemporaryDirectory() as name:  # a copy: SQLite takes no path through /proc/PID/root
            for file in self.file(STATE).glob("doithoai.db*"):
                shutil.copy(file, name)
            with closing(sqlite3.connect(f"{name}/doithoai.db")) as connection:
                mails, different = connection.execute(counted).fetchone()
        return mails, different

    def feed(self) -> dict[str, int]:
        """The state that the feeder reports."""
        path = self.file("/run/feed/state.json")
        read: dict[str, int] = json.loads(path.read_text()) if path.exists() else {}
        return read


def configuration(imap: int, smtp: int) -> str:
    """The configuration: everything on loopback, figures into a file."""
    text = GOOD.replace("mail.haiphong.test", "127.0.0.1").replace('user = "doithoai"', f'user = "{USER}"')
    text = text.replace("[imap]", f'[imap]\ntls = "none"\nport = {imap}').replace("[smtp]", f"[smtp]\nport = {smtp}")
    units = "".join(f'\n[units.{code}]\naddress = "{code.lower()}@haiphong.test"\n' for code in UNITS)
    return f'{text}{units}\n[metrics]\nfile = "{STATE}/doithoai.prom"\n'


def longest(samples: list[Sample]) -> list[Sample]:
    """The samples of the process that ran longest, without its first minute."""
    pids = [one.pid for one in samples]
    pid = max(set(pids), key=pids.count)
    own = [one for one in samples if one.pid == pid]
    return [one for one in own if one.at > own[0].at + 60] or own


def report(run: Run) -> bool:
    """Print the figures; True when all is well."""
    own = longest(run.samples)
    tenth = max(len(own) // 10, 1)
    first, last = (statistics.median(one.memory for one in part) for part in (own[:tenth], own[-tenth:]))
    print(f"idle: {100 * run.idle:.2f} % of a core")
    books = json.loads(run.manager.run(*command("stats", "--json")).stdout)
    sent, (mails, different) = run.feed()["sent"], run.stored()
    print(f"handed over {sent}, restarts {run.manager.show('NRestarts')['NRestarts']}")
    print(f"stored {mails}, {different} different ones: {sent - different} lost, {mails - different} twice")
    print(f"longest process: {(own[-1].at - own[0].at) / 60:.0f} minutes; memory {first:.1f} → {last:.1f} MB")
    for name, of in MEASURES.items():
        values = [of(one) for one in own]
        print(f"  {name}: {min(values):.1f} to {max(values):.1f}, last {values[-1]:.1f}")
    print("books:", json.dumps(books, ensure_ascii=False)[:1500])
    verified = run.manager.run(*command("verify", "--offline"), check=False)
    print(f"verify: exit {verified.returncode}: {verified.stdout.strip()[-400:]}")
    events = [
        line for line in run.file(f"{STATE}/doithoai.prom").read_text().splitlines() if line.startswith("doith")
    ]
    print("\n".join(line for line in events if "_events" in line or "mails" in line))
    return verified.returncode == 0 and mails == different == sent and last - first < GROWTH_MB


MEASURES: dict[str, Callable[[Sample], float]] = {
    "memory MB": lambda one: one.memory,
    "peak memory MB": lambda one: one.peak,
    "open files": lambda one: float(one.files),
    "threads": lambda one: float(one.threads),
    "write-ahead log MB": lambda one: one.wal,
}


def command(*words: str) -> list[str]:
    """The program's own command, for a call in that root."""
    return ["/opt/doithoai/house/bin/doithoai", *words, "--config", "/etc/doithoai/doithoai.toml"]


def lay_out(folder: Path) -> None:
    """Put the feeder and the servers' starters beside the program."""
    for room in ("servers", "support"):
        shutil.copytree(REPOSITORY / "tests" / room, folder / "code/tests" / room)
    for module in REPOSITORY.glob("tests/*.py"):
        shutil.copy(module, folder / "code/tests")
    shutil.copytree(REPOSITORY / "benchmarks", folder / "code/benchmarks")
    shutil.copytree(REPOSITORY / "scripts/training/labelled", folder / "code/scripts/training/labelled")
    shutil.copy(Path(__file__).with_name("long_run_mail.py"), folder / "code/long_run_mail.py")


def main(minutes: float) -> int:
    """Do the whole run."""
    reason = systemd.missing()
    if reason:
        print(f"long run: {reason}")
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lay_out(folder)
        with real_systemd(folder, GOOD, SECRETS, watchdog="10s") as manager:
            feeder = manager.python(FEEDER, "/run/feed", USER, PASSWORD)
            run = Run(manager, minutes * 60)
            manager.wait_until("mail servers", lambda: "imap" in run.feed(), 120)
            state = run.feed()
            run.file("/etc/doithoai/doithoai.toml").write_text(configuration(state["imap"], state["smtp"]))
            started = manager.run("systemctl", "start", systemd.UNIT, check=False)
            if started.returncode:
                print(f"long run: the service did not start: {started.stderr}{manager.log()[-2000:]}")
                return 1
            run.file("/run/feed/start").touch()
            try:
                run.work()
                return 0 if report(run) else 1
            finally:
                feeder.kill()
                feeder.wait()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 60))
