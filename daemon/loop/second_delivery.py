"""The digest by which a mail is recognised again when servers on the way have rewritten its header."""

from __future__ import annotations

from daemon.installation.installation import Installation
from db.mails.identity import letter_of
from rules.values.model import ParsedMail


def comparable_letter(installation: Installation, mail: ParsedMail) -> str:
    """The digest of what was written; "" for mail of a unit, a listed person or an approver, where the bytes count.

    The fields that prove the sender are not part of this digest: a forged copy that came first and was held would
    swallow the true mail.
    """
    email, tag = mail.sender.email, installation.tagger.read(mail)
    acts = installation.knowledge.unit_of(email) or installation.person(email) is not None
    return "" if acts or (tag is not None and tag.kind == "a") else letter_of(mail)
