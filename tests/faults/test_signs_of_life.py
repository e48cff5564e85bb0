"""A slow server is no hang: systemd hears of life while bytes come, a connection is made, or an alarm rings."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from daemon.base.errors import TemporaryError
from daemon.commands.run import Daemon
from daemon.config.sections import MetricsSettings
from daemon.mailbox.mailbox import ImapClientSettings, MailboxClient
from daemon.monitoring.alarms import Bell
from daemon.monitoring.metrics import Metrics
from daemon.monitoring.troubles import Trouble, certificates
from daemon.monitoring.watch import Notifier, Watch
from tests.installation import LiveInstallation, letter
from tests.servers.faulty_imap import FaultyImap, Talk, record
from tests.servers.faulty_smtp import FaultySmtp
from tests.world import LETTER

NOBODY = 9
INTERVAL = 3.0
"""Seconds: a watchdog that bites sooner than the real one, so that the test need not last a minute."""


class Manager:
    """systemd's end of NOTIFY_SOCKET: when each WATCHDOG=1 came."""

    def __init__(self, path: Path) -> None:
        self.heard: list[float] = []
        self._line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._line.bind(str(path))
        self._line.settimeout(0.2)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                if b"WATCHDOG=1" in self._line.recv(4096):
                    self.heard.append(time.monotonic())

    def close(self) -> None:
        self._over.set()
        self._thread.join(5)
        self._line.close()


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[Manager]:
    made = Manager(tmp_path / "notify")
    yield made
    made.close()


def slowly(seconds: float, raw: bytes, done: Callable[[], None]) -> Callable[[Talk, bytes, bytes], None]:
    """A FETCH that brings the mail piece by piece over so many seconds."""

    def answer(talk: Talk, tag: bytes, arguments: bytes) -> None:
        if b"BODY.PEEK[]" not in arguments:
            talk.server.do_fetch(talk, tag, arguments)
            return
        whole, pieces = record(1, 11, raw, True), 40
        size = len(whole) // pieces + 1
        for start in range(0, len(whole), size):
            time.sleep(seconds / pieces)
            talk.send(whole[start : start + size])
        talk.ok(tag)
        done()

    return answer


def test_a_slow_fetch_does_not_look_like_a_hang(tmp_path: Path, manager: Manager) -> None:
    raw, fetched = letter("an@dan.test", LETTER), threading.Event()
    ended: list[float] = []

    def done() -> None:
        ended.append(time.monotonic())
        fetched.set()

    with FaultyImap({"FETCH": slowly(3 * INTERVAL, raw, done)}, mails={11: raw}) as server:
        house = LiveInstallation(tmp_path / "house", server.port, NOBODY)
        command = [sys.executable, "-m", "daemon", "run", "--config", str(house.file)]
        environ = {**os.environ, "NOTIFY_SOCKET": str(tmp_path / "notify")}
        with (tmp_path / "log").open("wb") as log:
            daemon = subprocess.Popen(command, stdout=log, stderr=log, env=environ)
        try:
            assert fetched.wait(60), (tmp_path / "log").read_text()
            end = time.monotonic() + 30
            while [row["status"] for row in house.mails] != ["done"] and time.monotonic() < end:
                time.sleep(0.1)
        finally:
            daemon.send_signal(signal.SIGTERM)
            daemon.wait(30)
        assert [row["status"] for row in house.mails] == ["done"]
        house.close()
    during = [at for at in manager.heard if at < ended[0]]
    gaps = [after - before for before, after in pairwise([*during, ended[0]])]
    assert len(gaps) > 5
    assert max(gaps) < INTERVAL, gaps


def test_the_first_start_asks_for_time_before_it_looks_at_the_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow server and a mail that does not come back take longer than TimeoutStartSec."""
    told: list[str] = []

    def tell(_self: Notifier, state: str) -> bool:
        told.append(state)
        return True

    monkeypatch.setattr(Notifier, "send", tell)
    monkeypatch.setattr("daemon.commands.check.first_start", lambda _config: told.append("looked"))
    house = LiveInstallation(tmp_path / "house", NOBODY, NOBODY)
    made = Daemon(house.config, house.database_url)
    made.service.close()
    made.engine.dispose()
    house.close()
    assert "EXTEND_TIMEOUT_USEC" in told[-2]
    assert told[-1] == "looked"


class Heard:
    """A sign of life that counts itself, and the longest silence between two."""

    def __init__(self) -> None:
        self.at = [time.monotonic()]

    def __call__(self) -> None:
        self.at.append(time.monotonic())

    @property
    def longest(self) -> float:
        return max(after - before for before, after in pairwise([*self.at, time.monotonic()]))


def settings(port: int, seconds: float) -> ImapClientSettings:
    return ImapClientSettings("127.0.0.1", port, "none", "hopthu", "password", "x", timeout_seconds=seconds)


def test_a_server_that_is_silent_for_a_while_is_waited_for_with_signs_of_life() -> None:
    heard = Heard()

    def late(talk: Talk, tag: bytes, arguments: bytes) -> None:
        time.sleep(5)
        talk.server.do_search(talk, tag, arguments)

    with FaultyImap({"SEARCH": late}, mails={11: b"x"}) as server:
        with MailboxClient.connect(settings(server.port, 30), heard) as client:
            client.open()
            assert client.uids() == [11]
        assert heard.longest < INTERVAL


def test_each_address_of_a_host_that_does_not_answer_has_its_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Heard()
    before: list[int] = []
    four = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"127.0.0.{last}", NOBODY)) for last in range(2, 6)]

    def resolved(*_args: object, **_more: object) -> object:
        before.append(len(heard.at))
        return four

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    with pytest.raises(TemporaryError, match="cannot connect: Connection refused"):
        MailboxClient.connect(settings(NOBODY, 30), heard)
    assert len(heard.at) - before[0] >= 4


def test_the_alarms_second_server_is_waited_for_with_signs_of_life(tmp_path: Path) -> None:
    heard = Heard()
    with FaultySmtp({"mail": "silence"}) as server:
        extra = (
            f'[alarm]\n[alarm.smtp]\nhost = "127.0.0.1"\nport = {server.port}\ntls = "none"\ntimeout_seconds = 5\n'
            'sender = "m@tin.test"\nto = ["quantri@tin.test"]\n'
        )
        house = LiveInstallation(tmp_path / "house", NOBODY, NOBODY, extra=extra)
        trouble = Trouble("quarantine", "quarantine", {"number": 1})
        assert Bell(house.engine, heard).ring(house.installation, [trouble], (), house.clock()) == []
        house.close()
    assert heard.longest < INTERVAL


def test_the_watch_hands_its_sign_of_life_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = Heard()
    asked: list[int] = []

    def ends(server: object) -> None:
        asked.append(len(heard.at))

    monkeypatch.setattr("daemon.monitoring.troubles.certificate_ends", ends)
    extra = '[alarm]\ncommand = ["true"]\n'
    house = LiveInstallation(tmp_path / "house", NOBODY, NOBODY, extra=extra)
    safe = {name: getattr(house.config, name).model_copy(update={"tls": "implicit"}) for name in ("imap", "smtp")}
    found = certificates(house.config.model_copy(update=safe), house.clock(), heard)
    assert found == {}
    assert asked == [2, 3], "a sign before each server"
    look = Watch(house.engine, Metrics(MetricsSettings()), heard)
    before = len(heard.at)
    look.look(house.installation)
    assert look.bell.alive is heard
    assert len(heard.at) > before + 2
    house.close()
