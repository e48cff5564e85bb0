"""Documents kept beside the paper that they make, so that an approved one can be made again with its number."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache

from pydantic import TypeAdapter

from daemon.documents.docx import to_docx
from daemon.documents.model import Document
from daemon.documents.pdf import to_pdf
from rules.session import PaperFile

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@cache
def _adapter() -> TypeAdapter[tuple[Document, ...]]:
    return TypeAdapter(tuple[Document, ...])


def to_json(documents: Sequence[Document]) -> str:
    """The documents whole, as text."""
    return _adapter().dump_json(tuple(documents)).decode()


def from_json(text: str) -> tuple[Document, ...]:
    """The inverse of :func:`to_json`; "" gives none."""
    return _adapter().validate_json(text) if text else ()


def files_of(document: Document, stem: str) -> tuple[PaperFile, PaperFile]:
    """The document as DOCX and PDF."""
    made = ((".docx", DOCX, to_docx(document)), (".pdf", "application/pdf", to_pdf(document)))
    first, second = (
        PaperFile(f"{stem}{ending}", form, hashlib.sha256(data).hexdigest(), data) for ending, form, data in made
    )
    return first, second
