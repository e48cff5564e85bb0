"""One mail that answers several questions: cut by register number, or by order ("Câu 1: …")."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rules.documents import file_document
from rules.model import Attachment, ItemAnswer
from rules.register_number import number_places, register_numbers
from rules.text import strip_marks

LEAST_WORDS = 1
"""A bare number in a list of numbers is no answer."""
_ORDINALS = {"nhất": 1, "hai": 2, "ba": 3, "tư": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "đầu tiên": 1}
_CARDINALS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8}
_WORDED = {
    form: number
    for words in ({f"thứ {word}": n for word, n in _ORDINALS.items()}, {"đầu tiên": 1}, _CARDINALS)
    for word, number in words.items()
    for form in (word, strip_marks(word))
}
_THINGS = r"(?:câu hỏi|cau hoi|câu|cau|ý|nội dung|noi dung|vấn đề|van de)"
_ENDS = r"(?=[ *_]{0,3}(?:[:.)\-–,]|\(|$))"
_ORDER = re.compile(
    r"^[ \t*\-+•_#>]{0,6}(?:(?:[a-hđ]|[IVX]{1,4}|\d{1,2})[.)/][ ]?)?"
    r"(?:(?:trả lời|tra loi|về|ve|đối với|doi voi|nội dung|noi dung|cho)[ ]+){0,3}"
    rf"{_THINGS}[ ]+(?:hỏi[ ]+)?(?:số[ ]+|so[ ]+)?"
    rf"(\d{{1,2}}(?![\w/.-]*\d)|(?:thứ|thu) \w+|đầu tiên|dau tien|(?:{'|'.join(_WORDED)}){_ENDS})(?!\w)",
    re.IGNORECASE | re.MULTILINE,
)
_STOP = re.compile(r"(?<=[^\d\W])[.;] ")
_PLAIN = re.compile(r"^[ \t*]{0,4}(\d{1,2})[ ]?[.):/\-][ ]", re.MULTILINE)
_ALIKE = re.compile(
    r"(?:cùng|chung|trùng|giống|tương tự)(?: về| một| nhau)*[ ](?:nội dung|vấn đề|câu hỏi|việc|lĩnh vực)",
    re.IGNORECASE,
)
"""Questions with one answer: its points are not theirs."""
_HEAD_WORDS = re.compile(
    r"(?:[-+*•#]|\d{1,2}[.)]|\d{1,3}(?:[ ]{2}|\t)|câu hỏi|câu|hỏi|số|mã|phiếu|trả lời|về|đối với|nội dung|thứ|của"
    r"|ông|bà|\[|\(|:|\s)*$",
    re.IGNORECASE,
)


def parts_of(text: str, mentioned: Sequence[str], prefix: str) -> tuple[ItemAnswer, ...]:
    """The answers in a text, two or more by number or any by order; empty when it answers one question.

    ``mentioned`` are the numbers that the mail names: a list "Câu 1 … Câu 2 …", or a plain one "1. … 2. …", of as
    many points answers them in their order.
    """
    by_number = _by_number(text, prefix)
    if len(by_number) >= 2:
        return by_number
    by_order = _by_order(text, _ORDER)
    points = by_order or _by_order(text, _PLAIN)
    in_order = len(mentioned) >= 2 and [one.number for one in points] == list(range(1, len(mentioned) + 1))
    if in_order and not _ALIKE.search(text):
        return tuple(ItemAnswer(code, one.text, one.number) for code, one in zip(mentioned, points, strict=True))
    return by_order


def parts_of_files(files: Sequence[Attachment], prefix: str) -> tuple[ItemAnswer, ...]:
    """Several documents, each the answer to the one question that its name, else its text, names; else empty."""
    found = [
        ItemAnswer(codes[0], one.text.strip(), file=one.part, document=file_document(one))
        for one in files
        if len(codes := register_numbers(one.name, prefix) or register_numbers(one.text, prefix)) == 1
    ]
    return tuple(found) if len({one.question for one in found}) >= 2 else ()


def _by_number(text: str, prefix: str) -> tuple[ItemAnswer, ...]:
    """Each number that heads a line or a sentence begins the answer to it."""
    heads = [
        (code, _head_start(text, start), end)
        for code, start, end in number_places(text, prefix)
        if _HEAD_WORDS.match(text, _head_start(text, start), start)
    ]
    found: dict[str, list[str]] = {}
    for place, (code, _, end) in enumerate(heads):
        stop = heads[place + 1][1] if place + 1 < len(heads) else len(text)
        answer = text[end:stop].strip().lstrip(":.)]-–—,;* \t\n").strip()
        if len(answer.split()) >= LEAST_WORDS:
            found.setdefault(code, []).append(answer)
    return tuple(ItemAnswer(code, "\n\n".join(texts)) for code, texts in found.items())


def _head_start(text: str, at: int) -> int:
    line = text.rfind("\n", 0, at) + 1
    stops = [stop.end() for stop in _STOP.finditer(text, line, at)]
    return max(stops, default=line)


def _by_order(text: str, pattern: re.Pattern[str]) -> tuple[ItemAnswer, ...]:
    heads = list(pattern.finditer(text))
    found: dict[int, str] = {}
    for place, head in enumerate(heads):
        number = _number(head[1])
        stop = heads[place + 1].start() if place + 1 < len(heads) else len(text)
        answer = text[head.end() : stop].strip().lstrip(":.)]-–—,;* \t\n").strip()
        if number and number not in found and len(answer.split()) >= LEAST_WORDS:
            found[number] = answer
    return tuple(ItemAnswer("", answer, number) for number, answer in found.items())


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _WORDED.get(word.lower(), 0)
