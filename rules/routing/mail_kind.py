"""The kind of a citizen's letter (clauses 1.2, 4, 10.1.h, 21.2).

Each kind has signs with points in ``rules/data/classify``, which count beside the trained vote by the limits of its
``vote.toml``. For complaints and denunciations the program is cautious: from ``doubt`` on a person looks first, and
nothing is forwarded. Asking *how* to complain is a question: the longer phrase ("thủ tục khiếu nại") makes the word
in it harmless.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rules.routing.kind_signs import NAMES, KindBook, Weighed, harmless_apart, weigh_kinds
from rules.routing.routing_rules import JUDGED_CHARS, RoutingTable
from rules.text import strip_marks, untype
from rules.text.phrase_matcher import Hit, without
from rules.text.statistical_vote import features, load_vote
from rules.text.tokens import Tokens
from rules.values.model import Classification, Kind, ParsedMail
from rules.values.states import GRAVE

OUTWEIGHS = 0.3
"""This share of votes for a complaint or denunciation outweighs plain signs of another kind."""
HOW = 0.15
"""The vote for a complaint or denunciation is multiplied by this if the text asks how to make one."""
FEWEST = 12
"""The vote alone needs this many words to find a complaint or a denunciation: "Đơn đề nghị" says too little."""
COURTESY = 25
"""A text with more syllables is not mere courtesy, whatever the vote says."""
MOST_POINTS = 8.0
"""Signs count for at most this many points relative to the vote."""
BRIEF = 30
"""With fewer syllables the vote is not reliable."""
_OTHERS = (Kind.SPAM, Kind.OUT_OF_SCOPE, Kind.NOT_A_QUESTION)


@dataclass(frozen=True, slots=True)
class Safe:
    """A complaint or denunciation, and whether its signs (``points``) or only the vote identified it."""

    found: Classification
    points: bool


def classify(mail: ParsedMail, own_text: str, table: RoutingTable) -> Classification:
    """The kind of a mail that starts something new; replies, bounces and automatic mail were recognised before."""
    text = _text(mail, own_text, table.kinds)
    if not text.strip():
        return Classification(Kind.NOT_A_QUESTION, sure=False, trace=("Thư không có chữ nào: cần người xem.",))
    judged = _judge(mail, own_text, text, table)
    words = len(own_text.split()) or len(mail.subject.split())
    enough = words >= FEWEST or any(judged.weighed[kind].points > 0 for kind in GRAVE)
    safe = _fail_safe(judged) if enough else None
    other = next((kind for kind in _OTHERS if judged.is_of(kind)), None)
    if safe is not None and (other is None or safe.points or judged.share_of_safe >= OUTWEIGHS):
        return safe.found
    if other is not None:
        one = judged.weighed[other]
        sure = one.points >= one.rule.certain and safe is None
        return Classification(other, sure, one.rule.clause, (*judged.why(other), *(() if sure else (LOOK,))))
    doubts = _doubts(judged)
    if doubts:
        return Classification(Kind.QUESTION, sure=False, trace=(*doubts, "Coi là câu hỏi, nhưng cần người xem."))
    return Classification(Kind.QUESTION, trace=("Là câu hỏi: không thấy dấu hiệu khiếu nại, tố cáo, thư rác.",))


@dataclass(frozen=True, slots=True)
class Judged:
    """What signs and vote say about a text; ``votes`` is {} when no word is known."""

    weighed: Mapping[Kind, Weighed]
    votes: Mapping[Kind, float]
    book: KindBook
    unseen: bool
    """Signs of complaint or denunciation stand where the vote does not read: in file names or beyond JUDGED_CHARS; or
    the letter may be in its file, since the mail itself says next to nothing."""
    asks: bool
    """It asks something, or is too long for mere courtesy."""
    brief: bool
    """So short that only signs can raise a doubt, as the vote is not reliable."""

    @property
    def share_of_safe(self) -> float:
        """The vote's share of complaint and denunciation together."""
        return sum(self.votes.get(kind, 0.0) for kind in GRAVE)

    @property
    def signed(self) -> bool:
        """True when a sign of complaint or denunciation is more than weak, or stands where the vote does not read."""
        return self.unseen or any(self.weighed[kind].speaking >= 1 for kind in GRAVE)

    @property
    def danger(self) -> float:
        """How much a text is like a complaint or denunciation: the vote's log-odds plus the points of the signs."""
        points = sum(bounded(self.weighed[kind].points) for kind in GRAVE)
        return log_odds(self.share_of_safe) + self.book.limits["safe"]["signs"] * points

    def limit(self, name: str) -> float:
        """A limit for complaints and denunciations; higher when no sign supports the vote.

        A long personal story always resembles a denunciation a little, whatever its purpose.
        """
        limits = self.book.limits["safe"]
        return limits[name] if self.signed else limits[f"unsigned_{name}"]

    def score(self, kind: Kind) -> float:
        """The same score for another kind."""
        points = bounded(self.weighed[kind].points)
        return log_odds(self.votes.get(kind, 0.0)) + self.book.limits[kind.value]["signs"] * points

    def is_of(self, kind: Kind) -> bool:
        """True when a mail is of this kind, which is neither complaint nor denunciation."""
        if not self.votes:
            return self.weighed[kind].holds
        if kind is Kind.NOT_A_QUESTION and self.asks and not self.weighed[kind].holds:
            return False
        limits = self.book.limits[kind.value]
        return self.votes[kind] >= limits["least"] and self.score(kind) >= limits["kind"]

    def why(self, kind: Kind) -> tuple[str, ...]:
        """The signs that were found; if there are none, a remark that the wording resembles such mails."""
        one = self.weighed[kind]
        return (one.said(),) if one.seen else (f"Lời thư giống {NAMES[kind]}.",)


