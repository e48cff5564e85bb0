"""Which days are worked: the announced table, the package for the rest, the operator's rows over both."""

import csv
import locale
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.law.days_off_table import (
    NAMED,
    YEARS,
    DayKind,
    YearStatus,
    from_package,
    parse_day,
    parse_table,
    render_table,
    table_version,
)
from rules.law.working_days import (
    Calendar,
    amendment_asked,
    calendar_changes,
    due_instant,
    guessed_days,
    load_amended,
    load_calendar,
    unconfirmed_years,
    vn_date,
)
from rules.values.data_file import DataFileError, Source
from tests.loading import script

CALENDAR = load_calendar()
DAYS = st.dates(date(2016, 2, 1), date(2029, 11, 30))


def operator(folder: Path, *rows: str) -> Calendar:
    """A calendar with these rows in the operator's file."""
    text = "\n".join(["date\tweekday\tkind\tname\tbasis", *rows]) + "\n"
    (folder / "calendar.tsv").write_text(text, encoding="utf-8")
    return load_calendar(Source(folder))


@pytest.mark.parametrize(
    ("day", "why"),
    [
        ("2026-01-02", "Ngày nghỉ (hoán đổi, làm bù 10/01/2026)"),
        ("2026-01-10", ""),  # a Saturday that is worked
        ("2026-02-17", "Tết Nguyên Đán"),
        ("2026-02-21", "thứ Bảy"),
        ("2026-02-22", "Chủ nhật"),
        ("2026-02-23", ""),
        ("2026-04-26", "Ngày Giỗ Tổ Hùng Vương"),  # a Sunday with a name of its own
        ("2026-08-22", ""),
        ("2026-08-31", "Ngày nghỉ (thay cho ngày 22/08/2026)"),
        ("2026-11-24", "Ngày Văn hóa Việt Nam"),
        ("2025-11-24", ""),  # the Culture Day is a day off from 2026 only
        ("2027-11-24", "Ngày Văn hóa Việt Nam"),
        ("2025-05-02", "Ngày nghỉ (thay cho ngày 26/04/2025)"),
    ],
)
def test_why_a_day_is_off(day: str, why: str) -> None:
    assert CALENDAR.why_off(date.fromisoformat(day)) == why
    assert CALENDAR.is_day_off(date.fromisoformat(day)) is bool(why)


def test_the_table_corrects_the_package_in_2026() -> None:
    """The package misses the swap of 2 January and the Saturday made up for it."""
    packaged = guessed_days(2026)
    assert date(2026, 1, 2) not in packaged
    assert date(2026, 1, 10) not in packaged
    differing = {d for d in (date(2026, 1, 1) + timedelta(n) for n in range(365)) if _package_off(d) != _off(d)}
    assert differing == {date(2026, 1, 2), date(2026, 1, 10)}


@pytest.mark.parametrize("year", range(2021, 2026))
def test_the_package_agrees_with_the_announced_years(year: int) -> None:
    first = date(year, 1, 1)
    assert [d for d in (first + timedelta(n) for n in range(365)) if _package_off(d) != _off(d)] == []


def _off(day: date) -> bool:
    return CALENDAR.is_day_off(day)


def _package_off(day: date) -> bool:
    row = guessed_days(day.year).get(day)
    return day.weekday() >= 5 if row is None else row.kind is DayKind.OFF


@pytest.mark.parametrize(
    ("year", "status"),
    [
        (2015, YearStatus.GUESSED),
        (2016, YearStatus.UNCHECKED),
        (2020, YearStatus.UNCHECKED),
        (2021, YearStatus.ANNOUNCED),
        (2026, YearStatus.ANNOUNCED),
        (2027, YearStatus.GUESSED),
    ],
)
def test_how_far_a_year_may_be_relied_on(year: int, status: YearStatus) -> None:
    assert CALENDAR.status(year) is status
    assert CALENDAR.is_provisional(year) is (status is not YearStatus.ANNOUNCED)


def test_names_do_not_follow_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.setenv(variable, "en_US.UTF-8")
    before = locale.setlocale(locale.LC_ALL)
    from_package.cache_clear()
    try:
        assert from_package(2027)[date(2027, 2, 6)].name == "Tết Nguyên Đán"
        assert "29" not in from_package(2027)[date(2027, 2, 4)].name, "the new moon of 8 January makes it the 28th"
    finally:
        locale.setlocale(locale.LC_ALL, before)


def test_a_swapped_day_may_count_as_worked() -> None:
    plain = CALENDAR.without_swaps()
    assert plain.is_working_day(date(2026, 8, 31))
    assert plain.is_day_off(date(2026, 9, 2))
    assert plain.is_working_day(date(2026, 8, 22))


