"""Attacks our own outgoing mail at start, with values that made other programs write headers or live HTML.

The mails are read back by a reader other than the code that wrote them (the standard library's old parser).
"""

from __future__ import annotations

import email
import email.header
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.message import Message
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

from daemon.letters import samples
from daemon.letters.compose import FIELDS, THREADING, Composer
from daemon.letters.mime import UnsafeMail
from daemon.letters.views import ComposedMail, Draft, LetterHead, OutAttachment
from rules.values.model import Notice, Recipient

PAYLOADS: tuple[str, ...] = (
    "=?utf-8?Q?=3D=3Futf-8=3FQ=3FHoi=3D0D=3D0ABcc=3A=5Fke=40xau.test=3D0D=3D0AX-A=3A=5Fb=3F=3D?=",
    "=?utf-8?Q?Hoi=0D=0ABcc:_ke@xau.test=0D=0A=0D=0Atrang_moi?=",
    "=?utf-8?B?SG9pDQpCY2M6IGtlQHhhdS50ZXN0?=",
    "Hỏi\r\nBcc: ke@xau.test\r\nX-A: b",
    "Hỏi\nBcc: ke@xau.test\n\n<b>thân thư khác</b>",
    "Hỏi\rBcc: ke@xau.test\r.\r\nMAIL FROM:<ke@xau.test>",
    "Hỏi\x85Bcc: ke@xau.test\u2028X-A: b\u2029X-B: c\x0b\x0cX-C: d",
    "Hỏi\x00\x01\x02## tiêu đề\x03\x05bấm\x06https://xau.test\x07\x1b[2J",
    "Hỏi \u202egnp.exe\u202c \u200b\u2066\u2069\ufeff",
    "<script>alert(1)</script><img src=x onerror=alert(1)><a href='javascript:alert(1)'>https://xau.test</a>",
    "{{ 7*7 }}{% for x in ().__class__.__mro__ %}{{ x }}{% endfor %} **đậm** ## đầu đề",
    '"; filename="x.html"\r\nContent-Type: text/html\r\n\r\n--=_0123456789abcdef0123456789abcdef_a\r\n../../x',
)
"""Double and single encoded words, every kind of line end, our own marks, bidi, live HTML, template code, MIME."""

TEXTS = ("code", "subject", "content", "asker_name", "asker_address", "asker_phone", "email", "field")
"""The fields of a question that come from a mail."""

TAGS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2"),
    *("p", "br", "ul", "li", "a", "strong", "blockquote", "div"),
}


class _Tags(HTMLParser):
    """Collects everything a browser would act on: unlisted tags, unlisted attributes, and link targets."""

    def __init__(self) -> None:
        super().__init__()
        self.strange: list[str] = []
        self.targets: list[str] = []
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note every start tag."""
        self.seen.add(tag)
        if tag not in TAGS:
            self.strange.append(f"<{tag}>")
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.targets.append(value or "")
            elif tag not in ("html", "meta"):
                self.strange.append(f"{tag} {name}")


def decoded(value: str) -> str:
    """A header as a reader shows it: encoded words decoded once (RFC 2047 §6.1)."""
    return str(email.header.make_header(email.header.decode_header(value)))


def wrong_html(html: str, letter_head: LetterHead, link: str = "") -> Iterator[str]:
    """Everything in the HTML part that is not our own; ``link`` is the address that the notice was made to tell."""
    tags = _Tags()
    tags.feed(html)
    yield from (f"live HTML: {one}" for one in tags.strange)
    yield from (f"no <{tag}> of ours" for tag in ("html", "h1", "p", "a") if tag not in tags.seen)
    local, _, domain = map(re.escape, letter_head.mailbox.partition("@"))
    sign = re.escape(quote(letter_head.subaddress, safe=""))
    ours = re.compile(rf"mailto:{local}({sign}[\w.-]+)?@{domain}(\?subject=[^&]*&body=[^&]*)?")
    pages = [page for page in (letter_head.website, letter_head.privacy_page) if page]
    told = {link, *pages, *(f"https://{page}" for page in pages)}
    for target in tags.targets:
        if not ours.fullmatch(target) and target not in told:
            yield f"a link that is not ours: {target[:60]}"


def wrong_parts(message: Message, files: int) -> Iterator[str]:
    """Everything in the mail's structure that is not as it was meant."""
    parts = [part for part in message.walk() if not part.is_multipart()]
    types = [part.get_content_type() for part in parts[:2]]
    if types != ["text/plain", "text/html"] or len(parts) != 2 + files:
        yield f"parts {[part.get_content_type() for part in parts]}"
    for part in parts:
        names = [name for name in part.keys() if not name.lower().startswith("content-")]  # noqa: SIM118
        name = part.get_filename() or ""
        if names or any(sign in name for sign in "/\\\r\n\0\u202e<"):
            yield f"a part's header or file name: {names or name!r}"


