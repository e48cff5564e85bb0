"""The mail server is put to the test: does a result that a sender wrote get through as if it were the server's own?

A mail goes from the mailbox to itself by the configured server, with forged Authentication-Results in two places.
What comes back is looked at, and only that very mail is removed. A daemon that runs meanwhile sees an automatic mail.

Checks that open a connection: mailbox, mail server, database. They change nothing but missing folders.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from daemon.admin.check_local import Finding, Level, bad, ok, warn
from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.config.config import Config
from daemon.config.database import opened, transaction
from daemon.config.smtp_settings import tls_context
from daemon.installation.installation import note_proof
from daemon.loop.attachments import scan
from daemon.mailbox.mailbox import FetchedMail, MailboxClient
from daemon.parsing.parse import parse_mail
from daemon.smtp.connection import Connection
from daemon.smtp.outcomes import ChannelFailure, OutgoingMail, SendResult
from daemon.smtp.sender import Sender
from db.core.engine import current_revision, newest_revision, open_engine, sqlite_path
from rules.message.authentication import results_of_our_servers

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


STATE = Path("/var/lib/doithoai")
"""The unit's StateDirectory, which systemd makes at the first start."""
EICAR = b"*H+H$!ELIF-TSET-SURIVITNA-DRADNATS-RACIE$}7)CC7)^P(45XZP\\4[PA@%P!O5X"[::-1]
"""Written backwards, so that no scanner takes this file for one."""


def imap(config: Config) -> Iterator[Finding]:
    """Log in, look into INBOX without changing anything there, and make the folders of the fates; not for a pilot."""
    with MailboxClient.connect(config.imap.for_client()) as client:
        yield ok("imap", f"logged in at {config.imap.host}:{config.imap.port} ({_tls(config.imap.tls)})")
        client.open("INBOX", readonly=True)
        yield ok("imap", f"INBOX has {len(client.uids())} mails")
        if config.run.shadow:
            yield ok("imap", "no folder is made: run.shadow only reads the mailbox")
            return
        client.ensure_folders(config.imap.folders.names())
        yield ok("imap", f"all {len(config.imap.folders.names())} folders are there")


def smtp(config: Config) -> Iterator[Finding]:
    """Connect, secure, log in, and leave without sending."""

    async def visit() -> None:
        connection = Connection(config.smtp, tls_context(config.smtp))
        await connection.open(config.smtp.password() if config.smtp.user else None)
        await connection.close()

    try:
        asyncio.run(visit())
    except ChannelFailure as failed:
        yield bad("smtp", f"{config.smtp.host}:{config.smtp.port}: {failed.phase}: {failed.code or ''} {failed.text}")
        return
    login = f"logged in as {config.smtp.user}" if config.smtp.user else "no login"
    yield ok("smtp", f"{config.smtp.host}:{config.smtp.port} answers ({_tls(config.smtp.tls)}, {login})")


def scanner(config: Config) -> Iterator[Finding]:
    """clamd answers, and finds the test file that every scanner is to find (eicar.org)."""
    if not config.scan.is_on:
        yield warn("scan", "no scanner is asked: attached files are judged by name and first bytes only")
        return
    clean, test = scan(config.scan, b"Kinh gui"), scan(config.scan, EICAR)
    if clean:
        yield bad("scan", f"clamd finds {clean} in an innocent file")
    elif not test:
        yield bad("scan", "clamd does not find the EICAR test file: has it its signatures?")
    else:
        yield ok("scan", "clamd answers, and finds the EICAR test file")


def _tls(mode: str) -> str:
    return {"implicit": "TLS", "starttls": "STARTTLS"}.get(mode, "plain, this machine only")


def database(config: Config) -> Iterator[Finding]:
    """Reachable, and its schema the one that this program expects; a missing one is made at the first start."""
    path = sqlite_path(config.database.url)
    if path is not None and not path.exists():
        if not path.parent.is_dir() and path.parent != STATE:
            raise ConfigurationError(f"the folder {path.parent} is missing")
        yield warn("database", f"{path} is not there yet; `doithoai run` makes it")
        return
    yield from foreign(path)
    engine = open_engine(config.database.full_url().get_secret_value())
    try:
        found = current_revision(engine)
    except SQLAlchemyError as error:
        yield bad("database", str(getattr(error, "orig", None) or type(error).__name__))
        return
    finally:
        engine.dispose()
    yield from _revision(found, newest_revision(), config.database.url)


def foreign(path: Path | None) -> Iterator[Finding]:
    """A register that root has copied into the service's folder: the service cannot write it."""
    if path is not None and 0 != path.parent.stat().st_uid != path.stat().st_uid:
        cure = f"chown --reference={path.parent.resolve()} {path}*"
        yield warn(
            "database", f"{path} belongs to another account than its folder, whose service cannot write it: {cure}"
        )


def _revision(found: str, newest: str, url: str) -> Iterator[Finding]:
    if found == newest:
        yield ok("database", f"{url} is at revision {newest}")
    elif not found:
        yield warn("database", f"{url} is empty; `doithoai run` makes the tables")
    else:
        yield warn("database", f"{url} is at revision {found}; `doithoai run` brings it to {newest}")
