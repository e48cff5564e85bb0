"""The program that reads files in a process of its own: ``python -I file_reader.py MEGABYTES``, job after job.

A PDF, a DOCX, an XLSX, a TNEF or a signed mail can make a reader burn time and memory without end; the operating
system's limits hold where a library's own do not. A job comes on the standard input as one line of JSON (``kind``,
``size`` of the file in bytes, ``seconds`` of CPU, and ``pages`` and ``chars``, or ``anchors`` for signatures),
followed by the file. Answers go to the standard output as JSON, one object a line: ``{"text": "…"}`` for each page as
soon as it is read (for a DOCX or an XLSX once), one with the body and ``"files": [["name", "base64"], …]`` of a TNEF,
``{"inside": "base64"}`` of a signed mail, or the ``"signatures"`` of a PDF; then ``{"done": true, "cpu": seconds}``,
with ``done`` false for a file that could not be read to its end. A job that uses up its CPU time or its memory ends
the process.
"""

from __future__ import annotations

import base64
import json
import logging
import math
import os
import resource
import sys
import time
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta, timezone
from io import BytesIO
from pathlib import Path
from typing import Any, TextIO, TypeAlias

Job: TypeAlias = "dict[str, Any]"

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARAGRAPH, _RUN, _TEXT, _ROW, _CELL = f"{_W}p", f"{_W}r", f"{_W}t", f"{_W}tr", f"{_W}tc"
_SIGNS = {f"{_W}tab": "\t", f"{_W}ptab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_LEFT_OUT = frozenset(
    ["{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"]
    + [
        f"{_W}{name}"
        for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "tblPr", "tblGrid", "trPr", "tcPr", "sectPr")
    ]
)
"""Deleted words (ECMA-376 17.13.5), properties, and the second form of a text box."""
_FIELD, _EMPTY = f"{_W}sdt", f"{_W}sdtPr/{_W}showingPlcHdr"
_STYLE, _STRUCK = f"{_W}rPr", (f"{_W}strike", f"{_W}dstrike")
_DOCUMENT_BYTES = 6_000_000
"""Limit for the text of a .docx as XML, some 2,000 pages; no more than this is unpacked."""
_DOCUMENT_TAGS = 400_000
"""Limit for its tags; each costs some 130 bytes of memory while the text is read."""


def read_pdf(data: bytes, job: Job) -> Iterator[Job]:
    """The text of the first pages, one by one, at most ``chars`` characters. Raises PdfiumError.

    PDFium ends lines with CR LF, and writes U+FFFE for a hyphen at the end of one.
    """
    from pypdfium2 import PdfDocument  # noqa: PLC0415 - a process that reads no PDF does not pay for it

    chars = job["chars"]
    with PdfDocument(data) as document:
        for number in range(min(len(document), job["pages"])):
            with closing(document[number]) as page, closing(page.get_textpage()) as found:
                text = found.get_text_range(0, min(chars, found.count_chars()))
            text = text.replace("\r\n", "\n").replace("\ufffe", "-")
            yield {"text": text}
            chars -= len(text)
            if chars <= 0:
                return


def read_docx(data: bytes, job: Job) -> Iterator[Job]:
    """The paragraphs and table rows of a .docx in order, with words inserted and those of form fields, but
    without what is deleted, crossed out, or asked for in an empty field; at most ``chars`` characters.

    No part but the text is read: any other part may be a bomb, and may call itself XML whatever its name.
    """
    from docx.oxml import parse_xml  # noqa: PLC0415 - as above

    with zipfile.ZipFile(BytesIO(data)) as archive, archive.open("word/document.xml") as part:
        xml = part.read(_DOCUMENT_BYTES + 1)
    if len(xml) > _DOCUMENT_BYTES or xml.count(b"<") > _DOCUMENT_TAGS:
        return
    lines: list[str] = []
    left = job["chars"]
    for block in parse_xml(xml).body:
        new = _lines([block])
        lines += new
        left -= sum(map(len, new))
        if left <= 0:
            break
    yield {"text": "\n".join(lines)}


