"""Python's collector of cycles in a process that lives for years."""

from __future__ import annotations

import gc

OFTEN = 10_000
"""So many more containers made than let go, and the young are looked at; Python's own 700 is for small programs."""


def settle() -> None:
    """Once, when everything is loaded: it is looked at no more, and the young more seldom.

    The rules are a million objects that never become garbage, and what a mail leaves behind holds few cycles: looking
    took a hundredth of the time that mails take. What is in a cycle waits a little longer.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OFTEN, 20, 20)
