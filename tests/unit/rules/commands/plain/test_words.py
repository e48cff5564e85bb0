"""Words that are passed on to the requester: some ask, some only tell."""

import pytest

from rules.commands.mood import each_in, ends_with, said_in
from rules.commands.plain.words import asks_something
from rules.text.patterns import PhraseList


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Đoạn đường nào, gần số nhà bao nhiêu?", True),
        ("bác cho biết Sở đã gọi điện chưa", True),
        ("chu An cho biet so da goi dien chua, neu chua xin bao lai", True),
        ("Sở cần thêm ảnh, xin bác gửi lại", True),
        ("Vui lòng bổ sung số điện thoại", True),
        ("Sở Xây dựng hỏi thêm: nhà bác ở ngõ nào", True),
        ("Sở Xây dựng cho biết đã trao đổi với bác qua điện thoại, văn bản trả lời sẽ gửi sau.", False),
        ("So da cu can bo xuong khao sat, tuan sau co van ban", False),
        ("Hồ sơ đang ở phòng chuyên môn, chưa rõ ngày nào xong.", False),
        ("Sở đã gọi điện, không cần bác làm gì thêm.", False),
        ("Công ty Cấp nước báo đã thay van hôm qua", False),
    ],
)
def test_what_asks_the_requester_and_what_only_tells(text: str, asks: bool) -> None:
    assert asks_something(text) is asks


@pytest.mark.parametrize("text", ["Không cho lùi nữa, đến 30/10", "khong cho lui nua den 30/10", "Đừng cho", ""])
def test_phrases_are_found_by_their_words_as_by_trying_each(text: str) -> None:
    said, table = said_in(text), PhraseList(["(không|đừng) (|cho )", "cho (lùi|kéo)( nữa|)", "đến", "nữa", "30 10"])
    each = tuple(table)
    assert list(each_in(said, table)) == list(each_in(said, each))
    assert list(each_in(said, table, {("đến",)})) == list(each_in(said, each, {("đến",)}))
    for end in range(len(said.words)):
        ahead = said_in(text[: said.places[end][1]])
        assert ends_with(ahead, table) is ends_with(ahead, each)
