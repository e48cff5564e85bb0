"""The first release's databases under today's program: upgraded without a lost row, worked on, and taken back.

``tests/data/first_release`` holds two databases that version 0.1.0 (schema 0004) wrote: ``demo.db`` after its
demonstration, ``session.db`` after a session's proposal was approved and its plan returned.
"""

import lzma
import runpy
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Boolean, Engine, MetaData, Table, inspect, text

from daemon.commands.run import _ready
from daemon.loop.due import open_routines
from daemon.monitoring.watch import Notifier
from db.core.engine import MIGRATIONS, current_revision, downgrade, newest_revision, open_engine, sole_daemon, upgrade
from db.core.tables import duty
from db.mails.identity import claimed_sender
from db.register import search
from tests.conftest import REPOSITORY
from tests.installation import books
from tests.world import World, world

pytestmark = pytest.mark.filterwarnings("ignore:.*expression-based index:Warning")

FIRST = "0004"
NAMES = ("demo", "session")
Rows = dict[str, list[dict[str, Any]]]


def unpacked(name: str, folder: Path) -> Path:
    """The first release's database as a file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "doithoai.db"
    path.write_bytes(lzma.decompress((REPOSITORY / f"tests/data/first_release/{name}.db.xz").read_bytes()))
    return path


def tables(engine: Engine) -> list[Table]:
    """The program's own tables as the database has them, parents first; not the search index and alembic's mark."""
    found = MetaData()
    found.reflect(engine, only=lambda name, _: not name.startswith(("question_search", "alembic_")))
    return list(found.sorted_tables)


def rows(engine: Engine, wanted: dict[str, list[str]]) -> Rows:
    """Every row of the named tables and columns, in one order and with values that compare across databases."""
    with engine.connect() as connection:
        return {
            table.name: sorted(
                (
                    {name: plain(row[name]) for name in wanted[table.name]}
                    for row in connection.execute(table.select()).mappings()
                ),
                key=repr,
            )
            for table in tables(engine)
            if table.name in wanted
        }


def plain(value: object) -> object:
    """Instants as aware UTC, bytes as bytes."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
    return bytes(value) if isinstance(value, memoryview) else value


def columns(engine: Engine) -> dict[str, list[str]]:
    """Column names by table."""
    return {table.name: [column.name for column in table.columns] for table in tables(engine)}


def carried_over(source: Engine, url: str) -> Engine:
    """The same rows in a PostgreSQL database with the first release's schema."""
    target = open_engine(url)
    upgrade(target, FIRST)
    known = {table.name: table for table in tables(target)}
    for table in tables(source):
        flags = [column.name for column in known[table.name].columns if isinstance(column.type, Boolean)]
        with source.connect() as connection:
            found = [{k: plain(v) for k, v in row.items()} for row in connection.execute(table.select()).mappings()]
        found = [row | {name: None if row[name] is None else bool(row[name]) for name in flags} for row in found]
        with target.begin() as connection:
            if found:
                connection.execute(known[table.name].insert(), found)
            set_sequence(connection.engine, table.name, found)
    return target


def set_sequence(engine: Engine, name: str, found: list[dict[str, Any]]) -> None:
    """Serial numbers go on behind the rows that were laid in."""
    for column in ("id", "seq"):
        if found and column in found[0]:
            last = max(int(str(row[column])) for row in found)
            call = text("SELECT setval(pg_get_serial_sequence(:name, :column), :last)")
            with engine.begin() as connection:
                connection.execute(call, {"name": name, "column": column, "last": last})


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest) -> str:
    """ "" for a SQLite file of the test's own, else the address of a PostgreSQL database without tables."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_server").new_url())


def both(name: str, folder: Path, url: str, request: pytest.FixtureRequest) -> tuple[Engine, Engine]:
    """The file's engine and the one under test, which is the same on SQLite; both closed when the test ends."""
    before = open_engine(f"sqlite:///{unpacked(name, folder)}")
    request.addfinalizer(before.dispose)
    engine = carried_over(before, url) if url else before
    request.addfinalizer(engine.dispose)
    return before, engine


def divided(kept: Rows) -> tuple[Rows, list[dict[str, Any]]]:
    """What is to be where it was, and the contents that move to the denunciations' own store."""
    sealed = {row["sha256"] for row in kept["raw_mail"] if row["sealed"]}
    apart = [row for row in kept["raw_content"] if row["sha256"] in sealed]
    left = [row | {"size": 0, "bytes": b""} if row in apart else row for row in kept["raw_content"]]
    return kept | {"raw_content": sorted(left, key=repr), "outbox": [dict(row) for row in kept["outbox"]]}, apart


