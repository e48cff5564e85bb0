"""The ticker: `schedule` says when to look; the database says what is due.

`schedule` lets an exception out of ``run_pending`` and leaves the failed job first in line, so that the jobs behind
it starve. So each job is wrapped here: a failure is logged, and the job runs again at its next tick.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import schedule

from daemon.base.errors import DoithoaiError, NeverStartsError
from daemon.base.logs import Log

log = Log("ticker")

# The library's own clock is naive local time; this only says "at once".
LONG_AGO = datetime(2000, 1, 1)  # noqa: DTZ001


class Ticker:
    """Runs jobs by interval. It need not keep anything over a restart."""

    def __init__(self) -> None:
        self._scheduler = schedule.Scheduler()

    def every(self, seconds: float, name: str, job: Callable[[], object]) -> None:
        """Run ``job`` every so many seconds, and once at the next :meth:`run_pending`."""
        made = self._scheduler.every(max(1, round(seconds))).seconds.do(guarded, name, job)
        made.next_run = LONG_AGO

    def run_pending(self) -> None:
        """Run the jobs that are due, and those further away than their interval, because the clock was set back."""
        now = datetime.now()  # noqa: DTZ005 - the library's own clock
        for job in self._scheduler.jobs:
            if job.next_run is not None and job.next_run - now > timedelta(seconds=job.interval):
                job.next_run = now
        self._scheduler.run_pending()

    def idle_seconds(self) -> float:
        """Seconds until the next job, never negative."""
        seconds = self._scheduler.idle_seconds
        return 60.0 if seconds is None else max(0.0, float(seconds))


def guarded(name: str, job: Callable[[], object]) -> None:
    """Run a job; whatever fails in it is logged, except what stops the daemon for good."""
    try:
        job()
    except NeverStartsError:
        raise
    except DoithoaiError as error:
        log.failure("job_failed", error, job=name)
    except Exception as error:  # a job must never stop the ticker
        log.failure("job_crashed", error, job=name)
