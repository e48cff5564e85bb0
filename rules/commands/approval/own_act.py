"""Whether a leader's approval or return is his own act upon the paper at hand, and what may stand beside it.

"Để anh duyệt", "Sở đồng ý", "Thế này mà duyệt" hold the verb and approve nothing; "Trả lại anh cái áo mưa" returns
no paper. Only what is known to belong to an approval may stand before or behind it: to ask the leader is cheap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache

from rules.commands.phrases import Statement, Words, ends_with, found_in, length_at, phrases, said_in, without
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import SOURCES_KEPT, Source

_CLAUSE = re.compile(r"[.!?;:,\n]+|\s[-–]\s")


@dataclass(frozen=True, slots=True)
class LeaderWords:
    """The section [leader] of ``commands.toml``."""

    acts: tuple[Words, ...]
    """Verbs that approve ("duyệt", "đồng ý")."""
    own: tuple[Words, ...]
    """The leader as subject of such a verb ("anh", "tôi")."""
    unfinished: tuple[Words, ...]
    """Words before the leader that tell of an approval still to come ("trình anh duyệt", "xin anh duyệt")."""
    adverbs: tuple[Words, ...]
    """Words that may stand between another subject and the verb ("đã", "cũng")."""
    others: tuple[Words, ...]
    """Other subjects: where one of them approves, the leader does not ("sở", "văn phòng")."""
    reported: tuple[Words, ...]
    """Words that make a sentence a report, a request or irony, wherever they stand."""
    reported_marked: tuple[Words, ...]
    """The same, for words that are others when written without marks ("ngay", "ngày")."""
    ends: tuple[Words, ...]
    """Ends of a clause that asks or puts off ("hả em", "chứ")."""
    harmless: tuple[Words, ...]
    """Phrases with "trình" or "để" that say nothing of what is still to come ("tờ trình")."""
    waiting: tuple[Words, ...]
    """Words of what is still to come ("trình", "để")."""
    reads: tuple[Words, ...]
    """Words of reading the paper; alone they approve nothing ("Ok, anh đọc rồi")."""
    decides: tuple[Words, ...]
    """Words that approve even where the sentence speaks of reading."""
    about: tuple[Words, ...]
    """What a sentence before an approval says of the paper ("đã xem kỹ")."""
    elsewhere: tuple[Words, ...]
    """What shows that a sentence before an approval speaks of another matter ("xin nghỉ", "mượn xe")."""
    orders: tuple[Words, ...]
    """Beginnings of a wish for carrying the paper out ("chuẩn bị", "gửi giấy mời")."""
    whom: tuple[Words, ...]
    """Whom such a wish may speak to first ("các em")."""
    spoils: tuple[Words, ...]
    """Words that take an approval back or put it off ("hẵng", "chừng nào")."""
    taken_back: tuple[Words, ...]
    """A sentence of these alone takes back what stands before it ("À thôi")."""
    no_name: tuple[Words, ...]
    """Words with which no signature begins, though the line is written like a name."""
    returns: tuple[Words, ...]
    """Verbs that send a paper back ("trả lại", "không duyệt")."""
    paper: tuple[Words, ...]
    """What is sent back, or why ("bản kế hoạch", "tờ trình")."""
    paper_marked: tuple[Words, ...]
    """The same, for words that are others when written without marks."""
    beside_return: tuple[Words, ...]
    """Words that may stand beside a return that names no paper."""
    no_return: tuple[Words, ...]
    """Questions and irony with a verb of returning in them ("sao được")."""
    unsaid: tuple[Words, ...]
    """Ends of a text that does not say what is wrong ("nhưng")."""
    busy: tuple[Words, ...]
    """Reasons for which a leader puts a paper off without returning it ("ốm", "mạng yếu")."""
    faults: tuple[Words, ...]
    """Faults of the paper: beside them such a reason is no mere delay ("thiếu", "sửa")."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_leader_words(source: Source = DEFAULT) -> LeaderWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("commands.toml")["leader"]
    return LeaderWords(**{one.name: phrases(data[one.name]) for one in fields(LeaderWords)})


