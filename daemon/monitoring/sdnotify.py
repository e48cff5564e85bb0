"""Tells systemd the state of the service (sd_notify(3)): one datagram to the socket named in NOTIFY_SOCKET.

Without that variable, that is, outside systemd, every call does nothing.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping

MORE_USEC = 60_000_000
MIGRATION_USEC = 4 * 3600 * 1_000_000
"""Longer than any register takes; the status line says what the start is waiting for."""


class Notifier:
    """The connection to the service manager. Sending never raises: a deaf manager must not stop the mail."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        name = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + name[1:] if name.startswith("@") else name  # unix(7): abstract sockets begin with NUL
        self.watchdog_interval = _half_of_watchdog(environ)
        """Seconds after which the next ``watchdog()`` is due at the latest, None without a watchdog."""

    def send(self, state: str) -> bool:
        """Send assignments, one per line; True when the datagram went out."""
        if not self._address:
            return False
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as line:
                line.settimeout(1)
                line.connect(self._address)
                line.sendall(state.encode())
        except OSError:
            return False
        return True

    def ready(self, status: str = "") -> bool:
        """Report that start-up is complete: the unit becomes active."""
        return self.send(f"READY=1\nSTATUS={_line(status)}" if status else "READY=1")

    def starting(self) -> bool:
        """Report that start-up goes on: another minute, besides what TimeoutStartSec allows (sd_notify(3))."""
        return self.send(f"EXTEND_TIMEOUT_USEC={MORE_USEC}")

    def migrating(self) -> bool:
        """Report a start-up without further signs: one transaction, which systemd must not kill again and again."""
        return self.send(f"STATUS=migrating the database\nEXTEND_TIMEOUT_USEC={MIGRATION_USEC}")

    def status(self, text: str) -> bool:
        """Set the line that ``systemctl status`` shows; no personal data in it."""
        return self.send(f"STATUS={_line(text)}")

    def watchdog(self) -> bool:
        """Report that the service is alive and working."""
        return self.send("WATCHDOG=1")

    def stopping(self) -> bool:
        """Report an orderly shutdown."""
        return self.send("STOPPING=1")


def _line(text: str) -> str:
    return " ".join(text.split())


def _half_of_watchdog(environ: Mapping[str, str]) -> float | None:
    """Half of WATCHDOG_USEC, as sd_watchdog_enabled(3) advises; None when unset or meant for another process."""
    meant_for = environ.get("WATCHDOG_PID", str(os.getpid()))
    usec = environ.get("WATCHDOG_USEC", "")
    if meant_for != str(os.getpid()) or not usec.isdigit() or int(usec) == 0:
        return None
    return int(usec) / 2_000_000
