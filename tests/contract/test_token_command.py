"""OAuth (XOAUTH2) by a program that prints an access token: asked at each login, and again when one is refused."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.config.config import load_config
from daemon.demo.servers import EmbeddedServers
from daemon.installation.installation import build_installation
from tests.installation import MAILBOX, LiveInstallation, letter
from tests.world import LETTER

TOKEN = "eyJ-access-token"
PROGRAM = """\
import pathlib, sys
calls = pathlib.Path(sys.argv[1])
calls.write_text(calls.read_text() + "x" if calls.exists() else "x")
print(calls.with_name("token").read_text())
"""


class Bank:
    """What the program prints, and how often it was asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "program.py").write_text(PROGRAM, encoding="utf-8")
        self.gives(TOKEN)

    @property
    def command(self) -> list[str]:
        return [sys.executable, "-S", str(self.folder / "program.py"), str(self.folder / "calls")]

    @property
    def asked(self) -> int:
        calls = self.folder / "calls"
        return len(calls.read_text("ascii")) if calls.exists() else 0

    def gives(self, token: str) -> None:
        (self.folder / "token").write_text(token, encoding="ascii")


@pytest.fixture
def bank(tmp_path: Path) -> Bank:
    return Bank(tmp_path)


@pytest.fixture
def house(tmp_path: Path, bank: Bank) -> Iterator[LiveInstallation]:
    with EmbeddedServers({MAILBOX: TOKEN}, smtp_accounts={MAILBOX: TOKEN}) as servers:
        servers.deliver(MAILBOX, letter("lan@dan.test", LETTER))
        made = LiveInstallation(tmp_path / "house", servers.imap_port, servers.smtp_port)
        keys = f'auth = "xoauth2"\ntoken_command = {json.dumps(bank.command)}\n'
        text = made.file.read_text("utf-8").replace("[imap]\n", f"[imap]\n{keys}")
        made.file.write_text(text.replace("[smtp]\n", f'[smtp]\nuser = "{MAILBOX}"\n{keys}'), encoding="utf-8")
        made.config = load_config(made.file)
        made.installation = build_installation(made.config, made.config.secrets.signing_key(), made.clock)
        made.restart()
        yield made
        made.close()


def again(house: LiveInstallation) -> list[str]:
    """A later pass, on connections of its own; what went wrong in it."""
    house.service.drop()
    house.service.retry_at = 0
    house.clock.forward(minutes=10)
    return house.run().problems


def test_both_servers_take_the_printed_token(house: LiveInstallation, bank: Bank) -> None:
    assert house.run(2).problems == []
    assert [row["status"] for row in house.questions] == ["forwarded"]
    assert {row["status"] for row in house.sent} == {"sent"}
    assert bank.asked >= 2, "once for each server"


def test_a_refused_token_is_asked_for_anew_without_a_restart(house: LiveInstallation, bank: Bank) -> None:
    """An hour later the token has ended: the next login asks the program, and nobody need do anything."""
    bank.gives("ended")
    (told,) = {problem for problem in house.run().problems if "IMAP" in problem}
    assert "refused" in told
    assert "ended" not in told.split()
    assert house.questions == []
    before = bank.asked
    bank.gives(TOKEN)
    assert again(house) == []
    house.run()
    assert bank.asked > before
    assert {row["status"] for row in house.sent} == {"sent"}


def test_each_login_asks_again(house: LiveInstallation, bank: Bank) -> None:
    house.run()
    before = bank.asked
    assert again(house) == []
    assert bank.asked > before


def test_a_program_that_fails_is_one_clear_line_and_no_login(house: LiveInstallation, bank: Bank) -> None:
    (bank.folder / "program.py").write_text("raise SystemExit(3)", encoding="ascii")
    told = [problem for problem in house.run().problems if "token_command" in problem]
    assert told
    assert "it ended with 3 and printed nothing" in told[0]
    (bank.folder / "program.py").write_text(PROGRAM, encoding="ascii")
    assert again(house) == []
