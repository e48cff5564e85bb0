"""A mail as bytes: header fields that cannot carry a second field, and MIME bodies.

The standard library's message classes are not used for header fields: they decode the value of a doubly encoded
Subject again when it is set, which then writes header lines of its own (CVE-2024-6923). Here a value becomes either
plain ASCII without any control character or base64 words, and nothing in it is ever decoded. Names of attached files
are data that comes from mails, and are cleaned before they leave again.

Text is quoted-printable rather than base64, so that a reader of the raw mail still sees numbers, dates and addresses.
Boundaries are made from the mail's own id. Paragraphs stay whole (soft breaks only) instead of format=flowed: most
phone and web clients ignore that parameter and would show lines broken at 76 columns, while every one of them wraps a
whole paragraph well.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_base64, b2a_qp
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from daemon.base.errors import PoisonError
from daemon.letters.views import OutAttachment
from rules.text import clean_line, strip_marks

CRLF = b"\r\n"
CITY_OFFSET = timedelta(hours=7)
"""Asia/Ho_Chi_Minh has had no other offset since 1975; Date says +0700."""

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

LONGEST_SUBJECT = 200
"""Characters; a longer subject is cut at a word and ends with an ellipsis."""

ATOM_TEXT = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~,.()\[\]:;@-]+", re.ASCII)
LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
DOMAIN = re.compile(
    r"([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?", re.ASCII
)
ODD = re.compile(r"[^\x00-\x7e]")
MESSAGE_ID = re.compile(r"[!-;=?-~]{1,250}", re.ASCII)
FIELD_NAME = re.compile(rb"[A-Za-z][A-Za-z0-9-]*")
LONGEST_LINE = 998
FOLDED = rb":[^\r\n]*\r\n(?:[ \t][^\r\n]*\r\n)*"
"""The rest of a field after its name, to the end of its last line."""


class UnsafeMail(PoisonError):  # noqa: N818 - the name says what is refused
    """A mail that must not leave: an address that cannot be written, or bytes that are not what was meant."""


def one_line(value: str, longest: int = LONGEST_SUBJECT) -> str:
    """A value for a header: one clean line that nobody takes for an encoded word (RFC 2047 §2), cut at a word."""
    text = clean_line(value).replace("=?", "= ?")
    if len(text) <= longest:
        return text
    cut = text[:longest]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:-") + "…"


def _words(text: str, first: int) -> Iterable[bytes]:
    """Encoded words on lines of at most 76 characters (RFC 2047 §2); the first word has room for ``first`` bytes.

    A word ends after a space where one is near: Python and others show a gap between two words in a display name.
    """
    data, room = text.encode("utf-8"), first
    while len(data) > room:
        end = data.rfind(b" ", room // 3, room) + 1 or room
        while data[end] & 0xC0 == 0x80:  # inside a character
            end -= 1
        yield b"=?utf-8?B?" + b2a_base64(data[:end], newline=False) + b"?="
        data, room = data[end:], 45
    yield b"=?utf-8?B?" + b2a_base64(data, newline=False) + b"?="


def unstructured(name: bytes, value: str) -> bytes:
    """One field with free text (RFC 5322 §2.2.1); its ASCII beginning stays readable."""
    text = one_line(value)
    if text.isascii() and len(text) + len(name) < 76:
        return name + b": " + text.encode("ascii") + CRLF
    odd = ODD.search(text)
    cut = text.rfind(" ", 0, odd.start()) + 1 if odd else 0
    plain = text[:cut].encode("ascii") if cut + len(name) < 40 else b""
    rest = text[len(plain) :]
    room = (76 - len(name) - 2 - len(plain) - 12) // 4 * 3
    return name + b": " + plain + b"\r\n ".join(_words(rest, max(room, 12))) + CRLF


def phrase(value: str, taken: int = 0) -> bytes:
    """A display name: a quoted string or encoded words (RFC 5322 §3.2.5, RFC 2047 §5 rule 3), b"" for no name."""
    # A name stays in one encoded word where it fits: some readers show a gap between two words of a phrase.
    text = one_line(value, 100)
    if not text:
        return b""
    if ATOM_TEXT.fullmatch(text) and len(text) < 60:
        return b'"' + text.encode("ascii") + b'"'
    return b"\r\n ".join(_words(text, (76 - 12 - taken) // 4 * 3))


def ascii_address(address: str, whose: str = "the recipient's") -> str:
    """An address that any server takes: ASCII local part, domain in its ASCII form (RFC 5890).

    Raises :class:`UnsafeMail` for anything else: a local part outside ASCII needs SMTPUTF8 all the way.
    """
    local, at, domain = address.rpartition("@")
    try:
        written = _ascii_domain(domain)
    except UnicodeError:
        raise UnsafeMail(f"{whose} domain cannot be written in ASCII (RFC 5890)") from None
    if not (at and written and len(local) <= 64 and LOCAL_PART.fullmatch(local)):
        raise UnsafeMail(f"{whose} address is not a plain one of at most 64@253 characters (RFC 5321 §4.5.3.1)")
    return f"{local}@{written}"


def _ascii_domain(domain: str) -> str:
    """A domain in its ASCII form, "" for a value that is no domain. Raises UnicodeError where it has no such form."""
    written = domain if domain.isascii() else domain.encode("idna").decode("ascii")
    return written if len(written) <= 253 and DOMAIN.fullmatch(written) else ""


def mailbox(name: bytes, display: str, address: str) -> bytes:
    """A field with one mailbox; ``address`` has passed :func:`ascii_address`."""
    shown = phrase(display, len(name) + 2) if display else b""
    angle = b"<" + address.encode("ascii") + b">"
    if not shown:
        return name + b": " + address.encode("ascii") + CRLF
    gap = b" " if len(name) + len(shown) + len(angle) < 72 else b"\r\n "
    return name + b": " + shown + gap + angle + CRLF


def message_ids(name: bytes, ids: Iterable[str]) -> bytes:
    """In-Reply-To or References, one id a line; ids that could break the field are left out; b"" for none."""
    good = [b"<" + one.encode("ascii") + b">" for one in ids if MESSAGE_ID.fullmatch(one)]
    return name + b": " + b"\r\n ".join(good) + CRLF if good else b""


def date(now: datetime) -> bytes:
    """The Date field in the city's time (RFC 5322 §3.3)."""
    local = now.astimezone(UTC) + CITY_OFFSET
    day = f"{DAYS[local.weekday()]}, {local.day:02d} {MONTHS[local.month - 1]} {local.year}"
    return f"Date: {day} {local.hour:02d}:{local.minute:02d}:{local.second:02d} +0700\r\n".encode("ascii")


