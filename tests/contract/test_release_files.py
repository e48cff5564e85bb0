"""What a release brings beside the program: manual page, completion, backup, units, figures, package."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.demo.servers import EmbeddedServers
from daemon.parsing import attachment_text, outside_programs
from tests.installation import MAILBOX, LiveInstallation, letter

REPOSITORY = Path(__file__).resolve().parents[2]
RELEASE = REPOSITORY / "scripts/release"
MAINTAINER_SCRIPTS = ("preinst", "postinst", "prerm", "postrm", "run")
METRIC = re.compile(r"\bdoithoai_[a-z_]+")
QUESTION = """Bao giờ Sở Xây dựng sửa nắp cống bị vỡ ở ngã tư?
Nguyễn Thị Lan
Số 41 phố Cầu Đất, phường Gia Viên, TP Hải Phòng
"""


def run(*words: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, words)),
        cwd=REPOSITORY,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )


# ---- manual page and completion


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """The manual page's text and the completion's file."""
    folder = tmp_path_factory.mktemp("written")
    man, completion = folder / "doithoai.1", folder / "doithoai.bash"
    command = (sys.executable, RELEASE / "man_page.py", "--man", man, "--completion", completion)
    done = run(*command, SOURCE_DATE_EPOCH="1764201600")
    assert done.returncode == 0, done.stderr
    return man.read_text("utf-8"), completion


@pytest.fixture(scope="module")
def commands() -> list[str]:
    """As the program's own help lists them."""
    printed = run(sys.executable, "-m", "daemon", "--help", COLUMNS="1000").stdout
    return re.findall(r"^    ([a-z]+)  ", printed, re.MULTILINE)


def test_the_manual_page_tells_every_command(written: tuple[str, Path], commands: list[str]) -> None:
    text, _ = written
    assert len(commands) > 15
    assert [name for name in commands if f'\n.SS "{name}"\n' not in text] == []
    assert '\n.SS "register export"\n' in text
    assert '.TH DOITHOAI 1 "2025-11-27"' in text
    assert "configuration file (default /etc/doithoai/doithoai.toml)" in text


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_the_manual_page_is_set_without_a_warning(written: tuple[str, Path]) -> None:
    page = written[1].with_name("doithoai.1")
    plain = {"MANPAGER": "cat", "MANWIDTH": "100", "LC_ALL": "C.UTF-8", "MAN_DISABLE_SECCOMP": "1"}  # man(1)
    done = run("man", "--warnings", "--local-file", page, **plain)
    assert (done.returncode, done.stderr) == (0, "")


