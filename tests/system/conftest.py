"""Real servers for the system tests; each skips with its reason where the server is not installed."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from tests.servers import dovecot, postfix
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix


@dataclass(frozen=True, slots=True)
class MailCity:
    """Postfix and Dovecot together: every address of the domains it was made for has a mailbox."""

    dovecot: Dovecot
    postfix: Postfix

    @property
    def smtp_port(self) -> int:
        """Where Postfix takes mail (plain, no login: loopback)."""
        return self.postfix.port

    @property
    def imap_port(self) -> int:
        """Where Dovecot shows the mailboxes of the users that have a password."""
        return self.dovecot.imap_port

    def deliver(self, raw: bytes, sender: str, recipient: str | Sequence[str]) -> None:
        """Hand a mail to Postfix by SMTP, as the sender's own server would."""
        with smtplib.SMTP(self.postfix.host, self.postfix.port, timeout=20) as client:
            client.sendmail(sender, [recipient] if isinstance(recipient, str) else list(recipient), raw)

    def settle(self, seconds: float = 20.0) -> None:
        """Until Postfix has delivered everything."""
        self.postfix.wait_until_empty(seconds)

    def mailbox_of(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails in anybody's mailbox, oldest first."""
        return self.dovecot.mails(address, folder)


MailCityMaker = Callable[..., MailCity]


@pytest.fixture
def mail_city() -> Iterator[MailCityMaker]:
    """Makes a mail city: ``mail_city(users={"mailbox@haiphong.test": "secret"}, domains=["citizen.test", …])``.

    ``users`` can log in at IMAP; any address of ``domains``, and of the users' own domains, gets mail.
    """
    reason = dovecot.why_not() or postfix.why_not()
    if reason:
        pytest.skip(reason)
    started: list[Dovecot | Postfix] = []

    def make(users: Mapping[str, str], domains: Sequence[str] = (), **options: object) -> MailCity:
        imap = Dovecot(users).start()
        started.append(imap)
        own = {user.rpartition("@")[2] for user in users}
        smtp = Postfix(imap.lmtp_port, domains=sorted({*domains, *own}), **options)  # type: ignore[arg-type]
        started.append(smtp)
        return MailCity(imap, smtp.start())

    yield make
    for server in reversed(started):
        server.stop()
