"""The unit that an order in ordinary sentences means, the one that leads, and those that support it."""

from datetime import date

import pytest

from rules.commands.command import Command
from rules.commands.command_line import Reader
from rules.commands.commands import NO_ORDER, load_command_words, read_commands
from rules.commands.plain.units_meant import forward_in
from rules.commands.plain.words import load_plain_order_words, sentences_in
from rules.reply.unit_names import mentions_in, unit_names
from rules.values.data_file import load_units

UNITS, DAY = load_units(), date(2026, 10, 6)
READER = Reader(load_command_words(), unit_names(UNITS, ordered=True), DAY, load_plain_order_words())

INFORMAL = {
    "cho qua vp ủy ban nhé em": "VPUB",
    "Câu hỏi thuê gian hàng ở chợ. Tài chính nhé chị ơi": "STC",
    "thuế nhé em": "THUE",
    "văn hóa thể thao du lịch em nhé": "SVHTTDL",
    "van hoa the thao nha": "SVHTTDL",
    "Lễ hội thì bên văn hóa du lịch lo, chuyển cho họ": "SVHTTDL",
    "ban khu kinh tế giải quyết, em gửi sang": "BQLKKT",
    "gửi ban ql kkt nhé": "BQLKKT",
    "NN&MT e nhé": "SNNMT",
    "cho sở nông nghiệp & mt nhé": "SNNMT",
    "chuyển sở GD đi em": "SGDDT",
    "chuyen y te di e": "SYT",
    "gửi c.an tp nhé": "CATP",
    "gửi BHXH TP, em làm luôn": "BHXH",
    "Phòng cháy chữa cháy quán karaoke: công an nhé": "CATP",
    "cái này của bên điện lực": "DIENLUC",
}
TOGETHER = {
    "Y tế chủ trì, giáo dục phối hợp": "SYT,SGDDT",
    "cho nội vụ đứng chính, tài chính phối hợp nhé": "SNV,STC",
    "Sở Xây dựng làm chính, công an hỗ trợ": "SXD,CATP",
    "Giao Công an phối hợp, Tư pháp chủ trì": "STP,CATP",
    "Chuyển Sở Xây dựng phối hợp công an trả lời": "SXD,CATP",
    "gửi sở công thương kèm y tế nhé": "SCT,SYT",
    "Giao SNNMT chủ trì, SXD và SCT phối hợp": "SNNMT,SXD,SCT",
    "Môi trường đứng chính; xây dựng, công thương phối hợp": "SNNMT,SXD,SCT",
    "y te chu tri con giao duc phoi hop": "SYT,SGDDT",
    "Chuyển Sở Y tế & Sở Nội vụ": "SYT,SNV",
    "Vậy đưa cả hai nơi, Sở Công Thương và Sở Y tế, mỗi bên lo một việc": "SCT,SYT",
    "Sở Xây dựng chủ trì phối hợp các đơn vị liên quan trả lời": "SXD",
    "Chuyển Sở Xây dựng, công an phối hợp rồi": "SXD",
    "Câu này thuộc cả Sở Xây dựng lẫn phường Kiến An, gửi cả hai nơi.": "SXD,UBND_KIENAN",
    "Sở Xây dựng chủ trì, phòng văn hóa phường phối hợp": "",
    "Sở Y tế chủ trì, Sở Giáo dục chủ trì": "",
}
OTHERS_NAMED = {
    "không phải xây dựng đâu, nông nghiệp môi trường nhé": "SNNMT",
    "đừng gửi tài chính nữa, chuyển SNNMT": "SNNMT",
    "Chuyển Sở Y tế không phải Sở Xây dựng": "SYT",
    "nội vụ trả lại, là của công an": "CATP",
    "bên bảo hiểm bảo không phải của họ, vậy cho về nội vụ": "SNV",
    "Theo ý kiến của Sở Tài chính thì thuộc lao động. Giao Sở Nội vụ.": "SNV",
    "trước đưa sang nội vụ, nay BHXH": "BHXH",
    "Nói mãi thì phường cũng không làm, chuyển Sở Xây dựng": "SXD",
    "ban đầu anh tưởng của tài chính nhưng giờ đọc lại thì là công thương, chuyển nhé": "SCT",
    "thẻ bảo hiểm y tế bị khóa, chuyển BHXH thành phố": "BHXH",
    "Cháu bé ở trạm y tế phường tiêm xong, sở giáo dục trả lời nhé": "SGDDT",
    "gửi CA tp, sở xây chỉ lo biển báo": "CATP",
    "Bà con hỏi giá điện, bên điện lực trả lời rồi. Chuyển Sở Công Thương": "SCT",
    "Chuyển sở xây, tôi đã trao đổi với bên công an rồi": "SXD",
}
UNCLEAR = (
    "Y tế hay giáo dục nhỉ",
    "Mặt đường rộng từ 7 m thì Sở Xây dựng, hẹp hơn thì phường làm. Em soát danh mục rồi cứ thế mà chuyển",
    "Chuyển Sở Y tế hoặc Sở Giáo dục",
    "đừng chuyển Sở Y tế",
    "Sở Tài chính bảo chuyển Sở Xây dựng",
    "trước đây chuyển sở nội vụ",
    "một nửa là của sở xây dựng, một nửa là của công an",
    "Sở Xây dựng chủ trì, việc này liên quan Sở Tài chính, công an phối hợp",
    "Rác là của Sở Nông nghiệp và Môi trường. Chuyển Sở Xây dựng phần đường.",
    "giấy phép xây dựng, em xem nhé",
    "học sinh tiêm chủng ở trạm y tế",
    "chuyển cho họ",
    "giục bên Sở Y tế giúp chị",
    "Trả bên xây dựng viết lại",
    "Sở Tài chính nhé. Chuyển cả hai.",
    "Sở Y tế cho rằng phải chuyển Sở Nội vụ",
    "send reminder cho STC",
    "trả lại cho bên STP nhé",
    "Gửi Sở Công Thương làm gì cho mất công",
    "Không thuộc cả Sở Xây dựng lẫn Sở Y tế",
    "Chưa chắc thuộc cả Sở Xây dựng lẫn Sở Y tế",
    "Công dân đề nghị cho Sở Xây dựng xử lý",
    "Sở Xây dựng bảo cho Sở Nông nghiệp và Môi trường xử lý",
)


