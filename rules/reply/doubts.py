"""What looks like an answer but is not: a paper for another purpose, a request about a third person, half a result.

Departments write many texts with the figures and dates of an answer: weekly reports, appendices, minutes,
letters to other bodies. Holding a text costs its department one more line; a text sent out by mistake cannot be
called back from the person who got it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rules.reply.sentences import Sentence
from rules.reply.verbs import VerbPhrases
from rules.text import squash, strip_marks

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
_ADDRESSED = re.compile(
    r"^\W*kinh (?:gui|trinh|chuyen)\s*:?[\s-]*"
    r"(?:ubnd|uy ban|so |bo |phong |chi cuc|truong |benh vien|trung tam|vien |dang uy|thanh uy|huyen uy|hoi |xa |"
    r"cong ty|nha thau|xi nghiep|hop tac xa|ban qlda|ban quan ly|"
    r"(?:dong chi |d/c )?(?:pho |ban )?(?:giam doc|chanh van phong|truong phong|chu tich|lanh dao)|"
    r"quy (?!ban|ong|ba|cong dan|khach|vi|phu huynh|anh|chi)|cac (?!ong|ba|anh|chi|bac|cu\b)|toan the)"
    r"(?![^\n]*(?:bien tap|bbt|cong dan))",
    re.MULTILINE,
)
"""The address line of a letter to a body other than the Editorial Board."""


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
    if len(_TIME.findall(text)) >= MOST_TIMES or _ADDRESSED.search(_plain_lines(text)):
        return True
    for one in sentences:
        if not phrases.find("doubt.not_papers", one) and phrases.find("doubt.papers", one):
            return True
        if phrases.find("doubt.dossier", one):
            return False  # what is listed behind these words is a paper of the requester's
    return False


def _plain_lines(text: str) -> str:
    return "\n".join(strip_marks(squash(line)) for line in text.split("\n"))
