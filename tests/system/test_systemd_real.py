"""The unit under a real systemd: start, readiness, restart after kill -9 and after a hang, orderly stop."""

from __future__ import annotations

import re
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system import systemd
from tests.unit.test_config import GOOD

pytestmark = [pytest.mark.system, pytest.mark.skipif(bool(systemd.missing()), reason=systemd.missing() or "-")]
SECRETS = {"imap-password": "x", "smtp-password": "x", "signing-key": "k" * 64}


@pytest.fixture(scope="module")
def manager(tmp_path_factory: pytest.TempPathFactory) -> Iterator[systemd.Systemd]:
    folder = tmp_path_factory.mktemp("systemd")
    shutil.copy(Path(__file__).with_name("stand_in.py"), folder / "stand_in.py")
    with systemd.real_systemd(folder, GOOD, SECRETS, arguments="/opt/doithoai/house/stand_in.py") as running:
        running.run("systemctl", "start", "--no-block", systemd.UNIT)
        running.wait_until("started", running.active, 20)
        yield running


def test_it_is_ready_only_when_it_says_so_and_runs_as_nobody_in_particular(manager: systemd.Systemd) -> None:
    shown = manager.show("ActiveState", "StatusText", "Type")
    assert (shown["ActiveState"], shown["Type"]) == ("active", "notify")
    told = re.fullmatch(r"key of 64 bytes, user (\d+)", shown["StatusText"])
    assert told is not None
    assert 61184 <= int(told[1]) <= 65519  # systemd.exec(5), DynamicUser=


def test_it_comes_back_after_kill_9(manager: systemd.Systemd) -> None:
    killed = manager.kill(signal.SIGKILL)
    manager.wait_until("restarted after kill -9", lambda: manager.active(not_pid=killed), 10)
    assert manager.show("NRestarts")["NRestarts"] == "1"


def test_the_watchdog_ends_a_hang(manager: systemd.Systemd) -> None:
    before = int(manager.show("NRestarts")["NRestarts"])
    hung = manager.kill(signal.SIGSTOP)
    manager.wait_until("restarted after a hang", lambda: manager.active(not_pid=hung), 15)
    assert int(manager.show("NRestarts")["NRestarts"]) == before + 1


def test_it_stops_in_order(manager: systemd.Systemd) -> None:
    manager.run("systemctl", "stop", systemd.UNIT)
    shown = manager.show("ActiveState", "Result", "ExecMainStatus")
    assert shown == {"ActiveState": "inactive", "Result": "success", "ExecMainStatus": "0"}
    assert (manager.root / "var/lib/private/doithoai/starts").read_text() == "..."
