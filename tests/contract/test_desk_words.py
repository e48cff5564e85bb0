"""Orders as officers write them, from the mail to the register, the units and the answer."""

from datetime import timedelta

import pytest

from db.core.tables import assignment, question_link
from tests.contract.test_desk import REVIEWED
from tests.dose import each_third
from tests.installation import MONDAY, SXD, text_of, unit_address
from tests.world import World, order_today, said

ONE, TWO = "HP-2026-000001", "HP-2026-000002"


@pytest.fixture
def house(house: World) -> World:
    """Question 1 lies with the unit, question 2 before the officer, who has the morning's mail."""
    first, second = {"message_id": "<1@dan.test>"}, {"message_id": "<2@dan.test>"}
    house.begin("two", lambda: (house.ask(**first), house.ask(REVIEWED, "ba@dan.test", **second)))
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


@each_third(
    "text",
    [
        "cho ba con nop du giay to roi hang chuyen BHXH",
        "cho ba con nop du giay to roi chuyen BHXH",
        "ba con nop du giay to moi chuyen BHXH",
        "Chờ bà con nộp đủ giấy tờ rồi hẵng chuyển BHXH",
        "Để bà con nộp đủ giấy tờ xong chuyển BHXH",
        f"{TWO} cho phuong bao cao xong chuyen SXD",
        "Chuyen BHXH, cho ba con nop giay to roi hang chuyen",
    ],
)
def test_an_order_that_is_for_later_is_not_carried_out_now(house: World, text: str) -> None:
    before = [house.of_question(one) for one in (ONE, TWO)]
    told = order_today(house, text, "officer_review")
    assert "Đã làm" not in told
    assert "chuyển BHXH" in told or "chuyển SXD" in told, "the forward is offered"
    assert [house.of_question(one) for one in (ONE, TWO)] == before


@pytest.mark.parametrize("text", ["cho ky nhan roi chuyen SYT", "Ký nhận đã rồi chuyển SYT"])
def test_what_the_officer_himself_does_first_postpones_nothing(house: World, text: str) -> None:
    assert order_today(house, text, "officer_review").count("Đã làm") == 2
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD", "SYT"]


@pytest.mark.parametrize(
    "text",
    [
        "Bác đơn, nội dung bịa đặt và xúc phạm cán bộ phường",
        "khong nhan don nay, toan vu khong, xuc pham can bo",
        "Bác đơn vì lời lẽ xúc phạm cán bộ",
    ],
)
def test_who_judges_the_matter_itself_is_asked_for_the_clause(house: World, text: str) -> None:
    before = [house.of_question(one) for one in (ONE, TWO)]
    told = order_today(house, text, "officer_review")
    assert "Chưa làm" in told
    assert "từ chối h vì" in told
    assert [house.of_question(one) for one in (ONE, TWO)] == before
    assert "citizen_rejected" not in house.names("ba@dan.test")


def test_an_insulting_letter_is_refused_with_that_reason(house: World) -> None:
    told = order_today(house, "Không nhận em ạ, lời lẽ trong thư xúc phạm cán bộ phường.", "officer_review")
    assert f"Đã từ chối câu hỏi {TWO}" in told
    assert "lời lẽ xúc phạm người khác" in said(house.last("citizen_rejected", "ba@dan.test"))
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


@pytest.mark.parametrize(
    "text",
    [
        "Giao SYT trả lời, phối hợp có Sở Nội vụ. Em Hoa.",
        "Chuyển SYT chủ trì, phối hợp gồm Sở Nội vụ",
        "giao SYT tra loi, phoi hop la SNV",
        "Chuyển Sở Y tế, có sự phối hợp của Sở Nội vụ",
    ],
)
def test_who_supports_is_told_in_many_words(house: World, text: str) -> None:
    assert "đến Sở Y tế; phối hợp: Sở Nội vụ" in order_today(house, text, "officer_review")
    given = {(row["unit"], row["role"]) for row in house.rows(assignment) if row["question_id"] == 2}
    assert given == {("SYT", "lead"), ("SNV", "support")}


