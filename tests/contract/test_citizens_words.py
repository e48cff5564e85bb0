"""What people write about their own question as they write it: status, data, the name, and what they add."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from db.core.tables import duty, raw_mail
from db.mails import stored_mails
from db.reports.personal_data import erase_questions
from tests.dose import each_third
from tests.installation import OFFICER, answer_to, letter, subject_of, text_of, unit_address
from tests.world import LETTER, ROAD, SIGNATURE, UNSURE, World, order, said, vouched

CITIZEN = "an@dan.test"
NO_ADDRESS = LETTER.replace("Số 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\n", "")


def answers(house: World, name: str, text: str, who: str = CITIZEN) -> list[str]:
    """The citizen answers our mail of a name; what that leads to."""
    return house.names_after(vouched(answer_to(house.last(name, who), who, text)))


NO = (
    "Tôi không đồng ý công khai họ tên",
    "ko đồng ý công khai họ tên",
    "Tôi chưa đồng ý công khai họ tên",
    "Tôi không còn đồng ý công khai họ tên",
    "e k muốn lộ tên đâu ạ",
    "Em sợ bị lộ tên lắm",
    "Tôi rút lại sự đồng ý công khai họ tên",
    "Tôi xin rút lại việc đồng ý cho đăng tên",
    "Xin đừng công khai họ tên của tôi",
    "toi khong muon neu ten",
    "Đề nghị giấu tên",
    "Tôi rút lại sự đồng ý.",
    "Trước tôi đồng ý công khai họ tên, nay không cho công khai họ tên nữa",
    "Tôi không đồng ý công khai họ tên đầy đủ, chỉ đồng ý nêu tên viết tắt",
)
YES = (
    "Tôi đồng ý công khai họ tên",
    "toi dong y cong khai ho ten",
    "ĐỒNG Ý CHO ĐĂNG HỌ VÀ TÊN",
    "Tôi là Vũ Huy Dũng, đồng ý công khai họ tên",
)


@each_third(("text", "agreed"), [*((text, False) for text in NO), *((text, True) for text in YES)])
def test_a_name_is_published_only_for_a_yes(asked: World, text: str, agreed: bool) -> None:
    assert answers(asked, "citizen_received", text) == ["citizen_consent"]
    assert asked.house.questions[0]["name_consent"] is agreed


@each_third(
    "text",
    [
        "Câu hỏi {} của tôi giải quyết đến đâu rồi?",
        "tracuu {}",
        "Xin hỏi kết quả {}",
        "Cho hỏi {} bao giờ có trả lời?",
        "Đã có kết quả câu hỏi {} chưa?",
        "Đến nay câu hỏi {} chưa được trả lời",
        "Tien do xu ly {}",
        "tra cứu {}",
        "Xin cho biết tình trạng câu hỏi {}",
        "Tình hình câu {} sao rồi ad ơi",
        "tinh hinh cau {} sao roi ad oi",
        "Câu {} của em có ai xem chưa ạ?",
        "{} sao rồi",
    ],
)
def test_who_asks_for_the_state_is_told_it(house: World, text: str) -> None:
    code = house.ask()["code"]
    raw = letter(CITIZEN, text.format(code), subject="Hỏi thăm", message_id="<status@dan.test>")
    assert house.names_after(vouched(raw)) == ["citizen_status"]


def test_who_asks_for_the_state_of_two_is_told_both_and_nothing_of_another_s(house: World) -> None:
    one, other = (
        str(house.ask(f"{text}{SIGNATURE}")["code"]) for text in ("Đèn ngõ 3 tắt, ai sửa?", "Rãnh ngõ 5 tắc?")
    )
    strange = house.ask(f"Cây ngõ 7 gãy cành, ai dọn?{SIGNATURE}", "khac@dan.test")["code"]
    text = f"Tra cứu {strange}, {one}, {other}"
    raw = letter(CITIZEN, text, subject="Hỏi thăm", message_id="<status@dan.test>")
    assert house.names_after(vouched(raw)) == ["citizen_status", "citizen_status"]
    told = " ".join(said(raw) for raw in house.inbox(CITIZEN)[-2:])
    assert all(code in told for code in (one, other))
    assert str(strange) not in told


@pytest.mark.parametrize(
    "text",
    [
        "Tình hình cầu ở câu {} sao rồi, nứt thêm một đoạn nữa",
        "{}: tình hình ngập sao rồi mà sáng nay nước vẫn vào nhà",
        "Câu {}: cái cây đổ sao rồi, cành gãy còn nằm giữa đường",
        "Tình hình là ổ gà câu {} to thêm gấp đôi rồi ad ơi",
        "Câu {} tôi gửi thêm tấm ảnh, sao rồi mà đường vẫn hỏng",
        "Tình hình đèn đường nói trong câu {} vẫn tối om ad ơi",
        "Câu {} ai xử lý cũng được, miễn là vá xong trước Tết",
        "Về câu {}: sao lâu thế, xe máy ngã hôm qua ở đúng ổ gà ấy",
        "{} thêm địa chỉ: số nhà 9 Trường Chinh, đoạn trước cổng trường",
        "Câu {} bổ sung: tình hình mưa to, hố sâu thêm nửa mét",
        "Câu {} tôi nhắc thêm là hố nằm sát cổng trường",
    ],
)
def test_what_tells_of_the_matter_reaches_the_unit_with_its_number(house: World, text: str) -> None:
    code = house.ask()["code"]
    raw = letter(CITIZEN, text.format(code), subject="Viết thêm", message_id="<more@dan.test>")
    assert "unit_followup" in house.names_after(vouched(raw))


@pytest.mark.parametrize(
    "text",
    [
        "Tình trạng ổ gà vẫn như cũ, chưa ai sửa",
        "Tôi bổ sung: mặt đường trong tình trạng hư hỏng nặng hơn",
        "Sai đường rồi",
        "Vẫn mất điện",
        "Số 15 nhé",
        "Ngập",
    ],
)
def test_the_state_of_a_road_is_not_the_question_s(asked: World, text: str) -> None:
    for nod in ("Rõ ạ", "ừ", "Nguyễn Văn An", "An"):
        assert answers(asked, "citizen_received", nod) == []
    assert answers(asked, "citizen_received", text) == ["unit_followup", "citizen_completed"]


def test_households_that_write_together_are_no_office(house: World) -> None:
    """They read “Kính gửi Quý cơ quan, tổ chức, doanh nghiệp”."""
    text = "Chúng tôi là các hộ dân tổ dân phố số 8 phường Kiến An. " + ROAD
    house.ask(f"{text}\n\nNguyễn Văn Hà\nSố nhà 1 đường Trần Thành Ngọ, phường Kiến An\n0912 000 333", "to8@dan.test")
    assert "Kính gửi các Ông/Bà," in said(house.last("citizen_received", "to8@dan.test"))


DATA = "Họ tên: Lê Thị Mai. Địa chỉ: ngõ 5 Trần Phú, phường Kiến An. ĐT 0912 222 111."


@pytest.mark.parametrize(
    ("text", "beside"),
    [
        (DATA, []),
        (f"{DATA} Mong Ban sớm trả lời, xin cảm ơn.", []),
        (f"{DATA} Tối qua lại có người ngã xe ở chỗ đó.", ["unit_followup"]),
        (f"{DATA} Sở Xây dựng có cho người xuống đo mà chưa thấy làm.", ["unit_followup"]),
        (f"{DATA} Nhà cạnh trụ sở Sở Xây dựng và chợ.", []),
        (f"{DATA} Mong Sở Xây dựng sớm trả lời cho gia đình tôi.", []),
    ],
)
def test_what_is_said_beside_missing_data_reaches_the_unit(house: World, text: str, beside: list[str]) -> None:
    """It was filed with the data, and nobody who works on the question read it."""
    who = f"dan{len(text)}@dan.test"
    house.ask(f"{ROAD} Đoạn {len(text)} mét.", who)
    assert answers(house, "citizen_received", text, who) == ["citizen_completed", *beside]


def test_what_is_said_beside_them_of_a_letter_in_a_picture_reaches_the_officers(house: World) -> None:
    picture = ("IMG_20261005_071522.jpg", "image/jpeg", b"\xff\xd8\xff\xe0" + bytes(4000))
    house.ask("", "tay@dan.test", subject="Đơn kính gửi", attachments=(picture,))
    asked = "trong đó tôi hỏi vì sao đường Lê Duẩn chưa có đèn."
    text = f"tôi viết tay vì không biết gõ. {asked} Tay, 12 Lê Duẩn, 0912 345 111"
    assert answers(house, "citizen_received", text, "tay@dan.test") == ["citizen_completed", "officer_alert"]
    assert "vì sao đường Lê Duẩn chưa có đèn" in said(house.last("officer_alert", OFFICER))


def test_who_answers_the_letter_on_the_state_completes_the_question(house: World) -> None:
    code = house.ask(NO_ADDRESS)["code"]
    raw = letter(CITIZEN, f"tra cứu {code}", subject="Tra cứu", message_id="<status@dan.test>")
    house.names_after(vouched(raw))
    assert "Xin bổ sung bằng cách trả lời thư này" in said(house.last("citizen_status"))
    address = "Địa chỉ: số 5 đường Trường Chinh, phường Kiến An"
    assert answers(house, "citizen_status", address) == ["citizen_completed"]
    assert house.house.questions[0]["missing"] == ""


def test_what_is_added_beside_a_consent_reaches_the_unit(asked: World) -> None:
    more = (
        "Tôi đồng ý công khai họ tên. Tôi xin nói thêm: đoạn đường hỏng nặng nhất ở trước số nhà 9, mưa là ngập, "
        "xe máy ngã nhiều lần, các cháu học sinh đi qua rất nguy hiểm, mong Sở kiểm tra sớm."
    )
    assert answers(asked, "citizen_received", more) == ["citizen_consent", "unit_followup"]
    assert "số nhà 9" in str(asked.house.questions[0]["content"])


@each_third(
    ("text", "what", "due"),
    [
        ("Đề nghị sửa lại địa chỉ của tôi thành số 7 Trường Chinh", "chỉnh sửa", "2026-10-15"),
        ("Đề nghị chỉnh sửa thông tin cá nhân của tôi ở câu HP-2026-000001: số nhà là 7", "chỉnh sửa", "2026-10-15"),
        ("Tôi xin đính chính số điện thoại là 0912 000 222", "chỉnh sửa", "2026-10-15"),
        ("Xin sửa lại tên tôi là Nguyễn Văn Ân", "chỉnh sửa", "2026-10-15"),
        ("Cho tôi xem thông tin cá nhân của tôi", "cung cấp", "2026-10-15"),
        ("Xin hỏi Ban đang lưu những thông tin cá nhân nào của tôi, đưa cho ai rồi?", "cung cấp", "2026-10-15"),
        ("Các anh lưu những dữ liệu gì về em vậy ạ?", "cung cấp", "2026-10-15"),
        ("Thong tin ca nhan cua toi da chuyen cho ai?", "cung cấp", "2026-10-15"),
        ("Ai được xem dữ liệu cá nhân của tôi và lưu ở đâu?", "cung cấp", "2026-10-15"),
        ("Hệ thống có những thông tin gì của cháu, cho cháu biết với", "cung cấp", "2026-10-15"),
        ("Trước khi xóa, đề nghị gửi tôi bản sao dữ liệu cá nhân của tôi.", "cung cấp", "2026-10-15"),
        ("Đề nghị hạn chế xử lý thông tin cá nhân", "hạn chế", "2026-10-20"),
        ("Đề nghị xóa tên và số điện thoại của tôi", "xóa", "2026-10-26"),
        ("Tôi yêu cầu xóa dữ liệu cá nhân của tôi trong câu hỏi HP-2026-000001", "xóa", "2026-10-26"),
        ("toi yeu cau xoa du lieu ca nhan cua toi", "xóa", "2026-10-26"),
        ("Đề nghị gỡ câu hỏi của tôi khỏi Cổng", "gỡ nội dung đã đăng", "2026-10-26"),
    ],
)
def test_a_request_about_data_has_its_clock(asked: World, text: str, what: str, due: str) -> None:
    assert answers(asked, "citizen_received", text) == ["citizen_data_request", "officer_alert"]
    (row,) = [one for one in asked.rows(duty) if one["kind"] == "privacy"]
    assert (row["status"], row["due"]["on"]) == ("open", due)
    assert f"{date.fromisoformat(due):%d/%m/%Y}" in said(asked.last("citizen_data_request"))
    alert = said(asked.last("officer_alert", OFFICER))
    assert f"yêu cầu {what}" in alert
    assert "HP-2026-000001" in alert
    assert asked.question["asker_name"] == "Nguyễn Văn An", "a person decides"


ERASED, COPIED = "xóa dữ liệu cá nhân", "cung cấp dữ liệu cá nhân"


@each_third(
    ("words", "met"),
    [
        ("đã thực hiện yêu cầu dữ liệu: đã gửi bản sao", COPIED),
        ("da thuc hien yeu cau du lieu: da gui ban sao", COPIED),
        ("đã xóa dữ liệu, sổ vẫn giữ số và nội dung", ERASED),
        (f"đã thực hiện yêu cầu dữ liệu ({ERASED}): đã khóa, sổ phải lưu", ERASED),
        (f"không thực hiện yêu cầu dữ liệu ({ERASED}) vì sổ phải lưu", ERASED),
        (f"không thực hiện yêu cầu dữ liệu ({ERASED})", ""),
        ("không thực hiện yêu cầu dữ liệu vì sổ phải lưu", ""),
        ("đã thực hiện yêu cầu dữ liệu: đã gửi bản sao, việc xóa làm sau", ""),
        ("đã thực hiện yêu cầu dữ liệu: xong", ""),
        ("đã thực hiện yêu cầu dữ liệu: đã sửa địa chỉ", ""),
    ],
)
def test_of_two_requests_about_data_an_order_ends_the_one_that_it_names(asked: World, words: str, met: str) -> None:
    for text in ("Đề nghị xóa dữ liệu cá nhân của tôi", "Cho tôi xem thông tin cá nhân của tôi"):
        answers(asked, "citizen_received", text)
    told = order(asked, f"HP-2026-000001 {words}", "officer_alert")
    stands = dict(
        zip((ERASED, COPIED), (one["status"] for one in asked.rows(duty) if one["kind"] == "privacy"), strict=True)
    )
    assert stands == {ERASED: "open", COPIED: "open"} | ({met: "met"} if met else {})
    left = COPIED if met == ERASED else ERASED
    if met:
        assert f"còn chờ giải quyết: {left}" in told
        letter_ = said(asked.last("citizen_data_closed", CITIZEN))
        assert f"về dữ liệu cá nhân ({met}) của Ông/Bà" in letter_
        assert f"Yêu cầu {left} của Ông/Bà vẫn đang được xem xét" in letter_
        assert f"({met}):" not in letter_
        assert "Lý do: Sổ phải lưu" in letter_ or "không thực hiện" not in words
    elif not words.endswith(")"):
        assert all(f"yêu cầu dữ liệu ({one})" in told for one in (ERASED, COPIED)), told


def test_two_orders_in_one_mail_end_both_requests(asked: World) -> None:
    for text in ("Đề nghị xóa dữ liệu cá nhân của tôi", "Cho tôi xem thông tin cá nhân của tôi"):
        answers(asked, "citizen_received", text)
    done = "HP-2026-000001 đã thực hiện yêu cầu dữ liệu"
    order(asked, f"{done}: đã gửi bản sao\n{done}: đã khóa", "officer_alert")
    assert "vẫn đang được xem xét" not in said(asked.last("citizen_data_closed", CITIZEN))


@pytest.mark.parametrize("asked", [LETTER, UNSURE], ids=("forwarded", "waits for an officer"))
def test_a_request_about_data_is_recalled_with_the_orders_that_end_it(house: World, asked: str) -> None:
    house.ask(asked)
    house.write(letter("ba@dan.test", UNSURE))
    answers(house, "citizen_received", "Đề nghị xóa dữ liệu cá nhân của tôi")
    house.let_pass(days=30)
    about = [said(raw) for raw in house.about(OFFICER, "HP-2026-000001")]
    (alert,) = [one for one in about if "Yêu cầu về dữ liệu cá nhân HP-2026-000001 của Nguyễn Văn An" in one]
    assert "nay đã quá hạn" in alert
    assert "Đề nghị xóa dữ liệu cá nhân của tôi" in alert
    assert "HP-2026-000001 đã thực hiện yêu cầu dữ liệu" in alert
    assert "HP-2026-000001 không thực hiện yêu cầu dữ liệu vì" in alert
    for other in ("chuyển", "Hỏi lại", "Từ chối"):
        assert other not in alert
    (last,) = [
        raw for raw in house.about(OFFICER, "HP-2026-000001") if "nay đã quá hạn" in said(raw) and "xóa" in said(raw)
    ]
    house.arrive(vouched(answer_to(last, OFFICER, "HP-2026-000001 đã thực hiện yêu cầu dữ liệu: sẽ xóa")))
    assert [one["status"] for one in house.rows(duty) if one["kind"] == "privacy"] == ["late", "open"]


@pytest.mark.world(sends=True)
def test_an_erasing_that_was_promised_is_recalled_until_the_data_are_gone(asked: World) -> None:
    answers(asked, "citizen_received", "Đề nghị xóa dữ liệu cá nhân của tôi")
    done = "HP-2026-000001 đã thực hiện yêu cầu dữ liệu"
    told = order(asked, f"{done}: sẽ xóa khi câu hỏi kết thúc", "officer_alert")
    assert "mỗi sáng đến khi xóa xong" in told
    assert "sẽ xóa khi câu hỏi kết thúc" in said(asked.last("citizen_data_closed", CITIZEN))

    def privacy() -> list[str]:
        return [one["status"] for one in asked.rows(duty) if one["kind"] == "privacy"]

    assert privacy() == ["met", "open"]
    asked.let_pass(days=1)
    asked.overviews()
    assert f"{ERASED}" in said(asked.last("officer_digest", OFFICER))
    assert "chưa xóa" in order(asked, f"{done}: đã xóa", "officer_digest"), "the register still has them"
    assert privacy() == ["met", "open"]
    before = asked.last_sent()
    asked.let_pass(days=29)
    alerts = [said(bytes(row["bytes"])) for row in asked.house.sent_with(after=before, name="officer_alert")]
    assert any("Yêu cầu về dữ liệu cá nhân HP-2026-000001" in one for one in alerts)
    with asked.house.engine.begin() as connection:
        erase_questions(connection, [1], "asked for", "operator", asked.house.clock.at)
    assert privacy() == ["met", "late"]


def test_the_clock_of_what_came_while_the_program_stood_still_runs_from_its_receipt(asked: World) -> None:
    """It ran from the pass that decided on it: three days without the program were three days more."""
    about = vouched(answer_to(asked.last("citizen_received"), CITIZEN, "Cho tôi xem thông tin cá nhân của tôi"))
    asked.store(about, vouched(letter("ba@dan.test", UNSURE)))
    asked.house.clock.forward(days=3)
    asked.decide()
    waits = {one["kind"]: one for one in asked.rows(duty) if one["kind"] in {"privacy", "review"}}
    assert waits["privacy"]["due"]["on"] == "2026-10-15", "ten days from Monday, 5 October"
    review = waits["review"]
    assert (review["due"]["start"], review["due"]["on"]) == ("2026-10-05", "2026-10-06")
    now = asked.house.clock.at
    assert now < review["next_at"] < now + timedelta(days=1), "people first see it now"


@each_third(
    ("text", "order"),
    [
        ("Xin loi toi ghi nham so dt, so dung la 0987111222 nhe", "sửa điện thoại: 0987111222"),
        ("Xin lỗi, em viết sai số điện thoại, số đúng là 0987 111 222.", "sửa điện thoại: 0987 111 222"),
        ("Đt mới của tôi: 0987111222. Số cũ tôi không dùng nữa.", "sửa điện thoại: 0987111222"),
        ("Tên tôi là Nguyễn Văn Ân chứ không phải Nguyễn Văn An, nhờ sửa lại giúp.", "sửa họ tên: …"),
        ("Ban ghi sai số điện thoại của tôi, đúng là 0987 111 222, đề nghị sửa lại.", "sửa điện thoại: 0987 111 222"),
        ("Tên tôi là Nguyễn Văn Ân, không phải An, đề nghị sửa.", "sửa họ tên: …"),
        ("Ho ten toi bi ghi sai, dung la Nguyen Van An.", "sửa họ tên: …"),
        ("Tôi gõ nhầm địa chỉ của tôi, số 7 mới đúng.", "sửa địa chỉ: …"),
        ("Địa chỉ đúng là số 7 Lạch Tray, phường Ngô Quyền.", "sửa địa chỉ: số 7 Lạch Tray, phường Ngô Quyền"),
        ("dia chi dung la so 7 Lach Tray, phuong Ngo Quyen", "sửa địa chỉ: so 7 Lach Tray, phuong Ngo Quyen"),
        ("Tôi nhầm địa chỉ, đúng là số 7 Lạch Tray, phường Gia Viên", "sửa địa chỉ: số 7 Lạch Tray, phường Gia Viên"),
    ],
)
def test_who_corrects_his_own_data_is_heard_by_an_officer_alone(asked: World, text: str, order: str) -> None:
    assert answers(asked, "citizen_received", text) == ["citizen_data_request", "officer_alert"]
    alert = said(asked.last("officer_alert", OFFICER))
    assert "yêu cầu chỉnh sửa dữ liệu cá nhân" in alert
    assert f"HP-2026-000001 {order}" in alert
    if "địa chỉ: s" in order:
        asked.answers("officer_alert", OFFICER, f"HP-2026-000001 {order}")
        assert asked.question["asker_address"] == order.removeprefix("sửa địa chỉ: ")
    elif "…" not in order:
        asked.answers(
            "officer_alert", OFFICER, f"HP-2026-000001 {order}\nHP-2026-000001 đã thực hiện yêu cầu dữ liệu"
        )
        assert asked.question["asker_phone_e164"] == "+84987111222"
        assert [one["status"] for one in asked.rows(duty) if one["kind"] == "privacy"] == ["met"]


@each_third(
    "text",
    [
        "Trong sổ đỏ ghi nhầm tên tôi, tên tôi là Nguyễn Văn An chứ không phải Nguyễn Văn Ân.",
        "Cán bộ ghi sai địa chỉ nhà tôi trên hóa đơn.",
        "Hóa đơn nước ghi sai tên tôi, đề nghị sửa lại.",
        "Tôi viết nhầm tên đường, chỗ hỏng ở đường Lạch Tray, nhờ sửa lại giúp.",
        "Tôi ghi nhầm địa chỉ, ổ gà ở trước số 241 chứ không phải 214.",
        "Địa chỉ đúng là số 241 Lạch Tray, chỗ hỏng ngay trước cửa.",
        "Số điện thoại mới của tổ thợ là 0987 111 222, gọi không ai nghe.",
        "Thợ nắm thông tin hộ nào bị sụt vỉa hè thì nói, trước cửa nhà tôi mặt đường sụt thêm hai đoạn.",
        "Phường đã chuyển thông tin về đoạn ngập cho ai thì báo thợ xuống luôn đoạn nhà tôi.",
    ],
)
def test_what_others_have_written_wrongly_is_the_unit_s_matter(asked: World, text: str) -> None:
    assert answers(asked, "citizen_received", text) == ["unit_followup", "citizen_completed"]


def test_a_correction_that_says_more_goes_to_the_unit_too(asked: World) -> None:
    text = "Xin lỗi, tôi ghi nhầm số điện thoại, số đúng là 0987 111 222. " + "Đoạn trước nhà 9 hỏng rất nặng. " * 6
    assert answers(asked, "citizen_received", text) == ["citizen_data_request", "officer_alert", "unit_followup"]


def test_of_two_wishes_neither_is_lost(asked: World) -> None:
    text = "Tôi rút lại đồng ý công khai. Đề nghị gỡ câu hỏi của tôi khỏi Cổng và xóa dữ liệu cá nhân của tôi."
    assert answers(asked, "citizen_received", text) == ["citizen_consent", "citizen_data_request", "officer_alert"]
    assert [one["status"] for one in asked.rows(duty) if one["kind"] == "privacy"] == ["open"]
    assert asked.question["name_consent"] is False


def test_who_takes_back_the_consent_to_processing_hears_of_that_alone(asked: World) -> None:
    text = "Tôi rút lại sự đồng ý xử lý dữ liệu cá nhân của tôi."
    assert answers(asked, "citizen_received", text) == ["citizen_data_request", "officer_alert"]
    assert asked.question["name_consent"] is False


def test_a_denouncer_who_speaks_of_data_stays_apart(asked: World) -> None:
    text = "Tôi tố cáo ông Trần Văn X nhận tiền của tôi, xin xóa tên của tôi để giữ bí mật"
    assert answers(asked, "citizen_received", text) == ["officer_denunciation"]


def answered(house: World) -> None:
    """The unit has answered question 1."""
    house.ask()
    unit = unit_address("SXD")
    text = "Sở Xây dựng trả lời: đường sẽ được sửa trong quý IV năm 2026."
    house.arrive(vouched(answer_to(house.last("unit_forward", unit), unit, text), "sxd.test"))


@each_third(
    "text",
    [
        "Câu trả lời chưa đúng câu hỏi của tôi",
        "Sai đường rồi",
        "Hỏng rồi",
        "Tôi không đồng ý với câu trả lời",
        "Tôi không đồng ý việc công khai quy hoạch muộn",
        "Tôi không đồng ý công khai nửa vời như thế.",
        "Trả lời quanh co, không đồng ý công khai.",
        "Phường tôi không muốn công khai.",
        "Đường vẫn chưa được sửa như đã hứa",
        "Cho tôi hỏi thêm: bao giờ xong hẳn đoạn phía sau chợ?",
        "Cảm ơn, nhưng đoạn phía sau chợ thì sao ạ",
        "Ông Hùng ký đây là ông Hùng nào, Phó Giám đốc phụ trách mảng gì? Tôi muốn gặp trực tiếp thì đăng ký ở đâu?",
        "Nguoi ky la ai, chuc vu gi? Toi muon gap lanh dao So thi dang ky lich tiep dan o dau?",
    ],
)
def test_who_is_not_content_with_an_answer_is_read_by_a_person(house: World, text: str) -> None:
    answered(house)
    assert answers(house, "citizen_answered", text)[-1] == "officer_review"
    review = said(house.last("officer_review"))
    assert "viết tiếp về câu hỏi HP-2026-000001 (đã trả lời)" in review or "chưa hài lòng với câu trả lời" in review
    raw = answer_to(house.last("officer_review", OFFICER), OFFICER, "Đăng ký và chuyển SXD")
    assert "unit_forward" in house.names_after(vouched(raw))
    assert [row["code"] for row in house.house.questions] == ["HP-2026-000001", "HP-2026-000002"]


@pytest.mark.parametrize("order", ["Chuyển SXD", "Đăng ký"])
def test_what_an_officer_set_aside_by_mistake_can_still_be_taken_up(house: World, order: str) -> None:
    answered(house)
    answers(house, "citizen_answered", "Cho tôi hỏi thêm: bao giờ xong hẳn đoạn phía sau chợ?")
    review = house.last("officer_review", OFFICER)

    def says(text: str) -> list[str]:
        return house.names_after(vouched(answer_to(review, OFFICER, text)))

    assert says("Không phải câu hỏi") == ["officer_done"]
    assert {"citizen_received", "citizen_forwarded"} & set(says(order))
    assert [row["code"] for row in house.house.questions] == ["HP-2026-000001", "HP-2026-000002"]
    assert says(f"{order} nhé") == ["officer_done"], "it is taken up once"
    assert len(house.house.questions) == 2


@pytest.mark.parametrize("status", ["held", "done"])
def test_what_was_sealed_leaves_by_no_single_mail_however_it_is_read_today(house: World, status: str) -> None:
    answered(house)
    answers(house, "citizen_answered", "Cho tôi hỏi thêm: bao giờ xong hẳn đoạn phía sau chợ?")
    with house.house.engine.begin() as connection:
        last = connection.execute(select(func.max(raw_mail.c.id))).scalar_one()
        told = {"sealed": True, "kind": "denunciation", "status": status, "fate": "ignore"}
        stored_mails.write_fate(connection, last, told)
    review = house.last("officer_review", OFFICER)
    left = house.names_after(vouched(answer_to(review, OFFICER, "Chuyển SXD")))
    assert not {"unit_forward", "citizen_received", "citizen_forwarded"} & set(left)
    assert len(house.house.questions) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Vâng ạ",
        "ok cam on",
        "Đã nhận, xin chân thành cảm ơn quý cơ quan",
        "Tôi đã nhận được trả lời, rất rõ ràng. Xin cảm ơn Ban Biên tập và Sở Xây dựng.",
        "Thôi tôi hài lòng rồi, xin không hỏi gì nữa, các anh chị đóng lại giúp.",
        "Được câu trả lời mừng quá, tôi in ra dán ở tổ dân phố cho bà con đọc, tối nay họp tổ ai cũng khen.",
    ],
)
def test_thanks_for_an_answer_are_nobody_s_work(house: World, text: str) -> None:
    answered(house)
    assert answers(house, "citizen_answered", text) == []
    assert house.house.mails[-1]["status"] == "done"


BELOW = "---------- Forwarded message ---------\nTừ: Ban Biên tập\n\nXin giải thích chữ “thảm lại” giúp tôi với?"
"""What is written under the line of a forwarded mail, where a program puts the other's words."""


