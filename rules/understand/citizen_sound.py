"""What a citizen's reply in the thread of a question sounds like: a statistical vote (docs/decisions/0016).

Phrases (``rules.understand.citizen_replies``, ``citizen_requests``) find only the words that somebody listed; people
thank, ask for the state or withdraw a question in many other words. Phrases alone find the wish for another mail
address, requests to the Board itself, what is wanted of a session, and the wish to stay anonymous.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from rules.message.quote_markers import DEFAULT
from rules.reply import evidence
from rules.reply.sentences import is_bare
from rules.reply.unit_names import UnitNames
from rules.requester.secrecy import speaks_of_own_name, stays_unknown
from rules.text import squash, strip_marks
from rules.text.patterns import one_of_phrases, plainly
from rules.text.statistical_vote import shares
from rules.text.vietnamese import may_be_syllable, words
from rules.understand.citizen_replies import asks_more
from rules.understand.citizen_requests import (
    LONGEST_WORD,
    clauses_of,
    name_consent,
    plain_words,
)
from rules.values.data_file import SOURCES_KEPT, Source


class Sound(StrEnum):
    """The classes of the vote."""

    THANKS = "thanks"
    """Thanks, contentment, patience: nobody has to read it."""
    COMPLAINT = "complaint"
    """Not content with the answer."""
    FOLLOW_UP = "followup"
    STATUS = "status"
    """Asks how the question stands."""
    WITHDRAW = "withdraw"
    NEW = "new"
    """Asks about another matter."""
    DATA = "data"
    """Brings missing personal data."""


MODEL = "citizens"
KNOWN = 0.5
"""The vote must know this share of a text's syllables."""
SURE = {Sound.THANKS: 0.6, Sound.COMPLAINT: 0.5, Sound.STATUS: 0.7, Sound.WITHDRAW: 0.5}
"""The share from which a mail is read as it sounds."""
SURE_OF_ANSWER = 0.7
"""The same for thanks for an answer, which may be ironical: nobody reads what was taken for thanks."""
STATUS_TOO = 0.3
"""The share from which the state is told, and the mail passed on too."""
NEW, SURELY_NEW = 0.3, 0.5
"""The shares from which a mail may be about another matter: the first if it shares no word with the question and its
likely unit is another one, the second if it only shares no word."""
ANGRY, AT_THE_WAIT = 0.1, 0.4
"""Words are anger at the wait (:func:`is_angry`) where the share of a complaint is at least the first number and at
least that of an addition, and the shares of a complaint and of a question for the state together are at least the
second."""
LEAST_STRANGE = 3
"""At least this many unknown words make a text a foreign one."""
_LATIN, _VOWEL = re.compile("[a-z]"), re.compile("[aeiouy]")
LEAST_THANKS = 0.1
"""What phrases take for thanks must not sound less like it ("Cảm ơn, 3 năm nữa tôi chờ")."""


def heard(text: str, names: UnitNames, source: Source = DEFAULT, *, over: bool) -> dict[str, float]:
    """The share of each class for a mail's own text, adding up to 1; {} without a model or known words.

    ``over``: the question has its answer. In a foreign text the vote knows at most "thank you".
    """
    if is_foreign(text, source):
        return {}
    return shares(MODEL, examined(text, names, source, over=over), source, known=KNOWN)


def sounds_thankful(likely: Mapping[str, float], *, over: bool) -> bool:
    """Whether what phrases take for thanks sounds like it; after an answer, a wish to end the matter does so too."""
    ends = likely.get(Sound.WITHDRAW, 0.0) if over else 0.0
    return likely.get(Sound.THANKS, 1.0) + ends >= LEAST_THANKS


def is_of_answer(text: str, source: Source = DEFAULT) -> bool:
    """True for a text that speaks of an answer's signer."""
    return _of_answer(source).search(plainly(text)) is not None


@lru_cache(maxsize=SOURCES_KEPT)
def _of_answer(source: Source) -> re.Pattern[str]:
    return one_of_phrases(source.toml("wishes.toml")["new_question"]["of_answer"])


def is_angry(likely: Mapping[str, float], told: float) -> bool:
    """Whether words that sound so (:func:`heard`) are anger at the wait, not an addition; ``told``: its share."""
    complains = likely.get(Sound.COMPLAINT, 0.0)
    waits = complains + likely.get(Sound.STATUS, 0.0)
    return complains >= max(ANGRY, told) and waits >= AT_THE_WAIT


