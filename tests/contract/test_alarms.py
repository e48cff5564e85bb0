"""Alarms: each once a day until it is over, whatever else is broken; then the all-clear."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from sqlalchemy import text, update

from daemon.admin import check_local
from daemon.base import clock
from daemon.commands import status
from daemon.config.database import transaction
from daemon.config.sections import MetricsSettings, RunSettings
from daemon.demo.servers import EmbeddedServers
from daemon.letters.sample_values import ALARMS
from daemon.monitoring.alarms import Bell
from daemon.monitoring.metrics import Metrics
from daemon.monitoring.troubles import ENGLISH, Trouble, certificates, near_causes, overdue, troubles
from daemon.monitoring.watch import Watch
from db.core import journal
from db.core.engine import since_backup
from db.core.tables import outbox, raw_mail
from db.mails.ledger import Arrived, store
from db.reports.figures import figures
from rules.text import strip_marks
from tests.dose import each_third
from tests.installation import LiveInstallation, letter
from tests.servers.faulty_smtp import FaultySmtp
from tests.servers.process import free_ports
from tests.servers.tls import ThrowAwayAuthority
from tests.support.ringing import ringing, rung

NOBODY = 9  # a port of this machine on which nobody listens
ENDS = Trouble("certificate:imap", "certificate", {"host": "imap.test", "days": 3})


@pytest.fixture
def house(tmp_path: Path) -> Iterator[LiveInstallation]:
    made = LiveInstallation(tmp_path / "house", NOBODY, NOBODY, extra=ringing(tmp_path))
    yield made
    made.close()


def mail_waits(house: LiveInstallation, **values: object) -> None:
    """One mail in the outbox."""
    house.service.catch_up()
    now = house.clock()
    row = {
        "key": "k", "name": "citizen_received", "recipient": "lan@dan.test", "role": "citizen", "subject": "s",
        "message_id": "<m@x.test>", "envelope_from": "a@b.test", "status": "pending",
        "created_at": now, "next_attempt_at": now, **values,
    }  # fmt: skip
    with transaction(house.engine) as connection:
        connection.execute(outbox.insert().values(**row))


def unsent(house: LiveInstallation) -> float | None:
    with transaction(house.engine) as connection:
        return figures(connection, house.clock()).oldest_unsent


def test_a_mail_that_was_tried_waits_between_the_tries_too(house: LiveInstallation) -> None:
    """A server that cannot be reached: each try puts the next one off, and the look falls between them."""
    later = house.clock() + timedelta(minutes=61)
    mail_waits(house, next_attempt_at=later + timedelta(minutes=1), smtp_text="connect: refused")
    house.clock.forward(minutes=61)
    assert unsent(house) == 61 * 60


def test_a_mail_that_is_to_leave_later_waits_from_then_on(house: LiveInstallation) -> None:
    """This morning's overview, written yesterday evening, has not been waiting all night."""
    mail_waits(house, next_attempt_at=house.clock() + timedelta(hours=14))
    assert unsent(house) is None
    house.clock.forward(hours=14, seconds=5)
    assert unsent(house) == 5


def test_a_pilots_outbox_is_no_trouble(house: LiveInstallation) -> None:
    mail_waits(house)
    house.clock.forward(hours=3)
    with transaction(house.engine) as connection:
        found = figures(connection, house.clock())
    pilot = house.config.model_copy(update={"run": RunSettings(shadow=True)})
    calendar = house.installation.board.law.calendar
    assert "outbox" in [one.key for one in troubles(house.config, found, calendar, house.clock())]
    assert "outbox" not in [one.key for one in troubles(pilot, found, calendar, house.clock())]


def quarantined(house: LiveInstallation, number: int) -> None:
    """So many mails in quarantine, of two."""
    house.books_broken = "rows of the test's own"
    two = [Arrived(uid, letter(f"nguoi{uid}@dan.test", "?"), house.clock()) for uid in (1, 2)]
    with transaction(house.engine) as connection:
        store(connection, "m", 1, two, house.clock())
        connection.execute(update(raw_mail).values(status="done"))
        connection.execute(update(raw_mail).where(raw_mail.c.uid <= number).values(status="quarantined"))


