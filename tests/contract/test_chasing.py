"""Who is told when a unit is late, asks the city or asks for time: 15.3, 16.2, and the Board's word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from db.core.tables import assignment, duty
from tests.installation import HEAD, OFFICE, OFFICER, subject_of, unit_address
from tests.world import CITIZEN, World, said

SXD = unit_address("SXD")


def urgings(town: World, address: str) -> list[bytes]:
    """The mails that ask somebody to urge a late unit."""
    return [one for one in town.inbox(address) if "đôn đốc" in subject_of(one).lower()]


def at(town: World, day: int, hour: int = 2) -> None:
    """That hour of a day of October 2026, UTC; the daemon makes a pass."""
    town.house.clock.at = datetime(2026, 10, day, hour, tzinfo=UTC)
    town.house.run()


def test_a_late_unit_is_urged_by_the_office_and_its_leader_after_two_working_days_once(town: World) -> None:
    house = town.house.installation.board
    led = replace(house.contacts["SXD"], leader_name="Giám đốc Sở", leader_email=HEAD)
    town.house.installation = replace(
        town.house.installation, board=replace(house, contacts={**house.contacts, "SXD": led})
    )
    town.house.restart()
    town.ask()  # due on Tuesday 20/10
    for day in (20, 21):
        at(town, day)
        assert urgings(town, OFFICE) == []
    at(town, 22, 16)  # 23:00 in the city
    assert urgings(town, OFFICE) == []
    at(town, 23)
    for _ in range(2):
        town.house.run()
        assert len(urgings(town, OFFICE)) == 1
        assert len(urgings(town, HEAD)) == 1
    assert "khoản 2 Điều 16" in said(urgings(town, OFFICE)[0])
    assert "Sở Xây dựng" in said(urgings(town, OFFICE)[0])
    assert "chậm" in subject_of(town.last(CITIZEN))


def test_a_unit_that_asks_the_city_informs_the_board_and_its_clock_goes_on(town: World) -> None:
    town.ask()
    town.reply(SXD, "Xin ý kiến UBND thành phố về nội dung này vì liên quan nhiều ngành.")
    assert "xin ý kiến UBND thành phố" in said(town.last(OFFICER))
    assert "Thời hạn trả lời vẫn tính tiếp" in said(town.last(OFFICER))
    assert "liên quan nhiều ngành" in said(town.last(OFFICER)), "what is asked stands there"
    passed = said(town.last(OFFICE))
    assert "Sở Xây dựng xin ý kiến Ủy ban nhân dân thành phố" in passed
    assert "liên quan nhiều ngành" in passed
    row = town.house.rows(assignment)[0]
    assert (row["status"], str(row["due_on"])) == ("forwarded", "2026-10-20")
    assert row["asks_city_at"] is not None
    at(town, 21)
    assert town.house.rows(duty)[0]["was_late"]


def test_an_extension_that_the_board_refuses_changes_no_date_and_the_unit_is_told(town: World) -> None:
    code = town.ask()["code"]
    town.reply(SXD, "Xin gia hạn đến ngày 16/11/2026 vì cần khảo sát hiện trường.")
    assert "16/11/2026" in said(town.last(OFFICER))
    town.reply(OFFICER, f"{code} không đồng ý gia hạn")
    assert str(town.house.rows(assignment)[0]["due_on"]) == "2026-10-20"
    assert "20/10/2026" in said(town.last(SXD))
    acts = town.journal()
    assert {"extension_asked", "extension_refused"} <= set(acts)
