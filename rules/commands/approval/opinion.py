"""Whether a leader's answer approves the paper at hand, or returns it.

A statistical vote decides. It has learnt what hundreds of answers meant, in words that nobody had taught the leaders.
Its features are the words and what each part of the answer does. An approval also needs a word of approving,
assenting or carrying out, must contain no question, no condition and no other day by itself, and not be full of words
that no approval has. What stands beside it is passed on as a wish. Whatever is not sure is asked back.

The words alone do not tell an act from a report, nor a wish after the approval from a doubt before it. So the
features also tell which words stand together in a part, what stands around the word of approving, what is said before
that part and after it, and whether a number or day is the paper's. A paper that is returned by mistake is simply
submitted again, so a return needs a smaller share. “Trả lại: …” always returns.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, pairwise

from rules.commands.approval.clauses import (
    ISSUE,
    NAME,
    OTHER,
    OWN,
    QUESTION,
    Paper,
    Part,
    body_of,
    is_of_another,
    paper_of,
    parts_of,
    without_dateline,
)
from rules.commands.approval.words import (
    LeaderWords,
    Said,
    begins_refusing,
    grumble_ahead,
    is_strange,
    load_leader_words,
    names_nothing,
    names_one,
    orders_change,
)
from rules.message.quote_markers import DEFAULT
from rules.reply.sentences import Sentence, features_of
from rules.text import has_marks, strip_marks
from rules.text.statistical_vote import shares
from rules.values.data_file import Source

MODEL = "leaders"
"""The name of the vote."""
APPROVES, RETURNS, NEITHER = "approve", "return", "unclear"
KNOWN = 0.5
"""The vote must know this share of a text's syllables; names and stories may be unknown."""
LEAST_APPROVAL, LEAST_NOTED, LEAST_BARE, LEAST_RETURN, LEAST_REFUSAL = 0.85, 0.65, 0.75, 0.5, 0.35
"""The least share for an approval, for a bare one with a remark behind ("Duyệt. Lưu ý …"), for one with nothing said
beside it ("Đồng ý, cảm ơn em"), for a return, and for one that begins by refusing ("Tôi không đồng ý giờ này …",
"Làm lại. …")."""
_ENDS = re.compile(r"(?<=[.!?;])\s+|\n+")
_SHORT = re.compile(r"\bđ/y\b", re.IGNORECASE)
LONGEST = 1200
"""A longer answer, in characters, is not searched for an approval."""
APPROVING = ("verbs", "signs", "acts")
ASSENTS = "assents"
"""Approves where no word of :data:`APPROVING` stands in the part."""
AHEAD = (*APPROVING, ASSENTS, "own", "people", "before", "reads", "beside", "parts", "wholes")
"""The lists in which words are looked up; of equally long matches the first list counts. After the verb also
"behind"."""
KINDS = (OWN, OTHER, NAME, ISSUE, QUESTION)
"""What the words for numbers, days and names say."""
NEXT = 3
"""The number of words and roles on either side of the word of approving that are features."""
LONGEST_REASON = 300  # a longer one is not put into a link
NO_PAPER = Paper(frozenset(), frozenset(), (), frozenset(), frozenset(), frozenset())
MOST_PARTS, MOST_UNKNOWN = 5, 3
"""Counts of parts, and of words in no list beside the word of approving, stop at these numbers."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """An approval; ``wish`` is the wish added to it."""

    wish: str = ""


def approval_in(text: str, source: Source = DEFAULT, paper: str = "", on: date | None = None) -> Opinion | None:
    """The approval that a text gives; None when it gives none or any doubt remains.

    ``paper`` are the words of the paper at hand, by which the text may name it; ``on`` is the day of the mail, with
    which a leader may date his word ("Duyệt ngày 06/10/2026"). A grumble ahead that asks nothing is passed on.
    """
    grumble, told = grumble_ahead(text, source)
    found = _approval_in(told, source, paper, on)
    return replace(found, wish=f"{grumble} {found.wish}".strip()) if found is not None else None


def _approval_in(text: str, source: Source, paper: str, on: date | None) -> Opinion | None:
    if len(text) > LONGEST or "?" in text:
        return None
    words = load_leader_words(source)
    named = paper_of(f"{paper} {on:%d/%m/%Y}" if on else paper, words)
    text = without_dateline(text, on) if on else text
    parts = parts_of(text, named, words)
    if _is_plain(parts, words):
        return Opinion()
    answer = heard(parts, named, words)
    if _wants_changed(answer, words) or _changes_at_once(answer, words):
        return None
    # A word that only assents may be another's: "Chuẩn bị máy chiếu", "Được tin …", "Thực hiện Chỉ thị …".
    given = any(one.approving >= 0 and (one.known or one.roles[one.approving].name in APPROVING) for one in answer)
    if not given or any(_leaves_open(one, named, words) for one in answer):
        return None
    wishes = [one.part.raw for one in answer if _wishes(one, named)]
    least = LEAST_BARE if not wishes else LEAST_NOTED if _is_noted(answer, named, words) else LEAST_APPROVAL
    sure = sound_of(text, answer, source).get(APPROVES, 0.0) >= least
    return Opinion(_as_written(wishes)) if sure and not is_strange((one.said for one in parts), source) else None


def _is_plain(parts: Sequence[Part], words: LeaderWords) -> bool:
    """Whether a few words of assent are the whole answer ("OK, được nhé"): too little for the vote to tell."""
    said = tuple(word for one in parts for word in one.said.words)
    return words.act.plain.whole(Said(said, bare=any(one.said.bare for one in parts)))


def _is_noted(answer: Sequence[Heard], paper: Paper, words: LeaderWords) -> bool:
    """Whether a bare approval comes first, then remarks for those who carry it out; none changes the paper."""
    behind = [one.part.said for one in answer[1:] if _wishes(one, paper)]
    noted = bool(behind) and all(
        words.act.notes.at(statement, 0) and not words.act.changes.find(statement) for statement in behind
    )
    return noted and answer[0].approving >= 0 and answer[0].known


def _as_written(wishes: Sequence[str]) -> str:
    """The wishes in one text; what was divided at a comma has one again."""
    text = ""
    for one in dict.fromkeys(wishes):
        text += f"{'' if not text else ' ' if text[-1] in '.!;' else ', '}{one}"
    return text


def _leaves_open(one: Heard, paper: Paper, words: LeaderWords) -> bool:
    """Whether a part sets a condition, or speaks of another paper ("Duyệt kế hoạch trực bão": words that this one has
    not) or a number or day of its own ("Duyệt, 27/11")."""
    statement, approves = one.part.said, one.approving >= 0
    behind = one.roles[one.approving + 1 :][:3] if approves else ()
    more = [role.name for role in behind[1:]] == ["", ""] and words.act.papers.whole(behind[0].said)
    another = more or is_of_another(statement, paper, words, approves=approves)
    return another or bool(words.act.condition.find(statement)) or {*statement.words} == {OTHER}


def _wishes(one: Heard, paper: Paper) -> bool:
    """Whether a part says anything beside the approval, courtesy and what stands in the paper."""
    return not one.known and not paper.states(one.part.said)


@dataclass(frozen=True, slots=True)
class Returned:
    """What the leader wants changed, "" when he does not say; ``refused``: in so many words."""

    reason: str
    refused: bool


def returned_in(text: str, source: Source = DEFAULT, paper: str = "", others: Sequence[str] = ()) -> Returned | None:
    """How a text returns the paper; None when it does not surely do so, as it may change one of the ``others``."""
    if len(text) > LONGEST:
        return None
    words = load_leader_words(source)
    named = paper_of(paper, words)
    parts = parts_of(text, named, words)
    _, sign, reason = text.partition(":")
    if sign and reason.strip() and parts and words.returns.taught.whole(parts[0].said):
        return Returned(" ".join(reason.split()), refused=True)
    if len(parts) == 1 and text.rstrip().endswith("?"):  # "Viết lại phần đầu chưa?"
        return None
    answer = heard(parts, named, words)
    if any(one.approving >= 0 for one in answer) and names_one(others, (one.part.said for one in answer)):
        return None
    if "?" not in text and _wants_changed(answer, words):
        return Returned(" ".join(text.split()), refused=False)
    sent_back = bool(parts) and (begins_refusing(parts[0].said, words) or words.returns.alters.whole(parts[0].said))
    least = LEAST_REFUSAL if sent_back else LEAST_RETURN
    if sound_of(text, answer, source).get(RETURNS, 0.0) < least:
        return None
    refused = any(begins_refusing(one.said, words) for one in parts)
    nothing = len(parts) == 1 and names_nothing(parts[0].said, words)
    return Returned("" if nothing else " ".join(text.split()), refused)


def words_to_return(text: str, source: Source = DEFAULT) -> str:
    """The text in one line where it may return the paper by a reservation or a change; "" for others."""
    if "?" in text or len(text) > LONGEST_REASON:
        return ""
    words = load_leader_words(source)
    statements = [one.said for one in parts_of(text, NO_PAPER, words)]
    some = any(words.returns.but.find(statement) or words.act.changes.find(statement) for statement in statements)
    return " ".join(text.split()) if some else ""


def addition_to(text: str, source: Source = DEFAULT) -> str:
    """ "Đ/y. Mời thêm báo đài": what stands behind a bare approval, if “Duyệt. Dặn thêm: …” approves; else ""."""
    words = load_leader_words(source)
    text = _SHORT.sub("đ/ý", text)
    parts = parts_of(text, NO_PAPER, words) if "?" not in text and len(text) <= LONGEST_REASON else []
    if len(parts) < 2 or not _only_approves(parts[0].said, words):
        return ""
    rest = _as_written([one.raw for one in parts[1:]])
    return rest if approval_in(f"Duyệt. Dặn thêm: {rest}", source) is not None else ""


def _wants_changed(answer: Sequence[Heard], words: LeaderWords) -> bool:
    """Whether an approval goes on with "but" and an order to change the paper ("Duyệt nhưng sửa ngày …")."""
    for at, one in enumerate(answer):
        statement, behind = one.part.said, answer[at - 1].part.said if at else None
        begins = next((place for place in range(len(statement)) if words.returns.but.at(statement, place)), -1)
        ahead = behind if not begins and behind is not None else statement.cut(0, max(begins, 0))
        if begins >= 0 and _only_approves(ahead, words):
            return orders_change(statement, begins, words)
    return False


def _changes_at_once(answer: Sequence[Heard], words: LeaderWords) -> bool:
    """ "Duyệt, em sửa ngày nhé": whether the next words behind the approval change the paper, as "but" would."""
    return any(
        _only_approves(one.part.said, words) and orders_change(other.part.said, 0, words)
        for one, other in pairwise(answer)
    )


def _only_approves(statement: Said, words: LeaderWords) -> bool:
    """Whether words approve and say nothing else; what is only likely, or somebody else's, has other words."""
    roles = {one.name for one in roles_in(statement, NO_PAPER, words)}
    return bool(roles & {*APPROVING, ASSENTS}) and roles <= {*APPROVING, ASSENTS, "own", "people", "beside", "behind"}


