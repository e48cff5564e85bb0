"""The service looks after itself: figures, alarms by a second path, rules read again, a pilot, retention."""

import base64
import contextlib
import dataclasses
import json
import os
import signal
import socket
import stat
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import update

from daemon.base import clock
from daemon.base.errors import ConfigurationError
from daemon.commands import status
from daemon.commands.run import Daemon
from daemon.config.config import Config
from daemon.config.database import transaction
from daemon.config.sections import MetricsSettings
from daemon.demo.servers import EmbeddedServers
from daemon.monitoring.alarms import Bell
from daemon.monitoring.metrics import Metrics
from daemon.monitoring.troubles import Trouble, certificates, of_calendar, of_files, token_seconds_left, troubles
from daemon.monitoring.watch import Watch, claim_for_mode, reloaded
from daemon.monitoring.watch import tested as withstood
from db.core.tables import outbox, question, raw_mail
from db.register import search
from db.reports import personal_data
from db.reports import personal_data as retention
from db.reports.figures import Figures, figures
from rules.law.legal_dates import load_retention
from rules.values.data_file import DataFileError, Source
from tests.dose import each_third
from tests.installation import MAILBOX, OFFICER, LiveInstallation, answer_to, letter
from tests.servers.faulty_smtp import FaultySmtp
from tests.servers.process import free_ports
from tests.servers.tls import Certificate, ThrowAwayAuthority
from tests.support.ringing import ringing, rung

CITIZEN = "lan@dan.test"
ROAD = "Ngã tư trước cổng nhà máy nước có nắp cống bị vỡ đã gần một tháng. Đơn vị nào thay nắp cống, bao giờ thay?\n"
SIGNED = ROAD + "Nguyễn Thị Lan\nSố 41 phố Cầu Đất, phường Gia Viên, TP Hải Phòng\n0912 000 101\n"


def installed(tmp_path: Path, servers: EmbeddedServers, extra: str = "") -> LiveInstallation:
    return LiveInstallation(tmp_path / "house", servers.imap_port, servers.smtp_port, extra=extra)


def wrong(house: LiveInstallation, config: Config | None = None, **figures: Any) -> list[Trouble]:
    """What is told of the house now, with another configuration or some figures replaced."""
    calendar = house.installation.board.law.calendar
    looked = dataclasses.replace(seen(house), **figures)
    return list(troubles(config or house.config, looked, calendar, house.clock()))


def seen(house: LiveInstallation) -> Figures:
    with transaction(house.engine) as connection:
        return figures(connection, house.clock())


@pytest.fixture
def house(tmp_path: Path, servers: EmbeddedServers) -> Iterator[LiveInstallation]:
    made = installed(tmp_path, servers, ringing(tmp_path))
    yield made
    made.close()


def test_each_trouble_is_told_once_a_day_by_the_command(tmp_path: Path, house: LiveInstallation) -> None:
    watch = Watch(house.engine, Metrics(MetricsSettings()))
    watch.look(house.installation)
    watch.look(house.installation)
    assert [line for line in rung(tmp_path) if line.startswith("poll")] == [
        "poll: Cảnh báo: chưa đọc được hộp thư lần nào"
    ]
    house.clock.forward(days=1)
    watch.look(house.installation)
    assert sum(line.startswith("poll") for line in rung(tmp_path)) == 2


def test_a_mailbox_that_was_read_is_no_trouble(house: LiveInstallation) -> None:
    house.run()
    assert "poll" not in [one.key for one in wrong(house)]
    house.clock.forward(minutes=16)
    assert "poll" in [one.key for one in wrong(house)]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"oldest_unsent": 3601.0}, "outbox"),
        ({"mails": {"quarantined": 1}}, "quarantine"),
        ({"server_ahead": 121.0}, "clock"),
    ],
)
def test_every_figure_out_of_bounds_is_told(house: LiveInstallation, change: dict[str, Any], key: str) -> None:
    house.run()
    told = [*(one.key for one in wrong(house)), key]
    told.sort(key=["poll", "outbox", "quarantine", "calendar:2026", "clock", "disk"].index)
    assert [one.key for one in wrong(house, **change)] == told


