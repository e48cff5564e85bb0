"""Tables of the Vietnamese 8-bit character sets that Python does not know, and of VNI's letter pairs.

VISCII: RFC 1456. TCVN3 (the ABC fonts): TCVN 5712:1993, VN3. VNI: the VNI-Windows fonts, which write a
base letter and a mark as two signs of Latin-1. All three are mostly met as *text*: what was typed with such a font,
read as Latin-1 or windows-1252.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

_C1 = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
CP1252_BYTE: Mapping[str, int] = {char: byte for byte, char in _C1.items()}
"""The windows-1252 signs that are not at their own number, by the byte they stand for."""

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
    from unicodedata import normalize

    pairs = {base + sign: base + mark for base in "aeouyi" for sign, mark in _TONES.items()}
    pairs |= {base + sign: base + "\u0302" + mark for base in "aeo" for sign, mark in _HATS.items()}
    pairs |= {"a" + sign: "a\u0306" + mark for sign, mark in _BREVES.items()}
    pairs |= {
        base + sign: letter + mark for base, letter in (("ô", "ơ"), ("ö", "ư")) for sign, mark in _TONES.items()
    }
    return {pair: normalize("NFC", letter) for pair, letter in (pairs | _VNI_SINGLE).items()}


@cache
def vni() -> tuple[re.Pattern[str], Mapping[str, str]]:
    """The pattern of VNI's signs, longest first, and the letter each stands for, in both cases and mixed."""
    table: dict[str, str] = {}
    for pair, letter in _vni_pairs().items():
        table[pair] = letter
        table[pair.upper()] = letter.upper()
        table[pair[0].upper() + pair[1:]] = letter.upper()
    pattern = re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))
    return pattern, table


def as_text_table(charset: Mapping[int, str]) -> dict[int, str]:
    """A table for ``str.translate`` that mends text which was read as Latin-1 or as windows-1252."""
    table = dict(charset)
    for char, byte in CP1252_BYTE.items():
        if byte in charset:
            table[ord(char)] = charset[byte]
    return table


def decode_table(raw: bytes, charset: Mapping[int, str]) -> str:
    """Bytes in a set of ``legacy``; a byte it has no letter for becomes U+FFFD (ASCII stays)."""
    return raw.decode("latin-1").translate(dict.fromkeys(range(128, 256), "�") | dict(charset))
