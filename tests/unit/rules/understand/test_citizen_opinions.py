"""Thanks with a personal touch are thanks; whoever says more, asks or objects is not only thanking."""

from __future__ import annotations

import pytest

from rules.text import strip_marks
from rules.understand.citizen_opinions import Content, is_courtesy, opinion_in

THANKS = (
    "Cảm ơn Ban đã chuyển giúp, tôi chờ tin.",
    "Dạ cháu cảm ơn cô chú nhiều ạ, cháu đợi.",
    "Tôi năm nay 81 tuổi, mắt mờ, nhờ cháu viết hộ. Cảm ơn các đồng chí đã trả lời chu đáo.",
    "Không ngờ gửi tối qua mà sáng nay có thư lại ngay, quý hóa quá!",
    "ok thanks ad nhé :)",
    "Tuyệt vời, hôm qua đã thấy công nhân ra làm rồi. Hoan nghênh các anh chị!",
    "Hoan hô Sở, đường đã vá xong",
    "Bác nhận được thư rồi. Chúc các cháu mạnh khỏe, công tác tốt.",
    "Vâng, biết rồi, cảm ơn cô Hạnh.",
    "Trả lời nhanh thật. Cả nhà tôi mừng lắm, xin cảm ơn.",
    "Tôi cứ tưởng chẳng ai đọc, may quá, cảm ơn BBT",
    "Xin chân thành cảm ơn, tôi không có ý kiến gì thêm.",
)

MORE = (
    "Hoan hô, thế mà cũng gọi là trả lời",
    "Cảm ơn, sửa xong rồi mà ra xem vẫn thế",
    "Hoan nghênh, làm nhanh thế mà bảo 3 tháng",
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
    "Thư trả lời tự động: tôi đi vắng, cảm ơn.",
    "Dạ cháu cảm ơn, cháu hổng hiểu đoạn cuối.",
    "Cảm ơn. Sáng nay có cháu học sinh ngã xe gãy tay.",
    "Giá như Sở trả lời sớm hơn. Cảm ơn.",
    "Cảm ơn nếu các anh làm thật.",
    "Cảm ơn. Tôi không đồng ý công khai họ tên.",
    "Cảm ơn đã xóa giúp tôi số điện thoại.",
    "Cảm ơn, chủ đầu tư là phường, biển ghi rõ ràng ở đầu ngõ.",
)

COMPLAINTS = (
    "Rác đã dọn, cảm ơn, hôm qua lại đầy",
    "Không ngờ Sở vô cảm thế.",
    "Không ngờ trả lời cẩu thả thế",
    "Bất ngờ vì Sở vô trách nhiệm quá",
    "Cảm ơn đã trả lời qua loa",
    "Không ngờ Sở trả lời như thế.",
    "Cảm ơn đã đá qua đá lại như quả bóng",
    "Cảm ơn. Tôi chờ hai năm rồi.",
    "Cảm ơn, ba tháng rồi.",
    "Cảm ơn vì không trả lời.",
    "Ghi nhận Sở trả lời thế.",
    "Rõ ràng là chuyển lòng vòng mãi",
    "Tôi chờ câu trả lời của Sở.",
    "Cảm ơn đã bị chuyển",
    "Cảm ơn. Đợi nữa.",
)
NEWS = (
    "Cảm ơn Ban nước ngập rồi",
    "cam on so duong sut roi",
    "Cảm ơn. Tôi nhận được giấy phạt rồi",
    "Cảm ơn, ghi nhận phường đóng cửa",
    "Cảm ơn, tôi chờ cấp cứu",
    "Cảm ơn, nhận được thư người khác",
    "Cảm ơn Sở đèn tắt rồi",
    "cam on ban cong vo roi a",
    "Cảm ơn, nhận được hóa đơn rồi",
    "Cảm Ơn Cô Nước Tràn Vào Nhà",
    "CẢM ƠN ANH MẤT ĐIỆN RỒI",
)
NAMED = (
    "Cảm ơn cô Hạnh nhiều ạ",
    "cam on chi Lan a",
    "Tôi là Nguyễn Văn An. Cảm ơn các anh chị.",
    "Cảm ơn đồng chí Trần Thị Thu Hà đã trả lời tận tình",
    "Không ngờ Sở trả lời tận tình thế, cảm ơn.",
    "Tôi ghi nhận sự nhiệt tình của Sở.",
)


@pytest.mark.parametrize("text", COMPLAINTS + NEWS)
def test_complaints_and_news_in_the_words_of_thanks_are_none(text: str) -> None:
    assert not is_courtesy(text)
    assert opinion_in(text) in {Content.NO, Content.NONE}


@pytest.mark.parametrize("text", NAMED)
def test_a_name_and_well_meant_surprise_are_no_matter(text: str) -> None:
    assert is_courtesy(text)
    assert opinion_in(text) is Content.THANKS


@pytest.mark.parametrize("text", THANKS)
def test_every_clause_thanks_waits_praises_or_says_who_writes(text: str) -> None:
    assert is_courtesy(text)
    assert opinion_in(text) in {Content.THANKS, Content.YES}


@pytest.mark.parametrize("text", MORE)
def test_whoever_says_more_is_not_only_thanking(text: str) -> None:
    assert not is_courtesy(text)
    assert not is_courtesy(strip_marks(text))
    assert opinion_in(text) in {Content.NO, Content.NONE}


def test_that_something_came_is_a_nod_and_no_thanks() -> None:
    assert not is_courtesy("Tôi nhận được rồi.")
    assert opinion_in("Tôi nhận được rồi.") is Content.THANKS


def test_contented_are_those_who_say_so() -> None:
    assert opinion_in("Tôi đọc thư thấy thấu đáo, rất hài lòng. Cảm ơn các cháu.") is Content.YES
    assert opinion_in("Bác cảm ơn, chúc các cháu công tác tốt, mạnh giỏi quanh năm") is Content.THANKS
