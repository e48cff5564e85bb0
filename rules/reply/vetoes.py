"""Vetoes: what rules out passing a text on to the requester, whatever evidence there is for an answer.

A draft, a recall or a missing file is a veto in a text of any length. Remarks to the Board, among colleagues, about
another body's matter or about something undecided are vetoes in a short text; a formal answer may contain them.

Also what looks like an answer but is not: a paper for another purpose, a request about a third person, half a result.
Departments write many texts with the figures and dates of an answer: weekly reports, appendices, minutes, letters to
other bodies. Holding a text costs its department one more line; a text sent out by mistake cannot be called back from
the person who got it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from rules.reply.sentences import Sentence, is_bare, named_parts, sentences_of, without_quotations
from rules.reply.unit_names import UnitNames
from rules.reply.verbs import VerbPhrases
from rules.text import squash, strip_marks

_CLAUSE = re.compile(r"(?<=[^\d\s])[,;:](?=\s)|(?<=\d)[,;:](?=\s)|\s[–-]\s|\n+|[.!?…](?=\s)|[()]|\bnh[ưu] sau\b")
"""The end of a clause; after "như sau" the content begins, even without a colon, as in a dictated mail."""
_COVER_ENDS = re.compile(r":\s|\n+|[.!]\s")
MOST_COVER = 4
"""The end of a note that introduces the answer is looked for at this many places at most."""
_SAYS = ("evidence.told", "evidence.outcome", "evidence.states")
"""Phrases that tell the requester something about the matter."""
_FIGURE = re.compile(r"\d")

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
"""Vetoes for a text of any length, with their reasons for the trace."""
AGAINST = {"inner": "veto.to_board"}
"""Phrases that cancel a veto in the same sentence: handing over to the Board is no internal task."""
AGAINST_ANYWHERE = {"before": "veto.anew"}
"""Phrases that cancel a veto from any sentence: a question may be answered anew."""
OF_COVERS = frozenset({"called", "inner"})
"""Vetoes that are not looked for in the note that introduces the answer."""
KEPT = VETOES["kept"]
SOFT = {
    "board": "là lời nói với Ban Biên tập",
    "asked": "là lời hỏi người gửi câu hỏi",
    "office": "là chuyện trong cơ quan",
}
"""Vetoes that a long answer outweighs, as it may well end with a request."""
AMONG = {
    "voice": "là lời giữa những người làm câu trả lời",
    "unsettled": "nói việc chưa quyết, chưa chắc",
    "elsewhere": "nói việc của cơ quan khác",
}
"""Vetoes that only a long formal answer outweighs: with an opening, a number or a signer's title."""
ELSEWHERE = AMONG["elsewhere"]
ASKS = "là câu hỏi"
"""The veto for a text that asks a question without answering it; a long answer outweighs it, too."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A text split in the ways the rules need."""

    sentences: tuple[Sentence, ...]
    behind: tuple[Sentence, ...]
    """The sentences after a note that introduces the answer."""
    clauses: tuple[Sentence, ...]


def cut(text: str, names: UnitNames, phrases: VerbPhrases) -> Cut:
    """Split a text; quotations are left out, as they are other people's words."""
    plain, lines, short = without_quotations(text), phrases.lines, phrases.short
    sentences = sentences_of(plain, names, lines, short=short)
    rest = _behind_cover(plain, names, phrases)
    behind = sentences_of(rest, names, lines, is_bare(text) or None, short) if rest else sentences
    clauses = tuple(part for one in sentences for part in _clauses(one, names, phrases))
    return Cut(sentences, behind, clauses)


def _clauses(sentence: Sentence, names: UnitNames, phrases: VerbPhrases) -> Iterator[Sentence]:
    for part in _CLAUSE.split(sentence.raw):
        if part.strip():
            yield from sentences_of(part, names, phrases.lines, sentence.bare, phrases.short)


def _behind_cover(text: str, names: UnitNames, phrases: VerbPhrases) -> str:
    """The text after a note that introduces the answer ("em gửi nội dung trả lời:"); "" when there is none."""
    for end in islice(_COVER_ENDS.finditer(text), MOST_COVER):
        cover = sentences_of(text[: end.start()], names, phrases.lines, short=phrases.short)
        if text[end.end() :].strip() and cover and _hands_over(cover[-1], end.group(), phrases):
            return text[end.end() :]
    return ""


def _hands_over(last: Sentence, end: str, phrases: VerbPhrases) -> bool:
    """Whether the last sentence of a note introduces the answer; ``end`` is the sign behind it."""
    colon = end.startswith(":") and phrases.find("answer.handed_by_colon", last)
    return bool(colon) or phrases.find("answer.handed", last) is not None


