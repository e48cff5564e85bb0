"""Bytes and wrong decodings become right Vietnamese; right text and other languages stay."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import clean, decode, is_syllable, nfc, read, repair, vietnamese
from rules.text.charsets import TCVN3, VISCII, codec_name, vni
from rules.text.vietnamese import has_strange_word, words

pytestmark = pytest.mark.wide

SENTENCES = [
    "Kính gửi Sở Xây dựng thành phố Hải Phòng",
    "Tôi muốn hỏi về thủ tục cấp giấy chứng nhận quyền sử dụng đất",
    "Nhà tôi ở số 12 ngõ 45 đường Lạch Tray, phường Gia Viên",
    "Xin hỏi thời hạn giải quyết hồ sơ là bao nhiêu ngày?",
    "Rác thải không được thu gom đã hai tuần nay, bốc mùi rất khó chịu",
    "Nguyễn Thị Hường",
    "Bùi Xuân Hòa",
    "Trân trọng cảm ơn quý cơ quan!",
]
FOREIGN = [
    "Die Hasen und die Frösche, Müller und Söhne, schöne Grüße",
    "Où est-il né ? là-bas, à la carte, été déjà vu, Noël, naïve",
    "São Paulo não é só isso; informações à disposição",
    "El niño pequeño comió piña en la montaña, señor",
    "Zoë Loïc Renée François Björk Ångström",
    "Îles, hôtel, dîner, forêt, août, goût, voûte",
    "Příliš žluťoučký kůň; Łódź; Dvořák; Erdoğan",
    "Привет, мир! 你好 こんにちは",
    "20 °C, 5 m², ½ £, «quote», ©®™",
]


def to_cp1258(text: str) -> bytes:
    """As Windows writes Vietnamese: a letter with its quality, the tone behind it."""
    out = b""
    for char in nfc(text):
        tones = [mark for mark in unicodedata.normalize("NFD", char) if mark in "\u0300\u0301\u0303\u0309\u0323"]
        base = nfc("".join(mark for mark in unicodedata.normalize("NFD", char) if mark not in tones))
        out += base.encode("cp1258") + "".join(tones).encode("cp1258")
    return out


def to_table(table: dict[int, str]) -> Callable[[str], bytes]:
    letters = {letter: byte for byte, letter in table.items()}
    return lambda text: bytes(letters.get(char, ord(char)) for char in text)


def to_vni(text: str) -> str:
    letters: dict[str, str] = {}
    for pair, letter in vni()[1].items():
        if letter not in letters or pair.isupper() == letter.isupper():
            letters[letter] = pair
    return "".join(letters.get(char, char) for char in text)


def as_cp1252(raw: bytes) -> str:
    """What a program shows that takes the bytes for windows-1252."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in raw)


to_viscii = to_table(dict(VISCII))
to_tcvn3 = to_table(dict(TCVN3))

