"""Four daemons, one PostgreSQL, one mailbox; one is killed every two seconds. Nothing doubled, nothing lost."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import Connection, Engine, event, func, select, text
from sqlalchemy.exc import OperationalError

from daemon.demo.servers import EmbeddedServers
from daemon.loop.send import Dispatcher
from daemon.loop.service import Service
from daemon.smtp.sender import Sender
from db.core import journal
from db.core.engine import open_engine, upgrade
from db.core.journal import Entry
from db.core.tables import outbox as outbox_table
from db.core.tables import raw_mail
from db.mails import ledger
from db.mails.ledger import Arrived
from db.outbox import outbox
from db.outbox.leader import Presence, free_claims_of_the_dead, lock_number
from tests.faults.cluster import Cluster
from tests.installation import MAILBOX, MONDAY, OFFICE, OFFICER, UNITS, LiveInstallation, letter, unit_address
from tests.support.rows import lay
from tests.world import LETTER

MAILS = int(os.environ.get("DOITHOAI_CLUSTER_MAILS", "60"))
PAUSES = int(os.environ.get("DOITHOAI_PAUSES", "2"))
KILL_EVERY = 2.0
"""Seconds."""
LONGEST = 300 + MAILS * 10


NOTICES = "SELECT id FROM outbox WHERE question_id IS NOT NULL"
"""The mails about questions; on some days of the year officers also hear of what falls due by the calendar."""
NOTICED = f"SELECT question_id FROM outbox WHERE id IN ({NOTICES}) AND status = 'sent' GROUP BY 1 HAVING count(*) = 2"
"""The questions whose two notices are sent."""
DONE = "SELECT id FROM outbox WHERE status = 'sent' UNION ALL SELECT id FROM raw_mail"
"""Each mail that was taken in or sent."""


def counted(house: LiveInstallation, rows: str) -> int:
    """How many rows a statement finds; counted in the database, which is at work."""
    with house.engine.begin() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM ({rows}) AS whole").scalar_one())


@pytest.mark.slow
@pytest.mark.timeout(LONGEST + 300)
def test_four_daemons_one_killed_every_two_seconds(tmp_path: Path, postgres_url: str) -> None:
    people = dict.fromkeys((MAILBOX, OFFICER, OFFICE, *map(unit_address, UNITS)), "secret")
    with EmbeddedServers(people) as servers:
        house = LiveInstallation(
            tmp_path / "house", servers.imap_port, servers.smtp_port, postgres_url, connections=1
        )
        house.service.presence.hide()
        for number in range(MAILS):
            servers.deliver(MAILBOX, letter(f"an{number}@dan.test", f"{LETTER}\nLần {number}"))

        def done() -> bool:
            return counted(house, NOTICED) == MAILS and not servers.mails(MAILBOX)

        with Cluster(house.file, 4) as cluster:
            finished = cluster.run_until(done, LONGEST, KILL_EVERY, lambda: counted(house, DONE))
        sent = Counter(mail.raw for mail in servers.sent)
        twice = sum(times - 1 for times in sent.values())
        print(f"{MAILS} mails, 4 daemons, {cluster.killed} killed: {len(house.questions)} questions, {twice} resent")
        assert finished, Counter(str(row["status"]) for row in house.sent)
        assert cluster.killed >= 1
        assert cluster.ended == 0, f"daemons ended by themselves: {cluster.complaints()}"
        assert Counter(str(row["fate"]) for row in house.mails) == {"register": MAILS}
        assert counted(house, NOTICES) == 2 * MAILS, "each notice once"
        assert len(sent) == len(house.sent), "none with other bytes"
        assert twice <= cluster.killed, "only what was between the server's 250 and our mark when one was killed"
        assert house.faults() == []
        house.close()


@pytest.mark.slow
def test_a_daemon_that_is_paused_and_wakes_does_nothing_twice(tmp_path: Path, postgres_url: str) -> None:
    """While it stands still its claims get old and another takes them; what it does when it wakes is fenced."""
    mails = 6 * PAUSES
    people = dict.fromkeys((MAILBOX, OFFICER, OFFICE, *map(unit_address, UNITS)), "secret")
    with EmbeddedServers(people) as servers:
        house = LiveInstallation(
            tmp_path / "house", servers.imap_port, servers.smtp_port, postgres_url, connections=1
        )
        house.service.presence.hide()

        def done() -> bool:
            states = {str(row["status"]) for row in house.sent}
            return len(house.questions) == mails and states == {"sent"} and not servers.mails(MAILBOX)

        with Cluster(house.file, 2) as cluster:
            aged = 0
            for turn in range(PAUSES):
                for number in range(6):
                    servers.deliver(MAILBOX, letter(f"an{turn}-{number}@dan.test", f"{LETTER}\nLần {turn}"))
                aged += pause_with_a_claim(cluster, house)
            finished = cluster.run_until(done, LONGEST)
        sent = Counter(mail.raw for mail in servers.sent)
        twice = sum(times - 1 for times in sent.values())
        print(
            f"{mails} mails, 2 daemons, {PAUSES} pauses, {aged} with claims that got old:"
            f" {len(house.questions)} questions, {twice} resent"
        )
        assert finished, Counter(str(row["status"]) for row in house.sent)
        assert Counter(str(row["fate"]) for row in house.mails) == {"register": mails}
        assert (counted(house, NOTICES), len(sent)) == (2 * mails, len(house.sent))
        assert max(sent.values()) <= 2
        assert aged >= PAUSES / 2, "too few were caught with a claim of their own"
        assert twice <= PAUSES, "only what the paused one was sending when its claim went to the other"
        assert house.faults() == []
        house.close()


def pause_with_a_claim(cluster: Cluster, house: LiveInstallation) -> bool:
    """One stands still that has claimed mails, which get old meanwhile; False when none was caught at it."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        daemon = a_claimant(house)
        if daemon:
            with cluster.paused(daemon):
                if age_claims(house, daemon):
                    cluster.run_until(lambda: False, 1.5)
                    return True
        time.sleep(0.002)
    return False