def among(parts: Cut, phrases: VerbPhrases) -> int:
    """How many different remarks among colleagues come after the note that introduces the answer."""
    return len({found.group() for one in parts.behind for found in phrases.find_all("veto.among", one)})


def vetoes(text: str, parts: Cut, phrases: VerbPhrases, *, files: int, long: bool, formal: bool) -> tuple[str, ...]:
    """Reasons why a text may not be sent, () for none; ``long`` and ``formal`` describe it as an answer."""
    said, behind = (_without_matter(some, phrases) for some in (parts.sentences, parts.behind))
    found = [
        why
        for name, why in VETOES.items()
        if any(_speaks(name, one, phrases) for one in (behind if name in OF_COVERS else said))
        and not (name in AGAINST_ANYWHERE and phrases.in_any(AGAINST_ANYWHERE[name], said))
    ]
    if not long:
        found += _softly(said, parts.clauses, phrases)
    if not (long and formal):
        found += _among(parts, behind, phrases)
    if not files and any(phrases.find("veto.announced", one) for one in said):
        found.append("nói có tệp kèm theo nhưng không có tệp")
    if named_parts(text, phrases.lines)[1]:
        found.append("trả lời nhiều người hỏi trong một thư, xin gửi riêng từng người")
    if phrases.lines.placeholder.search(text.lower()):
        found.append("còn chỗ chưa điền")
    return tuple(found)


def _without_matter(sentences: Sequence[Sentence], phrases: VerbPhrases) -> tuple[Sentence, ...]:
    """The sentences without words of the matter that look like a veto ("thu hồi đất")."""
    return tuple(phrases.without("veto.not_these", one) for one in sentences)


def _speaks(veto: str, one: Sentence, phrases: VerbPhrases) -> bool:
    """Whether a sentence contains a veto and nothing that cancels it."""
    against = AGAINST.get(veto)
    return phrases.find(f"veto.{veto}", one) is not None and not (against and phrases.find(against, one))


def _to_board(one: Sentence, phrases: VerbPhrases) -> bool:
    """Whether a clause asks the Board for anything other than to pass the answer on."""
    one = phrases.without("veto.hails", one)
    said = phrases.find("veto.board", one) or phrases.find("veto.board_clause", one)
    passes = any(phrases.find(name, one) for name in ("veto.board_passes", "answer.attached"))
    return said is not None and not (passes and len(list(phrases.find_all("veto.board_named", one))) < 2)


def _softly(sentences: Sequence[Sentence], clauses: Sequence[Sentence], phrases: VerbPhrases) -> list[str]:
    """The vetoes that a long answer outweighs."""
    found = [SOFT["board"]] if any(_to_board(one, phrases) for one in (*sentences, *clauses)) else []
    found += [SOFT[name] for name in ("asked", "office") if phrases.in_any(f"veto.{name}", sentences)]
    return [*found, ASKS] if _asks(sentences, phrases) else found


def _among(parts: Cut, behind: Sequence[Sentence], phrases: VerbPhrases) -> list[str]:
    """The vetoes that only a formal answer outweighs."""
    among = any(_own_voice(one, phrases) for one in behind) or _rang_up(parts, behind, phrases)
    found = [AMONG["voice"]] if among else []
    found += [AMONG["unsettled"]] if phrases.in_any("veto.unsettled", parts.sentences) else []
    return [*found, AMONG["elsewhere"]] if _elsewhere(parts.sentences, phrases) else found


def _own_voice(one: Sentence, phrases: VerbPhrases) -> bool:
    """Whether a sentence is a remark among colleagues; "chúng tôi" means the unit and not the writer."""
    found = (one.words[: match.start()] for match in phrases.find_all("veto.voice", one))
    return any(not before.endswith((" chúng ", " chung ")) for before in found)


def _rang_up(parts: Cut, behind: Sequence[Sentence], phrases: VerbPhrases) -> bool:
    """Whether it mentions a call as colleagues do; telling the requester about a call to them does not count."""
    told = phrases.in_any("veto.rang_asker", parts.clauses) and not phrases.in_any("veto.rang_other", behind)
    return phrases.in_any("veto.rang", behind) and not told


def _asks(sentences: Sequence[Sentence], phrases: VerbPhrases) -> bool:
    """Whether a text asks what became of a question, or anything else without answering it afterwards."""
    if any(phrases.find("forwarded.asked", phrases.without("forwarded.own", one)) for one in sentences):
        return True
    questions = [at for at, one in enumerate(sentences) if one.raw.rstrip().endswith("?")]
    behind = sentences[questions[-1] + 1 :] if questions else ()
    answers = (*_SAYS[:2], "answer.replies")
    return bool(questions) and not any(phrases.find(name, one) for one in behind for name in answers)


def denied(parts: Cut, phrases: VerbPhrases) -> bool:
    """Whether the unit says explicitly that it is not competent; saying that it does not do something is too weak."""
    return phrases.in_any("not_competent.claims", parts.sentences)


