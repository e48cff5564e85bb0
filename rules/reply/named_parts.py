"""A reply cut by the askers it names: "Trả lời ông An: … Trả lời bà Bình: …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.text import squash, strip_marks

_HEAD = re.compile(
    r"^\W*(?:\d{1,2}[.)]\s*)?(?:trả lời|tra loi|gửi|gui|kính gửi|kinh gui|về câu hỏi của|ve cau hoi cua)\s+"
    r"(?:công dân\s+|cong dan\s+)?(?:ông|bà|anh|chị|cô|chú|bác|ong|ba|chi|co|chu|bac)"
    r"\s+([^\W\d_]+(?: [^\W\d_]+){0,4})\s*:",
    re.IGNORECASE | re.MULTILINE,
)
_ENDS = re.compile(r"(?<=[.;!])[ \t]+(?=\S)")
"""A head may begin a sentence within a line."""


@dataclass(frozen=True, slots=True)
class NamedPart:
    """What is said to one asker, without the words that name them."""

    name: str
    text: str


def named_parts(text: str) -> tuple[str, tuple[NamedPart, ...]]:
    """What stands before the first head, and the parts; () where fewer than two askers are named."""
    lined = _ENDS.sub("\n", text)
    heads = list(_HEAD.finditer(lined))
    if len({squash(one[1]) for one in heads}) < 2:
        return text, ()
    ends = [*(one.start() for one in heads[1:]), len(lined)]
    parts = tuple(NamedPart(one[1], lined[one.end() : end].strip()) for one, end in zip(heads, ends, strict=True))
    return lined[: heads[0].start()].strip(), parts


def is_named(asker: str, name: str) -> bool:
    """Whether "An", "Văn An" or "Nguyễn Văn An" is that asker: the last words of the full name."""
    own, said = strip_marks(squash(asker)).split(), strip_marks(squash(name)).split()
    marked = squash(name) != strip_marks(squash(name))
    if marked:
        own, said = squash(asker).split(), squash(name).split()
    return bool(said) and own[-len(said) :] == said