def test_what_is_over_is_told_once_and_told_anew_when_it_comes_back(tmp_path: Path, house: LiveInstallation) -> None:
    watch = Watch(house.engine, Metrics(MetricsSettings()))

    def minutes(number: int) -> list[str]:
        for _ in range(number):
            house.clock.forward(minutes=1)
            watch.look(house.installation)
        return [line for line in rung(tmp_path) if line.startswith("quarantine")]

    quarantined(house, 1)
    assert len(minutes(30)) == 1
    quarantined(house, 0)
    assert len(minutes(5)) == 1, "it may be back at once"
    assert minutes(30)[1:] == ["quarantine: Đã hết sự cố: không còn thư cách ly"]
    quarantined(house, 2)
    assert [line.split(":")[1].split()[0] for line in minutes(30)] == ["Cảnh", "Đã", "Cảnh"]


def test_the_all_clear_comes_after_a_restart_too(tmp_path: Path, house: LiveInstallation) -> None:
    quarantined(house, 1)
    Watch(house.engine, Metrics(MetricsSettings())).look(house.installation)
    quarantined(house, 0)
    watch = Watch(house.engine, Metrics(MetricsSettings()))
    for _ in range(15):
        house.clock.forward(minutes=1)
        watch.look(house.installation)
    assert rung(tmp_path)[-1] == "quarantine: Đã hết sự cố: không còn thư cách ly"


def test_figures_that_cannot_be_written_down_keep_no_alarm_back(
    tmp_path: Path, house: LiveInstallation, caplog: pytest.LogCaptureFixture
) -> None:
    metrics = Metrics(MetricsSettings(file=tmp_path / "gone" / "doithoai.prom"))
    with caplog.at_level("ERROR", logger="doithoai"):
        Watch(house.engine, metrics).look(house.installation)
    metrics.close()
    assert rung(tmp_path)[0].startswith("poll: ")
    assert "textfile_failed" in [record.getMessage() for record in caplog.records]


def test_a_register_that_cannot_be_read_is_told_and_is_not_healthy(tmp_path: Path, house: LiveInstallation) -> None:
    (port,) = free_ports(1)
    metrics = Metrics(MetricsSettings(listen=f"127.0.0.1:{port}"))
    watch = Watch(house.engine, metrics)
    watch.look(house.installation)
    shutil.move(house.folder / "doithoai.db", tmp_path / "elsewhere")
    house.engine.dispose()
    (house.folder / "doithoai.db").mkdir()
    for _ in range(30):
        house.clock.forward(minutes=1)
        watch.look(house.installation)
    told = [line for line in rung(tmp_path) if line.startswith("database")]
    assert told == ["database: Cảnh báo: không đọc được sổ theo dõi 16 phút nay"], "once, though nothing notes it"
    assert not metrics.healthy
    metrics.close()
    (house.folder / "doithoai.db").rmdir()
    shutil.move(tmp_path / "elsewhere", house.folder / "doithoai.db")
    for _ in range(15):
        house.clock.forward(minutes=1)
        watch.look(house.installation)
    assert [line for line in rung(tmp_path) if line.startswith("database")][1:] == [
        "database: Đã hết sự cố: sổ theo dõi đã đọc được trở lại"
    ]


