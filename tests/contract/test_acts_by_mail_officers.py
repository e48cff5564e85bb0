"""What officers, leaders and citizens write by mail: understood, confirmed where it must be, never silent."""

import time

import pytest

from db.core.tables import assignment
from rules.commands import likely_orders
from rules.commands.command import NO_ORDER
from tests.contract.test_desk import REVIEWED
from tests.contract.test_prepared_links import prepared
from tests.dose import each_third
from tests.installation import HEAD, OFFICER, SXD, answer_to, files_of, letter, subject_of, text_of, unit_address
from tests.support.acts import untouched
from tests.world import World, asker_says, order, order_today, said, vouched

ONE, TWO = "HP-2026-000001", "HP-2026-000002"
SECRET = """Tôi tố cáo ông Nguyễn Văn X, Giám đốc Sở Xây dựng thành phố,
nhận hối lộ 200 triệu đồng khi cấp phép xây dựng.
Đề nghị xử lý nghiêm hành vi tham nhũng này.

Trần Văn Tố
Số 4 đường Cái Tắt, phường An Hải
0988 001 104
"""


@pytest.fixture
def house(house: World) -> World:
    """Question 1 lies with the unit, question 2 before the officer; both are bystanders of each other."""
    first, second = {"message_id": "<1@dan.test>"}, {"message_id": "<2@dan.test>"}
    house.begin("two", lambda: (house.ask(**first), house.ask(REVIEWED, "ba@dan.test", **second)))
    return house


@each_third(
    "text",
    [
        "Đã chuyển SYT bằng văn bản hôm qua",
        "Tôi đã chuyển Sở Y tế rồi, chờ họ trả lời",
        "da chuyen so y te",
        "Vừa chuyển SYT",
        "Sẽ chuyển SYT",
        "Chưa chuyển SYT",
        "Đừng chuyển SYT, để tôi hỏi lại",
        "Nếu dân bổ sung thì chuyển SYT",
        "Chuyển SYT có được không?",
        "Chuyển SYT khi nào có đủ địa chỉ",
        "đã từ chối rồi vì ngoài phạm vi",
    ],
)
def test_a_report_a_condition_a_question_is_no_order(house: World, text: str) -> None:
    told = order(house, text)
    assert house.statuses() == ["forwarded", "needs_review"]
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD"]
    assert "Đã làm" not in told


def test_a_report_is_kept_with_its_question(house: World) -> None:
    assert "Đã ghi nhận" in order(house, "Đã chuyển SYT bằng văn bản hôm qua")
    assert [row["notes"] for row in house.house.questions] == ["", "Đã chuyển SYT bằng văn bản hôm qua"]


def test_a_courtesy_is_no_report(house: World) -> None:
    assert "Đã làm" in order(house, "Dạ chuyển SYT ạ")


def test_a_forward_takes_its_remark_and_date_along(house: World) -> None:
    told = order(house, "Chuyển SYT, đề nghị trả lời trước ngày 10/10")
    assert "kèm lời nhắn “đề nghị trả lời trước ngày 10/10”" in told
    assert "đề nghị trả lời trước ngày 10/10" in text_of(house.last("unit_forward", unit_address("SYT")))
    assert "trước ngày 10/10" not in text_of(house.last("unit_forward", SXD)), "the other question's unit"


@pytest.mark.parametrize(
    "text",
    [
        "Chuyển SXD\nÀ nhầm, chuyển SYT",
        "Chuyển SXD, à nhầm, chuyển SYT",
        "Cho sang SXD... à nhầm, SYT. Việc y tế.",
    ],
)
def test_a_slip_stops_what_stands_before_it(house: World, text: str) -> None:
    assert "Đã bỏ theo dòng sau" in order(house, text)
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD", "SYT"], "the first is the other question's"


@each_third(
    "text",
    [
        "tu choi h ko",
        "tu choi diem h ko em",
        "Hỏi lại dân số nhà. Chuyển SYT",
        "Hỏi lại dân: số nhà? và chuyển SYT",
        f"Đóng {ONE}, {TWO} thì giữ",
        f"Ký nhận {ONE} đến {TWO}",
        f"Ký nhận tất cả, riêng {TWO} để chị xem",
        f"Chuyển {ONE} và {TWO} lần lượt cho SYT và SGDDT",
        f"{TWO} trùng {ONE} không",
        f"{TWO} trung voi {ONE} thi phai",
        f"{TWO} trùng với {ONE} nên chuyển SYT",
    ],
)
def test_what_asks_or_is_not_meant_of_all_that_it_names_is_asked_back_whole(house: World, text: str) -> None:
    before, sent = house.state(), house.last_sent()
    assert "Chưa làm" in order(house, text)
    assert untouched(before, house.state(), "raw_mail")
    assert {row["name"] for row in house.house.sent_with(after=sent)} == {"officer_done"}


@pytest.mark.parametrize(
    "text",
    [
        "Từ chối điểm k vì hết tiền, mà đừng nói dân biết",
        "tu choi diem k vi het tien, dung noi dan biet",
        "Từ chối điểm k vì lý do nội bộ, dân hỏi thì bảo là chưa rõ",
        "Từ chối điểm h vì ngoài thẩm quyền, giữa em với chị thôi nhé",
    ],
)
def test_a_reason_with_words_for_a_colleague_is_told_to_nobody(house: World, text: str) -> None:
    before, sent = house.state(), house.last_sent()
    assert "nguyên văn" in order(house, text)
    assert untouched(before, house.state(), "raw_mail")
    assert {row["name"] for row in house.house.sent_with(after=sent)} == {"officer_done"}


@pytest.mark.parametrize(
    "behind", [". Nhớ mai họp em nhé", ", nói khéo với dân nhé", ", tiện thể em gửi chị file báo cáo", ". Cảm ơn em"]
)
def test_words_to_a_colleague_behind_a_reason_end_it(house: World, behind: str) -> None:
    order(house, f"Từ chối điểm k vì nội dung đã được trả lời tại văn bản số 12/SXD{behind}")
    reason = said(house.last("citizen_rejected"))
    assert "văn bản số 12/SXD" in reason
    assert behind.strip(" ,.") not in reason


