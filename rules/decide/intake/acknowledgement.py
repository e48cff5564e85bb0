"""The first notice to a citizen: that the letter has come, its number, and what is missing."""

from __future__ import annotations

from datetime import date

from rules.decide.base.actions import NEW, Action, Note, Send
from rules.decide.base.facts import MailFacts
from rules.decide.base.notices import citizen
from rules.values.model import Notice

# An address that nobody vouches for may be a victim's: so many acknowledgements a day.
UNVERIFIED_A_DAY = 3


def acknowledge(
    facts: MailFacts, forwarded: dict[str, object] | None, *, under_review: bool, until: date | None = None
) -> tuple[Action, ...]:
    """The first notice to the citizen: number, what is missing (21.1) and until when, to whom and by when.

    Capped per address and hour, since From may be a victim's address; registration is never capped.
    """
    email = reply_address(facts)
    house = facts.house
    if "@" not in email and facts.raw_mail > 0 and not facts.mail.form:
        return (Note("not_acknowledged", "Thư không có địa chỉ người gửi đọc được", "8.2", NEW),)
    today, allowed = facts.acknowledged_today, house.acknowledgements_per_address_day
    if today >= min(allowed, UNVERIFIED_A_DAY) and (today >= allowed or not facts.authenticated):
        return (Note("not_acknowledged", "Quá số thư báo nhận mỗi ngày cho một địa chỉ", "8.2", NEW),)
    if facts.acknowledged_last_hour >= house.acknowledgements_per_hour:
        return (Note("not_acknowledged", "Quá số thư báo nhận mỗi giờ của cả hệ thống", "8.2", NEW),)
    notice = Notice(
        "citizen_received",
        citizen(facts.understanding.asker, email),
        "8.2",
        f"citizen_received:{facts.raw_mail}",
        {
            "missing": facts.understanding.asker.missing,
            "forwarded": forwarded,
            "under_review": under_review,
            "until": until,
            "first_mail": True,
        },
        in_reply_to=facts.mail.message_id,
        references=thread(facts),
    )
    return (Send(notice, NEW),)


def thread(facts: MailFacts) -> tuple[str, ...]:
    """References of an answer to this mail (RFC 5322 §3.6.4): its own references and its id."""
    own = (facts.mail.message_id,) if facts.mail.message_id else ()
    return (*facts.mail.references[-10:], *own)


def reply_address(facts: MailFacts) -> str:
    """Where the citizen is written to: From. Reply-To is a stranger's word about a third party."""
    return facts.mail.sender.email
