"""What a rejection says: the clause that it names, and its reason."""

from __future__ import annotations

import re
from dataclasses import replace

from rules.commands.command import Command
from rules.commands.vocabulary import GAP, CommandWords, first_word, plain_words, starts

UNCLEAR = "?"
"""The clause of a rejection that names one which is none."""
_NO_SUCH_CLAUSE = re.compile(
    r"^(?:theo\s+)?(?:điểm|diem|mục|muc|khoản|khoan)\s|^[^\W\d_]{1,2}\s+(?:vì|vi|do|bởi|boi)\b|^[hk](?:vì|vi)\b", re.I
)


def rejected(command: Command, after: str, words: CommandWords) -> Command:
    """The rejection with its clause ("" where none is meant, ``UNCLEAR`` for one that is none) and its reason."""
    clause, rest = "", _behind_what_is_rejected(after, words)
    for form, name in words.clauses:
        if end := starts(rest, form):
            clause, rest = name, GAP.sub("", rest[end:])
            break
    if not clause and _NO_SUCH_CLAUSE.match(rest):
        return replace(command, clause=UNCLEAR, text=rest)
    for because in words.because:
        if end := starts(rest, because):
            rest = GAP.sub("", rest[end:])
            break
    if not clause:
        said = " ".join(plain_words(rest))
        clause = next((name for form, name in words.by_reason if form in said), "")
    return replace(command, clause=clause, text=rest)


def _behind_what_is_rejected(after: str, words: CommandWords) -> str:
    """What follows "câu này nhé em," behind the words of a rejection; all of it where no clause does."""
    rest = after
    while (first := first_word(rest)) in words.rejected:
        rest = GAP.sub("", rest[starts(rest, (first,)) :])
    return rest if any(starts(rest, form) for form, _ in words.clauses if len(form) > 1) else after
