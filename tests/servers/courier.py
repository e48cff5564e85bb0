"""Courier's IMAP server on high ports: its ``imapd`` behind a door of the tests, which logs in and takes LMTP.

Courier's own login asks a daemon at a fixed place (/run/courier), of which there can be one on a machine. The door
does what that login does: it starts ``imapd`` in the user's Maildir with the connection as its input and output.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

from tests.servers.process import free_ports, new_folder
from tests.servers.server import ShownByImap
from tests.servers.unpacked import environment, missing, unpacked

PROGRAM = "usr/bin/imapd"
CAPABILITY = "IMAP4rev1 UIDPLUS CHILDREN NAMESPACE THREAD=ORDEREDSUBJECT THREAD=REFERENCES SORT QUOTA IDLE"
"""What the file that Debian ships says it can (/etc/courier/imapd)."""
HOUSE = Path(__file__).resolve().parents[2]


def why_not() -> str:
    """Why Courier cannot be used here, or ""."""
    return missing([PROGRAM])


class Courier(ShownByImap):
    """Mailboxes for anybody who logs in or gets mail; folders lie below ``INBOX.``, there is no MOVE."""

    separator = "."

    def __init__(self) -> None:
        self.imap_port, self.lmtp_port = free_ports(2)
        super().__init__(self.imap_port)

    def start(self) -> Self:
        """Make the folder of the Maildirs and wait until IMAP answers."""
        self.folder = new_folder("courier")
        self.run()
        return self

    def command(self) -> Sequence[str]:
        """The door, which starts Courier's program for each connection."""
        ports = str(self.imap_port), str(self.lmtp_port)
        door = "tests.servers.courier_door"
        return [sys.executable, "-m", door, str(self.folder), *ports, str(unpacked(PROGRAM))]

    def variables(self) -> Mapping[str, str]:
        """Its libraries, and the settings of Courier's own file (/etc/courier/imapd) that change what it can."""
        return {
            **environment(),
            "PYTHONPATH": str(HOUSE),
            "PROTOCOL": "IMAP",
            "IMAP_CAPABILITY": CAPABILITY,
            "IMAP_KEYWORDS": "1",
            "IMAP_ACL": "1",
            "IMAP_IDLE_TIMEOUT": "1",
            "IMAP_USELOCKS": "1",
            "IMAP_MAILBOX_SANITY_CHECK": "1",
            "IMAP_TRASHFOLDERNAME": "Trash",
        }

    @property
    def log(self) -> Path:
        return self.folder / "courier.log"
