"""The mail in which an officer decides on a question tells what questions are like it, and how many (9.1)."""

from typing import Any

from tests.world import World, said

OTHERS = (
    "Trường mầm non phường tôi thu tiền học thêm ngoài giờ như vậy có đúng quy định không?",
    "Mẹ tôi 80 tuổi chưa được trợ cấp người cao tuổi, phải làm hồ sơ ở đâu?",
    "Đường trước nhà tôi nhiều ổ gà, mặt đường hư hỏng nặng, bao giờ Sở Xây dựng sửa?",
    "Thẻ bảo hiểm y tế của tôi sai ngày sinh, xin hỏi đổi ở đâu?",
)
UNSURE = "Tôi muốn hỏi về thủ tục cấp hộ chiếu phổ thông tại thành phố Nam Định, mong được giải đáp ạ?"
TIMES = 7


def test_like_questions_and_their_number_stand_in_the_review_mail(house: World) -> None:
    for number, text in enumerate(OTHERS):
        house.ask(text, f"o{number}@dan.test")
    codes = [str(house.ask(UNSURE, f"a{number}@dan.test")["code"]) for number in range(TIMES)]
    told = said(house.last("officer_review"))
    assert f"Trong sổ có {TIMES - 1} câu tương tự, giống nhất là" in told
    assert sum(f"{code}: giống 100%" in told for code in codes[:-1]) == 5
    assert "tương tự" not in said(bytes(_reviews(house.house.sent)[0]["bytes"]))


def _reviews(sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [row for row in sent if row["name"] == "officer_review"]
