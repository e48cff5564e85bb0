"""An address that was asked for needs no ward; a broken road is nobody's address."""

from __future__ import annotations

import pytest

from rules.requester.completion import completed_by
from rules.requester.requester import read_requester
from rules.values.model import Mailbox, ParsedMail

EVERY = ("name", "address", "phone")


def completed(text: str) -> dict[str, str]:
    mail = ParsedMail("", len(text), "Re: x", text, (Mailbox("", "an@dan.test"),))
    return completed_by(text, read_requester(mail, text), EVERY)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("Nguyễn Văn An, số 5 Trường Chinh, 0912000111", "số 5 Trường Chinh"),
        ("Tên: An\nĐC: 5 Trường Chinh\nĐT: 0912.000.111", "5 Trường Chinh"),
        ("toi ten Nguyen Van An o so 5 Truong Chinh Kien An dt 0912000111", "so 5 Truong Chinh Kien An"),
        ("địa chỉ thường trú số 5 đường Trường Chinh", "số 5 đường Trường Chinh"),
        ("Tổ 3 Kiến An", "Tổ 3 Kiến An"),
        ("ĐC: Số 9 Nguyễn Văn Linh; ĐT: 0977 000 106", "Số 9 Nguyễn Văn Linh"),
        ("Đ/c: tổ 7, phường Lê Chân", "tổ 7, phường Lê Chân"),
        ("Công ty TNHH Biển Xanh, địa chỉ: 40 Lạch Tray, đt 0225 3000 107", "40 Lạch Tray"),
        ("Vợ chồng ông Lê An và bà Vũ Bình trú tại số 8 đường Cầu Đất", "số 8 đường Cầu Đất"),
        ("Hộ ông Trần Văn Bình, tổ 7 phường Lê Chân", "tổ 7 phường Lê Chân"),
        ("Nhà tôi ở số 12 đường Hồng Bàng", "số 12 đường Hồng Bàng"),
        ("Công ty TNHH Minh Anh, trú tại số 5 Trường Chinh, phường Kiến An", "số 5 Trường Chinh, phường Kiến An"),
    ],
)
def test_address_of_an_answer(text: str, address: str) -> None:
    assert completed(text)["address"] == address


@pytest.mark.parametrize(
    "text",
    [
        "Đoạn đường hỏng nặng nhất ở số 5 Trường Chinh, đề nghị Sở xem và sửa sớm",
        "Gửi thêm ảnh đoạn đường hỏng",
        "Đường hỏng ở số 5 Trường Chinh chưa ai sửa",
    ],
)
def test_a_place_of_the_matter_is_no_address(text: str) -> None:
    assert "address" not in completed(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Hộ ông Trần Văn Bình, tổ 7 phường Lê Chân", "Trần Văn Bình"),
        ("Hộ gia đình bà Lê Thị Mai, ĐC: 5 Trường Chinh", "Lê Thị Mai"),
    ],
)
def test_a_household_bears_the_name_of_its_head(text: str, name: str) -> None:
    assert name in completed(text)["name"]


@pytest.mark.parametrize(
    ("text", "brought", "left"),
    [
        ("0987654321 nhé", {"phone"}, {"name", "address"}),
        ("0983 222 111 là số của tôi", {"phone"}, {"name", "address"}),
        ("ĐC: 5 Trường Chinh", {"address"}, {"name", "phone"}),
        ("Tôi tên là Trần Văn Bình", {"name"}, {"address", "phone"}),
        ("Trần Văn Bình, 12 Trường Chinh, 0987654321", {"name", "address", "phone"}, set()),
    ],
)
def test_a_part_of_what_is_missing_is_taken(text: str, brought: set[str], left: set[str]) -> None:
    found = set(completed(text))
    assert brought <= found
    assert not found & left


def test_a_couple_is_a_name() -> None:
    text = "Vợ chồng ông Nguyễn Văn An và bà Trần Thị Bình, trú tại số 5 Trường Chinh, phường Kiến An"
    assert completed(text)["name"] == "Vợ chồng ông Nguyễn Văn An và bà Trần Thị Bình"
