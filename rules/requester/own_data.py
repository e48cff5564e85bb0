"""The home and the telephone that the writer calls his own, wherever the text states them, and those that he denies:
"Em đang trọ ở …", "số của tôi là …", "đừng gọi số cũ"; and the body that asks in a sentence, or for which he speaks:
"Công ty TNHH Đông Á chúng tôi …"; and the data of people, or what concerns nobody else, that a redacted text still
has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice, pairwise, takewhile

from rules.requester.contact_data import Phone, enough, find_phones, is_part, run_at, sentence_ends
from rules.requester.names import LONGEST_ORGANISATION, addressed, asks_at, organisation, person
from rules.requester.unlabelled import Fields, another_at
from rules.requester.vocabulary import DEFAULT, Words, load_words, one_of, plain
from rules.values.data_file import SOURCES_KEPT, Source

SELF = r"(?:chung toi|chung em|ben toi|ben em|toi6?|tooi|tui|em|e|chau|minh|con)"
"""How a writer speaks of himself, in plain letters; what is typed must be one of ``spoken_self`` too."""
PLACE = (
    r"(?:so|sn|thon|xom|lang|ban|to|tdp|khu|kdc|cum|ngo|ngach|hem|duong|pho|phuong|xa|dac khu|chung cu|"
    r"can ho|toa|lo|doi|p\.)"
)
"""How an address begins, in plain letters."""
_WITH = r"(?:\s+(?:cung|voi|nho)\s+[^,.;:\n\d]{2,25}?(?=\s+(?:o|tai)\s))?"
_KINS = r"(?:chi|anh|em|con|bo|me|ong|ba|di|chu|bac|co|chong|vo|noi|ngoai)(?:\s+(?:gai|trai|ruot|ngoai|noi|de))?"
LIVES = (
    r"(?:o\s+(?:tro|nho|ghep)|o|owr|tai|tru|thuong\s+tru|tam\s+tru|cu\s+tru|song|sinh\s+song|ngu|cu\s+ngu|tro|"
    rf"thue(?:\s+(?:tro|nha|phong))?|dong\s+quan|viet\s+(?:thu\s+)?(?:nay\s+)?tu|"
    rf"ve\s+que)(?:\s+(?:mot\s+minh|{_KINS}|nha(?:\s+{_KINS})?))?{_WITH}(?:\s+(?:tai|o|taji))?\s*:?\s+"
)
"""How somebody lives somewhere, and with whom, in plain letters."""
_OWN = re.compile(
    r"(?P<self>[bcemt](?<!\w.)(?:(?<=b)en (?:toi|em)|(?<=c)(?:hung toi|hung em|hau|on)|(?<=t)(?:oi6?|ooi|ui)|"
    r"(?<=e)m?|(?<=m)inh))(?:(?=:)|\s+)(?:(?:hien|dang|nay|hien\s+tai|thuong|von)\s+)*"
    rf"(?:{LIVES}|:?\s*(?=(?:so|sn)\s+(?:nha\s+)?\d|\d+[a-z]?/?\d*\s+[a-z]))"
)
"""Who says where he lives; begins with all letters that a word for oneself may begin with, for speed."""
_HOUSE = re.compile(
    rf"(?<!\w)(?:nha|cho\s+o|noi\s+o)\s+(?:cua\s+)?(?:rieng\s+)?(?P<self>{SELF})\s*:?\s*(?=(?:{PLACE}\s+\w|\d))"
)
"""A house with nothing between it and its address."""
_KINSMAN = re.compile(
    r"(?<!\w)(?<!vợ )(?<!vo )(?<!mẹ )(?<!me )(?<!bố )(?<!bo )(?<!bà )(?<!ông )(?<!anh )(?<!chị )"
    r"(?:bố mẹ|bo me|ông bà|bố|mẹ|cha|vợ|chồng|ông|bà|anh|chị|em|chú|bác|cậu|dì|con|cháu|bo|me|vo|chong)"
    r"(?: (?:trai|gái|dâu|rể|ruột|nội|ngoại|gai|dau|re|noi|ngoai))?$"
)
"""Before oneself, a relative: "Bố tôi ở …", and no two of whom one is the writer ("vợ chồng tôi", "mẹ con tôi")."""
_NOW = re.compile(
    rf"(?<!\w)(?P<self>{SELF})\s[^.;:!?\n]{{3,160}}?[,\s]\s*(?:ma\s+)?"
    rf"(?:(?:hien|nay|dang|sau)\s+)++(?:tai\s+)?(?:ra\s+|vao\s+)?(?:chuyen\s+(?:ve|den|sang)\s+(?={PLACE})|{LIVES})"
)
"""Who tells of himself before he says where he lives now."""
_TOGETHER = re.compile(
    r"(?<!\w)(?:chung\s+(?:toi|em)|toi|em)\s+(?:gom|la|co|thay\s+mat|dai\s+dien)\s+(?:[^.,;:\n]{0,40}?\s)?"
    r"(?:ho\s+dan|ba\s+con|nguoi\s+dan|nhan\s+dan|cu\s+dan|cac\s+ho|ho\s+gia\s+dinh|gia\s+dinh|tieu\s+thuong|ngu\s+dan|nong\s+dan)\s+"
    r"(?:[^.,;:\n]{0,30}?\s)??(?:(?:o|tai|thuoc|cua)\s+)?(?=(?:thon|xom|to|khu|ngo|cum|phuong|xa|duong|pho|chung\s+cu)\s)"
)
"""Who writes for many: their place is where an answer reaches them."""
_OURS = re.compile(
    r"(?<!\w)(?:dan|ba\s+con|nguoi\s+dan|nhan\s+dan)\s+(?=(?:thon|xom|to|khu|phuong|xa)\s[^,.;:\n]{2,40}\schung\s+toi(?!\w))|"
    r"(?<!\w)(?:thon|lang|xom|khu|ngo|xa|phuong)\s+(?:chung\s+)?(?:toi|em)\s*,\s*(?=(?:thon|lang|xom|khu|ngo|xa|phuong)\s)"
)
"""Whose village it is: "Dân xã Đại Sơn chúng tôi", "Thôn tôi, thôn Trúc Văn, xã …"."""
_SEAT = re.compile(
    r"(?<!\w)(?:chung\s+toi|chung\s+em|cong\s+ty\s+(?:toi|em))\b[^.;:\n]{0,80}?"
    r"\btru\s+so(?:\s+chinh)?(?:\s+dat)?\s+(?:tai|o)\s+"
)
_BODY = re.compile(
    rf"(?<!\w)(?:{SELF}\s+(?:co\s+)?(?:dat|dong)(?:\s+(?:nha\s+xuong|nha\s+may|tru\s+so|van\s+phong))?|"
    r"tru\s+so|van\s+phong(?:\s+hoi)?(?:\s+dat)?|nha\s+(?:may|truong|xuong))\s+(?:dat\s+)?(?:tai|o)\s+"
)
"""Where a body that asks has its seat; of somebody else's factory people write as well."""
_ABOUT = re.compile(r"(?<!\w)(?:phan anh|kien nghi|hoi|thay|to cao|khieu nai|ve|nghe|cua|bi)(?!\w)")
"""Behind these words the matter is told, whose place is nobody's home."""
_ADDRESS = re.compile(rf"dia(?<!\wdia)\s+chi\s+(?:cua\s+)?(?:{SELF}\s+)?(?:la|o|tai)?\s*:?\s*")
_OF_OTHERS = re.compile(r"(?<!\w)(?:mang\s+ten|cua\s+(?:ong|ba|anh|chi|nguoi|cong\s+ty))\s[^.;!?\n]*$")
"""Whose address follows: "căn cước mang tên …, địa chỉ …"."""
SIGNS = re.compile(r"[.,;:!?\n()–—…]|\s-\s")
"""Between the clauses of a sentence."""


