"""The whole mail opened by mail-parser, unless the text in it would cost that too much time.

mail-parser decodes every part that is no file and brings the text to NFC, however long it is. So the parts are looked
at first, in the tree that the standard library made of them.
"""

from __future__ import annotations

from email.errors import HeaderParseError
from email.feedparser import BytesFeedParser
from email.header import decode_header
from itertools import chain
from typing import Any

import mailparser

from daemon.parsing.guard import RefusedError
from daemon.parsing.repairs import Part, decoded_payload, raw_payload, with_whole_header, without_faults
from rules.text import has_endless_marks

MOST_TEXT_BYTES = 16_000_000
"""Of the text parts of a mail together. A letter has thousands, one whose HTML holds its pictures has millions."""
_SHORT_FIELD, _SHORT_TEXT = 8_000, 20_000
_FILES = frozenset({"application", "audio", "image", "video"})
_CHUNK = 65_536


def opened(raw: bytes) -> tuple[Any, Part]:
    """mail-parser's reading of a whole mail, and the mail's parts. Raises what it raises where the repair fails too.

    Raises RefusedError for text that is too long, or costs too much. Four faults make mail-parser 4.8 stop: a missing
    boundary or epilogue behind a lost first part, a NUL in a character set, and bad base64 in an encoded word. It is
    then given the same mail without them.
    """
    whole = with_whole_header(raw)
    message = _as_message(whole)
    _refuse_costly_text(message)
    try:
        return mailparser.MailParser(message), message
    except Exception:
        return mailparser.MailParser(without_faults(_as_message(whole))), message


def _as_message(raw: bytes) -> Part:
    """What :func:`email.message_from_bytes` gives; that one copies the whole mail, at four bytes a letter."""
    parser = BytesFeedParser()
    for start in range(0, len(raw), _CHUNK):
        parser.feed(raw[start : start + _CHUNK])
    return parser.close()


def _refuse_costly_text(message: Part) -> None:
    """Raises RefusedError for megabytes of text, and for marks piled on one letter.

    To bring such a pile to NFC takes quadratic time (CWE-407), and no person writes so.
    """
    texts = [part for part in message.walk() if not part.is_multipart() and not _is_file(part)]
    read = [part for part in texts if part.get_content_maintype() not in _FILES and not _is_attached(part)]
    if sum(len(raw_payload(part)) for part in read) > MOST_TEXT_BYTES:
        raise RefusedError(f"more text than {MOST_TEXT_BYTES} bytes")
    fields = (_field_as_decoded(str(value)) for _, value in message.raw_items() if len(str(value)) > _SHORT_FIELD)
    if any(map(has_endless_marks, chain(fields, map(_part_as_decoded, texts)))):
        raise RefusedError("text with endless combining marks")


def _is_file(part: Part) -> bool:
    return part.get_content_maintype() in _FILES and "name" in str(part.items())


def _is_attached(part: Part) -> bool:
    """True for a part of any type that mail-parser takes for a file. A name in encoded words may come to nothing."""
    disposition = part.get_content_disposition()
    if disposition in ("attachment", "inline"):
        return disposition == "attachment"
    try:
        name = part.get_filename("").strip()
    except (ValueError, LookupError, TypeError):
        return False
    return bool(name) and "=?" not in name


def _field_as_decoded(value: str) -> str:
    """A long header value as mail-parser decodes it; "" where it cannot."""
    try:
        pieces = decode_header(value)
    except HeaderParseError:
        return ""
    return "".join(piece if isinstance(piece, str) else _text(piece, charset) for piece, charset in pieces)


def _part_as_decoded(part: Part) -> str:
    """The text of a part as mail-parser decodes it; "" for one too short to cost time."""
    data = decoded_payload(part)
    try:
        return _text(data, part.get_content_charset()) if len(data) > _SHORT_TEXT else ""
    except ValueError:  # a NUL in the name of the character set
        return _text(data, None)


def _text(data: bytes, charset: str | None) -> str:
    try:
        return data.decode(charset or "utf-8", "replace")
    except (LookupError, UnicodeError, ValueError):
        return data.decode("utf-8", "replace")
