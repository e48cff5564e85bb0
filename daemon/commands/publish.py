"""``doithoai publish``: approved answers into the folder that the portal pulls; everything is checked."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

from daemon.base import clock
from daemon.base.errors import ConfigurationError
from daemon.config.config import load_config
from daemon.config.database import opened
from daemon.installation.installation import build_installation
from daemon.portal.publish import publish


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser("publish", help="approved answers as a folder for the portal")
    parser.add_argument("--dir", type=Path, metavar="DIR", help="instead of [publication] folder")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write what is missing or different; the daemon tells the askers of new answers."""
    config = load_config(args.config)
    folder = args.dir or config.publication.folder
    if folder is None:
        raise ConfigurationError("publish: no folder; give --dir DIR or set [publication] folder")
    installation = build_installation(config, config.secrets.signing_key(), clock.now)
    with opened(config) as engine:
        done = publish(engine, installation, folder, everything=True)
    sys.stdout.write(f"{folder}: {done.files} files written, {done.new} questions newly published\n")
    return 0
