"""Mail sent by the website's form (8.1): a question from the person who filled it in, not from the website.

All such mail comes from one address, "noreply@…". The person is named in Reply-To or in a field ("Email: …").
Nothing in a form proves who wrote it, so that its mail never counts as a unit's or an officer's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rules.message.quote_markers import DEFAULT
from rules.requester.vocabulary import load_words, plain
from rules.values.data_file import Source
from rules.values.model import Mailbox, ParsedMail

ADDRESS = re.compile(r"[^\s<>()\",;:@]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
FIELD = re.compile(r"^[\s>*_•·+\-–—]*([^:=|：\n]{2,40}?)\s*[:=|：]\s*(.{3,320})$", re.MULTILINE)
BY_A_MACHINE = frozenset(
    {"auto-submitted", "precedence", "return-path", "x-auto-response-suppress", "x-autoreply", "x-autorespond"}
    | {"feedback-id", "list-id", "list-unsubscribe", "list-unsubscribe-post", "x-mailer"}
)
"""Header fields by which a form's mail says that a program sent it, as it must (RFC 3834)."""
MOST_TEXT = 100_000


def through_form(mail: ParsedMail, forms: frozenset[str], source: Source = DEFAULT) -> ParsedMail:
    """The form's mail with the person who filled it in as sender; any other mail unchanged.

    ``forms`` are the forms' addresses in lower case. If the person gives no address, the mail has no sender.
    """
    if len(mail.senders) != 1 or mail.sender.email.lower() not in forms:
        return mail
    form = mail.sender.email.lower()
    person = next((one for one in _people(mail, source) if one.email.lower() not in forms), None)
    headers = tuple(one for one in mail.headers if one[0] not in BY_A_MACHINE)
    return replace(mail, senders=(person or Mailbox("", ""),), headers=headers, form=form)


def _people(mail: ParsedMail, source: Source) -> Iterator[Mailbox]:
    """The address in Reply-To, if it is the only one, then addresses in fields labelled as such."""
    if len(mail.reply_to) == 1:
        yield mail.reply_to[0]
    labels = load_words(source).sets["form", "email"]
    for match in FIELD.finditer(mail.text[:MOST_TEXT]):
        found = ADDRESS.search(match[2])
        if found and plain(match[1]).strip() in labels:
            yield Mailbox("", found[0].rstrip("."))
