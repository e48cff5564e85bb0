"""Embedded IMAP and SMTP servers, and the installation of the demonstration that runs on them.

The servers share one asyncio loop in a thread: ready in a few milliseconds, loopback only. The installation has its
configuration, its secrets and its database.
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Engine

from daemon.base import clock
from daemon.config.config import load_config
from daemon.demo.actors import Play, unit_address
from daemon.demo.imap_server import EmbeddedImap
from daemon.demo.smtp_server import EmbeddedSmtp, SentMail, SmtpSettings, cut
from daemon.installation.installation import Installation, build_installation
from daemon.loop.service import Service
from db.core.engine import open_engine, upgrade

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


AUTHSERV = "mx.haiphong.test"


@dataclass(slots=True)
class VirtualClock:
    """The time of the play; it never goes back."""

    at: datetime

    def __call__(self) -> datetime:
        """Now, in UTC."""
        return self.at.astimezone(UTC)

    def forward_to(self, at: datetime) -> None:
        """Let time pass until ``at``."""
        self.at = max(self.at, at)


class Town:
    """Servers, database and one daemon under a virtual clock; everything lies in ``folder``."""

    def __init__(self, folder: Path, play: Play) -> None:
        self.play = play
        self.clock = VirtualClock(play.begin)
        self._password = secrets.token_hex(12)
        self.servers = EmbeddedServers({play.mailbox: self._password}, clock=self.clock, authserv_id=AUTHSERV)
        self._folder = folder

    @property
    def config_file(self) -> Path:
        """The path of the configuration, like the one that ``doithoai init`` writes."""
        return self._folder / "doithoai.toml"

    def __enter__(self) -> Self:
        self.servers.start()
        self._write_secret("imap-password", self._password)
        self._write_secret("signing-key", secrets.token_hex(32))
        self.config_file.write_text(self._toml(), encoding="utf-8")
        config = load_config(self.config_file)
        self.engine: Engine = open_engine(config.database.full_url().get_secret_value())
        upgrade(self.engine)
        self.installation: Installation = build_installation(config, config.secrets.signing_key(), self.clock)
        self.service = Service(self.engine, self.installation)
        self.service.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.service.close()
        self.engine.dispose()
        self.servers.stop()

    def _write_secret(self, name: str, text: str) -> None:
        path = self._folder / name
        path.touch(mode=0o600)
        path.write_text(text, encoding="utf-8")

    def _toml(self) -> str:
        play, people = self.play, self.play.people
        return f"""# The installation of a demonstration. Its mail servers lived only while it ran.
[mailbox]
address = "{play.mailbox}"
display_name = "Ban Biên tập Đối thoại thành phố Hải Phòng"
authserv_id = "{AUTHSERV}"

[imap]
host = "{self.servers.host}"
port = {self.servers.imap_port}
tls = "none"
user = "{play.mailbox}"
password_file = "imap-password"

[smtp]
host = "{self.servers.host}"
port = {self.servers.smtp_port}
tls = "none"

[database]
url = "sqlite:///doithoai.db"

[secrets]
key_file = "signing-key"

[board]
name = "Ban Biên tập Đối thoại thành phố Hải Phòng"
phone = "0225 3000 000"
where_to_complain = "Ban Tiếp công dân thành phố Hải Phòng, số 1 phố Mẫu, điện thoại 0225 300 0001"
privacy_contact = "{play.mailbox}"
head = {{ name = "{people["head"].name}", email = "{people["head"].email}" }}
office = {{ name = "{people["office"].name}", email = "{people["office"].email}" }}
officers = [{{ name = "{people["officer"].name}", email = "{people["officer"].email}" }}]

[desk]
answer_delay_minutes = 30

[log]
level = "error"
""" + "".join(_unit(code) for code in play.units)


def _unit(code: str) -> str:
    return f'\n[units.{code}]\naddress = "{unit_address(code)}"\ndomains = ["{code.lower()}.test"]\n'
