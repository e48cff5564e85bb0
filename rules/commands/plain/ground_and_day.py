"""Reads the ground of a rejection and the day of an extension from ordinary words.

"Từ chối nhé, vụ này tòa đã xử" names no letter of the regulation, but only one clause can be meant. Of several
grounds the one told as the reason counts ("lý do đã được trả lời"); if more than one clause is left, none counts.

Several days may be named: those that are too late, denied, or only the unit's wish are not meant. A bare consent
grants the day that a unit asks for only in reply to the mail that asks whether to grant it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise

from rules.commands.command import Command
from rules.commands.command_line import Reader
from rules.commands.mood import each_in, ends_with, found_in, length_at, said_in, without
from rules.commands.plain.argument_words import Extending, Ground
from rules.commands.plain.words import CLAUSE, behind_all, place_in, thoughts_in, without_end
from rules.commands.vocabulary import plain_words
from rules.reply.unit_names import mentions_in
from rules.text import squash
from rules.text.dates import JUST_PASSED, FoundDate, dates_in, monthless_days_in
from rules.text.patterns import Words

_DAY = re.compile(r"(?<![\d/])\d{1,2}[/.]\d{1,2}(?![\d/])")
_FIGURE = re.compile(r"\d")
LONGEST_TERM = timedelta(days=183)
"""A day further off is one of last year, which was written without its year."""
GRANTING = (("gia", "hạn"), ("lùi",))
"""Words that grant more time where a clause begins with them."""
UNANSWERED = "10.1.k"
"""This clause requires a reason from the officer: it is meant only if the mail gives one."""
COMPLAINT = "1.2"


def rejection_in(sentences: Sequence[str], reader: Reader) -> Command | None:
    """With the clause that the mail names or describes, and the fixed words for it that the requester reads."""
    plain, whole = reader.plain.reject, squash(". ".join(sentences))
    if found_in(whole, plain.no_clause) or any(_forwards_too(one, reader) for one in CLAUSE.split(whole)):
        return None
    text = f" {' '.join(plain_words(whole))} "
    letters = {code for form, code in reader.words.clauses if _is_cited(form, code) and f" {' '.join(form)} " in text}
    grounds = list(dict.fromkeys(_told(whole, reader, spelt=bool(letters))))
    if letters and not grounds:
        grounds = [Ground(one, reader.plain.reasons[one], ()) for one in letters if one in reader.plain.reasons]
    if len({*letters, *(ground.clause for ground in grounds)}) > 1:
        grounds = _as_the_reason(whole, reader) if not letters else []
    if not grounds and not letters and found_in(whole, plain.complaints):
        grounds = [Ground(COMPLAINT, reader.plain.reasons[COMPLAINT], ())]
    if len({ground.clause for ground in grounds}) != 1:
        return None
    if UNANSWERED in {ground.clause for ground in grounds} and not letters and found_in(whole, plain.judges):
        return None
    first = min(grounds, key=lambda ground: _order(ground, reader))  # "tòa án … ngoài thẩm quyền": the special ground
    if first.clause == COMPLAINT:  # whose letter says itself where to turn
        return Command("reject", "", clause=first.clause, text=first.reason)
    places = [
        place_in(one, reader.plain) for one in CLAUSE.split(". ".join(sentences)) if found_in(one, plain.guides)
    ]
    if len(places) > 1 or "" in places:
        return None  # nothing of the guidance is left out
    return Command("reject", "", clause=first.clause, text=first.reason, remark="".join(places))


def _forwards_too(clause: str, reader: Reader) -> bool:
    """ "…, đồng thời chuyển Sở Xây dựng": what is given to a unit is not rejected."""
    statement = said_in(clause)
    at = length_at(statement, 0, reader.plain.reject.besides)
    tail = clause[statement.places[at][0] :] if 0 < at < len(statement.words) else ""
    return any(command.verb == "forward" for command in reader.commands(tail)) if tail else False


def _is_cited(form: Sequence[str], code: str) -> bool:
    """Whether a name of a clause is its number: "khiếu nại" describes one, and "1 2" may be anything."""
    return len(form) > 1 and (code != COMPLAINT or form[0] in {"khoan", "dieu"})


def _order(ground: Ground, reader: Reader) -> int:
    grounds = reader.plain.grounds
    return grounds.index(ground) if ground in grounds else len(grounds)


def _as_the_reason(whole: str, reader: Reader) -> list[Ground]:
    """The grounds behind "lý do", "vì": what stands before may only tell of the case."""
    statement = said_in(whole)
    for at, length in each_in(statement, reader.plain.reject.because):
        behind = whole[statement.places[at + length - 1][1] :]
        if grounds := list(dict.fromkeys(_told(behind, reader, spelt=False))):
            return grounds
    return []


def _told(text: str, reader: Reader, *, spelt: bool) -> Iterator[Ground]:
    """The grounds that the clauses tell; some only beside a clause's letter (``spelt``).

    That the mail is a complaint goes before what became of it, a special ground before "outside the city's field".
    """
    grounds = [ground for ground in reader.plain.grounds if spelt or not ground.with_letter]
    for clause in CLAUSE.split(text):
        if _is_of_others(clause, reader):
            continue
        found = [ground for ground in grounds if _affirms(clause, ground, reader)]
        yield from (
            found[:1] if found[:1] in (grounds[:1], grounds[-1:]) else [one for one in found if one != grounds[-1]]
        )


def _is_of_others(clause: str, reader: Reader) -> bool:
    """ "Phường bảo ngoài thẩm quyền": what others say; what the requester asks for is what the mail is about."""
    statement = said_in(clause)
    who = length_at(statement, 0, reader.plain.order.others)
    return bool(who) and not length_at(statement, who, reader.plain.reject.content)


def _affirms(clause: str, ground: Ground, reader: Reader) -> bool:
    """Whether the clause tells the ground, and no word before it denies it ("chưa trả lời") or gives it to a unit."""
    words = reader.plain.reject
    text = without(clause, words.idioms)
    if found_in(text, words.unsure) or (ground.clause == UNANSWERED and found_in(text, words.of_another)):
        return False
    ahead = [said_in(one) for one in _before(text, ground.says)]
    return bool(ahead) and not any(ends_with(one, words.denies) for one in ahead) and not _is_of_a_unit(text, reader)


def _is_of_a_unit(clause: str, reader: Reader) -> bool:
    """ "Sở Xây dựng đã trả lời": what stands behind a unit's name is told of the unit."""
    words = reader.plain.reject
    ends = [mention.end for mention in mentions_in(clause, reader.names)]
    return any(length_at(said_in(squash(clause)[end:]), 0, words.done_by_unit) for end in ends)


