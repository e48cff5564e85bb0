"""A backup of any moment laid back: the register is as it was, no citizen gets a letter twice, none is forgotten."""

import os
import socket
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from daemon.base.errors import TemporaryError
from daemon.cli import main
from daemon.commands.backup import copy
from daemon.demo.servers import EmbeddedServers
from daemon.loop import fetch
from daemon.mailbox.connection import fetched_mail
from daemon.mailbox.mailbox import MailboxClient
from db.core.engine import sole_daemon
from db.core.tables import assignment
from db.mails import ledger
from db.mails.ledger import Arrived
from tests.installation import MAILBOX, SXD, LiveInstallation, answer_to, letter, text_of
from tests.world import LETTER, said

CITIZENS = tuple(f"{name}@dan.test" for name in ("an", "ba", "chi", "du"))
SHOWN = ("code", "status", "asker_email", "content", "answered_at")


def house_on(servers: EmbeddedServers, folder: Path, database_url: str = "") -> LiveInstallation:
    return LiveInstallation(folder, servers.imap_port, servers.smtp_port, database_url)


def backup(house: LiveInstallation, name: str) -> Path:
    path = house.folder.parent / f"{name}.db"
    assert house.command("backup", str(path)) == 0
    return path


def to_citizens(servers: EmbeddedServers) -> Counter[tuple[str, bytes]]:
    return Counter((mail.recipients[0], mail.raw) for mail in servers.sent if mail.recipients[0] in CITIZENS)


def register(house: LiveInstallation) -> list[list[object]]:
    due = [[row["question_id"], row["unit"], row["due_on"], row["status"]] for row in house.rows(assignment)]
    return [[row[name] for name in SHOWN] for row in house.questions] + due


def ask(servers: EmbeddedServers, house: LiveInstallation, citizen: str) -> None:
    house.clock.forward(minutes=10)
    number = CITIZENS.index(citizen) + 12
    servers.deliver(MAILBOX, letter(citizen, LETTER, subject=f"Đường số {number}"), house.clock.at)


def answer(servers: EmbeddedServers, house: LiveInstallation, number: int) -> None:
    house.clock.forward(minutes=10)
    forward = [mail.raw for mail in servers.sent if SXD in mail.recipients][number]
    words = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027."
    servers.deliver(MAILBOX, answer_to(forward, SXD, words), house.clock.at)


Keep = Callable[[LiveInstallation, str], Path]


def lived(servers: EmbeddedServers, house: LiveInstallation, keep: Keep = backup) -> list[Path]:
    """Four questions, two answers; a backup after every step."""
    house.run()
    made = [keep(house, "before")]
    for step, citizen in enumerate(CITIZENS):
        ask(servers, house, citizen)
        house.run(2)
        made.append(keep(house, f"asked-{step}"))
        if step in {1, 2}:
            answer(servers, house, step - 1)
            house.run(2)
            made.append(keep(house, f"answered-{step}"))
    return made


