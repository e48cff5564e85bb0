"""Telephone numbers as typed, in E.164, old ones made today's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.requester.contact_data import e164, find_phones, load_numbering

TYPED = [
    ("0912 000 011", "+84912000011"),
    ("0225.3000.017", "+842253000017"),
    ("0225-3000-036", "+842253000036"),
    ("(0225) 3000 123", "+842253000123"),
    ("+84 (0)912 000 035", "+84912000035"),
    ("(+84)(0)912000035", "+84912000035"),
    ("+81 80 4321 5567", "+818043215567"),
    ("+49-176-4452-0981", "+4917644520981"),
    ("+84-978-000-015", "+84978000015"),
    ("0084 912 000 035", "+84912000035"),
    ("0912;000;011", "+84912000011"),
    ("0166 0000 026", "+84360000026"),
    ("+84 168 0000 133", "+84380000133"),
    ("031.3000.123", "+842253000123"),
    ("0320 3000 123", "+842203000123"),
    ("0220 3000 230", "+842203000230"),
    ("0563 000 213", "+84563000213"),
    ("0225300060", ""),
]
NO_PHONES = [
    "+100 200 300 4",
    "+15000000 đồng",
    "CCCD 031200000123",
    "19006769",
    "09xx",
    "ngày 12/05/2026",
    "số 1123/QĐ-UBND",
    "0123",
    "thửa 0912/2020",
    "",
]


@pytest.mark.parametrize(("typed", "number"), TYPED)
def test_typed_form_is_kept_and_e164_found(typed: str, number: str) -> None:
    phones = find_phones(f"Gọi cho tôi {typed} nhé")
    assert [(phone.typed, phone.e164) for phone in phones] == [(typed, number)]


@pytest.mark.parametrize("text", NO_PHONES)
def test_other_digits_are_no_phones(text: str) -> None:
    assert find_phones(text) == ()


def test_two_numbers_and_a_digit_behind() -> None:
    phones = find_phones("0912000011; 0936000012 hoặc 0225 3000 013 5 ngày")
    assert [phone.typed for phone in phones] == ["0912000011", "0936000012", "0225 3000 013"]


@pytest.mark.parametrize(("old", "new"), sorted(load_numbering().mobile_2018.items()))
def test_eleven_digits_became_ten_in_2018(old: str, new: str) -> None:
    assert e164(f"{old}0000123") == f"+84{new}0000123"


@given(st.text(max_size=200))
def test_any_text_is_read_and_places_agree(text: str) -> None:
    for phone in find_phones(text):
        assert text[phone.start : phone.end] == phone.typed
