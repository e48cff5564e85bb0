"""The ticker goes on when the machine's clock is set."""

from datetime import datetime, timedelta

import pytest

from daemon.commands import run as module
from daemon.commands.run import Ticker


class Wall(datetime):
    """The clock on the wall, which somebody sets."""

    off = timedelta()

    @classmethod
    def now(cls, tz: object = None) -> datetime:  # type: ignore[override] # no Wall: a plain one, as it is outside
        return datetime.now() + cls.off  # noqa: DTZ005 - the library's own clock


def test_a_clock_that_is_set_back_stops_no_job(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("schedule.datetime.datetime", Wall)
    monkeypatch.setattr(module, "datetime", Wall)
    monkeypatch.setattr(Wall, "off", timedelta())
    ran: list[int] = []
    ticker = Ticker()
    ticker.every(60, "job", lambda: ran.append(1))
    ticker.run_pending()
    ticker.run_pending()
    assert len(ran) == 1
    Wall.off = timedelta(hours=-2)  # as NTP does after a machine was woken with a wrong clock
    ticker.run_pending()
    assert len(ran) == 2
    assert ticker.idle_seconds() <= 60
    ticker.run_pending()
    assert len(ran) == 2


def test_a_job_that_is_one_interval_away_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even where the clock has not moved since it was planned."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override] # as above
            return datetime(2026, 11, 26, 9)

    monkeypatch.setattr("schedule.datetime.datetime", Stopped)
    monkeypatch.setattr(module, "datetime", Stopped)
    ran: list[int] = []
    ticker = Ticker()
    ticker.every(60, "job", lambda: ran.append(1))
    for _ in range(3):
        ticker.run_pending()
    assert ran == [1]
