"""The line to systemd: what goes over it, path and abstract sockets, and that a missing one harms nothing."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.monitoring.watch import Notifier


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A listening socket and its name as NOTIFY_SOCKET gives it."""
    name = str(tmp_path / "notify") if request.param == "path" else f"@doithoai-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind("\0" + name[1:] if name.startswith("@") else name)
        line.settimeout(5)
        yield line, name


def test_what_is_said(manager: tuple[socket.socket, str]) -> None:
    line, name = manager
    notifier = Notifier({"NOTIFY_SOCKET": name})
    said = [
        (notifier.ready("12 mails"), b"READY=1\nSTATUS=12 mails"),
        (notifier.ready(), b"READY=1"),
        (notifier.status("two\nlines"), b"STATUS=two lines"),
        (notifier.watchdog(), b"WATCHDOG=1"),
        (notifier.stopping(), b"STOPPING=1"),
        (notifier.starting(), b"EXTEND_TIMEOUT_USEC=60000000"),
        (notifier.looking(), b"STATUS=looking whether all is well\nEXTEND_TIMEOUT_USEC=600000000"),
        (notifier.migrating(), b"STATUS=migrating the database\nEXTEND_TIMEOUT_USEC=14400000000"),
    ]
    for sent, expected in said:
        assert sent
        assert line.recv(1000) == expected


@pytest.mark.parametrize(
    "environ", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "/nowhere/at/all"}, {"NOTIFY_SOCKET": "@gone"}]
)
def test_outside_systemd_nothing_happens(environ: dict[str, str]) -> None:
    assert Notifier(environ).ready("x") is False


@pytest.mark.parametrize(
    ("environ", "interval"),
    [
        ({"WATCHDOG_USEC": "60000000"}, 30.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": str(os.getpid() + 1)}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "soon"}, None),
        ({}, None),
    ],
)
def test_the_watchdog_has_half_of_systemds_interval(environ: dict[str, str], interval: float | None) -> None:
    assert Notifier(environ).watchdog_interval == interval