def test_a_year_row_of_the_operator_replaces_the_year(tmp_path: Path) -> None:
    calendar = operator(tmp_path, "2026\t\tunchecked\t\tthử", "2026-03-02\tMon\toff\tNgày thử\t")
    assert calendar.why_off(date(2026, 3, 2)) == "Ngày thử"
    assert calendar.is_working_day(date(2026, 2, 17))
    assert calendar.is_provisional(2026)
    assert not calendar.is_provisional(2025)


def test_a_lone_row_of_the_operator_only_adds(tmp_path: Path) -> None:
    calendar = operator(tmp_path, "2026-03-02\tMon\toff\tNgày thử\t", "2027-02-10\tWed\tworkday\t\t")
    assert calendar.why_off(date(2026, 3, 2)) == "Ngày thử"
    assert calendar.why_off(date(2026, 2, 17)) == "Tết Nguyên Đán"
    assert not calendar.is_provisional(2026)
    assert calendar.is_working_day(date(2027, 2, 10))
    assert calendar.is_day_off(date(2027, 2, 9))


def test_the_version_names_the_content(tmp_path: Path) -> None:
    assert CALENDAR.version == load_calendar().version
    assert CALENDAR.version.startswith("2026-")
    assert operator(tmp_path, "2026-03-02\tMon\toff\tNgày thử\t").version != CALENDAR.version


def test_a_written_table_reads_back_the_same(tmp_path: Path) -> None:
    (tmp_path / "calendar.tsv").write_text(render_table(CALENDAR.table), encoding="utf-8")
    again = parse_table(Source(tmp_path).tsv("calendar.tsv"), "calendar.tsv")
    assert again == CALENDAR.table
    assert table_version(again) == CALENDAR.version


