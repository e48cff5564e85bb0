"""What a citizen replies in the thread of a question (words of ``wishes.toml``): satisfied with the answer or not,
only thanks, or something new.

A mail only says thanks when each of its clauses thanks, praises, waits, or says who is writing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.reply.sentences import content_of
from rules.requester.names import person
from rules.text import has_marks, squash, strip_marks
from rules.text.patterns import one_of_phrases, plainly, spelt
from rules.understand.citizen_requests import clauses_of
from rules.values.data_file import SOURCES_KEPT, Source

MOST_WORDS_OF_THANKS = 80
"""A mail that only says thanks has at most this many words; a person reads a longer one."""
MOST_TOLD_OVER = 12
"""At most so many words repeat what the answer says."""
LONGEST = 12
"""No phrase of thanks has more words."""
NAME = 4
"""A person's name has at most this many words; any other unknown word may be about the matter."""
_CLAUSE = re.compile(r"[.,;:!…\n]+")


@dataclass(frozen=True, slots=True)
class CourtesyWords:
    """Words that thank, that one knows and waits, or hopes for an answer soon; words that may accompany them, or are
    kind only next to praise; and signs of more."""

    thanks: re.Pattern[str]
    knows: re.Pattern[str]
    waits: re.Pattern[str]
    praise: re.Pattern[str]
    doubtful: re.Pattern[str]
    known: frozenset[str]
    """Everything that thanks may be made of."""
    spelt: frozenset[str]
    """The same with marks: "hố sâu" is not "hộ sau"."""
    hopes: re.Pattern[str]
    hoped: frozenset[str]
    over: re.Pattern[str]
    no_more: re.Pattern[str]
    """A clause that calls the matter settled; and words that say so of an open question only."""
    glad: re.Pattern[str]
    """Praise with its reason: the words after it repeat what the answer says."""
    told: re.Pattern[str]
    not_told: re.Pattern[str]
    named_by: tuple[str, ...]
    never: re.Pattern[str]
    never_with_marks: re.Pattern[str]
    harmless: re.Pattern[str]
    harmless_with_marks: re.Pattern[str]
    emoticons: re.Pattern[str]


