"""A line of an officer's mail about a session: its number P-… and register numbers may be anywhere in it.

The line is read without them ("Đưa HP-… vào phiên P-…" as "đưa vào"); with a session's number, the command may
leave out the word "phiên".
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from rules.commands.command import Command, CommandMatch, with_listed_numbers
from rules.commands.mood import asks, has_condition, is_done, without_links
from rules.commands.vocabulary import (
    GAP,
    WORD,
    CommandWords,
    Phrase,
    ends_of,
    first_word,
    load_command_words,
    opening,
    plain_words,
    starts,
)
from rules.law.working_days import CITY_ZONE, city_day, short_date
from rules.message.quote_markers import DEFAULT
from rules.text import fold_i, has_marks, nfc, squash, strip_marks
from rules.text.dates import dates_in, goes_to, times_in, with_days_told
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.register_number import number_places

_CODE = re.compile(
    r"(?P<before>(?:(?<!\w)(?:của|cho|cua)\s+)?"
    r"(?:(?<!\w)(?:phiên|phien)\s+(?:(?:đối thoại|doi thoai)\s+)?(?:(?:số|so)\s+)?)?)"
    r"[\[(]?(?<![^\W_])P[\s\-‐‑–—_/.]{0,3}(20\d\d)[\s\-‐‑–—_/.]{1,3}(\d{1,2})(?!\d)[\])]?",
    re.IGNORECASE,
)
SESSION, FORM, QUESTIONS = "session", "form", "questions"
POSTED, QUESTION_POSTED = "session_posted", "question_posted"
"""Verbs for the posting of a session, and of one question's answer, when a register number precedes them."""
MOST_SESSIONS = 20
MOST_WORDS = 30
"""The words for the whole list stand among so many first words of a line."""
MOST_STARTS = 3
"""At most so many days and hours to which a session may have been moved are offered."""
MOST_BARE = 6
"""Words of a line that gives an order about the question at hand; a longer one may be a sentence of a text."""
LONGEST_HEAD = 600
"""Only this many characters of a line are searched for numbers."""
_REASONS = frozenset({("tai",)})
"""Words that begin a reason elsewhere, but a venue here."""
_MAY_BE_OVER = frozenset({"session_begin", "session_end", "session_decided"})
"""Commands that report an event: "phiên kết thúc rồi" is no report about a command."""


def session_number(text: str) -> str:
    """The number of the first session in a text, as in the register; "" when there is none."""
    match = _found(text)
    return f"P-{match[2]}-{int(match[3]):02d}" if match else ""


def session_numbers(text: str) -> tuple[str, ...]:
    """The session numbers in a text, each once; at most ``MOST_SESSIONS``."""
    found = islice(_CODE.finditer(text), MOST_SESSIONS)
    return tuple(dict.fromkeys(f"P-{match[2]}-{int(match[3]):02d}" for match in found))


def _found(text: str) -> re.Match[str] | None:
    """The first number that is not part of a link."""
    return _CODE.search(without_links(text))


def without_session(line: str) -> str:
    """The line without the session's number and without "phiên" before it."""
    match = _found(line[:LONGEST_HEAD])
    return f"{line[: match.start()]} {line[match.end() :]}".strip(" ,;") if match else line


def without_number(line: str) -> str:
    """The line without a session's number before the first colon; "phiên" before it stays."""
    match = _found(line[:LONGEST_HEAD].partition(":")[0])
    return f"{line[: match.start() + len(match['before'])].rstrip()} {line[match.end() :]}".strip() if match else line


def session_line(line: str, words: CommandWords, heads: list[str]) -> CommandMatch | None:
    """The command about a session that the line gives; None for any other line.

    ``heads`` are the line without the session's number, and with ever more courtesies removed from its start.
    """
    code = session_number(line[:LONGEST_HEAD])
    for head in heads:
        match = _command(head, line, code, words)
        if match is not None:
            return match
    return None


