"""Unlabelled data of the requester: lines of only name, address and phone, and blocks of such lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from rules.requester.contact_data import begins_place, enough, find_phones, is_part, run_at, sentence_ends, tidy
from rules.requester.names import MOST_WORDS, addressed, anonymous, any_person, organisation, person
from rules.requester.vocabulary import DEFAULT, Words, load_words, one_of, plain
from rules.values.data_file import SOURCES_KEPT, Source

LONGEST_LINE, SHORT_LINE = 320, 160
DESCRIPTION_WORDS, BESIDE_WORDS = 7, 6
LONGEST_PART, LONGEST_JOB = 120, 60
"""A part of an address, and a job, have at most so many characters."""
MOST_SEGMENTS, TOP_SEGMENTS = 14, 8
"""A block of the requester's data at the end, and at the beginning, has at most so many segments."""
_EMAIL = re.compile(r"<?(?:e-?mail\s*:?\s*)?[\w.+%-]{1,64}@[\w.-]{1,80}>?", re.IGNORECASE)
_SPLIT = re.compile(
    r"""
    [,;|•·\t\n] \|*         # "Trần Văn An, 12 Lê Lợi"; "Trần Văn An||||0912…"; with the fill behind it
  | (?<=[^\W\d]) / (?=\s)   # "Trần Văn An/ 12 Lê Lợi", not "12/4"
  | (?<=\|) / (?=\s)        # "Trần Văn An|/ 12 Lê Lợi"
  | \s (?: [-–—/] \s         # "Trần Văn An - 12 Lê Lợi"
        | [-–—] (?=\S)       # "Trần Văn An -12 Lê Lợi"
        | \s{2,} )           # "Trần Văn An   12 Lê Lợi"
  | (?<=\S) [-–—] \s         # "Trần Văn An- 12 Lê Lợi"
    """,
    re.VERBOSE,
)
"""What separates two parts of the data; a row of ``_FILL`` separates once."""
_DATE_LINE = re.compile(r"^\W*(?:[\w. ]{0,30},)?\s*ngay\s+\d{1,2}\b.{0,40}$")
_PARTICULARS = re.compile(
    r"^(?:\d{1,3} tuoi|sinh (?:nam|ngay)?.{0,14}|sn:? ?\d{4}|nam|nu|(?:so )?(?:cccd|cmnd|can cuoc).{0,30}|[a-z])$"
)
_BREAK = re.compile(r"[,;|(\s](?:(?<=\S)\s*|[-–—]\s)")
_FORMER = re.compile(r"(?P<former>\((?:cũ|cu|mới|moi|trước đây|[^()]{0,30}\bcũ|nay [^()]{1,40})\))|[()]")
_HEAD = re.compile(r"[\s*•\-–]*([^()|]{3,120}\([^()]{2,80}\))")
_SYMBOL = re.compile("[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]")
"""Small pictures before a phone number or an address."""
_SELF_LINE = re.compile(
    r"^\W*(?:nha\s+)?(?:toi|em|minh|chau|con)\s+(?:hien\s+|dang\s+)*(?:o|tru|song|thue|cu\s+tru)\b|"
    r"^\W*(?:so|sdt|dt|dien\s+thoai)\b.{0,30}\b(?:toi|em|minh|chau)\b"
)
"""A sentence that only gives the writer's home or telephone number."""
_TITLED = re.compile(
    r"(?:^|(?<=[\s(]))(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Bb]ác|[Cc]ụ|[Oo]ng|[Bb]a|[Cc]hi)\s+[A-ZĐÂÊÔƠƯÁÀẢÃẠ]"
)
_THEIRS = re.compile(
    r"^(?:so|sdt|dt|may)\s+(?:dien\s+thoai\s+|cua\s+){0,2}(?:no|han|ho|\w+\s+(?:ay|ta|do|kia))(?!\w)"
)
_CONTACT = re.compile(r"(?:nguoi\s+lien\s+he|dai\s+dien)(?:\s+la)?\s*:?\s*$")
_RULE = re.compile(r"^[\W_]*$")
_FILL = "|"


