"""Values that outgoing mail takes and gives; all frozen, their texts already decided elsewhere.

Also lists the notices, and what a template may expect beside ``question``, ``letter_head`` and ``recipient``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from rules.values.model import Notice
from rules.values.register_number import DEFAULT_PREFIX


@dataclass(frozen=True, slots=True)
class ItemView:
    """One of several questions in one mail, as the reader sees it."""

    number: int
    text: str
    unit_name: str


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A registered question as the templates see it; ``asker_kind`` is a value of ``AskerKind``."""

    code: str
    subject: str
    content: str
    received_at: datetime
    asker_name: str
    asker_kind: str
    asker_address: str
    asker_phone: str
    email: str
    field: str
    items: tuple[ItemView, ...] = ()
    unnamed: bool = False


@dataclass(frozen=True, slots=True)
class OutAttachment:
    """A file to pass on: its name as data, its declared type, its bytes.

    Only files of our own making have ``parameters`` of the type.
    """

    name: str
    type: str
    data: bytes
    parameters: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that makes up one mail: the same draft gives the same bytes.

    ``outbox_id`` (letters and digits) names the mail and becomes the left side of its Message-ID. ``reply_tag``
    and ``bounce_tag`` are subaddress tags ("" = none); ``now`` is aware and becomes the Date.
    """

    notice: Notice
    question: QuestionView | None
    outbox_id: str
    reply_tag: str
    bounce_tag: str
    now: datetime
    attachments: tuple[OutAttachment, ...] = ()


@dataclass(frozen=True, slots=True)
class ComposedMail:
    """A mail ready for the outbox: ``raw`` has CRLF line ends and 7-bit bytes only."""

    message_id: str
    envelope_from: str
    recipient: str
    raw: bytes
    subject: str


REGULATION_2016 = (
    "Quy chế ban hành kèm theo Quyết định số 1374/2016/QĐ-UBND ngày 13/7/2016 của Ủy ban nhân dân thành phố Hải Phòng"
)


@dataclass(frozen=True, slots=True)
class LetterHead:
    """The sender as the templates see it (``letter_head``). ``mailbox`` is the bare official address.

    ``short`` is the name that texts use after the first mention of ``name``; ``display_name`` stands in From.
    ``subaddress`` separates the local part from a tag ("" = the server knows no tags). ``regulation`` is the norm's
    full title as letters cite it. ``prefix`` begins register numbers.
    """

    name: str
    mailbox: str
    display_name: str
    short: str = "Ban Biên tập"
    city: str = "Hải Phòng"
    phone: str = ""
    website: str = ""
    where_to_complain: str = ""
    privacy_contact: str = ""
    privacy_page: str = ""
    subaddress: str = "+"
    regulation: str = REGULATION_2016
    prefix: str = DEFAULT_PREFIX
    clauses: Mapping[str, str] = field(default_factory=dict)
    """Clause id -> its name in the regulation; empty: the numbering of Decision 1374/2016/QĐ-UBND."""
    committee: str = "Ủy ban nhân dân thành phố"
    office: str = "Văn phòng Ủy ban nhân dân thành phố"
    portal: str = "Cổng thông tin điện tử thành phố"
    cited: Mapping[str, str] = field(default_factory=dict)
    """The id of a rule of the profile -> the words that a letter writes after "theo"."""
    laws: Mapping[str, str] = field(default_factory=dict)
    """The laws that letters cite: id -> name."""

    def tagged(self, tag: str) -> str:
        """The mailbox with a tag (RFC 5233), bare where there is no tag or the server knows none."""
        local, _, domain = self.mailbox.rpartition("@")
        return f"{local}{self.subaddress}{tag}@{domain}" if tag and self.subaddress else self.mailbox

    @property
    def domain(self) -> str:
        """The mailbox's domain."""
        return self.mailbox.rpartition("@")[2]


