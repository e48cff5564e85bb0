"""The unit file as systemd itself judges it."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PROGRAM = "/opt/doithoai/bin/doithoai"

pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed"),
]


def installed(folder: Path, change: tuple[str, str] = (PROGRAM, "/bin/true")) -> Path:
    """A copy under its real name (another suffix is refused), with a program that exists."""
    unit = folder / "doithoai.service"
    text = (REPOSITORY / "service.unit").read_text("utf-8")
    assert change[0] in text
    unit.write_text(text.replace(PROGRAM, "/bin/true").replace(*change), encoding="utf-8")
    return unit


def analyze(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *words], capture_output=True, text=True, timeout=60, check=False)


def exposure(unit: Path) -> float:
    done = analyze("security", "--offline=true", "--no-pager", str(unit))
    found = re.search(r"Overall exposure level for doithoai\.service: ([\d.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    return float(found[1])


def test_every_key_is_known(tmp_path: Path) -> None:
    done = analyze("verify", "--man=no", str(installed(tmp_path)))
    assert (done.returncode, done.stderr) == (0, "")


def test_a_misspelt_key_would_be_seen(tmp_path: Path) -> None:
    assert (
        "Unknown key"
        in analyze("verify", "--man=no", str(installed(tmp_path, ("ProtectHome", "ProtectHose")))).stderr
    )


def test_the_exposure_is_small(tmp_path: Path) -> None:
    assert exposure(installed(tmp_path)) <= 1.5


def test_a_weaker_unit_would_be_seen(tmp_path: Path) -> None:
    assert (
        exposure(
            installed(
                tmp_path, ("SystemCallErrorNumber=EPERM\n", "PrivateUsers=no\nPrivateTmp=no\nSystemCallFilter=\n")
            )
        )
        > 1.5
    )


@pytest.mark.parametrize(
    "line",
    [
        "Type=notify",
        "WatchdogSec=60",
        "DynamicUser=yes",
        "StateDirectory=doithoai",
        "ProtectSystem=strict",
        "CapabilityBoundingSet=",
        "LoadCredential=imap-password:/etc/doithoai/imap-password",
        "LoadCredential=smtp-password:/etc/doithoai/smtp-password",
        "LoadCredential=signing-key:/etc/doithoai/signing-key",
        f"ExecStart={PROGRAM} run --config %d/doithoai.toml",
    ],
)
def test_what_the_handbook_promises_stands_in_it(line: str) -> None:
    assert line in (REPOSITORY / "service.unit").read_text("utf-8").splitlines()
