"""Automatic mail (RFC 3834) and returned mail (RFC 3464), recognised by headers, subject and text.

Mail sent by a machine is never answered and never registered. Of a returned mail we need to know which of ours
it was, who did not get it, why, and whether the server keeps trying. The words stand in ``automatic.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rules.message.quote_markers import (
    DEFAULT,
    EMAIL,
    KEY_LENGTH,
    AutomaticWords,
    key,
    load_automatic_words,
    unescape,
)
from rules.message.reply_text import fold
from rules.text import strip_marks
from rules.text.patterns import says_only
from rules.values.data_file import Source
from rules.values.model import Automatic, Kind, ParsedMail
from rules.values.register_number import register_numbers

HEAD = 3000
"""A mail system says what happened within this many characters, before the returned mail."""
MOST_ADDRESSES = 50
LONGEST = 200_000
ARRIVED = frozenset({"relayed", "expanded", "delivered"})
"""Actions in a report of success."""
SUBJECT_SIGN = "tiêu đề của thư bị trả lại"
TEXT_SIGN = "lời báo không gửi được"
CODE_SIGN = "mã lỗi SMTP trong thư"
_ID = re.compile(
    r"(?:(?<![\w-])|original-)message[-_ ]?id\s*:\s*(?:&lt;|<)?\s*([^\s<>&]{3,250}@[^\s<>&,;\"]{1,250})",
    re.IGNORECASE,
)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])")
_FIELD = re.compile(r"^(final-recipient|original-recipient|action|status)\s*:\s*(.*)$", re.IGNORECASE | re.MULTILINE)
_SMTP = re.compile(r"(?<![\d.])(?:[45]\d\d)[ -]{1,3}(?:[45]\.\d+\.\d+|[A-Za-z<#(])")
_MAIL = re.compile(EMAIL)
_RETURNED_BEGINS = re.compile(
    r"^\W{0,12}(?:return-path|received|message-id|mime-version|original message|copy of (?:the|your) message|thư gốc"
    r"|this is a copy of|below this line is a copy|a copy of the (?:original )?message|the original message"
    r"|unsent message|undelivered message|message header|headers? of the|original headers|included is a copy"
    r"|bounced e-mail)",
    re.IGNORECASE | re.MULTILINE,
)
_STATUS_REPORT = re.compile(r"report-type\s*=\s*\"?delivery-status", re.IGNORECASE)


def is_bounce(mail: ParsedMail, words: AutomaticWords) -> tuple[str, ...]:
    """The signs that a mail is a returned one; empty when it is not. One strong sign or two weak ones."""
    strong = tuple(_strong_signs(mail, words))
    if strong:
        return strong
    if words.subject.forwards.match(mail.subject):
        return ()  # a person forwards a returned mail
    if _begins(mail.text, words) and _begins(head(mail.text), words):  # finding the head's end is slow
        return ("lời đầu thư là của hệ thống thư",)
    machine = tuple(_machine_signs(mail, words))
    if not machine:
        return ()
    telling = tuple(_telling_signs(mail, words))
    sure = any(sign.startswith(SUBJECT_SIGN) for sign in telling) or is_delivery_system(mail, words)
    return (*telling, *machine) if len(telling) >= 2 or (telling and sure) else ()


def _begins(text: str, words: AutomaticWords) -> bool:
    return words.bounce_begins.match(key(text[:KEY_LENGTH].replace("\n", " "))) is not None


def is_delivery_system(mail: ParsedMail, words: AutomaticWords) -> bool:
    """True when the From name is one used by mail systems ("Mail Delivery Subsystem")."""
    return words.delivery_names.match(key(mail.sender.name)) is not None


def _strong_signs(mail: ParsedMail, words: AutomaticWords) -> Iterator[str]:
    types = " ".join((mail.content_type, *mail.all_headers("content-type")))
    if _STATUS_REPORT.search(types):
        yield "multipart/report; report-type=delivery-status (RFC 3464)"
    elif _FIELD.search(mail.delivery_status):
        yield "có phần message/delivery-status (RFC 3464)"
    if mail.header("x-failed-recipients"):
        yield "X-Failed-Recipients"
    if any(sender.email.partition("@")[0].lower() in words.daemon_locals for sender in mail.senders):
        yield "người gửi là hệ thống thư (MAILER-DAEMON)"


def _telling_signs(mail: ParsedMail, words: AutomaticWords) -> Iterator[str]:
    """Signs that a person may also write, about a mail that came back."""
    if words.bounce_subject.search(key(mail.subject)):
        yield f"{SUBJECT_SIGN}: {mail.subject[:60]}"
    if words.bounce_text.search(key(head(mail.text).replace("\n", " "))):
        yield TEXT_SIGN
    if _SMTP.search(head(mail.text)) or _STATUS.search(head(mail.text)):
        yield CODE_SIGN


def _machine_signs(mail: ParsedMail, words: AutomaticWords) -> Iterator[str]:
    """Signs that no person sent it."""
    if _from_mail_system(mail, words):
        yield "người gửi là hệ thống thư"
    if mail.header("return-path").replace(" ", "") == "<>":
        yield "Return-Path rỗng"
    if mail.header("auto-submitted").strip().lower().startswith("auto"):
        yield "Auto-Submitted (RFC 3834)"
    if mail.embedded_ids and not mail.in_reply_to and not mail.references:
        yield "có thư bị trả lại bên trong"


def _from_mail_system(mail: ParsedMail, words: AutomaticWords) -> bool:
    sender = mail.sender
    local = sender.email.partition("@")[0].lower()
    if local in words.postmaster_locals or words.machine_locals.search(local) or mail.header("from").strip() == "<>":
        return True
    return words.daemon_names.search(key(sender.name or mail.header("from"))) is not None


def head(text: str) -> str:
    """The mail system's own words, before the mail that it returns."""
    begins = _RETURNED_BEGINS.search(text)
    return text[: min(HEAD, begins.start() if begins and begins.start() > 20 else HEAD)]


