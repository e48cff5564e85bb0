"""Runs beside the service of ``long_run.py``: Dovecot and Postfix, and a citizen's mail every second.

The mails are those of the benchmarks: 4 to 30 sentences in five encodings, every tenth with a PDF of 200 KB.

FOLDER/state.json holds the ports, the number of mails handed over and the number in INBOX; files named start,
restart-dovecot, restart-postfix and stop in FOLDER are orders.
"""

from __future__ import annotations

import contextlib
import json
import smtplib
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.mailbox import make_mails
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

MOST = 20_000
"""Mails that there are to send: more than fit into five hours."""


def hand_over(postfix: Postfix, number: int, to: str, raw: bytes) -> bool:
    """Send one mail by SMTP; False while the server is away."""
    with contextlib.suppress(OSError, smtplib.SMTPException), smtplib.SMTP(postfix.host, postfix.port) as client:
        client.sendmail(f"dan{number}@dan.test", [to], raw)
        return True
    return False


def tell(folder: Path, **state: object) -> None:
    """Write the state in one step."""
    (folder / "state.new").write_text(json.dumps(state), encoding="utf-8")
    (folder / "state.new").replace(folder / "state.json")


def obey(folder: Path, servers: dict[str, Dovecot | Postfix]) -> None:
    """Restart the servers that the folder asks for."""
    for name, server in servers.items():
        order = folder / f"restart-{name}"
        if order.exists():
            order.unlink()
            server.restart()


def main(folder: Path, user: str, password: str) -> None:
    """Run until killed."""
    folder.mkdir(parents=True)
    with (
        Dovecot({user: password}) as dovecot,
        Postfix(dovecot.lmtp_port, domains=("haiphong.test", "dan.test")) as postfix,
    ):
        sent, following = 0, time.monotonic()
        mails: Iterator[bytes] = make_mails(MOST)
        raw = next(mails)
        while True:
            obey(folder, {"dovecot": dovecot, "postfix": postfix})
            stopped = (folder / "stop").exists()
            if not stopped and (folder / "start").exists() and hand_over(postfix, sent + 1, user, raw):
                sent, raw = sent + 1, next(mails)
            inbox = len(dovecot.mails(user)) if stopped else -1
            ports = {"imap": dovecot.imap_port, "smtp": postfix.port}
            tell(folder, sent=sent, stopped=stopped, inbox=inbox, **ports)
            following = max(following + 1, time.monotonic())
            time.sleep(max(following - time.monotonic(), 0))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
