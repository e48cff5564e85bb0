"""The worked vectors, a second count that shares no code, and what must hold for every session day."""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.law.deadlines import moved_duties, question_due, reminders, session_duties, session_notes, yearly_duties
from rules.law.legal_dates import Law
from rules.law.profile_file import load_profile
from rules.law.working_days import Calendar, load_calendar, short_date
from rules.values.data_file import Source
from rules.values.model import CountedDate

pytestmark = pytest.mark.wide

CALENDAR, PROFILE = load_calendar(), load_profile()
CLAUSES = ("10.1.a", "10.1.b", "10.1.c", "10.1.d", "10.1.đ", "10.1.g", "10.1.i")
SESSIONS = st.dates(date(2016, 7, 25), date(2028, 6, 1))

VECTORS = """
2016-09-08 | 2016-08-24 | 2016-08-25 | 2016-09-01 | 2016-09-05 | 2016-09-06 | 2016-09-12 2016-09-11 | 2016-09-23
2025-12-18 | 2025-12-03 | 2025-12-04 | 2025-12-11 | 2025-12-15 | 2025-12-16 | 2025-12-22 2025-12-21 | 2026-01-05 2026-01-02
2026-01-06 | 2025-12-22 | 2025-12-23 | 2025-12-30 | 2025-12-31 2026-01-03 | 2025-12-31 2026-01-04 | 2026-01-09 | 2026-01-21
2026-03-03 | 2026-02-13 2026-02-16 | 2026-02-13 2026-02-17 | 2026-02-24 | 2026-02-27 2026-02-28 | 2026-02-27 2026-03-01 | 2026-03-06 | 2026-03-18
2026-05-07 | 2026-04-22 | 2026-04-23 | 2026-04-29 2026-04-30 | 2026-05-04 | 2026-05-05 | 2026-05-11 2026-05-10 | 2026-05-22
2026-09-14 | 2026-08-28 2026-08-30 | 2026-08-28 2026-08-31 | 2026-09-07 | 2026-09-11 | 2026-09-11 2026-09-12 | 2026-09-17 | 2026-09-29
2026-11-26 | 2026-11-11 | 2026-11-12 | 2026-11-19 | 2026-11-23 | 2026-11-23 2026-11-24 | 2026-11-30 2026-11-29 | 2026-12-11
"""  # noqa: E501 - session | last day and, where it rolled, the raw day, for the seven clauses in order

ROWS = [[cell.split() for cell in line.split("|")] for line in VECTORS.strip().splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row[0][0] for row in ROWS])
def test_worked_vectors(row: list[list[str]]) -> None:
    duties = session_duties(date.fromisoformat(row[0][0]), PROFILE, CALENDAR)[:7]
    assert tuple(duty.clause for duty in duties) == CLAUSES
    for duty, cell in zip(duties, row[1:], strict=True):
        assert (duty.on.isoformat(), duty.raw.isoformat()) == (cell[0], cell[-1]), duty.clause
        assert duty.rolled is (len(cell) == 2)


# The second count: shares no code with rules/, reads the table by itself, and looks dates up in one sorted list
# of worked days instead of stepping from day to day.


def worked_days(table: Path) -> list[date]:
    marks = {}
    for line in table.read_text("utf-8").splitlines():
        cells = line.split("\t")
        if len(cells[0]) == 10 and cells[0][0] == "2":
            marks[date.fromisoformat(cells[0])] = cells[2]
    first = date(2020, 1, 1)
    days = (first + timedelta(n) for n in range(8 * 366))
    return [d for d in days if marks.get(d, "off" if d.weekday() > 4 else "workday") == "workday"]


def second_count(session: date, worked: list[date]) -> list[date]:
    before = [worked[bisect_right(worked, session - timedelta(n)) - 1] for n in (15, 14, 7, 3, 2)]
    return before + [worked[bisect_left(worked, session + timedelta(n))] for n in (3, 15)]


def test_every_working_day_agrees_with_the_second_count(repository: Path) -> None:
    worked = worked_days(repository / "rules" / "data" / "calendar.tsv")
    sessions = [day for day in worked if 2021 <= day.year <= 2026]
    assert len(sessions) > 1480
    wrong = []
    for session in sessions:
        if session <= date(2026, 12, 16):  # later, S+15 falls into a year that the table does not hold
            ours = [duty.on for duty in session_duties(session, PROFILE, CALENDAR)[:7]]
            wrong += [session] if ours != second_count(session, worked) else []
    assert wrong == []


def test_the_last_days_of_2026_agree_with_the_second_count_but_for_the_unknown_year(repository: Path) -> None:
    worked = worked_days(repository / "rules" / "data" / "calendar.tsv")
    sessions = [day for day in worked if date(2026, 12, 16) < day <= date(2026, 12, 31)]
    assert len(sessions) == 11
    for session in sessions:
        duties = session_duties(session, PROFILE, CALENDAR)[:7]
        expected = second_count(session, worked)
        assert [duty.on for duty in duties[:5]] == expected[:5]
        assert all(duty.on == day for duty, day in zip(duties, expected, strict=True) if day.year == 2026)
        assert duties[6].provisional
        assert not any(duty.provisional for duty in duties[:5])


