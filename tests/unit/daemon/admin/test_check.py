"""``doithoai check``: the right level for everything that can be wrong on this machine, one line each."""

import os
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest

from daemon import cli
from daemon.admin.check_servers import foreign
from daemon.admin.findings import Check, Finding, ok, run_checks, warn
from daemon.base.errors import ConfigurationError
from daemon.commands import COMMANDS
from daemon.config.config import Config, load_config
from daemon.documents import pdf
from rules.values.data_file import SHIPPED, DataFileError
from tests.unit.daemon.config.test_config import GOOD, write


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration with its secrets and its database beside it: not everybody may write in /var/lib."""
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    for name in ("imap-password", "smtp-password", "signing-key"):
        (tmp_path / name).write_text("k" * 64)
        (tmp_path / name).chmod(0o600)
    return write(tmp_path, f'{GOOD}\n[database]\nurl = "sqlite:///{tmp_path}/doithoai.db"\n')


def checked(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    code = cli.main(["check", "--offline", "--config", str(path)])
    captured = capsys.readouterr()
    assert captured.err == ""
    return code, captured.out.splitlines()


def begins(lines: list[str], start: str) -> list[str]:
    return [line for line in lines if line.startswith(start)]


def test_a_good_installation(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, lines = checked(installation, capsys)
    assert code == 0
    assert lines[0] == f"ok   configuration: {installation}"
    assert begins(lines, "bad") == []
    for what in ("secrets", "mailbox", "rules", "units", "templates"):
        assert begins(lines, f"ok   {what}: "), what
    assert any(line.split(": ")[0].endswith(" calendar") for line in lines)


def test_an_ended_law_is_warned_of(installation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = (line for line in checked(installation, capsys)[1] if " laws: " in line)
    assert line.startswith("ok   laws: ")
    folder = tmp_path / "own"
    folder.mkdir()
    shipped = (Path(str(files("mail_templates"))) / "citizen_received.txt.j2").read_text("utf-8")
    cites = shipped + '{{ "information_technology" | law }}\n'
    (folder / "citizen_received.txt.j2").write_text(cites, encoding="utf-8")
    installation.write_text(f'{installation.read_text("utf-8")}\n[rules]\nfolder = "{folder}"\n', encoding="utf-8")
    (line,) = (line for line in checked(installation, capsys)[1] if " laws: " in line)
    assert line.startswith("warn laws: Luật Công nghệ thông tin số 67/2006/QH11 is cited and has ended on 2026-07-01")
    assert "Luật Chuyển đổi số số 148/2025/QH15 stands in its place" in line


def test_who_gets_complaints_is_told_or_warned_of(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (line,) = (line for line in checked(installation, capsys)[1] if " board: " in line)
    assert line == "warn board: complaints is not set: the first officer gets complaints and hears of denunciations"
    named = '[board]\ncomplaints = { name = "Bà Trần Thị Kín", email = "kin@haiphong.test" }\n'
    installation.write_text(installation.read_text("utf-8").replace("[board]\n", named), encoding="utf-8")
    (line,) = (line for line in checked(installation, capsys)[1] if " board: " in line)
    assert line == "ok   board: complaints and denunciations: Bà Trần Thị Kín"


def test_a_missing_font_is_told(
    installation: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "FAMILIES", ())
    pdf._find.cache_clear()
    try:
        code, lines = checked(installation, capsys)
    finally:
        pdf._find.cache_clear()
    (line,) = (line for line in lines if " papers: " in line)
    assert code == 0
    assert line.startswith("warn")
    assert "fonts-liberation" in line


NEED_NONE = frozenset({"demo", "run", "init", "check", "deadlines", "texts", "restore", "web"})
"""Commands that make a register, or ask for none. ``check`` tells of a missing one in a line of its own; ``web``,
which opens files for reading only, on its pages."""
READING = (
    "explain MAIL", "calendar export DIR/a.ics", "rules replay --since 2026-01-01", "rules corrections",
    "rules drift", "register list", "register export", "session list", "publish --dir DIR", "mail list",
    "mail show 1", "mail retry 1", "backup DIR/copy.db", "status", "stats", "retention",
    "person export an@dan.test", "verify --offline",
)  # fmt: skip


def test_the_table_of_reading_commands_is_whole() -> None:
    assert {words.split()[0] for words in READING} == set(COMMANDS) - NEED_NONE


@pytest.mark.parametrize("words", READING)
def test_a_register_that_is_not_there_is_told_and_not_made(
    words: str, installation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = installation.parent / "doithoai.db"
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: an@dan.test\nSubject: Hoi\n\nXin hoi?\n")
    command = words.replace("MAIL", str(mail)).replace("DIR", str(tmp_path)).split()
    assert cli.main([*command, "--config", str(installation)]) == 1
    told = capsys.readouterr().err
    assert f"{missing} is not there yet; `doithoai run` makes it\n" in told or f"no database {missing}\n" in told
    assert not missing.exists()


@pytest.mark.parametrize("words", ["status", "register list", "verify", "stats", "mail list", "run --once"])
def test_a_configuration_that_cannot_be_read_ends_a_command_with_2(words: str, tmp_path: Path) -> None:
    path = write(tmp_path, GOOD + "[nonsense]\n")
    assert cli.main([*words.split(), "--config", str(path)]) == 2


def test_every_error_of_the_configuration_is_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path, GOOD.replace('host = "mail.h', 'prot = 1\nhust = "mail.h'))
    code, lines = checked(path, capsys)
    assert code == 1
    assert len(lines) == 3
    assert all(line.startswith(f"bad  configuration: {path}: line ") for line in lines)


def test_smtp_without_a_login_needs_no_password(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (installation.parent / "smtp-password").unlink()
    assert checked(installation, capsys)[0] == 0


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "commands.toml",
            'phrases = ["chuyển',
            'phrases = 5 # ["',
            "commands.toml: command: item 3: phrases must be a list, is 5",
        ),
        (
            "classify/spam.toml",
            "points = 2.6",
            'points = "2,6"',
            "classify/spam.toml: sign: item 1: points must be a number, is the text “2,6”",
        ),
    ],
)
def test_a_wrong_key_is_one_line(
    installation: Path, capsys: pytest.CaptureFixture[str], name: str, old: str, new: str, said: str
) -> None:
    file = installation.parent / "rules" / name
    file.parent.mkdir(parents=True)
    file.write_text((SHIPPED / name).read_text("utf-8").replace(old, new, 1), "utf-8")
    own = f'{installation.read_text("utf-8")}\n[rules]\nfolder = "rules"\n'
    code, lines = checked(write(installation.parent, own), capsys)
    assert code == 1
    assert begins(lines, "bad") == [f"bad  rules: {said}"]


def test_a_phrase_of_ones_own_that_is_typed_without_diacritics_is_a_warning(
    installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = installation.parent / "rules/routing/sct.toml"
    file.parent.mkdir(parents=True)
    shipped = (SHIPPED / "routing/sct.toml").read_text("utf-8")
    file.write_text(shipped.replace("strong = [", 'strong = ["cho dan sinh hop", "xe ben", "gpxd",', 1), "utf-8")
    own = f'{installation.read_text("utf-8")}\n[rules]\nfolder = "rules"\n'
    _, lines = checked(write(installation.parent, own), capsys)
    (told,) = begins(lines, "warn rules: ")
    assert told.startswith(
        "warn rules: routing/sct.toml: Chợ, siêu thị, thương mại: “cho dan sinh hop” has no diacritics"
    )
    assert told.endswith("; write it with them")


def test_a_unit_that_is_no_more_is_a_warning(installation: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(installation.parent, GOOD + '[units.SGTVT]\naddress = "sgtvt@haiphong.test"\n')
    _, lines = checked(path, capsys)
    assert "warn units: SGTVT is no more; its successor is SXD" in lines


def failing(error: Exception) -> Check:
    def check(_: Config) -> Iterator[Finding]:
        yield ok("x", "so far")
        raise error

    return check


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConfigurationError("login refused"), "bad  x: login refused"),
        (DataFileError("units.tsv: bad"), "bad  x: units.tsv: bad"),
        (PermissionError(13, "Permission denied", "/etc/x"), "bad  x: /etc/x: Permission denied"),
        (KeyError("Bà Nguyễn"), "bad  x: unexpected KeyError at tests/unit/daemon/admin/test_check.py:"),
    ],
)
def test_a_check_that_fails_is_one_finding(installation: Path, error: Exception, expected: str) -> None:
    def after(_: Config) -> Iterator[Finding]:
        yield warn("y", "two\nlines")

    lines = [str(one) for one in run_checks([("x", failing(error)), ("y", after)], load_config(installation))]
    assert lines[0] == "ok   x: so far"
    assert lines[1].startswith(expected)
    assert "Nguyễn" not in lines[1]
    assert lines[2:] == ["warn y: two lines"]


def test_what_is_laid_out_for_others_is_looked_at(
    installation: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = installation.read_text("utf-8")
    (tmp_path / "in-the-way").write_text("", encoding="utf-8")
    places = f'[publication]\nfolder = "{tmp_path}/in-the-way/x"\n[calendar]\nfile = "{tmp_path}/new/feed.ics"\n'
    installation.write_text(good + places, encoding="utf-8")
    code, lines = checked(installation, capsys)
    assert code == 1
    (wrong,) = begins(lines, "bad  public: ")
    there = tmp_path / "in-the-way"
    remedy = "remove it, or name another place under publication.folder"
    assert wrong == f"bad  public: publication.folder: {there} is no folder; {remedy}"
    assert begins(lines, "ok   public: ") == [f"ok   public: calendar.file: {tmp_path}/new/feed.ics"]
    assert len(begins(lines, "warn public: ")) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_register_that_the_service_cannot_write_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    (folder / "doithoai.db").touch()
    os.chown(folder, 65534, 65534)
    (found,) = foreign(folder / "doithoai.db")
    assert str(found).startswith(f"warn database: {folder}/doithoai.db belongs to another account than its folder")
    os.chown(folder / "doithoai.db", 65534, 65534)
    assert not list(foreign(folder / "doithoai.db"))
