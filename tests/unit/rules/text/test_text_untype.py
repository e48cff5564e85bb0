"""Left-over keystrokes of Telex and VNI are carried out, and nothing else is touched."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import nfc, squash, strip_marks, untype
from rules.text.repairs import _ELSEWHERE

SENTENCES = [
    "Tôi muốn hỏi về thủ tục cấp giấy phép xây dựng nhà ở",
    "Người dân đề nghị sửa chữa đường bị hư hỏng nặng",
    "Trường học thu tiền quỹ lớp như vậy có đúng quy định không",
    "Rác thải không được thu gom đã hai tuần nay",
]
UNTOUCHED = [
    "I have been to see the moon soon for us",
    "Please keep this book in the room, sir",
    "This is the case of his sister",
    "so nha 12 to3 khu 5, sdt 0912345678",
    "Toi muon hoi ve thu tuc cap giay phep",
    "Truong THPT Thai Phien",
    "Delivery has failed to these recipients or groups",
    "Tôi hỏi về hồ sơ xin phép, has been sent",
    "",
]


def telex(word: str) -> str:
    keys = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
    out = tone = ""
    for char in unicodedata.normalize("NFD", word):
        if char in keys:
            tone = keys[char]
        elif char == "\u0302":
            out += out[-1].lower()
        else:
            out += {"\u0306": "w", "\u031b": "w", "đ": "dd", "Đ": "Dd"}.get(char, char)
    return out + tone


def vni(word: str) -> str:
    keys = {"\u0301": "1", "\u0300": "2", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
    shapes = {"\u0302": "6", "\u031b": "7", "\u0306": "8"}
    letters = "".join(c for c in unicodedata.normalize("NFD", word) if c not in keys and c not in shapes)
    quality = dict.fromkeys(shapes[c] for c in unicodedata.normalize("NFD", word) if c in shapes)
    tone = "".join(keys[c] for c in unicodedata.normalize("NFD", word) if c in keys)
    bar = "9" if "đ" in word.lower() else ""
    return strip_marks(letters) + "".join(quality) + bar + tone


@pytest.mark.parametrize("sentence", SENTENCES)
def test_keystrokes_are_carried_out(sentence: str) -> None:
    assert squash(untype(" ".join(map(telex, sentence.split())))) == squash(sentence)
    assert squash(untype(" ".join(map(vni, sentence.split())))) == squash(sentence)


def test_the_examples_of_the_notes() -> None:
    assert untype("Tooi muoons hoir veef") == "Tôi muốn hỏi về"
    assert untype("Toi6 muon61 hoi3 ve62") == "Tôi muốn hỏi về"


@pytest.mark.parametrize("text", UNTOUCHED)
def test_other_text_stays(text: str) -> None:
    assert untype(text) == text


@given(st.text(max_size=200))
def test_never_raises_and_is_nfc(text: str) -> None:
    assert unicodedata.is_normalized("NFC", untype(nfc(text)))


@given(st.lists(st.sampled_from(["@", ":", "/", "://", "a", "b.c", " ", "\t", "-"]), max_size=9).map("".join))
def test_what_is_no_text_is_looked_for_only_where_its_signs_stand(line: str) -> None:
    assert _ELSEWHERE.search(line) is None or "@" in line or "://" in line
