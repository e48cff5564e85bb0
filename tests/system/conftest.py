"""Real servers for the system tests; each skips with its reason where the server is not installed."""

import smtplib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from tests.servers import courier, cyrus, dovecot, exim, postfix
from tests.servers.courier import Courier
from tests.servers.cyrus import Cyrus
from tests.servers.dovecot import Dovecot
from tests.servers.exim import Exim
from tests.servers.postfix import Postfix


@dataclass(frozen=True, slots=True)
class MailCity:
    """Postfix and Dovecot, or others, together: every address of the domains it was made for has a mailbox."""

    imap: Dovecot | Cyrus | Courier
    smtp: Postfix | Exim

    @property
    def smtp_port(self) -> int:
        """Where mail is taken (plain, no login: loopback)."""
        return self.smtp.port

    @property
    def imap_port(self) -> int:
        """Where the mailboxes are shown, to the users that have a password."""
        return self.imap.imap_port

    def deliver(self, raw: bytes, sender: str, recipient: str | Sequence[str]) -> None:
        """Hand a mail in by SMTP, as the sender's own server would."""
        with smtplib.SMTP(self.smtp.host, self.smtp.port, timeout=20) as client:
            client.sendmail(sender, [recipient] if isinstance(recipient, str) else list(recipient), raw)

    def settle(self, seconds: float = 20.0) -> None:
        """Until everything is delivered."""
        self.smtp.wait_until_empty(seconds)

    def mailbox_of(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails in anybody's mailbox, oldest first."""
        return self.imap.mails(address, folder)


MailCityMaker = Callable[..., MailCity]


@pytest.fixture
def mail_city() -> Iterator[MailCityMaker]:
    """Makes a mail city: ``mail_city(users={"mailbox@haiphong.test": "secret"}, domains=["citizen.test", …])``.

    ``users`` can log in at IMAP; any address of ``domains``, and of the users' own domains, gets mail. ``imap`` may
    be "cyrus" or "courier", ``smtp`` "exim"; ``options`` are those of the class that sends.
    """
    started: list[Dovecot | Cyrus | Courier | Postfix | Exim] = []

    def make(
        users: Mapping[str, str],
        domains: Sequence[str] = (),
        imap: str = "dovecot",
        smtp: str = "postfix",
        **options: object,
    ) -> MailCity:
        holding = {"cyrus": cyrus, "courier": courier}.get(imap, dovecot)
        reason = holding.why_not() or (exim if smtp == "exim" else postfix).why_not()
        if reason:
            pytest.skip(reason)
        mailboxes = Cyrus() if imap == "cyrus" else Courier() if imap == "courier" else Dovecot(users)
        started.append(mailboxes.start())
        every = sorted({*domains, *(user.rpartition("@")[2] for user in users)})
        taking = Exim if smtp == "exim" else Postfix
        sending = taking(mailboxes.lmtp_port, domains=every, **options)  # type: ignore[arg-type]
        started.append(sending)
        return MailCity(mailboxes, sending.start())

    yield make
    for server in reversed(started):
        server.stop()
