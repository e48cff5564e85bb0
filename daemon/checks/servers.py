"""Checks that open a connection: mailbox, mail server, database. They change nothing but missing folders."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

from daemon.checks import Finding, bad, ok, warn
from daemon.config import Config
from daemon.errors import ConfigurationError

STATE = Path("/var/lib/doithoai")
"""The unit's StateDirectory, which systemd makes at the first start."""
EICAR = b"*H+H$!ELIF-TSET-SURIVITNA-DRADNATS-RACIE$}7)CC7)^P(45XZP\\4[PA@%P!O5X"[::-1]
"""Written backwards, so that no scanner takes this file for one."""


def imap(config: Config) -> Iterator[Finding]:
    """Log in, look into INBOX without changing anything there, and make the folders of the fates; not for a pilot."""
    from daemon.mailin.imap import MailboxClient

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
    from daemon.mailout.connection import Connection
    from daemon.mailout.outcomes import ChannelFailure
    from daemon.mailout.smtp_settings import tls_context

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
    from daemon.scanning import scan

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
    from sqlalchemy.exc import SQLAlchemyError

    from db.engine import open_engine, sqlite_path
    from db.migrate import current_revision, newest_revision

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
