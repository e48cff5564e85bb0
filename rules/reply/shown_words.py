"""The words by which a line of an answer is known to be form: ``shown.toml``, as patterns.

All are for keys (:func:`rules.message.quote_markers.key`), with and without diacritics, unless they say otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules.text.patterns import either
from rules.values.data_file import SOURCES_KEPT, Source

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
