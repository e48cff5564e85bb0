"""The matcher: whole syllables, marks first, gaps, the longest wins."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text.phrase_matcher import Matcher
from rules.text.tokens import read, spelled_out, syllable_keys

PHRASES = (
    "điện", "điện thoại", "chợ", "diện tích", "tố cáo", "hòa giải", "kỹ thuật", "karaoke", "đổi … bằng lái", "nhà",
    "cổng dịch vụ công", "công báo", "học phí",
)  # fmt: skip
MATCHER = Matcher(PHRASES)


def found(text: str) -> list[str]:
    return [PHRASES[hit.phrase] for hit in MATCHER.find(read(text))]


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Nhà tôi mất điện từ sáng", ["nhà", "điện"]),
        ("Gọi điện thoại cho ai bây giờ?", ["điện thoại"]),
        ("dien tich nha toi la bao nhieu", ["diện tích"]),  # one syllable without marks says nothing
        ("cho toi hoi ve dien tich", ["diện tích"]),  # cho is not chợ
        ("Cho tôi hỏi diện tích tối thiểu", ["diện tích"]),
        ("HOÀ GIẢI ở phường", ["hòa giải"]),
        ("cán bộ kĩ thuật xã", ["kỹ thuật"]),
        ("hang xom hat karaoke suot dem nay", ["karaoke"]),
        ("muốn đổi sang loại mới bằng lái của tôi", ["đổi … bằng lái"]),
        ("muốn đổi xe. Còn bằng lái của tôi thì sao", []),  # a gap stays inside one sentence
        ("bằng lái cũ muốn đổi mới", []),  # and keeps the order
        ("cổng dịch vụ công báo lỗi mãi", ["cổng dịch vụ công"]),
        (
            "cho em hỏi bạn em ở dưới quê mới lên đây đóng học\nphí ở đâu ạ",
            ["học phí"],
        ),  # a wrapped line goes on
        ("em đi học\nphí gửi xe cao quá", []),  # a short line was ended by its writer
        (
            "bạn em bảo cứ nhắn ở đây là có người đọc, em thì ngại đi học\nphí gửi xe ở cổng trường cao quá mà không "
            "ai nói gì với bọn em cả, em hỏi mãi từ đầu năm đến giờ vẫn thế",
            [],
        ),  # nor does one go on before a line so long that no program broke any
        ("nhàn nhã", []),  # whole syllables only
    ],
)
def test_finds(text: str, phrases: list[str]) -> None:
    assert found(text) == phrases


def test_decomposed_letters_are_the_same() -> None:
    assert found(unicodedata.normalize("NFD", "xin hòa giải và học phí")) == ["hòa giải", "học phí"]


@pytest.mark.parametrize(
    ("one", "other"), [("hoà", "hòa"), ("thuỷ", "thủy"), ("kỹ", "kĩ"), ("quý", "quí"), ("ĐƯỜNG", "đường")]
)
def test_one_key_for_one_syllable(one: str, other: str) -> None:
    assert syllable_keys(one) == syllable_keys(other)


def test_tones_keep_apart() -> None:
    assert syllable_keys("túi")[0] != syllable_keys("tuý")[0]
    assert syllable_keys("chợ")[0] != syllable_keys("cho")[0]


def test_each_sentence_is_judged_by_itself() -> None:
    reading = read("Kính gửi Sở Xây dựng thành phố. toi muon hoi hoc phi nam nay cua truong")
    assert reading.is_bare[:2] == (False, True)
    assert [PHRASES[hit.phrase] for hit in MATCHER.find(reading)] == ["học phí"]


def test_abbreviations_are_written_out() -> None:
    shorthand = {"hs": "học sinh", "đc": "được"}
    assert read("hs đc nghỉ", shorthand).words == ("học", "sinh", "được", "nghỉ")
    assert spelled_out("hs giỏi", shorthand) == "học sinh giỏi"


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("ubnd thu hoc phi ko bao truoc", True),
        ("toi dc nhan dien tich ko du, ubnd ko noi j", True),
        ("UBND phường thu học phí ko báo trước", False),
        ("e ko rõ học phí ntn, hỏi mãi ko đc", False),
    ],
)
def test_what_is_spelled_out_says_nothing_of_how_a_sentence_was_typed(text: str, bare: bool) -> None:
    """ "ubnd", "ko" bring their diacritics along; a sentence without any of its own is still one without."""
    short = {"ubnd": "ủy ban nhân dân", "ko": "không", "dc": "được", "đc": "được", "j": "gì", "ntn": "như thế nào"}
    assert read(text, short).is_bare == (bare,)


def test_abbreviated_titles_end_no_sentence() -> None:
    assert "." not in read("P. Hải An, TP. Hải Phòng").words


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    reading = read(text)
    assert len(reading.words) == len(reading.marked) == len(reading.bare) == len(reading.sentence)
    for hit in MATCHER.find(reading):
        assert 0 <= hit.start < hit.end <= len(reading.words)
