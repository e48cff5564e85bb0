"""An IMAP server in memory: pymap's dict backend, with workarounds for three of its defects.

pymap 0.36's own service keeps no reference to its connection tasks, so that Python 3.13 may collect a connection in
IDLE; and it writes a response token by token, so that one response arrives in several segments and imapclient's
``idle_check`` aborts. Here a connection runs in a task that is kept, through a writer that joins everything until
``drain()``. Its IDLE also reports only what comes while it waits; here it first reports what came since the last
command.
"""

from __future__ import annotations

import asyncio
import ssl
from argparse import Namespace
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack, closing
from datetime import UTC, datetime
from typing import Any, cast
from weakref import WeakSet

from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, Login
from pymap.concurrent import Subsystem
from pymap.context import connection_exit
from pymap.imap import IMAPConnection
from pymap.imap.state import ConnectionState
from pymap.parsing.message import AppendMessage
from pymap.parsing.specials import FetchRequirement
from pymap.user import UserMetadata
from pysasl import SASLAuth
from pysasl.creds.plain import PlainCredentials
from pysasl.hashing import BuiltinHash
from pysasl.mechanism.login import LoginMechanism
from pysasl.mechanism.oauth import OAuth2Mechanism
from pysasl.mechanism.plain import PlainMechanism

from daemon.demo.smtp_server import Kept, close_port

LONGEST_LINE = 2**20
"""Bytes."""
OLD_FOLDER = "before"
"""The name of a folder while its mails move to its new version."""


class QuietConfig(Config):
    """pymap's settings without a look-up of this machine's name in the greeting."""

    @property
    def tls_auth(self) -> SASLAuth:
        """The login methods on a connection that counts as secure."""
        return SASLAuth([PlainMechanism(), LoginMechanism(), TokenLogin()])

    @property
    def greeting(self) -> bytes:
        """The server's greeting (RFC 9051 §7.1)."""
        return b"Doithoai demonstration server"


class TokenLogin(OAuth2Mechanism):
    """XOAUTH2 whose token is the user's password."""

    def server_attempt(self, responses: Sequence[Any]) -> tuple[Any, None]:
        """Read the client's answer; pymap then checks the token as it checks a password."""
        super().server_attempt(responses)
        user, token = responses[0].response.decode("utf-8").split("\x01")[:2]
        return PlainCredentials(user.removeprefix("user="), token[len("auth=Bearer ") :]), None


class EagerState(ConnectionState):
    """pymap's connection state with an IDLE that first reports what came before it."""

    async def receive_updates(self, cmd: Any, done: Any) -> Any:
        """The untagged responses to send: at once when there are any, else as soon as something changes."""
        selected = await self.session.check_mailbox(self.selected)
        self._selected, untagged = selected.fork(cmd)
        told = list(untagged)
        return told or await super().receive_updates(cmd, done)


class JoiningWriter:
    """A stream writer that sends nothing before ``drain()``, so that one response is one segment."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self._waiting = bytearray()

    def write(self, data: bytes) -> None:
        """Keep ``data`` until the next ``drain()``."""
        self._waiting += data

    async def drain(self) -> None:
        """Send what was kept."""
        if self._waiting:
            data, self._waiting = bytes(self._waiting), bytearray()
            self._writer.write(data)
        await self._writer.drain()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._writer, name)


class _Talk(Kept, asyncio.StreamReaderProtocol):
    """One connection."""


class EmbeddedImap:
    """Mailboxes in memory behind a real IMAP port; every method runs on the loop on which ``start`` ran."""

    def __init__(self, users: Mapping[str, str], tls: str, context: ssl.SSLContext | None) -> None:
        self._users = users
        self._tls = tls
        self._context = context
        self._tasks: set[asyncio.Task[Any]] = set()
        self._server: asyncio.Server | None = None
        self.open: WeakSet[Any] = WeakSet()

    async def start(self, host: str) -> int:
        """Listen on a free port of ``host``; gives the port."""
        args = Namespace(debug=False, passlib_cfg=None, proxy_protocol=None)
        hashing = BuiltinHash(hash_name="sha256", rounds=1)
        config = QuietConfig(
            args,
            demo_data=False,
            demo_user="",
            demo_password="",
            host=host,
            port=0,
            hash_context=hashing,
            cpu_subsystem=Subsystem.for_asyncio(),  # one SHA-256 round: pymap's threads would never end
            ssl_context=self._context,
            tls_enabled=self._tls == "starttls",
            invalid_user_sleep=0.0,
            reject_dnsbl=False,
        )
        config.apply_context()
        self._login = Login(config)
        for user, password in self._users.items():
            await self._identity(user).set(UserMetadata(config, user, password=hashing.hash(password)))
        self._config = config
        implicit = self._context if self._tls == "implicit" else None
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, host, 0, ssl=implicit)
        return int(self._server.sockets[0].getsockname()[1])

    async def stop(self) -> None:
        """Close the port."""
        await close_port(self._server)

    def _protocol(self) -> Any:
        reader = asyncio.StreamReader(LONGEST_LINE, asyncio.get_running_loop())
        return _Talk(self.open, reader, self._connection)

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            await self._converse(reader, cast(Any, JoiningWriter(writer)), SocketInfo.get(writer, None))
        except (ConnectionError, EOFError, ssl.SSLError, asyncio.CancelledError):
            pass  # the client went away, or the server is being stopped
        finally:
            writer.close()

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, place: SocketInfo) -> None:
        """Run pymap's ``IMAPServer`` with the state above."""
        connection = IMAPConnection(self._config.commands, self._config, reader, writer, place)
        async with AsyncExitStack() as stack:
            connection_exit.set(stack)
            stack.enter_context(closing(connection))
            await connection.run(EagerState(self._login, self._config))

    def _identity(self, user: str) -> Any:
        identity = self._login.demo_user_identity
        return type(identity)(user, self._login, None, frozenset())

    async def append(self, user: str, folder: str, raw: bytes, when: datetime) -> int:
        """Put a mail into a folder with that internal date (whole seconds, as in IMAP); gives its UID."""
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
        """Give the folder another UIDVALIDITY, as a server that lost its index does (RFC 9051 §2.3.1.1)."""
        async with self._identity(user).new_session() as session:
            folders = session.mailbox_set
            await folders.rename_mailbox(folder, OLD_FOLDER)
            if folder != "INBOX":  # a renamed INBOX exists again at once, empty (RFC 9051 §6.3.6)
                await folders.add_mailbox(folder)
            old, mailbox = await folders.get_mailbox(OLD_FOLDER), await folders.get_mailbox(folder)
            for uid in [message.uid async for message in old.messages()]:
                await old.copy(uid, mailbox)
            await folders.delete_mailbox(OLD_FOLDER)
            return int(mailbox.uid_validity)

    async def remove(self, user: str, folder: str, uid: int) -> None:
        """Remove one mail, as a person beside the daemon would."""
        async with self._identity(user).new_session() as session:
            mailbox = await session.mailbox_set.get_mailbox(folder)
            await mailbox.delete([uid])

    async def clear(self, user: str) -> None:
        """Remove every mail of the user."""
        async with self._identity(user).new_session() as session:
            tree = await session.mailbox_set.list_mailboxes()
            for entry in tree.list():
                if entry.exists:
                    mailbox = await session.mailbox_set.get_mailbox(entry.name)
                    await mailbox.delete([message.uid async for message in mailbox.messages()])