@pytest.mark.parametrize(
    "text",
    [
        "Cháu nhận được thư của Sở rồi, xin cảm ơn. Ông cháu vừa mất, xin đổi tên người hỏi sang bố cháu ạ.",
        "Chúc Ban nhiều sức khỏe. Mẹ tôi nằm liệt, không có người đưa thì bà không đi khám được.",
        "Cảm ơn các anh chị. Bố tôi qua đời rồi, xin dừng gửi thư về hộp thư này.",
        "Các anh đã xuống xem chưa mà bảo mặt đường vẫn tốt?",
        "Bao giờ mới làm thật đây, khởi công chưa?",
        BELOW,
    ],
)
def test_news_behind_thanks_and_displeasure_put_as_a_question_are_read_by_an_officer(house: World, text: str) -> None:
    """Taken for thanks, it was read by nobody; told the state alone, its writer would have been read by nobody."""
    answered(house)
    assert "officer_review" in answers(house, "citizen_answered", text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Ngõ 12 dây điện bị đứt rơi xuống đường, toé lửa, bao giờ Điện lực sửa?", True),
        ("Cột điện đầu ngõ đang cháy, xin cho người đến ngay. Bao giờ thay cột mới?", True),
        ("day dien dut roi xuong duong toe lua, bao gio dien luc sua?", True),
        ("Dây điện đứt tóe lửa ở ngõ 12 Lê Lợi, gọi điện lực từ tháng trước chưa ai đến", True),
        ("Trạm biến áp năm ngoái từng tóe lửa, bao giờ được thay?", False),
        ("Xe tai dang chay qua duong Truong Chinh, day dien roi nhu mang nhen, bao gio don?", False),
        ("Đường Trường Chinh nhiều ổ gà nguy hiểm, bao giờ sửa?", False),
        ("Khổ quá, nắng muốn chết mà mất điện suốt, bao giờ sửa xong trạm biến áp?", False),
        ("Cây trước nhà chết quách rồi, bao giờ công ty cây xanh đến cắt?", False),
    ],
)
def test_officers_hear_at_once_of_what_may_be_dangerous_now(house: World, text: str, told: bool) -> None:
    house.ask(LETTER.replace(LETTER.split("\n")[0], text), CITIZEN)
    alerts = house.house.sent_with(name="officer_alert")
    assert bool(alerts) == told
    assert ("gọi ngay 114" in said(house.last("citizen_received", CITIZEN))) == told
    assert not told or "gọi điện ngay cho đơn vị" in said(alerts[0]["bytes"])


