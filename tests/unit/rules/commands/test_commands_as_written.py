"""Commands as an office writes them in its first month: lists, several numbers, introductions, wrong numbers."""

import time
from datetime import date

import pytest

from rules.commands.commands import MISNUMBERED, NO_ORDER, UNREAD, Command, read_commands
from rules.reply.unit_names import near_units
from rules.values.data_file import Source, load_units

pytestmark = pytest.mark.wide

DAY = date(2026, 10, 5)
ONE, TWO, THREE = "HP-2026-000001", "HP-2026-000002", "HP-2026-000003"


def read(text: str) -> tuple[Command, ...]:
    return read_commands(text, on=DAY, unread=True)


def verbs(text: str) -> list[tuple[str, str]]:
    return [(one.verb, one.question) for one in read(text)]


def test_each_of_several_questions_is_tied_to_the_one_that_they_are_like() -> None:
    """Eighteen households of one petition got nothing, and "Đã làm" quoted all of them."""
    found = read(f"{TWO}, {THREE} trùng với {ONE}")
    assert [(one.verb, one.question, one.text) for one in found] == [("link", TWO, ONE), ("link", THREE, ONE)]


@pytest.mark.parametrize(
    "line",
    [
        f"{ONE}, {TWO}: chuyển SXD",
        f"{ONE} và {TWO} chuyển SXD",
        f"chuyển {ONE}, {TWO} cho SXD",
        f"Chuyển SXD {ONE}; {TWO}",
        f"Chuyển câu {ONE} và câu {TWO} đến Sở Xây dựng",
        f"{ONE} {TWO} chuyen sxd",
    ],
)
def test_a_command_for_several_questions_is_one_for_each(line: str) -> None:
    found = read(line)
    assert [(one.verb, one.question, one.unit) for one in found] == [("forward", ONE, "SXD"), ("forward", TWO, "SXD")]


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        (f"Ký nhận {ONE}, {TWO}", "sign"),
        (f"Đóng {ONE} và {TWO}", "close"),
        (f"Tình trạng {ONE}, {TWO}", "status"),
        (f"{ONE}, {TWO} ghi chú: đã gọi", "note"),
        (f"Từ chối h {ONE}, {TWO} vì thuộc Bộ Tài chính", "reject"),
    ],
)
def test_no_number_of_several_is_left_out(line: str, verb: str) -> None:
    assert verbs(line) == [(verb, ONE), (verb, TWO)]
    assert TWO not in read(line)[0].text or verb == "status"


@pytest.mark.parametrize(
    ("line", "verb"),
    [
        (f"Từ chối k vì trùng với {TWO}", "reject"),
        (f"Hỏi lại: câu {TWO} của ông đã được trả lời chưa?", "ask"),
        (f"Ghi chú: giống {TWO}, đã gọi", "note"),
        (f"Đóng vì trùng {TWO}", "close"),
        ("Không đồng ý gia hạn vì câu " + TWO + " đã gia hạn", "refuse_extension"),
    ],
)
def test_a_question_named_in_passing_is_not_decided(line: str, verb: str) -> None:
    (one,) = read(line)
    assert (one.verb, one.question) == (verb, "")
    assert TWO in one.text


@pytest.mark.parametrize("line", [f"trùng {ONE} với {TWO}", f"{ONE} và {TWO} trùng nhau", f"{ONE} nối với {TWO}"])
def test_which_question_is_like_which(line: str) -> None:
    (one,) = read(line)
    assert (one.verb, one.question, one.text) == ("link", ONE, TWO)


@pytest.mark.parametrize(
    "line",
    [
        "HP-2026-000001chuyển SXD",
        f"1/ {ONE} chuyển SXD",
        f"1- {ONE} chuyển SXD",
        f"a) {ONE} chuyển SXD",
        f"Kính chuyển SXD {ONE}",
        f"Dear Ban, {ONE} chuyển SXD",
        f"{ONE} chuyển lại cho SXD",
    ],
)
def test_shapes_of_one_line(line: str) -> None:
    assert [(one.verb, one.question, one.unit) for one in read(line)] == [("forward", ONE, "SXD")]


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE}\nchuyển SXD\nghi chú: đã gọi",
        f"Câu hỏi {ONE}:\n- chuyển SXD\n- ghi chú: đã gọi",
        f"* {ONE}\n\n+ Chuyển SXD.\n+ Ghi chú đã gọi",
    ],
)
def test_a_number_alone_is_that_of_the_commands_below(text: str) -> None:
    assert verbs(text) == [("forward", ONE), ("note", ONE)]


