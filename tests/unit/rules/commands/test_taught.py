"""Commands that move something or tell somebody count as they are taught, not as a question or of another thing."""

from datetime import date

import pytest

from rules.commands import likely_orders
from rules.commands.command import Command
from rules.commands.commands import load_command_words, read_commands
from rules.commands.likely_orders import JUDGED, TAUGHT_ONLY
from rules.commands.vocabulary import OF_SESSIONS
from rules.values.data_file import load_units

UNITS, DAY = load_units(), date(2026, 10, 6)
OTHERWISE = {
    *("status", "help", "why_held", "note", "link"),  # tell the officer something, or stay in the register
    *("approve", "return", "issued", "amendment", "register_for"),  # read by rules of their own
    *(
        "release_files",
        "refuse_files",
        "data_done",
        "data_refused",
        "told_asker",
    ),  # of the case at hand
    *("mark_answered", "mark_later"),  # within a session
}
"""Verbs that count by their phrases alone, besides those of sessions."""


def verbs(text: str) -> list[str]:
    return [one.verb for one in read_commands(text, UNITS, DAY, unread=True, at_hand="HP-2026-000123")]


def test_every_verb_is_heard_by_a_vote_or_counts_only_as_taught() -> None:
    """A new verb of ``commands.toml`` must say which."""
    said = {one.verb for one in load_command_words().phrases if one.takes not in OF_SESSIONS}
    assert said - JUDGED - TAUGHT_ONLY == OTHERWISE


@pytest.mark.parametrize(
    ("text", "verb"),
    [
        ("Xác nhận chuyển SXD", "confirm"),
        ("Xác nhận chuyển SXD ạ", "confirm"),
        ("Đã xử lý", "handled"),
        ("Tôi đã đọc kỹ. Đăng ký như câu hỏi bình thường.", "register"),
        ("Toi da doc ky roi, dang ky nhu cau hoi binh thuong", "register"),
        ("Đăng ký nhé, tôi đã đọc kỹ", "register"),
        ("HP-2026-000123 thu hồi", "recall"),
        ("Mở lại", "reopen"),
        ("HP-2026-000123 mở lại vì trả lời chưa đúng câu hỏi", "reopen"),
        ("Gỡ đăng HP-2026-000123 vì lộ số điện thoại", "withdraw"),
        ("Chuyển cho người hỏi: mời ông đến Sở lúc 8 giờ", "to_asker"),
        ("Chuyển cho người hỏi: ông còn giữ biên nhận không?", "to_asker"),
        ("Gửi bổ sung cho người hỏi: đoạn từ số 1 đến số 45", "supplement"),
        ("Không thuộc thẩm quyền, của Sở Y tế", "unit_refusal"),
        ("Cho rút câu hỏi", "let_go"),
        ("Sửa tên: Trần Thị Bình", "correct"),
        ("sửa địa chỉ thành số 5 Lê Lợi", "correct"),
        ("HP-2026-000123 ký nhận", "sign"),
        ("HP-2026-000123 thì trùng với HP-2026-000124", "link"),
        ("HP-2026-000123 đã báo người hỏi qua điện thoại ngày 6/10, ông đồng ý", "told_asker"),
        ("HP-2026-000123 đã thực hiện yêu cầu dữ liệu: đã xóa địa chỉ, ảnh chưa xóa được", "data_done"),
        ("HP-2026-000123 đã thông báo cho người hỏi, công dân không thắc mắc gì", "told_asker"),
        ("HP-2026-000123 đã báo người hỏi, dân bảo không sao", "told_asker"),
        ("HP-2026-000123 đã xóa dữ liệu, không còn gì", "data_done"),
        ("HP-2026-000123 đã xóa dữ liệu theo yêu cầu, chưa phát hiện sai sót", "data_done"),
    ],
)
def test_it_counts_as_it_is_taught(text: str, verb: str) -> None:
    assert verbs(text) == [verb]


@pytest.mark.parametrize(
    "text",
    [
        "Xác nhận chuyển SXD à",
        "Xác nhận chuyển SXD và SYT không",
        "xac nhan chuyen SXD a",
        "Đã xử lý chưa em",
        "Tôi đã đọc kỹ. Đăng ký như câu hỏi bình thường được không?",
        "Tôi đã đọc kỹ rồi, hay đăng ký như câu hỏi bình thường",
        "Tôi đã đọc kỹ. Đăng ký như câu hỏi bình thường nếu chị đồng ý",
        "Tôi đã đọc kỹ. Đăng ký như câu hỏi bình thường thì lộ tên mất",
        "Tôi đã đọc kỹ, chưa đăng ký như câu hỏi bình thường được",
        "Tôi chưa đọc kỹ. Đăng ký như câu hỏi bình thường.",
        "Đọc kỹ rồi hãy đăng ký như câu hỏi bình thường",
        "Đăng ký, đọc kỹ đã",
        "dang ky. doc ky da",
        "Ký nhận, đọc lại kỹ đã",
        "Thu hồi à",
        "Thu hồi đất ở phường Kiến An",
        "Mở lại à",
        "Mở lại máy giúp chị",
        "Mở lại vì dân kêu à",
        "Gỡ rối giúp chị",
        "Gỡ bài thì dân chửi",
        "Đưa lên cổng à",
        "Chuyển cho công dân xem sau",
        "Chuyển cho người hỏi thế này à",
        "Cho rút tiền",
        "Đổi số điện thoại rồi nhé, số mới 0905123456",
        "Sửa địa chỉ email của em trong danh bạ",
        "Tôi đã ký nhận câu HP-2026-000123 hôm thứ Hai và đã báo Sở Tài chính",
        "HP-2026-000123 đã báo người hỏi qua điện thoại chưa em",
        "HP-2026-000123 đã báo người hỏi qua điện thoại ngày 6/10 nhưng không ai nghe máy",
        "HP-2026-000123 đã báo người hỏi qua điện thoại không được",
        "HP-2026-000123 da bao nguoi hoi qua dien thoai chua",
        "HP-2026-000123 từ chối yêu cầu dữ liệu không em",
        "HP-2026-000123 từ chối yêu cầu dữ liệu là sai luật đấy",
        "HP-2026-000123 đã xóa dữ liệu hay chưa",
        "HP-2026-000123 đã xóa dữ liệu một phần, còn ảnh chưa xóa được",
        "HP-2026-000123 đã xóa dữ liệu, không biết còn gì",
        "HP-2026-000123 đã xóa dữ liệu chưa, không thấy gì",
        "HP-2026-000123 trùng với HP-2026-000124 đâu",
        "HP-2026-000123 trùng HP-2026-000124, không trùng HP-2026-000125",
        "Cho chuyển tệp không em",
    ],
)
def test_other_words_move_nothing(text: str) -> None:
    assert set(verbs(text)) <= {"no_order", "unread"}, verbs(text)


def test_who_wants_to_see_it_first_only_asks_for_its_state() -> None:
    assert verbs("Thu hồi, xem đã") == ["no_order", "status"]


@pytest.mark.parametrize(
    ("raw", "remark", "own"),
    [
        ("Chuyển SXD, đề nghị trả lời sớm", "đề nghị trả lời sớm", "Chuyển SXD, "),
        ("Chuyển SXD, em nhé", "em nhé", "Chuyển SXD, em nhé"),
        ("Chuyển SXD", "", "Chuyển SXD"),
    ],
)
def test_a_remark_for_the_unit_is_no_part_of_the_order(raw: str, remark: str, own: str) -> None:
    order = Command("forward", "", unit="SXD", raw=raw, remark=remark)
    assert likely_orders._before_its_text(order, load_command_words()) == own