def _before(text: str, wanted: Sequence[Words]) -> Iterator[str]:
    """What stands before each of the phrases."""
    statement, ends = said_in(text), 0
    for at, length in each_in(statement, wanted):
        if at >= ends:
            yield text[: statement.places[at][0]].rstrip()
            ends = at + length


def day_ordered(behind: str, reader: Reader) -> date | None:
    """The day that the words ``behind`` an order for more time grant; None where they name none, or several.

    A day directly after the order is meant, whatever days the reasons name ("đến 30/12 thay vì đến 15/1"); else the
    only day with "đến", or the one that is left without the day that the unit asks for.
    """
    text = squash(behind)
    dates = dates_in(text, reader.on, JUST_PASSED)
    if any(_is_open(one, reader) and _names_several(one, reader) for one in CLAUSE.split(text)):
        return None
    others = [one for one in dates if one.day != dates[0].day]
    if dates and _is_direct(text[: dates[0].start], reader) and all(_is_beside(text, one, reader) for one in others):
        return dates[0].day
    until = [one for one in dates if one.until] or dates
    own = not others or not any(_is_beside(text, one, reader) for one in until)
    if own and len({one.day for one in until}) == 1:
        return until[0].day
    order = extension_in(text, reader)
    return order.until if order else None


def _is_direct(ahead: str, reader: Reader) -> bool:
    """Whether only words of days, courtesies and units stand between an order and its day."""
    if found_in(ahead, reader.plain.extend.others_day):
        return False
    for mention in reversed(mentions_in(ahead, reader.names)):
        ahead = f"{ahead[: mention.start]} {ahead[mention.end :]}"
    return {*plain_words(ahead)} <= reader.words.day_words | reader.words.courtesies


