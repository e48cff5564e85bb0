"""The small dose of mails made to cost time. On a busy machine CPU time grows too, so the limit is generous here."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "pathological_mails.py"
SMALL = tomllib.loads(SCRIPT.with_name("pathological_shapes.toml").read_text(encoding="utf-8"))["small"]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_mail_takes_long() -> None:
    """What once took seconds or minutes; the whole runs at night."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--dose", "small", "--limit", "8"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(SMALL)} mails, 0 over" in done.stdout
