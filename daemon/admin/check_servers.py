"""Checks of what the service depends on: mailbox, mail server, database, scanner, programs, certificates.

They change nothing but create missing folders.
"""

from __future__ import annotations

import asyncio
import shutil
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from daemon.admin.findings import Finding, bad, ok, warn
from daemon.base import clock
from daemon.base.errors import ConfigurationError, DoithoaiError
from daemon.config.config import Config
from daemon.config.database import STATE, not_there, opened, postgresql_remedy, told_of, transaction, wrong_place
from daemon.config.mail import SmtpSettings
from daemon.loop.attachments import ScanError, scan
from daemon.loop.fetch import received_since, used_before
from daemon.mailbox.mailbox import MailboxClient
from daemon.monitoring.watch import SAME_PREFIX, other_prefix
from daemon.smtp.sender import Sender
from db.core import counters
from db.core.engine import (
    NewerDatabaseError,
    current_revision,
    newest_revision,
    open_engine,
    refuse_newer,
    sqlite_path,
)
from db.core.tables import raw_mail
from rules.law.working_days import city_day

CERTIFICATES = frozenset({".pem", ".crt", ".cer", ".der"})
EICAR = b"*H+H$!ELIF-TSET-SURIVITNA-DRADNATS-RACIE$}7)CC7)^P(45XZP\\4[PA@%P!O5X"[::-1]
"""It is written backwards so that no scanner takes this source file for it."""


def imap(config: Config) -> Iterator[Finding]:
    """Log in, open INBOX read-only, and create the folders that show fates; no folders for a pilot."""
    with MailboxClient.connect(config.imap.for_client()) as client:
        yield ok("imap", f"logged in at {config.imap.host}:{config.imap.port} ({_tls(config.imap.tls)})")
        yield from _capabilities(client, config)
        client.open("INBOX", readonly=config.run.shadow)
        yield from _inbox(client, config)
        if config.run.shadow:
            yield ok("imap", "no folder is made: run.shadow only reads the mailbox")
            return
        names = config.imap.folders.names()
        client.ensure_folders(names)
        for name in names:
            client.open(name)  # raises where the account may not write there
        yield ok("imap", f"all {len(names)} folders are there and can be written")
        yield from _of_another_register(client, config)


def _capabilities(client: MailboxClient, config: Config) -> Iterator[Finding]:
    """MOVE or UIDPLUS is needed (RFC 6851, RFC 4315): a plain EXPUNGE would destroy mails only marked by a person."""
    known = [name for name in ("IDLE", "MOVE", "UIDPLUS") if client.capable(name)]
    if not config.run.shadow and not client.can_move:
        remedy = "let the server offer one of them, or read the mailbox only (run.shadow)"
        yield bad("imap", "the server has neither MOVE nor UIDPLUS: mails cannot be moved safely", remedy)
    elif "IDLE" in known or not config.imap.idle:
        yield ok("imap", f"the server has {', '.join(known)}")
    else:
        yield warn(
            "imap",
            f"the server has no IDLE: new mail is seen every {config.imap.poll_seconds:.0f} s (imap.poll_seconds)",
        )


def _inbox(client: MailboxClient, config: Config) -> Iterator[Finding]:
    """How many mails are there, since when, and that a first start answers none that people have dealt with."""
    uids = client.uids()
    received = client.received(uids)
    oldest = f", the oldest of {city_day(min(received.values())):%d/%m/%Y}" if received else ""
    yield ok("imap", f"INBOX has {len(uids)} mails{oldest}")
    since = config.mailbox.since
    if since is not None:
        left = len(set(uids) - received_since(client, since))
        yield ok("imap", f"{left} mails from before {since:%d/%m/%Y} are left alone (mailbox.since)")
    elif not _was_read(config) and (used := used_before(client, uids, city_day(clock.now()))):
        yield bad("imap", *used)


def _of_another_register(client: MailboxClient, config: Config) -> Iterator[Finding]:
    """A register without a mail beside a mailbox in which one has sorted mails would give numbers a second time."""
    client.open(config.imap.folders.registered, readonly=True)
    if (sorted_ := len(client.uids())) and not _knows_mails(config):
        yield bad(
            "imap",
            f"the folder {config.imap.folders.registered} holds {sorted_} mails, and this register knows none: its"
            " numbers would begin at 1 again",
            "name the register of before in database.url, or lay it back: doithoai restore (docs/operations.md)",
        )


def _was_read(config: Config) -> bool:
    """True when a daemon has read the mailbox into this register before."""
    return _finds(config, lambda connection: counters.get_instant(connection, counters.LAST_POLL) is not None)


def _knows_mails(config: Config) -> bool:
    return _finds(config, lambda connection: connection.execute(select(raw_mail.c.id).limit(1)).first() is not None)


def _finds(config: Config, wanted: Callable[[Connection], bool]) -> bool:
    path = sqlite_path(config.database.url)
    if path is not None and not path.exists():
        return False
    try:
        with opened(config, of_any_version=True) as engine, transaction(engine) as connection:
            return wanted(connection)
    except (DoithoaiError, SQLAlchemyError):  # another check reports the fault
        return False