@pytest.mark.parametrize("name", NAMES)
def test_upgrade_keeps_every_row_and_the_way_back_too(
    name: str, empty_url: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    before, engine = both(name, tmp_path, empty_url, request)
    wanted, kept = columns(before), rows(before, columns(before))
    assert current_revision(engine) == FIRST
    assert sum(map(len, kept.values())) > 50
    upgrade(engine)
    assert current_revision(engine) == newest_revision()
    kept_open, kept_apart = divided(kept)
    assert len(kept_apart) == (name == "demo"), "the demonstration has one denunciation"
    contents = [{"outbox_id": row["id"], "bytes": row.pop("bytes")} for row in kept_open["outbox"]]
    moved = wanted | {"outbox": [column for column in wanted["outbox"] if column != "bytes"]}
    assert rows(engine, moved) == kept_open | {"outbox": sorted(kept_open["outbox"], key=repr)}
    made = rows(engine, {"outbox_content": ["outbox_id", "bytes"]})["outbox_content"]
    assert made == sorted(contents, key=repr)
    assert rows(engine, {"sealed_content": wanted["raw_content"]})["sealed_content"] == kept_apart
    whose = rows(engine, {"sealed_content": ["sender"]})["sealed_content"]
    assert [row["sender"] for row in whose] == [claimed_sender(row["bytes"]) for row in kept_apart]
    with engine.begin() as connection:
        assert books(connection) == []
    downgrade(engine, FIRST)
    assert (columns(engine).keys(), rows(engine, wanted)) == (wanted.keys(), kept)


@pytest.mark.parametrize("name", NAMES)
def test_work_goes_on_in_the_first_database(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    unpacked(name, tmp_path / "house")
    with world(tmp_path / "house") as work:
        last = highest(work)
        work.house.clock.at = datetime(2026, 12, 7, 3, 0, tzinfo=UTC)
        code = str(work.ask()["code"])
        assert code == f"HP-2026-{last + 1:06}", "the register's numbers go on"
        work.due()
        assert "question_search_marked" in inspect(work.house.engine).get_table_names()
    assert work.house.command("verify", "--offline") == 0
    assert work.house.command("register", "search", "hư hỏng nặng") == 0
    assert code in capsys.readouterr().out


WORDS = {
    "Thư của đơn vị chưa gửi cho người hỏi, vì là dự thảo": "of_unit",
    "Người hỏi xin rút câu hỏi HP-2026-000007": "withdraws",
    "Người hỏi xin rút câu hỏi, cần xem là câu nào (HP-2026-000007, HP-2026-000008)": "withdraws_one",
    "Người hỏi viết tiếp về yêu cầu rút câu hỏi HP-2026-000007": "second_thoughts",
    "Người nhận thư cho biết không gửi câu hỏi HP-2026-000007: xin hỏi lại": "denies",
    "Người hỏi muốn nhận thư ở địa chỉ khác: câu HP-2026-000007, an@dan.test": "new_address",
    "Người hỏi không rút nữa câu hỏi HP-2026-000007": "keeps",
    "Chưa rõ đơn vị có thẩm quyền": "",
    "Trả lời thư của hệ thống từ địa chỉ không có trong danh sách của đơn vị": "unlisted",
    "Trả lời thư của hệ thống từ địa chỉ không có trong danh sách của đơn vị, ngoài thư của đơn vị": "",
}
"""Reasons by which held mails were found before 0021 and 0025, and what they are found by now."""


def laid(engine: Engine, where: str, **values: object) -> None:
    """A row of a table as the database has it at that time."""
    (found,) = (one for one in tables(engine) if one.name == where)
    made: dict[str, object] = {}
    for column in found.columns:
        if column.nullable or column.server_default is not None or column.name in values:
            continue
        kinds = {int: 0, bool: False, bytes: b"", datetime: datetime(2026, 10, 5, tzinfo=UTC)}
        made[column.name] = kinds.get(column.type.python_type, f"x{values.get('id', '')}")
    with engine.begin() as connection:
        connection.execute(found.insert().values(**made | values))


def test_what_a_held_mail_is_for_is_read_from_its_words_once(empty_url: str, tmp_path: Path) -> None:
    engine = open_engine(empty_url or f"sqlite:///{tmp_path / 'doithoai.db'}")
    upgrade(engine, "0020")
    laid(engine, "raw_content", sha256="0" * 64)
    for number, (reason, purpose) in enumerate(WORDS.items(), 1):
        kept = purpose == "keeps"
        status, about = ("done", 7) if kept else ("held", None)
        row = {"uid": number, "reason": reason, "status": status, "question_id": about, "trace": "[]"}
        laid(engine, "raw_mail", id=number, sha256="0" * 64, **row)
        told = [] if purpose in {"keeps", "withdraws_one"} else [(7, "officer_review"), (9, "officer_alert")]
        told += [(8, "unit_held")] if purpose == "unlisted" else []
        for told_of, name in told:
            of = {"raw_mail_id": number, "question_id": told_of, "name": name}
            laid(engine, "outbox", id=10 * number + told_of, **of)
    of_unit, secret = next(iter(WORDS)), len(WORDS) + 1
    laid(engine, "raw_mail", id=secret, sha256="0" * 64, uid=secret, reason=of_unit, status="held", sealed=True)
    laid(engine, "outbox", id=10 * secret, raw_mail_id=secret, question_id=7, name="officer_review")
    upgrade(engine)
    (mails,) = (one for one in tables(engine) if one.name == "raw_mail")
    with engine.begin() as connection:
        sealed = connection.execute(mails.select().where(mails.c.id == secret)).one()
        assert (sealed.purpose, sealed.about_id) == ("", None), "what is sealed is found by nothing"
        connection.execute(mails.delete().where(mails.c.id == secret))
        found = {row.reason: (row.purpose, row.about_id) for row in connection.execute(mails.select())}
    engine.dispose()
    alone = {"withdraws_one", "unlisted", ""}
    assert found == {reason: (purpose, None if purpose in alone else 7) for reason, purpose in WORDS.items()}


class Systemd(Notifier):
    """Counts how often it was told that the start takes longer."""

    asked = 0

    def migrating(self) -> bool:
        self.asked += 1
        return True


def test_systemd_is_told_before_a_migration_and_only_then(tmp_path: Path) -> None:
    """TimeoutStartSec would end a large register's migration, which is one transaction, again at every start."""
    url, systemd = f"sqlite:///{unpacked('demo', tmp_path)}", Systemd({})
    for _ in range(2):
        _ready(url, systemd, "HP", shadow=False).dispose()
        assert systemd.asked == 1


def open_keys(work: World) -> set[str]:
    """The routine duties that are open, after a look for those that have become due."""
    with work.house.engine.begin() as connection:
        open_routines(connection, work.house.installation)
        wanted = duty.select().where(duty.c.kind == "routine", duty.c.status == "open")
        return {row.key for row in connection.execute(wanted)}


@pytest.mark.world(bystanders=False)  # the statements of 0.1.0 know no zero
def test_taken_back_and_brought_up_again(house: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """0.1.0 would let a routine duty lie for ever: it is closed on the way back, and opened again."""
    assert open_keys(house) == set(), "nothing is due before the first start"
    house.house.clock.forward(days=75)
    code, keys = house.ask()["code"], open_keys(house)
    assert keys
    taken_back(tmp_path / "house" / "doithoai.db", FIRST)
    assert f"{newest_revision()} -> {FIRST}" in capsys.readouterr().out
    assert search.INDEX not in inspect(house.house.engine).get_table_names()
    with house.house.engine.begin() as connection:
        (left,) = connection.execute(text("SELECT count(*) FROM duty WHERE kind = 'routine'"))
    assert left == (0,)
    upgrade(house.house.engine)
    house.house.clock.forward(days=1)
    assert open_keys(house) >= keys
    assert code in {row["code"] for row in house.house.questions}


def test_taking_back_refuses_what_it_should(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = unpacked("demo", tmp_path)
    assert taken_back(path, FIRST) == 1, "it stands there already"
    with sole_daemon(f"sqlite:///{path}"):
        assert taken_back(path, "0001") == 1
    assert "another daemon" in capsys.readouterr().out


def taken_back(path: Path, revision: str) -> int:
    """The script's exit status."""
    script = runpy.run_path(str(REPOSITORY / "scripts/take_back.py"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sys, "argv", ["take_back.py", str(path), revision])
        return int(script["main"]())


def highest(work: World) -> int:
    """The last number of the register."""
    return max(int(str(row["code"]).rpartition("-")[2]) for row in work.house.questions)


def test_file_names_tell_the_newest_revision() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == newest_revision()
