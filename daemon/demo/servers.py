"""Embedded IMAP and SMTP on one asyncio loop in a thread: ready in a few milliseconds, loopback only.

Good for the demonstration and for quick tests, not for load. The IMAP side has no CONDSTORE, drops keywords silently,
and has a new UIDVALIDITY at each start, as some real servers do.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from daemon.base import clock
from daemon.demo.imap_server import EmbeddedImap
from daemon.demo.open_connections import cut
from daemon.demo.smtp_server import EmbeddedSmtp, SentMail, SmtpSettings

__all__ = ["EmbeddedServers", "SentMail"]

HOST = "127.0.0.1"
CALL_SECONDS = 30.0

T = TypeVar("T")


class EmbeddedServers:
    """Mailboxes for ``users`` (address → password) behind a real IMAP and a real SMTP port of 127.0.0.1.

    ``subaddress`` is the separator between a user and a tag ("" = none). With ``sink`` (the default) mail to unknown
    recipients is accepted and only kept in ``sent``; without it they are refused with 550. ``smtp_accounts`` maps the
    users who may (then: must) log in at SMTP to passwords. ``tls`` is "none", "implicit" or "starttls" with
    ``ssl_context``. ``clock`` gives the time of mails accepted by SMTP. With ``authserv_id`` such mails bear an
    Authentication-Results header (RFC 8601) that says pass.
    """

    def __init__(
        self,
        users: Mapping[str, str],
        *,
        subaddress: str = "+",
        sink: bool = True,
        smtp_accounts: Mapping[str, str] | None = None,
        tls: str = "none",
        ssl_context: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = clock.now,
        authserv_id: str = "",
    ) -> None:
        if tls != "none" and ssl_context is None:
            raise ValueError("TLS needs an ssl_context with a certificate")
        settings = SmtpSettings(users, smtp_accounts or {}, subaddress, sink, tls, ssl_context, clock, authserv_id)
        self._clock = clock
        self._imap = EmbeddedImap(users, tls, ssl_context)
        self._smtp = EmbeddedSmtp(settings, self._append_inbox)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="embedded-mail", daemon=True)
        self.host = HOST
        self.imap_port = 0
        self.smtp_port = 0

    # -- life -----------------------------------------------------------------------------------

    def start(self) -> Self:
        """Start both servers; afterwards ``imap_port`` and ``smtp_port`` are set."""
        self._thread.start()
        self.imap_port = self._call(self._imap.start(HOST))
        self.smtp_port = self._call(self._smtp.start(HOST))
        return self

    def stop(self) -> None:
        """Stop both servers and the thread; connections are cut."""
        if not self._thread.is_alive():
            return
        self._call(self._smtp.stop())
        self._call(self._imap.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_SECONDS)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            self._loop.run_until_complete(cut(self._imap.open, self._smtp.open))
            self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        finally:
            self._loop.close()

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(CALL_SECONDS)

    # -- controls for a test or the demonstration -----------------------------------------------

    @property
    def sent(self) -> list[SentMail]:
        """Every mail that the SMTP server has accepted so far, oldest first."""
        return list(self._smtp.sent)

    def deliver(self, recipient: str, raw: bytes, when: datetime | None = None, folder: str = "INBOX") -> int:
        """Put a mail straight into a user's folder with that internal date; gives its UID.

        ``KeyError`` when the recipient is no user of this server.
        """
        user = self._smtp.local_user(recipient)
        if user is None:
            raise KeyError(recipient)
        return self._call(self._imap.append(user, folder, raw, when or self._clock()))

    def script_smtp(self, answer: Callable[[str, str], str | None]) -> None:
        """Let ``answer`` decide the SMTP server's replies from now on.

        It is called with "mail", "rcpt" or "data" and the address, and gives a reply line such as "451 4.3.0 later",
        "" to cut the connection silently, or None to let the server decide.
        """
        self._smtp.script = answer

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails of a user's folder, oldest first; an unknown folder has none."""
        return self._call(self._imap.mails(user, folder))

    def folders(self, user: str) -> list[str]:
        """The names of a user's folders."""
        return self._call(self._imap.folders(user))

    def renew_uidvalidity(self, user: str, folder: str = "INBOX") -> int:
        """Change the folder's UIDVALIDITY; gives the new one."""
        return self._call(self._imap.renew(user, folder))

    def remove(self, user: str, uid: int, folder: str = "INBOX") -> None:
        """Delete one mail, as a person beside the daemon would."""
        self._call(self._imap.remove(user, folder, uid))

    def clear(self, user: str) -> None:
        """Delete every mail of a user, in every folder."""
        self._call(self._imap.clear(user))

    def forget_sent(self, kept: Sequence[SentMail] = ()) -> None:
        """Keep only these mails in ``sent``."""
        self._smtp.sent[:] = kept

    async def _append_inbox(self, user: str, raw: bytes, when: datetime) -> None:
        await self._imap.append(user, "INBOX", raw, when)
