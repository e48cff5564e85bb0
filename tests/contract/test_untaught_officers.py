"""What an officer who was taught no command writes in plain words is done, and each who is concerned is told."""

from dataclasses import replace
from pathlib import Path

import pytest

from db.core.tables import assignment
from rules.decide.base.facts import Person
from tests.contract.test_desk import REVIEWED
from tests.dose import each_third
from tests.installation import HEAD, OFFICER, answer_to, letter, subject_of, text_of, unit_address
from tests.support.acts import untouched
from tests.world import World, order, said, vouched

ASKER, TWO = "ba@dan.test", "HP-2026-000002"


@pytest.fixture
def house(house: World) -> World:
    """Question 1 lies with the unit, question 2 before the officer; both are bystanders of each other."""
    first, second = {"message_id": "<1@dan.test>"}, {"message_id": "<2@dan.test>"}
    house.begin("two", lambda: (house.ask(**first), house.ask(REVIEWED, "ba@dan.test", **second)))
    return house


@pytest.mark.parametrize(
    "text",
    [
        "Tôi đọc kỹ rồi, việc này của ngành y tế. Giao Sở Y tế nhé, chiều tôi bận họp.",
        "câu 2 chuyển Sở Y tế",
    ],
)
def test_an_order_among_plain_sentences_is_carried_out(house: World, text: str) -> None:
    assert "Đã chuyển" in order(house, text)
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD", "SYT"]


SIGNED = "\n\nTrân trọng,\nPhạm Thị Thu Hà\nChuyên viên Văn phòng Ban - ĐT 0225.3000.xxx"


def test_a_units_name_above_a_signature_is_the_answer_to_which_unit(house: World) -> None:
    assert "Đã chuyển" in order(house, f"Sở Y tế{SIGNED}")
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD", "SYT"]


@pytest.mark.parametrize("below", ["Khoan, để chị hỏi lại phòng đã", "Nếu họ nhận", "Phòng này để chị hỏi lại"])
def test_what_stands_below_a_signature_is_no_part_of_it(house: World, below: str) -> None:
    assert "Chưa" in order(house, f"Sở Y tế{SIGNED}\n{below}")
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD"]


def test_what_an_officer_says_of_himself_is_not_told_to_the_unit(house: World) -> None:
    assert "lời nhắn" not in order(house, "Chuyển Sở Y tế giúp anh, anh đang đi cơ sở")
    assert "cơ sở" not in text_of(house.last("unit_forward", unit_address("SYT")))


@pytest.mark.parametrize("text", ["Chuyển câu 1 cho Sở Y tế", "Từ chối câu 1 vì ngoài phạm vi thành phố"])
def test_an_order_about_another_number_is_asked_back(house: World, text: str) -> None:
    assert "Số câu hỏi chưa đúng" in order(house, text)
    assert house.statuses() == ["forwarded", "needs_review"]


@pytest.mark.parametrize(
    "text",
    [
        "Chuyển Sở Y tế, che tên dân đi",
        "Chuyển Sở Y tế, đừng nêu tên người hỏi",
        "chuyen SYT giau ten nguoi gui nhe",
        "Giao Sở Y tế nhé.\nGiữ kín danh tính người hỏi giúp chị.",
    ],
)
def test_a_letter_is_not_sent_whole_to_a_unit_that_is_not_to_learn_who_asks(house: World, text: str) -> None:
    assert "Đã chuyển" not in order(house, text)
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD"]
    assert house.statuses() == ["forwarded", "needs_review"]


def test_the_officer_hears_why_and_sends_it_by_the_prepared_order(house: World) -> None:
    told = order(house, "Chuyển Sở Y tế nhé, giữ kín danh tính người gửi")
    assert "nguyên văn thư" in told
    assert "chuyển SYT" in told
    assert "Đã chuyển" in order(house, f"{TWO} chuyển SYT")


DRAFT = """Kính gửi Ban Biên tập, Sở Xây dựng dự thảo trả lời như sau để xin ý kiến:
mặt đường trước nhà ông Nguyễn Văn An sẽ được sửa xong trước ngày 20/12/2026.

Nội bộ: đơn vị thi công cũ bị chấm dứt hợp đồng, xin không nêu.
"""


