"""Mailboxes that behave as those of Exchange or Zimbra do by default, in front of the embedded servers.

``RFC822.SIZE`` is an estimate (Exchange: ``EnableExactRFC822Size`` is off), a sender that is not the account's own
address is refused (Exchange after DATA, Zimbra at RCPT), no address has a ``+``, mails that arrive get other header
fields in another order and are encoded anew, and a mail that is sent leaves with another Message-ID.
"""

import base64
import contextlib
import email
import email.policy
import re
import socket
import threading
import uuid
from collections.abc import Mapping
from datetime import datetime
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller

from daemon.demo.servers import EmbeddedServers
from tests.servers.process import HOST, free_ports

REFUSED = {
    "exchange": ("data", "550 5.7.60 SMTP; Client does not have permissions to send as this sender"),
    "zimbra": ("rcpt", "553 5.7.1 <{0}>: Sender address rejected: not owned by user {1}"),
}
FIELDS = {
    "exchange": (
        "X-MS-Exchange-Organization-SCL: -1\r\nX-MS-Has-Attach:\r\nThread-Index: AdqNew==\r\n"
        "X-MS-Exchange-Organization-AuthSource: MBX{0}.haiphong.test\r\n"
    ),
    "zimbra": "X-Zimbra-Received: {0}\r\nX-Virus-Scanned: amavisd-new at haiphong.test\r\nX-Spam-Score: -{0}\r\n",
}
SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


def reordered(raw: bytes) -> bytes:
    """The same fields in another order, folded and encoded in another way."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    fields = sorted(message.items())
    for name, _ in fields:
        del message[name]
    for name, value in reversed(fields):
        message[name.upper()] = str(value)
    return message.as_bytes(policy=email.policy.SMTP.clone(max_line_length=60))


def in_base64(raw: bytes) -> bytes:
    """Every part encoded anew, the boundary another one."""
    message = email.message_from_bytes(raw)
    for part in message.walk():
        if part.get_content_maintype() == "multipart":
            part.set_boundary(f"=={uuid.uuid4().hex}==")
            continue
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        del part["Content-Transfer-Encoding"]
        part["Content-Transfer-Encoding"] = "base64"
        part.set_payload(base64.encodebytes(data).decode())
    return message.as_bytes(policy=email.policy.compat32.clone(linesep="\r\n"))


class OtherServers:
    """``imap_port`` and ``smtp_port`` behave as ``kind`` ("exchange", "zimbra") does; ``account`` is who sends."""

    def __init__(self, users: Mapping[str, str], kind: str, account: str) -> None:
        self.inner = EmbeddedServers(users, subaddress="", sink=False)
        self.kind, self.account = kind, account
        self.refused: list[str] = []
        (self.smtp_port,) = free_ports(1)
        self._smtp = Controller(_Handler(self), hostname=HOST, port=self.smtp_port)
        self._listener = socket.create_server((HOST, 0))
        self.imap_port = int(self._listener.getsockname()[1])
        self._open: list[socket.socket] = []
        self._count = 0

    def __enter__(self) -> Self:
        self.inner.start()
        self._smtp.start()
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._smtp.stop()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for one in self._open:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.inner.stop()

    # -- mails ----------------------------------------------------------------------------------

    def deliver(self, user: str, raw: bytes, when: datetime | None = None) -> None:
        """A mail arrives as such a server hands it on: each time with other fields."""
        self._count += 1
        self.inner.deliver(user, FIELDS[self.kind].format(self._count).encode() + reordered(in_base64(raw)), when)

    def mails(self, user: str) -> list[bytes]:
        """What lies in somebody's INBOX."""
        return self.inner.mails(user)

    # -- IMAP: what the server says, with other sizes ---------------------------------------------

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection((HOST, self.inner.imap_port))
            self._open += [client, server]
            threading.Thread(target=_copy, args=[client, server], daemon=True).start()
            threading.Thread(target=_estimated, args=[server, client], daemon=True).start()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_RDWR)


def _estimated(source: socket.socket, target: socket.socket) -> None:
    """Lines with other sizes in them; literals as they are."""
    lines = source.makefile("rb")
    with contextlib.suppress(OSError):
        while line := lines.readline():
            target.sendall(SIZE.sub(lambda said: b"RFC822.SIZE %d" % (int(said[1]) + 57), line))
            if literal := re.search(rb"\{(\d+)\}\r\n$", line):
                target.sendall(lines.read(int(literal[1])))
        target.shutdown(socket.SHUT_RDWR)


class _Handler:
    """aiosmtpd's handler of the port where the program sends."""

    def __init__(self, servers: OtherServers) -> None:
        self.servers = servers

    def _refusal(self, phase: str, sender: str) -> str:
        at, reply = REFUSED[self.servers.kind]
        if at != phase or sender.lower() in {"", self.servers.account}:
            return ""
        self.servers.refused.append(sender)
        return reply.format(sender, self.servers.account)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """No address has a tag."""
        del server, session, options
        if refusal := self._refusal("rcpt", envelope.mail_from or ""):
            return refusal
        if "+" in address:
            return "550 5.1.1 User unknown"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Delivered with another Message-ID."""
        del server, session
        if refusal := self._refusal("data", envelope.mail_from or ""):
            return refusal
        message = email.message_from_bytes(envelope.content)
        message.replace_header("Message-ID", f"<{uuid.uuid4().hex}@prod.outlook.test>")
        for address in envelope.rcpt_tos:
            with contextlib.suppress(KeyError):
                self.servers.deliver(address, message.as_bytes(policy=email.policy.SMTP))
        return "250 2.6.0 Queued mail for delivery"
