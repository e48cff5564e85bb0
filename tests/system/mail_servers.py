"""Embedded mail servers as a process of their own, driven through a folder, which other namespaces can reach.

``FOLDER/in/*.eml`` is delivered to the mailbox and removed; ``FOLDER/state.json`` says, several times a second, which
ports are open, how many mails lie in which folder, and to whom mail was sent.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

from daemon.demo.servers import EmbeddedServers


def state(servers: EmbeddedServers, user: str) -> dict[str, Any]:
    """What the test wants to know."""
    return {
        "imap": servers.imap_port,
        "smtp": servers.smtp_port,
        "folders": {name: len(servers.mails(user, name)) for name in servers.folders(user)},
        "sent": [recipient for mail in servers.sent for recipient in mail.recipients],
    }


def main(folder: Path, user: str, password: str) -> None:
    """Runs until it is killed."""
    (folder / "in").mkdir(parents=True, exist_ok=True)
    with EmbeddedServers({user: password}) as servers:
        while True:
            for path in sorted((folder / "in").glob("*.eml")):
                servers.deliver(user, path.read_bytes())
                path.unlink()
            (folder / "state.new").write_text(json.dumps(state(servers, user)), encoding="utf-8")
            (folder / "state.new").replace(folder / "state.json")
            time.sleep(0.1)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