@pytest.mark.parametrize(
    "below", ["Nguyễn Thị Khoan\nChuyên viên, ĐT 0912 000 999", "Lan\nVăn phòng, gõ vội từ điện thoại"]
)
def test_a_signature_below_the_closing_takes_nothing_back(house: World, below: str) -> None:
    assert "Đã chuyển" in order(house, f"Chuyển SYT em ơi.\nTrân trọng,\n{below}")
    assert "lời nhắn" not in said(house.last("officer_done")), "a vocative is no word for the unit"


def test_a_postscript_below_the_closing_is_read(house: World) -> None:
    order(house, "Chuyển SYT\nCảm ơn em\nP/S: thêm SGDDT phối hợp")
    units = [(row["unit"], row["role"]) for row in house.rows(assignment)]
    assert units == [("SXD", "lead"), ("SYT", "lead"), ("SGDDT", "support")], "the first is the other question's"


def test_what_is_not_done_below_an_order_is_another_thing(house: World) -> None:
    assert "Đã chuyển" in order(house, "Chuyển SYT\nKhông chuyển SXD")
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD", "SYT"], "the first is the other question's"


@each_third(
    "text",
    [
        "Từ chối h vì ngoài phạm vi. Xin lỗi, tôi ghi nhầm câu, bỏ lệnh này nhé.",
        "Chuyen SXD. Em ghi nham roi a",
        "Chuyển SXD\nHủy lệnh này giúp em",
        "Chuyển SXD. Ấy chết em nhìn nhầm dòng, bỏ nhé.",
        "Chuyen SXD. Thoi chet em nham",
        "Sau khi có kết quả đo đạc thì thêm Sở Tài chính phối hợp",
        "Chuyển SXD\nĐừng chuyển vội nhé",
        "Chuyển SXD\nChờ chị xem lại đã",
        "Chuyển SXD\nThôi khỏi",
        "Chuyển SXD\nĐọc kỹ đã",
        "Chuyển SXD\nCâu trên bỏ nhé",
        "Chuyển SXD\nP/s: không gửi nữa",
        "chuyen SXD\nkhoan da em",
        "Chuyển SXD\nKhoan đã em ơi",
        "Chuyển SXD\nCảm ơn em\nÀ thôi đừng chuyển nhé",
        "Chuyển SXD.\nTrân trọng,\nLan\n\nChờ chị xem lại đã",
        "Chuyển SXD\nCảm ơn em\nP/s: không gửi nữa",
    ],
)
def test_who_takes_the_order_back_in_the_same_mail_orders_nothing(house: World, text: str) -> None:
    order(house, text)
    assert house.statuses() == ["forwarded", "needs_review"]


@pytest.mark.parametrize(
    "text",
    [
        "Từ chối",
        "Từ chối vì thiếu địa chỉ",
        "Không tiếp nhận vì trùng câu trước",
        "Từ chối k đủ căn cứ trả lời",
        "Không tiếp nhận, k phải việc của thành phố",
    ],
)
def test_no_letter_of_the_clause_is_assumed(house: World, text: str) -> None:
    assert "không rõ từ chối theo điểm nào" in order(house, text)
    assert house.statuses() == ["forwarded", "needs_review"]


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Câu này chắc thuộc Sở Y tế", f"{TWO} chuyển SYT"),
        ("Bảo ông ấy ghi rõ địa chỉ đã, mai tính", f"{TWO} hỏi lại: xin Ông/Bà ghi rõ địa chỉ"),
        ("?", f"{TWO} hỏi lại"),
        ("Bên y tế người ta rành việc khám chữa bệnh này hơn, chắc là của họ", f"{TWO} chuyển SYT"),
    ],
)
def test_who_is_not_understood_is_offered_acts_for_the_number_at_hand(house: World, text: str, offered: str) -> None:
    told = order(house, text)
    assert "CÓ PHẢI Ý ÔNG/BÀ LÀ" in told
    assert offered in told
    assert not [word for word in ("đóng", "từ chối", "gỡ") if f"ghi “{TWO} {word}" in told.lower()]


@pytest.mark.parametrize("text", ["Trùng câu {} rồi, nối lại.", "Hình như câu này trùng với câu 1, em nối giúp"])
def test_the_link_to_a_question_like_it_keeps_the_number_that_was_written(house: World, text: str) -> None:
    order(house, text.format(ONE))
    links = [body for _, _, _, body in prepared(house.last("officer_done", OFFICER))]
    assert f"{TWO} trùng với {ONE}" in links
    assert house.statuses() == ["forwarded", "needs_review"]


def test_the_likeliest_act_by_all_words_comes_first(house: World) -> None:
    """By single words a note ("vừa chuyển"); by the whole mail an order that names its unit."""
    told = order(house, "Lẽ ra phải giao ngay cho Sở Y tế chứ để mãi làm gì")
    first = told[told.index("CÓ PHẢI Ý ÔNG/BÀ LÀ") :].partition("ghi “")[2]
    assert first.startswith(f"{TWO} chuyển SYT”")
    assert house.statuses() == ["forwarded", "needs_review"]


def test_what_surely_sounds_like_no_order_is_asked_back(house: World, monkeypatch: pytest.MonkeyPatch) -> None:
    heard = {likely_orders.ORDERS: {NO_ORDER: 1.0}, likely_orders.ACTS: {"forward": 1.0}}
    monkeypatch.setattr(likely_orders, "shares", lambda name, *_, **__: heard.get(name, {}))
    told = order(house, "Giao Sở Y tế nhé, chị Hoa bên ấy rành lắm")
    assert "Chưa rõ thư đã quyết định hay còn cân nhắc" in told
    assert f"{TWO} chuyển SYT" in told
    assert house.statuses() == ["forwarded", "needs_review"]
    order(house, f"{TWO} chuyển SYT")
    assert house.statuses() == ["forwarded", "forwarded"]


def test_a_second_numbered_order_is_no_words_of_the_first(house: World) -> None:
    order(house, f"{TWO} từ chối h vì thuộc thẩm quyền của Bộ Tài chính, {ONE} chuyển SYT")
    assert house.statuses() == ["forwarded", "rejected"]
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD", "SYT"]
    assert ONE not in text_of(house.last("citizen_rejected", "ba@dan.test"))


def test_a_house_number_at_the_head_of_a_line_is_read_by_the_citizen(house: World) -> None:
    order(house, f"{TWO} hỏi lại: nhà mình ở\n02 Lê Lợi hay 17 Lê Lợi?")
    assert "02 Lê Lợi hay 17 Lê Lợi?" in text_of(house.last("citizen_missing", "ba@dan.test"))


