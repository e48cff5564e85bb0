"""A wish for more time in words that count from another day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.reply.details import wished_day

ON, DUE = date(2026, 10, 6), date(2026, 10, 20)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Hạn 20/10 gấp quá, xin BBT cho đến hết tháng này", date(2026, 10, 31)),
        ("xin trả lời vào cuối tháng này", date(2026, 10, 31)),
        ("Sở xin lùi đến cuối tháng sau", date(2026, 11, 30)),
        ("xin den het thang toi", date(2026, 11, 30)),
        ("Tháng này Sở bận", None),
    ],
)
def test_the_end_of_a_month(text: str, wanted: date | None) -> None:
    assert wished_day(text, DUE, ON, lambda day, number: day + timedelta(days=number)) == wanted


def test_the_month_after_december_is_of_the_next_year() -> None:
    on = date(2026, 12, 7)
    assert wished_day("xin đến hết tháng sau", DUE, on, lambda day, number: day) == date(2027, 1, 31)