LIFE = (
    "Em 12 tuổi, tối nào bố em say cũng đánh em và mẹ, hôm nay mẹ em chảy máu. Bây giờ em phải hỏi ai ạ?",
    "Hàng xóm cầm dao đòi giết cả nhà tôi từ tối qua, công an phường không đến. Tôi phải làm gì?",
    "Cháu bé cạnh nhà ngày nào cũng bị bố dượng đánh, cơ quan nào đến xem giúp?",
    "chong toi dang cam dao doa giet toi va con, xin cuu me con toi voi. Toi phai goi ai?",
    "CHONG TOI DANG DANH TOI CHAY MAU, XIN CUU TOI. CO QUAN NAO DEN?",
    "Chồng tôi đang cầm dao dọa giết tôi, xin hỏi phải gọi ai? Trước đây cũng đã mấy lần như thế.",
    "Ba năm không ai giải quyết đường ngõ nhà tôi, mai tôi ra nhảy cầu cho xong. Bao giờ các ông sửa đường?",
    "Hỏi mãi không ai trả lời đường ngõ, mệt lắm rồi, sống thế này chết quách cho xong. Bao giờ sửa đường?",
    "song the nay chet quach cho xong, bao gio cac ong sua duong?",
    "Vợ chồng nhà đối diện đánh thằng bé 4 tuổi suốt đêm, nó gào cả ngõ nghe. Xin hỏi phải báo cho cơ quan nào?",
    "hang xom nha em hanh ha dua be 6 tuoi, ngay nao cung nghe no khoc, em phai bao cho ai?",
    "Mấy bạn ở trường cháu đánh cháu thâm tím cả tay và trấn lột, cháu phải hỏi ai ạ?",
    "Nợ nần nhiều quá, em thấy cùng quẫn, nếu em chết thì bố mẹ em có phải trả thay không?",
    "My father is beating my little brother every evening. Which office in the city can help us?",
    "Chồng tôi đánh tôi, tối nay lại doạ giết. Xin hỏi phải gọi cơ quan nào?",
    "Chồng tôi hay đánh tôi, dọa giết cả nhà. Hành vi này bị xử lý thế nào?",
    "Tôi bị chồng đánh và dọa giết. Theo luật phòng chống bạo lực gia đình, tôi phải báo cơ quan nào?",
    "Anh rể tôi đánh chị tôi chảy máu, đang nhốt chị trong nhà. Phải gọi cơ quan nào?",
)