@each_third(
    "text",
    [
        "Gửi dân, bỏ phần cuối",
        "Gửi dân nhưng bỏ tên",
        "Gửi người hỏi, bỏ đoạn nội bộ đi em",
        "Gửi cho dân phần đầu, bỏ đoạn nội bộ",
        "Là câu trả lời, bỏ đoạn nội bộ",
        "la cau tra loi nhung bo cau noi bo",
        "Gửi dân đi, xóa đoạn nội bộ",
        "Gửi dân luôn nhé\nNhớ cắt đoạn nội bộ",
        "Là câu trả lời cho câu khác",
        "Vẫn là câu trả lời cũ",
    ],
)
def test_an_answer_of_which_a_part_is_to_stay_is_not_sent_whole(house: World, text: str) -> None:
    house.answers("unit_forward", unit_address("SXD"), DRAFT)
    before, sent = house.state(), house.last_sent()
    assert "nguyên văn" in order(house, text)
    assert untouched(before, house.state(), "raw_mail")
    assert {row["name"] for row in house.house.sent_with(after=sent)} == {"officer_done"}


def test_words_about_the_portal_and_a_name_that_may_be_told_stop_no_letter(house: World) -> None:
    assert "Đã chuyển" in order(house, "Chuyển Sở Y tế, không cần giấu tên người hỏi. Lên Cổng thì giấu tên.")


@pytest.mark.parametrize("text", ["Hồ sơ 1 thì chuyển Sở Y tế", "Ho so 1 thi chuyen So Y te nhe"])
def test_so_is_one_that_calls_it_a_file(house: World, text: str) -> None:
    assert "Chưa làm" in order(house, text)
    assert house.statuses() == ["forwarded", "needs_review"]
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD"]


def test_the_citizen_is_asked_in_words_for_him(house: World) -> None:
    order(house, "Em hỏi lại người gửi xem nhà họ ở phường nào nhé, chứ thế này chịu.")
    asked = text_of(house.last("citizen_missing", ASKER))
    assert "xin Ông/Bà cho biết" in asked
    assert "ở phường nào" in asked
    assert "chịu" not in asked


def test_who_is_told_that_an_advertisement_is_no_question_may_write_back(house: World) -> None:
    order(house, "Đây là thư quảng cáo bán máy lọc nước, không phải câu hỏi. Bỏ ra khỏi sổ.")
    assert house.statuses() == ["forwarded", "rejected"]
    told = said(house.last("citizen_rejected", ASKER))
    assert "quảng cáo" in told
    assert "trả lời thư này" in told


def test_no_registered_question_ends_without_a_word_of_what_it_is_instead(house: World) -> None:
    told = order(house, "Không phải câu hỏi")
    assert "xin ghi “từ chối" in told
    offered = "HP-2026-000002 từ chối k vì thư không nêu câu hỏi cần trả lời"
    assert told.index(offered) < told.index("HP-2026-000002 chuyển"), "the first of the links"
    assert house.statuses() == ["forwarded", "needs_review"]


@pytest.mark.parametrize(
    "text", ["SĐT bác ấy ghi thiếu, số đúng là {}, sửa vào sổ giúp", "so dt bi sai, {} moi dung"]
)
def test_a_telephone_that_is_called_the_right_one_is_offered_as_a_correction(house: World, text: str) -> None:
    before = house.state()
    assert f"“{TWO} sửa số điện thoại: 0913456789”" in order(house, text.format("0913456789"))
    assert untouched(before, house.state(), "raw_mail")
    assert "sửa số điện thoại" not in order(house, "Gọi bác ấy theo số 0913456789 hỏi xem sao nhỉ")


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Họ tên: Phạm Thị Sáu", "sửa họ tên: Phạm Thị Sáu"),
        ("Địa chỉ: 12 Cát Dài, phường Lê Chân.", "sửa địa chỉ: 12 Cát Dài, phường Lê Chân"),
        (
            f"{TWO}\nHọ và tên: Phạm Thị Sáu\n\nĐịa chỉ: 12 Cát Dài\nSĐT: 0913 456 789",
            "sửa họ và tên: Phạm Thị Sáu; địa chỉ: 12 Cát Dài; sđt: 0913 456 789",
        ),
    ],
)
def test_the_askers_data_alone_are_offered_as_a_correction(house: World, text: str, offered: str) -> None:
    before = house.state()
    assert f"“{TWO} {offered}”" in order(house, text)
    assert untouched(before, house.state(), "raw_mail")
    assert order(house, f"{TWO} {offered}").count("Đã sửa") == offered.count(": ")
    assert "Sửa thông tin" not in order(house, "Họ tên: Phạm Thị Sáu\nAnh xem lại cái này nhé")


