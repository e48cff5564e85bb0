"""What an operator types on a running installation: ``register``, ``mail``, ``verify``, ``explain --config``."""

import json
import os
import sqlite3
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from daemon.base.errors import TemporaryError
from daemon.config.database import database_faults
from daemon.demo.servers import EmbeddedServers
from daemon.installation.installation import Installation
from db.core import counters
from db.core.engine import open_engine
from db.core.tables import duty, journal
from rules.values.model import Fate, Kind
from tests.installation import MAILBOX, OFFICER, LiveInstallation, answer_to, letter, unit_address
from tests.world import LETTER, World

COMPLAINT = "ĐƠN KHIẾU NẠI. Tôi khiếu nại Quyết định số 12/QĐ-UBND thu hồi đất của tôi, yêu cầu hủy quyết định."

pytestmark = pytest.mark.world(bystanders=False)  # the commands list the whole register


class Console:
    """The installation, and ``doithoai`` typed on it."""

    def __init__(
        self, servers: EmbeddedServers, house: LiveInstallation, capture: pytest.CaptureFixture[str]
    ) -> None:
        self.servers = servers
        self.house = house
        self._capture = capture

    def type(self, *words: str) -> tuple[int, list[str]]:
        """Exit status and the lines printed."""
        self._capture.readouterr()
        return self.house.command(*words), self._capture.readouterr().out.splitlines()


@pytest.fixture
def console(town: World, capsys: pytest.CaptureFixture[str]) -> Console:
    town.servers.deliver(MAILBOX, letter("an@dan.test", LETTER, subject="Đường hỏng"), town.house.clock.at)
    town.servers.deliver(MAILBOX, letter("ba@dan.test", COMPLAINT, subject="Đơn"), town.house.clock.at)
    town.house.run()
    return Console(town.servers, town.house, capsys)


def test_register_list_and_show_tell_the_question_its_unit_and_its_duty(console: Console) -> None:
    code, lines = console.type("register", "list", "--json")
    listed = [json.loads(line) for line in lines]
    assert code == 0
    assert [(one["number"], one["units"], one["status"]) for one in listed] == [
        ("HP-2026-000001", ["SXD"], "forwarded")
    ]
    code, lines = console.type("register", "show", "hp-2026-000001", "--json")
    told = json.loads(lines[0])
    assert code == 0
    assert told["name"] == "Nguyễn Văn An"
    assert told["assignments"][0]["due"] == "2026-10-20"
    assert told["duties"][0]["status"] == "open"
    _, lines = console.type("register", "show", "HP-2026-000001")
    assert lines[0] == "number:         HP-2026-000001"
    assert {"assignment 1:", "  unit:         SXD", "  due:          2026-10-20", "duty 1:"} <= set(lines)
    assert [line for line in lines if "=" in line or "{" in line or line[:1] == "_"] == []


def test_a_number_that_is_not_there_is_one_clear_line(console: Console) -> None:
    assert console.type("register", "show", "HP-2026-000099")[0] == 1


def test_mail_list_show_and_its_bytes(console: Console, tmp_path: Path) -> None:
    _, lines = console.type("mail", "list", "--json")
    listed = {row["id"]: row for row in map(json.loads, lines)}
    assert {row["fate"] for row in listed.values()} == {"register", "hold"}
    held = next(row for row in listed.values() if row["status"] == "held")
    code, lines = console.type("mail", "show", str(held["id"]), "--raw", str(tmp_path / "raw"), "--json")
    assert code == 0
    assert json.loads(lines[0])["kind"] == "complaint"
    assert b"Subject:" in (tmp_path / "raw").read_bytes()
    assert (tmp_path / "raw").stat().st_mode & 0o777 == 0o600, "a letter is nobody else's to read"
    (tmp_path / "raw").write_bytes(b"other")
    assert console.type("mail", "show", str(held["id"]), "--raw", str(tmp_path / "raw"))[0] == 1
    assert (tmp_path / "raw").read_bytes() == b"other", "nothing is written over"
    _, lines = console.type("mail", "list", "--sent", "--status", "sent", "--json")
    assert {json.loads(line)["notice"] for line in lines} >= {"citizen_received", "unit_forward", "officer_review"}


