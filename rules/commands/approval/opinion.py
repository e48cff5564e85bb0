"""A leader's opinion on a paper submitted for approval: approved, with a wish or without, or not clear.

Every word of an approval must be known: an unknown word makes the sentence no approval, and a reservation anywhere
cancels it. Additional wishes ("Lưu ý mời báo chí") are passed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rules.commands.approval.opinion_words import (
    OpinionWords,
    Reading,
    load_opinion_words,
    load_reading,
    without_its_name,
)
from rules.commands.approval.own_act import (
    LeaderWords,
    begins_no_name,
    behind_whom,
    decides,
    is_about,
    is_elsewhere,
    is_own_act,
    is_taken_back,
    is_wish,
    load_leader_words,
)
from rules.commands.approval.remarks import changes_nothing, set_aside
from rules.commands.mood import Statement, Words, asks, found_in, length_at, said_in, without
from rules.commands.plain.words import written_out
from rules.commands.vocabulary import load_command_words, plain_words
from rules.message.quote_markers import DEFAULT
from rules.values.data_file import Source

_SENTENCE = re.compile(r"[.!;\n]+")
_TOLD = re.compile(r"(?<=[.!?])\s+|\n+")
_NUMBER = re.compile(r"^\S+@\S+$|^[\d .()+/-]{8,}$")
NAME_WORDS = range(2, 7)
_PIECE = re.compile(r"\s[-–]\s|,")
LONGEST = 600
"""A longer answer, in characters, is not searched for an approval."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """An approval; ``wish`` is the wish added to it."""

    wish: str = ""


def approval_in(text: str, source: Source = DEFAULT, paper: str = "") -> Opinion | None:
    """The approval that a text gives; None when it gives none or any doubt remains.

    ``paper`` are the words of the paper at hand, by which the text may name it.
    """
    words = load_opinion_words(source)
    text = without_its_name(written_out(text), paper, words)
    if _may_be_tonight(text, words, load_leader_words(source)):
        return None
    text = _named_in_full(text, load_reading(source))
    found = _read(text, source)
    if found is not None:
        return found
    aside = set_aside(text, source)
    found = _read(aside.text, source) if aside.text != text and len(text) <= LONGEST else None
    return Opinion(". ".join(one for one in (*aside.wishes, found.wish) if one)) if found is not None else None


def _read(text: str, source: Source) -> Opinion | None:
    found = _by_every_word(text, source) or _among_sentences(text, source)
    sure = found is not None and _is_beyond_doubt(text, source) and changes_nothing(found.wish, source)
    return found if sure else None


def _named_in_full(text: str, reading: Reading) -> str:
    """ "Nội dung, thời gian như dự thảo" is the paper; "thời gian như dự thảo" approves no more than that."""
    return reading.named_in_full.sub(lambda one: " " if reading.whole in one[0].lower() else one[0], text)


def _is_beyond_doubt(text: str, source: Source) -> bool:
    """Whether the leader himself approves, and all other sentences belong to the approval."""
    words, leader = load_opinion_words(source), load_leader_words(source)
    body = _without_unopposed(_above_the_closing(text, source), words, words.idioms)
    lines = [one for at, one in enumerate(body.splitlines()) if not (at and _signs_below(one, words, leader))]
    told = [one for line in lines for one in _SENTENCE.split(line) if plain_words(one)]
    given = next((at for at, one in enumerate(told) if _gives(one, words)), 0)
    before, behind = told[:given], told[given + 1 :]
    if any(_awaits_another(one, words, leader) for one in told):
        return False
    if not all(is_own_act(one, leader) for one in told if not _is_over(one, "", words)):
        return False
    if not decides(". ".join(told), leader) or not all(_may_lead(one, words, leader) for one in before):
        return False
    return all(_belongs(one, words, leader) for one in behind)


def _may_be_tonight(text: str, words: OpinionWords, leader: LeaderWords) -> bool:
    """ "dang hop, toi duyet": without marks "tôi" of one who is busy may be "tối"."""
    said = said_in(text)
    acts = [at for at in range(1, len(said.words)) if said.bare and length_at(said, at, leader.acts)]
    named = any(said.begins(at - len(one), one) for at in acts for one in words.never_marked)
    return named and found_in(text, words.excuses)


def _awaits_another(sentence: str, words: OpinionWords, leader: LeaderWords) -> bool:
    """ "Đồng ý hết thì duyệt": the second approval depends on the first, which is others'."""
    said = said_in(sentence)
    acts = [at for at in range(len(said.words)) if length_at(said, at, leader.acts)]
    between = range(acts[0] + 1, acts[-1]) if acts else ()
    return any(length_at(said, at, words.then) for at in between)


def _signs_below(line: str, words: OpinionWords, leader: LeaderWords) -> bool:
    signs = _is_signature(line, words) and not _covered(line, words, approves=True)
    return signs and not begins_no_name(line, leader)


def _gives(sentence: str, words: OpinionWords) -> bool:
    clauses = [one for one in words.reading.parts.split(sentence) if plain_words(one)]
    return any(_covered(one, words, approves=True) for one in clauses)


