"""Officers' acts that a citizen reads or that end a question: on clear words alone, and in words for the citizen."""

from datetime import date

import pytest

from rules.commands.command import Command
from rules.commands.commands import read_commands
from rules.commands.plain.words import is_wished, load_plain_order_words
from rules.decide.officer.rulings import BY_SOUND


def orders(text: str) -> list[Command]:
    found = read_commands(text, on=date(2026, 10, 6), unread=True, case="review", fits=BY_SOUND["review"])
    return [one for one in found if one.verb != "no_order"]


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("Đóng HP-2026-000123, bác ấy xin rút rồi", True),
        ("Công dân gọi bảo không hỏi nữa, đóng lại", True),
        ("Đóng HP-2026-000123, không cần trả lời dân", False),
        ("Đóng câu này nhé, không cần trả lời công dân đâu em", False),
        ("Đóng, bác Hùng bảo không cần trả lời", False),
        ("Đóng HP-2026-000123, sở đã làm, dân hài lòng", False),
        ("Đóng HP-2026-000123, ông Hùng sở xin rút", False),
    ],
)
def test_a_question_ends_as_its_asker_wishes_only_where_the_asker_is_said_to_wish_it(text: str, wished: bool) -> None:
    assert is_wished(text, load_plain_order_words().close) is wished


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("Ông An vừa gọi lên xin rút câu hỏi vì phường đã giải thích. Đóng câu hỏi này lại giúp mình, Thảo.", True),
        ("Đóng giúp em, chị An nói không cần trả lời nữa", True),
        ("Ông Bình vừa gọi lên xin rút câu hỏi. Đóng câu hỏi này lại", False),
        ("Đóng HP-2026-000123, ông An sở xin rút", False),
        ("Đóng HP-2026-000123, anh An bên Sở Xây dựng xin rút", False),
        ("Ông An chưa xin rút, đóng làm gì", False),
        ("Ông An hình như xin rút, đóng nhé", False),
        ("Nếu ông An xin rút thì đóng", False),
        ("Đóng đi, Sở bảo đã trả lời ông An rồi", False),
        ("Ông An không xin rút đâu, đóng sao được", False),
        ("Tôi xin rút, nhờ báo ông An. Đóng câu này", False),
        ("Đóng câu này, chị Lan xin rút khỏi tổ biên tập", False),
        ("Phường An xin rút, đóng câu này", False),
    ],
)
def test_the_asker_is_known_by_a_title_and_the_given_name(text: str, wished: bool) -> None:
    assert is_wished(text, load_plain_order_words().close, "Nguyễn Văn An") is wished


@pytest.mark.parametrize("text", ["Gửi anh An nhé", "Gửi luôn cho anh An", "Gửi chú An, chị xem rồi"])
def test_a_colleague_by_name_is_no_citizen(text: str) -> None:
    assert orders(text) == []


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Hỏi lại công dân xem nhà họ ở phường nào nhé", "xin Ông/Bà cho biết nhà ở phường nào"),
        ("hỏi lại xem con trai cụ tên gì", "xin Ông/Bà cho biết con trai tên gì"),
        ("Hỏi lại địa chỉ nhà", "xin Ông/Bà cho biết địa chỉ nhà"),
        ("Nhắn người gửi cho xin họ tên, số điện thoại", "xin Ông/Bà cho biết họ tên, số điện thoại"),
    ],
)
def test_what_the_citizen_is_asked_speaks_to_him(text: str, asked: str) -> None:
    assert [one.text for one in orders(text)] == [asked]


def test_a_units_words_reject_nothing() -> None:
    assert orders("Sở Y tế: không nhận vì ngoài phạm vi") == []
    assert orders("Sở Xây dựng cảm ơn") == []
