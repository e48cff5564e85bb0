"""The numbers of two cities, written out by hand, and of any other read from its file: nothing of ``rules``."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from pathlib import Path


@dataclass(frozen=True, slots=True)
class City:
    """``before`` and ``after``: days from the session by rule; ``answer``: days after forwarding without a session.

    ``working``: those are working days. ``late``: working days for the new date of a late answer; ``at_once``:
    after so many working days "ngay" is late. Chasing in working days around the due day.
    """

    before: Mapping[str, int]
    after: Mapping[str, int]
    answer: int
    late: int
    at_once: int
    working: bool
    opens: time
    closes: time
    reminded: int
    overdue: int
    urged: int
    told: int
    approve: Mapping[str, int]
    """How many people must approve a paper, by its kind."""
    decree: str
    late_working: bool = True
    """False: the days of ``late`` are calendar days."""


HAI_PHONG = City(
    before={
        "plan_issued": 15,
        "plan_approved": 15,
        "notice_posted": 14,
        "notice_content": 14,
        "questions_forwarded": 7,
        "answers_returned": 3,
        "script_sent": 2,
        "script_approved": 2,
    },
    after={"forward_elsewhere": 3, "answer_after_session": 15},
    answer=15,
    late=5,
    at_once=1,
    working=False,
    opens=time(7, 30),
    closes=time(17, 0),
    reminded=2,
    overdue=1,
    urged=2,
    told=1,
    approve={"plan": 1, "notice": 1, "script": 1, "answer": 1},
    decree="1374/2016/QĐ-UBND",
)
SONG_TIEN = City(
    before={
        "plan_issued": 10,
        "plan_approved": 10,
        "notice_posted": 9,
        "notice_content": 9,
        "questions_forwarded": 6,
        "answers_returned": 4,
        "script_sent": 1,
        "script_approved": 1,
    },
    after={"forward_elsewhere": 2, "answer_after_session": 8},
    answer=12,
    late=6,
    at_once=2,
    working=True,
    opens=time(8, 0),
    closes=time(16, 30),
    reminded=3,
    overdue=2,
    urged=3,
    told=2,
    approve={"plan": 2, "notice": 1, "script": 1, "answer": 2},
    decree="27/2024/QĐ-UBND",
)
APPROVAL_RULES = {
    "plan": "plan_approved",
    "notice": "notice_content",
    "script": "script_approved",
    "answer": "review_before_posting",
}


def read_city(file: Path) -> City:
    """The numbers of a profile file, read here a second time."""
    data = tomllib.loads(file.read_text("utf-8"))
    rules = {one["id"]: one for one in data["rule"]}
    counted = {name: one["days"] for name, one in rules.items() if one.get("session") and "days" in one}
    before = {name: days for name, days in counted.items() if rules[name]["direction"] == "before"}
    chase = data["reminders"]
    return City(
        before=before,
        after={name: days for name, days in counted.items() if name not in before},
        answer=rules["answer_no_session"]["days"],
        late=rules["late_answer"]["days"],
        at_once=data["options"]["at_once_late_working_days"],
        working=data["options"]["day_unit"] == "working_days",
        opens=data["send_window"]["from"],
        closes=data["send_window"]["to"],
        reminded=max(chase["before_due"]),
        overdue=min(chase["after_due"]),
        urged=chase["escalate_after"],
        told=chase["citizen_after"],
        approve={kind: len(rules.get(rule, {}).get("approves", ["head"])) for kind, rule in APPROVAL_RULES.items()},
        decree=data["instrument"].split("Quyết định số ")[1].split()[0],
        late_working=rules["late_answer"].get("unit", data["options"]["day_unit"]) == "working_days",
    )
