"""Whether a line asks for something to be done now: reports, plans, negations, conditions and questions do not.

Diacritics count here: "đã chuyển" reports, "dạ chuyển" is a courtesy; without diacritics "da" is read as "đã".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rules.commands.phrases import Statement, Words, length_at, phrases, said_in, without

REPORT, PLAN, NEGATION, CONDITION, QUESTION = "report", "plan", "negation", "condition", "question"
DOUBT = "doubt"
"""The line gives a command, but the mail holds a word of doubt (``rules.commands.second_thoughts``)."""
STOPPED = "stopped"
"""The line gave a command, and a later line of the same mail takes it back."""

_SIGN = re.compile(r"[,.;:!?\-–—(]\s*$")
LONGEST = 600
"""Only this many characters of a line are searched for a mood."""
_REASON = re.compile(r"(?<=[,;.:!?])|(?=\s(?:vì|do|bởi|vi|boi)\s)", re.IGNORECASE)
"""Where a clause begins, or its reason."""
_COURTESY_DA = re.compile(r"^\W*(?:dạ(?!\w)|da\s*[,.!])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MoodWords:
    """Phrases with diacritics (``commands.toml`` [mood]); ``heads`` gives the mood of a line by its beginning."""

    heads: tuple[tuple[Words, str], ...]
    subjects: tuple[Words, ...]
    conditions: tuple[Words, ...]
    reasons: tuple[Words, ...]
    """Words that begin a reason …"""
    denied: tuple[Words, ...]
    """… and those of ``conditions`` that then only belong to it."""
    questions: tuple[Words, ...]
    done: tuple[Words, ...]
    """Endings of a report: "Chuyển SXD rồi"."""
    particles: frozenset[str]
    stops: tuple[Words, ...]
    only_marked: frozenset[Words]
    """Phrases that can mean something else without diacritics."""


def mood_words(data: Mapping[str, Sequence[str]]) -> MoodWords:
    """The section of the data file, longest phrases first."""
    heads = [
        (one, mood) for mood in (REPORT, PLAN, NEGATION, CONDITION, QUESTION) for one in phrases(data.get(mood, ()))
    ]
    return MoodWords(
        tuple(sorted(heads, key=lambda one: -len(one[0]))),
        phrases(data["subjects"]),
        phrases(data["conditions"]),
        phrases(data["reasons"]),
        phrases(data["denied"]),
        phrases(data["questions"]),
        phrases(data["done"]),
        frozenset(data["particles"]),
        phrases(data["stops"]),
        frozenset(phrases(data["only_marked"])),
    )


def is_courtesy_da(line: str) -> bool:
    """True for "dạ", or "da" before a comma; "da chuyen" is a report."""
    return _COURTESY_DA.match(line) is not None


def asks(text: str, words: MoodWords) -> bool:
    """True for a question, by its question mark or its ending."""
    return text.rstrip(" .\"”'’)").endswith("?") or _ends(text, words.questions, words)


def is_done(text: str, words: MoodWords) -> bool:
    """True when the words after a command say that it was carried out already: "rồi", "hôm qua"."""
    return _ends(text, words.done, words)


def _ends(text: str, wanted: Sequence[Words], words: MoodWords) -> bool:
    said = said_in(text[-LONGEST:])
    end = len(said.words)
    while end and said.words[end - 1] in words.particles:
        end -= 1
    return any(said.begins(end - len(one), one) and end >= len(one) for one in wanted)


def has_condition(text: str, words: MoodWords, *, ahead: bool = False) -> bool:
    """A condition, exception or negation in the words after a command (``ahead``: only at their start).

    In a reason ("vì bên này chưa có ai làm", "do không phải việc của mình") a negation sets no condition.
    """
    said = said_in(_without_denials_of_reasons(text, words))
    places = range(min(1, len(said.words)) if ahead else len(said.words))
    return any(said.begins(at, one, strict=one in words.only_marked) for at in places for one in words.conditions)


def _without_denials_of_reasons(text: str, words: MoodWords) -> str:
    parts = _REASON.split(text)
    for at, part in enumerate(parts):
        if at and length_at(said_in(part), 0, words.reasons):
            parts[at] = without(part, words.denied)
    return "".join(parts)


def mood_of(line: str, words: MoodWords, is_order: Callable[[str], bool]) -> str:
    """The mood of a line that gives no command; "" when it does not mention a command at all.

    ``is_order`` says whether a part of the line would be a command if it stood alone.
    """
    if len(line) > LONGEST:
        return ""
    said, at = said_in(line), 0
    while at < len(said.words):
        head = _head(said, at, words)
        if head is not None and not (at == 0 and is_courtesy_da(line)):
            behind = at + len(head[0])
            rest = line[said.places[behind][0] :] if behind < len(said.words) else ""
            if is_order(rest):
                return QUESTION if asks(line, words) else head[1]
        subject = next((len(one) for one in words.subjects if said.begins(at, one)), 0)
        if not subject and head is None:
            break
        at += subject or len(head[0] if head else ())
    return _behind(line, words, is_order)


def _head(said: Statement, at: int, words: MoodWords) -> tuple[Words, str] | None:
    heads = (one for one in words.heads if said.begins(at, one[0], strict=one[0] in words.only_marked))
    return next(heads, None)


def governed(text: str, words: MoodWords) -> Iterator[tuple[str, str]]:
    """Each word anywhere in a text that makes what follows a report, plan or denial, as its mood and what follows."""
    said = said_in(text)
    for at in range(len(said.words)):
        head = _head(said, at, words)
        behind = at + len(head[0]) if head else 0
        if head and behind < len(said.words):
            yield head[1], text[said.places[behind][0] :]


def begins_clause(text: str, words: MoodWords) -> bool:
    """True for "… đã có ý kiến" after a name, which is then the subject of that clause."""
    return _head(said_in(text), 0, words) is not None


def _behind(line: str, words: MoodWords, is_order: Callable[[str], bool]) -> str:
    """The mood given by the words after a command: "Chuyển SXD được không?", "Từ chối rồi"."""
    if not is_order(line):
        return ""
    if asks(line, words):
        return QUESTION
    if is_done(line, words):
        return REPORT
    return CONDITION if has_condition(line, words) else ""


def stop_in(line: str, words: MoodWords) -> tuple[int, int] | None:
    """The position of "à nhầm" at the start of a line or after punctuation; the words before it no longer count."""
    said = said_in(line)
    for at, (begins, _) in enumerate(said.places):
        if at and not _SIGN.search(line[:begins]):
            continue
        found = next((one for one in words.stops if said.begins(at, one)), None)
        if found is not None and (at == 0 or len(found) > 1):
            return begins, said.places[at + len(found) - 1][1]
    return None
