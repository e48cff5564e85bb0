"""Dates as Vietnamese people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import strip_marks
from rules.text.dates import dates_in, monthless_days_in, until_date

ON = date(2026, 11, 20)
CASES = (
    ("đến ngày 15/12/2026", "2026-12-15"),
    ("đến ngày 15/12/26", "2026-12-15"),
    ("đến 15-12-2026", "2026-12-15"),
    ("tới 15.12.2026.", "2026-12-15"),
    ("trước ngày 05/12/2026 ạ", "2026-12-05"),
    ("hết ngày 15 tháng 12 năm 2026", "2026-12-15"),
    ("đến hết ngày 15 tháng 12 năm 2026 để kiểm tra", "2026-12-15"),
    ("ngày 15 tháng 12/2026", "2026-12-15"),
    ("đến ngày 15 tháng 12", "2026-12-15"),
    ("đến 15/12", "2026-12-15"),
    ("đến ngày 5/1", "2027-01-05"),
    ("chậm nhất là ngày 15/12", "2026-12-15"),
    ("đến thứ Ba, ngày 15/12/2026", "2026-12-15"),
    ("đến thứ Ba (15/12)", "2026-12-15"),
    ("15 thg 12, 2026", "2026-12-15"),
    ("đến 2026-12-15", "2026-12-15"),
    ("đến mùng 5 tháng 12", "2026-12-05"),
    ("đến ngày 5 tháng chạp", "2026-12-05"),
    ("từ ngày 30/11/2026 đến ngày 10/12/2026", "2026-12-10"),
    ("đến 17 giờ ngày 15/12/2026", "2026-12-15"),
    ("đến ngày hai mươi tám tháng mười hai", "2026-12-28"),
    ("đến ngày hai mốt tháng mười hai", "2026-12-21"),
    ("đến ngày ba mươi mốt tháng mười hai năm 2026", "2026-12-31"),
    ("den ngay muoi lam thang muoi mot", "2026-11-15"),  # five days ago: a slip, not next year's
    ("đến 15/8", "2027-08-15"),
    ("trước mùng ba tháng mười hai", "2026-12-03"),
    ("đến ngày mười tháng chạp", "2026-12-10"),
    ("đến hết tháng 12/2026", "2026-12-31"),
    ("đến hết tháng 12 năm 2026", "2026-12-31"),
    ("đến cuối tháng 12", "2026-12-31"),
    ("đến hết tháng 2", "2027-02-28"),
    ("đến hết năm 2026", "2026-12-31"),
    ("trong năm 0000", None),
    ("trong năm 20261234", None),
    ("15/12/2026", "2026-12-15"),
    ("đến ngày 30/02/2027", None),
    ("đến ngày 32/13/2026", None),
    ("theo Nghị định 30/2020/NĐ-CP", None),
    ("giảm 15/12 hộ", None),
    ("thêm 10 ngày", None),
    ("", None),
)


@pytest.mark.parametrize(("text", "wanted"), CASES)
def test_until(text: str, wanted: str | None) -> None:
    day = date.fromisoformat(wanted) if wanted else None
    assert until_date(text, ON) == day
    assert until_date(strip_marks(text).upper(), ON) == day


def test_without_a_day_of_the_mail_a_missing_year_is_unknown() -> None:
    assert until_date("đến ngày 15/12", None) is None
    assert until_date("đến ngày 15/12/2026", None) == date(2026, 12, 15)


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_in_every_spelling(day: date) -> None:
    for form in (
        "{0:%d/%m/%Y}",
        "{0.day}/{0.month}/{0.year}",
        "{0:%d-%m-%Y}",
        "ngày {0.day} tháng {0.month} năm {0.year}",
    ):
        assert until_date("xin gia hạn đến " + form.format(day) + ", vì lý do", None) == day


@given(st.text(max_size=200))
def test_never_raises(text: str) -> None:
    dates_in(text, ON)
    dates_in(text, None)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("cho đến 28 nhé", ["2026-10-28"]),
        ("tới 5 thôi", ["2026-11-05"]),
        ("đến hết ngày 30 tháng này", ["2026-10-30"]),
        ("tới ngày 5 tháng này, đến 31 tháng sau, trong 30 tháng này", []),
        ("thứ Sáu 23", ["2026-10-23"]),
        ("thứ Ba 23", []),
        ("đến 27 hay 28", ["2026-10-27", "2026-10-28"]),
        ("đến 28/10, đến 30 ngày, đến 10 giờ, đến 31 tháng 10", []),
        ("câu 28, 28 người", []),
        ("đến 45", []),
    ],
)
def test_days_without_a_month(text: str, days: list[str]) -> None:
    assert [f"{one.day}" for one in monthless_days_in(text, date(2026, 10, 6))] == days


@pytest.mark.parametrize(
    ("text", "days"), [("lùi tới ba mươi tháng mười", ["2026-10-30"]), ("kéo dài tới ba tháng mười ngày", [])]
)
def test_a_day_in_words_behind_until(text: str, days: list[str]) -> None:
    assert [f"{one.day}" for one in dates_in(text, date(2026, 10, 6))] == days
