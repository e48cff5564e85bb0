"""Daemon processes that may be killed, cheaply: one process loads the program once and forks for each run."""

import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Self

AFTER = "after="
"""``after=0.25`` instead of a fail point: killed so many seconds after its start, wherever it is then."""

LOADED_LATE = ("typst", "daemon.documents.docx", "daemon.documents.pdf")
"""What the daemon imports only when it makes a document."""


class Crashing:
    """``run(arguments, failpoint)`` is ``doithoai ARGUMENTS`` in a process of its own; gives its exit status.

    A negative status is the signal that ended it, as :mod:`subprocess` has it. ``at`` is its clock at first.
    """

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crashing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=30)

    def run(self, arguments: list[str], failpoint: str = "", at: datetime | None = None) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([arguments, failpoint, at.isoformat() if at else ""]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def warm() -> None:
    """Work through a day of a house of its own, without servers: what every child would load and compile is there.

    None of it is the scene's: a child opens its database, files and connections itself. What is left of the
    templates is kept by their text, so that a child with other templates compiles those.
    """
    import daemon.commands.run
    from daemon.monitoring.watch import tested
    from tests.installation import letter, unit_address
    from tests.world import world

    keep_compiled()
    for name in LOADED_LATE:
        import_module(name)
    with tempfile.TemporaryDirectory(prefix="warm-") as folder, world(Path(folder) / "house") as made:
        made.ask()
        unit = unit_address("SXD")
        made.arrive(letter(unit, "Trả lời câu hỏi HP-2026-000001: đường sẽ được sửa trong năm 2027."))
        made.house.clock.forward(days=20)
        made.house.run()  # finds no mail server: the rest of a pass is warm
        tested(made.house.installation)
    # The same templates have stood it here, for all.
    daemon.commands.run.tested = lambda installation: installation  # type: ignore[attr-defined] # it is imported there
    gc.collect()
    gc.freeze()  # shared by all children: nobody looks through it again


def set_clock(at: str) -> None:
    """The daemon's clock of this process goes on from there."""
    from daemon.base import clock

    start, began = datetime.fromisoformat(at).astimezone(UTC), time.monotonic()
    clock.now = lambda: start + timedelta(seconds=time.monotonic() - began)


def child(arguments: list[str], failpoint: str, at: str) -> int:
    from daemon.cli import main
    from tests.support import crash_points

    if failpoint and not failpoint.startswith(AFTER):
        crash_points.arm(failpoint)
        crash_points.hang()
    if at:
        set_clock(at)
    os.dup2(2, 1)
    return main(arguments)


def ended(pid: int, seconds: float) -> int:
    """Wait so long for the end of a process, then kill it; its wait status."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return status
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    return os.waitpid(pid, 0)[1]


def keep_compiled() -> None:
    """Templates are compiled once for all children; an environment each they still make."""
    from jinja2 import Environment

    compiled: dict[tuple[object, ...], object] = {}
    compile_one = Environment.compile

    def kept(self: Environment, source: object, name: str | None = None, *rest: object, **named: object) -> object:
        key = (source, name, self.autoescape, rest, *sorted(named.items()))
        if key not in compiled:
            compiled[key] = compile_one(self, source, name, *rest, **named)  # type: ignore[call-overload]
        return compiled[key]

    Environment.compile = kept  # type: ignore[assignment,method-assign]


def serve() -> None:
    """Load the program, then fork for each line."""
    warm()
    for line in sys.stdin:
        arguments, failpoint, at = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os._exit(child(arguments, failpoint, at))
        if failpoint.startswith(AFTER):
            status = ended(pid, float(failpoint.removeprefix(AFTER)))
        else:
            status = os.waitpid(pid, 0)[1]
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
