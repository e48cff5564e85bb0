"""What a leader says of a paper put up for approval: approved, with a wish or without, or not clear.

An approval is one by every word of it: a word that is not known makes the sentence no approval, and a reservation
anywhere takes it back. Wishes beside it ("Lưu ý mời báo chí") are passed on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rules.commands.mood import Said, Words, asks, phrases, said_in
from rules.commands.vocabulary import load_command_words, plain_words
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import SOURCES_KEPT, Source

_SENTENCE = re.compile(r"[.!;\n]+")
_CLAUSE = re.compile(r"[.!;,\n]+|\bvà\b|\brồi\b", re.IGNORECASE)
_ISSUE = re.compile(r"\bsố:?\s*\d{1,5}(?:/[\w-]+)?(?!\S)|\bso:?\s*\d{1,5}(?:/[\w-]+)?(?!\S)", re.IGNORECASE)
_NAME = re.compile(r"^(?:[A-ZĐÀ-Ỹ][^\W\d_]*\.?\s*){2,6}$|@|\d{3}[ .]?\d{3}")
_WAIT = ("chờ",)
LONGEST = 600
"""Letters of an answer in which an approval is looked for."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """An approval; ``wish`` is what is said beside it."""

    wish: str = ""


@dataclass(frozen=True, slots=True)
class OpinionWords:
    """The section [opinion] of ``commands.toml``."""

    approves: tuple[tuple[str, ...], ...]
    beside: tuple[tuple[str, ...], ...]
    wishes: tuple[Words, ...]
    never: tuple[Words, ...]
    titles: tuple[tuple[str, ...], ...]
    unopposed: tuple[Words, ...]
    """"Không có ý kiến gì thêm": no reservation, and no approval by itself."""
    then: tuple[Words, ...]
    """What behind it makes it a condition."""
    again: tuple[Words, ...]
    """How a clause begins that wants the paper done again."""
    who: tuple[Words, ...]
    """Who is to do it, and other words before it."""
    spares: tuple[Words, ...]
    """What anywhere in the text makes it no such order."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_opinion_words(source: Source = DEFAULT) -> OpinionWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("commands.toml")["opinion"]
    approves, beside, titles = (_plain(data[name]) for name in ("approves", "beside", "titles"))
    wishes, never, unopposed, then = (phrases(data[name]) for name in ("wishes", "never", "unopposed", "then"))
    again, who, spares = (phrases(data[name]) for name in ("again", "who", "spares"))
    return OpinionWords(approves, beside, wishes, never, titles, unopposed, then, again, who, spares)


def _plain(said: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted({plain_words(one) for one in said}, key=lambda one: (-len(one), one)))


def approval_in(text: str, source: Source = DEFAULT) -> Opinion | None:
    """The approval that a text gives, None when it gives none or any doubt remains."""
    words, mood = load_opinion_words(source), load_command_words(source).mood
    body = _above_the_closing(text, source)
    if len(body) > LONGEST or "?" in body or asks(body, mood):
        return None
    body = _without_unopposed(body, words)
    if _never(body, words):
        return None
    sentences = [part for one in _SENTENCE.split(_ISSUE.sub(" ", body)) for part in _parts(one, words)]
    given = next((at for at, one in enumerate(sentences) if not _covered(one, words, approves=False)), len(sentences))
    if not any(_covered(one, words, approves=True) for one in sentences[:given]):
        return None
    rest = [one for one in sentences[given:] if not _covered(one, words, approves=False)]
    wishes = [one for one in rest if _is_wish(one, words)]
    if any(one not in wishes and not _is_signature(one, words) for one in rest):
        return None
    return Opinion(". ".join(wishes))


def _parts(sentence: str, words: OpinionWords) -> list[str]:
    """The clauses of a sentence; a wish goes on to its end."""
    kept: list[str] = []
    for clause in sentence.split(","):
        if kept and _is_wish(kept[-1], words):
            kept[-1] += f",{clause}"
        elif plain_words(clause):
            kept.append(clause.strip())
    return kept


def _is_wish(clause: str, words: OpinionWords) -> bool:
    return any(said_in(clause).begins(0, each) for each in words.wishes)


def sent_back(text: str, source: Source = DEFAULT) -> bool:
    """Whether a leader wants a paper done again ("… viết lại phần kinh phí và trình lại tôi xem").

    Only an order to do it again counts, at the beginning of a clause or behind who is to do it, in a text that sets
    no condition and asks nothing. A paper sent back wrongly comes again; so less is asked than of an approval.
    """
    words, mood = load_opinion_words(source), load_command_words(source).mood
    body = _above_the_closing(text, source)
    if len(body) > LONGEST or "?" in body or asks(body, mood) or _holds(body, words.spares):
        return False
    return any(_orders_again(said_in(one), words) for one in _CLAUSE.split(body))


def _orders_again(said: Said, words: OpinionWords) -> bool:
    at = 0
    while at < len(said.words):
        if any(said.begins(at, one) for one in words.again):
            return True
        ahead = next((len(one) for one in words.who if said.begins(at, one)), 0)
        if not ahead:
            return False
        at += ahead
    return False


def _holds(text: str, wanted: Sequence[Words]) -> bool:
    said = said_in(text)
    return any(said.begins(at, one) for at in range(len(said.words)) for one in wanted)


def _never(body: str, words: OpinionWords) -> bool:
    """A reservation anywhere. "Chờ" without its mark looks like "cho"; what follows it is no known word then."""
    said = said_in(body)
    places = range(len(said.words))
    return any(said.begins(at, one, strict=one == _WAIT) for at in places for one in words.never)


def _without_unopposed(text: str, words: OpinionWords) -> str:
    """Blanks in the place of "không có ý kiến gì", unless "thì" behind it makes it a condition."""
    said = said_in(text)
    for at, place in enumerate(said.places):
        found = next((one for one in words.unopposed if said.begins(at, one)), ())
        behind = at + len(found)
        if found and not any(said.begins(behind, one) for one in words.then):
            end = said.places[behind - 1][1]
            text = f"{text[: place[0]]}{' ' * (end - place[0])}{text[end:]}"
    return text


def _above_the_closing(text: str, source: Source) -> str:
    """The lines without greetings, up to the closing."""
    words = load_command_words(source)
    kept: list[str] = []
    for line in text.strip().splitlines():
        plain = f"{' '.join(plain_words(line))} "
        if any(plain.startswith(f"{one} ") for one in words.closings) and kept:
            break
        if not any(plain.startswith(f"{one} ") for one in words.greetings):
            kept.append(line)
    return "\n".join(kept)


def _covered(sentence: str, words: OpinionWords, *, approves: bool) -> bool:
    """True when nothing but known words stand there, an approving one among them where ``approves``."""
    said, at, found = plain_words(sentence), 0, False
    while at < len(said):
        hit = next((one for one in words.approves if said[at : at + len(one)] == one), None)
        other = next((one for one in words.beside if said[at : at + len(one)] == one), None)
        if hit is None and other is None:
            return False
        found = found or hit is not None
        at += max(len(hit or ()), len(other or ()))
    return found or not approves


def _is_signature(line: str, words: OpinionWords) -> bool:
    return bool(_NAME.search(line)) or any(plain_words(line)[: len(one)] == one for one in words.titles)
