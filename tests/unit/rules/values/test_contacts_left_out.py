"""Who only needs the question reads neither the asker's telephone number nor a mail address."""

import pytest

from rules.requester.secrecy import without_contacts


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("Xin gọi 0912 000 111.", "Xin gọi …."),
        ("Thư: nguyen.van-an+1@dan.test, xin cảm ơn", "Thư: …, xin cảm ơn"),
        ("<AN@mail.dan.test>. ĐT +84 912000111", "<…>. ĐT …"),
        ("Từ ngày 05.10.2026 đến nay; 01-10-2026 tôi nộp", "Từ ngày 05.10.2026 đến nay; 01-10-2026 tôi nộp"),
        ("84 000 000 đồng, từ 01.2024 - 05.2025", "84 000 000 đồng, từ 01.2024 - 05.2025"),
        ("ĐT (0225) 3842111, 0977/123/456", "ĐT …, …"),
        ("+84 (0)912 345 678 hay 84912345678", "… hay …"),
        ("hết 84 500 000 000 đồng hay 84500000000đ", "hết 84 500 000 000 đồng hay 84500000000đ"),
        ("Tôi có CCCD 031090001234, số tài khoản 0123456789012.", "Tôi có CCCD …, số tài khoản …."),
        ("CCCD số 031 090 001 234, sđt 0912000111", "CCCD số …, sđt …"),
        ("cccd 031090001234 toi hoi ve dat", "cccd … toi hoi ve dat"),
        ("Gọi 09123456789 hoặc 031090001234 nhé", "Gọi … hoặc … nhé"),
        ("Ngõ 12/4 có 3 ổ gà @ chợ", "Ngõ 12/4 có 3 ổ gà @ chợ"),
    ],
)
def test_telephones_and_mail_addresses_are_left_out(line: str, shown: str) -> None:
    assert without_contacts(line) == shown
