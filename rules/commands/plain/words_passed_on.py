"""Turns what an officer wants of the citizen or of a unit into words that they can read.

A question about the citizen, in the third person, becomes a request to the citizen: "hỏi lại công dân xem nhà họ ở
phường nào nhé" becomes "xin Ông/Bà cho biết nhà ở phường nào", "nhắn người gửi cho xin số điện thoại với" becomes
"xin Ông/Bà cho xin số điện thoại". A sentence that would still read as words to a colleague gives no request.

What a unit must change in its answer is told without the words for the colleague: "bảo họ viết lại, bỏ tên cán bộ
nhé em". For an answer that was given in a session, the speaker is read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rules.commands.mood import Statement, found_in, length_at, said_in, without
from rules.commands.plain.argument_words import Asking, Rewriting
from rules.commands.plain.asked_items import asked_item, is_over, is_unreal, is_within, named_item, says_nothing
from rules.commands.plain.words import PlainOrderWords, behind_all
from rules.commands.vocabulary import WORD, CommandWords, first_word, plain_words, starts
from rules.reply.unit_names import UnitNames, mentions_in
from rules.text import squash

_PART = re.compile(r"[,;]\s+|\s[-–]\s")
_END = re.compile(r"[.!?…]+(?:\s|$)")
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n+")
_SPEAKER = re.compile(r"(?:\((?P<aside>[^()\d]{3,120})\)|(?P<said>(?:[^():;?!\d.\n]|\.(?!\s)){2,120}?))\s*:\s*(?=\S)")
"""Before the answer given in a session."""
MOST_ASKED = 40
"""Words of a request."""
MOST_MORE = 6
"""Words for another requested item after a comma ("số nhà, tên đường, phường")."""
LONGEST_REASON = 30
"""Words of a reason that is told in place of a wish."""


def asked_of_sender(text: str, words: Asking) -> str:
    """The request to the citizen in an officer's sentence; "" for other sentences."""
    statement = said_in(text)
    for place in range(min(3, len(statement.words))):
        asks, bids = length_at(statement, place, words.asks), length_at(statement, place, words.bids)
        whom = _whom(statement, place + max(asks, bids), words) if asks or bids else 0
        if whom:
            behind = text[statement.places[whom - 1][1] :]
            named = named_item(behind, words) if asks >= bids else ""
            return named or _request(behind, words, bids=bids > asks)
        if length_at(statement, place, words.beside) == 0:
            return ""
    return ""


def asked_anywhere(sentence: str, words: Asking) -> str:
    """The first such request in a sentence, or what the citizen named in it is to tell ("… cho người hỏi đề nghị
    nói rõ tên dự án")."""
    if asked := asked_item(sentence, words):
        return asked
    statement = said_in(sentence)
    named = next(
        (at for at in range(len(statement.words)) if length_at(statement, at, words.whom)), len(statement.words)
    )
    for at, (begins, _) in enumerate(statement.places):
        told = at and length_at(statement, at - 1, words.told)
        asked = asked_of_sender(sentence[begins:], words)
        bids = at > named and not told and length_at(statement, at, words.completes)
        completes = bids and not is_within(statement, at, words)
        verb = at + length_at(statement, at, words.beside)  # "để anh hỏi dân …"
        if (asked or completes) and is_unreal(sentence, statement.places[verb][0], words):
            return ""
        if asked:
            return asked
        if completes:
            return _request(sentence[begins:], words, bids=True)
    return ""


def as_request(behind: str, words: Asking) -> str | None:
    """The request in the words after "hỏi lại" ("xem họ ở phường nào nhé", "dân xem …"); "" when there is none.

    None for "số nhà rồi", which tells that it has been asked, and for "cho rõ nhé", which names nothing.
    """
    statement = said_in(behind)
    if is_over(behind, words) or (statement.words and says_nothing(behind, words)):
        return None
    if length_at(statement, 0, words.not_whom):
        return ""
    whom = _whom(statement, 0, words)
    if named := named_item(behind, words):
        return named
    return _request(behind[statement.places[whom - 1][1] :] if whom else behind, words, bids=False)


def _whom(statement: Statement, place: int, words: Asking) -> int:
    """Where the words for the citizen end; 0 when there are none at or near the position."""
    while place < len(statement.words):
        if length_at(statement, place, words.not_whom):
            return 0
        if length := length_at(statement, place, words.whom):
            return place + length
        other = length_at(statement, place, words.beside)
        if not other:
            return 0
        place += other
    return 0