@pytest.mark.parametrize("text", LIFE)
def test_officers_hear_at_once_of_a_life_in_danger_and_its_writer_whom_to_call(house: World, text: str) -> None:
    house.arrive(vouched(letter(CITIZEN, text)))
    (alert,) = house.house.sent_with(name="officer_alert")
    assert "KHẨN" in subject_of(bytes(alert["bytes"]))
    assert str(house.question["code"]) in subject_of(bytes(alert["bytes"])), "an order in reply is about that one"
    assert "113" in said(alert["bytes"])
    receipt = said(house.last("citizen_received", CITIZEN))
    assert "gọi ngay 114" in receipt
    assert "111 (bảo vệ trẻ em)" in receipt
    assert "còn thiếu" not in receipt


def test_a_life_in_danger_is_heard_in_the_thread_of_a_question_too(house: World) -> None:
    row = house.ask()
    text = "Đợi mãi không ai trả lời, tôi không muốn sống nữa, tối nay tôi nhảy cầu."
    assert "officer_alert" in answers(house, "citizen_received", text)
    alerts = house.house.sent_with(name="officer_alert")
    assert len([one for one in alerts if "KHẨN" in subject_of(bytes(one["bytes"]))]) == 1
    assert str(row["code"]) in subject_of(bytes(alerts[-1]["bytes"]))