@pytest.mark.parametrize(
    ("name", "who", "act"),
    [("citizen_missing", "ba@dan.test", "hỏi lại"), ("unit_reminder", SXD, "nhắc đơn vị")],
)
def test_of_two_lines_of_one_kind_each_is_sent(house: World, name: str, who: str, act: str) -> None:
    code = TWO if name == "citizen_missing" else ONE
    before = house.last_sent()
    said_of = ("xin cho biết số nhà", "xin gửi ảnh hiện trường", "xin cho biết số nhà")
    told = order(house, "\n".join(f"{code} {act}: {one}" for one in said_of))
    assert told.count("Đã làm") == len(said_of)
    sent = [said(bytes(one["bytes"])) for one in house.house.sent_with(after=before, name=name, recipient=who)]
    assert [[one in text for one in said_of[:2]] for text in sent] == [[True, False], [False, True]]


def test_a_remark_behind_an_order_with_a_number_is_read_by_the_unit_and_is_no_order(house: World) -> None:
    told = order(house, f"{ONE} nhắc SXD, không gia hạn nữa\n{TWO} chuyển SYT, mở lại đường cho dân đi")
    assert "Chưa rõ" not in told
    assert "mở lại đường cho dân đi" in text_of(house.last("unit_forward"))
    assert not house.house.sent_with(name="unit_extension_refused")


@pytest.mark.parametrize("joint", [" và", ","])
def test_an_order_behind_a_link_is_about_the_question_that_is_linked(house: World, joint: str) -> None:
    house.ask(REVIEWED.replace("cây", "cành cây"), "ca@dan.test", message_id="<3@dan.test>")
    order(house, f"{TWO} trùng với {ONE}{joint} chuyển SYT")
    assert house.statuses() == ["forwarded", "forwarded", "needs_review"]


def test_the_end_of_a_session_that_is_not_there_is_told_as_such(house: World) -> None:
    assert "Không có phiên đối thoại nào đang" in order(house, "Phiên kết thúc lúc 10h30")


def test_help_speaks_of_the_number_at_hand(house: World) -> None:
    told = order(house, "Trợ giúp")
    assert f"Với câu hỏi {TWO}" in told
    assert "gia hạn" not in told, "no unit has it yet"
    assert len(told.split()) < 150


