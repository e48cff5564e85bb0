"""The calendar file that others subscribe to, kept up to date."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Engine

from daemon.calendar_feed import feed
from daemon.files import replace_file
from daemon.house import Office
from daemon.store import looking
from db.agenda import agenda

EVERY = timedelta(minutes=1)
_STAMP = re.compile(rb"^DTSTAMP:.*\r\n", re.MULTILINE)


@dataclass(slots=True)
class CalendarFile:
    """The configured file, looked at once a minute and replaced when anything but its stamp would differ."""

    looked_at: datetime | None = field(default=None)

    def refresh(self, engine: Engine, office: Office) -> bool:
        """Write what is new; False when there is nothing to do. Raises ``TemporaryError``."""
        path, now = office.config.calendar.file, office.clock()
        if path is None or (self.looked_at is not None and now - self.looked_at < EVERY):
            return False
        with looking(engine) as connection:
            data = feed(agenda(connection, now), office.house, now)
        old = path.read_bytes() if path.is_file() else b""
        done = _STAMP.sub(b"", old) != _STAMP.sub(b"", data) and replace_file(path, data)
        self.looked_at = now
        return done
