"""Whether a text is an answer: what speaks for it, and what forbids to pass it on.

Words of an office about a mail ("đang xử lý", "chờ ký") are no answer, however many; a decision, an amount, or what
was or will be done to the very thing asked about is one, however short. A veto ("không gửi công dân", a draft, a
file that is not there) keeps a text from the citizen whatever else stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rules.message.quote_markers import DEFAULT
from rules.reply.named_parts import named_parts
from rules.reply.sentences import Sentence, is_bare, sentences_of, without_quotations
from rules.reply.unit_names import UnitNames
from rules.reply.verbs import VerbPhrases, load_verb_phrases
from rules.text import squash, strip_marks
from rules.text.dates import dates_in
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import Verb

ENOUGH = 2
"""Points from which a text is an answer."""
_SPOKEN_OF = "nói đến việc được hỏi"
MANY_WORDS = 20
"""Words about the matter that are a sign; twice as many are two."""
FORMAL_WORDS = 60
"""An answer of so many words may also ask the citizen for something, or speak to the Board, without being held."""
_CLAUSE = re.compile(r"(?<=[^\d\s])[,;:](?=\s)|(?<=\d)[,;:](?=\s)|\s[–-]\s|\n+|[.!?…](?=\s)|[()]|\bnh[ưu] sau\b")
"""Where a clause ends; behind "như sau" the matter begins, though a dictated mail has no colon there."""
_PLACEHOLDER = re.compile(r"\[\s*(?:nội dung|noi dung|điền|ghi|…|\.\.\.)[^\]]{0,60}\]|…{2,}|\.{5,}|_{5,}")
_SYLLABLE = re.compile(r"[^\W\d_]+")

VETOES = {
    "kept": "nói không gửi công dân hoặc chỉ để nội bộ biết",
    "draft": "là dự thảo hoặc nhờ xem trước",
    "recalled": "nói thu hồi, bỏ qua hoặc gửi nhầm",
    "unsigned": "còn chờ ký, chờ duyệt",
    "advised": "là ý kiến tham mưu",
    "before": "nói là đã trả lời trước đó",
    "absent": "là thư báo vắng mặt hoặc thư của máy",
    "called": "là lời nói với người trong đơn vị",
    "later": "nói câu trả lời còn gửi sau",
    "inner": "là việc giao trong đơn vị",
}
"""Vetoes that hold in a text of any length, and why, for the trace."""
KEPT = VETOES["kept"]
SOFT = {
    "board": "là lời nói với Ban Biên tập",
    "asked": "là lời hỏi người gửi câu hỏi",
    "office": "là chuyện trong cơ quan",
}
"""Vetoes that a formal answer outweighs: it may well end with a request."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a text as an answer (``points``, ``signs``) and what forbids it (``vetoes``)."""

    points: int = 0
    matter: int = 0
    """Points of the matter alone: without opening, signer, number and file."""
    signs: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    asks_citizen: bool = False
    """It asks the person who asked for something."""

    @property
    def is_answer(self) -> bool:
        """True when the text may leave as the official answer."""
        return not self.vetoes and self.points >= ENOUGH

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


STRONG = 4
"""Points of the matter from which a text is an answer, whatever act one of its sentences looks like."""
TOLD = 3
"""The same for a text that also says that the question was received."""


def settled(verb: Verb, unit: str, evidence: Evidence) -> Verb:
    """The verb of a unit's text in the light of the evidence; NONE where a person must look.

    ``unit``: whom the text names as competent, "" for nobody.
    """
    answers, matter = evidence.is_answer, evidence.matter
    if verb is Verb.ANSWER:
        return Verb.ANSWER if answers else Verb.NONE
    if answers and matter >= _needed(verb):
        return Verb.ANSWER
    if verb in {Verb.NOT_COMPETENT, Verb.FORWARDED} and evidence.taken_back:
        return Verb.NONE
    return Verb.RECEIVED if verb is Verb.FORWARDED and not unit else verb


def _needed(verb: Verb) -> int:
    """How much of the matter outweighs a verb; what a unit asks for, or says is not its own, it does mean."""
    if verb in {Verb.NONE, Verb.FOLLOW_UP}:
        return ENOUGH
    if verb is Verb.RECEIVED:
        return TOLD
    return STRONG if verb in {Verb.FORWARDED, Verb.ASKS_CITY} else NEVER