def clause_of(before: str) -> str:
    """What stands in the same clause, of plain text that ends here."""
    return SIGNS.split(before)[-1].strip()


def own_home(text: str, bare: str, body: bool, source: Source) -> str:
    """The writer's home, or the seat of the ``body`` that asks, wherever the text states it; "" for none.

    ``bare`` is the plain text.
    """
    runs = (run_at(text, at, source) for at in _starts(text, bare, body, load_words(source)))
    return next((run for run in runs if run and enough(run, source)), "")


def _starts(text: str, bare: str, body: bool, words: Words) -> Iterator[int]:
    """Where an address of the writer's own begins, the surest first."""
    for pattern in (_OWN, _HOUSE, _NOW):
        yield from (hit.end() for hit in pattern.finditer(bare) if _is_own(text, bare, hit, words))
    yield from (
        hit.end()
        for hit in _ADDRESS.finditer(bare)
        if not _OF_OTHERS.search(bare, max(0, hit.start() - 90), hit.start())
    )
    cues = (pattern.search(bare) for pattern in (_TOGETHER, _OURS, _SEAT, *([_BODY] if body else ())))
    yield from (cue.end() for cue in cues if cue)


def _is_own(text: str, bare: str, hit: re.Match[str], words: Words) -> bool:
    """Whether it is the writer who lives there, and nobody else is named before the place."""
    spoken = " ".join(text[hit.start("self") : hit.end("self")].lower().split())
    if spoken not in words.sets["sentences", "spoken_self"]:
        return False
    start = max(0, hit.start() - 60)
    kin = _KINSMAN.search(clause_of(text[start : hit.start()]).lower())
    if kin and words.calls.match(clause_of(bare[start : hit.start()])) is None:
        return False
    between = text[hit.end("self") : hit.end()]
    if another_at(between, words) < len(between) or _ABOUT.search(bare, hit.end("self"), hit.end()):
        return False
    return not words.others.search(clause_of(bare[start : hit.start()]))


