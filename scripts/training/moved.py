"""Letters from other provinces as if they were asked in the city: to measure with, never to train with."""

from __future__ import annotations

import re

from rules.values.data_file import Source
from scripts.training.whole_mails import Row

HOME = "phường Lê Chân, Hải Phòng"
"""Where those live who do not say it."""
_CAPITALS = "AÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬBCDĐEÈÉẺẼẸÊỀẾỂỄỆFGHIÌÍỈĨỊJKLMNOÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢPQRSTUÙÚỦŨỤƯỪỨỬỮỰVWXYỲÝỶỸỴZ"
_WORD = rf"(?:[{_CAPITALS}][\w-]*|\d+)"
_NAME = rf"\s*{_WORD}(?:\s+{_WORD})*"
_WARD = re.compile(rf"(?:\b(?:[Pp]hường|[Xx]ã|[Tt]hị trấn|[Pp]huong|[Xx]a)\b|\bP\.){_NAME}")
_ABOVE = re.compile(
    r"(?:\b(?:[Qq]uận|[Hh]uyện|[Tt]hị xã|[Tt]ỉnh|[Tt]hành phố|TP|Tp|[Qq]uan|[Hh]uyen)\b\.?|\b[QH]\.|\bQ(?=\d))"
    + _NAME
)


def moved(row: Row, source: Source) -> Row:
    """The row with places of the city in the stead of its own, and with an address where it has none."""
    data = source.toml("classify/out_of_scope.toml")
    other = sorted(set(data["provinces"]) - set(data["ambiguous"]), key=len, reverse=True)
    provinces = re.compile(rf"\b(?:{'|'.join(map(re.escape, other))})\b", re.IGNORECASE)
    text = _WARD.sub("phường Lê Chân", row["text"])
    text = provinces.sub("Hải Phòng", _ABOVE.sub("Hải Phòng", text))
    return {**row, "text": text, "address": row.get("address") or HOME}
