"""What may be read out of a question in a session: all that is asked, nothing of who asks (8.3)."""

import pytest

from rules.understand.letter_form import asked_alone
from rules.values.data_file import Source
from rules.values.model import Requester, RequesterKind

ADDRESS = "số 7 đường Trần Phú, phường Ngô Quyền"
BA = Requester(RequesterKind.INDIVIDUAL, "Lê Thị Bốn", ADDRESS, "0912 000 444")
ASKED = "Phường đã kiểm tra mà chưa xử lý. Bao giờ sửa?"
WHO = f"Họ tên: Lê Thị Bốn\nĐịa chỉ: {ADDRESS}\nĐiện thoại: 0912 000 444"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Nhà bà Lê Thị Bốn bị cống vỡ tràn vào từ tháng 8.\n" + ASKED,
         "Nhà bà L.T.B. bị cống vỡ tràn vào từ tháng 8.\n" + ASKED),
        ("Cống trước số 7 đường Trần Phú bị vỡ.\nBao giờ sửa?", "Cống trước [địa chỉ] bị vỡ.\nBao giờ sửa?"),
        ("Nhà bà Lê Thị Bốn ngập.\nBao giờ sửa?", "Nhà bà L.T.B. ngập.\nBao giờ sửa?"),
        ("Cống số 9 đường Trần Phú vỡ.\nBao giờ sửa?", "Cống số 9 đường Trần Phú vỡ.\nBao giờ sửa?"),
        (f"{WHO}\n\n{ASKED}", ASKED),
        (f"Lê Thị Bốn\n{ADDRESS}\n0912000444\n{ASKED}", ASKED),
        (f"Họ và tên: Lê Thị Bốn, địa chỉ: {ADDRESS}, số điện thoại: 0912 000 444\n{ASKED}", ASKED),
        (f"{ASKED}\n\nXin cảm ơn.\nLê Thị Bốn\n{ADDRESS}\nĐT: 0912.000.444", ASKED),
        (f"{ASKED}\nVì sao nhà bà Lê Thị Bốn chưa được đền bù?",
         f"{ASKED}\nVì sao nhà bà L.T.B. chưa được đền bù?"),
        (f"{ASKED}\nNhà bà Lê Thị Bốn bị nước tràn vào từ tháng 8.",
         f"{ASKED}\nNhà bà L.T.B. bị nước tràn vào từ tháng 8."),
    ],
)  # fmt: skip
def test_the_question_stays_whole_and_who_asks_is_left_out(text: str, read: str) -> None:
    assert asked_alone(text, BA, Source()) == read


def test_an_organisation_keeps_its_name_in_what_it_asks() -> None:
    firm = Requester(RequesterKind.ORGANISATION, "Công ty TNHH Sao Biển", ADDRESS, "0912 000 444")
    text = "Công ty TNHH Sao Biển chờ giấy phép từ tháng 8.\nBao giờ có?\nCông ty TNHH Sao Biển"
    assert asked_alone(text, firm, Source()) == "Công ty TNHH Sao Biển chờ giấy phép từ tháng 8.\nBao giờ có?"
