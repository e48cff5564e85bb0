"""Makes the final bytes of a mail from a draft: the template gives subject, plain text and HTML, which become MIME.

Templates come from disk only and run in a sandbox; a value is only ever printed. The same draft always gives the
same bytes.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateError, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from daemon.base.errors import ConfigurationError
from daemon.letters import filters, mime
from daemon.letters.filters import unit_name
from daemon.letters.mailto_links import acts
from daemon.letters.mime import CRLF, UnsafeMail, bodies, one_line
from daemon.letters.views import DEFAULTS, NOTICES, ComposedMail, Draft, LetterHead

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
        return filters.load_marks(text) if file.name.endswith(TEXT) else text
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
        finalize=filters.printed,
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
        "upper_first": filters.upper_first,
        "lower_first": filters.lower_first,
        "ended": filters.ended,
        "unit_name": filters.unit_name,
        "unit_names": filters.unit_names,
        "person": filters.person,
        "quote": filters.quoted,
        "block": filters.block,
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
            self._signature = filters.blocks(env.get_template(SIGNATURE).render())
            self._citation = filters.blocks(env.get_template(CITATION).render())
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
            text = filters.blocks(body) + self._signature + self._cited(body)
            page = self._layout.render(title=subject, body=Markup("\n").join(block.html() for block in text))
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise UnsafeMail(f"notice {draft.notice.name}: {_told(error)}") from None
        return Rendered(subject, _plain(text), page.rstrip())

    def words(self, draft: Draft) -> tuple[str, str]:
        """Subject and plain text without the mail's signature, to read out or to print. Raises as above."""
        try:
            subject, body = self._written(draft)
        except (TemplateError, TypeError, ValueError, KeyError, AttributeError) as error:
            raise UnsafeMail(f"notice {draft.notice.name}: {_told(error)}") from None
        return subject, _plain(filters.blocks(body) + self._cited(body))

    def _written(self, draft: Draft) -> tuple[str, str]:
        """The subject, and the body as the template renders it."""
        name = draft.notice.name
        if name not in NOTICES:
            raise UnsafeMail(f"no template for the notice {name!r}")
        head, _, body = self._env.get_template(name + TEXT).render(self._variables(draft)).partition("\n")
        if not head.startswith("Subject: "):
            raise UnsafeMail(f"template {name}: the first line is not a subject")
        return one_line(html.unescape(head.removeprefix("Subject: "))), body

    def _cited(self, body: str) -> list[filters.Block]:
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


def _told(error: Exception) -> str:
    """What Jinja2 said; of a file that is named and not there it says the bare name."""
    return f"{error.name}: missing" if isinstance(error, TemplateNotFound) else str(error)


def _plain(text: list[filters.Block]) -> str:
    return "\n\n".join(block.plain() for block in text) + "\n"


TOKEN = re.compile(r"[A-Za-z0-9]{8,64}", re.ASCII)
TAG = re.compile(r"[A-Za-z0-9._-]{0,60}", re.ASCII)

FIELDS = (
    b"From",
    b"To",
    b"Reply-To",
    b"Subject",
    b"Date",
    b"Message-ID",
    b"In-Reply-To",
    b"References",
    b"Auto-Submitted",
    b"X-Auto-Response-Suppress",
    b"X-Doithoai",
    b"Content-Language",
    b"MIME-Version",
    b"Content-Type",
)
"""Every field that our mails may have, in this order; a mail may lack some of the threading fields."""

THREADING = (b"In-Reply-To", b"References")

LONGEST_THREAD = 20
"""Most Message-IDs in References: the first and the latest ones (RFC 5322 §3.6.4 sets no limit, readers do)."""