NEVER = 1_000


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
    sentences = sentences_of(without_quotations(text), names, short=phrases.short)
    bare = is_bare(text)
    clauses = [part for one in sentences for part in _clauses(one, names, phrases.short, bare=bare)]
    known = content_of(asked, source)
    signs: dict[str, int] = {}
    words = 0
    for one in clauses:
        found, said = _matter(one, phrases, known, source)
        words += said
        for sign, points in found.items():
            signs[sign] = max(points, signs.get(sign, 0))
    if words >= MANY_WORDS and signs.keys() - {_SPOKEN_OF}:  # many words alone may be about anything
        signs[f"{words} chữ về nội dung"] = 2 if words >= 2 * MANY_WORDS else 1
    matter = sum(signs.values())
    formal = _formal(sentences, phrases, papers, opened_words=words)
    long = words >= FORMAL_WORDS or (matter >= 4 and bool(formal))
    vetoes = _vetoes(text, sentences, clauses, phrases, papers, long=long)
    points = matter + sum(formal.values()) if matter or papers.files else 0
    asks = any(phrases.find("veto.asked", one) for one in sentences)
    return Evidence(points, matter, (*signs, *formal), vetoes, asks)


def _clauses(sentence: Sentence, names: UnitNames, short: Mapping[str, str], *, bare: bool) -> Iterator[Sentence]:
    for part in _CLAUSE.split(sentence.raw):
        if part.strip():
            yield from sentences_of(part, names, bare, short)


def _matter(one: Sentence, phrases: VerbPhrases, known: frozenset[str], source: Source) -> tuple[dict[str, int], int]:
    """What a clause says of the matter, and in how many words; of the office's own doing only an amount counts."""
    signs: dict[str, int] = {}
    if _amounts(source).search(one.raw.lower()):
        signs["số tiền hoặc số lượng"] = 2
    own_doing = any(phrases.find(name, one) for name in ("evidence.process", "small_talk.lines", "answer.opens"))
    if own_doing and not (phrases.find("evidence.done", one) or phrases.find("evidence.not_process", one)):
        return signs, 0
    if phrases.find("evidence.law", one):
        if not re.search(r"\d", one.raw):  # "theo quy định tại Luật Đất đai" leaves open which rule and what it says
            return signs | {"căn cứ pháp luật": 1}, one.count
        signs["căn cứ pháp luật"] = 2
    shared = _shared(one, known)
    if shared >= 2:
        signs["nói đúng việc được hỏi"] = 2
    elif shared == 1:
        signs[_SPOKEN_OF] = 1
    if dates_in(one.raw, None) or phrases.find("evidence.when", one):
        signs["thời gian"] = 1
    if phrases.find("evidence.outcome", one):
        signs["việc đã làm, sẽ làm"] = 1
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
        signs["có văn bản đính kèm"] = 2
    if papers.signed_by:
        signs[f"chữ ký số hợp lệ của {papers.signed_by}"] = 2
    return signs


def _speaks(veto: str, one: Sentence, phrases: VerbPhrases) -> bool:
    """Whether a sentence speaks a veto; what is handed to the Board is not given to a colleague."""
    handed = veto == "inner" and phrases.find("veto.to_board", one)
    return not handed and phrases.find(f"veto.{veto}", one) is not None


def _to_board(one: Sentence, phrases: VerbPhrases) -> bool:
    """Whether a clause wants something of the Board other than to pass the answer on."""
    said = phrases.find("veto.board", one) or phrases.find("veto.board_clause", one)
    passes = any(phrases.find(name, one) for name in ("veto.board_passes", "answer.attached"))
    return said is not None and not (passes and len(list(phrases.find_all("veto.board_named", one))) < 2)


def _softly(sentences: Sequence[Sentence], clauses: Sequence[Sentence], phrases: VerbPhrases) -> list[str]:
    """The vetoes that a formal answer outweighs."""
    found = [SOFT["board"]] if any(_to_board(one, phrases) for one in (*sentences, *clauses)) else []
    for name in ("asked", "office"):
        found += [SOFT[name]] if any(phrases.find(f"veto.{name}", one) for one in sentences) else []
    questions = sentences and all(one.raw.rstrip().endswith("?") for one in sentences)
    return [*found, "là câu hỏi"] if questions else found


def _vetoes(
    text: str,
    sentences: Sequence[Sentence],
    clauses: Sequence[Sentence],
    phrases: VerbPhrases,
    papers: Papers,
    *,
    long: bool,
) -> tuple[str, ...]:
    spoken = [one for one in sentences if not phrases.find("veto.not_these", one)]
    found = [why for name, why in VETOES.items() if any(_speaks(name, one, phrases) for one in spoken)]
    if not long:
        found += _softly(spoken, clauses, phrases)
    if not papers.files and any(phrases.find("veto.announced", one) for one in spoken):
        found.append("nói có tệp kèm theo nhưng không có tệp")
    if named_parts(text)[1]:
        found.append("trả lời nhiều người hỏi trong một thư, xin gửi riêng từng người")
    if _PLACEHOLDER.search(text.lower()):
        found.append("còn chỗ chưa điền")
    return tuple(found)
