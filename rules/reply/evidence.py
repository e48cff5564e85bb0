"""Whether a text is an answer: the evidence for it.

An office's remarks about handling a mail ("đang xử lý", "chờ ký") are no answer, however many there are. A decision,
an amount, or what was or will be done about the matter itself is one, however short. What rules out passing a text
on is in ``rules.reply.vetoes``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rules.message.quote_markers import DEFAULT
from rules.reply.sentences import Sentence
from rules.reply.unit_names import UnitNames
from rules.reply.verbs import VerbPhrases, load_verb_phrases
from rules.reply.vetoes import ELSEWHERE, PAPER, VETOES, among, cut, denied, doubts, vetoes
from rules.reply.vote import Sound, second_opinion, sound
from rules.text import squash, strip_marks
from rules.text.dates import dates_in
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Verb

ENOUGH = 2
"""A text with this many points is an answer."""
_SPOKEN_OF = "nói đến việc được hỏi"
_TOLD = "nói người hỏi được gì, làm gì"
_DONE = "việc đã làm, sẽ làm"
_CLAIM = "việc thế nào"
MANY_CLAIMS = 2
"""So many clauses that state how things are count as a sign of their own, if the text contains a figure."""
_FIGURE = re.compile(r"\d")
_MANY = "nói nhiều điều"
_WHEN = "thời gian"
_EXACTLY = "nói đúng việc được hỏi"
_RULE = "căn cứ pháp luật"
_ALLOWED = "luật cho hay không"
_YES_OR_NO = "nói có hay không"
_NO_CLAIM = frozenset({_SPOKEN_OF, _EXACTLY, _WHEN, _RULE, _YES_OR_NO, "nêu lý do"})
"""Signs that state nothing by themselves."""
_VAGUE = _NO_CLAIM - {_EXACTLY, _RULE, _YES_OR_NO} | {_DONE, _CLAIM, _MANY}
"""Signs that remarks about preparing an answer also show."""
_NOT_OWN = ("evidence.done", "evidence.not_process", "evidence.told")
"""Phrases that show that a clause is about the matter or addresses the citizen, despite a word for office work."""
MANY_WORDS = 20
"""So many words about the matter are worth one point; twice as many are worth two."""
FORMAL_WORDS = 60
"""An answer with this many words is not held for also asking the citizen for something or addressing the Board."""
_MONTH = re.compile(r"(?<![\d/])\d{1,2}/20\d\d(?!\d)|\b[qQ]u[ýy]\s+(?:[IVX]+|\d)\s*/\s*20\d\d")
"""A month or quarter with its year."""
_SYLLABLE = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The evidence for a text as an answer (``points``, ``signs``) and against sending it (``vetoes``)."""

    points: int = 0
    needed: int = ENOUGH
    """The points it needs: more if it contains remarks among colleagues, or only states how things are."""
    matter: int = 0
    """Points for the content alone: without opening, signer, number and file."""
    signs: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    denies: bool = False
    """True when it says that the unit is not competent and no other veto applies."""
    partly: bool = False
    """True when it refuses only a part of the question and answers the rest, keeps it, or is not sure of it."""
    asks_citizen: bool = False
    """True when it asks the citizen for something."""
    heard: Sound = field(default_factory=Sound)

    @property
    def is_answer(self) -> bool:
        """True when the text may leave as the official answer."""
        return not self.vetoes and self.points >= self.needed

    @property
    def taken_back(self) -> bool:
        """True when it takes back or corrects another mail."""
        return VETOES["recalled"] in self.vetoes

    @property
    def trace(self) -> str:
        """The evidence in one line for the officer."""
        found = ", ".join(self.signs) or "không có dấu hiệu nào"
        against = f"; không gửi vì {', '.join(self.vetoes)}" if self.vetoes else ""
        return f"Căn cứ xem là câu trả lời ({self.points} điểm): {found}{against}"


STRONG = 5
"""A text with this many points for its content is an answer, even if one of its sentences looks like another verb."""
TOLD = 4
"""The same for a text that also confirms receipt of the question."""


def settled(verb: Verb, unit: str, evidence: Evidence) -> Verb:
    """The verb of a unit's text after weighing evidence and vote; NONE when a person must look.

    ``unit``: the unit that the text names as competent, "" for none.
    """
    found = second_opinion(by_phrases(verb, unit, evidence), evidence.vetoes, evidence.heard)
    # A question that the unit answers in part, or is not sure about, stays with the unit.
    leaves = found in {Verb.NOT_COMPETENT, Verb.FORWARDED}
    return Verb.NONE if leaves and unit and evidence.partly else found


