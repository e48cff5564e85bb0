"""libfaketime: a server whose clock is shifted by a file, while it runs."""

import time
from datetime import datetime
from pathlib import Path

from tests.installation import Clock

LIBRARIES = ("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1", "/usr/lib/faketime/libfaketime.so.1")


def library() -> str:
    """Where the library is, or ""."""
    return next((path for path in LIBRARIES if Path(path).exists()), "")


def why_not() -> str:
    """Why no server's clock can be shifted here, or ""."""
    return "" if library() else "libfaketime is not installed"


def faked(file: Path) -> dict[str, str]:
    """The environment of a process whose clock the file shifts."""
    return {
        "LD_PRELOAD": library(),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "FAKETIME_DONT_RESET": "1",
    }


class SharedClock(Clock):
    """A test's own clock that others read from a file as seconds ahead of the machine's; it goes on by itself."""

    file: Path | None = None
    set_at: float = 0.0

    def __setattr__(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)
        if name == "at" and isinstance(value, datetime):
            object.__setattr__(self, "set_at", time.time())
            self._tell()

    def share(self, file: Path) -> None:
        """From now on the file says what this clock says."""
        self.file = file
        self._tell()

    def __call__(self) -> datetime:
        return self.at + (datetime.now(self.at.tzinfo) - datetime.fromtimestamp(self.set_at, self.at.tzinfo))

    def _tell(self) -> None:
        if self.file is not None:
            new = self.file.with_suffix(".new")
            new.write_text(f"{self.at.timestamp() - self.set_at:+.3f}\n", encoding="ascii")
            new.replace(self.file)  # a server that met it empty would not start
