"""What begins a new question in the thread of an old one, and what keeps to the old matter."""

from __future__ import annotations

import pytest

from rules.understand.new_matter import Begins, before_the_new, begins_new, shares_matter

SAID = (
    "Tôi hỏi thêm một câu mới: mẹ tôi 82 tuổi được hưởng trợ cấp bao nhiêu?",
    "cho e hoi viec khac a, lam can cuoc o dau",
    "Nay xin hỏi một việc khác hẳn, không liên quan câu trước: con tôi học trường nào?",
)
PASSED_OVER = (
    "Nhân tiện cho em hỏi luôn, mất giấy khai sinh thì xin lại ở đâu ạ?",
    "Sẵn cho con hỏi, làm thẻ bảo hiểm y tế ra đâu",
)
OLD = (
    "Tôi hỏi một đằng Sở trả lời việc khác, như thế nào là trả lời?",
    "Cho tôi hỏi thêm về việc này: giấy tờ có phải công chứng không?",
    "Nhân đây cho tôi hỏi rõ thêm: trong câu trả lời nói nộp ở một cửa, thứ bảy có làm việc không?",
    "Tôi bổ sung: ổ gà to nhất ở trước số 7.",
    "Đây không phải câu hỏi mới, bao giờ các anh trả lời câu cũ?",
    "Nhân tiện báo để Sở biết nước lại dâng.",
    "Bao giờ thì tôi có trả lời?",
)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        *((text, Begins.SAID) for text in SAID),
        *((text, Begins.PASSED_OVER) for text in PASSED_OVER),
        *((text, Begins.NO) for text in OLD),
    ],
)
def test_what_begins_something_new_says_so_and_asks(text: str, begins: Begins) -> None:
    assert begins_new(text) is begins


def test_what_stands_before_the_new_question_is_the_old_one_s() -> None:
    text = "Tôi bổ sung: ổ gà ở trước số 7. Nước sâu. Tôi hỏi thêm một câu mới: mẹ tôi 82 tuổi được hưởng gì? Cảm ơn."
    assert before_the_new(text) == "Tôi bổ sung: ổ gà ở trước số 7.\nNước sâu."
    assert before_the_new("Nhân tiện cho tôi hỏi đổi bằng lái ở đâu?") == ""


def test_words_of_weight_tie_a_text_to_what_was_asked() -> None:
    asked = "Đường Trường Chinh nhiều ổ gà, bao giờ sửa?"
    assert shares_matter("Nhân tiện cho hỏi ổ gà ấy ai làm ra?", asked)
    assert not shares_matter("Nhân tiện cho hỏi mất giấy khai sinh thì xin lại ở đâu?", asked)
