"""Clause 6.1 at every door, and as a duty of its own: one session of the city in six months, one of the units in two.

Another session stands beside each, which is nobody's reason.
"""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from daemon.base.errors import PermanentError
from daemon.loop.due import open_routines
from db.core.tables import duty
from rules.law.session_rules import SessionForm
from tests.installation import HEAD, OFFICER, text_of
from tests.world import FORM, World, said

NOVEMBER = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
DECIDED = "Công văn số 12/UBND-VX"


pytestmark = pytest.mark.world(sends=True, at=NOVEMBER)


def form(day: str, **changes: object) -> SessionForm:
    start = datetime.fromisoformat(f"{day}T01:30:00+00:00")
    return replace(FORM, start=start, decided=DECIDED, **changes)  # type: ignore[arg-type]


def of_a_unit(day: str, unit: str = "SXD") -> SessionForm:
    return form(day, level="unit", unit=unit, units=(unit,))


def at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T01:30:00+00:00")


def look(house: World) -> None:
    with house.house.engine.begin() as connection:
        open_routines(connection, house.house.installation)
    house.look()


def alarms(house: World, address: str = OFFICER) -> list[str]:
    texts = [said(one) for one in house.inbox(address)]
    return [one for one in texts if "phiên đối thoại cấp" in one and "Từ tháng" in one]


def test_a_move_is_refused_as_a_proposal_is(house: World) -> None:
    house.desk.propose(form("2026-12-10"))
    unit = house.desk.propose(of_a_unit("2026-11-26"))[0].code
    with pytest.raises(PermanentError, match="no session of a unit in a month"):
        house.desk.move(unit, at("2026-12-24"), "bận")
    assert house.desk.show(unit).starts_at == at("2026-11-26")
    assert house.desk.move(unit, at("2026-11-27"), "bận")


def test_the_citys_session_is_not_moved_beside_another(house: World) -> None:
    house.desk.propose(form("2026-12-10"))
    other = house.desk.propose(form("2027-03-10"))[0].code
    with pytest.raises(PermanentError, match="same 6 months"):
        house.desk.move(other, at("2026-12-17"), "bận")
    assert house.desk.move(other, at("2027-04-08"), "bận")


def test_the_units_yield_to_the_city(house: World) -> None:
    unit = house.desk.propose(of_a_unit("2026-12-10"))[0].code
    _, notes = house.desk.propose(form("2026-12-17"))
    assert any(unit in one and "phải chuyển" in one for one in notes)
    with pytest.raises(PermanentError, match="no session of a unit in a month"):
        house.desk.propose(of_a_unit("2026-12-24", "SYT"))


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (of_a_unit("2026-11-26", "ZZZ"), "there is no unit 'ZZZ'"),
        (form("2026-11-26", units=("SXD", "KHONGCO")), "there is no unit 'KHONGCO'"),
        (form("2026-10-26"), "26/10/2026 is over"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(house: World, asked: SessionForm, why: str) -> None:
    with pytest.raises(PermanentError, match=why) as refused:
        house.desk.propose(asked)
    assert "\n" not in str(refused.value)


def test_a_session_of_half_an_hour_is_none(house: World) -> None:
    code = house.desk.propose(form("2026-11-26"))[0].code
    with pytest.raises(PermanentError, match=r"at least 90 minutes, not 30 \(6\.2\)"):
        house.desk.hold(code, at("2026-11-26"), at("2026-11-26") + timedelta(minutes=30))


def test_a_period_without_a_session_is_told_and_stays_on_record(house: World) -> None:
    look(house)
    house.house.clock.at = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
    look(house)
    assert alarms(house) == []
    house.house.clock.at = datetime(2027, 2, 2, 2, 0, tzinfo=UTC)
    look(house)
    told = alarms(house)
    assert len(told) == 1
    assert "Từ tháng 01 đến tháng 02 năm 2027: chưa có phiên đối thoại cấp sở" in told[0]
    house.overviews()
    assert "PHIÊN ĐỐI THOẠI THEO KỲ (1)" in text_of(house.inbox(OFFICER)[-1])
    house.house.clock.at = datetime(2027, 3, 1, 2, 0, tzinfo=UTC)
    look(house)
    assert "đã không có phiên đối thoại cấp sở" in alarms(house, HEAD)[-1]
    (late,) = [row for row in house.house.rows(duty) if row["key"] == "frequency:unit:2027-01"]
    assert (late["status"], late["was_late"]) == ("late", True)


def test_a_session_that_is_planned_keeps_them_quiet(house: World) -> None:
    look(house)
    house.house.clock.at = datetime(2027, 1, 4, 2, 0, tzinfo=UTC)
    look(house)
    house.desk.propose(of_a_unit("2027-02-25"))
    house.house.clock.at = datetime(2027, 2, 2, 2, 0, tzinfo=UTC)
    look(house)
    assert alarms(house) == []


def test_by_mail_too(house: World) -> None:
    house.desk.propose(form("2026-12-10"))
    unit = house.desk.propose(of_a_unit("2026-11-26"))[0].code
    house.ask("Đường trước nhà tôi nhiều ổ gà, bao giờ Sở Xây dựng sửa?\n\nNguyễn Văn An")
    house.overviews()
    house.look()
    house.reply(OFFICER, f"Hoãn phiên {unit} sang 08:30 ngày 24/12/2026, lý do bận", "Công việc ngày")
    assert "Tháng có phiên cấp thành phố" in text_of(house.inbox(OFFICER)[-1])
    assert house.desk.show(unit).starts_at == at("2026-11-26")
