"""Whether a leader himself approves or returns the paper at hand, and which sentences may accompany it.

"Để anh duyệt", "Sở đồng ý", "Thế này mà duyệt" contain the verb but approve nothing; "Trả lại anh cái áo mưa" does
not return a paper. Only known words may come before or after an approval, as asking the leader again costs little.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from functools import lru_cache

from rules.commands.mood import Statement, Words, ends_with, found_in, length_at, phrases, said_in, without
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
    """Words before the leader that show that the approval is still to come ("trình anh duyệt", "xin anh duyệt")."""
    adverbs: tuple[Words, ...]
    """Words that may stand between another subject and the verb ("đã", "cũng")."""
    others: tuple[Words, ...]
    """Other subjects: if one of them approves, the leader does not ("sở", "văn phòng")."""
    reported: tuple[Words, ...]
    """Words that make a sentence a report, a request or irony, wherever they occur."""
    reported_marked: tuple[Words, ...]
    """The same, for words that mean something else without diacritics ("ngay", "ngày")."""
    ends: tuple[Words, ...]
    """Ends of a clause that asks or puts off ("hả em", "chứ")."""
    harmless: tuple[Words, ...]
    """Phrases with "trình" or "để" that do not mean that something is still to come ("tờ trình")."""
    waiting: tuple[Words, ...]
    """Words for something still to come ("trình", "để")."""
    reads: tuple[Words, ...]
    """Words of reading the paper; alone they approve nothing ("Ok, anh đọc rồi")."""
    decides: tuple[Words, ...]
    """Words that approve even where the sentence speaks of reading."""
    about: tuple[Words, ...]
    """Words about the paper in a sentence before an approval ("đã xem kỹ")."""
    elsewhere: tuple[Words, ...]
    """Words that show that a sentence before an approval is about another matter ("xin nghỉ", "mượn xe")."""
    orders: tuple[Words, ...]
    """Beginnings of a wish about carrying the paper out ("chuẩn bị", "gửi giấy mời")."""
    whom: tuple[Words, ...]
    """Those whom such a wish may address first ("các em")."""
    spoils: tuple[Words, ...]
    """Words that cancel or postpone an approval ("hẵng", "chừng nào")."""
    taken_back: tuple[Words, ...]
    """A sentence of only these words cancels what comes before it ("À thôi")."""
    no_name: tuple[Words, ...]
    """First words of lines that look like a name but are no signature."""
    returns: tuple[Words, ...]
    """Verbs that send a paper back ("trả lại", "không duyệt")."""
    paper: tuple[Words, ...]
    """Words for the returned paper, or the reason for returning it ("bản kế hoạch", "tờ trình")."""
    paper_marked: tuple[Words, ...]
    """The same, for words that mean something else without diacritics."""
    beside_return: tuple[Words, ...]
    """Words that may accompany a return that does not name the paper."""
    no_return: tuple[Words, ...]
    """Questions and irony with a verb for returning ("sao được")."""
    unsaid: tuple[Words, ...]
    """Endings of a text that does not say what is wrong ("nhưng")."""
    busy: tuple[Words, ...]
    """Reasons for which a leader postpones a paper without returning it ("ốm", "mạng yếu")."""
    faults: tuple[Words, ...]
    """Faults of the paper; with one of them, such a reason does not merely postpone it ("thiếu", "sửa")."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_leader_words(source: Source = DEFAULT) -> LeaderWords:
    """Read the words. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("commands.toml")["leader"]
    return LeaderWords(**{one.name: phrases(data[one.name]) for one in fields(LeaderWords)})


def is_own_act(sentence: str, words: LeaderWords) -> bool:
    """False when a sentence shows that the approval is another's, still to come, asked for, or none at all."""
    kept = without(sentence, words.harmless)
    if found_in(kept, (*words.waiting, *words.spoils)) or found_in(sentence, words.reported, words.reported_marked):
        return False
    clauses = [said_in(one) for one in _CLAUSE.split(sentence) if one.strip()]
    return not any(ends_with(one, words.ends) or _is_anothers(one, words) for one in clauses)


def _is_anothers(said: Statement, words: LeaderWords) -> bool:
    """Whether one of a clause's approving verbs has another subject, or is still to come."""
    for at in range(len(said.words)):
        if not length_at(said, at, words.acts):
            continue
        if _stands_before(said, _back(said, at, words.own), words.unfinished):
            return True
        if _stands_before(said, _back(said, at, words.adverbs), words.others):
            return True
    return False


def _back(said: Statement, at: int, over: tuple[Words, ...]) -> int:
    """The position before all of these phrases that directly precede a position."""
    while length := next((len(one) for one in over if said.begins(at - len(one), one)), 0):
        at -= length
    return at


def _stands_before(said: Statement, at: int, wanted: tuple[Words, ...]) -> bool:
    return any(said.begins(at - len(one), one) for one in wanted)


def decides(text: str, words: LeaderWords) -> bool:
    """False for "Ok, anh đọc rồi", which only says that the paper was read."""
    return not found_in(text, words.reads) or found_in(text, words.decides)


def is_about(sentence: str, words: LeaderWords) -> bool:
    """Whether a sentence before an approval says that the paper was read or is good."""
    return found_in(sentence, words.about)


def is_elsewhere(sentence: str, words: LeaderWords) -> bool:
    """Whether a sentence before an approval is about another matter, or against the paper."""
    return found_in(sentence, words.elsewhere)


def behind_whom(sentence: str, words: LeaderWords) -> str:
    """A sentence without the people it addresses: "Các em triển khai" becomes "triển khai"."""
    said, at = said_in(sentence), 0
    while length := length_at(said, at, words.whom):
        at += length
    return sentence[said.places[at][0] :] if at < len(said.words) else ""


def is_wish(sentence: str, words: LeaderWords) -> bool:
    """Whether a sentence after an approval thanks, or expresses a wish about carrying the paper out."""
    return any(length_at(said_in(one), 0, words.orders) for one in (sentence, behind_whom(sentence, words)))


def is_taken_back(sentence: str, words: LeaderWords) -> bool:
    """True for "À thôi" or "Mà thôi" as a sentence of its own."""
    return found_in(sentence, words.taken_back)


def begins_no_name(line: str, words: LeaderWords) -> bool:
    """True for "Đi Sầm Sơn", which is written like a name but is none."""
    return bool(length_at(said_in(line), 0, words.no_name))


def returns_the_paper(text: str, source: Source = DEFAULT) -> bool:
    """Whether a text sends back or refuses the paper itself, for a reason about the paper.

    "Không được khỏe, mai anh xem" and "Chưa được, anh đang họp" only postpone it.
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
    """True for "Trả lại: …", the form given in the mails to leaders, whatever the reason is."""
    head, sign, reason = text.partition(":")
    said = said_in(head)
    return bool(sign and reason.strip()) and any(
        said.begins(0, one) and len(one) == len(said.words) for one in words.returns
    )


def _behind_return(said: Statement, words: LeaderWords) -> str | None:
    """The words after the first verb for returning in a clause; None when it has no such verb."""
    for at in range(len(said.words)):
        if length := length_at(said, at, words.returns):
            return " ".join(said.words[at + length :])
    return None


def _is_of_the_paper(behind: str, words: LeaderWords) -> bool:
    return not said_in(without(behind, words.beside_return)).words or found_in(
        behind, words.paper, words.paper_marked
    )
