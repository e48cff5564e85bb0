"""The same on PostgreSQL: pg_dump while the daemon works, pg_restore in the lost database's place, restore."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.demo.servers import EmbeddedServers
from tests.faults.test_restore import CITIZENS, ask, closed_port, house_on, imap_at, lived, register, to_citizens
from tests.installation import MAILBOX, SXD, LiveInstallation, letter
from tests.servers.postgres import Postgres
from tests.world import LETTER


def test_a_backup_of_every_moment_gives_the_same_register_and_no_second_letter(
    tmp_path: Path, servers: EmbeddedServers, postgres_server: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    url = postgres_server.new_url()

    def dump(house: LiveInstallation, name: str) -> Path:
        file = tmp_path / f"{name}.dump"
        postgres_server.dump(house.database_url, file)
        return file

    house = house_on(servers, tmp_path / "house", url)
    backups = lived(servers, house, dump)
    assert len(backups) == 7
    wanted, told, at = register(house), to_citizens(servers), house.clock.at
    units = sum(SXD in mail.recipients for mail in servers.sent)
    assert [row[1] for row in wanted[:4]] == ["answered", "answered", "forwarded", "forwarded"]
    assert len(told) == 6
    assert house.command("restore") == 1, "the daemon still runs"
    assert "stop all of them first" in capsys.readouterr().err
    house.close()
    for number in (0, 2, 5, 6):
        postgres_server.lay_back(url, backups[number])
        assert house.command("restore") == 0
        assert f"{6 - number} mails of the folders will be read again" in capsys.readouterr().out
        again = house_on(servers, tmp_path / "house", url)
        again.clock.at = at + timedelta(hours=26 * number + 10)
        again.run(3)
        assert register(again) == wanted, backups[number].name
        assert to_citizens(servers) == told, f"{backups[number].name}: nobody is written to twice"
        assert len([row for row in again.sent if row["role"] == "citizen"]) == 6, "and nothing is forgotten"
        assert again.faults() == []
        again.close()
    assert sum(SXD in mail.recipients for mail in servers.sent) >= units
    life_goes_on(servers, house_on(servers, tmp_path / "house", url), told)


def life_goes_on(servers: EmbeddedServers, house: LiveInstallation, told: object) -> None:
    """The next question gets the next number: sequences and counters came back too."""
    house.clock.at = datetime.now(UTC) + timedelta(minutes=5)
    mail = letter(CITIZENS[0], f"{LETTER}\nCòn vỉa hè thì sao?", subject="Mới")
    servers.deliver(MAILBOX, mail, house.clock.at)
    house.run(2)
    assert house.questions[-1]["code"] == "HP-2026-000005"
    assert to_citizens(servers) != told
    assert house.command("verify") == 0
    house.close()


def test_a_mailbox_that_cannot_be_reached_leaves_a_register_that_keeps_its_letters_back(
    tmp_path: Path, servers: EmbeddedServers, postgres_server: Postgres, capsys: pytest.CaptureFixture[str]
) -> None:
    """pg_restore has changed the register before the command runs: the mark comes before anything that may fail."""
    url, file = postgres_server.new_url(), tmp_path / "waiting.dump"
    house = house_on(servers, tmp_path / "house", url)
    house.run()
    ask(servers, house, CITIZENS[0])
    servers.script_smtp(lambda phase, _: "451 4.3.0 later" if phase == "mail" else None)
    house.run()
    postgres_server.dump(url, file)
    servers.script_smtp(lambda *_: None)
    house.clock.forward(hours=1)
    house.run(2)
    told, port = to_citizens(servers), house.imap_port
    assert len(told) == 1
    house.close()
    postgres_server.lay_back(url, file)
    imap_at(house, closed_port())
    assert house.command("restore") == 1
    assert "is in place" in capsys.readouterr().err
    imap_at(house, port)
    early = house_on(servers, tmp_path / "house", url)
    early.clock.at = datetime.now(UTC)
    early.run(2)
    assert to_citizens(servers) == told
    early.close()
