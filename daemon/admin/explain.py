"""``doithoai explain``: what one mail tells by itself, as the object of the stable interface."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from daemon.admin.explain_trace import whole_trace
from daemon.parsing.parse import parse_mail
from rules.law.working_days import city_day
from rules.understand.understand import Knowledge, Understanding, understand
from rules.values.model import Decision, Fate, Kind, ParsedMail, Reply, Verb


class Explainer:
    """Explains files one after another with the same knowledge."""

    def __init__(self, knowledge: Knowledge) -> None:
        self.knowledge = knowledge

    def explain(self, name: str) -> dict[str, Any]:
        """The object of the stable interface for one file."""
        try:
            raw = Path(name).read_bytes()
        except OSError as error:
            return unreadable(name, f"Không đọc được tệp: {error.strerror}")
        mail = parse_mail(raw)
        read = self.read_raw(raw, mail, _day_of(mail))
        told = describe(name, mail, read)
        told["trace"] = list(traced(raw, mail, read))
        return told

    def read_raw(self, _raw: bytes, mail: ParsedMail, on: date) -> Understanding:
        """What the mail tells; with a register, corrected by what that knows (``daemon.admin.explain``)."""
        return self.read(mail, on)

    def close(self) -> None:
        """Nothing is open without a register."""

    def read(self, mail: ParsedMail, on: date) -> Understanding:
        """What the mail alone tells."""
        return understand(mail, self.knowledge, on)


def describe(name: str, mail: ParsedMail, read: Understanding) -> dict[str, Any]:
    """The object of the stable interface (docs: explain)."""
    told: dict[str, Any] = {
        "file": name,
        "kind": read.kind.value,
        "fate": read.fate.value,
        "sender": {"name": mail.sender.name, "email": mail.sender.email},
        "asker": {
            "kind": read.asker.kind.value,
            "name": read.asker.name,
            "address": read.asker.address,
            "phone": read.asker.phone,
        },
        "missing": list(read.asker.missing) if read.kind in {Kind.QUESTION, Kind.OUT_OF_SCOPE} else [],
        "subject": mail.subject,
        "text": read.text.own,
        "attachments": [{"name": one.name, "type": one.type, "size": one.size} for one in mail.attachments],
        "route": [{"unit": one.unit, "score": round(one.score, 4)} for one in read.route.candidates],
        "decision": read.decision.value,
        "clause": read.clause,
        "trace": list(read.trace),
    }
    if read.reply is not None:
        told["reply"] = _reply(read.reply)
    return told


def traced(raw: bytes, mail: ParsedMail, read: Understanding) -> tuple[str, ...]:
    """The trace with how the bytes were read; without that where the bytes are too broken to look at again."""
    try:
        return whole_trace(raw, mail, read)
    except Exception:
        return read.trace


def unreadable(name: str, why: str) -> dict[str, Any]:
    """The line of a file that cannot be read."""
    return {
        "file": name,
        "kind": Kind.UNREADABLE.value,
        "fate": Fate.QUARANTINE.value,
        "sender": {"name": "", "email": ""},
        "asker": {"kind": "individual", "name": "", "address": "", "phone": ""},
        "missing": [],
        "subject": "",
        "text": "",
        "attachments": [],
        "route": [],
        "decision": Decision.NONE.value,
        "clause": "",
        "trace": [why],
    }


def _day_of(mail: ParsedMail) -> date:
    """The day the mail was written, for units and rules of that day; today when it does not say, or lies."""
    today = city_day(datetime.now(UTC))
    written = city_day(mail.date) if mail.date is not None else today
    return written if date(2016, 7, 23) <= written <= today else today


def _reply(reply: Reply) -> dict[str, Any]:
    """``text``: of an answer, what its asker would be sent."""
    return {
        "verb": reply.verb.value,
        "questions": list(reply.questions),
        "unit": reply.unit,
        "until": reply.until.isoformat() if reply.until else "",
        "document": reply.document,
        "text": reply.text if reply.verb is Verb.ANSWER else "",
    }