def _elsewhere(sentences: Sequence[Sentence], phrases: VerbPhrases) -> bool:
    """Whether a text says whose matter it is, without any figure about the matter itself."""
    denies = phrases.in_any("not_competent.denies", sentences)
    of_others = [_of_others(one, phrases) or (denies and _names_other(one, phrases)) for one in sentences]
    rest = (one for one, other in zip(sentences, of_others, strict=True) if not other)
    return any(of_others) and not any(_has_matter(one, phrases) for one in rest)


def _names_other(one: Sentence, phrases: VerbPhrases) -> bool:
    """Whether a sentence mentions a body other than the one that denies, and tells the requester nothing."""
    if any(phrases.find(name, one) for name in ("evidence.told", "evidence.where")):
        return False
    itself = [found.span() for found in phrases.find_all("not_competent.denies", one)]
    others = (found.start() for found in phrases.find_all("not_competent.others", one))
    return any(not any(start <= at < end for start, end in itself) for at in others)


def _of_others(one: Sentence, phrases: VerbPhrases) -> bool:
    if _has_matter(one, phrases) and phrases.find("not_competent.sets", one):
        return False
    found = any(phrases.find(f"not_competent.{name}", one) for name in ("claims", "limits", "owners", "redirects"))
    others = ("not_competent.not_these", "not_competent.to_asker", "reported.says")
    return found and not any(phrases.find(name, one) for name in others)


def _has_matter(one: Sentence, phrases: VerbPhrases) -> bool:
    says = _FIGURE.search(one.raw) and any(phrases.find(name, one) for name in _SAYS)
    return bool(says) and not phrases.find("evidence.process", one)


PAPER = "là giấy tờ vào việc khác"
DOUBTS = {
    "wants": "nhờ hỏi thêm người gửi câu hỏi",
    "sends_away": "chỉ sang nơi khác mà hỏi",
    "waits": "còn chờ kết quả",
    "hearsay": "kể lại lời người khác",
    "pleads": "là lời đề nghị cơ quan khác",
}
"""Doubts, with their reasons for the trace, that do not apply to a long and formal answer."""
_CLEAR = {"wants": ("evidence.where", "doubt.brings"), "waits": ("evidence.told", "doubt.lacks")}
"""Phrases that remove a doubt when all of them are in the same sentence."""
PROCEDURE = "nói về việc làm câu trả lời hơn là về việc được hỏi"
MOST_TIMES = 2
"""A text with this many lines that begin with a time of day is the minutes or the plan of something."""
_TIME = re.compile(r"^\W*\d{1,2}\s?[hg:]\s?\d{2}\s*[:–-]", re.MULTILINE)


def doubts(text: str, sentences: Iterable[Sentence], phrases: VerbPhrases, *, vague: bool, formal: bool) -> list[str]:
    """Reasons why a person should confirm a text before it is sent; [] for none.

    ``vague``: it names no amount, rule or place and addresses nobody; ``formal``: it is long and looks official.
    """
    said = tuple(sentences)
    found = [PAPER] if _is_paper(text, said, phrases) else []
    if formal:
        return found
    found += [why for name, why in DOUBTS.items() if any(_doubted(name, one, phrases) for one in said)]
    return [*found, PROCEDURE] if vague and _speaks_of_procedure(said, phrases) else found


def _doubted(doubt: str, one: Sentence, phrases: VerbPhrases) -> bool:
    """Whether a sentence raises a doubt; not if it tells the citizen what is missing or where to bring it."""
    clear = _CLEAR.get(doubt, ())
    said = phrases.find(f"doubt.{doubt}", phrases.without("doubt.not_hearsay", one))
    return said is not None and not (clear and all(phrases.find(name, one) for name in clear))


def _speaks_of_procedure(sentences: Iterable[Sentence], phrases: VerbPhrases) -> bool:
    weighed = (one for one in sentences if not phrases.find("doubt.not_procedure", one))
    return any(phrases.find("doubt.procedure", phrases.without("doubt.not_its_words", one)) for one in weighed)


def _is_paper(text: str, sentences: Iterable[Sentence], phrases: VerbPhrases) -> bool:
    """Whether a text is a report, minutes, a reminder or a letter to someone else."""
    if len(_TIME.findall(text)) >= MOST_TIMES or phrases.lines.letter.search(_plain_lines(text)):
        return True
    for one in sentences:
        if not phrases.find("doubt.not_papers", one) and phrases.find("doubt.papers", one):
            return True
        if phrases.find("doubt.dossier", one):
            return False  # what is listed behind these words is a paper of the requester's
    return False


def _plain_lines(text: str) -> str:
    return "\n".join(strip_marks(squash(line)) for line in text.split("\n"))