def test_whom_the_register_knows_by_the_mailbox_of_a_life_in_danger_stands_in_the_alert(house: World) -> None:
    """Five minutes before a child had told name and address; "call the writer" said neither."""
    code = house.ask()["code"]
    house.ask(f"Đèn ngõ 9 đường Lạch Tray tắt, bao giờ sửa?{SIGNATURE}", "khac@dan.test")
    house.arrive(vouched(letter(CITIZEN, "Bố cháu hay đánh mẹ con cháu, tối qua bố cầm dao", subject="")))
    told = said(house.last("officer_alert", OFFICER))
    for known in (f"Hộp thư {CITIZEN}", f"{code}: Nguyễn Văn An; Số 5 đường Trường Chinh", "0912"):
        assert known in told
    assert "Lạch Tray" not in told


@pytest.mark.parametrize(
    "text",
    [
        "Năm ngoái bố em đánh em, nay bố đi cai nghiện. Em hỏi thủ tục xin miễn học phí?",
        "nam ngoai bo em danh em, nay bo di cai nghien. Em hoi thu tuc xin mien hoc phi?",
        "Chong toi danh tien cho con di hoc, xin tu van thu tuc mien hoc phi cho em?",
        "Mức phạt hành vi bạo hành trẻ em là bao nhiêu, Công an thành phố cho biết?",
        "Thủ tục xử lý bạo lực gia đình như thế nào, Công an thành phố cho biết?",
        "Xin hỏi mức phạt hành vi chồng đánh vợ là bao nhiêu, Công an thành phố cho biết?",
        "Chồng đánh vợ có được ly hôn đơn phương không, xin hỏi Sở Tư pháp?",
        "Ngư dân chúng tôi đánh bắt gần bờ, con em được hỗ trợ học phí không?",
        "Nhà hàng xóm đâm cọc làm nứt tường nhà mẹ tôi, Sở Xây dựng kiểm tra khi nào?",
        "Trường tổ chức tuyên truyền phòng chống bạo hành trẻ em khi nào?",
        "Dân đốt rơm rạ mù mịt cả xóm, ngõ tối như hũ nút, có khi đâm vào nhau. Cơ quan nào xử lý?",
        "Đường tao nhã của phố cổ nay chém giá gửi xe, Sở nào quản lý giá gửi xe?",
        "Hàng xóm đánh đàn ầm ĩ, trẻ nhỏ nhà tôi không ngủ được. Cơ quan nào xử lý tiếng ồn?",
        "Tôi đổ xăng ở cây xăng đường Lạch Tray thì xe chết máy, Sở Công Thương kiểm tra khi nào?",
        "Chung cư nhà tôi không còn lối thoát hiểm nào, nếu cháy thì sao, Công an thành phố kiểm tra khi nào?",
    ],
)
def test_what_is_over_or_only_spoken_of_is_no_danger(house: World, text: str) -> None:
    house.arrive(vouched(letter(CITIZEN, text)))
    assert not house.house.sent_with(name="officer_alert")
    assert "gọi ngay 114" not in said(house.last("citizen_received", CITIZEN))