def test_who_is_refused_outside_a_session_reads_of_none_and_of_no_answer(house: World) -> None:
    order(house, "HP-2026-000002 từ chối k vì thư không nêu câu hỏi cần trả lời")
    told = said(house.last("citizen_rejected", ASKER))
    assert "nhưng không được trả lời. Theo điểm k" in told
    assert "phiên" not in told
    house.answers("citizen_rejected", ASKER, "Chưa hài lòng: câu hỏi của tôi rất rõ ràng.")
    assert "đơn vị đã trả lời" not in said(house.last("citizen_opinion", ASKER))
    house.let_pass(days=2)
    reminder = said(house.last("officer_alert", OFFICER))
    assert f"ghi “{TWO} mở lại”" in reminder
    assert "khiếu nại" not in reminder


def test_a_question_is_closed_as_its_asker_wishes(house: World) -> None:
    order(house, "Bà cụ lên tận nơi xin rút rồi, đóng hồ sơ lại")
    assert house.statuses() == ["forwarded", "closed"]
    assert house.last("citizen_withdrawal", ASKER)


@pytest.mark.parametrize(
    "text", ["Đóng lại đi", "Dân chưa xin rút, đóng sao được", "Phường làm xong rồi. Đóng câu này lại."]
)
def test_a_question_is_not_closed_by_a_mere_wish_of_the_officer(house: World, text: str) -> None:
    order(house, text)
    assert house.statuses() == ["forwarded", "needs_review"]


def _joined(house: World) -> str:
    """A second officer; the address."""
    made, colleague = house.house, "canbo2@haiphong.test"
    board = made.installation.board
    both = (*board.officers, Person("Lê Thu Hà", colleague, "officer"))
    made.installation = replace(made.installation, board=replace(board, officers=both))
    made.restart()
    return colleague


@pytest.mark.parametrize(
    "second", ["Chuyển SYT", "Từ chối h vì là thẩm quyền của Bộ Tài chính", "Không phải câu hỏi"]
)
def test_of_two_officers_who_answer_one_review_the_first_decides(house: World, second: str) -> None:
    colleague = _joined(house)
    house.ask(REVIEWED, "tu@dan.test", message_id="<3@dan.test>")
    mine, theirs = house.last("officer_review", OFFICER), house.last("officer_review", colleague)
    house.arrive(vouched(answer_to(mine, OFFICER, "Chuyển SXD"), "haiphong.test"))
    before = house.state()
    house.arrive(vouched(answer_to(theirs, colleague, second), "haiphong.test"))
    told = said(house.last("officer_done", colleague))
    assert "đã được quyết định trước đó (đang ở Sở Xây dựng)" in told
    assert untouched(before, house.state(), "raw_mail")
    house.arrive(vouched(answer_to(theirs, colleague, "HP-2026-000003 chuyển SYT"), "haiphong.test"))
    assert [row["unit"] for row in house.rows(assignment)][-1] == "SYT", "with its number it goes on"


MINISTRY = "từ chối h vì thuộc thẩm quyền của Bộ Tài chính"


