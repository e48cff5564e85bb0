"""What each clause of Decision 1374/2016 says in the shipped profile: who approves, who is told, what is at once."""

from dataclasses import asdict

import pytest

from rules.law.profile_file import load_profile

PROFILE = load_profile()

APPROVERS = [
    ("5.3", "notice_content", ("head",)),
    ("6.1", "session_frequency", ("city",)),
    ("7.1", "chair_city", ("chairman",)),
    ("7.2", "chair_unit", ("unit_leader",)),
    ("9.2", "plan_approved", ("head",)),
    ("9.3", "script_approved", ("head",)),
    ("10.1.a", "plan_issued", ("head",)),
    ("10.1.b", "notice_posted", ("head",)),
    ("10.1.c", "questions_forwarded", ()),
    ("10.1.d", "answers_returned", ("unit_leader",)),
    ("10.1.đ", "script_sent", ("head",)),
    ("10.1.g", "forward_elsewhere", ()),
    ("10.1.i", "answer_after_session", ("head",)),
    ("10.1.l", "live_question", ("head",)),
    ("10.2", "review_before_posting", ("head",)),
    ("11.6", "annual_review", ("head",)),
    ("15.3", "unit_asks_city", ("city",)),
    ("16.1", "quarterly_plan", ("head",)),
]


@pytest.mark.parametrize(("clause", "rule_id", "approvers"), APPROVERS)
def test_who_approves(clause: str, rule_id: str, approvers: tuple[str, ...]) -> None:
    rule = PROFILE.rule(rule_id)
    assert (rule.clause, rule.approves) == (clause, approvers)


@pytest.mark.parametrize(
    ("rule_id", "told"),
    [
        ("tell_complaint", "citizen"),
        ("register", "citizen"),
        ("asker_data", "citizen"),
        ("notice_posted", "citizen"),
        ("questions_forwarded", "unit"),
        ("answers_returned", "board"),
        ("script_sent", "unit"),
        ("forward_elsewhere", "unit"),
        ("forward_elsewhere", "citizen"),
        ("tell_forwarded", "citizen"),
        ("tell_outside_city", "citizen"),
        ("answer_after_session", "citizen"),
        ("answer_after_session", "portal"),
        ("tell_unanswered", "citizen"),
        ("unit_asks_city", "board"),
        ("office_urges", "office"),
        ("office_urges", "unit_leader"),
        ("late_answer", "citizen"),
        ("half_year_report", "city"),
        ("annual_report", "city"),
        ("evidence", "city"),
    ],
)
def test_who_is_told(rule_id: str, told: str) -> None:
    assert told in PROFILE.rule(rule_id).tells


@pytest.mark.parametrize(
    ("clause", "rule_id", "event"),
    [
        ("1.2", "tell_complaint", "complaint"),
        ("8.2", "register", "receipt"),
        ("10.1.c", "late_question", "receipt"),
        ("10.1.g", "tell_forwarded", "forwarded"),
        ("10.1.h", "tell_outside_city", "receipt"),
        ("10.1.k", "tell_unanswered", "session_end"),
    ],
)
def test_what_is_at_once(clause: str, rule_id: str, event: str) -> None:
    rule = PROFILE.rule(rule_id)
    assert (rule.clause, rule.at_once, rule.event) == (clause, True, event)


@pytest.mark.parametrize("rule_id", ["questions_forwarded", "late_question", "notice_content", "live_question"])
def test_what_goes_on_until_the_session_ends(rule_id: str) -> None:
    assert PROFILE.rule(rule_id).until == "session_end"


@pytest.mark.parametrize(
    ("clause", "rule_id", "actor"),
    [
        ("4", "scope_question", "officer"),
        ("9.1", "select_questions", "board"),
        ("10.1.e", "official_mail", "board"),
        ("15.2", "unit_responsible", "unit_leader"),
        ("16.2", "office_urges", "office"),
        ("21.1", "asker_data", "citizen"),
        ("8.3", "personal_data", "board"),
        ("23", "evidence", "board"),
    ],
)
def test_who_acts(clause: str, rule_id: str, actor: str) -> None:
    assert (PROFILE.rule(rule_id).clause, PROFILE.rule(rule_id).by) == (clause, actor)


@pytest.mark.parametrize(
    ("clause", "rule_id", "days"),
    [
        ("16.1", "quarterly_plan", ("03-20", "06-20", "09-20", "12-20")),
        ("22", "half_year_report", ("06-15",)),
        ("22", "annual_report", ("12-15",)),
        ("11.6", "annual_review", ("12-20",)),
    ],
)
def test_what_comes_back_every_year(clause: str, rule_id: str, days: tuple[str, ...]) -> None:
    rule = PROFILE.rule(rule_id)
    assert (rule.clause, rule.yearly, rule.basis) == (clause, days, "default")


def test_how_often_and_how_long() -> None:
    """6.1 and 6.2."""
    assert asdict(PROFILE.sessions) == {
        "city_every_months": 6,
        "unit_every_months": 2,
        "unit_in_city_month": False,
        "ad_hoc_needs_direction": True,
        "minutes_min": 90,
        "minutes_max": 120,
        "draft_days_before": 7,
        "missing_warned_days": 30,
    }


def test_the_defaults_where_the_text_is_silent() -> None:
    options = {key: str(value) for key, value in asdict(PROFILE.options).items()}
    assert options == {
        "day_unit": "calendar_days",
        "roll_before": "previous",
        "roll_after": "next",
        "clear_days": "False",
        "swapped_days_off": "True",
        "at_once_alarm_working_hours": "4",
        "at_once_late_working_days": "1",
        "frequency_scope": "city",
        "frequency_windows": "calendar",
        "forward_elsewhere": "at_once",
        "late_question_hours": "0",
        "confirm_rejections": "True",
        "missing_data": "ask_once",
        "mail_address": "optional",
        "missing_data_drop_days": "30",
        "register_signature": "recorded_and_print",
        "questions_in_one_mail": "items",
        "fields_in_one_question": "lead_and_supporting",
        "central_agencies": "forward",
        "paper_numbers": "counter",
    }


@pytest.mark.parametrize(
    ("rule_id", "days", "unit"),
    [
        ("forward_no_session", 3, "calendar_days"),
        ("answer_no_session", 15, "calendar_days"),
        ("late_answer", 5, "working_days"),
        ("data_request_acknowledged", 2, "working_days"),
        ("data_shown_or_corrected", 10, "calendar_days"),
        ("data_restricted", 15, "calendar_days"),
        ("data_deleted", 20, "calendar_days"),
    ],
)
def test_limits_that_the_decision_does_not_name(rule_id: str, days: int, unit: str) -> None:
    rule = PROFILE.rule(rule_id)
    limit = PROFILE.limit(rule)
    assert limit is not None
    assert (limit.days, limit.unit.value, rule.basis) == (
        days,
        unit,
        "law" if rule_id.startswith("data") else "default",
    )


def test_the_breach_clock() -> None:
    assert (PROFILE.rule("data_breach").hours, PROFILE.rule("data_breach").basis) == (72, "law")


def test_every_rule_can_be_read_by_an_officer() -> None:
    for rule in PROFILE.rules:
        assert rule.duty[0].isupper(), rule
        assert not rule.duty.endswith("."), rule
        assert PROFILE.cite(rule), rule
        assert PROFILE.roles[rule.by], rule
        assert all(PROFILE.roles[role] for role in rule.approves), rule