@pytest.mark.parametrize(
    "text",
    [
        "Ký nhận rồi chuyển SGDDT, phối hợp SNV, hạn 12/10",
        "ky nhan roi chuyen SGDDT, phoi hop SNV, han 12/10",
        "ky nhan va chuyen SGDDT, phoi hop SNV",
        "Ký nhận xong chuyển SGDDT, SNV phối hợp",
        "ky nhan chuyen SGDDT phoi hop SNV",
    ],
)
def test_who_signs_and_orders_in_one_line_gets_both(house: World, text: str) -> None:
    before = house.of_question(ONE)
    told = order_today(house, text, "officer_review")
    assert told.count("Đã làm") == 2
    assert "Chưa làm" not in told
    assert house.house.questions[1]["signed_at"] is not None
    given = {(row["unit"], row["role"]) for row in house.rows(assignment) if row["question_id"] == 2}
    assert given == {("SGDDT", "lead"), ("SNV", "support")}
    assert house.of_question(ONE) == before


def test_numbers_with_their_commands_below_an_introduction(house: World) -> None:
    told = order_today(house, f"Em gửi kết quả ạ\n{ONE}:\n- ký nhận\n- ghi chú: đã gọi\n{TWO}\nchuyển sở y tế")
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


@pytest.mark.parametrize(
    "text",
    [
        "từ chối vì thuộc thẩm quyền của Bộ Công an, hướng dẫn dân gửi Bộ Công an",
        "từ chối, ngoài thẩm quyền, hướng dẫn bác ấy gửi đơn sang Bộ Công an nhé",
    ],
)
def test_a_refusal_tells_where_to_turn(house: World, text: str) -> None:
    told = order_today(house, text, "officer_review")
    assert f"Đã từ chối câu hỏi {TWO}" in told
    assert "hướng dẫn liên hệ Bộ Công an" in told
    assert "CÓ THỂ LIÊN HỆ Bộ Công an" in said(house.last("citizen_rejected", "ba@dan.test"))
    assert house.statuses() == ["forwarded", "rejected"]


def test_guidance_without_a_place_is_not_left_out(house: World) -> None:
    told = order_today(house, "từ chối vì thuộc thẩm quyền của Bộ Công an, hướng dẫn dân cho rõ", "officer_review")
    assert "Chưa từ chối" in told
    assert house.statuses() == ["forwarded", "needs_review"]


def test_time_is_given_to_the_day_that_the_officer_means(house: World) -> None:
    house.answers("unit_forward", SXD, "Xin gia hạn đến ngày 30/12/2026 vì phải kiểm tra")
    for words in ("gia hạn thêm 5 ngày", "đồng ý gia hạn đến 31/02/2027", "đồng ý gia hạn đến thứ sáu"):
        assert "Cần ghi rõ ngày, sau hạn hiện nay (20/10/2026)" in order_today(house, f"{ONE} {words}")
    assert "đến 26/10/2026 (25/10/2026 là ngày nghỉ)" in order_today(house, f"{ONE} đồng ý gia hạn đến 25/10")
    (row,) = house.rows(assignment)
    assert str(row["due_on"]) == "2026-10-26"


def test_a_bare_yes_grants_what_stands_in_that_mail(house: World) -> None:
    house.answers("unit_forward", SXD, "Xin gia hạn đến ngày 30/10/2026 vì phải kiểm tra")
    assert f"“{ONE} đồng ý gia hạn đến …”" in order_today(house, f"{ONE} đồng ý"), "that mail is about no wish"
    assert "đến 30/10/2026" in order_today(house, "Đồng ý", "officer_alert")
    (row,) = house.rows(assignment)
    assert str(row["due_on"]) == "2026-10-30"


def test_a_field_is_corrected_to_what_was_meant(house: World) -> None:
    told = order_today(house, f"{ONE} sửa họ tên thành Nguyễn Văn Ân; sửa đt: 0912 000 999")
    assert told.count("Đã làm") == 2
    row = house.house.questions[0]
    assert (row["asker_name"], row["asker_phone"]) == ("Nguyễn Văn Ân", "0912 000 999")


