"""What a unit is to change, in the words that give its answer back; and what forwards nothing beside them."""

from datetime import date

import pytest

from rules.commands.commands import read_commands
from rules.commands.plain.words import is_wished, load_plain_order_words
from rules.commands.plain.words_passed_on import wish_for_the_unit
from rules.decide.officer.rulings import BY_SOUND
from rules.values.data_file import load_units

WORDS = load_plain_order_words()
UNITS = load_units()


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Bảo họ viết lại, bỏ số tài khoản của dân nhé em", "bỏ số tài khoản của dân"),
        ("trả về viết lại cho dễ hiểu nha", "cho dễ hiểu"),
        ("Trả Sở viết lại: nêu rõ ngày xong. Chưa gửi dân nhé.", "nêu rõ ngày xong"),
        ("Trả Sở viết lại: nêu rõ ngày xong. Bỏ số tài khoản.", "nêu rõ ngày xong. Bỏ số tài khoản."),
        ("Trả Sở viết lại: nêu rõ ngày xong! Bỏ số tài khoản. Chiều họp nhé.", "nêu rõ ngày xong! Bỏ số tài khoản."),
        ("Trả lại Sở soạn lại giúp chị, yêu cầu ghi rõ điều khoản, thêm số điện thoại",
         "ghi rõ điều khoản, thêm số điện thoại"),
        ("Em gửi lại bên ấy bảo họ nêu rõ căn cứ giúp anh", "nêu rõ căn cứ"),
        ("Văn bản sai tên đường. Trả Sở sửa lại.", "Văn bản sai tên đường"),
        ("Trả họ làm lại theo mẫu mới\nLê Văn An", "theo mẫu mới"),
        ("tra lai so lam lai, phai neu ro can cu nhe", "phai neu ro can cu"),
        ("Em trả về cho họ viết lại nhé", ""),
        ("Chị đọc mà chán, trả lại viết lại đi em", ""),
        ("Chị thấy sai mấy chỗ, trả họ soạn lại", ""),
    ],
)  # fmt: skip
def test_what_is_to_be_changed_reaches_the_unit(text: str, wish: str) -> None:
    assert wish_for_the_unit(text, WORDS.rewrite) == wish


@pytest.mark.parametrize(
    "text",
    [
        "Gửi lại Sở Nội vụ đề nghị soạn lại, bỏ tên người tố cáo",
        "Chuyển trả Sở Nội vụ viết lại cho rõ",
        "Em gởi lại bên nội vụ biểu họ viết lại nghen",
    ],
)
def test_an_answer_that_is_given_back_is_not_forwarded(text: str) -> None:
    found = read_commands(
        text,
        UNITS,
        date(2026, 10, 6),
        unread=True,
        at_hand="HP-2026-000123",
        case="held_unit",
        fits=BY_SOUND["held_unit"],
    )
    assert {one.verb for one in found} & {"forward", "unit_named"} == set()


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("Bác ấy gọi báo phường làm xong rồi, ko cần trả lời nữa, đóng lại nhé", True),
        ("Ông ấy nhắn xong việc rồi ko cần nữa", True),
        ("Gia đình không có nhu cầu hỏi nữa, đóng hồ sơ", True),
        ("Dân hỏi lần thứ hai, không cần trả lời nữa đâu", False),
        ("Ông ấy gọi hỏi mãi, không cần trả lời nữa", False),
        ("Sở bảo xong rồi, không cần trả lời nữa", False),
        ("Bác ấy bảo nếu phường làm xong, không cần trả lời nữa", False),
    ],
)
def test_only_the_requester_himself_wants_no_answer(text: str, wished: bool) -> None:
    assert is_wished(text, WORDS.close) is wished