def by_phrases(verb: Verb, unit: str, evidence: Evidence) -> Verb:
    """The verb according to the phrases and the evidence alone."""
    answers, matter = evidence.is_answer, evidence.matter
    if verb is Verb.ANSWER and not answers:
        return Verb.NOT_COMPETENT if evidence.denies else Verb.NONE
    if answers and (verb is Verb.ANSWER or matter >= _needed(verb)):
        return Verb.ANSWER
    if verb in {Verb.NOT_COMPETENT, Verb.FORWARDED} and evidence.taken_back:
        return Verb.NONE
    if verb is Verb.RECEIVED and evidence.asks_citizen:  # what the requester is asked for must reach him
        return Verb.NONE
    if verb is Verb.NOT_COMPETENT and matter >= STRONG and ELSEWHERE not in evidence.vetoes:
        return Verb.NONE  # with so much content it may be an answer that only mentions another body
    if verb is Verb.FORWARDED and not unit:
        return Verb.NONE if PAPER in evidence.vetoes else Verb.RECEIVED  # a letter to another body is no receipt
    return verb


def _needed(verb: Verb) -> int:
    """The content points that outweigh a verb; requests for time and refusals are always meant as such."""
    if verb in {Verb.NONE, Verb.FOLLOW_UP}:
        return ENOUGH
    if verb is Verb.RECEIVED:
        return TOLD
    return STRONG if verb in {Verb.FORWARDED, Verb.ASKS_CITY} else NEVER


NEVER = 1_000
MOST_AMONG = 3
"""At most this many extra points are required of a long text for remarks among colleagues."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What comes with the text: attached documents, its own number, its signer's title."""

    files: int = 0
    document: str = ""
    signer_title: str = ""
    signed_by: str = ""
    """Who made the valid digital signature on a document; "" if there is none."""


def weigh(text: str, asked: str, papers: Papers, names: UnitNames, source: Source = DEFAULT) -> Evidence:
    """Weigh a text as the answer to a question; ``asked`` is the question's text, "" when it is not known."""
    phrases = load_verb_phrases(source)
    parts = cut(text, names, phrases)
    known = content_of(asked, source)
    signs: dict[str, int] = {}
    if phrases.in_any("evidence.greets", parts.sentences):
        signs[_TOLD] = 1
    told = [_matter(one, phrases, known, source) for one in parts.clauses]
    words = sum(said for _, said in told)
    for found, _ in told:
        for sign, points in found.items():
            signs[sign] = max(points, signs.get(sign, 0))
    if _FIGURE.search(text) and sum(not found.keys().isdisjoint({_DONE, _CLAIM}) for found, _ in told) >= MANY_CLAIMS:
        signs[_MANY] = 1
    if _DONE in signs:
        signs.pop(_CLAIM, None)
    if not signs.keys() - _NO_CLAIM:  # only mentioning the matter, a rule, or a time, states nothing about it
        signs = {}
    weak = not papers.files and not signs.keys() - _NO_CLAIM - {_CLAIM, _MANY}
    counted = f"{words} chữ về nội dung"
    if words >= MANY_WORDS and signs.keys() - {_SPOKEN_OF}:  # many words alone can be about anything
        signs[counted] = 2 if words >= 2 * MANY_WORDS else 1
    matter = sum(signs.values())
    formal = _formal(parts.sentences, phrases, papers, opened_words=words)
    long = words >= FORMAL_WORDS or (matter >= STRONG and bool(formal))
    found_vetoes = vetoes(text, parts, phrases, files=papers.files, long=long, formal=bool(formal))
    vague = not papers.files and not signs.keys() - _VAGUE - {counted}
    apart = not papers.files and signs.keys().isdisjoint({_SPOKEN_OF, _EXACTLY})
    doubted = doubts(text, parts.behind, phrases, vague=vague, formal=long and bool(formal))
    found_vetoes = tuple(dict.fromkeys((*found_vetoes, *doubted)))
    points = matter + sum(formal.values()) if matter or papers.files else 0
    asks = phrases.in_any("veto.asked", parts.sentences)
    colleagues = 0 if papers.files or (long and formal) else among(parts, phrases)
    bar = ENOUGH + weak + min(colleagues, MOST_AMONG if long else colleagues)
    denies = found_vetoes == (ELSEWHERE,) and denied(parts, phrases)
    partly = VETOES["later"] in found_vetoes or phrases.in_any("not_competent.partly", parts.sentences)
    named = phrases.in_any("answer.named", parts.sentences[:1])
    heard = sound(parts.sentences, source, files=papers.files, formal=named or bool(formal), apart=apart)
    return Evidence(points, bar, matter, (*signs, *formal), found_vetoes, denies, partly, asks, heard)