WAYS: dict[str, Callable[[str], str]] = {
    "utf-8": lambda s: read(s.encode(), "utf-8"),
    "utf-8 decomposed": lambda s: read(unicodedata.normalize("NFD", s).encode(), "utf-8"),
    "utf-8 without label": lambda s: read(s.encode(), ""),
    "utf-8 as iso-8859-1": lambda s: read(s.encode(), "iso-8859-1"),
    "utf-8 as us-ascii": lambda s: read(s.encode(), "us-ascii"),
    "utf-8 as windows-1258": lambda s: read(s.encode(), "windows-1258"),
    "utf-8 as gb2312": lambda s: read(s.encode(), "gb2312"),
    "utf-8 with a mark": lambda s: read(b"\xef\xbb\xbf" + s.encode(), "utf-8"),
    "utf-16": lambda s: read(s.encode("utf-16"), "utf-16"),
    "utf-16le": lambda s: read(s.encode("utf-16-le"), "utf-16le"),
    "utf-7": lambda s: read(s.encode("utf-7"), "utf-7"),
    "windows-1258": lambda s: read(to_cp1258(s), "windows-1258"),
    "windows-1258 as utf-8": lambda s: read(to_cp1258(s), "utf-8"),
    "windows-1258 as iso-8859-1": lambda s: read(to_cp1258(s), "iso-8859-1"),
    "windows-1258 without label": lambda s: read(to_cp1258(s)),
    "windows-1258 as nonsense": lambda s: read(to_cp1258(s), "x-unknown\x00"),
    "viscii": lambda s: read(to_viscii(s), "VISCII"),
    "viscii as utf-8": lambda s: read(to_viscii(s), "utf-8"),
    "viscii as iso-8859-1": lambda s: read(to_viscii(s), "iso-8859-1"),
    "tcvn3 as iso-8859-1": lambda s: read(to_tcvn3(s), "iso-8859-1"),
    "tcvn3 in utf-8": lambda s: read(to_tcvn3(s).decode("latin-1").encode(), "utf-8"),
    "vni in utf-8": lambda s: read(to_vni(s).encode(), "utf-8"),
    "vni as windows-1252": lambda s: read(to_vni(s).encode("cp1252"), "windows-1252"),
    "utf-8 read as windows-1252": lambda s: clean(repair(as_cp1252(s.encode()))),
    "utf-8 read as latin-1": lambda s: clean(repair(s.encode().decode("latin-1"))),
    "utf-8 read as windows-1252 twice": lambda s: clean(repair(as_cp1252(as_cp1252(s.encode()).encode()))),
    "windows-1258 read as windows-1252": lambda s: clean(repair(as_cp1252(to_cp1258(s)))),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_way_gives_the_sentence_back(way: str, sentence: str) -> None:
    assert WAYS[way](sentence) == sentence


@pytest.mark.parametrize("way", WAYS)
def test_a_whole_letter_comes_back(way: str) -> None:
    letter = "\n".join(["Kính gửi Quý cơ quan,", "", *SENTENCES, "--", "Gửi từ iPhone của tôi"])
    assert WAYS[way](letter) == letter


@pytest.mark.parametrize("text", FOREIGN)
def test_other_languages_stay(text: str) -> None:
    assert repair(text) == nfc(text)
    assert read(text.encode(), "utf-8") == clean(text)


def test_capitals_of_tcvn3_come_back_where_the_word_is_in_capitals() -> None:
    assert repair("HéI §åNG NH¢N D¢N THµNH PHè") == "HỘI ĐỒNG NHÂN DÂN THÀNH PHỐ"


def test_letters_written_as_html_has_them_are_read_and_signs_stay() -> None:
    assert repair("&#272;&#432;&#7901;ng nh&agrave; t&#xF4;i &lt;3 &amp; R&D;") == "Đường nhà tôi &lt;3 &amp; R&D;"


def test_the_icelandic_letters_become_d() -> None:
    assert repair("ðường Ðà Nẵng") == "đường Đà Nẵng"
    assert repair("Sigurður Ægisson") == "Sigurður Ægisson"


def test_quoted_right_text_beside_gibberish_stays() -> None:
    mixed = "T«i muèn hái vÒ thñ tôc\n> Kính gửi Sở Xây dựng"
    assert repair(mixed) == "Tôi muốn hỏi về thủ tục\n> Kính gửi Sở Xây dựng"


def test_latin_1_keeps_its_letters() -> None:
    assert decode("Die Hasen und die Frösche".encode("latin-1"), "iso-8859-1") == "Die Hasen und die Frösche"
    assert decode("“smart” – quotes".encode("cp1252"), "iso-8859-1") == "“smart” – quotes"


@pytest.mark.parametrize(
    "charset", ["undefined", "idna", "punycode", "base64", "rot13", "\x00", "a" * 500, "unicode_escape"]
)
def test_what_is_no_character_set_is_ignored(charset: str) -> None:
    assert decode("hỏi".encode(), charset) == "hỏi"


@given(
    st.binary(max_size=300),
    st.sampled_from(["", "utf-8", "windows-1258", "viscii", "utf-16", "utf-7", "hz", "x", "big5"]),
)
def test_decode_never_raises_and_is_nfc(raw: bytes, charset: str) -> None:
    text = decode(raw, charset)
    assert unicodedata.is_normalized("NFC", text)
    text.encode("utf-8")
    assert clean(read(raw, charset)) == read(raw, charset)


@given(st.text(max_size=200))
def test_repair_never_raises(text: str) -> None:
    repair(text)


SYLLABLES = (
    "gì giếng giết gìn quỳ quýt quyết ý yêu uể oải khuỷu ngoằn ngoèo hươu Huỳnh nguệch thuở đọng xoong Đỗ ủy uỷ"
)


@pytest.mark.parametrize("word", SYLLABLES.split())
def test_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", ["Ḥa", "Frösche", "straße", "José", "cáćh", "đ", "thuaể", "mát̃", "ngo", "hàt", ""])
def test_no_syllables(word: str) -> None:
    assert is_syllable(word) == (word == "ngo")


@given(st.text("aởhỏiéđÔ\u0301'”.,-1 \n\t\x1c\xa0\u2003", max_size=40))
def test_a_strange_word_is_found_whatever_stands_around_it(text: str) -> None:
    strange = any(not word.isascii() and not is_syllable(word) for word in words(text))
    assert has_strange_word(text) == strange


def test_tables_agree_with_another_source() -> None:
    tables = pytest.importorskip("viparse.normalize.tcvn3")
    from viparse.normalize.viscii import VISCII as OTHER_VISCII
    from viparse.normalize.vni import _ENTRIES as OTHER_VNI

    assert {chr(byte): letter for byte, letter in TCVN3.items()}.items() >= set(tables._ENTRIES)
    assert OTHER_VISCII
    pairs = vni()[1]
    assert {pair: pairs.get(pair) for pair, _ in OTHER_VNI if len(pair) > 1 or pair in "ñô"} == {
        pair: letter for pair, letter in OTHER_VNI if len(pair) > 1 or pair in "ñô"
    }


SPELT = st.sampled_from(
    ["đường", "ðường", "Hải", "HÃ¶i", "“Phòng”", "ngõ", "naïve", "x-y", "bố/mẹ", "12đ", "café!", "abc", "…"]
)


@given(st.lists(st.lists(SPELT, max_size=6), max_size=4), st.sampled_from(" \n\t\u00a0,\u3000"))
def test_a_word_is_strange_or_not_in_any_company(texts: list[list[str]], between: str) -> None:
    for text in map(between.join, texts):
        strange = [word for word in vietnamese.words(text) if not word.isascii() and not vietnamese.is_syllable(word)]
        assert vietnamese.has_strange_word(text) is bool(strange)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("ks_c_5601-1987", "cp949"),
        ("EUC-KR", "cp949"),
        ("GB2312", "gb18030"),
        ("Shift_JIS", "cp932"),
        ("latin1", "cp1252"),
    ],
)
def test_a_character_set_is_read_by_the_larger_one_that_senders_mean(label: str, name: str) -> None:
    """WHATWG's Encoding Standard: the labels of Outlook and old web mailers."""
    assert codec_name(label) == name
