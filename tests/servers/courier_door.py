"""The door before Courier's ``imapd``: ``courier_door FOLDER IMAP_PORT LMTP_PORT PROGRAM``.

Logs in whoever asks, and hands the connection to the program in ``FOLDER/ADDRESS``; mail that comes by LMTP is laid
into the Maildir there.
"""

import asyncio
import mailbox
import os
import shlex
import socketserver
import subprocess
import sys
import threading
from pathlib import Path

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.servers.process import HOST

LARGEST = 60_000_000


def home_of(folder: Path, address: str) -> Path:
    """Where the mailbox of an address lies, made where it is missing; a tag in the address counts for nothing."""
    local, _, domain = address.lower().rpartition("@")
    home = folder / f"{local.partition('+')[0]}@{domain}"
    home.mkdir(exist_ok=True)
    mailbox.Maildir(home / "Maildir").close()
    return home


class Delivery:
    """aiosmtpd's handler: one answer for each recipient (RFC 2033 §4.2)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        """Lay the mail into the Maildir of each recipient."""
        del server, session
        assert isinstance(envelope.content, bytes)  # decode_data is off
        body = envelope.content.replace(b"\r\n", b"\n")
        for recipient in envelope.rcpt_tos:
            above = f"Return-Path: <{envelope.mail_from}>\nDelivered-To: {recipient}\n"
            mailbox.Maildir(home_of(self.folder, recipient) / "Maildir").add(above.encode() + body)
        return "\r\n".join("250 OK" for _ in envelope.rcpt_tos)


class Login(socketserver.StreamRequestHandler):
    """One IMAP connection until its login; each line is read alone, for what follows is the program's."""

    rbufsize = 0

    def handle(self) -> None:
        """Greet, answer CAPABILITY, and start the program at LOGIN."""
        capabilities = os.environ["IMAP_CAPABILITY"]
        self.say(f"* OK [CAPABILITY {capabilities}] Courier-IMAP ready.")
        while line := self.rfile.readline(2000).decode().strip():
            tag, command, *words = shlex.split(line)
            if command.upper() == "LOGIN":
                self.hand_over(tag, words[0])
                return
            if command.upper() == "CAPABILITY":
                self.say(f"* CAPABILITY {capabilities}")
            self.say(f"{tag} OK done")

    def say(self, line: str) -> None:
        """One line to the client."""
        self.wfile.write(f"{line}\r\n".encode())

    def hand_over(self, tag: str, user: str) -> None:
        """The rest of the connection is the program's, which answers the login too."""
        folder, program = Path(sys.argv[1]), sys.argv[4]
        known = {"AUTHENTICATED": user, "TCPREMOTEIP": HOST, "TCPREMOTEPORT": "1", "IMAPLOGINTAG": tag}
        subprocess.run(
            [program, "Maildir"],
            stdin=self.connection,
            stdout=self.connection,
            cwd=home_of(folder, user),
            env={**os.environ, **known},
            check=False,
        )


class Door(socketserver.ThreadingTCPServer):
    """Takes IMAP connections."""

    allow_reuse_address = daemon_threads = True


async def main(folder: Path, imap_port: int, lmtp_port: int) -> None:
    """Serves until it is killed."""
    delivery = Delivery(folder)
    loop = asyncio.get_running_loop()
    await loop.create_server(lambda: LMTP(delivery, data_size_limit=LARGEST, hostname="courier"), HOST, lmtp_port)
    with Door((HOST, imap_port), Login) as door:
        threading.Thread(target=door.serve_forever, daemon=True).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
