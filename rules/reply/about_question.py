"""What a reply says about its question: which register numbers it is about and which it only refers to (a number in
running text is a reference), how it opens behind them, what of it asks the Board for something, which part of the
question it leaves to another unit (10.1.g), and that somebody answers it at a session.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import lru_cache
from itertools import zip_longest

from rules.message.quote_markers import DEFAULT
from rules.reply.patterns import LinePatterns, load_line_patterns, load_number_patterns
from rules.reply.sentences import (
    Sentence,
    matter_of,
    sentences_of,
    tells_a_day,
    without_quotations,
    without_repeated,
)
from rules.reply.unit_names import UnitNames
from rules.reply.verbs import VerbPhrases, load_verb_phrases
from rules.text import squash
from rules.text.patterns import one_of_list
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.register_number import number_places

LONGEST_OPENING = 160
"""Such an opening, or one that names no speaker ("Xin trả lời bà: …"), ends within this many characters."""
LONGEST_LEAD = 8
"""So many words at most, a unit's name counted as one, stand before a number at the head of a sentence."""


@dataclass(frozen=True, slots=True)
class NumbersSaid:
    """The register numbers in a unit's own text, each once, in order."""

    every: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    """At the head of the text or of a sentence: "Trả lời câu hỏi HP-…", "HP-…: …"."""
    referred: tuple[str, ...] = ()
    """Only referred to: "đã nêu tại câu hỏi HP-…"."""
    denied: tuple[str, ...] = ()
    """Said not to be meant: "không phải HP-…"."""
    apart: tuple[str, ...] = ()
    """After a comma, with a text of its own that may be another number's answer: "HP-… đã nhận, HP-… thì …"."""
    together: tuple[str, ...] = ()
    """Enumerated, and in doubt: the text may be of all of them."""
    parted: tuple[str, ...] = ()
    """Its own, where they stand at several places and at none of these all: each may have an answer of its own."""


def numbers_said(text: str, names: UnitNames, source: Source = DEFAULT) -> NumbersSaid:
    """Which numbers a text is about, and which it only refers to; what is in doubt is in neither list."""
    found: dict[Stands, list[str]] = {how: [] for how in Stands}
    every, together, places = list[str](), list[str](), list[set[str]]()
    if not number_places(text, source.prefix):
        return NumbersSaid()
    lines, first = load_line_patterns(source), True
    for sentence in sentences_of(in_one_row(without_quotations(text), source.prefix, lines), names, lines):
        standing = _standing(sentence.raw, names, source, first=first)
        every += [code for code, _, _ in standing]
        places += [
            {code for code, how, at in standing if at == begins and how is Stands.OWN} for _, _, begins in standing
        ]
        for code, how, begins in standing:
            found[how].append(code)
            beside = [each for _, each, at in standing if at == begins]
            together += [code] if len(beside) > 1 and {*beside} <= _DOUBTED else []
        first = first and bool(lines.hello.match(sentence.raw + ", ") or lines.to_board.match(sentence.raw))
    own, others = found[Stands.OWN], (found[how] for how in (Stands.REFERRED, Stands.DENIED, Stands.APART))
    parted = [] if {*own} in [*places, set()] or lines.alike.search(text) else own
    lists = (every, own, *others, together, parted)
    return NumbersSaid(*(tuple(dict.fromkeys(codes)) for codes in lists))


def in_one_row(text: str, prefix: str, lines: LinePatterns) -> str:
    """The text with numbers that stand one below the other, each alone on its line, in one row: they head together
    what follows. One with a colon behind it has no answer yet."""
    rows, heads, blank = list[str](), list[str](), list[str]()  # heads: such numbers; blank: the lines below them
    for row in text.split("\n"):
        if heads and not row.strip():
            blank.append("")
            continue
        places = number_places(row, prefix)
        alone = len(places) == 1 and lines.leads.match(row, 0, places[0][1]) and not row[places[0][2] :].strip(" ,;.")
        if alone and heads:
            heads[0] = heads[0].rstrip(" ,;.")
            heads.append(row[slice(*places[0][1:])])
        else:
            rows += [", ".join(heads), *blank] if heads else []
            heads = [row] if alone else []
            rows += [] if alone else [row.strip() and row]
        blank = []
    return "\n".join([*rows, ", ".join(heads), *blank] if heads else rows)


