"""A service that only answers systemd: shows that unit, sandbox, credentials and watchdog fit together."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from daemon.config import load_config
from daemon.sdnotify import Notifier


def main() -> int:
    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopping.append(number))
    config = load_config(Path(sys.argv[sys.argv.index("--config") + 1]))
    (Path(os.environ["STATE_DIRECTORY"]) / "starts").open("a").write(".")
    notifier = Notifier()
    notifier.ready(f"key of {len(config.secrets.signing_key())} bytes, user {os.getuid()}")
    while not stopping:
        notifier.watchdog()
        time.sleep(min(notifier.watchdog_interval or 1, 0.2))
    notifier.stopping()
    return 0


if __name__ == "__main__":
    sys.exit(main())
