"""A wish for more time in words that count from another day, and who signed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from rules.reply.details import Signer, signer, wished_day

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


@pytest.mark.parametrize(
    ("line", "who"),
    [
        ("Người ký: Nguyễn Văn Bình", Signer("Nguyễn Văn Bình")),
        ("Người ký: Nguyễn Văn Bình - Phó Giám đốc", Signer("Nguyễn Văn Bình", "Phó Giám đốc")),
        ("Người ký: Sở Y Tế, Hải Phòng", Signer()),
    ],
)
def test_behind_a_label_only_a_name_alone_or_beside_a_title_signs(line: str, who: Signer) -> None:
    assert signer([line]) == who
