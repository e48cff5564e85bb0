"""A server that refuses our sender, or wants less from us, stops the channel and uses up no mail."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.config.database import transaction
from daemon.monitoring.troubles import troubles
from daemon.smtp import connection
from daemon.smtp.sender import OutgoingMail, Sender, SendResult
from db.core.tables import outbox, outbox_content
from db.reports.figures import figures
from tests.installation import MAILBOX, LiveInstallation
from tests.servers.faulty_smtp import FaultySmtp
from tests.servers.smtp_settings import TestSettings

RAW = b"From: hop@vidu.test\r\nSubject: thu\r\n\r\nhet\r\n"
NOT_OWNED = "553 5.7.1 <hop+b@vidu.test>: Sender address rejected: not owned by user hop"
SPAM = "554 5.7.1 rejected by policy"


def sent(server: FaultySmtp, mails: list[OutgoingMail], **more: Any) -> list[SendResult]:
    results: list[SendResult] = []
    settings = TestSettings(server.port, **({"timeout_seconds": 1.0} | more))
    asyncio.run(Sender(settings).send_all(mails, results.append))
    return sorted(results, key=lambda one: one.id)


def mails(number: int, bare: str = "") -> list[OutgoingMail]:
    each = range(1, number + 1)
    return [OutgoingMail(n, f"hop+b.{n}@vidu.test", f"nguoi{n}@vidu.test", RAW, bare) for n in each]


@pytest.mark.parametrize(
    ("phase", "reply", "tried"),
    [("rcpt", NOT_OWNED, 2), ("dot", "550 5.7.60 SMTP; Client does not have permissions to send as this sender", 2),
     ("dot", SPAM, 3), ("rcpt", SPAM, 3)],
)  # fmt: skip
@pytest.mark.parametrize("connections", [1, 3])
def test_one_refusal_for_several_stops_the_channel(phase: Any, reply: str, tried: int, connections: int) -> None:
    with FaultySmtp(faults={phase: reply}) as server:
        results = sent(server, mails(9), connections=connections)
    assert len(results) == 9
    assert {one.outcome for one in results} == {"configuration"}
    assert tried <= sum(one.tried for one in results) <= tried + connections


def test_a_lone_mail_whose_sender_is_refused_is_the_channels() -> None:
    with FaultySmtp(faults={"rcpt": NOT_OWNED}) as server:
        assert [one.outcome for one in sent(server, mails(1))] == ["configuration"]
    with FaultySmtp(faults={"dot": SPAM}) as server:
        assert [one.outcome for one in sent(server, mails(2))] == ["permanent"] * 2


@pytest.mark.parametrize("reply", [NOT_OWNED, SPAM])
def test_one_odd_recipient_does_not_stop_the_office(reply: str) -> None:
    with FaultySmtp(faults={"rcpt": reply}, times=1) as server:
        results = sent(server, mails(4))
    assert [one.outcome for one in results] == ["permanent", "sent", "sent", "sent"]


@pytest.mark.parametrize("phase", ["mail", "rcpt", "dot"])
@pytest.mark.parametrize("reply", ["452 4.5.3 too many recipients", "421 4.7.0 rate", "550 5.4.5 Daily limit"])
def test_a_quota_of_ours_stops_the_pass_and_is_nobodys_failure(phase: Any, reply: str) -> None:
    with FaultySmtp(faults={phase: reply}) as server:
        results = sent(server, mails(5))
    assert [one.outcome for one in results] == ["limited"] + ["temporary"] * 4
    assert [one.is_channels for one in results] == [True] * 5


def test_greylisting_is_one_mails_wait() -> None:
    with FaultySmtp(faults={"rcpt": "450 4.7.1 Greylisted, see you"}, times=1) as server:
        assert [one.outcome for one in sent(server, mails(2))] == ["temporary", "sent"]


@pytest.mark.parametrize(("phase", "times"), [("mail", 1), ("rcpt", 1), ("dot", 1)])
def test_the_bare_sender_is_tried_once_where_the_tagged_one_is_refused(phase: Any, times: int) -> None:
    with FaultySmtp(faults={phase: NOT_OWNED}, times=times) as server:
        results = sent(server, mails(3, "hop@vidu.test"))
        assert [one.outcome for one in results] == ["sent"] * 3
        assert [sender for sender, _, _ in server.seen.mails] == ["hop@vidu.test"] * 3
    with FaultySmtp(faults={phase: NOT_OWNED}) as server:
        results = sent(server, mails(1, "hop@vidu.test"))
        assert [one.outcome for one in results] == ["configuration"]
        assert sum(one.startswith("MAIL") for one in server.seen.commands) == 2


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [({"mail": "silence"}, "temporary"), ({"rcpt": "silence"}, "temporary"), ({"dot": "silence"}, "unknown"),
     ({"dot": NOT_OWNED, "second": "silence"}, "temporary")],
)  # fmt: skip
def test_an_offer_is_over_before_its_claim_is(faults: Any, outcome: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever was waited for: each of its steps, and a second try with the bare sender."""
    monkeypatch.setattr(connection, "LONGEST_OFFER", 0.5)
    begun = time.monotonic()
    with FaultySmtp(faults=faults, times=len(faults)) as server:
        results = sent(server, mails(1, "hop@vidu.test"), timeout_seconds=4)
    assert [one.outcome for one in results] == [outcome]
    assert time.monotonic() - begun < 3