def read_bounce(mail: ParsedMail, signs: tuple[str, ...], words: AutomaticWords) -> Automatic:
    """The information in a returned mail."""
    fields = [(name.lower(), value.strip()) for name, value in _FIELD.findall(mail.delivery_status)]
    status = _status(fields, mail, words)
    arrived = bool(_actions(fields)) and _actions(fields) <= ARRIVED
    return Automatic(
        Kind.AUTO_REPLY if arrived else Kind.BOUNCE,
        signs=signs,
        failed=() if arrived else _failed(fields, mail),
        status=status,
        permanent=_permanent(fields, status, mail, words),
        original_ids=original_ids(mail),
    )


def original_ids(mail: ParsedMail) -> tuple[str, ...]:
    """The returned mail's own Message-ID first, then those in texts and threading headers."""
    return tuple(dict.fromkeys(one for one in _original_ids(mail) if one != mail.message_id))


def _original_ids(mail: ParsedMail) -> Iterator[str]:
    yield from mail.embedded_ids
    texts = (mail.delivery_status, mail.text, *(file.text for file in mail.attachments), unescape(mail.html))
    for text in texts:
        yield from _ID.findall(text[:LONGEST])
    yield from mail.in_reply_to
    yield from reversed(mail.references)
    ours = mail.to[0].domain if mail.to else ""
    if ours:
        named = re.compile(rf"<([0-9a-zA-Z.+=_-]{{16,120}}@{re.escape(ours)})>")
        for text in texts:
            yield from named.findall(text[:LONGEST])


def _failed(fields: list[tuple[str, str]], mail: ParsedMail) -> tuple[str, ...]:
    """Addresses that did not get it: from the report, else from the system's header, else from its words."""
    final = [value for name, value in fields if name == "final-recipient"]
    named = final or [value for name, value in fields if name == "original-recipient"]
    named = named or list(mail.all_headers("x-failed-recipients"))
    found = [address for value in named for address in _MAIL.findall(value)]
    if not found:
        ours = {box.email.lower() for box in (*mail.to, *mail.senders)}
        found = [address for address in _MAIL.findall(head(mail.text)) if address.lower() not in ours]
    return tuple(dict.fromkeys(address.lower().rstrip(".") for address in found))[:MOST_ADDRESSES]


