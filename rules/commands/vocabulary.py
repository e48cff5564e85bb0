"""The words of officers' commands (``commands.toml``); lines are compared without diacritics and case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from itertools import islice
from typing import Any

from rules.commands.mood import MoodWords, mood_words, said_in, stop_in, takes_back
from rules.message.quote_markers import DEFAULT
from rules.text import clean, fold_i, has_marks, squash, strip_marks
from rules.text.patterns import PhraseList, spelt_out
from rules.values.data_file import SOURCES_KEPT, DataFileError, Source
from rules.values.register_number import number_places

WORD = re.compile(r"[^\W_]+")
_OF_TIME = frozenset({"han", "lui"})
"""Syllables in the phrases of an extension that are about time itself ("gia hạn", "lùi")."""
_SIGN = re.compile(r"[,.;!](?=\s|$)")
_MORE = re.compile(
    r"\s*(?:;|(?P<sentence>[.,]\s+còn(?!\w)|\.)|(?P<comma>,)(?!\s*(?:rồi|xong|sau đó|đồng thời|và)(?!\w))"
    r"|,?\s*(?<!\w)(?:rồi|xong|sau đó|đồng thời|và)(?!\w))\s+",
    re.IGNORECASE,
)
_MORE_BARE = re.compile(strip_marks(_MORE.pattern), re.IGNORECASE)
"""The same in a line that has no diacritics ("ky nhan roi chuyen …")."""
MOST_JOINTS = 80
GAP = re.compile(r"^[\s:;,.\-–—_/\])}\"”“'*•>]+")
_SHORT = {"ko": "khong", "hok": "khong", "kh": "khong", "khg": "khong", "kg": "khong", "dc": "duoc", "đc": "duoc"}
FIRST_LINES = 400
"""Only this many lines are searched for commands and their arguments."""
OF_SESSIONS = frozenset({"session", "form", "questions"})
"""Arguments of the commands about a session (``rules.commands.session_line``)."""
RECORDS = "mark_answered"
"""The command that records an answer given in a session."""
_LONGER = (("doi", "thoai"), ("doi", "thoai", "truc", "tuyen"))
_SAME = {"ki": "ky", "li": "ly"}
"""Syllables spelt with i or y."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A beginning of a command: its words without diacritics, the verb, the argument, and the recommended wording."""

    words: tuple[str, ...]
    verb: str
    takes: str
    say: str
    marked: str = ""
    """A one-word phrase with diacritics, so that "chuyên" and "đồng" are not read as "chuyển" and "đóng"."""
    strict: bool = False
    """A one-word phrase that counts only with its diacritics: "day" is hardly "đẩy"."""
    short: tuple[str, ...] = ()
    """The words of a command about a session without "phiên", as used next to a session's number."""


