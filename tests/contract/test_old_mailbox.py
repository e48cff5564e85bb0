"""A mailbox that people have used for years: what came before the day in the configuration is no new question."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from daemon.cli import main
from daemon.config.database import transaction
from daemon.demo.servers import EmbeddedServers
from db.core import counters
from tests.installation import MAILBOX, LiveInstallation, letter

OLD = datetime(2024, 3, 4, 2, 0, tzinfo=UTC)
QUESTION = "Đường trước nhà tôi hỏng nặng, bao giờ Sở Xây dựng sửa?"


def house_on(servers: EmbeddedServers, folder: Path, since: str) -> LiveInstallation:
    return LiveInstallation(folder, servers.imap_port, servers.smtp_port, since=since)


def delivered(servers: EmbeddedServers, at: datetime, number: int) -> None:
    servers.deliver(MAILBOX, letter(f"an{number}@dan.test", QUESTION, subject=f"Hỏi {number}"), at)


def test_what_is_older_is_counted_and_left(servers: EmbeddedServers, tmp_path: Path) -> None:
    house = house_on(servers, tmp_path / "house", "since = 2026-10-05")
    for number in range(3):
        delivered(servers, OLD, number)
    delivered(servers, house.clock(), 9)
    assert house.run(2).problems == []
    assert [row["from_email"] for row in house.mails] == ["an9@dan.test"]
    assert len(servers.mails(MAILBOX)) == 3, "they lie where they lay"
    with transaction(house.engine) as connection:
        assert counters.get_state(connection, f"older_left:{MAILBOX}") == "3"
    house.close()


def test_the_day_begins_by_the_citys_clock_wherever_the_server_stands(
    servers: EmbeddedServers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = house_on(servers, tmp_path / "house", "since = 2026-10-05")
    far_east = timezone(timedelta(hours=14))
    for number, at in enumerate(
        (
            datetime(2026, 10, 4, 16, 59, tzinfo=UTC),  # a minute before midnight in Hải Phòng
            datetime(2026, 10, 4, 17, 0, tzinfo=UTC),
            datetime(2026, 10, 5, 6, 59, tzinfo=far_east),
            datetime(2026, 10, 5, 7, 0, tzinfo=far_east),
            datetime(2026, 10, 5, 12, 0, tzinfo=UTC),
        )
    ):
        delivered(servers, at, number)
    assert house.run(2).problems == []
    assert sorted(row["from_email"] for row in house.mails) == ["an1@dan.test", "an3@dan.test", "an4@dan.test"]
    assert house.command("verify") == 0
    assert "2 in INBOX, 0 of them still to be fetched, 2 received before mailbox.since" in capsys.readouterr().out
    house.close()


def test_the_first_start_on_a_used_mailbox_refuses_in_one_line(
    servers: EmbeddedServers, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = house_on(servers, tmp_path / "house", "")
    delivered(servers, OLD, 1)
    house.service.close()
    assert house.command("run", "--once") == 2
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if line.startswith("doithoai: ")] == said[-1:]
    assert "INBOX holds 1 mails received before yesterday" in said[-1]
    assert "since = 20" in said[-1]
    assert house.mails == []
    assert servers.sent == []
    house.close()


def test_a_new_mailbox_with_a_trial_mail_starts(servers: EmbeddedServers, tmp_path: Path) -> None:
    house = house_on(servers, tmp_path / "house", "")
    delivered(servers, house.clock() - timedelta(hours=20), 1)
    assert house.run().problems == []
    assert len(house.mails) == 1
    delivered(servers, OLD, 2)  # once it has been read, whatever lies there is new
    house.run()
    assert len(house.mails) == 2
    house.close()


def test_init_writes_the_day(capsys: pytest.CaptureFixture[str]) -> None:
    before = date.today() - timedelta(days=1)  # noqa: DTZ011 - the city's day is this one or the next
    assert main(["init", "--stdout"]) == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if line.startswith("since = ")]
    assert date.fromisoformat(line.split()[2]) >= before
