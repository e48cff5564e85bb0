"""What a citizen's letter says of an earlier or a later one, by phrases of ``wishes.toml``.

Its writer denies, corrects, continues, keeps or acknowledges the earlier letter, or only asks what became of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from rules.message.quote_markers import DEFAULT, load_markers
from rules.message.reply_text import fold, forwarded_mail
from rules.requester.secrecy import names_same_person
from rules.text import squash, strip_marks
from rules.text.patterns import one_of_phrases, one_of_words, plainly
from rules.understand.citizen_replies import asks_more, is_courtesy
from rules.understand.citizen_requests import (
    LONGEST_WORD,
    MOST_WORDS,
    WishWords,
    clauses_of,
    data_request,
    is_wished,
    load_citizen_requests,
    load_numbered_words,
    may_request,
    name_consent,
    plain_words,
)
from rules.understand.citizen_sound import DOWN, OF_MAILBOX, OF_MOVE, wish_to_board
from rules.understand.letter_form import is_only_form
from rules.understand.understand import Understanding, matter_of
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import ParsedMail

AHEAD = 200
"""Words that deny a wish stand within so many characters ahead of it."""


def denies_question(text: str, source: Source = DEFAULT) -> bool:
    """True for a short text of somebody who gets our mails about a question and says that he did not ask it."""
    says, alone, never = _denying(source)
    said = plainly(text)
    if len(said.split()) > MOST_WORDS or never.search(said):
        return False
    return alone.fullmatch(said) is not None or any(says.search(one) for one in clauses_of(text))


@lru_cache(maxsize=SOURCES_KEPT)
def _denying(source: Source) -> tuple[re.Pattern[str], ...]:
    """A clause that denies the question, a mail of a few words that does, and what is never said by a stranger."""
    words = source.toml("wishes.toml")["stranger"]
    who, denies, acts, what, ends = (
        one_of_phrases(words[key]).pattern for key in ("who", "denies", "acts", "what", "ends")
    )
    denied = rf"{who} (?:\S+ )?(?:{denies} {acts} (?:\S+ )?{what}(?: {ends})*$|co {acts} (?:\S+ )?{what} dau\b)"
    says = re.compile(rf"{denied}|{one_of_phrases(words['says']).pattern}")
    return says, one_of_phrases(words["alone"]), one_of_phrases(words["never"])


MOST_CORRECTED = 50
"""A mail of more words is a letter of its own."""


def corrects_letter(text: str, source: Source = DEFAULT) -> bool:
    """True for a short text whose writer corrects what he wrote himself ("tôi viết nhầm, số nhà là 54")."""
    if len(text) > MOST_CORRECTED * LONGEST_WORD:
        return False
    errs, never = _correcting(source)
    told = plainly(text)
    if len(told.split()) > MOST_CORRECTED or never.search(told):
        return False
    return any(errs.search(one) for one in clauses_of(text))


@lru_cache(maxsize=SOURCES_KEPT)
def _correcting(source: Source) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = source.toml("wishes.toml")["correction"]
    who, errs, opens, says = (one_of_phrases(words[key]).pattern for key in ("who", "errs", "opens", "says"))
    pattern = rf"{who} (?:\S+ ){{0,2}}?{errs}|^(?:{opens} )*{errs}|{says}"
    return re.compile(pattern), one_of_phrases(words["never"])


FIRST_CHARS = 80
"""A letter says within so many characters that it continues an earlier one."""
LAST_CHARS = 300
"""… and so many before its end, where a signature may stand, that more of it comes."""
_FIRST_OF_SEVERAL = re.compile(r"\(\s*1\s*/\s*[2-5]\s*\)")
_OF_SEVERAL = re.compile(r"\(\s*(?:2\s*/\s*[2-5]|3\s*/\s*[345]|4\s*/\s*[45]|5\s*/\s*5)\s*\)")


def continues_letter(subject: str, text: str, source: Source = DEFAULT) -> bool:
    """True for a letter that calls itself a later part of one sent before ("(thư 2, tiếp theo)", "(2/2)")."""
    said = (squash(subject), *map(squash, text[:FIRST_CHARS].splitlines()))
    return _OF_SEVERAL.search(said[0]) is not None or any(map(_continuing(source).search, said))


@lru_cache(maxsize=SOURCES_KEPT)
def _continuing(source: Source) -> re.Pattern[str]:
    said = {key: one_of_words(words) for key, words in source.toml("wishes.toml")["continuation"].items()}
    letter = rf"(?<!\w)(?:{said['letters']} {said['later']}(?! {said['counted']}(?!\w))|{said['says']})(?!\w)"
    part = rf"(?:^|[(\[:–-] ?){said['parts']} {said['later']}(?= {said['of']}(?!\w)| ?(?:[^\w\s]|$))"
    return re.compile(rf"{letter}|{part}")


MOST_OF_A_PIECE, FEW = 15, 9
"""The most words of a piece of a letter typed in several mails: if it asks nothing, and whatever it asks."""


def is_piece(subject: str, text: str, before: Collection[str], source: Source = DEFAULT) -> bool:
    """True for a short mail of no subject, or of that of a mail ``before``, which hardly says a whole matter ("số nhà
    88 nhé", "bao giờ Sở sửa")."""
    if not is_piece_by_length(text) or is_courtesy(text, source, waits=True):
        return False
    if len(text.split()) > FEW and asks_more(text, source) is not None:
        return False
    return is_only_form(subject, source) or squash(subject) in map(squash, before)


def is_piece_by_length(text: str) -> bool:
    """True for a text as short as such a piece."""
    return len(text) <= MOST_OF_A_PIECE * LONGEST_WORD and 0 < len(text.split()) <= MOST_OF_A_PIECE


MOST_STILL = 40
"""A letter that only says that something is still so has at most so many words."""


def is_still_so(subject: str, text: str, before: Collection[str], source: Source = DEFAULT) -> bool:
    """True for a short new mail under the subject of one ``before`` that says that it is still so ("hôm nay vẫn tắt")
    or was sent already."""
    bare = load_markers(source).subject.either.sub("", subject, count=1)
    same = not is_only_form(bare, source) and squash(bare) in map(squash, before)
    return same and _says_still(text, source)


def _says_still(text: str, source: Source) -> bool:
    return len(text.split()) <= MOST_STILL and _still(source).search(squash(text)) is not None


@lru_cache(maxsize=SOURCES_KEPT)
def _still(source: Source) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){one_of_words(source.toml('wishes.toml')['continuation']['still'])}(?!\w)")


