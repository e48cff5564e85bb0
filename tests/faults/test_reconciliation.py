"""The nightly comparison of mailbox and ledger: what people moved or deleted is named, once, and nothing else is."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.admin.check_round_trip import make_probe
from daemon.commands.run import Daemon
from daemon.demo.servers import EmbeddedServers
from tests.installation import MAILBOX, OFFICE, OFFICER, UNITS, LiveInstallation, letter, text_of, unit_address
from tests.world import LETTER

REGISTERED, HELD = "Đã tiếp nhận", "Chờ xem xét"
FIRST_UID = 101
"""The embedded server begins so in each folder."""
NIGHT = datetime(2026, 10, 5, 19, 30, tzinfo=UTC)
"""02:30 in the city."""


class House(LiveInstallation):
    """An installation whose clock stands at night, with three questions moved to their folder."""

    servers: EmbeddedServers

    def moved(self, number: int, to: str = "") -> int:
        """A person takes a mail out of the folder of the registered, and may lay it elsewhere; its UID there."""
        raw = next(one for one in self.servers.mails(MAILBOX, REGISTERED) if b"From: an%d@" % number in one)
        self.servers.remove(MAILBOX, FIRST_UID - 1 + number, REGISTERED)
        return self.servers.deliver(MAILBOX, raw, self.clock.at, to) if to else 0

    def alerts(self) -> list[str]:
        """What officers were told at night."""
        return [
            text_of(bytes(row["bytes"]))
            for row in self.sent
            if str(row["key"]).startswith("officer_alert:reconciled")
        ]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    people = (MAILBOX, OFFICER, OFFICE, *map(unit_address, UNITS))
    with EmbeddedServers(dict.fromkeys(people, "secret")) as servers:
        made = House(tmp_path / "house", servers.imap_port, servers.smtp_port)
        made.servers = servers
        for number in range(1, 4):
            servers.deliver(MAILBOX, letter(f"an{number}@dan.test", LETTER), made.clock.at)
        made.run()
        made.clock.at = NIGHT
        made.service.catch_up()
        yield made
        assert made.faults() == []
        made.close()


def states(house: House) -> list[object]:
    return [row["server_state"] for row in house.mails]


def test_a_mailbox_that_agrees_is_journalled_and_nobody_is_woken(house: House) -> None:
    house.service.reconcile()
    assert house.alerts() == []
    assert states(house) == ["moved"] * 3
    assert house.service.opened is not None
    assert house.run().problems == []


def test_what_people_moved_and_deleted_is_named_once(house: House) -> None:
    house.moved(3)
    house.moved(1, to=HELD)  # lies with the held now: as if an officer had not settled it yet
    house.servers.deliver(MAILBOX, letter("bay@dan.test", LETTER), house.clock.at)
    house.run()
    house.moved(2, to="Thư tự động")
    house.service.reconcile()
    (alert,) = house.alerts()
    assert "Thư số 3 (HP-2026-000003)" in alert
    assert "không còn trong thư mục nào" in alert
    assert "Thư số 2 (HP-2026-000002)" in alert
    assert "nay ở thư mục “Thư tự động”" in alert
    assert "Thư số 1 " not in alert
    assert "dan.test" not in alert, "numbers, not people"
    assert states(house) == ["moved", "told", "told", "moved"]
    house.clock.forward(days=1)
    house.service.reconcile()
    assert len(house.alerts()) == 1, "told once"


def test_what_check_took_away_itself_is_no_loss(house: House) -> None:
    """A daemon that runs beside ``doithoai check`` files its mails, which are then removed."""
    probe = make_probe(house.config, "b.probe", "r.probe")
    theirs = b"Auto-Submitted: auto-replied\r\n" + letter("may@dan.test", LETTER, subject="Tự động trả lời")
    for raw in (probe.raw, theirs):
        house.servers.deliver(MAILBOX, raw, house.clock.at)
    house.run()
    assert [row["kind"] for row in house.mails[3:]] == ["auto_reply"] * 2
    for uid in (FIRST_UID, FIRST_UID + 1):
        house.servers.remove(MAILBOX, uid, "Thư tự động")
    house.service.reconcile()
    (alert,) = house.alerts()
    assert "Thư số 5" in alert
    assert "Thư số 4" not in alert


def test_a_mail_that_comes_meanwhile_is_not_left_until_the_next_look(house: House) -> None:
    """INBOX was opened anew, and IDLE tells only of what comes after that."""
    daemon = Daemon.__new__(Daemon)
    daemon.service, looks = house.service, list[str]()
    daemon._pass = lambda: looks.append("look")  # type: ignore[method-assign]
    daemon._reconcile()
    assert looks == ["look"]
    daemon._reconcile()
    assert looks == ["look"], "by day, or once more in the night, nothing was opened"


def test_it_is_done_once_a_night_and_not_by_day(house: House) -> None:
    house.service.reconcile()
    house.moved(1)
    house.service.reconcile()
    assert house.alerts() == [], "once a night"
    house.clock.forward(hours=10)
    house.service.reconcile()
    assert house.alerts() == [], "not by day"
    house.clock.forward(hours=14)
    house.service.reconcile()
    assert len(house.alerts()) == 1


def test_a_mail_deleted_in_inbox_is_named_and_one_that_a_crash_hid_is_not(house: House) -> None:
    """``gone`` stands for a UID that left INBOX; a MOVE whose mark a crash prevented looks the same."""
    with house.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE raw_mail SET server_state = 'gone' WHERE id IN (1, 2)")
    house.moved(2)
    house.service.reconcile()
    (alert,) = house.alerts()
    assert "Thư số 2 (HP-2026-000002)" in alert
    assert "“INBOX”" in alert
    assert "Thư số 1 " not in alert
    assert states(house) == ["moved", "told", "moved"]


def test_a_move_that_lied_is_told_and_done_again(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    uid = house.moved(1, to="INBOX")
    with house.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE raw_mail SET uid = {uid} WHERE id = 1")
    house.moved(2)
    house.service.close()
    assert house.command("verify") == 0
    told = capsys.readouterr().out
    assert "mails 1 lie in INBOX although they were moved: the next pass moves them again" in told
    assert "mail 2 was moved or deleted in Đã tiếp nhận by people" in told
    assert states(house)[0] == "waiting"
    house.run()
    assert house.servers.mails(MAILBOX) == []
    assert states(house)[0] == "moved"