def sealed(house: World) -> int:
    proof = ("bien-nhan.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(60_000))
    raw = letter("to@dan.test", SECRET, subject="Đơn tố cáo", message_id="<3@dan.test>", attachments=[proof])
    house.arrive(vouched(raw))
    (row,) = [one for one in house.house.mails if one["sealed"]]
    return int(str(row["id"]))


@each_third(
    "text",
    [
        "Đã chuyển Thanh tra thành phố theo quy định",
        "Chuyển SNNMT",
        "Đăng ký",
        "Tôi đã đọc kỹ. Đăng ký như câu hỏi bình thường.",
        "Chuyển SXD",
        "Hỏi lại: ai?",
        "Duyệt",
        "Chuyển SNNMT\nXác nhận chuyển SNNMT",
        "Xác nhận chuyển SNNMT",
        "Cho chuyển tệp",
    ],
)
def test_no_denunciation_leaves_by_one_mail(house: World, text: str) -> None:
    sealed(house)
    before = house.state()
    sent = len(house.house.sent)
    order(house, text, "officer_denunciation")
    assert untouched(before, house.state(), "raw_mail", "used_token")
    assert {row["recipient"] for row in house.house.sent[sent:]} == {OFFICER}


def test_a_denunciation_leaves_by_a_second_mail_that_names_who_reads_it(house: World) -> None:
    number = sealed(house)
    assert "Chưa làm gì" in order(house, "Chuyển SNNMT", "officer_denunciation")
    asked = text_of(house.last("officer_confirm", OFFICER))
    assert unit_address("SNNMT") in asked
    assert "1 tệp kèm theo" in asked
    assert "hối lộ" not in asked
    assert "Chưa có đề nghị xác nhận" in order(house, "Xác nhận chuyển SYT", "officer_confirm")
    assert "Chưa làm" in order(house, "Xác nhận chuyển SNNMT không", "officer_confirm")
    assert "Đã đăng ký và chuyển" in order(house, "Xác nhận chuyển SNNMT", "officer_confirm")
    (row,) = [one for one in house.house.mails if one["id"] == number]
    assert (row["sealed"], row["fate"]) == (False, "register")


def test_a_denunciation_never_goes_to_the_unit_that_it_names(house: World) -> None:
    sealed(house)
    assert "không được chuyển đơn cho đơn vị mà đơn nhắc đến" in order(house, "Chuyển SXD", "officer_denunciation")
    assert not house.house.sent_with(name="officer_confirm")


def test_a_unit_that_a_file_names_does_not_get_it_either(house: World) -> None:
    text = "Tôi tố cáo hành vi nhận hối lộ của ông Năm, cán bộ thanh tra xây dựng, đề nghị giữ bí mật tên tôi. " * 3
    file = ("don.txt", "text/plain", "Kính gửi: Sở Y tế\nÔng Năm làm ở Sở Nội vụ từ năm 2019.".encode())
    raw = letter("to@dan.test", text, subject="Đơn tố cáo", message_id="<3@dan.test>", attachments=(file,))
    house.arrive(vouched(raw))
    refused = "không được chuyển đơn cho đơn vị mà đơn nhắc đến"
    assert refused in order(house, "Chuyển SNV", "officer_denunciation")
    assert refused not in order(house, "Chuyển SYT", "officer_denunciation"), "it is only addressed to that one"


BRIBED = "đã nhận hối lộ 50 triệu đồng của nhà thầu để bỏ qua sai phạm, tôi có ghi âm làm bằng chứng."
MR_HUNG = f"tôi tố cáo ông Trần Văn Hùng, Trưởng phòng của Sở Y tế, {BRIBED}"


@each_third(
    ("subject", "text", "named"),
    [
        ("Hỏi", f"Kính gửi Ban Biên tập, {MR_HUNG}", True),
        ("Hỏi", f"Kính gửi Ban Biên tập {MR_HUNG}", True),
        ("Hoi", f"kinh gui: ban bien tap. toi to cao ong Tran Van Hung, truong phong cua so y te, {BRIBED}", True),
        ("Hỏi", f"Gửi Ban Biên tập, Thanh tra thành phố: {MR_HUNG}", True),
        ("Hỏi", f"Kính gửi Ban Biên tập, ông Giám đốc Sở Y tế\n{BRIBED} Tôi tố cáo việc này.", True),
        ("Hỏi", f"Tôi tố cáo ông Trần Văn Hùng, Trưởng phòng của Sở\nY tế, {BRIBED}", True),
        ("Gửi đơn tố cáo Sở Y tế", f"Tôi tố cáo ông Trần Văn Hùng, trưởng phòng, {BRIBED}", True),
        ("Gửi Sở Y tế", f"Tôi tố cáo ông Trần Văn Hùng, trưởng phòng, {BRIBED}", False),
        ("Hỏi", f"Kính gửi: Sở Nội vụ, Sở Y tế TP. Hải Phòng, tôi tố cáo ông Hùng, trưởng phòng, {BRIBED}", False),
        ("Hỏi", f"Kính gửi đồng chí Giám đốc Sở Y tế!\nTôi tố cáo ông Hùng, trưởng phòng, {BRIBED}", False),
    ],
)
def test_a_unit_that_a_denunciation_names_behind_its_salutation_is_named(
    house: World, subject: str, text: str, named: bool
) -> None:
    house.arrive(vouched(letter("to@dan.test", text, subject=subject, message_id="<3@dan.test>")))
    told = order(house, "Chuyển SYT", "officer_denunciation")
    assert ("không được chuyển đơn cho đơn vị mà đơn nhắc đến" in told) is named
    assert len(house.house.sent_with(name="officer_confirm")) == (not named)


@pytest.mark.parametrize(
    "text",
    [
        "Đã xử lý",
        "Không phải câu hỏi",
        "Đóng",
        "Sáng nay tôi đã chuyển Thanh tra thành phố bản giấy có niêm phong. Đã xử lý.",
    ],
)
def test_one_mail_ends_a_denunciation_and_it_stays_sealed(house: World, text: str) -> None:
    number = sealed(house)
    assert "vẫn được niêm phong" in order(house, text, "officer_denunciation")
    (row,) = [one for one in house.house.mails if one["id"] == number]
    assert (row["status"], row["sealed"], row["kind"]) == ("done", True, "denunciation")


@each_third(
    ("text", "told"),
    [
        ("Đã xử lý\nNgười nhận việc: Lê Văn Bảy", "thư còn nói điều khác"),
        ("Đã xử lý\nlà họ nói thế, tôi chưa thấy văn bản", "thư còn nói điều khác"),
        ("Hôm qua anh Bảy đã chuyển Thanh tra thành phố. Đã xử lý chưa?", ""),
        ("Tôi đã chuyển Thanh tra thành phố. Đã xử lý. Nhưng chưa thấy họ ký nhận.", ""),
        ("Tôi đã chuyển Thanh tra thành phố sáng nay.", "Nếu việc đã xong"),
        ("Đúng là tố cáo, cất riêng, không chuyển cho ai hết.", "Đã ghi nhận"),
        ("dung la to cao roi, giu kin, khong gui di dau nhe", "Nếu việc đã xong"),
    ],
)
def test_a_denunciation_is_not_ended_beside_other_words(house: World, text: str, told: str) -> None:
    number = sealed(house)
    assert told in order(house, text, "officer_denunciation")
    (row,) = [one for one in house.house.mails if one["id"] == number]
    assert (row["status"], row["sealed"]) == ("held", True)


def test_an_answer_from_another_address_is_no_question(house: World) -> None:
    raw = answer_to(house.last("officer_review", OFFICER), "nha@dan.test", "Chuyển SYT")
    before = len(house.house.questions)
    house.arrive(vouched(raw))
    assert len(house.house.questions) == before
    assert house.statuses() == ["forwarded", "needs_review"]
    told = text_of(house.last("citizen_elsewhere", "nha@dan.test"))
    assert "đúng hộp thư" in told
    assert TWO not in told


def test_the_citizen_is_told_only_where_a_mail_leaves(house: World) -> None:
    dictated = "Đăng ký hộ:\nHọ tên: Trần Thị Bình\nĐiện thoại: 0912 345 678\nNội dung: Bao giờ mở lại chợ ở đây ạ?"
    order(house, dictated)
    code = house.house.questions[-1]["code"]
    told = order(house, f"{code} từ chối h vì thuộc Bộ Tài chính")
    assert "và báo người hỏi" not in told
    assert "chưa được báo" in told
    order(house, f"{code} đã báo người hỏi qua điện thoại ngày 05/10/2026")
    assert "qua điện thoại ngày 05/10/2026" in str(house.house.questions[-1]["notes"])


ANSWER = "Sở Xây dựng trả lời: mặt đường được sửa trong quý I năm 2027.\n\nPhó Giám đốc\nNguyễn Văn A"


@pytest.fixture
def answered(house: World) -> World:
    house.begin("answered", lambda: house.answers("unit_forward", SXD, ANSWER))
    assert house.statuses()[0] == "answered"
    return house


def test_the_answer_asks_for_an_opinion_in_one_line(answered: World) -> None:
    text = text_of(answered.last("citizen_answered", "an@dan.test"))
    assert "“Hài lòng”, hoặc “Chưa hài lòng: …”" in text


@pytest.mark.parametrize("text", ["Chưa hài lòng: tôi hỏi đoạn cổng trường", "Tôi không đồng ý với câu trả lời"])
def test_who_is_not_content_is_passed_on_by_an_officer(answered: World, text: str) -> None:
    assert asker_says(answered, text, "citizen_answered") == [
        ("citizen_opinion", "an@dan.test"),
        ("officer_review", OFFICER),
    ]
    assert [row["content_with_answer"] for row in answered.house.questions] == ["no", ""]
    review = said(answered.last("officer_review", OFFICER))
    assert "đơn khiếu nại" not in review
    assert f"{ONE} chuyển ý kiến cho đơn vị" in review
    assert "Đã chuyển ý kiến của người hỏi đến Sở Xây dựng" in order(answered, f"{ONE} chuyển ý kiến cho đơn vị")
    assert text.partition(":")[0] in text_of(answered.last("unit_opinion", SXD))
    assert [row["status"] for row in answered.house.mails if row["kind"] == "follow_up"] == ["done"]


def test_the_files_of_an_opinion_go_along_and_held_ones_do_not(answered: World) -> None:
    picture = b"\x89PNG\r\n\x1a\n" + b"\0" * 100
    photo, program = ("so.png", "image/png", picture), ("so.exe", "application/octet-stream", b"MZ" + b"\0" * 60)
    answered.answers("citizen_answered", "an@dan.test", "Chưa hài lòng: xem ảnh sổ", attachments=[photo, program])
    order(answered, f"{ONE} chuyển ý kiến cho đơn vị")
    told = answered.last("unit_opinion", SXD)
    assert files_of(told) == {"so.png": picture}
    assert "- so.png" in text_of(told)


def test_an_opinion_is_passed_on_in_reply_to_the_morning_mail_that_lists_it(answered: World) -> None:
    order_today(answered, f"{TWO} chuyển SYT", "officer_review")
    answered.answers("unit_forward", unit_address("SYT"), ANSWER)
    answered.house.clock.forward(days=1)
    asker_says(answered, "Chưa hài lòng: tôi hỏi đoạn trước cổng trường", "citizen_answered")
    answered.answers("citizen_answered", "ba@dan.test", "Chưa hài lòng: tôi hỏi về vắc xin")
    answered.overviews()
    listed = said(answered.last("officer_digest", OFFICER))
    assert "Chưa hài lòng" not in listed
    assert listed.count("Chuyển ý kiến cho đơn vị đã trả lời") == 2
    told = order_today(answered, f"{ONE} chuyển ý kiến cho đơn vị")
    assert "Đã chuyển ý kiến của người hỏi đến Sở Xây dựng" in told
    assert "trước cổng trường" in text_of(answered.last("unit_opinion", SXD))
    held = [row["from_email"] for row in answered.house.mails if row["status"] == "held"]
    assert held == ["ba@dan.test"], "the other one waits on"
    again = order_today(answered, f"{ONE} chuyển ý kiến cho đơn vị nhé")
    assert "Không có thư nào của người hỏi chuyển được từ đây" in again
    assert f"“{ONE} Chuyển ý kiến cho đơn vị”" not in again, "it has just been refused"


@pytest.mark.parametrize(
    ("text", "not_again"), [("chuyển SXD", f"{ONE} chuyển SXD"), ("chuyển Sở Xây dựng", f"{ONE} chuyển SXD")]
)
def test_what_has_just_been_refused_is_not_proposed_again(house: World, text: str, not_again: str) -> None:
    house.overviews()
    told = order_today(house, f"{ONE} {text}")
    assert "đang ở Sở Xây dựng" in told
    assert f"“{not_again}”" not in told.partition("đang ở Sở Xây dựng")[2]


def test_a_partial_completion_is_answered(house: World) -> None:
    house.arrive(vouched(letter("c@dan.test", REVIEWED.split("\n\n")[0], message_id="<9@dan.test>")))
    assert "address" in str(house.house.questions[-1]["missing"])
    assert asker_says(house, "ĐC: 5 Trường Chinh", "citizen_received", "c@dan.test") == [
        ("citizen_completed", "c@dan.test")
    ]
    assert "address" not in str(house.house.questions[-1]["missing"])


def test_yes_to_an_old_alert_does_not_grant_a_newer_day(house: World) -> None:
    """The department asks for one day, then for a later one; "Đồng ý" below the first alert grants neither."""
    asked = [one for one in house.house.sent if (one["name"], one["recipient"]) == ("unit_forward", SXD)][-1]["bytes"]
    for until in ("25/10/2026", "30/10/2026"):
        house.arrive(vouched(answer_to(asked, SXD, f"Xin gia hạn đến {until} vì chờ khảo sát")))
        house.house.clock.forward(minutes=5)
    alerts = [
        one["bytes"] for one in house.house.sent if one["name"] == "officer_alert" and one["recipient"] == OFFICER
    ]
    before = [row["due_on"] for row in house.rows(assignment)]
    house.arrive(vouched(answer_to(alerts[0], OFFICER, "Đồng ý")))
    assert "Chưa rõ đồng ý việc gì" in said(house.last("officer_done", OFFICER))
    assert [row["due_on"] for row in house.rows(assignment)] == before
    house.arrive(vouched(answer_to(alerts[-1], OFFICER, "Đồng ý")))
    assert "30/10/2026" in said(house.last("officer_done", OFFICER))


def test_a_yes_with_a_remark_gives_the_time_and_keeps_the_remark(house: World) -> None:
    asked = [one for one in house.house.sent if (one["name"], one["recipient"]) == ("unit_forward", SXD)][-1]["bytes"]
    house.arrive(vouched(answer_to(asked, SXD, "Xin gia hạn đến 30/10/2026 vì chờ khảo sát")))
    told = order(house, "Đồng ý. Lưu ý đơn vị trả lời đúng hạn.", "officer_alert")
    assert told.count("Đã làm") == 2
    assert "30/10/2026" in told
    assert "đơn vị trả lời đúng hạn" in str([row["notes"] for row in house.house.questions])


@pytest.mark.parametrize("line", ["-" * 60, ". " * 60, "ngày 1-" * 30])
def test_a_line_behind_the_day_of_more_time_is_read_in_straight_time(house: World, line: str) -> None:
    """Each dash behind the comma doubled the time: sixteen took half a minute."""
    house.answers("unit_forward", SXD, "Xin gia hạn đến 30/10/2026 vì chờ khảo sát")
    begun = time.process_time()
    order(house, f"{ONE} đồng ý gia hạn đến 30/10/2026, {line} nhờ gửi ảnh", "officer_alert")
    assert time.process_time() - begun < 10.0


@pytest.mark.parametrize("text", ["giữ nguyên. Tôi vẫn theo dõi. Xin cảm ơn.", "không đồng ý gia hạn"])
def test_a_unit_that_asked_for_no_time_is_not_told_that_it_gets_none(house: World, text: str) -> None:
    before = house.last_sent()
    assert "Chưa làm" in order(house, f"{ONE} {text}")
    assert {str(row["name"]) for row in house.house.sent_with(after=before)} == {"officer_done"}


def test_of_two_who_answer_the_same_request_for_time_the_second_is_told(house: World) -> None:
    asked = house.house.sent_with(name="unit_forward", recipient=SXD)[-1]["bytes"]
    house.arrive(vouched(answer_to(bytes(asked), SXD, "Xin gia hạn đến 30/10/2026 vì chờ khảo sát")))
    assert "Đã gia hạn" in order(house, f"{ONE} đồng ý gia hạn đến 30/10/2026", "officer_alert")
    before = house.last_sent()
    told = order(house, f"{ONE} không đồng ý gia hạn", "officer_alert")
    assert f"trước đó đã đồng ý cho Sở Xây dựng gia hạn câu hỏi {ONE} đến 30/10/2026" in told
    assert {str(row["name"]) for row in house.house.sent_with(after=before)} == {"officer_done"}
    assert "từ trước" in order(house, f"{ONE} đồng ý gia hạn đến 30/10/2026 nhé", "officer_alert")
    assert "Đã sửa hạn" in order(house, f"{ONE} đồng ý gia hạn đến 20/10/2026"), "as the refusal's answer says"
    house.arrive(vouched(answer_to(bytes(asked), SXD, "Xin gia hạn đến 16/11/2026 vì thiếu người")))
    assert "giữ nguyên hạn" in order(house, f"{ONE} không đồng ý gia hạn nữa", "officer_alert")


@pytest.mark.parametrize("text", ["Đồng ý nhưng mà ngày 27 hay 29 thì hơn nhỉ, để tính đã", "ok nhưng hỏi lại họ đã"])
def test_a_yes_with_a_but_neither_grants_nor_refuses_more_time(house: World, text: str) -> None:
    asked = [one for one in house.house.sent if (one["name"], one["recipient"]) == ("unit_forward", SXD)][-1]["bytes"]
    house.arrive(vouched(answer_to(asked, SXD, "Xin gia hạn đến 30/10/2026 vì chờ khảo sát")))
    told = len(house.house.sent)
    assert "Chưa rõ" in order(house, text, "officer_alert")
    assert {one["name"] for one in house.house.sent[told:]} == {"officer_done"}, "the department hears nothing"


@each_third(
    ("text", "day"),
    [
        ("Đồng ý gia hạn đến 30/10/2026 (đơn vị xin đến 16/11/2026)", "2026-10-30"),
        ("Đồng ý gia hạn đến 30/10/2026, Sở xin đến 16/11/2026 là quá dài", "2026-10-30"),
        ("dong y gia han cho So Xay dung den 30/10 thay vi den 16/11", "2026-10-30"),
        ("Đồng ý gia hạn đến 30/10, trước ngày 23/10 phải gửi dân thông tin sơ bộ", "2026-10-30"),
        ("Đồng ý gia hạn như Sở xin đến 30/10, trước ngày 23/10 gửi dân thông tin sơ bộ", "2026-10-30"),
        ("Lùi đến 30/10 vì lãnh đạo đi công tác đến hết 5/11", "2026-10-30"),
        ("Đồng ý gia hạn không quá 30/10, Sở xin đến 16/11", "2026-10-30"),
        ("Đồng ý gia hạn từ 20/10/2026 đến 30/10/2026", "2026-10-30"),
        ("Đồng ý gia hạn, Sở xin đến 16/11, cho đến 30/10", "2026-10-30"),
        ("Đồng ý gia hạn đến 30/10 cho phần 1, đến 16/11 cho phần 2", ""),
        ("Đồng ý gia hạn đến 30/10 hoặc 16/11", ""),
        ("Đồng ý gia hạn đến 30/10, sửa thành 2/11", ""),
        ("Dong y gia han den 30/10, nham, 2/11", ""),
        ("Đồng ý gia hạn đến 30/10 (2/11)", ""),
        ("Đồng ý gia hạn đến 30/10, sửa thành ngày 2 tháng 11", ""),
        ("Dong y gia han den 30/10, sua thanh thu Tu", ""),
        ("Đồng ý gia hạn đến 30-10 (2-11)", ""),
        ("Đồng ý gia hạn đến 30/10 à không 2/11", ""),
        ("Gia hạn vì Sở xin đến 16/11, 30/10 là được", ""),
        ("Dong y gia han den 30/10, 2/11 cung duoc nhe", ""),
        ("Đồng ý gia hạn đến 30/10, 30/10 là được", "2026-10-30"),
        ("Đồng ý gia hạn đến 30/10, 25/10 nhắc họ một lần", "2026-10-30"),
        ("Đồng ý gia hạn đến 30/10 (thứ Sáu, 30/10)", "2026-10-30"),
        ("Dong y gia han den 30/10, dung 17 gio", "2026-10-30"),
        ("Đồng ý gia hạn từ ngày 25/10/2026, đến ngày 30/10/2026", "2026-10-30"),
        ("Đồng ý gia hạn đến 30/10, ý tôi là 3 đơn vị cùng làm", "2026-10-30"),
        ("Đồng ý gia hạn đến 30/10, đúng 10 ngày, họp 2/11", "2026-10-30"),
        ("Đồng ý cho 30/10", "2026-10-30"),
        ("cho 30/10 thay vi 16/11", "2026-10-30"),
        ("Đơn vị xin đến 16/11 anh chỉ cho 30/10", "2026-10-30"),
        ("Đồng ý 5 ngày", ""),
        ("Đồng ý 3 ngày thôi nhé em", ""),
        ("Đồng ý thế nào được", ""),
        ("Không gia hạn sao được", ""),
        ("Không gia hạn quá 16/11", ""),
        ("Không, đồng ý đi", ""),
    ],
)
def test_of_several_days_the_one_behind_the_order_is_granted_or_asked_back(house: World, text: str, day: str) -> None:
    asked = house.house.sent_with(name="unit_forward", recipient=SXD)[-1]["bytes"]
    house.arrive(vouched(answer_to(bytes(asked), SXD, "Xin gia hạn đến 16/11/2026 vì chờ khảo sát")))
    before, due = house.last_sent(), house.rows(assignment)[0]["due_on"]
    told = order(house, text, "officer_alert")
    assert [str(row["due_on"]) for row in house.rows(assignment)] == [day or str(due)]
    assert ("Đã gia hạn" if day else "Chưa làm") in told
    heard = {one["name"] for one in house.house.sent_with(after=before)}
    assert heard == {"officer_done", *(("unit_extension_granted", "citizen_late") if day else ())}
    assert house.statuses() == ["forwarded", "needs_review"]


def test_each_day_of_an_order_that_names_two_is_offered(house: World) -> None:
    order(house, f"{ONE} gia hạn vì Sở xin đến 16/11, 30/10 là được")
    granted = [f"{ONE} đồng ý gia hạn đến {day}/2026" for day in ("16/11", "30/10")]
    assert [one[3] for one in prepared(house.last("officer_done", OFFICER))[:2]] == granted


def test_a_paper_is_approved_by_whom_it_was_put_before_and_by_nobody_else(house: World) -> None:
    """5.2: the letter that asks the Head may be in anybody's hands, and "Duyệt" counts from the Head alone."""
    said = "Sở Xây dựng trả lời: mặt đường được sửa trong quý I năm 2027."
    house.arrive(vouched(answer_to(house.last("unit_forward", SXD), SXD, said), SXD.rpartition("@")[2]))
    assert "Đã trình" in order(house, f"{ONE} trình đăng")
    asked = house.last("head_approval")
    for who in (OFFICER, SXD, "an@dan.test"):
        before = house.state()
        house.arrive(vouched(answer_to(asked, who, "Duyệt"), who.rpartition("@")[2]))
        assert untouched(before, house.state(), "raw_mail"), who
    house.arrive(vouched(answer_to(asked, HEAD, "Duyệt"), HEAD.rpartition("@")[2]))
    assert house.statuses() == ["approved", "needs_review"]


def put_up(house: World) -> bytes:
    """The letter that puts an answer before the Head, to be shown on the portal."""
    said = "Sở Xây dựng trả lời: mặt đường được sửa trong quý I năm 2027."
    house.arrive(vouched(answer_to(house.last("unit_forward", SXD), SXD, said), SXD.rpartition("@")[2]))
    assert "Đã trình" in order(house, f"{ONE} trình đăng")
    return house.last("head_approval")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Được đấy em", "approved"),
        ("OK được", "approved"),
        ("Được không em", "answered"),
        ("Được thì tốt", "answered"),
        ("Chưa được", "answered"),
    ],
)
def test_a_bare_assent_of_the_head_approves_and_a_doubtful_one_does_not(house: World, text: str, status: str) -> None:
    house.arrive(vouched(answer_to(put_up(house), HEAD, text), HEAD.rpartition("@")[2]))
    assert house.statuses() == [status, "needs_review"]


