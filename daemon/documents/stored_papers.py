"""Documents between their content and their files.

As JSON, stored
beside the paper, so that an approved paper can be made again with its number. As both files in a folder, each
written completely or not at all. And a mail's text as a letter on paper to an asker who has no mail address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from daemon.base.atomic_files import replace_file
from daemon.documents.forms.own_forms import written
from daemon.documents.inputs import Filing
from daemon.documents.model import Document, Paragraph, Run, Style
from rules.law.session_rules import PaperFile
from rules.text import clean

TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
}


@cache
def _adapter() -> TypeAdapter[tuple[Document, ...]]:
    return TypeAdapter(tuple[Document, ...])


def to_json(documents: Sequence[Document]) -> str:
    """The complete documents as JSON text."""
    return _adapter().dump_json(tuple(documents)).decode()


def from_json(text: str) -> tuple[Document, ...]:
    """The inverse of :func:`to_json`; "" gives none."""
    return _adapter().validate_json(text) if text else ()


def made_files(document: Document) -> dict[str, bytes]:
    """The document's files by their ending: DOCX and PDF; in the city's own form the DOCX alone.

    A PDF in the shipped layout would be a second paper with other words than the own form's. The shipped form has the
    same text as the PDF. Raises ``FormFault``.
    """
    if document.form is None:
        return {".docx": docx_of(document), ".pdf": pdf_of(document)}
    filled = {".docx": written(document, document.form)}
    return filled if document.form.own else filled | {".pdf": pdf_of(document)}


def docx_of(document: Document) -> bytes:
    """The DOCX of a document that has no form."""
    # python-docx and typst cost a third of a second and 30 MB, which a start, or a day without a paper, need not pay.
    from daemon.documents.docx import to_docx  # noqa: PLC0415

    return to_docx(document)


def pdf_of(document: Document) -> bytes:
    """The PDF in the shipped layout."""
    from daemon.documents.pdf import to_pdf  # noqa: PLC0415 - as above

    return to_pdf(document)


def files_of(document: Document, stem: str) -> tuple[PaperFile, ...]:
    """The document as DOCX and PDF; in the city's own form as DOCX."""
    return tuple(
        PaperFile(f"{stem}{ending}", TYPES[ending], hashlib.sha256(data).hexdigest(), data)
        for ending, data in made_files(document).items()
    )


def file_stem(document: Document) -> str:
    """The file's name without ending, only from kind, number and day: ``plan-05-KH-BBT-20261110``, ``plan``."""
    number = "" if document.number is None else f"{document.number:02d}"
    day = document.issued_on.strftime("%Y%m%d") if document.issued_on else ""
    parts = (document.kind, number, document.code if number else "", day)
    return "-".join(part for part in parts if part)


def write(document: Document, folder: Path, stem: str = "") -> tuple[Path, ...]:
    """Write DOCX and PDF, replacing files of the same name; gives their paths. Raises OSError, TemporaryError."""
    name = stem or file_stem(document)
    files = {folder / f"{name}{ending}": data for ending, data in made_files(document).items()}
    folder.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        replace_file(path, data, mode=0o600)
    return tuple(files)


POSTAL_KIND = "thu-bao"


def postal_letter(filing: Filing, subject: str, text: str, name: str, address: str) -> Document:
    """A letter without number and day, which the registry gives; ``text`` is the mail's own, paragraph by paragraph.

    Greeting and signature of the mail are left out: the paper has its own.
    """
    paragraphs = [one.strip() for one in clean(text).split("\n\n") if one.strip()]
    body = [one for one in paragraphs if not one.startswith("Kính gửi ")]
    blocks = tuple(_block(line) for one in body for line in one.split("\n") if line.strip())
    whom = ", ".join(part for part in (name or "Ông/Bà", address) if part)
    return Document(
        kind=POSTAL_KIND,
        letterhead=filing.letterhead,
        code="",
        type_name="",
        subject=subject[:1].lower() + subject[1:],
        blocks=blocks,
        signature=filing.signature,
        addressees=(clean(whom),),
        recipients=("- Như trên;", f"- Lưu: {filing.archive}."),
        year=filing.year,
    )


def _block(line: str) -> Paragraph:
    text = line.strip()
    if text.startswith("- "):
        return Paragraph(Style.ITEM, (Run(text[2:]),))
    style = Style.SUBHEADING if text.isupper() else Style.BODY
    return Paragraph(style, (Run(text),))
