"""What every test shares: settings for hypothesis, the shared folder, and the list of what was left out."""

from __future__ import annotations

import gc
import logging
import os
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from daemon.base.logs import ROOT, LineFormatter
from tests.conservation import OPEN, balance
from tests.dose import WHOLE
from tests.leftovers import Held, left_since
from tests.servers import postgres
from tests.servers.postgres import Postgres

if TYPE_CHECKING:
    from daemon.demo.servers import EmbeddedServers
    from tests.hall import Hall
    from tests.world import World

REPOSITORY = Path(__file__).resolve().parent.parent

settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=400 if WHOLE else 50
)
settings.register_profile("ci", settings.get_profile("house"), derandomize=True, database=None)
settings.register_profile("fast", settings.get_profile("house"), max_examples=10)
settings.load_profile("ci" if os.environ.get("CI") else "house")


class Progress:
    """Names a failure when it happens, with the minutes that are left at the pace so far."""

    def __init__(self, reporter: Any) -> None:
        self.reporter, self.started = reporter, time.monotonic()
        self.all, self.done = 0, 0

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Without workers the tests are counted here."""
        self.all = self.all or len(session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Each worker collects them all."""
        self.all = len(ids)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A failed set-up or clearing up is a failure too."""
        self.done += report.when == "teardown"
        if report.failed:
            left = (time.monotonic() - self.started) / max(1, self.done) * (self.all - self.done) / 60
            where = f"{self.done} of {self.all}, about {left:.0f} min left"
            self.reporter.write_line(f"\nFAILED {report.nodeid} ({report.when}; {where})")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Only where the results are printed, not in each worker."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Progress(reporter), "progress")


def pytest_collection_finish() -> None:
    """All tests and what they import stay to the end: looking through them again and again took 9 % of CPU."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(2_000, 20, 20)


@pytest.fixture(scope="session")
def repository() -> Path:
    """The checkout's folder."""
    return REPOSITORY


@pytest.fixture(autouse=True)
def no_log_of_ours() -> Iterator[None]:
    """A command that a test runs sets the log up for a stream that is gone after it."""
    ours = logging.getLogger(ROOT)
    level = ours.level
    yield
    ours.setLevel(level)
    root = logging.getLogger()
    root.handlers[:] = [one for one in root.handlers if not isinstance(one.formatter, LineFormatter)]


@pytest.fixture(autouse=True)
def leftovers() -> Iterator[None]:
    """A test that leaves something behind fails."""
    before = Held.now()
    yield
    if left := left_since(before):
        pytest.fail(f"left behind: {', '.join(left)}", pytrace=False)


@pytest.fixture(autouse=True)
def conservation() -> Iterator[None]:
    """After every test the books of every installation that is still open add up."""
    yield
    for house in OPEN:
        balance(house)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material beside the checkout; skips where it is absent."""
    folder = REPOSITORY.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared is absent")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run."""
    reason = postgres.why_not()
    if reason:
        pytest.skip(reason)
    with Postgres() as server:
        yield server


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: Postgres) -> str:
    """A database as all migrations leave it, which nobody works in: others are made like it.

    The imports stand here because the fast level needs no database, and they are half of its start.
    """
    from db.core.engine import open_engine, upgrade

    url = postgres_server.new_url()
    engine = open_engine(url)
    upgrade(engine)
    engine.dispose()
    return url


@pytest.fixture
def postgres_url(postgres_server: Postgres, migrated_postgres: str) -> str:
    """The SQLAlchemy address of a PostgreSQL database with the newest schema and no rows."""
    return postgres_server.copy(migrated_postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """ "" for a SQLite file of the test's own, else the address of a PostgreSQL database without rows."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


def _world_options(node: Any) -> dict[str, Any]:
    """What ``pytest.mark.world`` says of a module, a class and a test; the nearest word counts."""
    options: dict[str, Any] = {}
    for mark in reversed(list(node.iter_markers("world"))):
        options |= mark.kwargs
    return options


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A world whose mark says ``both_databases`` stands on SQLite, and for each third test on PostgreSQL too.

    Their statements are the same through SQLAlchemy, and those of ``db/`` are tried on both one by one
    (``tests/contract/test_database.py``), so by day a part tells of a difference; at night all do. Which test is in
    that part hangs on its name alone: one that comes or goes changes it for no other.
    """
    if "world_database" in metafunc.fixturenames and _world_options(metafunc.definition).get("both_databases"):
        on_both = WHOLE or zlib.crc32(metafunc.definition.nodeid.encode()) % 3 == 0
        metafunc.parametrize("world_database", ["sqlite", "postgresql"][: 1 + on_both], indirect=True)


@pytest.fixture
def world_database(request: pytest.FixtureRequest) -> str:
    """As :func:`database_url`, for the fixtures below."""
    return str(request.getfixturevalue("postgres_url")) if getattr(request, "param", "") == "postgresql" else ""


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path, world_database: str) -> Iterator[World]:
    """A world without servers (``tests/world.py``), with the options of ``pytest.mark.world``."""
    yield from _opened({"servers": False}, request, tmp_path, world_database)


@pytest.fixture
def asked(house: World) -> World:
    """The house, where a citizen has asked a question that went to its unit."""
    house.ask()
    return house


@pytest.fixture
def town(request: pytest.FixtureRequest, tmp_path: Path, world_database: str) -> Iterator[World]:
    """The same on embedded servers."""
    yield from _opened({"servers": True}, request, tmp_path, world_database)


@pytest.fixture(scope="module")
def kept_house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world without servers that all tests of a module share."""
    yield from _opened({}, request, tmp_path_factory.mktemp("kept"))


@pytest.fixture
def servers() -> Iterator[EmbeddedServers]:
    """Embedded servers with a mailbox for everybody, for a test that opens its house itself."""
    from daemon.demo.servers import EmbeddedServers
    from tests.world import PEOPLE

    with EmbeddedServers(dict.fromkeys(PEOPLE, "secret")) as made:
        yield made


@pytest.fixture(scope="module")
def stage() -> Iterator[tuple[EmbeddedServers, dict[object, object]]]:
    """The servers of all halls of a module, and how stories began on them."""
    from daemon.demo.servers import EmbeddedServers
    from tests.world import PEOPLE

    with EmbeddedServers(dict.fromkeys(PEOPLE, "secret")) as servers:
        yield servers, {}


@pytest.fixture
def hall(
    request: pytest.FixtureRequest, tmp_path: Path, stage: tuple[EmbeddedServers, dict[object, object]]
) -> Iterator[Hall]:
    """A world for sessions (``tests/hall.py``), on mailboxes that are empty."""
    from tests.hall import Hall
    from tests.world import PEOPLE

    servers, kept = stage
    for person in PEOPLE:
        servers.clear(person)
    servers.forget_sent()
    yield from _opened({"servers": servers, "kind": Hall, "kept": kept}, request, tmp_path)  # type: ignore[misc]


def _opened(
    options: dict[str, Any], request: pytest.FixtureRequest, folder: Path, database: str = ""
) -> Iterator[World]:
    """The import stands here because the fast level needs no world, and its rooms are most of its start."""
    from tests.world import world

    options |= _world_options(request.node)
    options.pop("both_databases", None)
    with world(folder / "house", database_url=database, **options) as made:
        yield made


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says what was left out and why, so that a green run never hides a gap."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        reasons[
            report.longrepr[2].removeprefix("Skipped: ") if isinstance(report.longrepr, tuple) else "expected"
        ] += 1
    if reasons:
        terminalreporter.section("left out")
        for reason, count in reasons.most_common():
            terminalreporter.write_line(f"{count} x {reason}")
