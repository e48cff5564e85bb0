"""Judges a finished simulation from the database alone: own days off, own counting, nothing of ``rules``.

Each check gives faults in words; () = every duty met or late with its reason, nothing twice, early, or at night.
"""

import csv
import email
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path

from tests.simulation.cities import HAI_PHONG, City

CITY = timedelta(hours=7)
CHASING = {"unit_reminder", "unit_due_today", "unit_overdue", "office_urge", "citizen_late"}
OVERVIEWS = {"officer_digest", "office_week", "week_unit"}
ALARMS = tuple(f"officer_alert:{kind}:" for kind in ("session", "approve", "review", "refused"))
DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
DECREE = re.compile(r"\d+/\d{4}/QĐ-UBND")
OF_A_MAIL = {"officer_done", "officer_alert", "citizen_forwarded", "unit_told"}
"""What answers one mail, or tells of it: two mails of the same words have two such answers."""
GRACE = timedelta(days=12)
"""A daemon that stood still for ten days says that something is late when it runs again."""


class Oracle:
    """The finished books of one run, which ended at ``now``."""

    def __init__(self, database: Path, table: Path, now: datetime, city: City = HAI_PHONG) -> None:
        self.city = city
        self.db = sqlite3.connect(database)
        self.db.row_factory = sqlite3.Row
        self.now = now
        lines = [row for row in table.read_text("utf-8").splitlines() if row and row[0] != "#"]
        rows = list(csv.reader(lines, delimiter="\t"))
        self.off = {row[0] for row in rows if row[2] in {"off", "swapped"}}
        self.worked = {row[0] for row in rows if row[2] == "workday"}

    def close(self) -> None:
        self.db.close()

    def rows(self, sql: str) -> list[sqlite3.Row]:
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

    def counted(self, day: date, number: int) -> date:
        """So many of the city's days after (or before) a day, off a day off."""
        if self.city.working:
            return self.worked_on(day, number)
        return self.roll(day + timedelta(days=number), 1 if number > 0 else -1)

    def late_until(self, day: date) -> date:
        """The new date of an answer that was due on a day."""
        if self.city.late_working:
            return self.worked_on(day, self.city.late)
        return self.roll(day + timedelta(days=self.city.late), 1)

    @cached_property
    def sent(self) -> list[sqlite3.Row]:
        """Every mail that left."""
        return self.rows("select * from outbox join outbox_content on outbox_id = id order by id")

    def faults(self) -> list[str]:
        checks = (
            self.twice,
            self.at_night,
            self.too_early,
            self.dates,
            self.due_dates,
            self.owed,
            self.told,
            self.chased,
            self.approved,
            self.cited,
            self.left,
        )
        return [fault for check in checks for fault in check()]

    def twice(self) -> Iterator[str]:
        """The same words to the same person, whatever the keys and assignments say.

        What a person ordered is answered, and what one wrote is told on, mail by mail. A unit gets a question again
        only after it has given it back, and its asker hears so again.
        """
        said = Counter(
            (
                row["recipient"],
                row["subject"],
                words(row["bytes"]),
                row["raw_mail_id"] if row["name"] in OF_A_MAIL else 0,
                row["assignment_id"] if row["name"] == "unit_forward" else 0,
            )
            for row in self.sent
        )
        for (recipient, subject, *_), number in said.items():
            if number > 1:
                yield f"{number} times to {recipient}: {subject}"
        for row in self.rows(
            "select a.id, a.unit from assignment a join assignment b on a.question_id = b.question_id"
            " and a.item = b.item and a.unit = b.unit and a.id < b.id where a.status in ('forwarded', 'answered')"
        ):
            yield f"assignment {row['id']}: {row['unit']} has the same item twice"

    def at_night(self) -> Iterator[str]:
        """What the clock alone brings leaves on working days within the sending hours."""
        for row in self.sent:
            alarm = row["key"].startswith(ALARMS)
            if row["raw_mail_id"] is not None or not (alarm or row["name"] in CHASING | OVERVIEWS):
                continue
            at = instant(row["created_at"]) + CITY
            if self.is_off(at.date()) or not self.city.opens <= at.time() < self.city.closes:
                yield f"{row['name']} left at {at} ({row['key']})"

    def too_early(self) -> Iterator[str]:
        """A notice speaks of a due day in its key: none is said before its time, and a day told is kept to."""
        promised: dict[tuple[str, str, str], date] = {}
        for row in self.sent:
            if row["name"] not in CHASING or row["raw_mail_id"] is not None:
                continue
            due, day = date.fromisoformat(case_of(row)[2]), (instant(row["created_at"]) + CITY).date()
            earliest = {
                "unit_reminder": self.worked_on(due, -self.city.reminded),
                "unit_due_today": due,
                "unit_overdue": self.worked_on(due, self.city.overdue),
                "office_urge": self.worked_on(due, self.city.urged),
                "citizen_late": self.worked_on(due, self.city.told),
            }[row["name"]]
            if day < earliest:
                yield f"{row['key']} said on {day}, before {earliest}"
            if row["name"] == "citizen_late":
                new = self.late_until(due)
                new = new if new > day else self.late_until(day)
                before = promised.get(case_of(row), due)
                new = promised[case_of(row)] = before if before >= day else new
                if new not in days_in(words(row["bytes"])):
                    yield f"{row['key']} does not name the new date {new}"

    def dates(self) -> Iterator[str]:
        """Every dated duty of a session, counted again from the day that the session has, or had."""
        for row in self.rows("select duty.*, session.starts_at, session.moves from duty join session on"
                             " session.id = duty.session_id where duty.kind = 'session'"):  # fmt: skip
            due = json.loads(row["due"])
            start = date.fromisoformat(due["start"])
            if row["key"].split(":")[2] == str(row["moves"]) and start != (instant(row["starts_at"]) + CITY).date():
                yield f"{row['key']} counts from {start}"
            rule = due["rule"]
            if rule in self.city.before:
                wanted = self.counted(start, -self.city.before[rule])
            elif rule in self.city.after:
                wanted = self.counted(start, self.city.after[rule])
            else:
                wanted = self.worked_on(start, self.city.at_once)
            if due["on"] != str(wanted):
                yield f"{row['key']} is due {due['on']}, counted again {wanted}"

    def due_dates(self) -> Iterator[str]:
        """Every due date has its reason; where no session is pending the city's days are counted from forwarding."""
        for row in self.rows("select assignment.*, duty.due as told, duty.due_at as until from assignment join duty"
                             " on duty.assignment_id = assignment.id"):  # fmt: skip
            due = json.loads(row["told"])
            if not due["reason"] or due["on"] != row["due_on"]:
                yield f"assignment {row['id']}: {row['due_on']} without its reason"
            if self.is_off(date.fromisoformat(row["due_on"])):
                yield f"assignment {row['id']} is due on a day off: {row['due_on']}"
            if due["rule"] == "answer_no_session":
                start = date.fromisoformat(due["start"])
                if self.counted(start, self.city.answer) != date.fromisoformat(due["on"]):
                    yield f"assignment {row['id']}: {due['on']} is not {self.city.answer} days after {start}"

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

    def chased(self) -> Iterator[str]:
        """A unit that owed for long was told so, its Office was, and so was who asked."""
        said = {case_of(row) for row in self.sent if row["name"] in CHASING}
        for row in self.rows("select * from assignment where status in ('forwarded', 'answered') and role = 'lead'"):
            due = date.fromisoformat(row["due_on"])
            until = instant(row["answered_at"]) if row["answered_at"] else self.now
            opens = (instant(row["forwarded_at"]) + CITY).date()
            if opens > due or (until - GRACE).date() <= self.worked_on(due, self.city.urged):
                continue
            for name in ("unit_overdue", "office_urge", "citizen_late"):
                owing = row["unit"] if name == "office_urge" else str(row["id"])  # one for all of a day
                if (name, owing, row["due_on"]) not in said:
                    yield f"assignment {row['id']} was due {due}, open until {until}, and nobody said {name}"

    def approved(self) -> Iterator[str]:
        """A paper is approved by as many people as the city wants, of one text, and before it is used."""
        for row in self.rows("select paper.id, paper.kind, paper.digest, count(distinct approval.person) as people"
                             " from paper left join approval on approval.paper_id = paper.id"
                             " and approval.status = 'approved' and approval.digest = paper.digest"
                             " where paper.status = 'approved' and paper.kind <> 'proposal'"
                             " group by paper.id"):  # fmt: skip
            if row["people"] != self.city.approve.get(row["kind"], 1):
                yield f"paper {row['id']} ({row['kind']}) is approved by {row['people']}"
        planned = "select session_id from paper where kind = 'plan' and status = 'approved'"
        early = "'proposed', 'topic_approved', 'cancelled'"
        for row in self.rows(f"select code from session where status not in ({early}) and id not in ({planned})"):
            yield f"session {row['code']} goes on without an approved plan"
        for row in self.rows("select code, form from session where status not in ('proposed', 'cancelled')"):
            if not json.loads(row["form"])["decided"]:
                yield f"session {row['code']} goes on without the leader's decision"

    def cited(self) -> Iterator[str]:
        """No mail of ours cites another city's decision (nothing that people wrote in this world cites one)."""
        for row in self.sent:
            for number in DECREE.findall(words(row["bytes"])):
                if number != self.city.decree:
                    yield f"{row['key']} cites {number}"

    def left(self) -> Iterator[str]:
        """No question lies with nobody: with a unit, an officer, a session, or at its end. No mail is given up."""
        for row in self.rows("select id, reason from raw_mail where status = 'quarantined'"):
            yield f"mail {row['id']} is quarantined: {row['reason']}"
        for row in self.rows("select * from question where status in ('received', 'needs_review', 'forwarded')"):
            open_ones = self.rows(f"select id from duty where question_id = {row['id']} and status = 'open'")
            if not open_ones:
                yield f"{row['code']} is {row['status']} and nobody owes anything"
        for row in self.rows("select question.code from question join session on session.id = question.session_id"
                             " where session.status = 'cancelled'"):  # fmt: skip
            yield f"{row['code']} hangs on a cancelled session"


def case_of(row: sqlite3.Row) -> tuple[str, str, str]:
    """Name, assignment and due day of a chasing mail, by its key; the citizen's names the question before."""
    parts = row["key"].split(":")
    assignment, due = parts[2:4] if row["role"] == "citizen" else parts[1:3]
    return row["name"], assignment, due


def days_in(text: str) -> set[date]:
    """Every day/month/year of a text."""
    return {date(int(year), int(month), int(day)) for day, month, year in DAY.findall(text)}


@cache
def words(raw: bytes) -> str:
    """A mail's text without the line that tells the time; most checks ask for those of every mail."""
    parts = (part for part in email.message_from_bytes(raw).walk() if part.get_content_type() == "text/plain")
    data = next(parts).get_payload(decode=True)
    text = data.decode() if isinstance(data, bytes) else ""
    return "\n".join(line for line in text.splitlines() if "Thời điểm ghi nhận" not in line)


def instant(text: str) -> datetime:
    """A stored instant, which is UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