def wrong(mail: ComposedMail, letter_head: LetterHead, files: int = 0, link: str = "") -> tuple[str, ...]:
    """Everything in a mail's bytes that is not as it was meant, read back by another reader."""
    message = email.message_from_bytes(mail.raw)
    found = []
    expected = [name.decode() for name in FIELDS if name not in THREADING]
    names = [name for name in message.keys() if name.encode() not in THREADING]  # noqa: SIM118
    if names != expected:
        found.append(f"header fields {sorted(set(names) ^ set(expected)) or names}")
    shown = decoded(message["Subject"])
    if shown != mail.subject or len(shown.splitlines()) > 1:
        found.append("the subject that is read is not the one that was meant")
    if message.defects:
        found.append(f"defects {message.defects}")
    found.extend(wrong_parts(message, files))
    html = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    payload = html.get_payload(decode=True) if html else None
    found.extend(wrong_html(payload.decode("utf-8") if isinstance(payload, bytes) else "", letter_head, link))
    return tuple(found)


def each_text(value: Any, change: Callable[[str], str]) -> Any:
    """The value with ``change`` applied to each text in it; keys are kept."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: each_text(one, change) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(each_text(one, change) for one in value)
    return value


def at_home(draft: Draft, mailbox: str) -> Draft:
    """The draft with prepared answers that go to this installation's mailbox instead of the samples'."""
    values = each_text(draft.notice.values, lambda text: text.replace(samples.HOUSE.mailbox, mailbox))
    return replace(draft, notice=replace(draft.notice, values=values))


def spoiled(draft: Draft, payload: str) -> Draft:
    """The draft with the payload in every text that could come from a mail, and in an attachment's name and type."""
    old, to = draft.notice, draft.notice.recipient
    question = draft.question
    if question is not None:
        texts: dict[str, Any] = dict.fromkeys(TEXTS, payload)
        question = replace(question, **texts, items=tuple(replace(one, text=payload) for one in samples.ITEMS))
    notice = Notice(
        old.name,
        Recipient(to.email, payload, to.role),
        old.clause,
        old.key,
        each_text(old.values, lambda _: payload),
        payload,
        (payload,),
    )
    return replace(draft, notice=notice, question=question, attachments=(OutAttachment(payload, payload, b"x"),))


def self_test(composer: Composer) -> tuple[str, ...]:
    """Compose every notice as it is, and three of them under attack; a line for each fault, () when all is well."""
    found: list[str] = []
    drafts = [at_home(one, composer.letter_head.mailbox) for one in samples.drafts()]
    hostile = [one for one in drafts if one.notice.name in ("citizen_answered", "unit_forward", "officer_review")]
    cases = [(draft, 0) for draft in drafts] + [(spoiled(one, bad), 1) for one in hostile for bad in PAYLOADS]
    for draft, files in cases:
        try:
            link = "" if files else str(draft.notice.values.get("link", ""))
            problems = wrong(composer.compose(draft), composer.letter_head, files, link)
        except UnsafeMail as error:
            problems = (str(error),)
        found.extend(f"{draft.notice.name}: {problem}" for problem in problems)
    return tuple(dict.fromkeys(found))  # a dozen attacks find the same fault
