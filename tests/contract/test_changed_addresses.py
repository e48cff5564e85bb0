"""An asker who wants mails at another address: an officer decides, both addresses hear, answers reach the new one."""

import pytest

from db.core.tables import duty
from tests.contract.test_bounces_found import FORMS, returned
from tests.dose import each_third
from tests.installation import OFFICER, files_of, letter, text_of, unit_address
from tests.world import World, asker_says, order, said, vouched

CITIZEN, NEW, UNIT = "an@dan.test", "an.moi@thu.test", unit_address("SXD")
CODE = "HP-2026-000001"
ANSWER = "Sở Xây dựng trả lời: mặt đường được sửa trong quý I năm 2027.\n\nPhó Giám đốc\nNguyễn Văn A"


@pytest.fixture
def house(house: World) -> World:
    """Question 1 lies with the unit; question 2 is a bystander's."""
    house.ask(message_id="<1@dan.test>")
    house.ask(sender="ba@dan.test", text="Bao giờ Sở Xây dựng lát vỉa hè đường Lê Lợi?", message_id="<2@dan.test>")
    return house


def addresses(house: World) -> list[str]:
    return [str(row["asker_email"]) for row in house.house.questions]


@pytest.mark.parametrize(
    "text",
    [
        f"Tôi đổi địa chỉ thư điện tử, từ nay xin gửi câu trả lời vào {NEW}, hộp thư này tôi sắp bỏ.",
        f"Email mới của tôi: {NEW}. Xin gửi kết quả vào đó.",
        f"Nhờ ban gửi câu trả lời về {NEW} giúp tôi",
        f"Tôi xin sửa địa chỉ email thành {NEW} ạ",
    ],
)
def test_the_wish_for_another_address_reaches_an_officer_with_the_order(house: World, text: str) -> None:
    assert asker_says(house, text) == [("citizen_held", CITIZEN), ("officer_review", OFFICER)]
    shown = said(house.last("officer_review", OFFICER))
    assert f"“{CODE} sửa thư điện tử: {NEW}”" in shown
    assert "muốn nhận thư ở địa chỉ khác" in shown
    assert "gọi điện" not in shown, "it comes from the asker's own address"
    assert addresses(house) == [CITIZEN, "ba@dan.test"]
    done = order(house, f"{CODE} sửa thư điện tử: {NEW}")
    assert f"Từ nay thư về câu hỏi {CODE} gửi đến {NEW}" in done
    assert addresses(house) == [NEW, "ba@dan.test"]
    old, new = (said(house.last("citizen_address", one)) for one in (CITIZEN, NEW))
    assert "được gửi đến địa chỉ thư điện tử khác" in old
    assert NEW not in old
    assert "được gửi đến địa chỉ này" in new
    assert all(row["status"] == "done" for row in house.house.mails)


@pytest.mark.parametrize(
    "text",
    [
        "Sáng nay xe tải lại sa hố, tôi đã gửi ảnh đến email phuong@haiphong.test mà chưa ai trả lời.",
        "Đoạn đường đổi hướng ra sao sau khi sửa?",
        "Tôi bổ sung: ổ gà to nhất ở trước số 7, địa chỉ này là ngõ 12.",
        "Từ nay đến Tết có sửa xong đường không?",
        "Xin gửi câu trả lời sớm cho tôi, hố sâu lắm rồi.",
    ],
)
def test_what_is_no_such_wish_goes_its_usual_way(house: World, text: str) -> None:
    led_to = asker_says(house, text)
    assert ("officer_review", OFFICER) not in led_to
    assert led_to


def test_who_writes_from_the_new_address_is_heard_and_an_officer_asked_to_call(house: World) -> None:
    text = f"Tôi là Nguyễn Văn An, gửi câu hỏi {CODE} từ {CITIZEN}, nay tôi dùng địa chỉ này. Xin trả lời vào đây."
    before = house.state()
    names = house.names_after(vouched(letter(NEW, text, subject="Đổi địa chỉ thư", message_id="<9@dan.test>")))
    assert set(names) == {"citizen_held", "officer_review"}
    shown = said(house.last("officer_review", OFFICER))
    assert "xin gọi điện hỏi lại người hỏi trước khi sửa" in shown
    assert f"“{CODE} sửa thư điện tử: {NEW}”" in shown
    assert "Sở Xây dựng" not in text_of(house.last("citizen_held", NEW)), "nobody knows yet who this is"
    assert house.state()["question"] == before["question"]


def test_an_answer_already_given_goes_to_the_new_address(house: World) -> None:
    house.reply(UNIT, ANSWER, CODE, attachments=(("ban-do.pdf", "application/pdf", b"%PDF-1.4 ban do"),))
    house.let_pass(minutes=40)
    asker_says(house, f"Hộp thư này sắp bỏ, xin gửi câu trả lời vào {NEW}", "citizen_answered")
    assert "kèm câu trả lời đã có" in order(house, f"{CODE} sửa email: {NEW}")
    assert "quý I năm 2027" in text_of(house.last("citizen_address", NEW))
    assert "TỆP KÈM THEO - ban-do.pdf" in said(house.last("citizen_address", NEW))
    assert list(files_of(house.last("citizen_address", NEW))) == ["ban-do.pdf"]
    assert "quý I năm 2027" not in text_of(house.last("citizen_address", CITIZEN))


