"""An officer's mail that doubts, asks, takes back, waits, objects or speaks of something else orders nothing."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from rules.commands.commands import MISNUMBERED, NO_ORDER, UNIT_NAMED, UNREAD, Command, read_commands
from rules.commands.mood import DOUBT, STOPPED
from rules.text import strip_marks
from rules.values.data_file import load_units

UNITS, DAY = load_units(), date(2026, 10, 6)
TABLE = Path(__file__).resolve().parents[4] / "data" / "officers_doubts.tsv"
with TABLE.open(encoding="utf-8", newline="") as file:
    DOUBTED = [
        row["text"].replace("\\n", "\n") for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    ]
NONE = {UNREAD, NO_ORDER, MISNUMBERED}
MOST_WITHOUT_MARKS = 6
"""Without marks "sợ" is "sở" and "hở" is "hộ": a few may be taken for orders."""


def orders(text: str) -> list[Command]:
    found = read_commands(text, UNITS, DAY, unread=True, at_hand="HP-2026-000123")
    return [one for one in found if one.verb not in NONE]


@pytest.mark.wide
def test_no_sentence_of_doubt_is_carried_out() -> None:
    assert len(DOUBTED) > 410
    assert [text for text in DOUBTED if orders(text)] == []


@pytest.mark.wide
def test_nor_without_marks() -> None:
    taken = [text for text in DOUBTED if orders(strip_marks(text))]
    assert len(taken) <= MOST_WITHOUT_MARKS, taken


@pytest.mark.parametrize(
    ("text", "verb", "unit"),
    [
        ("Chuyển SXD", "forward", "SXD"),
        ("Chuyển Sở Xây dựng nhé em", "forward", "SXD"),
        ("chuyen so xay dung giup chi nhe, chi dang tren xe", "forward", "SXD"),
        ("Chuyển SXD, trả lời trước thứ sáu nhé", "forward", "SXD"),
        ("Đừng gửi Sở Y tế, chuyển Sở Xây dựng", "forward", "SXD"),
        ("Chuyển SXD, không phải SYT", "forward", "SXD"),
        ("Giao Sở Xây dựng chứ không phải Sở Y tế đâu nhé", "forward", "SXD"),
        ("Nhờ Sở Xây dựng trả lời nhé", UNIT_NAMED, "SXD"),
        ("dua so xay dung tra loi nhe", UNIT_NAMED, "SXD"),
        ("Chuyển SXD\nÀ nhầm, chuyển SNNMT", "forward", "SNNMT"),
        ("Từ chối h vì đường cao tốc do Bộ quản lý", "reject", ""),
        ("Không đồng ý gia hạn", "refuse_extension", ""),
        ("Đồng ý gia hạn đến thứ sáu 23/10", "extend", ""),
        ("Xác nhận chuyển SXD ạ", "confirm", "SXD"),
        ("Đã xử lý", "handled", ""),
        ("Hỏi lại: nhà ở phường nào, chờ sửa bao lâu rồi?", "ask", ""),
        ("Hỏi lại người gửi xem nhà ở phường nào", "ask", ""),
        ("Không phải câu hỏi, chỉ là lời cảm ơn", "not_a_question", ""),
    ],
)
def test_a_plain_order_is_carried_out(text: str, verb: str, unit: str) -> None:
    assert [(one.verb, one.unit) for one in orders(text)] == [(verb, unit)]


def test_what_is_said_of_another_question_leaves_no_doubt() -> None:
    found = orders("HP-2026-000123 chuyển SXD\nHP-2026-000124 chuyển SYT à")
    assert [(one.question, one.unit) for one in found] == [("HP-2026-000123", "SXD")]


def test_a_doubted_order_is_answered_as_such() -> None:
    found = read_commands("Chuyển SXD. Ý tôi là SYT.", UNITS, DAY, unread=True)
    assert [(one.verb, one.field) for one in found] == [(NO_ORDER, DOUBT)]


@pytest.mark.parametrize(
    "text",
    [
        "Chuyển SXD, tôi không chắc\nÀ nhầm\nChuyển SYT",
        "Từ chối vì không rõ, tôi không chắc\nÀ nhầm, chuyển Sở Y tế",
        "Gia hạn đến 20/10, tôi không chắc\nÀ nhầm, chuyển Sở Y tế",
    ],
)
def test_the_doubt_of_what_is_taken_back_stays_with_it(text: str) -> None:
    assert [(one.verb, one.unit) for one in orders(text)] == [("forward", "SYT")]


def test_the_doubt_of_another_line_about_the_same_question_counts() -> None:
    assert orders("Chuyển SXD\nchuyển SYT, chưa chắc") == []


@pytest.mark.parametrize(
    ("text", "taken_back", "goes_to"),
    [
        ("Chuyển Sở Y tế, à nhầm, chuyển Sở Xây dựng", "Chuyển Sở Y tế", ["SXD"]),
        ("Từ chối. À nhầm", "Từ chối", []),
    ],
)
def test_what_one_line_takes_back_is_answered_as_such(text: str, taken_back: str, goes_to: list[str]) -> None:
    found = read_commands(text, UNITS, DAY, unread=True)
    assert [one.raw for one in found if (one.verb, one.field) == (NO_ORDER, STOPPED)] == [taken_back]
    assert [one.unit for one in found if one.verb == "forward"] == goes_to