NOTICES: Mapping[str, tuple[str, ...]] = {
    "citizen_received": (),
    "citizen_missing": ("missing",),
    "citizen_forwarded": ("units", "due"),
    "citizen_rejected": ("clause", "reason"),
    "citizen_answered": ("answers",),
    "citizen_late": ("unit_name", "was_due"),
    "citizen_waiting": ("asked", "returned", "moved"),
    "citizen_completed": (),
    "citizen_opinion": (),
    "citizen_repeated": ("other",),
    "unit_forward": ("due",),
    "unit_reminder": ("due",),
    "unit_due_today": ("due",),
    "unit_overdue": ("due",),
    "unit_followup": ("text",),
    "unit_opinion": ("text",),
    "unit_extension_granted": ("until", "told"),
    "unit_extension_refused": (),
    "unit_told": ("kind", "due"),
    "citizen_corrected": ("kind", "unit_name", "text"),
    "citizen_wrong_address": ("received_at",),
    "citizen_asked": ("unit_name", "text"),
    "citizen_reopened": ("unit_name", "due"),
    "office_urge": ("unit_name", "questions"),
    "office_asked": ("unit_name", "due"),
    "officer_review": ("why",),
    "officer_alert": ("what",),
    "officer_done": ("results",),
    "officer_denunciation": (),
    "officer_confirm": ("mail_number", "readers"),
    "officer_held": ("what", "reason", "received_at"),
    "officer_kept": ("received_at",),
    "citizen_file_held": ("times",),
    "citizen_held": ("received_at",),
    "citizen_told": ("received_at", "text"),
    "citizen_address": ("old", "same"),
    "citizen_file": (),
    "unit_held": ("what", "reason", "received_at"),
    "citizen_elsewhere": ("former",),
    "officer_catch_up": ("down_from", "down_to"),
    "citizen_session": ("what",),
    "officer_tell": ("about", "due"),
    "unit_new_due": ("until",),
    "head_approval": ("kind_name", "title", "text"),
    "leader_decision": ("session", "title", "due"),
    "officer_draft": ("kind_name", "title", "signer", "due"),
    "session_paper": ("kind_name", "title"),
    "session_invitation": ("session",),
    "session_changed": ("what", "old_start", "session"),
    "session_marks": ("questions",),
    "session_day": ("session", "day", "lines"),
    "session_choice": ("session", "questions"),
    "session_confirm": ("session", "reason"),
    "session_live": ("session", "what", "questions"),
    "officer_digest": ("day", "sections"),
    "week_unit": ("day", "sections"),
    "citizen_status": ("state",),
    "citizen_states": ("states", "more"),
    "citizen_withdrawal": ("state",),
    "unit_withdrawn": (),
    "citizen_data_request": ("what", "due"),
    "citizen_consent": ("agreed",),
    "citizen_published": ("link",),
    "citizen_data_closed": ("agreed", "text"),
    "office_week": ("day", "sections"),
    "admin_alarm": ("kind", "facts", "machine"),
}
"""Every notice and the values that it requires; the template fails where one is absent."""

DEFAULTS: Mapping[str, object] = {
    "missing": (),
    "remark": "",
    "matter": "",
    "others": "",
    "file_count": 0,
    "forwarded": None,
    "unit": "",
    "under_review": False,
    "first_mail": False,
    "asked": "",
    "where_to_turn": "",
    "remaining": (),
    "parts": (),
    "by": (),
    "stands": (),
    "informs": False,
    "answered": False,
    "added": False,
    "hidden": False,
    "spared": False,
    "kept": False,
    "of_another": False,
    "proposes": False,
    "known": (),
    "reason": "",
    "refused": False,
    "in_session": True,
    "would_leave": "",
    "between": "",
    "danger": "",
    "lost_files": "",
    "attends": False,
    "decide_by": None,
    "unread_since": None,
    "unread_until": None,
    "corrected": False,
    "broken": None,
    "letter": None,
    "by_board": False,
    "instead_of": None,
    "told_before": 0,
    "came_back": False,
    "waiting": None,
    "same_due": False,
    "wish": "",
    "opinion": "",
    "minutes": 0,
    "waits": False,
    "more": False,
    "supports": False,
    "erred": False,
    "unplaced": False,
    "not_moved": (),
    "again": False,
    "answers": (),
    "state": "",
    "summary": (),
    "new_due": None,
    "items": (),
    "role": "lead",
    "lead_unit": None,
    "together": (),
    "was_due": None,
    "had_by": (),
    "other_unit": None,
    "guessed": False,
    "like": None,
    "commands": (),
    "questions": (),
    "days": None,
    "due": None,
    "until": None,
    "text": "",
    "problem": "",
    "kind_name": "",
    "guess": (),
    "mail": None,
    "details": (),
    "received_at": None,
    "asked_at": None,
    "mail_number": "",
    "suspected": False,
    "cause": "",
    "met": (),
    "late": (),
    "session": None,
    "owes": False,
    "session_code": "",
    "after": None,
    "form": "",
    "shown": False,
    "unapproved": False,
    "lacks": "",
    "invited": (),
    "left": 0,
    "question_count": 0,
    "digest": "",
    "ask": "",
    "times": 1,
    "changed": False,
    "lines": (),
    "changes": (),
    "elsewhere": False,
    "done": (),
    "units": (),
    "link": "",
    "old_due": None,
    "number": "",
    "answered_at": None,
    "document": "",
    "signer": "",
    "signer_title": "",
    "unit_mail": "",
    "not_sent_said": False,
    "duty": "",
    "over": False,
}
"""Values that a notice may leave out, and the default that the template then sees."""