def _request(behind: str, words: Asking, *, bids: bool) -> str:
    sentence = _END.split(behind, maxsplit=1)[0]
    asked = _without_pronouns(_content(sentence, words), words)
    statement = said_in(asked)
    if (
        says_nothing(asked, words)
        or is_over(asked, words)
        or len(statement.words) > MOST_ASKED
        or found_in(without(asked, (*words.completes, *words.questions)), words.never)
    ):
        return ""
    if length_at(statement, 0, words.completes):
        return f"xin Ông/Bà {asked}"
    if length_at(statement, 0, words.begged):
        return f"xin Ông/Bà cho {asked}"
    told = found_in(without(asked, (*words.completes, *words.items)), (*words.told, *words.apart))
    if not bids and length_at(statement, 0, words.items) and not told:
        return f"xin Ông/Bà cho biết {asked}"
    if bids or not found_in(asked, words.questions) or any(statement.words == one for one in words.idle):
        return ""
    return f"xin Ông/Bà cho biết {asked}"


def _content(sentence: str, words: Asking) -> str:
    """What is asked, without introductory words, the person meant, and remarks to the colleague."""
    statement, place = said_in(sentence), 0
    while place < len(statement.words) and not length_at(statement, place, words.completes):
        ahead = (
            length_at(statement, place, words.beside)
            or length_at(statement, place, words.leads)
            or length_at(statement, place, words.third)
        )
        if not ahead:
            break
        place += ahead
    if place == len(statement.words):
        return ""
    parts = _PART.split(sentence[statement.places[place][0] :])
    kept = [_cut(parts[0], words)]
    for part in parts[1:]:
        if not _goes_on(part, words):
            break
        kept.append(_cut(part, words))
    return _without_trailing(", ".join(kept), words)


def _without_pronouns(asked: str, words: Asking) -> str:
    """ "Nhà họ ở phường nào" as the citizen himself is asked: "nhà ở phường nào"."""
    statement, place, kept = said_in(asked), 0, 0
    parts: list[str] = []
    while place < len(statement.words):
        other = length_at(statement, place, words.no_pronouns)
        if not other and (length := length_at(statement, place, words.pronouns)):
            parts.append(asked[kept : statement.places[place][0]].rstrip())
            kept = statement.places[place + length - 1][1]
            place += length
        else:
            place += other or 1
    return "".join((*parts, asked[kept:])).strip()


def _goes_on(part: str, words: Asking) -> bool:
    """Whether the words after a comma are another item to ask the citizen for."""
    statement = said_in(part)
    if length_at(statement, 0, words.cuts) or length_at(statement, 0, words.apart):
        return False
    return len(statement.words) <= MOST_MORE or found_in(part, words.questions)


def _cut(part: str, words: Asking) -> str:
    """The words up to a remark to the colleague ("… chứ thế này ai biết đường nào mà chuyển")."""
    statement = said_in(part)
    for place in range(1, len(statement.words)):
        if length_at(statement, place, words.cuts):
            return part[: statement.places[place][0]].rstrip(" ,")
    return part


def _without_trailing(text: str, words: Asking) -> str:
    statement = said_in(text)
    end = len(statement.words)
    while end > 1:
        length = next((len(one) for one in words.trailing if statement.begins(end - len(one), one)), 0)
        if not length or length >= end:
            break
        end -= length
    return text[: statement.places[end - 1][1]].strip() if end else ""


def wish_for_the_unit(text: str, words: Rewriting) -> str:
    """Behind a colon, behind the word for writing again, else the reason; "" when the mail tells nothing of it."""
    sentences = [one.strip() for one in _SENTENCE.split(text) if one.strip()]
    for number, one in enumerate(sentences):
        behind = sentences[number + 1 :]
        if found := _behind_a_colon(one, behind, words) or _behind_the_order(one, behind, words):
            return found
    bidden = next((found for one in sentences if (found := _bidden(one, words))), "")
    return bidden or next((one.rstrip(" .") for one in sentences if _is_reason(one, words)), "")


def _behind_a_colon(sentence: str, behind: Sequence[str], words: Rewriting) -> str:
    """The words behind "viết lại: …", with the sentences behind that wish more."""
    ahead, sign, wish = sentence.partition(": ")
    if not sign or not found_in(ahead, words.again):
        return ""
    more: list[str] = []
    for one in behind:
        if not length_at(said_in(one), 0, words.wishes) or found_in(one, words.talk):
            break
        more.append(one)
    first = _ended(wish, words)
    return " ".join((first if not more or first[-1:] in ".!?" else f"{first}.", *more)).strip()


def _behind_the_order(sentence: str, behind: Sequence[str], words: Rewriting) -> str:
    clauses = _PART.split(sentence)
    ordered = next((at for at, one in enumerate(clauses) if _order_ends(one, words)), None)
    if ordered is None:
        return ""
    own = clauses[ordered][_order_ends(clauses[ordered], words) :].strip(" .:")
    more = [clause for one in behind[:1] if not found_in(one, words.talk) for clause in _PART.split(one)]
    return ", ".join(_wishes((own, *clauses[ordered + 1 :], *more), words))


