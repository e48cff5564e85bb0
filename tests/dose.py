"""How much of a comparison over very many texts runs: a part in the tests of each change, all at night."""

from __future__ import annotations

import os

WHOLE = os.environ.get("DOITHOAI_DOSES") == "all"
PART = 8


def dose(whole: int) -> int:
    """So many of ``whole``."""
    return whole if WHOLE else whole // PART