_SAYS_I = re.compile(r"(?<!\w)t[ôo]i(?!\w)", re.IGNORECASE)


def elders(text: str, words: Words) -> Iterator[tuple[int, int]]:
    """Where a name may begin behind "Bác là", in a sentence that tells of nobody else, and how many of address and
    telephone make it the writer's: one behind greetings alone, both where a letter without "tôi" goes before."""
    for hit in islice(words.elder.finditer(text), MOST_SENTENCES):
        said = text[hit.end() :]
        said, before = said[: next(sentence_ends(said), len(said))], text[: hit.start() + 1]
        cuts = (0, *sentence_ends(before), len(before))
        pieces = (plain(before[begin:end]) for begin, end in pairwise(cuts))
        first = all(words.opener.match(one) or not one.strip(" \n.,!") for one in pieces) or not hit.start()
        headed = first or (text[hit.start()] in ".!?\n" and not _SAYS_I.search(text))
        if headed and not words.not_elder.search(said):
            yield hit.end(), 1 if first else 2


MOST_BEFORE = 260
"""The sentence before a telephone number is read so far back."""
_THAT_ONE = re.compile(r"(?<!\w)(?:ong|ba|anh|chi|co|chu)\s+(?:ay|nay|ta|kia)(?!\w)")
_ANOTHER = re.compile(
    r"(?:^|[\s(])(?:[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Cc]hú|[Oo]ng|[Bb]a|[Cc]hi|[Cc]ông ty|[Cc]ty)\s+[A-ZĐÂÊÔƠƯÁÀẢÃẠ]"
)
_PHONE_CUE = re.compile(
    r"(?:dien\s+thoai|sdt|so\s+dt|\bdt|tel|so\s+may|lien\s+he|lien\s+lac|phone|zalo|di\s+dong|mobile|"
    r"(?:qua|theo|vao|hoac)\s+so|goi\s+(?:cho\s+)?(?:toi|em|lai)|so\s+(?:cua\s+)?(?:toi|em|minh|chau|con)|"
    rf"(?:goi|so)\s+(?:cho\s+)?(?:vo|chong|con|bo|me|ong|ba|anh|chi)\s+(?:(?:trai|gai|dau|re|noi|ngoai)\s+)?{SELF})"
    r"(?:[^.\n\d]|\d{1,2}\s*(?:gio|h)\b){0,50}$"
)
_NOT_MINE = re.compile(
    r"(?:cua\s+(?:ong|ba|anh|chi|ho|no|ke|nguoi|cong\s+ty|ben)|doi\s+tuong|so\s+la|ke\s+(?:gian|la|lua|xau)|"
    r"landlord|employer|lua\s+dao|duong\s+day\s+nong|hotline|tong\s+dai|truc\s+ban|quang\s+cao|goi\s+den|goi\s+tu|"
    r"nhan\s+tin\s+tu|moi\s+gioi|ma\s+so\s+thue|mst|chu\s+(?:no|tro|nha|tau|quan|xe)|dai\s+ly|ngan\s+hang|"
    r"(?:lien\s+he|goi)\s+(?:(?:cho|voi|toi|den)\s+)?(?:phuong|xa|ubnd|cong\s+an|cong\s+ty|truong|benh\s+vien|dien\s+luc))"
    r"[^.\n]{0,40}$"
)


