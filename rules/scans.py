"""Questions that stand only in a picture or a scanned PDF: nobody but a person can read them."""

from __future__ import annotations

from rules.model import Attachment, Classification, Kind, ParsedMail

FEW_WORDS = 6
"""A body of fewer words asks nothing by itself."""
DECORATION = 30_000
"""Bytes below which a picture shown inline is a logo or a smiley."""
SHOWN_BYTES = 10_000_000
"""What of scans is attached to one mail to an officer."""
READ_BY_MACHINE = "text read by OCR from: "
"""Begins the note among a mail's defects that says which files a program has read."""
_PDF = "application/pdf"


def is_scan(one: Attachment) -> bool:
    """True for a picture that is no decoration, and for a PDF without text."""
    if one.text:
        return False
    if one.type == _PDF or one.name.lower().endswith(".pdf"):
        return one.size > 0
    return one.type.startswith("image/") and one.size > 0 and (not one.inline or one.size >= DECORATION)


def scans(mail: ParsedMail) -> tuple[Attachment, ...]:
    """The pictures and scanned PDFs of a mail; none where another attachment could be read."""
    if any(one.text.strip() for one in mail.attachments):
        return ()
    return tuple(one for one in mail.attachments if is_scan(one))


def shown_scans(mail: ParsedMail) -> tuple[Attachment, ...]:
    """The scans that an officer is sent, as many as one mail holds."""
    shown: list[Attachment] = []
    for one in scans(mail):
        if sum(other.size for other in shown) + one.size <= SHOWN_BYTES:
            shown.append(one)
    return tuple(shown)


def machine_read(mail: ParsedMail) -> bool:
    """True when some of the text was read out of a picture by a program."""
    return any(defect.startswith(READ_BY_MACHINE) for defect in mail.defects)


def with_scan(found: Classification, mail: ParsedMail, said: str, points: bool) -> Classification:
    """What a mail is when its question may stand in a scan: registered, and a person reads it (8.2).

    ``said`` is the body without who asks; ``points``: it speaks of a file. Complaints, denunciations and spam
    stay what they are.
    """
    names = ", ".join(one.name or one.type for one in scans(mail))
    unsaid = len(said.split()) < FEW_WORDS or (points and not found.sure)
    if found.kind in {Kind.NOT_A_QUESTION, Kind.QUESTION} and names and unsaid:
        trace = f"Thư hầu như không có chữ; nội dung có thể nằm trong ảnh hoặc bản quét: {names}. Cần người xem."
        return Classification(Kind.QUESTION, False, found.clause, (*found.trace, trace))
    if machine_read(mail) and found.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE, Kind.NOT_A_QUESTION, Kind.SPAM}:
        kind = Kind.QUESTION if found.kind in {Kind.NOT_A_QUESTION, Kind.SPAM} else found.kind
        doubt = "Chữ do máy nhận dạng từ ảnh (OCR), có thể sai: cần người xem."
        return Classification(kind, False, found.clause, (*found.trace, doubt))
    return found
