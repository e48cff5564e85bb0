"""``doithoai check`` against servers: what it says when they are right, wrong, or not there."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon import cli
from daemon.admin.check_servers import database
from daemon.base.errors import ConfigurationError
from daemon.config.config import load_config
from daemon.demo.servers import EmbeddedServers
from tests.installation import lay_schema
from tests.unit.daemon.config.test_config import GOOD

USER, PASSWORD = "doithoai@haiphong.test", "Hoa-phuong-do"


@pytest.fixture(scope="module")
def servers() -> Iterator[EmbeddedServers]:
    with EmbeddedServers({USER: PASSWORD}, smtp_accounts={USER: PASSWORD}) as running:
        yield running


def installation(folder: Path, imap: int, smtp: int, password: str = PASSWORD) -> Path:
    text = GOOD.replace(
        'host = "mail.haiphong.test"\nuser = "doithoai"',
        f'host = "127.0.0.1"\ntls = "none"\nport = {imap}\nuser = "{USER}"',
    )
    text = text.replace(
        'host = "127.0.0.1"\ntls = "none"\n\n',
        f'host = "127.0.0.1"\ntls = "none"\nport = {smtp}\nuser = "{USER}"\n\n',
    )
    (folder / "doithoai.toml").write_text(f'{text}[database]\nurl = "sqlite:///register.db"\n', encoding="utf-8")
    for name, secret in {"imap-password": password, "smtp-password": password, "signing-key": "k" * 64}.items():
        (folder / name).write_text(secret)
        (folder / name).chmod(0o600)
    return folder / "doithoai.toml"


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    code = cli.main(["check", "--config", str(path)])
    captured = capsys.readouterr()
    assert captured.err == ""
    assert PASSWORD not in captured.out
    return code, captured.out.splitlines()


def about(lines: list[str], what: str) -> list[str]:
    return [line for line in lines if line[5:].startswith(f"{what}: ")]


def test_all_is_well(servers: EmbeddedServers, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = installation(tmp_path, servers.imap_port, servers.smtp_port)
    lay_schema(f"sqlite:///{tmp_path}/register.db")
    code, lines = checked(path, capsys)
    assert code == 0, lines
    assert [line[:4] for line in about(lines, "imap")] == ["ok  "] * 4
    assert [line[:4] for line in about(lines, "smtp")] == ["ok  "]
    assert [line[:4] for line in about(lines, "database")] == ["ok  "]
    assert "Chờ xem xét" in servers.folders(USER)
    assert [line[:4] for line in about(lines, "round-trip")] == ["ok  "] * 2
    assert servers.mails(USER) == []


def test_a_pilots_mailbox_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with EmbeddedServers({USER: PASSWORD}, smtp_accounts={USER: PASSWORD}) as fresh:
        path = installation(tmp_path, fresh.imap_port, fresh.smtp_port)
        path.write_text(f"{path.read_text('utf-8')}[run]\nshadow = true\n", encoding="utf-8")
        code, lines = checked(path, capsys)
        assert (code, fresh.folders(USER), fresh.sent) == (0, ["INBOX"], [])
        assert about(lines, "imap")[-1] == "ok   imap: no folder is made: run.shadow only reads the mailbox"


def test_a_database_that_is_not_there_yet_is_a_warning(
    servers: EmbeddedServers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = checked(installation(tmp_path, servers.imap_port, servers.smtp_port), capsys)
    assert code == 0
    assert about(lines, "database") == [
        f"warn database: {tmp_path}/register.db is not there yet; `doithoai run` makes it"
    ]
    assert not (tmp_path / "register.db").exists()


def test_the_units_own_folder_is_not_there_before_the_first_start(tmp_path: Path) -> None:
    """systemd makes it; any other folder is an error of the configuration."""
    path = installation(tmp_path, 1, 1)
    text = path.read_text("utf-8")
    path.write_text(text.replace("sqlite:///register.db", "sqlite:////var/lib/doithoai/none-of-a-test.db"), "utf-8")
    (found,) = database(load_config(path))
    assert str(found).startswith("warn database: /var/lib/doithoai/none-of-a-test.db is not there yet")
    path.write_text(text.replace("sqlite:///register.db", "sqlite:///missing/register.db"), "utf-8")
    with pytest.raises(ConfigurationError, match="missing"):
        list(database(load_config(path)))


def test_a_wrong_password_is_bad_and_not_repeated(
    servers: EmbeddedServers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, lines = checked(installation(tmp_path, servers.imap_port, servers.smtp_port, "wrong-password"), capsys)
    assert code == 1
    assert [line[:4] for line in about(lines, "imap") + about(lines, "smtp")] == ["bad ", "bad "]
    assert not [line for line in lines if "wrong-password" in line]


def test_nobody_listens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    code, lines = checked(installation(tmp_path, port, port), capsys)
    assert code == 1
    assert [line[:4] for line in about(lines, "imap") + about(lines, "smtp")] == ["bad ", "bad "]


def test_a_file_that_is_no_database_is_bad(
    servers: EmbeddedServers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = installation(tmp_path, servers.imap_port, servers.smtp_port)
    (tmp_path / "register.db").write_text("no database at all, only text that goes on for a while" * 20)
    code, lines = checked(path, capsys)
    assert code == 1
    assert about(lines, "database") == [
        f"bad  database: {tmp_path}/register.db: file is not a database; lay a backup back (doithoai restore), "
        "or name another place in database.url"
    ]