class Fields(NamedTuple):
    """The requester's data from one place in the mail; ``weak`` marks a name without a family name first."""

    name: str = ""
    organisation: str = ""
    address: str = ""
    phone: str = ""
    anonymous: bool = False
    weak: bool = False

    @property
    def empty(self) -> bool:
        """True when nothing was found."""
        return not (self.name or self.organisation or self.address or self.phone or self.anonymous)

    def over(self, other: Fields) -> Fields:
        """These fields, with gaps filled from ``other``; a name with a family name replaces a weak one."""
        strong = self if self.name and (not self.weak or other.weak or not other.name) else other
        return Fields(
            strong.name,
            self.organisation or other.organisation,
            self.address or other.address,
            self.phone or other.phone,
            self.anonymous or other.anonymous,
            strong.weak,
        )


def fields_of(segment: str, strict: bool, source: Source = DEFAULT) -> Fields | None:
    """The data of a piece of text that contains nothing else (perhaps no data); None when it contains prose.

    ``strict``: a name without a family name first counts as prose, unless a phone number accompanies it.
    """
    if len(segment) > LONGEST_LINE:
        return None
    fields, guessed = _fields_of(segment, source)
    return None if strict and guessed else fields


@lru_cache(maxsize=128)
def _fields_of(segment: str, source: Source) -> tuple[Fields | None, bool]:
    """The data, and whether a name was only guessed; cached, as lines are read from both ends."""
    rest, phone = _stripped(segment, source)
    return _read_parts(rest, phone, anonymous(segment, source), source)


def _stripped(segment: str, source: Source) -> tuple[str, str]:
    """The text without phone numbers, mail addresses and introductory words, and its first phone number."""
    phones = find_phones(segment, source)
    rest = _blanked(segment, [(phone.start, phone.end) for phone in phones])
    rest = rest if rest.isascii() else _SYMBOL.sub(_FILL, rest)
    rest = _blanked(rest, [hit.span() for hit in _EMAIL.finditer(rest)]) if "@" in rest else rest
    rest = _blanked(rest, [hit.span() for hit in _cues(source).finditer(plain(rest))])
    return rest, phones[0].typed if phones else ""