@pytest.mark.parametrize(
    "text",
    [
        "Nhất trí, nhưng bỏ tên người hỏi đi",
        "Tôi đồng ý. Tuy nhiên đề nghị sửa lại đoạn cuối cho dân dễ hiểu.",
        "Ok nhưng rút gọn phần đầu",
        "Nhất trí, song đề nghị bỏ tên công dân",
        "Làm lại. Trả lời dân mà không có thời hạn thì duyệt cái gì?",
    ],
)
def test_what_the_head_approves_but_for_a_change_comes_back_with_his_words(house: World, text: str) -> None:
    house.arrive(vouched(answer_to(put_up(house), HEAD, text), HEAD.rpartition("@")[2]))
    assert house.statuses() == ["answered", "needs_review"]
    assert "Đã trả lại" in said(house.last(HEAD))
    assert text in said(house.last(OFFICER))


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("Nhất trí, nhưng chờ ý kiến Sở Tài chính", "Trả lại: Nhất trí, nhưng chờ ý kiến Sở Tài chính"),
        ("Duyệt, em sửa ngày ở đoạn đầu nhé", "Trả lại: Duyệt, em sửa ngày ở đoạn đầu nhé"),
        ("Anh nhận được rồi, tối xem", "Trả lại: "),
    ],
)
def test_the_link_that_returns_carries_what_the_head_has_written(house: World, text: str, link: str) -> None:
    house.arrive(vouched(answer_to(put_up(house), HEAD, text), HEAD.rpartition("@")[2]))
    assert house.statuses() == ["answered", "needs_review"]
    links = prepared(house.last(HEAD))
    assert [body for _, _, _, body in links] == ["Duyệt", link]
    if link != "Trả lại: ":
        house.arrive(vouched(letter(HEAD, link, to=links[1][1], subject=links[1][2]), HEAD.rpartition("@")[2]))
        assert text in said(house.last(OFFICER))


