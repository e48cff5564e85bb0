"""Bytes to text: the declared label is a hint, but the bytes decide.

Contains tables of the Vietnamese 8-bit character sets that Python lacks, and of VNI's letter pairs.

VISCII: RFC 1456. TCVN3 (the ABC fonts): TCVN 5712:1993, VN3. VNI: the VNI-Windows fonts, which write a
base letter and its diacritic as two characters of Latin-1. All three mostly occur as *text*: something typed in such
a font and decoded as Latin-1 or windows-1252.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache
from unicodedata import normalize

from rules.text.vietnamese import marked_score, naturalness, nfc

_C1 = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
CP1252_BYTE: Mapping[str, int] = {char: byte for byte, char in _C1.items()}
"""The windows-1252 characters whose code point is not their byte, with that byte."""

_VISCII_HIGH = (
    "ẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộờởịỰỨỪỬơớƯ"
    "ÀÁÂÃẢĂẳẵÈÉÊẺÌÍĨỳĐứÒÓÔạỷừửÙÚỹỵÝỡưàáâãảăữẫèéêẻìíĩỉđựòóôõỏọụùúũủýợỮ"
)
_VISCII_LOW = {0x02: "Ẳ", 0x05: "Ẵ", 0x06: "Ẫ", 0x14: "Ỷ", 0x19: "Ỹ", 0x1E: "Ỵ"}
VISCII: Mapping[int, str] = _VISCII_LOW | {0x80 + index: char for index, char in enumerate(_VISCII_HIGH)}

_TCVN3_ROWS = (
    (0xA1, "ĂÂÊÔƠƯĐăâêôơưđ"),
    (0xB5, "àảãáạ"),
    (0xBB, "ằẳẵắ"),
    (0xC6, "ặầẩẫấậè"),
    (0xCE, "ẻẽéẹềểễếệìỉ"),
    (0xDC, "ĩíịò"),
    (0xE1, "ỏõóọồổỗốộờởỡớợù"),
    (0xF1, "ủũúụừửữứựỳỷỹýỵ"),
)
TCVN3: Mapping[int, str] = {first + index: char for first, row in _TCVN3_ROWS for index, char in enumerate(row)}

_TONES = {"ù": "\u0301", "ø": "\u0300", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_HATS = {"â": "", "á": "\u0301", "à": "\u0300", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_BREVES = {"ê": "", "é": "\u0301", "è": "\u0300", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_VNI_SINGLE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_pairs() -> dict[str, str]:
    pairs = {base + sign: base + mark for base in "aeouyi" for sign, mark in _TONES.items()}
    pairs |= {base + sign: base + "\u0302" + mark for base in "aeo" for sign, mark in _HATS.items()}
    pairs |= {"a" + sign: "a\u0306" + mark for sign, mark in _BREVES.items()}
    pairs |= {
        base + sign: letter + mark for base, letter in (("ô", "ơ"), ("ö", "ư")) for sign, mark in _TONES.items()
    }
    return {pair: normalize("NFC", letter) for pair, letter in (pairs | _VNI_SINGLE).items()}


@cache
def vni() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """A pattern for VNI's pairs, longest first, and the letter for each, in both cases and mixed."""
    table: dict[str, str] = {}
    for pair, letter in _vni_pairs().items():
        table[pair] = letter
        table[pair.upper()] = letter.upper()
        table[pair[0].upper() + pair[1:]] = letter.upper()
    pattern = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    return pattern, table


def as_text_table(charset: Mapping[int, str]) -> dict[int, str]:
    """A table for ``str.translate`` that repairs text decoded as Latin-1 or as windows-1252."""
    table = dict(charset)
    for char, byte in CP1252_BYTE.items():
        if byte in charset:
            table[ord(char)] = charset[byte]
    return table


def decode_table(raw: bytes, charset: Mapping[int, str]) -> str:
    """Decode bytes in one of these sets; a byte without a letter becomes U+FFFD (ASCII stays)."""
    return raw.decode("latin-1").translate(dict.fromkeys(range(128, 256), "�") | dict(charset))


_SAMPLE_BYTES = 60_000
_NO_TEXT = frozenset(
    {"idna", "punycode", "undefined", "unicode_escape", "raw-unicode-escape", "mbcs", "oem", "unicode-escape"}
)
"""Python codecs that are no character sets, or that take quadratic time."""
_SEVEN_BIT = frozenset({"utf-7", "hz", "iso2022_jp", "iso2022_jp_1", "iso2022_jp_2", "iso2022_kr", "cp037", "cp500"})
"""Character sets that write other letters with ASCII bytes."""

_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks-c-5601-1987": "cp949",
    "euc-kr": "cp949",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "windows-874": "cp874",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "unicode-1-1-utf-7": "utf-7",
    "unicode": "utf-16",
    "vietnamese": "cp1258",
    "x-cp1258": "cp1258",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "l1": "cp1252",
}
_VIETNAMESE: dict[str, Callable[[bytes], str]] = {
    "viscii": lambda raw: decode_table(raw, VISCII),
    "tcvn3": lambda raw: decode_table(raw, TCVN3),
    "cp1258": lambda raw: raw.decode("cp1258", "replace"),
}
_NAMES = {
    "viscii": "viscii",
    "viscii1.1-1": "viscii",
    "csviscii": "viscii",
    "viscii-1": "viscii",
    "tcvn": "tcvn3",
    "tcvn3": "tcvn3",
    "tcvn-5712": "tcvn3",
    "tcvn5712-1": "tcvn3",
    "x-viet-tcvn5712": "tcvn3",
    "x-viet-tcvn": "tcvn3",
}
_UTF8_LEAD = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")
_CHANCE = 6
"""This many letters of UTF-8 do not occur by chance in text of a double-byte set."""