def test_mail_retry_decides_again_on_what_is_held_only(console: Console) -> None:
    held = next(row for row in console.house.mails if row["status"] == "held")
    done = next(row for row in console.house.mails if row["status"] == "done")
    assert console.type("mail", "retry", str(held["id"]))[0] == 0
    assert {row["id"]: row["status"] for row in console.house.mails}[held["id"]] == "stored"
    assert console.house.faults() == [], "it waits for its second decision"
    console.house.run()
    assert {row["id"]: row["status"] for row in console.house.mails}[held["id"]] == "held"
    assert console.type("mail", "retry", str(done["id"]))[0] == 1
    assert console.house.faults() == []


def test_a_retried_mail_waits_once_while_it_is_held(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    held = next(row for row in console.house.mails if row["status"] == "held")

    def waits() -> list[str]:
        return [row["status"] for row in console.house.rows(duty) if row["raw_mail_id"] == held["id"]]

    others = [row for row in console.house.rows(duty) if row["raw_mail_id"] != held["id"]]
    assert waits() == ["open"]
    console.type("mail", "retry", str(held["id"]))
    assert waits() == ["void"]
    console.house.run()
    assert waits() == ["void", "open"], "its officers are reminded"
    console.type("mail", "retry", str(held["id"]))
    read = Installation.read

    def as_spam(office: Installation, raw: bytes, at: datetime, *more: Any, **named: Any) -> Any:
        mail, understanding = read(office, raw, at, *more, **named)
        return mail, replace(understanding, kind=Kind.NOT_A_QUESTION, fate=Fate.IGNORE)

    monkeypatch.setattr(Installation, "read", as_spam)
    console.house.run()
    assert {row["id"]: row["status"] for row in console.house.mails}[held["id"]] == "done"
    assert waits() == ["void", "void"]
    assert [row for row in console.house.rows(duty) if row["raw_mail_id"] != held["id"]] == others


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mail list --status quarantine", "no state 'quarantine'; the states are stored, done, held, quarantined"),
        ("mail list --status failed", "no state 'failed'; "),
        ("mail list --sent --status stored", "no state 'stored'; the states are pending, "),
        ("mail show 99999999999999999999", "not a number from 1: '99999999999999999999'"),
        ("mail retry --sent 99999999999999999999", "not a number from 1"),
        ("mail list --limit -1", "not a number from 1"),
        ("register list --limit 999999999999999999999999", "not a number from 1"),
        ("register export --since 0001-01-01", "no day before 1900-01-01"),
        ("verify --offline --noted foo", "not NUMBER:HASH"),
        ("verify --offline --noted 99999999999999999999:x", "not NUMBER:HASH"),
        ("person export \udcff@dan.test", "is no mail address"),
    ],
)
def test_a_slip_of_hand_is_wrong_use(typed: str, told: str, town: World, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        town.house.command(*typed.split())
    assert ended.value.code == 2
    assert told in capsys.readouterr().err


def test_who_erases_an_address_of_the_house_is_told_that_it_is_one(console: Console) -> None:
    code, lines = console.type("person", "erase", OFFICER)
    assert (code, lines[1]) == (1, "0 questions and 0 mails to erase (--apply does it)")
    assert lines[0].startswith("an address of the configuration (board.officers[1].email): ")


def test_who_wanted_no_mail_in_the_mailbox_is_found_and_erased_by_it(console: Console) -> None:
    """The register keeps no address of such a question: the letter that began it has it."""
    wish = f"{LETTER} Xin đừng trả lời vào hộp thư này, chồng tôi đọc."
    console.servers.deliver(MAILBOX, letter("mai@dan.test", wish, subject="Đường hỏng"), console.house.clock.at)
    console.house.run()
    code, lines = console.type("person", "erase", "mai@dan.test")
    assert (code, lines[1:]) == (1, ["HP-2026-000002: still worked on, not erased"])
    _, lines = console.type("person", "export", "mai@dan.test")
    assert [one["code"] for one in json.loads("\n".join(lines))["questions"]] == ["HP-2026-000002"]
    with console.house.engine.begin() as connection:
        connection.execute(text("UPDATE question SET status = 'closed'"))
        connection.execute(text("UPDATE outbox SET status = 'sent'"))
    assert console.type("person", "erase", "mai@dan.test", "--apply") == (0, ["1 questions and 0 mails erased"])
    left = {row["code"]: row["asker_name"] for row in console.house.questions}
    assert left == {"HP-2026-000001": "Nguyễn Văn An", "HP-2026-000002": ""}
    assert console.type("person", "erase", "mai@dan.test")[0] == 1, "nothing is left"


@pytest.mark.world(adds_up=False)
def test_an_entry_that_was_noted_elsewhere_shows_that_the_newest_were_removed(console: Console) -> None:
    _, lines = console.type("verify", "--offline")
    (noted,) = [line.rpartition("the last is ")[2] for line in lines if "the last is " in line]
    number, _, digest = noted.partition(":")
    assert (number.isdecimal(), len(digest)) == (True, 64)
    console.house.run()
    assert console.type("verify", "--offline", "--noted", noted)[0] == 0, "it goes on behind it"
    with console.house.engine.begin() as connection:
        connection.execute(journal.delete().where(journal.c.seq >= int(number)))
    assert console.type("verify", "--offline")[0] == 0, "what is left is a chain"
    code, lines = console.type("verify", "--offline", "--noted", noted)
    assert code == 1
    assert f"BAD journal: entry {number} is not the one that was noted" in lines
    assert console.type("verify", "--offline", "--noted", "1:")[0] == 1


@pytest.mark.world(adds_up=False)
def test_verify_is_content_with_sound_books_and_names_what_is_wrong(console: Console) -> None:
    code, lines = console.type("verify")
    assert code == 0, lines
    assert any(line.startswith("ok  mailbox") for line in lines)
    console.house.books_broken = "to see that verify names it"
    with console.house.engine.begin() as connection:
        connection.execute(text("UPDATE journal SET why = 'x' WHERE seq = 2"))
        connection.execute(text("UPDATE raw_mail SET fate = '' WHERE status = 'done'"))
    code, lines = console.type("verify", "--offline")
    assert code == 1
    assert any("entry 2 was changed" in line for line in lines)
    assert any("decided mails have no fate" in line for line in lines)


def test_explain_with_a_register_matches_the_reply_and_changes_nothing(console: Console, tmp_path: Path) -> None:
    forward = console.servers.mails(unit_address("SXD"))[-1]
    file = tmp_path / "reply.eml"
    file.write_bytes(answer_to(forward, unit_address("SXD"), "Sở Xây dựng trả lời: đường sẽ được sửa năm 2027."))
    before = (console.house.mails, console.house.questions, console.house.sent)
    code, lines = console.type("explain", "--json", str(file))
    told = json.loads(lines[0])
    assert code == 0
    assert (told["kind"], told["fate"], told["reply"]["verb"]) == ("reply", "attach", "answer")
    assert any("HP-2026-000001" in step for step in told["trace"])
    assert (console.house.mails, console.house.questions, console.house.sent) == before


READING = ("status", "register list", "stats", "verify --offline", "mail list", "session list", "run --once")


DAMAGED = "database disk image is malformed; the file is damaged: stop the daemon and lay a backup back with"


@pytest.mark.parametrize("words", READING)
@pytest.mark.parametrize(
    ("length", "text", "said"),
    [
        (0, "Sổ theo dõi câu hỏi\n" * 400, "file is not a database; lay a backup back (doithoai restore), or name"),
        (300_000, "", DAMAGED),
    ],
)
def test_a_file_that_is_no_whole_database_is_one_line_with_its_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], length: int, text: str, said: str, words: str
) -> None:
    house = LiveInstallation(tmp_path / "house", 1, 1)
    house.close()
    register = house.folder / "doithoai.db"
    os.truncate(register, length)
    with register.open("a", encoding="utf-8") as file:
        file.write(text)
    assert house.command(*words.split()) == (2 if words.startswith("run") else 1)
    (told,) = capsys.readouterr().err.splitlines()
    assert told.startswith(f"doithoai: database: {register}: {said}")


