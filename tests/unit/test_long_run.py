"""The run of an hour takes with it what its feeder imports; the run itself is started by hand or at night."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from scripts.long_run import lay_out
from tests.system.systemd import REPOSITORY, ROOMS


def test_its_feeder_finds_all_that_it_imports(tmp_path: Path) -> None:
    for room in ROOMS:
        shutil.copytree(REPOSITORY / room, tmp_path / "code" / room)
    lay_out(tmp_path)
    code = tmp_path / "code"
    surroundings = os.environ | {"PYTHONPATH": str(code)}
    done = subprocess.run(
        [sys.executable, "-c", "import long_run_mail, rules; print(rules.__file__)"],
        cwd=code,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(str(tmp_path))
