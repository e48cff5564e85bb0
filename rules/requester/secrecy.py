"""The wish to stay unknown, to the unit or to others, in words of ``wishes.toml`` ([secrecy]); pictures of identity
papers in a mail; and by what later mails of a denouncer are known ([denounced]).

Such a wish alone does not make its writer a denouncer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Protocol

from rules.message.attachment_policy import is_file, is_scan
from rules.message.quote_markers import DEFAULT
from rules.requester.contact_data import find_phones
from rules.requester.redaction import Span, blanked, load_blanking, replaced, speaks_of_papers
from rules.requester.vocabulary import one_of, plain
from rules.text import has_marks, squash, strip_marks
from rules.text.patterns import either, one_of_words, plainly, spelt
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import ParsedMail, Requester

AHEAD = 20
"""Words of refusal stand within so many characters before the wish that they refuse."""


@dataclass(frozen=True, slots=True)
class SecrecyWords:
    """Words that wish to stay unknown, in a text as :func:`plain` gives it."""

    from_unit: re.Pattern[str]
    from_others: re.Pattern[str]
    receivers: re.Pattern[str]
    """Who gets a question, in such a wish; and, from where a wish ends, as whom it is about."""
    to_receivers: re.Pattern[str]
    kinds: tuple[str, ...]
    """As what others are called, too, so that only the name of who gets it tells ("công ty")."""
    to_units: re.Pattern[str]
    others: re.Pattern[str]
    """Somebody else, who is only described by such a one ("hàng xóm trong phường")."""
    hidden: re.Pattern[str]
    """Words that people use only of the Portal."""
    on_page: re.Pattern[str]
    """After such words: the wish concerns only the Portal."""
    refused: re.Pattern[str]
    """Before such words: nothing is wished, but told ("bệnh viện không giữ kín …")."""
    fears: re.Pattern[str]
    """The reason that people add."""


@lru_cache(maxsize=SOURCES_KEPT)
def load_secrecy(source: Source = DEFAULT) -> SecrecyWords:
    """Read the section [secrecy] of ``wishes.toml``. Raises :class:`rules.values.data_file.DataFileError`."""
    listed = source.toml("wishes.toml")["secrecy"]
    of = {key: one_of(plain(word) for word in words) for key, words in listed.items()}
    any_data = rf"\b(?:{of['names']}|{of['data']})\b"
    more = rf"(?:(?:,| {of['joins']}) (?:ca )?{any_data})*"
    who = rf"(?:{of['names']}\b|{of['data']}\b[^.;!?]{{0,25}}?\b{of['self']}\b|{of['self']} la (?:ai|{of['self']})\b)"
    own_data = rf"{any_data}{more}[^.,;!?]{{0,20}}?\b{of['self']}\b"
    known = rf"biet (?:ro )?(?:{own_data}|{of['names']}(?=\s*(?:$|[.,;:!?]))|{of['self']} la ai\b|la {of['self']}\b)"
    first = rf"(?:^|[.,;:!?]\s*|\b(?:{of['self']}|xin|xin phep|nen) )"
    guard = rf"(?<!\w){of['guards']}\b"
    ways = (
        rf"{guard}(?: \w+){{0,2}}? {who}",
        rf"{guard}(?: \w+)? (?:cho|giup|ho|gium) {of['self']}\b",
        rf"{any_data}[^.;!?]{{0,25}}?\b{of['asks']}\b[^.;!?]{{0,15}}?{guard}",
        rf"\b{of['not']} {of['lets']} (?!{of['self']}\b)(?:[^.,;!?]{{1,40}}? )?{known}",
        rf"{first}{of['not']} {of['wants']} (?!{of['self']}\b)[^.,;!?]{{1,40}}? {known}",
        rf"{first}{of['not']} {of['would']} {of['gives']} (?:\w+ )?{who}",
    )
    text = rf"(?:(?!\b{of['only']}\b)[^.;!?]){{0,20}}?\b{of['from']} (?:\w+ |(?:\w+ ){{1,3}}{of['joins']} )?"
    unit, receivers = rf"{text}{of['units']}\b", rf"{of['receivers']}\b(?! {of['no_receivers']}\b)"
    return SecrecyWords(
        re.compile(rf"\b(?:{of['keeps']} {of['kept']}\b{more}|{of['hidden']}\b){unit}"),
        re.compile("|".join(ways)),
        re.compile(rf"\b{receivers}"),
        re.compile(rf"{text}{receivers}"),
        tuple(plain(one) for one in listed["units"] if one not in listed["receivers"]),
        re.compile(unit),
        re.compile(rf"\b{of['others']} (?:\w+ ){{0,2}}?{of['beside']} {receivers}"),
        re.compile(rf"\b{of['hidden']}\b"),
        re.compile(rf"[^.;!?]{{0,25}}?\b{of['on_page']}\b"),
        re.compile(rf"\b{of['no_guard']} $"),
        re.compile(rf"(?:\bvi )?(?:\b{of['self']} )?\b{of['fears']} (?:\w+ ){{0,2}}?{of['fear']}\b"),
    )


def secrecy_in(text: str, source: Source = DEFAULT) -> list[Span]:
    """The places of wishes to be unknown: on the Portal, to the unit or to others."""
    said = plain(text)
    return [*_unknown(said, source), *(match.span() for match in load_secrecy(source).hidden.finditer(said))]


def speaks_of_own_name(text: str, source: Source = DEFAULT) -> bool:
    """True where a writer wishes something of his own name; not for what others did with it ("không đọc tên tôi").

    ``text`` is without case and diacritics.
    """
    wished, own, first = _own_name(source)
    told = own.search(text) is not None and bool(secrecy_in(text, source))
    return told or wished.search(text) is not None or first.search(text) is not None


def hides_own_name(text: str, source: Source = DEFAULT) -> bool:
    """True for "tên tôi xin đừng nêu", where the name stands before the wish; ``text`` as above."""
    return _own_name(source)[2].search(text) is not None


def withdraws_processing(text: str, source: Source = DEFAULT) -> bool:
    """True for "rút lại sự đồng ý xử lý dữ liệu" without a word of the name; ``text`` as above."""
    processing, named = _processing(source)
    return processing.search(text) is not None and named.search(text) is None


@lru_cache(maxsize=SOURCES_KEPT)
def _processing(source: Source) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = source.toml("wishes.toml")["by_number"]["consent"]
    lists = (words["processing"], (*words["publishes"], *words["names"]))
    taken, named = (re.compile(rf"\b{one_of(plain(word) for word in one)}\b") for one in lists)
    return taken, named


@lru_cache(maxsize=SOURCES_KEPT)
def _own_name(source: Source) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """A wish ahead of the writer's name in one clause, or a plain "no" that begins it; the name by itself; the name
    ahead of the wish."""
    words = source.toml("wishes.toml")["by_number"]["consent"]
    keys = ("own", "not_own", "wishes", "asks_why", "self_named", "first_asks", "first_not", "first_shows")
    of = {key: one_of(plain(word) for word in words[key]) for key in keys}
    own, gap = rf"\b{of['own']}\b(?!(?<=ten) {of['not_own']}\b)", rf"(?:(?!\b{of['asks_why']}\b)[^.,;!?])"
    begins = r"(?:^|[.,;:!?]\s*)(?=(?:khong|chua)\b)"
    shows = rf"(?: \w+)?? {of['first_shows']}\b"
    asked = rf"\b{of['first_asks']}\b{gap}{{0,25}}?\b(?:khong|{of['first_not']}){shows}"
    first = rf"\b{of['self_named']}\b(?! la\b){gap}{{0,30}}?(?:{asked}|\b{of['first_not']}{shows})"
    return re.compile(rf"(?:\b(?={of['wishes']}\b)|{begins}){gap}{{0,60}}?{own}"), re.compile(own), re.compile(first)


def stays_unknown(text: str, source: Source = DEFAULT) -> bool:
    """True for a wish to be unknown to somebody, not on the Portal alone."""
    said = plain(text)
    return any(not load_secrecy(source).on_page.match(said, end) for _, end in _unknown(said, source))


def hides_from_unit(text: str, source: Source = DEFAULT, names: Iterable[str] = ()) -> bool:
    """True for a wish that those who get a question do not learn who asks ("đừng cho Sở biết tôi là ai").

    ``names`` are of the units that get this one: only of one that is a company is "công ty" said.
    """
    said, words = plain(text), load_secrecy(source)
    own = [kind for kind in words.kinds if any(plain(name).startswith(f"{kind} ") for name in names)]
    return any(
        words.receivers.search(words.others.sub(" ", said[start:end]))
        or words.to_receivers.match(said, end)
        or _named_among(own, words.others.sub(" ", said[start:end]), words.to_units.match(said, end))
        for start, end in _unknown(said, source)
    )


def _named_among(kinds: Iterable[str], wish: str, behind: re.Match[str] | None) -> bool:
    """Whether a wish, or what it says behind of whom it is kept from, has one of these words."""
    text = f"{wish} {behind[0] if behind else ''}"
    return any(re.search(rf"\b{re.escape(kind)}\b", text) for kind in kinds)


@lru_cache(maxsize=4)
def _unknown(text: str, source: Source) -> tuple[Span, ...]:
    """Where a plain text wishes so. Results are kept for a while, because several decisions on a mail ask."""
    words = load_secrecy(source)
    matches = (*words.from_unit.finditer(text), *words.from_others.finditer(text))
    return tuple(
        match.span()
        for match in matches
        if not words.refused.search(text, max(0, match.start() - AHEAD), match.start())
    )


def without_secrecy(text: str, source: Source = DEFAULT) -> str:
    """The text without wishes to be unknown and the fears named as their reason."""
    said = plain(text)
    if len(said) != len(text):  # a letter that has no plain one of its length: the places are not those of the text
        return text
    fears = (match.span() for match in load_secrecy(source).fears.finditer(said))
    return replaced(text, (*secrecy_in(text, source), *fears), " ")


@lru_cache(maxsize=4)
def spares_mailbox(text: str, source: Source = DEFAULT, *, threaded: bool = False) -> bool:
    """True for a letter whose writer wants no mail in the mailbox that it came from, which others may read;
    ``threaded``: in our thread, where "xin dừng gửi thư" means our mails.

    Results are kept for a while, because several decisions on a mail ask (40 ms each for the longest text).
    """
    for sentence in _STOP.split(text):
        pattern, stops, never = _mailbox(source, bare := not has_marks(sentence))
        clauses = [plainly(one) if bare else spelt(one) for one in _CLAUSE.split(sentence)]
        wished = any(pattern.search(one) or (threaded and stops.search(one)) for one in clauses)
        if wished and not never.search(" ".join(clauses)):
            return True
    return False


_STOP, _CLAUSE = re.compile(r"[.!?;\n]"), re.compile("[,:()]")


@lru_cache(maxsize=2 * SOURCES_KEPT)
def _mailbox(source: Source, bare: bool) -> tuple[re.Pattern[str], ...]:
    listed = source.toml("wishes.toml")["mailbox"]
    of = {key: one_of_words(map(plainly if bare else spelt, words)) for key, words in listed.items()}
    asks, to, box = rf"{of['asks']}(?: {of['whom']})?", rf"(?: {of['to']}){{0,2}}", rf"{of['ways']} {of['boxes']}"
    refuses = rf"(?:{of['refuses']}|{asks} {of['not']}) {of['acts']}{to} (?:{box}|{of['mails']})"
    text = rf"(?<!\S)(?:{refuses}|{asks} {of['private']}{to} {of['phones']})(?!\S)"
    ours = rf"(?:(?:^|(?<!\S){of['asks']} ){of['whom']}|^(?:{of['opens']} )*{of['asks']}) {of['stops']}"
    whose = rf"(?: {of['for']} {of['family']}| {of['to']}| {box}| {of['ways']} {of['box_of']} {of['family']})*"
    stops = rf"(?:{ours}|(?<!\S){of['no_more']}) {of['letters']}{whose}(?: {of['ends']})*$"
    return re.compile(text), re.compile(stops), re.compile(rf"(?<!\S){of['never']}(?!\S)")


class Asked(Protocol):
    """A question with who asked it, and whether he may be named (None: he said nothing)."""

    @property
    def content(self) -> str: ...
    @property
    def asker(self) -> Requester: ...
    @property
    def name_consent(self) -> bool | None: ...


def for_chair(request: Asked, source: Source) -> str:
    """A question without telephone numbers and mail addresses; blanked where its asker is not to be named (8.3)."""
    if request.name_consent is False:
        return blanked(request.content, request.asker, source)
    return without_contacts(request.content, source)


def without_contacts(text: str, source: Source = DEFAULT) -> str:
    """A letter without telephone numbers, mail addresses and numbers of papers and accounts, for those who only need
    the question."""
    left, words = _WRITTEN_TO.sub("…", text), load_blanking(source)
    for paper in (words.paper, words.numbered):
        left = replaced(
            left, [_row(left, match.start("value"), match.end("value")) for match in paper.finditer(left)], "…"
        )
    left = replaced(left, [(one.start, one.end) for one in find_phones(left, source)], "…")
    return _LONG_ROW.sub("…", _UNSIGNED.sub("…", left))


def _row(text: str, start: int, end: int) -> Span:
    """The number alone, of what stands behind a paper's name."""
    match = _PAPER_ROW.match(text, start, end)
    return start, match.end() if match else end


