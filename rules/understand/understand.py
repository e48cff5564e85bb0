"""Understanding one mail: what ``explain`` prints and the daemon decides on. Only combines the other readers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from rules.message import two_readings
from rules.message.attachment_policy import points_to_file, with_scan
from rules.message.automatic import read_automatic
from rules.message.quote_markers import load_markers, without_machines
from rules.message.reply_text import fold, forwarded_mail
from rules.reply.reply import has_reply_shape, read_reply
from rules.requester.requester import read_requester
from rules.routing.mail_kind import classify
from rules.routing.route import RoutingTable, route
from rules.text import squash, strip_marks
from rules.understand.letter_form import Matter, find_matter, is_closing, is_only_form, is_secret_alone
from rules.values.data_file import SOURCES_KEPT, Source
from rules.values.model import (
    Automatic,
    Classification,
    Decision,
    Fate,
    FoldedText,
    Kind,
    ParsedMail,
    Reply,
    Requester,
    Route,
    Unit,
    Verb,
)
from rules.values.register_number import register_numbers
from rules.values.states import GRAVE

NO_ROUTE = Route(Decision.NONE)
_TAG = re.compile(r"\+[^@\s]*(?=@)")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The data files that understanding a mail needs, and whose mails count as a unit's by their address."""

    units: Mapping[str, Unit]
    routing: RoutingTable
    unit_senders: Mapping[str, str]
    """Lower-cased address or ``@domain`` → unit code, from the configuration; empty without one."""

    @property
    def source(self) -> Source:
        """The source of the rules' data files."""
        return self.routing.source

    def unit_of(self, email: str) -> str:
        """The unit that an address writes for, according to the list; "" for none."""
        address = email.lower()
        return self.unit_senders.get(address) or self.unit_senders.get("@" + address.rpartition("@")[2], "")

    def unit_writing(self, mail: ParsedMail) -> str:
        """The unit that sent this mail; "" for none, and for mails from the website's form."""
        return "" if mail.form else self.unit_of(mail.sender.email)


@dataclass(frozen=True, slots=True)
class Understanding:
    """Everything learnt from one mail before the register is consulted."""

    kind: Kind
    fate: Fate
    decision: Decision
    clause: str
    sure: bool
    text: FoldedText
    asker: Requester
    route: Route
    reply: Reply | None
    automatic: Automatic
    trace: tuple[str, ...]
    alone: Understanding | None = None
    """For a mail that looks like a reply: what it is if it replies to none of our mails, which only the register can
    tell, or asks something new in the thread of an old question; for an office's mail only a possible
    denunciation."""
    two_readings: bool = False
    """Its plain text and its HTML differ: ``text.own`` contains both, and nothing is sure."""
    secret_alone: bool = False
    """It counts as a complaint or denunciation only because its writer wishes to stay anonymous."""


def understand(mail: ParsedMail, knowledge: Knowledge, on: date) -> Understanding:
    """Understand a mail from its content alone; ``on`` is the day it was received (units change)."""
    read = _understood(mail, knowledge, on)
    if read.automatic.kind is not None or not two_readings.differ(mail, knowledge.source):
        return read
    other = _understood(replace(mail, text=mail.seen), knowledge, on)
    return _of_two(read, other, two_readings.both(mail))


def _of_two(read: Understanding, other: Understanding, both: str) -> Understanding:
    """The more serious kind of the two, and never sure: what only one reading would cause waits for a person."""
    graver = min((read, other), key=lambda one: GRAVE.index(one.kind) if one.kind in GRAVE else len(GRAVE))
    return replace(
        read,
        kind=graver.kind,
        clause=graver.clause,
        fate=Fate.HOLD if graver.kind in GRAVE else read.fate,
        decision=Decision.REVIEW if read.decision is Decision.FORWARD else read.decision,
        sure=False,
        text=replace(read.text, own=both),
        trace=(two_readings.WHY, *graver.trace),
        alone=None if read.alone is None else _of_two(read.alone, other.alone or other, both),
        route=replace(read.route, items=()),
        secret_alone=graver.secret_alone,
        two_readings=True,
    )


def _understood(mail: ParsedMail, knowledge: Knowledge, on: date) -> Understanding:
    automatic = read_automatic(mail, knowledge.source)
    if automatic.kind is not None:
        return _automatic(mail, automatic)
    if mail.minimal and not mail.text.strip() and not mail.senders:
        return _unreadable(mail, automatic)
    folded = fold(mail.text, knowledge.source)
    if (
        has_reply_shape(mail, source=knowledge.source)
        or knowledge.unit_writing(mail)
        or _signs_as_unit(mail, knowledge)
    ):
        return _reply(mail, folded, automatic, knowledge, on)
    return _new(mail, _with_pasted(mail, folded, knowledge.source), automatic, knowledge, on)