def _matter(one: Sentence, phrases: VerbPhrases, known: frozenset[str], source: Source) -> tuple[dict[str, int], int]:
    """A clause's signs and its number of words about the matter; for office work, only an amount counts."""
    signs: dict[str, int] = {}
    percent = "%" in one.raw and phrases.find("evidence.percent_of", one)
    if percent or _amounts(source).search(one.raw.lower()):
        signs["số tiền hoặc số lượng"] = 2
    own_doing = any(phrases.find(name, one) for name in ("evidence.process", "small_talk.lines", "answer.opens"))
    if own_doing and not any(phrases.find(name, one) for name in _NOT_OWN):
        return signs, 0
    if phrases.find("evidence.law", one) or phrases.find("evidence.law_allows", one):
        if not re.search(r"\d", one.raw):  # "theo quy định tại Luật Đất đai" does not say which rule or what it says
            allows = phrases.find("evidence.law_allows", one) is not None
            return signs | ({_ALLOWED: 1} if allows else {_RULE: 1}), one.count
        signs[_RULE] = 2
    shared = _shared(one, known)
    if shared >= 2:
        signs[_EXACTLY] = 2
    elif shared == 1:
        signs[_SPOKEN_OF] = 1
    if phrases.find("evidence.reason", one):
        signs["nêu lý do"] = 1
    dated = bool(dates_in(one.raw, None) or _MONTH.search(one.raw) or phrases.find("evidence.when", one))
    if dated:
        signs[_WHEN] = 1
    if phrases.find("evidence.outcome", one) or (dated and phrases.find("evidence.perfect", one)):
        signs[_DONE] = 1
    elif phrases.find("evidence.states", one):
        signs[_CLAIM] = 1
    if phrases.find("evidence.yes_or_no", one):
        signs[_YES_OR_NO] = 1
    if phrases.find("evidence.told", one):
        signs[_TOLD] = 1
    if phrases.find("evidence.where", one):
        signs["nơi, cách làm"] = 1
    return signs, one.count


@lru_cache(maxsize=SOURCES_KEPT)
def _amounts(source: Source) -> re.Pattern[str]:
    units = sorted(source.toml("verbs.toml")["evidence"]["measures"].split(), key=len, reverse=True)
    forms = "|".join(dict.fromkeys(re.escape(form) for unit in units for form in (unit, strip_marks(unit))))
    return re.compile(rf"(?<![\d/])\d[\d.,]*\s?(?:{forms})(?![\w])")


@lru_cache(maxsize=SOURCES_KEPT)
def _common(source: Source) -> frozenset[str]:
    return frozenset(strip_marks(source.toml("verbs.toml")["evidence"]["common"]).split())


def _syllables(text: str) -> list[str]:
    return _SYLLABLE.findall(strip_marks(squash(text)))


def content_of(asked: str, source: Source) -> frozenset[str]:
    """The syllables of the question that carry its meaning, and its pairs of syllables."""
    words = _syllables(asked)
    single = {word for word in words if word not in _common(source)}
    pairs = {f"{one} {other}" for one, other in pairwise(words) if one in single or other in single}
    return frozenset(single | pairs)


def _shared(one: Sentence, known: frozenset[str]) -> int:
    """How much of the question a clause repeats: a pair of syllables counts as two."""
    words = _syllables(re.sub(r"⟦\d+⟧", " ", one.words))
    pairs = {f"{left} {right}" for left, right in pairwise(words)} & known
    return 2 * len(pairs) + len(set(words) & known)


def _formal(sentences: Sequence[Sentence], phrases: VerbPhrases, papers: Papers, opened_words: int) -> dict[str, int]:
    """Signs of an official answer: a typical opening, a document number, a signer's title, an attached document."""
    signs: dict[str, int] = {}
    if opened_words and any(phrases.find("answer.opens", one) for one in sentences):
        signs["mở đầu là câu trả lời"] = 1
    if papers.document:
        signs[f"văn bản số {papers.document}"] = 1
    if papers.signer_title:
        signs[f"người ký: {papers.signer_title}"] = 1
    if papers.files:
        named = not sentences or phrases.in_any("evidence.papers", sentences)  # a file can be anything
        signs["có văn bản đính kèm"] = 2 if named else 1
    if papers.signed_by:
        signs[f"chữ ký số hợp lệ của {papers.signed_by}"] = 2
    return signs
