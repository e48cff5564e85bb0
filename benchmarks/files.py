"""Files attached to letters: a PDF of 200 KB and a small DOCX with text in them. The same seed, the same bytes."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape

from fpdf import FPDF
from PIL import Image

FONT = Path("/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf")
MADE = datetime(2026, 10, 1, tzinfo=UTC)
FIRST_ZIP_DAY = (1980, 1, 1, 0, 0, 0)
SIDE = 230
"""Pixels of a picture of noise: 160 KB that cannot be compressed."""

TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
BODY = (
    '<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/'
    '2006/main"><w:body>{}</w:body></w:document>'
)
PARAGRAPH = '<w:p><w:r><w:t xml:space="preserve">{}</w:t></w:r></w:p>'


def pdf(sentences: Sequence[str], seed: int) -> bytes:
    """Two pages of text and a picture, as an office's scanner and word processor make them."""
    paper = FPDF()
    paper.set_creation_date(MADE)
    paper.add_font("serif", fname=FONT)
    paper.set_font("serif", size=13)
    for _ in range(2):
        paper.add_page()
        paper.multi_cell(0, 7, " ".join(sentences))
    noise = random.Random(seed).randbytes(SIDE * SIDE * 3)
    paper.image(Image.frombytes("RGB", (SIDE, SIDE), noise), w=60)
    return bytes(paper.output())


def docx(sentences: Sequence[str]) -> bytes:
    """A letter in a word processor's format."""
    parts = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": RELATIONS,
        "word/document.xml": BODY.format("".join(PARAGRAPH.format(escape(one)) for one in sentences)),
    }
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(zipfile.ZipInfo(name, FIRST_ZIP_DAY), text.encode())
    return held.getvalue()
