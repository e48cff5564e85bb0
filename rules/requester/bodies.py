"""The body that asks in a sentence, or for which its writer speaks: "Công ty TNHH Đông Á chúng tôi …"."""

from __future__ import annotations

import re
from itertools import islice

from rules.requester.contact_data import enough, run_at, sentence_ends
from rules.requester.names import LONGEST_ORGANISATION, addressed, asks_at, organisation
from rules.requester.own_data import SELF
from rules.requester.unlabelled import Fields
from rules.requester.vocabulary import load_words, plain
from rules.values.data_file import Source

MOST_SENTENCES = 8
"""Within this many sentences a body says that it asks, and within so many of their own people name themselves."""
_SPEAKING = re.compile(r"(?:Thay mặt|Đại diện)(?: cho)? [^,.;:\n]{5,120}(?=,)")
"""For whom a writer speaks, up to the comma behind it."""
_IS = re.compile(rf"(?<!\w){SELF}\s+(?:(?:von|dang|hien)\s+)?la\s+(?:mot\s+)?")
_OURS = re.compile(r"\s+chúng (?:tôi|em)(?!\s+(?:xin|kính|muốn|đề nghị|cần))")
"""Whose body it is, without a word of asking behind."""
_SPEAKS_FOR = re.compile(
    r"[\s,;-]*(?:la\s+)?(?:nguoi\s+)?(?:dai\s+dien(?:\s+(?:theo\s+)?phap\s+luat)?|thay\s+mat|giam\s+doc|pho\s+giam\s+doc|"
    r"chu\s+tich|chu\s+nhiem|truong\s+ban|chu\s+doanh\s+nghiep)(?:\s+(?:cho|cua))?\s+"
)


def asking_body(text: str, bare: str, source: Source) -> Fields:
    """The organisation that asks: "Phòng khám An Tâm xin hỏi …", "Công ty TNHH Đông Á chúng tôi …"; none for "… chúng
    tôi" where the writer only works there. ``bare`` is the plain text."""
    words = load_words(source)
    employees = words.phrases["sentences", "employees"]
    works = any(employees.match(bare, one.end()) for one in _IS.finditer(bare))
    lines = (one.end() for one in re.finditer("\n", text))
    starts = (0, *islice(lines, MOST_SENTENCES), *islice(sentence_ends(text), MOST_SENTENCES))
    pieces = (text[at : at + LONGEST_ORGANISATION].partition("\n")[0].lstrip() for at in starts)
    cuts = ((piece, asks_at(piece, words) or _end(_SPEAKING.match(piece))) for piece in pieces)
    asking = (piece[:at] for piece, at in cuts if at and not (works and _OURS.match(piece, at)))
    found = (organisation(one, source) for one in asking)
    own = (one for one in found if one and not addressed(one, source) and not any(map(str.isdigit, one)))
    return Fields(organisation=next(own, ""))


def _end(found: re.Match[str] | None) -> int:
    return found.end() if found else 0


def organisation_at(stretch: str, source: Source) -> str:
    whole = re.match(r"[^,;\n(]{3,120}?\((?P<inside>[^()\n]{3,60})\)|[^,;\n(]{3,120}", stretch)
    if whole and whole["inside"] and enough(run_at(whole["inside"], 0, source), source):
        return organisation(whole.group().partition("(")[0], source)
    return organisation(whole.group()[0].upper() + whole.group()[1:], source) if whole else ""


def spoken_for(ahead: str, source: Source) -> str:
    """The organisation that the writer says he represents: "…, đại diện Công ty TNHH Đông Á, …"."""
    lead = _SPEAKS_FOR.match(plain(ahead))
    return organisation_at(ahead[lead.end() :], source) if lead and lead.end() < len(ahead) else ""
