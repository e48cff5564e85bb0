"""An address that was asked for needs no ward; a broken road is nobody's address."""

from __future__ import annotations

import pytest

from rules.requester.completion import completed_by
from rules.requester.requester import read_asker
from rules.values.model import Mailbox, ParsedMail

EVERY = ("name", "address", "phone")


def completed(text: str) -> dict[str, str]:
    mail = ParsedMail("", len(text), "Re: x", text, (Mailbox("", "an@dan.test"),))
    return completed_by(text, read_asker(mail, text), EVERY)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Nguyễn Văn An, số 5 Trường Chinh, 0912000111", "số 5 Trường Chinh"),
        ("Tên: An\nĐC: 5 Trường Chinh\nĐT: 0912.000.111", "5 Trường Chinh"),
        ("toi ten Nguyen Van An o so 5 Truong Chinh Kien An dt 0912000111", "so 5 Truong Chinh Kien An"),
        ("địa chỉ thường trú số 5 đường Trường Chinh", "số 5 đường Trường Chinh"),
        ("Tổ 3 Kiến An", "Tổ 3 Kiến An"),
        ("Công ty TNHH Minh Anh, trú tại số 5 Trường Chinh, phường Kiến An", "số 5 Trường Chinh, phường Kiến An"),
    ],
)
def test_address_of_an_answer(text: str, address: str) -> None:
    assert completed(text)["address"] == address


@pytest.mark.parametrize(
    "text",
    ["Đoạn đường hỏng nặng nhất ở số 5 Trường Chinh, đề nghị Sở xem và sửa sớm", "Gửi thêm ảnh đoạn đường hỏng"],
)
def test_a_place_of_the_matter_is_no_address(text: str) -> None:
    assert "address" not in completed(text)


def test_a_couple_is_a_name() -> None:
    text = "Vợ chồng ông Nguyễn Văn An và bà Trần Thị Bình, trú tại số 5 Trường Chinh, phường Kiến An"
    assert completed(text)["name"] == "Vợ chồng ông Nguyễn Văn An và bà Trần Thị Bình"