@lru_cache(maxsize=SOURCES_KEPT)
def load_courtesy(source: Source = DEFAULT) -> CourtesyWords:
    """Read the section [courtesy]. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")
    words = data["courtesy"]
    kinds = ("thanks", "praise", "doubtful", "waits", "knows", "also", "no_more")
    said = [*_praise(source), *(word for kind in kinds for word in words[kind])]
    harmless = (*words["harmless"], *words["no_more"])
    over = [
        f"{end} {about} {done}" for end in words["ends"] for about in ("", *words["about"]) for done in words["over"]
    ]
    over += words["closes"]
    said += (*over, *words["beside"], *data["opinion"]["beside"], *data["status"]["beside"])
    because = one_of_phrases(words["because"]).pattern
    return CourtesyWords(
        thanks=one_of_phrases((*words["thanks"], *words["praise"], *_praise(source))),
        over=one_of_phrases(over),
        no_more=one_of_phrases(words["no_more"]),
        hopes=one_of_phrases(words["hopes"]),
        hoped=frozenset(as_typed(one) for one in (*words["hopes"], *words["hoped"]) for as_typed in (plainly, spelt)),
        glad=re.compile(rf"{one_of_phrases(words['praise']).pattern} (?:\S+ ){{0,2}}?{because} "),
        told=one_of_phrases(words["told"]),
        not_told=one_of_phrases(words["not_told"]),
        knows=one_of_phrases(words["knows"]),
        waits=one_of_phrases(words["waits"]),
        praise=one_of_phrases(words["praise"]),
        doubtful=one_of_phrases(words["doubtful"]),
        known=frozenset(map(plainly, said)),
        spelt=frozenset(map(spelt, said)),
        named_by=tuple(f" {strip_marks(one)}" for one in words["named_by"]),
        never=one_of_phrases(words["never"]),
        never_with_marks=re.compile(rf"\b(?:{'|'.join(map(re.escape, words['never_with_marks']))})\b"),
        harmless=one_of_phrases(harmless),
        harmless_with_marks=re.compile(rf"\b(?:{'|'.join(map(re.escape, harmless))})\b"),
        emoticons=re.compile("|".join(map(re.escape, sorted(words["emoticons"], key=len, reverse=True))), re.I),
    )


def _praise(source: Source) -> list[str]:
    """ "Trả lời như vậy là thỏa đáng", "không vòng vo": praise that holds words of complaint."""
    words = source.toml("wishes.toml")["opinion"]
    return [*words["praised"], *(f"{so} {good}" for so in words["so"] for good in words["good"])]


def is_courtesy(text: str, source: Source = DEFAULT, *, waits: bool = False) -> bool:
    """True for thanks without a word about the matter; a text that asks or says "but" does more than thank.

    ``waits``: the question is open. Then a text whose writer says that he knows and waits counts as thanks, but one
    that calls the matter settled does not, since it withdraws the question. Once the answer is there, the reverse
    holds.
    """
    words = load_courtesy(source)
    if len(text.split()) > MOST_WORDS_OF_THANKS or says_more(text, source):
        return False
    clauses = [each for each in _CLAUSE.split(words.emoticons.sub(" ", text)) if plainly(each)]
    thanks = any(words.thanks.search(plainly(each)) for each in clauses)
    if waits:
        thanks = thanks or all(pattern.search(plainly(text)) for pattern in (words.knows, words.waits))
    over = any(words.over.search(plainly(each)) for each in clauses)
    if waits and (over or words.no_more.search(plainly(text))):
        return False
    return (thanks or over) and all(_is_known(each, words) or person(each, source=source) for each in clauses)


def _without_hopes(text: str, source: Source) -> str:
    """The text without clauses that only hope for an answer soon: whose question is open waits for one anyway."""
    words, clauses = load_courtesy(source), _CLAUSE.split(text)
    hoped = {one for one in clauses if words.hopes.search(plainly(one)) and made_of(words.hoped, spelt(one))}
    return ". ".join(one for one in clauses if one not in hoped)


def says_more(text: str, source: Source = DEFAULT) -> bool:
    """True for a text that asks something, or has a word of complaint, of objection or about the matter."""
    words = load_courtesy(source)
    never = words.never.search(words.harmless.sub(" ", plainly(text)))
    marked = words.never_with_marks.search(words.harmless_with_marks.sub(" ", squash(text)))
    return "?" in text or never is not None or marked is not None


def _is_known(clause: str, words: CourtesyWords) -> bool:
    """A clause of known words and names only; "không ngờ" counts as kind only in a clause of praise."""
    text = plainly(_without_names(clause, words))
    if words.doubtful.search(text) and not words.praise.search(text):
        return False
    if not made_of(words.known, text):
        return _is_glad(text, words)
    return not has_marks(clause) or made_of(words.spelt, spelt(_without_names(clause, words)))


def made_of(phrases: Collection[str], text: str) -> bool:
    """Whether words consist of nothing but phrases, one after the other, however they are divided."""
    words = text.split()
    ends = {0}
    for end in range(1, len(words) + 1):
        if any(
            begin in ends and " ".join(words[begin:end]) in phrases for begin in range(max(0, end - LONGEST), end)
        ):
            ends.add(end)
    return len(words) in ends


def _is_glad(text: str, words: CourtesyWords) -> bool:
    """A clause that praises because of what the answer says ("phấn khởi khi biết đường sẽ làm xong trong quý I")."""
    glad = words.glad.search(f"{text} ")
    if glad is None:
        return False
    before, behind = text[: glad.start()], text[glad.end() :]
    told = words.told.search(behind) is not None and not words.not_told.search(behind)
    return made_of(words.known, before) and told and len(behind.split()) <= MOST_TOLD_OVER


def _without_names(clause: str, words: CourtesyWords) -> str:
    """The clause without capitalised words after a lower-case term of address ("cảm ơn cô Hạnh")."""
    kept, name = list[str](), 0
    for word in clause.split():
        behind = name or strip_marks(f" {' '.join(kept)}").endswith(words.named_by)
        name = name + 1 if behind and word.istitle() and name < NAME else 0
        if not name:
            kept.append(word)
    return " ".join(kept)


MOST_WORDS = 150
"""A mail that only gives an opinion has at most this many words; a person reads a longer one."""


class Content(StrEnum):
    """The opinion that the register keeps; "" for none."""

    YES = "yes"
    NO = "no"
    THANKS = "thanks"
    NONE = ""


@dataclass(frozen=True, slots=True)
class OpinionWords:
    """``no`` counts anywhere in a text; ``yes`` and ``thanks`` only with no other words than ``beside``."""

    no: re.Pattern[str]
    not_no: re.Pattern[str]
    """Praise in which one of ``no`` stands."""
    content: re.Pattern[str]
    """Praise beside thanks that counts as contentment."""
    yes: re.Pattern[str]
    thanks: re.Pattern[str]
    beside: re.Pattern[str]
    asked: tuple[str, ...]


@lru_cache(maxsize=SOURCES_KEPT)
def load_opinions(source: Source = DEFAULT) -> OpinionWords:
    """Read the section [opinion]. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")["opinion"]
    beside = (*data["beside"], *source.toml("wishes.toml")["status"]["beside"])
    return OpinionWords(
        one_of_phrases(data["no"]),
        re.compile(rf"{one_of_phrases(_praise(source)).pattern}(?! {one_of_phrases(data['unless']).pattern})"),
        one_of_phrases(data["content"]),
        one_of_phrases(data["yes"]),
        one_of_phrases(data["thanks"]),
        one_of_phrases(beside),
        tuple(plainly(one) for one in data["asked"]),
    )


def begins_as_asked(text: str, source: Source = DEFAULT) -> bool:
    """True for a reply that begins as the mail with the answer suggests: "Chưa hài lòng: …"."""
    return plainly(text).startswith(load_opinions(source).asked)