def announces_more(subject: str, text: str, source: Source = DEFAULT) -> bool:
    """True for a letter that says that a further part of it comes in another mail ("(1/2)", "còn tiếp")."""
    said = squash(text[-LAST_CHARS:])
    return _FIRST_OF_SEVERAL.search(subject) is not None or _announcing(source).search(said) is not None


@lru_cache(maxsize=SOURCES_KEPT)
def _announcing(source: Source) -> re.Pattern[str]:
    """Such words at the end of a clause: not "còn tiếp tục thi công"."""
    text = one_of_words(source.toml("wishes.toml")["continuation"]["announces"])
    return re.compile(rf"(?<!\w){text} *(?=[).…!;\n]|$)")


_SENTENCES = re.compile(r"[^.!?\n]+[.!?]*")


def asks_after_earlier(text: str, source: Source = DEFAULT) -> bool:
    """True for a short text that speaks of a question sent here before, by whomever, and only asks what became of it
    ("con tôi có gửi câu hỏi về lương hưu. Đã có trả lời chưa?")."""
    if len(text.split()) > MOST_WORDS:
        return False
    said, (sent, to, came, more) = plainly(text), _earlier(source)
    if not sent.search(said) or to.search(said) or more.search(said):
        return False
    asked = [plainly(one) for one in _SENTENCES.findall(text) if one.endswith("?")] or [said]
    asks = load_citizen_requests(source).asks
    return all(asks.search(one) or came.search(one) for one in asked)


@lru_cache(maxsize=SOURCES_KEPT)
def _earlier(source: Source) -> tuple[re.Pattern[str], ...]:
    """That something was sent before, to another body, what is asked of it, and that more is asked."""
    listed = source.toml("wishes.toml")["status"]
    return tuple(one_of_phrases(listed[key]) for key in ("sent", "sent_to", "came", "more"))