def _is_beside(text: str, day: FoundDate, reader: Reader) -> bool:
    """Whether the words that lead to a day, or its clause, say that it is not the one granted."""
    clauses = list(CLAUSE.finditer(text))
    start = max((match.end() for match in clauses if match.end() <= day.start), default=0)
    end = min((match.start() for match in clauses if match.start() > day.start), default=len(text))
    words = reader.plain.extend
    whole = (*words.others_day, *words.too_late, *words.first_news)
    return found_in(text[start : day.start], words.beside) or found_in(text[start:end], whole)


def extension_in(text: str, reader: Reader, *, asked: bool = False) -> Command | None:
    """To the only day that the mail grants; without any day as the unit asks (``until`` is None then).

    ``asked`` says that the mail which is answered asks for the consent. None when several days may be meant, when
    only a number of days is named, or when time is refused.
    """
    parts = _of_this_time(text, reader)
    if any(_is_exclaimed(one, reader) for one in parts):
        return None
    days = _granted(parts, reader, refused=_refuses(parts, reader))
    if len(days) == 1:
        return Command("extend", "", until=days.pop())
    named = any(_names_time(one, reader) for one in parts)
    return Command("extend", "") if not named and _consents(parts, reader, asked=asked) else None


def refuses_by_half(text: str, reader: Reader) -> bool:
    """ "Không, đồng ý đi", "không cho sao được": whether what looks like a refusal may grant."""
    clauses = CLAUSE.split(text)
    granted = [one for one, other in pairwise(clauses) if _begins_with_consent(other, reader, GRANTING)]
    return any(_only_denies(one, reader) for one in granted) or any(_is_exclaimed(one, reader) for one in clauses)


def _is_exclaimed(clause: str, reader: Reader) -> bool:
    """ "Đồng ý thế nào được": nothing but a consent or a denial of one stands before such words."""
    words, statement = reader.plain.extend, said_in(clause)
    ahead = (*words.fillers, *words.assents, *words.topic, *reader.plain.order.denials)
    at = behind_all(statement, 0, ahead)
    return at > 0 and bool(length_at(statement, at, words.impossible))


def _only_denies(clause: str, reader: Reader) -> bool:
    statement = said_in(clause)
    return (
        0
        < behind_all(statement, 0, (*reader.plain.extend.fillers, *reader.plain.order.denials))
        == len(statement.words)
    )


def grants_a_day(text: str, reader: Reader) -> bool:
    """ "Rút còn 28/10, không duyệt tới 30" denies a day and grants another: more time is not refused."""
    parts = _of_this_time(text, reader)
    return not _refuses(parts, reader) and bool(_granted(parts, reader, refused=False))


def _of_this_time(text: str, reader: Reader) -> list[str]:
    """The parts of a mail but those about another time ("lần sau đừng xin nữa")."""
    words = reader.plain.extend
    parts = thoughts_in(squash(text), words.parts)
    return [one for one in parts if not found_in(one, words.later) or _named_in(one, reader)]


def _granted(parts: Sequence[str], reader: Reader, *, refused: bool) -> set[date]:
    """The days that may be granted: of several not what the unit asks for; where time is refused, only "đến …"."""
    words = reader.plain.extend
    parts = [one for one in parts if not found_in(one, (*words.too_late, *words.first_news))]
    own = [one for one in parts if not found_in(one, words.others_day) or found_in(one, words.asked)]
    if any(_is_open(one, reader) and _names_several(one, reader) for one in parts):
        return set()
    days = _meant([day for one in (own if refused else parts) for day in _days_in(one, reader)])
    if refused and any(found_in(one, words.asked) for one in parts):
        return set()  # a day "as the unit asks" contradicts it
    if refused:
        return {one.day for one in days if one.until}
    if len({one.day for one in days}) > 1:
        days = _meant([day for one in own for day in _days_in(one, reader)])
    return {one.day for one in days}


def _is_open(part: str, reader: Reader) -> bool:
    return found_in(part, reader.plain.extend.either)


def _names_several(part: str, reader: Reader) -> bool:
    """ "Đến 27/10 hay 30/10", "ra 25/10 hoặc 30/10"."""
    return len({day.day for day in _named_in(part, reader)}) > 1 or len(_DAY.findall(part)) > 1


def _meant(days: Sequence[FoundDate]) -> Sequence[FoundDate]:
    """Those behind "đến", where several are named."""
    until = [one for one in days if one.until]
    return until if len({one.day for one in days}) > 1 else days