@dataclass(frozen=True, slots=True)
class CommandWords:
    """The words of ``commands.toml`` without diacritics, longest phrases first; register numbers have ``prefix``."""

    phrases: tuple[Phrase, ...]
    by_first: Mapping[str, tuple[Phrase, ...]]
    longest: int
    """The number of words of the longest of ``phrases`` and ``never``."""
    before: tuple[tuple[str, ...], ...]
    greetings: tuple[str, ...]
    closings: tuple[str, ...]
    because: tuple[tuple[str, ...], ...]
    reasons: frozenset[str]
    """The same with diacritics, and with i for y."""
    clauses: tuple[tuple[tuple[str, ...], str], ...]
    after_letter: tuple[tuple[str, ...], ...]
    """Words behind a letter that is short for "không" too, where it is the clause, …"""
    by_whom: tuple[tuple[str, ...], ...]
    """… but not where they only say by whom."""
    by_reason: tuple[tuple[str, str], ...]
    fields: tuple[tuple[str, str], ...]
    approved: frozenset[str]
    reservations: frozenset[str]
    fillers: frozenset[str]
    rejected: frozenset[str]
    """Words for what is rejected, and for the person addressed, before the clause."""
    connectors: tuple[tuple[str, ...], ...]
    exceptions: frozenset[str]
    all_beside: frozenset[str]
    excepts: frozenset[str]
    """Words after "tất cả đã trả lời" that make no exception, and those that begin one."""
    files_apart: frozenset[str]
    """Words that tell which blocked files are sent and which stay."""
    same_as: frozenset[str]
    """A number behind one of these words is only mentioned in passing."""
    never: tuple[tuple[str, ...], ...]
    everything: tuple[tuple[str, ...], ...]
    mood: MoodWords
    joins: frozenset[str]
    """Words that may join the units that a forward names."""
    courtesies: frozenset[str]
    """Courtesies after the unit of a forward, which are no remark for the unit."""
    thirds: tuple[tuple[str, ...], ...]
    """Words by which an officer refers to the citizen."""
    remarks: tuple[tuple[str, ...], ...]
    """Beginnings of a line below a forward that is a remark for the unit."""
    beside_unit: frozenset[str]
    """Words that may accompany a unit named as the reply to "which?"."""
    decides: frozenset[str]
    """… and those that show, after other words, that it is the reply."""
    short_units: tuple[tuple[tuple[str, ...], str], ...]
    """Fields of work that stand for a unit directly after "chuyển", or alone."""
    but: frozenset[str]
    """Words that make "đồng ý nhưng …" no refusal of more time."""
    tells: PhraseList
    """Words that make the phrase of an extension a report."""
    day_words: frozenset[str]
    """Words that may be part of a day after "cho đến"."""
    speakers: frozenset[str]
    """Words of titles and bodies: with names, they tell who answered in a session."""
    leads_in: tuple[tuple[str, ...], ...]
    """Words between the speaker, or the order, and the colon before an answer."""
    minutes_items: tuple[tuple[str, ...], ...]
    minutes_ends: tuple[tuple[str, ...], ...]
    minutes_speaker: tuple[tuple[str, ...], ...]
    """Of a session's minutes: title and headings of items, what stands below the last item, and before a speaker."""
    sessions: tuple[Phrase, ...]
    """Commands about a session, the longest first; they are also in ``phrases``."""
    records: tuple[tuple[str, ...], ...]
    """The phrases that record an answer given in a session, which each line of its minutes is searched for."""
    prefix: str


@lru_cache(maxsize=SOURCES_KEPT)
def load_command_words(source: Source = DEFAULT) -> CommandWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("commands.toml")
    found = _phrases(data["command"], source.prefix)
    words = data["words"]
    phrases = tuple(sorted(found, key=lambda phrase: -len(phrase.words)))
    clauses = [(plain_words(form), clause) for clause, forms in data["clauses"].items() for form in forms]
    read = {one.name: _OF_TYPE[str(one.type)](words[one.name]) for one in fields(CommandWords) if one.name in words}
    return CommandWords(
        phrases=phrases,
        by_first=_by_first_word(phrase for phrase in phrases if phrase.takes not in OF_SESSIONS),
        longest=max(map(len, (*read["never"], *(phrase.words for phrase in phrases))), default=0),
        reasons=frozenset(fold_i(squash(form)) for one in words["because"] for form in spelt_out(one)),
        clauses=tuple(sorted(clauses, key=lambda one: -len(one[0]))),
        by_reason=tuple(
            (" ".join(plain_words(f)), c) for c, forms in data["clauses_by_reason"].items() for f in forms
        ),
        fields=tuple((" ".join(plain_words(f)), name) for name, forms in data["fields"].items() for f in forms),
        mood=mood_words(data["mood"]),
        short_units=tuple(
            (plain_words(form), code)
            for code, forms in data["short_units"].items()
            for written in forms
            for form in spelt_out(written)
        ),
        sessions=_of_sessions(phrases),
        records=tuple(phrase.words for phrase in phrases if phrase.verb == RECORDS),
        prefix=source.prefix,
        **read,
    )


