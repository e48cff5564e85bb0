"""Mails put aside as no question: the morning's mail lists them; an invitation is told to the officers at once."""

import pytest

from db.core.tables import raw_mail
from tests.installation import OFFICER, letter
from tests.world import LETTER, STRANGER, World, said, vouched

THANKS = "Cảm ơn Ban Biên tập đã giải đáp rất tận tình. Chúc các anh chị mạnh khỏe."
MEETING = (
    "Kính gửi: Ban Biên tập\n\nHội Nông dân thành phố trân trọng kính mời đại diện Ban Biên tập dự Hội nghị tổng kết "
    "công tác năm 2026.\nThời gian: 08 giờ 00, ngày 20/10/2026\nĐịa điểm: Hội trường tầng 2.\n\nTrân trọng kính mời."
)
FEAST = (
    "Trường THPT Lê Chân kính mời Ban Biên tập dự Lễ kỷ niệm 50 năm thành lập trường, 8h00 ngày 15/11/2026. "
    "Xin xác nhận tham dự trước ngày 01/11/2026.\nHiệu trưởng\nLê Văn Hiệu"
)


def put_aside(house: World, text: str = THANKS, subject: str = "Cảm ơn", sender: str = STRANGER) -> int:
    return int(house.arrive(vouched(letter(sender, text, subject=subject)))["id"])


def test_the_morning_lists_what_was_put_aside_and_takes_it_up_again(house: World) -> None:
    mail = put_aside(house)
    house.ask()
    house.at(2026, 10, 6, 1, 30)
    house.overviews()
    told = said(house.last("officer_digest"))
    assert "THƯ ĐÃ CẤT, KHÔNG PHẢI CÂU HỎI (1)" in told.upper()
    assert f"Thư số {mail} của {STRANGER}: Cảm ơn" in told
    house.arrive(vouched(prepared(house, mail)))
    assert [row["status"] for row in house.house.questions] == ["forwarded", "needs_review"]
    house.at(2026, 10, 7, 1, 30)
    house.overviews()
    assert "ĐÃ CẤT" not in said(house.last("officer_digest")).upper(), "each is listed once"


def prepared(house: World, mail: int) -> bytes:
    """An officer's click on “Đăng ký” of this mail in the morning's list."""
    tag = house.house.installation.tagger.make("o", mail, OFFICER)
    local, _, domain = house.house.config.mailbox.address.rpartition("@")
    return letter(OFFICER, "Đăng ký", subject="Đăng ký", to=f"{local}+{tag}@{domain}")


@pytest.mark.parametrize(("text", "subject"), [(MEETING, "Giấy mời dự hội nghị"), (FEAST, "Thư mời"), (FEAST, "")])
def test_an_invitation_with_day_and_hour_is_shown_to_the_officers(house: World, text: str, subject: str) -> None:
    before = house.last_sent()
    mail = put_aside(house, text, subject, "vanthu@hoinongdan.test")
    assert house.house.questions == []
    told = {str(one["recipient"]): str(one["name"]) for one in house.house.sent_with(after=before)}
    assert told == {OFFICER: "officer_review"}
    shown = said(house.last("officer_review"))
    assert "Thư mời, có ngày giờ" in shown
    assert "Lê Văn Hiệu" in shown or "Hội trường tầng 2" in shown
    house.answers("officer_review", OFFICER, "Không phải câu hỏi")
    kept = [row for row in house.rows(raw_mail) if row["id"] == mail]
    assert [(row["status"], row["fate"]) for row in kept] == [("done", "ignore")]


SIGNED = "\n\nNguyễn Văn An\nSố 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\nĐT: 0912 000 111\n"
QUESTIONS = [
    "UBND phường mời tôi họp lúc 8 giờ ngày 20/10/2026 về đền bù, tôi không đến có sao không?",
    "Tôi nhận giấy mời của Sở Xây dựng lúc 14 giờ ngày 20/10/2026, xin hỏi cần mang giấy tờ gì?",
    "Trường gửi thư mời họp phụ huynh 8h ngày 20/10/2026 và thu tiền, đề nghị Sở Giáo dục và Đào tạo kiểm tra.",
    "Kính mời cán bộ Sở Xây dựng xuống xem đường trước nhà tôi, 8 giờ ngày 20/10/2026 tôi ở nhà. Bao giờ sửa đường?",
]