def _lines(parts: Iterable[Any]) -> list[str]:
    """The paragraphs and table rows in these elements of a document, however they are wrapped."""
    lines: list[str] = []
    for part in parts:
        if part.tag == _PARAGRAPH:
            boxes: list[str] = []
            lines += ["".join(_words_in(part, boxes)), *boxes]
        elif part.tag == _ROW:
            lines.append("  ".join(_cells(part)))
        elif not _is_left_out(part):
            lines += _lines(part)
    return lines


def _cells(row: Any) -> list[str]:
    """The texts of a row's cells, each on one line."""
    cells: list[str] = []
    for part in row:
        if part.tag == _CELL:
            cells.append(" ".join(_lines(part)).replace("\n", " "))
        elif not _is_left_out(part):
            cells += _cells(part)
    return cells


def _words_in(element: Any, boxes: list[str]) -> list[str]:
    """The pieces of a paragraph's text; the lines of text boxes in it are put into ``boxes``."""
    pieces: list[str] = []
    for part in element:
        if part.tag == _TEXT:
            pieces.append(part.text or "")
        elif part.tag in _SIGNS:
            pieces.append(_SIGNS[part.tag])
        elif part.tag == _PARAGRAPH:
            boxes += _lines([part])
        elif not _is_left_out(part):
            pieces += _words_in(part, boxes)
    return pieces


def _is_left_out(part: Any) -> bool:
    """True for what is not said in the document as it stands."""
    if part.tag == _RUN:
        style = part[0] if len(part) and part[0].tag == _STYLE else ()
        return any(one.tag in _STRUCK and one.get(f"{_W}val") not in ("0", "false", "off") for one in style)
    return part.tag in _LEFT_OUT or (part.tag == _FIELD and part.find(_EMPTY) is not None)


def read_xlsx(data: bytes, job: Job) -> Iterator[Job]:
    """The rows of a workbook's sheets in order, each a line, hidden ones too; at most ``chars`` characters. Of
    formulas the last result is read. Raises whatever openpyxl raises."""
    from openpyxl import load_workbook  # noqa: PLC0415 - as above

    lines: list[str] = []
    left = job["chars"]
    for sheet in load_workbook(BytesIO(data), read_only=True, data_only=True).worksheets:
        sheet.reset_dimensions()  # what a file says of its own size may be wrong, or a million rows
        for row in sheet.iter_rows(values_only=True):
            line = "  ".join(" ".join(_cell(value).split()) for value in row if value is not None)
            lines += [line] if line else []
            left -= len(line)
            if left <= 0:
                break
    yield {"text": "\n".join(lines)[: job["chars"]]}


def _cell(value: object) -> str:
    """What a cell says: days as people write them, and the hour where the cell has one."""
    if isinstance(value, datetime):
        return format(value, "%H:%M %d/%m/%Y" if value.hour or value.minute else "%d/%m/%Y")
    return str(value)


def _value(owner: object, name: str) -> Any:
    try:
        found = getattr(owner, name)
        return found() if callable(found) else found
    except Exception:
        return None


