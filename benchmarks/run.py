"""``python -m benchmarks.run [--mails N] [--rounds N] [--waiting N] [--registered N]``: judged by the goals."""

from __future__ import annotations

import argparse
import os
import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import peers
from benchmarks.growth import DUE, due_query, fill
from benchmarks.mailbox import make_mails
from benchmarks.stage import Stage, stage, why_not
from tests.servers.process import new_folder, remove_folder

FEW_WAITING = 200
OURS = "ours"
SMALL = 1000
"""Registered questions of the small register, against which growth is measured."""


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.run")
    parser.add_argument("--mails", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--registered", type=int, default=1_000_000, help="0: leave that out")
    parser.add_argument("--waiting", type=int, default=10_000, help="0: leave that out")
    parser.add_argument("--peers", nargs="*", choices=peers.NAMES, default=(), help="other programs to run as well")
    wanted = parser.parse_args()
    if reason := why_not():
        parser.error(reason)
    whole_job(wanted.mails, wanted.rounds, wanted.peers)
    if wanted.waiting:
        backlog(wanted.waiting)
    if wanted.registered:
        growth(wanted.registered, max(wanted.mails // 4, 50))


def whole_job(mails: int, rounds: int, others: Sequence[str] = ()) -> None:
    """The least cost, ours, and the other programs, in turn: each a process from its start to its end."""
    found: dict[str, list[dict[str, float]]] = {who: [] for who in ("limit", OURS, *others)}
    for number in range(rounds):
        for who, figures in found.items():
            with stage() as here:
                here.prepare(who)
                here.fill(make_mails(mails, seed=2016 + number))
                figures.append(_measured(here, who, who in others))
                print(who, {key: round(value, 2) for key, value in figures[-1].items()}, flush=True)
    ratio = median(found[OURS], "whole_cpu_ms") / median(found["limit"], "whole_cpu_ms")
    judged("CPU a mail, whole process, against the limit", ratio, 9.0, 6.0)
    for who in others:
        for unit, must, aim in (("whole_cpu_ms", 1.0, 0.6), ("whole_wall_ms", 0.8, 0.5)):
            ratio = median(found[OURS], unit) / median(found[who], unit)
            judged(f"{unit} a mail against {who}", ratio, must, aim)
    sent = median(found[OURS], "sent") / median(found[OURS], "mails")
    print(f"  (ours wrote {sent:.2f} mails a mail, the limit 1.00)")
    judged("peak memory, MB", median(found[OURS], "peak_mb"), 150, 150)


def _measured(here: Stage, who: str, is_peer: bool) -> dict[str, float]:
    if who == OURS:
        return here.measure_daemon()
    return here.measure_peer(who) if is_peer else here.measure(who)


def backlog(waiting: int) -> None:
    """Compare many waiting mails with few; one-time reading is done before."""
    cost: dict[int, float] = {}
    for count in (FEW_WAITING, waiting):
        with stage() as here:
            here.fill(make_mails(count, seed=7))
            figures = here.measure("ours", "--warm")
        print(f"{count} waiting:", {key: round(value, 2) for key, value in figures.items()}, flush=True)
        cost[count] = figures["cpu_ms"]
    judged(f"CPU a mail with {waiting} waiting against {FEW_WAITING}", cost[waiting] / cost[FEW_WAITING], 1.2, 1.1)


def growth(registered: int, mails: int) -> None:
    """Compare the same mails on a small register and on a large one."""
    cost: dict[int, float] = {}
    for count in (SMALL, registered):
        folder = new_folder("grown")
        fill(folder / "doithoai.db", count, datetime.now(UTC))
        seconds, due = due_query(folder / "doithoai.db")
        size = (folder / "doithoai.db").stat().st_size / 1e6
        print(
            f"{count} registered: {size:.0f} MB, due query {1000 * seconds:.1f} ms finds {due} of {min(DUE, count)}"
        )
        if count == registered:
            judged("due query, s", seconds, 0.1, 0.1)
        cost[count] = measured_on(folder, mails)
        remove_folder(folder)
    judged(f"CPU a mail at {registered} registered against {SMALL}", cost[registered] / cost[SMALL], 1.2, 1.1)


def measured_on(folder: Path, mails: int) -> float:
    """CPU ms per mail on that database; its due duties are worked on before the measurement."""
    empty_due(folder / "doithoai.db")
    os.sync()  # else the system writes gigabytes of the filled database meanwhile
    with stage(folder) as here:
        here.fill(make_mails(mails))
        figures = here.measure("ours", "--warm")
    print("  ", {key: round(value, 2) for key, value in figures.items()}, flush=True)
    return figures["cpu_ms"]


LONG_BEFORE, FAR_OFF = "2021-01-01 00:00:00.000000", "2100-01-01 00:00:00.000000"
"""Complete instants: SQLite compares '2021' with a column of instants as a number, and every text is greater."""


def empty_due(database: Path) -> None:
    """Postpone what is due, so that the pass does not work on it."""
    import sqlite3

    with sqlite3.connect(database) as connection:
        done = connection.execute("UPDATE duty SET next_at = ? WHERE next_at < ?", (FAR_OFF, LONG_BEFORE))
    if not done.rowcount:
        raise RuntimeError(f"{database}: nothing was due")


def median(figures: list[dict[str, float]], key: str) -> float:
    """The median."""
    return statistics.median(one[key] for one in figures)


def judged(what: str, value: float, must: float | None, aim: float | None) -> None:
    """Print one line of the table; lower is better."""
    word = "" if must is None or aim is None else "aim" if value <= aim else "must" if value <= must else "MISSED"
    goals = f"(must {must}, aim {aim})" if word else ""
    print(f"{what}: {value:.3g} {goals} {word}".rstrip(), flush=True)


if __name__ == "__main__":
    main()
