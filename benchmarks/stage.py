"""The place of all measurements: a fresh Dovecot with a filled mailbox, a server that accepts everything, a child."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.limit import MAILBOX, PASSWORD
from benchmarks.peers import NAMES, environment
from tests.servers.dovecot import Dovecot
from tests.servers.process import (
    HOST,
    free_ports,
    is_root,
    missing_program,
    new_folder,
    remove_folder,
    start_process,
    stop_process,
    wait_for_port,
)

REPOSITORY = Path(__file__).resolve().parent.parent
SINK = "/usr/sbin/smtp-sink"
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
"""This variable stops Python from storing compiled modules: each start would compile ours, unlike when installed."""


def why_not() -> str:
    """Why nothing can be measured here, or ""."""
    return missing_program([SINK, "/usr/sbin/dovecot"])


def _as_nobody() -> list[str]:
    """Options for running the sink as nobody: it refuses to run as root."""
    return ["-u", "nobody"] if is_root() else []


@dataclass(frozen=True, slots=True)
class Stage:
    """The running servers; ``folder`` is the child's own."""

    dovecot: Dovecot
    smtp_port: int
    folder: Path

    def fill(self, mails: Iterable[bytes]) -> int:
        """Deliver mails into INBOX; returns how many lie there now."""
        home = self.dovecot.folder / "mail" / MAILBOX / "Maildir"
        owner = (self.dovecot.folder / "mail").stat()
        for part in ("", "tmp", "new", "cur"):
            (home / part).mkdir(parents=True, exist_ok=True)
        start = len(list((home / "new").iterdir()))
        for number, raw in enumerate(mails, start):
            path = home / "new" / f"{int(time.time())}.M{number:06d}P1.bench"
            path.write_bytes(raw.replace(b"\r\n", b"\n"))
        for path in (home.parent, home, *home.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid)
        return len(list((home / "new").iterdir()))

    def prepare(self, name: str) -> None:
        """Let a program create its database, which is not measured: an empty mailbox, one pass."""
        if name in NAMES:
            self.measure_peer(name)
        elif name.startswith("ours"):
            self.measure("ours")

    def measure(self, module: str, *options: str) -> dict[str, float]:
        """Run one of our programs as a child; gives the figures that it prints."""
        return run_child(sys.executable, module, *self._where(), *options)

    def measure_daemon(self) -> dict[str, float]:
        """Run ``doithoai run --once`` as an administrator does, on the result of :meth:`prepare`."""
        before = _counts(self.folder)
        config = str(self.folder / "doithoai.toml")
        whole, _ = measured([sys.executable, "-m", "daemon", "run", "--once", "--config", config])
        after = _counts(self.folder)
        done = {key: float(after[key] - before[key]) for key in after}
        return done | per_mail(whole, done["mails"]) | {"peak_mb": whole["peak_mb"]}

    def measure_peer(self, name: str) -> dict[str, float]:
        """Run another program; gives the figures that it prints. Errors: CalledProcessError."""
        python = environment(name)
        return run_child(str(python), f"peers.{name}", *self._where())

    def _where(self) -> tuple[str, str, str]:
        return str(self.dovecot.imap_port), str(self.smtp_port), str(self.folder)


def run_child(python: str, module: str, *arguments: str) -> dict[str, float]:
    """Run ``python -m benchmarks.MODULE …``; its last line is JSON. "whole" is the process from start to end."""
    whole, printed = measured([python, "-m", f"benchmarks.{module}", *arguments])
    found: dict[str, float] = json.loads(printed.splitlines()[-1])
    return found | per_mail(whole, found.get("mails", 0))


def measured(command: list[str]) -> tuple[dict[str, float], str]:
    """Seconds of CPU and wall time of a command, with the processes that it waited for; and its output.

    Raises CalledProcessError when it fails.
    """
    surroundings = {name: value for name, value in os.environ.items() if name != NO_BYTECODE}
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with subprocess.Popen(command, cwd=REPOSITORY, env=surroundings, stdout=subprocess.PIPE, text=True) as child:
        peaks: list[float] = []
        watching = threading.Thread(target=_watch_memory, args=(child.pid, peaks))
        watching.start()
        printed = child.stdout.read() if child.stdout else ""
        child.wait()
        watching.join()
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, command, printed)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu": cpu, "wall": wall, "peak_mb": max(peaks, default=0.0)}, printed


def _watch_memory(pid: int, peaks: list[float]) -> None:
    """Note a process's peak (VmHWM, in MB) five times a second until it ends.

    ``wait4`` cannot tell it: its ``ru_maxrss`` starts with the memory of the process that starts the child.
    """
    status = Path(f"/proc/{pid}/status")
    with contextlib.suppress(OSError):
        while peak := re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii")):
            peaks.append(int(peak[1]) / 1024)
            time.sleep(0.2)


def per_mail(whole: dict[str, float], mails: float) -> dict[str, float]:
    """Milliseconds per mail."""
    return {f"whole_{what}_ms": 1000 * whole[what] / max(mails, 1) for what in ("cpu", "wall")}


def _counts(folder: Path) -> dict[str, int]:
    """Mails decided on and mails sent, from the daemon's database."""
    counted = {
        "mails": "SELECT count(*) FROM raw_mail WHERE fate != ''",
        "registered": "SELECT count(*) FROM question",
        "sent": "SELECT count(*) FROM outbox WHERE status = 'sent'",
        "moved": "SELECT count(*) FROM raw_mail WHERE server_state = 'moved'",
    }
    with contextlib.closing(sqlite3.connect(folder / "doithoai.db")) as connection:
        return {name: int(connection.execute(query).fetchone()[0]) for name, query in counted.items()}


@contextmanager
def stage(folder: Path | None = None) -> Iterator[Stage]:
    """Start fresh servers; a given folder is kept afterwards."""
    own = folder or new_folder("bench")
    (port,) = free_ports(1)
    with Dovecot({MAILBOX: PASSWORD}) as dovecot:
        sink = start_process([SINK, *_as_nobody(), "-c", f"{HOST}:{port}", "256"], own / "sink.log")
        try:
            wait_for_port(port, sink, own / "sink.log")
            yield Stage(dovecot, port, own)
        finally:
            stop_process(sink)
            if folder is None:
                remove_folder(own)
