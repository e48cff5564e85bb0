"""The command line: lazy, quiet, one line for every error, and the exit codes that scripts rely on."""

from __future__ import annotations

import argparse
import gc
import importlib
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from daemon import cli
from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.commands import COMMANDS
from rules.values.data_file import DataFileError

REPOSITORY = Path(__file__).resolve().parents[2]


class Fake(ModuleType):
    """A command that does what the test says."""

    def __init__(self, outcome: object = 0, nested: bool = False) -> None:
        super().__init__("fake")
        self.outcome, self.nested, self.seen = outcome, nested, argparse.Namespace()

    def add(self, subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
        parser = subparsers.add_parser("fake")
        if self.nested:
            parser.add_subparsers(required=True).add_parser("list")
        else:
            parser.add_argument("--n", type=int)
        parser.set_defaults(run=self.run)

    def run(self, args: argparse.Namespace) -> int:
        self.seen = args
        if isinstance(self.outcome, BaseException):
            raise self.outcome
        assert isinstance(self.outcome, int)
        return self.outcome


Install = Callable[..., Fake]
"""Puts a command in that ends as told; the command."""


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Install:
    def put(outcome: object = 0, nested: bool = False) -> Fake:
        fake = Fake(outcome, nested)
        monkeypatch.setitem(COMMANDS, "fake", ("fake_command", "for a test"))
        monkeypatch.setitem(sys.modules, "fake_command", fake)
        return fake

    return put


def run(*words: str, **options: Any) -> subprocess.CompletedProcess[str]:
    done: subprocess.CompletedProcess[str] = subprocess.run(
        [sys.executable, "-m", "daemon", *words],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        **options,
    )
    return done


@pytest.mark.parametrize("code", [0, 1, 2])
def test_the_commands_code_is_the_exit_code(install: Install, code: int) -> None:
    install(code)
    assert cli.main(["fake"]) == code


def test_pythons_collector_runs_on_but_more_rarely(install: Install) -> None:
    install()
    before = gc.get_threshold()
    gc.set_threshold(700)
    try:
        assert cli.main(["fake"]) == 0
        assert (gc.isenabled(), gc.get_threshold()[0]) == (True, cli.YOUNG)
    finally:
        gc.set_threshold(*before)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ConfigurationError("x.toml: line 1: imap.host: missing"), "doithoai: x.toml: line 1: imap.host: missing\n"),
        (TemporaryError("the database is busy"), "doithoai: the database is busy\n"),
        (DataFileError("units.tsv: code A stands twice"), "doithoai: units.tsv: code A stands twice\n"),
        (FileNotFoundError(2, "No such file or directory", "a.eml"), "doithoai: a.eml: No such file or directory\n"),
        (ConfigurationError("one\ntwo"), "doithoai: one\ndoithoai: two\n"),
    ],
)
def test_an_error_is_one_clear_line(
    install: Install, capsys: pytest.CaptureFixture[str], error: Exception, line: str
) -> None:
    install(error)
    assert cli.main(["fake"]) == 1
    assert capsys.readouterr() == ("", line)


