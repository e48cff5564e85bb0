"""A form filled in with the values of a paper, and the words of the result: what an approval binds to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import Any

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate

from daemon.documents.docx import same_bytes
from daemon.documents.forms.guard import FormFault, check_file, check_filled
from daemon.documents.forms.language import FormLanguage

MOST_FILLED = 8_000_000
"""Bytes of a filled form: a mail must carry it."""
PLACES = {
    RELATIONSHIP_TYPE.HEADER: 0,
    RELATIONSHIP_TYPE.FOOTER: 2,
    RELATIONSHIP_TYPE.FOOTNOTES: 3,
    RELATIONSHIP_TYPE.ENDNOTES: 4,
}
"""Where the words of a part stand among the others; the body has place 1."""


def fill(name: str, data: bytes, values: Mapping[str, Any]) -> bytes:
    """The form as DOCX with these values; the same bytes for the same values. Raises :class:`FormFault`.

    A value is text, however it looks: its ``<``, ``&`` and ``{{`` stay signs, a line end is a break in the line.
    """
    check_file(name, data)
    language = FormLanguage(name, values)
    held = BytesIO()
    try:
        template = DocxTemplate(BytesIO(data))
        template.render(dict(values), language, autoescape=True)
        template.save(held)
    except FormFault:
        raise
    except Exception as error:  # docxtpl and python-docx raise whatever a broken file leads them to
        raise language.fault_of(error) from None
    filled = held.getvalue()
    if len(filled) > MOST_FILLED:
        raise FormFault(name, "tệp", "điền xong thì quá lớn", "xin bớt ảnh hoặc bớt vòng lặp")
    check_filled(name, filled)
    return same_bytes(filled)


def text_of(data: bytes) -> str:
    """Every word of a filled form in reading order, a line a paragraph: headers, body with tables, footers, notes."""
    file = docx.Document(BytesIO(data))
    related = file.part.rels.values()
    others = [(PLACES[one.reltype], one.target_part) for one in related if one.reltype in PLACES]
    parts = [(1, file.element.body), *((place, _root(part)) for place, part in others)]
    lines = [line for _, root in sorted(parts, key=lambda one: one[0]) for line in _lines(root)]
    return "\n".join(line for line in lines if line.strip())


def _root(part: Any) -> Any:
    return part.element if hasattr(part, "element") else parse_xml(part.blob)


def _lines(root: Any) -> Iterator[str]:
    line = ""
    for element in root.iter():
        if element.tag == qn("w:p"):
            yield line
            line = ""
        elif element.tag == qn("w:t"):
            line += element.text or ""
        elif element.tag in {qn("w:br"), qn("w:tab")}:
            line += " "
    yield line
