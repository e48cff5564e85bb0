"""What a department's text is, by a statistical vote, and the evidence for and against it as an answer.

The vote (``rules.text.statistical_vote``) decides between an answer, another act, and what a person must look at. An
answer leaves only if no veto forbids it, and a few words only if they show a sign of an answer: a decision, an
amount, or what was or will be done about the matter. A veto stands in the text's words or shows in its form:
it must not go out, is a draft or taken back, waits for a signature, advises or asks the office, goes to another body,
tells of several people, has a gap or lacks its file. Signs and vetoes stand in the trace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from rules.message.quote_markers import DEFAULT
from rules.reply.about_question import DIVIDED, Left, behind_opening, left_to_others, matter_sentences, opens_as_told
from rules.reply.sentences import (
    Sentence,
    amounts,
    both_ends,
    content_of,
    counted,
    matter_of,
    named_parts,
    of_several_people,
    plain_lines,
    sentences_of,
    shares_words,
    tells_a_day,
    unmarked,
    without_quotations,
)
from rules.reply.unit_names import UnitNames
from rules.reply.verbs import VerbPhrases, load_verb_phrases
from rules.text.statistical_vote import shares
from rules.values.data_file import Source
from rules.values.model import Verb

MODEL = "replies"
ASKS = "asks"
"""The class of a text that asks the requester for something; the others are verbs."""
KNOWN = 0.5
"""The vote must know this share of a text's syllables; names and figures of the matter may be unknown."""
SURE_ANSWER, SURE_ACT = 0.75, 0.5
"""The share that makes a text an answer, or another act; a refusal that no phrase confirms needs the first. What
came of it with strangers that the vote had not learnt stands in docs/routing-measured.md."""
SURE_OFFICIAL = 0.3
"""The share for an answer that opens as departments are told ("Sở X trả lời: …"), or has a signed document."""
SURE_PART, SURE_ALONE, NEVER = 0.5, 0.9, 2.0
"""The share for a part of a text that tells what was or will be done, and where no word says that it is a part."""
STRAYS = range(5, 11)  # words of a sentence that turns the answer around it; a shorter one is a veto
LEAST_ACT = 0.1
"""An act that phrases find needs this share; another language or a text of unknown words has none and is believed."""
FEW_WORDS = 12
"""A text with fewer words must show a sign of an answer, since "Có ạ" also sounds like one."""
SPOKEN_OF = "nói đến việc được hỏi"
_YES_OR_NO = "nói có hay không"
_OPENS = "mở đầu là câu trả lời"
BEGINS = "Lời thư mở đầu là câu trả lời, nhưng phần sau chưa đủ rõ để tự gửi."
"""The remark on a text that calls itself an answer although the vote does not take it for one."""
_DONE, _WHEN, _AMOUNT = "việc đã làm, sẽ làm", "thời gian", "số tiền hoặc số lượng"
TELLING = frozenset({_DONE, _WHEN, _AMOUNT})
"""Signs of which a part that is an answer by itself has one."""
WEAK = frozenset({SPOKEN_OF, _YES_OR_NO})
"""Signs that prove nothing by themselves."""
ACTS = frozenset({Verb.RECEIVED, Verb.EXTENSION, Verb.NOT_COMPETENT})
"""Acts by sound; they send the requester nothing."""
BY_PHRASES = frozenset({Verb.EXTENSION, Verb.NOT_COMPETENT, Verb.FORWARDED, Verb.ASKS_CITY})
"""Acts that phrases find, where the vote is not sure of another."""
SOUNDS = {
    Verb.ANSWER: "Lời thư giống một câu trả lời.",
    Verb.RECEIVED: "Lời thư giống thư báo đã nhận.",
    Verb.EXTENSION: "Lời thư giống thư xin gia hạn.",
    Verb.NOT_COMPETENT: "Lời thư giống thư báo việc không thuộc thẩm quyền.",
    ASKS: "Lời thư hỏi thêm người gửi câu hỏi.",
    Verb.NONE: "Lời thư không giống một câu trả lời.",
}
"""What the trace says of the class that a text most sounds like."""
VETOES = {
    "kept": "nói không gửi công dân hoặc chỉ để nội bộ biết",
    "draft": "là dự thảo hoặc nhờ xem trước",
    "recalled": "nói thu hồi, bỏ qua hoặc gửi nhầm",
    "unsigned": "còn chờ ký, chờ duyệt",
    "elsewhere": "báo Ban Biên tập là đã trả lời người hỏi bằng đường khác",
    "advised": "là ý kiến tham mưu",
    "rest": "hứa trả lời tiếp phần còn lại",
    "asked": "nhờ Ban Biên tập kiểm tra, tìm hiểu hộ",
    "unread": "báo tệp không đọc được hoặc xin gửi lại",
}
"""Vetoes by words, with their reasons for the trace."""
KEPT = VETOES["kept"]
RECALLED = VETOES["recalled"]
STOPPING = frozenset({RECALLED, VETOES["unsigned"]})
"""Vetoes that stop an answer that has been given and still waits; the others concern only their own mail."""
LETTER = "là thư gửi cơ quan khác"
NO_FILE = "nói có tệp kèm theo nhưng không có tệp"
SEVERAL = "trả lời nhiều người hỏi trong một thư, xin gửi riêng từng người"
GAP = "còn chỗ chưa điền"
PEOPLE = "nêu số định danh hoặc số điện thoại của nhiều người"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a text as an answer (``signs``), against it (``vetoes``), and what it sounds like."""

    signs: tuple[str, ...] = ()
    vetoes: tuple[str, ...] = ()
    likely: Mapping[str, float] = field(default_factory=dict)
    """The share of each class: verbs, NONE for what a person must look at, ``ASKS``; {} when no word is known."""
    words: int = 0
    official: bool = False
    """True when it opens as departments are told, or a document beside it has a valid digital signature, unless the
    whole is less sure and one of its sentences sounds otherwise ("Khoan gửi.")."""
    partly: bool = False
    """True when it refuses only a part of the question and answers the rest, keeps it, or is not sure of it."""
    half: bool = False
    """True when it answers a part of the question and promises the rest for later."""
    opened: bool = False
    """True when it opens as an answer does ("Xin trả lời bà: …"); not looked for in what sounds like one anyway."""
    doubted: frozenset[Verb] = frozenset()
    """Acts that its words deny, ask about or place in the past ("Sở chưa nhận được câu hỏi.")."""
    slips: bool = False
    """True when it says that the unit has made a mistake ("giá đúng là …, đề nghị sửa giúp")."""
    left_to: tuple[tuple[str, ...], ...] = ()
    """The units, each by its codes, that it names for the part of the question that it does not answer."""

    @property
    def is_answer(self) -> bool:
        """True when the text may leave as the official answer."""
        told = bool({*self.signs} - WEAK) or self.words >= FEW_WORDS
        least = SURE_OFFICIAL if self.official else SURE_ANSWER
        return told and not self.vetoes and self.likely.get(Verb.ANSWER, 0.0) >= least

    @property
    def taken_back(self) -> bool:
        """True when it takes back or corrects another mail."""
        return RECALLED in self.vetoes

    @property
    def stops(self) -> bool:
        """True when it says that an answer given before must not leave yet, or not at all."""
        return self.slips or not STOPPING.isdisjoint(self.vetoes)

    @property
    def sounds(self) -> str:
        """What it most sounds like, in a sentence; "" when no word is known."""
        return SOUNDS[max(self.likely, key=self.likely.__getitem__)] if self.likely else ""

    @property
    def unlike(self) -> str:
        """What it most sounds like, in a sentence, if that is no answer; "" otherwise."""
        if self.sounds == SOUNDS[Verb.NONE] and _OPENS in self.signs:
            return BEGINS
        return "" if self.sounds == SOUNDS[Verb.ANSWER] else self.sounds

    @property
    def trace(self) -> str:
        """The evidence in one line for the officer."""
        found = ", ".join(self.signs) or "không có dấu hiệu nào"
        against = f"; không gửi vì {', '.join(self.vetoes)}" if self.vetoes else ""
        return f"{self.sounds} Căn cứ xem là câu trả lời: {found}{against}".lstrip()


def settled(verb: Verb, unit: str, evidence: Evidence) -> Verb:
    """The verb of a unit's text after weighing vote and evidence; NONE when a person must look, as at a question that
    the unit answers in part, or is not sure about: it stays with the unit.

    ``verb`` and ``unit``: the verb that the phrases found, and the unit that the text names as competent.
    """
    found = _settled(verb, evidence)
    leaves = found in {Verb.NOT_COMPETENT, Verb.FORWARDED}
    stays = (leaves and (evidence.taken_back or (unit and evidence.partly))) or found in evidence.doubted
    stays = stays or ((leaves or found is Verb.RECEIVED) and DIVIDED in evidence.vetoes)
    return Verb.NONE if stays else found


def _settled(verb: Verb, evidence: Evidence) -> Verb:
    likely = evidence.likely
    if not likely:
        return verb if verb is not Verb.ANSWER or (evidence.signs and not evidence.vetoes) else Verb.NONE
    if evidence.is_answer:
        return Verb.ANSWER
    top = max(likely, key=likely.__getitem__)
    if evidence.half and top == Verb.RECEIVED:
        return Verb.NONE  # what is told already would be taken for nothing
    if evidence.opened and (top, verb) == (Verb.EXTENSION, Verb.ANSWER):
        return Verb.NONE  # by its opening and its phrases it is an answer, a day alone makes it sound otherwise
    unheard = top == Verb.NOT_COMPETENT and verb not in BY_PHRASES  # the asker would be told so by sound alone
    if top in ACTS and likely[top] >= (SURE_ANSWER if unheard else SURE_ACT):
        return verb if (top, verb) == (Verb.NOT_COMPETENT, Verb.FORWARDED) else Verb(top)
    near = likely.get(Verb.NOT_COMPETENT if verb is Verb.FORWARDED else verb, 1.0) >= LEAST_ACT
    return verb if verb in BY_PHRASES and near and likely.get(Verb.ANSWER, 0.0) < SURE_ANSWER else Verb.NONE


@dataclass(frozen=True, slots=True)
class Papers:
    """What comes with the text: attached documents, its own number, its signer's title."""

    files: int = 0
    document: str = ""
    signer_title: str = ""
    signed_by: str = ""
    """Who made the valid digital signature on a document; "" if there is none."""
    unit: str = ""
    """The unit that writes; "" if it is not known."""


