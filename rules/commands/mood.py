"""Whether a line orders something to be done now: reports, plans, negations, conditions and questions do not.

Marks count here: "đã chuyển" reports, "dạ chuyển" is a courtesy, and without marks "da" is taken for "đã".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rules.commands.phrases import Statement, Words, phrases, said_in

REPORT, PLAN, NEGATION, CONDITION, QUESTION = "report", "plan", "negation", "condition", "question"
DOUBT = "doubt"
"""The line is an order, and the mail holds a word of doubt (``rules.commands.second_thoughts``)."""
STOPPED = "stopped"
"""The line was an order, and a later line of the same mail takes it back."""

_SIGN = re.compile(r"[,.;:!?\-–—(]\s*$")
LONGEST = 600
"""Letters of a line in which a mood is looked for."""
_COURTESY_DA = re.compile(r"^\W*(?:dạ(?!\w)|da\s*[,.!])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MoodWords:
    """Phrases with their marks (``commands.toml`` [mood]); ``heads`` has the mood of a line that begins so."""

    heads: tuple[tuple[Words, str], ...]
    subjects: tuple[Words, ...]
    conditions: tuple[Words, ...]
    questions: tuple[Words, ...]
    done: tuple[Words, ...]
    """What ends a report: "Chuyển SXD rồi"."""
    particles: frozenset[str]
    stops: tuple[Words, ...]
    only_marked: frozenset[Words]
    """What means something else too when it is written without marks."""


def mood_words(data: Mapping[str, Sequence[str]]) -> MoodWords:
    """The section of the data file, longest phrases first."""
    heads = [
        (one, mood) for mood in (REPORT, PLAN, NEGATION, CONDITION, QUESTION) for one in phrases(data.get(mood, ()))
    ]
    return MoodWords(
        tuple(sorted(heads, key=lambda one: -len(one[0]))),
        phrases(data["subjects"]),
        phrases(data["conditions"]),
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
    """A question by its sign or by how it ends."""
    return text.rstrip(" .\"”'’)").endswith("?") or _ends(text, words.questions, words)


def is_done(text: str, words: MoodWords) -> bool:
    """True for what stands behind an order that was carried out already: "rồi", "hôm qua"."""
    return _ends(text, words.done, words)


def _ends(text: str, wanted: Sequence[Words], words: MoodWords) -> bool:
    said = said_in(text[-LONGEST:])
    end = len(said.words)
    while end and said.words[end - 1] in words.particles:
        end -= 1
    return any(said.begins(end - len(one), one) and end >= len(one) for one in wanted)


def has_condition(text: str, words: MoodWords, *, ahead: bool = False) -> bool:
    """A condition, exception or negation in what follows an order (``ahead``: as its first words only)."""
    said = said_in(text)
    places = range(min(1, len(said.words)) if ahead else len(said.words))
    return any(said.begins(at, one, strict=one in words.only_marked) for at in places for one in words.conditions)


def mood_of(line: str, words: MoodWords, is_order: Callable[[str], bool]) -> str:
    """The mood of a line that is no order, "" where it speaks of no order at all.

    ``is_order`` says whether a piece of the line would be one if it stood alone.
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


def begins_clause(text: str, words: MoodWords) -> bool:
    """True for "… đã có ý kiến" behind a name: the name is what the clause speaks of."""
    return _head(said_in(text), 0, words) is not None


def _behind(line: str, words: MoodWords, is_order: Callable[[str], bool]) -> str:
    """The mood that stands behind an order's own words: "Chuyển SXD được không?", "Từ chối rồi"."""
    if not is_order(line):
        return ""
    if asks(line, words):
        return QUESTION
    if is_done(line, words):
        return REPORT
    return CONDITION if has_condition(line, words) else ""


def stop_in(line: str, words: MoodWords) -> tuple[int, int] | None:
    """Where "à nhầm" stands at the beginning of a line or behind a sign: what stands before it no longer counts."""
    said = said_in(line)
    for at, (begins, _) in enumerate(said.places):
        if at and not _SIGN.search(line[:begins]):
            continue
        found = next((one for one in words.stops if said.begins(at, one)), None)
        if found is not None and (at == 0 or len(found) > 1):
            return begins, said.places[at + len(found) - 1][1]
    return None