def a_fault(code: int, said: str) -> sqlite3.OperationalError:
    """As the driver raises it."""
    fault = sqlite3.OperationalError(said)
    fault.sqlite_errorcode = code
    return fault


WRITE = "must be able to write the file, those beside it (-wal, -shm) and /x"


@pytest.mark.parametrize(
    ("code", "said", "remedy"),
    [
        (sqlite3.SQLITE_READONLY, "attempt to write a readonly database", WRITE),
        (sqlite3.SQLITE_READONLY_DIRECTORY, "attempt to write a readonly database", WRITE),
        (sqlite3.SQLITE_CANTOPEN, "unable to open database file", WRITE),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "database is locked", "another process holds it; nothing is lost: try again"),
    ],
)
def test_what_sqlite_refuses_is_told_with_the_file_and_the_remedy(code: int, said: str, remedy: str) -> None:
    engine = open_engine("sqlite:////x/y.db")
    with pytest.raises(TemporaryError) as told, database_faults(engine):
        raise OperationalError("UPDATE", {}, a_fault(code, said))
    assert str(told.value).startswith(f"database: /x/y.db: {said}; ")
    assert remedy in str(told.value)
    assert "restore" not in str(told.value)


@pytest.mark.parametrize("words", READING[:5])
def test_a_database_without_tables_is_told_as_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], database_url: str, words: str
) -> None:
    house = LiveInstallation(tmp_path / "house", 1, 1, database_url)
    with house.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE question RENAME TO gone")
        connection.exec_driver_sql("ALTER TABLE counter RENAME TO gone_too")
        connection.exec_driver_sql("ALTER TABLE raw_mail RENAME TO gone_as_well")
    house.books_broken = "there are no tables"
    assert house.command(*words.split()) == 1
    told = capsys.readouterr()
    assert "it has no tables yet; `doithoai run` makes them" in told.err + told.out
    assert "unexpected" not in told.err + told.out
    house.close()


