"""What a citizen wishes with an old question, and what begins a new one in its thread.

The one look that spares most mails the closer one misses no wish.
"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import strip_marks
from rules.understand.citizen_requests import (
    Begins,
    before_the_new,
    begins_new,
    letters,
    letters_of,
    load_citizen_requests,
    may_request,
    one_of_phrases,
    plainly,
    shares_matter,
    withdraws,
)
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
        "Tôi không cần trả lời dài, chỉ cần ngày, đừng hứa nữa",
    ],
)
def test_who_tells_of_ending_it_does_not_withdraw(text: str) -> None:
    assert not withdraws(text)