def weigh(text: str, asked: str, papers: Papers, names: UnitNames, source: Source = DEFAULT) -> Evidence:
    """Weigh a text as the answer to a question; ``asked`` is the question's text, "" when it is not known."""
    phrases = load_verb_phrases(source)
    sentences = matter_sentences(text, names, phrases)
    known, told = content_of(asked, source), opens_as_told(text, names, phrases, source)
    likely = shares(MODEL, counted(sentences, papers.files), source, known=KNOWN)
    matter = "" if told or likely.get(Verb.ANSWER, 0.0) >= SURE_ANSWER else behind_opening(text, names, phrases)
    if matter:  # "xin trả lời" and a day are also words of a wish for time: what is told is heard by itself
        likely = shares(MODEL, counted(matter_sentences(matter, names, phrases), papers.files), source, known=KNOWN)
    found = [_OPENS] if told else []
    found += [sign for one in sentences for sign in _signs(one, phrases, known, source)] + list(_of_papers(papers))
    left = left_to_others(matter_of(without_quotations(text), phrases.lines), names, phrases, papers.unit, source)
    own = (
        {sign for one in left.told for sign in _signs(one, phrases, known, source)} & TELLING
        if left.others
        else set()
    )
    answers = likely.get(Verb.ANSWER, 0.0) >= (SURE_OFFICIAL if told else SURE_ANSWER)  # it would leave as the whole
    divided = bool(left.others) and _is_told(left.told, papers.files, source, _least(left, own, answers=answers))
    return Evidence(
        tuple(dict.fromkeys(found)),
        (*vetoes(text, names, phrases, files=papers.files), *(DIVIDED,) * divided),
        likely,
        sum(sentence.count for sentence in sentences),
        (told or bool(papers.signed_by))
        and (likely.get(Verb.ANSWER, 0.0) >= SURE_ANSWER or not _strays(sentences, source)),
        any(phrases.in_any(name, sentences) for name in ("not_competent.partly", "veto.rest")),
        _is_half(sentences, papers.files, phrases, source),
        told or bool(matter),
        _doubted(sentences, phrases),
        phrases.in_any("slip.own", sentences),
        tuple(codes for one in left.others for codes in one.units if papers.unit not in codes) if divided else (),
    )


