"""Value types that the rooms exchange.

Everything here is frozen and has no behaviour beyond what its own fields say, so that a decision
can be tested with values alone. Text fields are always NFC, without control and bidi characters
(``rules.text`` guarantees it on input); instants are aware and in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from rules.values.states import Decision as Decision
from rules.values.states import Fate as Fate
from rules.values.states import Kind as Kind
from rules.values.states import RequesterKind as RequesterKind
from rules.values.states import Verb as Verb


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One mailbox of a header (RFC 5322 §3.4); ``email`` is lower-cased in its domain, "" when unreadable."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        """The part after the last ``@``, or ""."""
        return self.email.rpartition("@")[2] if "@" in self.email else ""


@dataclass(frozen=True, slots=True)
class FileSignature:
    """A digital signature of a file: who signed it and when, whether the file is unchanged since, and whether the
    certificate leads to one that this installation trusts."""

    signer: str
    signed_at: datetime | None
    intact: bool
    trusted: bool

    @property
    def valid(self) -> bool:
        """True when it proves who signed what."""
        return self.intact and self.trusted


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached part. ``name`` is only data, never a path; ``size`` in bytes of the decoded payload.

    ``text`` is the text extracted from it (docx, text PDF, text file), else "".
    ``part`` numbers the MIME leaf parts from 0, so that the bytes can be found again in the raw mail.
    ``inline``: it belongs to the text, as a logo does (``attachment_policy.is_file`` says what is a file).
    ``looks`` is the type of its content by its first bytes (``attachments.toml`` has the names), "" when unknown.
    """

    name: str
    type: str
    size: int
    sha256: str
    part: int
    text: str = ""
    inline: bool = False
    looks: str = ""
    signatures: tuple[FileSignature, ...] = ()


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """A parsed mail. ``headers`` keeps order and repetition, names lower-cased, values decoded and cleaned.

    ``text`` is the best body text (plain, else from HTML), with quotes and signature.
    ``message_id``, ``in_reply_to`` and ``references`` are bare ids without angle brackets.
    ``defects`` says in words what was wrong or repaired. ``minimal`` marks the fallback parser, ``cut`` longer text.
    """

    sha256: str
    size: int
    subject: str
    text: str
    senders: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    reply_to: tuple[Mailbox, ...] = ()
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    date: datetime | None = None
    headers: tuple[tuple[str, str], ...] = ()
    html: str = ""
    seen: str = ""
    """The words of the HTML if they differ from the plain text's; "" if both agree or only one exists."""
    attachments: tuple[Attachment, ...] = ()
    content_type: str = "text/plain"
    embedded_ids: tuple[str, ...] = ()
    """Message-IDs found in returned or attached messages (message/rfc822, text/rfc822-headers) and in their text."""
    delivery_status: str = ""
    """The text of the message/delivery-status part (RFC 3464); "" when there is none."""
    defects: tuple[str, ...] = ()
    minimal: bool = False
    cut: bool = False
    form: str = ""
    """The address of the website's form that sent it; ``senders`` is then the person who filled the form in."""

    @property
    def sender(self) -> Mailbox:
        """The first From mailbox, or an empty one."""
        return self.senders[0] if self.senders else Mailbox("", "")

    def header(self, name: str) -> str:
        """The first value of a header, or ""."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), "")

    def all_headers(self, name: str) -> tuple[str, ...]:
        """All values of a header, in order."""
        wanted = name.lower()
        return tuple([value for key, value in self.headers if key == wanted])


@dataclass(frozen=True, slots=True)
class Requester:
    """Who asks, with the data that clause 21.1 requires; phone as typed and in E.164 ("" when unsure)."""

    kind: RequesterKind = RequesterKind.INDIVIDUAL
    name: str = ""
    address: str = ""
    phone: str = ""
    phone_e164: str = ""
    formerly: tuple[str, ...] = ()
    """Names before a correction, in which earlier texts speak of them."""

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of name, address and phone are still missing for clause 21.1."""
        return tuple(key for key in ("name", "address", "phone") if not getattr(self, key))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that a question may belong to; ``score`` in 0..1, ``reasons`` in words for officers."""

    unit: str
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One of several questions in one mail, numbered from 1, with its own lead unit ("" when unsure)."""

    number: int
    text: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """Where a question should go. ``candidates`` best first; ``supporting`` units help the lead."""

    decision: Decision
    candidates: tuple[Candidate, ...] = ()
    supporting: tuple[str, ...] = ()
    field: str = ""
    items: tuple[Item, ...] = ()
    trace: tuple[str, ...] = ()

    @property
    def lead(self) -> str:
        """The best unit's code, or ""."""
        return self.candidates[0].unit if self.candidates else ""


