"""Judges a finished simulation from the database alone: own days off, own counting, nothing of ``rules``.

Each check gives faults in words; () = every duty met or late with its reason, nothing twice, early, or at night.
"""

from __future__ import annotations

import csv
import email
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

CITY = timedelta(hours=7)
BEFORE = {
    "plan_issued": 15, "plan_approved": 15, "notice_posted": 14, "notice_content": 14,
    "questions_forwarded": 7, "answers_returned": 3, "script_sent": 2, "script_approved": 2,
}  # fmt: skip
AFTER = {"forward_elsewhere": 3, "answer_after_session": 15}
CHASING = {"unit_reminder", "unit_due_today", "unit_overdue", "office_urge", "citizen_late"}
GRACE = timedelta(days=12)
"""A daemon that stood still for ten days says that something is late when it runs again."""


class Oracle:
    """The finished books of one run, which ended at ``now``."""

    def __init__(self, database: Path, table: Path, now: datetime) -> None:
        self.db = sqlite3.connect(database)
        self.db.row_factory = sqlite3.Row
        self.now = now
        lines = [row for row in table.read_text(encoding="utf-8").splitlines() if row and row[0] != "#"]
        rows = list(csv.reader(lines, delimiter="\t"))
        self.off = {row[0] for row in rows if row[2] in {"off", "swapped"}}
        self.worked = {row[0] for row in rows if row[2] == "workday"}

    def close(self) -> None:
        """Done."""
        self.db.close()

    def rows(self, sql: str) -> list[sqlite3.Row]:
        """What a query finds."""
        return self.db.execute(sql).fetchall()

    def is_off(self, day: date) -> bool:
        """Weekend or holiday, unless made up."""
        return str(day) in self.off or (day.weekday() > 4 and str(day) not in self.worked)

    def roll(self, day: date, step: int) -> date:
        """The nearest working day in that direction."""
        while self.is_off(day):
            day += timedelta(days=step)
        return day

    def worked_on(self, day: date, number: int) -> date:
        """So many working days after (or before) a day."""
        for _ in range(abs(number)):
            day = self.roll(day + timedelta(days=1 if number > 0 else -1), 1 if number > 0 else -1)
        return day

    @cached_property
    def sent(self) -> list[sqlite3.Row]:
        """Every mail that left."""
        return self.rows("select * from outbox order by id")

    def faults(self) -> list[str]:
        """Everything that is wrong."""
        checks = (
            self.twice,
            self.at_night,
            self.too_early,
            self.dates,
            self.due_dates,
            self.owed,
            self.told,
            self.left,
        )
        return [fault for check in checks for fault in check()]

    def twice(self) -> Iterator[str]:
        """The same words to the same person about the same thing, whatever the keys say.

        What a person ordered is answered, and the asker told, mail by mail; a unit that gets
        a question back gets it as a new assignment.
        """
        said = Counter(
            (
                row["recipient"],
                row["subject"],
                words(row["bytes"]),
                row["assignment_id"],
                row["raw_mail_id"] if row["name"] in {"officer_done", "citizen_forwarded"} else 0,
            )
            for row in self.sent
        )
        for (recipient, subject, *_), number in said.items():
            if number > 1:
                yield f"{number} times to {recipient}: {subject}"

    def at_night(self) -> Iterator[str]:
        """Chasing leaves on working days from 07:30 to 17:00 (and what was queued then is sent then)."""
        for row in self.sent:
            chase = row["name"] in CHASING or row["key"].startswith(
                ("officer_alert:session:", "officer_alert:approve:")
            )
            if (chase and row["clause"] and row["name"] != "citizen_late") or row["name"] == "office_urge":
                at = instant(row["created_at"]) + CITY
                if self.is_off(at.date()) or not time(7, 30) <= at.time() < time(17, 0):
                    yield f"{row['name']} left at {at} ({row['key']})"

    def too_early(self) -> Iterator[str]:
        """A notice speaks of a due day in its key: none is said before its time."""
        for row in self.sent:
            parts = row["key"].split(":")
            if row["name"] not in CHASING - {"citizen_late"}:
                continue
            due, day = date.fromisoformat(parts[2]), (instant(row["created_at"]) + CITY).date()
            earliest = {
                "unit_reminder": self.worked_on(due, -2),
                "unit_due_today": due,
                "unit_overdue": self.worked_on(due, 1),
                "office_urge": self.worked_on(due, 2),
            }[row["name"]]
            if day < earliest:
                yield f"{row['key']} said on {day}, before {earliest}"

    def dates(self) -> Iterator[str]:
        """Every dated duty of a session, counted again from the day that the session has, or had."""
        for row in self.rows("select duty.*, session.starts_at, session.moves from duty join session on"
                             " session.id = duty.session_id where duty.kind = 'session'"):  # fmt: skip
            due = json.loads(row["due"])
            start = date.fromisoformat(due["start"])
            if row["key"].split(":")[2] == str(row["moves"]) and start != (instant(row["starts_at"]) + CITY).date():
                yield f"{row['key']} counts from {start}"
            rule = due["rule"]
            if rule in BEFORE:
                wanted = self.roll(start - timedelta(days=BEFORE[rule]), -1)
            elif rule in AFTER:
                wanted = self.roll(start + timedelta(days=AFTER[rule]), 1)
            else:
                wanted = self.worked_on(start, 1)
            if due["on"] != str(wanted):
                yield f"{row['key']} is due {due['on']}, counted again {wanted}"

    def due_dates(self) -> Iterator[str]:
        """First forwards: S-3 or S+15 in a session, else 15 days after forwarding; each with its reason."""
        for row in self.rows("select assignment.*, duty.due as told, duty.due_at as until from assignment join duty"
                             " on duty.assignment_id = assignment.id"):  # fmt: skip
            due = json.loads(row["told"])
            if not due["reason"] or due["on"] != row["due_on"]:
                yield f"assignment {row['id']}: {row['due_on']} without its reason"
            if self.is_off(date.fromisoformat(row["due_on"])):
                yield f"assignment {row['id']} is due on a day off: {row['due_on']}"
            if due["rule"] == "answer_no_session":
                start = date.fromisoformat(due["start"])
                if self.roll(start + timedelta(days=15), 1) != date.fromisoformat(due["on"]):
                    yield f"assignment {row['id']}: {due['on']} is not 15 days after {start}"

    def owed(self) -> Iterator[str]:
        """Every duty is met before its instant, or marked late with a reason, or void with what it rested on."""
        for row in self.rows("select * from duty"):
            due, closed = instant(row["due_at"]), row["closed_at"]
            if row["status"] == "met" and instant(closed) >= due:
                yield f"{row['key']} is met at {closed}, due {due}"
            if row["status"] == "late" and not (row["was_late"] and row["why_late"]):
                yield f"{row['key']} is late without a reason"
            if row["status"] == "open" and due + GRACE < self.now and not (row["was_late"] and row["why_late"]):
                yield f"{row['key']} was due {due} and nobody says so"
            if row["status"] == "open" and due > self.now and row["was_late"]:
                yield f"{row['key']} is called late before {due}"

    def told(self) -> Iterator[str]:
        """Who asked has heard: the number, the answer, the reason, the new date."""
        heard: dict[int, set[str]] = {}
        for row in self.sent:
            if row["role"] == "citizen":
                heard.setdefault(row["question_id"], set()).add(row["name"])
        for row in self.rows("select question.*, session.status as stage from question left join session on"
                             " session.id = question.session_id"):  # fmt: skip
            names = heard.get(row["id"], set())
            need = {"citizen_received"}
            if row["status"] == "rejected":
                need.add("citizen_rejected")
            if row["session_mark"] == "g":
                need.add("citizen_forwarded")
            if row["session_mark"] == "i" and row["status"] == "forwarded":
                need.add("citizen_session")
            if row["status"] in {"answered", "approved"} and (row["stage"] is None or row["session_mark"]):
                need |= set() if names & {"citizen_answered", "citizen_session"} else {"citizen_answered"}
            if need - names:
                yield f"{row['code']} ({row['status']}, {row['session_mark']}) has not heard {sorted(need - names)}"
            if row["status"] == "rejected" and not row["outcome"].strip():
                yield f"{row['code']} is rejected without a reason"

    def left(self) -> Iterator[str]:
        """No question lies with nobody: with a unit, an officer, a session, or at its end."""
        for row in self.rows("select * from question where status in ('received', 'needs_review', 'forwarded')"):
            open_ones = self.rows(f"select id from duty where question_id = {row['id']} and status = 'open'")
            if not open_ones:
                yield f"{row['code']} is {row['status']} and nobody owes anything"
        for row in self.rows("select question.code from question join session on session.id = question.session_id"
                             " where session.status = 'cancelled'"):  # fmt: skip
            yield f"{row['code']} hangs on a cancelled session"


def words(raw: bytes) -> str:
    """A mail's text without the line that tells the time."""
    parts = (part for part in email.message_from_bytes(raw).walk() if part.get_content_type() == "text/plain")
    data = next(parts).get_payload(decode=True)
    text = data.decode() if isinstance(data, bytes) else ""
    return "\n".join(line for line in text.splitlines() if "Thời điểm ghi nhận" not in line)


def instant(text: str) -> datetime:
    """A stored instant, which is UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