@pytest.mark.parametrize("upper", [False, True])
def test_the_company_that_is_to_answer_is_not_the_asker(house: World, upper: bool) -> None:
    signed = "\n\nNguyễn Thị Hòa\nSố 3 ngõ 12 đường Lạch Tray, phường Gia Viên\n0936 111 222"
    text = "Kính gửi Ban Biên tập. Nhà tôi mất nước. Công ty Cấp nước Hải Phòng bao giờ khắc phục?" + signed
    row = house.ask(text.upper() if upper else text)
    assert (row["asker_kind"], row["asker_name"].title(), row["missing"]) == ("individual", "Nguyễn Thị Hòa", "")
    assert "Quý cơ quan, tổ chức" not in said(house.last("citizen_received"))
    assert "khắc phục? (" not in said(house.last(unit_address("CAPNUOC")))


HIDDEN = (
    "Đề nghị không nêu tên tôi cho Sở biết.",
    "Xin giữ kín tên tôi với phường",
    "Đừng tiết lộ danh tính của tôi cho đơn vị bị phản ánh",
    "Nhờ Ban không cho biết họ tên tôi với bên Sở Xây dựng",
)


@pytest.mark.parametrize("text", HIDDEN)
def test_who_wants_to_be_unknown_to_the_unit_hears_that_it_knows(asked: World, text: str) -> None:
    assert sorted(answers(asked, "citizen_received", text)) == ["citizen_consent", "officer_alert"]
    told = said(asked.last("citizen_consent", CITIZEN))
    assert "Sở Xây dựng đã nhận họ tên, địa chỉ, điện thoại của Ông/Bà" in told
    alert = said(asked.last("officer_alert", OFFICER))
    assert "đề nghị giữ kín họ tên, thông tin về mình (câu hỏi HP-2026-000001)" in alert
    assert "Đã có họ tên, địa chỉ, điện thoại của người hỏi: Sở Xây dựng" in alert
    assert asked.house.questions[0]["name_consent"] is False
    done = order(asked, "HP-2026-000001 nhắc đơn vị: người hỏi đề nghị giữ kín họ tên", "officer_alert")
    assert "Đã" in done
    assert "Chưa" not in done


@pytest.mark.parametrize(
    ("wish", "state"),
    [
        ("Đừng cho Sở biết tôi là ai.", ("needs_review", False, 0)),
        ("Dung cho So biet ten toi nhe.", ("needs_review", False, 0)),
        ("Xin giữ kín tên tôi.", ("forwarded", False, 1)),
        ("", ("forwarded", None, 0)),
        ("Không cần giữ kín tên tôi.", ("forwarded", None, 0)),
    ],
)
def test_a_new_letter_that_wants_its_writer_unknown_reaches_officers_before_its_unit(
    house: World, wish: str, state: tuple[str, bool | None, int]
) -> None:
    row = house.ask(f"Đường trước nhà tôi nhiều ổ gà, bao giờ Sở Xây dựng sửa? {wish}\n\nNguyễn An, phường Kiến An")
    alerts = house.house.sent_with(name="officer_alert")
    assert (row["status"], row["name_consent"], len(alerts)) == state
    held = state[0] == "needs_review"
    assert ("unit_forward" in house.names(unit_address("SXD"))) is not held
    if held:
        assert "không cho đơn vị biết mình là ai" in said(house.last("officer_review", OFFICER))
        assert "HP-2026-000001" in said(house.last("citizen_received"))
    told = "không thể giữ kín với đơn vị này" in said(house.last("citizen_received"))
    assert told is (wish == "Xin giữ kín tên tôi."), "who has been named already hears it"