def with_listed(text: str, listed: Sequence[str], source: Source = DEFAULT, *, whole: bool = True) -> str:
    """The text with the numbers of the list that is answered, also for "Đưa tất cả vào phiên" where ``whole``."""
    text, words = with_listed_numbers(text, listed, source), load_command_words(source)
    if len(listed) == 1:
        lines = text.split("\n")
        text = "\n".join(f"{listed[0]} {one}" if lacks_number(one, words) else one for one in lines)
    if not (whole and listed):
        return text
    return "\n".join(_with_all(line, listed, words) for line in text.split("\n"))


def _with_all(line: str, listed: Sequence[str], words: CommandWords) -> str:
    """The line with all numbers for "tất cả", if that makes an order about a session's questions of it."""
    tokens = list(islice(WORD.finditer(line[:LONGEST_HEAD]), MOST_WORDS))
    said = [" ".join(plain_words(one[0])) for one in tokens]
    for form in words.everything:
        at = next((i for i in range(len(said)) if tuple(said[i : i + len(form)]) == form), None)
        if at is None:
            continue
        start, end = tokens[at].start(), tokens[at + len(form) - 1].end()
        filled = f"{line[:start]}{', '.join(listed)}{line[end:]}"
        match = session_line(filled, words, [without_session(filled)])
        if match is not None and all(command.question for command in match.commands):
            return filled
    return line


def speaks_of_session(line: str, words: CommandWords, heads: list[str]) -> bool:
    """True for a line that begins like a command about a session, whatever follows."""
    code = session_number(line[:LONGEST_HEAD])
    plain = [(head, _without_numbers(head, words.prefix)[1]) for head in heads]
    return any(
        _end(phrase, text if phrase.takes == QUESTIONS else head, code)
        for head, text in plain
        for phrase in _likely(head, text, words)
    )


def lacks_number(line: str, words: CommandWords) -> bool:
    """Whether a line is like an order about questions of a session ("đưa vào phiên nhé") and names none."""
    if "?" in line or len(plain_words(line)) > MOST_BARE:
        return False
    begins = any(phrase.takes == QUESTIONS and _end(phrase, line, "") for phrase in _likely(line, line, words))
    return begins and not number_places(line, words.prefix)


def _likely(head: str, plain: str, words: CommandWords) -> list[Phrase]:
    """The phrases with that first word, to save time: there are hundreds, and a mail may have hundreds of lines."""
    first = {first_word(head), first_word(plain)}
    return [one for one in words.sessions if one.words[0] in first or (one.short and one.short[0] in first)]


def _end(phrase: Phrase, text: str, code: str) -> int:
    """Where the phrase at the beginning of ``text`` ends; with a number, "phiên" may be missing from it."""
    first = opening(text, max(len(phrase.words), len(phrase.short)))
    return ends_of(phrase.words, first) or (ends_of(phrase.short, first) if code and phrase.short else 0)


def _command(head: str, line: str, code: str, words: CommandWords) -> CommandMatch | None:
    numbers, plain = _without_numbers(head, words.prefix)
    for phrase in _likely(head, plain, words):
        said = plain if phrase.takes == QUESTIONS or (numbers and phrase.verb == POSTED) else head
        end = _end(phrase, said, code)
        if not end or (phrase.takes == QUESTIONS and not numbers):
            continue
        after = said[end:]
        if _is_no_order(phrase, after, words):
            return None
        text = GAP.sub("", after)
        command = Command(phrase.verb, "", text=text, raw=line, session=code)
        if phrase.verb == POSTED and numbers:
            return CommandMatch(
                tuple(replace(command, verb=QUESTION_POSTED, question=one) for one in numbers), SESSION
            )
        if phrase.takes != QUESTIONS:
            return CommandMatch((command,), "text" if phrase.takes == FORM else SESSION)
        return CommandMatch(tuple(replace(command, question=one) for one in numbers), SESSION)
    return None


