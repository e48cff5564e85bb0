"""Runs the program from outside: its command line under a stopped clock, and a small installation on mail servers.

For ``compare_runs.py`` and ``count_libraries.py``. Nothing of the program is imported, so that its modules may move:
the IMAP server is pymap's own command, the SMTP server is aiosmtpd's, and the configuration is the documented file.
"""

from __future__ import annotations

import contextlib
import imaplib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

HOST = "127.0.0.1"
MAILBOX = "doithoai@haiphong.test"
PASSWORD = "secret"
UNITS = (
    *("SXD", "SNNMT", "SGDDT", "SYT", "STC", "SCT", "SNV", "STP", "SKHCN", "SVHTTDL", "SNGV", "TTRA"),
    *("BQLKKT", "CATP", "BHXH", "THUE", "VPUB", "DIENLUC", "CAPNUOC"),
)
MONDAY = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)
"""A working Monday, 09:00 in the city."""
PATIENCE = 1800
"""Seconds after which a command is abandoned."""

STOPPED_CLOCK = """
import ctypes, datetime, gc, os, runpy, sys, time
running = time.monotonic
time.monotonic = lambda: running() / 20
import asyncio
asyncio.BaseEventLoop.time = lambda loop: running()
at = float(os.environ["PROOF_NOW"])
kind = datetime.datetime
gc.get_referents(kind.__dict__)[0].update(now=classmethod(lambda cls, tz=None: cls.fromtimestamp(at, tz)))
ctypes.pythonapi.PyType_Modified(ctypes.py_object(kind))
time.time, time.time_ns = lambda: at, lambda: int(at * 10**9)
sys.meta_path[:] = [one for one in sys.meta_path if "Editable" not in getattr(one, "__name__", "")]
"""
"""The beginning of a program in which the date stands still, and which sees no other checkout of the packages. Its
time limits are twenty times as long as else, so that a busy machine changes no result."""

COMMAND = STOPPED_CLOCK + 'runpy.run_module("daemon", run_name="__main__", alter_sys=True)\n'

CONFIGURATION = """
[mailbox]
address = "{mailbox}"
display_name = "Ban Biên tập đối thoại"
[imap]
host = "127.0.0.1"
port = {imap_port}
tls = "none"
user = "{mailbox}"
timeout_seconds = 30
[smtp]
host = "127.0.0.1"
port = {smtp_port}
tls = "none"
timeout_seconds = 30
connections = 1
[database]
url = "sqlite:///{folder}/doithoai.db"
[board]
name = "Ban Biên tập Cổng thông tin điện tử thành phố Hải Phòng"
phone = "0225 3000 000"
where_to_complain = "Ban Tiếp công dân thành phố Hải Phòng"
head = {{ name = "Trưởng Ban Biên tập", email = "truongban@haiphong.test" }}
office = {{ name = "Văn phòng UBND thành phố", email = "vanphong@haiphong.test" }}
officers = [{{ name = "Cán bộ tiếp nhận", email = "canbo@haiphong.test" }}]
[log]
level = "error"
"""


def run_command(code: Path, *arguments: str, now: datetime = MONDAY) -> subprocess.CompletedProcess[str]:
    """Run the ``doithoai`` command of the checkout ``code`` with this date and time."""
    return run_python(code, COMMAND, *arguments, now=now)


def run_python(code: Path, program: str, *arguments: str, now: datetime = MONDAY) -> subprocess.CompletedProcess[str]:
    """Run a program text in the checkout ``code``; it begins with ``STOPPED_CLOCK``."""
    environment = {**os.environ, "PROOF_NOW": str(now.timestamp()), "PYTHONPATH": str(code), "PYTHONHASHSEED": "0"}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=code,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@dataclass
class Sink:
    """An SMTP server that accepts every mail and keeps it: envelope sender, recipients, bytes."""

    sent: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep one mail."""
        self.sent.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return "250 2.0.0 Ok: taken"


@dataclass(frozen=True)
class House:
    """A configured installation on running servers."""

    folder: Path
    imap_port: int
    sink: Sink

    @property
    def config(self) -> str:
        """The path of the configuration file."""
        return str(self.folder / "doithoai.toml")

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "doithoai.db"

    def deliver(self, mails: Sequence[bytes], when: datetime = MONDAY) -> None:
        """Put mails into INBOX with this internal date."""
        with self._logged_in() as client:
            for raw in mails:
                answer, said = client.append("INBOX", "", imaplib.Time2Internaldate(when), raw)
                if answer != "OK":
                    raise RuntimeError(f"APPEND: {said!r}")

    def folders(self) -> Iterator[tuple[str, list[bytes]]]:
        """Every IMAP folder with its mails, oldest first."""
        with self._logged_in() as client:
            for line in client.list()[1]:
                name = bytes(line).decode().rpartition('"/" ')[2]  # type: ignore[arg-type]
                client.select(name, readonly=True)
                found = client.fetch("1:*", "(BODY.PEEK[])")[1]
                yield name.strip('"'), [one[1] for one in found if isinstance(one, tuple)]

    @contextlib.contextmanager
    def _logged_in(self) -> Iterator[imaplib.IMAP4]:
        with imaplib.IMAP4(HOST, self.imap_port) as client:
            client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            client.login(MAILBOX, PASSWORD)
            yield client


@contextlib.contextmanager
def open_house(folder: Path) -> Iterator[House]:
    """Start both servers and write the configuration and the secrets into ``folder``."""
    sink = Sink()
    smtp = Controller(sink, hostname=HOST, port=_free_port(), data_size_limit=100_000_000)
    smtp.start()
    imap_port = _free_port()
    try:
        with _imap_server(imap_port):
            _configure(folder, imap_port, smtp.port)
            yield House(folder, imap_port, sink)
    finally:
        smtp.stop()


def _configure(folder: Path, imap_port: int, smtp_port: int) -> None:
    text = CONFIGURATION.format(mailbox=MAILBOX, imap_port=imap_port, smtp_port=smtp_port, folder=folder)
    for code in UNITS:
        text += f'\n[units.{code}]\naddress = "vanthu@{code.lower()}.test"\ndomains = ["{code.lower()}.test"]\n'
    secrets = {"imap-password": PASSWORD, "signing-key": "0123456789abcdef" * 4}
    for name, content in {"doithoai.toml": text, **secrets}.items():
        (folder / name).write_text(content, encoding="utf-8")
        (folder / name).chmod(0o600)


@contextlib.contextmanager
def _imap_server(port: int) -> Iterator[None]:
    where = ["--host", HOST, "--port", str(port), "--no-tls"]
    user = ["dict", "--demo-user", MAILBOX, "--demo-password", PASSWORD]
    command = [sys.executable, "-c", "from pymap.main import main; main()", *where, *user]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            _wait_for(port, server)
            yield
        finally:
            server.terminate()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), 1):
            return
        if server.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the IMAP server does not start")


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])
