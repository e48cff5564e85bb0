"""What a forward says: the unit that leads, the units that support it, and what is meant for them to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rules.commands.mood import begins_clause
from rules.commands.vocabulary import GAP, CommandWords, plain_words
from rules.reply.unit_names import Mention, UnitNames
from rules.text import squash

_CLOSING = re.compile(r"^[\s,;:.)\]–—-]+|[\s,;:(\[–—-]+$")


def forwarded(after: str, names: UnitNames, words: CommandWords, on: date | None) -> tuple[str, tuple[str, ...], str]:
    """The lead's code ("" when no unit was understood), the supporting units' codes, and the remark.

    A unit that is not joined to the ones before it ("…, Sở Y tế đã có ý kiến") is only spoken of in the remark.
    """
    line = " ".join(after.split())
    squashed = squash(line)
    if len(squashed) != len(line):
        line = squashed
    mentions = names.find(squashed, bare=False) or names.find(squashed, bare=True)
    known = [(one, code) for one in mentions if (code := names.resolve(one.codes, on))]
    if not known:
        return "", (), ""
    joined = _joined(squashed, known, words)
    if len(joined) > 1 and begins_clause(line[joined[-1][0].end :], words.mood):
        joined = joined[:-1]
    codes = tuple(dict.fromkeys(code for _, code in joined))
    return codes[0], codes[1:], _remark(line[joined[-1][0].end :], words)


def _joined(text: str, known: Sequence[tuple[Mention, str]], words: CommandWords) -> list[tuple[Mention, str]]:
    """The units up to the first that words of another kind lead to."""
    kept = [known[0]]
    for one in known[1:]:
        if not set(plain_words(text[kept[-1][0].end : one[0].start])) <= words.joins:
            break
        kept.append(one)
    return kept


def _remark(rest: str, words: CommandWords) -> str:
    """What is left behind the units, without what is mere courtesy; "" when that is all."""
    said = GAP.sub("", _CLOSING.sub("", rest))
    return "" if set(plain_words(said)) <= words.courtesies else said.strip()
