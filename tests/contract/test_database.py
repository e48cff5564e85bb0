"""The database's own promises, the same on SQLite and on PostgreSQL."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, event, select, text, update
from sqlalchemy.exc import IntegrityError

from db.core import counters, journal
from db.core.engine import (
    DatabaseInUseError,
    current_revision,
    downgrade,
    newest_revision,
    open_engine,
    sole_daemon,
    upgrade,
)
from db.core.journal import Entry
from db.core.tables import journal as journal_table
from db.core.tables import metadata, outbox_content, raw_mail
from db.core.tables import outbox as outbox_table
from db.mails import ledger
from db.mails.identity import identity_of
from db.mails.ledger import Arrived
from db.outbox import outbox
from db.outbox.leader import free_claims_of_the_dead
from db.outbox.outbox import Queued
from db.register import questions
from db.reports import conservation, figures, personal_data
from rules.values.states import OutboxStatus
from tests.installation import lay_schema

NOW = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)


@pytest.fixture
def engine(database_url: str, tmp_path: Path) -> Iterator[Engine]:
    url = database_url or f"sqlite:///{tmp_path}/x.db"
    lay_schema(url)
    made = open_engine(url)
    yield made
    made.dispose()


def queued(key: str, recipient: str = "an@dan.test") -> Queued:
    raw = f"mail {key}".encode()
    return Queued(key, "notice", "8.2", recipient, "citizen", "s", f"{key}@x.test", "b@x.test", raw, NOW)


def put(connection: Connection, mail: Queued) -> int | None:
    """Its row in the outbox, None where the key is there already."""
    return outbox.queue(connection, [mail], NOW).get(mail.key)


def test_mails_of_one_decision_are_queued_in_their_order(engine: Engine) -> None:
    with engine.begin() as connection:
        first = put(connection, queued("b"))
        made = outbox.queue(connection, [queued("c"), queued("b"), queued("a")], NOW)
        assert first is not None
        assert made.keys() == {"c", "a"}, "what is there already is left as it is"
        assert first < made["c"] < made["a"]
        contents = connection.execute(select(outbox_content).order_by(outbox_content.c.outbox_id)).all()
    assert [bytes(row.bytes) for row in contents] == [b"mail b", b"mail c", b"mail a"]


@pytest.mark.filterwarnings("ignore:.*expression-based index:UserWarning", "ignore:.*expression-based index:Warning")
def test_migrations_make_the_schema(engine: Engine) -> None:
    assert current_revision(engine) == newest_revision()
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_the_way_down_and_up_again(engine: Engine) -> None:
    downgrade(engine, "base")
    assert current_revision(engine) == ""
    upgrade(engine)
    assert current_revision(engine) == newest_revision()


def test_sqlite_commits_are_on_the_disk(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2, "FULL"
    engine.dispose()


def test_second_daemon_on_one_file_is_refused_with_a_clear_line(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/x.db"
    with sole_daemon(url), pytest.raises(DatabaseInUseError, match="another daemon is using"), sole_daemon(url):
        pass
    with sole_daemon(url):
        pass


def test_numbers_have_no_gap_after_a_rollback(engine: Engine) -> None:
    with engine.begin() as connection:
        assert counters.next_number(connection, "question:2026") == 1
    with engine.connect() as connection, connection.begin() as transaction:
        assert counters.next_number(connection, "question:2026") == 2
        transaction.rollback()
    with engine.begin() as connection:
        assert counters.next_number(connection, "question:2026") == 2


def test_numbers_are_unique_among_workers(engine: Engine) -> None:
    given: list[int] = []

    def work() -> None:
        for _ in range(20):
            with engine.begin() as connection:
                given.append(counters.next_number(connection, "question:2026"))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(given) == list(range(1, 81))


def test_same_uid_is_stored_once(engine: Engine) -> None:
    for _ in range(2):
        with engine.begin() as connection:
            ledger.store(connection, "box", 7, [Arrived(1, b"Subject: a\r\n\r\nb", NOW)], NOW)
    with engine.begin() as connection:
        assert ledger.counts_by_status(connection) == {"stored": 1}
        assert ledger.unknown_uids(connection, "box", 7, [1, 2]) == [2]
        assert ledger.unknown_uids(connection, "box", 8, [1, 2]) == [1, 2], "another UIDVALIDITY, other mails"


def test_moved_mail_that_is_there_again_waits_to_be_moved(engine: Engine) -> None:
    with engine.begin() as connection:
        ledger.store(connection, "box", 7, [Arrived(1, b"Subject: a\r\n\r\nb", NOW)], NOW)
        connection.execute(update(raw_mail).values(target_folder="held"))
        ledger.mark_server_state(connection, [1], "moved")
        assert ledger.waiting_to_move(connection, "box", 7) == []
        assert ledger.unknown_uids(connection, "box", 7, [1]) == []
        assert [row.uid for row in ledger.waiting_to_move(connection, "box", 7)] == [1]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (b"Subject: a\r\n\r\nb", b"Received: x\r\n by y\r\nSubject: a\r\n\r\nb\r\n", True),
        (b"Subject: a\r\n\r\nb", b"Delivered-To: z@x.test\nSubject: a\n\nb", True),
        (b"Subject: a\r\n\r\nb", b"Subject: a\r\n\r\nc", False),
        (b"Subject: a\r\n\r\nb", b"Subject: c\r\n\r\nb", False),
        (b"Message-ID: <1@x>\r\n\r\nb", b"Message-ID: <2@x>\r\n\r\nb", False),
        (b"X-Received-Note: q\r\n\r\nb", b"\r\nb", False),
    ],
)
def test_identity_is_the_mail_without_its_trace(first: bytes, second: bytes, same: bool) -> None:
    assert (identity_of(first) == identity_of(second)) is same


def test_one_key_is_queued_once(engine: Engine) -> None:
    with engine.begin() as connection:
        assert put(connection, queued("k")) is not None
        assert put(connection, queued("k")) is None
        assert outbox.counts_by_status(connection) == {"pending": 1}


def test_claim_is_a_fence_until_it_is_old(engine: Engine) -> None:
    with engine.begin() as connection:
        put(connection, queued("k"))
        (row,) = outbox.claim_due(connection, "one", NOW, 10)
        assert outbox.claim_due(connection, "two", NOW, 10) == []
    later = NOW + outbox.CLAIM_LASTS
    with engine.begin() as connection:
        assert len(outbox.claim_due(connection, "two", later, 10)) == 1
        assert not outbox.mark_sending(connection, row.id, "one", later), "a paused process that wakes sends nothing"
        assert outbox.mark_sending(connection, row.id, "two", later)


def test_a_worker_that_is_alone_claims_when_it_sends(engine: Engine) -> None:
    with engine.begin() as connection:
        put(connection, queued("k"))
        (row,) = outbox.claim_due(connection, "one", NOW, 10, alone=True)
        assert not outbox.mark_sending(connection, row.id, "one", NOW), "nothing was claimed"
        assert outbox.mark_sending(connection, row.id, "one", NOW, alone=True)
        assert not outbox.mark_sending(connection, row.id, "two", NOW, alone=True)
        assert outbox.claim_due(connection, "two", NOW, 10, alone=True) == []


@pytest.mark.parametrize("status", OutboxStatus)
@pytest.mark.parametrize(
    ("holder", "alone", "free"),
    [
        ("", True, True),
        ("", False, False),
        ("one", True, True),
        ("one", False, True),
        ("two", True, False),
        ("two", False, False),
    ],
)
def test_only_what_is_under_way_and_held_by_nobody_else_is_offered(
    engine: Engine, status: OutboxStatus, holder: str, alone: bool, free: bool
) -> None:
    under_way = status in (OutboxStatus.PENDING, OutboxStatus.SENDING, OutboxStatus.UNKNOWN)
    with engine.begin() as connection:
        (mail, other) = (outbox.queue(connection, [queued(key)], NOW)[key] for key in ("k", "bystander"))
        connection.execute(update(outbox_table).values(status=status.value, claimed_by=holder))
        assert outbox.mark_sending(connection, mail, "one", NOW, alone=alone) is (free and under_way)
        tries = [outbox.attempts_of(connection, one) for one in (mail, other)]
        assert tries == [int(free and under_way), 0]


def test_large_mails_are_taken_a_few_at_a_time(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "CLAIM_BYTES", 2 * len(b"mail k0") + 1)
    with engine.begin() as connection:
        for number in range(5):
            put(connection, queued(f"k{number}"))
        assert [len(outbox.claim_due(connection, each, NOW, 10)) for each in ("one", "two", "three")] == [3, 2, 0]


def test_a_mail_whose_sender_died_twice_is_not_sent_a_third_time(engine: Engine) -> None:
    with engine.begin() as connection:
        outbox_id = put(connection, queued("k"))
        assert outbox_id is not None
        for _ in range(2):
            (row,) = outbox.claim_due(connection, "one", NOW, 10)
            assert bytes(row.bytes) == b"mail k"
            assert outbox.mark_sending(connection, outbox_id, "one", NOW)
            assert outbox.interrupted_twice(connection) == []
            assert outbox.release_claims(connection) == 1
        assert outbox.claim_due(connection, "one", NOW + timedelta(days=30), 10) == []
        assert outbox.interrupted_twice(connection) == [outbox_id]
        assert outbox.interrupted_twice(connection) == [], "told once"
        assert outbox.counts_by_status(connection) == {"unknown": 1}


def test_what_a_server_said_in_between_makes_an_interruption_the_first_again(engine: Engine) -> None:
    with engine.begin() as connection:
        outbox_id = put(connection, queued("k"))
        assert outbox_id is not None
        now = NOW
        for _ in range(3):
            assert len(outbox.claim_due(connection, "one", now, 10)) == 1
            assert outbox.mark_sending(connection, outbox_id, "one", now)
            outbox.release_claims(connection)
            assert len(outbox.claim_due(connection, "one", now, 10)) == 1
            assert outbox.mark_sending(connection, outbox_id, "one", now)
            assert outbox.mark_retry(connection, outbox_id, 451, "later", now)
            now += timedelta(hours=5)


def test_temporary_failures_end_after_five_days(engine: Engine) -> None:
    with engine.begin() as connection:
        outbox_id = put(connection, queued("k"))
        assert outbox_id is not None
        assert outbox.mark_retry(connection, outbox_id, 451, "later", NOW + timedelta(days=4))
        assert not outbox.mark_retry(connection, outbox_id, 451, "later", NOW + timedelta(days=6))
        assert outbox.counts_by_status(connection) == {"failed": 1}


def test_unknown_goes_out_once_more_and_not_a_third_time(engine: Engine) -> None:
    now = NOW
    with engine.begin() as connection:
        outbox_id = put(connection, queued("k"))
        assert outbox_id is not None
        for _ in range(2):
            (row,) = outbox.claim_due(connection, "one", now, 10)
            assert bytes(row.bytes) == b"mail k"
            outbox.mark_sending(connection, outbox_id, "one", now)
            outbox.mark_unknown(connection, outbox_id, 0, "reset", now)
            now += outbox.UNKNOWN_WAIT
        assert outbox.claim_due(connection, "one", now + timedelta(days=30), 10) == []


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("UPDATE journal SET why = 'other' WHERE seq = 2", "entry 2 was changed"),
        ("DELETE FROM journal WHERE seq = 2", "entry 2 is missing"),
        ("UPDATE journal SET previous = 'x' WHERE seq = 3", "entry 3 does not follow"),
    ],
)
def test_journal_shows_where_it_was_tampered_with(engine: Engine, damage: str, what: str) -> None:
    with engine.begin() as connection:
        for number in range(4):
            journal.append(connection, Entry("act", f"why {number}", data={"n": number, "text": "đ"}), NOW)
    with engine.begin() as connection:
        assert journal.broken_link(connection) is None
        connection.execute(text(damage))
        broken = journal.broken_link(connection)
    assert broken is not None
    assert what in broken.what


def test_journal_refuses_two_entries_of_one_number(engine: Engine) -> None:
    with engine.begin() as connection:
        journal.append(connection, Entry("act"), NOW)
        row = connection.execute(select(journal_table)).one()._mapping
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(journal_table.insert().values(**{**row, "hash": "other"}))


def test_conservation_notices_a_mail_without_a_fate(engine: Engine) -> None:
    with engine.begin() as connection:
        ledger.store(connection, "box", 7, [Arrived(1, b"Subject: a\r\n\r\nb", NOW)], NOW)
        assert conservation.conservation_faults(connection) == []
        connection.execute(update(raw_mail).values(status="done"))
        assert conservation.conservation_faults(connection) == ["1 decided mails have no fate"]


@pytest.mark.parametrize(
    ("table", "column"),
    [("journal", "question_id"), ("journal", "raw_mail_id"), ("duty", "session_id"), ("question", "session_id")],
)
def test_rows_without_a_reference_are_left_out_of_its_index(tmp_path: Path, table: str, column: str) -> None:
    lay_schema(f"sqlite:///{tmp_path}/x.db")
    engine = open_engine(f"sqlite:///{tmp_path}/x.db")
    with engine.begin() as connection:
        plan = f"EXPLAIN QUERY PLAN SELECT * FROM {table} WHERE {column} = :wanted"
        steps = [row.detail for row in connection.execute(text(plan), {"wanted": 1})]
        made = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": f"ix_{table}_{column}"}
        )
        assert made.scalar_one().endswith(f"WHERE {column} IS NOT NULL")
    assert steps == [f"SEARCH {table} USING INDEX ix_{table}_{column} ({column}=?)"]
    engine.dispose()


def test_askers_are_found_by_an_index_whatever_the_case_of_their_address(tmp_path: Path) -> None:
    lay_schema(f"sqlite:///{tmp_path}/x.db")
    engine = open_engine(f"sqlite:///{tmp_path}/x.db")
    asked: list[tuple[str, object]] = []
    with engine.begin() as connection:
        event.listen(engine, "before_cursor_execute", lambda _c, _u, said, given, *_: asked.append((said, given)))
    with engine.begin() as connection:
        questions.incomplete_of(connection, "an@dan.test")
        questions.of_sender(connection, "an@dan.test", NOW, 9)
        personal_data.to_erase(connection, "an@dan.test")
        for statement, given in [one for one in asked if "FROM question" in one[0]]:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()  # type: ignore[arg-type]
            found = [row.detail for row in plan if row.detail.startswith(("SEARCH question", "SCAN question"))]
            ways = {step.removeprefix("SEARCH question USING INDEX ") for step in found}
            assert "ix_question_asker_email (<expr>=?)" in ways, plan
            assert ways <= {"ix_question_asker_email (<expr>=?)", "sqlite_autoindex_question_2 (raw_mail_id=?)"}, plan
    engine.dispose()


def test_the_index_of_mails_out_has_none_that_was_sent_and_every_look_for_the_others_uses_it(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/x.db")
    upgrade(engine)
    asked: list[tuple[str, object]] = []
    with engine.begin() as connection:
        event.listen(engine, "before_cursor_execute", lambda _c, _u, said, given, *_: asked.append((said, given)))
    with engine.begin() as connection:
        outbox.claim_due(connection, "me", NOW, 10)
        outbox.interrupted_twice(connection)
        free_claims_of_the_dead(connection, "me")
        figures.figures(connection, NOW)
        for statement, given in [one for one in asked if "FROM outbox" in one[0] or "UPDATE outbox" in one[0]]:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()  # type: ignore[arg-type]
            assert not any(row.detail == "SCAN outbox" for row in plan), statement
        asked.clear()
        outbox.counts_by_status(connection)
        for statement, given in asked[:2]:  # no row is read, not even of a recalled mail
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all()  # type: ignore[arg-type]
            assert all("COVERING INDEX" in row.detail for row in plan if "outbox" in row.detail), plan
    engine.dispose()


def test_mails_out_are_counted_by_their_state(engine: Engine) -> None:
    with engine.begin() as connection:
        for place, code in enumerate((250, 250, 550, 0, 0)):
            mail = put(connection, queued(str(place)))
            assert mail is not None
            if code:
                outbox.mark_sending(connection, mail, "me", NOW, alone=True)
            if code == 250:
                outbox.mark_sent(connection, mail, code, "", NOW)
            if code == 550:
                outbox.mark_failed(connection, mail, code, "")
        connection.execute(update(outbox_table).where(outbox_table.c.key == "4").values(status="recalled"))
        assert outbox.counts_by_status(connection) == {"sent": 2, "failed": 1, "pending": 1, "recalled": 1}