@pytest.mark.parametrize(
    ("first", "second", "did"),
    [
        ("chuyển SXD", "chuyển SYT", "giao Sở Xây dựng"),
        ("chuyển SXD", MINISTRY, "giao Sở Xây dựng"),
        ("chuyển SXD", "lấy lại câu hỏi", "giao Sở Xây dựng"),
        ("chuyển SXD, phối hợp SYT", "bỏ SYT", "giao Sở Y tế"),
        (MINISTRY, "mở lại vì đây là việc của thành phố", "từ chối câu hỏi"),
        ("chuyển SXD", "đồng ý gia hạn đến 30/10/2026", ""),
        ("chuyển SXD", "ghi chú: đã gọi điện cho người hỏi", ""),
        ("chuyển SXD", "thêm SYT phối hợp", ""),
        ("chuyển SXD, phối hợp SYT", "chuyển SYT, phối hợp SXD", "giao Sở Xây dựng"),
        ("chuyển SXD, phối hợp SYT", "chuyển SNNMT, phối hợp SYT", "giao Sở Xây dựng"),
    ],
)
def test_whose_order_another_officer_undoes_is_told_so(house: World, first: str, second: str, did: str) -> None:
    colleague = _joined(house)
    house.overviews()
    for who, ordered in ((OFFICER, first), (colleague, second)):
        house.house.clock.forward(minutes=10)
        before = house.last_sent()
        house.answers("officer_digest", who, f"{TWO} {ordered}")
    told = [
        said(row["bytes"]) for row in house.house.sent_with(name="officer_alert", recipient=OFFICER, after=before)
    ]
    assert len(told) == bool(did), told
    if did:
        assert f"câu hỏi {TWO} không còn hiệu lực, vì có lệnh sau của Lê Thu Hà. - Lệnh của Ông/Bà" in told[0]
        assert f": {did} - Lê Thu Hà ghi “{TWO} {second}”: " in told[0]


def test_more_time_that_another_officer_sets_anew_is_told_to_who_granted_it(house: World) -> None:
    colleague = _joined(house)
    house.overviews()
    for who, day in ((OFFICER, "30/10/2026"), (OFFICER, "29/10/2026"), (colleague, "26/10/2026")):
        before = house.last_sent()
        line = f"HP-2026-000001 đồng ý gia hạn đến {day}"
        house.answers("officer_digest", who, line)
        told = house.house.sent_with(name="officer_alert", after=before)
        assert [row["recipient"] for row in told] == [OFFICER] * (who == colleague)
    assert "đồng ý gia hạn - Lê Thu Hà ghi" in said(told[0]["bytes"])


def test_what_an_officer_takes_back_or_writes_of_other_questions_is_not_offered(house: World) -> None:
    assert f"ghi “{TWO} chuyển" not in order(house, "thôi không chuyển SXD nữa")
    told = order(house, f"hỏi lại xem HP-2026-000001 chuyển SYT, {TWO} chuyển STP nhé")
    assert "hỏi lại: xin Ông/Bà" not in told


def test_beyond_the_cap_one_mail_says_so_and_the_morning_counts_the_rest(house: World) -> None:
    house.house.clock.forward(days=1)
    house.overviews()
    digest = house.last("officer_digest", OFFICER)
    before = house.last_sent()
    for number in range(1, 15):
        text = f"Việc số {number} này để tôi xem lại rồi báo sau nhé"
        house.arrive(vouched(answer_to(digest, OFFICER, text, message_id=f"<w{number}@haiphong.test>")))
    sent = [(str(one["name"]), str(one["recipient"])) for one in house.house.sent_with(after=before)]
    assert sent == [*[("officer_done", OFFICER)] * 3, ("officer_alert", OFFICER)], "neither silence nor a loop"
    alert = house.last("officer_alert", OFFICER)
    assert "từ thư này đến hết ngày không trả lời từng thư" in said(alert)
    house.arrive(vouched(answer_to(alert, OFFICER, "Tôi đã nhận thư này rồi, đang đi họp")))
    assert len(house.house.sent_with(after=before)) <= 5, "a machine that answers it is not answered for ever"
    house.arrive(vouched(answer_to(digest, OFFICER, f"{TWO} chuyển SYT", message_id="<good@haiphong.test>")))
    assert f"Đã chuyển câu hỏi {TWO}" in said(house.last("officer_done", OFFICER)), "an order is done and answered"
    house.house.clock.forward(days=1)
    house.overviews()
    assert "11 thư chưa hiểu của cán bộ, lãnh đạo chưa được trả lời" in said(house.last("officer_digest", OFFICER))


