"""What a citizen requests about an earlier question (words of ``wishes.toml``): its state (also without number),
its withdrawal, something about the personal data kept, or that it or the name be not published.

Functions that take ``said`` take the text of :func:`plain_words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rules.message.quote_markers import DEFAULT
from rules.requester.secrecy import hides_own_name, secrecy_in
from rules.text import squash, strip_marks
from rules.text.patterns import letters, letters_of, one_of_phrases, one_of_words, plainly
from rules.understand.understand import Understanding
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import ParsedMail
from rules.values.register_number import number_places

MOST_WORDS = 60
"""A mail that is only such a request has at most this many words, …"""
LONGEST = 1000
"""… and this many characters."""
LONGEST_WORD = 20
"""The most letters of a word, including what separates two words."""
MATTER = 4
"""A clause with this many words that are unusual in asking for a question's state may be about the matter."""
_CLAUSE = re.compile(r"[.,;:!?…\n]+")
_PARTS = re.compile(r"[.,;!?]")
_PURPOSE = r"\b{}\b[^.;!?]{{0,60}}?\bde (?:{} )?(?:{} )?{}\b(?! {}\b)"


@dataclass(frozen=True, slots=True)
class WishWords:
    """Words that ask for the state and words that may accompany them; words that withdraw."""

    asks: re.Pattern[str]
    whether: re.Pattern[str]
    """Whether a body has answered yet: asks for the state beside whatever else."""
    beside: re.Pattern[str]
    delay: re.Pattern[str]
    """Complains that the answer is late, or asks why."""
    withdraws: re.Pattern[str]
    stops: re.Pattern[str]
    """A clause that says that something is no longer needed ("không phải hỏi Sở nữa") withdraws too."""
    drops: re.Pattern[str]
    """So does a clause that takes back what was written ("tôi rút"), and not something else."""
    denied: re.Pattern[str]
    """Words that, earlier in the clause, make such a request none ("đừng", "tại sao ban lại")."""
    never: re.Pattern[str]
    """Words that show that nothing is withdrawn after all."""
    any_wish: re.Pattern[bytes]
    """The letters of words that ask or withdraw; a text whose :func:`letters` contain none of them does neither."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_citizen_requests(source: Source = DEFAULT) -> WishWords:
    """Read ``wishes.toml``. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")
    status, withdrawal = data["status"], data["withdrawal"]
    stops = [f"{no} {act} … nữa" for no in withdrawal["stops"] for act in withdrawal["acts"]]
    yet = [f"{does} … chưa" for does in status["does"]]
    return WishWords(
        asks=one_of_phrases(status["asks"]),
        whether=_whether(status),
        beside=one_of_phrases(status["beside"]),
        delay=one_of_phrases(status["delay"]),
        withdraws=one_of_phrases(withdrawal["asks"]),
        stops=one_of_phrases(stops),
        drops=_drops(withdrawal),
        denied=_denied(withdrawal),
        never=one_of_phrases((*withdrawal["never"], *withdrawal["keeps"], *withdrawal["never_wished"])),
        any_wish=letters_of((*status["asks"], *yet, *withdrawal["asks"], *stops, *withdrawal["drops"])),
    )


def _whether(status: Mapping[str, Any]) -> re.Pattern[str]:
    """A pattern for a clause that asks whether somebody has done something with the question yet."""
    who, does, ends = (one_of_phrases(status[key]).pattern for key in ("who", "does", "ends"))
    return re.compile(rf"{who} (?:\S+ ){{0,5}}?{does} (?:\S+ ){{0,5}}?chua(?= {ends}|$)")


def _drops(words: Mapping[str, Any]) -> re.Pattern[str]:
    """A pattern for a clause that draws back what was written."""
    begins, dropped, last = (one_of_phrases(words[key]).pattern for key in ("drops", "dropped", "dropped_last"))
    return re.compile(rf"{begins}(?= {dropped}| {last}$|$)")