def is_mine(ahead: str, phone: Phone) -> bool:
    """False for a number behind words that make it somebody else's."""
    return not _NOT_MINE.search(plain(ahead[: phone.start][-60:]))


def loose_phone(text: str, source: Source = DEFAULT) -> str:
    """A phone number within the story that the writer calls his own; "" for none."""
    for phone in find_phones(text, source):
        stretch = text[max(0, phone.start - MOST_BEFORE) : phone.start]
        sentence = stretch[max(sentence_ends(stretch), default=0) :]
        before = plain(sentence[-60:])
        if _PHONE_CUE.search(before) and not _names_another(sentence, before, source):
            return phone.typed
    return ""


def _names_another(sentence: str, before: str, source: Source) -> bool:
    """True for a sentence whose telephone number is somebody else's."""
    if _NOT_MINE.search(before) or _ANOTHER.search(sentence) or _THAT_ONE.search(plain(sentence)):
        return True
    return another_at(sentence, load_words(source)) < len(sentence)


_INSTEAD = r"(?=[,\s]\s*(?:nay|hien|bay\s+gio|gio|toi|em|ma|nhung)\s)"
_DENIED_PLACE = re.compile(
    r"(?<!\w)(?:khong|ko|chua)\s+phai\s+(?:(?:la|o|tai)\s+)?[^;!?\n]{1,90}?\sma\s+(?:la|o|tai|phai\s+la)\s+|"
    rf"(?<!\w)(?:(?:khong|ko|chua)\s+(?:con\s+)?(?:co\s+(?:nha\s+)?)?|truoc(?:\s+(?:day|kia))?\s+(?:{SELF}\s+)?)(?:{LIVES}|dia\s+chi\s+(?:(?:la|o|tai)\s+)*)"
    rf"(?=(?:nha|can|{PLACE})\s|\d)[^.;!?\n]{{1,100}}?(?:{_INSTEAD}|(?=[.;!?\n]|$))"
)
"""A home that the writer denies or has left, up to the one that he names in its place."""
_DENIED_BEFORE = re.compile(
    r"(?P<not>dung)\s+(?:co\s+)?(?:goi|lien\s+he|lien\s+lac|nhan\s+tin)\s+(?:(?:cho|vao|den|toi|em|so|may|theo)\s+){0,4}$|"
    r"(?P<old>(?:so|sdt|dt)(?:\s+(?:dien\s+thoai|dt|may))?\s+cu)\s+(?:cua\s+\w+\s+)?(?:la\s*)?:?\s*$"
)
_CALLED = re.compile(r"(?<!\w)(?:so|sdt|dt|dien\s+thoai|goi|may)(?:\s[^,.;:!?\n\d]{0,30})?$")
_DENIED_BEHIND = re.compile(
    r"[\s,]*(?:(?:thi|nay|do)\s+){0,2}(?:khong|ko|k|chua)\s+(?:phai\s+(?:la\s+)?(?:so\s+)?(?:cua\s+)?(?:toi|em|chau|minh)|"
    r"(?:goi|lien\s+lac|lien\s+he)\s+duoc|(?:duoc|dung)(?:\s+(?:dau|nua))?(?:\s+a)?(?=\s*(?:[.,;!\n]|$))|con\s)"
)