def examined(text: str, paper: str, source: Source = DEFAULT) -> Mapping[str, float]:
    """The features of an answer to a paper by which the vote is trained."""
    words = load_leader_words(source)
    named = paper_of(paper, words)
    return _counted(text, course_of(heard(parts_of(text, named, words), named, words)), words)


def sound_of(text: str, answer: Sequence[Heard], source: Source = DEFAULT) -> dict[str, float]:
    """The share of each class; {} without a model, or when too few words are known."""
    return shares(MODEL, _counted(text, course_of(answer), load_leader_words(source)), source, known=KNOWN)


def _counted(text: str, course: Iterable[str], words: LeaderWords) -> Mapping[str, float]:
    return {**features_of(_sentences(text, words)), **dict.fromkeys(course, 1.0)}


def _sentences(text: str, words: LeaderWords) -> tuple[Sentence, ...]:
    body = body_of(text, words)
    bare = not has_marks(body)
    return tuple(Sentence(one, one.lower(), (), bare) for one in _ENDS.split(body) if one.strip())


@dataclass(frozen=True, slots=True)
class Role:
    """Some words of a part, and the list they stand in; "" for none."""

    name: str
    said: Said


@dataclass(frozen=True, slots=True)
class Heard:
    """A part of an answer, and what its words do."""

    part: Part
    roles: Sequence[Role]

    @property
    def approving(self) -> int:
        """Which role approves; -1 for none."""
        names = [one.name for one in self.roles]
        found = next((at for at, one in enumerate(names) if one in APPROVING), -1)
        return found if found >= 0 or ASSENTS not in names else names.index(ASSENTS)

    @property
    def known(self) -> bool:
        """Whether each of its words stands in a list."""
        return all(one.name for one in self.roles)