def smtp(config: Config) -> Iterator[Finding]:
    """Connect, secure, log in, and disconnect without sending."""
    yield _answers("smtp", config.smtp)


def alarm(config: Config) -> Iterator[Finding]:
    """The same for the second mail server, which must work when the first is down."""
    if config.alarm.smtp is not None:
        yield _answers("alarm", config.alarm.smtp)


def _answers(what: str, server: SmtpSettings) -> Finding:
    asyncio.run(Sender(server).check())
    login = f"logged in as {server.user}" if server.user else "no login"
    return ok(what, f"{server.host}:{server.port} answers ({_tls(server.tls)}, {login})")


def scanner(config: Config) -> Iterator[Finding]:
    """clamd answers, and finds the test file that every scanner must find (eicar.org)."""
    if not config.scan.is_on:
        yield warn("scan", "no scanner is asked: attached files are judged by name and first bytes only")
        return
    try:
        clean, test = scan(config.scan, b"Kinh gui"), scan(config.scan, EICAR)
    except ScanError as error:
        yield bad("scan", str(error), "start clamav-daemon, or name its socket or port under [scan]")
        return
    if clean:
        yield bad("scan", f"clamd finds {clean} in an innocent file")
    elif not test:
        yield bad("scan", "clamd does not find the EICAR test file: has it its signatures?")
    else:
        yield ok("scan", "clamd answers, and finds the EICAR test file")


def _tls(mode: str) -> str:
    return {"implicit": "TLS", "starttls": "STARTTLS"}.get(mode, "plain, this machine only")


def database(config: Config) -> Iterator[Finding]:
    """The database can be reached, and its schema is the expected one; a missing one is made at the first start."""
    path = sqlite_path(config.database.url)
    if path is not None and path.parent != STATE and (wrong := wrong_place(path)):
        raise ConfigurationError(wrong)
    if path is not None and not path.exists():
        yield warn("database", not_there(path))
        return
    yield from foreign(path)
    engine = open_engine(config.database.full_url().get_secret_value())
    try:
        found = current_revision(engine)
        refuse_newer(engine)
    except NewerDatabaseError as error:
        yield bad("database", f"{config.database.url}: {error}")
        return
    except SQLAlchemyError as error:
        text, remedy = told_of(engine, getattr(error, "orig", None) or type(error).__name__)
        yield bad("database", text, postgresql_remedy(text) if path is None else remedy)
        return
    else:
        yield from _prefix(engine, config.board.prefix) if found else ()
    finally:
        engine.dispose()
    yield from _revision(found, newest_revision(), config.database.url)


def _prefix(engine: Engine, prefix: str) -> Iterator[Finding]:
    """The numbers of open questions begin as configured."""
    text, alone = other_prefix(engine, prefix)
    if alone:
        yield bad("database", text, SAME_PREFIX)
    elif text:
        yield warn("database", f"{text}; until these are closed, orders about them are read only without a number")


def foreign(path: Path | None) -> Iterator[Finding]:
    """A register that root copied into the service's folder cannot be written by the service."""
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


def programs(config: Config) -> Iterator[Finding]:
    """The programs that the configuration names are there."""
    named = {"alarm.command": config.alarm.command, "ocr.command": config.ocr.command}
    for key, command in named.items():
        if command and shutil.which(command[0]) is None:
            yield bad(
                "programs", f"{key}: there is no program {command[0]}", "write its whole path, or take the key out"
            )
        elif command:
            yield ok("programs", f"{key}: {command[0]}")


def signatures(config: Config) -> Iterator[Finding]:
    """The folder of believed certificates is there and holds some."""
    folder = config.signatures.anchors
    if folder is None:
        return
    if not folder.is_dir():
        yield bad(
            "signatures", f"signatures.anchors: {folder} is no folder", "make it, and lay the certificates there"
        )
    elif not any(file.suffix in CERTIFICATES for file in folder.iterdir()):
        yield bad(
            "signatures", f"signatures.anchors: {folder} holds no certificate", "lay the authorities' there (.pem)"
        )
    else:
        yield ok("signatures", f"certificates of {folder} are believed")


def smime(config: Config) -> Iterator[Finding]:
    """Who must sign, and whether signatures can be checked."""
    if not config.smime.required:
        yield ok("smime", "nobody's acts need a signature")
        return
    if shutil.which("openssl") is None:
        yield bad("smime", "the program openssl is missing: no signature can be checked, and these acts are held")
    try:
        ssl.create_default_context(cafile=str(config.smime.ca_file))
    except (OSError, ssl.SSLError):
        text = f"smime.ca_file: {config.smime.ca_file} has no certificates that can be read"
        yield bad("smime", text, "it must hold the authority's certificates as PEM")
        return
    if not config.mailbox.authserv_id:
        yield warn(
            "smime", "authserv_id is empty: a signature covers the text, not who a mail is from and what it answers"
        )
    yield ok("smime", f"acts of {', '.join(config.smime.required)} must be signed")
