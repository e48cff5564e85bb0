"""Signs of automatic mail (RFC 3834) and of returned mail (RFC 3464), read from headers, subject and text.

A mail that a machine sent is never answered and never registered. Of a returned mail we want to know which
of ours it was, who did not get it, and whether the server goes on trying.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from rules.message.automatic_words import AutomaticWords, load_automatic_words
from rules.message.bounces import is_bounce, is_delivery_system, original_ids, read_bounce
from rules.message.quote_markers import DEFAULT, key
from rules.values.data_file import Source
from rules.values.model import Automatic, Kind, ParsedMail
from rules.values.register_number import register_numbers

FIRST_LINES = 600
"""Characters of the text in which an automatic answer says what it is."""
ABSENCE_WORDS = 120
"""An answer from somebody's absence is short; a longer text is a person's."""
_ANSWER = re.compile(r"^\s*(?:re|sv|aw|antw|tl|trả lời|tra loi)\s*:", re.IGNORECASE)
_REPORT = re.compile(r"report-type\s*=\s*\"?(disposition-notification|feedback-report)", re.IGNORECASE)


def read_automatic(mail: ParsedMail, source: Source = DEFAULT) -> Automatic:
    """Is this mail a machine's, and what does it tell? ``kind`` is None for a person's mail."""
    words = load_automatic_words(source)
    returned = is_bounce(mail, words)
    if returned:
        return read_bounce(mail, returned, words)
    signs = tuple(_signs(mail, words, source.prefix))
    return Automatic(
        Kind.AUTO_REPLY if signs else None, signs=signs, original_ids=original_ids(mail) if signs else ()
    )


def _signs(mail: ParsedMail, words: AutomaticWords, prefix: str) -> Iterator[str]:
    yield from _matching(mail, words.headers)
    bulk = tuple(_matching(mail, words.bulk_headers))
    if bulk and not _answers_us(mail, prefix):
        yield from bulk
    if mail.header("return-path").replace(" ", "") == "<>":
        yield "Return-Path rỗng"
    if kind := _REPORT.search(" ".join(mail.all_headers("content-type"))) or _REPORT.search(mail.content_type):
        yield f"báo cáo tự động ({kind.group(1).lower()})"
    if is_delivery_system(mail, words):
        yield "người gửi là hệ thống thư"
    subject = key(mail.subject)
    text = key_of_text(mail.text)
    subjects = (words.automatic_subject, words.receipt_subject, words.notice_subject)
    if any(pattern.match(subject) for pattern in subjects):
        yield f"tiêu đề: {mail.subject[:60]}"
    elif words.automatic_text.match(text):
        yield "lời đầu thư nói đây là thư tự động"
    elif _tells_absence(subject, text, mail, words, prefix):
        yield "báo vắng mặt"


def key_of_text(text: str) -> str:
    """The first lines of a text, comparable."""
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


def _answers_us(mail: ParsedMail, prefix: str) -> bool:
    """A person's answer may come through a group address: then the list's headers say nothing."""
    if register_numbers(mail.subject, prefix) or register_numbers(mail.text, prefix):
        return True
    return bool(mail.in_reply_to) and _ANSWER.match(mail.subject) is not None


def _tells_absence(subject: str, text: str, mail: ParsedMail, words: AutomaticWords, prefix: str) -> bool:
    """Absence said in a few words with whom to turn to, in answer to something or under a subject that says it."""
    told = words.absence_subject.match(subject) is not None
    threaded = bool(mail.in_reply_to or mail.references) or _ANSWER.match(mail.subject) is not None
    if not (told or threaded) or len(mail.text.split()) > ABSENCE_WORDS or not words.absence_text.search(text):
        return False
    return told or (words.instead_text.search(text) is not None and not register_numbers(mail.text, prefix))
