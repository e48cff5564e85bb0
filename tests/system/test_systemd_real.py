"""The service under a real systemd: it starts, answers mail, survives kill -9 and a hang, and stops in order."""

import json
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.system import systemd
from tests.unit.daemon.config.test_config import GOOD

pytestmark = [pytest.mark.system, pytest.mark.skipif(bool(systemd.missing()), reason=systemd.missing() or "-")]

USER, PASSWORD = "doithoai@haiphong.test", "Hoa-phuong-do"
SECRETS = {"imap-password": PASSWORD, "smtp-password": "unused", "signing-key": "k" * 64}
SERVERS = ["/opt/doithoai/house/mail_servers.py", "/run/mail", USER, PASSWORD]

QUESTION = """\
From: Nguyen Van {number} <dan{number}@dan.test>
To: doithoai@haiphong.test
Subject: Hoi ve cap giay phep xay dung {number}
Message-ID: <question-{number}@dan.test>
Date: Mon, 23 Nov 2026 08:00:00 +0700
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Kính gửi Ban Biên tập, tôi muốn hỏi Sở Xây dựng: thủ tục cấp giấy phép xây dựng
nhà ở riêng lẻ, hồ sơ số {number}, cần gì?
Họ tên: Nguyễn Văn Số {number}. Địa chỉ: số {number} Lạch Tray, Hải Phòng. Điện thoại: 0912345678.
"""


class Town:
    """The manager, with the mail servers beside it."""

    def __init__(self, manager: systemd.Systemd) -> None:
        self.manager = manager
        self.folder = manager.root / "run/mail"
        self.written = 0

    def state(self) -> dict[str, Any]:
        """What the mail servers say."""
        path = self.folder / "state.json"
        read: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
        return read

    def write(self) -> str:
        """Another citizen writes; returns the address."""
        self.written += 1
        self.lay(f"{self.written:04}", QUESTION.format(number=self.written).replace("\n", "\r\n").encode())
        return f"dan{self.written}@dan.test"

    def lay(self, name: str, raw: bytes) -> None:
        """A mail comes in; those that lie there together come in by their names."""
        path = self.folder / "in" / f"{name}.part"
        path.write_bytes(raw)
        path.rename(path.with_suffix(".eml"))

    def answered(self, address: str) -> bool:
        """True when the citizen has got a mail and INBOX is empty."""
        state = self.state()
        return address in state["sent"] and state["folders"]["INBOX"] == 0

    def configure(self) -> None:
        """Puts the servers' ports into the configuration."""
        state = self.state()
        text = GOOD.replace("mail.haiphong.test", "127.0.0.1").replace('user = "doithoai"', f'user = "{USER}"')
        text = text.replace("[imap]", f'[imap]\ntls = "none"\nport = {state["imap"]}')
        text = text.replace("[smtp]", f"[smtp]\nport = {state['smtp']}")
        (self.manager.root / "etc/doithoai/doithoai.toml").write_text(text, encoding="utf-8")


@contextmanager
def town_under_systemd(folder: Path, watchdog: str) -> Iterator[Town]:
    """A configured town, whose service is not started yet."""
    shutil.copy(Path(__file__).with_name("mail_servers.py"), folder / "mail_servers.py")
    with systemd.real_systemd(folder, GOOD, SECRETS, watchdog=watchdog) as manager:
        place = Town(manager)
        servers = manager.python(*SERVERS)
        try:
            manager.wait_until("mail servers", lambda: "imap" in place.state(), 20)
            place.configure()
            yield place
        finally:
            servers.kill()
            servers.wait()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town_under_systemd(tmp_path_factory.mktemp("systemd"), watchdog="5s") as made:
        yield made


@pytest.fixture
def answers(town: Town) -> Any:
    def wait(address: str, seconds: float = 30) -> float:
        return town.manager.wait_until(f"{address} answered: {town.state()}", lambda: town.answered(address), seconds)

    return wait