LOOK = "Cần người xem."


def bounded(points: float) -> float:
    """Points of signs, limited to what they may count relative to the vote."""
    return max(-MOST_POINTS / 2, min(MOST_POINTS, points))


def log_odds(share: float) -> float:
    """The natural logarithm of a share's odds."""
    share = min(max(share, 1e-6), 1 - 1e-6)
    return math.log(share / (1 - share))


def _judge(mail: ParsedMail, own_text: str, text: str, table: RoutingTable) -> Judged:
    """Signs are sought in the whole text; the vote judges the words without file names."""
    reading = table.reader(untype(text))
    hits = table.kinds.matcher.find(reading)
    tokens = _said(mail, own_text, reading, table)
    read = hits if tokens is reading else table.kinds.matcher.find(tokens)
    votes = _votes(tokens, read, table)
    if asks_how(hits, table.kinds):
        votes = {kind: share * HOW if kind in GRAVE else share for kind, share in votes.items()}
    asks = any(reading.asks) or len(reading.words) > COURTESY
    weighed = weigh_kinds(text, reading, hits, table.kinds)
    known = weighed if tokens is reading else weigh_kinds(text, tokens, read, table.kinds)
    brief = len(reading.words) < BRIEF
    unseen = (brief and tokens is not reading) or any(weighed[one].speaking > known[one].speaking for one in GRAVE)
    return Judged(weighed, votes, table.kinds, unseen, asks, brief)


def _said(mail: ParsedMail, own_text: str, reading: Tokens, table: RoutingTable) -> Tokens:
    """The words that the vote judges. File names only give signs: "anh.jpg" must not raise a doubt."""
    named = any(not file.inline and file.name for file in mail.attachments)
    if not own_text.strip() or not (named or len(own_text) > JUDGED_CHARS):
        return reading
    own = "\n\n".join(part for part in (mail.subject, own_text[:JUDGED_CHARS]) if part.strip())
    return table.reader(untype(own))


def asks_how(hits: Iterable[Hit], book: KindBook) -> bool:
    """True when the text asks how to complain or denounce, which the vote easily takes for doing so."""
    return any("how" in book.meanings[hit.phrase] for hit in hits)


