"""MIME bodies as bytes: text parts in quoted-printable, files in base64, boundaries from the mail's own id.

Quoted-printable rather than base64 for text: whoever looks at the raw mail still reads numbers, dates and addresses.
Paragraphs stay whole (soft breaks only) instead of format=flowed: most phone and web clients ignore that
parameter and would show lines broken at 76 columns; a whole paragraph is wrapped right by every one of them.
"""

from __future__ import annotations

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from daemon.letters.headers import CRLF, UnsafeMail, ascii_name, names_in, safe_name
from daemon.letters.views import OutAttachment

TYPE = re.compile(r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,60}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,80}", re.ASCII)
LIVE = re.compile(
    r"(text/(html|xml|javascript|css)|image/svg|message/|multipart/|[^/]*/(xhtml|x?javascript|ecmascript))"
)
UNNAMED_TYPE = "application/octet-stream"

PIECE = re.compile(r"(?:%[0-9A-F]{2}|[^%]){1,20}")
"""As much of an encoded file name as one RFC 2231 parameter takes, so that each line stays under 78."""

FROM_LINE = re.compile(rb"(?m)^From ")


def quoted_printable(text: str) -> bytes:
    """Whole lines, each ended by LF, in quoted-printable; the lines of the result end with CRLF."""
    body = b2a_qp(text.encode("utf-8"), istext=True)
    if b"From " in body:
        # A mailbox in mbox format would turn a line that begins so into a quoted one.
        body = FROM_LINE.sub(b"=46rom ", body)
    return body.replace(b"\n", CRLF)


TEXT_HEAD = b"Content-Type: text/%b; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
PLAIN_HEAD, HTML_HEAD = TEXT_HEAD % b"plain", TEXT_HEAD % b"html"
"""The headers of a multipart's text parts."""


def file_type(declared: str) -> str:
    """The type to send a file under; what a reader might run or open as a mail goes as plain bytes."""
    lowered = declared.strip().lower()
    return UNNAMED_TYPE if LIVE.match(lowered) or not TYPE.fullmatch(lowered) else lowered


def name_parameters(name: str) -> list[str]:
    """Content-Disposition's file name (RFC 2183, RFC 2231 §3, §4): plain when it is ASCII, else in UTF-8."""
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