_WRITTEN_TO = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_UNSIGNED = re.compile(r"(?<![\w.,+])84[35789](?:[ .-]?\d){8}(?!\d|[ .,]\d|\s?(?:đ|dong|vn))", re.IGNORECASE)
"""A mobile number with its country and without a "+"."""
_PAPER_ROW = re.compile(r"\S*\w(?: \d+)*")
_LONG_ROW = re.compile(r"(?<![\w.,/+-])0\d{8,13}(?![\w/])")
"""Digits in a row that begin with 0: no sum and no date, and a paper's or an account's number if no telephone's."""


def papers_in(mail: ParsedMail, own: str, source: Source) -> frozenset[int]:
    """The parts of a mail that are pictures of identity papers: by their names, or else every scan of a mail whose
    ``own`` words speak of them."""
    files = [file for file in mail.attachments if is_file(file)]
    named = frozenset(file.part for file in files if speaks_of_papers(file.name, source))
    if named or not speaks_of_papers(own, source):
        return named
    return frozenset(file.part for file in files if is_scan(file))


MOST_ON_PAPERS = 60
"""A mail of more words that does not say whom it is about has a matter of its own."""


def withdraws_denunciation(text: str, source: Source = DEFAULT) -> bool:
    """True for words that take back a denunciation."""
    return _denounced(source)[0].search(squash(text)) is not None