def _status(fields: list[tuple[str, str]], mail: ParsedMail, words: AutomaticWords) -> str:
    """The enhanced status code (RFC 3463): the report's, else the first in the text, else what its words come to."""
    told = [match.group(1) for name, value in fields if name == "status" and (match := _STATUS.search(value))]
    told += [code for code in _STATUS.findall(head(mail.text)) if code[0] in "45"]
    code = told[0] if told else ""
    if code and not code.endswith(".0.0"):
        return code
    text = key(head(mail.text).replace("\n", " "))
    return next((f"{code[:1] or 5}.{codes[0]}" for codes, spoken, _ in words.returned if spoken.search(text)), code)


def why_returned(text: str, source: Source = DEFAULT) -> str:
    """Why a mail came back, by an enhanced status code (RFC 3463 §3) or a server's reply; "" where neither tells."""
    reasons = load_automatic_words(source).returned
    by_code = [why for code in _STATUS.findall(text) for codes, _, why in reasons if code[2:].startswith(codes)]
    by_words = [why for _, spoken, why in reasons if spoken.search(key(text.replace("\n", " ")))]
    return next(iter((*by_code, *by_words)), "")


def _actions(fields: list[tuple[str, str]]) -> set[str]:
    """The action for each recipient, according to the report (RFC 3464 §2.3.3)."""
    return {value.split()[0].lower() for name, value in fields if name == "action" and value}


def _permanent(fields: list[tuple[str, str]], status: str, mail: ParsedMail, words: AutomaticWords) -> bool:
    """False only while the server keeps trying (RFC 3464 §2.3.3 "delayed"); unsure means permanent."""
    if actions := _actions(fields):
        return "failed" in actions or not actions & {"delayed", *ARRIVED}
    text = key(f"{mail.subject} {head(mail.text)}".replace("\n", " "))
    if words.delayed_text.search(text):
        return False
    return not status.startswith("4")


FIRST_LINES = 600
"""An automatic answer says what it is within this many characters."""
ABSENCE_WORDS = 120
"""An absence notice has at most this many words; a longer text is a person's."""
SIGNING_LINES, NAME_WORDS = 7, 10
"""Below its closing words it has at most so many lines of names and titles, with so many words each."""
_REPORT = re.compile(r"report-type\s*=\s*\"?(disposition-notification|feedback-report)", re.IGNORECASE)


def read_automatic(mail: ParsedMail, source: Source = DEFAULT) -> Automatic:
    """Whether this mail is automatic; without a kind it may be a person's, with the signs that no machine may answer.

    Where its words alone say so, it is only if it says nothing else.
    """
    words = load_automatic_words(source)
    if returned := is_bounce(mail, words):
        return read_bounce(mail, returned, words)
    if signs := tuple(_signs(mail, words)):
        return Automatic(Kind.AUTO_REPLY, signs=signs, original_ids=original_ids(mail))
    machine, notice = _called_automatic(mail, words), _is_receipt(mail, words) or _tells_absence(mail, words, source)
    text = words.directed_text.sub(" ", " ".join(_own_lines(mail, source))) if machine or notice else ""
    if (machine or notice) and not words.person_text.search(text):
        return Automatic(Kind.AUTO_REPLY, (machine or notice,), original_ids=original_ids(mail), in_words=True)
    return Automatic(None, signs=(*((machine,) if machine else ()), *_marks(mail, words, source.prefix)))


def _signs(mail: ParsedMail, words: AutomaticWords) -> Iterator[str]:
    yield from _matching(mail, words.headers)
    if mail.header("return-path").replace(" ", "") == "<>":
        yield "Return-Path rỗng"
    if kind := _REPORT.search(" ".join(mail.all_headers("content-type"))) or _REPORT.search(mail.content_type):
        yield f"báo cáo tự động ({kind.group(1).lower()})"
    if is_delivery_system(mail, words):
        yield "người gửi là hệ thống thư"