@pytest.mark.parametrize("text", ["Nhắc đơn vị trả lời trong tuần", "đôn đốc Sở Xây dựng trả lời trong tuần"])
def test_an_officer_reminds_the_unit_that_owes_an_answer(house: World, text: str) -> None:
    before = [house.house.questions, house.rows(assignment)]
    assert "Đã nhắc Sở Xây dựng trả lời câu hỏi HP-2026-000001" in order(house, f"{ONE} {text}")
    told = said(house.last("unit_reminder", SXD))
    assert "Lời nhắn của Ban Biên tập: trả lời trong tuần" in told
    assert ONE in told
    assert TWO not in told
    assert [house.house.questions, house.rows(assignment)] == before


@pytest.mark.parametrize(
    "text",
    [
        f"{ONE} nhắc Sở Y tế",
        f"Em đôn đốc Công an thành phố câu {ONE} nhé, dân gọi hỏi hai lần rồi.",
        f"{ONE} cho Sở Y tế thêm đến hết 28/10",
        f"{ONE} đồng ý cho Sở Tài chính gia hạn đến 28/10",
    ],
)
def test_an_order_for_a_unit_that_has_not_the_question_is_asked_back(house: World, text: str) -> None:
    house.house.clock.forward(days=1)
    house.overviews()
    before = house.state()
    assert f"Câu hỏi {ONE} đang ở Sở Xây dựng, không ở " in order_today(house, text)
    assert untouched(before, house.state(), "raw_mail", "outbox", "journal")