@pytest.mark.parametrize(
    ("wish", "unnamed"),
    [("Xin không nêu tên tôi ở bất cứ đâu, ông ấy rất hung dữ.", True), ("Đề nghị không nêu tên cán bộ.", False)],
)
def test_who_is_not_to_be_named_is_known_to_unit_and_before_posting(house: World, wish: str, unnamed: bool) -> None:
    unit, told = unit_address("SXD"), "đề nghị không nêu tên"
    house.ask(f"Đường trước nhà tôi nhiều ổ gà, bao giờ Sở Xây dựng sửa? {wish}\n\nNguyễn An, phường Kiến An")
    assert (f"{told} mình" in said(house.last("unit_forward", unit))) is unnamed
    answer = "Sở Xây dựng trả lời: mặt đường được sửa trong quý I năm 2027."
    house.arrive(vouched(answer_to(house.last("unit_forward", unit), unit, answer), unit.rpartition("@")[2]))
    house.house.clock.at += timedelta(days=1)
    house.overviews()
    assert (told in order(house, "HP-2026-000001 trình đăng", "officer_digest")) is unnamed
    put = said(house.last("head_approval"))
    assert (f"{told}: câu hỏi HP-2026-000001" in put) is unnamed
    assert (wish in put) is not unnamed


def test_a_letter_whose_writer_hides_from_the_company_that_would_get_it_waits(house: World) -> None:
    signed = "\n\nLê Thị Chi, số 5 đường Trường Chinh, phường Kiến An, 0912 000 333"
    asked = "Kính gửi Ban Biên tập. Nhà tôi mất nước. Công ty Cấp nước Hải Phòng bao giờ khắc phục?"
    row = house.ask(f"{asked} Tôi xin giấu tên với Công ty Cấp nước vì chồng tôi làm ở đó.{signed}")
    assert row["status"] == "needs_review"
    assert house.names(unit_address("CAPNUOC")) == []
    assert "không cho đơn vị biết mình là ai" in said(house.last("officer_review", OFFICER))


def test_where_no_unit_has_the_question_the_officer_is_told_before_it_goes_out(house: World) -> None:
    house.ask(UNSURE)
    assert sorted(answers(house, "citizen_received", HIDDEN[0])) == ["citizen_consent", "officer_alert"]
    assert "chưa được chuyển đến đơn vị nào" in said(house.last("citizen_consent", CITIZEN))
    assert "Câu hỏi chưa chuyển đơn vị nào" in text_of(house.last("officer_alert", OFFICER))


@pytest.mark.parametrize("text", ["Đề nghị giấu tên khi đăng", "Không nêu tên trên Cổng", "Đừng công khai họ tên"])
def test_who_only_wants_no_name_on_the_page_alarms_nobody(asked: World, text: str) -> None:
    assert answers(asked, "citizen_received", text) == ["citizen_consent"]
    assert "đã nhận họ tên" not in text_of(asked.last("citizen_consent", CITIZEN))


@pytest.mark.parametrize(
    "text",
    [
        "Câu hỏi {} của vợ tôi giải quyết đến đâu rồi?",
        "Em là em gái bác ấy, bác ấy nằm viện nên nhờ em hỏi {} bao giờ có trả lời ạ.",
        "tra cứu {}",
    ],
)
def test_who_asks_for_a_relative_hears_who_is_told(house: World, text: str) -> None:
    code = str(house.ask()["code"])
    before, asked = house.state(), len(house.inbox(CITIZEN))
    raw = vouched(letter("chong@dan.test", text.format(code), subject="Hỏi giúp"))
    assert house.names_after(raw) == ["citizen_wrong_address"]
    told = said(house.last("chong@dan.test"))
    assert "chỉ trả lời vào địa chỉ thư điện tử đã gửi câu hỏi" in told
    assert not any(word in told for word in (code, "Sở Xây dựng", "Nguyễn Văn An", "20/10/2026"))
    assert len(house.inbox(CITIZEN)) == asked
    assert house.state()["question"] == before["question"]
    house.at(2026, 10, 6, 1, 5)
    house.overviews()
    assert "Hỏi về câu hỏi của người khác" in said(house.last("officer_digest", OFFICER))


def test_who_is_not_vouched_for_hears_nothing_and_is_listed(house: World) -> None:
    code = house.ask()["code"]
    raw = vouched(letter("chong@dan.test", f"Câu hỏi {code} của vợ tôi đến đâu rồi?"), result="fail")
    assert house.names_after(raw) == []
    house.at(2026, 10, 6, 1, 5)
    house.overviews()
    assert "Hỏi về câu hỏi của người khác" in said(house.last("officer_digest", OFFICER))


@pytest.mark.parametrize("result", ["pass", "fail"])
def test_who_answers_our_mail_in_the_askers_stead_hears_from_where_to_write(house: World, result: str) -> None:
    """Not vouched for, a daughter heard nothing, and an officer had no order for what she added."""
    code = str(house.ask()["code"])
    more = "Tôi là con gái ông An, bố tôi nhờ bổ sung: ổ gà nằm trước số nhà 5, sâu 30 cm."
    raw = answer_to(house.last("citizen_received", CITIZEN), "congai@dan.test", more)
    assert house.names_after(vouched(raw, result=result)) == ["citizen_wrong_address", "officer_review"]
    told = said(house.last("congai@dan.test"))
    assert "xin gửi lại từ chính địa chỉ thư điện tử đã nhận thư" in told
    assert not any(word in told for word in (code, "Sở Xây dựng", "Nguyễn Văn An", "20/10/2026"))
    forwarded = len(house.inbox(unit_address("SXD")))
    assert "Đã" in order(house, f"{code} chuyển ý kiến cho đơn vị")
    assert "sâu 30 cm" in said(house.inbox(unit_address("SXD"))[forwarded])


SECRET = (
    "Đề nghị Ban giữ kín tên và địa chỉ của tôi, đừng cho chủ vựa phế liệu biết.",
    "Xin đừng để Sở biết tên tôi, tôi sợ phiền",
    "Mong Ban bảo mật số điện thoại của em, em sợ bị trù dập ạ",
    "Tôi không dám khai tên tuổi vì sợ bị trả thù. Các anh cứ giải quyết, cần gì biết tôi ở đâu!",
    "Tên tuổi của tôi xin được giữ bí mật",
    "Đừng để hàng xóm biết tôi là ai nhé",
    "Xin đừng để bên Sở biết họ tên và cả số điện thoại của em, em sợ bị trù dập lắm.",
    "Tôi không muốn phường biết tên tôi, tôi ngại bị trù dập",
    "Làm ơn đừng chuyển họ tên với số máy của cháu cho Sở ạ, cháu sợ bị trả thù.",
    "Mong Ban đừng cho ai ở đó biết số điện thoại, địa chỉ nhà tôi",
)


@each_third("text", SECRET)
def test_who_wants_to_stay_unknown_denounces_nobody(asked: World, text: str) -> None:
    asked.ask(UNSURE, "ba@dan.test")
    assert sorted(answers(asked, "citizen_received", text, "ba@dan.test")) == ["citizen_consent", "officer_alert"]
    alert = said(asked.last("officer_alert", OFFICER))
    assert "đề nghị giữ kín họ tên, thông tin về mình (câu hỏi HP-2026-000002)" in alert
    assert text in alert
    assert "Ghi chú vào sổ" in alert
    mail = asked.house.mails[-1]
    assert (mail["status"], mail["sealed"], mail["question_id"]) == ("done", False, asked.question["id"])
    assert [row["name_consent"] for row in asked.house.questions] == [None, False]


