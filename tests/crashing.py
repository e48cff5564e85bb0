"""Daemon processes that may be killed, cheaply: one process loads the program once and forks for each run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Self


class Crashing:
    """``run(arguments, failpoint)`` is ``doithoai ARGUMENTS`` in a process of its own; gives its exit status.

    A negative status is the signal that ended it, as :mod:`subprocess` has it.
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

    def run(self, arguments: list[str], failpoint: str = "") -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([arguments, failpoint]) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def warm() -> None:
    """Read a question and a reply, so that every child has the rules in memory already."""
    from daemon.commands.explain import Explainer, _knowledge
    from daemon.mailin.parse import parse_mail
    from tests.installation import MONDAY, letter

    explainer = Explainer(_knowledge())
    for text in ("Xin hỏi bao giờ sửa đường?", "Trả lời câu hỏi HP-2026-000001: đường sẽ được sửa trong năm 2027."):
        explainer.read(parse_mail(letter("an@dan.test", text)), MONDAY.date())


def serve() -> None:
    """Load the program, then fork for each line."""
    import daemon.commands.run
    from daemon.cli import main
    from db import failpoints

    assert daemon.commands.run
    warm()
    for line in sys.stdin:
        arguments, failpoint = json.loads(line)
        child = os.fork()
        if child == 0:
            failpoints.arm(failpoint)
            os.dup2(2, 1)
            os._exit(main(arguments))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve()
