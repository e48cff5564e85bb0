"""Thanks with a personal touch are thanks; whoever says more, asks or objects is not only thanking."""

from __future__ import annotations

import pytest

from rules.text import strip_marks
from rules.understand.citizen_opinions import Content, opinion_in
from rules.understand.courtesy import is_courtesy

THANKS = (
    "Cảm ơn Ban đã chuyển giúp, tôi chờ tin.",
    "Dạ cháu cảm ơn cô chú nhiều ạ, cháu đợi.",
    "Tôi năm nay 81 tuổi, mắt mờ, nhờ cháu viết hộ. Cảm ơn các đồng chí đã trả lời chu đáo.",
    "Không ngờ gửi tối qua mà sáng nay có thư lại ngay, quý hóa quá!",
    "ok thanks ad nhé :)",
    "Bác nhận được thư rồi. Chúc các cháu mạnh khỏe, công tác tốt.",
    "Vâng, biết rồi, cảm ơn cô Hạnh.",
    "Trả lời nhanh thật. Cả nhà tôi mừng lắm, xin cảm ơn.",
    "Tôi cứ tưởng chẳng ai đọc, may quá, cảm ơn BBT",
    "Xin chân thành cảm ơn, tôi không có ý kiến gì thêm.",
)

MORE = (
    "Cảm ơn, nhưng trả lời thế này thì ai hiểu.",
    "Cảm ơn Ban. Nước ngập vào cả nhà số 12 rồi.",
    "Cảm ơn, hố sâu thêm 20 phân rồi nhé.",
    "Cảm ơn đã trả lời, bao giờ thì làm?",
    "Cảm ơn. Mong Sở xuống buổi tối mới thấy.",
    "Cám ơn Sở, còn cái cống trước cổng nữa.",
    "Cảm ơn các anh, đường vẫn hỏng nguyên.",
    "Cảm ơn vì đã không làm gì cả.",
    "Nhanh thật, ba tháng mới trả lời!",
    "Xin bái phục, cảm ơn.",
    "Cảm ơn Ban. Tôi xin tố cáo ông Bình nhận hối lộ.",
    "Cảm ơn, tôi xin rút câu hỏi.",
    "Cảm ơn, số nhà tôi là 15 chứ không phải 51.",
    "Cảm ơn Ban, tôi bổ sung ảnh hiện trường.",
    "Tôi đợi lâu lắm rồi, cảm ơn.",
    "Tôi cho là Sở sai. Cảm ơn.",
    "Tôi nhận được rồi.",
    "Thư trả lời tự động: tôi đi vắng, cảm ơn.",
    "Dạ cháu cảm ơn, cháu hổng hiểu đoạn cuối.",
    "Cảm ơn. Sáng nay có cháu học sinh ngã xe gãy tay.",
    "Giá như Sở trả lời sớm hơn. Cảm ơn.",
    "Cảm ơn nếu các anh làm thật.",
    "Cảm ơn. Tôi không đồng ý công khai họ tên.",
    "Cảm ơn đã xóa giúp tôi số điện thoại.",
    "Cảm ơn, chủ đầu tư là phường, biển ghi rõ ràng ở đầu ngõ.",
)


@pytest.mark.parametrize("text", THANKS)
def test_every_clause_thanks_waits_praises_or_says_who_writes(text: str) -> None:
    assert is_courtesy(text)
    assert opinion_in(text) in {Content.THANKS, Content.YES}


@pytest.mark.parametrize("text", MORE)
def test_whoever_says_more_is_not_only_thanking(text: str) -> None:
    assert not is_courtesy(text)
    assert not is_courtesy(strip_marks(text))
    assert opinion_in(text) is not Content.YES


def test_contented_are_those_who_say_so() -> None:
    assert opinion_in("Tôi đọc thư thấy thấu đáo, rất hài lòng. Cảm ơn các cháu.") is Content.YES
    assert opinion_in("Bác cảm ơn, chúc các cháu công tác tốt, mạnh giỏi quanh năm") is Content.THANKS