def without_denied(text: str) -> str:
    """The text without homes and telephone numbers that the writer says are not his, or no more."""
    for phone in reversed(find_phones(text)):
        if _is_denied(text, phone):
            called = _CALLED.search(plain(text[max(0, phone.start - 40) : phone.start]))
            behind = _DENIED_BEHIND.match(plain(text[phone.end : phone.end + 40]))
            start = phone.start - (len(called.group()) if called else 0)
            text = f"{text[:start]}…{text[phone.end + (behind.end() if behind else 0) :]}"
    for hit in reversed(list(_DENIED_PLACE.finditer(plain(text)))):
        text = text[: hit.start()] + text[hit.end() :]
    return text


def _is_denied(text: str, phone: Phone) -> bool:
    """True for "đừng gọi số …", "số cũ …" and "… không phải của tôi"; Dung is also a name."""
    at = max(0, phone.start - 40)
    before = _DENIED_BEFORE.search(plain(text[at : phone.start]))
    typed = text[at + before.start("not") : at + before.end("not")] if before and before["not"] else ""
    denied = before is not None and (before["old"] is not None or typed == "dung" or typed.lower() == "đừng")
    return denied or _DENIED_BEHIND.match(plain(text[phone.end : phone.end + 40])) is not None


MOST_SENTENCES = 8
"""Within this many sentences a body says that it asks, and within so many of their own people name themselves."""
_SPEAKING = re.compile(r"(?:Thay mặt|Đại diện)(?: cho)? [^,.;:\n]{5,120}(?=,)")
"""For whom a writer speaks, up to the comma behind it."""
_IS = re.compile(rf"(?<!\w){SELF}\s+(?:(?:von|dang|hien)\s+)?la\s+(?:mot\s+)?")
_OUR_BODY = re.compile(r"\s+chúng (?:tôi|em)(?!\s+(?:xin|kính|muốn|đề nghị|cần))")
"""Whose body it is, without a word of asking behind."""
_SPEAKS_FOR = re.compile(
    r"[\s,;-]*(?:la\s+)?(?:nguoi\s+)?(?:dai\s+dien(?:\s+(?:theo\s+)?phap\s+luat)?|thay\s+mat|giam\s+doc|pho\s+giam\s+doc|"
    r"chu\s+tich|chu\s+nhiem|truong\s+ban|chu\s+doanh\s+nghiep)(?:\s+(?:cho|cua))?\s+"
)


def asking_body(text: str, bare: str, source: Source) -> Fields:
    """The organisation that asks: "Phòng khám An Tâm xin hỏi …", "Công ty TNHH Đông Á chúng tôi …"; none for "… chúng
    tôi" where the writer only works there. ``bare`` is the plain text."""
    words = load_words(source)
    employees = words.phrases["sentences", "employees"]
    works = any(employees.match(bare, match.end()) for match in _IS.finditer(bare))
    lines = (match.end() for match in re.finditer("\n", text))
    starts = (0, *islice(lines, MOST_SENTENCES), *islice(sentence_ends(text), MOST_SENTENCES))
    pieces = (text[at : at + LONGEST_ORGANISATION].partition("\n")[0].lstrip() for at in starts)
    cuts = ((piece, asks_at(piece, words) or _end(_SPEAKING.match(piece))) for piece in pieces)
    asking = (piece[:at] for piece, at in cuts if at and not (works and _OUR_BODY.match(piece, at)))
    found = (organisation(one, source) for one in asking)
    own = (one for one in found if one and not addressed(one, source) and not any(map(str.isdigit, one)))
    return Fields(organisation=next(own, ""))


def _end(match: re.Match[str] | None) -> int:
    return match.end() if match else 0


def organisation_at(stretch: str, source: Source) -> str:
    whole = re.match(r"[^,;\n(]{3,120}?\((?P<inside>[^()\n]{3,60})\)|[^,;\n(]{3,120}", stretch)
    if whole and whole["inside"] and enough(run_at(whole["inside"], 0, source), source):
        return organisation(whole.group().partition("(")[0], source)
    return organisation(whole.group()[0].upper() + whole.group()[1:], source) if whole else ""


def spoken_for(ahead: str, source: Source) -> str:
    """The organisation that the writer says he represents: "…, đại diện Công ty TNHH Đông Á, …"."""
    lead = _SPEAKS_FOR.match(plain(ahead))
    return organisation_at(ahead[lead.end() :], source) if lead and lead.end() < len(ahead) else ""


