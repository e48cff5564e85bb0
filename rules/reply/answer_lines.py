"""The lines of an answer, which of them stand below its end, and the words by which a line is known to be form.

An answer ends below the first line of thanks behind its last prose; without one, above its last short lines, unless a
colon leads to them. The words are those of ``shown.toml``, as patterns for keys
(:func:`rules.message.quote_markers.key`), with and without diacritics, unless they say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules.message.quote_markers import PROSE_WORDS, is_phone_line, is_said, key, load_markers
from rules.reply.addressee import load_name_words
from rules.reply.details import load_titles
from rules.reply.patterns import load_line_patterns
from rules.text.patterns import either
from rules.values.data_file import SOURCES_KEPT, Source

LEAST_ABOVE = 5
"""So many words stand above the end of a letter, beside who is greeted."""
SHORT, LONG = 14, 30
"""A line below it has at most so many words, or with an address fewer than so many."""
CLOSING_WORDS = 12
"""A line of thanks has at most so many words."""
WORD = re.compile(r"[^\W\d_]+|\d+")
_ITEM = re.compile(r"^\s*(?:[-+•*]\s*\w|\d{1,2}[.)/]\s|[a-hđ][.)]\s)")
_MOBILE = r"(?<![\w.,])\(?(?:\+?84|0)[ .()-]{0,3}(?:0[ .()-]{0,2})?[35789](?:[ .()-]{0,2}\d){8}(?!\d)"
_DAY = r"\s*[\d.…]{0,3}\s*"


@dataclass(frozen=True, slots=True)
class ShownWords:
    """What is form in an answer: above it, below it, and said to the Board."""

    head: Mapping[str, re.Pattern[str]]
    """Lines of a document's head by their kind."""
    bodies: re.Pattern[str]
    """The first words of the name of a body."""
    copies: tuple[re.Pattern[str], re.Pattern[str]]
    """The line above those who get copies of a document, and what stands among them."""
    closing: re.Pattern[str]
    greets: re.Pattern[str]
    asked: re.Pattern[str]
    """The line above a question; and above an answer:"""
    replied: re.Pattern[str]
    footer: re.Pattern[str]
    """What a program or an office prints below every mail."""
    notice: tuple[re.Pattern[str], re.Pattern[str]]
    """That a line speaks of the mail, and of what is forbidden with it."""
    clerk: re.Pattern[str]
    """A line that says who typed the answer."""
    slogan: re.Pattern[str]
    no_slogan: re.Pattern[str]
    """What a motto speaks of, and what none does."""
    mobile: re.Pattern[str]
    """A mobile number in a line as it stands, with what parts it from the rest; group 1 is its label."""
    label: re.Pattern[str]
    calls: re.Pattern[str]
    private: re.Pattern[str]
    """That a number is there to be called, unless it is said to be somebody's own."""
    before_names: frozenset[str]
    """Words before a name that is a place's, or of somebody whom the answer names."""
    selves: frozenset[str]
    """How a clerk speaks of himself."""
    handed: tuple[re.Pattern[str], re.Pattern[str]]
    """That a sentence hands something to the Board or asks it to post it; and what."""
    more: re.Pattern[str]
    """That it may ask for more than that."""
    posts: re.Pattern[str]
    """That it asks somebody to post the answer; a clerk's own voice:"""
    speaks: re.Pattern[str]
    board: re.Pattern[str]
    help: re.Pattern[str]
    never: frozenset[str]
    fillers: frozenset[str]
    """Without a word of ``never``, a sentence of these words to the Board only hands it something."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_shown(source: Source) -> ShownWords:
    """Compile the words. Raises ``DataFileError``."""
    said, lines = source.toml("shown.toml"), source.toml("verbs.toml")["lines"]
    of = {name: either(words) for name, words in said.items()}
    any_of = {name: re.compile(rf"(?<!\w){words}(?!\w)") for name, words in of.items()}
    first = {name: re.compile(rf"^\W*{words}(?!\w)") for name, words in of.items()}
    labels = rf"(?:(?<!\w){of['labels']}(?!\w)[\s.:/*_&,-]{{0,4}}){{0,4}}"
    return ShownWords(
        head={
            "state": re.compile(of["states"]),
            "number": re.compile(
                rf"^\W*{of['numbers']}\s*[:.]?\s*\d*\s*/\s*(?:\d{{4}}\s*/\s*)?[a-zđ][\w&.]*(?:\s?[-–]\s?[\w&]+)*"
                rf"\W*(?:$|\(|[^\d]{{2,40}},\s*{of['days']}\b)"
            ),
            "about": first["abouts"],
            "day": re.compile(
                rf"^[^,;:\d]{{2,40}},\s*{of['days']}{_DAY}(?:{of['months']}|/|-){_DAY}(?:{of['years']}|/|-)[\s\d.…]*$"
            ),
        },
        bodies=first["bodies"],
        copies=(re.compile(rf"^\W*{of['copies']}\s*:"), re.compile(rf"(?<!\w){of['copied']}")),
        closing=first["closings"],
        greets=first["greets"],
        asked=re.compile(rf"^\W*{of['asked']}(?:[^:]{{0,40}}:|\W*$)"),
        replied=first["replied"],
        footer=re.compile(rf"(?<!\w){of['footers']}"),
        notice=(any_of["mails"], any_of["forbids"]),
        clerk=re.compile(rf"^\W*{of['clerks']}\s*:"),
        slogan=any_of["slogans"],
        no_slogan=any_of["no_slogans"],
        mobile=re.compile(rf"[\s,;|/(\[–—_*-]*({labels}){_MOBILE}[)\]_*]*", re.IGNORECASE),
        label=re.compile(any_of["labels"].pattern, re.IGNORECASE),
        calls=any_of["calls"],
        private=any_of["private"],
        before_names=frozenset(said["before_names"]),
        selves=frozenset(said["selves"]),
        handed=_handed(of),
        more=re.compile(
            rf"(?<!\w)(?:{of['more']}|{of['posts']}(?:\s+{of['towards']})*\s+(?!{of['board']}){of['bodies']})(?!\w)"
        ),
        posts=any_of["posts_for"],
        speaks=any_of["speaks"],
        board=any_of["board"],
        help=re.compile(rf"(?<!\w){of['helps']}\s+{of['ours']}(?!\w)"),
        never=frozenset(said["never"]),
        fillers=frozenset([*lines["cover"].split(", "), *said["fillers"]]),
    )


def _handed(of: Mapping[str, str]) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """ "Kính chuyển BBT …", "đề nghị Ban Biên tập cho đăng", "BBT đăng giúp", "Kính chuyển …:"."""
    few = r"(?:\s+\S+){0,2}?\s+"
    given = rf"{of['hands']}{few}{of['board']}"
    asked = rf"{of['asks']}{few}{of['board']}{few}{of['posts']}"
    helped = rf"{of['board']}(?:\s+\S+)?\s+{of['posts']}\s+{of['helps']}"
    passed = rf"^\W*{of['passes']}(?=[^:]*:$)"
    return (
        re.compile(rf"(?:(?<!\w)(?:{given}|{asked}|{helped})|{passed})(?!\w)"),
        re.compile(rf"(?<!\w){of['handed']}(?!\w)"),
    )


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
        return bool(printed) or not WORD.search(text) or all(pattern.search(text) for pattern in words.notice)

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
