"""Slips of one letter: what is meant is read, above all what is denied, and no other word is taken for one."""

from __future__ import annotations

from datetime import date

import pytest

from rules.commands.commands import read_commands
from rules.commands.plain.tidying import without_slips
from rules.decide.officer.rulings import BY_SOUND

DAY = date(2026, 10, 6)


def read(text: str, case: str = "review") -> list[tuple[str, str]]:
    found = read_commands(text, on=DAY, unread=True, at_hand="HP-2026-000123", case=case, fits=BY_SOUND[case])
    return [(one.verb, one.unit) for one in found if one.verb not in {"unread", "no_order", "misnumbered"}]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("chyển sở công thươg", "chuyển sở công thương"),
        ("chyen so cong thuog", "chuyen so cong thuong"),
        ("chuyen so xay dugn nhe", "chuyen so xay dung nhe"),
        ("đồg ý gia hạnn", "đồng ý gia hạn"),
        ("khog chuyển SXD", "không chuyển SXD"),
        ("đừg gửi, chưaa quyết", "đừng gửi, chưa quyết"),
    ],
)
def test_a_slip_is_written_as_the_only_word_that_is_so_near(typed: str, meant: str) -> None:
    assert without_slips(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "chuyên sở công thương",
        "chuyễn SXD, sở xây dụng",
        "SNNMT, SKHCN, catp, bqlkkt",
        "gửi qua email huong.gmail@hp.gov.vn, zalo, facebook, iphone",
        "xem https://haiphong.gov.vn/chuyn",
        "Krông Đắk Lắk, oke nhé, forward sang sxd",
        "hoà giải, thuỷ lợi, uỷ ban",
        "tks c, sdt 0912, ntn, trg, nhg",
    ],
)
def test_syllables_short_forms_names_and_addresses_stay(text: str) -> None:
    assert without_slips(text) == text


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("chyển sở công thươg nha em, việc cấp phép bán lẻ xăg", "SCT"),
        ("giao sở xây dựg trả lời nhé", "SXD"),
        ("chuyen so tu phpa nhe em", "STP"),
    ],
)
def test_a_forward_with_slips(text: str, unit: str) -> None:
    assert [found for _, found in read(text)] == [unit]


@pytest.mark.parametrize(
    "text",
    [
        "khog chuyển SXD nhé",
        "đừg chuyển SXD nhé em",
        "đừg chuyển sở xây dựng",
        "chưaa chuyển SXD đâu em",
        "chyển SXD hả em",
        "chyển sở công thươg được khôg",
        "em đã chyển sở công thươg rồi",
        "nếuu chyển sở công thương thì họ trả về mất",
        "chyển sở xây dựg hay sở công thươg nhỉ",
        "mai chyển sở công thươg",
        "chyển chị Thươg xem giúp",
        "có nên chyển sở công thươg khôg chị",
        "sở công thươg trả lời câu trước rồi",
    ],
)
def test_what_orders_nothing_orders_nothing_with_slips(text: str) -> None:
    assert read(text) == []


def test_what_is_written_for_others_stays_as_it_was_typed() -> None:
    found = read_commands("Hỏi lại: nhà bác ở phườngg nào", on=DAY, unread=True)
    assert [(one.verb, one.text) for one in found] == [("ask", "nhà bác ở phườngg nào")]
    (named,) = read_commands("Sửa tên: Nguyễn Văn Thươngg", on=DAY, unread=True)
    assert named.text == "Nguyễn Văn Thươngg"
