"""Whether a text is an answer: what speaks for it.

Words of an office about a mail ("đang xử lý", "chờ ký") are no answer, however many; a decision, an amount, or what
was or will be done to the very thing asked about is one, however short. What forbids to pass a text on is in
``rules.reply.vetoes``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from rules.message.quote_markers import DEFAULT
from rules.reply.doubts import doubts
from rules.reply.sentences import Sentence
from rules.reply.unit_names import UnitNames
from rules.reply.verbs import VerbPhrases, load_verb_phrases
from rules.reply.vetoes import ELSEWHERE, VETOES, among, cut, denied, vetoes
from rules.reply.vote import Sound, second_opinion, sound
from rules.text import squash, strip_marks
from rules.text.dates import dates_in
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Verb

ENOUGH = 2
"""Points from which a text is an answer."""
_SPOKEN_OF = "nói đến việc được hỏi"
_TOLD = "nói người hỏi được gì, làm gì"
_DONE = "việc đã làm, sẽ làm"
_CLAIM = "việc thế nào"
MANY_CLAIMS = 2
"""Clauses that say how the thing stands, from which that is a sign of its own where a figure stands in the text."""
_FIGURE = re.compile(r"\d")
_MANY = "nói nhiều điều"
_WHEN = "thời gian"
_EXACTLY = "nói đúng việc được hỏi"
_NO_CLAIM = frozenset({_SPOKEN_OF, _EXACTLY, _WHEN, "nêu lý do"})
"""Signs that claim nothing by themselves."""
_VAGUE = _NO_CLAIM - {_EXACTLY} | {_DONE, _CLAIM, _MANY}
"""Signs that words about the making of an answer bear too."""
_NOT_OWN = ("evidence.done", "evidence.not_process", "evidence.told")
"""What shows that a clause speaks of the thing or to the asker, though a word of the office's doing is in it."""
MANY_WORDS = 20
"""Words about the matter that are a sign; twice as many are two."""
FORMAL_WORDS = 60
"""An answer of so many words may also ask the citizen for something, or speak to the Board, without being held."""
_MONTH = re.compile(r"(?<![\d/])\d{1,2}/20\d\d(?!\d)|\b[qQ]u[ýy]\s+(?:[IVX]+|\d)\s*/\s*20\d\d")
"""A month or quarter with its year."""
_SYLLABLE = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a text as an answer (``points``, ``signs``) and what forbids it (``vetoes``)."""

    points: int = 0
    needed: int = ENOUGH
    """Points it needs: more for words of colleagues among themselves, and where it only says how things stand."""
    matter: int = 0
    """Points of the matter alone: without opening, signer, number and file."""
    signs: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    denies: bool = False
    """It says that the unit is not the one, and nothing else forbids to pass it on."""
    asks_citizen: bool = False
    """It asks the person who asked for something."""
    heard: Sound = field(default_factory=Sound)

    @property
    def is_answer(self) -> bool:
        """True when the text may leave as the official answer."""
        return not self.vetoes and self.points >= self.needed

    @property
    def taken_back(self) -> bool:
        """It takes back or corrects another mail."""
        return VETOES["recalled"] in self.vetoes

    @property
    def trace(self) -> str:
        """One line for the officer."""
        found = ", ".join(self.signs) or "không có dấu hiệu nào"
        against = f"; không gửi vì {', '.join(self.vetoes)}" if self.vetoes else ""
        return f"Căn cứ xem là câu trả lời ({self.points} điểm): {found}{against}"


STRONG = 5
"""Points of the matter from which a text is an answer, whatever act one of its sentences looks like."""
TOLD = 4
"""The same for a text that also says that the question was received."""


def settled(verb: Verb, unit: str, evidence: Evidence) -> Verb:
    """The verb of a unit's text in the light of the evidence and of the vote; NONE where a person must look.

    ``unit``: whom the text names as competent, "" for nobody.
    """
    return second_opinion(by_phrases(verb, unit, evidence), evidence.vetoes, evidence.heard)


def by_phrases(verb: Verb, unit: str, evidence: Evidence) -> Verb:
    """The verb as the phrases and the evidence alone have it."""
    answers, matter = evidence.is_answer, evidence.matter
    if verb is Verb.ANSWER and not answers:
        return Verb.NOT_COMPETENT if evidence.denies else Verb.NONE
    if answers and (verb is Verb.ANSWER or matter >= _needed(verb)):
        return Verb.ANSWER
    if verb in {Verb.NOT_COMPETENT, Verb.FORWARDED} and evidence.taken_back:
        return Verb.NONE
    if verb is Verb.NOT_COMPETENT and matter >= STRONG and ELSEWHERE not in evidence.vetoes:
        return Verb.NONE  # so much of the matter may be an answer that names another body on the way
    return Verb.RECEIVED if verb is Verb.FORWARDED and not unit else verb


def _needed(verb: Verb) -> int:
    """How much of the matter outweighs a verb; what a unit asks for, or says is not its own, it does mean."""
    if verb in {Verb.NONE, Verb.FOLLOW_UP}:
        return ENOUGH
    if verb is Verb.RECEIVED:
        return TOLD
    return STRONG if verb in {Verb.FORWARDED, Verb.ASKS_CITY} else NEVER


NEVER = 1_000
MOST_AMONG = 3
"""Points more that words of colleagues ask of a long text."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What comes with the text: attached documents, its own number, its signer's title."""

    files: int = 0
    document: str = ""
    signer_title: str = ""
    signed_by: str = ""
    """Whose digital signature of a document is valid, "" for nobody."""


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
    if not signs.keys() - _NO_CLAIM:  # what is only about the thing, and when, says nothing of it
        signs = {}
    weak = not papers.files and not signs.keys() - _NO_CLAIM - {_CLAIM, _MANY}
    counted = f"{words} chữ về nội dung"
    if words >= MANY_WORDS and signs.keys() - {_SPOKEN_OF}:  # many words alone may be about anything
        signs[counted] = 2 if words >= 2 * MANY_WORDS else 1
    matter = sum(signs.values())
    formal = _formal(parts.sentences, phrases, papers, opened_words=words)
    long = words >= FORMAL_WORDS or (matter >= STRONG and bool(formal))
    found_vetoes = vetoes(text, parts, phrases, files=papers.files, long=long, formal=bool(formal))
    vague = not papers.files and not signs.keys() - _VAGUE - {counted}
    doubted = doubts(text, parts.behind, phrases, vague=vague, formal=long and bool(formal))
    found_vetoes = tuple(dict.fromkeys((*found_vetoes, *doubted)))
    points = matter + sum(formal.values()) if matter or papers.files else 0
    asks = phrases.in_any("veto.asked", parts.sentences)
    colleagues = 0 if papers.files or (long and formal) else among(parts, phrases)
    bar = ENOUGH + weak + min(colleagues, MOST_AMONG if long else colleagues)
    denies = found_vetoes == (ELSEWHERE,) and denied(parts, phrases)
    named = phrases.in_any("answer.named", parts.sentences[:1])
    heard = sound(parts.sentences, source, files=papers.files, formal=named or bool(formal))
    return Evidence(points, bar, matter, (*signs, *formal), found_vetoes, denies, asks, heard)