MOST_KEPT = 30
"""Words in which somebody only keeps a question; a longer reply keeps it in clearer ones."""


def keeps_question(text: str, source: Source = DEFAULT, *, threaded: bool = False) -> bool:
    """True for plain words of somebody who wished to withdraw a question: that it is to be answered after all."""
    if not threaded and len(text) > MOST_KEPT * LONGEST_WORD:
        return False  # a whole letter: most mails are one, and none of these
    keeps, goes_on, unsure, ends = _keeping(source)
    told = plainly(text)
    short = len(told.split()) <= MOST_KEPT
    if threaded and short and "?" not in text:
        keeps = goes_on
    unclear = unsure.search(told) or ends.search(keeps.sub(" | ", told))
    return keeps.search(told) is not None and not unclear and (threaded or short)


@lru_cache(maxsize=SOURCES_KEPT)
def _keeping(source: Source) -> tuple[re.Pattern[str], ...]:
    """That the question is kept, the same or that one waits for its answer, doubt, and that it is over."""
    words = source.toml("wishes.toml")["withdrawal"]
    keeps = (*words["keeps"], *words["never_wished"])
    goes_on = (*keeps, *words["goes_on"])
    return tuple(map(one_of_phrases, (keeps, goes_on, words["unsure"], words["ends"])))


_NUMBERED = r"(?:(?:so|thu) )?(?:[1-9]|1[0-9]|20)(?![\w/.-]*\d)|thu (?:nhat|hai|ba|tu|bon|nam)(?!\w)"


def withdraws_part(text: str, source: Source = DEFAULT, *, sounds: bool = False) -> bool:
    """True for a short text that gives up one of the matters that it asked, and not the others ("Câu 3 thì thôi không
    cần trả lời nữa, hai câu kia tôi vẫn chờ"). ``sounds``: it sounds like a withdrawal, whatever its words."""
    if len(text) > MOST_WORDS * LONGEST_WORD:
        return False
    part, rest = _parting(source)
    said = squash(strip_marks(text))
    if not (part.search(said) or rest.search(said)) or len(said.split()) > MOST_WORDS:
        return False
    words, keeps = load_citizen_requests(source), _keeping(source)[0]
    ways = (words.withdraws, words.stops, words.drops)
    gives_up = any(way.search(one) for one in clauses_of(text) for way in ways)
    return not keeps.search(plainly(text)) and (sounds or gives_up)


def asks_to_withdraw(mail: ParsedMail, read: Understanding, source: Source = DEFAULT) -> bool:
    """True for a short mail whose only sender wants a question withdrawn, or no longer wants an answer."""
    own = read.text.own
    if not may_request(mail.subject, own, source) or len(own.split()) > MOST_WORDS or len(mail.senders) != 1:
        return False
    return withdraws(own if own.strip() else mail.subject, source)


def withdraws(text: str, source: Source = DEFAULT) -> bool:
    """True for words that withdraw, without any that show that nothing is withdrawn after all."""
    words, said = load_citizen_requests(source), plainly(text)
    if words.never.search(said):
        return False
    meant = [clause for clause in clauses_of(text) if not _is_denied(clause, words)]
    return words.withdraws.search(" ".join(meant)) is not None or any(
        words.stops.search(one) or words.drops.search(one) for one in meant
    )


def denies_withdrawal(text: str, source: Source = DEFAULT) -> bool:
    """True for words that speak of withdrawing or erasing as of what is not wished, or was done by others ("đừng đóng
    câu hỏi của tôi", "sao các anh lại hủy câu hỏi của tôi"); and no others withdraw."""
    words, said = load_citizen_requests(source), plain_words(text, source)
    denied = any(_is_denied(clause, words) for clause in clauses_of(text)) or any(
        request.said.search(said) and not is_wished(request, said, words.denied)
        for request in load_numbered_words(source).data
    )
    return denied and not withdraws(text, source)


def _is_denied(clause: str, words: WishWords) -> bool:
    """True when something stands ahead of the clause's words of withdrawing with which they wish nothing."""
    finds = (match for wish in (words.withdraws, words.drops) for match in wish.finditer(clause))
    return any(
        words.denied.search(clause[max(0, match.start() - AHEAD) : match.start()] + match[0].split(" ")[0])
        for match in finds
    )


