"""The requester: name, permanent address and phone, as clause 21.1 of the Regulation requires them.

Read in this order: labelled data ("Họ tên: …", "Địa chỉ: …", "ĐT: …", one per line or several in one), a block of
data at the end or the beginning, sentences in which the writer describes himself, and, for the name only, the From
display name. Other people in the story are never used.

Of mail sent by the website's form (8.1) it is the person who filled it in, not the website. All such mail comes from
one address, "noreply@…". The person is named in Reply-To or in a field ("Email: …"). Nothing in a form proves who
wrote it, so that its mail never counts as a unit's or an officer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from rules.requester.contact_data import enough, find_phones, is_address, run_at, sentence_ends, tidy
from rules.requester.names import anonymous, any_name, from_display, learned, organisation, person
from rules.requester.own_data import loose_phone, without_denied
from rules.requester.sentences import read_sentences
from rules.requester.unlabelled import Fields, fields_of, read_block
from rules.requester.vocabulary import BULLETS, DEFAULT, Words, load_words, plain
from rules.values.data_file import Source
from rules.values.model import Mailbox, ParsedMail, Requester, RequesterKind

THIRD_PARTY_LINE = 140
"""A line that names another person's data has at most this many characters; longer ones are prose."""
MOST_LABELS = 100
"""At most this many labels of one line are examined."""
LONGEST_VALUE = 300
"""After a label in parentheses, this many characters are searched for a fitting value."""
_PLACES = ("address", "permanent", "current")
_ENDS = " \t,;|.–—-*_"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label's kind (see ``LABEL_KINDS``) and the value after it, as typed."""

    kind: str
    value: str


@dataclass(frozen=True, slots=True)
class _Mark:
    """The position of a label in its line."""

    kind: str
    start: int
    end: int


def read_labels(text: str, source: Source = DEFAULT) -> tuple[tuple[Labelled, ...], str]:
    """The requester's labels with their values, and the text without their lines.

    Labels that follow a line about another party ("Người bị tố cáo: …") are not the requester's.
    """
    words = load_words(source)
    found: list[Labelled] = []
    rest: list[str] = []
    others, waiting = False, ""
    for line in text.split("\n"):
        if not line.strip():
            others = False
            rest.append(line)
            continue
        marks = _marks(line, words, source)
        if waiting and not marks:
            found.append(Labelled(waiting, line.strip(_ENDS)))
            waiting = ""
            continue
        others = _still_others(line, marks, others, words)
        if not marks or others:
            rest.append("" if others else line)
            continue
        values = tuple(_values(line, marks))
        rest.append(line[: marks[0].start] if marks[0].start > 0 else "")
        found.extend(value for value in values if value.value)
        waiting = "" if values[-1].value or values[-1].kind == "other" else values[-1].kind
        rest.extend(value.value for value in values if value.kind == "other" and len(value.value) > 60)
    return tuple(found), "\n".join(rest)


def _still_others(line: str, marks: tuple[_Mark, ...], others: bool, words: Words) -> bool:
    """Whether the lines are about another party: from a line that says so to a blank line or the requester's name."""
    if marks and marks[0].kind in ("name", "organisation"):
        return False
    if others or marks or ":" not in line or len(line) > THIRD_PARTY_LINE:
        return others
    return words.third_party.match(plain(line)) is not None


def _marks(line: str, words: Words, source: Source) -> tuple[_Mark, ...]:
    bare = plain(line)
    marks: list[_Mark] = []
    first = words.line_label.match(bare)
    if first and _is_label(line, first, words, source):
        marks.append(_Mark(_kind(first.group("label"), words), first.start("label"), first.end()))
    inside = words.inner_label.finditer(bare, marks[0].end if marks else 0) if ":" in bare else ()
    open_, seen = 0, 0
    for inner in islice(inside, MOST_LABELS):
        label = "label" if inner.group("label") else "strong"
        if inner.group(label) in words.sets["labels", "at_start"]:
            continue
        kind = _kind(inner.group(label), words)
        at = inner.start(label)
        open_, seen = open_ + bare.count("(", seen, at) - bare.count(")", seen, at), at
        if open_ <= 0 or _fits(kind, line[inner.end() : inner.end() + LONGEST_VALUE], source):
            marks.append(_Mark(kind, at, inner.end()))
    if marks and not first and all(mark.kind == "other" for mark in marks):
        return ()
    return tuple(marks)


def _kind(label: str, words: Words) -> str:
    return words.label_kind[" ".join(label.replace("\u00a0", " ").split())]


def _is_label(line: str, match: re.Match[str], words: Words, source: Source) -> bool:
    """A label has a colon; with a hyphen or a blank, it must be followed by a fitting value."""
    if match.group("sign") in (":", "=", "|", "：", "\t"):
        return True
    kind = _kind(match.group("label"), words)
    strange = line[: match.end()].rstrip().lower().endswith(" lạ")  # "Số lạ 09…", not "số là 09…"
    if strange or match.group("label") in words.sets["labels", "at_start"]:
        return False
    value = line[match.end() :].strip(_ENDS)
    return is_address(value, source) if kind in _PLACES else _fits(kind, value, source)