def _denied(words: Mapping[str, Any]) -> re.Pattern[str]:
    """A pattern for the end of what stands ahead of words that wish nothing there, and their first word."""
    keys = ("denies", "denied_by", "asks_why", "strangers", "done_by", "done", "says", "acts_done", "not_named")
    no, by, why, others, board, done, says, acts, unlike = (one_of_phrases(words[key]).pattern for key in keys)
    named = rf"{others}(?: (?!{unlike})\S+){{0,2}}?"
    ways = (
        rf"(?<!xay ){no}(?: {by}){{0,3}} \S+",
        rf"(?<!khong ){why}(?: \S+){{0,7}}",
        rf"{others}(?: \S+){{0,3}}? {says} \S+",
        rf"{named}(?: {done})+ {acts}",
        rf"{_not_behind(words)}{named} {acts}",
        rf"{board}(?: {done})+ {acts}",
        rf"{board}(?: {done})* gui",
    )
    return re.compile(rf"^{_not_yet(words)}.*?(?:{'|'.join(ways)})$")


def _not_behind(words: Mapping[str, Any]) -> str:
    """No word of asking right ahead: "đề nghị quý cơ quan xóa …" is a wish."""
    asked = {plainly(f"{asks} {whom}") for asks in words["asked"] for whom in ("", *words["asked_whom"])}
    return "".join(rf"(?<!\b{re.escape(one)} )" for one in sorted(asked))


def _not_yet(words: Mapping[str, Any]) -> str:
    """No question ahead why somebody has not done it yet: "sao ban chưa xóa …" is a wish."""
    why, own, yet = (one_of_phrases(words[key]).pattern for key in ("asks_why", "own", "yet"))
    return rf"(?!.*{why}(?: (?!{own})\S+){{0,4}}? {yet} \S+$)"


def clauses_of(text: str) -> list[str]:
    """The clauses of a text, each in words as :func:`plainly` gives them."""
    return [plainly(clause) for clause in _CLAUSE.split(text)]


@lru_cache(maxsize=4)
def may_request(subject: str, own: str, source: Source = DEFAULT) -> bool:
    """False for a mail that surely neither asks for a state nor withdraws, as nearly all mails: the full check takes
    ten times as long. Results are kept for a while, because each mail is checked twice."""
    if len(own) > LONGEST:
        return False
    return (
        len(subject) > LONGEST
        or load_citizen_requests(source).any_wish.search(letters(f"{subject}\n{own}")) is not None
    )


def asks_for_state(mail: ParsedMail, read: Understanding, *, threaded: bool, source: Source = DEFAULT) -> bool:
    """True for a mail that only asks for the state of a question and does not give its number.

    ``threaded``: it replies to a mail we sent, so that subject and quotation are ours.
    """
    own = read.text.own
    if not may_request(mail.subject, own, source) or len(own.split()) > MOST_WORDS:
        return False
    if any(not file.inline for file in mail.attachments):
        return False
    if len(mail.senders) != 1 or (read.text.quoted.strip() and not threaded):
        return False
    words = load_citizen_requests(source)
    return _only_asks(plainly(own if threaded else f"{mail.subject}\n{own}"), mail, read, words)


def asks_for_state_by_number(mail: ParsedMail, read: Understanding, source: Source = DEFAULT) -> bool:
    """True for own words that only ask for the state and give the number ("Tình hình câu HP-… sao rồi")."""
    own = read.text.own
    for _, start, end in reversed(number_places(own, source.prefix)):
        own = f"{own[:start]} {own[end:]}"
    if not may_request("", own, source) or any(not file.inline for file in mail.attachments):
        return False
    return _only_asks(plainly(own), mail, read, load_citizen_requests(source))


def asks_for_state_too(mail: ParsedMail, read: Understanding, source: Source = DEFAULT) -> bool:
    """True for a short mail with a clause that only asks for the state, or whether somebody has answered yet."""
    own = read.text.own
    if not may_request("", own, source) or len(own.split()) > MOST_WORDS:
        return False
    words = load_citizen_requests(source)
    return any(words.whether.search(text) or _only_asks(text, mail, read, words) for text in clauses_of(own))


