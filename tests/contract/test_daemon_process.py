"""The daemon as a process of its own: it wakes by IDLE, drains on SIGTERM, survives servers that go and come."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tests.installation import MAILBOX, LiveInstallation, letter, text_of
from tests.world import LETTER, World


def wait_for(what: Callable[[], object], seconds: float = 30.0) -> float:
    """Seconds until ``what`` is true."""
    start = time.monotonic()
    while not what():
        assert time.monotonic() - start < seconds, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - start


class Running:
    """``doithoai run`` on one installation."""

    def __init__(self, house: LiveInstallation) -> None:
        command = [sys.executable, "-m", "daemon", "run", "--config", str(house.file)]
        self.log = house.folder / "log"
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(command, stdout=out, stderr=out, env={**os.environ, "NOTIFY_SOCKET": ""})

    def stop(self) -> tuple[int, float]:
        """SIGTERM; exit status and the seconds it took."""
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=15), time.monotonic() - start


@pytest.fixture
def running(town: World) -> Iterator[Running]:
    made = Running(town.house)
    yield made
    if made.process.poll() is None:
        made.process.kill()
        made.process.wait()


def test_idle_wakes_the_daemon_and_sigterm_ends_it_in_time(town: World, running: Running) -> None:
    servers, house = town.servers, town.house
    servers.deliver(MAILBOX, letter("an@dan.test", LETTER))
    wait_for(lambda: servers.mails("an@dan.test"))
    servers.deliver(MAILBOX, letter("ba@dan.test", LETTER, subject="Ổ gà"))
    assert wait_for(lambda: servers.mails("ba@dan.test")) < 5.0
    status, seconds = running.stop()
    assert status == 0, running.log.read_text()
    assert seconds < 10.0
    assert [row["status"] for row in house.questions] == ["forwarded", "forwarded"]
    assert house.faults() == []


def test_hang_up_reads_the_files_again_or_keeps_the_old_ones(town: World, running: Running) -> None:
    servers, house = town.servers, town.house
    text = house.file.read_text("utf-8")

    def reload_with(changed: str, event: str, citizen: str) -> str:
        house.file.write_text(changed, "utf-8")
        running.process.send_signal(signal.SIGHUP)
        wait_for(lambda: event in running.log.read_text("utf-8"))
        servers.deliver(MAILBOX, letter(citizen, LETTER, subject=event))
        wait_for(lambda: servers.mails(citizen))
        return text_of(servers.mails(citizen)[0])

    wait_for(lambda: "run: started" in running.log.read_text("utf-8"))
    changed = text.replace("0225 3000 000", "0225 3111 111")
    assert "0225 3111 111" in reload_with(changed, "watch: reloaded", "an@dan.test")
    assert "0225 3111 111" in reload_with(text + "\n[nonsense]\n", "watch: reload_refused", "ba@dan.test")
    assert running.process.poll() is None
    assert running.stop()[0] == 0


def test_status_tells_at_once_that_the_daemon_was_killed(
    town: World, running: Running, capsys: pytest.CaptureFixture[str]
) -> None:
    house = town.house

    def looked() -> tuple[int, str]:
        return house.command("status"), capsys.readouterr().out

    town.servers.deliver(MAILBOX, letter("an@dan.test", LETTER))
    wait_for(lambda: town.servers.mails("an@dan.test"))
    wait_for(lambda: "run: pass" in running.log.read_text("utf-8"))
    told = looked()[1]
    assert "daemon:       runs" in told
    assert "poll:" not in told
    running.process.kill()
    running.process.wait()
    code, told = looked()
    assert code == 1
    assert "WRONG  poll: no daemon runs, and the mailbox was last read 0 minutes ago: journalctl -u doithoai" in told
    assert "daemon:       does not run" in told
    assert "nothing is wrong" not in told
    once = [sys.executable, "-m", "daemon", "run", "--once", "--config", str(house.file)]
    subprocess.run(once, capture_output=True, timeout=60, check=False)
    assert "WRONG  poll" not in looked()[1], "who runs each pass by itself has no daemon"


def test_second_daemon_on_the_same_file_says_so_in_one_line(town: World, running: Running) -> None:
    servers, house = town.servers, town.house
    servers.deliver(MAILBOX, letter("an@dan.test", LETTER))
    wait_for(lambda: servers.mails("an@dan.test"))
    command = [sys.executable, "-m", "daemon", "run", "--once", "--config", str(house.file)]
    second = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert second.returncode == 1
    assert "another daemon is using" in second.stderr
    assert "Traceback" not in second.stderr


def test_wrong_password_is_told_and_nothing_is_tried_in_a_hurry(
    town: World,
) -> None:
    house = town.house
    (house.folder / "imap-password").write_text("wrong", encoding="utf-8")
    command = [sys.executable, "-m", "daemon", "run", "--once", "--config", str(house.file)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 2, "the first start refuses what check would"
    assert "login" in (done.stdout + done.stderr).lower()
    assert "wrong" not in done.stdout + done.stderr
    (house.folder / "imap-password").write_text("secret", encoding="utf-8")
    assert house.run().problems == []
    (house.folder / "imap-password").write_text("wrong", encoding="utf-8")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1, "later it waits for a person, and goes on with all else"
