"""An IMAP server in memory: pymap's dict backend, with two of its defects worked round.

pymap 0.36's own service keeps no reference to its connection tasks, so that Python 3.13 may collect
a connection in IDLE; and it writes a response token by token, which makes one response arrive in
several segments and imapclient's ``idle_check`` abort. Here ``IMAPServer`` is called from a task that
is kept, through a writer that joins everything until ``drain()``.
"""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.imap import IMAPServer
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.user import UserMetadata
from pysasl.hashing import Cleartext


class QuietConfig(Config):
    """pymap's settings without a look-up of this machine's name in the greeting."""

    @property
    def greeting(self) -> bytes:
        """What the server says first (RFC 9051 §7.1)."""
        return b"Doithoai demonstration server"


class JoiningWriter:
    """A stream writer that sends nothing before ``drain()``, so that one response is one segment."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        """Keep ``data`` until the next ``drain()``."""
        self._waiting += data

    async def drain(self) -> None:
        """Send what waits."""
        if self._waiting:
            data, self._waiting = bytes(self._waiting), bytearray()
            self._writer.write(data)
        await self._writer.drain()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


class EmbeddedImap:
    """Mailboxes in memory behind a real IMAP port; every method runs on the loop that ``start`` ran on."""

    def __init__(self, users: Mapping[str, str], tls: str, context: ssl.SSLContext | None) -> None:
        self._users = users
        self._tls = tls
        self._context = context
        self._tasks: set[asyncio.Task[Any]] = set()
        self._server: asyncio.Server | None = None

    async def start(self, host: str) -> int:
        """Listen on a free port of ``host`` and give it."""
        args = Namespace(debug=False, passlib_cfg=None, proxy_protocol=None)
        config = QuietConfig(
            args,
            demo_data=False,
            demo_user="",
            demo_password="",
            host=host,
            port=0,
            hash_context=Cleartext(),
            ssl_context=self._context,
            tls_enabled=self._tls == "starttls",
            invalid_user_sleep=0.0,
            reject_dnsbl=False,
        )
        config.apply_context()
        self._login = Login(config)
        for user, password in self._users.items():
            await self._identity(user).set(UserMetadata(config, user, password=password))
        self._serve = IMAPServer(self._login, config)
        implicit = self._context if self._tls == "implicit" else None
        self._server = await asyncio.start_server(self._connection, host, 0, ssl=implicit, limit=2**20)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server is not None:
            self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await self._serve(reader, cast(Any, JoiningWriter(writer)), SocketInfo.get(writer, None))
        except (ConnectionError, EOFError, ssl.SSLError, asyncio.CancelledError):
            pass  # the client went away, or the server is being stopped
        finally:
            writer.close()

    def _identity(self, user: str) -> Any:
        identity = self._login.demo_user_identity
        return type(identity)(user, self._login, None, frozenset())

    async def append(self, user: str, folder: str, raw: bytes, when: datetime) -> int:
        """Put a mail into a folder with that internal date (whole seconds, as IMAP has it) and give its UID."""
        async with self._identity(user).new_session() as session:
            message = AppendMessage(raw, when.astimezone(UTC).replace(microsecond=0))
            appended, _ = await session.append_messages(folder, [message])
            return int(next(iter(appended.uids)))

    async def mails(self, user: str, folder: str) -> list[bytes]:
        """Every mail of a folder, oldest UID first; an unknown folder has none."""
        async with self._identity(user).new_session() as session:
            try:
                mailbox = await session.mailbox_set.get_mailbox(folder)
            except KeyError:
                return []
            found = [message async for message in mailbox.messages()]
            loaded = [await message.load_content(FetchRequirement.CONTENT) for message in found]
            return [bytes(message.get_body()) for message in loaded]

    async def folders(self, user: str) -> list[str]:
        """The names of the user's folders, INBOX among them."""
        async with self._identity(user).new_session() as session:
            tree = await session.mailbox_set.list_mailboxes()
            return [entry.name for entry in tree.list() if entry.exists]

    async def renew(self, user: str, folder: str) -> int:
        """Give the folder another UIDVALIDITY, as a server does that lost its index (RFC 9051 §2.3.1.1)."""
        async with self._identity(user).new_session() as session:
            mailbox = await session.mailbox_set.get_mailbox(folder)
            mailbox._uid_validity += 1
            return int(mailbox.uid_validity)

    async def remove(self, user: str, folder: str, uid: int) -> None:
        """Take one mail away, as a person beside the daemon would."""
        async with self._identity(user).new_session() as session:
            mailbox = await session.mailbox_set.get_mailbox(folder)
            await mailbox.delete([uid])
