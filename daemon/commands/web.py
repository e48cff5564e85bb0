"""``doithoai web``: read-only pages on this machine, behind the site's proxy. They cannot change anything."""

from __future__ import annotations

import argparse
import signal
import socket
from contextlib import closing
from typing import Any

from daemon.base import clock
from daemon.base.errors import ConfigurationError
from daemon.base.logs import Log, setup_logging
from daemon.config.config import Config, load_config
from daemon.installation.installation import build_board
from db.reports.read_only import open_reader

try:
    import uvicorn

    from daemon.web.app import build_app
except ModuleNotFoundError as missing:  # the extra `web` is not part of every installation
    raise ConfigurationError(f"web: {missing.name} is not installed; pip install 'doithoai[web]'") from None

log = Log("web")

MOST = 40
"""Requests at a time; further ones are answered 503."""


def add(subparsers: Any) -> None:
    """Register the command."""
    text = "pages to look at on this machine: board, deadlines, questions, sessions; changes nothing"
    parser = subparsers.add_parser("web", help=text, description=f"{text.capitalize()}.")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Serve until SIGTERM or SIGINT."""
    config = load_config(args.config)
    setup_logging(config.log.level.upper())
    engine = open_reader(config.database.full_url().get_secret_value())
    app = build_app(engine, build_board(config), clock.now, config.web.base_path, config.web.hosts)
    with closing(listening(config)) as listener:
        host, port = listener.getsockname()[:2]
        log.info("listening", host=host, port=port, base=config.web.base_path or "/")
        for wanted in (signal.SIGTERM, signal.SIGINT):
            signal.signal(wanted, lambda *_: None)  # uvicorn stops at it, and then raises it again
        uvicorn.Server(serving(app)).run(sockets=[listener])
    engine.dispose()
    return 0


def serving(app: Any) -> Any:
    """uvicorn's configuration: no header of its own, no trust in forwarded ones, no log of addresses."""
    return uvicorn.Config(
        app,
        lifespan="off",
        interface="asgi3",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST,
        timeout_keep_alive=5,
    )


def listening(config: Config, port: int | None = None) -> socket.socket:
    """A socket on the configured address, or another port there. Raises ``ConfigurationError`` when it is taken."""
    host, configured = config.web.address
    port = configured if port is None else port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(128)
    except OSError as error:
        made.close()
        raise ConfigurationError(f"web.listen: {config.web.listen}: {error.strerror}") from None
    return made
