"""A mail whose reading kills the process (memory, a fault in a library) stops nobody and ends in quarantine."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from daemon.base.errors import TemporaryError
from daemon.installation.installation import Installation
from daemon.loop.decide import MOST_DEATHS
from daemon.loop.service import Report, Service
from db.core.tables import journal as journal_table
from tests.installation import OFFICER, letter, subject_of, text_of
from tests.world import LETTER, World

KILLER = b"X-Kill: 1\r\n"


class Killed(BaseException):
    """As the kernel ends a process: nothing catches it."""


@pytest.fixture
def house(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path / "house", database_url=database_url)
    kind = type(made.house.installation)
    read = kind.read

    def deadly(self: Any, raw: bytes, at: datetime, *more: Any, **named: Any) -> object:
        if KILLER in raw:
            raise Killed
        return read(self, raw, at, *more, **named)

    monkeypatch.setattr(kind, "read", deadly)
    return made


def started(desk: World) -> bool:
    """A new process decides on what waits; False when it died of it."""
    service = Service(desk.house.engine, desk.house.installation)
    try:
        service._decide(Report())
    except Killed:
        return False
    return True


def statuses(desk: World) -> list[object]:
    return [row["status"] for row in desk.house.mails]


def journalled(desk: World) -> list[object]:
    """The mails whose quarantine stands in the journal."""
    wanted = select(journal_table.c.raw_mail_id).where(journal_table.c.act == "quarantined")
    with desk.house.engine.connect() as connection:
        return list(connection.execute(wanted).scalars())


def test_others_are_decided_on_and_the_killer_is_quarantined(house: World) -> None:
    killer = KILLER + letter("ke@evil.test", LETTER)
    house.store(killer, *(letter(f"an{number}@dan.test", f"{LETTER}{number}") for number in range(3)))
    runs = [started(house) for _ in range(MOST_DEATHS + 1)]
    assert runs == [False] * MOST_DEATHS + [True]
    assert statuses(house) == ["stored", "done", "done", "done"], "it may have been killed from outside"
    house.house.clock.forward(hours=1)
    assert [started(house) for _ in range(MOST_DEATHS + 1)] == runs
    assert statuses(house) == ["quarantined", "done", "done", "done"]
    assert "dừng đột ngột" in str(house.house.mails[0]["reason"])
    told = house.house.sent_with(name="officer_alert")
    assert [row["recipient"] for row in told] == [OFFICER]
    assert "không xử lý được" in subject_of(bytes(told[0]["bytes"]))
    assert journalled(house) == [1]
    house.store(letter("ba@dan.test", f"{LETTER} ngõ 5"))
    assert started(house)
    assert statuses(house)[-1] == "done"
    assert house.house.faults() == []
    house.house.close()


def test_a_mail_killed_from_outside_is_tried_again_later(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five kills in a row met an innocent mail: it is answered an hour later, and nobody need look after it."""
    house.store(letter("an@dan.test", f"{LETTER} 1"))
    import daemon.loop.decide as processing

    def dies(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(processing, "decide_one", dies)
        assert [started(house) for _ in range(MOST_DEATHS)] == [False] * MOST_DEATHS
    assert started(house)
    assert statuses(house) == ["stored"]
    house.house.clock.forward(hours=1)
    assert started(house)
    assert statuses(house) == ["done"]
    house.house.close()


def test_a_mail_that_cannot_be_read_is_told_so(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    import daemon.loop.decide as processing

    def stumbles(*_: object) -> None:
        raise KeyError("x")

    house.store(letter("an@dan.test", f"{LETTER} 1"))
    monkeypatch.setattr(processing, "decide_one", stumbles)
    for _ in range(3):
        assert started(house)
        house.house.clock.forward(minutes=11)
    assert statuses(house) == ["quarantined"]
    (told,) = house.house.sent_with(name="officer_alert")
    text = text_of(bytes(told["bytes"]))
    assert "Lỗi - cách ly" in text
    assert "an@dan.test" not in text, "it may be a denunciation"
    assert journalled(house) == [1]
    house.house.close()


def test_three_deaths_of_a_good_mail_are_forgotten(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed three times in a row by something else, it is decided on, and the count begins anew."""
    house.store(letter("an@dan.test", f"{LETTER} 1"))
    import daemon.loop.decide as processing

    good = processing.decide_one

    def dies(*_: object) -> None:
        raise Killed

    for _ in range(2):
        monkeypatch.setattr(processing, "decide_one", dies)
        assert [started(house) for _ in range(3)] == [False] * 3
        monkeypatch.setattr(processing, "decide_one", good)
        assert started(house)
        assert statuses(house)[-1] == "done"
        house.store(letter("ba@dan.test", f"{LETTER} ngõ 7"))
    house.house.close()


def test_only_what_lay_there_at_the_start_is_counted(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes in later has killed nobody yet."""
    import daemon.loop.decide as processing

    counted: list[int] = []
    kills = processing._kills

    def noted(engine: Engine, office: Installation, mail: int) -> bool:
        counted.append(mail)
        return kills(engine, office, mail)

    monkeypatch.setattr(processing, "_kills", noted)
    house.store(letter("an@dan.test", f"{LETTER} 1"))
    service = Service(house.house.engine, house.house.installation)
    service.start()
    house.store(letter("ba@dan.test", f"{LETTER} 2"))
    service._decide(Report())
    assert counted == [1]
    assert statuses(house) == ["done", "done"]
    house.store(letter("tu@dan.test", f"{LETTER} 3"))
    service._decide(Report())
    assert counted == [1]
    house.house.close()


def test_a_database_that_fails_pass_after_pass_makes_no_killer(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process lives on, so its first mail has not killed it, however often it is begun."""
    import daemon.loop.decide as processing

    def fails(*_: object) -> None:
        raise TemporaryError("database: disk full")

    house.store(letter("an@dan.test", f"{LETTER} 1"))
    service = Service(house.house.engine, house.house.installation)
    service.start()
    with monkeypatch.context() as patched:
        patched.setattr(processing, "decide_one", fails)
        for _ in range(MOST_DEATHS + 2):
            with pytest.raises(TemporaryError):
                service._decide(Report())
    service._decide(Report())
    assert statuses(house) == ["done"]
    house.house.close()