def _fits(kind: str, value: str, source: Source) -> bool:
    """Whether the value fits the label."""
    if kind == "phone":
        phones = find_phones(value, source)
        return bool(phones) and phones[0].start <= 2
    if kind in _PLACES:
        return bool(run_at(value, 0, source))
    return kind == "name" and bool(person(value, True, source))


def _values(line: str, marks: tuple[_Mark, ...]) -> Iterator[Labelled]:
    for mark, following in zip(marks, (*marks[1:], None), strict=True):
        value = line[mark.end : following.start if following else len(line)].strip(_ENDS + " ")
        if value.endswith("(") or (value.count("(") < value.count(")") and value.endswith(")")):
            value = value[:-1].strip(_ENDS)
        yield Labelled(mark.kind, value)


PLACE_LABELS = ("permanent", "address", "current")
LONGEST_ADDRESS = 160
TAIL = 12
"""With more characters after it, a labelled name may be followed by further data."""
LONGEST_TEXT = 24_000
"""Only this many characters are read, half from each end, where the requester's data are."""


_NO_PHONE = re.compile(r"(?:thue|mst|cccd|cmnd|can cuoc|tai khoan|stk|ho so)\D{0,12}$")
_LEAD = re.compile(
    r"^[^\w\n]*(?:(?:toi|em|minh|chau|chung toi)\s+)?(?:xin\s+)?(?:duoc\s+)?(?:gui\s+)?bo\s+sung(?:\s+them)?"
    r"(?:\s+cac)?(?:\s+thong\s+tin)?"
    r"(?:\s+(?:ca\s+nhan|con\s+thieu|nguoi\s+hoi|cua\s+(?:toi|em)|nhu\s+sau)){0,3}\s*:[ \t]*",
    re.MULTILINE,
)
_BLANK = r"[ \t\u00a0\u2000-\u200a\u3000]"
_BLANKS = re.compile(f"{_BLANK}{_BLANK}{{3,}}")
_EMPTY_LINES = re.compile(r"\n\s*\n")


def read_requester(mail: ParsedMail, own_text: str, source: Source = DEFAULT) -> Requester:
    """The requester of a mail; ``own_text`` is the writer's text with signature, without quotations.

    An address that names neither a ward or commune nor a street and a city is left out and counts as missing.
    """
    text = without_denied(_without_lead(_both_ends(own_text)))
    labels, rest = read_labels(text, source)
    lines = rest.split("\n")
    places = (
        _labelled(labels, source),
        read_block(lines, False, source),
        read_block(lines, True, source),
        read_sentences(rest, source),
    )
    beside = (_phone_in(item.value, source) for item in labels if item.kind in PLACE_LABELS)
    phone = _first(place.phone for place in places) or _first(beside) or loose_phone(rest, source)
    name, kind = _name(mail, places, source)
    typed, number = _phone(phone, source)
    return Requester(kind, name, _address(places, labels, source), typed, number)


def _without_lead(text: str) -> str:
    """The text without "Tôi xin bổ sung thông tin như sau:" before the data."""
    if "sung" not in text.lower():
        return text
    for lead in reversed(list(_LEAD.finditer(plain(text)))):
        text = f"{text[: lead.start()]}{text[lead.end() :]}"
    return text


