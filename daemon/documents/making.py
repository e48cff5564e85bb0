"""Documents from their templates, and the files made of them.

Templates are loaded once. Every text of a document passes through here, wherever it came from, and is cleaned last:
the result is NFC text without control, bidi and invisible characters and without lone surrogates, so it is
well-formed XML 1.0 and the same in both files. Writers print it as literal text: no fields, no formulas, no markup.

A document is stored beside its paper as JSON, so that an approved paper can be made again with its number. Both files
are written completely or not at all. A mail's text becomes a letter on paper to an asker who has no mail address.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment
from pydantic import TypeAdapter

from daemon.base.atomic_files import replace_file
from daemon.base.errors import ConfigurationError
from daemon.documents import markup
from daemon.documents.forms.own_forms import written
from daemon.documents.inputs import Filing
from daemon.documents.markup import Parts, distinct, load_marks, printed, read
from daemon.documents.model import Block, Document, Paragraph, Run, Signature, Style
from rules.law.session_rules import PaperFile
from rules.text import clean

T = TypeVar("T")


def cleaned(value: T) -> T:
    """The same value with every text in it cleaned, through tuples and dataclasses; ``\\n`` stays."""
    return _cleaned(value)  # type: ignore[no-any-return]


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return value if isinstance(value, Enum) else clean(value)
    if isinstance(value, tuple):
        return tuple(_cleaned(one) for one in value)
    if value is None or isinstance(value, int | float | date) or not is_dataclass(value):
        return value
    return replace(value, **{one.name: _cleaned(getattr(value, one.name)) for one in fields(value)})  # type: ignore[type-var]


FOLDER = "documents"
FILTERS: dict[str, Callable[..., str]] = {
    "day": markup.day,
    "weekday": markup.weekday,
    "long_day": markup.long_day,
    "clock": markup.clock,
    "moment": markup.moment,
    "clause": markup.clause,
    "percent": markup.percent,
    "count": markup.count,
    "roman": markup.roman,
    "lower_first": markup.lower_first,
}


class Texts:
    """The texts that ship, overridden by files of the same name in the operator's folder."""

    def __init__(self, over: Path | None = None) -> None:
        """Raises :class:`ConfigurationError` naming the file that cannot be used."""
        shipped_folder = Path(str(files("mail_templates"))) / FOLDER
        sources = {
            file.name: _source(file)
            for folder in (shipped_folder, over)
            if folder
            for file in sorted(folder.glob("*.j2"))
        }
        self._environment = _environment(sources)

    def document(
        self,
        kind: str,
        filing: Filing,
        values: Mapping[str, object],
        made: Mapping[str, tuple[Block, ...]] | None = None,
    ) -> Document:
        """The document that template ``kind`` makes of the values; ``made`` are the blocks it places by ``@ name``.

        Raises :class:`ConfigurationError` naming the template when it is missing or wrong.
        """
        try:
            rendered = self._environment.get_template(f"{kind}.j2").render(f=filing, **values)
            parts = read(rendered, made or {})
            return _document(kind, filing, parts)
        except TemplateNotFound as error:
            raise ConfigurationError(f"document template {error.name}: missing") from None
        except (TemplateError, ValueError, TypeError, AttributeError) as error:
            raise ConfigurationError(f"document template {kind}.j2: {error}") from None


@cache
def shipped() -> Texts:
    """The texts that ship, without any of the operator's."""
    return Texts()


def _source(file: Path) -> str:
    try:
        return load_marks(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"document template {file.name}: {error}") from None


def _environment(sources: dict[str, str]) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=DictLoader(sources),
        autoescape=False,
        undefined=StrictUndefined,
        finalize=printed,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters |= FILTERS
    return environment


def _document(kind: str, filing: Filing, parts: Parts) -> Document:
    return cleaned(
        Document(
            kind=kind,
            letterhead=filing.letterhead,
            code=parts.one("code"),
            type_name=parts.one("type"),
            subject=parts.one("subject"),
            blocks=tuple(parts.blocks),
            signature=Signature(filing.signature.lines, filing.signature.name),
            addressees=tuple(parts.heads.get("to", ())),
            recipients=distinct(parts.heads.get("copy", [])),
            annexes=parts.made_annexes(),
            year=filing.year,
            number=filing.number,
            issued_on=filing.issued_on,
        )
    )


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
    made = {folder / f"{name}{ending}": data for ending, data in made_files(document).items()}
    folder.mkdir(parents=True, exist_ok=True)
    for path, data in made.items():
        replace_file(path, data, mode=0o600)
    return tuple(made)


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