def a_claimant(house: LiveInstallation) -> int:
    """The process id of a daemon that has claimed mails, 0 when none has."""
    with house.engine.begin() as connection:
        claimed = connection.execute(text("SELECT claimed_by FROM outbox WHERE claimed_by <> '' LIMIT 1")).scalar()
    return int(str(claimed).rpartition(":")[2]) if claimed else 0


def age_claims(house: LiveInstallation, daemon: int) -> int:
    """A quarter of an hour passes for what a process has claimed; how many mails.

    None when it holds their locks: it stands still within a transaction, and nobody else can take them either.
    """
    older = text("UPDATE outbox SET claimed_at = claimed_at - interval '15 minutes' WHERE claimed_by LIKE :whose")
    try:
        with house.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL lock_timeout = '200ms'")
            return connection.execute(older, {"whose": f"%:{daemon}"}).rowcount
    except OperationalError as error:
        if isinstance(error.orig, LockNotAvailable):
            return 0
        raise


@pytest.fixture
def engine(postgres_url: str) -> Iterator[Engine]:
    made = open_engine(postgres_url)
    upgrade(made)
    yield made
    made.dispose()


def soon(look: Callable[[], int]) -> int:
    """What it gives once it gives something: the server ends a session a moment after its connection."""
    end = time.monotonic() + 10
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.01)
    return found


def test_one_polls_and_another_takes_over_when_it_dies(engine: Engine) -> None:
    one, two = Presence(engine, "one"), Presence(engine, "two")
    assert one.may_poll("box")
    assert one.may_poll("box"), "asking again takes no second lock"
    assert not two.may_poll("box")
    assert two.may_poll("other box")
    one.hide()
    assert soon(lambda: two.may_poll("box"))
    two.hide()


def claim(engine: Engine, worker: str) -> None:
    """A mail that this worker is sending."""
    mail = outbox.Queued("k", "n", "8.2", "a@dan.test", "citizen", "s", "m@x.test", "b@x.test", b"mail", MONDAY)
    with engine.begin() as connection:
        outbox.queue(connection, [mail], MONDAY)
        (row,) = outbox.claim_due(connection, worker, MONDAY, 5)
        assert outbox.mark_sending(connection, row.id, worker, MONDAY)


def test_claims_of_the_dead_are_freed_and_of_the_living_are_not(engine: Engine) -> None:
    one, two = Presence(engine, "one"), Presence(engine, "two")
    one.show()
    two.show()
    claim(engine, "one")
    with engine.begin() as connection:
        assert free_claims_of_the_dead(connection, "two") == 0
    one.hide()

    def freed() -> int:
        with engine.begin() as connection:
            return free_claims_of_the_dead(connection, "two")

    assert soon(freed) == 1
    with engine.begin() as connection:
        assert len(outbox.claim_due(connection, "two", MONDAY, 5)) == 1
    two.hide()


def test_a_worker_whose_lost_session_still_holds_its_lock_takes_it_over(engine: Engine) -> None:
    one = Presence(engine, "one")
    number = lock_number("worker:one")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as lost:
        lost.execute(select(func.pg_advisory_lock(number)))
        one.show()
        claim(engine, "one")
        lost.execute(select(func.pg_advisory_unlock(number)))
    one.show()
    one.show()
    with engine.begin() as connection:
        assert free_claims_of_the_dead(connection, "two") == 0, "it lives, and is sending this mail"
    one.hide()


