"""The templates of documents, loaded once, and the document that a template makes from its values.

This is the last clean-up: every text of a document passes here, wherever it came from.

The result is NFC text without control, bidi and invisible characters and without lone surrogates, so it is
well-formed XML 1.0 and the same in both files. Writers print it as literal text: no fields, no formulas, no markup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date
from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.base.errors import ConfigurationError
from daemon.documents import markup
from daemon.documents.inputs import Filing
from daemon.documents.markup import Parts, distinct, load_marks, printed, read
from daemon.documents.model import Block, Document, Signature
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
