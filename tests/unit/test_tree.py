"""The tree speaks of the project alone: no path of a machine it was made on, no address of a package registry."""

import re
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
FOREIGN = re.compile(
    "|".join(
        [
            "/" + "work/",
            "/" + "root/",
            "python" + "hosted",
            r"pypi\.org",
            r"deb\.debian\.org",
            r"registry\.npmjs",
            "index" + "-url =",
        ]
    ),
    re.IGNORECASE,
)
LARGEST = 1_000_000


def kept() -> list[Path]:
    """Every file that git keeps, or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [
        REPOSITORY / name for name in listed.stdout.decode().split("\0") if name and (REPOSITORY / name).is_file()
    ]


def lines(path: Path) -> list[str]:
    """A text file's lines; none for other files."""
    raw = path.read_bytes()
    return [] if b"\0" in raw or len(raw) > LARGEST else raw.decode("utf-8", "replace").splitlines()


def test_the_tree_speaks_of_the_project_alone() -> None:
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in kept()
        for number, line in enumerate(lines(path), 1)
        if FOREIGN.search(line)
    ]
    assert found == []


def test_scripts_can_be_run() -> None:
    scripts = [path for path in kept() if path.suffix == ".sh" and path.name != "lib.sh"] + [REPOSITORY / ".ci/run"]
    for path in scripts:
        assert path.stat().st_mode & 0o111, path
        assert lines(path)[0] == "#!/usr/bin/env bash"
        assert subprocess.run(["bash", "-n", path], capture_output=True, check=False).stderr == b""