def examined(text: str, files: int, names: UnitNames, source: Source = DEFAULT) -> Mapping[str, float]:
    """The features of a text by which the vote is trained; ``files`` is the number of documents beside it."""
    return counted(matter_sentences(text, names, load_verb_phrases(source)), files)


def _strays(sentences: Sequence[Sentence], source: Source) -> bool:
    """Whether one of several sentences, not a signature's name or title, sounds like what a person must look at."""
    said = [one for one in sentences if one.count in STRAYS and not one.raw.istitle() and not one.raw.isupper()]
    heard = (shares(MODEL, counted([sentence], 0), source, known=KNOWN) for sentence in said if len(sentences) > 1)
    return any(each.get(Verb.NONE, 0.0) >= SURE_ANSWER for each in heard)


def _doubted(sentences: Sequence[Sentence], phrases: VerbPhrases) -> frozenset[Verb]:
    said = {one: phrases.in_any(f"not_competent.{one}", sentences) for one in ("claims", "redirects", "doubted")}
    left = [phrases.without("not_competent.unwanted", sentence) for sentence in sentences]
    told = said["claims"] or any(phrases.in_any(f"not_competent.{one}", left) for one in ("redirects", "owners"))
    refusal = said["doubted"] or (said["redirects"] and not told)
    unread = phrases.in_any("received.missing", sentences)
    acts = {Verb.NOT_COMPETENT: refusal, Verb.FORWARDED: refusal, Verb.RECEIVED: unread}
    return frozenset(act for act, doubt in acts.items() if doubt)