def is_foreign(text: str, source: Source = DEFAULT) -> bool:
    """True for a text in other letters, and for a text of which half the words (thanks apart) are foreign."""
    bare = strip_marks(text).lower()
    if not _LATIN.search(bare):
        return any(map(str.isalpha, text))
    said = [word for word in words(text) if word.lower() not in _loans(source) and not _is_short(word)]
    strange = sum(not may_be_syllable(word) for word in said)
    return strange >= LEAST_STRANGE and 2 * strange >= len(said)


@lru_cache(maxsize=SOURCES_KEPT)
def _loans(source: Source) -> frozenset[str]:
    return frozenset(source.toml("wishes.toml")["foreign"]["loans"])


def _is_short(word: str) -> bool:
    """True for an abbreviation: capitals, or no vowel ("tks", "đc")."""
    return (word.isupper() and word.isascii()) or not _VOWEL.search(strip_marks(word).lower())


def examined(text: str, names: UnitNames, source: Source = DEFAULT, *, over: bool) -> Mapping[str, float]:
    """The features of a text by which the vote is trained."""
    return {**evidence.examined(text, 0, names, source), "mcase-over" if over else "mcase-open": 1.0}


@dataclass(frozen=True, slots=True)
class MailAddressWords:
    """Words that want mails sent to another address."""

    changes: re.Pattern[str]
    sends: re.Pattern[str]
    here: re.Pattern[str]
    never: re.Pattern[str]


@lru_cache(maxsize=SOURCES_KEPT)
def load_mail_address_words(source: Source = DEFAULT) -> MailAddressWords:
    """Read the section [mail_address]. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")["mail_address"]
    return MailAddressWords(*(one_of_phrases(data[key]) for key in ("changes", "sends", "here", "never")))


def wishes_mail_address(text: str, *, named: bool, elsewhere: bool, source: Source = DEFAULT) -> bool:
    """True for words that want mails sent to another address than before.

    ``named``: another address stands in the text. ``elsewhere``: the mail comes from another address.
    """
    words, said = load_mail_address_words(source), plainly(text)
    if words.never.search(said):
        return False
    if words.changes.search(said) or (named and words.sends.search(said)):
        return True
    return elsewhere and words.here.search(said) is not None


def recalls(text: str, source: Source = DEFAULT) -> bool:
    """True for a mail that says no more than "Thu hồi", or "Thu hồi HP-2026-000123"."""
    return _recalling(source).fullmatch(plainly(text)) is not None


@lru_cache(maxsize=SOURCES_KEPT)
def _recalling(source: Source) -> re.Pattern[str]:
    words = source.toml("wishes.toml")["withdrawal"]
    text, after = (one_of_phrases(words[key]).pattern for key in ("recalls", "after"))
    number = rf"{re.escape(plainly(source.prefix))} # #"
    return re.compile(rf"(?:{number} )?{text}(?: (?:{after}|{number}))*")


MOST_WISHED = 40
"""A mail with more words also says something about the matter, besides a request to the office."""


def wish_to_office(text: str, source: Source = DEFAULT) -> tuple[str, str]:
    """What a short text asks of the office itself, as officers call it (an answer on paper, whom to call, a copy for
    somebody else), and what it says beside; ("", "") for nothing."""
    clauses, told = clauses_of(text), plainly(text)
    for name, pattern, never in _office(source) if len(told.split()) <= MOST_WISHED else ():
        beside = [one for one in clauses if not pattern.search(one)]
        if len(beside) < len(clauses) and not never.search(told):
            return name, "\n".join(beside)
    return "", ""


DOWN, OF_SESSION, OF_DATA, OF_PRESS, OF_BODY = "down", "session", "data", "press", "body"
OF_MAILBOX, OF_MOVE = "mailbox", "move"
"""The keys of such wishes in ``wishes.toml``."""


def wish_to_board(text: str, source: Source = DEFAULT) -> tuple[str, str]:
    """What a new letter wants of the Board itself, as officers call it (a journalist's request, that something be
    taken off the Portal, the hour of a session), and its key of ``wishes.toml``; ("", "") for nothing."""
    told = plainly(text) if len(text) <= LONGEST_WORD * max(row[4] for row in _board(source)) else ""
    rows = [row for row in _board(source) if 0 < len(told.split()) <= row[4]]
    found = (row for row in rows if all(pattern.search(told) for pattern in row[2]) and not row[3].search(told))
    return next(((row[0], row[1]) for row in found), ("", ""))


@lru_cache(maxsize=SOURCES_KEPT)
def answered_by(source: Source = DEFAULT) -> tuple[str, ...]:
    """The words before the name of a unit that has answered and is not asked."""
    return tuple(map(squash, source.toml("wishes.toml")["to_board"]["answered"]))


@lru_cache(maxsize=SOURCES_KEPT)
def _board(source: Source) -> tuple[tuple[str, str, tuple[re.Pattern[str], ...], re.Pattern[str], int], ...]:
    """The names and keys of such wishes, what every one of them says, what none of them does, and its most words."""
    rows, read = source.toml("wishes.toml")["board"], one_of_phrases
    return tuple(
        (row["name"], row["key"], tuple(map(read, row["all"])), read(row["never"]), row["most"]) for row in rows
    )


@lru_cache(maxsize=SOURCES_KEPT)
def _office(source: Source) -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    """The names of such wishes, what is said, and what is said of something else."""
    rows = source.toml("wishes.toml")["office"]
    return tuple((one["name"], one_of_phrases(one["said"]), one_of_phrases(one["never"])) for one in rows)


def asks_not_to_be_named(text: str, source: Source = DEFAULT) -> bool:
    """True for a letter whose writer wants his own name kept back; other people's may stand beside it (11.4)."""
    said = plain_words(text, source)
    unnamed = speaks_of_own_name(said, source) and name_consent(said, source) is False
    return unnamed or stays_unknown(text, source)