@pytest.mark.parametrize("text", ["cho thêm đến hết 28/10", "cho sở xây thêm đến hết 28/10, phường đang đo lại"])
def test_an_order_for_the_unit_that_has_the_question_is_done(house: World, text: str) -> None:
    house.house.clock.forward(days=1)
    house.overviews()
    assert "Đã gia hạn" in order_today(house, f"{ONE} {text}")


def test_a_day_granted_by_mistake_is_set_back(house: World) -> None:
    assert "Cần ghi rõ ngày, sau hạn hiện nay" in order(house, f"{ONE} gia hạn đến 19/10/2026"), "nothing was granted"
    assert "Cần ghi rõ ngày" in order(house, f"{ONE} đồng ý gia hạn đến 28/9"), "just passed: not next year's"
    assert "Ngày 31/11/2026 không có trong lịch. Cần ghi" in order(house, f"{ONE} đồng ý gia hạn đến 31/11/2026")
    assert "quá xa hạn hiện nay" in order(house, f"{ONE} đồng ý gia hạn đến 30/11/2062")
    assert "Đã gia hạn" in order(house, f"{ONE} đồng ý gia hạn đến 30/11/2026")
    assert "Cần ghi rõ ngày" in order(house, f"{ONE} gia hạn đến 16/10/2026"), "it is before the first day"
    assert f"Đã sửa hạn câu hỏi {ONE} thành 30/10/2026" in order(house, f"{ONE} gia hạn đến 30/10/2026")
    assert [str(row["due_on"]) for row in house.rows(assignment)] == ["2026-10-30"]
    unit = said(house.last("unit_extension_granted", SXD))
    assert "hết thứ Sáu, ngày 30/10/2026, thay cho thứ Hai, ngày 30/11/2026 đã báo nhầm" in unit
    citizen = said(house.last("citizen_late", "an@dan.test"))
    assert "chậm nhất thứ Sáu, ngày 30/10/2026, không phải thứ Hai, ngày 30/11/2026" in citizen
    assert "Đã gia hạn" in order(house, f"{ONE} cho gia hạn đến 30/11/2026"), "and forth again"
    assert house.statuses() == ["forwarded", "needs_review"]