def _by_first_word(phrases: Iterable[Phrase]) -> dict[str, tuple[Phrase, ...]]:
    """The phrases that begin with each word, in their order."""
    found: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        found.setdefault(phrase.words[0], []).append(phrase)
    return {word: tuple(beginning) for word, beginning in found.items()}


def _phrases(entries: Sequence[Mapping[str, Any]], prefix: str) -> list[Phrase]:
    """All beginnings of commands, including those that name a session in full."""
    phrases = [
        Phrase(
            plain_words(phrase),
            entry["verb"],
            entry["takes"],
            entry["say"].replace("{prefix}", prefix),
            _alone(phrase),
            phrase in entry.get("marked", ()),
        )
        for entry in entries
        for written in entry["phrases"]
        for phrase in spelt_out(written)
    ]
    _check_verbs(phrases)
    phrases += [replace(one, words=said) for one in phrases for said in _at_length(one)]
    return phrases


def _of_sessions(phrases: Sequence[Phrase]) -> tuple[Phrase, ...]:
    """The commands about sessions, with their words as used next to a session's number."""
    return tuple(replace(phrase, short=_short(phrase.words)) for phrase in phrases if phrase.takes in OF_SESSIONS)


def _short(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words without "phiên", "phiên đối thoại", "phiên đối thoại trực tuyến"."""
    at = words.index("phien") if "phien" in words else len(words)
    longer = next((one for one in reversed(_LONGER) if words[at + 1 : at + 1 + len(one)] == one), ())
    return (*words[:at], *words[at + 1 + len(longer) :])


def _at_length(phrase: Phrase) -> tuple[tuple[str, ...], ...]:
    """The longer forms of "Hoãn phiên": "hoãn phiên đối thoại" and "hoãn phiên đối thoại trực tuyến"."""
    if phrase.takes not in OF_SESSIONS or "phien" not in phrase.words:
        return ()
    at = phrase.words.index("phien") + 1
    return tuple((*phrase.words[:at], *more, *phrase.words[at:]) for more in _LONGER)


def _check_verbs(phrases: Sequence[Phrase]) -> None:
    """Check that no phrase has two meanings. Raises :class:`DataFileError`."""
    verbs: dict[tuple[tuple[str, ...], str], str] = {}
    for phrase in phrases:
        if not phrase.words:
            raise DataFileError(f"commands.toml: command: a phrase of {phrase.verb!r} holds no word")
        other = verbs.setdefault((phrase.words, phrase.marked), phrase.verb)
        if other != phrase.verb:
            text = phrase.marked or " ".join(phrase.words)
            raise DataFileError(f"commands.toml: command: “{text}” stands for {other!r} and for {phrase.verb!r}")


def _each(phrases: Sequence[str]) -> frozenset[str]:
    return frozenset(word for one in phrases for form in spelt_out(one) for word in plain_words(form))


def _alone(phrase: str) -> str:
    return "" if " " in phrase else squash(phrase)


def _sorted(phrases: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    every = (plain_words(form) for one in phrases for form in spelt_out(one))
    return tuple(sorted(every, key=lambda one: -len(one)))


_OF_TYPE: Mapping[str, Callable[[Sequence[str]], Any]] = {
    "frozenset[str]": _each,
    "tuple[str, ...]": lambda said: tuple(" ".join(plain_words(one)) for one in said),
    "tuple[tuple[str, ...], ...]": _sorted,
    "PhraseList": PhraseList,
}
"""How a list of words is read, by the type of the field that holds it."""


def plain_words(text: str) -> tuple[str, ...]:
    """Words without diacritics and case; all short forms of "không" count as one, and so do "ký" and "kí"."""
    return tuple(_SAME.get(word, _SHORT.get(word, word)) for word in WORD.findall(strip_marks(squash(text))))


def joints(line: str) -> Iterator[re.Match[str]]:
    """The first places where a second command may begin ("ký nhận rồi chuyển SXD"); "roi" joins without diacritics.

    Groups: ``comma`` and ``sentence`` name looser joints, where fewer words count as a second command.
    """
    return islice((_MORE if has_marks(line) else _MORE_BARE).finditer(line), MOST_JOINTS)


def first_word(line: str) -> str:
    """The first word in the form used for comparing; "" for a line without words."""
    match = WORD.search(line)
    said = plain_words(match.group()) if match else ()
    return said[0] if said else ""


def is_other_word(line: str, phrase: Phrase) -> bool:
    """True when the first word has other diacritics than a phrase of one word, or lacks those it must have."""
    match = WORD.search(line)
    typed = squash(match.group()) if match else ""
    differs = bool(phrase.marked) and typed != phrase.marked
    return differs and (phrase.strict or strip_marks(typed) != typed)


def starts(line: str, wanted: Sequence[str]) -> int:
    """Where the wanted words end at the beginning of a line; 0 when it begins otherwise."""
    return ends_of(wanted, opening(line, len(wanted)))


def opening(line: str, most: int) -> tuple[tuple[str, int], ...]:
    """The first words of a line in the form used for comparing, each with the position where it ends."""
    found = islice(WORD.finditer(line), most)
    return tuple((" ".join(plain_words(match.group())), match.end()) for match in found)


def ends_of(wanted: Sequence[str], said: Sequence[tuple[str, int]]) -> int:
    """Where the wanted words end in a result of :func:`opening`; 0 when that begins otherwise."""
    if not said or not wanted or said[0][0] != wanted[0]:  # of hundreds of phrases nearly all end here
        return 0
    first = said[: len(wanted)]
    return first[-1][1] if [word for word, _ in first] == list(wanted) else 0


def holds(said: Sequence[str], wanted: Sequence[str]) -> bool:
    """True when the wanted words occur together and in order in ``said``."""
    return any(tuple(said[at : at + len(wanted)]) == tuple(wanted) for at in range(len(said)))


def says_only_a_day(phrase: Phrase, behind: str, words: CommandWords) -> bool:
    """Whether, up to the next punctuation mark, only a day and courtesies follow an extension's words.

    "Cho đến 15/12 sở im" reports something; after phrases about time itself ("gia hạn đến") more may follow.
    """
    statement = said_in(behind)
    if any(
        statement.begins(at, one, strict=statement.bare) for at in range(len(statement.words)) for one in words.tells
    ):
        return False
    if set(phrase.words) & _OF_TIME and len(phrase.words) > 1:
        return True
    clause = _SIGN.split(behind, maxsplit=1)[0]
    return {one for one in plain_words(clause) if not one.isdigit()} <= words.day_words | words.courtesies


def closes(line: str, words: CommandWords) -> bool:
    """Whether a line is the closing of a letter ("Trân trọng,")."""
    text = " ".join(plain_words(line))
    return any(f"{text} ".startswith(f"{one} ") for one in words.closings)


_POSTSCRIPT = re.compile(r"^(?:p\s?[./]?\s?s|tái bút)\s*[.:/]+\s*", re.IGNORECASE)


def own_lines(text: str, words: CommandWords) -> Iterator[str]:
    """The lines before the closing, without greetings; after a greeting a numbered command may follow.

    Below the closing only a postscript is read, and what takes back ("Cảm ơn em. À thôi đừng chuyển nhé").
    """
    closed = False
    for line in [one.strip() for one in clean(text).split("\n")][:FIRST_LINES]:
        said = " ".join(plain_words(line))
        closed = closed or closes(line, words)
        if closed:
            below = _POSTSCRIPT.sub("", line)
            if below != line or stop_in(line, words.mood) or takes_back(line, words.mood):
                yield below
        elif any(f"{said} ".startswith(f"{one} ") for one in words.greetings):
            yield from (line[start:] for _, start, _ in number_places(line, words.prefix)[:1])
        elif said:
            yield line