def test_an_unforeseen_error_tells_kind_and_place(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install(KeyError("Bà Nguyễn Thị C"))
    assert cli.main(["fake"]) == 1
    told = capsys.readouterr().err
    assert told.startswith("doithoai: unexpected KeyError at tests/unit/test_cli.py:")
    assert len(told.splitlines()) == 1
    assert "Nguyễn" not in told


def test_a_developer_gets_the_trace(
    install: Install, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    install(KeyError("x"))
    monkeypatch.setenv("DOITHOAI_DEBUG", "1")
    assert cli.main(["fake"]) == 1
    assert "Traceback" in capsys.readouterr().err


def test_interrupted(install: Install, capsys: pytest.CaptureFixture[str]) -> None:
    install(KeyboardInterrupt())
    assert cli.main(["fake"]) == 130
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    "words", [["--config", "a.toml", "fake"], ["fake", "--config", "a.toml"], ["fake", "--config=a.toml"]]
)
def test_config_before_and_after_the_command(install: Install, words: list[str]) -> None:
    fake = install()
    assert cli.main(words) == 0
    assert fake.seen.config == Path("a.toml")


@pytest.mark.parametrize(
    "words",
    [
        ["--config", "a.toml", "fake", "list"],
        ["fake", "--config", "a.toml", "list"],
        ["fake", "list", "--config", "a.toml"],
    ],
)
def test_config_around_a_nested_command(install: Install, words: list[str]) -> None:
    fake = install(nested=True)
    assert cli.main(words) == 0
    assert fake.seen.config == Path("a.toml")


def test_without_config_it_is_none(install: Install) -> None:
    fake = install()
    assert cli.main(["fake"]) == 0
    assert fake.seen.config is None


@pytest.mark.parametrize(
    ("words", "meant"),
    [("regster list", "register"), ("register shwo", "show"), ("calendar confrim 2027", "confirm")],
)
def test_a_slip_is_told_what_it_resembles(capsys: pytest.CaptureFixture[str], words: str, meant: str) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(words.split())
    assert caught.value.code == 2
    assert f"; did you mean '{meant}'?" in capsys.readouterr().err


@pytest.mark.parametrize("words", [[], ["no-such"], ["fake", "--n", "x"], ["fake", "--conf", "x"], ["--config"]])
def test_wrong_use_is_two(install: Install, capsys: pytest.CaptureFixture[str], words: list[str]) -> None:
    install()
    with pytest.raises(SystemExit) as caught:
        cli.main(words)
    assert caught.value.code == 2
    assert "usage: doithoai" in capsys.readouterr().err


def parts_of(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    """The commands, or the parts of a command, by name."""
    found = [one.choices for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    return dict(found[0]) if found else {}


def runs(parser: argparse.ArgumentParser, above: object) -> list[object]:
    """What each part of a command runs, by its own default or by one above it."""
    own = parser.get_default("run") or above
    return [one for part in parts_of(parser).values() for one in runs(part, own)] or [own]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_of_the_table_can_be_called(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = parts_of(cli._parser(importlib.import_module(COMMANDS[name][0])))[name]
    assert all(callable(one) for one in runs(parser, None))
    with pytest.raises(SystemExit) as caught:
        cli.main([name, "--help"])
    assert caught.value.code == 0
    assert f"usage: doithoai {name}" in capsys.readouterr().out


def test_help_names_every_command_and_imports_none() -> None:
    code = (
        "import sys; from daemon.cli import main\ntry: main(['--help'])\nexcept SystemExit: pass\n"
        "print([m for m in sys.modules if m.startswith('daemon.commands.')], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert all(f"    {name}" in done.stdout for name in COMMANDS)
    assert done.stderr == "[]\n"


@pytest.mark.parametrize("name", ["explain", "init"])
def test_a_light_command_does_not_load_the_heavy_libraries(name: str) -> None:
    code = (
        f"import sys; from daemon.cli import main\ntry: main([{name!r}, '--help'])\nexcept SystemExit: pass\n"
        "heavy = {'sqlalchemy', 'alembic', 'jinja2', 'imapclient', 'aiosmtplib', 'pydantic'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"


def test_version() -> None:
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("doithoai ")


def test_a_reader_that_went_away_is_no_problem() -> None:
    words = [sys.executable, "-m", "daemon", "init", "--stdout"]
    with subprocess.Popen(words, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.wait(30) == 0
        assert process.stderr.read() == b""


def test_init_writes_both_files_once(tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    done = run("init", "--dir", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    config, key = folder / "doithoai.toml", folder / "signing-key"
    assert (config.stat().st_mode & 0o777, key.stat().st_mode & 0o777) == (0o640, 0o600)
    assert len(key.read_text().strip()) == 64
    again = run("init", "--dir", str(folder))
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == f"doithoai: {config} is there already; nothing was written\n"


def test_init_makes_the_folder_of_own_rules_and_names_it(tmp_path: Path) -> None:
    """Without it `doithoai calendar confirm`, which the first `check` asks for, had no folder to write to."""
    folder = tmp_path / 'the "house"'
    assert run("init", "--dir", str(folder)).returncode == 0
    settings = tomllib.loads((folder / "doithoai.toml").read_text("utf-8"))
    assert settings["rules"] == {"folder": str(folder / "rules")}
    assert (folder / "rules").stat().st_mode & 0o777 == 0o755
    confirmed = run("calendar", "confirm", "2030", "--basis", "TB 1/TB-BNV", "--folder", settings["rules"]["folder"])
    assert (confirmed.returncode, confirmed.stderr) == (0, "")
    assert "folder" not in tomllib.loads(run("init", "--stdout").stdout).get("rules", {})


def test_init_leaves_a_key_alone_even_without_a_configuration(tmp_path: Path) -> None:
    """A package that was purged leaves it behind: answers to mails already sent need it."""
    (tmp_path / "signing-key").write_text("precious")
    done = run("init", "--dir", str(tmp_path))
    assert done.returncode == 0
    assert "was there already and is kept" in done.stdout
    assert (tmp_path / "signing-key").read_text() == "precious"
    assert (tmp_path / "doithoai.toml").exists()


def test_two_keys_are_never_the_same(tmp_path: Path) -> None:
    for name in "ab":
        assert run("init", "--config", str(tmp_path / name / "doithoai.toml")).returncode == 0
    assert (tmp_path / "a" / "signing-key").read_text() != (tmp_path / "b" / "signing-key").read_text()


def test_run_ends_with_two_by_its_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """systemd does not start it again (``RestartPreventExitStatus``); so ends any command that cannot read it."""
    file = tmp_path / "doithoai.toml"
    assert cli.main(["run", "--config", str(file)]) == 2
    file.write_text("[mailbox]\n")
    assert cli.main(["run", "--config", str(file)]) == 2
    assert cli.main(["stats", "--config", str(file)]) == 2
    assert "Traceback" not in capsys.readouterr().err
