"""The home that the writer calls his own, wherever the text states it: "Em đang trọ ở …", "Nhà tôi ở …"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.requester.contact_data import enough, run_at
from rules.requester.unlabelled import another_at
from rules.requester.vocabulary import Words, load_words
from rules.values.data_file import Source

SELF = r"(?:chung toi|chung em|ben toi|ben em|toi6?|tooi|tui|em|e|chau|minh|con)"
"""How a writer speaks of himself, in plain letters; what is typed must be one of ``spoken_self`` too."""
PLACE = (
    r"(?:so|sn|thon|xom|lang|ban|to|tdp|khu|kdc|cum|ngo|ngach|hem|duong|pho|phuong|xa|dac khu|chung cu|"
    r"can ho|toa|lo|doi|p\.)"
)
"""How an address begins, in plain letters."""
_WITH = r"(?:\s+(?:cung|voi|nho)\s+[^,.;:\n\d]{2,25}?(?=\s+(?:o|tai)\s))?"
LIVES = (
    r"(?:o\s+(?:tro|nho|ghep)|o|owr|tai|tru|thuong\s+tru|tam\s+tru|cu\s+tru|song|sinh\s+song|ngu|cu\s+ngu|tro|"
    rf"thue(?:\s+(?:tro|nha|phong))?|dong\s+quan)(?:\s+(?:mot\s+minh|nha))?{_WITH}(?:\s+(?:tai|o|taji))?\s*:?\s+"
)
"""How somebody lives somewhere, and with whom, in plain letters."""
_OWN = re.compile(
    r"(?P<self>[bcemt](?<!\w.)(?:(?<=b)en (?:toi|em)|(?<=c)(?:hung toi|hung em|hau|on)|(?<=t)(?:oi6?|ooi|ui)|"
    r"(?<=e)m?|(?<=m)inh))(?:(?=:)|\s+)(?:(?:hien|dang|nay|hien\s+tai|thuong|von)\s+)*"
    rf"(?:{LIVES}|:?\s*(?=(?:so|sn)\s+(?:nha\s+)?\d|\d+[a-z]?/?\d*\s+[a-z]))"
)
"""Who says where he lives; begins with all letters that a word for oneself may begin with, for speed."""
_HOUSE = re.compile(
    rf"(?<!\w)(?:nha|cho\s+o|noi\s+o)\s+(?:cua\s+)?(?:rieng\s+)?(?P<self>{SELF})\s*:?\s*(?=(?:{PLACE}\s+\w|\d))"
)
"""A house with nothing between it and its address."""
_NOW = re.compile(
    rf"(?<!\w)(?P<self>{SELF})\s[^.;:!?\n]{{3,160}}?[,\s]\s*(?:ma\s+)?"
    rf"(?:(?:hien|nay|dang|hien\s+nay|hien\s+tai|sau)\s+)+(?:ra\s+|vao\s+)?(?:chuyen\s+(?:ve|den|sang)\s+(?={PLACE})|{LIVES})"
)
"""Who tells of himself before he says where he lives now."""
_TOGETHER = re.compile(
    r"(?<!\w)(?:chung\s+(?:toi|em)|toi|em)\s+(?:gom|la|co|thay\s+mat|dai\s+dien)\s+(?:[^.,;:\n]{0,40}?\s)?"
    r"(?:ho\s+dan|ba\s+con|nguoi\s+dan|nhan\s+dan|cu\s+dan|cac\s+ho|ho\s+gia\s+dinh|gia\s+dinh|tieu\s+thuong|ngu\s+dan|nong\s+dan)\s+"
    r"(?:[^.,;:\n]{0,30}?\s)?(?:(?:o|tai|thuoc|cua)\s+)?(?=(?:thon|xom|to|khu|ngo|cum|phuong|xa|duong|pho|chung\s+cu)\s)"
)
"""Who writes for many: their place is where an answer reaches them."""
_SEAT = re.compile(
    r"(?<!\w)(?:chung\s+toi|chung\s+em|cong\s+ty\s+(?:toi|em))\b[^.;:\n]{0,80}?"
    r"\btru\s+so(?:\s+chinh)?(?:\s+dat)?\s+(?:tai|o)\s+"
)
_BODY = re.compile(
    rf"(?<!\w)(?:{SELF}\s+(?:co\s+)?(?:dat|dong)(?:\s+(?:nha\s+xuong|nha\s+may|tru\s+so|van\s+phong))?|"
    r"tru\s+so|van\s+phong(?:\s+hoi)?(?:\s+dat)?|nha\s+(?:may|truong|xuong))\s+(?:dat\s+)?(?:tai|o)\s+"
)
"""Where a body that asks has its seat; of somebody else's factory people write as well."""
_ABOUT = re.compile(r"(?<!\w)(?:phan anh|kien nghi|hoi|thay|to cao|khieu nai|ve|nghe|cua|bi)(?!\w)")
"""Behind these words the matter is told, whose place is nobody's home."""
_ADDRESS = re.compile(rf"dia(?<!\wdia)\s+chi\s+(?:cua\s+)?(?:{SELF}\s+)?(?:la|o|tai)?\s*:?\s*")
SIGNS = re.compile(r"[.,;:!?\n()–—…]|\s-\s")
"""Between the clauses of a sentence."""


def clause_of(before: str) -> str:
    """What stands in the same clause, of plain text that ends here."""
    return SIGNS.split(before)[-1].strip()


def own_home(text: str, bare: str, body: bool, source: Source) -> str:
    """The writer's home, or the seat of the ``body`` that asks, wherever the text states it; "" for none.

    ``bare`` is the plain text.
    """
    runs = (run_at(text, at, source) for at in _starts(text, bare, body, load_words(source)))
    return next((run for run in runs if run and enough(run, source)), "")


def _starts(text: str, bare: str, body: bool, words: Words) -> Iterator[int]:
    """Where an address of the writer's own begins, the surest first."""
    for pattern in (_OWN, _HOUSE, _NOW):
        yield from (hit.end() for hit in pattern.finditer(bare) if _is_own(text, bare, hit, words))
    cues = (pattern.search(bare) for pattern in (_ADDRESS, _TOGETHER, _SEAT, *([_BODY] if body else ())))
    yield from (cue.end() for cue in cues if cue)


def _is_own(text: str, bare: str, hit: re.Match[str], words: Words) -> bool:
    """Whether it is the writer who lives there, and nobody else is named before the place."""
    spoken = " ".join(text[hit.start("self") : hit.end("self")].lower().split())
    if spoken not in words.sets["sentences", "spoken_self"]:
        return False
    between = text[hit.end("self") : hit.end()]
    if another_at(between, words) < len(between) or _ABOUT.search(bare, hit.end("self"), hit.end()):
        return False
    return not words.others.search(clause_of(bare[max(0, hit.start() - 60) : hit.start()]))
