"""Which notices there are, and what a template may expect beside ``question``, ``house`` and ``recipient``."""

from __future__ import annotations

from collections.abc import Mapping

NOTICES: Mapping[str, tuple[str, ...]] = {
    "citizen_received": (),
    "citizen_missing": ("missing",),
    "citizen_forwarded": ("units", "due"),
    "citizen_rejected": ("clause", "reason"),
    "citizen_answered": ("answers",),
    "citizen_late": ("unit_name", "was_due"),
    "citizen_completed": (),
    "unit_forward": ("due",),
    "unit_reminder": ("due",),
    "unit_due_today": ("due",),
    "unit_overdue": ("due",),
    "unit_followup": ("text",),
    "unit_extension_granted": ("until",),
    "unit_extension_refused": (),
    "unit_corrected": (),
    "office_urge": ("unit_name", "questions"),
    "officer_review": ("why",),
    "officer_alert": ("what",),
    "officer_done": ("results",),
    "officer_denunciation": (),
    "officer_catch_up": ("down_from", "down_to"),
}
"""Every notice and the values without which it makes no sense; the template fails where one is absent."""

DEFAULTS: Mapping[str, object] = {
    "missing": (),
    "forwarded": None,
    "unit": "",
    "under_review": False,
    "first_mail": False,
    "asked": "",
    "where_to_turn": "",
    "remaining": (),
    "reason": "",
    "new_due": None,
    "items": (),
    "role": "lead",
    "lead_unit": None,
    "guessed": False,
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
    "mail_number": "",
    "cause": "",
    "met": (),
    "late": (),
}
"""What a notice may leave out, and what the template then sees."""
