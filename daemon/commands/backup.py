"""``doithoai backup FILE``: a complete copy of the register while the daemon works; the copy is checked."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from daemon.base.errors import ConfigurationError, PermanentError, TemporaryError
from daemon.config.config import load_config
from db.core.engine import sqlite_path

PAGES = 256
"""Pages copied at a time (1 MB); between two portions the daemon may write."""


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("backup", help="copy the database while the daemon works (SQLite)")
    parser.add_argument("file", type=Path, help="the copy; must not exist yet")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when the copy is complete. Never overwrites a file; for PostgreSQL it names the tool to use."""
    config = load_config(args.config)
    source = sqlite_path(config.database.full_url().get_secret_value())
    if source is None:
        raise ConfigurationError("backup: the database is PostgreSQL; use pg_dump --format=custom")
    if not source.is_file():
        raise PermanentError(f"backup: there is no database {source}")
    if args.file.exists():
        raise PermanentError(f"backup: {args.file} exists already")
    if not args.file.absolute().parent.is_dir():
        raise PermanentError(f"backup: there is no folder {args.file.absolute().parent}")
    copy(source, args.file)
    print(f"ok  {args.file}: {args.file.stat().st_size} bytes, checked")  # noqa: T201
    return 0


def copy(source: Path, target: Path) -> None:
    """SQLite's online backup into a file that gets its name only when complete. Raises ``TemporaryError``."""
    part = target.with_name(f"{target.name}.part")
    try:
        part.touch(mode=0o600)
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(part)) as new,
        ):
            old.backup(new, pages=PAGES)
            (verdict,) = new.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise TemporaryError(f"backup: the copy is damaged: {verdict}")
        part.rename(target)
    except (sqlite3.Error, OSError) as error:
        raise TemporaryError(f"backup: {error}") from None
    finally:
        part.unlink(missing_ok=True)
