"""What begins a new question in the thread of an old one, and what keeps to the old matter."""

from __future__ import annotations

import pytest

from rules.understand.citizen_requests import Begins, before_the_new, begins_new, shares_matter

SAID = (
    "Tôi hỏi thêm một câu mới: mẹ tôi 82 tuổi được hưởng trợ cấp bao nhiêu?",
    "cho e hoi viec khac a, lam can cuoc o dau",
    "Nay xin hỏi một việc khác hẳn, không liên quan câu trước: con tôi học trường nào?",
    "Dạ con cảm ơn. Cho con hỏi chuyện khác: má con muốn đổi thẻ BHYT thì làm sao?",
    "Ban cho tôi gửi thêm một câu hỏi mới, việc khác với câu đã trả lời: bao giờ làm cống?",
)
PASSED_OVER = (
    "Nhân tiện cho em hỏi luôn, mất giấy khai sinh thì xin lại ở đâu ạ?",
    "Sẵn cho con hỏi, làm thẻ bảo hiểm y tế ra đâu",
    "Tôi có câu hỏi khác gửi Sở Y tế, bao giờ có?",
    "Tôi hỏi việc khác cơ, bao giờ trả lời đúng?",
    "Con tôi hỏi chuyện khác thì nộp ở đâu?",
    "Tôi xin hỏi thêm một việc khác tháng trước, bao giờ có?",
    "Tôi muốn hỏi câu khác đã gửi đến đâu rồi?",
    "Tôi hỏi thêm một việc: giấy tờ phải công chứng ở đâu?",
)
OLD = (
    "Tôi hỏi một đằng Sở trả lời việc khác, như thế nào là trả lời?",
    "Cho tôi hỏi thêm về việc này: giấy tờ có phải công chứng không?",
    "Nhân đây cho tôi hỏi rõ thêm: trong câu trả lời nói nộp ở một cửa, thứ bảy có làm việc không?",
    "Tôi bổ sung: ổ gà to nhất ở trước số 7.",
    "Đây không phải câu hỏi mới, bao giờ các anh trả lời câu cũ?",
    "Nhân tiện báo để Sở biết nước lại dâng.",
    "Bao giờ thì tôi có trả lời?",
    "Tôi không có câu hỏi khác, chỉ hỏi bao giờ sửa?",
    "Đây có phải là câu hỏi mới đâu mà bắt tôi khai lại, bao giờ sửa?",
    "Ban gửi nhầm câu hỏi khác cho tôi, bao giờ có câu của tôi?",
    "Hàng xóm tôi hỏi việc khác mà được trả lời, còn tôi thì bao giờ?",
    "Câu hỏi khác của tôi về rác sao chưa thấy gì?",
    "Sở trả lời hoàn toàn không liên quan, bao giờ mới trả lời đúng?",
    "Có phải câu mới đâu, bao giờ các anh làm?",
    "cau hoi khac cua toi bao gio co",
    "Tôi không muốn hỏi câu mới, chỉ hỏi khi nào làm?",
    "Sở chuyển nhầm sang câu hỏi khác rồi, khi nào chuyển lại?",
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