@pytest.mark.parametrize("text", QUESTIONS)
def test_a_question_that_speaks_of_an_invitation_is_a_question(house: World, text: str) -> None:
    house.ask(text + SIGNED)
    assert "Thư mời, có ngày giờ" not in "".join(said(one) for one in house.inbox(OFFICER))
    assert len(house.house.questions) == 1


def test_what_an_order_put_aside_is_taken_up_from_the_same_mail(house: World) -> None:
    """The officer's second thought on the review that he has answered; it names no other mail."""
    other = put_aside(house)
    mail = put_aside(house, MEETING, "Giấy mời dự hội nghị", "vanthu@hoinongdan.test")
    house.answers("officer_review", OFFICER, "Không phải câu hỏi")
    assert house.house.questions == []
    house.answers("officer_review", OFFICER, "Đăng ký")
    assert "Việc này đã được quyết định" not in said(house.last("officer_done"))
    assert [row["raw_mail_id"] for row in house.house.questions] == [mail] != [other]


def test_a_question_is_no_mail_put_aside(house: World) -> None:
    house.ask(LETTER)
    house.at(2026, 10, 6, 1, 30)
    house.overviews()
    assert "ĐÃ CẤT" not in said(house.last("officer_digest")).upper()


def test_what_somebody_else_asks_about_a_question_can_be_taken_up(house: World) -> None:
    code = house.ask()["code"]
    mail = put_aside(house, f"Câu hỏi {code} của vợ tôi giải quyết đến đâu rồi?", "Hỏi giúp vợ")
    house.at(2026, 10, 6, 1, 30)
    house.overviews()
    assert f"Thư số {mail} của {STRANGER}: Hỏi giúp vợ" in said(house.last("officer_digest"))
    house.arrive(vouched(prepared(house, mail)))
    assert len(house.house.questions) == 2


def test_a_mail_of_the_register_that_asks_nothing_comes_with_the_order_that_ends_it(house: World) -> None:
    """The sender is told so, with the reason, and may write back (10.1.k)."""
    house.ask()
    feast = "Mời anh chị với các cháu trưa thứ bảy này sang nhà em ăn bữa cơm thân mật mừng cháu gái đầy tháng nhé."
    code = house.ask(feast, "cuong@dan.test", subject="Mời cơm")["code"]
    offered = f"{code} từ chối k vì thư không nêu câu hỏi cần trả lời"
    shown = said(house.last("officer_review", OFFICER))
    assert "lời thư giống" not in shown, "nothing of it is like what a unit answers"
    assert "Không phải câu hỏi: báo người gửi: ghi “Từ chối k vì thư không nêu câu hỏi cần trả lời”" in shown
    house.at(2026, 10, 6, 1, 30)
    house.due()
    assert f"ghi “{offered}”" in said(house.last("officer_alert", OFFICER))
    house.overviews()
    listed = said(house.last("officer_digest", OFFICER))
    assert "Không phải câu hỏi: báo người gửi" in listed[listed.index(f"{code}: Mời cơm") :]
    house.answers("officer_review", OFFICER, offered)
    assert [row["status"] for row in house.house.questions] == ["forwarded", "rejected"]
    assert "không nêu câu hỏi" in said(house.last("citizen_rejected", "cuong@dan.test"))


def test_of_a_mail_without_a_word_no_unit_is_guessed(house: World) -> None:
    photo = ("IMG_3075.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 anh" * 50)
    house.ask()
    house.arrive(vouched(letter("dao@dan.test", "", subject="(không có tiêu đề)", attachments=(photo,))))
    shown = said(house.last("officer_review", OFFICER))
    assert "IMG_3075.jpg" in shown
    assert "lời thư giống" not in shown
    assert "ĐƠN VỊ DỰ ĐOÁN" not in shown
    assert "Chuyển Văn phòng" not in shown
    assert "Chuyển đơn vị khác" in shown
