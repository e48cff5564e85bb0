"""A waiting daemon: the time from start to first poll, its cost when idle, and how soon it acknowledges a question.

``python -m benchmarks.idle [--letters N] [--seconds N] [--registered N]`` starts ``doithoai run`` as a process of its
own, once on the embedded servers and once with Dovecot's mailbox; both times the embedded server takes the outgoing
mail. Looking is by IDLE: the poll comes once a minute.
"""

from __future__ import annotations

import argparse
import os
import smtplib
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from benchmarks.growth import fill
from benchmarks.mailbox import make_mails
from benchmarks.run import empty_due, judged
from daemon.demo.servers import EmbeddedServers
from tests.installation import HEAD, MAILBOX, OFFICE, OFFICER, UNITS, LiveInstallation, unit_address
from tests.servers.dovecot import Dovecot, why_not
from tests.servers.process import HOST, new_folder, remove_folder

USERS = dict.fromkeys((MAILBOX, OFFICER, OFFICE, HEAD, *(unit_address(code) for code in UNITS)), "secret")
PATIENCE = 60.0
SETTLED = 0.5
"""Seconds between two letters, in which the first one's other mails and its move end and the daemon is idle again."""
LONGEST_LINE = 998
"""In octets (RFC 5321 §4.5.3.1.6); letters with longer lines are not handed over."""
NUMBERS = count()


def main() -> None:
    """Run the measurements and print them."""
    parser = argparse.ArgumentParser(prog="benchmarks.idle")
    parser.add_argument("--letters", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--registered", type=int, default=0)
    wanted = parser.parse_args()
    with EmbeddedServers(USERS) as servers:
        measured("embedded", servers, servers.imap_port, wanted, lambda raw: posted(servers.smtp_port, raw))
    if reason := why_not():
        print(f"Dovecot: not measured: {reason}")
        return
    with EmbeddedServers(USERS) as servers, Dovecot({MAILBOX: "secret"}) as dovecot:
        measured("Dovecot", servers, dovecot.imap_port, wanted, lambda raw: handed_over(dovecot.lmtp_port, raw))


def measured(
    name: str, servers: EmbeddedServers, imap_port: int, wanted: argparse.Namespace, deliver: Callable[[bytes], None]
) -> None:
    """Print all three figures with this mailbox."""
    folder = new_folder("idle")
    try:
        if wanted.registered:
            fill(folder / "doithoai.db", wanted.registered, datetime.now(UTC))
            empty_due(folder / "doithoai.db")
        house = LiveInstallation(folder, imap_port, servers.smtp_port, durable=True)
        house.close()
        text = house.file.read_text(encoding="utf-8").replace("poll_seconds = 2", "poll_seconds = 60")
        house.file.write_text(text, encoding="utf-8")
        started_again(house.file, folder)
        with daemon(house.file, folder) as (process, seconds):
            judged(f"{name}: start to first poll, s", seconds, 1.5, 0.7)
            print(f"  ({cpu_of(process.pid):.2f} s of it CPU)")
            acknowledged(servers, deliver)  # so that the rules are read before the measurement
            before = cpu_of(process.pid)
            time.sleep(wanted.seconds)
            judged(f"{name}: idle, % of a core", 100 * (cpu_of(process.pid) - before) / wanted.seconds, 0.1, 0.05)
            times = sorted(acknowledged(servers, deliver) for _ in range(wanted.letters))
            print(f"{name}: acknowledged, median {1000 * statistics.median(times):.0f} ms")
            must = 0.1 if name == "embedded" else 0.6
            judged(f"{name}: acknowledged, p95, s", times[max(0, -(-len(times) * 95 // 100) - 1)], must, must)
    finally:
        remove_folder(folder)


def started_again(file: Path, folder: Path) -> None:
    """Run once before the measurement, so that folders and tables exist, as at every start but the first."""
    with daemon(file, folder):
        pass


@contextmanager
def daemon(file: Path, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """``doithoai run`` at work, and the seconds from its start to its first poll."""
    before = last_poll(folder)
    begun = time.perf_counter()
    with (folder / "daemon.log").open("ab") as log:
        command = [sys.executable, "-m", "daemon", "run", "--config", str(file)]
        process = subprocess.Popen(command, stderr=log, env=as_installed(folder))
    try:
        until(lambda: last_poll(folder) != before)
        yield process, time.perf_counter() - begun
    finally:
        process.terminate()
        process.wait(15)


def as_installed(folder: Path) -> dict[str, str]:
    """The environment with modules stored as bytecode, as in an installation, whatever the caller's setting."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPYCACHEPREFIX": str(folder / "bytecode")}


def last_poll(folder: Path) -> str | None:
    """When the mailbox was last polled, as it is noted; None before the first time."""
    database = sqlite3.connect(f"file:{folder}/doithoai.db?mode=ro", uri=True)
    try:
        row = database.execute("SELECT value FROM state WHERE name = 'last_poll'").fetchone()
        return str(row[0]) if row else None
    finally:
        database.close()


def acknowledged(servers: EmbeddedServers, deliver: Callable[[bytes], None]) -> float:
    """Seconds from the server's 250 for a question to its acknowledgement, or to the mail that asks an officer."""
    letters = ((number, next(iter(make_mails(1, seed=70_000 + number)))) for number in NUMBERS)
    number, raw = next((number, raw) for number, raw in letters if max(map(len, raw.splitlines())) <= LONGEST_LINE)
    wanted = {f"dan{70_000 + number}.0@dan.test", OFFICER}
    before = len(servers.sent)
    deliver(raw)
    begun = time.perf_counter()
    until(lambda: any(wanted.intersection(one.recipients) for one in servers.sent[before:]))
    taken = time.perf_counter() - begun
    time.sleep(SETTLED)
    return taken


def posted(port: int, raw: bytes) -> None:
    """Deliver a mail by SMTP."""
    with smtplib.SMTP(HOST, port) as client:
        client.sendmail("dan@dan.test", [MAILBOX], raw)


def handed_over(port: int, raw: bytes) -> None:
    """Deliver a mail to Dovecot by LMTP."""
    with smtplib.LMTP(HOST, port) as client:
        client.sendmail("dan@dan.test", [MAILBOX], raw)


def until(true: Callable[[], bool]) -> None:
    """Wait, checking every two milliseconds; raises when it takes too long."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("the daemon does nothing")
        time.sleep(0.002)


def cpu_of(pid: int) -> float:
    """User and system seconds of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