def test_the_morning_mail_offers_the_order_and_takes_it(house: World) -> None:
    asker_says(house, f"Tôi đổi email, xin gửi vào {NEW}")
    house.house.clock.forward(days=1)
    house.overviews()
    print(text_of(house.last("officer_digest", OFFICER)))
    assert "Sửa địa chỉ thư điện tử, Chuyển ý kiến cho đơn vị" in said(house.last("officer_digest", OFFICER))
    refused = order(house, f"{CODE} chuyển ý kiến cho đơn vị", "officer_digest")
    assert "Người hỏi muốn nhận thư ở địa chỉ khác" in refused, "a wish is passed on by who answers that very mail"
    house.due()
    assert f"“{CODE} sửa thư điện tử: {NEW}”" in said(house.last("officer_alert", OFFICER))
    order(house, f"{CODE} sửa thư điện tử: {NEW}", "officer_digest")
    assert addresses(house) == [NEW, "ba@dan.test"]
    assert all(row["status"] == "done" for row in house.house.mails)


def test_after_a_bounce_the_officer_is_told_of_the_order(house: World) -> None:
    sent = house.house.sent_with(name="citizen_received", recipient=CITIZEN)[0]
    house.arrive(returned(bytes(sent["bytes"]), str(sent["envelope_from"]), FORMS["exchange 2019"]))
    alert = said(house.last("officer_alert", OFFICER))
    assert "không đến được người nhận" in alert
    assert "Sửa địa chỉ thư điện tử của người hỏi" in alert
    order(house, f"sửa thư điện tử: {NEW}", "officer_alert")
    assert addresses(house) == [NEW, "ba@dan.test"]


@pytest.mark.parametrize(
    ("ended", "name", "reads"),
    [
        ("từ chối h vì việc sửa luật do Quốc hội quyết định", "citizen_rejected", "sửa luật do Quốc hội quyết định"),
        ("xác nhận cho rút câu hỏi", "citizen_withdrawal", "đã kết thúc việc giải quyết"),
    ],
)
def test_an_end_without_an_answer_goes_to_the_new_address(house: World, ended: str, name: str, reads: str) -> None:
    house.overviews()
    order(house, f"{CODE} {ended}", "officer_digest")
    sent = house.house.sent_with(name=name, recipient=CITIZEN)[0]
    house.arrive(returned(bytes(sent["bytes"]), str(sent["envelope_from"]), FORMS["exchange 2019"]))
    assert "gửi lại thư báo kết quả" in order(house, f"{CODE} sửa thư điện tử: {NEW}", "officer_alert")
    assert reads in said(house.last(name, NEW))
    assert {name, "citizen_address"} == set(house.names(NEW))
    assert not house.house.sent_with(name=name, recipient="ba@dan.test")


def test_an_answer_that_still_waits_is_not_sent_ahead_of_its_time(house: World) -> None:
    house.reply(UNIT, ANSWER, CODE)
    asker_says(house, f"Hộp thư này sắp bỏ, xin gửi câu trả lời vào {NEW}")
    assert "đang chờ gửi đến địa chỉ cũ" in order(house, f"{CODE} sửa thư điện tử: {NEW}")
    assert addresses(house) == [CITIZEN, "ba@dan.test"]
    assert not house.house.sent_with(name="citizen_address")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (f"sửa địa chỉ: {NEW}", f"nếu đúng ý, xin ghi “{CODE} sửa thư điện tử: {NEW}”"),
        ("sửa thư điện tử: số 5 Lê Lợi", "Cần ghi đúng một địa chỉ thư điện tử"),
        (f"sửa thư điện tử: {UNIT}", "là địa chỉ của cơ quan"),
        (f"sửa email: {CITIZEN}", "chưa sửa gì"),
    ],
)
def test_what_cannot_be_meant_is_asked_back(house: World, line: str, says: str) -> None:
    asker_says(house, f"Tôi đổi email, xin gửi vào {NEW}")
    before = house.state()["question"]
    assert says in order(house, f"{CODE} {line}")
    assert house.state()["question"] == before
    assert not house.house.sent_with(name="citizen_address")


def test_the_postal_address_is_corrected_as_before(house: World) -> None:
    asker_says(house, f"Tôi đổi email, xin gửi vào {NEW}")
    order(house, f"{CODE} sửa địa chỉ: số 7 phố Trần Phú, phường Gia Viên")
    assert "số 7 phố Trần Phú" in house.house.questions[0]["asker_address"]
    assert addresses(house) == [CITIZEN, "ba@dan.test"]