def _is_half(sentences: Sequence[Sentence], files: int, phrases: VerbPhrases, source: Source) -> bool:
    """Whether what stands beside a promise to answer later is an answer by itself."""
    told = [sentence for sentence in sentences if not phrases.find("veto.rest", sentence)]
    return len(told) < len(sentences) and _is_told(told, files, source)


def _least(left: Left, own: Set[str], *, answers: bool) -> float:
    """The share by which what a text tells beside a part left to others is an answer by itself; by its signs."""
    if not left.sure:
        return SURE_ALONE if own else NEVER
    if answers or len(own) > 1:
        return 0.0 if answers else LEAST_ACT
    return SURE_PART if own else NEVER


def _is_told(told: Sequence[Sentence], files: int, source: Source, least: float = SURE_ANSWER) -> bool:
    """Whether some sentences of a text are an answer by themselves."""
    return bool(told) and shares(MODEL, counted(told, files), source, known=KNOWN).get(Verb.ANSWER, 0.0) >= least


_SAYS = (
    ("căn cứ pháp luật", "evidence.law"),
    ("nêu lý do", "evidence.reason"),
    (_WHEN, "evidence.when"),
    (_DONE, "evidence.outcome"),
    ("việc thế nào", "evidence.states"),
    (_YES_OR_NO, "evidence.yes_or_no"),
    ("nói người hỏi được gì, làm gì", "evidence.told"),
    ("nơi, cách làm", "evidence.where"),
    (_OPENS, "answer.opens"),
)
"""The signs that phrases show."""


def _signs(sentence: Sentence, phrases: VerbPhrases, known: frozenset[str], source: Source) -> Iterator[str]:
    """What a sentence tells of the matter, in words for the officer."""
    if amounts(source).search(sentence.raw.lower()):
        yield _AMOUNT
    if tells_a_day(sentence.raw):
        yield _WHEN
    if shares_words(sentence, known):
        yield SPOKEN_OF
    yield from (sign for sign, name in _SAYS if phrases.find(name, sentence))


def _of_papers(papers: Papers) -> Iterator[str]:
    """The signs of an official answer that stand beside its words."""
    if papers.document:
        yield f"văn bản số {papers.document}"
    if papers.signer_title:
        yield f"người ký: {papers.signer_title}"
    if papers.files:
        yield "có văn bản đính kèm"
    if papers.signed_by:
        yield f"chữ ký số hợp lệ của {papers.signed_by}"


def vetoes(text: str, names: UnitNames, phrases: VerbPhrases, *, files: int) -> tuple[str, ...]:
    """Reasons why a text may not be sent, () for none; its head, foot and end speak too."""
    sentences = _forbidding(text, names, phrases)
    found = [why for name, why in VETOES.items() if phrases.in_any(f"veto.{name}", sentences)]
    forms = (
        (NO_FILE, not files and phrases.in_any("veto.announced", sentences)),
        (SEVERAL, named_parts(text, phrases.lines)[1]),
        (PEOPLE, of_several_people(text, phrases.lines)),
        (GAP, phrases.lines.placeholder.search(text.lower())),
        (LETTER, phrases.lines.letter.search(plain_lines(text))),
    )
    return (*found, *(why for why, seen in forms if seen))


def forbidden(texts: Iterable[str], among: Set[str], names: UnitNames, source: Source) -> tuple[str, ...]:
    """Which of some reasons not to send an answer stand in the texts that come with it: a signature, a file."""
    phrases = load_verb_phrases(source)
    found = (why for text in texts for why in vetoes(text, names, phrases, files=1))
    return tuple(dict.fromkeys(why for why in found if why in among))


def _forbidding(text: str, names: UnitNames, phrases: VerbPhrases) -> list[Sentence]:
    """The sentences of both ends of a text without what is of the matter ("thu hồi đất"); one in which no word has
    its marks was typed without them, however short it is."""
    pages = both_ends(without_quotations(text))
    sentences = [one for page in pages for one in sentences_of(page, names, phrases.lines, short=phrases.short)]
    both = [each for sentence in sentences for each in (sentence, unmarked(sentence)) if each]
    forbids = "veto.forbids_content"
    return [each if phrases.find(forbids, each) else phrases.without("veto.not_these", each) for each in both]
