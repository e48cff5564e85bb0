"""Wards and communes of before July 2025: where each lies today, and when that is unsure."""

from collections import Counter
from datetime import date

import pytest

from rules.routing.route import load_routing, route
from rules.routing.wards import Place
from rules.values.data_file import Source, load_units
from rules.values.model import Decision, Requester

TABLE = load_routing()
TODAY = date(2026, 6, 1)


def place(text: str, on: date = TODAY) -> Place:
    found = TABLE.gazetteer.find(TABLE.reader(text), text, on)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Nhà tôi ở phường Vạn Mỹ, rác đổ ra vỉa hè.", "UBND_NGOQUYEN"),
        ("Số 7, P. Vạn Mỹ, quận Ngô Quyền", "UBND_NGOQUYEN"),
        ("phuong van my, quan ngo quyen, hai phong", "UBND_NGOQUYEN"),
        ("Thôn 2, xã Hòa Bình, huyện Vĩnh Bảo", "UBND_NGUYENBINHKHIEM"),  # one of three communes of this name
        ("Xã Hòa Bình, huyện Thủy Nguyên", "UBND_HOABINH"),  # a ward for half a year, still called a commune
        ("Xã Đồng Lạc, huyện Nam Sách", "UBND_NAMSACH"),  # and a ward of Chí Linh
        ("Tổ 5, TT Cát Bà, huyện Cát Hải", "UBND_CATHAI"),
        ("Xã An Hồng, quận Hồng Bàng", "UBND_HONGAN"),  # of two districts, one after the other
        ("Phường Vạn Mỹ, nay là phường Ngô Quyền", "UBND_NGOQUYEN"),
        ("Phường Gia Viên (cũ), nay thuộc phường Ngô Quyền", "UBND_NGOQUYEN"),  # of three, one is told
        ("Phường Vạn Mỹ và phường Cầu Tre", "UBND_NGOQUYEN"),  # both lie in the same
        ("Chung cư cũ ở phường Gia Viên dột nát", "UBND_GIAVIEN"),  # the house is old
        ("Phường Gia Viên", "UBND_GIAVIEN"),  # today's, as nothing speaks of the former one
    ],
)
def test_a_former_name_is_a_place_of_today(text: str, unit: str) -> None:
    assert place(text).unit == unit


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Phường Gia Viên cũ", "nay thuộc phường Hồng Bàng hoặc phường Ngô Quyền hoặc phường Gia Viên"),
        ("Trước đây thuộc phường Gia Viên", "nay thuộc phường Hồng Bàng hoặc phường Ngô Quyền hoặc phường Gia Viên"),
        ("Xã Hòa Bình", "hoặc xã Nguyễn Bỉnh Khiêm hoặc"),
        ("Xã Tân Tiến, huyện An Dương", "phường Hồng An hoặc phường An Dương hoặc phường An Phong"),
        ("Ở phường Vạn Mỹ, đường qua xã An Thái hỏng", "phường Ngô Quyền hoặc xã An Hưng"),
        ("Ở phường Vạn Mỹ, đường qua phường Hải An hỏng", "thư nêu nhiều nơi: phường Vạn Mỹ, phường Hải An"),
        ("Xã An Thái, huyện Kiến Thụy", "“huyện Kiến Thụy” là tên quận, huyện cũ"),  # lay in another district
        ("Phường Minh Khai, quận Hai Bà Trưng", "“quận Hai Bà Trưng” không phải quận, huyện cũ của thành phố"),
        ("P. Minh Khai, Q.3", "“Q.3” không phải"),
    ],
)
def test_what_was_divided_or_has_namesakes_is_unsure(text: str, why: str) -> None:
    found = place(text)
    assert not found.known
    assert why in found.why


def test_an_officer_is_shown_the_wards_that_may_be_meant() -> None:
    text = "Vỉa hè ở phường Gia Viên cũ bị quán nhậu lấn chiếm, đề nghị phường có biện pháp."
    path = route(text, "", Requester(), TABLE, TODAY)
    assert path.decision is Decision.REVIEW
    assert {one.unit for one in path.candidates[:3]} == {"UBND_HONGBANG", "UBND_NGOQUYEN", "UBND_GIAVIEN"}


def test_before_the_reform_its_names_were_those_of_the_day() -> None:
    assert place("Phường Vạn Mỹ, quận Ngô Quyền", date(2024, 6, 1)).unit == "UBQ_NgoQuyen"
    assert not place("Phường Vạn Mỹ", date(2024, 6, 1)).known


def test_every_unit_of_today_but_one_has_those_of_before() -> None:
    """374 wards, communes and towns of the two provinces became 113; the 114th was a district without any."""
    rows = Source().tsv("wards_before.tsv")
    now = Counter(name.strip().lower() for row in rows for name in row["now"].split(";"))
    wards = {
        unit.name.removeprefix("Ủy ban nhân dân ").lower() for unit in load_units().values() if unit.kind == "ward"
    }
    assert len(rows) == len({(row["name"], row["district"]) for row in rows}) == 374
    assert wards - set(now) == {"đặc khu bạch long vĩ"}
