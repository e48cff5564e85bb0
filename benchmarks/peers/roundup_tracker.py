"""roundup with its classic template on SQLite: one pass of its mail gateway over the IMAP mailbox.

``python -m benchmarks.peers.roundup_tracker IMAP_PORT SMTP_PORT FOLDER`` prints its figures as JSON; run by the
Python of its own environment.
"""

from __future__ import annotations

import imaplib
import json
import sys
from pathlib import Path
from types import SimpleNamespace

from roundup import configuration, init, instance, mailgw, password

from benchmarks.limit import MAILBOX, PASSWORD
from benchmarks.meter import Meter

STRANGERS = """
db.security.addPermissionToRole('Anonymous', 'Email Access')
"""
"""By default it accepts mail of known people only."""


def install(smtp_port: int, folder: Path) -> Path:
    """A tracker set up as its manual says."""
    home = folder / "tracker"
    template = Path(sys.prefix, "share", "roundup", "templates", "classic")
    init.install(str(home), str(template))
    with (home / "schema.py").open("a", encoding="utf-8") as schema:
        schema.write(STRANGERS)
    config = configuration.CoreConfig()
    settings = {
        "TRACKER_HOME": str(home), "RDBMS_BACKEND": "sqlite", "MAIL_DOMAIN": "haiphong.test",
        "MAIL_HOST": "127.0.0.1", "MAIL_PORT": str(smtp_port), "TRACKER_WEB": "http://127.0.0.1/",
        "TRACKER_EMAIL": MAILBOX, "ADMIN_EMAIL": MAILBOX,
    }  # fmt: skip
    for name, value in settings.items():
        config[name] = value
    config.save(str(home / "config.ini"))
    tracker = instance.open(str(home))
    tracker.init(password.Password("measured", config=config))
    return home


def main(imap_port: int, smtp_port: int, folder: Path) -> dict[str, float]:
    """Empty INBOX; gives the figures."""

    class HerePort(imaplib.IMAP4):
        """Its gateway knows port 143 only, so this maps to ours."""

        def __init__(self, host: str) -> None:
            super().__init__(host, imap_port)

    home = install(smtp_port, folder)
    imaplib.IMAP4 = HerePort  # type: ignore[misc, assignment]
    tracker = instance.open(str(home), optimize=1)
    with Meter() as meter:
        gateway = mailgw.MailGW(tracker, SimpleNamespace(default_class="", set_value=[]))
        gateway.do_imap("127.0.0.1", MAILBOX, PASSWORD, "INBOX", ssl=0)
    db = tracker.open("admin")
    registered = len(db.issue.list())
    db.close()
    return meter.figures(registered)


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))))