class Composer:
    """Composes the mails of one installation from one set of templates."""

    def __init__(self, templates: Templates, letter_head: LetterHead) -> None:
        """Raises :class:`daemon.base.errors.ConfigurationError` when a template is missing or wrong."""
        self.letter_head = letter_head
        self.own = templates.own
        """The operator's own templates, by file name."""
        self._renderer = Renderer(templates, letter_head)
        self._address = mime.ascii_address(letter_head.mailbox, "our own")
        self._from = mime.mailbox(b"From", letter_head.display_name or letter_head.name, self._address)

    def compose(self, draft: Draft) -> ComposedMail:
        """The mail of a draft. Raises :class:`UnsafeMail` if its bytes are not exactly what was meant."""
        if not (
            TOKEN.fullmatch(draft.outbox_id) and TAG.fullmatch(draft.reply_tag) and TAG.fullmatch(draft.bounce_tag)
        ):
            raise UnsafeMail("the mail's own id or tag is not plain letters and digits")
        recipient = mime.ascii_address(draft.notice.recipient.email)
        message_id = f"{draft.outbox_id}@{self._address.rpartition('@')[2]}"
        words = self._renderer.render(draft)
        content_type, body = bodies(words.plain, words.html, draft.attachments, draft.outbox_id)
        thread = self._thread(draft, message_id)
        head = b"".join(
            (
                self._from,
                mime.mailbox(b"To", self._shown_name(draft), recipient),
                mime.mailbox(b"Reply-To", "", self._tagged(draft.reply_tag)),
                mime.unstructured(b"Subject", words.subject),
                mime.date(draft.now),
                mime.message_ids(b"Message-ID", (message_id,)),
                *thread,
                self._automatic(draft),
                b"X-Auto-Response-Suppress: All\r\nX-Doithoai: " + draft.outbox_id.encode("ascii") + CRLF,
                b"Content-Language: vi\r\nMIME-Version: 1.0\r\n",
                content_type,
                CRLF,
            )
        )
        raw = head + body
        left_out = [name for name in THREADING if not any(line.startswith(name + b":") for line in thread)]
        mime.check(raw, tuple(name for name in FIELDS if name not in left_out))
        return ComposedMail(message_id, self._tagged(draft.bounce_tag), recipient, raw, words.subject)

    def words(self, draft: Draft) -> tuple[str, str]:
        """The mail's subject and text for a person who has no mail address. Raises :class:`UnsafeMail`."""
        return self._renderer.words(draft)

    def _tagged(self, tag: str) -> str:
        """The mailbox with a signed tag; a local part may have 64 characters in all (RFC 5321 §4.5.3.1.1)."""
        return mime.ascii_address(self.letter_head.tagged(tag), "our own tagged")

    def _thread(self, draft: Draft, message_id: str) -> tuple[bytes, ...]:
        """In-Reply-To and References (RFC 5322 §3.6.4): the citizen's own mail and whatever came before it.

        Where no address can bear a tag, the mail's own id is listed too: some servers change the Message-ID of a mail
        that they send, and a reply to it would bear nothing that proves what it answers.
        """
        own = [] if self.letter_head.subaddress else [message_id]
        answered = draft.notice.in_reply_to
        parent = mime.message_ids(b"In-Reply-To", (answered,)) if answered else b""
        if not parent:
            return (mime.message_ids(b"References", own),) if own else ()
        chain = [one for one in draft.notice.references if one != answered] + [answered, *own]
        return (parent, mime.message_ids(b"References", chain[:1] + chain[1:][1 - LONGEST_THREAD :]))

    def _shown_name(self, draft: Draft) -> str:
        """A name beside the address, for people on our own lists only: a citizen's name is text from outside."""
        to = draft.notice.recipient
        return "" if to.role == "citizen" else unit_name(to.name)

    def _automatic(self, draft: Draft) -> bytes:
        """Auto-Submitted (RFC 3834 §5): an answer to a citizen's mail, or a notice of our own."""
        answers = draft.notice.recipient.role == "citizen" and bool(draft.notice.in_reply_to)
        return b"Auto-Submitted: auto-replied\r\n" if answers else b"Auto-Submitted: auto-generated\r\n"
