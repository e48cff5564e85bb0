"""What a forward says: the unit that leads, the units that support it, and what is meant for them to read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rules.commands.mood import begins_clause
from rules.commands.plain.words import CLAUSE, PlainOrderWords, is_about_oneself
from rules.commands.vocabulary import GAP, CommandWords, plain_words, starts
from rules.reply.unit_names import Mention, UnitNames
from rules.text import squash

_LEADS = (("ben",), ("nganh",), ("sang",), ("cho",), ("ve",))
_CLOSING = re.compile(r"^[\s,;:.)\]–—-]+|[\s,;:(\[–—-]+$")


def forwarded(
    after: str, names: UnitNames, words: CommandWords, plain: PlainOrderWords, on: date | None
) -> tuple[str, tuple[str, ...], str]:
    """The lead's code ("" when no unit was understood), the supporting units' codes, and the remark.

    A unit that is not joined to the ones before it ("…, Sở Y tế đã có ý kiến") is only spoken of in the remark.
    """
    line = " ".join(after.split())
    if short := _short(line, words):
        return short, (), ""
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
    return codes[0], codes[1:], _remark(line[joined[-1][0].end :], words, plain)


def _short(line: str, words: CommandWords) -> str:
    """ "Gửi xây dựng nha": a field of work directly behind the order, and nothing else but courtesies."""
    lead = next((end for one in _LEADS if (end := starts(line, one))), 0)
    for form, code in words.short_units:
        end = starts(line[lead:], form)
        if end and set(plain_words(line[lead + end :])) <= words.courtesies | words.beside_unit:
            return code
    return ""


def _joined(text: str, known: Sequence[tuple[Mention, str]], words: CommandWords) -> list[tuple[Mention, str]]:
    """The units up to the first that words of another kind lead to."""
    kept = [known[0]]
    for one in known[1:]:
        if not set(plain_words(text[kept[-1][0].end : one[0].start])) <= words.joins:
            break
        kept.append(one)
    return kept


def _remark(rest: str, words: CommandWords, plain: PlainOrderWords) -> str:
    """What is left behind the units; "" when it is mere courtesy, or tells of the writer ("chị đang họp")."""
    said = GAP.sub("", _CLOSING.sub("", rest))
    of_weight = [
        one
        for one in CLAUSE.split(said)
        if not (set(plain_words(one)) <= words.courtesies or is_about_oneself(one, plain))
    ]
    return said.strip() if of_weight else ""
