"""Words about one unit and nothing else: that it is not meant, before the order for another; that it is to answer;
or that it takes the place of the one ordered before, as a day does ("à nhầm, SYT", "à không, 16/11").
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from rules.commands.command import Command, numbers_of
from rules.commands.command_line import Reader
from rules.commands.mood import CLASH, DOUBT, Statement, asks, found_in, is_done, length_at, said_in
from rules.commands.plain.words import SENTENCE, behind_all
from rules.reply.unit_names import mentions_in
from rules.text import squash
from rules.text.dates import dates_in

_INSTEAD = re.compile(r"(?:\s*[,;:.–]\s+|\s+-\s+|\s+(?=m[àa]\s))(?:m[àa]\s+)?", re.IGNORECASE)
"""Between a unit that is not meant and the order for another."""
_FIGURES = re.compile(r"[\d/.-]+")
REVIEW = "review"
"""The mail that is answered asks what becomes of a question."""


def _around(clause: str, reader: Reader) -> tuple[frozenset[str], Statement, Statement]:
    """The codes of the only unit that a clause names, and the words before and behind it; no codes for others."""
    mentions, text = mentions_in(clause, reader.names), squash(clause)
    if len(mentions) != 1:
        return frozenset(), said_in(""), said_in("")
    one = mentions[0]
    return frozenset(one.codes), said_in(text[: one.start]), said_in(text[one.end :])


def behind_denied_unit(line: str, reader: Reader) -> tuple[str, str, str]:
    """ "HP-… không chuyển SYT mà chuyển SXD": the number, the words that say of one unit only that it is not meant,
    and those behind them; ("", "", "") for another line."""
    codes, said = numbers_of(line, reader.words.prefix)
    ahead, *rest = _INSTEAD.split(said, maxsplit=1)
    unit, before, behind = _around(ahead if rest else "", reader)
    words = reader.plain.unit
    led = range(behind_all(before, 0, words.owns) + 1)
    at = next((at for at in led if length_at(before, at, words.denies)), len(before.words))
    close = behind_all(before, at + length_at(before, at, words.denies), (*words.between, *words.owns))
    only = at < close == len(before.words) and behind_all(behind, 0, words.not_it) == len(behind.words)
    return (", ".join(codes), ahead, rest[0]) if unit and only else ("", "", "")


def without_units(text: str, reader: Reader) -> str:
    """The squashed text with the units' names blank, whose words may be others without diacritics ("dung", "so")."""
    left = squash(text)
    for mention in reader.names.find(left, bare=True):
        left = f"{left[: mention.start]}{' ' * (mention.end - mention.start)}{left[mention.end :]}"
    return left


def mood_of_units(clause: str, codes: Collection[str], reader: Reader) -> str:
    """What a clause says of one of these units: that it does not get the question ("k gửi Sở XD nữa"), or that this
    would be wrong ("chuyển SXD là sai"); "" for neither."""
    words, text = reader.plain.unit, without_units(clause, reader)
    for mention in mentions_in(clause, reader.names):
        if not {*codes} & {*mention.codes}:
            continue
        ahead, behind = said_in(text[: mention.start]), said_in(text[mention.end :])
        starts = [at for at in range(len(ahead.words)) if length_at(ahead, at, words.denies) > 1]
        led = (behind_all(ahead, at + length_at(ahead, at, words.denies), words.between) for at in starts)
        if len(ahead.words) in led:
            return CLASH
        if length_at(behind, 0, words.wrong):
            return DOUBT
    return ""


def orders_another(rest: str, denied: str, reader: Reader) -> bool:
    """Whether the words behind a denied unit are a forward to others, and nothing else."""
    unit, *_ = _around(denied, reader)
    orders = reader.commands(rest)
    to_others = [
        one for one in orders if one.verb == "forward" and one.unit and not {one.unit, *one.supporting} & unit
    ]
    return len(orders) == len(to_others) > 0


def hands_over(sentences: Sequence[str], reader: Reader) -> bool:
    """ "Cho Sở Xây dựng xử lý nhé", "nhờ SXD xem giúp": an answer that says only which unit is to do it."""
    unit, ahead, behind = _around(sentences[0] if len(sentences) == 1 else "", reader)
    words = reader.plain.unit
    asked = unit and (is_done(sentences[0], reader.words.mood) or found_in(sentences[0], reader.plain.asking))
    if not unit or reader.case != REVIEW or asked:
        return False
    verb, does = length_at(ahead, 0, words.moves), (*words.handles, *words.does)
    only = behind_all(ahead, verb, words.between) == len(ahead.words)
    does_it = any(length_at(behind, at, does) for at in range(len(behind.words)))
    return bool(verb and only and does_it) and behind_all(behind, 0, (*does, *words.polite)) == len(behind.words)


def in_its_place(stopped: Sequence[Command], rest: str, reader: Reader) -> str:
    """ "Cho sang SXD... à nhầm, STC. …": the order with the unit or day that is meant instead, or ""."""
    last = stopped[-1] if stopped else None
    if last is None or len({one.raw for one in stopped}) > 1 or not last.text or not last.raw.endswith(last.text):
        return ""
    line, said = f"{last.raw.removesuffix(last.text)}{rest}", SENTENCE.split(rest, maxsplit=1)[0]
    mood = reader.words.mood
    if is_done(said, mood) or asks(said, mood) or found_in(said, reader.plain.asking) or reader.commands(rest):
        return ""
    verbs = {one.verb for one in reader.commands(line) if one.unit or one.until}
    is_object = {"forward": _is_unit, "extend": _is_day}.get(last.verb)
    return line if is_object and verbs == {last.verb} and is_object(said, rest, reader) else ""


def _is_unit(said: str, rest: str, reader: Reader) -> bool:
    """Whether the first sentence is a unit and courtesies, and no other is named behind it."""
    unit, before, behind = _around(said, reader)
    alone = unit and not before.words and len(mentions_in(rest, reader.names)) == 1
    return bool(alone) and behind_all(behind, 0, reader.plain.unit.polite) == len(behind.words)


def _is_day(said: str, rest: str, reader: Reader) -> bool:
    words, beside = said_in(_FIGURES.sub(" ", said)), (*reader.plain.extend.of_a_day, *reader.plain.unit.polite)
    one = len(dates_in(said, reader.on)) == len(dates_in(rest, reader.on)) == 1
    return one and behind_all(words, 0, beside) == len(words.words)