def test_help_without_a_question_lists_what_the_guide_teaches(house: World) -> None:
    house.house.clock.forward(days=1)
    house.overviews()
    told = order(house, "Trợ giúp", "officer_digest").lower()
    guide = (Path(__file__).parents[2] / "docs" / "huong-dan-can-bo.md").read_text("utf-8")
    taught = guide.partition("| chuyển đến đơn vị |")[2].partition("| xem lại danh sách này |")[0].lower()
    for words in (
        *("phối hợp syt", "bỏ syt", "từ chối h vì", "từ chối k vì", "hỏi lại:", "nhắc đơn vị", "đồng ý gia hạn đến"),
        *(
            "không đồng ý gia hạn",
            "sửa địa chỉ:",
            "trùng với hp-",
            "ghi chú:",
            "ký nhận",
            "tình trạng hp-",
            "cho rút câu",
        ),
        *(
            "trình đăng",
            "gỡ đăng",
            "vì sao giữ",
            "cho chuyển tệp",
            "không phải câu hỏi",
            "là câu trả lời",
            "mở lại vì",
        ),
        *("báo đã nhận", "nhờ đơn vị viết lại:", "chuyển cho người hỏi:", "gửi bổ sung cho người hỏi:", "thu hồi"),
        *("chuyển ý kiến cho đơn vị", "đã báo người hỏi qua điện thoại"),
    ):
        assert words in taught, words
        assert words in told, words


def test_what_the_head_writes_of_a_question_reaches_the_officers(house: World) -> None:
    house.arrive(vouched(letter(HEAD, "Các đồng chí chuẩn bị báo cáo tháng giúp tôi."), "haiphong.test"))
    before = house.state()
    house.answers("officer_kept", HEAD, "HP-2026-000001 đề nghị xử lý nhanh, báo cáo tôi trong hôm nay.")
    alert = said(house.last("officer_alert", OFFICER))
    assert "đã viết về câu hỏi HP-2026-000001" in alert
    assert "báo cáo tôi trong hôm nay" in alert
    assert "Đã làm" not in said(house.last("officer_done", HEAD))
    assert untouched(before, house.state(), "raw_mail", "outbox")


@each_third(
    ("text", "code"),
    [
        ("câu 1 đến đâu rồi?", "HP-2026-000001"),
        ("Tình trạng câu 1", "HP-2026-000001"),
        ("câu hỏi số 2 đến đâu rồi", TWO),
        ("câu 7 đến đâu rồi?", ""),
        ("chuyển câu 1 cho Sở Y tế", ""),
        ("nhắc câu 1", ""),
        ("câu 1 đến đâu rồi, chuyển Sở Y tế đi", ""),
        ("đóng câu 1", ""),
        ("gia hạn câu 1 đến 30/10/2026", ""),
        ("từ chối câu 1 vì ngoài phạm vi thành phố", ""),
        ("trả lời câu 1 ý 2 đến đâu rồi", ""),
    ],
)
def test_a_state_alone_is_told_by_the_last_digits_too(house: World, text: str, code: str) -> None:
    house.house.clock.forward(days=1)
    house.overviews()
    before = house.state()
    told = order(house, text, "officer_digest")
    assert (f"Tình trạng: “{text}”. Câu hỏi {code}: " in told) == bool(code)
    assert "Đã làm" not in told
    assert untouched(before, house.state(), "raw_mail", "outbox", "journal")


def test_each_numbered_line_of_an_order_is_done_or_asked_back(house: World) -> None:
    lines = ("1. Chuyển Sở Y tế", "2. Đề nghị sở trả lời trước 15/10", "3. Báo lại dân khi có kết quả")
    told = order(house, "\n".join(lines))
    assert f"Đã làm: “{lines[0]}”" in told
    assert f"Chưa làm: “{lines[2]}”. Chưa hiểu dòng này" in told
    assert "Đề nghị sở trả lời trước 15/10" in said(house.last("unit_forward", unit_address("SYT")))