@pytest.mark.parametrize(
    ("text", "name", "address", "phone"),
    [
        ("sửa điện thoại: 0912000222, địa chỉ: số 7 Lạch Tray", "", "số 7 Lạch Tray", "0912000222"),
        ("sửa họ tên: Nguyễn Văn Ân, địa chỉ: số 7 Lạch Tray", "Nguyễn Văn Ân", "số 7 Lạch Tray", ""),
        ("sửa họ tên: Lê Văn Ân; đ/c: số 7 Lê Lợi; sđt: 0912000222 ạ", "Lê Văn Ân", "số 7 Lê Lợi", "0912000222"),
    ],
)
def test_a_line_with_two_data_corrects_both(house: World, text: str, name: str, address: str, phone: str) -> None:
    before, other = house.house.questions
    told = order_today(house, f"{ONE} {text}")
    assert told.count("Đã sửa") == sum(bool(one) for one in (name, address, phone))
    row, bystander = house.house.questions
    assert row["asker_name"] == (name or before["asker_name"])
    assert row["asker_address"] == (address or before["asker_address"])
    assert row["asker_phone"] == (phone or before["asker_phone"])
    assert bystander == other


@pytest.mark.parametrize(
    "text",
    [
        "sửa điện thoại: 0912000222, số 7 Lạch Tray",
        "sửa điện thoại: 0912000222 hoặc 0912000333",
        "sửa họ tên: Nguyễn Văn Ân, địa chỉ số 7 Lạch Tray",
        "sửa địa chỉ: số 7 Lạch Tray, 0912000222",
    ],
)
def test_data_that_cannot_be_told_apart_are_asked_back(house: World, text: str) -> None:
    before = house.house.questions
    assert "mỗi mục một dòng" in order_today(house, f"{ONE} {text}")
    assert house.house.questions == before


def test_a_reminder_goes_to_all_units_that_it_names(house: World) -> None:
    order_today(house, f"{TWO} chuyển SXD, phối hợp SYT")
    before = house.last_sent()
    told = order_today(house, f"{TWO} nhắc SXD, SYT, STC trả lời trước 5/12")
    assert "Đã nhắc Sở Xây dựng, Sở Y tế trả lời" in told
    assert "không nhắc Sở Tài chính vì không còn nợ" in told
    assert set(told_units(house, before)) == {"SXD", "SYT"}


def test_a_signature_orders_nothing(house: World) -> None:
    told = order_today(house, "Ghi chú: đã xem\n\nTrần Văn Nam\nChuyên viên Văn phòng UBND TP", "officer_review")
    assert told.count("Đã làm") == 1
    assert house.statuses() == ["forwarded", "needs_review"]
    assert "Chưa làm" in order_today(house, "Bác Hùng xem giúp em câu này", "officer_review")
    assert house.statuses() == ["forwarded", "needs_review"]


def told_units(house: World, after: int) -> dict[str, list[str]]:
    """What units were told since: code → kinds of mail."""
    sent = house.house.sent_with(after=after)
    units = ("SXD", "SYT", "STC", "SGDDT")
    return {
        code: [str(one["name"]) for one in sent if one["recipient"] == unit_address(code)]
        for code in units
        if any(one["recipient"] == unit_address(code) for one in sent)
    }


def of_two(house: World) -> list[tuple[str, str, str]]:
    """Unit, role and state of each item of question 2."""
    rows = [row for row in house.rows(assignment) if row["question_id"] == 2]
    return [(str(row["unit"]), str(row["role"]), str(row["status"])) for row in rows]


def test_a_new_lead_and_its_support_hear_of_each_other(house: World) -> None:
    order_today(house, f"{TWO} chuyển SXD, phối hợp SYT")
    assert "Đơn vị phối hợp: Sở Y tế" in said(house.last("unit_forward", SXD))
    before = house.last_sent()
    told = order_today(house, f"{TWO} chuyển STC")
    assert f"Đã chuyển câu hỏi {TWO} đến Sở Tài chính; vẫn phối hợp: Sở Y tế" in told
    assert f"“{TWO} bỏ SYT”" in told
    assert told_units(house, before) == {"SXD": ["unit_told"], "SYT": ["unit_told"], "STC": ["unit_forward"]}
    assert "nay do Sở Tài chính chủ trì trả lời" in said(house.last("unit_told", unit_address("SYT")))
    assert "không phải trả lời câu hỏi này nữa" in said(house.last("unit_told", SXD))
    assert "Đơn vị phối hợp: Sở Y tế" in said(house.last("unit_forward", unit_address("STC")))
    assert of_two(house) == [
        ("SXD", "lead", "replaced"),
        ("SYT", "support", "forwarded"),
        ("STC", "lead", "forwarded"),
    ]


