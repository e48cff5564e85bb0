"""Orders as officers write them, from the mail to the register, the units and the answer."""

from __future__ import annotations

from datetime import timedelta

import pytest

from db.core.tables import assignment, question_link
from tests.contract.test_desk import REVIEWED
from tests.installation import MONDAY, text_of, unit_address
from tests.world import World, order_today

ONE, TWO = "HP-2026-000001", "HP-2026-000002"
UNIT = unit_address("SXD")


@pytest.fixture
def house(house: World) -> World:
    """Question 1 lies with the unit, question 2 before the officer, who has the morning's mail."""
    house.ask(message_id="<1@dan.test>")
    house.ask(REVIEWED, "ba@dan.test", message_id="<2@dan.test>")
    house.house.clock.at = MONDAY + timedelta(days=1)
    house.overviews()
    return house


def test_the_supporting_unit_gets_the_question_too(house: World) -> None:
    told = order_today(house, f"{TWO} chuyển SYT chủ trì, SGDDT phối hợp")
    assert "đến Sở Y tế; phối hợp: Sở Giáo dục và Đào tạo" in told
    units = [(row["unit"], row["role"]) for row in house.rows(assignment) if row["question_id"] == 2]
    assert units == [("SYT", "lead"), ("SGDDT", "support")]
    assert "phối hợp" in text_of(house.last("unit_forward", unit_address("SGDDT")))


def test_a_refused_duplicate_refuses_not_the_other_one(house: World) -> None:
    told = order_today(house, f"Từ chối k vì trùng với {ONE}", "officer_review")
    assert f"Đã từ chối câu hỏi {TWO}" in told
    assert house.statuses() == ["forwarded", "rejected"]


def test_a_text_that_names_another_question_asks_the_right_person(house: World) -> None:
    asked = f"Hỏi lại: ông cho biết địa chỉ nhà, và câu hỏi {ONE} có phải cũng của ông không ạ?"
    order_today(house, asked, "officer_review")
    assert house.house.sent[-2]["recipient"] == "ba@dan.test"


def test_nothing_is_signed_that_was_left_out(house: World) -> None:
    assert "Chưa ký nhận tất cả vì lệnh có phần trừ ra" in order_today(house, f"Ký nhận tất cả trừ {TWO}")
    assert [row["signed_at"] for row in house.house.questions] == [None, None]
    assert "ghi số câu hỏi cần ký nhận" in order_today(house, "Ký nhận 2 câu trên", "officer_review")
    assert [row["signed_at"] for row in house.house.questions] == [None, None]
    assert order_today(house, f"Ký nhận {ONE}, {TWO}").count("Đã làm") == 2
    assert None not in [row["signed_at"] for row in house.house.questions]


def test_numbers_with_their_commands_below_an_introduction(house: World) -> None:
    told = order_today(
        house, f"Em gửi kết quả phân loại ạ\n{ONE}:\n- ký nhận\n- ghi chú: đã gọi\n{TWO}\nchuyển sở y tế"
    )
    assert told.count("Đã làm") == 3
    assert house.house.questions[0]["notes"] == "đã gọi"
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD", "SYT"]


def test_a_wrong_number_is_told_how(house: World) -> None:
    told = order_today(house, f"HP-000002 chuyển SYT\n{ONE} ký nhận")
    assert told.count("Đã làm") == 1
    assert "Số câu hỏi chưa đúng" in told
    assert house.statuses() == ["forwarded", "needs_review"]


@pytest.mark.parametrize(
    ("said", "near"), [("SởY tế", "“chuyển SYT” (Sở Y tế)"), ("sxdd", "“chuyển SXD” (Sở Xây dựng)")]
)
def test_units_that_may_be_meant_are_named(house: World, said: str, near: str) -> None:
    told = order_today(house, f"{TWO} chuyển {said}")
    assert f"Không nhận ra đơn vị “{said}”. Gần giống: {near}" in told
    assert "Gần giống" not in order_today(house, f"{TWO} chuyển ")


def test_a_ward_of_before_is_the_one_where_it_lies_today(house: World) -> None:
    divided = order_today(house, f"{TWO} chuyển phường Hoa Động")
    assert "“chuyển UBND_THUYNGUYEN” (Ủy ban nhân dân phường Thuỷ Nguyên); “chuyển UBND_THIENHUONG”" in divided
    story = "chuyển cho người ta sửa đường ở phường Đằng Giang cũ giúp tôi"
    assert "Gia Viên" not in order_today(house, f"{TWO} {story}")
    whole = order_today(house, f"{TWO} chuyển phường Đằng Giang")
    assert "Chưa khai báo địa chỉ thư điện tử công vụ của Ủy ban nhân dân phường Gia Viên" in whole


def test_which_question_is_like_which(house: World) -> None:
    assert f"Đã liên kết câu hỏi {ONE} với {TWO}" in order_today(house, f"Liên kết {ONE} và {TWO}")
    (pair,) = house.rows(question_link)
    assert (pair["first_id"], pair["second_id"]) == (1, 2)


@pytest.mark.parametrize("clause", ["từ chối đ vì không rõ", "từ chối hvì thuộc Bộ"])
def test_no_reason_goes_out_under_a_clause_that_is_none(house: World, clause: str) -> None:
    assert "không rõ từ chối theo điểm nào" in order_today(house, f"{TWO} {clause}")
    assert house.statuses() == ["forwarded", "needs_review"]


def test_time_is_given_to_the_day_that_the_officer_means(house: World) -> None:
    house.answers("unit_forward", UNIT, "Xin gia hạn đến ngày 30/12/2026 vì phải kiểm tra")
    for said in ("gia hạn thêm 5 ngày", "đồng ý gia hạn đến 31/02/2027", "đồng ý gia hạn đến thứ sáu"):
        assert "Cần ghi rõ ngày, sau hạn hiện nay (20/10/2026)" in order_today(house, f"{ONE} {said}")
    assert "đến 26/10/2026 (25/10/2026 là ngày nghỉ)" in order_today(house, f"{ONE} đồng ý gia hạn đến 25/10")
    (row,) = house.rows(assignment)
    assert str(row["due_on"]) == "2026-10-26"


def test_a_bare_yes_grants_what_stands_in_that_mail(house: World) -> None:
    house.answers("unit_forward", UNIT, "Xin gia hạn đến ngày 30/10/2026 vì phải kiểm tra")
    assert f"“{ONE} đồng ý gia hạn đến …”" in order_today(house, f"{ONE} đồng ý"), (
        "the morning's mail is about no wish"
    )
    assert "đến 30/10/2026" in order_today(house, "Đồng ý", "officer_alert")
    (row,) = house.rows(assignment)
    assert str(row["due_on"]) == "2026-10-30"


def test_a_field_is_corrected_to_what_was_meant(house: World) -> None:
    told = order_today(house, f"{ONE} sửa họ tên thành Nguyễn Văn Ân; sửa đt: 0912 000 999")
    assert told.count("Đã làm") == 2
    row = house.house.questions[0]
    assert (row["asker_name"], row["asker_phone"]) == ("Nguyễn Văn Ân", "0912 000 999")


def test_a_signature_orders_nothing(house: World) -> None:
    told = order_today(
        house, "Ghi chú: đã xem\n\nTrần Văn Nam\nChuyên viên Văn phòng UBND thành phố", "officer_review"
    )
    assert told.count("Đã làm") == 1
    assert house.statuses() == ["forwarded", "needs_review"]
    assert "Chưa làm" in order_today(house, "Bác Hùng xem giúp em câu này", "officer_review")
    assert house.statuses() == ["forwarded", "needs_review"]