def test_a_numbered_line_below_a_question_to_the_asker_is_not_asked_of_him(house: World) -> None:
    told = order(house, "1. Hỏi lại: nhà ông ở phường nào\n2. Có kết quả thì báo chị Hương")
    assert "Chưa làm: “2. Có kết quả thì báo chị Hương”. Chưa hiểu dòng này" in told
    asked = text_of(house.last("citizen_missing", ASKER))
    assert "nhà ông ở phường nào" in asked
    assert "Hương" not in asked


def test_an_item_of_a_list_is_not_called_done_with_the_order_below_it(house: World) -> None:
    told = order(house, "1. Dặn văn thư lưu hồ sơ\n2. Chuyển Sở Y tế")
    assert "Chưa làm: “1. Dặn văn thư lưu hồ sơ" in told
    assert "Đã làm" not in told


@pytest.mark.parametrize("text", ["1. Báo chị Hương\n2. Chuyển Sở Y tế", "- Dặn văn thư\n- Chuyển Sở Y tế"])
def test_a_line_of_the_list_before_its_order_is_asked_back_too(house: World, text: str) -> None:
    told = order(house, text)
    assert f"Chưa làm: “{text.splitlines()[0]}”. Chưa hiểu dòng này" in told
    assert "Đã chuyển" in told


@pytest.mark.parametrize("mail", ["officer_review", "officer_digest"])
def test_who_tells_of_a_telephone_call_is_offered_to_register_it(house: World, mail: str) -> None:
    if mail == "officer_digest":
        house.house.clock.forward(days=1)
        house.overviews()
    before = house.state()
    call = "Ông Nguyễn Văn Tư, 12 Lạch Tray, gọi điện hỏi về tiền nước tháng 9 tăng gấp đôi"
    told = order(house, call, mail)
    assert f"ghi “Đăng ký hộ: Nội dung: {call}”" in told
    assert "Đã làm" not in told
    assert untouched(before, house.state(), "raw_mail", "outbox", "journal")
    order(house, f"Đăng ký hộ: Nội dung: {call}", "officer_done")
    assert call in str(house.house.questions[-1]["content"])


OUTLOOK = (
    "________________________________\nTừ: Ban Biên tập <doithoai@haiphong.test>\n"
    "Đã gửi: Thứ Hai, 05 Tháng Mười 2026\nTới: Cán bộ\nChủ đề: Cần xem xét\n\n"
    "HP-2026-000002 chuyển SYT\nChuyển Sở Y tế\n"
)


@pytest.mark.parametrize("text", ["", "Gửi từ iPhone của tôi", OUTLOOK])
def test_a_reply_of_quotation_alone_is_told_to_be_empty(house: World, text: str) -> None:
    told = order(house, text)
    assert "Thư không có chữ nào ngoài phần trích dẫn và chữ ký" in told
    assert "đã viết" not in told
    assert "“”" not in told
    assert "“" not in subject_of(house.last("officer_done", OFFICER))
    assert house.statuses() == ["forwarded", "needs_review"]


def test_an_order_below_the_quotation_is_read(house: World) -> None:
    quoted = answer_to(house.last("officer_review", OFFICER), OFFICER, "").decode()
    house.arrive(vouched(f"{quoted}\n\nChuyển Sở Y tế nhé\n".encode()))
    assert house.statuses() == ["forwarded", "forwarded"]


@pytest.mark.parametrize("text", ["Bỏ niêm phong đi em", "bo niem phong", "Thư này không cần niêm phong"])
def test_a_mail_that_is_not_sealed_cannot_be_unsealed(house: World, text: str) -> None:
    assert "Thư này không bị niêm phong" in order(house, text)
    assert house.statuses() == ["forwarded", "needs_review"]


def test_a_question_is_not_linked_with_itself(house: World) -> None:
    assert f"{TWO} chính là câu hỏi này" in order(house, f"Trùng với {TWO}")
    assert "Đã liên kết" in order(house, "Trùng với HP-2026-000001")
