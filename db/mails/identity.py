"""Recognises two deliveries as one mail: by its bytes without trace fields, or else by the letter that it holds."""

from __future__ import annotations

import hashlib
import json
import re

from rules.values.model import ParsedMail

# Trace and local delivery headers (RFC 5321 §4.4, RFC 8601): they differ from delivery to delivery of one mail.
TRACE_HEADERS = (
    b"received",
    b"return-path",
    b"delivered-to",
    b"x-original-to",
    b"x-envelope-to",
    b"x-envelope-from",
    b"envelope-to",
    b"delivery-date",
    b"authentication-results",
    b"received-spf",
    b"arc-seal",
    b"arc-message-signature",
    b"arc-authentication-results",
    b"dkim-signature",
    b"status",
    b"x-status",
    b"x-uid",
    b"x-keywords",
    b"content-length",
    b"x-spam-",
    b"x-virus-",
    b"x-rspamd-",
)
_NAMED = re.compile(rb"[!-9;-~]+[ \t]*:")
_NEXT_FIELD = re.compile(rb"\n(?=[!-9;-~]+[ \t]*:)")
_LONGEST_NAME = max(map(len, TRACE_HEADERS))


def identity_of(raw: bytes) -> str:
    """SHA-256 of the mail without its trace headers: the same for a second delivery of the same mail.

    The Message-ID would not do: it may be missing, and a stranger may repeat it.
    """
    text = _unix(raw)
    end = text.find(b"\n\n")
    first, *fields = _NEXT_FIELD.split(text if end < 0 else text[:end])
    kept = [each for each in fields if not _is_trace(each)]
    if not (_NAMED.match(first) and _is_trace(first)):
        kept.insert(0, first)
    digest = hashlib.sha256(b"\n".join(kept))
    if end >= 0:  # without copying the megabytes once more
        digest.update(b"\n\n")
        digest.update(memoryview(text)[end + 2 : _end(text)])
    return digest.hexdigest()


def _is_trace(field: bytes) -> bool:
    """True when a field (with its folded lines) begins with such a name; no such name holds a blank or a colon."""
    return field[:_LONGEST_NAME].lower().startswith(TRACE_HEADERS)


def _unix(text: bytes) -> bytes:
    """Line ends CR LF as LF; in megabytes it is quicker to delete every CR than to replace the pairs.

    Deleting a byte takes an eighth of the time of translating all bytes.
    """
    return text.replace(b"\r\n", b"\n") if _LONE_CR.search(text) else text.replace(b"\r", b"")


def _end(text: bytes) -> int:
    """The offset at which the trailing line ends begin."""
    tail = text[-_TAIL:]
    said = len(tail.rstrip(b"\n"))
    return len(text) - len(tail) + said if said else len(text.rstrip(b"\n"))


_TAIL = 100
_LONE_CR = re.compile(rb"\r(?!\n)")
_EMPTY = re.compile(rb"\n\r?\n")
_FROM = re.compile(rb"\nfrom[ \t]*:(.{0,1000})", re.IGNORECASE)
_UNBROKEN = re.compile(rb"[^\s\x00-\x1f\x7f<>()\",;:]+")
_ADDRESS = re.compile(rb"[^\s\x00-\x1f\x7f<>()\",;:]{1,64}@[\w.-]{1,255}")


def claimed_sender(raw: bytes) -> str:
    """The address in From, read roughly, for taking turns; the decision reads the mail itself."""
    raw = raw[:100_000]
    empty = _EMPTY.search(raw)
    line = _FROM.search(b"\n" + _unix(raw[: empty.start()] if empty else raw))
    return _last_address(line.group(1)).decode("ascii", "replace").lower()[:320] if line else ""


def _last_address(said: bytes) -> bytes:
    """The last address in a field. The @ is looked for first: long encoded names would cost quadratic time."""
    for run in reversed(_UNBROKEN.findall(said)):
        if b"@" in run and (found := _ADDRESS.findall(run)):
            return bytes(found[-1])
    return b""


def letter_of(mail: ParsedMail) -> str:
    """SHA-256 of what the writer's own program wrote; "" where nothing in it would tell two letters apart.

    Servers and scanners add, rewrite and refold header fields, and encode the body in another way with other line
    breaks. From, Reply-To, To, Cc, Date, Subject and Message-ID, the words and the bytes of the files stay. A second
    letter with the same words bears another Message-ID, or at least another Date.
    """
    if mail.minimal or not (mail.message_id or mail.date):
        return ""
    people = [
        sorted(mailbox.email.lower() for mailbox in mailboxes)
        for mailboxes in (mail.senders, mail.reply_to, mail.to, mail.cc)
    ]
    written = mail.date.timestamp() if mail.date else None
    files = sorted(file.sha256 for file in mail.attachments)
    words = ("".join(each.split()) for each in (mail.subject, mail.message_id, mail.text, mail.seen))
    said = [*people, written, *words, files]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
