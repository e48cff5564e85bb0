"""By what a second delivery of a mail is known when servers on the way have rewritten its header."""

from __future__ import annotations

from daemon.installation.installation import Office
from db.mails.identity import letter_of
from rules.values.model import ParsedMail


def letter_by(office: Office, mail: ParsedMail) -> str:
    """The letter by which a second delivery is known; "" for a unit's or a listed person's mail.

    What proves who wrote stands in fields that a letter leaves out: a forged copy that came first and was held would
    swallow the true one.
    """
    email = mail.sender.email
    return "" if office.knowledge.unit_of(email) or office.person(email) is not None else letter_of(mail)
