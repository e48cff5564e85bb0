"""Dovecot and Postfix in place of the embedded servers: the same words for a test, real servers behind them."""

import email
import email.policy
import smtplib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path

from tests.servers import dovecot, faketime, postfix
from tests.servers.dovecot import Dovecot
from tests.servers.faketime import SharedClock
from tests.servers.postfix import Postfix


class RealServers:
    """What a story asks of its servers: a mail is sent in by SMTP, a mailbox is read. All by Postfix and Dovecot."""

    def __init__(self, imap: Dovecot, smtp: Postfix) -> None:
        self._imap, self._smtp = imap, smtp
        self.imap_port, self.smtp_port = imap.imap_port, smtp.port

    def deliver(self, recipient: str, raw: bytes, when: datetime | None = None) -> None:
        """Sent as its writer's server would, to the address that it names; ``when`` is what Dovecot's clock says."""
        message = email.message_from_bytes(raw, policy=email.policy.default)
        to = parseaddr(str(message["To"] or ""))[1] or recipient
        with smtplib.SMTP(self._smtp.host, self._smtp.port, timeout=20) as client:
            client.sendmail(parseaddr(str(message["From"]))[1], [to], raw)
        self._settle()

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails in anybody's mailbox, oldest first."""
        self._settle()
        return self._imap.mails(address, folder)

    def _settle(self) -> None:
        """Until Postfix has handed on everything; the ends of both logs where it cannot."""
        try:
            self._smtp.wait_until_empty(20)
        except TimeoutError as error:
            raise TimeoutError(f"{error}\n{self._imap.log_end()}") from None


def why_not() -> str:
    """Why the real servers with a shifted clock cannot be used here, or ""."""
    return dovecot.why_not() or postfix.why_not() or faketime.why_not()


@contextmanager
def real_servers(mailbox: str, domains: Sequence[str], clock: SharedClock) -> Iterator[RealServers]:
    """Postfix that takes mail for these domains, and Dovecot by this clock, where the mailbox's user can log in."""
    with tempfile.TemporaryDirectory(prefix="doithoai-clock-") as folder:
        Path(folder).chmod(0o755)
        shift = Path(folder) / "shift"
        clock.share(shift)
        with Dovecot({mailbox: "secret"}, clock=shift) as imap, Postfix(imap.lmtp_port, domains=domains) as smtp:
            yield RealServers(imap, smtp)