@lru_cache(maxsize=512)
def codec_name(declared: str) -> str:
    """Python's name for a declared character set, our name for VISCII and TCVN3, "" for an unknown one."""
    label = declared.strip(" \t\r\n\"'<>").lower().partition("*")[0].replace("_", "-")
    if label in _NAMES:
        return _NAMES[label]
    label = _ALIASES.get(label, _ALIASES.get(label.replace("-", "_"), label))
    if not label or len(label) > 40 or not label.isascii() or "\x00" in label or label.startswith("x-user"):
        return ""
    try:
        info = codecs.lookup(label)
    except (LookupError, ValueError):
        return ""
    is_text = getattr(info, "_is_text_encoding", True) and info.name not in _NO_TEXT
    return info.name if is_text else ""


def _strict(raw: bytes, name: str) -> str | None:
    """The text; None if the bytes do not fit; lone surrogates count as not fitting."""
    try:
        text = raw.decode(name)
        text.encode("utf-8")
    except (UnicodeError, LookupError, ValueError):
        return None
    return text


def _utf8(raw: bytes) -> str | None:
    """The text of UTF-8 without its byte order mark; None if the bytes are something else."""
    try:
        return raw.removeprefix(codecs.BOM_UTF8).decode()
    except UnicodeDecodeError:
        return None


def _mostly_utf8(raw: bytes) -> bool:
    """True when all but a few non-ASCII bytes form UTF-8, as in text cut off within a letter."""
    sample = raw[:_SAMPLE_BYTES]
    broken = sample.decode("utf-8", "replace").count("\ufffd")
    return len(_UTF8_LEAD.findall(sample)) > 8 * broken


def _best_vietnamese(raw: bytes, names: tuple[str, ...]) -> str | None:
    """The Vietnamese set in which the bytes spell Vietnamese; None when there is none."""
    sample = raw[:_SAMPLE_BYTES]
    best, best_gain = "", 0.0
    for name in names:
        text = nfc(_VIETNAMESE[name](sample))
        good, bad = marked_score(text)
        gain = good - bad + naturalness(text) if len(names) > 1 else 0.0
        if good > 2 * bad and (not best or gain > best_gain):
            best, best_gain = name, gain
    return _VIETNAMESE[best](raw) if best else None


def _unlabelled(raw: bytes) -> str:
    """Decode bytes that should be UTF-8 (or ASCII) but are not."""
    if _mostly_utf8(raw):
        return raw.decode("utf-8", "replace")
    return _best_vietnamese(raw, ("cp1258", "viscii", "tcvn3")) or raw.decode("utf-8", "replace")


def _as_utf8(raw: bytes, letters: int) -> str | None:
    """The bytes as UTF-8 if they have at least ``letters`` of its letters and no other non-ASCII bytes, else None."""
    return _utf8(raw) if len(_UTF8_LEAD.findall(raw[:_SAMPLE_BYTES])) >= letters else None


def _labelled(raw: bytes, name: str) -> str:
    """Decode bytes in a declared set other than UTF-8 and ASCII, whatever they contain."""
    single = name.startswith(("cp125", "iso8859", "latin", "mac", "koi8")) or name in _VIETNAMESE
    if (text := _as_utf8(raw, 1 if single else _CHANCE)) is not None:
        return text
    if (text := _as_utf8(raw, 1)) is not None and (score := marked_score(nfc(text))).good > score.bad:
        return text
    if name in _VIETNAMESE:
        return _best_vietnamese(raw, (name,)) or _best_vietnamese(raw, tuple(_VIETNAMESE)) or _VIETNAMESE[name](raw)
    try:
        text = raw.decode(name, "replace")
    except (UnicodeError, LookupError, ValueError):
        return _unlabelled(raw)
    if text.count("\ufffd") * 10 > len(text):
        return _unlabelled(raw)
    return text.encode("utf-8", "replace").decode("utf-8")


def decode(raw: bytes, declared: str = "") -> str:
    """The text of ``raw``, in NFC; never raises.

    ``declared`` is the label the sender gave ("" for none). It is used unless the bytes contradict it: UTF-8 under
    a single-byte label; windows-1258, VISCII or TCVN3 under a UTF-8, ASCII or unknown label.
    """
    name = codec_name(declared)
    if raw.isascii() and name not in _SEVEN_BIT and b"\x1b" not in raw and not (name and b"\x00" in raw):
        return raw.decode("ascii")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) and (text := _strict(raw, "utf-16")) is not None:
        return nfc(text)
    if name in ("", "utf-8", "ascii", "utf-8-sig"):
        text = _utf8(raw)
        return nfc(text if text is not None else _unlabelled(raw))
    return nfc(_labelled(raw, name))
