"""Which attached files are not passed on automatically, by name and by the type of their content.

The rules are data (``attachments.toml``); a file in ``rules.folder`` replaces them.

Also what a mail says of its files: questions that are only in a picture or a scanned PDF, which a person must read,
and files that it speaks of and that are not there (``wishes.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from rules.message.quote_markers import DEFAULT
from rules.text import squash, strip_marks
from rules.text.patterns import one_of_words
from rules.values.data_file import SOURCES_KEPT, DataFileError, Source
from rules.values.model import Attachment, AttachmentRef, Classification, Kind, ParsedMail

_ENDING = re.compile(r"\.([a-z0-9-]{1,20})$")
TNEF, SIGNED_MAIL, ENCRYPTED_MAIL = "tnef", "signed-mail", "encrypted-mail"
"""The content types of mails wrapped as a whole: by Outlook, S/MIME (RFC 8551 §3.2) and OpenPGP."""
OPENPGP = frozenset({"application/pgp-signature", "application/pgp-keys"})
"""The types of a signature beside a mail's text, and of its writer's key (RFC 3156 §5 and §7)."""
CALENDAR = "text/calendar"
"""The type of an invitation (RFC 6047 §2.4)."""
DOUBLE = "hai đuôi tệp"
DISGUISED = "nội dung không đúng với đuôi tên tệp"
INFECTED = "phần mềm quét phát hiện mã độc"
NOT_SCANNED = "chưa quét được mã độc"
"""Texts about the virus scanner's result, or its absence, at the beginning or the end of a reason."""


@dataclass(frozen=True, slots=True)
class FileRules:
    """Reasons by ending and by type of content, and the types that each ending may have."""

    by_ending: Mapping[str, str]
    by_look: Mapping[str, str]
    expected: Mapping[str, tuple[str, ...]]
    letters: tuple[str, ...]
    """Words without marks, by which a subject or a file's name says that it is a letter."""
    recorded: frozenset[str] = frozenset()
    """Endings of what was spoken or filmed."""

    def fault(self, file: Attachment | AttachmentRef) -> str:
        """Why this file is held, in Vietnamese; "" for one that may be passed on."""
        before, ending = _endings(file.name)
        reason = self.by_ending.get(ending) or self.by_look.get(file.looks, "")
        if not reason and ending in self.expected and file.looks and file.looks not in self.expected[ending]:
            reason = DISGUISED
        return f"{reason} ({DOUBLE})" if reason and before in self.expected else reason


def _endings(name: str) -> tuple[str, str]:
    """The ending and the one before it, in lower case; blanks and dots after the name do not hide them."""
    bare = name.lower().rstrip(". \u00a0")
    last = _ENDING.search(bare)
    if last is None:
        return "", ""
    before = _ENDING.search(bare[: last.start()].rstrip(". \u00a0"))
    return (before[1] if before else ""), last[1]


@lru_cache(maxsize=SOURCES_KEPT)
def load_file_rules(source: Source) -> FileRules:
    """The rules of ``attachments.toml``. Raises :class:`rules.values.data_file.DataFileError`."""
    data = source.toml("attachments.toml")
    by_ending: dict[str, str] = {}
    by_look: dict[str, str] = {}
    for group in data["forbidden"]:
        by_ending |= dict.fromkeys(map(str.lower, group["endings"]), group["reason"])
        by_look |= dict.fromkeys(group["looks"], group["reason"])
    expected = {ending: tuple(looks) for ending, looks in data["expected"].items()}
    for ending in (*by_ending, *expected):
        if not _ENDING.fullmatch(f".{ending}"):
            raise DataFileError(f"attachments.toml: {ending!r} is no ending: small letters without a dot (exe, docx)")
    letter = data.get("letter", {})
    names, recorded = tuple(letter.get("names", ())), frozenset(letter.get("recorded", ()))
    return FileRules(by_ending, by_look, expected, names, recorded)


def sent_files(mail: ParsedMail) -> tuple[Attachment, ...]:
    """The attached files with content: an empty file does not count, nor does what only wraps the mail."""
    return tuple(file for file in mail.attachments if not file.inline and file.size and not is_wrapping(file))


def digests(mail: ParsedMail) -> tuple[str, ...]:
    """Those of the bytes of these files, in a fixed order."""
    return tuple(sorted(file.sha256 for file in sent_files(mail)))


def is_wrapping(file: Attachment) -> bool:
    """True for what wraps a mail's own text and files, or only signs them: winmail.dat, an encrypted mail, a mail
    signed as a whole, a separate signature, the writer's key. A signed document ("12.pdf.p7m") is a file."""
    if file.looks == SIGNED_MAIL:
        return _endings(file.name)[0] == ""
    return file.looks in {TNEF, ENCRYPTED_MAIL} or file.type in OPENPGP