def test_a_backup_of_every_moment_gives_the_same_register_and_no_second_letter(
    tmp_path: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    house = house_on(servers, tmp_path / "house")
    moments: list[str] = []

    def noted(kept: LiveInstallation, name: str) -> Path:
        moments.append(f"{kept.clock.at.astimezone(ZoneInfo('Asia/Ho_Chi_Minh')):%d/%m/%Y %H:%M}")
        return backup(kept, name)

    backups = lived(servers, house, noted)
    assert len(backups) == 7
    wanted, told, at = register(house), to_citizens(servers), house.clock.at
    assert [row[1] for row in wanted[:4]] == ["answered", "answered", "forwarded", "forwarded"]
    assert len(told) == 6
    house.close()
    for number, path in enumerate(backups):
        assert house.command("restore", str(path)) == 0
        assert f"{6 - number} mails of the folders will be read again" in capsys.readouterr().out
        again = house_on(servers, tmp_path / "house")
        again.clock.at = at + timedelta(hours=26 * number + 10)
        again.run(3)
        assert register(again) == wanted, path.name
        assert to_citizens(servers) == told, f"{path.name}: nobody is written to twice"
        kept = [row for row in again.sent if row["status"] == "failed"]
        assert len([row for row in again.sent if row["role"] == "citizen"]) == 6, "and nothing is forgotten"
        assert {row["role"] for row in kept} <= {"citizen"}
        assert again.faults() == []
        (alert,) = [row for row in again.sent if row["name"] == "officer_alert"]
        assert f"có dữ liệu đến {moments[number]};" in said(bytes(alert["bytes"]))
        again.close()


def test_a_machine_on_which_no_service_ran_yet(tmp_path: Path, servers: EmbeddedServers) -> None:
    """The database's folder is made, closed to others."""
    house = house_on(servers, tmp_path / "house")
    house.run()
    path = backup(house, "moved")
    house.close()
    new = tmp_path / "var" / "lib" / "doithoai.db"
    house.file.write_text(house.file.read_text("utf-8").replace(f"{house.folder}/doithoai.db", str(new)), "utf-8")
    assert house.command("restore", str(path)) == 0
    assert new.is_file()
    assert new.parent.stat().st_mode & 0o777 == 0o700


def test_life_goes_on_after_a_restore(tmp_path: Path, servers: EmbeddedServers) -> None:
    """The next question is acknowledged, with a number of its own; a kept letter leaves when a person says so."""
    house = house_on(servers, tmp_path / "house")
    (first, *_) = lived(servers, house)
    house.close()
    assert house.command("restore", str(first)) == 0
    again = house_on(servers, tmp_path / "house")
    again.run(2)
    told = to_citizens(servers)
    again.clock.at = datetime.now(UTC) + timedelta(minutes=5)
    servers.deliver(MAILBOX, letter(CITIZENS[0], f"{LETTER}\nCòn vỉa hè thì sao?", subject="Mới"), again.clock.at)
    again.run(2)
    new = to_citizens(servers) - told
    assert any("HP-2026-000005" in text_of(raw) for _, raw in new)
    kept = next(row for row in again.sent if row["status"] == "failed")
    assert main(["mail", "retry", "--sent", str(kept["id"]), "--config", str(again.file)]) == 0
    again.clock.forward(minutes=5)
    again.run(2)
    assert (str(kept["recipient"]), bytes(kept["bytes"])) in to_citizens(servers)
    again.close()


def test_what_people_delete_after_a_restore_is_named_once(
    tmp_path: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    """Mails that ``restore`` read again are compared as all others are, and a second restore tells nothing anew."""
    house = house_on(servers, tmp_path / "house")
    (first, *_) = lived(servers, house)
    house.close()
    assert house.command("restore", str(first)) == 0
    again = house_on(servers, tmp_path / "house")
    again.run(2)
    capsys.readouterr()
    assert again.command("verify") == 0
    assert "by people" not in capsys.readouterr().out, "all lie where they were read"
    again.clock.at = again.clock.at.replace(hour=19) + timedelta(days=1)  # 2 o'clock of the city's night
    wrong = "UPDATE raw_mail SET target_folder = 'automatic' WHERE id = 2"  # another fate than the one before
    with again.engine.begin() as connection:
        connection.exec_driver_sql(wrong)
    servers.remove(MAILBOX, 101, "Đã tiếp nhận")
    assert again.command("verify") == 0
    assert "mail 1 was moved or deleted in Đã tiếp nhận by people" in (told := capsys.readouterr().out)
    assert told.count("by people") == 1
    again.service.catch_up()
    again.service.reconcile()
    (alert,) = [one for one in again.sent if one["key"].startswith("officer_alert:reconciled")]
    assert "Thư số 1 (HP-2026-000001)" in said(bytes(alert["bytes"]))
    assert "Thư số 2" not in said(bytes(alert["bytes"]))
    later = backup(again, "later")
    again.close()
    assert house.command("restore", str(later)) == 0
    capsys.readouterr()
    assert house.command("verify") == 0
    assert "1 mails that people moved or deleted were told before: 1" in capsys.readouterr().out


def sent_later(servers: EmbeddedServers, folder: Path) -> tuple[LiveInstallation, Path]:
    """A backup in which a letter to a citizen waits, which left later."""
    house = house_on(servers, folder)
    house.run()
    ask(servers, house, CITIZENS[0])
    servers.script_smtp(lambda phase, _: "451 4.3.0 later" if phase == "mail" else None)
    house.run()
    path = backup(house, "waiting")
    servers.script_smtp(lambda *_: None)
    house.clock.forward(hours=1)
    house.run(2)
    return house, path


def test_what_waited_in_the_backup_is_kept_back(tmp_path: Path, servers: EmbeddedServers) -> None:
    """Stored and decided, not yet sent: the lost state may have sent it a second later."""
    house, path = sent_later(servers, tmp_path / "house")
    told = to_citizens(servers)
    assert len(told) == 1
    at = house.clock.at
    house.close()
    assert house.command("restore", str(path)) == 0
    again = house_on(servers, tmp_path / "house")
    again.clock.at = at
    again.run(2)
    assert to_citizens(servers) == told
    assert len(again.questions) == 1
    again.close()


NOBODY = 65534


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_root_lays_back_what_the_services_account_can_write(tmp_path: Path, servers: EmbeddedServers) -> None:
    """systemd gives the folder to the service once; what root puts there later it would leave root's."""
    house = house_on(servers, tmp_path / "house")
    kept = backup(house, "kept")
    house.close()
    for one in (house.folder, *house.folder.iterdir()):
        os.chown(one, NOBODY, NOBODY)
    (house.folder / "doithoai.db.lock").unlink(missing_ok=True)
    assert house.command("restore", str(kept), "--offline") == 0
    made = {one.name: one.stat().st_uid for one in house.folder.glob("doithoai.db*")}
    assert set(made.values()) == {NOBODY}, made
    assert {"doithoai.db", "doithoai.db.lock"} <= set(made)


def test_backup_says_in_one_line_that_the_folder_is_missing(
    tmp_path: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    house = house_on(servers, tmp_path / "house")
    assert house.command("backup", str(tmp_path / "no" / "copy.db")) == 1
    assert capsys.readouterr().err == f"doithoai: backup: there is no folder {tmp_path / 'no'}\n"
    house.close()


ROWS = 10_000
"""Of a page each: many more than the daemon leaves time for between two commits."""


def test_a_backup_ends_while_the_daemon_writes_without_a_pause(tmp_path: Path) -> None:
    source, target = tmp_path / "register #1?.db", tmp_path / "copy.db"
    ended = threading.Event()
    with closing(sqlite3.connect(source)) as made:
        made.executescript("PRAGMA journal_mode=WAL; CREATE TABLE said (words); CREATE TABLE counted (number)")
        made.executemany("INSERT INTO said VALUES (?)", [("x" * 4000,)] * ROWS)
        made.commit()

    def write() -> None:
        end = time.monotonic() + 8
        with closing(sqlite3.connect(source, isolation_level=None, timeout=10)) as other:
            other.execute("PRAGMA synchronous=OFF")
            while not ended.is_set() and time.monotonic() < end:
                other.execute("INSERT INTO counted VALUES (1)")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        copy(source, target)
        assert writer.is_alive(), "the copy waited until nobody wrote any more"
    finally:
        ended.set()
        writer.join()
    with closing(sqlite3.connect(target)) as read:
        assert read.execute("SELECT count(*) FROM said").fetchone() == (ROWS,)


def test_restore_refuses_what_it_must(
    tmp_path: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    house = house_on(servers, tmp_path / "house")
    ask(servers, house, CITIZENS[0])
    house.run(2)
    good = backup(house, "good")
    house.close()
    empty, broken = tmp_path / "empty.db", tmp_path / "broken.db"
    with closing(sqlite3.connect(empty)) as other:
        other.execute("CREATE TABLE x (y)")
        other.commit()
    broken.write_bytes(good.read_bytes()[:5000])
    for path, why in ((tmp_path / "none.db", "there is no file"), (empty, "is no register"), (broken, "backup: ")):
        assert house.command("restore", str(path)) == 1
        assert why in capsys.readouterr().err
    with sole_daemon(house.database_url):
        assert house.command("restore", str(good)) == 1
    assert "another daemon" in capsys.readouterr().err
    again = house_on(servers, tmp_path / "house")
    assert len(again.questions) == 1, "the register is untouched"
    again.close()


def waiting(servers: EmbeddedServers, folder: Path) -> tuple[LiveInstallation, Path, Counter[tuple[str, bytes]]]:
    """A backup in which a letter to a citizen waits, which left later; a second question came after it."""
    house, path = sent_later(servers, folder)
    ask(servers, house, CITIZENS[1])
    house.run(2)
    told = to_citizens(servers)
    assert len(told) == 2
    house.close()
    return house, path, told


def closed_port() -> int:
    """A port at which nobody listens."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        return int(taken.getsockname()[1])


def imap_at(house: LiveInstallation, port: int) -> None:
    """The configuration names another port for the mailbox."""
    told = house.file.read_text("utf-8")
    house.file.write_text(told.replace(f"port = {house.imap_port}\n", f"port = {port}\n"), "utf-8")
    house.imap_port = port


def test_a_mailbox_that_cannot_be_reached_leaves_the_register_as_it_was(
    tmp_path: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    house, path, _ = waiting(servers, tmp_path / "house")
    port = house.imap_port
    imap_at(house, closed_port())
    assert house.command("restore", str(path)) == 1
    told = capsys.readouterr().err
    assert "cannot connect" in told
    assert "nothing was laid back" in told
    imap_at(house, port)
    assert list(house.folder.glob("doithoai.db.*")) == [house.folder / "doithoai.db.lock"], "no half-made copy"
    again = house_on(servers, tmp_path / "house")
    assert len(again.questions) == 2, "what was there stands"
    again.close()


@pytest.mark.parametrize("command", ["uids", "open", "fetch"])
def test_a_connection_that_breaks_leaves_a_register_that_writes_to_nobody_twice(
    tmp_path: Path,
    servers: EmbeddedServers,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    command: str,
) -> None:
    house, path, told = waiting(servers, tmp_path / "house")

    def broken(*_: object, **__: object) -> object:
        raise TemporaryError("IMAP: the connection broke")

    with monkeypatch.context() as cut:
        cut.setattr(MailboxClient, command, broken)
        assert house.command("restore", str(path)) == 1
    said_so = capsys.readouterr().err
    assert "the connection broke" in said_so
    assert "is in place" in said_so
    assert "`doithoai restore`" in said_so
    early = house_on(servers, tmp_path / "house")  # somebody starts it all the same
    early.clock.at = datetime.now(UTC)
    early.run(2)
    assert to_citizens(servers) == told
    early.close()
    assert house.command("restore") == 0, "and the folders are read by the next one"
    again = house_on(servers, tmp_path / "house")
    again.clock.at = datetime.now(UTC) + timedelta(minutes=5)
    again.run(2)
    assert len(again.questions) == 2
    assert to_citizens(servers) == told
    again.close()


def test_a_kill_at_any_moment_leaves_no_register_that_would_send(
    tmp_path: Path, servers: EmbeddedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What gets the register's name is marked and holds its letters back already."""
    house, path, _ = waiting(servers, tmp_path / "house")
    seen: list[tuple[object, ...]] = []
    rename = Path.rename

    def renamed(self: Path, target: Path) -> Path:
        if Path(target) == house.folder / "doithoai.db":
            assert not list(house.folder.glob("doithoai.db.restored-*")), "the whole of it is in one file"
            with closing(sqlite3.connect(self)) as laid:
                seen.append(laid.execute("SELECT count(*) FROM state WHERE name = 'restored_at'").fetchone())
                seen.append(laid.execute("SELECT status FROM outbox WHERE role = 'citizen'").fetchone())
            for name in ("doithoai.db", "doithoai.db.before-*"):  # and until then the old one is there, whole
                (old,) = (one for one in house.folder.glob(name))
                with closing(sqlite3.connect(f"file:{old}?mode=ro&immutable=1", uri=True)) as before:
                    seen.append(before.execute("SELECT count(*) FROM question").fetchone())
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", renamed)
    assert house.command("restore", str(path)) == 0
    assert seen == [(1,), ("failed",), (2,), (2,)]


def test_damaged_mails_are_told_and_the_others_are_read_in_portions(
    tmp_path: Path, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    house = house_on(servers, tmp_path / "house")
    (first, *_) = lived(servers, house)
    wanted = register(house)
    house.close()
    stored: list[int] = []
    keep = ledger.keep_bytes

    def kept(connection: Connection, place: str, uidvalidity: int, mails: Sequence[Arrived], now: datetime) -> object:
        stored.append(len(mails))
        return keep(connection, place, uidvalidity, mails, now)

    def damaged(uid: int, record: Any, size: int | None) -> object:
        return "is cut short" if uid == 102 else fetched_mail(uid, record, size)

    monkeypatch.setattr(ledger, "keep_bytes", kept)
    monkeypatch.setattr(fetch, "COMMIT_BYTES", 500)
    with monkeypatch.context() as cut:
        cut.setattr("daemon.mailbox.mailbox.fetched_mail", damaged)
        assert house.command("restore", str(first)) == 1
    assert "UID 102 is cut short" in capsys.readouterr().err
    assert set(stored) == {1}, "a portion is as large as one commit of the daemon"
    assert house.command("restore", str(first)) == 0
    again = house_on(servers, tmp_path / "house")
    again.clock.at = datetime.now(UTC)
    again.run(3)
    assert register(again) == wanted
    again.close()