def is_own_act(sentence: str, words: LeaderWords) -> bool:
    """Whether nothing in a sentence says that the approval is another's, still to come, asked for, or no approval."""
    kept = without(sentence, words.harmless)
    if found_in(kept, (*words.waiting, *words.spoils)) or found_in(sentence, words.reported, words.reported_marked):
        return False
    clauses = [said_in(one) for one in _CLAUSE.split(sentence) if one.strip()]
    return not any(ends_with(one, words.ends) or _is_anothers(one, words) for one in clauses)


def _is_anothers(said: Statement, words: LeaderWords) -> bool:
    """Whether one of the approving verbs of a clause has another subject, or is not done yet."""
    for at in range(len(said.words)):
        if not length_at(said, at, words.acts):
            continue
        if _stands_before(said, _back(said, at, words.own), words.unfinished):
            return True
        if _stands_before(said, _back(said, at, words.adverbs), words.others):
            return True
    return False


def _back(said: Statement, at: int, over: tuple[Words, ...]) -> int:
    """The place before the phrases that stand directly before a place."""
    while length := next((len(one) for one in over if said.begins(at - len(one), one)), 0):
        at -= length
    return at


def _stands_before(said: Statement, at: int, wanted: tuple[Words, ...]) -> bool:
    return any(said.begins(at - len(one), one) for one in wanted)


def decides(text: str, words: LeaderWords) -> bool:
    """False for "Ok, anh đọc rồi": the paper was read, and no word says more."""
    return not found_in(text, words.reads) or found_in(text, words.decides)


def is_about(sentence: str, words: LeaderWords) -> bool:
    """Whether a sentence before an approval says that the paper was read, or is good."""
    return found_in(sentence, words.about)


def is_elsewhere(sentence: str, words: LeaderWords) -> bool:
    """Whether a sentence before an approval speaks of another matter, or against the paper."""
    return found_in(sentence, words.elsewhere)


def behind_whom(sentence: str, words: LeaderWords) -> str:
    """A sentence without those whom it speaks to: "Các em triển khai" orders "triển khai"."""
    said, at = said_in(sentence), 0
    while length := length_at(said, at, words.whom):
        at += length
    return sentence[said.places[at][0] :] if at < len(said.words) else ""


def is_wish(sentence: str, words: LeaderWords) -> bool:
    """Whether a sentence behind an approval thanks, or wishes something for carrying it out."""
    return any(length_at(said_in(one), 0, words.orders) for one in (sentence, behind_whom(sentence, words)))


def is_taken_back(sentence: str, words: LeaderWords) -> bool:
    """ "À thôi", "Mà thôi" in a sentence of its own."""
    return found_in(sentence, words.taken_back)


def begins_no_name(line: str, words: LeaderWords) -> bool:
    """ "Đi Sầm Sơn" is written like a name, and is none."""
    return bool(length_at(said_in(line), 0, words.no_name))


def returns_the_paper(text: str, source: Source = DEFAULT) -> bool:
    """Whether what is sent back or refused in a text is the paper, and the reason concerns it.

    "Không được khỏe, mai anh xem" and "Chưa được, anh đang họp" only put it off.
    """
    words = load_leader_words(source)
    if _is_as_taught(text, words):
        return True
    clauses = [said_in(one) for one in _CLAUSE.split(text) if one.strip()]
    if ends_with(said_in(text), words.unsaid) or any(found_in(one, words.no_return) for one in _CLAUSE.split(text)):
        return False
    if found_in(text, words.busy) and not found_in(text, words.faults):
        return False
    found = [behind for one in clauses if (behind := _behind_return(one, words)) is not None]
    return not found or any(_is_of_the_paper(one, words) for one in found)


def _is_as_taught(text: str, words: LeaderWords) -> bool:
    """ "Trả lại: …", as the mails to leaders say it, whatever the reason is."""
    head, sign, reason = text.partition(":")
    said = said_in(head)
    return bool(sign and reason.strip()) and any(
        said.begins(0, one) and len(one) == len(said.words) for one in words.returns
    )


def _behind_return(said: Statement, words: LeaderWords) -> str | None:
    """What stands behind the first word of returning in a clause, None where there is none."""
    for at in range(len(said.words)):
        if length := length_at(said, at, words.returns):
            return " ".join(said.words[at + length :])
    return None


def _is_of_the_paper(behind: str, words: LeaderWords) -> bool:
    return not said_in(without(behind, words.beside_return)).words or found_in(
        behind, words.paper, words.paper_marked
    )