def _without_numbers(line: str, prefix: str) -> tuple[tuple[str, ...], str]:
    """The register numbers before the first colon, and the line without them and the words that join them."""
    head = line[:LONGEST_HEAD].partition(":")[0]
    places = number_places(head, prefix)
    kept, at = [], 0
    for _, start, end in places:
        kept.append(head[at:start])
        at = end
    kept.append(line[at:])
    joined = [kept[0], *(part for part in kept[1:] if part.strip(" ,;&và"))]
    text = GAP.sub("", " ".join(part.strip(" ,;") for part in joined))
    return tuple(dict.fromkeys(code for code, _, _ in places)), text


def _is_no_order(phrase: Phrase, after: str, words: CommandWords) -> bool:
    """True when the words before the reason make it a question, a report or a condition."""
    head = before_reason(after, words)
    report = is_done(head, words.mood) and phrase.words[0] != "da" and phrase.verb not in _MAY_BE_OVER
    return phrase.verb != "session_status" and (asks(after, words.mood) or report or has_condition(head, words.mood))


def before_reason(text: str, words: CommandWords) -> str:
    """The text before "vì …", "lý do …"."""
    return text[: reason_at(text, words)[0]]


def reason_at(text: str, words: CommandWords) -> tuple[int, int]:
    """Where the words that introduce a reason begin and end; twice the text's end when there are none."""
    for match in re.finditer(r"[^\W_]+", text):
        for one in words.because:
            end = starts(text[match.start() :], one)
            if end and one not in _REASONS and _is_spelt(text[match.start() :][:end], words):
                return match.start(), match.start() + end
    return len(text), len(text)


def _is_spelt(text: str, words: CommandWords) -> bool:
    """False for other words with the same letters: "đơn vị" and "theo đó" are not "vì" and "do"."""
    return not has_marks(text) or fold_i(squash(text)) in words.reasons


def reason_of(command: Command, words: CommandWords) -> str:
    """The text after "vì …", "lý do …" or a colon: the units are told nothing else as the reason."""
    text = command.text.strip()
    given = GAP.sub("", text[reason_at(text, words)[1] :]).strip()
    return given or (text if command.raw.partition(":")[2].strip() == text else "")


def likely_reason(text: str) -> str:
    """What stands behind the first comma, which its writer may mean as the reason ("… này đi, thành phố dừng")."""
    return " ".join(re.split(r"[,;]", text, maxsplit=1)[1:]).strip()


def new_starts(text: str, planned: datetime, now: datetime) -> tuple[datetime, ...]:
    """When a session that was ``planned`` may begin after a move told in a text; () where it names no day.

    If "sang", "thành" or "đến" occurs, only what follows counts, with its first hour. Without an hour the old one
    stays; the old day does not count beside another. Several remain if the text leaves open which is meant.
    """
    said, before = with_days_told(text), planned.astimezone(CITY_ZONE)
    to = goes_to(said, city_day(now))
    days = dict.fromkeys(one.day for one in dates_in(to or said, city_day(now)))
    times = tuple(dict.fromkeys(times_in(to or said)))[: 1 if to else None] or (before.time(),)
    others = [one for one in days if one != before.date()] or list(days)
    return tuple(datetime.combine(day, at, CITY_ZONE) for day in others for at in times)


def named_starts(text: str, planned: datetime, now: datetime) -> tuple[str, ...]:
    """The days and hours to come that a text names, as an order has them, other than what is planned."""
    day = planned.astimezone(CITY_ZONE).date()
    starts = new_starts(text, planned, now) or [datetime.combine(day, at, CITY_ZONE) for at in times_in(text)[-1:]]
    moments = [moment for moment in starts if moment != planned and moment > now]
    return tuple(f"{moment:%H:%M} ngày {short_date(moment.date())}" for moment in moments[:MOST_STARTS])


MOST_AHEAD = timedelta(days=60)
"""A day without its year that lies at most this far ahead has not come yet; any other was last year's."""
UNNAMED, OPINION = "Văn bản", "ý kiến"
"""How a plan cites a paper of unknown kind, and a decision of which only the day is known."""
_PAPER = re.compile(
    r"(?<![\w/.])0*(\d{1,5}(?:\s?/\s?20\d\d)?)\s?/\s?([^\W\d_]{1,6}(?:\s?[-–]\s?[^\W\d_]{1,8}){0,3})(?!\w)"
)
_PROPOSALS = ("TTR", "TT-")
"""How the signs in a proposal's own number begin."""
_ISSUER = re.compile(r"(?<!\w)của\s+([^.,;:()\n]{3,80})")


