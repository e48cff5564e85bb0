"""The mail server is put to the test: does a result that a sender wrote get through as if it were the server's own?

A mail goes from the mailbox to itself by the configured server, with forged Authentication-Results in two places.
What comes back is looked at, and only that very mail is removed. A daemon that runs meanwhile sees an automatic mail.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from daemon.checks import Finding, Level, bad, ok, warn
from daemon.config import Config
from daemon.errors import ConfigurationError, TemporaryError
from daemon.mailin.imap import FetchedMail, MailboxClient
from daemon.mailin.parse import parse_mail
from daemon.mailout.outcomes import OutgoingMail, SendResult
from daemon.mailout.smtp import Sender
from daemon.store import opened, transaction
from daemon.trust import note_proof
from rules.trace import results_of_our_servers

WHAT = "forged-results"
WAIT_SECONDS = 30.0
LOOK_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Probe:
    """One mail to ourselves; ``name`` is random and stands in each result that it forges."""

    name: str
    raw: bytes

    @property
    def forged(self) -> str:
        """The domain that only the forged results speak of."""
        return f"{self.name}.invalid"


def forged_results(config: Config) -> Iterator[Finding]:
    """Sends the probe, waits for it, judges and removes it. Not tried where nothing is sent, or nothing believed."""
    if not config.mailbox.authserv_id:
        yield warn(WHAT, "not tried: authserv_id is empty, so that no result is believed")
    elif config.run.shadow:
        yield warn(WHAT, "not tried: run.shadow sends nothing")
    else:
        yield from _tried(config)


def _tried(config: Config) -> Iterator[Finding]:
    probe = make_probe(config)
    places = ("INBOX", config.imap.folders.automatic)
    with MailboxClient.connect(config.imap.for_client()) as client:
        client.ensure_folders(places)
        before = {folder: _last(client, folder) for folder in places}
        answer = _send(config, probe)
        if answer.outcome != "sent":
            yield bad(WHAT, f"the probe could not be sent: {answer.code} {answer.text}")
            return
        found = _wait(client, probe, before)
        if found is None:
            seconds = round(WAIT_SECONDS)
            yield bad(WHAT, f"the probe, {probe.name}, did not come back within {seconds} s; remove it by hand")
            return
        verdict = judged(config, probe, found.raw)
        yield verdict
        yield from _proof(config, removed=verdict.level is Level.OK)
        yield from _removed(client, found)


def _proof(config: Config, *, removed: bool) -> Iterator[Finding]:
    """A result below the server's own ``Received`` is believed from here on, or no longer."""
    below = config.mailbox.results_below_received
    if not below:
        return
    with opened(config) as engine, transaction(engine) as connection:
        note_proof(connection, config.mailbox, removed=removed)
    if removed:
        yield ok(WHAT, f"a result directly below the Received of {below} is believed from now on")
    else:
        yield bad(WHAT, f"a result below the Received of {below} is not believed: every act by mail is held")


def make_probe(config: Config) -> Probe:
    """The mail: forged results on top, and below a ``Received`` as a delivery agent of ours writes it."""
    name = f"probe-{secrets.token_hex(8)}"
    address = config.mailbox.address
    stamp = format_datetime(datetime.now(UTC))
    own = config.mailbox.received_by[0] if config.mailbox.received_by else config.mailbox.authserv_id
    forged = f"Authentication-Results: {config.mailbox.authserv_id}; dmarc=pass header.from={name}.invalid"
    spaced = (forged.replace(":", " :", 1),) if config.mailbox.results_below_received else ()
    lines = (
        *(*spaced, forged, f"Received: by {own} with LMTP id {name}; {stamp}", forged),
        *(f"From: <{address}>", f"To: <{address}>", f"Subject: doithoai check {name}"),
        *(f"Message-ID: <{name}@{config.mailbox.domain}>", f"Date: {stamp}"),
        *("Auto-Submitted: auto-generated", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8", ""),
        "`doithoai check` has sent this mail to see whether the server removes forged results. It may be deleted.",
        "",
    )
    return Probe(name, "\r\n".join(lines).encode())


def judged(config: Config, probe: Probe, raw: bytes) -> Finding:
    """Believed is bad; removed, or standing where it is not believed, is not."""
    mail = parse_mail(raw)
    box = config.mailbox
    if any(
        probe.forged in value
        for value in results_of_our_servers(mail.headers, box.received_by, box.results_below_received)
    ):
        return bad(
            WHAT, "a result that a sender wrote would be believed: the server must remove such headers (RFC 8601 §5)"
        )
    left = sum(probe.forged in value for value in mail.all_headers("authentication-results"))
    if left:
        made = probe.raw.count(f"header.from={probe.forged}".encode())
        return warn(
            WHAT, f"{left} of {made} were left in the mail, below our server's Received, where they are not believed"
        )
    return ok(WHAT, "the server removes results that a sender wrote under its name")


def _last(client: MailboxClient, folder: str) -> int:
    """The highest UID; what comes later is higher (RFC 9051 §2.3.1.1)."""
    client.open(folder, readonly=True)
    return max(client.uids(), default=0)


def _send(config: Config, probe: Probe) -> SendResult:
    results: list[SendResult] = []
    mail = OutgoingMail(0, config.mailbox.address, config.mailbox.address, probe.raw)
    asyncio.run(Sender(config.smtp).send_all([mail], results.append))
    return results[0]


def _wait(client: MailboxClient, probe: Probe, before: dict[str, int]) -> FetchedMail | None:
    """The probe, in INBOX or where a running daemon has moved it; the folder is then open for writing."""
    end = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < end:
        for folder, last in before.items():
            client.open(folder)
            new = [uid for uid in client.uids() if uid > last]
            for mail in client.fetch(new):
                if f"<{probe.name}@".encode() in mail.raw:
                    return mail
        time.sleep(LOOK_SECONDS)
    return None


def _removed(client: MailboxClient, found: FetchedMail) -> Iterator[Finding]:
    try:
        client.remove([found.uid])
    except (ConfigurationError, TemporaryError) as error:
        yield warn(WHAT, f"the probe stays in the mailbox: {error}")