def behind_head(text: str, names: UnitNames, source: Source = DEFAULT) -> str:
    """What stands behind the numbers that alone head a text and their colon ("Trả lời chung HP-1, HP-2: …")."""
    head, colon, rest = text.partition(":")
    places = number_places(head, source.prefix)
    if not (colon and places) or head[places[-1][2] :].strip(" )]*_"):
        return text
    said = numbers_said(head, names, source)
    return rest if said.every == said.own else text


def matter_sentences(text: str, names: UnitNames, phrases: VerbPhrases) -> tuple[Sentence, ...]:
    """The sentences of what a reply says of its matter, without what it quotes."""
    matter = matter_of(without_quotations(text), phrases.lines)
    return sentences_of(matter, names, phrases.lines, short=phrases.short)


def opens_as_told(text: str, names: UnitNames, phrases: VerbPhrases, source: Source) -> bool:
    """ "Sở Xây dựng trả lời: …" """
    opening, colon, _ = behind_head(text[:LONGEST_OPENING], names, source).partition(":")
    return bool(colon) and phrases.in_any("answer.named", matter_sentences(opening, names, phrases)[-1:])


def behind_opening(text: str, names: UnitNames, phrases: VerbPhrases) -> str:
    """What stands behind "Xin trả lời bà: …", said to whoever asked or to nobody; "" without such words."""
    for at in (place for place, sign in enumerate(text[:LONGEST_OPENING]) if sign == ":"):
        begins = text[at + 1 : at + 2].isspace() and at + 1 < LONGEST_OPENING
        if begins and phrases.in_any("answer.begun", matter_sentences(text[:at], names, phrases)[-1:]):
            return text[at + 1 :]
    return ""


def _standing(text: str, names: UnitNames, source: Source, *, first: bool) -> list[tuple[str, Stands, int]]:
    """How each number of a sentence stands, and where its enumeration begins. Those of one that heads a text head it
    together: "Trả lời HP-1 và HP-2: …", "HP-1, HP-2 cùng nội dung: …"."""
    patterns, lines, found = load_number_patterns(source), load_line_patterns(source), list[tuple[str, Stands, int]]()
    last, begins, lead, stood = 0, 0, "", Stands.REFERRED
    for code, start, end in number_places(text, source.prefix):
        between, behind = text[last:start], text[end:]
        joined = bool(found) and patterns.joined.fullmatch(between) is not None
        begins, lead = (begins, lead) if joined else (len(found), between)
        heads = None if last else first
        stood = _goes_on(stood, between, _stands(between, behind, names, source, first=heads), source)
        behind = ":" if lines.alike.match(behind.lstrip().removeprefix("có ")) else behind
        if joined and stood is Stands.UNCLEAR and _stands(lead, behind, names, source, first=first) is Stands.OWN:
            stood = Stands.OWN
        found.append((code, stood, begins))
        if stood is Stands.OWN:
            found[begins:] = [(one, Stands.OWN if how in _DOUBTED else how, at) for one, how, at in found[begins:]]
        last = end
    return found


class Stands(Enum):
    """How a number stands in its sentence."""

    OWN, REFERRED, UNCLEAR, DENIED, APART = range(5)


_DOUBTED = frozenset({Stands.UNCLEAR, Stands.APART})
"""Of an enumeration, it stands as the others do that are sure."""


def _goes_on(stood: Stands, between: str, alone: Stands, source: Source) -> Stands:
    """How a number stands that is enumerated with the one before, or is meant in its place; else as it does alone."""
    patterns = load_number_patterns(source)
    if alone is Stands.OWN or (stood is Stands.DENIED and patterns.instead.fullmatch(between)):
        return Stands.OWN  # "Không phải HP-1, HP-2: đường sẽ sửa."
    unsure = _DOUBTED if alone is Stands.REFERRED else frozenset()  # "Thu hồi HP-1 và HP-2"
    return stood if stood in {Stands.OWN, Stands.DENIED, *unsure} and patterns.joined.fullmatch(between) else alone


