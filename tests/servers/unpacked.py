"""Servers that exclude Dovecot and Postfix on one Debian: their packages unpacked beside the system, not installed.

``apt-get download cyrus-imapd cyrus-common … && for each in *.deb; do dpkg -x "$each" /opt/mailservers/root; done``;
``DOITHOAI_SERVERS`` names another folder. docs/servers.md lists the packages.
"""

import os
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(os.environ.get("DOITHOAI_SERVERS", "/opt/mailservers/root"))
LIBRARIES = ("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib", "usr/lib/courier-authlib")


def unpacked(path: str) -> Path:
    """A file of such a package: where it is installed after all, else where it was unpacked."""
    installed = Path("/") / path
    return installed if installed.exists() else ROOT / path


def missing(paths: Sequence[str]) -> str:
    """Why tests must skip: the first program that is neither installed nor unpacked, or ""."""
    absent = next((path for path in paths if not unpacked(path).exists()), "")
    return f"/{absent} is neither installed nor unpacked in {ROOT}" if absent else ""


def environment() -> dict[str, str]:
    """The environment in which such programs find their libraries."""
    found = [str(ROOT / each) for each in LIBRARIES if (ROOT / each).is_dir()]
    known = os.environ.get("LD_LIBRARY_PATH", "")
    return {**os.environ, "LD_LIBRARY_PATH": ":".join([*found, *([known] if known else [])])}