def _may_lead(sentence: str, words: OpinionWords, leader: LeaderWords) -> bool:
    if _is_over(sentence, "", words) or _is_excuse(sentence, words):
        return True
    return not is_elsewhere(sentence, leader) and (
        _covered(sentence, words, approves=False) or is_about(sentence, leader)
    )


def _belongs(sentence: str, words: OpinionWords, leader: LeaderWords) -> bool:
    if is_taken_back(sentence, leader):
        return False
    if is_wish(sentence, leader) or _covered(behind_whom(sentence, leader), words, approves=False):
        return True
    return all(_is_beside(one, words) for one in words.reading.parts.split(sentence))


def _by_every_word(text: str, source: Source) -> Opinion | None:
    words, mood = load_opinion_words(source), load_command_words(source).mood
    body = _above_the_closing(text, source)
    if len(body) > LONGEST or "?" in body or asks(body, mood):
        return None
    body = _without_unopposed(body, words)
    lines = [one for one in _without_unopposed(text, words).splitlines() if not _is_signature(one, words)]
    if any(_never(one, words) for one in lines):
        return None
    sentences = [part for one in _SENTENCE.split(words.reading.issue.sub(" ", body)) for part in _clauses(one, words)]
    given = next((at for at, one in enumerate(sentences) if not _covered(one, words, approves=False)), len(sentences))
    if not any(_covered(one, words, approves=True) for one in sentences[:given]):
        return None
    rest = [one for one in sentences[given:] if not _covered(one, words, approves=False)]
    while rest and not _is_wish(rest[-1], words) and _is_signature(rest[-1], words):
        rest.pop()
    return Opinion(". ".join(rest)) if all(_is_wish(one, words) for one in rest) else None


def _among_sentences(text: str, source: Source) -> Opinion | None:
    """ "Lúc đầu tôi thấy gấp. Tính kỹ thì vẫn kịp. Thôi duyệt.": a clear approval among ordinary sentences."""
    words, mood = load_opinion_words(source), load_command_words(source).mood
    body = _without_unopposed(_above_the_closing(text, source), words, words.idioms)
    if len(body) > LONGEST or "?" in body or asks(body, mood):
        return None
    kept = [one for one in _SENTENCE.split(body) if plain_words(one)]
    kept = [one for one in kept if not _is_signature(one, words)]
    given = next((at for at, one in enumerate(kept) if _approves(one, words)), -1)
    every = _SENTENCE.split(_without_unopposed(text, words, words.idioms))
    if given < 0 or any(_never(one, words) for one in every if not _is_over(one, kept[given], words)):
        return None
    behind = kept[given + 1 :]
    if any(found_in(one, words.other_papers) for one in kept):
        return None
    if not all(_approves(one, words) or _may_follow(one, words) for one in behind):
        return None
    wishes = [one.strip() for one in behind if not (_approves(one, words) or _is_excuse(one, words))]
    return Opinion(". ".join(wishes))


def _is_over(sentence: str, given: str, words: OpinionWords) -> bool:
    """True for an opinion that the leader once had, in another sentence than the approval."""
    return sentence != given and bool(length_at(said_in(sentence), 0, words.once))


def _approves(sentence: str, words: OpinionWords) -> bool:
    """True when one clause approves and the others only give reasons for a short reply, praise, or a wish."""
    clauses = [one for one in words.reading.parts.split(sentence) if plain_words(one)]
    strong = [one for one in clauses if _covered(one, words, approves=True) and found_in(one, words.strong)]
    return bool(strong) and all(one in strong or _is_beside(one, words) for one in clauses)


def _is_beside(clause: str, words: OpinionWords) -> bool:
    if _covered(clause, words, approves=False) or _is_excuse(clause, words) or _is_wish(clause, words):
        return True
    return found_in(clause, words.praise) and not found_in(clause, words.no_praise) and not _never(clause, words)


def _is_excuse(clause: str, words: OpinionWords) -> bool:
    return bool(length_at(said_in(clause), 0, words.excuses)) and not found_in(clause, words.no_excuse)


def _may_follow(sentence: str, words: OpinionWords) -> bool:
    """True for what may follow an approval: courtesies, an excuse, or words that cannot mean second thoughts."""
    if all(_is_beside(one, words) for one in words.reading.parts.split(sentence) if plain_words(one)):
        return True
    return not found_in(sentence, (*words.undo, *words.plan)) and not any(one.isdigit() for one in sentence)


def _clauses(sentence: str, words: OpinionWords) -> list[str]:
    """The sentence, split at commas after which a new topic begins ("…, lưu ý mời báo chí")."""
    kept: list[str] = []
    for part in sentence.split(","):
        if kept and not any(said_in(part).begins(0, one) for one in words.apart):
            kept[-1] += f",{part}"
        else:
            kept.append(part)
    return [one.strip() for one in kept if plain_words(one)]


def _is_wish(clause: str, words: OpinionWords) -> bool:
    said = said_in(clause)
    occasion = length_at(said, 0, words.occasions)
    return any(said.begins(at, each) for at in {0, occasion} for each in words.wishes) or _is_task(said, words)