def test_next_years_calendar_is_asked_for_in_december(house: LiveInstallation) -> None:
    house.clock.forward(days=75)
    assert any(one.key == "calendar:2027" and "2027" in one.text for one in wrong(house))


def test_the_days_off_of_two_years_are_two_troubles(house: LiveInstallation) -> None:
    """One key was rung once a day, so that of two the second was told on no day."""
    years = {one.key for one in of_calendar(date(2027, 12, 6), house.installation.board.law.calendar)}
    assert {"calendar:2027", "calendar:2028"} <= years <= {*of_files(date(2027, 12, 6))}


def test_a_full_disk_is_told(house: LiveInstallation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"total": 100, "free": 9})())
    assert "disk" in [one.key for one in wrong(house)]


def test_an_alarm_that_could_not_be_told_is_told_again(tmp_path: Path, servers: EmbeddedServers) -> None:
    house = installed(tmp_path, servers, '[alarm]\ncommand = ["/no/such/program"]\n')
    found = wrong(house)
    bell = Bell(house.engine)
    assert not bell.ring(house.installation, found, (), house.clock())
    assert not bell.ring(house.installation, found, (), house.clock())
    house.close()


def test_alarms_leave_by_a_second_server(tmp_path: Path, servers: EmbeddedServers) -> None:
    with EmbeddedServers({}) as second:
        extra = f"""[alarm.smtp]
host = "127.0.0.1"
port = {second.smtp_port}
tls = "none"
sender = "daemon@other.test"
to = ["admin@other.test"]
"""
        house = installed(tmp_path, servers, extra)
        found = wrong(house)
        assert Bell(house.engine).ring(house.installation, found, (), house.clock())[0].key == "poll"
        assert "admin@other.test" in second.sent[0].recipients
        assert not servers.sent
        house.close()


class TlsServer:
    """Shows a certificate to whoever asks, and says nothing."""

    def __init__(self, certificate: Certificate) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        self._context = certificate.server_context()
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            plain, _ = self._listening.accept()
            with plain, self._context.wrap_socket(plain, server_side=True) as line:
                line.recv(1)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()


@pytest.mark.parametrize(("days", "told"), [(5, "127.0.0.1: the certificate ends in 5 days"), (30, "")])
def test_a_certificate_that_ends_soon_is_told(tmp_path: Path, house: LiveInstallation, days: int, told: str) -> None:
    certificate = ThrowAwayAuthority(tmp_path).good()
    server = TlsServer(certificate)
    imap = house.config.imap.model_copy(
        update={"tls": "implicit", "port": server.port, "ca_file": certificate.ca_file}
    )
    config = house.config.model_copy(update={"imap": imap})
    try:
        now = datetime.now(UTC) + timedelta(days=30 - days)  # the certificate is good for thirty days
        assert [one.text if one else "" for one in certificates(config, now).values()] == [told]
    finally:
        server.close()


def test_a_certificate_behind_starttls_is_told(tmp_path: Path, house: LiveInstallation) -> None:
    certificate = ThrowAwayAuthority(tmp_path).good()
    with FaultySmtp(tls="starttls", context=certificate.server_context()) as server:
        smtp = house.config.smtp.model_copy(
            update={"tls": "starttls", "port": server.port, "ca_file": certificate.ca_file}
        )
        config = house.config.model_copy(update={"smtp": smtp})
        now = datetime.now(UTC)
        assert certificates(config, now) == {"certificate:smtp": None}
        (ends,) = certificates(config, now + timedelta(days=25)).values()
        assert ends is not None
        assert ends.text.endswith("ends in 5 days")