def _both_ends(text: str) -> str:
    """The beginning and the end, with long runs of blanks and empty lines shortened (they only cost time)."""
    text = _EMPTY_LINES.sub("\n\n", _BLANKS.sub(lambda run: run.group()[:3], text))
    if len(text) <= LONGEST_TEXT:
        return text
    return text[: LONGEST_TEXT // 2] + "\n" + text[-LONGEST_TEXT // 2 :]


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _phone(typed: str, source: Source) -> tuple[str, str]:
    found = find_phones(typed, source)
    return (found[0].typed, found[0].e164) if found else ("", "")


def _address(places: Sequence[Fields], labels: tuple[Labelled, ...], source: Source) -> str:
    """The permanent address first, then any other; only one at which a person can be found."""
    labelled = {kind: [_value(item, source) for item in labels if item.kind == kind] for kind in PLACE_LABELS}
    read = [place.address for place in places]
    candidates = [*labelled["permanent"], *labelled["address"], *read, *labelled["current"]]
    found = [address for address in candidates if address and enough(address, source)]
    return _whole(found[0], found) if len(found) > 1 else "".join(found)


def _whole(address: str, others: Sequence[str]) -> str:
    """The longest address that ends with this one: "phường An Hải" may be the end of one with the street."""
    end = plain(address)
    return max((one for one in others if plain(one).endswith(end)), key=len)


def _value(item: Labelled, source: Source) -> str:
    return tidy(_before_phone(_place_of(item.value, source)[1], source))


def _place_of(value: str, source: Source) -> tuple[str, str]:
    """A name before a labelled address ("theo địa chỉ: Nguyễn Văn A, số 2 …"), and the address."""
    head, comma, rest = value.partition(",")
    name = person(head, True, source) if comma else ""
    return (name, rest.strip()) if name and run_at(rest.strip(), 0, source) else ("", value)


def _before_phone(value: str, source: Source) -> str:
    """A labelled address up to a phone number or a sentence on the same line."""
    phones = find_phones(value, source)
    stop = min(next(sentence_ends(value), len(value)), phones[0].start if phones else len(value))
    run = run_at(value, 0, source)
    if stop == len(value) <= LONGEST_ADDRESS:
        return value
    return run if enough(run, source) else value[:stop]


def _labelled(labels: tuple[Labelled, ...], source: Source) -> Fields:
    """The labelled values as fields; a value may contain more than its label says."""
    found = Fields()
    for item in labels:
        if item.kind in ("name", "contact", "organisation"):
            found = found.over(_named(item, source))
        elif item.kind == "phone" and (phones := find_phones(item.value, source)):
            before = fields_of(item.value, True, source)
            found = found.over(before or Fields(phone=phones[0].typed))
        elif item.kind in PLACE_LABELS and not found.name:
            found = found.over(Fields(name=_place_of(item.value, source)[0]))
    return found


def _phone_in(value: str, source: Source) -> str:
    """A phone number on the same line as other data; no tax code, identity card or account."""
    phones = find_phones(value, source)
    return next((one.typed for one in phones if not _NO_PHONE.search(plain(value[: one.start]))), "")


def _named(item: Labelled, source: Source) -> Fields:
    if anonymous(item.value, source):
        return Fields(anonymous=True)
    mixed = fields_of(item.value, False, source)
    if mixed and (mixed.name or mixed.organisation):
        return Fields(mixed.name, mixed.organisation, mixed.address, mixed.phone, weak=False)
    first = item.value[: next(sentence_ends(item.value), len(item.value))]
    head = any_name(first.partition(",")[0], source)
    more = read_sentences(f"Tôi là {item.value}", source) if len(item.value) > len(head) + TAIL else Fields()
    behind = Fields(address=more.address, phone=_phone_in(item.value, source))
    if item.kind == "organisation":
        return Fields(organisation=head).over(behind)
    if body := organisation(head, source):
        return Fields(organisation=body).over(behind)
    return Fields(name=head).over(behind)


def _name(mail: ParsedMail, places: Sequence[Fields], source: Source) -> tuple[str, RequesterKind]:
    """The name and kind of the requester; From comes last, and not for someone who withholds the name."""
    group = _first(place.organisation for place in places)
    single = next((place for place in places if place.name), Fields())
    hides = any(place.anonymous for place in places) and (single.weak or not single.name)
    if group and not hides and not learned(single.name, source):
        contact = single.name if "(" not in group else ""
        return (f"{group} (người liên hệ: {contact})" if contact else group), RequesterKind.ORGANISATION
    if hides:
        return "", RequesterKind.INDIVIDUAL
    shown = from_display(mail.sender.name, source)
    name = _fuller(single.name, shown, source) or shown
    return name, RequesterKind.ORGANISATION if organisation(name, source) else RequesterKind.INDIVIDUAL


def _fuller(name: str, shown: str, source: Source) -> str:
    """The signature's name; From's if the signature is only its last part ("Lan" of "Nguyễn Thị Lan")."""
    if name and plain(shown).endswith(" " + plain(name)) and person(shown, " " in name, source):
        return shown
    return name


ADDRESS = re.compile(r"[^\s<>()\",;:@]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
FIELD = re.compile(rf"^{BULLETS}([^:=|：\n]{{2,40}}?)\s*[:=|：]\s*(.{{3,320}})$", re.MULTILINE)
BY_A_MACHINE = frozenset(
    {"auto-submitted", "precedence", "return-path", "x-auto-response-suppress", "x-autoreply", "x-autorespond"}
    | {"feedback-id", "list-id", "list-unsubscribe", "list-unsubscribe-post", "x-mailer"}
)
"""Header fields by which a form's mail says that a program sent it, as it must (RFC 3834)."""
MOST_TEXT = 100_000


def through_form(mail: ParsedMail, forms: frozenset[str], source: Source = DEFAULT) -> ParsedMail:
    """The form's mail with the person who filled it in as sender; any other mail unchanged.

    ``forms`` are the forms' addresses in lower case. If the person gives no address, the mail has no sender.
    """
    if len(mail.senders) != 1 or mail.sender.email.lower() not in forms:
        return mail
    form = mail.sender.email.lower()
    writer = next((mailbox for mailbox in _people(mail, source) if mailbox.email.lower() not in forms), None)
    headers = tuple(one for one in mail.headers if one[0] not in BY_A_MACHINE)
    return replace(mail, senders=(writer or Mailbox("", ""),), headers=headers, form=form)


def _people(mail: ParsedMail, source: Source) -> Iterator[Mailbox]:
    """The address in Reply-To, if it is the only one, then addresses in fields labelled as such."""
    if len(mail.reply_to) == 1:
        yield mail.reply_to[0]
    labels = load_words(source).sets["form", "email"]
    for match in FIELD.finditer(mail.text[:MOST_TEXT]):
        found = ADDRESS.search(match[2])
        if found and plain(match[1]).strip() in labels:
            yield Mailbox("", found[0].rstrip("."))