@pytest.mark.parametrize("asked", ["pg_try_advisory_lock", "pg_locks"])
def test_a_connection_that_dies_while_it_is_asked_is_replaced_in_the_next_pass(engine: Engine, asked: str) -> None:
    one, left = Presence(engine, "one"), [asked]

    def end(connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        if any(part in statement for part in left):
            left.clear()
            connection.connection.driver_connection.close()  # type: ignore[union-attr] # psycopg's own connection

    event.listen(engine, "before_cursor_execute", end)
    with pytest.raises(OperationalError):
        one.may_poll("box")
    assert one.may_poll("box")
    one.hide()


def test_journal_takes_writers_in_turn(engine: Engine) -> None:
    """Four writers at once on PostgreSQL: every entry is there, and the chain holds."""
    from threading import Thread

    failures: list[Exception] = []

    def work() -> None:
        try:
            for number in range(25):
                with engine.begin() as connection:
                    journal.append(connection, Entry("act", str(number)), MONDAY)
                    journal.append(connection, Entry("act", str(number)), MONDAY)
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with engine.begin() as connection:
        assert journal.count_entries(connection) == 200
        assert journal.broken_link(connection) is None


def test_who_does_not_poll_still_shows_that_it_lives(tmp_path: Path, postgres_url: str) -> None:
    with EmbeddedServers(dict.fromkeys((MAILBOX, OFFICER), "secret")) as servers:
        house = LiveInstallation(tmp_path / "house", servers.imap_port, servers.smtp_port, postgres_url)
        house.run()
        idle = Service(house.engine, house.installation, worker="idle")
        idle.full_pass()
        assert idle.client is None, "the other one polls"
        claim(house.engine, "idle")
        with house.engine.begin() as connection:
            assert free_claims_of_the_dead(connection, house.service.worker) == 0
        idle.close()

        def freed() -> int:
            with house.engine.begin() as connection:
                return free_claims_of_the_dead(connection, house.service.worker)

        assert soon(freed) == 1
        house.close()


@pytest.mark.parametrize("command", [("mail", "retry", "1"), ("mail", "retry", "--sent", "1")], ids=["in", "out"])
def test_a_retry_waits_for_its_turn(tmp_path: Path, postgres_url: str, command: tuple[str, ...]) -> None:
    """A daemon that holds the turn and wants the row would otherwise wait for the command, and it for the daemon."""
    house = LiveInstallation(tmp_path / "house", 1, 1, postgres_url)
    house.books_broken = "rows laid straight"
    with house.engine.begin() as connection:
        ledger.store(connection, "INBOX", 1, [Arrived(1, b"Subject: x", MONDAY)], MONDAY)
        connection.execute(raw_mail.update().values(status="quarantined", fate="quarantine"))
        lay(connection, outbox_table, status="failed", recipient="an@dan.test", key="x", attempts=3)
    waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with ThreadPoolExecutor(1) as beside:
        with house.engine.begin() as connection:
            journal.take_turn(connection)
            typed = beside.submit(house.command, *command)
            with house.engine.connect() as looking:
                until(lambda: looking.execute(waits).scalar_one() == 1)
            connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            connection.execute(raw_mail.update().values(attempts=0))
            connection.execute(outbox_table.update().values(attempts=0))
        assert typed.result(timeout=30) == 0
    house.close()


def test_letters_whose_sender_died_twice_wait_for_the_turn_too(tmp_path: Path, postgres_url: str) -> None:
    house = LiveInstallation(tmp_path / "house", 1, 1, postgres_url)
    with house.engine.begin() as connection:
        values = {"status": "unknown", "smtp_code": outbox.INTERRUPTED, "attempts": 2, "recipient": "an@dan.test"}
        lay(connection, outbox_table, key="x", role="citizen", name="citizen_received", **values)
    sender = Sender(house.config.smtp)
    dispatcher = Dispatcher(house.engine, house.installation, sender, "w", lambda: None, lambda: True)
    waits = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
    with ThreadPoolExecutor(1) as beside:
        with house.engine.begin() as connection:
            journal.take_turn(connection)
            told = beside.submit(dispatcher.send_due)
            with house.engine.connect() as looking:
                until(lambda: looking.execute(waits).scalar_one() == 1)
            connection.exec_driver_sql("SET LOCAL lock_timeout = '2s'")
            connection.execute(outbox_table.update().values(attempts=2))
        told.result(timeout=30)
    house.close()


def until(reached: Callable[[], bool]) -> None:
    """Wait for it, half a minute at most."""
    end = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < end
        time.sleep(0.02)
