"""The regulation as data: complete, every fault told in one clear line, and another city's by its file alone."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from rules.law.day_counting import DayUnit, Direction, Limit, Roll
from rules.law.deadlines import question_due, session_duties
from rules.law.profile import clause_words
from rules.law.profile_file import load_profile
from rules.law.working_days import load_calendar
from rules.values.data_file import SHIPPED, DataFileError, Source

PROFILE = load_profile()
TEXT = (SHIPPED / "profiles" / "hp-1374-2016.toml").read_text("utf-8")
BEFORE_DUE = next(line for line in TEXT.splitlines() if line.startswith("before_due = "))
"""The shipped line, whatever its days are: the city may have changed them."""


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Source]:
    """Writes the shipped profile with some texts replaced as ``profiles/thu.toml`` of an operator's folder."""

    def write(*replacements: tuple[str, str]) -> Source:
        text = TEXT
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new)
        (tmp_path / "profiles").mkdir(exist_ok=True)
        (tmp_path / "profiles" / "thu.toml").write_text(text, encoding="utf-8")
        return Source(tmp_path)

    return write


CLAUSES = {
    "1.2",
    "4",
    "21.2",
    "5.3",
    "6.1",
    "6.2",
    "7.1",
    "7.2",
    "8.2",
    "8.3",
    "11.4",
    "9.1",
    "9.2",
    "9.3",
    "10.1.a",
    "10.1.b",
    "10.1.c",
    "10.1.d",
    "10.1.đ",
    "10.1.e",
    "10.1.g",
    "10.1.h",
    "10.1.i",
    "10.1.k",
    "10.1.l",
    "10.2",
    "11.6",
    "15.2",
    "15.3",
    "16.1",
    "16.2",
    "21.1",
    "22",
    "23",
}


def test_every_obligation_has_a_rule() -> None:
    held = {clause for rule in PROFILE.rules for clause in (rule.clause, *rule.also)}
    assert held - {"24"} == CLAUSES, "24 asks for proposals; it sets no date"


@pytest.mark.shared
def test_the_clauses_are_those_of_the_obligations(shared: Path) -> None:
    text = (shared / "regulation" / "obligations.md").read_text("utf-8")
    table = text.split("## Obligations", 1)[1].split("\n## ", 1)[0]
    cells = re.findall(r"^\| ([0-9][^|]*) \|", table, flags=re.MULTILINE)
    assert {clause.strip() for cell in cells for clause in cell.split(",")} == CLAUSES


@pytest.mark.parametrize(
    ("rule_id", "clause", "days", "direction"),
    [
        ("plan_issued", "10.1.a", 15, Direction.BEFORE),
        ("notice_posted", "10.1.b", 14, Direction.BEFORE),
        ("questions_forwarded", "10.1.c", 7, Direction.BEFORE),
        ("answers_returned", "10.1.d", 3, Direction.BEFORE),
        ("script_sent", "10.1.đ", 2, Direction.BEFORE),
        ("forward_elsewhere", "10.1.g", 3, Direction.AFTER),
        ("answer_after_session", "10.1.i", 15, Direction.AFTER),
    ],
)
def test_the_dated_clauses(rule_id: str, clause: str, days: int, direction: Direction) -> None:
    rule = PROFILE.rule(rule_id)
    assert (rule.clause, rule.days, rule.direction, rule.basis) == (clause, days, direction, "text")
    roll = Roll.PREVIOUS if direction is Direction.BEFORE else Roll.NEXT
    assert PROFILE.limit(rule) == Limit(days, direction, DayUnit.CALENDAR, roll)


@pytest.mark.parametrize(
    "rule_id",
    ["plan_issued", "notice_posted", "script_sent", "script_approved", "answer_after_session", "live_question"],
)
def test_the_head_approves(rule_id: str) -> None:
    assert PROFILE.rule(rule_id).approves == ("head",)


