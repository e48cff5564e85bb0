"""One full pass of the daemon over a mailbox, as a process of its own.

``python -m benchmarks.ours IMAP_PORT SMTP_PORT FOLDER [--profile]`` prints its figures as JSON.
"""

from __future__ import annotations

import cProfile
import dataclasses
import json
import pstats
import sys
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.mailbox import make_mails
from benchmarks.meter import Meter
from daemon.base.logs import setup_logging
from db.core.tables import outbox, question
from tests.installation import Clock, LiveInstallation

# The hourly cap on acknowledgements guards against floods, but here a flood is measured.
NO_CAP = 10**9


class RealClock(Clock):
    """The machine's clock."""

    def __call__(self) -> datetime:
        """Now."""
        return datetime.now(UTC)


def install(folder: Path, imap_port: int, smtp_port: int) -> LiveInstallation:
    """The daemon, configured and started, with the database in the folder or a new one."""
    setup_logging("WARNING")
    made = LiveInstallation(folder, imap_port, smtp_port, clock=RealClock(), connections=5, durable=True)
    board = dataclasses.replace(made.installation.board, acknowledgements_per_hour=NO_CAP)
    made.installation = dataclasses.replace(made.installation, board=board)
    made.restart()
    return made


def main(
    imap_port: int, smtp_port: int, folder: Path, *, profile: bool = False, warm: bool = False
) -> dict[str, float]:
    """Empty INBOX; gives the figures."""
    installation = install(folder, imap_port, smtp_port)
    if warm:
        for raw in make_mails(20, seed=1):
            installation.installation.read(raw, datetime.now(UTC))
    before = _counts(installation)
    profiler = cProfile.Profile()
    if profile:
        profiler.enable()
    with Meter() as meter:
        report = installation.run()
    if profile:
        profiler.disable()
        pstats.Stats(profiler, stream=sys.stderr).sort_stats("cumulative").print_stats(r"/(rules|db|daemon)/", 75)
    after = _counts(installation)
    installation.close()
    for problem in report.problems:
        print(problem, file=sys.stderr)
    return {
        **meter.figures(report.decided),
        "registered": after[0] - before[0],
        "sent": report.sent,
        "moved": report.moved,
        "problems": len(report.problems),
    }


def _counts(installation: LiveInstallation) -> tuple[int, int]:
    with installation.engine.begin() as connection:
        return tuple(  # type: ignore[return-value]
            connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (question, outbox)
        )


if __name__ == "__main__":
    print(
        json.dumps(
            main(
                int(sys.argv[1]),
                int(sys.argv[2]),
                Path(sys.argv[3]),
                profile="--profile" in sys.argv,
                warm="--warm" in sys.argv,
            )
        )
    )
