"""What a citizen wishes with an old question.

The one look that spares most mails the closer one misses no wish.
"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import strip_marks
from rules.text.patterns import letters, letters_of, one_of_phrases, plainly
from rules.understand.citizen_requests import (
    asks_for_state_of,
    data_request,
    load_citizen_requests,
    may_request,
    plain_words,
)
from rules.understand.earlier_letters import may_end, withdraws
from rules.values.data_file import Source

ALPHABETS = (range(0x3000), range(0xA640, 0xAC00), range(0xD800, 0x11000), range(0x1D400, 0x1E950))
"""Where letters stand that might become others; the ideographs and Hangul between become none."""
UNSEEN = ("", "", "", "\u200b", "\u00ad", "\x07", "\u0323", "\ufe0f", 8 * "\u0301")
BETWEEN = st.text(" \n\t.,–-_…'\u00a0/", min_size=1, max_size=3)
STATUS, WITHDRAWAL = (Source().toml("wishes.toml")[part] for part in ("status", "withdrawal"))
PHRASES = st.sampled_from([*STATUS["asks"], *WITHDRAWAL["asks"]])
ODD = st.text(st.characters(max_codepoint=0x2FFF), max_size=3)
WRITTEN = st.sampled_from(
    (
        str,
        str.upper,
        strip_marks,
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.replace("đ", "ð").replace("Đ", "Ɖ"),
        lambda text: text.replace("k", "\u212a"),
    )
)


@st.composite
def wished(draw: st.DrawFn) -> str:
    """Phrases, or parts of some, as somebody may type them, with something before, inside and behind."""
    pieces: list[str] = []
    for phrase in draw(st.lists(PHRASES, min_size=1, max_size=2)):
        gap = draw(st.sampled_from(("", "tôi ", "câu hỏi của tôi được ")))
        said = draw(WRITTEN)(phrase.replace("… ", gap).replace("#", "12"))
        words = [draw(st.sampled_from(UNSEEN)).join(word) for word in said.split()]
        pieces += words[draw(st.integers(0, 1)) :]
    pieces.insert(draw(st.integers(0, len(pieces))), draw(ODD))
    return draw(BETWEEN).join(pieces)


@given(wished(), wished(), st.booleans())
def test_a_wish_is_seen_at_one_look(own: str, subject: str, alone: bool) -> None:
    words = load_citizen_requests()
    subject = "" if alone else subject
    for text in (own, subject, f"{subject}\n{own}"):
        said = plainly(text)
        if words.asks.search(said) or words.withdraws.search(said):
            assert may_request(subject, own)
    assert letters(plainly(own)) == letters(own)


def test_no_letter_of_any_alphabet_becomes_another() -> None:
    every = "\n".join(chr(code) for alphabet in ALPHABETS for code in alphabet)
    assert letters(plainly(every)) == letters(every)


def test_every_phrase_is_one_and_ordinary_questions_are_not() -> None:
    for phrase in (*STATUS["asks"], *WITHDRAWAL["asks"]):
        assert may_request("", phrase.replace("…", "có").replace("#", "12")), phrase
    assert not may_request("Đường ngập", "Đường Trần Nguyên Hãn ngập mỗi khi mưa. Bao giờ thành phố sửa cống?")
    assert not may_request("Tra cứu", "x" * 1001), "too long for a mail that is nothing but a wish"
    assert may_request("Đường ngập " * 100, "x"), "a subject without end is left to the closer look"


@given(st.lists(st.text("abcđ …#x", max_size=8), max_size=4), st.text("abcđ …12x", max_size=12))
def test_an_operators_own_phrases_are_seen_too(phrases: list[str], text: str) -> None:
    if any(map(plainly, phrases)) and one_of_phrases(phrases).search(plainly(text)):
        assert letters_of(phrases).search(letters(text))


@pytest.mark.parametrize(
    "text",
    [
        "Việc của tôi phường đã làm xong hôm qua rồi, Ban không phải hỏi Sở nữa đâu.",
        "Tôi đổi ý, đề nghị dừng lại, đừng chuyển câu hỏi của tôi cho ai cả.",
        "Không cần chuyển câu hỏi của tôi nữa",
        "Tôi xin thôi không hỏi việc này nữa",
        "Đừng gửi câu hỏi của tôi đi đâu nữa",
        "Ngõ đã được vá rồi, Ban khỏi cần hỏi Sở",
        "Nhà tôi đã tự sửa, xin không làm phiền Sở nữa",
        "Coi như tôi chưa hỏi gì nhé",
        "toi khong can so tra loi nua",
        "Việc đã giải quyết xong, đề nghị Ban kết thúc câu hỏi",
        "Xin Ban ngừng xử lý câu hỏi của tôi",
        "Xin phép Ban cho tôi thôi, tôi không kiến nghị việc này nữa",
        "Ban cho tôi hủy câu này nhé, hỏi nhầm nơi",
        "Giờ xong xuôi cả rồi, Ban xóa câu hỏi giúp",
        "Sở cứ hẹn mãi, tôi xin rút câu hỏi",
        "Tôi xin rút lại lá đơn đã gửi",
        "Tôi xin rút đơn gửi ngày 12/10",
        "Tôi xin rút bức thư",
        "Tôi xin rút tất cả",
        "Tôi rút hết",
        "nay tôi rút lại các nội dung đã hỏi",
        "Tôi xin rút toàn bộ nội dung đã gửi",
    ],
)
def test_who_needs_no_answer_any_more_withdraws(text: str) -> None:
    assert may_request("", text)
    assert withdraws(text)
    assert withdraws(strip_marks(text))


@pytest.mark.parametrize(
    "text",
    [
        "Tôi không rút câu hỏi đâu nhé, các anh cứ yêu cầu họ trả lời cho tôi",
        "Đừng chuyển câu hỏi của tôi cho phường nữa, chuyển thẳng Sở",
        "Sở bảo không phải hỏi nữa là sao?",
        "Phường nói làm xong rồi nhưng có làm đâu, Ban hỏi Sở giúp",
        "Đề nghị dừng lại việc đổ đất ra đường",
        "Bao giờ làm xong thì Ban không phải hỏi nữa",
        "Ban không phải hỏi phường nữa mà hỏi thẳng Sở",
        "Tôi không cần trả lời chung chung nữa, tôi cần ngày cụ thể",
        "Đừng chuyển lòng vòng nữa, trả lời tôi đi",
        "Cán bộ bảo tôi thôi không hỏi nữa",
        "Không phải hỏi Sở nữa thì hỏi ai?",
        "Đường làm xong rồi lại hỏng",
        "Tôi không phản ánh sai, đừng nói nữa",
        "Tôi rút hết tiền trong tài khoản bị mất",
        "Tôi rút tất cả tiền tiết kiệm",
        "Tôi rút lá đơn ly hôn ở tòa",
        "Tôi xin rút gửi tiết kiệm",
        "Ban cứ đóng câu hỏi của tôi hoài vậy",
        "Vì sao tôi chưa rút câu hỏi mà Ban đã đóng",
        "Sở cứ xóa câu hỏi của tôi",
        "Tôi không cần trả lời dài, chỉ cần ngày, đừng hứa nữa",
    ],
)
def test_who_tells_of_ending_it_does_not_withdraw(text: str) -> None:
    assert not withdraws(text)


@pytest.mark.parametrize(
    "text",
    ["Quý ban cứ hủy câu hỏi của tôi", "Các anh chị cứ đóng câu hỏi giúp tôi", "Ban cứ xóa câu hỏi giúp em"],
)
def test_who_lets_it_be_ended_does_not_deny_it(text: str) -> None:
    assert may_end(text)
    assert not may_end(text.replace("cứ", "cứ tự ý"))
    assert not may_end(f"{text} hoài vậy")


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Đề nghị cơ quan xóa dữ liệu cá nhân của tôi", True),
        ("Đề nghị quý cơ quan xóa dữ liệu cá nhân của tôi", True),
        ("Đề nghị đơn vị gỡ bỏ thông tin của tôi", True),
        ("Yêu cầu cơ quan chức năng hủy dữ liệu của tôi", True),
        ("Nhờ hệ thống xóa thông tin của tôi", True),
        ("Đề nghị Sở gỡ câu hỏi của tôi khỏi Cổng", True),
        ("Tại sao chưa gỡ bài trên Cổng của tôi", True),
        ("Sao ban chưa xóa dữ liệu của tôi", True),
        ("Tại sao ban xóa dữ liệu của tôi", False),
        ("Sở xóa dữ liệu cá nhân của tôi mà không hỏi", False),
        ("Đề nghị làm rõ việc Sở xóa dữ liệu của tôi", False),
        ("Đề nghị cơ quan đã xóa dữ liệu của tôi giải thích", False),
        ("Tại sao chưa hỏi tôi mà đã xóa dữ liệu của tôi", False),
    ],
)
def test_who_asks_an_office_to_erase_asks_and_who_tells_of_it_does_not(text: str, asked: bool) -> None:
    assert (data_request(plain_words(text)) is not None) == asked


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Xin gửi thêm giấy hẹn của phường để cơ quan tiện tra cứu.", False),
        ("Xin gui them giay hen cua phuong de co quan tien tra cuu.", False),
        ("Tôi gửi kèm biên nhận để Ban kiểm tra tình trạng.", False),
        ("Gửi thêm giấy hẹn để cơ quan tiện tra cứu, việc của tôi xử lý đến đâu rồi?", True),
        ("Tôi gửi lại mã số để Ban tra cứu giúp.", True),
        ("Tôi gửi thêm ảnh. Xin tra cứu câu hỏi.", True),
        ("Xin cho biết cách để tiện tra cứu.", True),
    ],
)
def test_what_a_paper_is_for_does_not_ask_for_the_state(text: str, asked: bool) -> None:
    assert asks_for_state_of(plain_words(text)) == asked