@pytest.mark.parametrize(("left", "told"), [(-60, "token has expired"), (600, "ends in 10 minutes"), (3600, "")])
def test_a_token_that_ends_is_told(tmp_path: Path, house: LiveInstallation, left: int, told: str) -> None:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": house.clock().timestamp() + left}).encode()).decode()
    token = tmp_path / "token"
    token.write_text(f"e30.{claims.rstrip('=')}.x")
    token.chmod(0o600)
    imap = house.config.imap.model_copy(update={"auth": "xoauth2", "password_file": token})
    config = house.config.model_copy(update={"imap": imap})
    texts = [one.text for one in wrong(house, config) if one.key == "token:imap"]
    assert [told in text for text in texts] == ([True] if told else [])


def test_a_token_tells_its_own_end(house: LiveInstallation) -> None:
    end = house.clock().timestamp() + 60
    claims = base64.urlsafe_b64encode(json.dumps({"exp": end}).encode()).decode().rstrip("=")
    assert token_seconds_left(f"e30.{claims}.x", house.clock()) == 60
    assert token_seconds_left("opaque", house.clock()) is None
    assert token_seconds_left("a.!!!.c", house.clock()) is None


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]"])
def test_metrics_tell_the_figures_and_nothing_of_a_person(
    tmp_path: Path, house: LiveInstallation, servers: EmbeddedServers, caplog: pytest.LogCaptureFixture, host: str
) -> None:
    caplog.set_level("INFO", logger="doithoai")
    servers.deliver(MAILBOX, letter(CITIZEN, SIGNED), house.clock())
    (port,) = free_ports(1)
    metrics = Metrics(MetricsSettings(file=tmp_path / "doithoai.prom", listen=f"{host}:{port}"))
    before = os.umask(0o077)  # as in service.unit
    try:
        house.run()
        Watch(house.engine, metrics).look(house.installation)
        page = urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=5).read().decode()
        assert urllib.request.urlopen(f"http://{host}:{port}/health", timeout=5).status == 200
        assert 'doithoai_mails{state="done"} 1.0' in page or 'doithoai_mails{state="held"} 1.0' in page
        assert 'event="decided"' in page
        assert CITIZEN not in page
        assert "Lan" not in page
        assert (tmp_path / "doithoai.prom").read_text("utf-8").count("doithoai_") > 5
        assert stat.S_IMODE((tmp_path / "doithoai.prom").stat().st_mode) == 0o644, "the exporter has another account"
        house.clock.forward(hours=1)
        Watch(house.engine, metrics).look(house.installation)
        with pytest.raises(urllib.error.HTTPError, match="503"):
            urllib.request.urlopen(f"http://{host}:{port}/health", timeout=5)
    finally:
        os.umask(before)
        metrics.close()


def test_stats_tells_figures(house: LiveInstallation, capsys: pytest.CaptureFixture[str]) -> None:
    house.run()
    assert house.command("stats") == 0
    assert "last look into the mailbox:" in capsys.readouterr().out
    assert house.command("stats", "--json") == 0
    assert json.loads(capsys.readouterr().out)["since_poll"] is not None