_SENTENCE = re.compile(r"(?<=\w{2}[.!?;])\s+|\n")
_BEFORE_DATA = re.compile(r"(?P<row>[^\W\d_]+(?: [^\W\d_]+){2,9}) ?[,;(–-] ?(?P<data>[^,;\n]{1,60})")
_NUMBER_LEFT = re.compile(r"[^\[\d]{0,20}\[")
"""What is blanked behind a name: it goes with it."""


def people_with_data(text: str, source: Source = DEFAULT) -> tuple[str, ...]:
    """Sentences of a redacted text that still have a full name with a house's number or a telephone behind it."""
    told = (
        one for one in _SENTENCE.split(text) if any(_goes_with(hit, source) for hit in _BEFORE_DATA.finditer(one))
    )
    return tuple(" ".join(one.split()) for one in told)


def _goes_with(hit: re.Match[str], source: Source) -> bool:
    """Whether a full name, which is no street's, ends before what may be an address or a telephone."""
    data, tokens = hit["data"].strip(), hit["row"].split()
    name = list(takewhile(lambda one: one[0].isupper(), reversed(tokens)))[::-1]
    before = tokens[-len(name) - 1] if len(name) < len(tokens) else ""
    if len(name) < 3 or plain(before) in load_words(source).sets["sentences", "before_titles"]:
        return False
    placed = any(map(str.isdigit, data)) and is_part(data.rstrip("."), source)
    return (
        bool(placed or find_phones(data) or _NUMBER_LEFT.match(data)) and person(" ".join(name), True, source) != ""
    )


_INITIALS = re.compile(r"(?<!\w)(?:[^\W\d_]\.){2,}")


def private_sentences(text: str, source: Source = DEFAULT) -> tuple[str, ...]:
    """Sentences of a redacted text on what concerns nobody else: of the requester, who is named by initials, or of a
    child or a relative where the text has their name."""
    (own, private, kin, named), others = _private(source)
    names = (hit["name"] for hit in named.finditer(text))
    known = any(name[0].isupper() and name.casefold() not in others for name in names)
    told = (
        one
        for one in _SENTENCE.split(text)
        if (own.search(one) and _INITIALS.search(one)) or (known and private.search(one) and kin.search(one))
    )
    return tuple(" ".join(one.split()) for one in told)


@lru_cache(maxsize=SOURCES_KEPT)
def _private(source: Source) -> tuple[tuple[re.Pattern[str], ...], frozenset[str]]:
    """What concerns the requester alone, and what a child or a relative; words for one of these; the same and what
    stands behind it in a name's place; and what begins no name there."""
    words = source.toml("blanking.toml")["private"]
    own, private = (rf"(?<!\w){one_of((*words['health'], *words[key]))}(?!\w)" for key in ("words", "of_child"))
    kin = "".join(rf"(?<!{re.escape(one)} )" for one in words["many"]) + rf"(?<!\w){one_of(words['kin'])}(?!\w)"
    name = rf"(?:[\s,:]+{one_of(words['between'])}(?!\w)){{0,4}}+[\s,:]+(?P<name>[^\W\d_]+)"
    patterns = (re.compile(one, re.IGNORECASE) for one in (own, private, kin, kin + name))
    return tuple(patterns), frozenset(words["no_names"])


LONGEST_PRIVATE = 200
"""Characters of a sentence in the warning."""
_WARNED = (
    ("Có thể nói về việc riêng của người hỏi, người nhà, trẻ em, xin xem có nên đăng", private_sentences),
    ("Có thể còn họ tên kèm địa chỉ, số điện thoại của một người, xin xem lại trước khi đăng", people_with_data),
)


def private_told(text: str) -> tuple[str, ...]:
    """Warnings before a text is posted that speaks of private matters, or has somebody's name and home (8.3)."""
    told, most = ((lead, find(text)[:3]) for lead, find in _WARNED), LONGEST_PRIVATE
    short = (
        (lead, (f"“{one[:most]}{'…' if len(one) > most else ''}”" for one in found)) for lead, found in told if found
    )
    return tuple(f"{lead}: {'; '.join(own)}" for lead, own in short)