def speaks_of_denunciation(text: str, source: Source = DEFAULT, *, threaded: bool = False) -> bool:
    """True for a short text that may be about a letter of complaint sent before; ``threaded``: in the thread of a
    question, of which a picture or a wish for secrecy may speak as well."""
    said, (_, papers, more) = squash(text), _denounced(source)
    if len(said.split()) > MOST_ON_PAPERS:
        return False
    return papers.search(said) is not None or (not threaded and more.search(said) is not None)


@lru_cache(maxsize=SOURCES_KEPT)
def _denounced(source: Source) -> tuple[re.Pattern[str], ...]:
    words = source.toml("wishes.toml")["denounced"]
    return tuple(re.compile(rf"(?<!\w){either(words[key])}(?!\w)") for key in ("withdraws", "papers", "more"))


MOST_OF_A_NAME = 4
"""Words behind a title that may be a name where no name is written large."""


def names_same_person(text: str, before: str, source: Source = DEFAULT) -> bool:
    """True where the text names somebody whom an earlier one names ("ông Dũng", "ông Nguyễn Văn Dũng")."""
    known, perhaps = _named(before, source)
    said, may = _named(text, source)
    return not known.isdisjoint(said | may) or not said.isdisjoint(perhaps)


def _named(text: str, source: Source) -> tuple[set[str], set[str]]:
    """The given names behind titles, and the words that may be one where none is written large ("bà con" is none);
    without marks. Lines that were typed without marks are also read by the titles without marks."""
    sure, perhaps = set[str](), set[str]()
    marked, bare, posts = _titled(source)
    unmarked = "\n".join(line for line in text.splitlines() if not has_marks(line))
    for part, titled in ((text, marked), (unmarked, bare)):
        for hit in titled.finditer(" ".join(part.split())):
            name = list(takewhile(lambda one: squash(one) not in posts, hit["name"].split()))
            given = list(takewhile(_is_proper, name))[-1:]
            (sure if given else perhaps).update(strip_marks(squash(one)) for one in given or name[:MOST_OF_A_NAME])
    return sure, perhaps


def _is_proper(word: str) -> bool:
    return word[0].isupper() and (len(word) == 1 or not word.isupper())


@lru_cache(maxsize=SOURCES_KEPT)
def _titled(source: Source) -> tuple[re.Pattern[str], re.Pattern[str], frozenset[str]]:
    """A title and the name behind it, as written with marks and without; and words that begin no name."""
    words = source.toml("wishes.toml")["denounced"]
    name = r"(?P<name>[^\W\d_]+(?: [^\W\d_]+){0,4})"
    marked, bare = (
        re.compile(rf"(?<!\w){one_of_words(titles)} (?={name})", re.IGNORECASE)  # one may begin within another
        for titles in (words["titles"], map(strip_marks, words["titles"]))
    )
    return marked, bare, frozenset(words["posts"])