def _is_task(said: Statement, words: OpinionWords) -> bool:
    """ "Giao Văn phòng tổ chức thực hiện": has the paper carried out, and says nothing else."""
    at = next((len(one) for one in words.tasks if said.begins(0, one)), 0)
    while at and at < len(said.words):
        if any(said.begins(at, one) and at + len(one) == len(said.words) for one in words.carried_out):
            return True
        at += next((len(one) for one in words.charged if said.begins(at, one)), len(said.words))
    return False


def sent_back(text: str, source: Source = DEFAULT) -> bool:
    """Whether a leader wants a paper revised ("… viết lại phần kinh phí và trình lại tôi xem").

    Only a command to revise it counts, at the start of a clause or after naming who does it, in a text without
    conditions and questions. A paper returned by mistake is simply submitted again, so this needs less proof.
    """
    words, mood = load_opinion_words(source), load_command_words(source).mood
    body = _above_the_closing(text, source)
    if len(body) > LONGEST or found_in(without(body, words.no_spares), words.spares):
        return False
    told = [one for one in _TOLD.split(body) if not one.rstrip().endswith("?") and not asks(one, mood)]
    return any(_orders_again(said_in(one), words) for each in told for one in words.reading.clause.split(each))


def _orders_again(said: Statement, words: OpinionWords) -> bool:
    mended = length_at(said, 0, words.mends) and any(
        length_at(said, one, words.and_back) for one in range(len(said.words))
    )
    if mended or said.words in words.again_alone:
        return True
    at = 0
    while at < len(said.words):
        if any(said.begins(at, one) for one in words.again) or said.words[at:] in words.not_good:
            return True
        part = any(said.begins(at, one) for one in words.parts) and said.words[-1] != "rồi"
        if part and any(said.begins(place, one) for place in range(at, len(said.words)) for one in words.part_again):
            return True
        ahead = next((len(one) for one in words.who if said.begins(at, one)), 0)
        if not ahead:
            return False
        at += ahead
    return False


def _never(line: str, words: OpinionWords) -> bool:
    """A reservation in a line; "cho" without diacritics means "chờ", unless words for going ahead follow it."""
    said = said_in(line)
    for at in range(len(said.words)):
        goes_ahead = said.bare and any(said.begins(at + 1, one) for one in words.go_ahead)
        passed_over = words.never_marked if said.bare else ()
        passed_over = (*passed_over, *words.wait) if goes_ahead else passed_over
        if any(said.begins(at, one) for one in words.never if one not in passed_over):
            return True
    return False


def _without_unopposed(text: str, words: OpinionWords, more: tuple[Words, ...] = ()) -> str:
    """The text with "không có ý kiến gì" blanked out, unless "thì" after it makes it a condition."""
    unopposed = sorted((*words.unopposed, *more), key=len, reverse=True)
    said = said_in(text)
    for at, place in enumerate(said.places):
        found = length_at(said, at, unopposed)
        behind = at + found
        if found and not any(said.begins(behind, one) for one in words.then):
            end = said.places[behind - 1][1]
            text = f"{text[: place[0]]}{' ' * (end - place[0])}{text[end:]}"
    return text


def _above_the_closing(text: str, source: Source) -> str:
    """The lines before the closing, without greetings; after a greeting's comma the opinion may follow."""
    words, reading = load_command_words(source), load_reading(source)
    kept: list[str] = []
    for line in reading.closed.sub(r"\n", text.strip()).splitlines():
        plain = f"{' '.join(plain_words(line))} "
        if any(plain.startswith(f"{one} ") for one in words.closings) and kept:
            break
        greeted = any(plain.startswith(f"{one} ") for one in words.greetings)
        kept += reading.parts.split(line, maxsplit=1)[1:] if greeted else [line]
    return "\n".join(kept)


def _covered(sentence: str, words: OpinionWords, *, approves: bool) -> bool:
    """True when the sentence has only known words and, with ``approves``, an approving one among them."""
    said, at, found = plain_words(sentence), 0, False
    while at < len(said):
        hit = next((one for one in words.approves if said[at : at + len(one)] == one), None)
        other = next((one for one in words.beside if said[at : at + len(one)] == one), None)
        if hit is None and other is None:
            return False
        found = found or hit is not None
        at += max(len(hit or ()), len(other or ()))
    return found or not approves


def _is_signature(sentence: str, words: OpinionWords) -> bool:
    """True for a title, a name, a number, or a line that a device adds below a mail, and nothing else."""
    return all(_signs(piece.strip(), words) for piece in _PIECE.split(sentence) if piece.strip())


def _signs(piece: str, words: OpinionWords) -> bool:
    said = plain_words(piece)
    title = 0
    while length := next((len(one) for one in words.titles if said[title : title + len(one)] == one), 0):
        title += length
    rest = piece.split()[title:]
    named = len(rest) in NAME_WORDS and all(word[0].isupper() for word in rest)
    if any(said[: len(one)] == one for one in words.devices) or (title and not rest):
        return True
    return named or bool(_NUMBER.search(" ".join(rest).lstrip(": ")))
