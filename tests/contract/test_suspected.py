"""What is only suspected to be a denunciation is kept apart, but not in silence (clauses 1.2, 8.2)."""

from __future__ import annotations

import pytest

from tests.installation import letter, text_of
from tests.world import World, vouched

NAMED = "tiepdan@haiphong.test"
pytestmark = pytest.mark.world(extra=f'complaints = {{ name = "Cán bộ tiếp dân", email = "{NAMED}" }}')
MATTER = (
    "Nghe nói anh đăng kiểm viên ở bãi gần nhà tôi hay cầm tiền của lái xe để cho qua, "
    "tôi ngồi bán nước nhìn thấy mấy lần. Không biết có đúng không."
)
WHO = "Lê Thu Hà\nSố 5 đường Trường Chinh, phường Kiến An, TP Hải Phòng\n0912 000 111"
SHAPES = {
    "plain": f"{MATTER}\n\n{WHO}",
    "formal": f"Kính gửi Ban Biên tập,\nTôi xin gửi lời chúc sức khỏe.\n{MATTER}\nXin trân trọng cảm ơn.\n{WHO}",
    "form": f"Người gửi: Lê Thu Hà\nThời gian gửi: 05/10/2026 09:00\nĐiện thoại: 0912 000 111\nNội dung:\n{MATTER}",
    "phone": f"{MATTER}\n\nGửi từ iPhone của tôi",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_the_sender_hears_that_it_came_and_the_named_officer_that_it_is_unsure(house: World, shape: str) -> None:
    row = house.arrive(vouched(letter("ha@dan.test", SHAPES[shape], name="Lê Thu Hà")))
    assert (row["kind"], row["status"]) == ("denunciation", "held")
    told = text_of(house.last("citizen_held", "ha@dan.test"))
    assert "đã nhận được thư" in told
    assert "tố cáo" not in told
    notice = text_of(house.last("officer_denunciation", NAMED))
    assert "chưa chắc chắn" in notice
    assert "đăng kiểm" not in notice
    assert not house.house.questions
    assert not [one for one in house.house.sent if one["name"] in {"unit_forward", "officer_review"}]


def test_an_officers_word_makes_it_a_question_of_its_first_day(house: World) -> None:
    """What the word would disclose is confirmed once, as of all that is kept apart."""
    house.arrive(vouched(letter("ha@dan.test", SHAPES["plain"], name="Lê Thu Hà")))
    first_day = house.house.clock()
    house.house.clock.forward(days=1)
    house.answers("officer_denunciation", NAMED, "Chuyển CATP")
    house.answers("officer_confirm", NAMED, "Xác nhận chuyển CATP")
    (found,) = house.house.questions
    assert found["status"] == "forwarded"
    assert found["received_at"] == first_day