def _votes(reading: Tokens, hits: Iterable[Hit], table: RoutingTable) -> Mapping[Kind, float]:
    """The statistical vote's share of each kind; {} without a model.

    Complaints and denunciations are sought in what is left without talk: who tells shyly how a letter came to be
    written sounds like one who is afraid to denounce.
    """
    tokens = harmless_apart(reading, table.kinds, hits)
    whole, talk = _shares(tokens, table), table.find_talk(tokens, {})
    if not (whole and talk):
        return whole
    matter = _shares(without(tokens, talk), table)
    return {**whole, **{kind: share for kind, share in matter.items() if kind in GRAVE}}


def _shares(tokens: Tokens, table: RoutingTable) -> Mapping[Kind, float]:
    vote = load_vote("kinds", table.source)
    shares = vote.shares(features(tokens, table.asking_sentences(tokens))) if vote else {}
    return {Kind(name): math.exp(share) for name, share in shares.items()}


def _doubts(judged: Judged) -> list[str]:
    """Why a person should look at a supposed question."""
    if not judged.votes:
        return ["Phần lớn chữ trong thư chưa gặp bao giờ (tiếng nước ngoài?)"]
    doubts = []
    if judged.danger >= judged.limit("doubt"):
        doubts += [judged.weighed[kind].said() for kind in GRAVE if judged.weighed[kind].seen]
        doubts.append("Hơi giống khiếu nại, tố cáo.")
    if judged.brief and judged.weighed[Kind.OUT_OF_SCOPE].holds:
        doubts += judged.why(Kind.OUT_OF_SCOPE)
    for kind in _OTHERS:
        limits = judged.book.limits[kind.value]
        asked = kind is Kind.NOT_A_QUESTION and judged.asks and judged.votes[kind] < limits["asking"]
        if not asked and judged.score(kind) >= limits["doubt"]:
            doubts += judged.why(kind)
    return doubts


def _text(mail: ParsedMail, own_text: str, book: KindBook) -> str:
    """The text to judge: subject, own text, names of attachments (a letter may be only "đơn tố cáo.pdf")."""
    named = [_named(file.name, book) for file in mail.attachments if not file.inline]
    return "\n\n".join(part for part in (mail.subject, own_text, " . ".join(named)) if part.strip())


def _named(name: str, book: KindBook) -> str:
    """A file's name as words, with the meaning of its words that have no diacritics."""
    words = re.sub(r"[_\-.]+", " ", name)
    close = re.sub(r"\W", "", strip_marks(words).lower())
    meant = (text for bare, text in book.file_names.items() if bare.replace(" ", "") in close)
    return " . ".join((words, *meant))


def _fail_safe(judged: Judged) -> Safe | None:
    """Complaint or denunciation, whichever is likelier; a denunciation wins a draw (identity is secret).

    Signs alone are not enough if the vote knows the words and finds them harmless. They decide alone for unknown
    words and for file names.
    """
    weighed, votes = judged.weighed, judged.votes
    limits = judged.book.limits["safe"]
    if votes:
        least = limits["named"] if any(weighed[kind].named for kind in GRAVE) else judged.limit("kind")
        enough = judged.danger >= least or (judged.unseen and any(weighed[kind].holds for kind in GRAVE))
    else:
        enough = any(weighed[kind].doubtful for kind in GRAVE)
    if not enough or (judged.brief and votes and judged.share_of_safe < 0.6 and not judged.signed):
        return None  # a person looks at it anyway
    best = max((weighed[kind] for kind in GRAVE), key=lambda one: one.points + 4 * votes.get(one.rule.kind, 0.0))
    sure = best.points >= best.rule.certain and (not votes or judged.danger >= limits["sure"])
    seen = [line for kind in GRAVE if weighed[kind].seen for line in judged.why(kind)]
    note = () if sure else ("Để an toàn, không chuyển: cần người xem.",)
    trace = tuple(seen) or judged.why(best.rule.kind)
    return Safe(Classification(best.rule.kind, sure, best.rule.clause, (*trace, *note)), best.holds)
