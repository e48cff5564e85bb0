"""``doithoai explain``: what would happen to a mail and why. No side effect; no configuration needed."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from daemon.explain_trace import whole_trace
from daemon.mailin.parse import parse_mail
from rules.calendar import city_day
from rules.loader import Source, load_units
from rules.model import Decision, Fate, Kind, ParsedMail, Reply, Verb
from rules.routing import load_routing
from rules.understand import Knowledge, Understanding, understand


def add(subparsers: Any) -> None:
    """Register the command."""
    text = "what would happen to this mail, and why"
    parser = subparsers.add_parser("explain", help=text, description=f"{text.capitalize()}.")
    parser.add_argument("files", metavar="FILE.eml", nargs="+", help="raw mails as files")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, per file")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Explain each file in its order; a file that cannot be read gets its line too."""
    explainer = _with_register(args.config) if args.config else Explainer(_knowledge())
    for name in args.files:
        told = explainer.explain(name)
        text = json.dumps(told, ensure_ascii=False) if args.json else in_words(told)
        sys.stdout.write(text + "\n")
    explainer.close()
    return 0


def _knowledge() -> Knowledge:
    source = Source()
    return Knowledge(load_units(source), load_routing(source), {})


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
        """What the mail tells; with a register, corrected by what that knows (``daemon.explain_register``)."""
        return self.read(mail, on)

    def close(self) -> None:
        """Nothing is open without a register."""

    def read(self, mail: ParsedMail, on: date) -> Understanding:
        """What the mail alone tells."""
        return understand(mail, self.knowledge, on)


def traced(raw: bytes, mail: ParsedMail, read: Understanding) -> tuple[str, ...]:
    """The trace with how the bytes were read; without that where the bytes are too broken to look at again."""
    try:
        return whole_trace(raw, mail, read)
    except Exception:
        return read.trace


def _day_of(mail: ParsedMail) -> date:
    """The day the mail was written, for units and rules of that day; today when it does not say, or lies."""
    today = city_day(datetime.now(UTC))
    written = city_day(mail.date) if mail.date is not None else today
    return written if date(2016, 7, 23) <= written <= today else today


def _with_register(config: Path) -> Explainer:
    from daemon.explain_register import RegisterExplainer

    return RegisterExplainer(config)


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


def _reply(reply: Reply) -> dict[str, Any]:
    return {
        "verb": reply.verb.value,
        "questions": list(reply.questions),
        "unit": reply.unit,
        "until": reply.until.isoformat() if reply.until else "",
        "document": reply.document,
    }


def in_words(told: dict[str, Any]) -> str:
    """The same for a person at a terminal."""
    lines = [f"{told['file']}: {told['kind']} -> {told['fate']}"]
    lines += [f"  from     {told['sender']['name']} <{told['sender']['email']}>", f"  subject  {told['subject']}"]
    asker = told["asker"]
    if asker["name"] or asker["address"] or asker["phone"]:
        lines.append(f"  asker    {' | '.join(asker[key] or '–' for key in ('name', 'address', 'phone'))}")
    if told["missing"]:
        lines.append(f"  missing  {', '.join(told['missing'])}")
    if told["route"]:
        guess = ", ".join(f"{one['unit']} {one['score']:.0%}" for one in told["route"])
        lines.append(f"  route    {told['decision']}: {guess}")
    if (reply := told.get("reply")) and reply["verb"] != Verb.NONE.value:
        lines.append("  reply    " + " ".join(f"{key}={value}" for key, value in reply.items() if value))
    return "\n".join([*lines, *(f"  - {step}" for step in told["trace"])])