def opinion_in(text: str, source: Source = DEFAULT, *, waits: bool = False) -> Content:
    """The opinion about an answer in a citizen's own words; ``waits`` as in :func:`is_courtesy`."""
    text = _without_hopes(text, source) if waits else text
    words, said = load_opinions(source), plainly(text)
    if not said or len(said.split()) > MOST_WORDS:
        return Content.NONE
    if words.no.search(said if "?" in text else words.not_no.sub(" … ", said)):
        return Content.NO
    if says_more(text, source):
        return Content.NONE
    rest = words.beside.sub(" ", words.thanks.sub(" ", words.yes.sub(" ", said))).strip()
    if plainly(_CLAUSE.split(text.strip())[0]) in words.asked or (not rest and words.yes.search(said)):
        return Content.YES
    if not rest and words.thanks.search(said):
        return Content.THANKS
    return _kindly(said, words) if is_courtesy(text, source, waits=waits) else Content.NONE


def _kindly(text: str, words: OpinionWords) -> Content:
    """Thanks with a personal note; it means satisfied only if it praises the answer, or uses the suggested words."""
    return Content.YES if words.content.search(text) else Content.THANKS


_SENTENCE = re.compile(r"(?<=[.!?…\n])\s+")
LEAST_NEW = 8
"""A new matter is told in at least this many words."""


class Begins(StrEnum):
    """How surely a text begins something new."""

    SAID = "said"
    """The mail says so itself."""
    PASSED_OVER = "passed_over"
    """It only moves on to something ("Nhân tiện cho hỏi …"); the content must show whether that is new."""
    NO = ""


@dataclass(frozen=True, slots=True)
class NewWords:
    """Words that say that something new begins, that may move on to it, that ask, or that keep to the old matter."""

    says: re.Pattern[str]
    """The beginning of a clause in which a first person asks something new now."""
    not_now: re.Pattern[str]
    """Words that show that such a clause reports something asked before."""
    passes_over: re.Pattern[str]
    more: re.Pattern[str]
    """Words with which somebody asks more, of whatever."""
    asks: re.Pattern[str]
    never: re.Pattern[str]


@lru_cache(maxsize=SOURCES_KEPT)
def load_new_words(source: Source = DEFAULT) -> NewWords:
    """Read the section [new_question]. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")["new_question"]
    parts = ("opens", "asks_now", "asks_plainly", "of", "more", "new", "ends")
    opens, asks_now, plainly_asks, of, more, new, ends = (one_of_phrases(data[key]).pattern for key in parts)
    what = rf"(?:{of} (?:\S+ ){{0,3}}?)?(?:{more} )*+{new}"
    return NewWords(
        says=re.compile(rf"(?:{opens} )*+(?:{asks_now} {what}|{plainly_asks} {what}(?: {ends})*$)"),
        not_now=one_of_phrases(data["not_now"]),
        passes_over=one_of_phrases(data["passes_over"]),
        more=one_of_phrases(data["asks_more"]),
        asks=one_of_phrases(data["asks"]),
        never=one_of_phrases(data["never"]),
    )


def begins_new(text: str, source: Source = DEFAULT) -> Begins:
    """Whether a text asks something that it calls new, or moves on to."""
    words, said = load_new_words(source), plainly(text)
    if words.never.search(said) or not ("?" in text or words.asks.search(said)):
        return Begins.NO
    if _says_so(text, words):
        return Begins.SAID
    return Begins.PASSED_OVER if words.passes_over.search(said) else Begins.NO


def asks_more(text: str, source: Source = DEFAULT) -> bool | None:
    """Whether a text that asks says that it asks more; None for one that asks nothing, or keeps to the old matter."""
    words, said = load_new_words(source), plainly(text)
    more = words.more.search(said) is not None or words.passes_over.search(said) is not None
    asks = more or "?" in text or words.asks.search(said) is not None
    return more if asks and not words.never.search(said) else None


def _says_so(text: str, words: NewWords) -> bool:
    """True when a clause begins with a first person asking something new now."""
    return any(words.says.match(said) and not words.not_now.search(said) for said in clauses_of(text))


def before_the_new(text: str, source: Source = DEFAULT) -> str:
    """The sentences before the one that begins something new; they are about the old question. "" where none does."""
    words, before = load_new_words(source), list[str]()
    for sentence in _SENTENCE.split(text.strip()):
        if _says_so(sentence, words) or words.passes_over.search(plainly(sentence)):
            return "\n".join(before)
        before.append(sentence)
    return ""


def ends_apart(text: str, asked: str, source: Source = DEFAULT) -> bool:
    """True when the last sentences, of at least ``LEAST_NEW`` words, repeat no important word of the question."""
    sentences = _SENTENCE.split(text.strip())
    ends = ("\n".join(sentences[at:]) for at in range(len(sentences)))
    return any(len(one.split()) >= LEAST_NEW and not shares_matter(one, asked, source) for one in ends)


def shares_matter(text: str, asked: str, source: Source = DEFAULT) -> bool:
    """True when a text repeats important words of the earlier question: a pair of syllables, or two single ones."""
    shared = content_of(text, source) & content_of(asked, source)
    return len(shared) >= 2 or any(" " in one for one in shared)