def _stands(before: str, behind: str, names: UnitNames, source: Source, *, first: bool | None) -> Stands:
    """How a number stands behind what its sentence says before it; ``first``: in the first sentence, or None where
    another number stands before it."""
    patterns = load_number_patterns(source)
    lead = patterns.things.sub("", squash(before))
    if patterns.denied.search(lead):
        return Stands.DENIED
    if patterns.refers_at_end.search(lead):
        return Stands.REFERRED
    heads = load_line_patterns(source).numbered.match(behind)
    if lead.endswith(",") and lead.strip(" ,"):
        return Stands.OWN if heads else Stands.APART
    lead = re.split(r"[:;]", lead)[-1].strip(' ,.-–—*•[("“')
    parts = (lead, lead.rpartition(",")[2].strip())
    if not lead or patterns.bullet.fullmatch(lead):
        alone = first is not None and not patterns.goes_on.match(squash(behind))
        return Stands.OWN if heads or (first and alone) else Stands.APART if alone else Stands.UNCLEAR
    if any(_is_lead(part, names, source) for part in parts):
        return Stands.OWN
    return Stands.APART if any(patterns.plain.fullmatch(part) for part in parts) else Stands.UNCLEAR


def _is_lead(lead: str, names: UnitNames, source: Source) -> bool:
    """ "Sở Xây dựng trả lời", "nội dung này là của": words that make the number behind them the text's own."""
    patterns, bare = load_number_patterns(source), lead.isascii()
    for mention in reversed(names.find(lead, bare=bare)):
        lead = f"{lead[: mention.start]} {lead[mention.end :]}"
    lead = " ".join(lead.split())
    if match := patterns.verb_at_end.search(lead):
        rest = lead[: match.start()]
        return len(rest.split()) < LONGEST_LEAD and not patterns.refers.search(rest)
    match = patterns.of_at_end.search(lead)
    return match is not None and patterns.plain.fullmatch(lead[: match.start()].strip()) is not None


def asks_of_board(text: str, asked: str, names: UnitNames, source: Source = DEFAULT) -> tuple[str, ...]:
    """The sentences of a unit's text that ask the Board for something, or pass the question on; sentences that
    only repeat words of the question (``asked``) are left out."""
    phrases, says = load_verb_phrases(source), ("received.office", "received.apart")
    sentences = matter_sentences(without_repeated(text, asked), names, phrases)
    return tuple(one.raw for one in sentences if "?" in one.raw or any(phrases.find(name, one) for name in says))


IN_PERSON_ASIDE = ("small_talk.lines", "received.says")
"""What may stand beside the word that somebody answers at the session."""


def answers_in_person(text: str, names: UnitNames, source: Source = DEFAULT) -> bool:
    """Whether a unit's text says that somebody of it answers at the session, and nothing of the matter itself."""
    phrases = load_verb_phrases(source)
    sentences = matter_sentences(text, names, phrases)
    says = [one for one in sentences if phrases.find("in_person.says", one)]
    plain = [phrases.without("in_person.written", one) for one in sentences]
    asks = any("?" in one.raw or phrases.find("in_person.unsure", one) for one in plain)
    aside = (one for one in sentences if any(phrases.find(name, one) for name in IN_PERSON_ASIDE))
    if asks or not says or {*sentences} - {*says, *aside}:
        return False
    return not any(phrases.find("evidence.outcome", phrases.without("in_person.says", one)) for one in says)


DIVIDED = "chỉ trả lời một phần câu hỏi, phần khác đơn vị báo thuộc cơ quan khác"
"""Why a text that answers a part and leaves another to another unit does not leave by itself, nor is a refusal."""
_LISTED = re.compile(r"^([ \t*(]*)(\d{1,2}|[IVX]{1,4}|[a-dđ])[.)/]+[ \t]+", re.MULTILINE)
"""The number of an item, whose full stop ends no sentence."""
_ITEM = re.compile(
    r"[ \t*]*(?:[(]?(?:\d{1,2}|[IVX]{1,4}|[a-dđ])[)]|[-–+•]"
    r"|(?:câu|cau|ý|y|mục|muc)[ ](?:số |so )?(?:\d|thứ|thu|một|hai|ba)\b)",
    re.IGNORECASE,
)
_LABEL = re.compile(r" (?:(?:câu|cau|ý|y|mục|muc) )?(?:\d{1,2}|[a-dđ]) ")
ASIDE = (
    *("not_competent.claims", "not_competent.redirects", "not_competent.owners", "left.owned", "left.disowned"),
    *("left.passes", "small_talk.lines"),
)
"""What answers nothing: words about another unit's business, and courtesies."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a text tells of its matter, and the sentences that leave a part of the question to another unit."""

    told: tuple[Sentence, ...] = ()
    others: tuple[Sentence, ...] = ()
    sure: bool = False
    """True when one of these speaks of a part by name or number; the rest of them might mean the whole question."""