@each_third(
    "text",
    [
        "Tôi không gửi câu hỏi nào.",
        "Tôi có gửi câu hỏi nào đâu? Ai lấy email của tôi vậy?",
        "Tôi không gửi câu hỏi này, chắc nhầm địa chỉ",
        "Nhầm người",
        "Các anh gửi nhầm người rồi, xin đừng gửi nữa.",
        "Đây không phải câu hỏi của tôi ạ.",
        "Thưa Ban, tôi đâu có hỏi câu này ạ",
        "toi khong hoi gi ca",
    ],
)
def test_who_did_not_ask_is_for_an_officer_and_hears_nothing_of_the_question(house: World, text: str) -> None:
    assert asker_says(house, text) == [("citizen_held", CITIZEN), ("officer_review", OFFICER)]
    told = said(house.last("citizen_held", CITIZEN))
    assert "Cán bộ đang xem thư" in told
    assert not any(one in told for one in ("Xây dựng", "ổ gà", "Nguyễn Văn An"))
    shown = said(house.last("officer_review", OFFICER))
    assert f"không gửi câu hỏi {CODE}" in shown
    assert "xin hỏi lại người hỏi (Nguyễn Văn An, điện thoại 0912 000 111)" in shown
    assert f"“{CODE} sửa thư điện tử:" in shown
    assert [row["status"] for row in house.house.questions] == ["forwarded", "forwarded"]
    house.overviews()
    assert "Sửa địa chỉ thư điện tử, Chuyển ý kiến cho đơn vị" in said(house.last("officer_digest", OFFICER))
    assert f"gửi đến {NEW}" in order(house, f"{CODE} sửa thư điện tử: {NEW}")
    assert addresses(house) == [NEW, "ba@dan.test"]
    assert all(row["status"] == "done" for row in house.house.mails)


@pytest.mark.parametrize(
    "text",
    [
        "Tôi không hỏi câu này nữa.",
        "Tôi không gửi câu hỏi này cho Sở Xây dựng mà hỏi phường.",
        "Tôi không viết gì sai, hố sâu nửa mét, xin Sở ra xem.",
        "Tôi có gửi câu hỏi này từ tháng trước, hố nay to gấp đôi.",
        "Phường phạt nhầm người lấn chiếm vỉa hè trước hố.",
    ],
)
def test_the_askers_own_words_deny_nothing(house: World, text: str) -> None:
    asker_says(house, text)
    assert not any("không gửi câu hỏi" in str(row["reason"]) for row in house.house.mails)


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("À tôi xin lỗi, vợ tôi dùng hộp thư gửi. Cứ giữ câu hỏi.", "citizen_received"),
        ("Tôi nhớ ra rồi, đúng là tôi hỏi, xin lỗi ban.", "citizen_held"),
        ("Con trai tôi gửi hộ đấy, xin cứ trả lời giúp", "citizen_held"),
    ],
)
def test_who_takes_the_denial_back_hears_that_the_question_goes_on(house: World, text: str, answered: str) -> None:
    for denied in ("Tôi không gửi câu hỏi nào cả.", "Nhầm người rồi"):
        asker_says(house, denied)
    before = house.last_sent()
    assert asker_says(house, text, answered) == [("citizen_withdrawal", CITIZEN), ("officer_alert", OFFICER)]
    told = said(house.last("citizen_withdrawal", CITIZEN))
    assert f"Câu hỏi số {CODE} vẫn được giải quyết" in told
    assert "rút" not in told
    shown = said(house.last("officer_alert", OFFICER))
    assert "vẫn là người hỏi" in shown
    assert text.rstrip(".") in shown
    assert "rút" not in shown
    assert not house.house.sent_with(name="unit_followup", after=before)
    assert all(row["status"] == "done" for row in house.house.mails), "no denial waits any more"
    assert [row["status"] for row in house.house.questions] == ["forwarded", "forwarded"]
    assert [one["kind"] for one in house.rows(duty) if one["status"] == "open"] == ["answer", "answer"]


@pytest.mark.parametrize("text", ["Cứ giữ câu hỏi nhé.", "À tôi xin lỗi, vợ tôi dùng hộp thư gửi. Cứ giữ câu hỏi."])
def test_who_keeps_a_question_that_nobody_denied_is_not_offered_to_have_it_withdrawn(house: World, text: str) -> None:
    asker_says(house, text)
    assert not house.house.sent_with(name="citizen_withdrawal")
    assert not any("cho rút" in said(bytes(row["bytes"])) for row in house.house.sent_with(recipient=OFFICER))


@pytest.mark.parametrize("text", ["Không phải tôi gửi, đừng gửi nữa.", "Xin đừng giữ câu hỏi này, tôi không hỏi."])
def test_another_denial_owns_nothing(house: World, text: str) -> None:
    asker_says(house, "Tôi không gửi câu hỏi nào cả.")
    asker_says(house, text)
    assert "vẫn là người hỏi" not in "".join(said(bytes(row["bytes"])) for row in house.house.sent_with())
    assert any(row["status"] == "held" for row in house.house.mails)