def test_who_owes_nothing_is_not_reminded(house: World) -> None:
    assert "Không đơn vị nào còn nợ trả lời" in order(house, f"{TWO} nhắc đơn vị")
    assert not house.house.sent_with(name="unit_reminder")


@pytest.mark.parametrize(
    "text",
    [
        "Đã nhắc Sở Xây dựng rồi",
        "Nhắc đơn vị chưa em?",
        "Đừng nhắc Sở Xây dựng",
        "Nhắc anh mai họp",
        "Để tôi nhắc Sở",
    ],
)
def test_words_about_reminding_remind_nobody(house: World, text: str) -> None:
    order(house, f"{ONE} {text}")
    assert not house.house.sent_with(name="unit_reminder")


def test_a_name_ends_where_its_reason_begins(house: World) -> None:
    order(house, f"{ONE} sửa họ tên người hỏi thành Nguyễn Văn Ân, gõ thiếu dấu mũ")
    assert [row["asker_name"] for row in house.house.questions] == ["Nguyễn Văn Ân", "Nguyễn Văn An"]
    order(house, f"{ONE} sửa họ tên: Công ty Hải Âu, chi nhánh Kiến An")
    assert [row["asker_name"] for row in house.house.questions] == [
        "Công ty Hải Âu, chi nhánh Kiến An",
        "Nguyễn Văn An",
    ]


def test_what_comes_from_an_unknown_address_is_not_called_a_departments_reply(house: World) -> None:
    review = house.last("officer_review", OFFICER)
    before = house.state()
    house.arrive(vouched(answer_to(review, "ai-do@rieng.test", "Chuyển Sở Y tế nhé em, chị đây, thư cơ quan lỗi")))
    seen = house.last("officer_review", OFFICER)
    assert "thư trả lời từ địa chỉ không có trong danh sách" in subject_of(seen)
    assert "đơn vị" not in subject_of(seen)
    assert house.state()["question"] == before["question"]


def test_what_is_said_of_another_question_offers_nothing_on_the_one_of_the_thread(house: World) -> None:
    """One click would send the wrong person's question away."""
    house.ask(REVIEWED.replace("cây", "cành cây"), "ca@dan.test", message_id="<3@dan.test>")
    told = order(house, "Em thấy câu 2 thuộc Sở Y tế, chuyển giúp em.")
    assert house.statuses() == ["forwarded", "needs_review", "needs_review"]
    assert f"{TWO} chuyển SYT" in told
    assert "HP-2026-000003 chuyển" not in told


@pytest.mark.parametrize(
    "text",
    [
        f"{TWO} chuyển SXD\n{TWO} từ chối h vì ngoài phạm vi thành phố",
        f"{TWO} từ chối k vì nội dung không rõ\n{TWO} chuyển SXD",
        f"{TWO} chuyển SYT\n{TWO} cho rút câu hỏi",
        "Chuyển SYT\nKhông phải câu hỏi",
    ],
)
def test_what_goes_to_a_unit_does_not_end_in_the_same_mail(house: World, text: str) -> None:
    told = order(house, text)
    assert house.statuses() == ["forwarded", "needs_review"]
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD"], "the other question's"
    assert told.count("Các lệnh trong thư trái nhau") == 2
    assert not [name for name in house.names("ba@dan.test") if name in {"citizen_forwarded", "citizen_rejected"}]


def test_a_question_may_go_to_a_unit_and_another_end_in_one_mail(house: World) -> None:
    order(house, f"{TWO} chuyển SYT\n{ONE} từ chối h vì thuộc thẩm quyền của Bộ Tài chính")
    assert house.statuses() == ["rejected", "forwarded"]
    assert [(row["unit"], row["status"]) for row in house.rows(assignment)] == [
        ("SXD", "replaced"),
        ("SYT", "forwarded"),
    ]


@pytest.mark.parametrize("second", ["nhắc đơn vị: xin trả lời sớm", "gia hạn cho SYT đến 20/12/2026"])
def test_a_second_order_knows_where_the_first_has_sent_the_question(house: World, second: str) -> None:
    told = order(house, f"{TWO} chuyển SYT\n{TWO} {second}")
    assert [row["unit"] for row in house.rows(assignment)] == ["SXD", "SYT"]
    assert "vừa được chuyển theo lệnh khác trong cùng thư" in told
    assert "không đơn vị nào" not in told.lower()
    assert house.names(unit_address("SYT")) == ["unit_forward"]
    order(house, f"{TWO} nhắc đơn vị: xin trả lời sớm")
    assert "unit_reminder" in house.names(unit_address("SYT"))[-1]
