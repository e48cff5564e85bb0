"""Who only needs the question reads neither the asker's telephone number nor a mail address."""

from __future__ import annotations

import pytest

from rules.requester.redaction import without_contacts


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Xin gọi 0912 000 111.", "Xin gọi …"),
        ("Thư: nguyen.van-an+1@dan.test, xin cảm ơn", "Thư: …, xin cảm ơn"),
        ("<AN@mail.dan.test>. ĐT +84 912000111", "<…>. ĐT …"),
        ("Ngõ 12/4 có 3 ổ gà @ chợ", "Ngõ 12/4 có 3 ổ gà @ chợ"),
    ],
)
def test_telephones_and_mail_addresses_are_left_out(line: str, shown: str) -> None:
    assert without_contacts(line) == shown