def test_a_trouble_that_cannot_be_noted_is_told_once_all_the_same(tmp_path: Path, house: LiveInstallation) -> None:
    """A full disk: what is read can be read, but nothing is written."""
    with house.engine.begin() as connection:
        connection.execute(
            text("CREATE TRIGGER full BEFORE INSERT ON state BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
        )
    watch = Watch(house.engine, Metrics(MetricsSettings()))
    for _ in range(5):
        house.clock.forward(minutes=1)
        watch.look(house.installation)
    assert sum(line.startswith("poll") for line in rung(tmp_path)) == 1
    with house.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER full"))


def test_a_token_file_that_is_gone_is_told_and_hides_nothing(tmp_path: Path, house: LiveInstallation) -> None:
    imap = house.config.imap.model_copy(update={"auth": "xoauth2", "password_file": tmp_path / "no-token"})
    config = house.config.model_copy(update={"imap": imap})
    keys = [one.key for one in near_causes(config, house.installation.board.law.calendar, house.clock())]
    assert keys == ["token:imap"]


def test_a_certificate_that_has_expired_is_told(tmp_path: Path, house: LiveInstallation) -> None:
    certificate = ThrowAwayAuthority(tmp_path).expired()
    with FaultySmtp(tls="starttls", context=certificate.server_context()) as server:
        smtp = house.config.smtp.model_copy(
            update={"tls": "starttls", "port": server.port, "ca_file": certificate.ca_file}
        )
        config = house.config.model_copy(update={"smtp": smtp})
        found = certificates(config, datetime.now(UTC))["certificate:smtp"]
        assert found is not None
        assert found.text == "127.0.0.1: the certificate has expired"


def test_a_certificate_that_could_not_be_told_is_told_a_minute_later(
    tmp_path: Path, house: LiveInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def ends(_config: object, _now: object, _alive: object) -> dict[str, Trouble]:
        asked.append(1)
        return {"certificate:imap": ENDS}

    monkeypatch.setattr("daemon.monitoring.watch.certificates", ends)
    dumb = house.config.alarm.model_copy(update={"command": ("/no/such/program",)})
    silent = replace(house.installation, config=house.config.model_copy(update={"alarm": dumb}))
    watch = Watch(house.engine, Metrics(MetricsSettings()))
    watch.look(silent)
    house.clock.forward(minutes=1)
    watch.look(house.installation)
    assert "certificate:imap: Cảnh báo: chứng thư của imap.test còn hạn 3 ngày" in rung(tmp_path)
    assert len(asked) == 1, "the servers are not asked every minute"


def test_a_renewed_certificate_is_told_within_the_hour(
    tmp_path: Path, house: LiveInstallation, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: dict[str, Trouble | None] = {"certificate:imap": ENDS}
    monkeypatch.setattr("daemon.monitoring.watch.certificates", lambda _config, _now, _alive: dict(left))
    watch = Watch(house.engine, Metrics(MetricsSettings()))
    watch.look(house.installation)
    left["certificate:imap"] = None
    for _ in range(75):
        house.clock.forward(minutes=1)
        watch.look(house.installation)
    assert "certificate:imap: Đã hết sự cố: chứng thư của máy chủ đã được gia hạn" in rung(tmp_path)


def test_of_several_daemons_one_tells(house: LiveInstallation) -> None:
    first, second = Bell(house.engine), Bell(house.engine)
    trouble = [Trouble("quarantine", "quarantine", {"number": 1})]
    assert not second.ring(house.installation, [], ("quarantine",), house.clock())
    assert first.ring(house.installation, trouble, (), house.clock())
    assert not second.ring(house.installation, trouble, (), house.clock())
    for one in (first, second):
        assert not one.ring(house.installation, [], ("quarantine",), house.clock())
    house.clock.forward(minutes=11)
    over = [one.ring(house.installation, [], ("quarantine",), house.clock()) for one in (first, second)]
    assert [len(told) for told in over] == [1, 0]


def test_a_silent_server_is_no_all_clear(house: LiveInstallation) -> None:
    bell = Bell(house.engine)
    assert bell.ring(house.installation, [ENDS], (), house.clock())
    house.clock.forward(minutes=30)
    assert not bell.ring(house.installation, [], ("poll",), house.clock())


def test_a_clock_that_is_set_back_does_not_keep_the_mailbox_shut(house: LiveInstallation) -> None:
    """The wait after a failure is counted on the clock; two hours back would make it two hours longer."""
    assert "waiting before the next try" not in str(house.run().problems)
    assert "waiting before the next try" in str(house.run().problems)
    house.clock.forward(hours=-2)
    assert "waiting before the next try" not in str(house.run().problems)


def test_an_old_backup_rings_and_a_new_one_ends_it(tmp_path: Path) -> None:
    house = LiveInstallation(tmp_path / "house", 9, 9)
    calendar = house.installation.board.law.calendar
    with transaction(house.engine) as connection:
        journal.append(connection, journal.Entry("test", "x"), house.clock())

    def rung(**since: float | None) -> str:
        with transaction(house.engine) as connection:
            found = replace(figures(connection, house.clock()), **since)  # type: ignore[arg-type]
        told = {one.key: one.text for one in troubles(house.config, found, calendar, house.clock())}
        return told.get("backup", "")

    assert rung(since_backup=None) == "", "a register of today needs none yet"
    house.clock.forward(hours=51)
    assert rung(since_backup=None).startswith("there is no backup, and the register is 51 hours old: journalctl")
    assert rung(since_backup=49 * 3600.0) == ""
    assert rung(since_backup=51 * 3600.0).startswith("the last backup is 51 hours old: ")
    note = house.folder / "last-backup"
    note.write_text("doithoai-2026.db\n")
    now = datetime.now(UTC)
    assert (since_backup(house.config.database.url, now + timedelta(hours=60)) or 0) > 59 * 3600
    os.utime(note, (now.timestamp() - 100, now.timestamp() - 100))
    assert 99 <= (since_backup(house.config.database.url, now) or 0) <= 102
    asked = house.config.model_copy(update={"alarm": house.config.alarm.model_copy(update={"backup_hours": 0})})
    assert list(overdue(asked, None, 1e9)) == []
    house.close()


KINDS = {str(values["kind"]): values["facts"] for _, values in ALARMS}
CODE = re.compile(r"doithoai(?: [\w-]+)+|journalctl .*|\{.*?\}|\[doithoai .*?\]|\S+\.test|OAuth")
"""Commands, names and facts, which are the same in every language."""


def english_words(said: str) -> set[str]:
    return set(re.findall(r"(?<![^\W\d_])[a-z]{3,}(?![^\W\d_])", CODE.sub(" ", said).lower()))


def test_every_kind_of_trouble_has_a_sample_for_the_self_test() -> None:
    assert ENGLISH.keys() == KINDS.keys()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, str, str]]:
    """Each kind: what the command is told, the mail's subject and its text."""
    folder = tmp_path_factory.mktemp("told")
    with EmbeddedServers({}) as second:
        way = f'[alarm.smtp]\nhost = "127.0.0.1"\nport = {second.smtp_port}\ntls = "none"\n'
        extra = f'{ringing(folder)}{way}sender = "daemon@other.test"\nto = ["canbo@haiphong.test"]\n'
        house = LiveInstallation(folder / "house", NOBODY, NOBODY, extra=extra)
        every = [Trouble(kind, kind, facts) for kind, facts in KINDS.items()]
        assert Bell(house.engine).ring(house.installation, every, (), house.clock()) == every
        house.close()
        mails = [message_from_bytes(one.raw, policy=default) for one in second.sent]
    lines = dict(line.split(": ", 1) for line in rung(folder))
    return {kind: (lines[kind], mail["Subject"], mail.get_content()) for kind, mail in zip(KINDS, mails, strict=True)}


@each_third("kind", KINDS)
def test_what_leaves_about_a_trouble_is_vietnamese(told: dict[str, tuple[str, str, str]], kind: str) -> None:
    """Officers may be among those who are told."""
    line, subject, text = told[kind]
    assert line.startswith("Đã hết sự cố: " if kind.endswith("_over") else "Cảnh báo: ")
    what = line.split(": ", 1)[1]
    assert strip_marks(what) != what, "it says something"
    assert subject == f"[doithoai {kind}] {line}"
    assert what in text
    for said in (line, subject, text):
        assert english_words(said) & english_words(ENGLISH[kind]) == set(), said
    for fact in KINDS[kind].values():
        assert str(fact) in line or kind == "token_unreadable" or str(fact).upper() in line, fact


@each_third("kind", KINDS)
def test_what_administrators_see_of_a_trouble_is_english(
    house: LiveInstallation, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    trouble = Trouble(kind.partition("_")[0], kind, KINDS[kind])
    with caplog.at_level("ERROR", logger="doithoai"):
        Bell(house.engine).ring(house.installation, [trouble], (), house.clock())
    (logged,) = [vars(one)["fields"]["text"] for one in caplog.records if one.getMessage() == "alarm"]
    shown = next(iter(status.lines({}, [trouble])))
    for said in (logged, shown, json.dumps(asdict(trouble))):
        assert said.isascii() or said.replace("…", "").isascii(), said
    assert shown == f"WRONG  {trouble.key}: {logged}"


def test_check_tells_of_the_calendar_in_english(house: LiveInstallation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 5, tzinfo=UTC))
    (warned,) = check_local.calendar(house.config)
    assert str(warned).startswith("warn calendar: the days off of 2027 are not confirmed")


def test_a_template_of_the_operators_that_fails_keeps_no_alarm_back(tmp_path: Path) -> None:
    own = tmp_path / "rules"
    own.mkdir()
    (own / "_alarm.txt.j2").write_text("{{ facts.of_another_trouble }}\n", encoding="utf-8")
    house = LiveInstallation(
        tmp_path / "house", NOBODY, NOBODY, extra=f'{ringing(tmp_path)}[rules]\nfolder = "{own}"\n'
    )
    assert Bell(house.engine).ring(house.installation, [ENDS], (), house.clock()) == [ENDS]
    assert rung(tmp_path) == [f"certificate:imap: {ENDS.text}"]
    house.close()