def offered(completion: Path, *words: str) -> list[str]:
    """What bash offers for the last word."""
    script = (
        'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _doithoai; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    return run("bash", "-c", script, "bash", completion, "doithoai", *words).stdout.split()


def test_the_completion_offers_parts_and_choices(written: tuple[str, Path], commands: list[str]) -> None:
    _, completion = written
    assert set(offered(completion, "")) > set(commands)
    assert offered(completion, "regis") == ["register"]
    assert set(offered(completion, "register", "")) > {"list", "show", "search", "export"}
    assert offered(completion, "register", "list", "--unti") == ["--until"]
    assert set(offered(completion, "register", "export", "--format", "")) >= {"csv", "xlsx"}
    assert offered(completion, "check", "--config", "") == []  # bash offers files


# ---- backup


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A folder with a program that copies, or fails when there is a file `fail`."""
    program = tmp_path / "doithoai"
    program.write_text(
        f'#!/bin/sh\n[ ! -e {tmp_path}/fail ] || exit 1\n[ "$1 $2" = "backup --config" ] && echo copy >"$4"\n'
    )
    program.chmod(0o755)
    (tmp_path / "copies").mkdir()
    (tmp_path / "state").mkdir()
    return tmp_path


def back_up(folder: Path, keep: str = "3") -> subprocess.CompletedProcess[str]:
    return run(
        RELEASE / "backup.sh",
        KEEP=keep,
        DOITHOAI_CONFIG="x.toml",
        DOITHOAI_PROGRAM=str(folder / "doithoai"),
        DOITHOAI_BACKUP_FOLDER=str(folder / "copies"),
        DOITHOAI_STATE=str(folder / "state"),
    )


def old_copies(folder: Path, number: int) -> list[str]:
    names = [f"doithoai-2026-01-{day:02}T001500Z.db" for day in range(1, number + 1)]
    for name in names:
        (folder / "copies" / name).touch()
    return names


def test_a_backup_keeps_the_newest_and_notes_the_moment(backup: Path) -> None:
    names = old_copies(backup, 5)
    (backup / "copies/by-hand.db").touch()
    done = back_up(backup)
    assert done.returncode == 0, done.stderr
    left = sorted(path.name for path in (backup / "copies").iterdir())
    assert left[0] == "by-hand.db"  # a file of another name is nobody's business
    assert left[1:3] == names[3:]
    assert len(left) == 4
    assert (backup / "state/last-backup").read_text().strip() == left[3]
    assert (backup / "copies" / left[3]).stat().st_mode & 0o077 == 0


def test_a_backup_that_fails_removes_nothing_and_notes_nothing(backup: Path) -> None:
    old_copies(backup, 5)
    (backup / "fail").touch()
    assert back_up(backup).returncode == 1
    assert len(list((backup / "copies").iterdir())) == 5
    assert list((backup / "state").iterdir()) == []


@pytest.mark.parametrize("keep", ["0", "all", "-1"])
def test_a_number_of_copies_that_is_none_is_refused(backup: Path, keep: str) -> None:
    old_copies(backup, 5)
    done = back_up(backup, keep)
    assert (done.returncode, done.stderr) == (2, f"backup: KEEP must be a number from 1: {keep}\n")
    assert len(list((backup / "copies").iterdir())) == 5


def test_the_real_backup_is_made_by_the_script(tmp_path: Path) -> None:
    program = tmp_path / "doithoai"
    program.write_text(f'#!/bin/sh\ncd {REPOSITORY} && exec {sys.executable} -m daemon "$@"\n')
    program.chmod(0o755)
    with EmbeddedServers({MAILBOX: "secret"}) as servers:
        house = LiveInstallation(tmp_path / "house", servers.imap_port, servers.smtp_port)
        house.run()
        done = run(
            RELEASE / "backup.sh",
            DOITHOAI_CONFIG=str(house.file),
            DOITHOAI_PROGRAM=str(program),
            DOITHOAI_BACKUP_FOLDER=str(tmp_path),
            DOITHOAI_STATE=str(tmp_path),
        )
        house.close()
    assert done.returncode == 0, done.stderr
    assert (tmp_path / (tmp_path / "last-backup").read_text().strip()).stat().st_size > 10_000


# ---- units


def section(unit: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in unit.read_text("utf-8").splitlines() if re.match(r"[A-Za-z]+=", line))


def test_the_backup_runs_under_the_daemons_account_where_the_daemon_does_not_see_it() -> None:
    daemon, copies = section(REPOSITORY / "service.unit"), section(RELEASE / "doithoai-backup.service")
    for key in ("User", "DynamicUser", "StateDirectoryMode", "ProtectSystem", "NoNewPrivileges"):
        assert copies[key] == daemon[key], key
    assert copies["StateDirectory"].split() == [daemon["StateDirectory"], "doithoai-backup"]


@pytest.mark.system
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_knows_every_key(tmp_path: Path) -> None:
    for path in (RELEASE / "doithoai-backup.service", RELEASE / "doithoai-backup.timer", REPOSITORY / "service.unit"):
        name = "doithoai.service" if path.name == "service.unit" else path.name
        (tmp_path / name).write_text(re.sub("/opt/doithoai/bin/[a-z-]+", "/bin/true", path.read_text("utf-8")))
    done = run("systemd-analyze", "verify", "--man=no", *sorted(tmp_path.iterdir()))
    assert (done.returncode, done.stderr) == (0, "")
    security = run(
        "systemd-analyze", "security", "--offline=true", "--no-pager", tmp_path / "doithoai-backup.service"
    )
    found = re.search(r"Overall exposure level for doithoai-backup\.service: ([\d.]+)", security.stdout)
    assert found
    assert float(found[1]) <= 0.5


def test_what_reads_mails_fits_into_the_memory_of_the_unit() -> None:
    """Where the unit's limit is reached the kernel ends the service, and the mail is read again after the start."""
    said = section(REPOSITORY / "service.unit")["MemoryMax"]
    most = int(said[:-1]) << {"M": 20, "G": 30}[said[-1]]
    daemon = 250_000_000  # 113 MB when it has started, with the models of its votes some more
    assert daemon + (attachment_text.MEGABYTES << 20) + outside_programs.MEMORY <= most


def test_wrong_use_is_not_started_again() -> None:
    codes = section(REPOSITORY / "service.unit")["RestartPreventExitStatus"].split()
    assert str(run(sys.executable, "-m", "daemon", "run", "--no-such-option").returncode) in codes


def test_a_configuration_at_fault_is_not_started_again(tmp_path: Path) -> None:
    codes = section(REPOSITORY / "service.unit")["RestartPreventExitStatus"].split()
    file = tmp_path / "doithoai.toml"
    file.write_text("[mailbox]\n")
    assert str(run(sys.executable, "-m", "daemon", "run", "--config", file).returncode) in codes


# ---- figures


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def asked(port: int) -> str:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
            return str(answer.read().decode())
    except OSError:
        return ""


@pytest.fixture(scope="module")
def exposition(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What the running daemon shows to Prometheus."""
    port = free_port()
    folder = tmp_path_factory.mktemp("figures")
    with EmbeddedServers({MAILBOX: "secret"}) as servers:
        extra = f'[metrics]\nlisten = "127.0.0.1:{port}"\n'
        house = LiveInstallation(folder / "house", servers.imap_port, servers.smtp_port, extra=extra)
        servers.deliver(MAILBOX, letter("lan@dan.test", QUESTION, subject="Nắp cống"), house.clock.at)
        house.run()
        house.close()
        (house.folder / "last-backup").write_text("doithoai-2026-11-27T010000Z.db\n")
        command = [sys.executable, "-m", "daemon", "run", "--config", str(house.file)]
        process = subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            end = time.monotonic() + 90
            while "doithoai_since_poll_seconds" not in (text := asked(port)) and time.monotonic() < end:
                assert process.poll() is None
                time.sleep(0.5)
            yield text
        finally:
            process.terminate()
            process.wait(timeout=20)


def test_every_figure_of_the_dashboard_and_the_alert_rules_is_shown(exposition: str) -> None:
    shown = set(re.findall(r"^# TYPE (doithoai_\w+) ", exposition, re.MULTILINE))
    dashboard = json.loads((RELEASE / "grafana-dashboard.json").read_text("utf-8"))
    used = {expr for panel in dashboard["panels"] for target in panel["targets"] for expr in [target["expr"]]}
    used |= set(re.findall(r"^ +expr: (.*)$", (RELEASE / "alert-rules.yml").read_text("utf-8"), re.MULTILINE))
    named = {name for expr in used for name in METRIC.findall(expr)}
    assert len(named) >= 10
    assert named - shown == set()


def test_every_line_of_the_log_that_a_rule_names_is_explained() -> None:
    rules = (RELEASE / "alert-rules.yml").read_text("utf-8")
    handbook = (REPOSITORY / "docs/operations.md").read_text("utf-8")
    named = re.findall(r'module="(\w+)",event="(\w+)"', rules)
    assert named
    assert [pair for pair in named if f"`{pair[0]}: {pair[1]}" not in handbook] == []


def test_every_rule_says_what_to_do() -> None:
    rules = (RELEASE / "alert-rules.yml").read_text("utf-8").split("- alert: ")[1:]
    assert len(rules) >= 8
    for rule in rules:
        assert {"expr", "severity", "summary", "description"} <= set(re.findall(r"^ +(\w+): \S", rule, re.MULTILINE))


# ---- package


@pytest.mark.parametrize("name", MAINTAINER_SCRIPTS)
def test_the_packages_scripts_can_be_read(name: str) -> None:
    path = RELEASE / "deb" / name
    assert path.stat().st_mode & 0o111
    assert run("sh", "-n", path).stderr == ""


@pytest.mark.parametrize("register", ["", "var/lib/doithoai/doithoai.db"], ids=["elsewhere", "in its folder"])
def test_a_purge_keeps_the_key_wherever_the_register_is(tmp_path: Path, register: str) -> None:
    """The register may lie in PostgreSQL or another folder: without the key its mails' tags are worth nothing."""
    for name in ("etc/doithoai/signing-key", "etc/doithoai/doithoai.toml", "etc/doithoai/rules/units.tsv", register):
        if name:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text("x")
    script = tmp_path / "postrm"
    script.write_text(re.sub(r"/(?=(?:etc|var|usr|run|opt)\b)", f"{tmp_path}/", (RELEASE / "deb/postrm").read_text()))
    done = run("sh", script, "purge")
    assert (done.returncode, done.stderr) == (0, "")
    assert [one.name for one in (tmp_path / "etc/doithoai").iterdir()] == ["signing-key"]
    assert f"{tmp_path}/etc/doithoai" in done.stdout.partition("rm -rf")[2]
    assert register == "" or (tmp_path / register).exists()


def test_a_purge_leaves_nothing_where_there_was_no_key(tmp_path: Path) -> None:
    (tmp_path / "etc/doithoai").mkdir(parents=True)
    (tmp_path / "etc/doithoai/doithoai.toml").write_text("x")
    script = tmp_path / "postrm"
    script.write_text(re.sub(r"/(?=(?:etc|var|usr|run|opt)\b)", f"{tmp_path}/", (RELEASE / "deb/postrm").read_text()))
    assert run("sh", script, "purge").stdout == ""
    assert not (tmp_path / "etc/doithoai").exists()


@pytest.mark.parametrize("path", ["scripts/install.sh", "scripts/release/install-bundle.sh"])
def test_whatever_the_umask_of_root_the_service_may_enter_what_is_installed(tmp_path: Path, path: str) -> None:
    """The unit has a user of its own: the folders that a script makes are for everybody to read."""
    ahead = (REPOSITORY / path).read_text("utf-8").partition("cd ")[0]
    run("bash", "-c", f"umask 077\n{ahead}\nmkdir '{tmp_path}/made'")
    assert (tmp_path / "made").stat().st_mode & 0o777 == 0o755


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
def test_shellcheck_finds_nothing() -> None:
    scripts = [REPOSITORY / "scripts/release.sh", *RELEASE.glob("*.sh")]
    scripts += [RELEASE / "deb" / name for name in MAINTAINER_SCRIPTS]
    assert run("shellcheck", "--external-sources", *scripts).stdout == ""


def test_the_release_finds_version_and_address() -> None:
    script = (REPOSITORY / "scripts/release.sh").read_text("utf-8")
    found = re.findall(r"^(?:version|contact)=\$\((.*)\)$", script, re.MULTILINE)
    version, contact = (run("bash", "-c", command).stdout.strip() for command in found)
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert "@" in contact


def test_what_the_package_brings_is_there() -> None:
    named = re.findall(
        r"(?<![\w/])(?:\$from|scripts(?:/release)?)/[\w./-]+\w", (REPOSITORY / "scripts/release.sh").read_text()
    )
    paths = {REPOSITORY / one.replace("$from", "scripts/release") for one in named}
    assert len(paths) > 12
    assert [str(path) for path in paths if not list(path.parent.glob(f"{path.name}*"))] == []
