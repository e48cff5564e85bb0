"""The lines of an answer, and which of them stand below its end.

An answer ends below the first line of thanks behind its last prose; without one, above its last short lines, unless a
colon leads to them.
"""

from __future__ import annotations

import re

from rules.message.quote_markers import PROSE_WORDS, is_phone_line, is_said, key, load_markers
from rules.reply.addressee import load_name_words
from rules.reply.details import load_titles
from rules.reply.patterns import load_line_patterns
from rules.reply.shown_words import load_shown
from rules.values.data_file import Source

LEAST_ABOVE = 5
"""So many words stand above the end of a letter, beside who is greeted."""
SHORT, LONG = 14, 30
"""A line below it has at most so many words, or with an address fewer than so many."""
CLOSING_WORDS = 12
"""A line of thanks has at most so many words."""
WORD = re.compile(r"[^\W\d_]+|\d+")
_ITEM = re.compile(r"^\s*(?:[-+•*]\s*\w|\d{1,2}[.)/]\s|[a-hđ][.)]\s)")


class Answer:
    """The lines of an answer and their keys; a line that is left out has none."""

    def __init__(self, text: str, source: Source) -> None:
        self.rows = text.split("\n")
        self.keys = [key(one) for one in self.rows]
        self.words, self.marks, self.lines = load_shown(source), load_markers(source), load_line_patterns(source)
        self.names, self.titles = load_name_words(source), load_titles(source)[1]
        self.gone = set[int]()

    def filled(self) -> list[int]:
        """The places of the lines that say anything."""
        return [at for at, text in enumerate(self.keys) if text]

    def put(self, at: int, row: str) -> None:
        """Put another text into a line's place; "" leaves the line out."""
        self.rows[at], self.keys[at] = row, key(row)
        if not row:
            self.gone.add(at)

    def text(self) -> str:
        """What is left, without lines of signs at its ends."""
        kept = list[str]()
        for at, row in enumerate(self.rows):
            doubled = at - 1 in self.gone and not row.strip() and not (kept and kept[-1].strip())
            if at not in self.gone and not doubled:
                kept.append(row)
        said = [at for at, row in enumerate(kept) if WORD.search(row)]
        return "\n".join(kept[said[0] : said[-1] + 1]).strip() if said else ""

    def told(self, at: int) -> int:
        """How many words a line tells."""
        return 0 if self.words.greets.match(self.keys[at]) else len(self.keys[at].split())

    def closes(self, at: int, above: int) -> bool:
        """True for a line by which a letter ends, with so many words above it."""
        text = self.keys[at]
        ends = self.words.closing.match(text) is not None and self.words.greets.match(text) is None
        return ends and above >= LEAST_ABOVE and len(text.split()) <= CLOSING_WORDS and not re.search(r"\d|:.", text)

    def is_prose(self, at: int) -> bool:
        """True for a sentence of some length, or a very long line."""
        text = self.keys[at]
        count = len(text.split())
        long = count >= LONG or (count >= PROSE_WORDS and (text[-1] in ".;:!?" or is_said(text, self.marks)))
        return long and not self.is_form(at)

    def last_prose(self) -> int:
        """The place of the last such line, -1 without one."""
        return next((at for at in reversed(self.filled()) if self.is_prose(at)), -1)

    def is_form(self, at: int) -> bool:
        """True below the end for a line of signs, of a program, or that an office prints below every mail."""
        text, words = self.keys[at], self.words
        printed = words.footer.search(text) or words.clerk.match(text) or is_phone_line(text, self.marks)
        return bool(printed) or not WORD.search(text) or all(one.search(text) for one in words.notice)

    def is_short(self, at: int) -> bool:
        """True for a line as signatures have: a few words that tell nothing, no sentence and no item of a list."""
        text = self.keys[at]
        plain = len(text.split()) <= SHORT and text[-1] not in ".;:,!?" and not _ITEM.match(self.rows[at])
        return (plain and not is_said(text, self.marks)) or self.is_form(at)

    def end(self) -> int:
        """The place below an answer: below the first closing behind its last prose; else its last short lines, if no
        colon leads to them. Behind the last line if neither is found."""
        filled, whole, above = self.filled(), len(self.rows), 0
        body = self.last_prose()
        for at in filled:
            if at > body and self.closes(at, above):
                return at + 1
            above += self.told(at)
        end = whole
        for at in reversed(filled):
            if not self.is_short(at):
                return whole if self.keys[at].endswith(":") else end
            end = at
        return whole
