"""Other programs doing the same job, each in an environment of its own that is made at the first run."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
NAMES = ("helpdesk", "roundup_tracker")


def environment(name: str) -> Path:
    """The Python that has that program; some seconds and a network at the first call. Errors: CalledProcessError."""
    folder = HERE.parent.parent / ".venv-peers" / name
    python, made = folder / "bin" / "python", folder / "made"
    if not made.exists():
        print(f"installing {name} into {folder.name} ...", file=sys.stderr, flush=True)
        venv.create(folder, with_pip=True, clear=True)
        wanted = HERE / f"requirements-{name}.txt"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--requirement", wanted], check=True)
        made.touch()
    return python