def test_it_starts_and_answers_mail(town: Town, answers: Any) -> None:
    """With a folder that root made before the first start, as ``doithoai restore`` does on a new machine."""
    folder = town.manager.root / "var/lib/doithoai"
    folder.mkdir(mode=0o700)
    (folder / "left-by-root").touch(mode=0o600)
    started = town.manager.run("systemctl", "start", systemd.UNIT, check=False)
    assert started.returncode == 0, town.manager.log()
    shown = town.manager.show("ActiveState", "Type", "User", "NRestarts")
    assert shown == {"ActiveState": "active", "Type": "notify", "User": "doithoai", "NRestarts": "0"}
    moved = town.manager.root / "var/lib/private/doithoai/left-by-root"
    assert moved.stat().st_uid >= 61184, "moved to where only root looks in, and given to the service's account"
    answers(town.write())


def test_it_runs_as_nobody_in_particular_and_may_do_nothing(town: Town) -> None:
    status = (town.manager.root / f"proc/{town.manager.main_pid()}/status").read_text(encoding="ascii")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert 61184 <= int(fields["Uid"].split()[0]) <= 65519  # systemd.exec(5), DynamicUser=
    assert int(fields["CapEff"], 16) == int(fields["CapBnd"], 16) == 0
    assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")


def test_it_comes_back_after_kill_9(town: Town, answers: Any) -> None:
    killed = town.manager.kill(signal.SIGKILL)
    address = town.write()
    town.manager.wait_until("restarted after kill -9", lambda: town.manager.active(not_pid=killed), 20)
    assert town.manager.show("NRestarts")["NRestarts"] == "1"
    answers(address)


def test_reload_reads_the_rules_again_in_the_same_process(town: Town, answers: Any) -> None:
    before = town.manager.main_pid()
    town.manager.run("systemctl", "reload", systemd.UNIT)
    town.manager.wait_until("reloaded", lambda: "watch: reloaded" in town.manager.log(), 20)
    assert town.manager.main_pid() == before
    answers(town.write())


def page(town: Town, path: str) -> tuple[int, str]:
    """Status and text of a page, asked from beside the service."""
    address = f"http://127.0.0.1:8374{path}"
    ask = f"import urllib.request as u; a = u.urlopen('{address}'); print(a.status, a.read().decode())"
    done = town.manager.run(systemd.python_inside(), "-c", ask, check=False)
    status, _, text = done.stdout.partition(" ")
    return int(status or 0), text


def test_the_pages_run_beside_it_and_only_look(town: Town, answers: Any) -> None:
    answers(town.write())
    town.manager.run("systemctl", "start", systemd.PAGES_UNIT)
    town.manager.wait_until("pages", lambda: page(town, "/health")[0] == 200, 20)
    status, board = page(town, "/")
    assert (status, "HP-2026-" in board) == (200, True)
    shown = town.manager.show("ActiveState", "User", "NRestarts", unit=systemd.PAGES_UNIT)
    assert shown == {"ActiveState": "active", "User": "doithoai", "NRestarts": "0"}
    answers(town.write())
    town.manager.run("systemctl", "stop", systemd.PAGES_UNIT)
    assert town.manager.show("Result", unit=systemd.PAGES_UNIT) == {"Result": "success"}


@pytest.mark.slow
def test_the_watchdog_ends_a_hang(town: Town, answers: Any) -> None:
    before = int(town.manager.show("NRestarts")["NRestarts"])
    hung = town.manager.kill(signal.SIGSTOP)
    address = town.write()
    town.manager.wait_until("restarted after a hang", lambda: town.manager.active(not_pid=hung), 30)
    assert int(town.manager.show("NRestarts")["NRestarts"]) == before + 1
    answers(address)


def test_it_stops_in_order_within_ten_seconds(town: Town) -> None:
    took = town.manager.timed("systemctl", "stop", systemd.UNIT)
    shown = town.manager.show("ActiveState", "Result", "ExecMainStatus")
    assert shown == {"ActiveState": "inactive", "Result": "success", "ExecMainStatus": "0"}
    assert took < 10


def test_nobody_was_written_to_twice_and_nothing_was_lost(town: Town) -> None:
    state = town.state()
    citizens = [address for address in state["sent"] if address.endswith("@dan.test")]
    assert sorted(citizens) == sorted(f"dan{number}@dan.test" for number in range(1, town.written + 1))
    assert sum(state["folders"].values()) == town.written


def test_what_it_wrote_names_nobody(town: Town) -> None:
    log = town.manager.log()
    assert log
    for private in ("dan1@", "0912345678", "Lạch Tray", PASSWORD):
        assert private not in log