def _words(value: Any) -> str:
    """The text, with bytes decoded as latin-1; the caller does the proper decoding."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value or "")


def read_tnef(data: bytes, job: Job) -> Iterator[Job]:
    """The body, as text or HTML, and the files of a TNEF (winmail.dat). Raises whatever tnefparse raises."""
    from tnefparse import TNEF  # noqa: PLC0415 - as above

    packed = TNEF(data, do_checksum=False)
    files = [
        [_words(_value(item, "long_filename") or _value(item, "name")), base64.b64encode(item.data).decode("ascii")]
        for item in packed.attachments
        if isinstance(item.data, bytes)
    ]
    body, html = _value(packed, "body"), _value(packed, "htmlbody")
    kept = {"text": body} if body else {"html": html}
    yield {"files": files} | {
        key: {"bytes" if isinstance(value, bytes) else "str": _words(value)[: job["chars"]]}
        for key, value in kept.items()
        if value
    }


def read_signed(data: bytes, job: Job) -> Iterator[Job]:  # noqa: ARG001 - of such a file there is one answer
    """What an opaque signature wraps (SignedData, RFC 5652 §5.1), in base64. Raises whatever asn1crypto raises, and
    ImportError where the extra ``signatures`` is not installed."""
    from asn1crypto.cms import ContentInfo  # noqa: PLC0415 - as above

    inside = ContentInfo.load(data)["content"]["encap_content_info"]["content"].native
    yield {"inside": base64.b64encode(inside).decode("ascii")}


MOST_SIGNATURES = 10
ENDINGS = {".pem", ".crt", ".cer", ".der"}


def read_signatures(data: bytes, job: Job) -> Iterator[Job]:
    """Of each signature of a PDF file: who signed, when by the signer's own clock or a time stamp, whether the file
    is unchanged since, and whether the certificate leads to one of the anchors (files in the folder ``anchors``, ""
    for none). Raises whatever pyHanko raises, and ImportError where the extra ``signatures`` is not installed."""
    from pyhanko.keys import load_cert_from_pemder  # noqa: PLC0415 - as above
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    whole = {SignatureCoverageLevel.ENTIRE_FILE, SignatureCoverageLevel.ENTIRE_REVISION}
    folder = sorted(Path(job["anchors"]).iterdir()) if job["anchors"] else []
    roots = [load_cert_from_pemder(str(path)) for path in folder if path.suffix in ENDINGS]  # type: ignore[no-untyped-call]
    found = []
    for signature in PdfFileReader(BytesIO(data), strict=False).embedded_regular_signatures[:MOST_SIGNATURES]:
        context = ValidationContext(trust_roots=roots, allow_fetching=False)
        status = validate_pdf_signature(signature, context)
        name = signature.signer_cert.subject.native if signature.signer_cert is not None else {}
        moment = status.signer_reported_dt
        found.append(
            {
                "signer": str(name.get("common_name", "")),
                "at": moment.isoformat() if moment is not None else "",
                "intact": bool(status.intact and status.valid),
                "trusted": bool(status.trusted),
                "whole": status.coverage in whole,
            }
        )
    yield {"signatures": found}


CITY = timezone(timedelta(hours=7))
"""Asia/Ho_Chi_Minh is UTC+7 all year."""


def read_calendar(data: bytes, job: Job) -> Iterator[Job]:
    """What, when and where of the meetings in an iCalendar file (RFC 5545 §3.6.1), at most ``chars`` characters.
    Raises whatever icalendar raises."""
    from icalendar import Calendar  # noqa: PLC0415 - as above

    lines: list[str] = []
    for event in Calendar.from_ical(data).walk("VEVENT"):
        begins = event.decoded("dtstart")
        if isinstance(begins, datetime):
            begins = begins.astimezone(CITY) if begins.tzinfo else begins
        when = format(begins, "%H:%M ngày %d/%m/%Y" if isinstance(begins, datetime) else "ngày %d/%m/%Y")
        where = str(event.get("location", ""))
        lines += [str(event.get("summary", "")), f"Thời gian: {when}", *([f"Địa điểm: {where}"] if where else [])]
    yield {"text": "\n".join(lines)[: job["chars"]]}


READERS: dict[str, Callable[[bytes, Job], Iterator[Job]]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "xlsx": read_xlsx,
    "tnef": read_tnef,
    "signed": read_signed,
    "signatures": read_signatures,
    "calendar": read_calendar,
}


def _limit_time(seconds: float) -> None:
    """Limit CPU time to so many seconds from now, and up to one more; the kernel counts the whole process's time."""
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds), hard))


def _do(job: Job, answers: TextIO) -> None:
    """Do one job. Raises MemoryError; a file that cannot be read gives an answer too."""
    data = sys.stdin.buffer.read(job["size"])
    _limit_time(job["seconds"])
    begun, is_whole = time.process_time(), True
    try:
        for found in READERS[job["kind"]](data, job):
            print(json.dumps(found), file=answers, flush=True)
    except MemoryError:
        raise
    except Exception:
        is_whole = False
    print(json.dumps({"done": is_whole, "cpu": time.process_time() - begun}), file=answers, flush=True)


def main(megabytes: int) -> int:
    """Set the limits, then do jobs until the standard input ends. A library's own prints do not reach the output."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="ascii")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    while line := sys.stdin.buffer.readline():
        _do(json.loads(line), answers)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