def _with_pasted(mail: ParsedMail, folded: FoldedText, source: Source) -> FoldedText:
    """A letter that answers nothing, with what looks quoted in it: unless that is ours, it is the writer's matter.

    ``ordered`` stays without it.
    """
    threaded = mail.in_reply_to or mail.references or load_markers(source).subject.either.match(mail.subject)
    quoted = _TAG.sub("", folded.quoted.lower())
    boxes = (_TAG.sub("", box.email.lower()) for box in (*mail.to, *mail.cc))
    ours = any(map(quoted.__contains__, boxes)) or register_numbers(quoted, source.prefix)
    if not quoted or threaded or ours or forwarded_mail(mail.text, mail.subject, source) is not None:
        return folded
    return replace(folded, own=f"{folded.own}\n{folded.quoted}".strip(), quoted="")


@lru_cache(maxsize=SOURCES_KEPT)
def _office_heads(source: Source) -> tuple[str, ...]:
    heads = source.toml("letter_form.toml")["offices"]["heads"]
    return tuple(f"{head} " for office in heads for head in (office, strip_marks(office)))


def _signs_as_unit(mail: ParsedMail, knowledge: Knowledge) -> bool:
    """True when the From name belongs to an office and names a unit, unlike "Người dân xã Tân Minh"."""
    signed = squash(mail.sender.name).startswith(_office_heads(knowledge.source))
    return signed and has_reply_shape(mail, knowledge.units, knowledge.source)


def _automatic(mail: ParsedMail, automatic: Automatic) -> Understanding:
    kind = automatic.kind or Kind.AUTO_REPLY
    trace = tuple(f"Dấu hiệu thư tự động: {sign}" for sign in automatic.signs)
    folded = FoldedText(mail.text)
    return Understanding(
        kind, Fate.IGNORE, Decision.NONE, "", True, folded, Requester(), NO_ROUTE, None, automatic, trace
    )


def _unreadable(mail: ParsedMail, automatic: Automatic) -> Understanding:
    trace = tuple(f"Thư hỏng: {defect}" for defect in mail.defects) or ("Thư không đọc được",)
    return Understanding(
        Kind.UNREADABLE,
        Fate.QUARANTINE,
        Decision.NONE,
        "",
        False,
        FoldedText(mail.text),
        Requester(),
        NO_ROUTE,
        None,
        automatic,
        trace,
    )


def _new(mail: ParsedMail, folded: FoldedText, automatic: Automatic, knowledge: Knowledge, on: date) -> Understanding:
    asked = asked_text(mail, folded, knowledge.source)
    signed = without_machines(folded.signature, knowledge.source)
    asker = read_requester(mail, "\n".join(part for part in (asked, signed) if part), knowledge.source)
    matter = matter_of(mail.subject, asked, asker, knowledge.source)
    classified = classify(replace(mail, subject=matter.subject), matter.text, knowledge.routing)
    if mail.attachments or mail.defects:  # otherwise nothing was scanned
        text = without_requester(folded.own, asker)
        untold = is_only_form(mail.subject, knowledge.source)
        classified = with_scan(classified, mail, text, knowledge.source, untold=untold)
    path = NO_ROUTE
    if classified.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE}:
        whole = without_requester(asked, asker)
        path = route(matter.text, matter.subject, asker, knowledge.routing, on, whole)
        path = replace(path, candidates=()) if is_only_form(asked, knowledge.source) else path
    decision = _decision(classified, path, asked)
    return Understanding(
        classified.kind,
        new_fate(classified),
        decision,
        classified.clause,
        classified.sure,
        replace(folded, own=asked),
        asker,
        path,
        None,
        automatic,
        (*_defects(mail), *matter.trace, *classified.trace, *path.trace),
        secret_alone=classified.kind in GRAVE and is_secret_alone(mail, matter, knowledge.routing),
    )


def matter_of(subject: str, asked: str, asker: Requester, source: Source) -> Matter:
    """What a letter is about, without its form and the requester's data."""
    return find_matter(subject, without_requester(asked, asker), (asker.name, asker.address, asker.phone), source)


def _reply(
    mail: ParsedMail, folded: FoldedText, automatic: Automatic, knowledge: Knowledge, on: date
) -> Understanding:
    """A mail that looks like a reply; only the register can tell whether it replies to one of our mails."""
    reply = _of_its_own(read_reply(mail, knowledge.units, knowledge.source), knowledge.unit_writing(mail))
    official = bool(knowledge.unit_writing(mail))
    offices = official or _signs_as_unit(mail, knowledge)
    # What a unit quotes is its internal mail: no word of it may reach the asker as the unit's own.
    whole = folded if offices else _with_pasted(mail, folded, knowledge.source)
    fresh = _new(mail, whole, automatic, knowledge, on)
    if not official and _outweighs(fresh, reply):
        return replace(fresh, reply=reply)
    citizen = reply.verb in {Verb.FOLLOW_UP, Verb.NONE} and not official
    return Understanding(
        Kind.FOLLOW_UP if citizen else Kind.REPLY,
        Fate.ATTACH,
        Decision.NONE,
        "",
        fresh.sure,
        whole if citizen else folded,
        fresh.asker,
        fresh.route,
        reply,
        automatic,
        (*_defects(mail), *reply.trace),
        None if offices and fresh.kind is not Kind.DENUNCIATION else replace(fresh, reply=reply),
    )