def test_status_tells_of_backups(tmp_path: Path, capsys: pytest.CaptureFixture[str], database_url: str) -> None:
    """Where PostgreSQL has the register the timer is to be off, and another program copies it."""
    house = LiveInstallation(tmp_path / "house", 1, 1, database_url)
    house.command("status")
    (told,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("last backup:"))
    assert told == f"last backup:  {'by pg_dump, which is not seen from here' if database_url else 'never'}"
    assert house.command("backup", str(tmp_path / "by-hand.db")) == (1 if database_url else 0)
    house.command("status")
    (told,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("last backup:"))
    assert told.endswith("not seen from here" if database_url else " ago"), told
    assert database_url or (house.folder / "last-backup").read_text("utf-8") == "by-hand.db\n"
    house.close()


@pytest.mark.world(both_databases=True)
def test_where_daemons_share_a_database_status_asks_for_the_one_that_polls(
    town: World, capsys: pytest.CaptureFixture[str], world_database: str
) -> None:
    house = town.house
    house.run()
    with house.engine.begin() as connection:
        counters.set_state(connection, counters.STAYS, "yes")
    for expected in ["runs", "does not run"] if world_database else ["not seen from here"]:
        capsys.readouterr()
        house.command("status")
        told = capsys.readouterr().out
        assert f"daemon:       {expected}\n" in told
        assert ("WRONG  poll: no daemon runs" in told) == (expected == "does not run")
        house.service.presence.hide()