def test_a_support_that_is_named_anew_is_asked_once(house: World) -> None:
    order_today(house, f"{TWO} chuyển SXD, phối hợp SYT")
    before = house.last_sent()
    order_today(house, f"{TWO} chuyển STC, phối hợp SYT")
    assert told_units(house, before) == {"SXD": ["unit_told"], "SYT": ["unit_forward"], "STC": ["unit_forward"]}
    assert [one for one in of_two(house) if one[2] == "forwarded"] == [
        ("STC", "lead", "forwarded"),
        ("SYT", "support", "forwarded"),
    ]
    order_today(house, f"{TWO} chuyển SYT")
    assert [one for one in of_two(house) if one[2] == "forwarded"] == [("SYT", "lead", "forwarded")], "it leads now"


def test_a_support_hears_that_its_lead_passed_the_question_on(house: World) -> None:
    order_today(house, f"{TWO} chuyển SXD, phối hợp SYT")
    before = house.last_sent()
    text = "Nội dung không thuộc thẩm quyền của Sở Xây dựng, đề nghị chuyển Sở Tài chính."
    house.answers("unit_forward", SXD, text)
    assert told_units(house, before)["SYT"] == ["unit_told"]
    assert "nay do Sở Tài chính chủ trì" in said(house.last("unit_told", unit_address("SYT")))
    assert "Đơn vị phối hợp: Sở Y tế" in said(house.last("unit_forward", unit_address("STC")))


@each_third(
    "text",
    [
        *("bổ sung Sở Y tế cùng phối hợp giải quyết", "gửi thêm SYT phối hợp", "thêm đơn vị phối hợp: Sở Y tế"),
        *("mời thêm Sở Y tế phối hợp", "gửi thêm cho sở y tế phối hợp", "thêm SYT phối hợp", "them so y te phoi hop"),
        *("phối hợp SYT", "giao SYT phối hợp", "gửi thêm Sở Y tế nhé", "đề nghị bổ sung Sở Y tế phối hợp"),
        "liên quan cả bệnh viện, gửi thêm cho Sở Y tế cùng phối hợp trả lời nhé em",
    ],
)
def test_a_unit_that_is_added_supports_the_one_that_has_the_question(house: World, text: str) -> None:
    order_today(house, f"{TWO} chuyển SXD")
    before = house.last_sent()
    told = order_today(house, f"{TWO} {text}")
    assert f"Đã gửi câu hỏi {TWO} đến Sở Y tế để phối hợp; Sở Xây dựng vẫn chủ trì" in told
    assert told_units(house, before) == {"SYT": ["unit_forward"], "SXD": ["unit_told"]}
    assert "phối hợp với Sở Xây dựng là đơn vị chủ trì" in said(house.last("unit_forward", unit_address("SYT")))
    lead = said(house.last("unit_told", SXD))
    assert "có thêm đơn vị phối hợp: Sở Y tế. Quý đơn vị vẫn chủ trì trả lời" in lead
    assert of_two(house) == [("SXD", "lead", "forwarded"), ("SYT", "support", "forwarded")]
    citizen = [one for one in house.house.sent_with(after=before) if one["recipient"] == "ba@dan.test"]
    assert citizen == [], "the requester's unit is the same"


@each_third(
    ("text", "why"),
    [
        ("chuyển SYT phối hợp với SXD", "chưa rõ Sở Y tế chủ trì hay phối hợp"),
        ("thêm Sở Y tế phối hợp được không?", "Chưa làm"),
        ("Sở Y tế đã phối hợp rồi", "Chưa làm"),
        ("không cần thêm SYT phối hợp", "không làm gì"),
        ("bổ sung địa chỉ của Sở Y tế", "Chưa làm"),
        ("mời thêm Sở Y tế dự họp chiều nay", "Chưa làm"),
        ("thêm SXD phối hợp", "đang ở Sở Xây dựng"),
    ],
)
def test_in_doubt_no_unit_is_added_and_none_loses_the_question(house: World, text: str, why: str) -> None:
    order_today(house, f"{TWO} chuyển SXD")
    before = house.last_sent()
    assert why.lower() in order_today(house, f"{TWO} {text}").lower()
    assert told_units(house, before) == {}
    assert of_two(house) == [("SXD", "lead", "forwarded")]