PASSES, DISOWNS, OWNED = "passes", "disowns", "owned"
CLEAR = frozenset({PASSES, DISOWNS})
"""How a sentence leaves something to another unit; the first two by more than saying whose it is."""
WORDS_OF_PARTS = ("joins", "things", "between", "begins", "these")


@lru_cache(maxsize=SOURCES_KEPT)
def _begins_part(source: Source) -> re.Pattern[str]:
    """What parts a sentence where it goes on to another part of the question."""
    of = source.toml("verbs.toml")["left"]
    joins, things, between, begins, these = (one_of_list(of[key]) for key in WORDS_OF_PARTS)
    behind = rf"(?:[,:.;][ ]*|[ ]+)(?={joins}[ ]+(?:{between}[ ]+)?{things}\b)"
    return re.compile(rf"{behind}|[,.][ ]*(?={begins}\b(?![ ]+{these}\b))", re.IGNORECASE)


def left_to_others(
    text: str, names: UnitNames, phrases: VerbPhrases, unit: str = "", source: Source = DEFAULT
) -> Left:
    """What a text of ``unit`` tells, and by which words it leaves a part of its question to another unit; nothing
    where it refuses the whole, or tells the asker himself where to turn."""
    cut = _begins_part(source).sub("; ", _LISTED.sub(r"\1\2) ", text))
    sentences = sentences_of(cut, names, phrases.lines, short=phrases.short)
    kept = phrases.in_any("left.kept", sentences)
    said = {one: _leaves(one, phrases, unit) for one in sentences}
    parts = {one: kept or _is_part(one, phrases) for one in sentences}
    turns = {one for one, then in zip_longest(sentences, sentences[1:]) if _turns(one, then, phrases, parts)}
    left = tuple(one for one in sentences if parts[one] and (said[one] == PASSES or (said[one] and one not in turns)))
    whole = any(said[one] and phrases.find("left.whole", one) for one in sentences)
    named = {one for one in {*sentences} - turns if said[one] in CLEAR and _names_other(one, phrases, unit)}
    might = tuple(one for one in sentences if one in named or phrases.find("left.straight", one))
    might = () if left or whole else might
    aside = {*left, *might, *(one for one in sentences if any(phrases.find(name, one) for name in ASIDE))}
    told = (one for one in sentences if one not in aside and not one.raw.endswith(":"))
    return Left(tuple(replace(one, words=_LABEL.sub(" ", one.words, 1)) for one in told), left or might, bool(left))


def _is_part(one: Sentence, phrases: VerbPhrases) -> bool:
    """Whether a sentence speaks of a part of the question, and not of most of it."""
    if _ITEM.match(one.raw):
        return True
    may = phrases.find("left.sure", one) or (phrases.find("left.part", one) and not phrases.find("left.whole", one))
    return bool(may) and not phrases.find("left.most", one)


def _names_other(one: Sentence, phrases: VerbPhrases, unit: str) -> bool:
    """Whether a sentence speaks of a matter and names another unit."""
    return phrases.find("left.matter", one) is not None and any(unit not in codes for codes in one.units)


def _turns(one: Sentence, then: Sentence | None, phrases: VerbPhrases, parts: Mapping[Sentence, bool]) -> bool:
    """Whether a sentence, or the next about the same part, tells the asker where to turn."""
    next_too = then is not None and not parts[then] and phrases.find("left.asker", then)
    return bool(next_too or phrases.find("left.asker", one))


def _leaves(one: Sentence, phrases: VerbPhrases, unit: str) -> str:
    """How a sentence says that another unit should answer: it asks the Board to pass that on, says that it is not the
    unit's own, or only whose it is; "" for none."""
    passes = phrases.find("not_competent.redirects", one) or phrases.find("left.passes", one)
    if passes and phrases.find("left.named", one) and not phrases.find("left.to_asker", one):
        return PASSES
    claims = phrases.find("not_competent.claims", one) and not phrases.find("not_competent.not_these", one)
    if claims or phrases.find("left.disowned", one):
        return DISOWNS
    others = not one.units or not unit or any(unit not in codes for codes in one.units)
    tells = tells_a_day(one.raw) or phrases.find("evidence.when", phrases.without("left.sure", one))
    return OWNED if others and not tells and phrases.find("left.owned", one) else ""