@dataclass(frozen=True, slots=True)
class PaperWords:
    """How papers of a decision are called: all forms, those with a bare number behind them, and the names."""

    called: re.Pattern[str]
    numbered: re.Pattern[str]
    names: Mapping[str, str]
    by_sign: Mapping[str, str]
    """The names by the signs in a paper's number."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_papers(source: Source) -> PaperWords:
    """The words for papers. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("commands.toml")
    names = {form: name for name, forms in data["papers"].items() for form in forms}
    names |= {strip_marks(form): name for form, name in names.items()}
    forms = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    numbered = rf"(?<!\w)(?:(?:{forms})\s+(?:(?:số|so)\s*:?\s*)?|(?:số|so)\s*:?\s*)0*(\d{{1,5}})(?![\d/])"
    called = re.compile(rf"(?<!\w)(?:{forms})(?!\w)")
    return PaperWords(called, re.compile(numbered, re.IGNORECASE), names, data["paper_signs"])


def named_paper(text: str, today: date, source: Source = DEFAULT) -> tuple[str, date | None]:
    """The paper and day of a leader's decision, as a plan cites them ("Công văn số 12/UBND-VX ngày 02/11/2026").

    ``text``: what an officer writes of it ("rồi ạ, cv 12/UBND-VX hôm 2/11 nhé"); only paper, number, day and issuer
    are taken. ("", None) where neither number nor day is told, or only the proposal's own number; a day to come is
    given back as it is.
    """
    said = " ".join(nfc(text).split())
    numbers = list(_PAPER.finditer(said))
    signed = next((one for one in numbers if not one[2].upper().startswith(_PROPOSALS)), None)
    if signed is None and numbers:
        return "", None
    match = signed or load_papers(source).numbered.search(said)
    day = day_of_paper(said, match, today)
    if match is None and day is None:
        return "", None
    number = _number_of(match) if match else ""
    kind = _paper_kind(said[: match.start(1)] if match else said, number, source)
    parts = (kind, number and f"số {number}", f"ngày {short_date(day)}" if day else "", _issuer(said, match, source))
    return " ".join(part for part in parts if part), day


def day_of_paper(text: str, numbered: re.Match[str] | None, today: date) -> date | None:
    """The day of a paper: the first behind its number in ``text``; None where no day is told.

    One before the number counts only if it is past and the only one: the proposal has a day too, and the session.
    """
    since = today - timedelta(days=365) + MOST_AHEAD
    behind = dates_in(text[numbered.end() :] if numbered else text, since)
    if behind or numbered is None:
        return behind[0].day if behind else None
    before = dates_in(text, since)
    return before[0].day if len(before) == 1 and before[0].day <= today else None


def _number_of(match: re.Match[str]) -> str:
    """The number with its signs, without spaces ("12/UBND-VX"); the number alone where no signs are told."""
    number, signs = (re.sub(r"\s+", "", part) for part in (*match.groups(), "")[:2])
    return f"{number}/{signs.replace('–', '-').upper()}" if signs else number


def _issuer(text: str, numbered: re.Match[str] | None, source: Source) -> str:
    """ "của Văn phòng …" behind the number, without the particles of courtesy at its end."""
    match = _ISSUER.search(text, numbered.end()) if numbered else None
    words, particles = match[1].split() if match else [], load_command_words(source).mood.particles
    while words and words[-1].lower() in particles:
        words.pop()
    return f"của {' '.join(words)}" if words else ""


def _paper_kind(before: str, number: str, source: Source) -> str:
    """The kind told before the number, the nearest; else by the number's signs."""
    words = load_papers(source)
    told = words.called.findall(squash(before))
    if told:
        return words.names[told[-1]]
    by_sign = (name for sign, name in words.by_sign.items() if sign in re.split(r"[/-]", number))
    return next(by_sign, UNNAMED if number else OPINION)
