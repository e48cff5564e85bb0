"""What a unit is to change in its answer, in an officer's words: "bảo họ viết lại, bỏ tên cán bộ nhé em"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rules.commands.mood import Words, found_in, length_at, said_in

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_CLAUSE = re.compile(r"[,;]\s+|\s[-–]\s")
MOST_WORDS = 30
"""Words of a reason that is told in place of a wish."""


@dataclass(frozen=True, slots=True)
class Rewriting:
    """Words about what is wrong with a unit's answer."""

    again: tuple[Words, ...]
    """That it is to be written again, …"""
    returned: tuple[Words, ...]
    """… in words that can mean nothing but a text, behind which nothing is forwarded."""
    leads: tuple[Words, ...]
    """Words before a wish that do not belong to it, …"""
    bids: tuple[Words, ...]
    """… and those with which a wish needs no word for writing again."""
    wishes: tuple[Words, ...]
    """How a wish begins."""
    faults: tuple[Words, ...]
    """Words of a reason why."""
    closes: tuple[Words, ...]
    """Particles and remarks for the colleague, with which a wish ends."""
    talk: tuple[Words, ...]
    """Words with which a sentence is for the colleague."""


def wish_for_the_unit(text: str, words: Rewriting) -> str:
    """Behind a colon, behind the word for writing again, else the reason; "" when the mail tells nothing of it."""
    sentences = [one.strip() for one in _SENTENCE.split(text) if one.strip()]
    for number, one in enumerate(sentences):
        behind = sentences[number + 1 :]
        if found := _behind_a_colon(one, behind, words) or _behind_the_order(one, behind, words):
            return found
    bidden = next((found for one in sentences if (found := _bidden(one, words))), "")
    return bidden or next((one.rstrip(" .") for one in sentences if _is_reason(one, words)), "")


def _behind_a_colon(sentence: str, behind: Sequence[str], words: Rewriting) -> str:
    """The words behind "viết lại: …", with the sentences behind that wish more."""
    ahead, sign, wish = sentence.partition(": ")
    if not sign or not found_in(ahead, words.again):
        return ""
    more: list[str] = []
    for one in behind:
        if not length_at(said_in(one), 0, words.wishes) or found_in(one, words.talk):
            break
        more.append(one)
    return " ".join((_ended(wish, words), *more)).strip()


def _behind_the_order(sentence: str, behind: Sequence[str], words: Rewriting) -> str:
    clauses = _CLAUSE.split(sentence)
    ordered = next((at for at, one in enumerate(clauses) if _order_ends(one, words)), None)
    if ordered is None:
        return ""
    own = clauses[ordered][_order_ends(clauses[ordered], words) :].strip(" .:")
    more = [clause for one in behind[:1] if not found_in(one, words.talk) for clause in _CLAUSE.split(one)]
    return ", ".join(_wishes((own, *clauses[ordered + 1 :], *more), words))


def _bidden(sentence: str, words: Rewriting) -> str:
    """ "Chuyển lại Sở bảo họ nêu rõ căn cứ": a wish behind who shall fulfil it."""
    said = said_in(sentence)
    for at in range(1, len(said.words)):
        led = any(said.begins(at - len(one), one) for one in words.bids)
        if led and length_at(said, at, words.wishes):
            return ", ".join(_wishes(_CLAUSE.split(sentence[said.places[at][0] :]), words))
    return ""


def _order_ends(clause: str, words: Rewriting) -> int:
    """Where the last word for writing again ends; 0 without one."""
    said = said_in(clause)
    ends = [at + length for at in range(len(said.words)) if (length := length_at(said, at, words.again))]
    return said.places[ends[-1] - 1][1] if ends else 0


def _wishes(clauses: Sequence[str], words: Rewriting) -> Iterator[str]:
    """The clauses that say what is to be changed, without "yêu cầu", "bảo họ" and remarks."""
    for one in clauses:
        said = said_in(one)
        at = 0
        while length := length_at(said, at, words.leads):
            at += length
        if at < len(said.words) and length_at(said, at, words.wishes):
            yield _ended(one[said.places[at][0] :], words)


def _ended(wish: str, words: Rewriting) -> str:
    """The wish up to a particle or remark for the colleague."""
    said = said_in(wish)
    ends = next((at for at in range(1, len(said.words)) if length_at(said, at, words.closes)), len(said.words))
    whole = wish if ends == len(said.words) else wish[: said.places[ends][0]]
    return whole.strip(" .,;")


def _is_reason(sentence: str, words: Rewriting) -> bool:
    """Whether a sentence tells what is wrong, and is nothing that only a colleague may read."""
    short = len(sentence.split()) <= MOST_WORDS
    return short and found_in(sentence, words.faults) and not found_in(sentence, (*words.talk, *words.again))
