"""An officer's day by mail: every command is carried out, or answered with why not and how to say it right."""

import pytest

from db.core.tables import assignment, journal, question_link
from tests.installation import OFFICER, letter, subject_of, unit_address
from tests.world import ROAD, SIGNATURE, UNSURE, World, said

NOBODYS = UNSURE.removesuffix(SIGNATURE)
REVIEWED = UNSURE
"""A question that an officer must look at."""

PHONED = """Đăng ký hộ:
Họ tên: Trần Thị Bình
Địa chỉ: số 12 đường Lạch Tray, phường Gia Viên, thành phố Hải Phòng
Điện thoại: 0912 345 678
Hình thức: điện thoại
Nhận lúc: 04/10/2026 15:30
Nội dung: Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng.
Tiếp nhận phản ánh đã lâu mà chưa sửa. Bao giờ Sở Xây dựng sửa mặt đường?
"""


pytestmark = pytest.mark.world(both_databases=True)


def test_several_commands_of_one_mail_are_each_answered(town: World) -> None:
    first = town.ask()["code"]
    code = town.ask(REVIEWED, "ba@dan.test")["code"]
    town.reply(
        OFFICER,
        f"{code} sửa địa chỉ: số 7 phố Cầu Đất, phường Ngô Quyền\n{code} ghi chú: đã gọi điện\n"
        f"{code} ghi chu: hẹn thứ Sáu\n{code} trùng với {first}\nKý nhận tất cả\n{code} chuyển SXD",
    )
    row = town.question
    assert row["asker_address"] == "số 7 phố Cầu Đất, phường Ngô Quyền"
    assert row["notes"] == "đã gọi điện\nhẹn thứ Sáu"
    assert row["status"] == "forwarded"
    assert {one["officer"] for one in town.house.questions} == {"Cán bộ tiếp nhận"}
    assert all(one["signed_at"] for one in town.house.questions)
    (pair,) = town.house.rows(question_link)
    assert (pair["first_id"], pair["second_id"], pair["made_by"]) == (1, 2, OFFICER)
    assert said(town.last(OFFICER)).count("Đã làm") == 6


def test_commands_that_cannot_be_done_say_why_and_how(town: World) -> None:
    code = town.ask(REVIEWED)["code"]
    town.reply(
        OFFICER,
        f"{code} sửa điện thoại: 123\n{code} trùng với HP-2026-000999\n{code} đóng\n"
        "HP-2026-000777 ghi chú: x\nđăng ký hộ:",
    )
    text = said(town.last(OFFICER))
    assert text.count("Chưa làm") == 5
    assert "không phải là số điện thoại hợp lệ" in text
    assert "Không có câu hỏi số HP-2026-000999" in text
    assert "chưa kết thúc được" in text
    assert "Họ tên: …" in text
    assert len(town.house.questions) == 1


def test_an_officer_who_learns_is_answered_each_time(town: World) -> None:
    code = town.ask()["code"]
    town.ask(REVIEWED, "ba@dan.test")
    for number, again in enumerate(("Em gửi lại ạ", "Em làm lại ạ", "Em thử lần nữa", "Đây ạ", "Thế này đúng chưa")):
        town.reply(OFFICER, f"{code} chuyển SXD, lần {number}")
        town.reply(OFFICER, again)
        assert "Chưa làm" in said(town.last(OFFICER))
    assert len(town.house.sent_with(name="officer_done")) == 10


def test_a_line_that_is_not_understood_is_told_beside_those_that_were_done(town: World) -> None:
    first, second = town.ask()["code"], town.ask(REVIEWED, "ba@dan.test")["code"]
    town.reply(OFFICER, f"1. {second} hỏi lại: nhà số mấy?\n2. {first} chueyn SYT\n3. {first} ký nhận")
    told = said(town.last(OFFICER))
    assert told.count("Đã làm") == 2
    assert told.count("Chưa làm") == 1
    assert "Chưa hiểu dòng này" in told
    assert "CÓ PHẢI Ý ÔNG/BÀ LÀ" in told
    assert "chueyn" not in said(town.last("ba@dan.test")), "no citizen is asked what was meant for us"


@pytest.mark.parametrize("text", ["Ký nhận tất cả", "tro giup", "{} chuyển SYT", PHONED])
def test_commands_in_a_mail_of_its_own_are_not_done_and_are_no_question(town: World, text: str) -> None:
    town.write(letter(OFFICER, text.format(town.ask()["code"]), subject="Nhờ xử lý"))
    assert len(town.house.questions) == 1
    assert town.question["signed_at"] is None
    assert "bấm Trả lời" in said(town.last(OFFICER))


def test_an_officer_may_ask_when_the_desk_says_that_it_is_a_question(town: World) -> None:
    town.write(letter(OFFICER, ROAD + SIGNATURE))
    assert town.house.questions == [], "it may as well be a note to a colleague"
    town.reply(OFFICER, "Đăng ký")
    assert town.question["status"] == "needs_review"