@pytest.fixture
def refusing() -> Iterator[FaultySmtp]:
    with FaultySmtp(faults={"rcpt": NOT_OWNED}) as server:
        yield server


def waiting(house: LiveInstallation, number: int, first: int = 0) -> None:
    now = house.clock()
    with transaction(house.engine) as connection:
        for each in range(first, first + number):
            row = {
                "key": f"k{each}", "name": "citizen_received", "recipient": f"lan{each}@dan.test", "role": "citizen",
                "subject": "s", "message_id": f"<m{each}@x.test>", "envelope_from": MAILBOX.replace("@", "+t.1@"),
                "status": "pending", "created_at": now, "next_attempt_at": now,
            }  # fmt: skip
            (made,) = connection.execute(outbox.insert().values(**row)).inserted_primary_key or (0,)
            connection.execute(outbox_content.insert().values(outbox_id=made, bytes=RAW))


def test_refused_senders_cost_no_mail_and_ring(tmp_path: Path, refusing: FaultySmtp) -> None:
    house = LiveInstallation(tmp_path / "house", 9, refusing.port, connections=1)
    house.service.catch_up()
    waiting(house, 5)
    report = house.run()
    assert any(one.startswith("smtp: rcpt: 553") and "@" not in one for one in report.problems), report.problems
    assert {(row["status"], row["attempts"]) for row in house.sent} == {("pending", 0)}
    with transaction(house.engine) as connection:
        found = figures(connection, house.clock())
    rung = {
        one.key: one.text
        for one in troubles(house.config, found, house.installation.board.law.calendar, house.clock())
    }
    assert rung["smtp"].startswith("mail out has stopped: rcpt: 553")
    refusing.faults = {}
    house.clock.forward(minutes=6)
    house.run()
    assert {row["status"] for row in house.sent} == {"sent"}
    with transaction(house.engine) as connection:
        assert figures(connection, house.clock()).channel_halted == ""
    house.close()


@pytest.mark.parametrize("reply", ["450 4.7.1 message rejected by policy", NOT_OWNED])
def test_what_one_server_refuses_for_days_is_that_mails(tmp_path: Path, refusing: FaultySmtp, reply: str) -> None:
    house = LiveInstallation(tmp_path / "house", 9, refusing.port, connections=1)
    house.service.catch_up()
    waiting(house, 1)
    states: list[dict[str, str]] = []

    def passed(minutes: int, times: int) -> None:
        house.clock.forward(minutes=minutes)
        refusing.faults, refusing.times = {"rcpt": reply}, times
        house.run()
        states.append({row["key"]: row["status"] for row in house.sent if row["key"].startswith("k")})

    passed(6 * 24 * 60, 1_000_000)
    assert states[-1] == {"k0": "pending"}, "nothing shows that the channel works"
    waiting(house, 1, first=1)
    passed(1, 0)
    assert states[-1] == {"k0": "pending", "k1": "sent"}
    waiting(house, 1, first=2)
    passed(5, 2)
    passed(2, 0)
    assert states[-1] == {"k0": "failed", "k1": "sent", "k2": "sent"}
    (told,) = [row["bytes"].decode() for row in house.sent_with(name="officer_alert")]
    assert "lan0@dan.test" in told
    assert not any(other in told for other in ("lan1@dan.test", "lan2@dan.test"))
    house.close()


def test_failed_mails_ring(tmp_path: Path) -> None:
    house = LiveInstallation(tmp_path / "house", 9, 9)
    with transaction(house.engine) as connection:
        found = replace(figures(connection, house.clock()), failed_lately=3)
    calendar = house.installation.board.law.calendar
    assert "failed" in [one.key for one in troubles(house.config, found, calendar, house.clock())]
    few = replace(found, failed_lately=2)
    assert "failed" not in [one.key for one in troubles(house.config, few, calendar, house.clock())]
    house.close()
