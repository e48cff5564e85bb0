"""``doithoai init``: a commented example configuration and a fresh signing key. Never overwrites anything."""

from __future__ import annotations

import argparse
import os
import re
import secrets
import sys
from pathlib import Path

from daemon.base import clock
from daemon.base.errors import ConfigurationError
from daemon.config import example
from rules.law.working_days import city_day

CONFIG_NAME = "doithoai.toml"
KEY_NAME = "signing-key"
KEY_BYTES = 32
"""Random bytes in the key, written as 64 hexadecimal digits."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Adds the command's parser."""
    parser = subparsers.add_parser("init", help="write a commented example configuration and a fresh signing key")
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--dir", type=Path, help="folder for both files (default: that of --config, else /etc/doithoai)"
    )
    where.add_argument("--stdout", action="store_true", help="only print the example")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the example, or write both files and print the next steps."""
    if args.stdout:
        sys.stdout.write(_of_today())
        return 0
    config = _config_path(args)
    key = config.with_name(KEY_NAME)
    if config.exists():
        raise ConfigurationError(f"{config} is there already; nothing was written")
    config.parent.mkdir(parents=True, exist_ok=True)
    kept = key.exists()  # a purged package leaves the key, which earlier mails' answers need
    _write(config, _of_today(), 0o640)
    if not kept:
        _write(key, secrets.token_hex(KEY_BYTES) + "\n", 0o600)
    about = "was there already and is kept" if kept else "keep it secret, and keep a copy"
    sys.stdout.write(
        f"wrote {config} (edit it) {'beside' if kept else 'and'} {key} ({about})\n"
        f"next: put the passwords into {config.parent}/imap-password and {config.parent}/smtp-password (chmod 600), "
        f"then: doithoai check --config {config}\n"
    )
    return 0


def _of_today() -> str:
    """The example for a mailbox that people have used until today: earlier mails are not the daemon's."""
    today = city_day(clock.now())
    return re.sub(r"(?m)^since = [0-9-]+", f"since = {today.isoformat()}", example())


def _config_path(args: argparse.Namespace) -> Path:
    if args.dir is not None:
        return Path(args.dir) / CONFIG_NAME
    return Path(args.config) if args.config is not None else Path("/etc/doithoai") / CONFIG_NAME


def _write(path: Path, text: str, mode: int) -> None:
    """Create a file with its final mode at once; an existing one is an error (O_EXCL refuses links too)."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except FileExistsError:
        raise ConfigurationError(f"{path} is there already") from None
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        os.fchmod(handle, mode)
        file.write(text)