@pytest.mark.parametrize(
    ("row", "what"),
    [
        ("2026-02-30\t\toff\t\t", "not a date"),
        ("1926-02-03\t\toff\t\t", "not a date"),
        ("20260302\t\toff\t\t", "not a date"),
        ("2026-03-02\tTue\toff\t\t", "is a Mon, not a Tue"),
        ("2026-03-02\t\tholiday\t\t", "kind must be"),
        ("2026\t\toff\t\t", "announced or unchecked"),
        ("2026-03-02\t\toff\t\t\n2026-03-02\t\toff\t\t", "stands twice"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, what: str) -> None:
    with pytest.raises(DataFileError, match=what) as caught:
        operator(tmp_path, row)
    assert "calendar.tsv" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_changes_are_listed_with_both_states(tmp_path: Path) -> None:
    new = operator(tmp_path, "2027\t\tannounced\t\tTB 1", *_rows_of_2027(without="2027-02-10"))
    assert [(c.day, c.before, c.after) for c in calendar_changes(CALENDAR, new, [2027])] == [
        (date(2027, 2, 10), "ngày nghỉ (Mùng năm Tết Nguyên Đán)", "ngày làm việc")
    ]
    assert calendar_changes(CALENDAR, CALENDAR, [2026, 2027]) == ()


def _rows_of_2027(without: str) -> list[str]:
    return [f"{r.day}\t\t{r.kind}\t{r.name}\t" for r in CALENDAR.days_of(2027) if r.day.isoformat() != without]


@pytest.mark.parametrize(
    ("today", "years"),
    [("2026-11-30", ()), ("2026-12-01", (2027,)), ("2027-01-01", (2027,)), ("2027-12-31", (2027, 2028))],
)
def test_from_december_the_next_year_is_asked_for(today: str, years: tuple[int, ...]) -> None:
    assert unconfirmed_years(date.fromisoformat(today), CALENDAR) == years


def test_a_year_is_certain_by_its_recorded_notice(tmp_path: Path) -> None:
    without = operator(tmp_path, "2027\t\tannounced\t\t", *_rows_of_2027(without="2027-02-10"))
    assert without.is_provisional(2027)
    noticed = operator(tmp_path, "2027\t\tannounced\t\tTB 1", *_rows_of_2027(without="2027-02-10"))
    assert not noticed.is_provisional(2027)


@pytest.mark.parametrize(
    ("today", "compared", "asked"),
    [
        ("2027-03-30", "", None),
        ("2027-03-31", "", date(2027, 4, 30)),
        ("2027-04-29", "2027-01-05", date(2027, 4, 30)),
        ("2027-04-29", "2027-04-01", None),
        ("2027-04-30", "", None),
        ("2027-08-03", "2027-04-01", date(2027, 9, 2)),
    ],
)
def test_an_amendment_of_the_year_is_asked(tmp_path: Path, today: str, compared: str, asked: date | None) -> None:
    rows = _rows_of_2027(without="2027-02-10")
    found = operator(tmp_path, f"2027\t\tannounced\t{compared}\tTB 1", *rows)
    assert amendment_asked(date.fromisoformat(today), found) == asked


def test_the_holidays_that_are_amended_are_data_with_their_clause(tmp_path: Path) -> None:
    assert [(one.month, one.day) for one in load_amended()] == [(4, 30), (9, 2)]
    assert all("Bộ luật Lao động" in one.clause for one in load_amended())
    own = '[[holiday]]\nmonth = 11\nday = 24\nname = "Văn hóa"\nclause = "Nghị quyết 28"\nasked_before_days = 10\n'
    (tmp_path / "holidays_amended.toml").write_text(own, encoding="utf-8")
    found = operator(tmp_path, "2027\t\tannounced\t\tTB 1", *_rows_of_2027(without="2027-02-10"))
    assert amendment_asked(date(2027, 4, 29), found) is None
    assert amendment_asked(date(2027, 11, 14), found) == date(2027, 11, 24)
    (tmp_path / "holidays_amended.toml").write_text(own.replace("24", "31"), encoding="utf-8")
    with pytest.raises(DataFileError, match=r"holidays_amended\.toml: no holiday can be read"):
        load_amended(Source(tmp_path))


@given(DAYS)
def test_working_days_are_neighbours(day: date) -> None:
    following, preceding = CALENDAR.next_working_day(day), CALENDAR.previous_working_day(day)
    assert preceding < day < following
    assert CALENDAR.is_working_day(following)
    assert CALENDAR.is_working_day(preceding)
    assert all(CALENDAR.is_day_off(s.day) for s in CALENDAR.days_off_between(preceding, following))
    between = {day + timedelta(n) for n in range((preceding - day).days + 1, (following - day).days)} - {day}
    assert all(CALENDAR.is_day_off(one) for one in between)


@given(DAYS)
def test_a_reason_is_there_exactly_for_days_off(day: date) -> None:
    assert bool(CALENDAR.why_off(day)) is CALENDAR.is_day_off(day)


def test_a_limit_ends_at_midnight_of_the_city() -> None:
    assert due_instant(date(2026, 11, 30)) == datetime(2026, 11, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["2026-1-2", "20260102", "2026-W01-1", "2026-01-02 ", "٢٠٢٦-01-02", "", "02/01/2026"]
)
def test_only_plain_dates_are_dates(text: str) -> None:
    assert parse_day(text) is None


def test_a_date_in_words() -> None:
    assert vn_date(date(2026, 11, 26)) == "thứ Năm, ngày 26/11/2026"
    assert vn_date(date(2026, 11, 29)) == "Chủ nhật, ngày 29/11/2026"


@pytest.mark.shared
def test_the_table_holds_every_shared_fact(shared: Path) -> None:
    """Each day off and made-up day of the gathered facts is in our table, with its name, and nothing else is."""
    with (shared / "domain" / "calendar_vn_2016_2026.tsv").open(encoding="utf-8") as file:
        facts = {row["date"]: row for row in csv.DictReader(file, delimiter="\t")}
    ours = {row.day.isoformat(): row for row in CALENDAR.table.days.values()}
    assert set(ours) == set(facts)
    for day, row in ours.items():
        assert (row.kind is DayKind.WORKDAY) is (facts[day]["kind"] == "workday"), day
        gathered = facts[day]["name"]
        assert (row.name, row.basis) == (NAMED.get(gathered, gathered), facts[day]["basis"])


@pytest.mark.wide  # a Python of its own for each year
@pytest.mark.parametrize(("year", "asks_the_package"), [(2027, False), (2060, False), (2061, True)])
def test_days_off_of_vietnam_do_not_load_other_countries(year: int, asks_the_package: bool) -> None:
    """A service would keep the package's 250 countries for years: 8 MB."""
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from rules.law.days_off_table import guessed_days; "
            f"guessed_days({year}); print(*sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert ("holidays.holiday_base" in found) is asks_the_package
    assert [one for one in found if one.startswith("holidays.countries")] == []


def test_the_file_of_guessed_days_is_what_the_package_gives_today(repository: Path) -> None:
    file = repository / "rules" / "data" / "guessed_days.tsv"
    assert file.read_text("utf-8") == script("guess_days_off").text()
    assert all(guessed_days(year) == from_package(year) for year in YEARS)


@pytest.mark.parametrize("year", [2016, 2025, 2031, 2061])
def test_days_off_are_those_that_the_package_gives(year: int) -> None:
    whole = holidays.country_holidays("VN", years=year, language="vi")
    ours = {day for day, row in guessed_days(year).items() if row.kind is DayKind.OFF and row.basis[:8] == "holidays"}
    assert ours == {day for day in whole if day.year == year}
