"""The table of days off changes while due dates run: listed, moved when confirmed, people told, journalled, once."""

from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from daemon.base import clock
from daemon.commands import calendar as moves_command
from daemon.installation.installation import build_installation
from db.core.tables import assignment, duty, journal
from rules.decide.due import due_dates_moved
from tests.installation import OFFICER, SXD, subject_of
from tests.world import CITIZEN, FORM, World, said

pytestmark = pytest.mark.world(extra='[rules]\nfolder = "../rules"\n')


@pytest.fixture
def town(town: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A question asked on Monday 5/10/2026 (due 20/10), and a proposed session with S-15 on 11/11."""
    monkeypatch.setattr(clock, "now", town.house.clock)
    town.ask()
    town.desk.propose(FORM)
    town.house.run()
    return town


def notice(town: World, *days: str) -> str:
    """A notice for 2026 with more days off than were announced."""
    known = [row.day for row in town.house.installation.board.law.calendar.days_of(2026) if row.kind == "off"]
    path = town.house.folder / "notice.tsv"
    lines = "".join(f"{day}\toff\tNgày nghỉ\n" for day in sorted({*map(str, known), *days}))
    path.write_text("date\tkind\tname\n" + lines, encoding="utf-8")
    return str(path)


def calendar(town: World, *args: str) -> int:
    return town.house.command("calendar", *args)


def test_moves_are_listed_applied_told_and_journalled_once(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert [str(row["due_on"]) for row in town.house.rows(assignment)] == ["2026-10-20"]
    file = notice(town, "2026-10-20", "2026-11-11")
    count = len(town.house.sent)
    assert calendar(town, "import", file) == 0
    out = capsys.readouterr().out
    assert "HP-2026-000001 SXD (10.1.i) 2026-10-20 -> 2026-10-21: " in out
    assert "P-2026-01 plan_issued (10.1.a) 2026-11-11 -> 2026-11-10: " in out
    assert "nothing is changed until" in out
    assert len(town.house.sent) == count
    assert [str(row["due_on"]) for row in town.house.rows(assignment)] == ["2026-10-20"]

    assert calendar(town, "import", file, "--apply") == 0
    assert "due dates moved" in capsys.readouterr().out
    town.house.run()
    assert [row["due_on"] for row in town.house.rows(assignment)] == [date(2026, 10, 21)]
    plan = next(row for row in town.house.rows(duty) if row["due"]["rule"] == "plan_issued")
    assert plan["due"]["on"] == "2026-11-10"
    assert "21/10/2026" in said(town.last(SXD))
    assert "trước đây: thứ Ba, ngày 20/10/2026" in said(town.last(SXD))
    assert "Lịch nghỉ của năm thay đổi" in said(town.last(CITIZEN))
    assert "21/10/2026" in said(town.last(CITIZEN))
    told = next(one for one in town.inbox(OFFICER) if "ngày nghỉ" in subject_of(one))
    assert "HP-2026-000001 SXD: 20/10/2026 chuyển thành 21/10/2026" in said(told)
    with town.house.engine.begin() as connection:
        entries = connection.execute(select(journal.c.data).where(journal.c.act == "due_moved")).scalars().all()
    assert ("2026-10-20", "2026-10-21") in [(one["old"], one["due"]["on"]) for one in entries]
    assert ("2026-11-11", "2026-11-10") in [(one["old"], one["due"]["on"]) for one in entries]

    count = len(town.house.sent)
    assert calendar(town, "import", file, "--apply") == 0
    town.house.run()
    assert len(town.house.sent) == count
    assert "moved" not in capsys.readouterr().out


def test_moves_are_listed_while_somebody_writes(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    with town.house.engine.begin() as writer:
        writer.execute(duty.update().where(duty.c.status == "met").values(stage=0))
        assert calendar(town, "import", notice(town, "2026-10-20")) == 0
    assert "2026-10-20 -> 2026-10-21" in capsys.readouterr().out


def test_officers_hear_of_each_move_of_a_command_that_was_interrupted(
    town: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, really, moves = notice(town, "2026-10-20", "2026-11-11"), due_dates_moved.decide_move, count(1)

    def interrupted(*facts: Any) -> Any:
        if next(moves) == 2:
            raise KeyboardInterrupt
        return really(*facts)

    monkeypatch.setattr(moves_command, "PORTION", 1, raising=False)
    monkeypatch.setattr(moves_command, "decide_move", interrupted)
    assert calendar(town, "import", file, "--apply") == 130
    assert calendar(town, "import", file, "--apply") == 0
    town.house.run()
    told = "".join(said(one) for one in town.inbox(OFFICER) if "ngày nghỉ" in subject_of(one))
    with town.house.engine.begin() as connection:
        entries = connection.execute(select(journal.c.data).where(journal.c.act == "due_moved")).scalars().all()
    assert len(entries) == told.count("chuyển thành") >= 2
    assert "HP-2026-000001 SXD: 20/10/2026 chuyển thành 21/10/2026" in told


def test_a_day_off_taken_back_moves_dates_back(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert calendar(town, "import", notice(town, "2026-10-20"), "--apply") == 0
    config = town.house.config
    town.house.installation = build_installation(config, config.secrets.signing_key(), town.house.clock)
    assert calendar(town, "import", notice_without(town, "2026-10-20"), "--apply") == 0
    assert "2026-10-21 -> 2026-10-20" in capsys.readouterr().out
    assert [row["due_on"] for row in town.house.rows(assignment)] == [date(2026, 10, 20)]


def notice_without(town: World, day: str) -> str:
    path = Path(notice(town))
    kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(day)]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    return str(path)


def test_nothing_is_moved_by_a_day_that_no_date_rests_on(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert calendar(town, "import", notice(town, "2026-10-14"), "--apply") == 0
    out = capsys.readouterr().out
    assert "2026-10-14" in out
    assert "HP-2026-000001" not in out
    assert "due dates" not in out


def test_a_day_told_and_the_last_day_of_a_period_stay(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    """The period of a unit's session (6.1) ends on Sunday, 28 February 2027; no day that they rest on is changed."""
    town.at(2026, 10, 29, 2)
    town.house.run()
    assert "05/11/2026" in said(town.last(CITIZEN))
    town.at(2026, 10, 30, 2)
    town.house.run()
    town.answers("unit_forward", SXD, "Không thuộc thẩm quyền, đề nghị chuyển Sở Y tế.")
    assert str(town.rows(assignment)[-1]["due_on"]) == "2026-11-05"
    town.at(2027, 1, 4, 2)
    town.house.run()
    before, count = town.rows(duty), len(town.house.sent)
    assert "frequency:unit:2027-01" in [row["key"] for row in before]
    assert calendar(town, "import", notice(town, "2026-12-08"), "--apply") == 0
    assert "due dates" not in capsys.readouterr().out
    assert town.rows(duty) == before
    town.house.run()
    assert len(town.house.sent) == count


def test_no_date_moves_to_a_day_that_is_over(town: World, capsys: pytest.CaptureFixture[str]) -> None:
    """A day off is taken back on the day on which the answer is due: the day that was told stays."""
    assert calendar(town, "import", notice(town, "2026-10-20"), "--apply") == 0
    config = town.house.config
    town.house.installation = build_installation(config, config.secrets.signing_key(), town.house.clock)
    assert [str(row["due_on"]) for row in town.house.rows(assignment)] == ["2026-10-21"]
    town.at(2026, 10, 21, 2)
    heard = [len(town.inbox(one)) for one in (SXD, CITIZEN)]
    capsys.readouterr()
    assert calendar(town, "import", notice_without(town, "2026-10-20"), "--apply") == 0
    assert "HP-2026-000001 SXD (10.1.i) 2026-10-21 stays, 2026-10-20 is over: " in capsys.readouterr().out
    town.house.run()
    assert [row["due_on"] for row in town.house.rows(assignment)] == [date(2026, 10, 21)]
    told = next(one for one in reversed(town.inbox(OFFICER)) if "ngày nghỉ" in subject_of(one))
    assert "HP-2026-000001 SXD: giữ nguyên 21/10/2026, vì ngày tính lại (20/10/2026) đã qua" in said(told)
    assert "1 thời hạn giữ nguyên" in said(told)
    about = [subject_of(one) for who, n in zip((SXD, CITIZEN), heard, strict=True) for one in town.inbox(who)[n:]]
    assert [one for one in about if "hời hạn" in one and "mới" in one] == []
