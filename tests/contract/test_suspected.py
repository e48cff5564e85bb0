"""What is only suspected to be a denunciation is kept apart, but not in silence (clauses 1.2, 8.2)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.desk import answer_to, desk, letter, vouched
from tests.installation import text_of

NAMED = "tiepdan@haiphong.test"
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
def test_the_sender_hears_that_it_came_and_the_named_officer_that_it_is_unsure(tmp_path: Path, shape: str) -> None:
    extra = f'complaints = {{ name = "Cán bộ tiếp dân", email = "{NAMED}" }}'
    with desk(tmp_path / "house", extra=extra) as made:
        row = made.arrive(vouched(letter("ha@dan.test", SHAPES[shape], name="Lê Thu Hà"), "dan.test"))
        assert (row["kind"], row["status"]) == ("denunciation", "held")
        told = text_of(made.last("citizen_held", "ha@dan.test"))
        assert "đã nhận được thư" in told
        assert "tố cáo" not in told
        notice = text_of(made.last("officer_denunciation", NAMED))
        assert "chưa chắc chắn" in notice
        assert "đăng kiểm" not in notice
        assert not made.house.questions
        assert not [one for one in made.house.sent if one["name"] in {"unit_forward", "officer_review"}]


def test_an_officers_word_makes_it_a_question_of_its_first_day(tmp_path: Path) -> None:
    """What the word would disclose is confirmed once, as of all that is kept apart."""
    extra = f'complaints = {{ name = "Cán bộ tiếp dân", email = "{NAMED}" }}'
    with desk(tmp_path / "house", extra=extra) as made:
        made.arrive(vouched(letter("ha@dan.test", SHAPES["plain"], name="Lê Thu Hà"), "dan.test"))
        first_day = made.house.clock()
        made.house.clock.forward(days=1)
        order = answer_to(made.last("officer_denunciation", NAMED), NAMED, "Chuyển CATP")
        made.arrive(vouched(order, "haiphong.test"))
        confirmed = answer_to(made.last("officer_confirm", NAMED), NAMED, "Xác nhận chuyển CATP")
        made.arrive(vouched(confirmed, "haiphong.test"))
        (found,) = made.house.questions
        assert found["status"] == "forwarded"
        assert found["received_at"] == first_day