def test_status_is_one_look_and_ends_with_1_where_something_is_wrong(
    house: LiveInstallation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert house.command("status") == 1, "nothing has run yet"
    assert "WRONG  poll: the mailbox has not been read yet" in capsys.readouterr().out
    house.run()
    look = dataclasses.replace(seen(house), since_poll=5.0, since_pass=5.0)
    calm = status.lines(dict(status.seen(look)), [])
    assert list(calm)[1:3] == ["last pass:    5 s ago", "mailbox read: 5 s ago"]
    house.command("status", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["figures"]["duties_late"] == 0
    assert {one["key"].partition(":")[0] for one in told["wrong"]} <= {"poll", "calendar", "disk"}


def test_a_clock_that_was_set_back_does_not_hide_a_stopped_daemon(
    house: LiveInstallation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last pass lies in the future then: nobody can tell how long ago it was, and the clock is the trouble."""
    house.run()
    now = house.clock.at
    for back, wrong in ((timedelta(minutes=1), False), (timedelta(days=3), True)):
        monkeypatch.setattr(clock, "now", lambda at=now - back: at)
        house.command("status")
        told = capsys.readouterr().out
        assert ("WRONG  clock: " in told) == wrong, told
    assert (
        "WRONG  clock: the last look into the mailbox is 4320 minutes ahead of this clock, which was set back" in told
    )
    assert "last pass:    4320 min ahead of this machine's clock" in told
    assert "nothing is wrong" not in told


def test_reload_takes_the_new_file_or_keeps_all(house: LiveInstallation, caplog: pytest.LogCaptureFixture) -> None:
    text = house.file.read_text("utf-8")
    house.file.write_text(text.replace("0225 3000 000", "0225 3111 111"), "utf-8")
    fresh = reloaded(house.file, house.installation)
    assert fresh.config.board.phone == "0225 3111 111"
    house.file.write_text(text + "\n[nonsense]\n", "utf-8")
    with caplog.at_level("ERROR", logger="doithoai"):
        assert reloaded(house.file, fresh) is fresh
    assert [record.getMessage() for record in caplog.records] == ["reload_refused"]


def test_a_broken_rule_file_keeps_the_old_rules(tmp_path: Path, servers: EmbeddedServers) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    house = installed(tmp_path, servers, f'[rules]\nfolder = "{rules}"\n')
    (rules / "routing").mkdir()
    (rules / "routing" / "sxd.toml").write_text("nonsense [", "utf-8")
    assert reloaded(house.file, house.installation) is house.installation
    house.close()


def test_hang_up_asks_for_a_reload_and_wakes_the_loop(house: LiveInstallation) -> None:
    house.close()
    daemon = Daemon(house.config, house.database_url, house.file)
    daemon._hang_up(signal.SIGHUP, None)
    assert daemon._wake()
    before = daemon.service.installation
    daemon._reload()
    assert daemon.service.installation is not before
    assert not daemon._wake()
    daemon.watch.metrics.close()
    daemon.engine.dispose()


def test_no_fault_of_a_pass_ends_the_daemon(house: LiveInstallation, monkeypatch: pytest.MonkeyPatch) -> None:
    house.close()
    daemon = Daemon(house.config, house.database_url, house.file)
    passes: list[str] = []

    def arrives(_seconds: float) -> bool:
        daemon.stop_wanted = len(passes) > 2
        return True

    def fails() -> None:
        passes.append("pass")
        raise PermissionError

    monkeypatch.setattr(daemon, "_wait", arrives)
    monkeypatch.setattr(daemon, "_pass", fails)
    assert daemon._for_ever() == 0
    assert len(passes) > 2
    daemon.watch.metrics.close()
    daemon.engine.dispose()


def test_shadow_reads_and_decides_but_sends_and_moves_nothing(tmp_path: Path, servers: EmbeddedServers) -> None:
    house = installed(tmp_path, servers, "[run]\nshadow = true\n")
    claim_for_mode(house.engine, shadow=True)
    servers.deliver(MAILBOX, letter(CITIZEN, SIGNED), house.clock())
    for _ in range(2):
        assert not house.run().problems
    house.service.send_round()
    assert len(house.mails) == 1
    assert house.sent
    assert {row["status"] for row in house.sent} == {"pending"}
    assert not servers.sent
    assert len(servers.mails(MAILBOX, "INBOX")) == 1
    assert not set(house.config.imap.folders.names()) & set(servers.folders(MAILBOX))
    claim_for_mode(house.engine, shadow=True)
    house.close()


def test_a_pilots_database_never_becomes_the_real_one(house: LiveInstallation) -> None:
    claim_for_mode(house.engine, shadow=True)
    claim_for_mode(house.engine, shadow=True)
    with pytest.raises(ConfigurationError, match="a database each"):
        claim_for_mode(house.engine, shadow=False)


def test_a_real_database_is_no_pilots(house: LiveInstallation) -> None:
    house.run()
    with pytest.raises(ConfigurationError, match="a database each"):
        claim_for_mode(house.engine, shadow=True)


def closed_question(house: LiveInstallation, servers: EmbeddedServers) -> str:
    """One question that somebody asked and that is closed."""
    servers.deliver(MAILBOX, letter(CITIZEN, SIGNED), house.clock())
    house.run()
    with transaction(house.engine) as connection:
        connection.execute(update(question).values(status="closed", answered_at=house.clock()))
    return str(house.questions[0]["code"])


def test_what_was_kept_long_enough_leaves_a_tombstone(house: LiveInstallation, servers: EmbeddedServers) -> None:
    code = closed_question(house, servers)
    with transaction(house.engine) as connection:
        before = house.clock() + timedelta(days=1)
        ids = retention.questions_kept_since(connection, ["closed"], before)
        assert not retention.questions_kept_since(connection, ["closed"], house.clock() - timedelta(days=1))
        assert retention.erase_questions(connection, ids, "x", "operator", house.clock()) == 1
        assert not retention.questions_kept_since(connection, ["closed"], before)
    assert house.questions[0]["code"] == code
    everything = repr((house.questions, house.mails, house.sent))
    for personal in ("Thị Lan", CITIZEN, "0912 000 101", "912000101"):  # whole: a digest may hold "0912"
        assert personal not in everything
    assert not [fault for fault in house.faults() if "mail" in fault or "entry" in fault or "number" in fault]


def test_retention_shows_first_and_then_erases(
    house: LiveInstallation, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    closed_question(house, servers)
    with transaction(house.engine) as connection:
        connection.execute(update(question).values(answered_at=house.clock() - timedelta(days=3800)))
    assert house.command("retention") == 0
    assert "answered: 1 questions and 0 mails to erase" in capsys.readouterr().out
    assert house.questions[0]["asker_email"] == CITIZEN
    assert house.command("retention", "--apply") == 0
    assert house.questions[0]["asker_email"] == ""
    assert house.command("retention", "--apply") == 0
    assert "answered: 0 questions" in capsys.readouterr().out.splitlines()[-1]


def test_what_was_erased_before_the_command_was_interrupted_stays_erased(
    house: LiveInstallation, servers: EmbeddedServers, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.deliver(MAILBOX, letter("ba@dan.test", SIGNED.replace("Thị Lan", "Thị Ba")), house.clock())
    closed_question(house, servers)
    with transaction(house.engine) as connection:
        connection.execute(update(question).values(answered_at=house.clock() - timedelta(days=3800)))
    really, calls = retention.erase_questions, count(1)

    def interrupted(*facts: Any) -> int:
        if next(calls) == 2:
            raise KeyboardInterrupt
        return really(*facts)

    monkeypatch.setattr(retention, "PORTION", 1)
    monkeypatch.setattr(retention, "erase_questions", interrupted)
    assert house.command("retention", "--apply") == 130
    assert [row["asker_email"] for row in house.questions] == ["", CITIZEN]
    assert house.command("retention", "--apply") == 0
    assert [row["asker_email"] for row in house.questions] == ["", ""]
    assert not [fault for fault in house.faults() if "entry" in fault]


def test_a_person_gets_a_copy_and_is_erased_but_not_while_worked_on(
    house: LiveInstallation, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    servers.deliver(MAILBOX, letter(CITIZEN, SIGNED), house.clock())
    house.run()
    assert house.command("person", "export", CITIZEN.upper()) == 0
    assert "nắp cống" in json.loads(capsys.readouterr().out)["questions"][0]["content"]
    assert house.command("person", "erase", CITIZEN, "--apply") == 1
    assert "still worked on" in capsys.readouterr().out
    with transaction(house.engine) as connection:
        connection.execute(update(question).values(status="closed", asker_formerly="Trần Thị Lan"))
    assert house.command("person", "erase", CITIZEN, "--apply") == 0
    with transaction(house.engine) as connection:
        assert not personal_data.export(connection, CITIZEN)["questions"]
    assert "Lan" not in repr(house.questions)


@pytest.mark.parametrize("part", [("export",), ("erase",), ("erase", "--apply")])
@each_third(("typed", "status"), [("", 2), (" ", 2), ("An <an@dan.test>", 2), ("dan.test", 2), ("khong@dan.test", 1)])
def test_nobody_is_meant_by_what_is_no_address_and_who_is_unknown_is_told(
    house: LiveInstallation, servers: EmbeddedServers, part: tuple[str, ...], typed: str, status: int
) -> None:
    """Who asked by telephone has no address in the register: "" would be his."""
    servers.deliver(MAILBOX, letter(CITIZEN, SIGNED), house.clock())
    house.run()
    with transaction(house.engine) as connection:
        connection.execute(update(question).values(status="closed", asker_email=""))
    try:
        ended: object = house.command("person", part[0], typed, *part[1:])
    except SystemExit as wrong:  # as argparse ends
        ended = wrong.code
    assert ended == status
    assert "Lan" in repr(house.questions)


def test_an_address_with_blanks_around_it_is_the_address(house: LiveInstallation, servers: EmbeddedServers) -> None:
    servers.deliver(MAILBOX, letter(CITIZEN, SIGNED), house.clock())
    house.run()
    assert house.command("person", "export", f" {CITIZEN} ") == 0


def test_what_officers_were_written_of_a_letter_before_its_number_is_erased_with_it(
    house: LiveInstallation, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    """The review and the officer's order quote the whole letter; the order has a class of its own."""
    listed = {"List-Id": "<dan-pho.dan.test>", "Precedence": "list"}
    theirs = letter(CITIZEN, SIGNED.replace("Thị Lan", "Thị Quyxtuoc"), headers=listed)
    servers.deliver(MAILBOX, theirs, house.clock())
    servers.deliver(MAILBOX, letter("ba@dan.test", SIGNED.replace("Thị Lan", "Thị Ba")), house.clock())
    house.run(2)
    assert house.command("person", "erase", CITIZEN) == 1
    assert "mail 1: waits for an officer, not erased" in capsys.readouterr().out
    (review,) = house.sent_with(raw_mail_id=1, role="officer")
    assert review["question_id"] is None
    servers.deliver(MAILBOX, answer_to(bytes(review["bytes"]), OFFICER, "Chuyển SXD"), house.clock())
    house.run(2)
    with transaction(house.engine) as connection:
        connection.execute(update(question).where(question.c.asker_email == CITIZEN).values(status="closed"))
    assert house.command("person", "erase", CITIZEN, "--apply") == 0
    assert "1 questions and 0 mails erased" in capsys.readouterr().out
    (erased,) = house.sent_with(id=review["id"])
    assert (erased["bytes"], erased["recipient"], erased["name"]) == (b"", "", review["name"])
    (order,) = [row for row in house.mails if row["kind"] == "command"]
    assert order["from_email"] == OFFICER
    with transaction(house.engine) as connection:
        connection.execute(update(raw_mail).values(stored_at=house.clock() - timedelta(days=400)))
        old = {"created_at": house.clock() - timedelta(days=400)}
        connection.execute(update(outbox).where(outbox.c.question_id.is_(None)).values(**old))
    assert house.command("retention", "--apply") == 0
    assert "orders: 0 questions and 1 mails erased" in capsys.readouterr().out
    assert [word for word in ("Quyxtuoc", CITIZEN) if in_the_file(house, word)] == []
    assert in_the_file(house, "ba@dan.test"), "who asked as well is there still"


def test_what_was_erased_is_in_no_byte_of_the_database(
    house: LiveInstallation, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("Quyxtuoc", "0912000101", "0912 000 101", CITIZEN)
    servers.deliver(MAILBOX, letter(CITIZEN, SIGNED.replace("Thị Lan", "Thị Quyxtuoc")), house.clock())
    servers.deliver(MAILBOX, letter("ba@dan.test", SIGNED.replace("Thị Lan", "Thị Ba")), house.clock())
    house.run()
    with transaction(house.engine) as connection:
        search.prepare(connection)
        connection.execute(update(question).values(status="closed"))
        search.renew(connection, 1)  # as an answer does
    assert in_the_file(house, "quyxtuoc"), "the search index has it"
    assert house.command("person", "erase", CITIZEN, "--apply") == 0
    assert [word for word in words if in_the_file(house, word)] == ["0912000101", "0912 000 101"], "another's number"
    assert house.command("person", "erase", "ba@dan.test", "--apply") == 0
    assert [word for word in (*words, "nắp cống") if in_the_file(house, word)] == []
    with transaction(house.engine) as connection:
        assert search.find(connection, "quyxtuoc") == search.find(connection, "nap cong") == []
    assert house.command("backup", str(house.folder / "copy.db")) == 0, "SQLite calls the index malformed"


def test_an_index_that_an_earlier_release_left_malformed_is_made_anew(
    house: LiveInstallation, servers: EmbeddedServers, capsys: pytest.CaptureFixture[str]
) -> None:
    servers.deliver(MAILBOX, letter(CITIZEN, SIGNED), house.clock())
    house.run()
    with transaction(house.engine) as connection:
        search.prepare(connection)
        search.renew(connection, 1)
        connection.exec_driver_sql(f"INSERT INTO {search.INDEX} ({search.INDEX}, rank) VALUES ('secure-delete', 1)")
        search.renew(connection, 1)
    assert house.command("backup", str(house.folder / "before.db")) == 1
    assert "malformed" in capsys.readouterr().err
    with transaction(house.engine) as connection:
        search.prepare(connection)
        assert search.find(connection, "nap cong") == [1]
    assert house.command("backup", str(house.folder / "after.db")) == 0


def in_the_file(house: LiveInstallation, word: str) -> bool:
    """True when the database file has the word, in any case."""
    with house.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    content = (house.folder / "doithoai.db").read_bytes()
    return word.lower().encode() in content.lower() or word.encode() in content


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[a]\ndays = 0\n", "days"),
        ('[a]\ndays = 5\nquestions = ["forwarded"]\n', "worked on"),
        ('[a]\ndays = 5\nmails = ["denunciation"]\n', "denunciations"),
        ("[a]\ndays = 5\nfoo = 1\n", "foo"),
        ("[a]\ndays = 5\nletters = 1\n", "letters"),
        ('[a]\ndays = 5\nmails = "spam"\n', "list of words"),
        ("[a]\ndays = 10000000000\nletters = true\n", "to 36525"),
    ],
)
def test_a_wrong_class_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "retention.toml").write_text(text, "utf-8")
    with pytest.raises(DataFileError, match=said):
        load_retention(Source(tmp_path))


def test_a_start_tries_the_operators_letters(house: LiveInstallation, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that ship are tried by ``check`` and at the first start; to try all at each costs half a second."""
    tried: list[object] = []

    def noted(composer: object) -> tuple[str, ...]:
        tried.append(composer)
        return ()

    monkeypatch.setattr("daemon.monitoring.watch.self_test", noted)
    withstood(house.installation)
    assert tried == []
    monkeypatch.setattr(house.installation.composer, "own", frozenset({"citizen_received.txt.j2"}))
    withstood(house.installation)
    assert tried == [house.installation.composer]