def complains_of_delay(text: str, source: Source = DEFAULT) -> bool:
    """True for words that complain of a late answer, or ask for the reason."""
    return load_citizen_requests(source).delay.search(plainly(text)) is not None


def says_more_than_state(text: str, source: Source = DEFAULT) -> bool:
    """True when a clause that does not ask for the state has several words with another meaning."""
    words = load_citizen_requests(source)
    clauses = [clause.replace("#", " ") for clause in clauses_of(text)]
    return any(len(words.beside.sub(" ", said).split()) >= MATTER and not words.asks.search(said) for said in clauses)


def _only_asks(text: str, mail: ParsedMail, read: Understanding, words: WishWords) -> bool:
    """True when it asks for the state and otherwise only has the requester's data and accompanying words."""
    if not words.asks.search(text):
        return False
    for known in (read.asker.name, mail.sender.name, read.asker.address, read.asker.phone):
        text = _without(text, plainly(known))
    rest = words.asks.sub(lambda match: f" {' '.join(one or '' for one in match.groups())} ", text)
    return not words.beside.sub(" ", rest).strip()


def _without(text: str, known: str) -> str:
    """The words without the requester's data."""
    return re.sub(rf"(?<!\S){re.escape(known)}(?!\S)", " ", text) if known else text


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A kind of request about the personal data kept."""

    rule: str
    """The profile's rule that counts the days."""
    name: str
    """What is requested, in the words of a letter."""
    said: re.Pattern[str]
    shows: bool = False
    """True for a request to see what is kept."""
    never: re.Pattern[str] | None = None
    """Words of something else that is to be corrected."""
    beside: bool = False
    """True for a wish that people write beside the matter of a question, which then goes on."""
    unposted: bool = False
    """True for a wish that the question be not posted."""
    deniable: bool = False
    """True for words that wish nothing behind "đừng", "không yêu cầu", "tại sao"."""


@dataclass(frozen=True, slots=True)
class NumberedWords:
    """Words of requests by mails with a question's number, without diacritics."""

    short_no: re.Pattern[str]
    denounces: re.Pattern[str]
    state: re.Pattern[str]
    purpose: re.Pattern[str]
    data: tuple[DataRequest, ...]
    """The first that matches counts."""
    named: re.Pattern[str]
    """Publishing the name, within a clause."""
    yes: re.Pattern[str]
    no: re.Pattern[str]
    hides: re.Pattern[str]
    """Words that say "no" by themselves."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_numbered_words(source: Source = DEFAULT) -> NumberedWords:
    """Read the section [by_number]. Raises ``DataFileError``."""
    data = source.toml("wishes.toml")["by_number"]
    consent = data["consent"]
    publishes, not_so, names = (_one_of(consent[key]) for key in ("publishes", "not_publishes", "names"))
    return NumberedWords(
        short_no=_words(data["short_no"]),
        denounces=_words(data["denounces"]),
        state=_of_state(data["state"], source.prefix),
        purpose=re.compile(_PURPOSE.format(*map(_one_of, data["state"]["purpose"]))),
        data=tuple(
            DataRequest(
                one["rule"],
                one["name"],
                re.compile(_rows(one["said"])),
                never=_words(one["never"]) if "never" in one else None,
                **{key: one.get(key, False) for key in ("shows", "beside", "unposted", "deniable")},
            )
            for one in data["data"]
        ),
        named=re.compile(rf"\b(?!{not_so}){publishes}\b[^.;!?]{{0,25}}?\b{names}\b"),
        yes=_words(consent["yes"]),
        no=_words(consent["no"]),
        hides=_words(consent["hides"]),
    )


def _of_state(words: Mapping[str, Any], prefix: str) -> re.Pattern[str]:
    """Also a mail that is only a register number, or has "tình trạng" or the like directly before one."""
    of, things, own, last = (_one_of(words[key]) for key in ("of", "things", "own", "last"))
    number = re.escape(prefix.lower())
    alone = rf"\A\W*{number}[\W_]*20\d\d[\W_]*\d+\W*\Z"
    return re.compile(rf"{_rows(words['said'])}|\b{of} (?:{things} )*(?:{own}|{number})\b|\b{last}\W*$|{alone}")


def _rows(said: Iterable[Mapping[str, Any]]) -> str:
    """A pattern for any of the rows of "said"."""
    return "|".join(map(_row, said))


def _row(row: Mapping[str, Any]) -> str:
    gap = rf".{{0,{row['apart']}}}" if "apart" in row else " "
    text = gap.join(rf"\b{_one_of(part)}\b" for part in row["parts"])
    return _alone(text, row["begins"], row["ends"]) if "begins" in row else text


def _alone(text: str, begins: Sequence[str], ends: Iterable[str]) -> str:
    """The same as a whole clause, but for such words ahead and behind; with none ahead, as the text's first."""
    ahead = rf"(?:^|[.,;:!?] ?|\b{_one_of(begins)} )" if begins else r"^\W*"
    return rf"{ahead}{text}(?: {_one_of(ends)}\b){{0,3}}(?= ?(?:$|[.,;:!?]))"