def _matter(one: Sentence, phrases: VerbPhrases, known: frozenset[str], source: Source) -> tuple[dict[str, int], int]:
    """What a clause says of the matter, and in how many words; of the office's own doing only an amount counts."""
    signs: dict[str, int] = {}
    if _amounts(source).search(one.raw.lower()):
        signs["số tiền hoặc số lượng"] = 2
    own_doing = any(phrases.find(name, one) for name in ("evidence.process", "small_talk.lines", "answer.opens"))
    if own_doing and not any(phrases.find(name, one) for name in _NOT_OWN):
        return signs, 0
    if phrases.find("evidence.law", one):
        if not re.search(r"\d", one.raw):  # "theo quy định tại Luật Đất đai" leaves open which rule and what it says
            return signs | {"căn cứ pháp luật": 1}, one.count
        signs["căn cứ pháp luật"] = 2
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
    """The question's syllables that say what it is about, and its pairs of syllables."""
    words = _syllables(asked)
    single = {word for word in words if word not in _common(source)}
    pairs = {f"{one} {other}" for one, other in pairwise(words) if one in single or other in single}
    return frozenset(single | pairs)


def _shared(one: Sentence, known: frozenset[str]) -> int:
    """How much of the question a clause takes up: a pair of syllables counts as two."""
    words = _syllables(re.sub(r"⟦\d+⟧", " ", one.words))
    pairs = {f"{left} {right}" for left, right in pairwise(words)} & known
    return 2 * len(pairs) + len(set(words) & known)


def _formal(sentences: Sequence[Sentence], phrases: VerbPhrases, papers: Papers, opened_words: int) -> dict[str, int]:
    """How an official answer looks: it opens as one, bears a number, a signer's title, a document."""
    signs: dict[str, int] = {}
    if opened_words and any(phrases.find("answer.opens", one) for one in sentences):
        signs["mở đầu là câu trả lời"] = 1
    if papers.document:
        signs[f"văn bản số {papers.document}"] = 1
    if papers.signer_title:
        signs[f"người ký: {papers.signer_title}"] = 1
    if papers.files:
        named = not sentences or phrases.in_any("evidence.papers", sentences)  # a file may be anything
        signs["có văn bản đính kèm"] = 2 if named else 1
    if papers.signed_by:
        signs[f"chữ ký số hợp lệ của {papers.signed_by}"] = 2
    return signs