def _bidden(sentence: str, words: Rewriting) -> str:
    """ "Chuyển lại Sở bảo họ nêu rõ căn cứ": a wish behind who shall fulfil it."""
    statement = said_in(sentence)
    for at in range(1, len(statement.words)):
        led = any(statement.begins(at - len(one), one) for one in words.bids)
        if led and length_at(statement, at, words.wishes):
            return ", ".join(_wishes(_PART.split(sentence[statement.places[at][0] :]), words))
    return ""


def _order_ends(clause: str, words: Rewriting) -> int:
    """Where the last word for writing again ends; 0 without one."""
    statement = said_in(clause)
    ends = [at + length for at in range(len(statement.words)) if (length := length_at(statement, at, words.again))]
    return statement.places[ends[-1] - 1][1] if ends else 0


def _wishes(clauses: Sequence[str], words: Rewriting) -> Iterator[str]:
    """The clauses that say what is to be changed, without "yêu cầu", "bảo họ" and remarks."""
    for one in clauses:
        statement = said_in(one)
        at = 0
        while length := length_at(statement, at, words.leads):
            at += length
        if at < len(statement.words) and length_at(statement, at, words.wishes):
            yield _ended(one[statement.places[at][0] :], words)


def _ended(wish: str, words: Rewriting) -> str:
    """The wish up to a particle or remark for the colleague."""
    statement = said_in(wish)
    ends = next(
        (at for at in range(1, len(statement.words)) if length_at(statement, at, words.closes)), len(statement.words)
    )
    whole = wish if ends == len(statement.words) else wish[: statement.places[ends][0]]
    return whole.strip(" .,;")


def _is_reason(sentence: str, words: Rewriting) -> bool:
    """Whether a sentence tells what is wrong, and is nothing that only a colleague may read."""
    short = len(sentence.split()) <= LONGEST_REASON
    return short and found_in(sentence, words.faults) and not found_in(sentence, (*words.talk, *words.again))


def answer_told(text: str, words: CommandWords, names: UnitNames, *, colon: bool) -> tuple[str, str] | None:
    """Who answered in a session ("" if nobody is named), and the answer; None for words that are no answer.

    ``text``: what follows the order; ``colon``: it stands behind a colon, so that all of it is answer or speaker.
    A speaker stands in parentheses, or is a title or body with names ("bà Bình, Phó Giám đốc:"). "Như sau:" names
    nobody. Any other colon belongs to the answer ("Không đồng ý. Lý do: đất công", "lúc 08:30").
    """
    whole = ("", text) if colon else None
    match = _SPEAKER.match(text)
    if match is None:
        return whole
    who = (_of_form(match["aside"], words) if match["aside"] else _without_leads(match["said"], words)).strip()
    named = match["aside"] or not who or _is_speaker(who, words, names)
    return (who, text[match.end() :]) if named else whole


def _of_form(aside: str, words: CommandWords) -> str:
    """ "(người trả lời: ông Khánh)" as the minutes have it; "" where its dots are not filled in."""
    who = aside[next((end for one in words.minutes_speaker if (end := starts(aside, one))), 0) :]
    return who.lstrip(" :") if any(map(str.isalnum, who)) else ""


def _without_leads(text: str, words: CommandWords) -> str:
    """What stands before "trả lời như sau"."""
    places, plain = [match.end() for match in WORD.finditer(text)], plain_words(text)
    while cut := next((len(one) for one in words.leads_in if plain[-len(one) :] == one), 0):
        plain = plain[:-cut]
    return text[: places[len(plain) - 1]] if plain else ""


def _is_speaker(who: str, words: CommandWords, names: UnitNames) -> bool:
    """Whether the words are a title or body, and otherwise only names: of units, or written with capitals."""
    said, squashed = WORD.findall(who), squash(who)
    of_units = {
        word for mention in mentions_in(who, names) for word in WORD.findall(squashed[mention.start : mention.end])
    }
    titles = [first_word(one) in words.speakers for one in said]
    named = [squash(one) in of_units or (one[0].isupper() and not who.isupper()) for one in said]
    heads = titles[0] or (said[0].isupper() and squash(said[0]) in of_units)
    return heads and all(map(max, titles, named))


def tells_why_again(text: str, names: UnitNames, words: PlainOrderWords) -> bool:
    """ "Mở lại HP-… nhé, dân chưa chịu", "lấy lại câu HP-… từ SXD": words for a colleague, no reason to be read."""
    text = squash(text)
    for mention in reversed(names.find(text, bare=True)):
        text = f"{text[: mention.start]} {text[mention.end :]}"
    statement = said_in(text)
    at = behind_all(statement, 0, words.again_beside)
    own = length_at(statement, at, words.again)
    return bool(own) and behind_all(statement, at + own, words.again_beside) == len(statement.words)