@pytest.mark.parametrize("rule_id", ["tell_outside_city", "tell_unanswered", "tell_complaint", "register"])
def test_an_officer_confirms(rule_id: str) -> None:
    assert PROFILE.rule(rule_id).confirmed_by == ("officer",)
    assert PROFILE.rule(rule_id).at_once


def test_a_rule_cites_its_norm() -> None:
    assert PROFILE.cite(PROFILE.rule("forward_elsewhere")) == (
        "điểm g khoản 1 Điều 10 Quy chế ban hành kèm theo Quyết định số 1374/2016/QĐ-UBND ngày 13/7/2016"
    )
    assert PROFILE.cite(PROFILE.rule("answer_no_session")).startswith("vận dụng điểm i khoản 1 Điều 10")


@pytest.mark.parametrize(
    ("clause", "words"),
    [("10.1.đ", "điểm đ khoản 1 Điều 10"), ("8.2", "khoản 2 Điều 8"), ("22", "Điều 22"), ("10.1.5", "10.1.5")],
)
def test_clauses_in_words(clause: str, words: str) -> None:
    assert clause_words(clause) == words


def test_rules_that_are_not_there() -> None:
    with pytest.raises(ValueError, match="no rule 'xyz'"):
        PROFILE.rule("xyz")
    with pytest.raises(ValueError, match="counts no days"):
        question_due("session_length", date(2026, 3, 3), PROFILE, load_calendar())


FAULTS = [
    (('id = "script_sent"\nclause = "10.1.đ"', 'id = "script_sent"\nclause = "10.1.5"'), "clause.*10.1.5"),
    (('days = 15\nsession = true\napproves = ["head"]', 'days = -1\napproves = ["head"]'), "days: must be 0 to 366"),
    (("\ndays = 15", '\ndays = "15"'), r"plan_issued \(clause 10.1.a\): days: should be a valid integer, is '15'"),
    (("days = 14", "days = true"), r"notice_posted \(clause 10.1.b\): days: should be"),
    (('direction = "before"', 'direction = "ago"'), r"plan_issued \(clause 10.1.a\): direction: should be"),
    (("days = 7", "dais = 7"), r"questions_forwarded \(clause 10.1.c\): dais: unknown key; did you mean days\?"),
    (("days = 3\nsession", 'days = 3\nroll = "next"\nsession'), "answers_returned.*roll: next would break"),
    (('by = "portal"', 'by = "mayor"'), r"notice_posted .*by: unknown role 'mayor'"),
    (('approves = ["unit_leader"]', 'approves = ["x"]'), r"answers_returned .*approves: unknown role 'x'"),
    (('event = "complaint"', 'event = "x"'), r"tell_complaint .*event: unknown event 'x'"),
    (('event = "breach"\n', ""), r"data_breach .*event: missing"),
    (('yearly = ["06-15"]', 'yearly = ["06-31"]'), r"half_year_report .*yearly: not a day"),
    (('yearly = ["12-20"]', 'yearly = ["02-29"]'), r"annual_review .*yearly: not a day"),
    (('id = "annual_report"', 'id = "half_year_report"'), r"half_year_report \(clause 22\): id: stands twice"),
    (('id = "late_answer"', 'id = "later_answer"'), "rule late_answer: missing"),
    (("days = 5\nunit", "days = 5\nat_once = true\nunit"), "late_answer .*exclude each other"),
    (('clause = "16.2"\nduty', "duty"), r"office_urges \(clause missing\): clause: missing"),
    (('roll_before = "previous"', 'roll_before = "next"'), "options.roll_before: should be"),
    (("minutes_min = 90", "minutes_min = 130"), "minutes_min"),
    (("minutes_max = 120\n", ""), "sessions.minutes_max: missing"),
    (
        ("city_every_months", "city_every_month"),
        "sessions.city_every_month: unknown key; did you mean city_every_months",
    ),
    (("to = 11:30:00", "to = 07:00:00"), "working_hours.spans: from must be before to"),
    (("from = 13:00:00", "from = 11:00:00"), "working_hours.spans: spans must follow"),
    ((BEFORE_DUE, "before_due = [0]"), "reminders: working days must be at least 1"),
    (('title = "', 'titel = "'), "title|titel"),
    (("valid_from = 2016-07-23", 'valid_from = "soon"'), "valid_from: should be a valid date"),
    ((BEFORE_DUE, "before_due = [1000000000]"), "reminders: working days must be at most 366, is 1000000000"),
    (("minutes_max = 120", "minutes_max = 12000"), "sessions: minutes_max must be at most 1440, is 12000"),
    (('roll_before = "previous"', 'roll_before = "next"'), r"should be 'previous' or 'none', is 'next'$"),
    (('[roles]\ncitizen = "', "[roles]\ncitizen = "), "thu.toml"),
]


