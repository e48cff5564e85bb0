"""The pages by a real uvicorn on a free port of this machine."""

import http.client
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import uvicorn
from sqlalchemy import Engine

from daemon.commands.web import listening, serving
from daemon.config.config import Config
from daemon.web.app import build_app
from rules.decide.base.facts import BoardFacts


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str


@dataclass(frozen=True, slots=True)
class WebServer:
    """Where it listens."""

    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """One request; ``Host`` is this machine's unless told otherwise."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            got = line.getresponse()
            return Answer(got.status, {k.lower(): v for k, v in got.getheaders()}, got.read().decode())
        finally:
            line.close()


@contextmanager
def web_server(
    config: Config,
    engine: Engine,
    house: BoardFacts,
    clock: Callable[[], datetime],
    base: str = "",
    hosts: tuple[str, ...] = (),
) -> Iterator[WebServer]:
    """Serves until it is left."""
    listener = listening(config, port=0)
    server = uvicorn.Server(serving(build_app(engine, house, clock, base, hosts)))
    thread = threading.Thread(target=lambda: server.run(sockets=[listener]), name="web", daemon=True)
    thread.start()
    try:
        until = time.monotonic() + 10
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        assert server.started
        yield WebServer(listener.getsockname()[1])
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()
        engine.dispose()
