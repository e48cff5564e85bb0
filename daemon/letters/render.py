"""From template and values to subject, plain text and HTML.

Templates come from disk only and run in a sandbox; a value is only ever printed.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from daemon.base.errors import ConfigurationError
from daemon.letters import filters, markup
from daemon.letters.mailto_links import acts
from daemon.letters.mime import UnsafeMail, one_line
from daemon.letters.views import DEFAULTS, NOTICES, Draft, LetterHead

TEXT, LAYOUT, SIGNATURE, CITATION = ".txt.j2", "layout.html.j2", "signature.txt.j2", "citation.txt.j2"
MEND = "mend your copy, or take it away so that the text that ships counts"


class Templates:
    """The templates that ship, overridden by files of the same name in the operator's folder, marks loaded."""

    def __init__(self, over: Path | None = None) -> None:
        """Raises :class:`ConfigurationError` naming the file that cannot be used."""
        own = _own(over)
        self.own = frozenset(own)
        self.sources = {name: _source(file) for name, file in (shipped_templates() | own).items()}


def shipped_templates() -> dict[str, Path]:
    """The templates that ship, by file name."""
    return {file.name: file for file in sorted(Path(str(files("mail_templates"))).glob("*.j2"))}


def _own(over: Path | None) -> dict[str, Path]:
    return {file.name: file for file in sorted(over.glob("*.j2"))} if over is not None else {}


def unread_templates(over: Path | None) -> tuple[str, ...]:
    """The operator's templates that nothing uses: no mail has their name; included parts begin with "_"."""
    known = shipped_templates()
    return tuple(name for name in _own(over) if name not in known and not name.startswith("_"))


def _source(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8")
        return markup.load_marks(text) if file.name.endswith(TEXT) else text
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"template {file.name}: {error}") from None


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's words: the subject, the plain text and the HTML document, both with LF line ends."""

    subject: str
    plain: str
    html: str


def environment(templates: Templates, letter_head: LetterHead) -> ImmutableSandboxedEnvironment:
    """A sandboxed environment: unknown names are errors, every printed value is cleaned and escaped."""
    env = ImmutableSandboxedEnvironment(
        loader=DictLoader(templates.sources),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=markup.printed,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    env.filters |= {
        "vn_date": filters.vn_date,
        "vn_datetime": filters.vn_datetime,
        "short_date": filters.short_date,
        "clause_name": filters.clause_name_of(letter_head.regulation),
        "clause_short": filters.clause_by(letter_head.clauses),
        "cited": filters.cited_by(letter_head.cited),
        "law": letter_head.laws.__getitem__,
        "due": filters.due_by(letter_head.cited),
        "missing_words": filters.missing,
        "titled": filters.titled,
        "unit_name": filters.unit_name,
        "unit_names": filters.unit_names,
        "person": filters.person,
        "quote": markup.quoted,
        "block": markup.block,
        "web": filters.web,
        "mail_link": filters.mail_link,
        "act": filters.command_link,
        "say": filters.command_words,
    }
    env.globals["house"] = letter_head
    return env


class Renderer:
    """Templates compiled once. Raises :class:`ConfigurationError` at once when one is missing or wrong.

    Where an operator has templates of his own, all are compiled at the start, otherwise each with its first mail:
    those that ship are tested, and compiling them all takes half a second.
    """

    def __init__(self, templates: Templates, letter_head: LetterHead) -> None:
        self._letter_head = letter_head
        self._env = env = environment(templates, letter_head)
        try:
            if templates.own:
                for part in templates.sources:
                    if part.startswith("_"):  # a fault in it is then reported under its own name
                        env.get_template(part)
                for name in NOTICES:
                    env.get_template(name + TEXT)
            self._layout = env.get_template(LAYOUT)
            self._signature = markup.blocks(env.get_template(SIGNATURE).render())
            self._citation = markup.blocks(env.get_template(CITATION).render())
        except TemplateNotFound as error:
            raise ConfigurationError(f"template {error.name}: missing") from None
        except TemplateError as error:
            place = f" line {error.lineno}:" if isinstance(error, TemplateSyntaxError) else ""
            told = f"template {getattr(error, 'name', '?')}:{place} {str(error).rstrip('.')}; {MEND}"
            raise ConfigurationError(told) from None

    def render(self, draft: Draft) -> Rendered:
        """Subject and both texts. Raises :class:`UnsafeMail` when a value is missing or of the wrong shape."""
        try:
            subject, body = self._written(draft)
            text = markup.blocks(body) + self._signature + self._cited(body)
            page = self._layout.render(title=subject, body=Markup("\n").join(block.html() for block in text))
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise UnsafeMail(f"notice {draft.notice.name}: {error}") from None
        return Rendered(subject, _plain(text), page.rstrip())

    def words(self, draft: Draft) -> tuple[str, str]:
        """Subject and plain text without the mail's signature, to read out or to print. Raises as above."""
        try:
            subject, body = self._written(draft)
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise UnsafeMail(f"notice {draft.notice.name}: {error}") from None
        return subject, _plain(markup.blocks(body) + self._cited(body))

    def _written(self, draft: Draft) -> tuple[str, str]:
        """The subject, and the body as the template renders it."""
        name = draft.notice.name
        if name not in NOTICES:
            raise UnsafeMail(f"no template for the notice {name!r}")
        head, _, body = self._env.get_template(name + TEXT).render(self._variables(draft)).partition("\n")
        if not head.startswith("Subject: "):
            raise UnsafeMail(f"template {name}: the first line is not a subject")
        return one_line(html.unescape(head.removeprefix("Subject: "))), body

    def _cited(self, body: str) -> list[markup.Block]:
        return self._citation if "Quy chế" in body else []

    def _variables(self, draft: Draft) -> dict[str, Any]:
        notice, question = draft.notice, draft.question
        return {
            **DEFAULTS,
            "question": question,
            "recipient": notice.recipient,
            "norm": notice.clause,
            "now": draft.now,
            "today": filters.city_day(draft.now),
            "files": [file.name for file in draft.attachments],
            "you": filters.you(question),
            "greeting": filters.greeting(question),
            **notice.values,
            "commands": acts(draft, self._letter_head),
            "unit": notice.values.get("unit") or notice.recipient.name,
            "by_mail": "@" in notice.recipient.email,
        }


def _plain(text: list[markup.Block]) -> str:
    return "\n\n".join(block.plain() for block in text) + "\n"