def may_end(text: str, source: Source = DEFAULT) -> bool:
    """False for words in a question's thread that keep it or speak of its end as not wished, however they sound."""
    return not (keeps_question(text, source, threaded=True) or denies_withdrawal(text, source))


def ends_beside_data(text: str, source: Source = DEFAULT) -> bool:
    """True for the text of a request about one's data that besides withdraws the question ("xóa dữ liệu của tôi, tôi
    rút câu hỏi luôn")."""
    wanted = data_request(text, source) if name_consent(text, source) is None else None
    return wanted is not None and withdraws(wanted.said.sub(" | ", text), source)


@lru_cache(maxsize=SOURCES_KEPT)
def _parting(source: Source) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """One of the matters by its number, and the others."""
    words = source.toml("wishes.toml")["withdrawal"]
    things, others, only = (one_of_words(map(strip_marks, words[key])) for key in ("parts", "others", "only"))
    part = re.compile(rf"(?<!\w){things} (?:{_NUMBERED})")
    return part, re.compile(rf"(?<!\w)(?:{things} {others}|{only})(?!\w)")


def owns_question(text: str, source: Source = DEFAULT) -> bool:
    """True for a few words of somebody who denied a question: that it is theirs after all, or is to be answered."""
    if len(text) > MOST_KEPT * LONGEST_WORD:
        return False
    told = plainly(text)
    if len(told.split()) > MOST_KEPT or denies_question(text, source):
        return False
    owns, (*_, unsure, ends) = _owning(source), _keeping(source)
    return owns.search(told) is not None and not (unsure.search(told) or ends.search(owns.sub(" | ", told)))


@lru_cache(maxsize=SOURCES_KEPT)
def _owning(source: Source) -> re.Pattern[str]:
    words = source.toml("wishes.toml")
    kept = words["withdrawal"]
    return one_of_phrases((*words["stranger"]["owns"], *kept["keeps"], *kept["goes_on"]))


def speaks_of_earlier(subject: str, text: str, source: Source = DEFAULT) -> bool:
    """True for a mail that keeps, corrects, continues or in part gives up what its writer asked, or is short enough
    for it, or wants it off the Portal or answered to another address."""
    if is_piece_by_length(text) or _says_still(text, source):
        return True
    said = keeps_question(text, source) or owns_question(text, source) or corrects_letter(text, source)
    said = said or withdraws_part(text, source)
    wish = wish_to_board(f"{subject}\n{text}", source)[1]
    return said or continues_letter(subject, text, source) or wish in {DOWN, OF_MAILBOX, OF_MOVE}


MOST_ABOVE = 25
"""More words above a forwarded letter say something of their own."""


def own_letter_again(mail: ParsedMail, text: str, source: Source = DEFAULT) -> str:
    """The writer's own earlier letter that he forwards, with a few words above it that ask and tell nothing; ""
    for any other mail. ``text``: all that he asks, with the letter."""
    inner = forwarded_mail(mail.text, mail.subject, source)
    if inner is None or inner.sender.lower() != mail.sender.email.lower():
        return ""
    again = fold(inner.text, source).own
    above = text.replace(again, "")
    said = "?" in above or any(one.isdigit() for one in above) or len(above.split()) > MOST_ABOVE
    return "" if said else again


def is_about(mail: ParsedMail, read: Understanding, name: str, source: Source = DEFAULT) -> bool:
    """True for a letter that speaks of the officer of this name: by the whole name, or, where it speaks of the
    office's own people, by the given name behind a title ("cán bộ tiếp nhận là bà Lan")."""
    fresh = read.alone or read
    matter = matter_of(mail.subject, fresh.text.own, fresh.asker, source)
    text = f"{matter.subject}\n{matter.text}"
    words, told = name.split(), f" {plainly(text)} "
    if len(words) > 1 and all(one[:1].isupper() for one in words) and f" {plainly(name)} " in told:
        return True
    return _own_people(source).search(told) is not None and names_same_person(text, f"ông {name}", source)


@lru_cache(maxsize=SOURCES_KEPT)
def _own_people(source: Source) -> re.Pattern[str]:
    return one_of_phrases(source.toml("wishes.toml")["denounced"]["own_people"])
