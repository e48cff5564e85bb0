"""Words that are passed on to the requester: some ask, some only tell."""

from __future__ import annotations

import pytest

from rules.commands.plain.words import asks_something


@pytest.mark.parametrize(
    "text",
    [
        "Đoạn đường nào, gần số nhà bao nhiêu?",
        "bác cho biết Sở đã gọi điện chưa",
        "chu An cho biet so da goi dien chua, neu chua xin bao lai",
        "Sở cần thêm ảnh, xin bác gửi lại",
        "Vui lòng bổ sung số điện thoại",
        "Sở Xây dựng hỏi thêm: nhà bác ở ngõ nào",
    ],
)
def test_what_asks_the_requester(text: str) -> None:
    assert asks_something(text)


@pytest.mark.parametrize(
    "text",
    [
        "Sở Xây dựng cho biết đã trao đổi với bác qua điện thoại, văn bản trả lời sẽ gửi sau.",
        "So da cu can bo xuong khao sat, tuan sau co van ban",
        "Hồ sơ đang ở phòng chuyên môn, chưa rõ ngày nào xong.",
        "Sở đã gọi điện, không cần bác làm gì thêm.",
        "Công ty Cấp nước báo đã thay van hôm qua",
    ],
)
def test_what_only_tells(text: str) -> None:
    assert not asks_something(text)
