"""The timeline on the screen: one line a scene, under the day it happened on."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import date

from daemon.demo.letters import CITY
from daemon.demo.stage import Scene

WIDTH = 76
FATES = {
    "register": "registered",
    "attach": "attached to its case",
    "hold": "held for an officer",
    "reject": "rejected",
    "ignore": "filed, never answered",
    "quarantine": "quarantined",
}
LABELS = {
    "registered": "questions registered",
    "forwarded": "forwarded to a department",
    "answered": "answered",
    "notified": "mails to citizens",
    "rejected": "rejected, with the reason",
    "late": "departments' answers late, citizens told",
    "lost": "lost",
    "duplicated": "registered or sent twice",
    "waiting": "still open",
    "held": "held for a person",
    "bounced": "came back undeliverable",
    "mails_in": "mails in",
    "mails_out": "mails out",
}


class Screen:
    """Prints scenes as they come, and remembers them for the page."""

    def __init__(self) -> None:
        self.scenes: list[Scene] = []
        self._day: date | None = None

    def __call__(self, scene: Scene) -> None:
        """One more scene."""
        self.scenes.append(scene)
        at = scene.at.astimezone(CITY)
        if at.date() != self._day:
            self._day = at.date()
            _say(f"\n{at:%A %d %B %Y}")
        _say(f"  {at:%H:%M} {_line(scene)}")


def _line(scene: Scene) -> str:
    match scene.way:
        case "in":
            note = f"  ({scene.note})" if scene.note else ""
            return f"-> {_short(scene.who, 24)}: {_short(scene.what)}{note}"
        case "out":
            return f"<- {_short(scene.who, 30)}: {_short(scene.what)}"
        case "desk":
            return f"## {scene.what}"
        case _:
            state = f", {scene.note}" if scene.note in {"held", "quarantined"} and scene.who != "hold" else ""
            return f"   = {FATES.get(scene.who, scene.who)}{state}"


def _short(text: str, width: int = WIDTH) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def tell_summary(figures: Mapping[str, int], seconds: float) -> None:
    """What came of it, a line each."""
    _say("\nWhat came of it (counted from the database and the mail servers):")
    for key, label in LABELS.items():
        _say(f"  {figures[key]:>4}  {label}")
    _say(f"  {figures['days']} days passed in {seconds:.1f} seconds.")


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
