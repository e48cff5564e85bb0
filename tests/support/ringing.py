"""An alarm command that writes down what it is told, a line an alarm."""

import json
import sys
from pathlib import Path


def ringing(folder: Path) -> str:
    """The configuration of such a command, as TOML."""
    code = f"import sys; open({str(folder / 'rung')!r}, 'a').write(sys.argv[1] + ': ' + sys.stdin.read())"
    return f"[alarm]\ncommand = {json.dumps([sys.executable, '-c', code])}\n"


def rung(folder: Path) -> list[str]:
    """What it has been told."""
    path = folder / "rung"
    return path.read_text("utf-8").splitlines() if path.exists() else []