@given(SESSIONS)
def test_never_too_late_before_a_session_never_early_after_it_never_on_a_day_off(session: date) -> None:
    for duty in session_duties(session, PROFILE, CALENDAR):
        rule = PROFILE.rule(duty.rule)
        assert CALENDAR.is_working_day(duty.on)
        assert duty.reason.count(short_date(duty.on)) >= 1
        if duty.on < session:
            assert (session - duty.on).days >= (rule.days or 0)
        else:
            assert (duty.on - session).days >= (rule.days or 0)
            assert duty.on > session


@given(SESSIONS, SESSIONS)
def test_a_later_session_has_no_earlier_duty(one: date, other: date) -> None:
    early, late = sorted((one, other))
    first, second = (session_duties(day, PROFILE, CALENDAR) for day in (early, late))
    assert all(a.on <= b.on for a, b in zip(first, second, strict=True))


@given(SESSIONS, SESSIONS)
def test_a_moved_session_is_planned_as_if_it_were_new(old: date, new: date) -> None:
    before, after = (session_duties(day, PROFILE, CALENDAR) for day in (old, new))
    moved = {one.rule.id: one.after for one in moved_duties(before, after, PROFILE)}
    assert tuple(moved.get(duty.rule, duty).on for duty in before) == tuple(duty.on for duty in after)
    assert all(one.before.on != one.after.on for one in moved_duties(before, after, PROFILE))


def test_a_changed_table_moves_the_duties_that_rest_on_it(tmp_path: Path) -> None:
    (tmp_path / "calendar.tsv").write_text("date\tkind\tname\n2026-11-23\toff\tNgày thử\n", encoding="utf-8")
    before, after = (_plan(date(2026, 11, 26), one) for one in (CALENDAR, load_calendar(Source(tmp_path))))
    moved = [(one.rule.clause, one.after.on) for one in moved_duties(before, after, PROFILE)]
    assert moved == [(clause, date(2026, 11, 20)) for clause in ("10.1.d", "10.1.đ", "9.3")]


def _plan(session: date, calendar: Calendar) -> tuple[CountedDate, ...]:
    return session_duties(session, PROFILE, calendar)


def test_other_clauses_get_their_date_too() -> None:
    dates = {(duty.clause, duty.rule): duty.on for duty in session_duties(date(2026, 11, 26), PROFILE, CALENDAR)[7:]}
    assert dates == {
        ("10.1.k", "tell_unanswered"): date(2026, 11, 27),
        ("5.3", "notice_content"): date(2026, 11, 12),
        ("9.2", "plan_approved"): date(2026, 11, 11),
        ("9.3", "script_approved"): date(2026, 11, 23),
    }


@pytest.mark.parametrize(
    ("event", "start", "on"),
    [
        ("forward_no_session", "2026-11-24", "2026-11-27"),
        ("forward_no_session", "2026-11-26", "2026-11-30"),
        ("answer_no_session", "2026-11-27", "2026-12-14"),
        ("forward_elsewhere", "2026-11-26", "2026-11-30"),
        ("answer_after_session", "2025-12-18", "2026-01-05"),
        ("tell_forwarded", "2026-11-27", "2026-11-30"),
        ("tell_outside_city", "2026-11-23", "2026-11-25"),  # 24/11 is a day off
        ("tell_complaint", "2026-02-13", "2026-02-23"),
        ("late_answer", "2026-11-23", "2026-12-01"),
        ("data_request_acknowledged", "2026-11-23", "2026-11-26"),
        ("data_shown_or_corrected", "2026-11-10", "2026-11-20"),
        ("data_restricted", "2026-11-10", "2026-11-25"),
        ("data_deleted", "2026-11-10", "2026-11-30"),
    ],
)
def test_questions_are_due(event: str, start: str, on: str) -> None:
    counted = question_due(event, date.fromisoformat(start), PROFILE, CALENDAR)
    assert counted.on.isoformat() == on
    assert counted.rule == event
    assert counted.clause == PROFILE.rule(event).clause


def test_a_duty_of_at_once_says_so() -> None:
    counted = question_due("tell_outside_city", date(2026, 11, 23), PROFILE, CALENDAR)
    assert counted.reason.startswith("Phải thực hiện ngay, không ấn định số ngày; nhắc sau 04 giờ làm việc")


def test_the_no_session_path_says_that_the_text_is_silent() -> None:
    counted = question_due("answer_no_session", date(2026, 11, 27), PROFILE, CALENDAR)
    assert "vận dụng điểm i khoản 1 Điều 10" in counted.reason
    assert "khi chưa có phiên đối thoại" in counted.reason