@pytest.mark.parametrize(("replacement", "message"), FAULTS)
def test_a_fault_names_its_place(changed: Callable[..., Source], replacement: tuple[str, str], message: str) -> None:
    with pytest.raises(DataFileError, match=message) as caught:
        load_profile("thu", changed(replacement))
    assert str(caught.value).startswith("profiles/thu.toml: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["../secret", "", "A", "a/b", "nowhere"])
def test_only_names_of_profiles_are_looked_up(name: str) -> None:
    with pytest.raises(DataFileError):
        load_profile(name)


def test_a_second_city_is_another_file(changed: Callable[..., Source]) -> None:
    """Working days throughout, the plan at S-10 with two approvers: no line of code changes."""
    source = changed(
        ('day_unit = "calendar_days"', 'day_unit = "working_days"'),
        ("days = 15\nsession = true\napproves", "days = 10\nsession = true\napproves"),
        (
            'approves = ["head"]\ntells = ["unit"]\ndocument = "plan"',
            'approves = ["head", "chairman"]\ndocument = "plan"',
        ),
        ('instrument = "Quy chế', 'instrument = "Quy định thử'),
    )
    profile, calendar = load_profile("thu", source), load_calendar(source)
    plan = session_duties(date(2026, 11, 26), profile, calendar)[0]
    assert profile.rule("plan_issued").approves == ("head", "chairman")
    assert (plan.on, plan.rolled) == (date(2026, 11, 11), False)  # 24/11 and two weekends are not counted
    assert "10 ngày làm việc" in plan.reason
    assert "Quy định thử" in plan.reason
    assert question_due("forward_no_session", date(2026, 2, 13), profile, calendar).on == date(2026, 2, 25)
    assert load_profile("hp-1374-2016", source) == PROFILE


@pytest.mark.parametrize(
    ("option", "session", "rule", "on"),
    [
        (('roll_before = "previous"', 'roll_before = "none"'), "2026-11-26", "script_sent", "2026-11-24"),
        (('roll_after = "next"', 'roll_after = "none"'), "2026-11-26", "forward_elsewhere", "2026-11-29"),
        (("clear_days = false", "clear_days = true"), "2026-11-26", "questions_forwarded", "2026-11-18"),
        (("swapped_days_off = true", "swapped_days_off = false"), "2026-09-14", "notice_posted", "2026-08-31"),
        (("late_working_days = 1", "late_working_days = 2"), "2026-11-26", "tell_unanswered", "2026-11-30"),
    ],
)
def test_each_option_changes_its_date(
    changed: Callable[..., Source], option: tuple[str, str], session: str, rule: str, on: str
) -> None:
    profile, calendar = load_profile("thu", changed(option)), load_calendar()
    plans = [session_duties(date.fromisoformat(session), one, calendar) for one in (profile, PROFILE)]
    new, default = ({duty.rule: duty.on.isoformat() for duty in plan} for plan in plans)
    assert new[rule] == on
    assert default[rule] != on
