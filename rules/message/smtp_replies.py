"""The cause of a mail server's refusal, by its codes (RFC 3463, RFC 5321) and its words (``smtp_replies.toml``)."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from rules.values.data_file import Source

Fault = Literal["mail", "sender", "limit", "unclear"]
"""``mail``: this recipient or this text. ``sender``: our address. ``limit``: we send too much. ``unclear``: the
reply does not tell; a single one counts as the mail's, the same for several recipients does not."""

SENDER = frozenset(((1, 7), (1, 8), (7, 60)))
"""RFC 3463 §3.2: bad sender's mailbox or system address; Exchange's SendAsDenied."""
TOO_MANY = (5, 3)
"""RFC 3463 §3.6: too many recipients, which servers also reply for too many within an hour."""
TOO_BIG = (3, 4)
OF_THE_MAIL = frozenset((1, 2, 4, 6))
"""RFC 3463: address, mailbox, routing and content."""
POLICY = 7
NOT_OWNED = 553
"""With 5.7.1, the sender is not the login's (Postfix, Zimbra); alone, a recipient's name is wrong."""

_STATUS = re.compile(r"[245]\.(\d{1,3})\.(\d{1,3})\b")
_ADDRESS = re.compile(r"<[^>]*>|\S*@\S*")


def whose_fault(code: int, text: str) -> Fault:
    """The cause of a 4xx or 5xx at MAIL, RCPT or after DATA. ``text`` is the reply without its code."""
    found = _STATUS.match(text.lstrip())
    subject, detail = (int(found[1]), int(found[2])) if found else (0, 0)
    said = _ADDRESS.sub("", text).casefold()
    if _says("greylisting", said):
        return "mail"
    if _is_limit(code, (subject, detail), said):
        return "limit"
    if code < 500:
        return "mail"
    if (subject, detail) in SENDER or (code, subject, detail) == (NOT_OWNED, POLICY, 1):
        return "sender"
    if subject in OF_THE_MAIL or (subject, detail) == TOO_BIG:
        return "mail"
    if _says("sender", said):
        return "sender"
    return "mail" if _says("recipient", said) else "unclear"


def same_words(text: str) -> str:
    """A reply without the parts that differ from mail to mail: addresses, numbers, queue names."""
    return re.sub(r"\S*\d\S*", "", without_addresses(text)).casefold().strip()


def without_addresses(text: str) -> str:
    """A reply in a form that may be logged."""
    return _ADDRESS.sub("<…>", text)


def _is_limit(code: int, status: tuple[int, int], said: str) -> bool:
    """True for our own quota; a full mailbox is the recipient's."""
    if status[0] == 2 or status == TOO_BIG:
        return False
    policy = code < 500 and status[0] == POLICY and not _says("recipient", said)
    return status == TOO_MANY or policy or _says("limit", said)


def _says(what: str, said: str) -> bool:
    return any(words in said for words in _words()[what])


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """The file as shipped."""
    return {name: tuple(words) for name, words in Source().toml("smtp_replies.toml").items()}
