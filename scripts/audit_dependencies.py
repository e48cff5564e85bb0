"""Checks the installed packages for known faults: ``audit_dependencies.py [LOCK FILE]``, by pip-audit.

Exit status 1 when a fault is known. Where no database of faults can be reached it says so and ends with 0, because
pip-audit itself then ends with 0 and no result.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).resolve().parent.parent
ENVIRONMENT = HOUSE / "build" / "audit-env"
SECONDS = 600


def auditor() -> Path | None:
    """pip-audit's program, installed into ``build/audit-env`` where it is missing; None where it cannot be had."""
    program = ENVIRONMENT / "bin" / "pip-audit"
    if not program.exists():
        made = [sys.executable, "-m", "venv", str(ENVIRONMENT)]
        pip = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", "--quiet", "pip-audit"]
        if any(
            subprocess.run(one, capture_output=True, timeout=SECONDS, check=False).returncode for one in (made, pip)
        ):
            return None
    return program


def read(told: str) -> tuple[list[str], list[str], int]:
    """From pip-audit's JSON: the faults, the packages that no database knew, and how many were looked up."""
    found: list[dict[str, Any]] = json.loads(told)["dependencies"]
    faults = [
        f"{one['name']} {one['version']}: {fault['id']}, mended in {', '.join(fault['fix_versions']) or 'no version'}"
        for one in found
        for fault in one.get("vulns", ())
    ]
    unknown = [one["name"] for one in found if "skip_reason" in one]
    return faults, unknown, len(found) - len(unknown)


def main(lock: Path) -> int:
    """Print the faults, or why there is no result."""
    program = auditor()
    if program is None:
        print("audit: pip-audit cannot be installed here; nothing is said of any package")
        return 0
    options = ["--disable-pip", "--no-deps", "--format", "json", "--progress-spinner", "off", "--timeout", "15"]
    done = subprocess.run(
        [str(program), "--requirement", str(lock), *options],
        capture_output=True, text=True, timeout=SECONDS, check=False,
    )  # fmt: skip
    try:
        faults, unknown, looked_up = read(done.stdout)
    except (ValueError, KeyError):
        print(f"audit: no database of faults can be reached: {done.stderr.strip()[-200:]}")
        return 0
    for fault in faults:
        print(fault)
    if not looked_up:
        print(f"audit: no database of faults can be reached; nothing is said of {len(unknown)} packages")
        return 0
    print(f"audit: {looked_up} packages looked up, {len(faults)} faults, {len(unknown)} unknown {' '.join(unknown)}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if sys.argv[1:] else HOUSE / "requirements.lock"))
