"""The cost of reading a mail by stages, without servers and database: ``python -m benchmarks.reading [MAILS]``."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from benchmarks.mailbox import make_mails
from benchmarks.meter import peak_mb
from daemon.parsing.parse import parse_mail
from rules.routing.routing_rules import load_routing
from rules.routing.similar import SimilarIndex
from rules.understand import understand as understanding
from rules.understand.understand import Knowledge, understand
from rules.values.data_file import load_units

ON = date(2026, 10, 5)
STAGES = ("read_automatic", "fold", "has_reply_shape", "read_requester", "classify", "route")
"""The functions called to understand a mail."""
MOST_COUNTED = 100


class Clock:
    """CPU seconds by the name of the function that took them."""

    def __init__(self) -> None:
        self.spent: dict[str, float] = {}

    def watched(self, name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """The same function, with its time added up."""

        def timed(*arguments: Any, **named: Any) -> Any:
            begun = time.process_time()
            try:
                return work(*arguments, **named)
            finally:
                self.spent[name] = self.spent.get(name, 0.0) + time.process_time() - begun

        return timed


def main(count: int = 1000) -> None:
    """Read this many mails, after one that loads the rules; print milliseconds of CPU per mail."""
    clock, index = Clock(), SimilarIndex()
    knowledge = Knowledge(load_units(), load_routing(), {})
    for name in STAGES:
        setattr(understanding, name, clock.watched(f"  {name}", getattr(understanding, name)))
    parse, whole = clock.watched("parse_mail", parse_mail), clock.watched("understand", understand)
    find, add = clock.watched("find what is like it", index.find), clock.watched("take it in", index.add)
    begun = time.process_time()
    whole(parse(next(make_mails(1, seed=1))), knowledge, ON)
    print(f"first mail, with the rules: {time.process_time() - begun:.2f} s")
    clock.spent.clear()
    for number, raw in enumerate(make_mails(count)):
        text = whole(parse(raw), knowledge, ON).text.own
        find(text, most=MOST_COUNTED)
        add(number, text)
    for name, seconds in clock.spent.items():
        print(f"{name:24}{1000 * seconds / count:7.3f} ms")
    print(f"peak {peak_mb():.0f} MB")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