def test_headings_follow_one_another() -> None:
    assert verbs(f"{ONE}\nchuyển SXD\n{TWO}:\nký nhận\n{THREE}\nTrân trọng") == [
        ("forward", ONE), ("sign", TWO), ("status", THREE),
    ]  # fmt: skip


def test_an_introduction_hides_no_command() -> None:
    text = f"Em gửi kết quả phân loại hôm nay ạ\n{ONE} chuyển SXD\n{TWO} ký nhận"
    assert verbs(text) == [("forward", ONE), ("sign", TWO)]
    assert verbs("Việc này em đã hỏi phòng chuyên môn.\nChuyển SXD") == [("forward", "")]


@pytest.mark.parametrize(
    "text",
    [
        "Nếu Sở đồng ý thì\nchuyển SXD",
        "Chưa rõ việc này\nchuyển SXD",
        "Việc này của ai?\nChuyển SXD",
        "Chuyển SXD được không?",
        "Chuyển Sở Y tế rồi: chờ họ",
        "Đăng ký hộ bà Na rồi",
    ],
)
def test_a_condition_or_a_question_is_no_order(text: str) -> None:
    assert {one.verb for one in read(text)} <= {NO_ORDER}
    assert read_commands(text, on=DAY) == ()


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE} ghi chú: " + f", {TWO} sửa tên: a" * 2000,
        "chuyển SXD, " * 4000,
        ", ".join(f"HP-2026-{number:06d}" for number in range(3000)) + " chuyển SXD",
        f"{ONE} ghi chú: a, b, c; d. e và f rồi g\n" * 400,
        f"{ONE} mở lại vì " + "dân nói chưa rõ, " * 2000,
        "Đường trước nhà hỏng, mong Sở Xây dựng sửa, và cho biết bao giờ xong; xin cảm ơn.\n" * 400,
    ],
    ids=["commas", "units", "numbers", "lines", "reasons", "prose"],
)
def test_a_long_mail_is_read_in_time(text: str) -> None:
    read("x")
    begun = time.process_time()
    read(text)
    assert time.process_time() - begun < 3


def test_an_approval_is_still_its_first_word() -> None:
    assert read_commands("Tôi đã đọc kỹ\nDuyệt", on=DAY) == ()


@pytest.mark.parametrize(
    "line",
    [
        "HP-000001 chuyển SXD",
        "000001 chuyển SXD",
        "12 chuyển SXD",
        "câu 12 chuyển SXD",
        "12/2026 chuyển SXD",
        "HP-2026-0000001 chuyển SXD",
        "HP-2026-O00001 chuyển SXD",
        "HP-26-1 chuyển SXD",
    ],
)
def test_a_wrong_number_is_told_and_the_other_lines_are_done(line: str) -> None:
    assert [one.verb for one in read(line)] == [MISNUMBERED]
    assert [one.verb for one in read(f"{line}\n{TWO} ký nhận")] == [MISNUMBERED, "sign"]
    assert [one.verb for one in read(f"{TWO} ký nhận\n{line}")] == ["sign", MISNUMBERED]


def test_a_line_gone_wrong_between_others_is_told() -> None:
    assert [one.verb for one in read(f"{ONE} ký nhận\nchueyn SXD\n{TWO} ký nhận")] == ["sign", UNREAD, "sign"]
    assert [one.verb for one in read(f"{ONE} ký nhận\nNguyễn Văn Chuyên\nPhòng Tiếp dân")] == ["sign"]


@pytest.mark.parametrize(
    ("first", "second", "asked_back"),
    [
        ("1. ", "2. ", True),
        ("- ", "- ", True),
        ("1. ", "1. ", False),
        ("2. ", "1. ", False),
        ("1. ", "- ", False),
        ("- ", "2. ", False),
        ("a) ", "2. ", False),
    ],
)
def test_only_the_next_item_of_the_same_list_is_asked_back(first: str, second: str, asked_back: bool) -> None:
    found = read(f"{first}{ONE} chuyển SXD\n{second}gọi bà Na giúp chị")
    assert [one.verb for one in found] == ["forward", *([UNREAD] if asked_back else [])]