def test_a_unit_supports_nobody_before_one_leads(house: World) -> None:
    told = order_today(house, f"{TWO} thêm SYT phối hợp")
    assert f"chưa có đơn vị chủ trì; xin ghi “{TWO} chuyển …, phối hợp SYT”" in told
    assert of_two(house) == []
    order_today(house, f"{TWO} chuyển SXD\n{TWO} thêm SYT và STC phối hợp")
    assert of_two(house) == [
        ("SXD", "lead", "forwarded"),
        ("SYT", "support", "forwarded"),
        ("STC", "support", "forwarded"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        *("bỏ SYT", "Bỏ Sở Y tế", "thôi SYT phối hợp", "thôi phối hợp Sở Y tế", "bỏ phối hợp SYT", "Bỏ SYT nhé"),
        *("thôi Sở Y tế phối hợp", "bỏ đơn vị phối hợp Sở Y tế"),
    ],
)
def test_a_supporting_unit_is_taken_off_and_told(house: World, text: str) -> None:
    order_today(house, f"{TWO} chuyển SXD, phối hợp SYT")
    before = house.last_sent()
    assert f"Sở Y tế thôi phối hợp trả lời câu hỏi {TWO}; đã báo đơn vị" in order_today(house, f"{TWO} {text}")
    assert told_units(house, before) == {"SYT": ["unit_told"]}
    assert "không phải phối hợp trả lời câu hỏi HP-2026-000002 nữa" in said(house.last("unit_told"))
    assert of_two(house) == [("SXD", "lead", "forwarded"), ("SYT", "support", "replaced")]


@each_third(
    ("text", "why"),
    [
        ("bỏ SXD", "đang chủ trì"),
        ("bỏ SGDDT", "không phối hợp trả lời"),
        ("bỏ Sở Y tế không?", "chưa làm"),
        ("bỏ qua thư trước", "Chưa làm"),
        ("bỏ SYT thì ai trả lời phần bệnh viện?", "Chưa làm"),
        ("thôi để mai tính", "Chưa làm"),
        ("thôi, Sở Y tế đã gọi điện rồi", "Đã ghi nhận"),
        ("đừng bỏ SYT", "Chưa làm"),
        ("nếu Sở Y tế không trả lời thì bỏ SYT", "Chưa làm"),
        ("bỏ số điện thoại của Sở Y tế trong câu trả lời", "Chưa làm"),
        ("Bộ Y tế đã trả lời việc này", "Chưa làm"),
        ("thôi Sở Y tế làm cũng được", "Chưa làm"),
    ],
)
def test_other_words_take_no_unit_off(house: World, text: str, why: str) -> None:
    order_today(house, f"{TWO} chuyển SXD, phối hợp SYT")
    before = house.last_sent()
    assert why.lower() in order_today(house, f"{TWO} {text}").lower()
    assert told_units(house, before) == {}
    assert of_two(house) == [("SXD", "lead", "forwarded"), ("SYT", "support", "forwarded")]


@pytest.mark.parametrize(
    ("text", "hints", "never"),
    [
        ("này của phường, để anh hỏi lại", ["hỏi lại: "], "xin Ông/Bà"),
        ("gửi sở: nêu rõ nguồn vốn", ["nhắc đơn vị: nêu rõ nguồn vốn"], "xin Ông/Bà"),
        ("à nhầm, phải là bên Sở Y tế chứ không phải Sở Xây dựng", ["chuyển SYT"], "chuyển SXD"),
        ("em bỏ lệnh vừa rồi giúp chị", ["lấy lại câu hỏi"], "chuyển SXD"),
    ],
)
def test_what_is_not_understood_offers_what_was_meant(house: World, text: str, hints: list[str], never: str) -> None:
    before = house.statuses(), house.rows(assignment)
    told = order_today(house, f"{ONE} {text}")
    assert ([one for one in hints if f"{ONE} {one}" in told], never in told) == (hints, False), told
    assert (house.statuses(), house.rows(assignment)) == before
