"""Stand-in until rules.text is there."""

import re
import unicodedata

_BAD = re.compile(
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def clean(s: str) -> str:
    return unicodedata.normalize("NFC", _BAD.sub("", s.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")))


def clean_line(s: str) -> str:
    return " ".join(clean(s).split())


def strip_marks(s: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", s) if not unicodedata.combining(c))
