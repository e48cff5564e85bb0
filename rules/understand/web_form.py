"""The mail that the website's form sends (8.1): a question of the person who filled the form in, not of the website.

Such mail comes from one address, "noreply@…", for everybody. Who asks stands in Reply-To or in a field ("Email: …").
Nothing that a form says proves who wrote it: its mail speaks for no unit and no officer.
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
"""Header fields in which a form's mail says that a program sent it, as it must (RFC 3834)."""
MOST_TEXT = 100_000


def through_form(mail: ParsedMail, forms: frozenset[str], source: Source = DEFAULT) -> ParsedMail:
    """The form's mail with whoever filled it in as its sender; any other mail as it is.

    ``forms`` are the forms' addresses in lower case. Without an address of the person the mail has no sender.
    """
    if len(mail.senders) != 1 or mail.sender.email.lower() not in forms:
        return mail
    form = mail.sender.email.lower()
    person = next((one for one in _people(mail, source) if one.email.lower() not in forms), None)
    headers = tuple(one for one in mail.headers if one[0] not in BY_A_MACHINE)
    return replace(mail, senders=(person or Mailbox("", ""),), headers=headers, form=form)


def _people(mail: ParsedMail, source: Source) -> Iterator[Mailbox]:
    """Reply-To where it names one address, then the fields that are labelled as an address."""
    if len(mail.reply_to) == 1:
        yield mail.reply_to[0]
    labels = load_words(source).sets["form", "email"]
    for match in FIELD.finditer(mail.text[:MOST_TEXT]):
        found = ADDRESS.search(match[2])
        if found and plain(match[1]).strip() in labels:
            yield Mailbox("", found[0].rstrip("."))
