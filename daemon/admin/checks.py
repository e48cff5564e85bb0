"""All checks in their order, and the first start, which refuses to run when they find something bad."""

from __future__ import annotations

from collections.abc import Iterable

from daemon.admin import check_local, check_round_trip, check_servers
from daemon.admin.findings import Check, Level
from daemon.base.errors import ConfigurationError, NeverStartsError, TemporaryError
from daemon.base.logs import Log
from daemon.config.config import Config
from rules.values.data_file import DataFileError

log = Log("first_start")

Checks = tuple[tuple[str, Check], ...]

LOCAL: Checks = (
    ("secrets", check_local.secrets),
    ("example", check_local.examples),
    ("mailbox", check_local.mailbox),
    ("addresses", check_local.addresses),
    ("board", check_local.board),
    ("smime", check_local.smime),
    ("rules", check_local.rules),
    ("calendar", check_local.calendar),
    ("units", check_local.units),
    ("templates", check_local.templates),
    ("portal", check_local.portal),
    ("laws", check_local.laws),
    ("papers", check_local.papers),
    ("forms", check_local.forms),
    ("public", check_local.public),
    ("places", check_local.places),
)
SERVERS: Checks = (
    ("database", check_servers.database),
    ("imap", check_servers.imap),
    ("smtp", check_servers.smtp),
    ("scan", check_servers.scanner),
)
PROBES: Checks = ((check_round_trip.WHAT, check_round_trip.round_trip),)
FIRST: Checks = (*LOCAL, *SERVERS[1:3])
"""The checks of the first start. The register is open by then; a silent scanner only holds files."""


def first_start(config: Config) -> None:
    """Raises :class:`NeverStartsError` with a line for each finding that ``doithoai check`` calls bad.

    It runs before the mailbox is first read. An unreachable server is no reason to refuse: the daemon waits for it.
    The mails to itself are sent only where mail leaves by TLS; a relay on this machine, which may deliver to nobody
    here, is tested by ``doithoai check`` alone.
    """
    by_itself = config.smtp.tls != "none" and not config.run.shadow
    wrong = list(_wrong((*FIRST, *PROBES) if by_itself else FIRST, config))
    if wrong:
        raise NeverStartsError("\n".join(wrong))


def _wrong(checks: Checks, config: Config) -> Iterable[str]:
    for what, check in checks:
        try:
            found = [one for one in check(config) if one.level is Level.BAD]
        except TemporaryError as error:
            log.failure("not_looked_at", error, about=what)
        except (ConfigurationError, DataFileError) as error:
            yield from (f"{what}: {line}" for line in str(error).splitlines())
        else:
            yield from (str(one).removeprefix("bad").lstrip() for one in found)