@pytest.mark.parametrize(
    "text",
    [
        "Xin giữ bí mật tên tôi. Ông Trần Văn Y phó chủ tịch phường nhận tiền của các hộ mới cho xây.",
        "Đề nghị giấu tên. Bà Hoa kế toán xã khai khống danh sách hộ nghèo để lấy tiền.",
        "Đừng cho ai biết tôi là ai, tôi tố cáo ông chủ tịch xã bán đất công",
    ],
    ids=["0", "1", "2"],
)
def test_who_tells_of_a_deed_and_wants_to_stay_unknown_is_kept_apart(asked: World, text: str) -> None:
    assert set(answers(asked, "citizen_received", text)) <= {"officer_denunciation", "citizen_held"}
    assert asked.house.mails[-1]["status"] == "held"
    assert not any(text.partition(".")[2] in text_of(raw) for raw in asked.inbox(OFFICER) if text.partition(".")[2])


NO_NAME = "Bao giờ đoạn đường Trường Chinh trước cổng chợ được sửa? Đề nghị Sở Xây dựng trả lời."


def test_of_whom_the_unit_knows_nothing_it_is_not_said_that_it_knows(house: World) -> None:
    house.ask(NO_NAME, "cu@dan.test")
    assert "name" in house.question["missing"]
    answers(house, "citizen_received", "Tôi xin giữ kín tên tuổi", "cu@dan.test")
    told = said(house.last("citizen_consent"))
    assert "Câu hỏi đã chuyển đến Sở Xây dựng mà không kèm họ tên, địa chỉ, điện thoại của Ông/Bà" in told
    assert "đã nhận" not in told
    assert "Đơn vị chưa có tên của người hỏi" in said(house.last("officer_alert", OFFICER))


def test_what_is_told_in_confidence_is_kept_and_not_passed_on(house: World) -> None:
    house.ask(NO_NAME, "cu@dan.test")
    text = "Tôi là Nguyễn Văn Cừ, 12 đường Lạch Tray, phường Gia Viên, 0912 345 678, ĐỪNG cho đơn vị biết tên tôi"
    led_to = answers(house, "citizen_received", text, "cu@dan.test")
    assert sorted(led_to) == ["citizen_completed", "citizen_consent", "officer_alert"]
    row = house.question
    assert (row["asker_name"], row["missing"], row["name_consent"]) == ("Nguyễn Văn Cừ", "", False)
    assert not any("Nguyễn Văn Cừ" in text_of(raw) for raw in house.inbox(unit_address("SXD")))


def test_whose_hospital_did_not_keep_a_secret_has_no_wish(asked: World) -> None:
    text = "Bệnh viện không giữ bí mật thông tin của tôi, ai cũng biết tôi hỏi việc này."
    assert "citizen_consent" not in answers(asked, "citizen_received", text)


def test_a_request_to_see_the_data_comes_with_the_orders_that_end_it(asked: World) -> None:
    answers(asked, "citizen_received", "xem dữ liệu cá nhân của tôi")
    alert = said(asked.last("officer_alert", OFFICER))
    assert "“HP-2026-000001 không thực hiện yêu cầu dữ liệu vì …”" in alert
    shown = "HP-2026-000001 đã thực hiện yêu cầu dữ liệu: sổ đang lưu họ tên: Nguyễn Văn An; địa chỉ: Số 5"
    assert shown in alert
    ready = alert[alert.index(shown) :].partition("”")[0]
    assert ready.endswith("thông tin cần cho việc trả lời đã chuyển cho Sở Xây dựng")
    assert "người hỏi được thông báo" in order(asked, ready, "officer_alert")
    assert "thư điện tử: an@dan.test" in said(asked.last("citizen_data_closed", CITIZEN))


def test_whoever_writes_after_an_answer_is_heard_and_not_taken_for_somebody_new(house: World) -> None:
    answered(house)
    text = "Tôi đã gọi số điện thoại trong thư ba lần không ai nghe. Vậy tôi phải đến phòng nào ở đâu để làm?"
    assert answers(house, "citizen_answered", text) == ["citizen_held", "officer_review"]
    review = said(house.last("officer_review", OFFICER))
    assert review.index("chuyển ý kiến cho đơn vị") < review.index("mở lại") < review.index("Đăng ký")
    house.answers("officer_review", OFFICER, "HP-2026-000001 chuyển ý kiến cho đơn vị")
    assert "không ai nghe" in said(house.last("unit_opinion", unit_address("SXD")))


def test_what_stands_below_dashes_is_read_and_sent(asked: World) -> None:
    """A denunciation below "--" was a signature: not sealed, and the register had the greeting alone."""
    road = "Đoạn từ số 5 đến số 9 cấm xe từ 15/10/2026."
    sxd = unit_address("SXD")
    said_by_unit = f"Sở Xây dựng trả lời: Việc ông hỏi đã được kiểm tra, sẽ sửa trong tháng 11/2026.\n---\n{road}"
    asked.arrive(vouched(answer_to(asked.last("unit_forward", sxd), sxd, said_by_unit), "sxd.test"))
    assert road in said(asked.last("citizen_answered"))
    secret = "Xin chào\n--\nTôi tố cáo ông Trần Văn B, cán bộ phường, nhận tiền của dân.\nXin giữ bí mật."
    row = asked.arrive(vouched(letter("chi@dan.test", secret)))
    assert (row["kind"], bool(row["sealed"]), len(asked.house.questions)) == ("denunciation", True, 1)


WORKS = "Thời gian: 22:00 ngày 15/10/2026\nTừ: ngã tư Quán Trữ\nĐến: cầu Niệm\nCấm xe tải, không đỗ xe trước nhà."


def test_what_only_looks_quoted_in_a_letter_or_an_answer_is_part_of_it(house: World) -> None:
    """From a span of time and place to the end all was cut off: half an answer, the asker's name, a denunciation."""
    asked = house.ask(LETTER.replace("\n\n", f"\n{WORKS}\n\n", 1))
    assert WORKS in asked["content"]
    assert asked["asker_phone"]
    sxd = unit_address("SXD")
    text = f"Sở Xây dựng trả lời: Việc sửa mặt đường Trường Chinh thực hiện như sau.\n{WORKS}"
    house.arrive(vouched(answer_to(house.last("unit_forward", sxd), sxd, text), "sxd.test"))
    assert "không đỗ xe trước nhà" in said(house.last("citizen_answered"))
    secret = (
        "Kính gửi Ban.\nLúc 9:30 ngày 5/10/2026, tổ dân phố đã viết:\n- Phiếu thu\n"
        "Tôi tố cáo tổ trưởng Trần Văn B nhận hối lộ 50 triệu đồng. Xin giữ kín tên tôi."
    )
    row = house.arrive(vouched(letter("chi@dan.test", secret)))
    assert (row["kind"], bool(row["sealed"])) == ("denunciation", True)
