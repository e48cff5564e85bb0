"""The verb of a reply: answer, not competent, more time, received, asks the city, forwarded, follow-up.

The phrases are in ``verbs.toml``. Only a short text to the Board gets another verb than answer; a long text that
answers stays an answer, whatever else it mentions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from rules.message.quote_markers import DEFAULT
from rules.reply.patterns import LinePatterns, load_line_patterns
from rules.reply.sentences import Sentence
from rules.text.patterns import Phrases, compile_phrases
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Verb

OPENED_REFUSAL = 80
"""With this many words of content after "trả lời như sau", a refusal is only one part of an answer."""
LONGEST_REFUSAL = 150
LONGEST_CLAIM = 60
LONGEST_POINTER = 30
LONGEST_ASKING = 80
LONGEST_PASSED_ON = 40
LEAST_TOLD = 3
"""At least so many words after "trả lời như sau:" are an answer."""
LONGEST_RECEIVED = 30
LONGEST_WEAK = 15
LONGEST_DATA = 30
"""A mail of at most this many words with a telephone number gives a person's data."""
LEAST_ANSWER = 3
_PHONE = re.compile(r"(?<!\d)(?:\+?84|0)[ .-]?\d(?:[ .-]?\d){7,9}(?!\d)")
MATTER = frozenset({"claim", "redirect", "pointer", "owner", "extension", "city", "city_weak", "passed"})
"""Signs that a sentence is about the matter; without another act it is then an answer."""
ACTS = frozenset({"claim", "redirect", "extension", "city", "city_weak", "passed", "received"})
"""Signs of acts; they do not count in reported speech ("phường cho rằng …")."""
VOICES = frozenset({"citizen", "unit", "firm", "limit"})
"""Signs of who speaks, and about what, but not of acts; a sentence with no other signs is about the matter."""
LEFT_OUT = "⟦⟧"
"""Replaces words taken out of a sentence; no phrase and no unit matches it."""
CLOSE = 30
"""A unit named within this many letters after a claim is the speaker: "… thẩm quyền giải quyết của Sở X"."""
_TURNS = frozenset({"thuộc", "thuoc", "chuyển", "chuyen", "do", "gửi", "gui", "hỏi", "hoi", "liên", "lien"})
_OF = frozenset({"của", "bên", "do", "thuộc", "cua", "ben", "thuoc", "về", "ve", "là", "la"})
_UNIT_MARK = re.compile(r"⟦(\d+)⟧")


@dataclass(frozen=True, slots=True)
class VerbPhrases:
    """The compiled phrases by their key in the file: ``not_competent.claims`` and so on."""

    by_name: Mapping[str, Phrases]
    lines: LinePatterns
    short: Mapping[str, str] = field(default_factory=dict)
    """Short forms typed in haste, and the words they stand for."""

    def find(self, name: str, sentence: Sentence) -> re.Match[str] | None:
        """The first match of one of the phrases in a sentence."""
        return self.by_name[name].search(sentence.words, bare=sentence.bare)

    def in_any(self, name: str, sentences: Sequence[Sentence]) -> bool:
        """True when one of the phrases matches in one of the sentences."""
        return any(self.find(name, sentence) for sentence in sentences)

    def without(self, name: str, sentence: Sentence) -> Sentence:
        """The sentence with each match replaced by a sign, so that no phrase matches in it or across it."""
        words = self.by_name[name].sub(f"{LEFT_OUT} ", sentence.words, bare=sentence.bare)
        return sentence if words == sentence.words else replace(sentence, words=words)

    def find_all(self, name: str, sentence: Sentence) -> Iterator[re.Match[str]]:
        """All matches, including overlapping ones."""
        start = 0
        while match := self.by_name[name].search(sentence.words, bare=sentence.bare, start=start):
            yield match
            start = match.start() + 1


@dataclass(frozen=True, slots=True)
class Judged:
    """The verb, the sentence that gives it, and the codes of the unit that the sentence names."""

    verb: Verb
    said: str = ""
    unit: tuple[str, ...] = ()
    where: int = -1


