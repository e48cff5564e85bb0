"""The argument of an officer's command: the units of a forward, the reason of a rejection, a field's new content."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from rules.commands.command import Command
from rules.commands.mood import begins_clause
from rules.commands.plain.words import CLAUSE, PlainOrderWords, is_about_oneself
from rules.commands.vocabulary import GAP, CommandWords, first_word, plain_words, starts
from rules.reply.unit_names import Mention, UnitNames
from rules.text import squash

_DENIED = re.compile(
    r"\s*[,;(–-]?\s*(?<!\w)(?:chứ\s+)?"
    r"(?:không phải|khong phai|ko phải|ko phai|đừng (?:chuyển|giao|gửi)|không (?:chuyển|giao|gửi))\s+(?=\S)",
    re.IGNORECASE,
)
_LEADS = (("ben",), ("nganh",), ("sang",), ("cho",), ("ve",))
_CLOSING = re.compile(r"^[\s,;:.)\]–—-]+|[\s,;:(\[–—-]+$")


def forwarded(
    after: str, names: UnitNames, words: CommandWords, plain: PlainOrderWords, on: date | None
) -> tuple[str, tuple[str, ...], str]:
    """The lead's code ("" when no unit was understood), the supporting units' codes, and the remark.

    A unit that is not joined to the ones before it ("…, Sở Y tế đã có ý kiến") only belongs to the remark.
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


def without_denied_unit(after: str, names: UnitNames, words: CommandWords) -> str:
    """The argument of a forward without a final "…, không phải SYT", which only says who does not get it."""
    for found in _DENIED.finditer(after):
        other = squash(after[found.end() :])
        mentions = names.find(other, bare=True)
        left = f"{other[: mentions[0].start]} {other[mentions[0].end :]}" if len(mentions) == 1 else other
        if after[: found.start()].strip() and mentions and set(plain_words(left)) <= words.courtesies | {"dau"}:
            return after[: found.start()]
    return after


def _short(line: str, words: CommandWords) -> str:
    """ "Gửi xây dựng nha": the unit for a field of work directly after the verb, with only courtesies beside it."""
    lead = next((end for one in _LEADS if (end := starts(line, one))), 0)
    for form, code in words.short_units:
        end = starts(line[lead:], form)
        if end and set(plain_words(line[lead + end :])) <= words.courtesies | words.beside_unit:
            return code
    return ""


def _joined(text: str, known: Sequence[tuple[Mention, str]], words: CommandWords) -> list[tuple[Mention, str]]:
    """The units, up to the first one that other words than joining ones separate from those before."""
    kept = [known[0]]
    for one in known[1:]:
        if not set(plain_words(text[kept[-1][0].end : one[0].start])) <= words.joins:
            break
        kept.append(one)
    return kept


def _remark(rest: str, words: CommandWords, plain: PlainOrderWords) -> str:
    """The words after the units; "" for courtesies only, or for words about the writer ("chị đang họp")."""
    said = GAP.sub("", _CLOSING.sub("", rest))
    of_weight = [
        one
        for one in CLAUSE.split(said)
        if not (set(plain_words(one)) <= words.courtesies or is_about_oneself(one, plain))
    ]
    return said.strip() if of_weight else ""


UNCLEAR = "?"
"""The clause of a rejection that names a clause that does not exist."""
_NO_SUCH_CLAUSE = re.compile(
    r"^(?:theo\s+)?(?:điểm|diem|mục|muc|khoản|khoan)\s|^[^\W\d_]{1,2}\s+(?:vì|vi|do|bởi|boi)\b|^[hk](?:vì|vi)\b", re.I
)


def rejected(command: Command, after: str, words: CommandWords) -> Command:
    """The rejection with its reason and clause ("" when it names none, ``UNCLEAR`` when no such clause exists)."""
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
    """The words after "câu này nhé em," behind the verb of a rejection; all words when no clause follows there."""
    rest = after
    while (first := first_word(rest)) in words.rejected:
        rest = GAP.sub("", rest[starts(rest, (first,)) :])
    return rest if any(starts(rest, form) for form, _ in words.clauses if len(form) > 1) else after


_WHOSE = re.compile(r"^(?:của\s+)?(?:người hỏi|người gửi|công dân|ông|bà|nguoi hoi|nguoi gui|cong dan)\s*:\s*", re.I)


def content_of(after: str, words: CommandWords, *, colon: bool) -> str:
    """The new content of a field, without the words "thành", "là", "của người hỏi:" before it."""
    after = _WHOSE.sub("", after)
    while not colon:
        end = next((end for one in words.connectors if (end := _led(after, one))), 0)
        if not end:
            break
        colon = after[end:].lstrip().startswith(":")
        after = GAP.sub("", after[end:])
    return after


def _led(text: str, connector: Sequence[str]) -> int:
    """Where a connector at the beginning ends; 0 if the word begins a name ("Lã", "Thành")."""
    end = starts(text, connector)
    head = text[:end]
    other = connector == ("la",) and head.lower() not in {"là", "la"}
    return end if end and not other and (head.islower() or text.isupper()) else 0