def names_in(block: bytes) -> tuple[bytes, ...]:
    """The field names of a header block as any reader sees them; a line that is no field counts as ``b"?"``."""
    # The added point keeps an empty last line, which splitlines() would drop.
    parts = [line.partition(b":") for line in (block + b".").splitlines() if line[:1] not in (b" ", b"\t")]
    return tuple([name if colon and FIELD_NAME.fullmatch(name) else b"?" for name, colon, _ in parts])


def check(raw: bytes, expected: tuple[bytes, ...]) -> None:
    """Compare the bytes about to leave with what was meant; raises :class:`UnsafeMail` at the first difference.

    Exactly the expected fields in their order, 7-bit, no NUL, no bare CR or LF (RFC 5321 §2.3.8), no line over
    998 characters (RFC 5322 §2.1.1).
    """
    if not _header_of(expected).match(raw):
        raise UnsafeMail("the header fields of the mail are not the ones that were written")
    lines = raw.split(CRLF)
    ends = len(lines) - 1
    if not raw.isascii() or b"\0" in raw or raw.count(b"\r") != ends or raw.count(b"\n") != ends:
        raise UnsafeMail("the mail holds a byte that may not travel")
    if max(map(len, lines)) > LONGEST_LINE:
        raise UnsafeMail("the mail has a line over 998 characters")


def _header_of(names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    """A pattern for a header of exactly these fields, each with its folded lines, and the header's end."""
    return re.compile(b"".join([re.escape(name) + FOLDED for name in names]) + CRLF)


LONGEST_NAME = 100
"""Characters without the file ending; a longer name is cut before it."""

FORBIDDEN = re.compile(r'[\\/:*?"<>|;=%\'`$&{}\[\]~#^]+')
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9]|clock\$)(\.|$)", re.IGNORECASE)
ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def safe_name(name: str, number: int = 1) -> str:
    """A file name with its Vietnamese letters and nothing that a file system, a shell or a header would obey.

    Folders are cut off; device names of Windows get an underscore; a name of which nothing is left becomes
    ``tep-dinh-kem-N``.
    """
    last = re.split(r"[\\/]", clean_line(name))[-1]
    text = re.sub(r"\s+", " ", FORBIDDEN.sub("_", last)).strip(" ._-")
    ending = ENDING.search(text)
    stem, suffix = (text[: ending.start()], ending.group()) if ending else (text, "")
    stem = stem[:LONGEST_NAME].rstrip(" .")
    if not stem.strip("_ ."):
        return f"tep-dinh-kem-{number}{suffix}"
    return f"_{stem}{suffix}" if RESERVED.match(stem + suffix) else stem + suffix