@pytest.mark.parametrize(
    "line",
    [
        "Chuyên viên Sở Xây dựng",
        "Chuyen vien So Xay dung",
        "Đồng chí Nam xem giúp",
        "Bác Hùng xem giúp em",
        "Giao thông",
        "Trung tâm Hành chính công",
        "Phòng Tiếp dân Sở Nội vụ",
        "Gửi từ iPhone của tôi",
        "Nơi nhận: như trên",
    ],
)
def test_signatures_and_greetings_are_no_orders(line: str) -> None:
    assert read(line) == ()
    assert [one.verb for one in read(f"Ký nhận\nNguyễn Văn Chuyên\n{line}")] == ["sign"]


def test_reasons_of_two_citizens_do_not_run_together() -> None:
    first, second = read(f"{ONE} từ chối h vì thuộc Bộ Tài chính; {TWO} từ chối k vì đã trả lời")
    assert (first.text, second.question, second.clause) == ("thuộc Bộ Tài chính", TWO, "10.1.k")
    first, second = read(f"{ONE} chuyển SXD, {TWO} chuyển SYT")
    assert (first.unit, first.supporting, second.unit) == ("SXD", (), "SYT")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("sửa họ tên thành Trần Thị Bình", "Trần Thị Bình"),
        ("sửa họ tên là Trần Thị Bình", "Trần Thị Bình"),
        ("sửa họ tên: Lã Thành Long", "Lã Thành Long"),
        ("sửa tên Lã Thị Kim", "Lã Thị Kim"),
        ("sửa tên Thành Long", "Thành Long"),
        ("sửa địa chỉ người hỏi: số 5 Lê Lợi", "số 5 Lê Lợi"),
        ("sửa lại địa chỉ: số 5 Lê Lợi", "số 5 Lê Lợi"),
        ("cập nhật địa chỉ thành số 5 Lê Lợi", "số 5 Lê Lợi"),
        ("sửa đ/c: số 5 Lê Lợi", "số 5 Lê Lợi"),
        ("sửa đt: 0912 000 111", "0912 000 111"),
        ("sửa số điện thoại thành 0912 000 111", "0912 000 111"),
    ],
)
def test_what_a_field_becomes(line: str, text: str) -> None:
    (one,) = read(f"{ONE} {line}")
    assert (one.verb, one.text) == ("correct", text)
    assert one.field


def test_two_corrections_of_one_line() -> None:
    found = read(f"{ONE} sửa tên: Lê Văn A; sửa đt: 0912 000 111")
    assert [(one.field, one.question, one.text) for one in found] == [
        ("name", ONE, "Lê Văn A"), ("phone", ONE, "0912 000 111"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "line", ["kí nhận tất cả", "ký nhận toàn bộ", "ký hết", "Đồng ý ký nhận tất cả", "đã ký nhận hết ạ"]
)
def test_all_are_signed(line: str) -> None:
    assert [(one.verb, one.text) for one in read(line)] == [("sign", "all")]


@pytest.mark.parametrize("line", [f"ký nhận tất cả trừ {ONE}", "Ký nhận tất cả các câu, trừ câu đầu"])
def test_all_but_one_is_not_all(line: str) -> None:
    assert [(one.verb, one.question, one.text) for one in read(line)] == [("sign", "", "except")]


@pytest.mark.parametrize("line", ["từ chối đ vì x", "từ chối hvì thuộc Bộ", "từ chối theo khoản 3 Điều 9 vì x"])
def test_a_clause_that_is_none_is_not_taken_for_h(line: str) -> None:
    assert read(line)[0].clause == "?"


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("CA TP", "CATP"), ("VP UBND", "VPUB"), ("Ban QLKKT", "BQLKKT"), ("thuế", "THUE"), ("bảo hiểm", "BHXH"),
        ("thanh tra", "TTRA"), ("Sở Lao động", "SNV"), ("S XD", "SXD"), ("nước sạch", "CAPNUOC"), ("sở gt", "SXD"),
    ],
)  # fmt: skip
def test_units_as_they_are_called(said: str, unit: str) -> None:
    assert [one.unit for one in read(f"{ONE} chuyển {said}")] == [unit]


@pytest.mark.parametrize(
    ("said", "code"),
    [("Ngô Quyền", "UBND_NGOQUYEN"), ("sxdd", "SXD"), ("SởXây dựng", "SXD"), ("xã An Dương", "UBND_ANDUONG")],
)
def test_units_that_may_be_meant(said: str, code: str) -> None:
    here = [one for one in load_units(Source()).values() if one.valid_on(DAY)]
    assert code in [one.code for one in near_units(said, here)]
    assert near_units("đơn vị khác", here) == ()
