"""Figures for Prometheus: as a file, or on this machine's ``/metrics``; ``/health`` beside it. Off by default."""

from __future__ import annotations

import logging
import socket
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from daemon.base.atomic_files import disk_faults, replace_file
from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.base.logs import ROOT, Log
from daemon.config.sections import MetricsSettings
from db.reports.figures import Figures

log = Log("metrics")

TEXT = "text/plain; version=0.0.4; charset=utf-8"


class EventCounter(logging.Handler):
    """Counts every event in our own log, by module, name and level; writes nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[tuple[str, str, str]] = Counter()

    def emit(self, record: logging.LogRecord) -> None:
        """Count the event; the message of our events is a constant name."""
        self.counts[record.name.removeprefix(f"{ROOT}."), record.getMessage(), record.levelname.lower()] += 1


class _House(Collector):
    """The figures read last, as metrics."""

    def __init__(self, events: EventCounter) -> None:
        self.events = events
        self.figures: Figures | None = None

    def collect(self) -> Iterator[Metric]:
        """All metrics; none holds personal data."""
        told = CounterMetricFamily("doithoai_events", "Events in the log", labels=["module", "event", "level"])
        for labels, number in sorted(self.events.counts.items()):
            told.add_metric(labels, number)
        yield told
        if self.figures is not None:
            yield from _gauges(self.figures)


def _gauges(figures: Figures) -> Iterator[Metric]:
    for name, counts in (("mails", figures.mails), ("questions", figures.questions), ("outbox", figures.outbox)):
        gauge = GaugeMetricFamily(f"doithoai_{name}", f"Rows of {name} by state", labels=["state"])
        for state, number in sorted(counts.items()):
            gauge.add_metric([state], number)
        yield gauge
    for name in ("open", "late"):
        units = GaugeMetricFamily(f"doithoai_unit_{name}", f"Assignments that are {name}", labels=["unit"])
        for unit, one in figures.units.items():
            units.add_metric([unit], getattr(one, name))
        yield units
    yield GaugeMetricFamily("doithoai_duties_open", "Duties that wait", figures.duties_open)
    yield GaugeMetricFamily("doithoai_duties_late", "Duties that wait and are late", figures.duties_late)
    for name, age in (
        ("oldest_unsent", figures.oldest_unsent),
        ("since_poll", figures.since_poll),
        ("since_pass", figures.since_pass),
        ("since_backup", figures.since_backup),
    ):
        told = 0.0 if age is None and name == "oldest_unsent" else age
        if told is not None:  # what never happened is left out: 0 would mean that it has just happened
            yield GaugeMetricFamily(f"doithoai_{name}_seconds", f"Seconds: {name.replace('_', ' ')}", told)


class _OnIPv6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


class Metrics:
    """Keeps the figures and shows them where the configuration wants."""

    def __init__(self, settings: MetricsSettings) -> None:
        """Raises :class:`ConfigurationError` when the port is taken."""
        self._settings = settings
        self._events = EventCounter()
        logging.getLogger(ROOT).addHandler(self._events)
        self._house = _House(self._events)
        self._registry = CollectorRegistry()
        self._registry.register(self._house)
        self.healthy = True
        self._server = self._serve() if settings.address else None

    @property
    def is_on(self) -> bool:
        """True when the configuration shows them anywhere."""
        return self._settings.file is not None or self._server is not None

    @property
    def port(self) -> int:
        """The port listened on, 0 when there is none."""
        return int(self._server.server_address[1]) if self._server else 0

    def show(self, figures: Figures | None, *, healthy: bool) -> None:
        """Show the newest figures, None where there are none. A file that cannot be written is logged as a fault."""
        self._house.figures, self.healthy = figures, healthy
        if self._settings.file is None:
            return
        try:
            self._write(self._settings.file)
        except TemporaryError as error:
            log.error("textfile_failed", text=str(error))

    def _write(self, file: Path) -> None:
        """Replace the file, which the exporter's account may read; its time says that the daemon lives."""
        with disk_faults(file):
            file.parent.stat()  # the exporter's folder is not ours to make
            if not replace_file(file, self.text()):
                file.touch()

    def text(self) -> bytes:
        """The response of ``/metrics``."""
        return generate_latest(self._registry)

    def _serve(self) -> ThreadingHTTPServer:
        metrics = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                pages = {"/metrics": (200, metrics.text), "/health": (200 if metrics.healthy else 503, metrics.word)}
                code, page = pages.get(self.path, (404, lambda: b"not found\n"))
                body = page()
                self.send_response(code)
                self.send_header("Content-Type", TEXT)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Log nothing: a scrape is no event."""

        host, port = self._settings.address or ("127.0.0.1", 0)
        try:
            server = (_OnIPv6 if ":" in host else ThreadingHTTPServer)((host, port), Handler)
        except OSError as error:
            raise ConfigurationError(f"metrics.listen: {self._settings.listen}: {error.strerror}") from None
        server.daemon_threads = True
        Thread(target=server.serve_forever, name="metrics", daemon=True).start()
        return server

    def word(self) -> bytes:
        """The response of ``/health``."""
        return b"ok\n" if self.healthy else b"not ok\n"

    def close(self) -> None:
        """Stop listening and counting."""
        logging.getLogger(ROOT).removeHandler(self._events)
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
