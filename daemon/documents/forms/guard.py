"""Checks a form as a file: a small .docx without macros, embedded files and links or fields that Word follows.

Its parts are read as XML, without DTD and network, before a library opens it; the filled form is checked again, since
tags and values may combine into something that the form did not hold. A list of what is known to fetch or run is
refused: that is no proof that Word does nothing else.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from daemon.base.errors import ConfigurationError

MOST_BYTES = 2_000_000
MOST_PARTS = 300
MOST_UNPACKED = 20_000_000
MOST_XML = 2_000_000
"""Bytes of one text part: some 600 pages."""
MOST_TAGS = 1_000
"""Tags (``{{`` and ``{%``) in one part: docxtpl searches after each of them with patterns."""
MACROS = ("vbaproject", "vbadata", "activex", "embeddings/", "oleobject")
EMBEDDED = ("afchunk", "subdocument", "oleobject", "package", "control", "vbaproject", "wordvbadata")
"""Kinds of relationships to content that Word reads or runs without showing it in the text of the form."""
DOCUMENT = "word/document.xml"
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)
"""The exceptions that zipfile raises for damaged data, by compression method."""
_FETCHES = re.compile(r"\W*(?:dde(?:auto)?|import|include(?:text|picture)?|link|embed|database|rd)\b")
_FETCHES_ANYWHERE = re.compile(r"ddeauto|\bdde\b|includetext|includepicture")


class FormFault(ConfigurationError):  # noqa: N818 - it names what is wrong, as ``IncompleteDocument`` does
    """A form that cannot be used: one line in Vietnamese that names form, place and remedy."""

    def __init__(self, name: str, place: str, what: str, remedy: str) -> None:
        super().__init__(f"mẫu {name}: {place}: {what}; {remedy}")


def check_file(name: str, data: bytes) -> None:
    """Raises :class:`FormFault` for a file that is no form, is too large, or holds what Word would run or fetch."""
    if len(data) > MOST_BYTES:
        remedy = "xin dùng ảnh nhỏ hơn"
        raise FormFault(name, "tệp", f"lớn hơn {MOST_BYTES // 1_000_000} MB", remedy)
    for part, root in _parts(name, data, MOST_XML):
        _check_tags(name, part, root)


def check_filled(name: str, data: bytes) -> None:
    """The same for a form that is filled in; its parts may be longer. Raises :class:`FormFault`."""
    for _ in _parts(name, data, MOST_UNPACKED):
        pass


def _parts(name: str, data: bytes, most: int) -> Iterator[tuple[str, Any]]:
    """The name and root of each XML part, checked."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_list(name, archive.infolist())
            for part in archive.infolist():
                held = archive.read(part)
                if _is_xml(part.filename, held):
                    root = _root(name, part.filename, held, most)
                    _check_part(name, part.filename, root)
                    yield part.filename, root
    except UNREADABLE:
        raise FormFault(name, "tệp", "không mở được như tệp Word", "xin lưu lại từ Word ở dạng .docx") from None


def _check_list(name: str, parts: list[zipfile.ZipInfo]) -> None:
    names = [one.filename.lower() for one in parts]
    if DOCUMENT not in names or len(set(names)) != len(names):
        raise FormFault(name, "tệp", "không phải tệp Word", "xin lưu lại từ Word ở dạng .docx")
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise FormFault(name, "tệp", "bung ra quá lớn", "xin soạn lại trong một tệp mới")
    bad = next((one for one in names if any(each in one for each in MACROS)), "")
    if bad:
        raise FormFault(name, bad, "có macro hoặc tệp nhúng", "xin lưu lại ở dạng .docx không macro, không nhúng tệp")


def _is_xml(part: str, data: bytes) -> bool:
    """Decide by name or beginning: Word goes by the list of types, in which a document may have any name."""
    begins = data[:16].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return part.lower().endswith((".xml", ".rels")) or begins.startswith(b"<")


def _root(name: str, part: str, data: bytes, most: int) -> Any:
    """The part as a tree."""
    if len(data) > most:
        raise FormFault(name, part, "quá dài", "xin soạn lại trong một tệp mới")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise FormFault(name, part, "có khai báo DTD", "xin lưu lại từ Word ở dạng .docx")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        data.decode()
        root = etree.fromstring(data, parser)
    except (UnicodeDecodeError, etree.XMLSyntaxError):
        raise FormFault(name, part, "không đọc được", "xin lưu lại từ Word ở dạng .docx") from None
    said = root.getroottree().docinfo
    if b"\0" in data or (said.encoding or "UTF-8").upper() not in {"UTF-8", "ASCII", "US-ASCII"} or said.doctype:
        raise FormFault(name, part, "không viết bằng UTF-8", "xin lưu lại từ Word ở dạng .docx")
    return root


def _check_part(name: str, part: str, root: Any) -> None:
    kinds = (one.get("ContentType", "").lower() for one in root.iter("{*}Override", "{*}Default"))
    if any("macroenabled" in one for one in kinds):
        raise FormFault(name, "tệp", "là tệp có macro", "xin lưu lại ở dạng .docx")
    for one in root.iter("{*}Relationship"):
        _check_relationship(name, part, one)
    if next(root.iter("{*}altChunk", "{*}subDoc"), None) is not None:
        raise FormFault(name, part, "chèn một tệp khác vào", "xin chép hẳn nội dung của tệp đó vào mẫu")
    if any(one.get("src") for one in root.iter("{*}imagedata", "{*}fill", "{*}stroke")):
        raise FormFault(name, part, "tự tải tệp từ nơi khác", "xin chèn hẳn ảnh vào tệp, không để liên kết")
    pieces = list(_instructions(root))
    if any(map(_FETCHES.match, pieces)) or _FETCHES_ANYWHERE.search("".join(pieces)):
        raise FormFault(name, part, "có trường tự lấy nội dung từ nơi khác", "xin bỏ trường đó")


def _check_relationship(name: str, part: str, one: Any) -> None:
    kind = one.get("Type", "").strip().rpartition("/")[2].lower()
    if kind in EMBEDDED:
        raise FormFault(name, part, "có macro hoặc tệp nhúng", "xin chép hẳn nội dung vào mẫu, không nhúng tệp")
    away = one.get("TargetMode", "").strip().lower() == "external" or "://" in one.get("Target", "")
    if away and kind != "hyperlink":
        raise FormFault(name, part, "tự tải tệp từ nơi khác", "xin chèn hẳn ảnh, mẫu vào tệp, không để liên kết")


def _instructions(root: Any) -> Iterator[str]:
    """The instructions of Word's fields in lower case, each joined over its runs, in the order of the part."""
    piece = ""
    for one in root.iter("{*}p", "{*}fldChar", "{*}fldSimple", "{*}instrText", "{*}delInstrText"):
        if etree.QName(one).localname in {"instrText", "delInstrText"}:
            piece += "".join(one.itertext()).lower()
            continue
        yield piece
        piece = ""
        yield from (value.lower() for key, value in one.items() if etree.QName(key).localname == "instr")
    yield piece


def _check_tags(name: str, part: str, root: Any) -> None:
    """Check what docxtpl will find in the part: tags in texts, joined where Word split them, and in attributes."""
    values = (value for one in root.iter("*") for value in one.values())
    bare = "\n".join(("".join(root.itertext()), *values))
    opened = [bare.count(sign) for sign in ("{{", "{%", "{#")]
    if opened != [bare.count(sign) for sign in ("}}", "%}", "#}")]:
        raise FormFault(name, part, "có dấu {{ }} hoặc {% %} không đủ cặp", "xin đóng mỗi dấu đã mở")
    if sum(opened) > MOST_TAGS:
        raise FormFault(name, part, f"có hơn {MOST_TAGS} chỗ điền", "xin dùng vòng lặp {%p for … %}")
