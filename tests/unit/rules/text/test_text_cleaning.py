"""Cleaning and folding: what an eye cannot see is out, what a reader wrote stays."""

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import clean, clean_line, fold_i, has_marks, nfc, squash, strip_marks

ANY_TEXT = st.text(alphabet=st.characters(codec=None, categories=None))
VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxy àáảãạằắẳẵặầấẩẫậ.,\n", max_size=60)


@pytest.mark.parametrize(
    ("dirty", "right"),
    [
        ("Đường", "Đường"),
        (unicodedata.normalize("NFD", "Hỏi về đất ở"), "Hỏi về đất ở"),
        ("một\r\nhai\rba\u2028bốn\x85năm", "một\nhai\nba\nbốn\nnăm"),
        ("a\u00a0b\tc\u3000d", "a b c d"),
        ("bí\u200bmật\ufeff\u00ad", "bímật"),
        ("\u202egpj.exe", "gpj.exe"),
        ("\u2066x\u2069", "x"),
        ("a\x00b\x1b[31m", "ab[31m"),
        ("\ud83d lẻ", "\ufffd lẻ"),
        ("a\u034f\u0301", "á"),
    ],
)
def test_clean(dirty: str, right: str) -> None:
    assert clean(dirty) == right


def test_clean_line_is_one_line() -> None:
    assert clean_line("  Hỏi\r\nBcc: x@y.test\t\u00a0 đất ") == "Hỏi Bcc: x@y.test đất"


@given(ANY_TEXT)
def test_clean_is_idempotent_and_keeps_its_promise(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not [char for char in cleaned if unicodedata.category(char) in ("Cc", "Cs") and char != "\n"]
    assert not set(cleaned) & set("\u200b\u200d\u202a\u202e\u2066\u2069\ufeff\u00a0\u00ad")


@given(VIETNAMESE)
def test_clean_leaves_right_text_alone(text: str) -> None:
    assert clean(nfc(text)) == nfc(text)


@given(ANY_TEXT)
def test_foldings_are_idempotent(text: str) -> None:
    assert squash(squash(text)) == squash(text)
    assert fold_i(fold_i(squash(text))) == fold_i(squash(text))
    assert strip_marks(strip_marks(text)) == strip_marks(text)


def test_a_pile_of_marks_costs_linear_time() -> None:
    start = time.process_time()
    assert len(clean("a" + "\u0301\u0323" * 500_000)) < 20
    assert time.process_time() - start < 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hòa bình", "hoà  bình"),
        ("khỏe", "khoẻ"),
        ("THỦY LỢI", "thuỷ lợi"),
        ("Ðường", "đường"),
        ("hòan", "hoàn"),
    ],
)
def test_squash_makes_spellings_one(one: str, other: str) -> None:
    assert squash(one) == squash(other)


@pytest.mark.parametrize(("one", "other"), [("kĩ thuật", "kỹ thuật"), ("lí do", "lý do"), ("tỉ lệ", "tỷ lệ")])
def test_fold_i(one: str, other: str) -> None:
    assert squash(one) != squash(other)
    assert fold_i(squash(one)) == fold_i(squash(other))


@pytest.mark.parametrize(("word"), ["mùa", "của", "tay", "quý", "lúa", "khuya"])
def test_squash_moves_no_tone_elsewhere(word: str) -> None:
    assert squash(word) == word


def test_marks() -> None:
    assert strip_marks("Đường Lê Lợi, phường Ngô Quyền") == "Duong Le Loi, phuong Ngo Quyen"
    assert has_marks("hỏi")
    assert has_marks("đ")
    assert has_marks(unicodedata.normalize("NFD", "á"))
    assert not has_marks("Truong THPT Thai Phien")
    assert not has_marks("“…” – 20 °C")