def _one_of(words: Iterable[str]) -> str:
    return one_of_words(strip_marks(squash(word)) for word in words)


def _words(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile(rf"\b{_one_of(words)}\b")


def plain_words(text: str, source: Source = DEFAULT) -> str:
    """The text in lower case without diacritics, with single spaces and every "không" written out."""
    said = " ".join(strip_marks(squash(text)).split())
    return load_numbered_words(source).short_no.sub("khong", said)


def asks_for_state_of(text: str, source: Source = DEFAULT) -> bool:
    """True for words that ask for the state of the question itself."""
    words = load_numbered_words(source)
    return words.state.search(words.purpose.sub("", text)) is not None


def denounces(text: str, source: Source = DEFAULT) -> bool:
    """True for a text that calls itself a denunciation."""
    return load_numbered_words(source).denounces.search(text) is not None


def data_request(text: str, source: Source = DEFAULT, *, posting: bool = False) -> DataRequest | None:
    """What is requested about the personal data kept; ``posting``: only whether the question may be posted."""
    never, every = load_citizen_requests(source).denied, load_numbered_words(source).data
    kinds = (request for request in every if (request.unposted or not posting) and is_wished(request, text, never))
    return next((request for request in kinds if not (request.never and request.never.search(text))), None)


def is_wished(kind: DataRequest, text: str, denied: re.Pattern[str]) -> bool:
    """Whether the text has words of the kind, and they are not denied in their clause."""
    if not kind.deniable:
        return kind.said.search(text) is not None
    return any(not denied.search(_ahead(text, match)) for match in kind.said.finditer(text))


def _ahead(text: str, match: re.Match[str]) -> str:
    """What stands ahead of a find in its clause, and its first word, as :func:`plainly` gives them."""
    ahead = _PARTS.split(text[max(0, match.start() - LONGEST) : match.start()])[-1]
    return plainly(f"{ahead} {match[0].split(' ')[0]}")


def name_consent(text: str, source: Source = DEFAULT) -> bool | None:
    """Whether the name may be published; None when the text does not say. Any "no" near it is a no (11.4)."""
    words = load_numbered_words(source)
    if words.hides.search(text) or secrecy_in(text, source) or hides_own_name(text, source):
        return False
    agreed = None
    for match in words.named.finditer(text):
        clause = _PARTS.split(text[max(0, match.start() - LONGEST) : match.start()])[-1] + match.group()
        if words.no.search(clause):
            return False
        if words.yes.search(clause):
            agreed = True
    return agreed
