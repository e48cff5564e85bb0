"""The sentences of an officer's own text that may say what is to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rules.commands.command_line import Reader
from rules.commands.plain.words import CLAUSE
from rules.commands.vocabulary import plain_words
from rules.values.register_number import number_places

_SENTENCE = re.compile(r"(?<=[.!?…;])\s+|\n+")
_LEAD = re.compile(r"(?:(?:ở|với|của)\s+)?(?:(?:câu hỏi|câu|mã|số|cau hoi|cau|so)\s*)*[\[(]?$", re.IGNORECASE)
_THANKS = re.compile("cam on|thanks")
MOST_SENTENCES, MOST_WORDS = 14, 160
"""What is longer than this is read by a person."""
LONGEST_GREETING = 12
"""A greeting before a command has at most this many words ("Chào em, chuyển Sở Y tế nhé")."""


def without_codes(text: str, prefix: str) -> tuple[set[str], str]:
    """The register numbers, and the text without them and without "câu hỏi số" before them."""
    places = number_places(text, prefix)
    for _, start, end in reversed(places):
        ahead = _LEAD.sub("", text[:start])
        text = f"{ahead.rstrip()} {text[end:].lstrip(' ])')}"
    return {code for code, _, _ in places}, text


def sentences_in(text: str, reader: Reader) -> list[str]:
    """The sentences of a mail that say something."""
    return [one for one in _sentences(text, reader) if plain_words(one)]


def _sentences(text: str, reader: Reader) -> Iterator[str]:
    """The sentences before the closing, without greetings and lines that a telephone adds below a mail."""
    words = reader.words
    for sentence in _SENTENCE.split(text):
        said = f"{' '.join(plain_words(sentence))} "
        if closing := next((one for one in words.closings if said.startswith(f"{one} ")), ""):
            if _THANKS.search(closing) is None and len(said.split()) <= LONGEST_GREETING:
                return
            continue  # more may follow after "cảm ơn em."
        greeted = any(said.startswith(f"{one} ") for one in words.greetings)
        parts = CLAUSE.split(sentence, maxsplit=1)
        if not greeted:
            yield sentence
        elif len(parts) > 1 and len(parts[0].split()) <= LONGEST_GREETING:
            yield parts[1]
