"""What a citizen wishes with a question asked before, by the words of ``wishes.toml``, without a register number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from rules.loader import Source
from rules.markers import DEFAULT
from rules.model import ParsedMail
from rules.text import squash, strip_marks
from rules.understand import Understanding

MOST_WORDS = 60
"""Words of a mail that can be nothing but a wish."""
LONGEST = 1000
"""Its characters."""
_NUMBER = re.compile(r"\d+")
_BREAK = re.compile(r"[^\w#…]+")
_GAP = r"((?: \S+){0,10}?)"


@dataclass(frozen=True, slots=True)
class WishWords:
    """What asks for a state, and what may stand beside it; what withdraws."""

    asks: re.Pattern[str]
    beside: re.Pattern[str]
    withdraws: re.Pattern[str]
    never: re.Pattern[str]
    """What shows that nothing is withdrawn after all."""


@cache
def load_wishes(source: Source = DEFAULT) -> WishWords:
    """Read ``wishes.toml``. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")
    status, withdrawal = data["status"], data["withdrawal"]
    return WishWords(*map(_one_of, (status["asks"], status["beside"], withdrawal["asks"], withdrawal["never"])))


def _one_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases, the longest first, as whole words."""
    longest = sorted({plainly(one) for one in phrases} - {""}, key=lambda one: (-len(one), one))
    ways = (re.escape(one).replace(r"\ …", _GAP) for one in longest)
    return re.compile(rf"(?<!\S)(?:{'|'.join(ways)})(?!\S)")


def plainly(text: str) -> str:
    """Small words without marks and punctuation, numbers as ``#``."""
    return " ".join(_BREAK.sub(" ", _NUMBER.sub("#", strip_marks(squash(text)))).split())


def asks_for_state(mail: ParsedMail, read: Understanding, *, threaded: bool, source: Source = DEFAULT) -> bool:
    """True for a mail that says nothing but a request for the state of a question that it does not number.

    ``threaded``: it answers a mail of ours, so that its subject and what it quotes are ours.
    """
    own = read.text.own
    if len(own) > LONGEST or len(own.split()) > MOST_WORDS or any(not one.inline for one in mail.attachments):
        return False
    if len(mail.senders) != 1 or (read.text.quoted.strip() and not threaded):
        return False
    words = load_wishes(source)
    said = plainly(own if threaded else f"{mail.subject}\n{own}")
    if not words.asks.search(said):
        return False
    for known in (read.asker.name, mail.sender.name, read.asker.address, read.asker.phone):
        said = _without(said, plainly(known))
    rest = words.asks.sub(lambda found: f" {' '.join(one or '' for one in found.groups())} ", said)
    return not words.beside.sub(" ", rest).strip()


def asks_to_withdraw(mail: ParsedMail, read: Understanding, source: Source = DEFAULT) -> bool:
    """True for a short mail of one sender that wishes a question withdrawn, or no answer any more."""
    own = read.text.own
    if len(own) > LONGEST or len(own.split()) > MOST_WORDS or len(mail.senders) != 1:
        return False
    words, said = load_wishes(source), plainly(own if own.strip() else mail.subject)
    return bool(words.withdraws.search(said)) and not words.never.search(said)


def _without(said: str, known: str) -> str:
    """The words without who asks."""
    return re.sub(rf"(?<!\S){re.escape(known)}(?!\S)", " ", said) if known else said