def _called_automatic(mail: ParsedMail, words: AutomaticWords) -> str:
    """The sign that its subject or first words call a mail automatic, or ""."""
    if words.automatic_subject.match(key(mail.subject)):
        return f"tiêu đề: {mail.subject[:60]}"
    return "lời đầu thư nói đây là thư tự động" if words.automatic_text.match(key_of_text(mail.text)) else ""


def _is_receipt(mail: ParsedMail, words: AutomaticWords) -> str:
    """The sign of a read receipt or a calendar's answer; people begin a subject like this too, and then write."""
    if not words.receipt_subject.match(key(mail.subject)):
        return ""
    calendar = any(file.type == "text/calendar" for file in mail.attachments)
    text = key_of_text(mail.text)
    return f"tiêu đề: {mail.subject[:60]}" if calendar or not text or words.read_text.search(text) else ""


def _own_lines(mail: ParsedMail, source: Source) -> list[str]:
    return [key(line) for line in fold(mail.text[:LONGEST], source).own.splitlines() if line.strip()]


def _marks(mail: ParsedMail, words: AutomaticWords, prefix: str) -> Iterator[str]:
    """What the header alone says (RFC 3834 §5, RFC 2919): no machine may answer, but a person may have written."""
    yield from _matching(mail, words.marks)
    if not mail.form and words.machine_locals.search(mail.sender.email.partition("@")[0].lower()):
        yield "địa chỉ người gửi là của máy, không nhận thư trả lời"
    if not _answers_us(mail, words, prefix):
        yield from _matching(mail, words.bulk_headers)


def key_of_text(text: str) -> str:
    """The first lines of a text in the form used for comparing."""
    return " ".join(key(line) for line in text[: 4 * FIRST_LINES].splitlines() if line.strip())[:FIRST_LINES]


def _matching(mail: ParsedMail, wanted: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    for name, value in mail.headers:
        if name not in wanted:
            continue
        tokens = set(re.split(r"[\s,;=]+", value.lower()))
        if not wanted[name] or any(
            word in tokens or (" " in word and word in value.lower()) for word in wanted[name]
        ):
            yield f"{name}: {value[:60]}".strip()


def _answers_us(mail: ParsedMail, words: AutomaticWords, prefix: str) -> bool:
    """True for a person's reply, which may come through a group address; the list's headers then mean nothing."""
    if register_numbers(mail.subject, prefix) or register_numbers(mail.text, prefix):
        return True
    return bool(mail.in_reply_to) and words.subject.answers.match(mail.subject) is not None


def _tells_absence(mail: ParsedMail, words: AutomaticWords, source: Source) -> str:
    """The sign of a short absence notice with another contact, as a reply to something or under a fitting subject."""
    subject, text = key(mail.subject), key_of_text(mail.text)
    told = words.absence_subject.match(subject) is not None
    threaded = bool(mail.in_reply_to or mail.references) or words.subject.answers.match(mail.subject) is not None
    if not (told or threaded) or len(mail.text.split()) > ABSENCE_WORDS or not words.absence_text.search(text):
        return ""
    elsewhere = words.instead_text.search(text) and not register_numbers(mail.text, source.prefix)
    return "báo vắng mặt" if (told or elsewhere) and _only_notice(mail, words, source) else ""


def _only_notice(mail: ParsedMail, words: AutomaticWords, source: Source) -> bool:
    """True when it says nothing beside: a person with a question, an answer or an order may be away as well."""
    name = key(mail.sender.name)
    lines = [line for line in _own_lines(mail, source) if line.strip(" .,") not in {name, strip_marks(name)}]
    end = next((at for at, line in enumerate(lines) if words.closing_text.match(line)), len(lines))
    names = all(len(line.split()) <= NAME_WORDS for line in lines[end : end + SIGNING_LINES])
    return names and len(lines) <= end + SIGNING_LINES and says_only("\n".join(lines[:end]), words.notice_text)
