"""More time for a unit, granted in other words than a command's: "cho bên xây dựng thêm thời gian đến 27/10"."""

from __future__ import annotations

from collections.abc import Sequence

from rules.commands.command import Command, CommandMatch
from rules.commands.command_line import Reader
from rules.commands.mood import found_in, length_at, said_in
from rules.commands.plain.words import CLAUSE
from rules.commands.vocabulary import plain_words
from rules.text import squash, strip_marks


def with_news_behind(tail: str, reader: Reader) -> tuple[CommandMatch, ...]:
    """ "Gia hạn đến 26/10, sở đã xin phép rồi": a report of what others did does not make the command a report."""
    first, *more = CLAUSE.split(tail)
    others, stories = reader.plain.order.others, (*reader.words.tells, *reader.plain.order.denies)
    told = more and all(
        _is_last_time(one, reader) or (length_at(said_in(one), 0, others) and not found_in(one, stories))
        for one in more
    )
    return reader.line(first) if told else ()


def _is_last_time(clause: str, reader: Reader) -> bool:
    """ "… nhưng nói là lần này thôi đấy": no condition of the time that is granted; nothing else may be said."""
    said = said_in(clause)
    length = length_at(said, 0, reader.plain.extend.last_time)
    behind = {*plain_words(" ".join(said.words[length:]))}
    return bool(length) and behind <= reader.words.courtesies | {
        strip_marks(one) for one in reader.words.mood.particles
    }


def time_for_a_unit(tail: str, reader: Reader) -> tuple[CommandMatch, ...]:
    """ "Cho bên xây dựng thêm thời gian đến 27/10": more time for a department that is named; only with a day."""
    text = squash(tail)
    first = next(iter(reader.names.find(text, bare=False) or reader.names.find(text, bare=True)), None)
    if first is None or not any(said_in(text[: first.start]).words == one for one in reader.plain.extend.gives):
        return ()
    said = f"cho sở{text[first.end :]}"
    found = () if reader.mood(said) else reader.line(said) or with_news_behind(said, reader)
    return found if found and all(one.until for one in found[0].commands) else ()


def more_time(tail: str, before: Sequence[str], reader: Reader) -> Command | None:
    """ "Nhất trí. Hạn mới là ngày 28/10", "ok 28/10": grants more time and names a day, and nothing else."""
    words, said = reader.plain.extend, said_in(tail)
    length = length_at(said, 0, words.allows)
    if not length and any(found_in(one, words.grants) for one in before):
        length = length_at(said, 0, words.days)
    if not 0 < length < len(said.words) or found_in(tail, words.never):
        return None
    found = reader.line(f"cho đến {tail[said.places[length][0] :]}")
    one = found[0].commands[0] if len(found) == 1 else None
    return one if one is not None and one.verb == "extend" and one.until else None