def unread_wrapping(mail: ParsedMail) -> str:
    """The kind of wrapping of a mail of which no word and no file could be read; "" if there is none, and for a
    separate signature."""
    if sent_files(mail):
        return ""
    wraps = (
        file for file in mail.attachments if is_wrapping(file) and file.type not in OPENPGP and not file.text.strip()
    )
    return next(
        (file.looks for file in wraps if "signature" not in file.type and _endings(file.name)[1] != "p7s"), ""
    )


def empty_files(mail: ParsedMail) -> str:
    """The names of empty attached documents, "" for none; mail servers add empty text parts."""
    empty = (file for file in mail.attachments if not file.inline and not file.size)
    return ", ".join(file.name or file.type for file in empty if not file.type.startswith(("text/", "message/")))


def points_to_file(text: str, source: Source = DEFAULT) -> bool:
    """True when a text mentions an attached file."""
    return any(map(text.lower().__contains__, _file_words(source)))


@lru_cache(maxsize=SOURCES_KEPT)
def _file_words(source: Source) -> tuple[str, ...]:
    return tuple(source.toml("wishes.toml")["files"]["mentions"])


class LostFiles(StrEnum):
    """In what way a file is missing that a letter mentions or brings."""

    MISSING = "missing"
    EMPTY = "empty"
    NO = ""


def lost_files(mail: ParsedMail, text: str, source: Source = DEFAULT) -> LostFiles:
    """Whether a letter says that it brings a file or pictures and brings none, or brings an empty one."""
    if empty_files(mail):
        return LostFiles.EMPTY
    says, never = _announced(source)
    said = "" if mail.attachments else squash(text)
    return LostFiles.MISSING if says.search(said) and not never.search(said) else LostFiles.NO


@lru_cache(maxsize=SOURCES_KEPT)
def _announced(source: Source) -> tuple[re.Pattern[str], re.Pattern[str]]:
    words = source.toml("wishes.toml")["files"]
    brings, things = _either(words["brings"]), _either(words["things"])
    says = rf"(?<!\w)(?:{brings} (?:\S+ ){{0,3}}?{things}|{things} (?:\S+ ){{0,2}}?{_either(words['beside'])})(?!\w)"
    return re.compile(says), re.compile(rf"(?<!\w){_either(words['never'])}(?!\w)")


def _either(phrases: Iterable[str]) -> str:
    return one_of_words(map(squash, phrases))


FEW_WORDS = 6
"""A body with fewer words asks nothing by itself."""
DECORATION = 30_000
"""A picture shown inline with fewer bytes is a logo or a smiley."""
SHOWN_BYTES = 10_000_000
"""One mail to an officer carries at most this many bytes of scans."""
READ_BY_MACHINE = "text read by OCR from: "
"""Begins the note among a mail's defects that names the files read by OCR."""
_PDF = "application/pdf"
_ZIP = "zip"
_DOCUMENTS = frozenset({"ole", _ZIP, "rtf", "pdf"})
"""What the bytes of such a document look like; of any archive too, which only its name's ending tells apart."""
_NAME_WORD = re.compile(r"[^\W_]+")


def is_picture(kind: str, looks: str) -> bool:
    """True for a picture by its declared type or, where that says nothing, by its content."""
    return kind.startswith("image/") or (kind == "application/octet-stream" and looks == "image")


def is_file(file: Attachment) -> bool:
    """True for a file of the mail, which is checked and may be passed on: all but an empty one and what decorates the
    text. A photograph that contains the question is one, even if the mail program showed it in the text."""
    return file.size > 0 and (not file.inline or (is_picture(file.type, file.looks) and file.size >= DECORATION))


def is_scan(file: Attachment) -> bool:
    """True for a picture that is no decoration, and for a PDF without text."""
    is_pdf = file.type == _PDF or file.name.lower().endswith(".pdf")
    return not file.text and (is_pdf or file.type.startswith("image/")) and is_file(file)


def scans(mail: ParsedMail) -> tuple[Attachment, ...]:
    """The pictures and scanned PDFs of a mail; none if another attachment could be read."""
    if any(file.text.strip() for file in mail.attachments):
        return ()
    return tuple(file for file in mail.attachments if is_scan(file))


def shown_scans(mail: ParsedMail) -> tuple[Attachment, ...]:
    """The scans that an officer is sent, as many as one mail can carry."""
    shown: list[Attachment] = []
    for file in (*scans(mail), *_read_scans(mail)):
        if sum(other.size for other in shown) + file.size <= SHOWN_BYTES:
            shown.append(file)
    return tuple(shown)


