"""The only writing: both files of a document into a folder, each whole or not at all."""

from __future__ import annotations

import tempfile
from pathlib import Path

from daemon.documents.docx import to_docx
from daemon.documents.model import Document
from daemon.documents.pdf import to_pdf


def file_stem(document: Document) -> str:
    """The file's name without ending, from kind, number and day only: ``plan-05-KH-BBT-20261110``, ``plan``."""
    number = "" if document.number is None else f"{document.number:02d}"
    day = document.issued_on.strftime("%Y%m%d") if document.issued_on else ""
    parts = (document.kind, number, document.code if number else "", day)
    return "-".join(part for part in parts if part)


def write(document: Document, folder: Path, stem: str = "") -> tuple[Path, Path]:
    """Writes DOCX and PDF, replacing files of the same name; gives both paths. Raises OSError."""
    name = stem or file_stem(document)
    files = {folder / f"{name}.docx": to_docx(document), folder / f"{name}.pdf": to_pdf(document)}
    folder.mkdir(parents=True, exist_ok=True)
    for path, data in files.items():
        _replace(path, data)
    first, second = files
    return first, second


def _replace(path: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as held:
        held.write(data)
    try:
        Path(held.name).replace(path)
    except OSError:
        Path(held.name).unlink(missing_ok=True)
        raise
