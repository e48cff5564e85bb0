"""Mails as people's mail programs write them: new ones, and replies with the quotes of Gmail, Outlook and phones."""

from __future__ import annotations

import email
import email.headerregistry
import email.policy
import email.utils
import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from functools import lru_cache
from html import escape
from zoneinfo import ZoneInfo

CITY = ZoneInfo("Asia/Ho_Chi_Minh")
WEEKDAYS = ("Th 2", "Th 3", "Th 4", "Th 5", "Th 6", "Th 7", "CN")


@dataclass(frozen=True, slots=True)
class Person:
    """A person with a mail program: "gmail", "outlook" or "phone"."""

    name: str
    email: str
    program: str = "gmail"


@dataclass(frozen=True, slots=True)
class File:
    """An attachment."""

    name: str
    type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Received:
    """A mail as its reader sees it."""

    raw: bytes
    subject: str
    text: str
    message_id: str
    references: str
    answer_to: str
    sender: str
    to: str

    @property
    def sender_name(self) -> str:
        """The name in From, or the address where there is none."""
        name, address = email.utils.parseaddr(self.sender)
        return name or address

    @property
    def answer_address(self) -> str:
        """The bare address that an answer goes to."""
        return email.utils.parseaddr(self.answer_to)[1]


@lru_cache(maxsize=1000)
def read(raw: bytes) -> Received:
    """What a mail program shows of a mail; only for mails of our own making."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    body = message.get_body(("plain",))
    return Received(
        raw=raw,
        subject=str(message["Subject"] or ""),
        text=str(body.get_content()) if body is not None else "",
        message_id=str(message["Message-ID"] or "").strip(),
        references=str(message["References"] or "").strip(),
        answer_to=str(message["Reply-To"] or message["From"] or ""),
        sender=str(message["From"] or ""),
        to=str(message["To"] or ""),
    )


def new_mail(
    person: Person,
    to: str,
    subject: str,
    text: str,
    at: datetime,
    *,
    html: str = "",
    files: Sequence[File] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """A mail that a person writes; ``at`` becomes its Date, and its Message-ID follows from its content."""
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"] = email.headerregistry.Address(person.name, addr_spec=person.email)
    message["To"] = to
    message["Date"] = at.astimezone(CITY)
    domain = person.email.rpartition("@")[2]
    digest = hashlib.sha256(f"{person.email}|{at.isoformat()}|{subject}|{text}".encode()).hexdigest()[:24]
    message["Message-ID"] = f"<{digest}@{domain}>"
    for name, value in (headers or {}).items():
        message[name] = value
    message.set_content(text, cte="quoted-printable")
    if html:
        message.add_alternative(html, subtype="html", cte="quoted-printable")
    for file in files:
        main, _, sub = file.type.partition("/")
        message.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    # Python 3.11's EmailMessage loses a space where it folds a subject in the middle of encoded words.
    line = Header(subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
    return f"Subject: {line}\r\n".encode("ascii") + message.as_bytes()


def reply(
    person: Person,
    original: Received,
    text: str,
    at: datetime,
    *,
    subject: str = "",
    threaded: bool = True,
    files: Sequence[File] = (),
    headers: Mapping[str, str] | None = None,
) -> bytes:
    """An answer to a mail, quoted as the person's program does it, to the Reply-To of the original.

    ``subject`` replaces "Re: …"; without ``threaded`` nothing shows which mail it answers, and nothing is quoted.
    """
    extra = dict(headers or {})
    if threaded:
        extra |= {"In-Reply-To": original.message_id}
        extra |= {"References": f"{original.references} {original.message_id}".strip()}
    quoted = QUOTES[person.program](original, at) if threaded else ("", "")
    plain = text + quoted[0]
    html = f'<div dir="ltr">{_paragraphs(text)}</div>{quoted[1]}' if person.program != "phone" else ""
    line = subject or _answering(original.subject, person.program)
    return new_mail(person, original.answer_to, line, plain, at, html=html, files=files, headers=extra)


def word_file(name: str, text: str) -> File:
    """The text as a Word document, one paragraph per line."""
    import docx  # noqa: PLC0415 - a quarter of the start, and few of the letters have a Word file

    document = docx.Document()
    for line in text.splitlines():
        document.add_paragraph(line)
    content = io.BytesIO()
    document.save(content)
    return File(name, "application/vnd.openxmlformats-officedocument.wordprocessingml.document", content.getvalue())


def _answering(subject: str, program: str) -> str:
    prefix = {"outlook": "TL: ", "phone": "Trả lời: "}.get(program, "Re: ")
    return subject if subject.startswith(prefix) else prefix + subject


def _paragraphs(text: str) -> str:
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.splitlines())


def _gmail(original: Received, at: datetime) -> tuple[str, str]:
    """Gmail in Vietnamese: a line of attribution, then ``>`` before each line."""
    local = at.astimezone(CITY)
    day = f"{WEEKDAYS[local.weekday()]}, {local.day} thg {local.month}, {local.year} vào lúc {local:%H:%M}"
    line = f"Vào {day} {original.sender} đã\nviết:"
    quoted = "\n".join(f"> {each}" if each else ">" for each in original.text.splitlines())
    html = f'<div class="gmail_quote"><div class="gmail_attr">{escape(line)}</div>'
    html += f'<blockquote class="gmail_quote">{_paragraphs(original.text)}</blockquote></div>'
    return f"\n\n{line}\n\n{quoted}\n", html


def _outlook(original: Received, at: datetime) -> tuple[str, str]:
    """Outlook in Vietnamese: a rule, a block of headers, the text without marks."""
    sent = at.astimezone(CITY).strftime("%d Tháng %m %Y %H:%M")
    block = f"Từ: {original.sender}\nĐã gửi: {sent}\nTới: {original.to}\nChủ đề: {original.subject}"
    html = f"<hr><div>{_paragraphs(block)}</div><div>{_paragraphs(original.text)}</div>"
    return f"\n\n________________________________\n{block}\n\n{original.text}\n", html


def _phone(original: Received, at: datetime) -> tuple[str, str]:
    """A phone: its advertisement, then the quote."""
    local = at.astimezone(CITY)
    day = f"{WEEKDAYS[local.weekday()]}, {local.day} thg {local.month}, {local.year}"
    line = f"Vào {local:%H:%M}, {day} {original.sender} đã viết:"
    quoted = "\n".join(f"> {each}" for each in original.text.splitlines())
    return f"\n\nĐã gửi từ iPhone của tôi\n\n{line}\n\n{quoted}\n", ""


QUOTES = {"gmail": _gmail, "outlook": _outlook, "phone": _phone}


def out_of_office(person: Person, original: Received, text: str, at: datetime) -> bytes:
    """An automatic answer (RFC 3834 §3)."""
    headers = {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All", "Precedence": "auto_reply"}
    return reply(person, original, text, at, subject=f"Trả lời tự động: {original.subject}", headers=headers)


def bounce(recipient: str, envelope_from: str, original: Received, at: datetime) -> bytes:
    """A delivery status notification (RFC 3464) with the headers of the returned mail."""
    daemon = Person("Mail Delivery System", f"mailer-daemon@{recipient.rpartition('@')[2]}")
    headers_of_original = original.raw.partition(b"\r\n\r\n")[0]
    report = (
        f"Reporting-MTA: dns; mx.{recipient.rpartition('@')[2]}\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        f"Diagnostic-Code: smtp; 550 5.1.1 no such mailbox\r\n"
    )
    boundary = hashlib.sha256(original.message_id.encode()).hexdigest()[:20]
    lines = [
        f"From: {daemon.name} <{daemon.email}>",
        f"To: {envelope_from}",
        "Subject: Undelivered Mail Returned to Sender",
        f"Date: {at.astimezone(CITY):%a, %d %b %Y %H:%M:%S %z}",
        f"Message-ID: <{boundary}@{daemon.email.rpartition('@')[2]}>",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        f'Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"',
        "",
        f"--{boundary}",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        f"The mail system could not deliver your message to <{recipient}>: no such mailbox.",
        f"--{boundary}",
        "Content-Type: message/delivery-status",
        "",
        report,
        f"--{boundary}",
        "Content-Type: text/rfc822-headers",
        "",
    ]
    return "\r\n".join(lines).encode() + b"\r\n" + headers_of_original + f"\r\n--{boundary}--\r\n".encode()