_SENTENCE, MOST_OF_WISH = re.compile(r"(?<=[.!?;\n])\s*"), 30


def without_wish(text: str, source: Source = DEFAULT) -> str:
    """A letter without sentences of such a wish, for everybody to read; a question, or a long one, stays."""

    def wish(one: str) -> bool:
        return "?" not in one and len(one.split()) <= MOST_OF_WISH and asks_not_to_be_named(one, source)

    places = [0, *(match.end() for match in _SENTENCE.finditer(text)), len(text)]
    return "".join(one for one in (text[a:b] for a, b in pairwise(places)) if not wish(one)).rstrip()


TOLD_WORDS, TOLD = 8, 0.55
"""A sentence of so many words that sounds so much like an addition tells something, whatever data stand beside it."""


def tells_more(text: str, names: UnitNames, source: Source = DEFAULT) -> bool:
    """True where a sentence by itself adds to the question: among personal data it is lost in the whole's sound."""
    said = (one for one in re.split(r"(?<=[.!?])\s+|\n+", text) if len(one.split()) >= TOLD_WORDS)
    return any(_told(one, names, source) >= TOLD for one in said)


def _told(sentence: str, names: UnitNames, source: Source) -> float:
    """How much it sounds like an addition; what a unit did or left undone sounds like a status request."""
    likely = heard(sentence, names, source, over=False)
    named = names.find(squash(sentence), bare=is_bare(squash(sentence)))
    return likely.get(Sound.FOLLOW_UP, 0.0) + (likely.get(Sound.STATUS, 0.0) if named else 0.0)


_CLAUSE = re.compile(r"(?<=[.!?;:,\n])\s*")


@lru_cache(maxsize=4)
def attends_session(text: str, source: Source = DEFAULT) -> bool:
    """True for a text with a sentence whose writer wants to attend a session, or to speak there.

    Results are kept for a while, because two decisions on a mail ask.
    """
    says, never, _ = _attending(source)
    if not says.search(plainly(text)):  # most letters, whose sentences need not be read one by one
        return False
    sentences = map(plainly, _SENTENCE.split(text))
    return any(says.search(sentence) and not never.search(sentence) for sentence in sentences)


def asks_beside_session(text: str, source: Source = DEFAULT) -> bool:
    """True for a text with a clause that asks something, and nothing of a session."""
    of_it = _attending(source)[2]
    return any(asks_more(one, source) is not None and not of_it.search(plainly(one)) for one in _CLAUSE.split(text))


def says_wrong_unit(text: str, source: Source = DEFAULT) -> bool:
    """True for words that the question has gone to the wrong unit; they stay with it, whatever the vote hears."""
    return _wrong_unit(source).search(plainly(text)) is not None


@lru_cache(maxsize=SOURCES_KEPT)
def _wrong_unit(source: Source) -> re.Pattern[str]:
    return one_of_phrases(source.toml("wishes.toml")["new_question"]["wrong_unit"])


@lru_cache(maxsize=SOURCES_KEPT)
def _attending(source: Source) -> tuple[re.Pattern[str], ...]:
    words = source.toml("wishes.toml")["attends"]
    return tuple(one_of_phrases(words[key], gap=6) for key in ("says", "never", "of_it"))


def stays_out_of_session(text: str, source: Source = DEFAULT) -> bool:
    """True for words that want a question answered without the session for which it was chosen (9.1)."""
    says, never = _staying_out(source)
    return any(says.search(clause) for clause in clauses_of(text)) and not never.search(plainly(text))


@lru_cache(maxsize=SOURCES_KEPT)
def _staying_out(source: Source) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = source.toml("wishes.toml")["stays_out"]
    return one_of_phrases(words["says"]), one_of_phrases(words["never"])