def _of_its_own(reply: Reply, unit: str) -> Reply:
    """Turn "Thuộc thẩm quyền của Sở Xây dựng" from that very unit into an answer or a receipt: it is no refusal."""
    if reply.verb is not Verb.NOT_COMPETENT or not unit or reply.unit != unit:
        return reply
    verb = Verb.ANSWER if len(reply.text.split()) >= OWN_ANSWER else Verb.RECEIVED
    why = f"{unit} nói việc này thuộc thẩm quyền của chính mình: không phải từ chối"
    return replace(reply, verb=verb, unit="", trace=(*reply.trace, why))


def _outweighs(fresh: Understanding, reply: Reply) -> bool:
    """True for a complaint, denunciation or spam in any thread, and for a question without a number, which is new."""
    if fresh.kind in {Kind.COMPLAINT, Kind.DENUNCIATION, Kind.SPAM}:
        return reply.verb in {Verb.FOLLOW_UP, Verb.NONE}
    return reply.verb is Verb.NONE and not reply.questions and fresh.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE}


OWN_ANSWER = 12
"""With at least this many words, a unit that says it is competent itself has answered."""
# A shorter body may only announce the question that is in an attached document.
COVER_WORDS = 40


def asked_text(mail: ParsedMail, folded: FoldedText, source: Source) -> str:
    """The question's text: the own text or, if that only points to it, the forwarded mail or the attached file."""
    words = folded.own.split()
    if len(words) < COVER_WORDS and (inner := passed_on(mail, folded, source)):
        return f"{folded.own}\n\n{inner}".strip()
    attached = [file.text.strip() for file in mail.attachments if file.text.strip()]
    points = len(words) < COVER_WORDS and points_to_file(folded.own, source)
    if attached and (len(words) < 6 or points):
        return "\n\n".join((folded.own.strip(), *attached)).strip()
    return folded.own if words else folded.quoted or mail.subject


def passed_on(mail: ParsedMail, folded: FoldedText, source: Source) -> str:
    """The text of the mail that this one forwards; "" when it forwards none."""
    if not folded.quoted.strip():
        return ""
    inner = forwarded_mail(mail.text, mail.subject, source)
    if inner is None:
        return ""
    own = fold(inner.text, source).own
    return "" if own in folded.own else own


def without_requester(text: str, asker: Requester) -> str:
    """The text without final lines that only identify the requester, or thank.

    A street or ward in the requester's address is not what the question is about (routing gets the address anyway);
    "Trân trọng cảm ơn" can end a question as well as a letter of thanks.
    """
    lines = text.rstrip().split("\n")
    while len(lines) > 1 and (_says_who(lines[-1], asker) or is_closing(lines[-1])):
        lines.pop()
    return "\n".join(lines)


MOST_BESIDE, MOST_BESIDE_ADDRESS = 12, 5
"""At most this many other words are in a line that identifies the requester; fewer next to an address alone,
because a short question may name the place."""


def _says_who(line: str, asker: Requester) -> bool:
    """True for a line with the requester's data and little else."""
    rest, most = line, MOST_BESIDE_ADDRESS
    for known in filter(None, (asker.name, *asker.formerly, asker.phone, asker.address)):
        if known in rest:
            rest = rest.replace(known, " ")
            most = MOST_BESIDE if known != asker.address else most
    return rest != line and "?" not in rest and len(rest.split()) <= most


def new_fate(classified: Classification) -> Fate:
    """The fate of a mail that starts something new (clauses 1.2, 8.2, 10.1.h)."""
    match classified.kind:
        case Kind.QUESTION | Kind.OUT_OF_SCOPE:
            return Fate.REGISTER
        case Kind.COMPLAINT | Kind.DENUNCIATION:
            return Fate.HOLD  # rejected only after a person has confirmed it
        case Kind.SPAM | Kind.NOT_A_QUESTION:
            return Fate.IGNORE if classified.sure else Fate.HOLD
        case _:
            return Fate.HOLD


def _decision(classified: Classification, path: Route, asked: str) -> Decision:
    """Forward automatically only if both question and route are sure; anything else registered goes to an officer."""
    if classified.kind is Kind.QUESTION and classified.sure and asked.strip():
        return path.decision if path.decision is not Decision.NONE else Decision.REVIEW
    return Decision.REVIEW if classified.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE} else Decision.NONE


def _defects(mail: ParsedMail) -> tuple[str, ...]:
    return tuple(f"Lưu ý khi đọc thư: {defect}" for defect in mail.defects)