@dataclass(frozen=True, slots=True)
class Classification:
    """The kind of a mail; ``sure`` is False when a person should look first."""

    kind: Kind
    sure: bool = True
    clause: str = ""
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoldedText:
    """A reply's text, split; nothing is lost: own + signature + quoted contain every line of the mail."""

    own: str
    signature: str = ""
    quoted: str = ""
    apart: str | None = None
    """If anything is quoted: the text above the first quotation or, if there is none, below the last."""

    @property
    def ordered(self) -> str:
        """The text that may give commands: never a line between quotations, which may be a broken-off piece."""
        return self.own if self.apart is None else self.apart


@dataclass(frozen=True, slots=True)
class ItemAnswer:
    """The part of a reply that belongs to one register number (or to "" when it goes by order).

    ``number`` is the position in the question's own order (from 1), 0 when the part names a register number.
    ``file`` is the leaf part with the answer, None for the body; ``document`` is that file's own number.
    """

    question: str
    text: str
    number: int = 0
    verb: Verb = Verb.ANSWER
    unit: str = ""
    until: date | None = None
    file: int | None = None
    document: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply says, expressed as a verb."""

    verb: Verb
    text: str = ""
    questions: tuple[str, ...] = ()
    unit: str = ""
    until: date | None = None
    document: str = ""
    signer: str = ""
    signer_title: str = ""
    parts: tuple[ItemAnswer, ...] = ()
    trace: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Automatic:
    """Signs of automatic mail (RFC 3834, RFC 3464). ``kind`` is AUTO_REPLY, BOUNCE or None; with signs and without a
    kind, only the header says so, and the text may be a person's."""

    kind: Kind | None
    signs: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    """Addresses that could not be reached, according to the bounce."""
    status: str = ""
    """Enhanced status code, such as 5.1.1, or ""."""
    permanent: bool = True
    original_ids: tuple[str, ...] = ()
    """Message-IDs of the mail that came back, best guess first."""
    in_words: bool = False
    """Its subject or text alone call it automatic, not its header."""

    @property
    def only_marked(self) -> bool:
        """True when the header calls it a machine's or a list's mail and nothing else does."""
        return self.kind is None and bool(self.signs)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the city. ``valid_to`` None = still exists; ``successor`` is the code of its successor, or ""."""

    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None = None
    successor: str = ""
    fields: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    basis: str = ""

    def valid_on(self, day: date) -> bool:
        """True when the unit exists on that day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A day passed over while a limit rolled, with the reason in Vietnamese (name of the holiday, weekend)."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class CountedDate:
    """A date with its reason. ``raw`` is the date before rolling off days off; ``due`` ends the day in UTC."""

    on: date
    raw: date
    clause: str
    start: date
    reason: str
    skipped: tuple[SkippedDay, ...] = ()
    provisional: bool = False
    calendar_version: str = ""
    rule: str = ""
    """The id of the profile's rule that asked for this date, or ""."""

    @property
    def rolled(self) -> bool:
        """True when the raw date was a day off."""
        return self.on != self.raw


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who receives a mail; ``role`` is citizen, unit, officer, head, office, leader."""

    email: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class AttachmentRef:
    """An attachment to pass on: the raw mail's row, the leaf part in it, and the name as data. A document that we
    made is identified by the ``sha256`` of its bytes instead."""

    raw_mail: int
    part: int
    name: str
    type: str
    sha256: str = ""
    looks: str = field(default="", compare=False)
    """The type of its content, "" where the mail was not read for it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail for the workflow to send; ``name`` is the template, ``clause`` the norm that requires it.

    ``key`` is the idempotency key: the outbox has one row per key, for ever.
    ``values`` are the template's variables besides ``question``. ``auto`` says whether the mail is
    an automatic one in the sense of RFC 3834 (all of ours are).
    """

    name: str
    recipient: Recipient
    clause: str
    key: str
    values: Mapping[str, object] = field(default_factory=dict)
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[AttachmentRef, ...] = ()
    not_before: datetime | None = None
