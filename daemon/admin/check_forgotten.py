"""Checks for what administrators forget: values left from the example, circular addresses, disk space."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

from daemon.admin.findings import Finding, bad, ok, warn
from daemon.config.config import Config
from daemon.config.example import example
from daemon.config.sections import PersonSettings
from db.core.engine import sqlite_path

RESERVED = re.compile(r"(^|[.@])(example|example\.(com|net|org)|invalid)\.?$", re.IGNORECASE)
"""Names that nobody can have (RFC 2606, RFC 6761); those of ``test`` are for trials."""
LEAST_FREE = 200_000_000
"""Free bytes beside the register below which the check fails: a few large mails would fill them."""


def examples(config: Config) -> Iterator[Finding]:
    """No value of the example configuration is left where the house's own belongs."""
    left = [name for name, value in _places(config) if RESERVED.search(value)]
    if left:
        yield bad("example", f"values of the example are left: {', '.join(left)}", "write your own in their place")
    sample = tomllib.loads(example())["board"]
    people = {sample["head"]["name"], *(one["name"] for one in sample["officers"])}
    names = [name for name, one in _people(config) if one.name in people]
    if config.board.phone and config.board.phone == sample["phone"]:
        names.append("board.phone")
    if names:
        yield warn("example", f"as in the example: {', '.join(names)}", "citizens and officers read these in letters")
    if not left and not names:
        yield ok("example", "no value of the example is left")


def _places(config: Config) -> Iterator[tuple[str, str]]:
    """Every address and host name, with its key."""
    yield "mailbox.address", config.mailbox.address
    for section in ("imap", "smtp"):
        yield f"{section}.host", getattr(config, section).host
        yield f"{section}.user", getattr(config, section).user
    yield from ((f"{name}.email", one.email) for name, one in _people(config))
    yield from ((f"units.{code}.address", unit.address) for code, unit in config.units.items())
    yield "board.website", config.board.website.removeprefix("https://").removeprefix("http://").partition("/")[0]
    yield "board.privacy_contact", config.board.privacy_contact
    if config.alarm.smtp is not None:
        yield "alarm.smtp.host", config.alarm.smtp.host


def _people(config: Config) -> Iterator[tuple[str, PersonSettings]]:
    board = config.board
    yield "board.head", board.head
    yield "board.office", board.office
    yield from ((f"board.officers[{number}]", one) for number, one in enumerate(board.officers, 1))
    if board.complaints is not None:
        yield "board.complaints", board.complaints
    yield from ((f"board.approvers.{role}", one) for role, one in board.approvers.items())


def addresses(config: Config) -> Iterator[Finding]:
    """Nobody of the house has the mailbox's own address: their mail would come back as citizens' mail."""
    named = [(f"{name}.email", one.email) for name, one in _people(config)]
    deputy = config.board.head.deputy_email
    named += [("board.head.deputy_email", deputy)] if deputy else []
    named += [(f"units.{code}.leader_email", unit.leader_email or "") for code, unit in config.units.items()]
    circles = [name for name, address in named if _is_own(config, address)]
    if circles:
        remedy = "write each person's own address there"
        yield bad("addresses", f"the mailbox's own address stands as {', '.join(circles)}", remedy)
    else:
        yield ok("addresses", "nobody of the house has the mailbox's own address")


def _is_own(config: Config, address: str) -> bool:
    local, _, domain = address.lower().partition("@")
    own, _, own_domain = config.mailbox.address.lower().partition("@")
    sign = config.mailbox.subaddress
    bare = local.partition(sign)[0] if sign else local
    return domain == own_domain and own in (local, bare)


def places(config: Config) -> Iterator[Finding]:
    """Every place to write to is writable and has room."""
    register = sqlite_path(config.database.url)
    for key, folder in _written(config, register):
        there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
        if not there.is_dir():
            yield bad("places", f"{key}: {there} is no folder", f"remove it, or name another place under {key}")
        elif not os.access(there, os.W_OK | os.X_OK) or _is_read_only(there):
            remedy = f"give the service's account the right to write in {there}, or name another place"
            yield bad("places", f"{key}: {folder} cannot be written", remedy)
        else:
            yield ok("places", f"{key}: {folder}")
    if register is not None:
        yield from _room(config, register.parent)


def _written(config: Config, register: Path | None) -> Iterator[tuple[str, Path]]:
    if register is not None:
        yield "database.url", register.parent
    if config.metrics.file is not None:
        yield "metrics.file", config.metrics.file.parent


def _is_read_only(folder: Path) -> bool:
    """True on a disk mounted read-only, which even root cannot write to."""
    return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)


def _room(config: Config, folder: Path) -> Iterator[Finding]:
    there = next((one for one in (folder, *folder.parents) if one.is_dir()), Path("/"))
    usage = shutil.disk_usage(there)
    percent = 100 * usage.free // usage.total
    text = f"{usage.free // 1_000_000} MB ({percent} %) are free in {there}"
    remedy = "make room, or name another place in database.url"
    if usage.free < LEAST_FREE:
        yield bad("space", text, remedy)
    elif percent < config.alarm.disk_free_percent:
        yield warn("space", text, remedy)
    else:
        yield ok("space", text)
