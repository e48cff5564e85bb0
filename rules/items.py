"""Several numbered questions in one mail, taken apart (our default where the Decision is silent)."""

from __future__ import annotations

import re

_MARK = re.compile(
    r"""(?:^|(?<=\n)|(?<=[.:;?!])|(?<=[.:;?!]\s))[ \t]*(?:
        (?:câu(?:\ hỏi)?|cau(?:\ hoi)?|vấn\ đề|van\ de|ý|nội\ dung|noi\ dung)\s*
            (?:(?:thứ|thu|số|so)\s*)?(\d{1,2}|nhất|hai|ba|tư|bốn|năm)\s*[.):/–,-]
        |(?:thứ|thu)\s+(nhất|nhat|hai|ba|tư|tu|bốn|bon|năm|nam)\s*(?:,|:|là|la|thì)
        |(một|hai|ba|bốn|năm)\ là\b
        |(\d{1,2})\s*[.)/](?!\d)
        |\((\d{1,2})\)
        |(\d{1,2})\s*[–-]\s(?=\D)
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ORDINALS = {
    "nhất": 1, "nhat": 1, "một": 1, "hai": 2, "ba": 3, "tư": 4, "tu": 4, "bốn": 4, "bon": 4, "năm": 5, "nam": 5,
}  # fmt: skip
_FIRST_TWO = (("1", "nhất", "nhat", "một"), ("2", "hai"))
"""How the numbers of the first and the second question are written."""
MOST = 20


def split_items(text: str) -> tuple[str, ...]:
    """The numbered questions of a text, in order; () when it does not hold at least two (numbered 1, 2, …)."""
    lowered = text.lower()
    if not all(any(sign in lowered for sign in signs) for signs in _FIRST_TWO):
        return ()  # most texts: no first and second, and the pattern looks at every letter
    marks: list[tuple[int, int]] = []
    wanted = 1
    for match in _MARK.finditer(text):
        number = _number(next(group for group in match.groups() if group))
        if number == wanted and wanted <= MOST:
            marks.append((match.start(), match.end()))
            wanted += 1
    if len(marks) < 2:
        return ()
    ends = [start for start, _ in marks[1:]] + [_last_end(text, marks[-1][1])]
    pieces = tuple(text[begin:end].strip(" \n\t;,.-") for (_, begin), end in zip(marks, ends, strict=True))
    return pieces if all(len(piece.split()) >= 3 for piece in pieces) else ()


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _ORDINALS[word.lower()]


def _last_end(text: str, begin: int) -> int:
    """The last question ends at a blank line, if one follows."""
    blank = re.compile(r"\n\s*\n").search(text, begin)
    return blank.start() if blank and blank.start() > begin + 10 else len(text)