def machine_read(mail: ParsedMail) -> bool:
    """True when a program read some of the text from a picture."""
    return any(defect.startswith(READ_BY_MACHINE) for defect in mail.defects)


def _read_scans(mail: ParsedMail) -> tuple[Attachment, ...]:
    """The scans from which a program read words."""
    note = next((one.removeprefix(READ_BY_MACHINE) for one in mail.defects if one.startswith(READ_BY_MACHINE)), "")
    return tuple(file for file in mail.attachments if file.text and f", {file.name or file.type}, " in f", {note}, ")


def without_machine_text(mail: ParsedMail) -> ParsedMail:
    """The mail without text that a program read from pictures: it may be misread and is no act and no answer."""
    read = _read_scans(mail)
    if not read:
        return mail
    return replace(
        mail, attachments=tuple(replace(file, text="") if file in read else file for file in mail.attachments)
    )


def _unread(mail: ParsedMail, rules: FileRules) -> tuple[Attachment, ...]:
    """Attached documents of which nothing could be read, as of an old Word; none if another file could be read."""
    if any(file.text.strip() for file in mail.attachments):
        return ()
    files = (file for file in sent_files(mail) if file.looks in _DOCUMENTS and not is_scan(file))
    return tuple(
        file for file in files if file.looks != _ZIP or _ZIP in rules.expected.get(_endings(file.name)[1], ())
    )


def _unread_names(mail: ParsedMail, source: Source) -> str:
    rules = load_file_rules(source)
    files = (*scans(mail), *_unread(mail, rules), *_recordings(mail, rules))
    return ", ".join(file.name or file.type for file in files)


def _recordings(mail: ParsedMail, rules: FileRules) -> tuple[Attachment, ...]:
    """What was spoken or filmed in place of a letter."""
    kinds = ("audio/", "video/")
    files = (file for file in sent_files(mail) if not file.text.strip())
    return tuple(file for file in files if file.type.startswith(kinds) or _endings(file.name)[1] in rules.recorded)


def letter_in_file(mail: ParsedMail, text: str, source: Source) -> str:
    """If a letter has hardly any words, the names of the unreadable files that probably contain it; "" for any other
    letter. ``text`` is the body without the requester's data."""
    few = len(text.split()) < FEW_WORDS
    return _unread_names(mail, source) if few or points_to_file(text, source) else ""


def _names_letter(mail: ParsedMail, rules: FileRules) -> bool:
    """True when the subject, or a file's name, says that it is a letter ("Đơn kiến nghị", "don-de-nghi.doc")."""
    named = (mail.subject, *(file.name for file in sent_files(mail)))
    said = (f" {' '.join(_NAME_WORD.findall(strip_marks(squash(one))))} " for one in named)
    return any(f" {letter} " in one for one in said for letter in rules.letters)


def with_scan(
    classified: Classification, mail: ParsedMail, text: str, source: Source, *, untold: bool = False
) -> Classification:
    """The kind of a mail whose question may be in a scan, or in a document that cannot be read: registered, and a
    person reads it (8.2).

    ``text`` is the body without the requester's data; ``untold``: the subject says nothing of any matter. Complaints,
    denunciations and spam stay what they are, but for what was taken for spam by words that only point to the file,
    where subject or file are named as a letter. Nor are a few unsure words enough for a matter outside the city.
    """
    rules, names = load_file_rules(source), _unread_names(mail, source)
    few = len(text.split()) < FEW_WORDS
    unsaid = few or (not classified.sure and points_to_file(text, source))
    mere = classified.kind is Kind.SPAM and untold and few and _names_letter(mail, rules)
    guessed = not classified.sure and (mere or classified.kind is Kind.OUT_OF_SCOPE)
    if (classified.kind in {Kind.NOT_A_QUESTION, Kind.QUESTION} or guessed) and names and unsaid:
        trace = f"Thư hầu như không có chữ; nội dung có thể nằm trong tệp kèm theo: {names}. Cần người xem."
        return Classification(Kind.QUESTION, False, classified.clause, (*classified.trace, trace))
    if machine_read(mail) and classified.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE, Kind.NOT_A_QUESTION, Kind.SPAM}:
        kind = Kind.QUESTION if classified.kind in {Kind.NOT_A_QUESTION, Kind.SPAM} else classified.kind
        doubt = "Chữ do máy nhận dạng từ ảnh (OCR), có thể sai: cần người xem."
        return Classification(kind, False, classified.clause, (*classified.trace, doubt))
    return classified