def _blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans replaced by separators, so that positions stay."""
    for start, end in spans:
        text = text[:start] + _FILL * (end - start) + text[end:]
    return text


@lru_cache(maxsize=SOURCES_KEPT)
def _cues(source: Source) -> re.Pattern[str]:
    """Words that only introduce an address or a phone number."""
    return _cue_pattern(load_words(source))


def _cue_pattern(words: Words) -> re.Pattern[str]:
    labels = words.data["labels"]
    phone = one_of(word for word in labels["phone"] if len(word) > 2 or word == "dt")
    place = one_of(
        [
            *(word for word in labels["address"] if len(word) > 3 or word[:2] in {"dc", "d/", "d."}),
            *labels["permanent"],
            "tam tru",
            "cung o",
            "cung tru tai",
            "tru tai",
            "o tai",
            "cu tru tai",
            "hien o",
            "hien tru tai",
            "ngu tai",
        ]
    )
    phone = rf"(?:{phone}|so(?:[ ]may|[ ]dt|[ ]dien[ ]thoai)?[ ]cua[ ](?:toi|em|minh|chau)|my[ ](?:tele)?phone)"
    at = r"(?<![^\s,;|(\-–])"
    return re.compile(
        rf"{at}(?:{phone}(?:[ ][a-z]+){{0,3}}\s*[:.]?\s*(?=\|)|{place}(?:\s+(?:tai|o))?\s*[:.]?\s+(?=\w)"
        r"|hien\s+o\s+(?=\w)|(?:nha\s+o|tro|o)(?:\s+(?:o|tai))?\s+(?=(?:so|thon|xom|to|khu|xa|phuong|dac\s+khu|ngo)\s)"
        r"|\d{1,3}\s+tuoi(?=\W))"
    )


def _read_parts(rest: str, phone: str, hides: bool, source: Source) -> tuple[Fields | None, bool]:
    """Each part must be a name, a part of the only address, or unimportant; otherwise the text is prose."""
    words, name, group, weak = load_words(source), "", "", False
    begin = end = waiting = -1
    guessed = employed = unknown = False
    for start, part in _parts(rest, source):
        text = part.strip(" .:()\"'“”*_")
        if not text or anonymous(part, source) or (employed and organisation(part, source)):
            continue
        body = "" if group else organisation(part, source)
        single, sure = any_person(part, source) if weak or not name else ("", False)
        if body:
            group = body
        elif sure:
            name, weak = single, False
        elif _idle(text, source):
            employed = employed or bool(words.phrases["sentences", "employees"].match(plain(text)))
        elif len(text) <= LONGEST_PART and _is_place(text, begin >= 0, source):
            begin = (start if waiting < 0 else waiting) if begin < 0 else begin
            end = start + len(part)
        elif single and not name:
            guessed = guessed or not phone
            name, weak = single, True
        elif not name and begin < 0 and (cut := _place_behind_name(part, source)):
            name, weak = person(part[:cut], True, source), False
            begin, end = start + cut, start + len(part)
        elif name and not weak and is_beside(text, words):
            waiting, unknown = (start if _bare_place(text) else -1), True
        else:
            return None, False
    if unknown and begin < 0 and not phone:
        return None, False
    address = tidy(rest[begin:end].replace(_FILL, " ")) if begin >= 0 else ""
    return Fields(name, group, address, phone, hides, weak), guessed or unknown


def _place_behind_name(part: str, source: Source) -> int:
    """Where the address begins behind a name of three words or more with but a blank between; 0 for anything else."""
    ends = islice(re.finditer(r"\s+", part.rstrip()), 2, MOST_WORDS) if len(part) <= LONGEST_PART else ()
    cuts = (match.end() for match in ends if person(part[: match.start()], True, source))
    return next((cut for cut in cuts if _is_place(part[cut:].strip(), False, source)), 0)


@lru_cache(maxsize=64)
def _is_place(text: str, begun: bool, source: Source) -> bool:
    """True for a part of an address; once one has ``begun``, also for a bare place name."""
    part = is_part(text, source) or (begun and _bare_place(text))
    return part or (begins_place(text, source) and run_at(text, 0, source) == tidy(text))


def _parts(rest: str, source: Source) -> Iterator[tuple[int, str]]:
    """Parts with their positions; parentheses that belong to an organisation's name stay with it."""
    at, flat = 0, rest
    if "(" in rest or ")" in rest:
        head = _HEAD.match(rest)
        if head and organisation(head.group(1), source):
            yield head.start(1), head.group(1)
            at = head.end()
        flat = rest[:at] + _FORMER.sub(lambda hit: hit.group() if hit.group("former") else ",", rest[at:])
    for stop in _SPLIT.finditer(flat, at):
        yield at, flat[at : stop.start()]
        at = stop.end()
    yield at, flat[at:]


@lru_cache(maxsize=64)
def _idle(text: str, source: Source) -> bool:
    """True for words that are neither data nor prose: a closing, a job.

    Cached, as the same part is checked as the first or last sentence of a line of prose.
    """
    words, bare = load_words(source), plain(text)
    if words.closer.match(bare) or _RULE.match(bare) or _PARTICULARS.match(bare):
        return True
    if len(text) >= LONGEST_JOB or words.others_named.match(bare):
        return False
    contact = words.phrases["names", "contact_words"].fullmatch(bare)
    works = words.phrases["sentences", "jobs"].match(bare) or words.phrases["sentences", "employees"].match(bare)
    head = words.others.match(bare) if ":" in text else None  # "Giám đốc: Lê Văn Ba", in a line with more
    return bool(contact or (works and not (head and head.end() >= works.end())))


def is_beside(text: str, words: Words) -> bool:
    """True for words about the person just named that are no prose ("bố cháu An", "bí thư chi bộ")."""
    bare = plain(text)
    prose = words.sets["addresses", "prose"].union(words.sets["sentences", "self_words"])
    known = words.phrases["sentences", "jobs"].match(bare.strip()) or not prose.intersection(bare.split())
    return bool(known) and len(text.split()) <= BESIDE_WORDS and "?" not in text


def _bare_place(text: str) -> bool:
    """A place name without its kind, as in "tổ 7, Dư Hàng Kênh, Lê Chân"."""
    return len(text.split()) <= 4 and all(token[0].isupper() or token[0].isdigit() for token in text.split())


def _segments(lines: Iterable[str], top: bool, source: Source) -> Iterator[str]:
    """The pieces of the lines one by one: a block ends soon, so that later lines are never read."""
    for line in lines:
        if line.strip():
            pieces = _pieces(line, source)
            yield from pieces if top else reversed(pieces)


