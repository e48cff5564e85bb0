"""What a person may ask about their own question by mail; a stranger learns nothing."""

import pytest

from db.core.tables import duty
from tests.installation import OFFICER, letter, subject_of
from tests.world import CITIZEN, World, said

STRANGER = "ba@dan.test"


pytestmark = pytest.mark.world(both_databases=True)


def test_asker_is_told_where_the_question_stands(town: World) -> None:
    code = town.ask()["code"]
    town.write(letter(CITIZEN, f"Tra cuu cau hoi {code}", subject="Tra cứu"))
    text = said(town.last(CITIZEN))
    assert "Tình trạng câu hỏi" in subject_of(town.last(CITIZEN))
    assert "đã chuyển đơn vị trả lời" in text
    assert "Sở Xây dựng" in text
    assert "20/10/2026" in text
    assert len(town.house.questions) == 1


def test_stranger_is_told_nothing(town: World) -> None:
    code = town.ask()["code"]
    before = len(town.inbox(CITIZEN))
    town.write(letter(STRANGER, f"tra cứu {code}", subject="Tra cứu"))
    assert town.inbox(STRANGER) == []
    assert len(town.inbox(CITIZEN)) == before
    assert town.house.mails[-1]["fate"] == "ignore"


def test_lookups_are_capped(town: World) -> None:
    code = town.ask()["code"]
    for number in range(8):
        town.write(letter(CITIZEN, f"tra cứu {code}", subject=f"Tra cứu {number}"))
    assert sum(1 for one in town.inbox(CITIZEN) if "Tình trạng" in subject_of(one)) == 5


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        ("{} đã thực hiện yêu cầu dữ liệu: đã sửa số nhà thành số 7", "met", "Cụ thể: đã sửa số nhà thành số 7"),
        ("{} không thực hiện yêu cầu dữ liệu vì sổ phải lưu trữ", "met", "không thực hiện được yêu cầu"),
        ("{} không thực hiện yêu cầu dữ liệu", "open", ""),
    ],
)
def test_request_about_data_ends_with_the_officers_word(town: World, words: str, status: str, told: str) -> None:
    code = town.ask()["code"]
    town.reply(CITIZEN, f"Đề nghị chỉnh sửa thông tin cá nhân của tôi ở câu hỏi {code}: số nhà là 7")
    before = len(town.inbox(CITIZEN))
    for _ in range(2):  # said twice, told once
        town.reply(OFFICER, words.format(code))
    (asked,) = [row for row in town.house.rows(duty) if row["kind"] == "privacy"]
    assert asked["status"] == status
    mails = town.inbox(CITIZEN)[before:]
    assert len(mails) == (1 if told else 0)
    assert told in said(mails[0] if mails else town.last(OFFICER))
    expected = "không có yêu cầu nào" if told else "Cần nêu lý do"
    assert expected in said(town.last(OFFICER))


def test_the_morning_s_list_says_what_is_asked_of_the_data(town: World) -> None:
    code, other = (town.ask(sender=one)["code"] for one in (CITIZEN, "ba@dan.test"))
    town.reply(CITIZEN, f"Đề nghị chỉnh sửa thông tin cá nhân của tôi ở câu hỏi {code}: số nhà là 7")
    town.reply("ba@dan.test", "Tôi yêu cầu xóa dữ liệu cá nhân của tôi trong sổ")
    town.at(2026, 10, 6, 1, 5)
    told = said(town.last("officer_digest", OFFICER))
    assert f"{code}: Hỏi: Yêu cầu chỉnh sửa dữ liệu cá nhân, hạn 15/10/2026" in told
    assert f"{other}: Hỏi: Yêu cầu xóa dữ liệu cá nhân, hạn 26/10/2026" in told
    assert "không tính ngày đầu" not in told


def test_consent_to_the_name_can_be_given_and_taken_back(town: World) -> None:
    code = town.ask()["code"]
    town.reply(CITIZEN, f"Tôi đồng ý công khai họ tên trong câu hỏi {code}")
    assert town.question["name_consent"] is True
    town.reply(CITIZEN, f"Tôi không đồng ý công khai họ tên trong câu hỏi {code}")
    assert town.question["name_consent"] is False


def test_consent_by_a_forged_from_is_held(town: World) -> None:
    code = town.ask()["code"]
    town.write(letter(CITIZEN, f"Tôi đồng ý công khai họ tên trong câu hỏi {code}", subject="Đồng ý"))
    assert town.question["name_consent"] is None
    assert town.house.mails[-1]["status"] == "held"
