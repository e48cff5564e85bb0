"""The age of the last backup, from the timestamp file that the nightly backup leaves beside the register."""

from __future__ import annotations

from datetime import UTC, datetime

from daemon.config.config import Config
from db.core.engine import sqlite_path

NOTE = "last-backup"
HOW = "journalctl -u doithoai-backup; systemctl enable --now doithoai-backup.timer"


def since_backup(config: Config, now: datetime) -> float | None:
    """Seconds since the last backup, None where none is noted; with PostgreSQL another program makes the backups."""
    register = sqlite_path(config.database.url)
    if register is None:
        return None
    try:
        noted = datetime.fromtimestamp((register.parent / NOTE).stat().st_mtime, UTC)
    except OSError:
        return None
    return max(0.0, (now - noted).total_seconds())


def overdue(config: Config, since_last: float | None, since_first_entry: float | None) -> str:
    """One line where the last backup, or a register without any, is older than ``alarm.backup_hours``; otherwise "".

    ``backup_hours = 0`` turns the alarm off, and there is none with PostgreSQL.
    """
    age = since_first_entry if since_last is None else since_last
    limit = config.alarm.backup_hours * 3600
    if not limit or age is None or age <= limit or sqlite_path(config.database.url) is None:
        return ""
    what = "the last backup is" if since_last is not None else "there is no backup, and the register is"
    return f"{what} {age / 3600:.0f} hours old: {HOW}"