def ascii_name(name: str) -> str:
    """The same name for old readers: without tone marks, an underscore for everything else outside ASCII."""
    bare = strip_marks(name).replace("đ", "d").replace("Đ", "D")
    return re.sub(r"[^A-Za-z0-9 ._()+,-]+", "_", bare)


TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,60}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,80}", re.ASCII)
LIVE = re.compile(
    r"(text/(html|xml|javascript|css)|image/svg|message/|multipart/|[^/]*/(xhtml|x?javascript|ecmascript))"
)
UNNAMED_TYPE = "application/octet-stream"

PIECE = re.compile(r"(?:%[0-9A-F]{2}|[^%]){1,20}")
"""As much of an encoded file name as one RFC 2231 parameter takes, so that each line stays under 78 characters."""

FROM_LINE = re.compile(rb"(?m)^From ")


def quoted_printable(text: str) -> bytes:
    """Whole lines, each ended by LF, in quoted-printable; the lines of the result end with CRLF."""
    body = b2a_qp(text.encode("utf-8"), istext=True)
    if b"From " in body:
        # A mailbox in mbox format would turn a line with this beginning into a quoted one.
        body = FROM_LINE.sub(b"=46rom ", body)
    return body.replace(b"\n", CRLF)


TEXT_HEAD = b"Content-Type: text/%b; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
PLAIN_HEAD, HTML_HEAD = TEXT_HEAD % b"plain", TEXT_HEAD % b"html"
"""The headers of a multipart's text parts."""


def file_type(declared: str) -> str:
    """The type to send a file under; a type that a reader might run or open as a mail becomes plain bytes."""
    lowered = declared.strip().lower()
    return UNNAMED_TYPE if LIVE.match(lowered) or not TYPE.fullmatch(lowered) else lowered


def name_parameters(name: str) -> list[str]:
    """Content-Disposition's file name (RFC 2183, RFC 2231 §3, §4): plain when it is ASCII, otherwise in UTF-8."""
    if name.isascii():
        return [f'filename="{name}"']
    encoded = quote(name, safe="")
    pieces = PIECE.findall(encoded)
    if len(pieces) == 1:
        return [f"filename*=utf-8''{encoded}"]
    return [
        f"filename*{at}*={'' if at else chr(39).join(('utf-8', '', ''))}{piece}" for at, piece in enumerate(pieces)
    ]


def file_head(file: OutAttachment, number: int) -> bytes:
    """The header of an attached file's part. Content-Type's ``name`` is ASCII for readers without RFC 2231.

    Raises :class:`UnsafeMail` if a name could write a header.
    """
    name = safe_name(file.name, number)
    kind = "".join(f"{part};\r\n " for part in (file_type(file.type), file.parameters) if part)
    head = (
        f'Content-Type: {kind}name="{ascii_name(name)}"\r\n'
        "Content-Transfer-Encoding: base64\r\n"
        "Content-Disposition: attachment;\r\n " + ";\r\n ".join(name_parameters(name))
    ).encode("ascii")
    if names_in(head) != (b"Content-Type", b"Content-Transfer-Encoding", b"Content-Disposition"):
        raise UnsafeMail("an attachment's name would change the mail")
    return head + CRLF


def opening(subtype: str, boundary: str) -> bytes:
    """The Content-Type field of a multipart, with its CRLF."""
    return f'Content-Type: multipart/{subtype};\r\n boundary="{boundary}"\r\n'.encode("ascii")


def multipart(boundary: str, parts: Iterable[bytes]) -> bytes:
    """The body of a multipart; no encoded line can begin with ``--=_`` (RFC 2045 §6.7)."""
    mark = b"--" + boundary.encode("ascii")
    return b"".join(mark + CRLF + part + CRLF for part in parts) + mark + b"--" + CRLF


def bodies(plain: str, html: str, files: Sequence[OutAttachment], outbox_id: str) -> tuple[bytes, bytes]:
    """Content-Type field and body of the whole mail: plain and HTML as alternatives, then the files.

    Both texts are whole lines, each ended by LF.
    """
    inner, outer = f"=_{outbox_id}_a", f"=_{outbox_id}_m"
    texts = multipart(inner, (PLAIN_HEAD + quoted_printable(plain), HTML_HEAD + quoted_printable(html)))
    if not files:
        return opening("alternative", inner), texts
    attached = [
        file_head(file, number) + encodebytes(file.data).rstrip().replace(b"\n", CRLF)
        for number, file in enumerate(files, 1)
    ]
    return opening("mixed", outer), multipart(outer, (opening("alternative", inner) + CRLF + texts, *attached))
