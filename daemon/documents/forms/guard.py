"""What a form may be as a file: a small .docx without macros, embedded programs and links that Word follows.

Checked before any library opens it, so a bomb is not unpacked and a hostile part is not read.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from daemon.base.errors import ConfigurationError

MOST_BYTES = 2_000_000
MOST_PARTS = 300
MOST_UNPACKED = 20_000_000
MOST_XML = 2_000_000
"""Bytes of one part of text: some 600 pages."""
MOST_TAGS = 1_000
"""Of ``{{`` and ``{%`` in one part: docxtpl looks behind each of them with patterns."""
MACROS = ("vbaproject", "vbadata", "activex", "embeddings/", "oleobject")
DOCUMENT = "word/document.xml"
_EXTERNAL = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*TargetMode\s*=\s*[\"']External[\"'][^>]*>")
_LINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']")
_FETCHING = re.compile(rb"\b(DDEAUTO|DDE|INCLUDETEXT|INCLUDEPICTURE|IMPORT)\b")
_FIELD = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr\s*=\s*\"([^\"]*)\"")


class FormFault(ConfigurationError):  # noqa: N818 - it names what is wrong, as ``IncompleteDocument`` does
    """A form that cannot be used: one line in Vietnamese that names form, place and remedy."""

    def __init__(self, name: str, place: str, what: str, remedy: str) -> None:
        super().__init__(f"mẫu {name}: {place}: {what}; {remedy}")


def check_file(name: str, data: bytes) -> None:
    """Raises :class:`FormFault` for a file that is no form, is too large, or brings what Word would run or fetch."""
    if len(data) > MOST_BYTES:
        remedy = "xin dùng ảnh nhỏ hơn"
        raise FormFault(name, "tệp", f"lớn hơn {MOST_BYTES // 1_000_000} MB", remedy)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_list(name, archive.infolist())
            for part in archive.infolist():
                _check_part(name, part.filename, archive.read(part))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError):
        raise FormFault(name, "tệp", "không mở được như tệp Word", "xin lưu lại từ Word ở dạng .docx") from None


def _check_list(name: str, parts: list[zipfile.ZipInfo]) -> None:
    names = [one.filename for one in parts]
    if DOCUMENT not in names or len(set(names)) != len(names):
        raise FormFault(name, "tệp", "không phải tệp Word", "xin lưu lại từ Word ở dạng .docx")
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > MOST_UNPACKED:
        raise FormFault(name, "tệp", "bung ra quá lớn", "xin soạn lại trong một tệp mới")
    bad = next((one for one in names if any(each in one.lower() for each in MACROS)), "")
    if bad:
        raise FormFault(name, bad, "có macro hoặc tệp nhúng", "xin lưu lại ở dạng .docx không macro, không nhúng tệp")


def _check_part(name: str, part: str, data: bytes) -> None:
    if not part.lower().endswith((".xml", ".rels")):
        return
    if len(data) > MOST_XML:
        raise FormFault(name, part, "quá dài", "xin soạn lại trong một tệp mới")
    if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
        raise FormFault(name, part, "có khai báo DTD", "xin lưu lại từ Word ở dạng .docx")
    if b"macroEnabled" in data and part == "[Content_Types].xml":
        raise FormFault(name, "tệp", "là tệp có macro", "xin lưu lại ở dạng .docx")
    if part.endswith(".rels") and any(not _LINK.search(one) for one in _EXTERNAL.findall(data)):
        raise FormFault(name, part, "tự tải tệp từ nơi khác", "xin chèn hẳn ảnh, mẫu vào tệp, không để liên kết")
    _check_text(name, part, data)


def _check_text(name: str, part: str, data: bytes) -> None:
    fields = (first or second for first, second in _FIELD.findall(data))
    if any(_FETCHING.search(one) for one in fields):
        raise FormFault(name, part, "có trường tự lấy nội dung từ nơi khác", "xin bỏ trường đó")
    bare = re.sub(rb"<[^<>]*>", b"", data)
    opened = [bare.count(sign) for sign in (b"{{", b"{%", b"{#")]
    if opened != [bare.count(sign) for sign in (b"}}", b"%}", b"#}")]:
        raise FormFault(name, part, "có dấu {{ }} hoặc {% %} không đủ cặp", "xin đóng mỗi dấu đã mở")
    if sum(opened) > MOST_TAGS:
        raise FormFault(name, part, f"có hơn {MOST_TAGS} chỗ điền", "xin dùng vòng lặp {%p for … %}")