def _named_in(part: str, reader: Reader) -> Sequence[FoundDate]:
    """The days that a part names, with their month or, where it has none so, without."""
    text = _led(part, reader.plain.extend)
    if reader.on is None:
        return dates_in(text, reader.on)
    latest = reader.on + LONGEST_TERM
    return [one for one in dates_in(text, reader.on) if one.day <= latest] or monthless_days_in(text, reader.on)


def _led(part: str, words: Extending) -> str:
    """The part with "đến" for what leads to a day in figures ("rút lại còn 28/10", "cho 30/10")."""
    statement = said_in(part)
    at = behind_all(statement, 0, (*words.fillers, *words.assents))
    begins = statement.places[at][0] if 0 < at < len(statement.words) else 0
    if begins and found_in(part[:begins], words.assents) and _DAY.match(part, begins):
        return f"{part[:begins]}đến {part[begins:]}"
    for leads, figures in ((words.day_leads, _FIGURE), (words.gives, _DAY)):
        for at, length in each_in(statement, leads):
            begins = statement.places[at + length][0] if at + length < len(statement.words) else len(part)
            if figures.match(part, begins):
                return f"{part[: statement.places[at][0]]}đến {part[begins:]}"
    return part


def _days_in(part: str, reader: Reader) -> Iterator[FoundDate]:
    """The days of a part that no word before them denies; the day of a meeting is none without "đến"."""
    words, text = reader.plain.extend, _led(part, reader.plain.extend)
    of_another = found_in(part, words.never)
    for one in _named_in(part, reader):
        if of_another and not one.until:
            continue
        ahead = without_end(text[: one.start], words.before_days)
        if not ends_with(said_in(ahead), words.denied):
            yield one


def _names_time(part: str, reader: Reader) -> bool:
    """Whether a part names a day, or so much time; bare figures ("30/10") only where they are not the unit's wish."""
    words = reader.plain.extend
    if _named_in(part, reader) or dates_in(part, reader.on) or _is_amount(part, reader):
        return True
    return bool(_DAY.search(part)) and not found_in(part, (*words.others_day, *words.asked, *words.never))


def _is_amount(part: str, reader: Reader) -> bool:
    """ "Cho thêm một tuần" gives time without its last day; what the unit asks for so is only told."""
    words = reader.plain.extend
    statement = said_in(part)
    at = behind_all(statement, 0, (*words.fillers, *words.assents))
    ends = at + length_at(statement, at, words.terms)
    bare = ends > at and not length_at(statement, ends, words.again)
    bare = bare and (at > 0 or behind_all(statement, ends, words.alone) == len(statement.words))
    return (bare or found_in(part, words.amounts)) and not found_in(part, words.others_day)


def _consents(parts: Sequence[str], reader: Reader, *, asked: bool) -> bool:
    """Whether the mail speaks of more time, or only consents where it is asked to, and nothing in it refuses."""
    words = reader.plain.extend
    of_time = any(found_in(one, (*words.topic, *words.asked)) for one in parts)
    consents = of_time or (asked and any(_begins_with_consent(one, reader) for one in parts))
    return consents and not _refuses(parts, reader)


def _refuses(parts: Sequence[str], reader: Reader) -> bool:
    """Whether a part refuses more time, or lets the old day stay; "không cho đến 30/10" is about that day alone."""
    words = reader.plain.extend
    without_day = [one for one in parts if not _named_in(one, reader) or found_in(one, words.keeps_day)]
    return any(found_in(one, (*words.keeps_day, *words.refuses)) or _is_denied(one, reader) for one in without_day)


def _is_denied(part: str, reader: Reader) -> bool:
    """ "Không cho lùi nữa", "không duyệt": consent or more time behind a denial."""
    words, statement = reader.plain.extend, said_in(part)
    granting = (*words.assents, *words.topic)
    ahead = [statement.places[at][0] for at, _ in each_in(statement, granting)]
    return any(ends_with(said_in(part[:end].rstrip()), words.denied) for end in ahead)


def _begins_with_consent(part: str, reader: Reader, also: Sequence[Words] = ()) -> bool:
    words, statement = reader.plain.extend, said_in(part)
    at = behind_all(statement, 0, words.fillers)
    return bool(length_at(statement, at, (*words.assents, *also))) and not _is_open(part, reader)
