"""A full disk, a database read-only or locked, a backup laid back: nothing lost, nothing twice."""

import os
import resource
import shutil
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError, OperationalError

from daemon.base.errors import ConfigurationError, TemporaryError
from daemon.demo.servers import EmbeddedServers
from tests.installation import MAILBOX, LiveInstallation, letter
from tests.world import LETTER, World


def house_on(servers: EmbeddedServers, folder: Path) -> LiveInstallation:
    return LiveInstallation(folder, servers.imap_port, servers.smtp_port)


def in_a_child(work) -> int:  # type: ignore[no-untyped-def]
    """Its exit status; a limit that it takes upon itself is not ours."""
    child = os.fork()
    if child == 0:
        try:
            os._exit(int(work()))
        except BaseException:
            os._exit(99)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_full_disk_loses_nothing_and_goes_on_when_there_is_room(tmp_path: Path, servers: EmbeddedServers) -> None:
    house = house_on(servers, tmp_path / "house")
    big = [("anh.bin", "application/octet-stream", b"x" * 1_000_000)]
    for number in range(3):
        servers.deliver(MAILBOX, letter(f"an{number}@dan.test", LETTER, attachments=big), house.clock.at)
    house.engine.dispose()

    def without_room() -> int:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (700_000, 700_000))
        return house.command("run", "--once")

    assert in_a_child(without_room) == 1, "a problem is reported"
    assert len(servers.mails(MAILBOX)) == 3, "what is not stored stays where it is"
    assert house.questions == []
    house.run(2)
    assert len(house.questions) == 3
    assert house.faults() == []
    assert servers.mails(MAILBOX) == []
    house.close()


def test_read_only_database_is_a_temporary_fault(house: World) -> None:
    house.store(letter("an@dan.test", LETTER))

    def read_only(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA query_only=ON")

    house.house.engine.dispose()
    event.listen(house.house.engine, "connect", read_only)
    with pytest.raises(TemporaryError, match=r"readonly|read-only|query_only"):
        house.decide()
    event.remove(house.house.engine, "connect", read_only)
    house.house.engine.dispose()
    house.arrive()
    assert (len(house.house.questions), house.house.mails[0]["attempts"]) == (1, 0)


def test_a_damaged_database_uses_up_no_attempt(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    house.store(letter("an@dan.test", LETTER))
    fault = sqlite3.DatabaseError("database disk image is malformed")
    fault.sqlite_errorcode = sqlite3.SQLITE_CORRUPT

    def damaged(*_: object) -> None:
        raise DatabaseError("SELECT", {}, fault)

    with monkeypatch.context() as patched:
        patched.setattr("daemon.loop.decide.decide_one", damaged)
        with pytest.raises(ConfigurationError, match="the file is damaged"):
            house.decide()
    house.arrive()
    assert (len(house.house.questions), house.house.mails[0]["attempts"]) == (1, 0)


def test_locked_database_uses_up_no_attempt(house: World) -> None:
    house.store(letter("an@dan.test", LETTER))

    def impatient(connection, _record) -> None:  # type: ignore[no-untyped-def]
        connection.execute("PRAGMA busy_timeout=100")

    house.house.engine.dispose()
    event.listen(house.house.engine, "connect", impatient)
    other = sqlite3.connect(house.house.folder / "doithoai.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(TemporaryError, match="locked"):
        house.decide()
    event.remove(house.house.engine, "connect", impatient)
    other.execute("ROLLBACK")
    other.close()
    house.arrive()
    assert (len(house.house.questions), house.house.mails[0]["attempts"]) == (1, 0)


def test_restored_backup_sends_a_citizen_nothing_again(tmp_path: Path, servers: EmbeddedServers) -> None:
    """What the mailbox has in its folders is laid back into INBOX and read again."""
    house = house_on(servers, tmp_path / "house")
    servers.deliver(MAILBOX, letter("an@dan.test", LETTER), house.clock.at)
    house.run(2)
    backup = tmp_path / "copy.db"
    assert house.command("backup", str(backup)) == 0
    assert house.command("backup", str(backup)) == 1, "nothing is written over"
    before = Counter(mail.raw for mail in servers.sent)
    house.close()
    for name in ("doithoai.db", "doithoai.db-wal", "doithoai.db-shm"):
        (house.folder / name).unlink(missing_ok=True)
    shutil.copy(backup, house.folder / "doithoai.db")
    for folder in servers.folders(MAILBOX):
        for raw in servers.mails(MAILBOX, folder) if folder != "INBOX" else []:
            servers.deliver(MAILBOX, raw, house.clock.at)
    again = house_on(servers, tmp_path / "house")
    again.run(2)
    assert Counter(mail.raw for mail in servers.sent) == before
    assert [row["code"] for row in again.questions] == ["HP-2026-000001"]
    assert again.faults() == []
    again.close()


def test_a_register_that_cannot_be_written_refuses_the_start_in_one_line(
    tmp_path: Path, servers: EmbeddedServers, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where root has laid the file into the service's folder."""

    def refused(_engine: object) -> None:
        raise OperationalError("UPDATE", {}, sqlite3.OperationalError("attempt to write a readonly database"))

    house = house_on(servers, tmp_path / "house")
    monkeypatch.setattr("daemon.commands.run.is_current", lambda _engine: False)
    monkeypatch.setattr("daemon.commands.run.upgrade", refused)
    assert house.command("run", "--once") == 1
    where = house.folder / "doithoai.db"
    assert capsys.readouterr().err == f"doithoai: database: {where}: attempt to write a readonly database\n"
    house.close()
