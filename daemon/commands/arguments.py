"""Types of options that several commands have."""

from __future__ import annotations

import argparse
from datetime import date


def day(text: str) -> date:
    """An option's day, ``YYYY-MM-DD``. Raises ``ArgumentTypeError``, which argparse tells in one line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"not a date (YYYY-MM-DD): {text!r}") from None