def test_the_year_brings_its_duties() -> None:
    year = [(duty.on.isoformat(), duty.clause) for duty in yearly_duties(2026, PROFILE, CALENDAR)]
    assert year == [
        ("2026-03-20", "16.1"),
        ("2026-06-15", "23"),
        ("2026-06-15", "22"),
        ("2026-06-19", "16.1"),
        ("2026-09-18", "16.1"),
        ("2026-12-15", "23"),
        ("2026-12-15", "22"),
        ("2026-12-18", "16.1"),
        ("2026-12-18", "11.6"),
    ]


NOTES = [
    ("2026-11-26", ["S-3 (10.1.d) và S-2 (10.1.đ) trùng", "S-2 (10.1.đ) rơi vào kỳ nghỉ"]),
    ("2026-03-03", ["S-15 (10.1.a) và S-14", "S-3 (10.1.d) và S-2", "S-15 (10.1.a) rơi", "S-14 (10.1.b) rơi"]),
    ("2026-08-13", []),
    ("2016-07-20", ["trước ngày Quy chế có hiệu lực", "Tạm tính"]),
    ("2027-06-10", ["Tạm tính vì lịch nghỉ"]),
]


@pytest.mark.parametrize(("session", "parts"), NOTES)
def test_what_is_awkward_is_said(session: str, parts: list[str]) -> None:
    notes = session_notes(date.fromisoformat(session), PROFILE, CALENDAR)
    assert len(notes) == len(parts)
    assert all(part in note for part, note in zip(parts, notes, strict=True))


def test_tet_and_days_off_are_said() -> None:
    assert any("S-7 (10.1.c) rơi vào kỳ nghỉ" in n for n in session_notes(date(2026, 2, 26), PROFILE, CALENDAR))
    assert any("là ngày nghỉ: thứ Bảy" in n for n in session_notes(date(2026, 8, 15), PROFILE, CALENDAR))


@given(st.dates(date(2021, 2, 1), date(2026, 12, 1)).filter(lambda day: day.weekday() < 2))
def test_monday_and_tuesday_sessions_are_warned_of(session: date) -> None:
    """Unless the Saturday between is a made-up working day: then S-2 of a Monday session is that Saturday."""
    saturday = session - timedelta(session.weekday() + 2)
    warned = any("S-3 (10.1.d) và S-2 (10.1.đ) trùng" in note for note in session_notes(session, PROFILE, CALENDAR))
    assert warned or CALENDAR.is_working_day(saturday)


def test_a_made_up_saturday_parts_the_two_days() -> None:
    assert not any("S-3" in note for note in session_notes(date(2024, 5, 6), PROFILE, CALENDAR))


def test_duties_already_past_are_said() -> None:
    notes = session_notes(date(2026, 8, 13), PROFILE, CALENDAR, today=date(2026, 7, 31))
    assert notes == (
        "Đã quá hạn S-15 (10.1.a): thứ Tư, ngày 29/7/2026.",
        "Đã quá hạn S-14 (10.1.b): thứ Năm, ngày 30/7/2026.",
    )


def test_reminders_around_a_due_day() -> None:
    plan = [(one.day.isoformat(), one.kind.value) for one in reminders(date(2026, 11, 23), PROFILE, CALENDAR)]
    assert plan == [
        ("2026-11-19", "unit_reminder"),
        ("2026-11-23", "unit_due_today"),
        ("2026-11-25", "unit_overdue"),
        ("2026-11-25", "citizen_late"),
        ("2026-11-26", "office_urge"),
        ("2026-11-27", "unit_overdue"),
        ("2026-12-01", "unit_overdue"),
    ]


@given(st.dates(date(2016, 7, 25), date(2028, 6, 1)))
def test_nobody_is_chased_on_a_day_off(due: date) -> None:
    found = reminders(due, PROFILE, CALENDAR)
    assert found
    assert all(CALENDAR.is_working_day(one.day) for one in found)


@pytest.mark.parametrize(
    ("until", "now", "day"),
    [
        (date(2026, 10, 20), 6, date(2026, 10, 20)),  # the very day that was replaced
        (date(2026, 10, 19), 6, None),
        (date(2026, 10, 24), 6, date(2026, 10, 26)),  # a Saturday
        (date(2026, 11, 29), 6, date(2026, 11, 30)),
        (date(2026, 11, 30), 6, None),
        (date(2026, 10, 28), 28, None),
        (date(2026, 10, 29), 28, date(2026, 10, 29)),
    ],
)
def test_a_granted_day_is_set_back_to_no_earlier_one(until: date, now: int, day: date | None) -> None:
    law, at = Law(PROFILE, CALENDAR), datetime(2026, 10, now, 3, tzinfo=UTC)
    due = law.answer_due(datetime(2026, 10, 5, 3, tzinfo=UTC))
    assert due.on == date(2026, 10, 20)
    assert law.set_back(due, date(2026, 10, 20), at) is None, "nothing was granted"
    back = law.set_back(law.granted(due, date(2026, 11, 30)), until, at)
    assert (back.on if back else None) == day
    assert back is None or back.start == due.on, "it may be set back again"