@lru_cache(maxsize=16)
def _pieces(line: str, source: Source) -> Sequence[str]:
    """The line; if it contains more than the requester's data, its sentences.

    Cached, as lines are read once from the end and once from the top.
    """
    ends = list(sentence_ends(line))
    if not ends or ends[0] == len(line) or fields_of(line, True, source):
        return (line,)
    cuts = [0, *ends, len(line)]
    return tuple(piece for begin, end in pairwise(cuts) if (piece := line[begin:end]).strip())


def read_block(lines: Sequence[str], top: bool, source: Source = DEFAULT) -> Fields:
    """The data at the beginning or the end of the text, up to the first piece of prose."""
    words = load_words(source)
    found = Fields()
    for count, piece in enumerate(_segments(lines if top else reversed(lines), top, source)):
        if count >= (TOP_SEGMENTS if top else MOST_SEGMENTS):
            break
        if _neutral(piece, top, words):
            continue
        fields = fields_of(piece, False, source)
        if fields is None:
            found = found if top else found.over(_tail_of(piece, source))
            if not top and len(piece) <= SHORT_LINE and _SELF_LINE.match(plain(piece)):
                continue
            break
        found = found.over(fields) if top else fields.over(found)
    if top and addressed(found.organisation, source) and not (found.address or found.phone):
        found = found._replace(organisation="")
    return found if found.address or found.phone or not top else found._replace(name="" if found.weak else found.name)


def _tail_of(piece: str, source: Source) -> Fields:
    """Phone and address in a short last line whose name is a description ("Một nữ công nhân - xã … - 09…")."""
    if len(piece) > SHORT_LINE or piece.rstrip().endswith("?"):
        return Fields()
    phones = find_phones(piece, source)
    last = phones[-1] if phones and not piece[phones[-1].end :].strip(" .)") else None
    body = piece[: last.start] if last else piece.rstrip(" ;,.)")
    runs = ((hit.end(), run_at(body, hit.end(), source)) for hit in _BREAK.finditer(body))
    found = next((one for at, one in runs if enough(one, source) and (last or at + len(one) >= len(body))), "")
    text = body[: body.find(found)] if found else body
    if len(text.split()) > DESCRIPTION_WORDS or _speaks_of_another(text, load_words(source)):
        return Fields()
    return Fields(address=found, phone=last.typed if last else "")


def _speaks_of_another(text: str, words: Words) -> bool:
    """True for "Tôi tố ông Nguyễn Văn Bảy", "Giám đốc: …", "Số nó"; a title at the beginning is a signature's."""
    bare, head = plain(text).lstrip(), words.others.match(plain(text).lstrip())
    labelled = head and (":" in text or text.lstrip()[head.end() :].lstrip()[:1].isupper())
    called = labelled or words.others_named.match(bare) or _THEIRS.match(bare)
    return 0 < another_at(text, words) < len(text) or bool(called)


def another_at(ahead: str, words: Words) -> int:
    """Where another person is named, whose home and telephone may follow; the length for none.

    A relative's are the writer's ("vợ anh Nguyễn Văn Ba"), and "phố Bà Triệu" is no person.
    """
    bare = plain(ahead)
    own = (words.sets["sentences", "relatives"] | words.sets["sentences", "before_titles"]) - {"nguoi", "hang"}
    starts = (match.start() for match in _titles(ahead, bare, words) if not _CONTACT.search(bare[: match.start()]))
    titled = (at for at in starts if not own & set(bare[:at].split()[-1:]))
    called = (one.start() for one in words.others_named.finditer(bare) if ahead[one.end() : one.end() + 1].isupper())
    return min((*titled, *called), default=len(ahead))


def _titles(text: str, bare: str, words: Words) -> Iterator[re.Match[str]]:
    """Titles before a name; in a text without capitals, before a common family name."""
    return words.titled_small.finditer(bare) if text == text.lower() else _TITLED.finditer(text)


def _neutral(piece: str, top: bool, words: Words) -> bool:
    """True for a salutation, a closing, a date, a rule: neither data nor prose."""
    bare = plain(piece).strip()
    dated = "ngay" in bare and _DATE_LINE.match(bare)
    if words.closer.match(bare) or dated or _RULE.match(bare) or bare.rstrip(" :") in words.label_kind:
        return True
    return top and len(piece) < 120 and bool(words.opener.match(bare))
