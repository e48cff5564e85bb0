"""From template and values to subject, plain text and HTML.

Templates come from disk only and run in a sandbox; a value is only ever printed.
"""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, StrictUndefined, Template, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.base.errors import ConfigurationError
from daemon.letters import filters
from daemon.letters import filters as markup
from daemon.letters.headers import CRLF, UnsafeMail, one_line
from daemon.letters.holes import Own
from daemon.letters.mailto_links import acts, address_to
from daemon.letters.paragraphs import NOBODYS, Page, paragraphs
from daemon.letters.views import DEFAULTS, NOTICES, Draft, House, ItemView, QuestionView
from rules.values.model import Recipient

TEXT, LAYOUT, SIGNATURE, CITATION = ".txt.j2", "layout.html.j2", "signature.txt.j2", "citation.txt.j2"


class Templates:
    """The templates that ship, and over them files of the same name in the operator's folder, marks loaded."""

    def __init__(self, over: Path | None = None) -> None:
        """Raises :class:`ConfigurationError` naming the file that cannot be used."""
        shipped = Path(str(files("mail_templates")))
        self.sources: dict[str, str] = {}
        for folder in (shipped, over):
            for file in sorted(folder.glob("*.j2")) if folder else ():
                self.sources[file.name] = _source(file)


def _source(file: Path) -> str:
    try:
        text = file.read_text(encoding="utf-8")
        return markup.load_marks(text) if file.name.endswith(TEXT) else text
    except (OSError, ValueError) as error:
        raise ConfigurationError(f"template {file.name}: {error}") from None


@dataclass(frozen=True, slots=True)
class Rendered:
    """One mail's words: the subject, and both texts in quoted-printable with CRLF line ends."""

    subject: str
    plain_part: bytes
    html_part: bytes

    @property
    def plain(self) -> str:
        """The plain text with LF line ends, as a reader gets it."""
        return _read(self.plain_part)

    @property
    def html(self) -> str:
        """The HTML document with LF line ends."""
        return _read(self.html_part)


def _read(encoded: bytes) -> str:
    return a2b_qp(encoded).decode("utf-8").replace("\r\n", "\n")


def shown_house(house: House) -> House:
    """The house with its one-line texts cleaned once instead of each time they are printed."""
    ready = {one.name: markup.Own(markup.printed(getattr(house, one.name))) for one in fields(house)}
    return replace(house, **(ready | {"where_to_complain": house.where_to_complain}))


OWN = {kind: frozenset(one.name for one in fields(kind)) for kind in (House, QuestionView, ItemView, Recipient)}
"""Values of ours that templates read, frozen and made of plain data."""


class Sandbox(ImmutableSandboxedEnvironment):
    """The sandbox asks seven questions about every attribute; none about a field of our own frozen values."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """``obj.attribute`` as a template writes it."""
        if attribute in OWN.get(type(obj), ()):
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of a template, which go into each rendering, as one dictionary."""
        return {**self.globals, **(d or {})}


INCLUDED = re.compile(r'(?m)^\{% include "(_[^"]+)" %\}\n')
ALONE = re.compile(r"\{%[-+]?\s*(?:set|macro|import|from|include|extends|block)\b")
"""What makes a difference when a template stands within another instead of being included."""


def put_together(sources: Mapping[str, str]) -> dict[str, str]:
    """The templates with their parts in place: a part that is included while rendering has its context made anew."""

    def part(found: re.Match[str]) -> str:
        source = sources.get(found[1], "")
        return source if source.endswith("\n") and not ALONE.search(source) else found[0]

    return {name: INCLUDED.sub(part, source) for name, source in sources.items()}


def environment(templates: Templates, house: House) -> Sandbox:
    """A sandboxed environment: unknown names are errors, every printed value is cleaned."""
    env = Sandbox(
        loader=DictLoader(put_together(templates.sources)),
        autoescape=False,
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
        "clause_name": filters.clause_name_of(house.regulation),
        "clause_short": filters.clause_short,
        "due": filters.due,
        "missing_words": filters.missing,
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
    env.globals |= {"house": shown_house(house)}
    return env


def html_environment(templates: Templates) -> ImmutableSandboxedEnvironment:
    """The layout's environment: it prints a clean title, escaped, and the text that :mod:`markup` has made HTML."""
    loader = DictLoader(templates.sources)
    return ImmutableSandboxedEnvironment(loader=loader, autoescape=True, undefined=StrictUndefined, auto_reload=False)


def _rendered(template: Template, variables: dict[str, Any]) -> str:
    """As ``template.render`` does it, with globals among the variables: that copies all of them twice."""
    return "".join(template.root_render_func(template.new_context(variables, shared=True)))


class Renderer:
    """Templates compiled once. Raises :class:`ConfigurationError` at once when one is missing or wrong."""

    def __init__(self, templates: Templates, house: House) -> None:
        self._house = house
        env = environment(templates, house)
        self._known = {**env.globals, **DEFAULTS}
        try:
            for part in templates.sources:
                if part.startswith("_"):  # so that a fault in it is told of itself, not of where it is put
                    env.get_template(part)
            self._notices = {name: env.get_template(name + TEXT) for name in NOTICES}
            self._page = Page(html_environment(templates), LAYOUT, templates.sources.get(LAYOUT, ""))
            self._signature = paragraphs(env.get_template(SIGNATURE).render())
            self._citation = paragraphs(env.get_template(CITATION).render())
        except TemplateNotFound as error:
            raise ConfigurationError(f"template {error.name}: missing") from None
        except TemplateError as error:
            raise ConfigurationError(f"template {getattr(error, 'name', '?')}: {error}") from None

    def render(self, draft: Draft) -> Rendered:
        """Subject and both texts. Raises :class:`UnsafeMail` when a value is missing or of the wrong shape."""
        name = draft.notice.name
        if name not in self._notices:
            raise UnsafeMail(f"no template for the notice {name!r}")
        try:
            marked = _rendered(self._notices[name], self._variables(draft))
            head, _, body = marked.partition("\n")
            if not head.startswith("Subject: "):
                raise UnsafeMail(f"template {name}: the first line is not a subject")
            subject = one_line(head.removeprefix("Subject: "))
            text = paragraphs(body, self._own(draft) if markup.LINK in body else NOBODYS) + self._signature
            text += self._citation if "Quy chế" in body else []
            html = self._page.around(subject, text)
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise UnsafeMail(f"notice {name}: {error}") from None
        return Rendered(subject, CRLF.join([one.plain for one in text]), html)

    def _own(self, draft: Draft) -> Own:
        return Own(draft.question.code if draft.question else "", address_to(draft, self._house))

    def _variables(self, draft: Draft) -> dict[str, Any]:
        notice, question = draft.notice, draft.question
        return {
            **self._known,
            "question": question,
            "recipient": notice.recipient,
            "norm": notice.clause,
            "now": draft.now,
            "today": filters.city_day(draft.now),
            "files": [file.name for file in draft.attachments],
            "you": filters.you(question),
            "greeting": filters.greeting(question),
            **notice.values,
            "commands": acts(draft, self._house),
            "unit": notice.values.get("unit") or notice.recipient.name,
        }
