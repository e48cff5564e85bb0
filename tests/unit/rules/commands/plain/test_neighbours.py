"""Orders in the words of a stranger, and sentences like them that order nothing."""

from datetime import date

import pytest

from rules.commands.commands import read_commands
from rules.decide.officer.rulings import BY_SOUND

NONE = {"unread", "no_order", "misnumbered", "note", "status"}


def verbs(case: str, text: str) -> list[str]:
    at_hand = "" if case == "desk" else "HP-2026-000123"
    found = read_commands(text, on=date(2026, 10, 6), unread=True, at_hand=at_hand, case=case, fits=BY_SOUND[case])
    return [one.verb for one in found if one.verb not in NONE and (one.unit or one.verb != "forward")]


def test_a_unit_that_need_not_answer_gets_nothing() -> None:
    found = read_commands("Chuyển SXD, Sở Y tế khỏi phải trả lời nữa.", on=date(2026, 10, 6), unread=True)
    assert [(one.unit, one.supporting) for one in found] == [("SXD", ())]


def test_a_note_that_only_says_why_it_is_kept_is_the_whole_mail() -> None:
    mail = "Chỉ là lịch khảo sát của Sở. Ghi vào hồ sơ để biết."
    found = read_commands(
        mail,
        on=date(2026, 10, 6),
        unread=True,
        at_hand="HP-2026-000123",
        case="held_unit",
        fits=BY_SOUND["held_unit"],
    )
    assert [(one.verb, one.text) for one in found] == [("note", mail)]


@pytest.mark.parametrize(
    "text",
    [
        "giao SYT tra loi, phoi hop la so noi vu",
        "Chuyển SYT, phối hợp: SNV",
        "Chuyển Sở Y tế chủ trì; đơn vị phối hợp: Sở Nội vụ",
        "chuyen SYT, so noi vu phoi hop",
    ],
)
def test_a_supporting_unit_behind_a_colon_or_without_marks_is_one(text: str) -> None:
    found = read_commands(text, on=date(2026, 10, 5), unread=True)
    assert [(one.verb, one.unit, one.supporting) for one in found] == [("forward", "SYT", ("SNV",))]


ONE, TWO = "HP-2026-000001", "HP-2026-000002"


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("Chuyen So Giao thong xu ly den duong hong", ["forward"]),
        ("Chuyen So Xay dung, cau nay noi ve duong bi hong", ["forward"]),
        ("Chuyển Sở Xây dựng hong em", ["no_order"]),
        ("Trả lại: quá sơ sài, đề nghị viết lại cụ thể", ["return"]),
        (f"{ONE} trả lại: quá sơ sài, viết lại cho rõ", ["return"]),
        ("Trả lại: sau khi kiểm tra, số liệu chưa đúng", ["return"]),
        ("Trả lại: vượt thẩm quyền, chuyển lại đúng đơn vị", ["return"]),
        ("Không gia hạn quá 10/11", ["no_order"]),
        (f"{ONE} chuyển Sở Xây dựng\n{TWO} từ chối: thư không ghi họ tên người gửi", ["forward", "reject"]),
        (f"{ONE}: gửi dân\n{TWO}: trả lại Sở Y tế, bổ sung phần số liệu", ["unit_answer", "return"]),
        (f"{ONE} gửi dân\n{TWO} từ chối: bản cũ", ["unit_answer", "reject"]),
        (f"{ONE} chuyển SXD\n{TWO} chuyển SYT, không nêu tên người hỏi", ["forward", "no_order"]),
        (f"{ONE} chuyển SXD\nNhớ giấu tên người hỏi\n{TWO} chuyển SYT", ["no_order", "no_order"]),
        (f"{ONE} chuyển SXD\n{ONE} nhớ giấu tên người hỏi nhé", ["no_order", "unread"]),
        ("Chuyển Sở Xây dựng. Người hỏi không ghi họ tên", ["forward"]),
        ("Chuyển Sở Xây dựng\nHỏi lại người hỏi: thư không ghi họ tên người gửi", ["forward", "ask"]),
        ("Chuyển Sở Xây dựng. Bác ấy không để họ tên", ["forward"]),
        ("Chuyển Sở Xây dựng. Thư đừng ghi họ tên người gửi", ["no_order"]),
        ("Chuyển Sở Xây dựng, không ghi họ tên người hỏi", ["no_order"]),
        (f"Ký nhận {ONE}\nĐể chị xem các câu còn lại đã", ["sign"]),
        (f"Ký nhận {ONE}\nĐể chị xem câu kia đã", ["sign"]),
        (f"Ký nhận {ONE}\nĐể chị xem lại đã", ["no_order"]),
    ],
)
def test_what_is_said_of_something_else_stops_no_order(text: str, verbs: list[str]) -> None:
    assert [one.verb for one in read_commands(text, on=date(2026, 10, 6), unread=True)] == verbs