@lru_cache(maxsize=SOURCES_KEPT)
def load_verb_phrases(source: Source = DEFAULT) -> VerbPhrases:
    """Read the phrases. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("verbs.toml")
    names = phrase_names(data)
    return VerbPhrases(
        {f"{section}.{key}": compile_phrases(data[section][key], names) for section, key in phrase_keys(data)},
        load_line_patterns(source),
        {form: word for word, forms in data["written"].items() for form in forms.split()},
    )


def phrase_names(data: Mapping[str, Any]) -> Mapping[str, str]:
    """The replacements for names in braces."""
    forwarded, term = data["forwarded"], data["extension"]["term"]
    return {**data["places"], "term": term, "thing": forwarded["thing"], "desk": forwarded["desk"]}


def phrase_keys(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The section and the key of each list of phrases."""
    return [
        (section, key)
        for section, content in data.items()
        for key, value in content.items()
        if isinstance(value, list) and section not in {"units", "titles"}
    ]


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence with the signs found in it."""

    sentence: Sentence
    signs: frozenset[str]


def judge(sentences: Sequence[Sentence], phrases: VerbPhrases) -> Judged:
    """The verb of a text; NONE when it contains nothing but courtesies."""
    marked = [Marked(sentence, _signs(sentence, phrases)) for sentence in sentences]
    substance = sum(_substance(one, phrases) for one in marked)
    opened = any(one.signs & {"opens", "attached"} for one in marked)
    return (
        _short(marked, Verb.RECEIVED, "inner", substance, LONGEST_RECEIVED, opened)
        or _refusal(marked, substance, opened, phrases)
        or _short(marked, Verb.EXTENSION, "extension", substance, LONGEST_ASKING, opened)
        or _short(marked, Verb.EXTENSION, "itself", substance, LONGEST_REFUSAL, opened)
        or _short(marked, Verb.ASKS_CITY, "city", substance, LONGEST_ASKING, opened)
        or _short(marked, Verb.ASKS_CITY, "city_weak", substance, LONGEST_WEAK, opened)
        or _passed_on(marked, substance, opened, phrases)
        or _short(marked, Verb.RECEIVED, "received", substance, LONGEST_RECEIVED, opened)
        or _said(marked, substance, opened)
    )


def _substance(one: Marked, phrases: VerbPhrases) -> int:
    """Words about the matter itself: those after "trả lời như sau", and sentences without any phrase."""
    if not one.signs - VOICES:
        return one.sentence.count
    if "opens" in one.signs and (match := phrases.find("answer.opens", one.sentence)):
        return len(one.sentence.words[match.end() :].split())
    return 0


def _signs(sentence: Sentence, phrases: VerbPhrases) -> frozenset[str]:
    # First remove signs that other words cancel: nothing below may rest on a sign that does not hold.
    found = {sign for sign, name in _SIGNS if phrases.find(name, sentence)}
    if "inner" in found and not phrases.find("veto.inner", phrases.without("veto.not_these", sentence)):
        found.discard("inner")
    sets = "claim" in found and phrases.find("not_competent.sets", sentence) and re.search(r"\d", sentence.raw)
    if sets and not phrases.find("not_competent.claims", phrases.without("not_competent.sets", sentence)):
        found -= {"claim", "owner"}
    for sign, name in _BUT_NOT:
        if sign in found and phrases.find(
            name, phrases.without(_ASIDE[name], sentence) if name in _ASIDE else sentence
        ):
            found.discard(sign)
    # After those exceptions, as they do not cancel a unit's request for more time for itself.
    if phrases.find("extension.itself", sentence):
        found |= {"extension", "itself"}
    # A reported act does not count; a repeated request for time does, and is therefore added afterwards.
    if found & ACTS and phrases.find("reported.says", phrases.without("extension.awaited", sentence)):
        found -= ACTS
    if phrases.find("extension.again", sentence) and not phrases.find("extension.not_these", sentence):
        found.add("extension")
    # Last, when all acts are known: next to an act, small talk and thanks are courtesy and open no answer.
    if found & {"talk", "thanks"} and found & {"claim", "redirect", "extension", "city", "received", "passed"}:
        found -= {"talk", "thanks"}
    if found & {"claim", "extension", "promise"}:
        found -= {"opens", "attached", "tells"}
    return frozenset(found)


_SIGNS = (
    ("claim", "not_competent.claims"),
    ("limit", "not_competent.limits"),
    ("redirect", "not_competent.redirects"),
    ("pointer", "not_competent.pointers"),
    ("owner", "not_competent.owners"),
    ("extension", "extension.asks"),
    ("city", "asks_city.says"),
    ("city_weak", "asks_city.weak"),
    ("passed", "forwarded.says"),
    ("received", "received.says"),
    ("inner", "veto.inner"),
    ("promise", "received.promises"),
    ("opens", "answer.opens"),
    ("tells", "answer.tells"),
    ("attached", "answer.attached"),
    ("brief", "answer.brief"),
    ("follow", "follow_up.says"),
    ("firm", "follow_up.firm"),
    ("citizen", "follow_up.citizen"),
    ("unit", "follow_up.unit"),
    ("note", "forward_note.cover"),
    ("talk", "small_talk.lines"),
    ("thanks", "small_talk.thanks"),
)
_BUT_NOT = (
    ("claim", "not_competent.not_these"),
    ("limit", "not_competent.not_these"),
    ("owner", "not_competent.not_owned"),
    ("extension", "extension.not_these"),
    ("citizen", "follow_up.not_these"),
    ("firm", "follow_up.not_these"),
    ("passed", "forwarded.not_these"),
    ("passed", "veto.to_board"),
    *((sign, "forwarded.asked") for sign in ("passed", "inner", "received", "redirect")),
    ("inner", "veto.to_board"),
    ("redirect", "not_competent.to_asker"),
    ("received", "received.not_these"),
    ("promise", "received.not_promised"),
    ("opens", "answer.not_these"),
    ("talk", "small_talk.not_these"),
)
_ASIDE = {"extension.not_these": "extension.awaited", "forwarded.asked": "forwarded.own"}
"""Words in which such an exception does not count."""


def _refusal(marked: Sequence[Marked], substance: int, opened: bool, phrases: VerbPhrases) -> Judged | None:
    """A refusal: the unit says it is not competent, or asks to pass the question on (clause 10.1.g)."""
    signs = frozenset().union(*(one.signs for one in marked)) if marked else frozenset()
    only_limits = "limit" in signs and "claim" not in signs
    claim, redirect = "claim" in signs or (only_limits and "owner" in signs), "redirect" in signs
    if "city" in signs and not redirect:
        return None  # the matter is beyond its powers, so it asks the city (clause 15.3)
    words = sum(one.sentence.count for one in marked)
    official = opened or any("unit" in one.signs and "owner" not in one.signs for one in marked)
    other_act = signs & {"extension", "city", "passed"}
    names_owner = "owner" in signs and words <= LONGEST_POINTER and not (official or other_act)
    names_owner = names_owner and not any(_tells_figure(one, phrases) for one in marked)
    if not (claim or redirect or names_owner):
        return None
    if claim and (redirect or signs & {"owner", "pointer"}):
        fits = substance < (OPENED_REFUSAL if opened else LONGEST_REFUSAL)
    else:
        fits = substance < LONGEST_CLAIM and not (opened and substance >= LONGEST_RECEIVED)
    if not fits:
        return None
    where = next(at for at, one in enumerate(marked) if one.signs & {"claim", "redirect", "owner"})
    unit = _named(marked, phrases) or (() if only_limits else _only_other(marked, phrases))
    return Judged(Verb.NOT_COMPETENT, marked[where].sentence.raw, unit, where)


def _tells_figure(one: Marked, phrases: VerbPhrases) -> bool:
    """A sentence that names no competent unit and tells the citizen, with a figure, what was done or what to do."""
    said = any(phrases.find(name, one.sentence) for name in ("evidence.told", "evidence.outcome"))
    return said and not one.signs & MATTER and re.search(r"\d", one.sentence.raw) is not None


def _named(marked: Sequence[Marked], phrases: VerbPhrases) -> tuple[str, ...]:
    """The unit the question should go to: named in the request to pass it on, else as competent; () for none."""
    wanted = [phrases.without("not_competent.unwanted", one.sentence) for one in marked]
    for name in ("not_competent.redirects", "not_competent.owners", "not_competent.pointers"):
        for sentence in wanted:
            for match in phrases.find_all(name, sentence):
                marks = _UNIT_MARK.findall(match.group())
                if marks and not _is_denied(sentence.words, match):
                    return sentence.units[int(marks[-1])]
    return ()


def _only_other(marked: Sequence[Marked], phrases: VerbPhrases) -> tuple[str, ...]:
    """The only unit named besides the writing unit; () for none or several."""
    others = {codes for one in marked for codes in _units_not_denied(one, phrases)}
    return next(iter(others)) if len(others) == 1 else ()


def _is_denied(words: str, match: re.Match[str]) -> bool:
    """True for "không thuộc thẩm quyền của X": X is the unit that refuses."""
    return words[: match.start()].rstrip().rsplit(" ", 1)[-1] in {"không", "khong", "ngoài", "chưa"}


def _units_not_denied(one: Marked, phrases: VerbPhrases) -> list[tuple[str, ...]]:
    """Units named but one warned of and the writing unit: the first word of a sentence, or what a claim denies."""
    wanted = _UNIT_MARK.findall(phrases.without("not_competent.unwanted", one.sentence).words)
    claim = phrases.find("not_competent.claims", one.sentence)
    kept = []
    for mark in _UNIT_MARK.finditer(one.sentence.words):
        before = one.sentence.words[: mark.start()].split()
        itself = not before or (claim is not None and _is_speaker(one.sentence.words, claim, mark, before[-1]))
        if not itself and mark[1] in wanted:
            kept.append(one.sentence.units[int(mark[1])])
    return kept


def _is_speaker(words: str, claim: re.Match[str], mark: re.Match[str], word_before: str) -> bool:
    """True when a unit named in a claim is the writing unit: named before the claim or directly after it."""
    if mark.start() < claim.start():
        return word_before not in _OF
    between = words[claim.end() : mark.start()]
    return len(between) < CLOSE and not set(between.split()) & _TURNS


def _short(
    marked: Sequence[Marked], verb: Verb, sign: str, substance: int, limit: int, opened: bool
) -> Judged | None:
    """A verb that only a short text has: the rest of the text must not be an answer."""
    if substance >= limit or (opened and substance >= limit // 3):
        return None
    if sign == "received" and substance >= LEAST_TOLD and any("tells" in one.signs for one in marked):
        return None
    return next((Judged(verb, one.sentence.raw, (), at) for at, one in enumerate(marked) if sign in one.signs), None)


def _passed_on(marked: Sequence[Marked], substance: int, opened: bool, phrases: VerbPhrases) -> Judged | None:
    found = _short(marked, Verb.FORWARDED, "passed", substance, LONGEST_PASSED_ON, opened)
    if found is None:
        return None
    sentence = marked[found.where].sentence
    match = phrases.find("forwarded.says", sentence)
    behind = _UNIT_MARK.search(sentence.words, match.start() if match else 0)
    unit = sentence.units[int(behind[1])] if behind else _named(marked, phrases)  # "… thuộc UBND X, đã chuyển phường"
    return Judged(found.verb, found.said, unit, found.where)


def _said(marked: Sequence[Marked], substance: int, opened: bool) -> Judged:
    """An answer, a citizen's follow-up, or nothing: the first row of the table that applies."""
    signs: set[str] = set().union(*(one.signs for one in marked)) if marked else set()
    official = opened or "unit" in signs
    text = " ".join(one.sentence.raw for one in marked)
    if substance and not official and _PHONE.search(text) and len(text.split()) <= LONGEST_DATA:
        return Judged(Verb.FOLLOW_UP, text)
    table = (
        (Verb.ANSWER, {"attached"}, True),
        (Verb.FOLLOW_UP, {"firm"}, not opened),
        (Verb.FOLLOW_UP, {"follow"}, not official),
        (Verb.FOLLOW_UP, {"citizen"}, not official and substance >= LEAST_ANSWER),
        (Verb.ANSWER, {"brief"}, True),
        (Verb.RECEIVED, {"promise"}, substance < LEAST_ANSWER),
        (Verb.ANSWER, MATTER, substance < LEAST_ANSWER),
    )
    for verb, wanted, fits in table:
        if fits and (said := next((one.sentence.raw for one in marked if one.signs & wanted), "")):
            return Judged(verb, said)
    return Judged(Verb.ANSWER, text) if substance >= LEAST_ANSWER else Judged(Verb.NONE)