def heard(parts: Sequence[Part], paper: Paper, words: LeaderWords) -> list[Heard]:
    """Each part and what its words do."""
    return [Heard(one, roles_in(one.said, paper, words)) for one in parts]


def roles_in(statement: Said, paper: Paper, words: LeaderWords) -> list[Role]:
    """What the words of a part do, from left to right, the longest phrase first."""
    roles: list[Role] = []
    at = 0
    while at < len(statement):
        given = any(one.name in {*APPROVING, ASSENTS} for one in roles)
        length, name = _longest(statement, at, words, given=given)
        named = given or any(one.name == "wholes" for one in roles)
        if not length and (statement.words[at] == OWN or (named and paper.names(statement, at))):
            length, name = 1, "paper"
        roles.append(Role(name if length else "", statement.cut(at, at + max(length, 1))))
        at += length or 1
    return roles


def _longest(statement: Said, at: int, words: LeaderWords, *, given: bool) -> tuple[int, str]:
    lists = [(one, getattr(words.act, one)) for one in (*AHEAD, *(("behind",) if given else ()))]
    return max(((list_.at(statement, at), name) for name, list_ in lists), key=lambda one: one[0])


def course_of(answer: Sequence[Heard]) -> Collection[str]:
    """The features of an answer."""
    approving = [one.approving >= 0 for one in answer]
    found = {f"mparts-{min(len(answer), MOST_PARTS)}"}
    for at, one in enumerate(answer):
        place = "own" if approving[at] else "behind" if any(approving[:at]) else "before"
        found.update((f"mpart-{place}", *(f"m{kind}-{place}" for kind in KINDS if kind in one.part.said.words)))
        found.update(_said_in(one, place))
        if approving[at]:
            found.update(_around(one))
            last = at == len(answer) - 1
            found.add(f"mpart-{'only' if len(answer) == 1 else 'last' if last else 'first' if not at else 'amid'}")
    return found


def _said_in(one: Heard, place: str) -> Iterator[str]:
    """Each two words of a part in their order; which words stand in a part without approval."""
    said = ("^", *_bare(one.part.said), "$")
    yield from (f"mpair-{first}-{second}" for first, second in combinations(said, 2))
    if one.approving < 0:
        yield from (f"m{place}-{word}" for word in said)


def _around(one: Heard) -> Iterator[str]:
    """What stands around the word of approving: the next words, the roles, and how many words are in no list."""
    for sign, roles in (("-", one.roles[: one.approving][::-1]), ("+", one.roles[one.approving + 1 :])):
        names = [role.name for role in roles]
        yield from (f"mhas{sign}{name}" for name in names)
        yield f"mroles{sign}{'.'.join(names[:NEXT])}"
        yield f"munknown{sign}{min(names.count(''), MOST_UNKNOWN)}"
        said = [word for role in roles for word in (_bare(role.said)[::-1] if sign == "-" else _bare(role.said))]
        yield from (f"mnext{sign}{at}-{word}" for at, word in enumerate((*said, "^")[:NEXT]))


def _bare(statement: Said) -> Sequence[str]:
    return tuple(map(strip_marks, statement.words))