def units(found: Command | None) -> str:
    return ",".join((found.unit, *found.supporting)) if found else ""


@pytest.mark.parametrize(("text", "meant"), {**INFORMAL, **TOGETHER, **OTHERS_NAMED}.items())
def test_the_unit_that_is_meant(text: str, meant: str) -> None:
    assert units(forward_in(sentences_in(text, READER.words), READER)) == meant


@pytest.mark.parametrize("text", UNCLEAR)
def test_none_where_it_is_unclear(text: str) -> None:
    assert forward_in(sentences_in(text, READER.words), READER) is None


FORWARDS = {
    "Giao y tế làm chính, bên giáo dục phối hợp vì nhiều cháu ngộ độc": "SYT,SGDDT",
    "giao xây dựng chủ trì, công an phối hợp": "SXD,CATP",
    "Gửi sở công thương kèm y tế": "SCT,SYT",
    "Giao Sở Xây dựng trả lời phần biển báo, đề nghị Công an phối hợp phần xử phạt": "SXD,CATP",
    "Chuyển Sở Xây dựng, không cần công an phối hợp": "SXD",
    "gửi CA tp, sở xây chỉ lo biển báo": "CATP",
    "Chuyển lại Sở Y tế trả lời nhé": "SYT",
    "Chuyển Sở Tư pháp, bà cụ xin làm lại khai sinh": "STP",
    "Chuyển câu hỏi về tiền lương sang Sở Nội vụ": "SNV",
    "gửi sở xây dựng trả lời công dân": "SXD",
    "Gửi Sở Y tế, nhắc họ trả lời sớm": "SYT",
    "Không chuyển Sở Y tế mà chuyển Sở Xây dựng.": "SXD",
    "Đừng chuyển Sở Y tế mà chuyển Sở Xây dựng và Sở Tài chính": "SXD,STC",
    "Thôi đừng gửi Sở Y tế nữa, chuyển Sở Xây dựng nhé": "SXD",
    "thoi dung gui SYT nua, chuyen SXD nhe": "SXD",
    "Chuyển Sở Y tế\nThôi đừng gửi Sở Y tế nữa, chuyển Sở Xây dựng": "SXD",
    "Không phải của Sở Y tế đâu, chuyển Sở Xây dựng": "SXD",
    "Chuyển Sở Xây dựng, Sở Y tế và Sở Tài chính nhé": "SXD,SYT,STC",
    "chuyen so xd, so y te va so tai chinh nhe": "SXD,SYT,STC",
    "Chuyển Sở Nội vụ. Lưu ý sở nêu rõ mức trợ cấp.": "SNV",
}
NO_FORWARDS = (
    "Gửi trả Sở Nội vụ để soạn lại cho đúng",
    "chuyển trả bên xây dựng viết lại",
    "chuyển lại Sở Công Thương bảo họ sửa cho dễ hiểu",
    "gửi lại cho sở giáo dục yêu cầu soạn lại",
    "Em gửi nhắc Sở Y tế về câu này",
    "Gửi văn bản đôn đốc Công an thành phố nhé",
    "gởi thư nhắc bên bảo hiểm nghen",
    "chuyển giúp anh cái file danh sách sang Sở Nội vụ",
    "Không chuyển Sở Y tế",
    "Thôi đừng gửi Sở Y tế nữa",
    "Không thuộc Sở Xây dựng, Sở Y tế và Sở Tài chính",
    "Chuyển Sở Xây dựng, Sở Y tế và Sở Tài chính trả lời là không phải của họ",
    "Chuyển Sở Xây dựng, Sở Y tế và Sở Tài chính đã từ chối",
    "Chuyển Sở Xây dựng, Sở Y tế có Sở Tài chính lo rồi",
    "Chuyển Sở Xây dựng, Sở Y tế hoặc Sở Tài chính",
    "Chuyển Sở Xây dựng, không gửi Sở Y tế nữa à",
    "chuyen so xay dung, k gui so y te nua thi ho keu",
    "Thôi đừng gửi Sở Y tế nữa, để tôi hỏi Sở Xây dựng đã",
    "Em không chuyển Sở Y tế mà chuyển Sở Xây dựng",
    "Sao không chuyển Sở Y tế mà chuyển Sở Xây dựng",
    "Không chuyển Sở Y tế mà chuyển Sở Xây dựng rồi",
    "Không chuyển Sở Y tế mà chuyển Sở Xây dựng thì chậm",
    "Không chuyển Sở Y tế mà chuyển Sở Y tế",
    "Chuyển Sở Tài chính\nKhông chuyển Sở Y tế mà chuyển Sở Xây dựng",
    "Lần sau câu kiểu này chuyển thẳng Sở Y tế",
)


@pytest.mark.parametrize(("text", "meant"), FORWARDS.items())
def test_phrases_read_the_same_units(text: str, meant: str) -> None:
    found = [one for one in read_commands(text, UNITS, DAY, unread=True) if one.verb != NO_ORDER]
    assert [(one.verb, units(one)) for one in found] == [("forward", meant)]


@pytest.mark.parametrize("text", NO_FORWARDS)
def test_what_goes_back_or_only_urges_is_no_forward(text: str) -> None:
    verbs = {one.verb for one in read_commands(text, UNITS, DAY, unread=True)}
    assert not verbs & {"forward", "unit_named"}


@pytest.mark.parametrize(
    ("text", "codes"),
    [("gui thue nhe", ["THUE"]), ("gửi ngành điên lực", ["DIENLUC"]), ("chỗ đi thuê nhà", [])],
)
def test_only_one_word_with_other_marks_is_another_word(text: str, codes: list[str]) -> None:
    assert [one.codes[0] for one in mentions_in(text, READER.names)] == codes