def test_free_commands_do_not_spend_the_token(town: World) -> None:
    town.ask(REVIEWED)
    review = town.last(OFFICER)
    town.reply(OFFICER, "Ghi chú: chờ hỏi phòng chuyên môn")
    town.servers.deliver(OFFICER, review, town.house.clock.at)
    town.reply(OFFICER, "Chuyển SXD")
    assert town.question["status"] == "forwarded"
    assert town.question["notes"] == "chờ hỏi phòng chuyên môn"


def test_correction_completes_what_was_missing(town: World) -> None:
    code = town.ask(ROAD)["code"]
    town.ask(REVIEWED, "ba@dan.test")
    town.reply(
        OFFICER,
        f"{code} sửa họ tên: Nguyễn Văn An\n{code} sửa sđt: 0912.000.111\n{code} sua dia chi: số 5 Trường Chinh",
    )
    row = town.house.questions[0]
    assert (row["asker_name"], row["asker_phone_e164"], row["missing"]) == ("Nguyễn Văn An", "+84912000111", "")
    assert "Nguyễn Văn An" not in str(town.house.rows(journal_table()))


def journal_table() -> object:
    from sqlalchemy import select

    return select(journal.c.seq.label("id"), journal.c.data, journal.c.why).subquery()


def test_status_is_told(town: World) -> None:
    code = town.ask()["code"]
    town.ask(REVIEWED, "ba@dan.test")
    town.reply(OFFICER, f"Tình trạng {code}")
    text = said(town.last(OFFICER))
    assert "đã chuyển đơn vị trả lời" in text
    assert "Sở Xây dựng: hạn 20/10/2026" in text
    assert "chưa ký nhận" in text


def test_answered_question_is_closed(town: World) -> None:
    code = town.ask()["code"]
    town.reply(unit_address("SXD"), "Sở Xây dựng trả lời: đường sẽ được sửa trong quý I năm 2027.")
    town.ask(REVIEWED, "ba@dan.test")
    town.reply(OFFICER, f"{code} đóng: người hỏi đã hài lòng\nTrợ giúp")
    row = town.house.questions[0]
    assert (row["status"], row["notes"]) == ("closed", "người hỏi đã hài lòng")
    assert "Trợ giúp" in said(town.last(OFFICER))


def test_phoned_question_is_registered_signed_and_forwarded(town: World) -> None:
    town.ask(REVIEWED)
    town.reply(OFFICER, PHONED)
    row = town.question
    assert (row["code"], row["channel"], row["status"], row["raw_mail_id"]) == (
        "HP-2026-000002", "phone", "forwarded", None,
    )  # fmt: skip
    assert (row["asker_name"], row["asker_phone_e164"]) == ("Trần Thị Bình", "+84912345678")
    assert row["received_at"].isoformat() == "2026-10-04T08:30:00+00:00"
    assert "Tiếp nhận phản ánh đã lâu" in str(row["content"])
    assert row["officer"] == "Cán bộ tiếp nhận"
    assert row["signed_at"] is not None
    assert [one["unit"] for one in town.house.rows(assignment)] == ["SXD"]
    assert "HP-2026-000002" in subject_of(town.last(OFFICER))
    assert "ổ gà" in said(town.last(unit_address("SXD")))


def test_letter_by_post_with_a_named_unit_and_an_address_of_its_own(town: World) -> None:
    town.ask(REVIEWED)
    town.reply(
        OFFICER,
        "Đăng ký hộ\nHọ tên: Trần Thị Bình\nEmail: binh@dan.test\nHình thức: bưu điện\nĐơn vị: Sở Y tế\n"
        f"Nội dung: {NOBODYS}",
        attachments=[("thu.pdf", "application/pdf", b"%PDF-1.4 scan")],
    )
    row = town.question
    assert (row["channel"], row["asker_email"], row["status"]) == ("post", "binh@dan.test", "forwarded")
    assert "HP-2026-000002" in subject_of(town.last("binh@dan.test"))
    assert b"thu.pdf" in town.last(unit_address("SYT"))


def test_two_dictations_of_one_mail_and_one_that_nobody_is_named_for(town: World) -> None:
    town.ask(REVIEWED)
    vague = f"Đăng ký hộ\nHọ tên: Lê Văn C\nHình thức: trực tiếp\nNội dung: {NOBODYS}"
    town.reply(OFFICER, f"{PHONED}\n{vague}")
    rows = town.house.questions[1:]
    assert [(one["channel"], one["status"]) for one in rows] == [("phone", "forwarded"), ("visit", "needs_review")]
    review = next(one for one in reversed(town.inbox(OFFICER)) if "Cần xem xét" in subject_of(one))
    assert "HP-2026-000003" in subject_of(review)
    town.servers.deliver(OFFICER, review, town.house.clock.at)
    town.reply(OFFICER, "Chuyển SXD")
    assert town.question["status"] == "forwarded"


def test_stranger_dictates_nothing(town: World) -> None:
    town.ask(REVIEWED)
    town.reply(OFFICER, PHONED, sender="gia-danh@elsewhere.test")
    assert len(town.house.questions) <= 2
    assert all(row["channel"] == "email" for row in town.house.questions)
